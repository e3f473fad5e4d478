//! When a drawn text next changes by itself, and what is settled when time has passed.

use crate::model::Model;
use crate::model::cluster::Health;
use crate::model::pod_list::{self, Column};
use crate::model::screen::{CANCEL_TWICE_MS, HOLD_MS, STATUS_MS};
use crate::model::sick;
use crate::model::time::{At, Seconds};
use crate::view::layout;

const MINUTE_MS: u64 = 60_000;
const SECOND_MS: u64 = 1_000;

/// The moment of the next change that comes by time alone; `None` never happens while a clock is on the screen.
pub fn next_wake(model: &Model) -> Option<At> {
    let now = model.now;
    let after = |since: Option<At>, ms: u64| since.map(|since| since.plus_ms(ms));
    let of_second = u64::from(now.wall.timestamp_subsec_millis());
    let of_minute =
        u64::try_from(now.wall.timestamp().rem_euclid(60)).unwrap_or(0) * SECOND_MS + of_second;
    let minute = Some(now.plus_ms(MINUTE_MS - of_minute));
    let second = shows_seconds(model).then(|| now.plus_ms(SECOND_MS - of_second));
    let due = model
        .cluster
        .pods
        .table
        .next_due()
        .map(|due| now.plus_ms(millis_until(now, due)));
    let status = model
        .screen
        .status
        .as_ref()
        .filter(|status| !status.is_error)
        .map(|status| status.at);
    let candidates = [
        minute,
        second,
        due,
        after(status, STATUS_MS),
        after(held(model), HOLD_MS),
        after(model.screen.cancel_pressed, CANCEL_TWICE_MS),
        model.timeline.next_slow(now),
        super::write::next_due(model),
        model.observed.next(),
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
    let (list, moment) = (&model.screen.pods, Seconds::from(now.wall));
    let column = Column::of(list);
    let is_holding = model.screen.is_holding(now);
    let table = &mut model.cluster.pods.table;
    table.refresh_due(moment, |row| {
        pod_list::stand(row, column, &list.filter, moment)
    });
    table.hold(is_holding);
    if !is_holding {
        model.screen.last_key = None;
    }
    keep_cursor(model);
}

/// A selected object that is not listed any more is let go: the next key selects anew, nothing acts on its neighbour.
fn keep_cursor(model: &mut Model) {
    let height = usize::from(layout::of(model).pods_body().height);
    let (list, table) = (&mut model.screen.pods, &model.cluster.pods.table);
    if list
        .cursor
        .as_ref()
        .is_some_and(|cursor| table.line_of(&cursor.uid).is_none())
    {
        list.cursor = None;
    }
    list.top = list.top_line(table, height);
    // Near an end of the list it stands elsewhere than it was put: where it is seen is the place to keep from now on.
    if let Some(cursor) = &mut list.cursor
        && let Some(line) = table.line_of(&cursor.uid)
    {
        cursor.screen_line = line.saturating_sub(list.top);
    }
}

fn held(model: &Model) -> Option<At> {
    model.screen.last_key
}

fn millis_until(now: At, due: Seconds) -> u64 {
    u64::try_from(due.0.saturating_mul(1_000) - now.wall.timestamp_millis()).unwrap_or(0)
}

/// An age under a minute shows seconds.
fn shows_seconds(model: &Model) -> bool {
    let height = usize::from(layout::of(model).pods_body().height);
    let (list, table) = (&model.screen.pods, &model.cluster.pods.table);
    let top = list.top_line(table, height);
    let is_young =
        |moment: Option<Seconds>| moment.is_some_and(|moment| moment.age_s(model.now.wall) < 60);
    let is_pod_young = (top..top + height)
        .filter_map(|line| table.row_at(line))
        .any(|(pod, _)| is_young(pod.created) || is_young(sick::restarts(pod).1));
    is_pod_young || is_health_counting(model) || model.timeline.incident.is_some()
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
