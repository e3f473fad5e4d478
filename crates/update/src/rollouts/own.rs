//! Rollbacks that this console made itself: when, by its own entries.

use chrono::{DateTime, Utc};

use model::Model;
use model::entry::Draft;
use model::kind::Outcome;
use model::rollouts::DueRollout;

/// A rollback of this console is seen in its workload no later than this, and no earlier before the server's answer.
const OWN_MS: i64 = 60_000;

/// When this console rolled the workload back, if that is what was seen: its `ReplicaSet` is older than that.
pub(super) fn rollback(model: &Model, due: &DueRollout) -> Option<DateTime<Utc>> {
    let timeline = &model.timeline;
    let waiting = timeline.pending.values().map(|pending| &pending.draft);
    let is_it = |draft: &&Draft| {
        let target = draft.target.as_ref().and_then(|target| target.uid.as_ref());
        let change = draft.change.as_ref();
        draft.outcome() == Some(Outcome::Applied)
            && target.is_some_and(|uid| uid.raw() == &*due.uid)
            && change.is_some_and(|change| change.revision_to.is_some())
            && (draft.occurred_at - due.seen.wall).num_milliseconds().abs() < OWN_MS
    };
    let applied = timeline.stored().chain(waiting).filter(is_it);
    applied
        .map(|draft| draft.occurred_at.min(due.seen.wall))
        .max()
}
