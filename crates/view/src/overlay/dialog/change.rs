//! The line of the card that says what would be changed, and how another value is given.

use ratatui::style::Style;

use super::line::WORD;
use super::rollback;
use crate::theme::{Role, Theme};
use keys::action::Action;
use keys::keymap::Place;
use model::Model;
use model::write::dialog::{Dialog, Field, Proposal};
use text::{Outside, SafeText};

pub(super) fn pieces(
    model: &Model,
    dialog: &Dialog,
    theme: &Theme,
) -> Vec<(SafeText<'static>, Style)> {
    let word = |word: &str| {
        (
            SafeText::from(format!(" {word:<WORD$}")),
            theme.style(Role::Dim),
        )
    };
    let plain = |text: String| (SafeText::from(text), theme.style(Role::Text));
    match &dialog.proposal {
        Proposal::Scale {
            from,
            typed,
            is_prefilled,
        } => {
            let has_focus = dialog.field == Field::Replicas;
            let role = if has_focus && *is_prefilled {
                Role::Selected
            } else {
                Role::Warn
            };
            let caret = if has_focus && !is_prefilled { "_" } else { "" };
            let no_change = if dialog.proposal.is_no_change() {
                "   no change yet"
            } else {
                ""
            };
            let how = if has_focus {
                let of = |action| {
                    model
                        .keymap
                        .chord_of(Place::Line, action)
                        .unwrap_or_default()
                };
                let (up, down) = (of(Action::Up), of(Action::Down));
                format!("   digits, or {up} and {down}")
            } else {
                String::new()
            };
            vec![
                word("replicas"),
                plain(format!("{from} -> ")),
                (
                    SafeText::from(format!("{}{caret}", Outside::from(typed.as_str()).shown())),
                    theme.style(role),
                ),
                plain(no_change.to_owned()),
                (SafeText::from(how), theme.style(Role::Dim)),
            ]
        }
        Proposal::Undo { from, to, set, .. } => {
            let other = if from == set {
                String::new()
            } else {
                format!("   (you had set {set}: somebody changed it since)")
            };
            vec![word("replicas"), plain(format!("{from} -> {to}{other}"))]
        }
        Proposal::Restart { from } => {
            let before = from.as_ref().map_or("never before".to_owned(), |from| {
                format!("last at {}", from.shown())
            });
            vec![word("restart"), plain(format!("all its pods; {before}"))]
        }
        Proposal::Rollback(plan) => rollback::change(plan, theme),
        Proposal::Replace { pod, why, .. } => vec![
            word("pod"),
            plain(format!("{} ({})", pod.shown(), why.shown())),
        ],
    }
}
