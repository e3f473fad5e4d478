//! The question itself, in one sentence.

use ratatui::style::Style;

use super::asks;
use crate::theme::{Role, Theme};
use model::write::dialog::{Dialog, Field, Proposal, Step};
use text::SafeText;

pub(super) fn pieces(dialog: &Dialog, theme: &Theme) -> Vec<(SafeText<'static>, Style)> {
    let name = dialog.target.name.shown();
    let (words, role) = match (&dialog.step, dialog.field) {
        (Step::Change, Field::Replicas | Field::Revision | Field::Name) => (
            format!(
                "{} {name} in {}?",
                asks(&dialog.proposal),
                dialog.target.namespace.shown()
            ),
            Role::Text,
        ),
        (Step::Change, Field::Question) => (sentence(dialog), Role::Title),
        (Step::Zero, _) => (
            format!("Really 0? No pod of {name} is left until somebody scales it up."),
            Role::Bad,
        ),
        (Step::Far { from, to }, _) => {
            let (count, what) = if to > from {
                (to - from, "more of its pods are started")
            } else {
                (from - to, "of its pods are ended")
            };
            let words = format!("Really {to}, where it has {from}? {count} {what}.");
            (words, Role::Bad)
        }
        (Step::Recording, _) => (
            "Yes: the intent is being recorded; then it is sent.".to_owned(),
            Role::Title,
        ),
        (Step::Unrecorded(why), _) => (
            format!("Go on WITHOUT a record? NOT RECORDED: {}", why.shown()),
            Role::Bad,
        ),
    };
    vec![
        (SafeText::from(" "), theme.style(Role::Text)),
        (SafeText::from(words), theme.style(role)),
    ]
}

fn sentence(dialog: &Dialog) -> String {
    let (name, namespace) = (dialog.target.name.shown(), dialog.target.namespace.shown());
    match &dialog.proposal {
        Proposal::Scale { from, typed, .. } => {
            format!("Scale {name} {from} -> {typed} in {namespace}?")
        }
        Proposal::Undo { from, to, .. } => {
            format!("Scale {name} back {from} -> {to} in {namespace}?")
        }
        Proposal::Restart { .. } => format!("Restart {name} in {namespace}?"),
        Proposal::Rollback(plan) => {
            let to = plan.chosen().map_or(String::new(), |to| to.point.name());
            let from = plan.from.name();
            if plan.is_undo {
                format!("Roll {name} forward to {to} again in {namespace}?")
            } else {
                format!("Roll {name} back {from} -> {to} in {namespace}?")
            }
        }
        Proposal::Replace { pod, .. } => format!("Delete pod {} in {namespace}?", pod.shown()),
    }
}
