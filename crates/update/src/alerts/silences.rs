//! The entries about silences: who holds back what until when, and what goes on when one is over.

use std::collections::BTreeMap;

use super::entries::{entry, first_line, named};
use model::Model;
use model::alert::Silence;
use model::alerts::AlertOrigin;
use model::entry::{Actor, Draft};
use model::kind::{ActorKind, Kind};
use text::Outside;

/// Alerts named in the entry about a silence; the others are counted.
const NAMED: usize = 3;

/// One entry for each silence that holds something back, when it is first seen to.
pub(super) fn silence_entries(model: &mut Model) -> Vec<Draft> {
    let mut held: BTreeMap<Outside, Vec<Outside>> = BTreeMap::new();
    let alerts = &model.alerts;
    let silenced = alerts
        .watched
        .table
        .rows()
        .filter(|alert| alert.is_reported());
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
        let end = model.of_alerts(end);
        format!(" until {}", end.format("%Y-%m-%d %H:%MZ"))
    });
    let comment = first_line(&silence.comment);
    let colon = if comment.is_empty() { "" } else { ": " };
    let title = format!(
        "{} silenced{until} by {}{colon}{comment}",
        listed(names),
        first_line(&silence.author)
    );
    let origin = AlertOrigin::Silenced(silence.id.clone());
    let draft = entry(
        model,
        Kind::AlertSilenced,
        title,
        &origin,
        silence.starts_at,
    );
    Draft {
        actor: Actor {
            user: Some(silence.author.clone()),
            ..Actor::of(ActorKind::Alertmanager)
        },
        body: Some(silence.matchers.clone()),
        ..draft
    }
}

/// A silence is over, and these go on.
pub(super) fn unsilenced(model: &mut Model, id: &Outside, names: &[Outside]) -> Option<Draft> {
    let silence = model.alerts.silences.get(id);
    if silence.is_some_and(|silence| silence.is_active) {
        return None;
    }
    let ended = silence.and_then(|silence| silence.ends_at);
    let by = silence.map_or(String::new(), |silence| {
        format!(" by {}", first_line(&silence.author))
    });
    let title = format!("{} still firing: the silence{by} has ended", listed(names));
    let origin = AlertOrigin::Unsilenced(id.clone());
    let ended = ended.filter(|ended| *ended <= model.alerts_now());
    Some(entry(model, Kind::Event, title, &origin, ended))
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
