//! `Msg` (what happened), `Effect` (do once) and `Want` (keep running): the vocabulary of the console. What each part of
//! the world says and is asked stands in a file of its own.
//!
//! A `Msg` can be recorded and replayed; an `Effect` can be compared, never read back.

mod alerts;
mod cluster;
mod input;
mod logs;
mod runbook;
mod store;
mod write;

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::cluster::{Kind, ObjectRef, Scope};
use crate::logs::LogFollow;
use text::Outside;

pub use alerts::AlertsMsg;
pub use cluster::{ClusterEffect, ClusterMsg, Read, ReadAnswer, TableChange, WatchChange};
pub use input::Input;
pub use logs::{LogsEffect, LogsMsg};
pub use runbook::{RunbookAnswer, RunbookEffect, RunbookMsg, RunbookOffer, RunbookPlace};
pub use store::{StoreEffect, StoreMsg};
pub use write::{WriteEffect, WriteMsg};

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
    Alerts(AlertsMsg),
    /// From the followed logs.
    Logs(LogsMsg),
    Runbook(RunbookMsg),
}

#[derive(Debug, PartialEq, Serialize)]
pub enum Effect {
    /// Leave the console, in order.
    Quit,
    /// Leave the screen and stop, as Ctrl-Z does in a shell.
    Suspend,
    /// Erase the screen and draw everything: something else wrote on it.
    Redraw,
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
    Runbook(RunbookEffect),
}

/// Keep running while it is wanted; `kubernetes` starts and stops the difference.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Want {
    pub context: Arc<str>,
    pub what: Watch,
    /// Another epoch is another want: what belongs to an older one is dropped. For tables and details it moves with each
    /// switch of context or scope, for logs with each change of what is followed; for alerts it is 0.
    pub epoch: u32,
}

/// What can be kept running.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Watch {
    /// A table of objects; of cluster-scoped ones the scope is `Scope::All`, of Events those that are not of type
    /// `Normal`. `ReplicaSets` and `ControllerRevisions` have none: they are read when somebody looks at them.
    Table(Kind, Scope),
    /// One object whole, with its Events: somebody looks at it.
    Detail(ObjectRef),
    /// What the pods of a namespace use, as metrics.k8s.io has measured it.
    Usage(Outside),
    /// What Alertmanager says about the cluster of the context.
    Alerts,
    /// One log, and what the pods say about it: a change of that does not begin anew.
    Logs(LogFollow),
}
