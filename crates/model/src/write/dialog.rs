//! The question before a write: what will be done to what, what speaks against it, and which key is a yes. The only maker
//! of a [`Confirmed`].

mod confirm;
mod fields;
mod plan;
mod proposal;
mod replicas;
mod yes;

use super::preflight::{Check, Checks};
use super::{Change, FoundThrough, Target, WriteId};
use crate::time::At;
use confirm::Guard;
pub use confirm::{QUIET_MS, Question, READ_MS, REPEAT_MS, SURPRISE_MS};
pub use fields::choosing;
use keys::key::Key;
pub use plan::{Candidate, Plan};
pub use proposal::Proposal;
use text::Outside;
pub use yes::{Confirmed, SecondYes};

/// A question about one write.
#[derive(Clone, Debug)]
pub struct Dialog {
    /// Which write it would be.
    pub write: WriteId,
    pub target: Target,
    /// What is asked.
    pub proposal: Proposal,
    /// What led here; `None` when no pod did.
    pub through: Option<FoundThrough>,
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
    /// Really so many more, or so many fewer?
    Far {
        /// As it is.
        from: u32,
        /// As it would be.
        to: u32,
    },
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

impl Dialog {
    /// A question that a key opened.
    pub fn new(
        write: WriteId,
        target: Target,
        proposal: Proposal,
        now: At,
        opened_by: Option<Key>,
    ) -> Self {
        let field = proposal.field().unwrap_or(Field::Question);
        Dialog {
            write,
            target,
            proposal,
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

    /// What would be changed, as far as it is chosen; a restart is stamped with `now`.
    pub fn change(&self, now: At) -> Option<Change> {
        self.proposal.change(now)
    }

    /// What the checks are asked about: the change, and of a number that is not chosen yet the present one. No check but the
    /// dry run depends on the number.
    pub fn checked_change(&self, now: At) -> Option<Change> {
        self.change(now).or(match self.proposal {
            Proposal::Scale { from, .. } => Some(Change::Scale { from, to: from }),
            Proposal::Undo { .. }
            | Proposal::Restart { .. }
            | Proposal::Rollback(_)
            | Proposal::Replace { .. } => None,
        })
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
            // What an undo goes back to was there before: no slip of a finger.
            (Step::Change, Some(Change::Scale { from, to }))
                if replicas::is_far(from, to)
                    && !matches!(self.proposal, Proposal::Undo { .. }) =>
            {
                self.ask(Step::Far { from, to });
                Press::Asked
            }
            (Step::Change | Step::Zero | Step::Far { .. }, Some(change)) => {
                self.ask(Step::Recording);
                Press::Yes(Confirmed::new(self.write, self.target.clone(), change))
            }
            (Step::Unrecorded(_), _) => Press::Unrecorded(SecondYes::new()),
            (Step::Change | Step::Zero | Step::Far { .. }, None) | (Step::Recording, _) => {
                Press::NotCounted
            }
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
}

#[cfg(test)]
mod tests;
