//! Input of the dialog of a write: it takes everything. What an answer leads to is in [`write`](crate::write).

use super::OverlayInput;
use crate::input::{Handled, Keystroke};
use crate::write;
use keys::action::Action;
use keys::key::{Code, Key};
use keys::keymap::{Place, Resolved};
use model::Model;
use model::message::Effect;
use model::write::dialog::{Field, choosing};
use text::Outside;

pub(super) struct DialogInput;

impl OverlayInput for DialogInput {
    fn act(&self, model: &mut Model, action: Action, keystroke: Keystroke) -> Handled {
        let now = model.now;
        let Some(dialog) = model.screen.dialog_mut() else {
            return Handled::Ignored;
        };
        match action {
            Action::Confirm => {
                return write::confirm(model, keystroke.key, keystroke.is_alone).into();
            }
            Action::Refuse | Action::Back | Action::Cancel | Action::Quit => {
                return write::withdraw(model).into();
            }
            Action::Accept if dialog.field == Field::Question => {
                dialog.refuse_key(format!("{} is no answer", keystroke.key), now);
            }
            Action::Accept | Action::NextField => return write::next_field(model).into(),
            Action::PreviousField => {
                dialog.go(false, now);
            }
            Action::Up => dialog.nudge(1, now),
            Action::Down => dialog.nudge(-1, now),
            Action::Copy => {
                if let Some(change) = dialog.change(now) {
                    let line = change.kubectl(&dialog.target);
                    model.say("copied the kubectl line");
                    return vec![Effect::Copy(line)].into();
                }
                dialog.remark = dialog.proposal.check().err();
            }
            _ => {}
        }
        Handled::done()
    }

    fn type_key(&self, model: &mut Model, key: Key) -> Handled {
        let now = model.now;
        let moves = match model.keymap.resolve(Place::Global, &[], key) {
            Resolved::Action(Action::Up) => Some(1),
            Resolved::Action(Action::Down) => Some(-1),
            Resolved::Action(_) | Resolved::Pending | Resolved::Unbound => None,
        };
        let chooses = choosing(&model.keymap);
        if let Some(dialog) = model.screen.dialog_mut() {
            match key.code {
                _ if dialog.field == Field::Revision => match moves {
                    Some(by) => dialog.nudge(by, now),
                    None => {
                        dialog.refuse_key(format!("{key} chooses nothing: {chooses} do"), now);
                    }
                },
                _ if dialog.field == Field::Question => {
                    dialog.refuse_key(format!("{key} is no answer"), now);
                }
                Code::Char(character) if !key.ctrl && !key.alt => {
                    dialog.type_character(character, now)
                }
                Code::Backspace => dialog.erase(now),
                _ => {}
            }
        }
        Handled::done()
    }

    /// A paste never answers and never fills in a field.
    fn paste(&self, model: &mut Model, _: &Outside) -> Handled {
        if let Some(dialog) = model.screen.dialog_mut() {
            dialog.remark = Some("a paste is no answer: type it".to_owned());
        }
        Handled::done()
    }
}
