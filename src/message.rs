//! `Msg` (what happened), `Effect` (do once) and `Want` (keep running): the whole vocabulary on one screen.
//!
//! A `Msg` can be recorded and replayed; an `Effect` can be compared, never read back.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::key::Key;
use crate::model::alerts::Answer as AlertsAnswer;
use crate::model::cluster::{Connection, Health, NamespaceRow, ObjectRef, Problem, Scope};
use crate::model::daemonsets::DaemonSetRow;
use crate::model::deployments::DeploymentRow;
use crate::model::detail::Detail;
use crate::model::endpoints::EndpointSliceRow;
use crate::model::entry::{Draft, Entry, EntryId};
use crate::model::events::EventRow;
use crate::model::journal::{NoteDraft, Opening, Range, StoreHealth, StoreProblem, Token};
use crate::model::logs::{Follow, Segment, StreamId, StreamState};
use crate::model::nodes::NodeRow;
use crate::model::pods::{PodRow, Uid};
use crate::model::replicasets::ReplicaSetRow;
use crate::model::scales::ScaledBy;
use crate::model::services::ServiceRow;
use crate::model::statefulsets::StatefulSetRow;
use crate::model::time::At;
use crate::model::workload::revisions::History;
use crate::model::write::preflight::{Check, Finding};
use crate::model::write::{Answer, Change, Confirmed, Receipt, Seen, Target, Through, WriteId};
use crate::model::yaml::Document;
use crate::text::Outside;

/// What happened. Stamped with an `At` where it enters the loop.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Msg {
    /// From the keyboard or the terminal.
    Input(Input),
    /// From the watched cluster.
    Cluster(ClusterMsg),
    /// The moment that `next_wake` asked for.
    Tick,
    /// From the timeline's store.
    Store(StoreMsg),
    /// About a write.
    Write(WriteMsg),
    /// From Alertmanager.
    Alerts(AlertsMsg),
    /// From the followed logs.
    Logs(LogsMsg),
}

/// From the keyboard or the terminal.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Input {
    /// One key. `alone` when nothing else was in the same read: only such a key may confirm.
    Key {
        /// The key.
        key: Key,
        /// Nothing else came in the same read.
        alone: bool,
    },
    /// Bracketed paste, capped.
    Paste(Outside),
    /// New size in cells.
    Resize {
        /// Columns.
        columns: u16,
        /// Rows.
        rows: u16,
    },
    /// The frame that shows the open dialog was fully written to the terminal.
    FrameShown,
    /// Back from Ctrl-Z or from a suspended screen.
    Resumed,
    /// Something that the loop itself could not do, in words.
    Failed(Outside),
    /// Something that the loop did, in words.
    Done(Outside),
}

/// From the watched cluster. `epoch` is that of the `Want`: an answer to an older one is dropped.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum ClusterMsg {
    /// Pods changed.
    Pods {
        /// Epoch of the want.
        epoch: u32,
        /// What changed.
        change: WatchChange<PodRow>,
    },
    /// Deployments changed.
    Deployments {
        /// Epoch of the want.
        epoch: u32,
        /// What changed.
        change: WatchChange<DeploymentRow>,
    },
    /// `StatefulSets` changed.
    StatefulSets {
        /// Epoch of the want.
        epoch: u32,
        /// What changed.
        change: WatchChange<StatefulSetRow>,
    },
    /// `DaemonSets` changed.
    DaemonSets {
        /// Epoch of the want.
        epoch: u32,
        /// What changed.
        change: WatchChange<DaemonSetRow>,
    },
    /// Namespaces changed.
    Namespaces {
        /// Epoch of the want.
        epoch: u32,
        /// What changed.
        change: WatchChange<NamespaceRow>,
    },
    /// Warning Events of the scope changed.
    Warnings {
        /// Epoch of the want.
        epoch: u32,
        /// What changed.
        change: WatchChange<EventRow>,
    },
    /// What tells whether it is serving changed.
    Serving {
        /// Epoch of the want.
        epoch: u32,
        /// What changed.
        news: ServingNews,
    },
    /// The object that somebody looks at changed. One row at most.
    Detail {
        /// Epoch of the want.
        epoch: u32,
        /// Which object.
        object: Uid,
        /// What changed.
        change: WatchChange<Detail>,
    },
    /// The Events of the object that somebody looks at changed.
    DetailEvents {
        /// Epoch of the want.
        epoch: u32,
        /// Which object.
        object: Uid,
        /// What changed.
        change: WatchChange<EventRow>,
    },
    /// The answer to `ClusterEffect::ReplicaSets`.
    ReplicaSets {
        /// Epoch of the question.
        epoch: u32,
        /// Which namespace.
        namespace: Outside,
        /// Those that belong to the Deployments that were asked about, or why there are none.
        listed: Result<Vec<ReplicaSetRow>, Problem>,
    },
    /// The answer to `ClusterEffect::History`.
    History {
        /// Epoch of the question.
        epoch: u32,
        /// Which workload.
        workload: Uid,
        /// Its revisions, or why there are none.
        read: Result<Box<History>, Problem>,
    },
    /// The answer to `ClusterEffect::Scaler`.
    Scaler {
        /// Epoch of the question.
        epoch: u32,
        /// Which workload.
        workload: Uid,
        /// Who set the count.
        by: ScaledBy,
    },
    /// The answer to `ClusterEffect::Yaml`.
    Yaml {
        /// Epoch of the question.
        epoch: u32,
        /// Which object.
        object: Uid,
        /// Its text, or why there is none.
        read: Result<Box<Document>, Problem>,
    },
    /// Whom we talk to: at start, after a switch, and again once the server said who we are.
    Connected(Connection),
    /// The context cannot be used at all: its kubeconfig entry or its credentials are broken.
    NotConnected {
        /// Kubeconfig context.
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
    /// The server's clock less ours, in seconds, when it changed by more than 2 s: ages are by the server's clock.
    Clock {
        /// Positive when the server is ahead.
        skew_s: i64,
    },
}

/// From the timeline's store.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum StoreMsg {
    /// The file is open. Once at start; again when it had to be opened anew.
    Opened(Box<Opening>),
    /// The entry is on disk and survives whatever comes.
    Saved {
        /// Of the request.
        token: Token,
        /// As stored, without secrets.
        entry: Box<Entry>,
    },
    /// The entry is not on disk.
    NotSaved {
        /// Of the request.
        token: Token,
        /// Why.
        problem: StoreProblem,
        /// It waits in memory and is tried again: `Saved` may still come. Else it is given back to whoever asked.
        is_waiting: bool,
    },
    /// Machine entries of ours that are on disk now, or entries of another process on the same file.
    Appended(Vec<Entry>),
    /// The answer to `Load`.
    Page {
        /// What was asked.
        range: Range,
        /// Oldest first.
        entries: Vec<Entry>,
        /// Rows that could not be read as an entry.
        unreadable: u32,
    },
    /// The note that is being written is on disk.
    NoteKept {
        /// Of the request.
        revision: u64,
    },
    /// The note that is being written is not on disk.
    NoteNotKept {
        /// Of the request.
        revision: u64,
        /// Why.
        problem: StoreProblem,
    },
    /// The store's state changed.
    Health(StoreHealth),
}

/// About a write to the cluster.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum WriteMsg {
    /// One check of the card has answered.
    Found {
        /// Which write.
        write: WriteId,
        /// As it was asked about: a dry run of another number is dropped.
        change: Change,
        /// Which check.
        check: Check,
        /// What it found.
        finding: Finding,
    },
    /// What became of the request.
    Answered {
        /// Which write.
        write: WriteId,
        /// What.
        answer: Answer,
        /// How long it took, all tries together.
        took_ms: u64,
    },
    /// What the server has where an earlier console may have written.
    ReadBack {
        /// The intent.
        intent: EntryId,
        /// What was seen, or why nothing was.
        seen: Result<Seen, Problem>,
    },
}

/// From Alertmanager. `context` is that of the `Want`: what belongs to another one is dropped.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum AlertsMsg {
    /// Nobody is configured: nothing is asked.
    Unconfigured {
        /// Kubeconfig context.
        context: Arc<str>,
        /// That, and what to write where.
        problem: Problem,
    },
    /// Whom we ask from now on.
    Asking {
        /// Kubeconfig context.
        context: Arc<str>,
        /// In words, without credentials.
        place: Outside,
    },
    /// One whole answer.
    Answered {
        /// Kubeconfig context.
        context: Arc<str>,
        /// All that it knows.
        answer: Box<AlertsAnswer>,
    },
    /// No answer, or none that could be read: what was known is old.
    Failed {
        /// Kubeconfig context.
        context: Arc<str>,
        /// Why.
        problem: Problem,
        /// When it is asked again.
        retry: At,
    },
}

/// Of what tells whether it is serving.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum ServingNews {
    /// Services.
    Services(WatchChange<ServiceRow>),
    /// `EndpointSlices`.
    Endpoints(WatchChange<EndpointSliceRow>),
    /// Nodes.
    Nodes(WatchChange<NodeRow>),
}

/// From the followed logs. `session` is that of the `Want`: what belongs to an older one is dropped.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum LogsMsg {
    /// Lines of one stream, in the order in which they were printed.
    Lines {
        /// Session of the want.
        session: u32,
        /// The lines.
        segment: Arc<Segment>,
    },
    /// How a stream stands now.
    Stream {
        /// Session of the want.
        session: u32,
        /// Which.
        stream: Arc<StreamId>,
        /// How.
        state: StreamState,
    },
    /// The answer to `LogsEffect::Search`, piece by piece, the newest lines first.
    Found {
        /// Of the search.
        generation: u32,
        /// Number of each segment, and the numbers of its matching lines.
        found: Vec<(u32, Vec<u32>)>,
        /// All segments were searched.
        is_done: bool,
    },
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
        /// Latest rows.
        rows: Vec<R>,
        /// Deleted uids.
        gone: Vec<Uid>,
        /// Objects that could not be decoded, with their names where known.
        unreadable: Vec<Outside>,
    },
    /// The list that began with this generation is complete: sweep what was not seen in it.
    Synced {
        /// Generation.
        generation: u32,
    },
    /// The state of the watch changed, or a heartbeat came.
    Health(Health),
}

/// Do once.
#[derive(Debug, PartialEq, Serialize)]
pub enum Effect {
    /// Leave the console, in order.
    Quit,
    /// Leave the screen and stop, as Ctrl-Z does in a shell.
    Suspend,
    /// Leave the screen, run the credential plugin on the real terminal, come back.
    Login,
    /// Put text into the clipboard of the user's terminal (OSC 52).
    Copy(Outside),
    /// Write the open incident, else the journal of the day, as Markdown into a file; answered by `Done` or `Failed`.
    Export,
    /// About the connection to the cluster.
    Cluster(ClusterEffect),
    /// For the timeline's store.
    Store(StoreEffect),
    /// About a write.
    Write(WriteEffect),
    /// About the kept logs.
    Logs(LogsEffect),
}

/// About the kept logs.
#[derive(Debug, PartialEq, Serialize)]
pub enum LogsEffect {
    /// Search these segments; answered by `LogsMsg::Found`. Ends an older search.
    Search {
        /// Comes back in the answer.
        generation: u32,
        /// As it was typed.
        filter: Outside,
        /// With their numbers, the newest first.
        segments: Vec<(u32, Arc<Segment>)>,
    },
}

/// About the connection to the cluster.
#[derive(Debug, PartialEq, Serialize)]
pub enum ClusterEffect {
    /// Do not wait for the back-off of a failing server: try now (never more than once a second).
    RetryNow,
    /// Refuse, or no longer refuse, every request that is not a read. Without effect when started with `--read-only`.
    SetReadOnly(bool),
    /// Read a workload and its revisions, templates included; answered by `ClusterMsg::History`.
    History {
        /// Kubeconfig context.
        context: Arc<str>,
        /// Moves with each switch of context or scope.
        epoch: u32,
        /// Which workload.
        workload: ObjectRef,
        /// Labels of its pods, which its revisions have too.
        selector: Vec<(Outside, Outside)>,
    },
    /// Read one object as YAML; answered by `ClusterMsg::Yaml`.
    Yaml {
        /// Kubeconfig context.
        context: Arc<str>,
        /// Moves with each switch of context or scope.
        epoch: u32,
        /// Which object.
        object: ObjectRef,
    },
    /// Ask who last set the replica count of a workload; answered by `ClusterMsg::Scaler`.
    Scaler {
        /// Kubeconfig context.
        context: Arc<str>,
        /// Moves with each switch of context or scope.
        epoch: u32,
        /// Which workload.
        workload: ObjectRef,
    },
    /// Read the revisions of these Deployments, by one list of their namespace; answered by `ClusterMsg::ReplicaSets`.
    ReplicaSets {
        /// Kubeconfig context.
        context: Arc<str>,
        /// Moves with each switch of context or scope.
        epoch: u32,
        /// Which namespace.
        namespace: Outside,
        /// Names of the Deployments.
        deployments: Vec<Outside>,
    },
}

/// For the timeline's store. Secrets are taken out there, before anything reaches the disk.
#[derive(Debug, PartialEq, Serialize)]
pub enum StoreEffect {
    /// Save at once and answer `Saved` or `NotSaved`: what a person says, or an intent before it is carried out.
    Save {
        /// Comes back in the answer.
        token: Token,
        /// The entry. The same id twice is stored once.
        draft: Box<Draft>,
    },
    /// Save within 250 ms, together: what the console sees by itself. Answered by `Appended`; the known are left out.
    Append(Vec<Draft>),
    /// Read older entries; answered by `Page`.
    Load(Range),
    /// Keep the note that is being written, or nothing any more; answered by `NoteKept` or `NoteNotKept`.
    KeepNote {
        /// Comes back in the answer; only the newest of several is answered.
        revision: u64,
        /// The note.
        note: Option<NoteDraft>,
    },
}

/// About a write to the cluster.
#[derive(Debug, PartialEq, Serialize)]
pub enum WriteEffect {
    /// Ask all checks of the card but the dry run; each answers with `Found`.
    Inspect {
        /// Which write.
        write: WriteId,
        /// On what.
        target: Target,
        /// What it would be.
        change: Change,
        /// What led here, if a pod did.
        through: Option<Through>,
    },
    /// Ask for the dry run.
    DryRun {
        /// Which write.
        write: WriteId,
        /// On what.
        target: Target,
        /// What it would be.
        change: Change,
    },
    /// Do it. The only effect that changes a cluster; it needs a yes and a receipt.
    Send(Confirmed, Receipt),
    /// Read what an earlier console may have written. Never writes.
    ReadBack {
        /// The intent.
        intent: EntryId,
        /// On what.
        target: Target,
        /// What it wanted.
        change: Change,
    },
}

/// Keep running while it is wanted; `source` starts and stops the difference.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Want {
    /// The pods of a scope.
    Pods {
        /// Kubeconfig context.
        context: Arc<str>,
        /// Scope.
        scope: Scope,
        /// Moves with each switch of context or scope.
        epoch: u32,
    },
    /// The Deployments of a scope.
    Deployments {
        /// Kubeconfig context.
        context: Arc<str>,
        /// Scope.
        scope: Scope,
        /// Moves with each switch of context or scope.
        epoch: u32,
    },
    /// The `StatefulSets` of a scope.
    StatefulSets {
        /// Kubeconfig context.
        context: Arc<str>,
        /// Scope.
        scope: Scope,
        /// Moves with each switch of context or scope.
        epoch: u32,
    },
    /// The `DaemonSets` of a scope.
    DaemonSets {
        /// Kubeconfig context.
        context: Arc<str>,
        /// Scope.
        scope: Scope,
        /// Moves with each switch of context or scope.
        epoch: u32,
    },
    /// One object whole, with its events: somebody looks at it.
    Detail {
        /// Kubeconfig context.
        context: Arc<str>,
        /// The object.
        object: ObjectRef,
        /// Moves with each switch of context or scope.
        epoch: u32,
    },
    /// All namespaces, for the switcher.
    Namespaces {
        /// Kubeconfig context.
        context: Arc<str>,
        /// Moves with each switch of context or scope.
        epoch: u32,
    },
    /// A part of what tells whether it is serving; nodes have no scope.
    Serving {
        /// Which part.
        part: ServingPart,
        /// Kubeconfig context.
        context: Arc<str>,
        /// Scope.
        scope: Scope,
        /// Moves with each switch of context or scope.
        epoch: u32,
    },
    /// Events of the scope that are not of type `Normal`.
    Warnings {
        /// Kubeconfig context.
        context: Arc<str>,
        /// Scope.
        scope: Scope,
        /// Moves with each switch of context or scope.
        epoch: u32,
    },
    /// What Alertmanager says about the cluster of a context.
    Alerts {
        /// Kubeconfig context.
        context: Arc<str>,
    },
    /// One log.
    Logs {
        /// Kubeconfig context.
        context: Arc<str>,
        /// Moves with each change of what is followed.
        session: u32,
        /// Which, and what the pods say about it: a change of that does not begin anew.
        follow: Follow,
    },
}

/// A part of what tells whether it is serving.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum ServingPart {
    /// Services.
    Services,
    /// `EndpointSlices`.
    Endpoints,
    /// Nodes.
    Nodes,
}

impl ServingPart {
    /// All of them.
    pub const ALL: [ServingPart; 3] = [
        ServingPart::Services,
        ServingPart::Endpoints,
        ServingPart::Nodes,
    ];
}

impl Want {
    /// The kubeconfig context it is wanted of.
    pub fn context(&self) -> &Arc<str> {
        match self {
            Want::Pods { context, .. }
            | Want::Deployments { context, .. }
            | Want::StatefulSets { context, .. }
            | Want::DaemonSets { context, .. }
            | Want::Detail { context, .. }
            | Want::Namespaces { context, .. }
            | Want::Serving { context, .. }
            | Want::Warnings { context, .. }
            | Want::Alerts { context }
            | Want::Logs { context, .. } => context,
        }
    }
}

impl WriteEffect {
    /// The kubeconfig context that it is about.
    pub fn context(&self) -> &str {
        match self {
            WriteEffect::Inspect { target, .. }
            | WriteEffect::DryRun { target, .. }
            | WriteEffect::ReadBack { target, .. } => target.context.raw(),
            WriteEffect::Send(confirmed, _) => confirmed.target().context.raw(),
        }
    }
}
