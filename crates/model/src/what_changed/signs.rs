//! Signs of a trouble before the present span of it, as the timeline tells them: the first pod of a rollout that crashed and was
//! replaced, a probe that failed before the crash, an alert that names the workload.

use std::collections::BTreeMap;

use chrono::{DateTime, TimeDelta, Utc};

use super::SickOnset;
use crate::Model;
use crate::alert::Rank;
use crate::alerts::AlertOrigin;
use crate::entry::{Draft, EntryTarget};
use crate::kind::Kind;
use text::Outside;

/// What turns bad again within this was not well between.
pub const AGAIN: TimeDelta = TimeDelta::minutes(5);

/// A sign of which nobody says that it is over counts for no longer.
const OPEN: TimeDelta = TimeDelta::hours(1);

/// What an entry says about a workload.
struct Sign {
    at: DateTime<Utc>,
    /// `None`: nobody says that it is over.
    until: Option<DateTime<Utc>>,
}

/// Moves the first symptom of each back to the earliest sign of the same trouble.
pub(super) fn begin_with_the_first(
    model: &Model,
    found: &mut BTreeMap<(&Outside, &Outside), SickOnset>,
) {
    if found.is_empty() {
        return;
    }
    let context = &model.cluster.context;
    let mut signs: BTreeMap<(&Outside, &Outside), Vec<Sign>> = BTreeMap::new();
    for draft in model.timeline.stored() {
        let target = draft.target.as_ref();
        let target = target.filter(|target| target.context.as_ref() == Some(context));
        let Some((Some(namespace), Some(name))) =
            target.map(|target| (target.namespace.as_ref(), subject(draft, target)))
        else {
            continue;
        };
        if found.contains_key(&(namespace, name)) && is_sign(draft) {
            let until = until(model, draft);
            let at = draft.occurred_at;
            let signs = signs.entry((namespace, name)).or_default();
            signs.push(Sign { at, until });
        }
    }
    for (place, sick) in found {
        let mut earlier = signs.remove(place).unwrap_or_default();
        earlier.sort_by_key(|sign| std::cmp::Reverse(sign.at));
        for sign in earlier {
            let goes_on = match sign.until {
                Some(until) => sick.symptom - until <= AGAIN,
                None => sick.symptom - sign.at <= OPEN,
            };
            if goes_on && sign.at < sick.symptom {
                sick.symptom = sign.at;
            }
        }
    }
}

/// The workload that the entry is about.
fn subject<'a>(draft: &Draft, target: &'a EntryTarget) -> Option<&'a Outside> {
    if draft.kind == Kind::AlertFired {
        target.about.as_ref()
    } else {
        target.name.as_ref()
    }
}

/// It says that something is wrong, not that it is still so, or over.
fn is_sign(draft: &Draft) -> bool {
    // What only informs says nothing of a trouble.
    let severity = draft.severity.as_ref();
    let is_alert = draft.kind == Kind::AlertFired
        && severity.is_none_or(|severity| severity.rank < Rank::Info as u8);
    let is_kind = is_alert
        || draft.kind == Kind::PodTransition
        || (draft.kind == Kind::Event && draft.is_backfilled());
    is_kind && draft.refers_to.is_none()
}

fn until(model: &Model, draft: &Draft) -> Option<DateTime<Utc>> {
    // The last time that the cluster warned of it.
    if draft.kind == Kind::Event {
        return Some(draft.ended_at.unwrap_or(draft.occurred_at));
    }
    let mut later = model.timeline.stored();
    if let Some(AlertOrigin::Fired(id)) = AlertOrigin::of(draft) {
        let over = Some(AlertOrigin::Resolved(id));
        let end = later.find(|end| AlertOrigin::of(end) == over);
        return end.map(|end| end.occurred_at);
    }
    let end = later.find(|end| end.refers_to == Some(draft.id) && end.tags.is_empty());
    end.map(|end| end.occurred_at)
}
