//! What Alertmanager says, into the pane and onto the timeline: firing, silenced and resolved, each once, over restarts of
//! this console, of another one on the same file, and of Alertmanager itself.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};

use super::timeline;
use crate::message::{AlertsMsg, Effect};
use crate::model::Model;
use crate::model::alert::{self, AlertRow, Silence};
use crate::model::alerts::{Alerts, Answer, Firing, Over};
use crate::model::cluster::Health;
use crate::model::entry::{Actor, Draft, Target};
use crate::model::kind::{ActorKind, Kind};
use crate::model::screen::Pane;
use crate::model::severity::Severity;
use crate::model::time::At;
use crate::text::Outside;

/// So many alerts of one name in one answer are one entry with a count.
const GROUPED_FROM: usize = 10;
/// Without the record of earlier consoles nothing is told before this many answers: it would be told twice.
const ANSWERS_WITHOUT_RECORD: u32 = 3;
/// Alerts named in the entry about a silence; the others are counted.
const NAMED: usize = 3;

/// Source of the entries.
const SOURCE: &str = "alertmanager";
/// What origins begin with.
const FIRED: &str = "fired/";

pub(super) fn update(model: &mut Model, msg: AlertsMsg) -> Vec<Effect> {
    let context = match &msg {
        AlertsMsg::Unconfigured { context, .. }
        | AlertsMsg::Asking { context, .. }
        | AlertsMsg::Answered { context, .. }
        | AlertsMsg::Failed { context, .. } => context,
    };
    if model.cluster.context.raw() != &**context {
        return Vec::new();
    }
    settle(model);
    match msg {
        AlertsMsg::Unconfigured { problem, .. } => {
            model.alerts.place = None;
            model.alerts.watched.health = Health::Stopped { problem };
        }
        AlertsMsg::Asking { place, .. } => model.alerts.place = Some(place),
        AlertsMsg::Answered { answer, .. } => return answered(model, *answer),
        AlertsMsg::Failed { problem, retry, .. } => {
            let heard = match &model.alerts.watched.health {
                Health::Live { heard } => Some(*heard),
                Health::Stale { heard, .. } => *heard,
                _ => None,
            };
            model.alerts.watched.health = Health::Stale {
                heard,
                problem,
                retry: Some(retry),
            };
        }
    }
    Vec::new()
}

/// With another context everything begins anew.
pub(super) fn settle(model: &mut Model) {
    if model.alerts.context != model.cluster.context {
        model.alerts = Alerts::of(model.cluster.context.clone());
    }
}

fn answered(model: &mut Model, answer: Answer) -> Vec<Effect> {
    let now = model.now;
    let (filter, subject) = (
        &model.screen.alerts.filter,
        model.screen.subject_of(Pane::Alerts),
    );
    let alerts = &mut model.alerts;
    alerts.generation = alerts.generation.wrapping_add(1);
    let generation = alerts.generation;
    let table = &mut alerts.watched.table;
    table.begin(generation);
    for row in answer.alerts {
        table.apply(row, |row| alert::stand_alert(row, filter, subject));
    }
    table.sweep(generation);
    alerts.watched.unreadable = answer.unreadable;
    alerts.watched.is_complete = true;
    alerts.watched.health = Health::Live { heard: now };
    if let Some(silences) = answer.silences {
        let by_id = silences
            .into_iter()
            .map(|silence| (silence.id.clone(), silence));
        alerts.silences = by_id.collect();
    }
    // Of another Alertmanager than before, or of none that says so: not the one that had what is missing now.
    alerts.about = answer.about;
    record(model, now)
}

/// What of this answer the timeline does not tell of yet.
fn record(model: &mut Model, now: At) -> Vec<Effect> {
    let record = &mut model.alerts.record;
    record.answers = record.answers.saturating_add(1);
    if !model.timeline.is_open && record.answers < ANSWERS_WITHOUT_RECORD {
        return Vec::new();
    }
    if !std::mem::replace(&mut record.has_begun, true) {
        remember(model);
    }
    let mut drafts = Vec::new();
    let fresh = look(model, now.wall, &mut drafts);
    drafts.extend(told_firing(model, fresh));
    drafts.extend(told_silences(model));
    drafts.extend(told_over(model, now.wall));
    timeline::append(drafts)
}

/// What earlier consoles told of this context as firing, and not as over.
fn remember(model: &mut Model) {
    let is_ours = |draft: &Draft| {
        draft.source.as_deref() == Some(SOURCE)
            && draft
                .target
                .as_ref()
                .is_none_or(|target| target.context.as_ref() == Some(&model.cluster.context))
    };
    let mut firing = BTreeMap::new();
    for draft in model.timeline.stored().filter(|draft| is_ours(draft)) {
        let Some(origin) = draft.origin.as_ref().map(Outside::raw) else {
            continue;
        };
        if let Some(over) = origin.strip_prefix("resolved/") {
            firing.retain(|_, known: &mut Firing| known.origin != over);
        } else if let Some((uid, _)) = origin
            .strip_prefix(FIRED)
            .and_then(|origin| origin.rsplit_once('/'))
            && draft.kind == Kind::AlertFired
            && !uid.starts_with("group/")
        {
            let target = draft.target.as_ref();
            let name = target.and_then(|target| target.name.clone());
            let namespace = target.and_then(|target| target.namespace.clone());
            let known = Firing::told_before(
                origin.trim_start_matches(FIRED),
                name.unwrap_or_else(|| draft.title.clone()),
                namespace.unwrap_or(Outside::from("")),
                draft.occurred_at,
            );
            firing.insert(uid.into(), known);
        }
    }
    model.alerts.record.firing = firing;
}

/// Brings the record up to this answer; returns what fires and is not told of.
fn look(model: &mut Model, now: DateTime<Utc>, drafts: &mut Vec<Draft>) -> Vec<AlertRow> {
    let alerts = &mut model.alerts;
    let about = alerts.about.as_ref();
    let mut fresh = Vec::new();
    let mut again = Vec::new();
    let mut loud_again: BTreeMap<Outside, Vec<Outside>> = BTreeMap::new();
    for alert in alerts.watched.table.rows().filter(|alert| alert.is_told()) {
        let seen = Firing::seen(alert, now, about);
        match alerts.record.firing.get_mut(&alert.uid) {
            Some(known) if known.is_same(alert) => {
                if alert.state.is_loud() {
                    for id in &known.silenced_by {
                        let names = loud_again.entry(id.clone()).or_default();
                        names.push(alert.name.clone());
                    }
                }
                known.renew(seen);
            }
            // It ended and began again between two answers.
            Some(known) => {
                again.push(Over {
                    firing: std::mem::replace(known, seen),
                    at: alert.starts_at.unwrap_or(now),
                });
                fresh.push(alert.clone());
            }
            None => {
                alerts.record.firing.insert(alert.uid.clone(), seen);
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

fn told_firing(model: &mut Model, fresh: Vec<AlertRow>) -> Vec<Draft> {
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
        let worst = alerts.iter().min_by_key(|alert| alert.rank);
        let (Some(first), Some(worst)) = (first, worst) else {
            continue;
        };
        let title = format!("{}: {} alerts fire", name.raw(), alerts.len());
        let origin = format!("{FIRED}group/{}/{}", alerts.len(), first.origin());
        let draft = entry(model, Kind::AlertFired, title, origin, first.starts_at);
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
    let title = format!("{} fires{summary}", named(&alert.name));
    let origin = format!("{FIRED}{}", alert.origin());
    let draft = entry(model, Kind::AlertFired, title, origin, alert.starts_at);
    let labels: Vec<String> = (alert.labels.iter())
        .map(|(name, value)| format!("{}={:?}", name.raw(), value.raw()))
        .collect();
    Draft {
        severity: severity(alert),
        target: Some(target(model, &alert.name, &alert.namespace)),
        body: Some(labels.join(" ").into()),
        ..draft
    }
}

/// One entry for each silence that holds something back, when it is first seen to.
fn told_silences(model: &mut Model) -> Vec<Draft> {
    let mut held: BTreeMap<Outside, Vec<Outside>> = BTreeMap::new();
    let alerts = &model.alerts;
    let silenced = alerts.watched.table.rows().filter(|alert| alert.is_told());
    for alert in silenced {
        for id in &alert.silenced_by {
            // Who and why is what the entry is for: without it, it waits.
            if alerts.silences.contains_key(id) && !alerts.record.silences.contains(id) {
                held.entry(id.clone()).or_default().push(alert.name.clone());
            }
        }
    }
    let mut drafts = Vec::new();
    for (id, names) in held {
        let Some(silence) = model.alerts.silences.get(&id).cloned() else {
            continue;
        };
        model.alerts.record.silences.insert(id);
        drafts.push(silenced_by(model, &silence, &names));
    }
    drafts
}

fn silenced_by(model: &mut Model, silence: &Silence, names: &[Outside]) -> Draft {
    let until = silence.ends_at.map_or(String::new(), |end| {
        format!(" until {}", end.format("%Y-%m-%d %H:%MZ"))
    });
    let comment = first_line(&silence.comment);
    let colon = if comment.is_empty() { "" } else { ": " };
    let title = format!(
        "{} silenced{until} by {}{colon}{comment}",
        listed(names),
        first_line(&silence.author)
    );
    let origin = format!("silenced/{}", silence.id.raw());
    let draft = entry(model, Kind::AlertSilenced, title, origin, silence.starts_at);
    Draft {
        actor: Actor {
            user: Some(silence.author.clone()),
            ..Actor::of(ActorKind::Alertmanager)
        },
        body: Some(silence.matchers.clone()),
        ..draft
    }
}

fn unsilenced(model: &mut Model, id: &Outside, names: &[Outside]) -> Option<Draft> {
    let silence = model.alerts.silences.get(id);
    if silence.is_some_and(|silence| silence.is_active) {
        return None;
    }
    let ended = silence.and_then(|silence| silence.ends_at);
    let by = silence.map_or(String::new(), |silence| {
        format!(" by {}", first_line(&silence.author))
    });
    let title = format!("{} still firing: the silence{by} has ended", listed(names));
    let origin = format!("unsilenced/{}", id.raw());
    let ended = ended.filter(|ended| *ended <= model.now.wall);
    Some(entry(model, Kind::Event, title, origin, ended))
}

/// Alerts that are gone for good.
fn told_over(model: &mut Model, now: DateTime<Utc>) -> Vec<Draft> {
    let Alerts {
        watched,
        about,
        record,
        ..
    } = &mut model.alerts;
    let mut over: BTreeMap<(Outside, bool), Vec<Over>> = BTreeMap::new();
    record.firing.retain(|uid, firing| {
        // Held back by a greater alert it is there all the same.
        if watched.table.get(uid).is_some() {
            return true;
        }
        let Some(at) = firing.missed(now, about.as_ref()) else {
            return true;
        };
        let firing = firing.clone();
        let key = (firing.name.clone(), firing.is_grouped);
        over.entry(key).or_default().push(Over { firing, at });
        false
    });
    let mut drafts = Vec::new();
    for ((name, is_grouped), all) in over {
        let is_many = all.len() >= GROUPED_FROM || (is_grouped && all.len() > 1);
        match all.first() {
            Some(first) if is_many => {
                let title = format!("{}: {} alerts resolved", named(&name), all.len());
                let origin = format!("resolved/group/{}/{}", all.len(), first.firing.origin);
                let draft = entry(model, Kind::AlertResolved, title, origin, Some(first.at));
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

fn resolved(model: &mut Model, over: &Over) -> Draft {
    let firing = &over.firing;
    let after = firing.starts_at.map_or(String::new(), |start| {
        let minutes = (over.at - start).num_minutes().max(0);
        match minutes {
            0..120 => format!(" after {minutes} min"),
            _ => format!(" after {} h", minutes / 60),
        }
    });
    let when = if firing.seen.is_none() {
        " while nobody watched"
    } else {
        ""
    };
    let title = format!("{} resolved{when}{after}", named(&firing.name));
    let origin = format!("resolved/{}", firing.origin);
    let draft = entry(model, Kind::AlertResolved, title, origin, Some(over.at));
    Draft {
        target: Some(target(model, &firing.name, &firing.namespace)),
        ..draft
    }
}

fn entry(
    model: &mut Model,
    kind: Kind,
    title: String,
    origin: String,
    at: Option<DateTime<Utc>>,
) -> Draft {
    let actor = Actor::of(ActorKind::Alertmanager);
    let draft = timeline::draft(model, actor, kind, title);
    Draft {
        occurred_at: at.unwrap_or(draft.occurred_at),
        source: Some(SOURCE.into()),
        origin: Some(origin.into()),
        ..draft
    }
}

fn target(model: &Model, name: &Outside, namespace: &Outside) -> Target {
    Target {
        context: Some(model.cluster.context.clone()),
        namespace: (!namespace.is_empty()).then(|| namespace.clone()),
        kind: Some("Alert".into()),
        name: Some(name.clone()),
        ..Target::default()
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

fn named(name: &Outside) -> &str {
    if name.is_empty() {
        "an alert without a name"
    } else {
        name.raw()
    }
}

/// `A, B, C and 2 more`.
fn listed(names: &[Outside]) -> String {
    let mut different: Vec<&str> = names.iter().map(named).collect();
    different.sort_unstable();
    different.dedup();
    let shown = different.len().min(NAMED);
    let more = names.len().saturating_sub(shown);
    let list = different[..shown].join(", ");
    match more {
        0 => list,
        more => format!("{list} and {more} more"),
    }
}

fn first_line(text: &Outside) -> &str {
    text.raw().trim().lines().next().unwrap_or_default()
}
