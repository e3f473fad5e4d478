//! What somebody wrote is called saved in the status line: the timeline may be out of sight.

use model::entry::Draft;
use model::kind::{Kind, Phase};
use model::timeline::Pending;

pub(super) fn words(draft: &Draft, was: Option<&Pending>) -> Option<&'static str> {
    if was.is_some_and(|was| was.problem.is_some()) {
        return Some("saved now: what waited is on disk");
    }
    match (draft.kind, draft.phase) {
        (Kind::Note, _) => Some("note saved on the timeline"),
        (Kind::LogPin, _) => Some("pinned to the timeline"),
        (Kind::PhaseChange, Some(Phase::Closed)) => Some("incident closed"),
        _ => None,
    }
}
