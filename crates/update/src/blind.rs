//! Minutes of which nothing is known: a source that was silent. Told when it speaks again, and when nobody waits for that any
//! more; from silence itself nothing is concluded.

use super::timeline;
use model::Model;
use model::cluster::Health;
use model::entry::{Actor, Draft};
use model::kind::{ActorKind, Kind};
use model::message::Effect;
use model::observed::BlindSpan;
use model::time::At;

/// What was silent.
#[derive(Clone, Copy)]
enum Silent {
    ApiServer,
    Alertmanager,
}

/// After a message: who is silent now, and who speaks again.
pub(super) fn update(model: &mut Model) -> Vec<Effect> {
    let mut drafts = Vec::new();
    if let Some(span) = step(&mut model.observed.blind, &model.cluster.pods.health) {
        drafts.push(entry(model, Silent::ApiServer, &span, ""));
        model.observed.heard_again = Some(model.now);
        for followed in model.observed.rollouts.followed.values_mut() {
            followed.progress.begin_anew(model.now);
        }
    }
    if let Some(span) = step(&mut model.alerts.blind, &model.alerts.watched.health) {
        drafts.push(entry(model, Silent::Alertmanager, &span, ""));
    }
    timeline::append(drafts)
}

/// Something else is watched from here on: what was silent may be so for longer.
pub(super) fn on_switch(model: &mut Model) -> Vec<Draft> {
    let is_elsewhere = model.alerts.context != model.cluster.context;
    nobody_waits(model, is_elsewhere, ", and another scope is watched since")
}

/// The console ends before they have spoken again.
pub(super) fn on_leaving(model: &mut Model) -> Vec<Draft> {
    nobody_waits(model, true, ", when the console stopped")
}

fn nobody_waits(model: &mut Model, has_left_alerts: bool, then: &str) -> Vec<Draft> {
    let server = model.observed.blind.take();
    let server = server.map(|span| entry(model, Silent::ApiServer, &span, then));
    let alerts = model.alerts.blind.take_if(|_| has_left_alerts);
    let alerts = alerts.map(|span| entry(model, Silent::Alertmanager, &span, then));
    server.into_iter().chain(alerts).collect()
}

/// A span that is over. What has never spoken was not known before either: its silence is no span.
fn step(blind: &mut Option<BlindSpan>, health: &Health) -> Option<BlindSpan> {
    match health {
        Health::Live { .. } | Health::Polling { .. } => return blind.take(),
        Health::Stale {
            heard: Some(since),
            problem,
            ..
        } if blind.is_none() => {
            *blind = Some(BlindSpan {
                since: *since,
                why: problem.what.clone(),
            });
        }
        Health::Stale { .. }
        | Health::Connecting
        | Health::Listing { .. }
        | Health::Stopped { .. } => {}
    }
    None
}

fn entry(model: &mut Model, silent: Silent, span: &BlindSpan, then: &str) -> Draft {
    let (what, who) = match silent {
        Silent::ApiServer => ("", "API server"),
        Silent::Alertmanager => (" of alerts", "Alertmanager"),
    };
    let BlindSpan { since, why } = span;
    let since: At = *since;
    let until = model.now.wall;
    let is_one_day = since.wall.date_naive() == until.date_naive();
    let clock = if is_one_day {
        "%H:%M:%S"
    } else {
        "%Y-%m-%d %H:%M:%S"
    };
    let title = format!(
        "nothing known{what} {} - {}{then}: {who} silent ({})",
        since.wall.format(clock),
        until.format(clock),
        why.raw()
    );
    let draft = timeline::draft(model, Actor::of(ActorKind::Console), Kind::Event, title);
    Draft {
        occurred_at: since.wall,
        ended_at: Some(until),
        source: Some("silence".into()),
        ..draft
    }
}
