//! What stays behind when somebody leaves now.

use model::{Model, unfinished};

/// What is under way, each in a few words: the incident that is open, writes without an answer or a verdict.
pub(super) fn left_open(model: &Model) -> Vec<String> {
    let mut open = Vec::new();
    if let Some(incident) = &model.timeline.incident {
        open.push(format!(
            "the incident \"{}\" stays open",
            incident.title.raw()
        ));
    }
    open.extend(unfinished::writes(model));
    open
}
