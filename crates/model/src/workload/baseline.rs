//! What was seen of a workload before a write, and what may be claimed of the write when it is compared with what is seen
//! afterwards. Claims nothing of what was not seen.

use std::collections::BTreeSet;

use crate::cluster::Health;
use crate::meta::Uid;
use crate::pods::PodRow;
use crate::time::Seconds;
use crate::workload::WorkloadRow;
use crate::workload::alerts::{OtherAlerts, firing};
use crate::workload::failure::FailedPod;
use crate::workload::status::RolloutPhase;
use crate::{Model, sick};
use text::Outside;

/// Alerts named in a verdict; the others are counted.
const NAMED_ALERTS: usize = 2;

/// A workload at the moment at which a write was sent.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Baseline {
    /// Pods that were there: a pod that comes later was made after the write.
    pub pods: BTreeSet<Uid>,
    /// Pods that were wanted and available; `None` when the workload was not seen as it was then.
    pub available: Option<PodCounts>,
    /// Fewer were available than wanted because a rollout was on its way: that is normal.
    pub is_rolling: bool,
    /// Pods that were sick, or had restarted a short while before; none when they were not seen as they were then.
    pub sick_pods: usize,
    /// Pods that could not live.
    pub failed: BTreeSet<Uid>,
    /// Names of the alerts about it that fired; `None` when that was not known.
    pub alerts: Option<BTreeSet<Outside>>,
    /// Alerts about others that fired, by fingerprint.
    pub others: OtherAlerts,
}

/// Pods of a workload.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PodCounts {
    /// `status.availableReplicas`.
    pub available: u32,
    /// `spec.replicas`.
    pub wanted: u32,
}

/// A workload whose pods have all been available for a while after a write.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Steady {
    pub counts: PodCounts,
    /// For how long they have all been available.
    pub minutes: u64,
    /// A pod whose container ended badly in that time.
    pub restarted: Option<Outside>,
    /// Its other pods that are sick by what was seen since the write.
    pub sick: Vec<Outside>,
    /// Alerts about others that fired before the write and no longer do, in words.
    pub stopped: Option<Outside>,
    /// Names of the alerts about it that fire; `None` when that is not known.
    pub alerts: Option<BTreeSet<Outside>>,
}

/// What is claimed of a write.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Claim {
    /// Healed or stable, and what was seen.
    pub words: Outside,
    /// What was seen before the write and what is seen now, a line each.
    pub compared: Outside,
    pub is_good: bool,
    pub is_healed: bool,
    /// An alert that fired before, or a pod that is sick, may still be well because of the write.
    pub may_change: bool,
}

impl Baseline {
    /// What the model shows of a workload now. Rows that are stale prove nothing of it.
    pub fn of<'a>(
        model: &Model,
        row: Option<&WorkloadRow>,
        pods: impl Iterator<Item = &'a PodRow>,
    ) -> Baseline {
        let now = Seconds::from(model.server_now());
        let circumstances = model.cluster.circumstances();
        let is_current = |row: &&WorkloadRow| {
            let health = model.cluster.workload_health(row.kind());
            health.is_some_and(Health::is_current)
        };
        let has_pods = model.cluster.pods.health.is_current();
        let seen = row.filter(is_current);
        let mut baseline = Baseline {
            available: seen.map(|row| PodCounts {
                available: row.available(),
                wanted: row.wanted(),
            }),
            is_rolling: seen
                .is_some_and(|row| model.rollout_list.status(row).phase == RolloutPhase::Rolling),
            alerts: row.and_then(|row| firing(model, row)),
            others: OtherAlerts::of(model, row),
            ..Baseline::default()
        };
        for pod in pods {
            let is_sick = || sick::diagnose(pod, &circumstances, now).sickness.is_some();
            baseline.sick_pods += usize::from(has_pods && is_sick());
            if has_pods && FailedPod::of(pod, false, now).is_some() {
                baseline.failed.insert(pod.uid.clone());
            }
            baseline.pods.insert(pod.uid.clone());
        }
        baseline
    }

    /// Compares with what is seen now. "Healed" needs something that was broken before and is well now.
    pub fn claim(&self, now: &Steady) -> Claim {
        let mut remarks = Vec::new();
        let ended = self.add_alerts(now, &mut remarks);
        let fires = now.alerts.as_ref().is_some_and(|alerts| !alerts.is_empty());
        remarks.extend(
            now.restarted
                .as_ref()
                .map(|pod| format!("{} restarted since", pod.raw())),
        );
        remarks.extend(named(now.sick.iter(), "is sick", "are sick"));
        remarks.extend(now.stopped.as_ref().map(|words| words.raw().to_owned()));
        let was_broken = self.has_pods_back(now) || ended;
        let has_sick = now.restarted.is_some() || !now.sick.is_empty();
        let is_well = !has_sick && !fires && !self.has_lost_alerts(now);
        let is_healed = was_broken && is_well;
        let word = if is_healed { "healed" } else { "stable" };
        let PodCounts { available, wanted } = now.counts;
        let mut words = format!(
            "{word}: {available} of {wanted} available for {} min",
            now.minutes
        );
        if is_healed {
            words.push_str(&self.before());
        }
        for remark in remarks {
            words = format!("{words}; {remark}");
        }
        Claim {
            words: words.into(),
            compared: format!("before: {}\nafter: {}", self.seen(), now.seen()).into(),
            is_good: is_well,
            is_healed,
            may_change: !now.sick.is_empty()
                || self.has_lost_alerts(now)
                || self.still(now).is_some_and(|still| !still.is_empty()),
        }
    }

    /// More pods are available than before, or those that were sick are not. That fewer are wanted makes none well.
    fn has_pods_back(&self, now: &Steady) -> bool {
        let is_smaller = self
            .available
            .is_some_and(|before| now.counts.wanted < before.wanted);
        let has_more = self
            .missing()
            .is_some_and(|before| now.counts.available > before.available);
        has_more || (self.sick_pods > 0 && !is_smaller)
    }

    /// Pods were missing, and not because a rollout of pods that can live was on its way.
    fn missing(&self) -> Option<PodCounts> {
        let is_normal = self.is_rolling && self.sick_pods == 0;
        self.available
            .filter(|before| before.available < before.wanted && !is_normal)
    }

    /// Alerts fired, and whether they still do is not known.
    fn has_lost_alerts(&self, now: &Steady) -> bool {
        let fired = self
            .alerts
            .as_ref()
            .is_some_and(|alerts| !alerts.is_empty());
        fired && now.alerts.is_none()
    }

    fn seen(&self) -> String {
        let pods = self.available.map_or_else(
            || "pods not known".to_owned(),
            |PodCounts { available, wanted }| format!("{available} of {wanted} available"),
        );
        let rolling = if self.is_rolling { ", rolling" } else { "" };
        let sick = match self.sick_pods {
            0 => String::new(),
            1 => "; 1 pod sick".to_owned(),
            pods => format!("; {pods} pods sick"),
        };
        let alerts = alerts_seen(self.alerts.as_ref(), "fired");
        format!("{pods}{rolling}{sick}; {alerts}")
    }

    /// What is to be said of alerts. True when one has ended.
    fn add_alerts(&self, now: &Steady, remarks: &mut Vec<String>) -> bool {
        let Some(fires) = &now.alerts else {
            remarks.push("alerts not known".to_owned());
            return false;
        };
        let Some(before) = &self.alerts else {
            remarks.extend(named(fires.iter(), "fires", "fire"));
            return false;
        };
        remarks.extend(named(
            fires.intersection(before),
            "still fires",
            "still fire",
        ));
        remarks.extend(named(fires.difference(before), "fires now", "fire now"));
        let ended = named(
            before.difference(fires),
            "no longer fires",
            "no longer fire",
        );
        let has_ended = ended.is_some();
        remarks.extend(ended);
        has_ended
    }

    fn still<'a>(&'a self, now: &'a Steady) -> Option<Vec<&'a Outside>> {
        let (before, fires) = (self.alerts.as_ref()?, now.alerts.as_ref()?);
        Some(before.intersection(fires).collect())
    }

    fn before(&self) -> String {
        match (self.missing(), self.sick_pods) {
            (Some(PodCounts { available, wanted }), _) => {
                format!(", {available} of {wanted} before")
            }
            (None, 0) => String::new(),
            (None, 1) => ", 1 pod was sick before".to_owned(),
            (None, pods) => format!(", {pods} pods were sick before"),
        }
    }
}

impl Steady {
    fn seen(&self) -> String {
        let PodCounts { available, wanted } = self.counts;
        let restarted = self.restarted.as_ref();
        let restarted = restarted.map_or(String::new(), |pod| format!("; {} restarted", pod.raw()));
        let alerts = alerts_seen(self.alerts.as_ref(), "fires");
        let sick = named(self.sick.iter(), "is sick", "are sick");
        let sick = sick.map_or(String::new(), |words| format!("; {words}"));
        let stopped = self.stopped.as_ref();
        let stopped = stopped.map_or(String::new(), |words| format!("; {}", words.raw()));
        let minutes = self.minutes;
        format!(
            "{available} of {wanted} available for {minutes} min{restarted}{sick}; {alerts}{stopped}"
        )
    }
}

fn alerts_seen(alerts: Option<&BTreeSet<Outside>>, fires: &str) -> String {
    match alerts {
        None => "alerts not known".to_owned(),
        Some(alerts) if alerts.is_empty() => format!("no alert about it {fires}"),
        Some(alerts) => {
            let names: Vec<&str> = alerts.iter().map(Outside::raw).collect();
            format!("alerts about it: {}", names.join(", "))
        }
    }
}

/// `A and B still fire`; `None` without any.
fn named<'a>(names: impl Iterator<Item = &'a Outside>, one: &str, several: &str) -> Option<String> {
    let names: Vec<&str> = names.map(Outside::raw).collect();
    match names.as_slice() {
        [] => None,
        [name] => Some(format!("{name} {one}")),
        [name, other] => Some(format!("{name} and {other} {several}")),
        many => Some(format!(
            "{} and {} more {several}",
            many[..NAMED_ALERTS].join(", "),
            many.len() - NAMED_ALERTS
        )),
    }
}
