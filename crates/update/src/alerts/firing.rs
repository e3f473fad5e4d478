//! An answer beside what the timeline tells already: by this console, by earlier ones, by another one on the same file.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};

use super::entries::resolved;
use super::silences::unsilenced;
use model::Model;
use model::alert::AlertRow;
use model::alerts::{AlertEnd, AlertId, AlertOrigin, AlertRecord, Firing, SOURCE};
use model::entry::Draft;
use text::Outside;

/// What earlier consoles told of this context as firing, and not as over.
pub(super) fn remember(model: &mut Model) {
    let context = &model.cluster.context;
    let is_ours = |draft: &&Draft| {
        let target = draft.target.as_ref();
        draft.source.as_deref() == Some(SOURCE)
            && target.is_none_or(|target| target.context.as_ref() == Some(context))
    };
    let mut record = AlertRecord::default();
    for draft in model.timeline.stored().filter(is_ours) {
        match AlertOrigin::of(draft) {
            Some(AlertOrigin::Fired(id)) => {
                if let Some(fingerprint) = id.fingerprint() {
                    let uid = fingerprint.into();
                    record.firing.insert(uid, told_before(draft, id));
                }
            }
            Some(AlertOrigin::FiredMany(count, first)) => {
                // What it was made of is not said, only how many there were when it was written.
                let entries = draft.id.0.timestamp_ms();
                let entries =
                    DateTime::from_timestamp_millis(i64::try_from(entries).unwrap_or(i64::MAX));
                let firing = told_before(draft, first);
                let entries = model.to_alerts(entries.unwrap_or(draft.occurred_at));
                record.record_group(count, entries, &firing);
            }
            Some(AlertOrigin::Resolved(id)) => forget(&mut record, draft, &id),
            Some(AlertOrigin::ResolvedMany(count, _)) => {
                if let Some(name) = name(draft) {
                    record.crowd_over(name, count);
                }
            }
            Some(AlertOrigin::Silenced(_) | AlertOrigin::Unsilenced(_)) | None => {}
        }
    }
    let known = &mut model.alerts.record;
    (known.firing, known.crowd) = (record.firing, record.crowd);
    known.over = record.over;
}

fn told_before(draft: &Draft, id: AlertId) -> Firing {
    let target = draft.target.as_ref();
    let namespace = target.and_then(|target| target.namespace.clone());
    Firing::told_before(
        id,
        name(draft).unwrap_or(&draft.title).clone(),
        namespace.unwrap_or(Outside::from("")),
        draft.occurred_at,
    )
}

fn name(draft: &Draft) -> Option<&Outside> {
    draft.target.as_ref()?.name.as_ref()
}

fn forget(record: &mut AlertRecord, draft: &Draft, over: &AlertId) {
    let mut firing = record.firing.iter();
    let ended = firing.find(|(_, known)| known.id == *over);
    let ended = ended.map(|(uid, _)| uid.clone());
    if let Some((uid, firing)) = ended.and_then(|uid| record.firing.remove_entry(&uid)) {
        record.end(uid, firing);
    } else if let Some(name) = name(draft) {
        record.crowd_over(name, 1);
    }
}

/// Brings the record up to this answer; returns what fires and is not told of.
pub(super) fn update(
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
            _ if !alert.is_reported() => {}
            // It ended and began again between two answers.
            Some(known) => {
                again.push(AlertEnd {
                    firing: std::mem::replace(known, seen),
                    at: alert.starts_at.unwrap_or(now),
                });
                fresh.push(alert.clone());
            }
            None => {
                if record.is_of_crowd(alert, &seen) {
                    continue;
                }
                let mut seen = seen;
                if let Some(over) = record.comes_back(alert) {
                    seen.id = over.id.again();
                }
                record.firing.insert(alert.uid.clone(), seen);
                fresh.push(alert.clone());
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
