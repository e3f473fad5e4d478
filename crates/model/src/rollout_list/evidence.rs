//! Counts pods by revision, and finds what keeps rollouts from going on.

use std::collections::BTreeMap;

use super::RolloutList;
use crate::meta::Uid;
use crate::nodes::NodeRow;
use crate::pods::PodRow;
use crate::rollouts::Rollouts;
use crate::time::Seconds;
use crate::watched::Cluster;
use crate::workload::failure::{FailedPod, Refusals, RolloutEvidence};
use text::Outside;

impl RolloutList {
    /// Counts the pods of the revisions that are shown, and finds what keeps rollouts from going on.
    pub fn count_pods(&mut self, cluster: &Cluster, rollouts: &Rollouts, now: Seconds) {
        let places = self.places(cluster);
        let refusals = Refusals::of(cluster, now);
        let mut evidence: BTreeMap<Uid, RolloutEvidence> = BTreeMap::new();
        for (uid, refusal) in refusals.workloads {
            evidence.entry(uid).or_default().refusal = Some(refusal);
        }
        self.pods.clear();
        let pods = cluster.pods.table.rows();
        let circumstances = cluster.circumstances();
        for pod in pods {
            let failed_node = circumstances.failed_node(pod).filter(|_| !pod.is_ready());
            if pod.deleted.is_some() && failed_node.is_none() {
                continue;
            }
            let is_ready = pod.is_ready();
            let place = pod
                .revision_name()
                .map(|name| (pod.namespace.clone(), name));
            let place = place.and_then(|place| places.get(&place));
            if let Some((uid, _)) = place.filter(|_| pod.deleted.is_none() && !pod.phase.is_over())
            {
                let (ready, all) = self.pods.entry(uid.clone()).or_default();
                *ready += u32::from(is_ready);
                *all += 1;
            }
            if is_ready {
                continue;
            }
            let is_old = pod.deleted.is_some() || place.is_some_and(|(_, is_current)| !is_current);
            let failed = match failed_node {
                Some(node) => on_failed_node(cluster, pod, node, is_old),
                None => failed_pod((cluster, rollouts), pod, is_old, now),
            };
            if let Some((workload, failed)) = failed {
                let kept = &mut evidence.entry(workload).or_default().failed_pod;
                let is_worse =
                    |kept: &FailedPod| (failed.is_old, &failed.pod) < (kept.is_old, &kept.pod);
                if kept.as_ref().is_none_or(is_worse) {
                    *kept = Some(failed);
                }
            }
        }
        self.is_stale |= evidence != self.evidence;
        (self.evidence, self.refused_jobs, self.due) = (evidence, refusals.jobs, refusals.due);
        self.is_miscounted = false;
    }

    /// Revisions by namespace and name, and whether each is what stands.
    fn places(&self, cluster: &Cluster) -> BTreeMap<(Outside, Outside), (Uid, bool)> {
        let mut places = BTreeMap::new();
        for (workload, known) in &self.known {
            let (Some(row), Some(history)) = (cluster.workload(workload), &known.history) else {
                continue;
            };
            let current = history.current();
            for (at, revision) in history.revisions.iter().enumerate() {
                let place = (row.namespace().clone(), revision.name.clone());
                places.insert(place, (revision.uid.clone(), current == Some(at)));
            }
        }
        places
    }
}

/// The workload of a pod that cannot live. A StatefulSet says itself which revision it rolls out; of others it was read.
fn failed_pod(
    (cluster, rollouts): (&Cluster, &Rollouts),
    pod: &PodRow,
    is_old: bool,
    now: Seconds,
) -> Option<(Uid, FailedPod)> {
    let mut failed = FailedPod::of(pod, is_old, now)?;
    let (kind, name) = pod.workload()?;
    let row = cluster.workload_named(kind.watched()?, &pod.namespace, name)?;
    if let Some(current) = row.update_revision().or_else(|| rollouts.current(row)) {
        failed.is_old = failed.revision.as_ref() != Some(current);
    }
    Some((row.uid().clone(), failed))
}

/// The workload of a pod whose node is not ready: a rollout that replaces pods one after the other waits for it.
fn on_failed_node(
    cluster: &Cluster,
    pod: &PodRow,
    node: &NodeRow,
    is_old: bool,
) -> Option<(Uid, FailedPod)> {
    let (kind, name) = pod.workload()?;
    let row = cluster.workload_named(kind.watched()?, &pod.namespace, name)?;
    let waits = !row.is_supplied() || row.updated() < row.wanted();
    let reason = format!("{} {}", node.name.raw(), node.failure());
    waits.then(|| {
        let failed = FailedPod {
            words: format!("{}: {reason}", pod.name.raw()).into(),
            reason: reason.into(),
            pod: pod.name.clone(),
            revision: pod.revision_name(),
            is_old,
        };
        (row.uid().clone(), failed)
    })
}
