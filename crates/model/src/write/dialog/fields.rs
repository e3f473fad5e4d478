//! The fields of a dialog: typing into them, and going from one to the next. Answers nothing.

use super::{Dialog, Field, Step};
use crate::time::At;
use keys::action::Action;
use keys::keymap::{Keymap, Place};

/// A Kubernetes name has at most so many characters.
const MAX_NAME: usize = 253;

/// The keys that choose a revision: those of a line, and those that move everywhere.
pub fn choosing(keymap: &Keymap) -> String {
    let of = |place, action| keymap.chord_of(place, action).unwrap_or_default();
    let pair = |place| format!("{}/{}", of(place, Action::Up), of(place, Action::Down));
    format!("{} or {}", pair(Place::Line), pair(Place::Global))
}

impl Dialog {
    /// Where keys are looked up.
    pub fn place(&self) -> Place {
        match self.field {
            Field::Replicas | Field::Revision | Field::Name => Place::Line,
            Field::Question => Place::Dialog,
        }
    }

    pub(super) fn wants_name(&mut self) {
        self.name_typed = Some(String::new());
        if self.field == Field::Question {
            self.field = Field::Name;
        }
    }

    /// Types a character into the field.
    pub fn type_character(&mut self, character: char, now: At) {
        self.touched(now);
        match (self.field, &mut self.name_typed) {
            (Field::Replicas, _) => {
                self.remark = self.proposal.type_character(character).err();
            }
            (Field::Name, Some(name)) if name.chars().count() < MAX_NAME => name.push(character),
            (Field::Name | Field::Revision | Field::Question, _) => {}
        }
    }

    /// Takes the last character of the field away.
    pub fn erase(&mut self, now: At) {
        self.touched(now);
        match (self.field, &mut self.name_typed) {
            (Field::Replicas, _) => self.proposal.erase(),
            (Field::Name, Some(name)) => {
                name.pop();
            }
            (Field::Name | Field::Revision | Field::Question, _) => {}
        }
    }

    /// A key that means nothing here, and why.
    pub fn refuse_key(&mut self, why: String, now: At) {
        self.touched(now);
        self.remark = Some(why);
    }

    /// One step up (`by` is positive) or down in a field of values.
    pub fn nudge(&mut self, by: i32, now: At) {
        self.touched(now);
        match self.field {
            Field::Replicas | Field::Revision => self.proposal.nudge(by),
            Field::Name | Field::Question => {}
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
                    self.unseen();
                }
                is_news
            }
        }
    }

    fn next_field(&self) -> Result<Field, String> {
        match (self.field, &self.name_typed) {
            (Field::Replicas | Field::Revision, name) => {
                self.proposal.check()?;
                Ok(if name.is_some() {
                    Field::Name
                } else {
                    Field::Question
                })
            }
            (Field::Name, Some(typed)) if typed != self.target.name.raw() => {
                Err("that is not its name".to_owned())
            }
            (Field::Name | Field::Question, _) => Ok(Field::Question),
        }
    }

    fn previous_field(&self) -> Field {
        match (self.field, &self.name_typed, self.proposal.field()) {
            (Field::Question, Some(_), _) => Field::Name,
            (Field::Question | Field::Name, _, Some(first)) => first,
            (field, _, _) => field,
        }
    }
}
