//! When a drawn text next changes by itself, and what is settled when time has passed.

use chrono::{DateTime, Utc};

use super::pane;
use model::Model;
use model::cluster::Health;
use model::screen::{CANCEL_TWICE_MS, HOLD_MS, STATUS_MS};
use model::time::At;

const MINUTE_MS: u64 = 60_000;
const SECOND_MS: u64 = 1_000;

/// The moment of the next change that comes by time alone; `None` never happens while a clock is on the screen.
pub fn next_wake(model: &Model) -> Option<At> {
    let now = model.now;
    let after = |since: Option<At>, ms: u64| since.map(|since| since.plus_ms(ms));
    let of_second = u64::from(now.wall.timestamp_subsec_millis());
    let minute = |clock: DateTime<Utc>| {
        let seconds = u64::try_from(clock.timestamp().rem_euclid(60)).unwrap_or(0);
        let of_minute = seconds * SECOND_MS + u64::from(clock.timestamp_subsec_millis());
        Some(now.plus_ms(MINUTE_MS.saturating_sub(of_minute)))
    };
    let second = shows_seconds(model).then(|| now.plus_ms(SECOND_MS - of_second));
    let status = model
        .screen
        .status
        .as_ref()
        .filter(|status| !status.is_error)
        .map(|status| status.at);
    let candidates = [
        // The clock in the header, and the ages by the clocks of others.
        minute(now.wall),
        minute(model.server_now()),
        minute(model.alerts_now()),
        second,
        pane::next_due(model),
        after(status, STATUS_MS),
        after(hold_since(model), HOLD_MS),
        after(model.screen.cancel_pressed, CANCEL_TWICE_MS),
        model.timeline.next_slow(now),
        super::write::next_due(model),
        model
            .observed
            .next(now, model.cluster.pods.health.is_current()),
        model.changes.next(model.cluster.serving.is_current()),
    ];
    candidates.into_iter().flatten().min_by_key(|at| at.mono_ms)
}

/// What is settled after each message because time has passed.
pub(super) fn settle(model: &mut Model) {
    let now = model.now;
    if model
        .screen
        .status
        .as_ref()
        .is_some_and(|status| !status.is_error && now.since_ms(status.at) >= STATUS_MS)
    {
        model.screen.status = None;
    }
    if model
        .screen
        .cancel_pressed
        .is_some_and(|pressed| now.since_ms(pressed) >= CANCEL_TWICE_MS)
    {
        model.screen.cancel_pressed = None;
    }
    if !model.screen.is_holding(now) {
        model.screen.last_key = None;
    }
}

fn hold_since(model: &Model) -> Option<At> {
    model.screen.last_key
}

/// Something on the screen counts seconds.
fn shows_seconds(model: &Model) -> bool {
    pane::shows_seconds(model) || is_health_counting(model) || model.timeline.incident.is_some()
}

fn is_health_counting(model: &Model) -> bool {
    match &model.cluster.pods.health {
        Health::Stale { heard, retry, .. } => {
            retry.is_some() || heard.is_some_and(|heard| model.now.since_ms(heard) < MINUTE_MS)
        }
        Health::Polling { .. } => true,
        Health::Connecting
        | Health::Listing { .. }
        | Health::Live { .. }
        | Health::Stopped { .. } => false,
    }
}
