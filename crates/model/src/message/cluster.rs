//! What the watched cluster says, and what is asked of it once.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::changes::{ChangeField, FieldManager};
use crate::cluster::{Connection, Health, NamespaceRow, ObjectRef, Problem, Scope};
use crate::configs::{AutoscalerRow, ConfigRow};
use crate::detail::Detail;
use crate::endpoints::EndpointSliceRow;
use crate::events::EventRow;
use crate::meta::Uid;
use crate::nodes::NodeRow;
use crate::owner::Owner;
use crate::pods::PodRow;
use crate::revision_list::{RevisionList, RevisionRow};
use crate::services::ServiceRow;
use crate::usage::PodUsage;
use crate::workload::WorkloadRow;
use crate::workload::revisions::History;
use crate::yaml::Document;
use text::Outside;

/// From the watched cluster. `epoch` is that of the `Want` or of the question: an answer to an older one is dropped.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum ClusterMsg {
    /// A watch has news.
    Table {
        /// Epoch of the want.
        epoch: u32,
        /// Of which table, and what changed.
        change: TableChange,
    },
    /// The answer to `ClusterEffect::Read`.
    Read {
        /// Epoch of the question.
        epoch: u32,
        /// What was read, or why nothing was.
        answer: ReadAnswer,
    },
    /// Whom we talk to: at start, after a switch, and again once the server said who we are.
    Connected(Connection),
    /// The context was chosen and is not reached yet: something on this machine takes its time.
    Waiting {
        context: Arc<str>,
        /// For what, such as a credential plugin.
        what: Outside,
    },
    /// Credentials of a context that is in use were renewed, or could not be.
    Credentials {
        context: Arc<str>,
        /// Why there are none, and what to do.
        problem: Option<Problem>,
    },
    /// The context cannot be used at all: its kubeconfig entry or its credentials are broken.
    NotConnected {
        context: Arc<str>,
        /// Why, and what to do.
        problem: Problem,
    },
    /// The wanted scope is forbidden; this one is allowed. The model should want it instead, and show the words.
    Narrowed {
        /// Epoch of the want that was refused.
        epoch: u32,
        /// What is allowed.
        scope: Scope,
        /// Such as `showing shop: listing pods in all namespaces is forbidden to shop-only`.
        words: Outside,
    },
    /// What the pods of a namespace use, each 15 s while it is wanted; after a refusal once, and never again.
    Usage {
        /// Epoch of the want.
        epoch: u32,
        namespace: Outside,
        /// What was measured, or why nothing is known.
        answer: Result<Vec<PodUsage>, Problem>,
    },
    /// The server's clock less ours, in seconds: with the first answer that bears a `Date`, then when it changed by 2 s.
    Clock {
        /// Of this context's server.
        context: Arc<str>,
        /// Positive when the server is ahead.
        skew_s: i64,
    },
}

/// What changed in one table.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum TableChange {
    Pods(WatchChange<PodRow>),
    Deployments(WatchChange<WorkloadRow>),
    StatefulSets(WatchChange<WorkloadRow>),
    DaemonSets(WatchChange<WorkloadRow>),
    /// Events of the scope that are not of type `Normal`.
    Warnings(WatchChange<EventRow>),
    Namespaces(WatchChange<NamespaceRow>),
    Services(WatchChange<ServiceRow>),
    EndpointSlices(WatchChange<EndpointSliceRow>),
    Nodes(WatchChange<NodeRow>),
    ConfigMaps(WatchChange<ConfigRow>),
    Secrets(WatchChange<ConfigRow>),
    Autoscalers(WatchChange<AutoscalerRow>),
    /// The object of this uid, which somebody looks at. One row at most.
    Detail(Uid, WatchChange<Detail>),
    /// The Events of that object.
    DetailEvents(Uid, WatchChange<EventRow>),
}

/// What a watch says about its table. A relist is mark-and-sweep by generation, never a second table.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum WatchChange<R> {
    /// A list begins: rows of it carry this generation.
    Begin {
        /// Counts lists of this watch.
        generation: u32,
    },
    /// Rows added or changed, and uids gone; already coalesced (latest row, worst state since the last batch).
    Batch {
        rows: Vec<R>,
        gone: Vec<Uid>,
        /// Objects that could not be decoded, with their names where known.
        unreadable: Vec<Outside>,
    },
    /// The list that began with this generation is complete: sweep what was not seen in it.
    Synced { generation: u32 },
    /// The state of the watch changed, or a heartbeat came.
    Health(Health),
}

/// What can be read once.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub enum Read {
    /// A workload and its revisions, templates included.
    History {
        workload: ObjectRef,
        /// Labels of its pods, which its revisions have too.
        selector: Vec<(Outside, Outside)>,
    },
    /// One object as YAML.
    Yaml(ObjectRef),
    /// Who wrote to an object, by its metadata alone: nothing else of it is asked for.
    Managers(ObjectRef, ChangeField),
    /// The revisions of these workloads, by one list of their namespace.
    Revisions {
        list: RevisionList,
        workloads: Vec<Owner>,
    },
}

/// The answer to a [`Read`].
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum ReadAnswer {
    /// The revisions of the workload of this uid.
    History(Uid, Result<Box<History>, Problem>),
    /// The text of the object of this uid.
    Yaml(Uid, Result<Box<Document>, Problem>),
    /// Those of this list that belong to the workloads that were asked about.
    Revisions(RevisionList, Result<Vec<RevisionRow>, Problem>),
    /// Those of the object of this uid, with which of them own the field; `None` when they could not be read.
    Managers(Uid, ChangeField, Option<Vec<FieldManager>>),
}

/// About the connection to the cluster.
#[derive(Debug, PartialEq, Serialize)]
pub enum ClusterEffect {
    /// Do not wait for the back-off of a failing server: try now (never more than once a second).
    RetryNow,
    /// Refuse, or no longer refuse, every request that is not a read. Without effect when started with `--read-only`.
    SetReadOnly(bool),
    /// Read something once; answered by `ClusterMsg::Read`.
    Read {
        context: Arc<str>,
        /// Comes back in the answer; moves with each switch of context or scope.
        epoch: u32,
        what: Read,
    },
}
