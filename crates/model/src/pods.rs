//! A pod as the console keeps it: the fields that are shown, nothing else (a decoded k8s-openapi Pod holds 56 KB).
//! Field meanings: <https://kubernetes.io/docs/reference/kubernetes-api/workload-resources/pod-v1/>.

mod belonging;

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::amounts::Resources;
use super::meta::{Meta, row};
use super::owner::Owner;
use super::time::Seconds;
use text::Outside;

/// One pod, slim. Equal rows draw equally.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PodRow {
    /// Identity, version and age.
    pub meta: Meta,
    /// `metadata.deletionTimestamp`: already includes the grace period.
    pub deleted: Option<Seconds>,
    /// The controller among `metadata.ownerReferences`.
    pub owner: Option<Owner>,
    /// Label `pod-template-hash`, else `controller-revision-hash`, interned: which revision of its workload the pod
    /// belongs to. Of a `StatefulSet` it is the name of the `ControllerRevision`, else the end of that name.
    pub template_hash: Option<Outside>,
    /// `spec.nodeName`, interned.
    pub node: Option<Outside>,
    /// `status.phase`.
    pub phase: Phase,
    /// `status.reason`, such as `Evicted` or `NodeLost`.
    pub reason: Option<Outside>,
    /// `status.message`: why it was evicted, for one.
    pub message: Option<Outside>,
    pub ready: Option<Condition>,
    /// Condition `PodScheduled` when it is False: why the pod cannot be placed. Boxed: hardly any of 50,000 pods has it.
    pub unscheduled: Option<Box<Condition>>,
    /// What hardly any pod has. Boxed for the same reason.
    pub extras: Option<Box<PodExtras>>,
    /// Init containers first, then the others, each in the order of the spec.
    pub containers: Box<[ContainerRow]>,
    /// The worst state it passed through since the last row that was sent, when that was worse than this one: what a
    /// full channel folded away must still reach the timeline.
    pub passed: Option<Arc<PodRow>>,
}

row!(PodRow);

/// What few pods have.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct PodExtras {
    /// The first of `spec.readinessGates` that is not true, of a pod that is not ready.
    pub readiness_gate: Option<ReadinessGate>,
    /// `spec.schedulingGates`, interned.
    pub scheduling_gates: Box<[Outside]>,
    /// `metadata.finalizers` of a pod that is being deleted, interned.
    pub finalizers: Box<[Outside]>,
    /// The `PersistentVolumeClaims` of a pod that is not placed.
    pub claims: Box<[Outside]>,
    /// The labels that a node must have, of a pod that is not placed.
    pub requirements: Box<[Requirement]>,
    /// Condition `DisruptionTarget` when it is True: why it is ended before its time.
    /// <https://kubernetes.io/docs/concepts/workloads/pods/disruptions/#pod-disruption-conditions>
    pub disruption: Option<Condition>,
    /// `spec.ephemeralContainers`, which somebody added to look into the pod: how they are says nothing about it.
    pub ephemeral: Box<[ContainerRow]>,
}

/// A condition of `spec.readinessGates`, which something outside the pod sets.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReadinessGate {
    /// `conditionType`, interned.
    pub name: Outside,
    /// The condition of that type; `None` when nothing has set it yet.
    pub condition: Option<Condition>,
}

/// One label that a node must have: an entry of `spec.nodeSelector`, or an expression of the required node affinity.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Requirement {
    pub key: Outside,
    /// One of these; none: any value.
    pub values: Box<[Outside]>,
}

/// `status.phase` of a pod.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Phase {
    /// Accepted, not all containers started.
    Pending,
    /// Bound to a node, at least one container runs.
    Running,
    /// All containers ended with 0.
    Succeeded,
    /// All containers ended, one of them badly.
    Failed,
    /// No word from the node, or a phase this version does not know.
    #[default]
    Unknown,
}

impl Phase {
    /// No container of it will run again.
    pub fn is_over(self) -> bool {
        match self {
            Phase::Succeeded | Phase::Failed => true,
            Phase::Pending | Phase::Running | Phase::Unknown => false,
        }
    }
}

/// One status condition.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Condition {
    /// `status` is `True`.
    pub is_true: bool,
    pub since: Option<Seconds>,
    /// `reason`, interned.
    pub reason: Option<Outside>,
    /// `message`; kept only where it is shown in the list.
    pub message: Option<Outside>,
}

/// One container of a pod.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ContainerRow {
    /// Name, interned.
    pub name: Outside,
    /// Image as the spec has it, interned.
    pub image: Outside,
    pub role: ContainerRole,
    pub is_ready: bool,
    pub restarts: u32,
    pub state: ContainerState,
    /// `lastState.terminated`.
    pub last: Option<Box<Termination>>,
    /// `resources`, interned.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub resources: Option<Arc<Resources>>,
}

/// What a container is there for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum ContainerRole {
    /// Under `spec.containers`.
    #[default]
    Main,
    /// Under `spec.initContainers`.
    Init,
    /// Under `spec.initContainers` with `restartPolicy: Always`.
    Sidecar,
    /// Under `spec.ephemeralContainers`: put there by `kubectl debug`.
    Ephemeral,
}

/// `state` of a container status.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum ContainerState {
    /// No status yet.
    #[default]
    Unknown,
    /// `waiting`, with its reason and message.
    Waiting {
        /// Such as `CrashLoopBackOff`, interned; empty while the kubelet has not said one.
        reason: Outside,
        /// The kubelet's words.
        message: Option<Outside>,
    },
    Running {
        since: Option<Seconds>,
    },
    Terminated(Box<Termination>),
}

/// How a container ended.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Termination {
    pub exit_code: i32,
    /// `signal`, 0 when there was none.
    pub signal: i32,
    /// Such as `OOMKilled`, `Error`, `Completed`, interned.
    pub reason: Option<Outside>,
    /// The termination message.
    pub message: Option<Outside>,
    pub started: Option<Seconds>,
    pub finished: Option<Seconds>,
}

impl PodRow {
    /// The scheduler leaves it alone until its scheduling gates are taken away.
    /// <https://kubernetes.io/docs/concepts/scheduling-eviction/pod-scheduling-readiness/>
    pub fn is_gated(&self) -> bool {
        let reason = self
            .unscheduled
            .as_ref()
            .and_then(|one| one.reason.as_ref());
        reason.is_some_and(|reason| reason.raw() == "SchedulingGated")
    }

    /// All containers that can have a log: those of the template, then those that were added to look into the pod.
    pub fn all_containers(&self) -> impl Iterator<Item = &ContainerRow> {
        let extras = self.extras.as_ref();
        let ephemeral = extras.map_or([].as_slice(), |extras| &extras.ephemeral);
        self.containers.iter().chain(ephemeral)
    }

    pub fn is_ready(&self) -> bool {
        self.ready.as_ref().is_some_and(|ready| ready.is_true)
    }

    /// The finalizers that keep it, once it is being deleted.
    pub fn finalizers(&self) -> &[Outside] {
        self.extras
            .as_ref()
            .map_or(&[], |extras| &extras.finalizers)
    }
}
