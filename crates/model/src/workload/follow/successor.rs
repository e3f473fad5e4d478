//! What comes of a pod that was deleted to be replaced.

use super::verdict::{Verdict, over, verdict_of};
use super::{Follow, FollowView};
use crate::cluster::Kind;
use crate::meta::Uid;
use crate::pods::PodRow;
use crate::time::spelt;
use crate::workload::WorkloadRow;
use crate::workload::failure::FailedPod;
use text::Outside;

impl Follow {
    /// A deleted pod is back when one of its name that is another one is ready.
    pub(super) fn replaced<'a, P>(
        &mut self,
        row: &'a WorkloadRow,
        view: FollowView<'a, P>,
        name: &Outside,
        uid: &Uid,
    ) -> Option<Verdict>
    where
        P: Iterator<Item = &'a PodRow>,
    {
        let (now, server_now) = (view.now, view.server_now);
        self.progress.count(row, now);
        let after = spelt(now.since_ms(self.since()));
        // A DaemonSet gives the successor another name.
        let is_it = |pod: &&PodRow| {
            let has_place = pod.name == *name || row.kind() == Kind::DaemonSet;
            has_place && pod.uid != *uid && !self.baseline.pods.contains(&pod.uid)
        };
        let successor = view.pods.filter(|pod| pod.deleted.is_none()).find(is_it);
        let is_ready = |pod: &&PodRow| pod.ready.as_ref().is_some_and(|ready| ready.is_true);
        if let Some(pod) = successor.filter(is_ready) {
            let words = format!("{} is back and ready after {after}", pod.name.raw());
            return Some(over(words.into(), true));
        }
        let failed = successor.and_then(|pod| FailedPod::of(pod, false, server_now));
        match self.progress.judge(row, failed.as_ref(), now) {
            Some(news) => Some(verdict_of(&news)),
            None => self.give_up(now),
        }
    }
}
