//! Pods that a new template does not reach by itself: which of them to delete first, asked about by itself after a
//! rollback. <https://kubernetes.io/docs/concepts/workloads/controllers/statefulset/#forced-rollback>

use super::{ladder, propose};
use keys::action::Action;
use model::Model;
use model::cluster::Kind;
use model::pods::{ContainerState, PodRow};
use model::watched::Cluster;
use model::workload::progress::FollowState;
use model::workload::{KindFields, WorkloadRow, ordinal};
use model::write::dialog::Proposal;
use model::write::{Change, Following, FoundThrough, TargetedChange};
use text::Outside;

/// After the rollback of a StatefulSet: a broken pod of the old template that holds everything up is asked about, once,
/// the highest ordinal first.
pub(super) fn offer(model: &mut Model) {
    if model.writes.queued().is_some() {
        return;
    }
    let found = model.writes.following().find_map(|following| {
        let row = waiting_set(&model.cluster, following)?;
        let is_new = |pod: &&PodRow| !model.writes.offered.contains(&pod.uid);
        let pod = broken(&model.cluster, row).filter(is_new)?;
        Some((row.uid.clone(), question(pod)))
    });
    let Some((workload, (proposal, banner))) = found else {
        return;
    };
    if let Proposal::Replace { uid, .. } = &proposal {
        model.writes.offered.insert(uid.clone());
    }
    let id = model.writes.next_id();
    if let Ok(dialog) = propose::dialog(model, id, &workload, proposal, None) {
        ladder::queue(model, dialog.by_itself(banner));
    }
}

/// The StatefulSet of a rollback that its controller has taken up and that waits for pods.
fn waiting_set<'a>(cluster: &'a Cluster, following: &Following) -> Option<&'a WorkloadRow> {
    let TargetedChange { target, change } = &following.what;
    let is_rollback = matches!(change, Change::Rollback(_));
    let is_taken_up = matches!(
        following.follow.progress.state,
        FollowState::Moving | FollowState::Failing { .. } | FollowState::Stuck { .. }
    );
    if !is_rollback || !is_taken_up || target.kind != Kind::StatefulSet {
        return None;
    }
    let row = cluster.statefulsets.table.get(&target.uid)?;
    let is_ordered = !row.stateful_set()?.is_parallel && !row.is_on_delete();
    (is_ordered && row.is_observed()).then_some(row)
}

/// Pods with another template than the present one, in the order in which they should go: broken ones first, then the
/// highest ordinal.
fn outdated<'a>(cluster: &'a Cluster, row: &'a WorkloadRow) -> Vec<&'a PodRow> {
    let Some(set) = row.stateful_set() else {
        return Vec::new();
    };
    let mut pods: Vec<&PodRow> = cluster
        .pods
        .table
        .rows()
        .filter(|pod| row.owns(pod) && pod.deleted.is_none())
        .filter(|pod| set.update_revision.is_some() && pod.template_hash != set.update_revision)
        .filter(|pod| ordinal(pod).is_some_and(|ordinal| ordinal >= set.partition))
        .collect();
    pods.sort_by_key(|pod| (is_ready(pod), std::cmp::Reverse(ordinal(pod))));
    pods
}

fn broken<'a>(cluster: &'a Cluster, row: &'a WorkloadRow) -> Option<&'a PodRow> {
    let first = outdated(cluster, row).into_iter().next()?;
    (!is_ready(first)).then_some(first)
}

fn is_ready(pod: &PodRow) -> bool {
    pod.ready.as_ref().is_some_and(|ready| ready.is_true)
}

fn question(pod: &PodRow) -> (Proposal, Outside) {
    let why = why(pod);
    let banner = format!(
        "{} ({}) has the old template: the rollback waits for it",
        pod.name.raw(),
        why.raw()
    );
    let proposal = Proposal::Replace {
        pod: pod.name.clone(),
        uid: pod.uid.clone(),
        why,
    };
    (proposal, banner.into())
}

fn why(pod: &PodRow) -> Outside {
    let waits = pod
        .containers
        .iter()
        .find_map(|container| match &container.state {
            ContainerState::Waiting { reason, .. } => Some(reason.clone()),
            ContainerState::Running { .. }
            | ContainerState::Terminated(_)
            | ContainerState::Unknown => None,
        });
    let otherwise = if is_ready(pod) { "ready" } else { "not ready" };
    waits.unwrap_or_else(|| otherwise.into())
}

/// The question of the key: which pod should go next, or why none should.
pub(super) fn replace_of(
    model: &Model,
    row: &WorkloadRow,
    through: Option<&FoundThrough>,
) -> Result<Proposal, String> {
    let name = row.name().raw();
    match row.of_kind {
        KindFields::Deployment(_) => Err(format!(
            "{name} is a Deployment: it replaces its pods by itself; {} restarts them all",
            model.key(Action::Restart)
        )),
        KindFields::StatefulSet(_) => outdated(&model.cluster, row)
            .first()
            .map(|pod| question(pod).0)
            .ok_or_else(|| {
                format!(
                    "all pods of {name} have its present template; {} restarts them all",
                    model.key(Action::Restart)
                )
            }),
        KindFields::DaemonSet if row.is_on_delete() => {
            let named = match through {
                Some(FoundThrough::Pod(name)) => Some(name),
                Some(FoundThrough::ReplicaSet(_)) | None => None,
            };
            let mut own = model.cluster.pods.table.rows();
            own.find(|pod| row.owns(pod) && Some(&pod.name) == named)
                .map(|pod| question(pod).0)
                .ok_or_else(|| {
                    format!(
                        "no pod of {name} is selected; {} goes to the pods",
                        model.key(Action::PodsPane)
                    )
                })
        }
        KindFields::DaemonSet => Err(format!(
            "{name} replaces its pods by itself: broken ones do not hold it up; {} restarts them all",
            model.key(Action::Restart)
        )),
    }
}
