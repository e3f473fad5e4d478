//! What a change does to the workload as it stands in the table: the lines of the card that need no question.

use super::Change;
use super::change::Rollback;
use super::preflight::Weight;
use crate::cluster::Kind;
use crate::watched::Cluster;
use crate::workload::status::{RolloutPhase, RolloutStatus};
use crate::workload::{KindFields, StatefulSetFields, UpdateStrategy, WorkloadRow};

/// A line of the card.
pub type Line = (Weight, String);

/// What happens to the pods; the first line says the most.
pub fn of(change: &Change, row: &WorkloadRow, cluster: &Cluster) -> Vec<Line> {
    match change {
        Change::Scale { from, to } => vec![scale(*from, *to, row)],
        Change::Restart { .. } => rolling(row),
        Change::Rollback(rollback) => {
            let kept = kept(rollback, row, cluster);
            kept.map_or_else(|| rolling(row), |line| vec![line])
        }
        Change::Replace { pod, .. } => vec![(
            Weight::Warn,
            format!(
                "{} ends and is made anew from the present template",
                pod.raw()
            ),
        )],
    }
}

/// What a rollback does not bring back.
pub fn of_rollback(rollback: &Rollback) -> [Line; 2] {
    let to = rollback.to.name();
    let becomes = match rollback.from.revision {
        Some(from) => format!("{to} becomes r{}", from + 1),
        None => format!("{to} gets a new number"),
    };
    [
        (
            Weight::Warn,
            "only the pod template: not ConfigMaps, Secrets or migrations,".to_owned(),
        ),
        (
            Weight::Warn,
            format!("nor the number of replicas; {becomes}"),
        ),
    ]
}

fn scale(from: u32, to: u32, row: &WorkloadRow) -> Line {
    let is_stateful = row.kind() == Kind::StatefulSet;
    match to {
        0 => {
            let words = format!("no pod is left: {} serves nothing", row.name().raw());
            (Weight::Bad, words)
        }
        to if to > from => (Weight::Good, more(to - from)),
        to if is_stateful => (
            Weight::Warn,
            format!("the last {} end, their volumes stay", pods(from - to)),
        ),
        to => (Weight::Warn, format!("{} end", pods(from - to))),
    }
}

fn more(count: u32) -> String {
    let noun = if count == 1 { "pod" } else { "pods" };
    format!("{count} more {noun}")
}

/// Pods of the revision that is gone back to stay as they are: a rollout that is stuck has most of them still. Of
/// `OrderedReady` and partitions there is more to say than this.
fn kept(rollback: &Rollback, row: &WorkloadRow, cluster: &Cluster) -> Option<Line> {
    let is_step_by_step =
        row.strategy == UpdateStrategy::RollingUpdate && row.stateful_set().is_none();
    let made_by = rollback.to.made_by.as_ref().filter(|_| is_step_by_step)?;
    if !cluster.pods.is_complete || !cluster.pods.health.is_current() {
        return None;
    }
    let own = cluster.pods.table.rows();
    let own = own.filter(|pod| row.owns(pod) && pod.deleted.is_none() && !pod.phase.is_over());
    let (mut kept, mut replaced) = (0, 0);
    for pod in own {
        let is_kept = pod.revision_name().as_ref() == Some(made_by);
        *(if is_kept { &mut kept } else { &mut replaced }) += 1;
    }
    let to = rollback.to.name();
    let run = if kept == 1 { "runs" } else { "run" };
    match (kept, replaced) {
        (0, _) => None,
        (kept, 0) => Some((
            Weight::Good,
            format!("no pod is replaced: {} already {run} {to}", pods(kept)),
        )),
        (kept, 1) => Some((
            Weight::Good,
            format!("1 pod is replaced, {kept} already {run} {to}"),
        )),
        (kept, replaced) => Some((
            Weight::Good,
            format!("{replaced} pods are replaced, {kept} already {run} {to}"),
        )),
    }
}

/// New pods for old ones.
fn rolling(row: &WorkloadRow) -> Vec<Line> {
    let wanted = row.wanted();
    if wanted == 0 {
        return vec![(Weight::Warn, "no pod to replace: 0 are wanted".to_owned())];
    }
    if row.is_on_delete() {
        let words = "OnDelete: nothing happens until somebody deletes the pods";
        return vec![(Weight::Warn, words.to_owned())];
    }
    match &row.of_kind {
        KindFields::Deployment(_) if row.strategy == UpdateStrategy::Recreate => vec![(
            Weight::Bad,
            format!(
                "Recreate: all {} stop before the new ones start: an outage",
                pods(wanted)
            ),
        )],
        KindFields::Deployment(_) if wanted == 1 => vec![(
            Weight::Warn,
            "single replica: the old pod ends once its successor is ready".to_owned(),
        )],
        KindFields::Deployment(_) => vec![(
            Weight::Good,
            format!("{} are replaced step by step", pods(wanted)),
        )],
        KindFields::StatefulSet(set) => stateful(row, set),
        KindFields::DaemonSet => vec![(
            Weight::Good,
            format!("{} are replaced, node by node", pods(wanted)),
        )],
    }
}

/// <https://kubernetes.io/docs/concepts/workloads/controllers/statefulset/#update-strategies>
fn stateful(row: &WorkloadRow, set: &StatefulSetFields) -> Vec<Line> {
    let last = row.wanted.saturating_sub(1);
    let mut lines = Vec::new();
    if set.partition > last {
        let words = format!("partition {}: no pod changes", set.partition);
        return vec![(Weight::Warn, words)];
    }
    if set.partition > 0 {
        let words = format!(
            "partition {}: only {}-{} to -{last} change, lower ordinals stay as they are",
            set.partition,
            row.name.raw(),
            set.partition
        );
        lines.push((Weight::Warn, words));
    } else {
        let words = format!(
            "{} are replaced one by one, the highest ordinal first",
            pods(row.wanted)
        );
        lines.push((Weight::Good, words));
    }
    if !set.is_parallel && row.ready < row.wanted {
        let words = "OrderedReady: a broken pod has to be deleted: asked about next";
        lines.push((Weight::Warn, words.to_owned()));
    }
    lines
}

/// How the rollout stands.
pub fn rollout(row: &WorkloadRow, status: &RolloutStatus<'_>) -> Line {
    let counts = format!(
        "{} of {} available, {} updated",
        row.available(),
        row.wanted(),
        row.updated()
    );
    match status.phase {
        RolloutPhase::Paused => (Weight::Warn, format!("PAUSED: {counts}")),
        RolloutPhase::Rolling => (Weight::Warn, format!("a rollout is in progress: {counts}")),
        RolloutPhase::Failing => (Weight::Bad, format!("a rollout is FAILING: {counts}")),
        RolloutPhase::Stuck if row.is_given_up() => {
            (Weight::Bad, format!("STUCK, Kubernetes gave up: {counts}"))
        }
        RolloutPhase::Stuck => (Weight::Bad, format!("STUCK, no pod is created: {counts}")),
        RolloutPhase::OnDelete => (Weight::Warn, format!("OnDelete, pods wait: {counts}")),
        RolloutPhase::Short => (Weight::Warn, counts),
        RolloutPhase::SwitchedOff => (Weight::Warn, "switched off: no pod is wanted".to_owned()),
        RolloutPhase::Complete => (Weight::Good, counts),
    }
}

fn pods(count: u32) -> String {
    format!("{count} pod{}", if count == 1 { "" } else { "s" })
}
