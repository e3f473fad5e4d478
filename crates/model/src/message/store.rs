//! What goes to the timeline's store, and what comes back.

use serde::{Deserialize, Serialize};

use crate::entry::{Draft, Entry};
use crate::journal::{NoteDraft, Opening, Range, StoreHealth, StoreProblem, Token};

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
        problem: StoreProblem,
    },
    /// The store's state changed.
    Health(StoreHealth),
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
        note: Option<NoteDraft>,
    },
}
