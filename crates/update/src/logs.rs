//! What the log streams say, and what is searched in them. What is followed is in `follow`, by which streams in `choose`.

mod choose;
mod follow;
mod pin;

use std::sync::Arc;

use model::Model;
use model::cluster::ProblemClass;
use model::filter::Filter;
use model::logs::{LogFollow, StreamState};
use model::message::{ClusterMsg, Effect, LogsEffect, LogsMsg, Msg, TableChange, WatchChange};

pub(super) use follow::{follow, is_followed, next_due, settle};
pub(super) use pin::pin;

/// So much is filtered at once, within one message; more is a search of its own.
const FILTER_BYTES: usize = 1 << 20;

pub(super) fn update(model: &mut Model, msg: LogsMsg) -> Vec<Effect> {
    let (logs, filter) = (&mut model.logs, &model.screen.logs.filter);
    match msg {
        LogsMsg::Lines { session, segment } if session == logs.session => {
            logs.take(&segment, filter)
        }
        LogsMsg::Stream {
            session,
            stream,
            state,
        } if session == logs.session => {
            if let StreamState::Stopped { problem } = &state
                && problem.class == ProblemClass::Forbidden
                && !logs
                    .ring
                    .speakers()
                    .any(|known| known.namespace == stream.namespace)
            {
                logs.refused
                    .entry(stream.namespace.clone())
                    .or_insert_with(|| problem.clone());
                logs.is_outdated = true;
            }
            // The last word of one that has no place any more.
            let is_aside = |follow: &LogFollow| follow.stream == stream;
            if !logs.set_aside.iter().any(is_aside) {
                logs.states.insert(stream, state);
            }
        }
        LogsMsg::Found {
            generation,
            found,
            is_done,
        } if generation == logs.generation => {
            for (number, lines) in found {
                logs.found(number, &lines);
            }
            logs.is_searching = !is_done;
        }
        LogsMsg::Lines { .. } | LogsMsg::Stream { .. } | LogsMsg::Found { .. } => {}
    }
    Vec::new()
}

/// Which pods of the target a message is about, before the tables take it.
pub(super) fn on_pods(model: &mut Model, msg: &Msg) {
    let Msg::Cluster(ClusterMsg::Table {
        epoch,
        change: TableChange::Pods(change),
    }) = msg
    else {
        return;
    };
    let logs = &mut model.logs;
    let Some(target) = logs.target.as_ref().filter(|_| *epoch == logs.epoch) else {
        return;
    };
    match change {
        WatchChange::Batch { rows, gone, .. } => {
            let pods = rows.iter().filter(|row| target.includes_pod(row));
            let known = logs.members.len();
            let mut is_touched = false;
            for pod in pods {
                logs.members.insert(pod.uid.clone());
                is_touched = true;
            }
            for uid in gone {
                logs.members.remove(uid);
            }
            logs.is_outdated |= is_touched || logs.members.len() != known;
        }
        // What a relist swept away is missing from the table.
        WatchChange::Synced { .. } => logs.is_outdated = true,
        WatchChange::Begin { .. } | WatchChange::Health(_) => {}
    }
}

/// A person asks to try again: also what was forbidden may be allowed by now.
pub(super) fn retry(model: &mut Model) {
    model.logs.is_outdated |= !model.logs.refused.is_empty();
    model.logs.refused.clear();
}

/// Narrows the lines by typed words: what is there at once where it is little, else by a search of its own.
pub(super) fn set_filter(model: &mut Model, filter: Filter) {
    model.logs.forget_matches();
    model.screen.logs.filter = filter;
    let filter = &model.screen.logs.filter;
    if filter.is_empty() {
        return;
    }
    let logs = &mut model.logs;
    if logs.ring.bytes() > FILTER_BYTES {
        logs.is_searching = true;
        logs.wants_search = true;
        return;
    }
    let found: Vec<(u32, Vec<u32>)> = logs
        .ring
        .newest_first()
        .map(|(number, segment)| (number, segment.matching(filter)))
        .collect();
    for (number, lines) in found {
        logs.found(number, &lines);
    }
}

/// The search that the last key asked for.
pub(super) fn search(model: &mut Model) -> Vec<Effect> {
    let logs = &mut model.logs;
    if !std::mem::take(&mut logs.wants_search) {
        return Vec::new();
    }
    let segments = logs
        .ring
        .newest_first()
        .map(|(number, segment)| (number, Arc::clone(segment)));
    vec![Effect::Logs(LogsEffect::Search {
        generation: logs.generation,
        filter: model.screen.logs.filter.text().into(),
        segments: segments.collect(),
    })]
}
