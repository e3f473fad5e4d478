//! Where we look (context, namespace), how fresh what we see is, and what "sick" means.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::coded::coded;
use super::meta::Uid;
use super::meta::{Meta, row};
use super::time::At;
use text::Outside;

/// The namespaces that are watched.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Scope {
    /// All namespaces, by one cluster-wide watch.
    All,
    Namespace(Outside),
}

impl Scope {
    pub fn namespace(&self) -> Option<&str> {
        match self {
            Scope::All => None,
            Scope::Namespace(namespace) => Some(namespace.raw()),
        }
    }
}

coded! {
    /// A kind of object. The words are the API's.
    Kind {
        Pod = "Pod",
        Deployment = "Deployment",
        ReplicaSet = "ReplicaSet",
        StatefulSet = "StatefulSet",
        DaemonSet = "DaemonSet",
        ControllerRevision = "ControllerRevision",
        Event = "Event",
        Namespace = "Namespace",
        Service = "Service",
        EndpointSlice = "EndpointSlice",
        Node = "Node",
        ConfigMap = "ConfigMap",
        Secret = "Secret",
        HorizontalPodAutoscaler = "HorizontalPodAutoscaler",
    }
}

impl Kind {
    /// As paths of the API have it.
    pub fn plural(self) -> &'static str {
        match self {
            Kind::Pod => "pods",
            Kind::Deployment => "deployments",
            Kind::ReplicaSet => "replicasets",
            Kind::StatefulSet => "statefulsets",
            Kind::DaemonSet => "daemonsets",
            Kind::ControllerRevision => "controllerrevisions",
            Kind::Event => "events",
            Kind::Namespace => "namespaces",
            Kind::Service => "services",
            Kind::EndpointSlice => "endpointslices",
            Kind::Node => "nodes",
            Kind::ConfigMap => "configmaps",
            Kind::Secret => "secrets",
            Kind::HorizontalPodAutoscaler => "horizontalpodautoscalers",
        }
    }

    /// As kubectl takes it: `deployment/checkout`.
    pub fn kubectl(self) -> &'static str {
        let plural = self.plural();
        plural.strip_suffix('s').unwrap_or(plural)
    }
}

/// An object by identity: what a dialog, a detail or a timeline entry is about.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct ObjectRef {
    pub kind: Kind,
    /// Namespace; `None` for cluster-scoped kinds.
    pub namespace: Option<Outside>,
    pub name: Outside,
    pub uid: Uid,
}

/// One namespace, for the switcher.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NamespaceRow {
    /// Identity, version and age.
    pub meta: Meta,
    /// `status.phase` is `Terminating`.
    pub is_terminating: bool,
}

row!(NamespaceRow);

/// Whom we talk to and as whom: what the header shows and what the timeline records as the actor.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Connection {
    /// The kubeconfig context; `in-cluster` without a kubeconfig.
    pub context: Arc<str>,
    /// All contexts of the kubeconfig, sorted.
    pub contexts: Vec<Arc<str>>,
    /// The cluster's name in the kubeconfig.
    pub cluster: Outside,
    /// The context's namespace; `None` when it names none.
    pub namespace: Option<Outside>,
    /// Host and port of the API server.
    pub server: Outside,
    /// Who the server says we are (`SelfSubjectReview`), once it has answered.
    pub user: Option<Outside>,
    /// Whom we act as (`--as`, or `as` in the kubeconfig).
    pub acting_as: Option<Outside>,
    /// `insecure-skip-tls-verify` or plain http: anybody on the way may read and change what is shown.
    pub is_insecure: bool,
}

/// How a watch stands, in the order in which things get worse.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Health {
    /// Nothing heard yet.
    Connecting,
    /// The first list is under way: `rows` so far.
    Listing { rows: u32 },
    /// Up to date; last word at.
    Live {
        /// What made it live: the end of a list, an event, a bookmark or an answered probe.
        heard: At,
    },
    /// It cannot be watched: read again every 15 s.
    Polling {
        /// Last complete list.
        heard: At,
        reason: PollReason,
    },
    /// Nothing heard for too long, or the server fails: rows stay, marked.
    Stale {
        /// Last word, if there ever was one.
        heard: Option<At>,
        /// What went wrong.
        problem: Problem,
        /// When the next try starts.
        retry: Option<At>,
    },
    /// It will not come back by itself (403, or credentials that expired): somebody has to do something. A slow try sees
    /// whether somebody did.
    Stopped { problem: Problem },
}

/// Why a table is read again and again.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum PollReason {
    /// `watch` is forbidden.
    Forbidden,
    /// A proxy on the way passes a stream on in large blocks: what is in them is late, for ever perhaps.
    Buffered,
}

impl Health {
    /// What is shown is what there is.
    pub fn is_current(&self) -> bool {
        match self {
            Health::Live { .. } | Health::Polling { .. } => true,
            Health::Connecting
            | Health::Listing { .. }
            | Health::Stale { .. }
            | Health::Stopped { .. } => false,
        }
    }

    /// When what is shown was last what there was.
    pub fn heard(&self) -> Option<At> {
        match self {
            Health::Live { heard } | Health::Polling { heard, .. } => Some(*heard),
            Health::Stale { heard, .. } => *heard,
            Health::Connecting | Health::Listing { .. } | Health::Stopped { .. } => None,
        }
    }

    /// What is wrong, if something is.
    pub fn problem(&self) -> Option<&Problem> {
        match self {
            Health::Stale { problem, .. } | Health::Stopped { problem } => Some(problem),
            Health::Connecting
            | Health::Listing { .. }
            | Health::Live { .. }
            | Health::Polling { .. } => None,
        }
    }

    /// Why it will not come back by itself, if it will not.
    pub fn stopped(&self) -> Option<&Problem> {
        match self {
            Health::Stopped { problem } => Some(problem),
            Health::Connecting
            | Health::Listing { .. }
            | Health::Live { .. }
            | Health::Polling { .. }
            | Health::Stale { .. } => None,
        }
    }
}

/// One failure, in words for a person: what happened and what to do next.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Problem {
    /// What class of failure; decides which action is offered.
    pub class: ProblemClass,
    /// What happened, to what. Server's words included, hence outside text.
    pub what: Outside,
    /// What to do next; ours.
    pub next: Arc<str>,
}

/// The class of a failure.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum ProblemClass {
    /// Cannot connect, or the connection broke.
    Unreachable,
    /// 401: action `login`.
    Unauthorized,
    Forbidden,
    /// 429; the server said how long.
    Throttled,
    ServerError,
    /// The answer is not what a Kubernetes API server says (HTML, half JSON, oversized frame).
    BadAnswer,
    /// 404 and other refusals.
    Refused,
}

#[cfg(test)]
mod tests {
    use super::Kind;

    #[test]
    fn kubectl_takes_the_word_in_lower_case() {
        for kind in Kind::ALL {
            assert_eq!(kind.kubectl(), kind.word().to_lowercase());
        }
    }
}
