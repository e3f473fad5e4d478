//! What changed before something turned sick, by the entries of the timeline: the nearest to what is sick first. Says from
//! when on it was watched, and what is not: where nothing was seen, nothing is concluded.

mod nearness;
mod onset;
mod signs;
mod words;

use chrono::{DateTime, TimeDelta, Utc};

pub use nearness::Nearness;
pub use onset::{Onset, SickOnset, onset_of};
pub use words::ChangeLine;

use super::Model;
use super::changes::SOURCE;
use super::entry::Draft;
use super::kind::{Kind, Outcome};
use super::timeline::WINDOW_MAX;
use nearness::Surroundings;

/// How long before the first symptom a change may have to do with it.
pub const BEFORE_H: i64 = 2;
/// Where nothing changed in that time, the latest change of so many hours is named.
pub const LONG_BEFORE_H: i64 = 24;
/// A change that was only seen, and a symptom that is known by the second, may be so far in the wrong order.
pub const BLUR_S: i64 = 5;
/// Changes that are listed: the nearest; the others are counted.
pub const LISTED_MAX: usize = 200;

/// What is known about changes before the first symptom.
#[derive(Debug)]
pub struct WhatChanged<'a> {
    /// Workloads that are sick, the first to turn so first.
    pub sick: Vec<SickOnset>,
    /// The first symptom; `None` when nothing is sick and no alert fires.
    pub symptom: Option<DateTime<Utc>>,
    /// Changes before it: the nearest first, of each nearness the latest first.
    pub changes: Vec<ListedChange<'a>>,
    /// How many more there are.
    pub left_out: usize,
    /// The latest change before those of the listed time, when none is listed.
    pub earlier: Option<&'a Draft>,
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
        let symptom = sick
            .first()
            .map(|sick| sick.symptom)
            .or_else(|| first_alert(model));
        let surroundings = Surroundings::of(model, &sick, symptom.unwrap_or(model.now.wall));
        let context = &model.cluster.context;
        let is_here = |draft: &&Draft| {
            let target = draft.target.as_ref();
            target.and_then(|target| target.context.as_ref()) == Some(context)
        };
        let all = model.timeline.stored().filter(is_here);
        let all = all.filter(|draft| is_change(draft));
        let (mut changes, mut earlier) = (Vec::new(), None);
        for draft in all {
            if let Some(nearness) = surroundings.nearness(model, draft) {
                changes.push(ListedChange { draft, nearness });
            } else if surroundings.is_long_before(draft) {
                earlier = Some(draft);
            }
        }
        let latest_first = |change: &ListedChange<'_>| {
            let at = std::cmp::Reverse((change.draft.occurred_at, change.draft.id));
            (change.nearness, at)
        };
        changes.sort_by_key(latest_first);
        let left_out = changes.len().saturating_sub(LISTED_MAX);
        changes.truncate(LISTED_MAX);
        WhatChanged {
            sick,
            symptom,
            earlier: earlier.filter(|_| changes.is_empty()),
            changes,
            left_out,
            known_since: known_since(model),
        }
    }
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

/// When the first of the alerts that fire began; those that always fire say nothing.
fn first_alert(model: &Model) -> Option<DateTime<Utc>> {
    let alerts = model.alerts.watched.table.rows();
    let firing = alerts.filter(|alert| alert.is_firing() && !alert.is_background());
    let starts = firing.filter_map(|alert| alert.starts_at);
    starts.min().map(|at| model.of_alerts(at))
}

/// So many hours before.
fn before(at: DateTime<Utc>, hours: i64) -> DateTime<Utc> {
    let hours = TimeDelta::try_hours(hours).unwrap_or_default();
    at.checked_sub_signed(hours).unwrap_or(at)
}
