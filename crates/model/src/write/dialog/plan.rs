//! From where a rollback goes, and the revisions to which it can.

use crate::entry::EntryId;
use crate::meta::Uid;
use crate::time::Seconds;
use crate::workload::revisions::{History, InUse};
use crate::write::change::Point;
use text::Outside;

/// From where a rollback would go, and to where it could.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Plan {
    pub from: Point,
    /// What it could be instead; never empty.
    pub options: Vec<Candidate>,
    /// The one that is chosen.
    pub chosen: usize,
    /// The intent that is taken back, when it is an undo.
    pub undoes: Option<EntryId>,
    /// It takes a rollback back.
    pub is_undo: bool,
}

/// A revision that can be gone back to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Candidate {
    pub point: Point,
    /// How long it was current.
    pub in_use: InUse,
    /// The number of which it is only a restart.
    pub restart_of: Option<u64>,
    /// Why it was made, as somebody wrote it down.
    pub change_cause: Option<Outside>,
}

impl Plan {
    /// Of a workload's revisions: `wanted` is chosen, else the last good one; `None` when there is no other.
    pub fn of(history: &History, wanted: Option<&Uid>, now: Seconds) -> Option<Plan> {
        let candidates = history.candidates();
        let at = |at: usize| candidates.iter().position(|other| *other == at);
        let is_wanted = |at: &usize| Some(&history.revisions[*at].uid) == wanted;
        let chosen = candidates
            .iter()
            .position(is_wanted)
            .or_else(|| history.last_good(now).and_then(at));
        let options = candidates.iter().map(|at| {
            let revision = &history.revisions[*at];
            Candidate {
                point: Point::of(revision),
                in_use: history.in_use(*at, now),
                restart_of: history.restart_of(*at),
                change_cause: revision.change_cause.clone(),
            }
        });
        let options: Vec<Candidate> = options.collect();
        (!options.is_empty()).then(|| Plan {
            from: Point::now(history),
            options,
            chosen: chosen.unwrap_or(0),
            undoes: None,
            is_undo: false,
        })
    }

    /// Back to one point, without a choice.
    pub fn back(from: Point, to: Point, undoes: Option<EntryId>) -> Plan {
        Plan {
            from,
            options: vec![Candidate {
                point: to,
                in_use: InUse::Unknown,
                restart_of: None,
                change_cause: None,
            }],
            chosen: 0,
            undoes,
            is_undo: true,
        }
    }

    /// What is chosen.
    pub fn chosen(&self) -> Option<&Candidate> {
        self.options.get(self.chosen)
    }
}
