//! How the timeline's store stands, as the screen tells it: saved, waiting in memory, or lost, and why.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::entry::{Entry, EntryId, EntryTarget, IncidentId};
use text::Outside;

/// A failure of the store, in words for a person.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[error("{}; {next}", what.raw())]
pub struct StoreProblem {
    /// Which class; decides what is offered.
    pub class: StoreFailure,
    /// What happened, to what.
    pub what: Outside,
    /// What to do next; ours.
    pub next: Arc<str>,
}

/// The class of a store's failure.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum StoreFailure {
    /// The disk, or the quota, is full.
    Full,
    /// The file system or the file cannot be written.
    ReadOnly,
    /// The state directory cannot be used safely, or there is none.
    Directory,
    /// A newer watchfloor wrote the file.
    Newer,
    /// The file belongs to another program.
    Foreign,
    /// The file is damaged.
    Corrupt,
    /// Another process holds the file.
    Busy,
    /// A write to disk takes longer than two seconds.
    Slow,
    /// Any other failure of the file system.
    Io,
    /// More waits in memory than may.
    QueueFull,
    /// The request makes no sense now, such as opening a second incident.
    Refused,
}

/// How the store stands.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct StoreHealth {
    /// What is wrong now; `None`: what was given is on disk.
    pub problem: Option<StoreProblem>,
    /// Entries that wait in memory to be saved.
    pub waiting: u32,
    /// Machine entries that were given up because too many waited. Counted, never silent.
    pub lost: u32,
    /// Something to know once, such as a damaged file that was set aside.
    pub notice: Option<Outside>,
}

/// Which entries are wanted. All conditions hold together.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Range {
    /// Of this incident only.
    pub incident: Option<IncidentId>,
    /// Of no incident only.
    pub outside_incidents: bool,
    /// That happened at this time or later.
    pub since: Option<DateTime<Utc>>,
    /// That happened before this time.
    pub until: Option<DateTime<Utc>>,
    /// Older than this entry: the next page upwards.
    pub before: Option<(DateTime<Utc>, EntryId)>,
    /// At most so many, the newest of them.
    pub limit: Option<u32>,
}

/// Which request an answer of the store belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Token(pub u64);

/// A note that is being written: kept on disk while it is, so that a crash does not take it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct NoteDraft {
    /// The text so far.
    pub text: String,
    /// Name of the severity chosen.
    pub severity: Option<Arc<str>>,
}

/// What the store knows when it has opened its file.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Opening {
    /// The newest entries, oldest first.
    pub recent: Vec<Entry>,
    /// Rows that could not be read as an entry.
    pub unreadable: u32,
    /// The entry that opened the open incident.
    pub incident: Option<Entry>,
    /// Intents without a result, of processes that are gone: what became of them is unknown. Never repeated.
    pub unknown_intents: Vec<Entry>,
    /// When a console last wrote here: nothing was recorded by one from then until now.
    pub last_recorded: Option<DateTime<Utc>>,
    /// That console did not say that it stopped: it may have watched for longer.
    #[serde(default)]
    pub is_end_unknown: bool,
    /// What consoles that run now watch: the context, and the namespace unless it is all of them.
    #[serde(default)]
    pub watched: Vec<EntryTarget>,
    /// A note that a process which is gone did not finish.
    pub note_draft: Option<NoteDraft>,
}
