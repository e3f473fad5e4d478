//! What changed before something turned sick, by the entries of the timeline: the nearest to what is sick first. Says from
//! when on it was watched, and what is not: where nothing was seen, nothing is concluded.

mod alerted;
mod nearness;
mod onset;
mod signs;
mod words;

use std::collections::BTreeSet;

use chrono::{DateTime, TimeDelta, Utc};

pub use alerted::{AlertedObject, alerted};
pub use nearness::Nearness;
pub use onset::{Onset, SickOnset, onset_of};
pub use words::ChangeLine;

use super::Model;
use super::changes::SOURCE;
use super::entry::Draft;
use super::kind::{Kind, Outcome};
use super::timeline::WINDOW_MAX;
use nearness::Surroundings;
use text::Outside;

/// How long before the first symptom a change may have to do with it.
pub const BEFORE_H: i64 = 2;
/// Where nothing changed in that time, the nearest changes of so many hours are named.
pub const LONG_BEFORE_H: i64 = 24;
/// A change that was only seen, and a symptom that is known by the second, may be so far in the wrong order.
pub const BLUR_S: i64 = 5;
/// Changes that are listed: the nearest; the others are counted.
pub const LISTED_MAX: usize = 200;
/// Changes that are listed although they were long before.
const EARLIER_MAX: usize = 3;

/// What is known about changes before the first symptom.
#[derive(Debug)]
pub struct WhatChanged<'a> {
    /// Workloads that are sick, the first to turn so first.
    pub sick: Vec<SickOnset>,
    /// What the alerts that fire name, when no pod is sick; the first to be named first.
    pub alerted: Vec<AlertedObject>,
    /// The first symptom; `None` when nothing is sick and no alert fires.
    pub symptom: Option<DateTime<Utc>>,
    /// Changes before it: the nearest first, of each nearness the latest first.
    pub changes: Vec<ListedChange<'a>>,
    /// How many more there are.
    pub left_out: usize,
    /// The nearest changes before the listed time, when none is listed.
    pub earlier: Vec<ListedChange<'a>>,
    /// What was rolled out in the namespaces of what is sick, or named by alerts, was read back to before the first symptom.
    pub knows_rollouts: bool,
    /// All that was recorded after this is in memory, and it was watched; `None` while nothing is watched yet.
    pub known_since: Option<DateTime<Utc>>,
}

/// One change, and how near it is to what is sick.
#[derive(Clone, Copy, Debug)]
pub struct ListedChange<'a> {
    pub draft: &'a Draft,
    pub nearness: Nearness,
}

impl WhatChanged<'_> {
    /// By what is known now.
    pub fn of(model: &Model) -> WhatChanged<'_> {
        let sick = onset::sick(model);
        let alerted = if sick.is_empty() {
            alerted(model)
        } else {
            Vec::new()
        };
        let symptom = sick
            .first()
            .map(|sick| sick.symptom)
            .or_else(|| alerted::first(model));
        let surroundings =
            Surroundings::of(model, &sick, &alerted, symptom.unwrap_or(model.now.wall));
        let context = &model.cluster.context;
        let is_here = |draft: &&Draft| {
            let target = draft.target.as_ref();
            target.and_then(|target| target.context.as_ref()) == Some(context)
        };
        let all = model.timeline.stored().filter(is_here);
        let all = all.filter(|draft| is_change(draft));
        let (mut changes, mut earlier) = (Vec::new(), Vec::new());
        for draft in all {
            if let Some(nearness) = surroundings.nearness(model, draft, BEFORE_H) {
                changes.push(ListedChange { draft, nearness });
            } else if let Some(nearness) = surroundings.nearness(model, draft, LONG_BEFORE_H) {
                earlier.push(ListedChange { draft, nearness });
            }
        }
        changes.sort_by_key(ListedChange::place);
        let left_out = changes.len().saturating_sub(LISTED_MAX);
        changes.truncate(LISTED_MAX);
        earlier.sort_by_key(ListedChange::place);
        earlier.truncate(if changes.is_empty() { EARLIER_MAX } else { 0 });
        let namespaces = namespaces(&sick, &alerted);
        let lookbacks = &model.observed.rollouts.lookbacks;
        WhatChanged {
            knows_rollouts: !namespaces.is_empty()
                && namespaces.iter().all(|name| lookbacks.has_all_of(name)),
            symptom,
            earlier,
            changes,
            left_out,
            known_since: known_since(model),
            sick,
            alerted,
        }
    }
}

impl ListedChange<'_> {
    /// The nearest first, of each nearness the latest.
    fn place(&self) -> impl Ord + use<> {
        let at = std::cmp::Reverse((self.draft.occurred_at, self.draft.id));
        (self.nearness, at)
    }
}

/// Where something is sick, or named by an alert.
fn namespaces<'a>(sick: &'a [SickOnset], alerted: &'a [AlertedObject]) -> BTreeSet<&'a Outside> {
    let sick = sick.iter().map(|sick| &sick.namespace);
    let alerted = alerted.iter().filter_map(AlertedObject::namespace);
    sick.chain(alerted).collect()
}

/// Since when it was watched, and all that was recorded is in memory.
fn known_since(model: &Model) -> Option<DateTime<Utc>> {
    let watched = model.observed.since?.wall;
    let timeline = &model.timeline;
    let oldest = timeline.oldest().filter(|_| timeline.len() >= WINDOW_MAX);
    Some(oldest.map_or(watched, |(oldest, _)| watched.max(oldest)))
}

/// The entry tells of a change of the cluster, and not of how it ended.
fn is_change(draft: &Draft) -> bool {
    let is_seen = draft.kind.is_change() && draft.refers_to.is_none();
    let is_event = draft.kind == Kind::Event && draft.source.as_deref() == Some(SOURCE);
    is_seen || is_event || draft.outcome() == Some(Outcome::Applied)
}

/// So many hours before.
fn before(at: DateTime<Utc>, hours: i64) -> DateTime<Utc> {
    let hours = TimeDelta::try_hours(hours).unwrap_or_default();
    at.checked_sub_signed(hours).unwrap_or(at)
}
