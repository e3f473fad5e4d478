//! A line of text that is typed in an overlay: what a key or a paste changes in it, and which actions it consumes.

use crate::input::Handled;
use crate::refusal;
use keys::action::Action;
use keys::key::{Code, Key};
use model::Model;
use text::Outside;

/// One change of a line.
pub(super) enum LineEdit {
    Insert(String),
    /// Takes the last character away.
    Erase,
}

impl LineEdit {
    /// None by a key that is no text.
    fn of_key(key: Key) -> Option<LineEdit> {
        match key.code {
            Code::Char(character) if !key.ctrl && !key.alt => {
                Some(LineEdit::Insert(character.to_string()))
            }
            Code::Backspace => Some(LineEdit::Erase),
            _ => None,
        }
    }

    /// Without what is no text.
    fn of_paste(pasted: &Outside) -> LineEdit {
        let characters = pasted.raw().chars();
        let text = characters.filter(|character| !character.is_control());
        LineEdit::Insert(text.collect())
    }

    /// As much of it as there is room for.
    pub(super) fn apply(self, text: &mut String, chars_max: usize) {
        match self {
            LineEdit::Insert(insert) => {
                let room = chars_max.saturating_sub(text.chars().count());
                text.extend(insert.chars().take(room));
            }
            LineEdit::Erase => drop(text.pop()),
        }
    }
}

/// A key changes the line, or says what works there.
pub(super) fn type_key(model: &mut Model, key: Key, edit: fn(&mut Model, LineEdit)) -> Handled {
    match LineEdit::of_key(key) {
        Some(change) => edit(model, change),
        None => model.say(refusal::of_a_text(model, key)),
    }
    Handled::done()
}

/// A paste goes into the line.
pub(super) fn paste(
    model: &mut Model,
    pasted: &Outside,
    edit: fn(&mut Model, LineEdit),
) -> Handled {
    edit(model, LineEdit::of_paste(pasted));
    Handled::done()
}

/// What a line makes of the actions that it does not know: it consumes all but those that lay something over it.
pub(super) fn consume(action: Action) -> Handled {
    match action {
        Action::Note | Action::IncidentOpen | Action::IncidentClose => Handled::Ignored,
        _ => Handled::done(),
    }
}
