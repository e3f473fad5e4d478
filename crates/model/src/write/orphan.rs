//! An intent without a result: nobody knows whether it was done. It is read back, closed by what is found, and never sent
//! again.

use super::answered::done;
use super::following::{Finished, SHOWN_AFTER_MS};
use super::stage::{TargetedChange, WriteStage};
use super::step::{Stepped, WriteEntry, WriteEntryKind, WriteEvent, WriteOutput};
use super::{Change, SeenValue, Target};
use crate::Model;
use crate::cluster::Kind;
use crate::entry;
use crate::entry::{Draft, Entry, EntryId};
use crate::kind::Outcome;
use crate::message::WriteEffect;
use crate::time::At;
use text::Outside;

/// What could not be read back is tried again after this.
const READ_BACK_MS: u64 = 30_000;

/// An intent of this console, or of an earlier one, that has no result.
#[derive(Debug)]
pub struct Orphan {
    pub what: TargetedChange,
    pub intent: EntryId,
    /// What this console knows of it beside; `None` when an earlier console recorded it.
    pub sent: Option<SentOrphan>,
    /// The incident it belongs to, where an earlier console recorded it.
    pub incident: Option<EntryId>,
    pub read_back: ReadBackTime,
    /// What is shown of it, and since when, where this console sent it.
    pub said: Option<(Outside, At)>,
}

/// A write that this console sent, and to which no answer came.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SentOrphan {
    /// The intent of the write that this one takes back.
    pub undoes: Option<EntryId>,
}

/// When it is read back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ReadBackTime {
    Due(At),
    /// It is being read.
    Asked,
}

impl Orphan {
    /// Of an intent that the store found without a result; `None` when it does not say what it was about.
    pub fn of(entry: &Entry, now: At) -> Option<Orphan> {
        let draft = &entry.draft;
        let (target, change) = (draft.target.as_ref()?, draft.change.as_ref()?);
        Some(Orphan {
            what: TargetedChange {
                target: Target {
                    context: target.context.clone()?,
                    kind: Kind::from_word(target.kind.as_ref()?.raw())?,
                    namespace: target.namespace.clone()?,
                    name: target.name.clone()?,
                    uid: target.uid.as_ref()?.raw().into(),
                },
                change: asked(draft, change)?,
            },
            intent: draft.id,
            sent: None,
            incident: draft.incident,
            read_back: ReadBackTime::Due(now),
            said: None,
        })
    }

    pub(super) fn step(mut self: Box<Self>, event: WriteEvent, model: &Model) -> Stepped {
        match event {
            WriteEvent::Settled => {
                let is_past =
                    |(_, since): &mut (Outside, At)| model.now.since_ms(*since) >= SHOWN_AFTER_MS;
                drop(self.said.take_if(is_past));
                let outputs = self.ask(model).into_iter().collect();
                (Some(WriteStage::Orphan(self)), outputs)
            }
            WriteEvent::ReadBack(Err(_)) => {
                self.read_back = ReadBackTime::Due(model.now.plus_ms(READ_BACK_MS));
                (Some(WriteStage::Orphan(self)), Vec::new())
            }
            WriteEvent::ReadBack(Ok(seen)) => self.found(&seen),
            WriteEvent::Revisions(_)
            | WriteEvent::Uncovered
            | WriteEvent::Yes { .. }
            | WriteEvent::YesWithoutRecord(_)
            | WriteEvent::No
            | WriteEvent::Saved(_)
            | WriteEvent::NotSaved { .. }
            | WriteEvent::Answered { .. } => (Some(WriteStage::Orphan(self)), Vec::new()),
        }
    }

    /// Of the context in use, when it is time.
    fn ask(&mut self, model: &Model) -> Option<WriteOutput> {
        let is_due = match self.read_back {
            ReadBackTime::Due(at) => at.mono_ms <= model.now.mono_ms,
            ReadBackTime::Asked => false,
        };
        let is_here =
            self.what.target.context == model.cluster.context && model.cluster.connection.is_some();
        (is_due && is_here).then(|| {
            self.read_back = ReadBackTime::Asked;
            WriteOutput::Effect(WriteEffect::ReadBack {
                intent: self.intent,
                target: self.what.target.clone(),
                change: self.what.change.clone(),
            })
        })
    }

    /// Closed by a result. What is shown of it stays for its time.
    fn found(self, seen: &SeenValue) -> Stepped {
        let found = read_back_words(&self.what.change, seen);
        let words = format!("UNKNOWN whether it was sent; {found}");
        let said = format!("{}: {words}", self.what.target.name.raw());
        let mut outputs = vec![
            WriteOutput::Record(Box::new(WriteEntry {
                what: self.what.clone(),
                refers_to: Some(self.intent),
                incident: self.incident,
                kind: WriteEntryKind::Result {
                    outcome: Outcome::Unknown,
                    words,
                    request: None,
                },
            })),
            WriteOutput::Say(said.into()),
        ];
        if let (Some(SentOrphan { undoes }), SeenValue::Value { value, .. }) = (self.sent, seen)
            && self.what.change.stands(value.as_ref())
        {
            outputs.extend(done(&self.what, Some(self.intent), undoes));
        }
        let what = self.what;
        let stage = self.said.map(|(words, since)| {
            WriteStage::Over(Box::new(Finished {
                what,
                words,
                is_good: false,
                since,
            }))
        });
        (stage, outputs)
    }

    /// When it is read back, and when it is shown no longer.
    pub(super) fn due(&self) -> [Option<At>; 2] {
        let read_back = match self.read_back {
            ReadBackTime::Due(at) => Some(at),
            ReadBackTime::Asked => None,
        };
        let shown = self.said.as_ref();
        [
            read_back,
            shown.map(|(_, since)| since.plus_ms(SHOWN_AFTER_MS)),
        ]
    }
}

fn asked(draft: &Draft, words: &entry::EntryChange) -> Option<Change> {
    if let Some(asked) = &words.asked {
        return Some(Change::of(asked));
    }
    let request = draft.command.as_ref()?.verb.as_ref()?;
    Change::read(request.raw(), words.before.as_ref(), words.after.as_ref()?)
}

/// What was read back, in words.
pub(super) fn read_back_words(change: &Change, seen: &SeenValue) -> String {
    match seen {
        SeenValue::Gone => "read back: the workload is gone".to_owned(),
        SeenValue::Replaced => "read back: another workload has its name now".to_owned(),
        SeenValue::Value { value, .. } if change.stands(value.as_ref()) => {
            "read back: it stands as wanted".to_owned()
        }
        SeenValue::Value { value, .. } if change.was(value.as_ref()) => {
            "read back: it stands as before".to_owned()
        }
        SeenValue::Value { value, .. } => format!(
            "read back: it is {} now",
            value.as_ref().map_or("not set", Outside::raw)
        ),
    }
}
