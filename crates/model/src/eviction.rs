//! Why a pod was ended before its time, by the kubelet, the scheduler or somebody's drain: in words, and in the cluster's own.

use super::pods::PodRow;
use text::Outside;

/// `status.reason` of a pod that the kubelet has ended because its node was short of something.
/// <https://kubernetes.io/docs/concepts/scheduling-eviction/node-pressure-eviction/>
const EVICTED: &str = "Evicted";

/// Reasons of the condition `DisruptionTarget`, and what they mean.
/// <https://kubernetes.io/docs/concepts/workloads/pods/disruptions/#pod-disruption-conditions>
const REASONS: [(&str, &str); 4] = [
    (
        "PreemptionByScheduler",
        "to make room for a pod of higher priority",
    ),
    (
        "DeletionByTaintManager",
        "its node has a taint that it does not tolerate",
    ),
    (
        "EvictionByEvictionAPI",
        "through the eviction API, as by kubectl drain",
    ),
    ("DeletionByPodGC", "its node is not there any more"),
];

impl PodRow {
    /// The kubelet has ended it, and what is left of it is still listed.
    pub fn is_evicted(&self) -> bool {
        let reason = self.reason.as_ref();
        self.phase.is_over() && reason.is_some_and(|reason| reason.raw() == EVICTED)
    }

    /// Why it was or is being evicted, if it is.
    pub fn eviction(&self) -> Option<Outside> {
        let said = |message: Option<&Outside>| {
            let message = message.map(|message| message.raw().trim());
            message
                .filter(|message| !message.is_empty())
                .map(Outside::from)
        };
        if self.is_evicted() {
            return said(self.message.as_ref()).or_else(|| Some("by the kubelet".into()));
        }
        let disruption = self.extras.as_ref()?.disruption.as_ref()?;
        let reason = disruption.reason.as_ref().map_or("", |reason| reason.raw());
        let known = REASONS.iter().find(|(word, _)| *word == reason);
        known
            .map(|(word, words)| Outside::from(format!("{words} ({word})")))
            .or_else(|| said(disruption.message.as_ref()))
            .or_else(|| Some(reason.into()))
    }
}
