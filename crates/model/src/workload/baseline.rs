//! What was seen of a workload before a write, and what may be claimed of the write when it is compared with what is seen
//! afterwards. Claims nothing of what was not seen.

use std::collections::BTreeSet;

use crate::alert::Rank;
use crate::pods::{PodRow, Uid};
use crate::time::Seconds;
use crate::workload::WorkloadRow;
use crate::{Model, link, sick};
use text::Outside;

/// Alerts named in a verdict; the others are counted.
const NAMED_ALERTS: usize = 2;

/// A workload at the moment at which a write was sent.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Baseline {
    /// Pods that were there: a pod that comes later was made after the write.
    pub pods: BTreeSet<Uid>,
    /// Pods that were wanted and available; `None` when the workload was not seen.
    pub available: Option<PodCounts>,
    /// Pods that were sick, or had restarted a short while before.
    pub sick_pods: usize,
    /// Names of the alerts about it that fired; `None` when that was not known.
    pub alerts: Option<BTreeSet<Outside>>,
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
    /// Names of the alerts about it that fire; `None` when that is not known.
    pub alerts: Option<BTreeSet<Outside>>,
}

/// What is claimed of a write.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Claim {
    /// Healed or stable, and what was seen.
    pub words: Outside,
    pub is_good: bool,
    /// An alert that fired before may still end because of the write.
    pub may_change: bool,
}

impl Baseline {
    /// What the model shows of a workload now.
    pub fn of<'a>(
        model: &Model,
        row: Option<&WorkloadRow>,
        pods: impl Iterator<Item = &'a PodRow>,
    ) -> Baseline {
        let now = Seconds::from(model.server_now());
        let circumstances = model.cluster.circumstances();
        let mut baseline = Baseline {
            available: row.map(|row| PodCounts {
                available: row.available(),
                wanted: row.wanted(),
            }),
            alerts: row.and_then(|row| firing(model, row)),
            ..Baseline::default()
        };
        for pod in pods {
            baseline.sick_pods +=
                usize::from(sick::diagnose(pod, &circumstances, now).sickness.is_some());
            baseline.pods.insert(pod.uid.clone());
        }
        baseline
    }

    /// Compares with what is seen now. "Healed" needs something that was broken before and is well now.
    pub fn claim(&self, now: &Steady) -> Claim {
        let missing = self
            .available
            .filter(|before| before.available < before.wanted);
        let mut remarks = Vec::new();
        let ended = self.add_alerts(now, &mut remarks);
        let fires = now.alerts.as_ref().is_some_and(|alerts| !alerts.is_empty());
        remarks.extend(
            now.restarted
                .as_ref()
                .map(|pod| format!("{} restarted since", pod.raw())),
        );
        let was_broken = missing.is_some() || self.sick_pods > 0 || ended;
        let is_well = now.restarted.is_none() && !fires;
        let word = if was_broken && is_well {
            "healed"
        } else {
            "stable"
        };
        let PodCounts { available, wanted } = now.counts;
        let mut words = format!(
            "{word}: {available} of {wanted} available for {} min",
            now.minutes
        );
        if word == "healed" {
            words.push_str(&self.before(missing));
        }
        for remark in remarks {
            words = format!("{words}; {remark}");
        }
        Claim {
            words: words.into(),
            is_good: is_well,
            may_change: self.still(now).is_some_and(|still| !still.is_empty()),
        }
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

    fn before(&self, missing: Option<PodCounts>) -> String {
        match (missing, self.sick_pods) {
            (Some(PodCounts { available, wanted }), _) => {
                format!(", {available} of {wanted} before")
            }
            (None, 0) => String::new(),
            (None, 1) => ", 1 pod was sick before".to_owned(),
            (None, pods) => format!(", {pods} pods were sick before"),
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

/// Names of the alerts about a workload that fire, silenced or not; `None` unless the last answer is of now. Those that ask
/// for nothing are left out.
pub fn firing(model: &Model, row: &WorkloadRow) -> Option<BTreeSet<Outside>> {
    if !model.alerts.is_fresh() {
        return None;
    }
    let subject = link::of_workload(row, &model.cluster);
    let is_about = |alert: &&crate::alert::AlertRow| {
        !alert.is_background() && alert.rank != Rank::Info && subject.is_meant_by(&alert.labels)
    };
    let alerts = model.alerts.watched.table.rows();
    Some(
        alerts
            .filter(is_about)
            .map(|alert| alert.name.clone())
            .collect(),
    )
}
