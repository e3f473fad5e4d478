//! Why a rollout does not go on: a pod that cannot live, or pods that the server does not let be created.

use std::collections::BTreeMap;

use super::WorkloadRow;
use super::waiting::WaitingReason;
use crate::events::EventRow;
use crate::meta::Uid;
use crate::owner::OwnerKind;
use crate::pods::{ContainerState, PodRow};
use crate::time::Seconds;
use crate::watched::Cluster;
use text::Outside;

/// A pod that no node takes for this long fails the rollout.
const UNSCHEDULABLE_S: i64 = 60;
/// Without a single new pod for this long a rollout is stuck.
pub const STUCK_S: i64 = 180;
/// The reason of a controller's Event when the server refuses a pod:
/// <https://github.com/kubernetes/kubernetes/blob/master/pkg/controller/controller_utils.go>.
const FAILED_CREATE: &str = "FailedCreate";
/// A Job is watched by its Events alone: one that has said nothing for this long is over.
const JOB_S: i64 = 900;
/// What stands before the server's reason in the words of the controllers; the first that fits is left out with all before it.
const BEFORE_REASON: [&str; 3] = ["is forbidden: ", "failed error: ", "Error creating: "];

/// What is known about a workload beside its row.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RolloutEvidence {
    /// A pod that cannot live, one of the present revision first.
    pub failed_pod: Option<FailedPod>,
    /// The server creates no pod for it.
    pub refusal: Option<Refusal>,
}

/// A pod that cannot live.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FailedPod {
    /// In a word: `ImagePullBackOff`.
    pub reason: Outside,
    /// In a sentence, with the pod's name.
    pub words: Outside,
    pub pod: Outside,
    /// The `ReplicaSet` or `ControllerRevision` that it was made from.
    pub revision: Option<Outside>,
    /// It is not of the revision that is rolled out.
    pub is_old: bool,
}

/// The server refuses to create pods: a quota, an admission webhook, `PodSecurity`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// The server's reason.
    pub why: Outside,
    /// Since when; `None` when nobody says so.
    pub since: Option<Seconds>,
    /// When it was seen last; `None` where it is a condition that holds.
    pub last: Option<Seconds>,
    /// For [`STUCK_S`] already.
    pub is_stuck: bool,
}

/// A Job for which the server creates no pod.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RefusedJob {
    pub namespace: Outside,
    pub name: Outside,
    pub refusal: Refusal,
}

/// All refusals that hold at a moment.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Refusals {
    /// By the workload's uid.
    pub workloads: BTreeMap<Uid, Refusal>,
    /// By the Job's uid.
    pub jobs: BTreeMap<Uid, RefusedJob>,
    /// When one of them becomes stuck although nothing changes.
    pub due: Option<Seconds>,
}

impl FailedPod {
    /// `None` when the pod may still live. `is_old`: it is of no revision that is rolled out now.
    pub fn of(pod: &PodRow, is_old: bool, now: Seconds) -> Option<FailedPod> {
        let name = pod.name.raw();
        let failed = |reason: Outside, words: String| FailedPod {
            reason,
            words: words.into(),
            pod: pod.name.clone(),
            revision: pod.revision_name(),
            is_old,
        };
        if let Some(reason) = fatal_reason(pod) {
            let words = format!("{name} {}", reason.raw());
            return Some(failed(reason, words));
        }
        let unscheduled = pod.unscheduled.as_ref().filter(|_| !pod.is_gated())?;
        let since = unscheduled.since.or(pod.created)?;
        (now.unix() - since.unix() >= UNSCHEDULABLE_S).then(|| {
            let words = match &unscheduled.message {
                Some(message) => format!("no node takes {name}: {}", message.raw()),
                None => format!("no node takes {name}"),
            };
            failed("Unschedulable".into(), words)
        })
    }
}

impl FailedPod {
    /// Its container dies again and again.
    pub fn is_crashing(&self) -> bool {
        WaitingReason::of(&self.reason) == WaitingReason::Crashing
    }
}

fn fatal_reason(pod: &PodRow) -> Option<Outside> {
    pod.containers
        .iter()
        .find_map(|container| match &container.state {
            ContainerState::Waiting { reason, .. } if WaitingReason::of(reason).is_fatal() => {
                Some(reason.clone())
            }
            ContainerState::Waiting { .. }
            | ContainerState::Running { .. }
            | ContainerState::Terminated(_)
            | ContainerState::Unknown => None,
        })
}

impl Refusal {
    /// As every place says it.
    pub fn words(&self) -> String {
        format!("no new pod: {}", self.why.raw())
    }

    /// As it is judged from a moment on: what was so before that does not count.
    pub(super) fn judged_from(&self, began: Seconds, now: Seconds) -> Refusal {
        let since = self.since.map(|since| since.max(began));
        Refusal {
            since,
            is_stuck: is_stuck(since, now),
            ..self.clone()
        }
    }

    /// The condition of a Deployment, which its controller takes back when it creates pods again.
    fn of_condition(row: &WorkloadRow, now: Seconds) -> Option<Refusal> {
        let failure = row.deployment()?.replica_failure.as_ref();
        let failure = failure.filter(|failure| failure.is_true)?;
        Some(Refusal {
            why: reason(failure.message.as_ref().or(failure.reason.as_ref())?),
            since: failure.since,
            last: None,
            is_stuck: is_stuck(failure.since, now),
        })
    }
}

impl Refusals {
    /// All that hold now. An Event holds while pods are missing and none was created since.
    pub fn of(cluster: &Cluster, now: Seconds) -> Refusals {
        let mut refusals = Refusals::default();
        for row in cluster.deployments.table.rows() {
            if let Some(refusal) = Refusal::of_condition(row, now) {
                refusals.add(row.uid(), refusal);
            }
        }
        let events = Events::of(cluster);
        if events.0.is_empty() {
            return refusals;
        }
        let newest = NewestPods::of(cluster);
        for (uid, events) in &events.0 {
            let about = events[0];
            let kind = OwnerKind::from(about.object_kind.raw());
            let is_job = kind == OwnerKind::Job;
            let place = (&about.namespace, kind, about.object_name.raw());
            let refusal = of_events(events, newest.0.get(&place), now);
            match cluster.workload(uid) {
                Some(row) => {
                    if let Some(refusal) = refusal.filter(|_| is_missing_pods(row)) {
                        refusals.add(uid, refusal);
                    }
                }
                None if is_job => {
                    let is_recent = |refusal: &Refusal| {
                        refusal
                            .last
                            .is_some_and(|last| now.unix() - last.unix() < JOB_S)
                    };
                    if let Some(refusal) = refusal.filter(is_recent) {
                        refusals.wait_for(&refusal);
                        let job = RefusedJob {
                            namespace: about.namespace.clone(),
                            name: about.object_name.clone(),
                            refusal,
                        };
                        refusals.jobs.insert((*uid).clone(), job);
                    }
                }
                None => {}
            }
        }
        refusals
    }

    fn add(&mut self, uid: &Uid, refusal: Refusal) {
        self.wait_for(&refusal);
        self.workloads.insert(uid.clone(), refusal);
    }

    fn wait_for(&mut self, refusal: &Refusal) {
        let due = refusal.since.filter(|_| !refusal.is_stuck);
        let due = due.map(|since| Seconds::new(since.unix() + STUCK_S));
        self.due = [self.due, due].into_iter().flatten().min();
    }
}

/// Events of refused pods, by what they are about.
struct Events<'a>(BTreeMap<&'a Uid, Vec<&'a EventRow>>);

/// When the newest pod of each workload was created.
#[derive(Default)]
struct NewestPods<'a>(BTreeMap<(&'a Outside, OwnerKind, &'a str), Seconds>);

impl<'a> Events<'a> {
    fn of(cluster: &'a Cluster) -> Events<'a> {
        let mut events: BTreeMap<&Uid, Vec<&EventRow>> = BTreeMap::new();
        let warnings = cluster.warnings.table.rows();
        for event in warnings.filter(|event| event.reason.raw() == FAILED_CREATE) {
            events.entry(&event.object_uid).or_default().push(event);
        }
        Events(events)
    }
}

impl<'a> NewestPods<'a> {
    fn of(cluster: &'a Cluster) -> NewestPods<'a> {
        let mut newest = NewestPods::default();
        for pod in cluster.pods.table.rows() {
            let Some(created) = pod.created else {
                continue;
            };
            if let Some((kind, name)) = pod.workload() {
                let place = (&pod.namespace, kind, name);
                let newest = newest.0.entry(place).or_insert(created);
                *newest = created.max(*newest);
            }
        }
        newest
    }
}

/// What Events say together; `None` when a pod was created after the last of them.
fn of_events(events: &[&EventRow], created: Option<&Seconds>, now: Seconds) -> Option<Refusal> {
    let is_current =
        |event: &&&EventRow| created.is_none_or(|created| event.last >= Some(*created));
    let current = || events.iter().filter(is_current);
    let latest = current().max_by_key(|event| (event.last, &event.uid))?;
    let first = current().filter_map(|event| event.first).min();
    // What was refused before the newest pod was created is another story.
    let since = first.map(|first| created.map_or(first, |created| first.max(*created)));
    Some(Refusal {
        why: reason(&latest.message),
        since,
        last: latest.last,
        is_stuck: is_stuck(since, now),
    })
}

/// Fewer pods are there than wanted, or the controller cannot even say how many there are.
fn is_missing_pods(row: &WorkloadRow) -> bool {
    row.current() < row.wanted() || !row.is_observed()
}

fn is_stuck(since: Option<Seconds>, now: Seconds) -> bool {
    since.is_some_and(|since| now.unix() - since.unix() >= STUCK_S)
}

/// The server's reason, without what the controller says before it.
fn reason(words: &Outside) -> Outside {
    let raw = words.raw();
    let reason = BEFORE_REASON
        .iter()
        .find_map(|before| Some(raw.split_once(before)?.1));
    reason.map_or_else(|| words.clone(), Outside::from)
}
