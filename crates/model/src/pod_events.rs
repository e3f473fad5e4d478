//! Warning Events by the object that they are about, and which of them explains a pod.

use std::collections::{BTreeMap, BTreeSet};

use super::events::EventRow;
use super::meta::Uid;
use super::pods::{PodRow, Termination};
use super::time::Seconds;
use super::watched::Cluster;
use text::Outside;

/// A container that is asked to end has some time for it; what failed longer before the end is another story.
const KILL_S: i64 = 600;
/// The Event may bear a time a little after the end.
const LATE_S: i64 = 5;
/// What the kubelet says once it has waited long enough for anything: another Event says for what.
const TIMED_OUT: &str = "timed out waiting for the condition";

/// Uids of warnings, by namespace and name of their object.
#[derive(Clone, Debug, Default)]
pub struct EventIndex(BTreeMap<(Outside, Outside), BTreeSet<Uid>>);

impl EventIndex {
    pub fn add(&mut self, event: &EventRow) {
        let place = (event.namespace.clone(), event.object_name.clone());
        self.0.entry(place).or_default().insert(event.uid.clone());
    }

    pub fn remove(&mut self, event: &EventRow) {
        let place = (event.namespace.clone(), event.object_name.clone());
        if let Some(uids) = self.0.get_mut(&place) {
            uids.remove(&event.uid);
            if uids.is_empty() {
                self.0.remove(&place);
            }
        }
    }

    pub fn clear(&mut self) {
        self.0.clear();
    }
}

impl Cluster {
    /// Warnings about an object of this kind.
    pub fn warnings_about<'a>(
        &'a self,
        kind: &'a str,
        namespace: &Outside,
        name: &Outside,
    ) -> impl Iterator<Item = &'a EventRow> {
        let place = (namespace.clone(), name.clone());
        let uids = self.warning_index.0.get(&place).into_iter().flatten();
        let events = uids.filter_map(|uid| self.warnings.table.get(uid));
        events.filter(move |event| event.object_kind.raw() == kind)
    }

    /// Warnings about this very pod: one of the same name before it had another uid.
    pub fn warnings_of<'a>(&'a self, pod: &'a PodRow) -> impl Iterator<Item = &'a EventRow> {
        let events = self.warnings_about("Pod", &pod.namespace, &pod.name);
        events.filter(|event| event.object_uid.is_empty() || event.object_uid == pod.uid)
    }

    /// Why a pod that is placed does not start: a volume, its sandbox, its network.
    pub fn holds_up_start<'a>(&'a self, pod: &'a PodRow) -> Option<&'a EventRow> {
        let is_of_start = |event: &&EventRow| {
            !matches!(
                event.reason.raw(),
                "FailedScheduling" | "Unhealthy" | "BackOff" | "ProbeWarning"
            )
        };
        let events = self.warnings_of(pod).filter(is_of_start);
        events.max_by_key(|event| {
            let says_why = !event.message.raw().contains(TIMED_OUT);
            (says_why, event.last, &event.uid)
        })
    }

    /// Why the image of a pod cannot be pulled.
    pub fn failed_pull<'a>(&'a self, pod: &'a PodRow) -> Option<&'a EventRow> {
        let is_pull = |event: &&EventRow| event.message.raw().starts_with("Failed to pull image");
        let events = self.warnings_of(pod).filter(is_pull);
        events.max_by_key(|event| (event.last, &event.uid))
    }

    /// Why a claim of a pod is not bound, with the claim's name.
    pub fn unbound_claim<'a>(&'a self, pod: &'a PodRow) -> Option<(&'a Outside, &'a EventRow)> {
        let claims = pod.extras.as_ref().map_or(&[][..], |extras| &extras.claims);
        let events = claims.iter().flat_map(|claim| {
            let events = self.warnings_about("PersistentVolumeClaim", &pod.namespace, claim);
            events.map(move |event| (claim, event))
        });
        events.max_by_key(|(_, event)| (event.last, &event.uid))
    }

    /// The probe that ended a run of a container: `liveness` or `startup`. The kubelet asks the container to end after the
    /// last failure, and kills it when its grace period is over; what a program makes of being asked is its own.
    pub fn killing_probe(
        &self,
        pod: &PodRow,
        container: &Outside,
        end: &Termination,
    ) -> Option<&'static str> {
        let by_signal = matches!(end.exit_code, 0 | 137 | 143) || end.signal != 0;
        let is_oom = end
            .reason
            .as_ref()
            .is_some_and(|why| why.raw() == "OOMKilled");
        let finished = end.finished.filter(|_| by_signal && !is_oom)?.unix();
        let started = end.started.map_or(i64::MIN, Seconds::unix);
        let from = started.max(finished.saturating_sub(KILL_S));
        let is_of_run = |event: &&EventRow| {
            let is_it = event.container.as_ref().is_none_or(|one| one == container);
            let last = event.last.map(Seconds::unix);
            is_it && last.is_some_and(|last| (from..=finished + LATE_S).contains(&last))
        };
        // That it was killed is no warning: only the Events of a pod that somebody looks at have it.
        let looked_at = self.detail.as_ref();
        let looked_at = looked_at.filter(|seen| seen.object.uid == pod.uid);
        let all = looked_at
            .into_iter()
            .flat_map(|seen| seen.events.table.rows());
        let mut probes = all
            .chain(self.warnings_of(pod))
            .filter(is_of_run)
            .filter_map(probe);
        probes.next()
    }
}

/// The probe whose failure ends a container, as the kubelet words it:
/// <https://github.com/kubernetes/kubernetes/blob/master/pkg/kubelet/prober/prober.go> and
/// `kuberuntime_manager.go`: `Container app failed liveness probe, will be restarted`.
fn probe(event: &EventRow) -> Option<&'static str> {
    let message = event.message.raw().to_lowercase();
    let says = |probe: &&str| match event.reason.raw() {
        "Unhealthy" => message.starts_with(&format!("{probe} probe")),
        "Killing" => message.contains(&format!("failed {probe} probe")),
        _ => false,
    };
    ["liveness", "startup"].into_iter().find(says)
}
