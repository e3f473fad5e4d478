//! What the answer to a request means for its write.

use super::following::{Finished, Following};
use super::list::Done;
use super::orphan::{Orphan, ReadBackTime, SentOrphan, read_back_words};
use super::stage::{Sending, TargetedChange, WriteStage};
use super::step::{Stepped, WriteEntry, WriteEntryKind, WriteEvent, WriteOutput};
use super::{Change, SeenValue, WriteAnswer};
use crate::Model;
use crate::cluster::Problem;
use crate::entry::EntryId;
use crate::kind::Outcome;
use crate::workload::follow::Follow;
use crate::write::dialog::Proposal;
use text::Outside;

/// An answer that proves nothing is followed by a reading back after this.
const UNKNOWN_MS: u64 = 1_000;

impl Sending {
    pub(super) fn step(self: Box<Self>, event: WriteEvent, model: &Model) -> Stepped {
        match event {
            WriteEvent::Answered { answer, took_ms } => self.answered(answer, took_ms, model),
            WriteEvent::Revisions(_)
            | WriteEvent::Uncovered
            | WriteEvent::Yes { .. }
            | WriteEvent::YesWithoutRecord(_)
            | WriteEvent::No
            | WriteEvent::Saved(_)
            | WriteEvent::NotSaved { .. }
            | WriteEvent::ReadBack(_)
            | WriteEvent::Settled => (Some(WriteStage::Sending(self)), Vec::new()),
        }
    }

    fn answered(self, answer: WriteAnswer, took_ms: u64, model: &Model) -> Stepped {
        match answer {
            WriteAnswer::Applied {
                resource_version,
                tries,
            } => self.applied(resource_version, tries, took_ms, model),
            WriteAnswer::Changed { seen } => self.changed(&seen, took_ms, model),
            WriteAnswer::Refused { status, problem } => {
                self.refused(status, &problem, took_ms, model)
            }
            WriteAnswer::Unknown {
                problem,
                seen: Some(seen),
            } => self.unknown(&problem, seen, took_ms, model),
            WriteAnswer::Unknown {
                problem,
                seen: None,
            } => self.unread(&problem, model),
        }
    }

    fn applied(self, version: Option<u64>, tries: u32, took_ms: u64, model: &Model) -> Stepped {
        let words = match tries {
            0 | 1 => "applied".to_owned(),
            tries => format!("applied, at try {tries}"),
        };
        let mut outputs = vec![self.result(Outcome::Applied, words, Some(200), took_ms)];
        outputs.extend(done(&self.what, self.intent, self.undoes));
        (Some(self.follow(version, model)), outputs)
    }

    fn changed(self, seen: &SeenValue, took_ms: u64, model: &Model) -> Stepped {
        let words = self.changed_words(seen);
        let complaint: Outside = format!("{}: {words}", self.what.target.name.raw()).into();
        let mut outputs = Vec::new();
        if let Some(proposal) = self
            .again(seen, model)
            .filter(|_| model.writes.queued().is_none())
        {
            outputs.push(WriteOutput::AskAgain {
                target: self.what.target.clone(),
                proposal,
                banner: complaint.clone(),
            });
        }
        outputs.push(WriteOutput::Complain(complaint));
        outputs.push(self.result(Outcome::NotApplied, words.clone(), None, took_ms));
        (Some(self.over(words, model)), outputs)
    }

    fn changed_words(&self, seen: &SeenValue) -> String {
        let (change, kind) = (&self.what.change, self.what.target.kind.word());
        match seen {
            SeenValue::Gone => format!("not applied: the {kind} is gone"),
            SeenValue::Replaced => format!("not applied: another {kind} has its name now"),
            SeenValue::Value { value, .. } if change.was(value.as_ref()) => {
                "not applied: it was paused meanwhile".to_owned()
            }
            SeenValue::Value { value, .. } => {
                let value = value.as_ref().map_or("not set", Outside::raw);
                match change {
                    Change::Scale { from, .. } => {
                        format!("not applied: replicas is {value} now, not {from}")
                    }
                    Change::Restart { .. } => {
                        format!("not applied: restarted by somebody else at {value}")
                    }
                    Change::Rollback(_) if change.stands(Some(&value.into())) => {
                        "not applied: somebody else has put it back already".to_owned()
                    }
                    Change::Rollback(_) => format!(
                        "not applied: somebody else changed the template, it is {value} now"
                    ),
                    Change::Replace { pod, .. } => {
                        format!("not applied: {} is gone already", pod.raw())
                    }
                }
            }
        }
    }

    /// The same question, with the value as it is now.
    fn again(&self, seen: &SeenValue, model: &Model) -> Option<Proposal> {
        let SeenValue::Value { value, .. } = seen else {
            return None;
        };
        if self.what.change.was(value.as_ref()) {
            return None;
        }
        match &self.what.change {
            Change::Scale { to, .. } => {
                let from: u32 = value.as_ref()?.raw().parse().ok()?;
                let again = match self.undoes {
                    Some(of) => undo_again(of, from, *to, model),
                    None => Proposal::scale_to(from, *to),
                };
                (from != *to).then_some(again)
            }
            Change::Restart { .. } => Some(Proposal::Restart {
                from: value.clone(),
            }),
            // What it would go back from has to be read and shown first: that is asked for by its key.
            Change::Rollback(_) | Change::Replace { .. } => None,
        }
    }

    fn refused(
        self,
        status: Option<u16>,
        problem: &Problem,
        took_ms: u64,
        model: &Model,
    ) -> Stepped {
        let words = format!("not applied: {}; {}", problem.what.raw(), problem.next);
        let outputs = vec![
            self.complaint(&words),
            self.result(Outcome::Refused, words.clone(), status, took_ms),
        ];
        (Some(self.over(words, model)), outputs)
    }

    /// No answer proves nothing. What was read back does.
    fn unknown(self, problem: &Problem, seen: SeenValue, took_ms: u64, model: &Model) -> Stepped {
        let found = read_back_words(&self.what.change, &seen);
        let words = format!("UNKNOWN: {}; {found}", problem.what.raw());
        let mut outputs = vec![
            self.complaint(&words),
            self.result(Outcome::Unknown, words.clone(), None, took_ms),
        ];
        let stage = match seen {
            SeenValue::Value {
                value,
                resource_version,
            } if self.what.change.stands(value.as_ref()) => {
                outputs.extend(done(&self.what, self.intent, self.undoes));
                self.follow(resource_version, model)
            }
            SeenValue::Value { .. } | SeenValue::Gone | SeenValue::Replaced => {
                self.over(words, model)
            }
        };
        (Some(stage), outputs)
    }

    /// Nothing could be read back either: it stays open, and is read again.
    fn unread(self, problem: &Problem, model: &Model) -> Stepped {
        let words = format!("UNKNOWN: {}; it is not sent again", problem.what.raw());
        let outputs = vec![self.complaint(&words)];
        let stage = match self.intent {
            None => self.over(words, model),
            Some(intent) => WriteStage::Orphan(Box::new(Orphan {
                what: self.what,
                intent,
                sent: Some(SentOrphan {
                    undoes: self.undoes,
                }),
                incident: None,
                read_back: ReadBackTime::Due(model.now.plus_ms(UNKNOWN_MS)),
                said: Some((words.into(), model.now)),
            })),
        };
        (Some(stage), outputs)
    }

    fn complaint(&self, words: &str) -> WriteOutput {
        WriteOutput::Complain(format!("{}: {words}", self.what.target.name.raw()).into())
    }

    fn result(
        &self,
        outcome: Outcome,
        words: String,
        status: Option<u16>,
        took_ms: u64,
    ) -> WriteOutput {
        WriteOutput::Record(Box::new(WriteEntry {
            what: self.what.clone(),
            refers_to: self.intent,
            incident: None,
            kind: WriteEntryKind::Result {
                outcome,
                words,
                request: Some((status, took_ms)),
            },
        }))
    }

    fn follow(self, version: Option<u64>, model: &Model) -> WriteStage {
        let follow = Follow::new(
            self.what.change.clone(),
            model.cluster.epoch,
            self.baseline,
            version,
            model.now,
        );
        WriteStage::Following(Box::new(Following {
            what: self.what,
            intent: self.intent,
            follow,
        }))
    }

    fn over(self, words: String, model: &Model) -> WriteStage {
        WriteStage::Over(Box::new(Finished {
            what: self.what,
            words: words.into(),
            is_good: false,
            since: model.now,
        }))
    }
}

/// The undo that it was, from the count as it is now.
fn undo_again(of: EntryId, from: u32, to: u32, model: &Model) -> Proposal {
    let mut all = model.writes.done.iter();
    let undone = all.find(|done| done.intent == Some(of));
    let set = undone.and_then(|done| match done.what.change {
        Change::Scale { to, .. } => Some(to),
        Change::Restart { .. } | Change::Rollback(_) | Change::Replace { .. } => None,
    });
    Proposal::Undo {
        from,
        to,
        set: set.unwrap_or(from),
        of: Some(of),
    }
}

/// What follows for `undo` from a write that the cluster has: it can be taken back, or it has taken back another one.
pub(super) fn done(
    what: &TargetedChange,
    intent: Option<EntryId>,
    undoes: Option<EntryId>,
) -> Vec<WriteOutput> {
    match (undoes, &what.change) {
        (Some(of), _) => vec![
            WriteOutput::Forget(of),
            WriteOutput::Record(Box::new(WriteEntry {
                what: what.clone(),
                refers_to: Some(of),
                incident: None,
                kind: WriteEntryKind::Undone,
            })),
        ],
        // A pod that was deleted does not come back; what was done before it can still be undone.
        (None, Change::Replace { .. }) => Vec::new(),
        (None, Change::Scale { .. } | Change::Restart { .. } | Change::Rollback(_)) => {
            let what = what.clone();
            vec![WriteOutput::Remember(Done {
                what,
                intent,
                healed: None,
            })]
        }
    }
}
