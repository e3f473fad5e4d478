//! The question before a write: what will be done to what, what speaks against it, and which key is a yes. The only maker
//! of a [`Confirmed`].

mod confirm;
mod plan;

use super::change::Rollback;
use super::preflight::{Check, Checks};
use super::{Change, Confirmed, Target, Through, WriteId};
use crate::entry::EntryId;
use crate::pods::Uid;
use crate::time::At;
use confirm::Guard;
pub use confirm::{QUIET_MS, Question, READ_MS, REPEAT_MS, SURPRISE_MS};
use keys::key::Key;
use keys::keymap::Place;
pub use plan::{Candidate, Plan};
use text::Outside;

/// Digits of a replica count.
pub const MAX_DIGITS: usize = 5;
/// A Kubernetes name has at most so many characters.
const MAX_NAME: usize = 253;

/// A question about one write.
#[derive(Clone, Debug)]
pub struct Dialog {
    /// Which write it would be.
    pub write: WriteId,
    pub target: Target,
    /// What is asked.
    pub sort: Sort,
    /// What led here; `None` when no pod did.
    pub through: Option<Through>,
    /// What the server says to it.
    pub checks: Checks,
    /// The name has to be typed; this is how much of it is.
    pub name_typed: Option<String>,
    /// It has to be typed because the terminal does not say what it shows.
    pub is_unanswered: bool,
    /// Where keys go.
    pub field: Field,
    /// Which question is open.
    pub step: Step,
    /// Why the last key did not count.
    pub remark: Option<String>,
    /// Why it opened by itself.
    pub banner: Option<Outside>,
    guard: Guard,
}

/// What is asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Sort {
    /// How many replicas?
    Scale {
        /// As it is.
        from: u32,
        typed: String,
        /// It stands there for orientation: the first digit replaces it.
        is_prefilled: bool,
    },
    /// Back to an earlier count.
    Undo {
        /// As it is.
        from: u32,
        /// As it was.
        to: u32,
        /// As we had set it.
        set: u32,
        /// The intent that is taken back.
        of: Option<EntryId>,
    },
    /// Restart?
    Restart {
        /// The annotation as it is.
        from: Option<Outside>,
    },
    /// Back to which revision?
    Rollback(Box<Plan>),
    /// Delete a pod, so that it is made anew?
    Replace {
        pod: Outside,
        uid: Uid,
        /// What is wrong with it.
        why: Outside,
    },
}

/// Where keys go.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Field {
    /// The number of replicas.
    Replicas,
    /// The revision to go back to.
    Revision,
    /// The workload's name.
    Name,
    /// Yes or no.
    Question,
}

/// Which question is open.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Step {
    /// Do it?
    Change,
    /// Really no pod at all?
    Zero,
    /// Answered with yes: the record is being written.
    Recording,
    /// It is not recorded, for this reason: go on without?
    Unrecorded(Outside),
}

/// What a key of confirmation did.
#[derive(Debug)]
pub enum Press {
    /// Nothing, and the remark says why.
    NotCounted,
    /// The next question is open.
    Asked,
    Yes(Confirmed),
    /// Yes, without a record.
    Unrecorded(SecondYes),
}

/// The answer to "go on without a record?".
#[derive(Debug)]
pub struct SecondYes(());

impl Dialog {
    /// A question that a key opened.
    pub fn new(
        write: WriteId,
        target: Target,
        sort: Sort,
        now: At,
        opened_by: Option<Key>,
    ) -> Self {
        let field = match &sort {
            Sort::Scale { .. } => Field::Replicas,
            Sort::Rollback(plan) if plan.options.len() > 1 => Field::Revision,
            Sort::Undo { .. } | Sort::Restart { .. } | Sort::Rollback(_) | Sort::Replace { .. } => {
                Field::Question
            }
        };
        Dialog {
            write,
            target,
            sort,
            through: None,
            checks: Checks::asked(now),
            name_typed: None,
            is_unanswered: false,
            field,
            step: Step::Change,
            remark: None,
            banner: None,
            guard: Guard::new(now, opened_by),
        }
    }

    /// "How many replicas?", with the count as it is; never with 0.
    pub fn scale(from: u32) -> Sort {
        Sort::Scale {
            from,
            typed: if from == 0 {
                String::new()
            } else {
                from.to_string()
            },
            is_prefilled: from != 0,
        }
    }

    /// The name has to be typed: its scope is protected.
    #[must_use]
    pub fn protected(mut self) -> Self {
        self.wants_name();
        self
    }

    /// The terminal does not say whether it has shown the question: the name has to be typed, which nobody does who does
    /// not see what he types. A name that was typed already counts.
    pub fn unanswered(&mut self, now: At) {
        self.guard.unanswered(now);
        if self.name_typed.is_none() {
            self.is_unanswered = true;
            self.wants_name();
            self.guard.unseen();
        }
    }

    fn wants_name(&mut self) {
        self.name_typed = Some(String::new());
        if self.field == Field::Question {
            self.field = Field::Name;
        }
    }

    /// It opens by itself, and says why.
    #[must_use]
    pub fn by_itself(mut self, banner: Outside) -> Self {
        self.banner = Some(banner);
        self.guard.opened_by = None;
        self.guard.patience_ms = SURPRISE_MS;
        self
    }

    /// It is on top now: until then nothing was shown.
    pub fn opened(&mut self, now: At) {
        self.guard.unseen();
        self.guard.touched(now);
        self.checks = Checks::asked(now);
    }

    /// Where keys are looked up.
    pub fn place(&self) -> Place {
        match self.field {
            Field::Replicas | Field::Revision | Field::Name => Place::Line,
            Field::Question => Place::Dialog,
        }
    }

    /// What would be changed, as far as it is chosen; a restart is stamped with `now`.
    pub fn change(&self, now: At) -> Option<Change> {
        match &self.sort {
            Sort::Scale { from, typed, .. } => Some(Change::Scale {
                from: *from,
                to: typed.parse().ok()?,
            }),
            Sort::Undo { from, to, .. } => Some(Change::Scale {
                from: *from,
                to: *to,
            }),
            Sort::Restart { from } => Some(Change::Restart {
                from: from.clone(),
                at: now.wall.format("%Y-%m-%dT%H:%M:%SZ").to_string().into(),
            }),
            Sort::Rollback(plan) => Some(Change::Rollback(Box::new(Rollback {
                from: plan.from.clone(),
                to: plan.chosen()?.point.clone(),
            }))),
            Sort::Replace { pod, uid, .. } => Some(Change::Replace {
                pod: pod.clone(),
                uid: uid.clone(),
            }),
        }
    }

    /// The intent that this one takes back.
    pub fn undoes(&self) -> Option<EntryId> {
        match &self.sort {
            Sort::Undo { of, .. } => *of,
            Sort::Rollback(plan) => plan.undoes,
            Sort::Scale { .. } | Sort::Restart { .. } | Sort::Replace { .. } => None,
        }
    }

    /// What a yes would answer now, if it can be answered.
    pub fn question(&self) -> Option<Question> {
        let is_open = self.field == Field::Question && self.step != Step::Recording;
        is_open.then_some(Question {
            write: self.write,
            number: self.guard.number,
        })
    }

    /// A frame that shows this question was handed to the kernel whole: enough only where the terminal answers nothing.
    pub fn frame_written(&mut self, question: Question, now: At) {
        if self.question() == Some(question) {
            self.guard.frame_written(now);
        }
    }

    /// The terminal answered from behind a frame that shows this question.
    pub fn frame_shown(&mut self, question: Question, now: At) {
        if self.question() == Some(question) {
            self.guard.frame_shown(now);
        }
    }

    /// Is this the question, and was it shown by nothing yet?
    pub fn is_awaiting(&self, question: Question) -> bool {
        self.question() == Some(question) && !self.guard.is_shown()
    }

    /// Something else was on the screen meanwhile: what was shown before is no longer.
    pub fn unseen(&mut self) {
        self.guard.unseen();
    }

    /// Types a character into the field.
    pub fn type_character(&mut self, character: char, now: At) {
        self.touched(now);
        match (self.field, &mut self.sort, &mut self.name_typed) {
            (
                Field::Replicas,
                Sort::Scale {
                    typed,
                    is_prefilled,
                    ..
                },
                _,
            ) if character.is_ascii_digit() => {
                if std::mem::take(is_prefilled) {
                    typed.clear();
                }
                if typed.len() < MAX_DIGITS {
                    typed.push(character);
                }
            }
            (Field::Name, _, Some(name)) if name.chars().count() < MAX_NAME => name.push(character),
            _ => {}
        }
    }

    /// Takes the last character of the field away.
    pub fn erase(&mut self, now: At) {
        self.touched(now);
        match (self.field, &mut self.sort, &mut self.name_typed) {
            (
                Field::Replicas,
                Sort::Scale {
                    typed,
                    is_prefilled,
                    ..
                },
                _,
            ) => {
                *is_prefilled = false;
                typed.pop();
            }
            (Field::Name, _, Some(name)) => {
                name.pop();
            }
            _ => {}
        }
    }

    /// One more replica, or one less; never down to 0, which has to be typed. Of revisions the one above, or below.
    pub fn nudge(&mut self, by: i32, now: At) {
        self.touched(now);
        if let (Field::Revision, Sort::Rollback(plan)) = (self.field, &mut self.sort) {
            let last = plan.options.len().saturating_sub(1);
            let to = if by > 0 {
                plan.chosen.saturating_sub(1)
            } else {
                plan.chosen + 1
            };
            plan.chosen = to.min(last);
        }
        if let (
            Field::Replicas,
            Sort::Scale {
                typed,
                is_prefilled,
                ..
            },
        ) = (self.field, &mut self.sort)
        {
            let count = typed.parse::<u32>().unwrap_or(0);
            let count = count.saturating_add_signed(by).max(1);
            if count.to_string().len() <= MAX_DIGITS {
                *typed = count.to_string();
            }
            *is_prefilled = false;
        }
    }

    /// To the next field, or back. What is not filled in cannot be left behind. True when the question came up.
    pub fn go(&mut self, is_forward: bool, now: At) -> bool {
        self.touched(now);
        let is_name_typed = self.field == Field::Name && is_forward;
        if self.step != Step::Change && !is_name_typed {
            return false;
        }
        let to = if is_forward {
            self.next_field()
        } else {
            Ok(self.previous_field())
        };
        match to {
            Err(remark) => {
                self.remark = Some(remark);
                false
            }
            Ok(field) => {
                let is_news = field == Field::Question && self.field != Field::Question;
                self.field = field;
                if is_news {
                    self.guard.unseen();
                }
                is_news
            }
        }
    }

    /// A key of confirmation. `is_whole` says that the card was drawn whole.
    pub fn press(&mut self, now: At, key: Key, alone: bool, is_whole: bool) -> Press {
        let verdict = self.counts(now, key, alone, is_whole);
        self.guard.confirm_pressed(now);
        self.touched(now);
        if let Err(remark) = verdict {
            self.remark = Some(remark.to_owned());
            return Press::NotCounted;
        }
        match (&self.step, self.change(now)) {
            (Step::Change, Some(Change::Scale { to: 0, .. })) => {
                self.ask(Step::Zero);
                Press::Asked
            }
            (Step::Change | Step::Zero, Some(change)) => {
                self.ask(Step::Recording);
                Press::Yes(Confirmed {
                    write: self.write,
                    target: self.target.clone(),
                    change,
                })
            }
            (Step::Unrecorded(_), _) => Press::Unrecorded(SecondYes(())),
            (Step::Change | Step::Zero, None) | (Step::Recording, _) => Press::NotCounted,
        }
    }

    /// The record could not be written, or takes too long: asks whether to go on without.
    pub fn ask_unrecorded(&mut self, why: Outside) {
        self.ask(Step::Unrecorded(why));
    }

    /// The lines of the card, for the record.
    pub fn findings(&self, change: &Change, now: At) -> Vec<(Check, Outside)> {
        Check::ALL
            .into_iter()
            .map(|check| (check, self.checks.line(check, change, now).1))
            .collect()
    }

    fn ask(&mut self, step: Step) {
        self.step = step;
        self.guard.unseen();
    }

    fn touched(&mut self, now: At) {
        self.guard.touched(now);
        self.remark = None;
    }

    fn counts(&self, now: At, key: Key, alone: bool, is_whole: bool) -> Result<(), &'static str> {
        if self.field != Field::Question {
            return Err("fill in the field first");
        }
        if self.step == Step::Recording {
            return Err("already answered: the record is being written");
        }
        if !is_whole {
            return Err("the window is too small to show what would be done");
        }
        self.guard.counts(now, key, alone)
    }

    fn next_field(&self) -> Result<Field, String> {
        let is_first = matches!(self.field, Field::Replicas | Field::Revision);
        let after = if is_first && self.name_typed.is_some() {
            Field::Name
        } else {
            Field::Question
        };
        match (self.field, &self.sort, &self.name_typed) {
            (Field::Replicas, Sort::Scale { from, typed, .. }, _) => match typed.parse::<u32>() {
                Err(_) => Err("type how many replicas it should have".to_owned()),
                Ok(to) if to == *from => Err(format!("it has {to} already: type another number")),
                Ok(_) => Ok(after),
            },
            (Field::Name, _, Some(typed)) if typed != self.target.name.raw() => {
                Err("that is not its name".to_owned())
            }
            _ => Ok(after),
        }
    }

    fn previous_field(&self) -> Field {
        let first = match &self.sort {
            Sort::Scale { .. } => Some(Field::Replicas),
            Sort::Rollback(plan) if plan.options.len() > 1 => Some(Field::Revision),
            Sort::Undo { .. } | Sort::Restart { .. } | Sort::Rollback(_) | Sort::Replace { .. } => {
                None
            }
        };
        match (self.field, &self.name_typed, first) {
            (Field::Question, Some(_), _) => Field::Name,
            (Field::Question | Field::Name, _, Some(first)) => first,
            (field, _, _) => field,
        }
    }
}

#[cfg(test)]
mod tests;
