//! What is not over now: what is left open when an incident is closed, or when somebody leaves.

use std::collections::BTreeSet;

use crate::Model;
use crate::workload::progress::FollowState;
use crate::write::{Change, SentState};

/// Alerts that still fire are named up to so many; the others are counted.
const ALERTS_NAMED: usize = 2;

/// What is not over while the incident is to be closed, each in a few words: alerts that fire, writes without a verdict.
pub fn of_incident(model: &Model) -> Vec<String> {
    let rows = model.alerts.watched.table.rows();
    let firing = rows.filter(|alert| alert.is_firing());
    let names: BTreeSet<&str> = firing.map(|alert| alert.name.raw()).collect();
    let mut unfinished: Vec<String> = names
        .iter()
        .take(ALERTS_NAMED)
        .map(|name| format!("{name} still fires"))
        .collect();
    let more = names.len().saturating_sub(ALERTS_NAMED);
    if more > 0 {
        unfinished.push(format!("so do {more} more"));
    }
    unfinished.extend(writes(model));
    unfinished
}

/// Writes without an answer or a verdict, each in a few words.
pub fn writes(model: &Model) -> Vec<String> {
    let unfinished = model.writes.sent().filter_map(|(what, state)| {
        let why = match state {
            SentState::Sending => "has no answer yet",
            SentState::Following(follow) => match &follow.progress.state {
                FollowState::Waiting
                | FollowState::Moving
                | FollowState::Holding { claimed: None, .. } => "has no verdict yet",
                FollowState::Failing { .. } => "is failing",
                FollowState::Stuck { .. } => "is stuck",
                // Alerts that fired before may still end.
                FollowState::Holding {
                    claimed: Some(_), ..
                } => return None,
            },
            SentState::Over { .. } => return None,
        };
        let verb = match what.change {
            Change::Scale { .. } => "scale",
            Change::Restart { .. } => "restart",
            Change::Rollback(_) => "rollback",
            Change::Replace { .. } => "deletion of a pod",
        };
        Some(format!("the {verb} of {} {why}", what.target.name.raw()))
    });
    unfinished.collect()
}
