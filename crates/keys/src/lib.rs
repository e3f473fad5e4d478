//! Keys, the actions they stand for, and the keymap between them.

pub mod action;
pub mod key;
pub mod keymap;
pub mod mouse;
