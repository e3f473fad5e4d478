//! The write ladder, the one file to read before touching production: proposed -> [`Confirmed`] -> recorded
//! ([`Receipt`]) -> sent -> answered -> followed to a verdict. Only a dialog's yes makes a `Confirmed`; nothing here sends.

pub mod change;
pub mod consequence;
pub mod dialog;
pub mod preflight;
pub mod protection;
pub mod resolve;

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

pub use self::change::Change;
use self::dialog::Dialog;
use super::cluster::{Kind, Problem};
use super::entry::EntryId;
use super::journal::Token;
use super::pods::Uid;
use super::time::At;
use super::workload::baseline::Baseline;
use super::workload::follow::Follow;
use keys::key::Key;
use text::Outside;

/// Writes that are shown and followed at the same time; the oldest gives way.
pub const MAX_LIVE: usize = 8;
/// Writes that can be taken back one after the other.
pub const MAX_DONE: usize = 16;
/// An earlier intent that could not be read back is tried again after this.
pub const READ_BACK_MS: u64 = 30_000;
/// What is over stays in the strip for this long.
pub const SHOWN_AFTER_MS: u64 = 30_000;
/// A record that takes longer than this is asked about: go on without it?
pub const RECORD_MS: u64 = 2_000;

/// Numbers the writes of one console.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct WriteId(pub u32);

/// The workload that a write is about: bound to its uid, so that a successor of the same name is never hit.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Target {
    pub context: Outside,
    /// Which of the three kinds.
    pub kind: Kind,
    pub namespace: Outside,
    pub name: Outside,
    pub uid: Uid,
}

/// What a person said yes to, once. Cannot be read back, copied or made up: [`Dialog::press`] alone makes one.
#[derive(Debug, PartialEq, Eq, Serialize)]
pub struct Confirmed {
    write: WriteId,
    target: Target,
    change: Change,
}

impl Confirmed {
    pub fn write(&self) -> WriteId {
        self.write
    }

    pub fn target(&self) -> &Target {
        &self.target
    }

    pub fn change(&self) -> &Change {
        &self.change
    }
}

/// That the intent was recorded, or that a person went on without.
#[derive(Debug, PartialEq, Eq, Serialize)]
pub struct Receipt(Record);

#[derive(Debug, PartialEq, Eq, Serialize)]
enum Record {
    Saved(EntryId),
    Unrecorded,
}

impl Receipt {
    /// The recorded intent, if there is one.
    pub fn intent(&self) -> Option<EntryId> {
        match self.0 {
            Record::Saved(intent) => Some(intent),
            Record::Unrecorded => None,
        }
    }
}

/// Between the yes and the record on disk.
#[derive(Debug)]
pub struct Recording {
    confirmed: Confirmed,
    /// The entry that is being saved.
    pub intent: EntryId,
    /// The request to the store.
    pub token: Token,
    pub since: At,
    /// The write that this one takes back.
    pub undoes: Option<EntryId>,
}

impl Recording {
    /// Waits for the record of what was confirmed.
    pub fn new(
        confirmed: Confirmed,
        (intent, token): (EntryId, Token),
        since: At,
        undoes: Option<EntryId>,
    ) -> Self {
        Recording {
            confirmed,
            intent,
            token,
            since,
            undoes,
        }
    }

    /// What was confirmed.
    pub fn confirmed(&self) -> &Confirmed {
        &self.confirmed
    }

    /// The store says that this entry is on disk; `None` when it is another one.
    pub fn saved(self, stored: EntryId) -> Option<(Confirmed, Receipt)> {
        (stored == self.intent).then_some((self.confirmed, Receipt(Record::Saved(stored))))
    }

    /// A person said yes a second time: without a record.
    pub fn without_record(self, _: dialog::SecondYes) -> (Confirmed, Receipt) {
        (self.confirmed, Receipt(Record::Unrecorded))
    }
}

/// The value that the server has now.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Seen {
    /// The workload stands, with this value and resourceVersion.
    Value {
        /// `spec.replicas`, the restart annotation, the digest of the template, or the uid of the pod.
        value: Option<Outside>,
        /// When it parses as an integer.
        resource_version: Option<u64>,
    },
    /// There is none of this name.
    Gone,
    /// One of this name, with another uid.
    Replaced,
}

/// What became of a request. Nothing is ever repeated but what the server said it did not apply.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Answer {
    /// The server did it.
    Applied {
        /// Of the object after it.
        resource_version: Option<u64>,
        /// How often it was sent: the tests failed although the value was as shown (an absent parent, another writer).
        tries: u32,
    },
    /// Not applied: the value is another one than was shown.
    Changed {
        /// What it is now.
        seen: Seen,
    },
    /// Not applied, and the server said why.
    Refused {
        /// HTTP status; `None` when it never left this machine.
        status: Option<u16>,
        problem: Problem,
    },
    /// Nobody knows: no answer, or one that proves nothing. Never repeated.
    Unknown {
        problem: Problem,
        /// What was read back afterwards, if that was answered.
        seen: Option<Seen>,
    },
}

/// One write after its yes.
#[derive(Clone, Debug, PartialEq)]
pub struct Live {
    pub id: WriteId,
    pub target: Target,
    pub change: Change,
    /// Its intent; `None` when it went without a record.
    pub intent: Option<EntryId>,
    /// The intent of the write that this one takes back.
    pub undoes: Option<EntryId>,
    /// How far it is.
    pub stage: Stage,
    /// When it was sent.
    pub sent: At,
    /// The workload at that time.
    pub baseline: Baseline,
}

/// What led to the workload, to be proved by the server: names only suggest it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Through {
    /// The `ReplicaSet` of a pod.
    ReplicaSet(Outside),
    /// A pod itself.
    Pod(Outside),
}

/// A rollback that was asked for: its dialog opens when the revisions have been read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reading {
    pub workload: Uid,
    /// The revision that was pointed at; else the last good one is preselected.
    pub chosen: Option<Uid>,
    /// What led to it.
    pub through: Option<Through>,
    /// The key that asked.
    pub key: Key,
    pub since: At,
}

/// How far a write is.
#[derive(Clone, Debug, PartialEq)]
pub enum Stage {
    /// The request is under way.
    Sending,
    /// The server did it; what becomes of it is watched.
    Following(Box<Follow>),
    /// Over: these words, since then.
    Over {
        words: Outside,
        /// It went as wanted.
        is_good: bool,
        since: At,
    },
}

/// An intent of an earlier console that has no result.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Orphan {
    pub intent: EntryId,
    /// The incident it belongs to.
    pub incident: Option<EntryId>,
    pub target: Target,
    pub change: Change,
    /// It is being read back.
    pub is_asked: bool,
    pub retry: Option<At>,
}

/// A write that can be taken back: the inverse of the last one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Done {
    pub target: Target,
    /// What was done.
    pub change: Change,
    pub intent: Option<EntryId>,
}

/// All writes of this console.
#[derive(Debug, Default)]
pub struct Writes {
    last: u32,
    /// The one whose record is awaited.
    pub recording: Option<Recording>,
    /// Sent ones, the oldest first.
    pub live: Vec<Live>,
    /// What `undo` takes back, the latest last.
    pub done: Vec<Done>,
    /// Dialogs that open by themselves as soon as nothing else lies over the panes.
    pub again: Vec<Dialog>,
    /// A rollback whose revisions are being read.
    pub reading: Option<Reading>,
    /// Broken pods whose deletion was asked about by itself: once each.
    pub offered: BTreeSet<Uid>,
    /// Intents of an earlier console.
    pub orphans: Vec<Orphan>,
    /// The scope, by its epoch, for which a person armed writes.
    pub armed: Option<u32>,
    /// What the client's guard was last told.
    pub guard: Option<bool>,
}

impl Writes {
    /// A new number.
    pub fn next_id(&mut self) -> WriteId {
        self.last += 1;
        WriteId(self.last)
    }

    /// The one that the strip shows: the latest that is not over, else the latest that was so a short while ago.
    pub fn shown(&self, now: At) -> Option<&Live> {
        let is_over = |live: &&Live| matches!(live.stage, Stage::Over { .. });
        let lasts = |live: &&Live| match &live.stage {
            Stage::Over { since, .. } => now.since_ms(*since) < SHOWN_AFTER_MS,
            Stage::Sending | Stage::Following(_) => true,
        };
        let latest = |wanted: bool| {
            self.live
                .iter()
                .rev()
                .find(|live| is_over(live) == wanted && lasts(live))
        };
        latest(false).or_else(|| latest(true))
    }
}
