//! What the footer says of a key.

use keys::action::Action;

/// A hint: the key of an action, or that of the menu in which the action stands.
#[derive(Clone, Copy)]
pub(crate) enum Hint {
    Key(Action, &'static str),
    Menu(Action),
}
