//! What stays behind when somebody leaves now.

use model::Model;
use model::write::{Change, SentState};

/// What is under way, each in a few words: the incident that is open, writes without an answer or a verdict.
pub(super) fn left_open(model: &Model) -> Vec<String> {
    let mut open = Vec::new();
    if let Some(incident) = &model.timeline.incident {
        open.push(format!(
            "the incident \"{}\" stays open",
            incident.title.raw()
        ));
    }
    open.extend(writes(model));
    open
}

/// Writes without an answer or a verdict.
pub(super) fn writes(model: &Model) -> Vec<String> {
    let mut open = Vec::new();
    for (what, state) in model.writes.sent() {
        let verb = match what.change {
            Change::Scale { .. } => "scale",
            Change::Restart { .. } => "restart",
            Change::Rollback(_) => "rollback",
            Change::Replace { .. } => "deletion of a pod",
        };
        let name = what.target.name.raw();
        match state {
            SentState::Sending => open.push(format!("the {verb} of {name} has no answer yet")),
            SentState::Following(_) => {
                open.push(format!("the {verb} of {name} has no verdict yet"));
            }
            SentState::Over { .. } => {}
        }
    }
    open
}
