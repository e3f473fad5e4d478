//! The write ladder, the one file to read before touching production: proposed -> [`Confirmed`] -> recorded
//! ([`Receipt`]) -> sent -> answered -> followed to a verdict. Only a dialog's yes makes a `Confirmed`, only a saved record
//! or a second yes a `Receipt`; nothing here sends. How far a write is says [`WriteStage`], what happens next [`step`].

mod answered;
pub mod change;
pub mod consequence;
pub mod dialog;
mod following;
mod list;
mod orphan;
pub mod preflight;
pub mod protection;
mod recording;
pub mod resolve;
mod stage;
mod step;

use serde::{Deserialize, Serialize};

pub use self::change::Change;
pub use self::dialog::Confirmed;
pub use self::following::{Finished, Following};
pub use self::list::{Done, Writes, step};
pub use self::orphan::Orphan;
pub use self::recording::{AwaitedRecord, Receipt};
pub use self::stage::{Reading, Sending, SentState, TargetedChange, Write, WriteStage};
pub use self::step::{WriteEntry, WriteEntryKind, WriteEvent, WriteOutput};
use super::cluster::{Kind, Problem};
use super::meta::Uid;
use text::Outside;

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

/// The value that the server has now.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum SeenValue {
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
pub enum WriteAnswer {
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
        seen: SeenValue,
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
        seen: Option<SeenValue>,
    },
}

/// What led to the workload, to be proved by the server: names only suggest it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum FoundThrough {
    /// The `ReplicaSet` of a pod.
    ReplicaSet(Outside),
    /// A pod itself.
    Pod(Outside),
}
