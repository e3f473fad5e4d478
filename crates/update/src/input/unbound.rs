//! A key that is bound to nothing where it is pressed: text, the end of a chord, or words about it.

use super::super::overlay;
use super::{Keystroke, act, resolve};
use keys::action::Action;
use keys::key::{Code, Key};
use keys::keymap::{Place, Resolved, written};
use model::Model;
use model::message::Effect;

/// Text where text is typed; elsewhere nobody has to guess whether a key was read.
pub(super) fn press(model: &mut Model, place: Place, key: Key) -> Vec<Effect> {
    let mut keys = std::mem::take(&mut model.screen.pending);
    let was_pending = !keys.is_empty();
    if was_pending && let Some(action) = leaves_chord(model, place, key) {
        let keystroke = Keystroke {
            key,
            is_alone: false,
        };
        return match action {
            Action::Cancel => act(model, action, keystroke),
            _ => Vec::new(),
        };
    }
    if place != Place::Global {
        return if was_pending {
            Vec::new()
        } else {
            overlay::type_key(model, key).effects()
        };
    }
    if key.alt && !was_pending {
        return escaped(model, key);
    }
    keys.push(key);
    let help = model.keymap.chord_of(place, Action::Help);
    let lists = help.map_or(String::new(), |help| format!("; {help} lists the keys"));
    model.say(format!("{} means nothing here{lists}", written(&keys)));
    Vec::new()
}

/// The action of a key that leaves a chord which was begun.
fn leaves_chord(model: &Model, place: Place, key: Key) -> Option<Action> {
    match model.keymap.resolve(place, &[], key) {
        Resolved::Action(action @ (Action::Back | Action::Refuse | Action::Cancel)) => Some(action),
        Resolved::Action(_) | Resolved::Pending | Resolved::Unbound => None,
    }
}

/// Esc and the key typed after it are one Alt key when a slow link brings them together: they are taken as two, and neither
/// counts as alone.
fn escaped(model: &mut Model, key: Key) -> Vec<Effect> {
    let mut effects = resolve(model, Key::plain(Code::Esc), false);
    effects.extend(resolve(model, Key { alt: false, ..key }, false));
    effects
}
