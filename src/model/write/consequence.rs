//! What a change does to the workload as it stands in the table: the lines of the card that need no question.

use super::Change;
use super::preflight::Weight;
use crate::model::deployments::DeploymentRow;

/// What happens to the pods.
pub fn of(change: &Change, row: &DeploymentRow) -> (Weight, String) {
    match change {
        Change::Scale { to: 0, .. } => (
            Weight::Bad,
            format!("no pod is left: {} serves nothing", row.name.raw()),
        ),
        Change::Scale { from, to } if to > from => {
            (Weight::Good, format!("{} more", pods(to - from)))
        }
        Change::Scale { from, to } => (Weight::Warn, format!("{} end", pods(from - to))),
        Change::Restart { .. } if row.replicas == 0 => {
            (Weight::Warn, "nothing to restart: 0 replicas".to_owned())
        }
        Change::Restart { .. } if row.is_recreate => (
            Weight::Bad,
            format!(
                "Recreate: all {} stop before the new ones start: an outage",
                pods(row.replicas)
            ),
        ),
        Change::Restart { .. } if row.replicas == 1 => (
            Weight::Warn,
            "single replica: the old pod ends once its successor is ready".to_owned(),
        ),
        Change::Restart { .. } => (
            Weight::Good,
            format!("{} are replaced step by step", pods(row.replicas)),
        ),
    }
}

/// How the rollout stands.
pub fn standing(row: &DeploymentRow) -> (Weight, String) {
    let counts = format!(
        "{} of {} available, {} updated",
        row.available, row.replicas, row.updated
    );
    let is_moving = row.observed_generation < row.generation
        || row.updated < row.replicas
        || row.current > row.updated;
    if row.is_paused {
        (Weight::Warn, format!("PAUSED: {counts}"))
    } else if is_moving {
        (Weight::Warn, format!("a rollout is in progress: {counts}"))
    } else if row.available < row.replicas {
        (Weight::Warn, counts)
    } else {
        (Weight::Good, counts)
    }
}

fn pods(count: u32) -> String {
    format!("{count} pod{}", if count == 1 { "" } else { "s" })
}
