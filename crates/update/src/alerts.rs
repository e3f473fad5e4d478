//! What Alertmanager says, into the pane and onto the timeline: firing, silenced and resolved, each once, over restarts of
//! this console, of another one on the same file, and of Alertmanager itself.

mod entries;
mod firing;
mod silences;

use super::timeline;
use model::alerts::{Alerts, AlertsAnswer};
use model::cluster::Health;
use model::message::{AlertsMsg, Effect};
use model::screen::Pane;
use model::{Model, alert, clocks};

/// Without the record of earlier consoles nothing is told before this many answers: it would be told twice.
const ANSWERS_WITHOUT_RECORD: u32 = 3;

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

fn answered(model: &mut Model, answer: AlertsAnswer) -> Vec<Effect> {
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
    if let Some(skew_s) = answer.skew_s {
        alerts.skew_s = Some(clocks::smoothed_skew(alerts.skew_s, skew_s));
    }
    alerts.weigh();
    record(model)
}

/// What of this answer the timeline does not tell of yet.
fn record(model: &mut Model) -> Vec<Effect> {
    let record = &mut model.alerts.record;
    record.answers = record.answers.saturating_add(1);
    if !model.timeline.is_open && record.answers < ANSWERS_WITHOUT_RECORD {
        return Vec::new();
    }
    if !std::mem::replace(&mut record.has_begun, true) {
        firing::remember(model);
    }
    let (now, mut drafts) = (model.alerts_now(), Vec::new());
    let fresh = firing::update(model, now, &mut drafts);
    drafts.extend(entries::firing_entries(model, fresh));
    drafts.extend(silences::silence_entries(model));
    drafts.extend(entries::resolved_entries(model, now));
    timeline::append(drafts)
}
