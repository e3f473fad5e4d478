//! The entries about alerts: which fire, which are held back and by whom, which are over. Many of one name are one entry.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};

use crate::timeline;
use model::Model;
use model::alert::AlertRow;
use model::alerts::{AlertEnd, AlertId, AlertOrigin, Alerts, SOURCE};
use model::entry::{Actor, Draft, EntryTarget};
use model::kind::{ActorKind, Kind};
use model::link::{self, LinkTarget};
use model::severity::Severity;
use model::time::lasted;
use text::Outside;

/// So many alerts of one name in one answer are one entry with a count.
const GROUPED_FROM: usize = 10;
/// Only an earlier console saw it fire.
const UNSEEN: &str = " while nobody watched";

/// What fires and is not told of yet.
pub(super) fn firing_entries(model: &mut Model, fresh: Vec<AlertRow>) -> Vec<Draft> {
    let mut by_name: BTreeMap<Outside, Vec<AlertRow>> = BTreeMap::new();
    for alert in fresh {
        by_name.entry(alert.name.clone()).or_default().push(alert);
    }
    let mut drafts = Vec::new();
    for (name, alerts) in by_name {
        if alerts.len() < GROUPED_FROM {
            drafts.extend(alerts.iter().map(|alert| fired(model, alert)));
            continue;
        }
        for alert in &alerts {
            if let Some(known) = model.alerts.record.firing.get_mut(&alert.uid) {
                known.is_grouped = true;
            }
        }
        let first = alerts.iter().min_by_key(|alert| alert.starts_at);
        let first_id = first.map(|first| id_of(model, first));
        let worst = alerts.iter().min_by_key(|alert| alert.rank);
        let (Some(first), Some(first_id), Some(worst)) = (first, first_id, worst) else {
            continue;
        };
        let title = format!("{}: {} alerts fire", name.raw(), alerts.len());
        let origin = AlertOrigin::FiredMany(alerts.len(), first_id);
        let draft = entry(model, Kind::AlertFired, title, &origin, first.starts_at);
        for alert in &alerts {
            told(model, alert, &draft);
        }
        drafts.push(Draft {
            severity: severity(worst),
            target: Some(target(model, &name, &Outside::from(""))),
            ..draft
        });
    }
    drafts
}

fn fired(model: &mut Model, alert: &AlertRow) -> Draft {
    let summary = alert.summary().map_or(String::new(), |summary| {
        format!(": {}", first_line(summary))
    });
    let id = id_of(model, alert);
    let is_again = matches!(id, AlertId::Again { .. });
    let fires = if is_again {
        "fires again, since the same start: it was missing in an answer"
    } else {
        "fires"
    };
    let title = format!("{} {fires}{summary}", subject(&alert.name, alert.object()));
    let origin = AlertOrigin::Fired(id);
    let since = alert.starts_at.filter(|_| !is_again);
    let draft = entry(model, Kind::AlertFired, title, &origin, since);
    told(model, alert, &draft);
    let target = target_of(model, alert);
    Draft {
        severity: severity(alert),
        target: Some(target),
        body: Some(body(alert).into()),
        ..draft
    }
}

/// What its entries are called by.
fn id_of(model: &Model, alert: &AlertRow) -> AlertId {
    let known = model.alerts.record.firing.get(&alert.uid);
    known.map_or_else(|| AlertId::Known(alert.key()), |known| known.id.clone())
}

fn told(model: &mut Model, alert: &AlertRow, draft: &Draft) {
    if let Some(known) = model.alerts.record.firing.get_mut(&alert.uid) {
        known.told = Some(draft.occurred_at);
    }
}

/// What is wanted again when the alert is long over: what it says, what to do, and the query behind it.
fn body(alert: &AlertRow) -> String {
    let description = alert.annotation("description");
    let named = [
        ("description", description),
        ("runbook", alert.runbook()),
        ("query", alert.generator_url.as_ref()),
    ];
    let named = named.into_iter().filter_map(|(name, text)| {
        let text = text.filter(|text| !text.is_empty())?;
        Some(format!("{name}: {}", text.raw()))
    });
    let labels = alert.labels.iter();
    let labels = labels.map(|(name, value)| format!("{}={:?}", name.raw(), value.raw()));
    let labels = labels.collect::<Vec<_>>().join(" ");
    named
        .chain([format!("labels: {labels}")])
        .collect::<Vec<_>>()
        .join("\n")
}

/// Alerts that are gone for good.
pub(super) fn resolved_entries(model: &mut Model, now: DateTime<Utc>) -> Vec<Draft> {
    let Alerts {
        watched,
        about,
        record,
        ..
    } = &mut model.alerts;
    let mut over: BTreeMap<(Outside, bool), Vec<AlertEnd>> = BTreeMap::new();
    let mut ended = Vec::new();
    record.firing.retain(|uid, firing| {
        // Held back by a greater alert it is there all the same.
        if watched.table.get(uid).is_some() {
            return true;
        }
        let Some(at) = firing.missed(now, about.as_ref()) else {
            return true;
        };
        let firing = firing.clone();
        ended.push((uid.clone(), firing.clone()));
        let key = (firing.name.clone(), firing.is_grouped);
        over.entry(key).or_default().push(AlertEnd { firing, at });
        false
    });
    for (uid, firing) in ended {
        record.end(uid, firing);
    }
    let mut drafts = Vec::new();
    for ((name, is_grouped), all) in over {
        let is_many = all.len() >= GROUPED_FROM || (is_grouped && all.len() > 1);
        match all.first() {
            Some(first) if is_many => {
                let is_unseen = all.iter().all(|over| over.firing.seen.is_none());
                let when = if is_unseen { UNSEEN } else { "" };
                let title = format!("{}: {} alerts resolved{when}", named(&name), all.len());
                let origin = AlertOrigin::ResolvedMany(all.len(), first.firing.id.clone());
                let draft = entry(model, Kind::AlertResolved, title, &origin, Some(first.at));
                let target = target(model, &name, &Outside::from(""));
                drafts.push(Draft {
                    target: Some(target),
                    ..draft
                });
            }
            _ => drafts.extend(all.iter().map(|over| resolved(model, over))),
        }
    }
    drafts
}

/// One is over.
pub(super) fn resolved(model: &mut Model, over: &AlertEnd) -> Draft {
    let firing = &over.firing;
    let when = if firing.seen.is_none() { UNSEEN } else { "" };
    let name = subject(&firing.name, firing.object.as_ref());
    let origin = AlertOrigin::Resolved(firing.id.clone());
    let draft = entry(
        model,
        Kind::AlertResolved,
        String::new(),
        &origin,
        Some(over.at),
    );
    let after = firing.told.map_or(String::new(), |told| {
        format!(" after {}", lasted(told, draft.occurred_at))
    });
    Draft {
        title: format!("{name} resolved{when}{after}").into(),
        target: Some(target(model, &firing.name, &firing.namespace)),
        ..draft
    }
}

/// Nothing has happened after now, whatever the sender's clock says.
pub(super) fn entry(
    model: &mut Model,
    kind: Kind,
    title: String,
    origin: &AlertOrigin,
    at: Option<DateTime<Utc>>,
) -> Draft {
    let actor = Actor::of(ActorKind::Alertmanager);
    let draft = timeline::draft(model, actor, kind, title);
    Draft {
        occurred_at: at.map_or(draft.occurred_at, |at| {
            model.of_alerts(at).min(draft.occurred_at)
        }),
        source: Some(SOURCE.into()),
        origin: Some(origin.to_string().into()),
        ..draft
    }
}

fn target(model: &Model, name: &Outside, namespace: &Outside) -> EntryTarget {
    EntryTarget {
        context: Some(model.cluster.context.clone()),
        namespace: (!namespace.is_empty()).then(|| namespace.clone()),
        kind: Some("Alert".into()),
        name: Some(name.clone()),
        ..EntryTarget::default()
    }
}

/// With what it is about: the workload of its pod rather than the pod.
fn target_of(model: &Model, alert: &AlertRow) -> EntryTarget {
    let target = target(model, &alert.name, &alert.namespace);
    let subject = link::of_alert(&alert.name, &alert.labels, &model.cluster).ok();
    match subject.as_ref().and_then(|subject| subject.targets.first()) {
        Some(
            LinkTarget::Workload(workload)
            | LinkTarget::Pod {
                workload: Some(workload),
                ..
            },
        ) => EntryTarget {
            namespace: Some(workload.namespace.clone()),
            about: Some(workload.name.clone()),
            ..target
        },
        Some(LinkTarget::Pod { .. } | LinkTarget::Node(_) | LinkTarget::Namespace(_)) | None => {
            EntryTarget {
                about: alert.object().cloned(),
                ..target
            }
        }
    }
}

/// The alert's own word, with its meaning as the rank.
fn severity(alert: &AlertRow) -> Option<Severity> {
    (!alert.severity.is_empty()).then(|| Severity {
        scheme: SOURCE.into(),
        name: alert.severity.raw().into(),
        rank: alert.rank as u8,
    })
}

/// An alert and what it is about: many have the same name.
fn subject(name: &Outside, object: Option<&Outside>) -> String {
    match object {
        Some(object) if !object.is_empty() => format!("{} of {}", named(name), first_line(object)),
        _ => named(name).to_owned(),
    }
}

pub(super) fn named(name: &Outside) -> &str {
    if name.is_empty() {
        "an alert without a name"
    } else {
        name.raw()
    }
}

pub(super) fn first_line(text: &Outside) -> &str {
    text.raw().trim().lines().next().unwrap_or_default()
}
