//! The question before a write: what will be done to what, what speaks against it, and which key is a yes. The only maker
//! of a [`Confirmed`].

use super::change::{Point, Rollback};
use super::preflight::{Check, Checks};
use super::{Change, Confirmed, Target, Through, WriteId};
use crate::key::Key;
use crate::keymap::Place;
use crate::model::entry::EntryId;
use crate::model::pods::Uid;
use crate::model::time::{At, Seconds};
use crate::model::workload::revisions::{Held, History};
use crate::text::Outside;

/// A yes counts only this long after the frame that shows the question was fully written.
pub const READ_MS: u64 = 300;
/// The same for a question that opened by itself: whoever is typing must notice it first.
pub const SURPRISE_MS: u64 = 1_500;
/// A key that comes this soon after another one was typed ahead.
pub const QUIET_MS: u64 = 300;
/// The same key again within this time may be a key held down: terminals begin to repeat after at most 0.7 s.
pub const REPEAT_MS: u64 = 1_000;
/// Digits of a replica count.
pub const MAX_DIGITS: usize = 5;
/// A Kubernetes name has at most so many characters.
const MAX_NAME: usize = 253;

/// A question about one write.
#[derive(Clone, Debug)]
pub struct Dialog {
    /// Which write it would be.
    pub write: WriteId,
    /// On what.
    pub target: Target,
    /// What is asked.
    pub sort: Sort,
    /// What led here; `None` when no pod did.
    pub through: Option<Through>,
    /// What the server says to it.
    pub checks: Checks,
    /// The scope is protected: the name has to be typed; this is how much of it is.
    pub name_typed: Option<String>,
    /// Where keys go.
    pub field: Field,
    /// Which question is open.
    pub step: Step,
    /// Why the last key did not count.
    pub remark: Option<String>,
    /// Why it opened by itself.
    pub banner: Option<Outside>,
    opened_by: Option<Key>,
    patience_ms: u64,
    question: u32,
    shown: Option<At>,
    last_key: At,
    last_yes: Option<At>,
}

/// What is asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Sort {
    /// How many replicas?
    Scale {
        /// As it is.
        from: u32,
        /// As typed.
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
        /// Its name.
        pod: Outside,
        /// Its uid.
        uid: Uid,
        /// What is wrong with it.
        why: Outside,
    },
}

/// From where a rollback would go, and to where it could.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Plan {
    /// What stands.
    pub from: Point,
    /// What it could be instead; never empty.
    pub options: Vec<Candidate>,
    /// The one that is chosen.
    pub chosen: usize,
    /// The intent that is taken back, when it is an undo.
    pub undoes: Option<EntryId>,
    /// It takes a rollback back.
    pub is_undo: bool,
}

/// A revision that can be gone back to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Candidate {
    /// Its template.
    pub point: Point,
    /// How long it was current.
    pub held: Held,
    /// The number of which it is only a restart.
    pub restart_of: Option<u64>,
    /// Why it was made, as somebody wrote it down.
    pub change_cause: Option<Outside>,
}

impl Plan {
    /// Of a workload's revisions: `wanted` is chosen, else the last good one; `None` when there is no other.
    pub fn of(history: &History, wanted: Option<&Uid>, now: Seconds) -> Option<Plan> {
        let candidates = history.candidates();
        let at = |at: usize| candidates.iter().position(|other| *other == at);
        let is_wanted = |at: &usize| Some(&history.revisions[*at].uid) == wanted;
        let chosen = candidates
            .iter()
            .position(is_wanted)
            .or_else(|| history.last_good(now).and_then(at));
        let options = candidates.iter().map(|at| {
            let revision = &history.revisions[*at];
            Candidate {
                point: Point::of(revision),
                held: history.held(*at, now),
                restart_of: history.restart_of(*at),
                change_cause: revision.change_cause.clone(),
            }
        });
        let options: Vec<Candidate> = options.collect();
        (!options.is_empty()).then(|| Plan {
            from: Point::now(history),
            options,
            chosen: chosen.unwrap_or(0),
            undoes: None,
            is_undo: false,
        })
    }

    /// Back to one point, without a choice.
    pub fn back(from: Point, to: Point, undoes: Option<EntryId>) -> Plan {
        Plan {
            from,
            options: vec![Candidate {
                point: to,
                held: Held::Unknown,
                restart_of: None,
                change_cause: None,
            }],
            chosen: 0,
            undoes,
            is_undo: true,
        }
    }

    /// What is chosen.
    pub fn chosen(&self) -> Option<&Candidate> {
        self.options.get(self.chosen)
    }
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
    /// Yes.
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
            field,
            step: Step::Change,
            remark: None,
            banner: None,
            opened_by,
            patience_ms: READ_MS,
            question: 0,
            shown: None,
            last_key: now,
            last_yes: None,
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

    /// The name has to be typed.
    #[must_use]
    pub fn protected(mut self) -> Self {
        self.name_typed = Some(String::new());
        if self.field == Field::Question {
            self.field = Field::Name;
        }
        self
    }

    /// It opens by itself, and says why.
    #[must_use]
    pub fn by_itself(mut self, banner: Outside) -> Self {
        self.banner = Some(banner);
        self.opened_by = None;
        self.patience_ms = SURPRISE_MS;
        self
    }

    /// It is on top now: until then nothing was shown.
    pub fn opened(&mut self, now: At) {
        self.unseen();
        self.last_key = now;
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

    /// Moves with each question: a frame drawn before the present one shows another.
    pub fn question(&self) -> (WriteId, u32) {
        (self.write, self.question)
    }

    /// The frame that shows it was fully written.
    pub fn frame_shown(&mut self, now: At) {
        self.shown.get_or_insert(now);
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
        if self.step != Step::Change {
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
                    self.unseen();
                }
                is_news
            }
        }
    }

    /// A key of confirmation. `is_whole` says that the card was drawn whole.
    pub fn press(&mut self, now: At, key: Key, alone: bool, is_whole: bool) -> Press {
        let verdict = self.counts(now, key, alone, is_whole);
        self.last_yes = Some(now);
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

    /// The number or the annotation is another one than was shown: the lines have to be asked again for a new number.
    pub fn dry_run_is_due(&self) -> bool {
        self.field == Field::Question && self.step == Step::Change
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
        self.unseen();
    }

    fn unseen(&mut self) {
        self.shown = None;
        self.question += 1;
    }

    fn touched(&mut self, now: At) {
        self.last_key = now;
        self.remark = None;
    }

    fn counts(&self, now: At, key: Key, alone: bool, is_whole: bool) -> Result<(), &'static str> {
        let within = |since: Option<At>, ms: u64| since.is_some_and(|at| now.since_ms(at) < ms);
        if self.field != Field::Question {
            return Err("fill in the field first");
        }
        if self.step == Step::Recording {
            return Err("already answered: the record is being written");
        }
        if !is_whole {
            return Err("the window is too small to show what would be done");
        }
        if !alone {
            return Err("that key came together with others: press it alone");
        }
        if self.opened_by == Some(key) {
            return Err("that key opened the question: it is no answer");
        }
        if self.shown.is_none() || within(self.shown, self.patience_ms) {
            return Err("too early: read it first, then press again");
        }
        if within(Some(self.last_key), QUIET_MS) || within(self.last_yes, REPEAT_MS) {
            return Err("too fast, or held down: let go, then press again");
        }
        Ok(())
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
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use chrono::DateTime;

    fn at(ms: u64) -> At {
        At {
            mono_ms: 0,
            wall: DateTime::UNIX_EPOCH,
        }
        .plus_ms(ms)
    }

    fn key(name: &str) -> Key {
        name.parse().unwrap()
    }

    fn asked(sort: Sort) -> Dialog {
        let target = Target {
            context: "dev".into(),
            kind: crate::model::cluster::Kind::Deployment,
            namespace: "shop".into(),
            name: "checkout".into(),
            uid: "u1".into(),
        };
        Dialog::new(WriteId(1), target, sort, at(0), Some(key("r")))
    }

    fn restart() -> Dialog {
        asked(Sort::Restart { from: None })
    }

    fn shown(mut dialog: Dialog, ms: u64) -> Dialog {
        dialog.frame_shown(at(ms));
        dialog
    }

    fn is_yes(dialog: &mut Dialog, ms: u64, name: &str, alone: bool) -> bool {
        matches!(dialog.press(at(ms), key(name), alone, true), Press::Yes(_))
    }

    #[test]
    fn a_yes_counts_after_the_frame_was_shown_for_a_while() {
        assert!(is_yes(&mut shown(restart(), 10), 310, "y", true));
        assert!(!is_yes(&mut shown(restart(), 10), 309, "y", true));
        assert!(!is_yes(&mut restart(), 60_000, "y", true));
    }

    #[test]
    fn a_yes_counts_only_alone_and_not_by_the_key_that_opened_it() {
        assert!(!is_yes(&mut shown(restart(), 10), 1_000, "y", false));
        assert!(!is_yes(&mut shown(restart(), 10), 1_000, "r", true));
    }

    #[test]
    fn a_key_held_down_never_becomes_a_yes() {
        let mut dialog = shown(restart(), 10);
        let repeats = std::iter::once(200).chain((0..100).map(|repeat| 860 + 33 * repeat));
        for ms in repeats {
            assert!(!is_yes(&mut dialog, ms, "y", true), "at {ms}");
        }
    }

    #[test]
    fn zero_replicas_are_asked_about_twice() {
        let mut dialog = asked(Dialog::scale(3));
        dialog.type_character('0', at(100));
        assert!(dialog.go(true, at(200)));
        dialog.frame_shown(at(210));
        assert!(matches!(
            dialog.press(at(600), key("y"), true, true),
            Press::Asked
        ));
        dialog.frame_shown(at(610));
        assert!(!is_yes(&mut dialog, 1_000, "y", true));
        assert!(is_yes(&mut dialog, 2_100, "y", true));
    }

    #[test]
    fn the_field_is_never_filled_with_zero_and_the_first_digit_replaces_the_count() {
        assert!(matches!(Dialog::scale(0), Sort::Scale { typed, .. } if typed.is_empty()));
        let mut dialog = asked(Dialog::scale(3));
        for character in ['1', 'y', '2'] {
            dialog.type_character(character, at(100));
        }
        assert_eq!(
            dialog.change(at(0)),
            Some(Change::Scale { from: 3, to: 12 })
        );
        for _ in 0..20 {
            dialog.nudge(-1, at(100));
        }
        assert_eq!(dialog.change(at(0)), Some(Change::Scale { from: 3, to: 1 }));
    }

    #[test]
    fn a_protected_scope_wants_the_name() {
        let mut dialog = restart().protected();
        for character in "checkou".chars() {
            dialog.type_character(character, at(100));
        }
        assert!(!dialog.go(true, at(200)));
        assert!(dialog.remark.is_some());
        dialog.type_character('t', at(300));
        assert!(dialog.go(true, at(400)));
    }

    #[test]
    fn the_count_it_has_already_is_no_change() {
        let mut dialog = asked(Dialog::scale(3));
        assert!(!dialog.go(true, at(100)));
        assert_eq!(dialog.field, Field::Replicas);
    }
}
