//! Between the yes and the record on disk. The only maker of a [`Receipt`].

use serde::Serialize;

use super::Confirmed;
use super::dialog::SecondYes;
use crate::entry::EntryId;
use crate::time::At;

/// A record that takes longer than this is asked about: go on without it?
const RECORD_MS: u64 = 2_000;

/// That the intent was recorded, or that a person went on without.
#[derive(Debug, PartialEq, Eq, Serialize)]
pub struct Receipt(Recorded);

#[derive(Debug, PartialEq, Eq, Serialize)]
enum Recorded {
    Saved(EntryId),
    Unrecorded,
}

impl Receipt {
    /// The recorded intent, if there is one.
    pub fn intent(&self) -> Option<EntryId> {
        match self.0 {
            Recorded::Saved(intent) => Some(intent),
            Recorded::Unrecorded => None,
        }
    }
}

/// What was confirmed, while its record is written.
#[derive(Debug)]
pub struct AwaitedRecord {
    confirmed: Confirmed,
    intent: EntryId,
    undoes: Option<EntryId>,
    since: At,
    /// A person was asked whether to go on without it.
    is_asked_about: bool,
}

impl AwaitedRecord {
    /// `undoes` is the intent that is taken back.
    pub(super) fn new(
        confirmed: Confirmed,
        intent: EntryId,
        undoes: Option<EntryId>,
        since: At,
    ) -> Self {
        AwaitedRecord {
            confirmed,
            intent,
            undoes,
            since,
            is_asked_about: false,
        }
    }

    pub(super) fn confirmed(&self) -> &Confirmed {
        &self.confirmed
    }

    pub(super) fn intent(&self) -> EntryId {
        self.intent
    }

    pub(super) fn undoes(&self) -> Option<EntryId> {
        self.undoes
    }

    /// The store says that this entry is on disk; itself when that is another one.
    pub(super) fn saved(
        self: Box<Self>,
        stored: EntryId,
    ) -> Result<(Confirmed, Receipt), Box<Self>> {
        if stored == self.intent {
            Ok((self.confirmed, Receipt(Recorded::Saved(stored))))
        } else {
            Err(self)
        }
    }

    /// A person said yes a second time: without a record.
    pub(super) fn without_record(self, _: SecondYes) -> (Confirmed, Receipt) {
        (self.confirmed, Receipt(Recorded::Unrecorded))
    }

    /// From now on a person may go on without it.
    pub(super) fn asked_about(self) -> Self {
        AwaitedRecord {
            is_asked_about: true,
            ..self
        }
    }

    pub(super) fn is_late(&self, now: At) -> bool {
        !self.is_asked_about && now.since_ms(self.since) >= RECORD_MS
    }

    /// When it is late.
    pub(super) fn due(&self) -> At {
        self.since.plus_ms(RECORD_MS)
    }
}
