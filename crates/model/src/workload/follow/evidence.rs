//! What counts against a write: what was seen since it. What was so before it is said, and proves nothing.

use std::collections::BTreeSet;

use super::{Follow, FollowView};
use crate::pods::PodRow;
use crate::sick;
use crate::time::Seconds;
use crate::workload::WorkloadRow;
use crate::workload::failure::{FailedPod, Refusal};
use crate::write::Change;
use text::Outside;

impl Follow {
    /// No pod of this write can be created. An Event from before the write proves nothing about it.
    pub(super) fn refusal<P>(
        &self,
        row: &WorkloadRow,
        view: &FollowView<'_, P>,
    ) -> Option<Refusal> {
        let applied = self.applied(view.now, view.server_now);
        let is_after = |refusal: &&Refusal| match refusal.last {
            Some(last) => last > applied,
            None => row.is_observed(),
        };
        let refusal = view.refusal.filter(is_after)?;
        Some(refusal.judged_from(applied, view.server_now))
    }

    /// A pod that cannot live, by what was seen since the write; and the pods that could not already before it. After a
    /// scale the old pods count too, but for those that a scale down has still to end.
    pub(super) fn broken(
        &self,
        row: &WorkloadRow,
        pods: &[&PodRow],
        (applied, now): (Seconds, Seconds),
    ) -> (Option<FailedPod>, Vec<FailedPod>) {
        let counts_old = match self.change {
            Change::Scale { from, to } => to > from || row.current() <= row.wanted(),
            Change::Restart { .. } | Change::Rollback(_) | Change::Replace { .. } => false,
        };
        let failed = pods
            .iter()
            .filter(|pod| pod.deleted.is_none())
            .filter(|pod| counts_old || !self.baseline.pods.contains(&pod.uid))
            .filter_map(|pod| Some((*pod, FailedPod::of(pod, false, now)?)));
        let is_before = |pod: &PodRow, failed: &FailedPod| {
            let crash = sick::last_termination(pod).and_then(|(_, end)| end.finished);
            let crash = crash.filter(|_| failed.is_crashing());
            self.baseline.pods.contains(&pod.uid)
                && crash.map_or(self.baseline.failed.contains(&pod.uid), |crash| {
                    crash <= applied
                })
        };
        let (before, since): (Vec<_>, Vec<_>) =
            failed.partition(|(pod, failed)| is_before(pod, failed));
        let since = since.into_iter().next().map(|(_, failed)| failed);
        (
            since,
            before.into_iter().map(|(_, failed)| failed).collect(),
        )
    }
}

/// `already so before: 2 pods CrashLoopBackOff`.
pub(super) fn already_so(failed: &[FailedPod]) -> Option<Outside> {
    let first = failed.first()?;
    let words = if failed.len() == 1 {
        first.words.raw().to_owned()
    } else {
        let reasons: BTreeSet<&str> = failed.iter().map(|pod| pod.reason.raw()).collect();
        let reasons: Vec<&str> = reasons.into_iter().collect();
        format!("{} pods {}", failed.len(), reasons.join(", "))
    };
    Some(format!("already so before: {words}").into())
}
