//! An answer beside what the timeline tells already: by this console, by earlier ones, by another one on the same file.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};

use super::told::{resolved, unsilenced};
use super::{FIRED, SOURCE};
use model::Model;
use model::alert::AlertRow;
use model::alerts::{Firing, Over, Record};
use model::entry::Draft;
use model::kind::Kind;
use text::Outside;

/// What the origins of entries about many begin with, behind the first word.
const GROUP: &str = "group/";

/// What earlier consoles told of this context as firing, and not as over.
pub(super) fn remember(model: &mut Model) {
    let context = &model.cluster.context;
    let is_ours = |draft: &&Draft| {
        let target = draft.target.as_ref();
        draft.source.as_deref() == Some(SOURCE)
            && target.is_none_or(|target| target.context.as_ref() == Some(context))
    };
    let mut record = Record::default();
    for draft in model.timeline.stored().filter(is_ours) {
        let origin = draft.origin.as_ref().map_or("", Outside::raw);
        if let Some(over) = origin.strip_prefix("resolved/") {
            forget(&mut record, draft, over);
        } else if let Some(fired) = origin.strip_prefix(FIRED)
            && draft.kind == Kind::AlertFired
        {
            recall(&mut record, draft, fired, |told| model.to_alerts(told));
        }
    }
    let known = &mut model.alerts.record;
    (known.firing, known.crowd) = (record.firing, record.crowd);
}

fn recall(
    record: &mut Record,
    draft: &Draft,
    origin: &str,
    by_alerts: impl Fn(DateTime<Utc>) -> DateTime<Utc>,
) {
    let target = draft.target.as_ref();
    let name = target.and_then(|target| target.name.clone());
    let namespace = target.and_then(|target| target.namespace.clone());
    let firing = Firing::told_before(
        origin,
        name.unwrap_or_else(|| draft.title.clone()),
        namespace.unwrap_or(Outside::from("")),
    );
    if let Some(group) = origin.strip_prefix(GROUP) {
        // What it was made of is not said, only how many there were when it was written.
        let told = draft.id.0.timestamp_ms();
        let told = DateTime::from_timestamp_millis(i64::try_from(told).unwrap_or(i64::MAX));
        record.told_crowd(
            count(group),
            by_alerts(told.unwrap_or(draft.occurred_at)),
            &firing,
        );
    } else if let Some((uid, _)) = origin.rsplit_once('/') {
        record.firing.insert(uid.into(), firing);
    }
}

fn forget(record: &mut Record, draft: &Draft, over: &str) {
    let target = draft.target.as_ref();
    let name = target.and_then(|target| target.name.as_ref());
    let before = record.firing.len();
    if let Some(group) = over.strip_prefix(GROUP) {
        if let Some(name) = name {
            record.crowd_over(name, count(group));
        }
        return;
    }
    record.firing.retain(|_, known| known.origin != over);
    if record.firing.len() == before
        && let Some(name) = name
    {
        record.crowd_over(name, 1);
    }
}

/// The count that stands first.
fn count(group: &str) -> usize {
    let count = group.split('/').next().unwrap_or_default();
    count.parse().unwrap_or(0)
}

/// Brings the record up to this answer; returns what fires and is not told of.
pub(super) fn look(
    model: &mut Model,
    now: DateTime<Utc>,
    drafts: &mut Vec<Draft>,
) -> Vec<AlertRow> {
    let alerts = &mut model.alerts;
    let about = alerts.about.as_ref();
    let record = &mut alerts.record;
    let (mut fresh, mut again) = (Vec::new(), Vec::new());
    let mut loud_again: BTreeMap<Outside, Vec<Outside>> = BTreeMap::new();
    for alert in alerts.watched.table.rows() {
        let seen = Firing::seen(alert, now, about);
        match record.firing.get_mut(&alert.uid) {
            // Held back by a greater alert it is there all the same.
            Some(known) if known.is_same(alert) => {
                if alert.state.is_loud() {
                    for id in &known.silenced_by {
                        let names = loud_again.entry(id.clone()).or_default();
                        names.push(alert.name.clone());
                    }
                }
                known.renew(seen);
            }
            _ if !alert.is_told() => {}
            // It ended and began again between two answers.
            Some(known) => {
                again.push(Over {
                    firing: std::mem::replace(known, seen),
                    at: alert.starts_at.unwrap_or(now),
                });
                fresh.push(alert.clone());
            }
            None => {
                if !record.is_of_crowd(alert, &seen) {
                    record.firing.insert(alert.uid.clone(), seen);
                    fresh.push(alert.clone());
                }
            }
        }
    }
    for over in again {
        drafts.push(resolved(model, &over));
    }
    for (id, names) in loud_again {
        drafts.extend(unsilenced(model, &id, &names));
    }
    fresh
}
