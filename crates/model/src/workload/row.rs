//! A Deployment, `StatefulSet` or `DaemonSet` as the console keeps it: what its rollout is judged by.
//! Field meanings: <https://kubernetes.io/docs/reference/kubernetes-api/workload-resources/>.

use std::num::NonZeroU64;

use serde::{Deserialize, Serialize};

use crate::cluster::{Kind, ObjectRef};
use crate::configs::ConfigNames;
use crate::meta::Uid;
use crate::meta::{Meta, row};
use crate::owner::Owner;
use crate::pods::{Condition, PodRow};
use crate::time::Seconds;
use text::Outside;

/// One workload, slim.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct WorkloadRow {
    /// Identity, version and age.
    pub meta: Meta,
    /// `metadata.generation`.
    pub generation: i64,
    /// `status.observedGeneration`.
    pub observed_generation: i64,
    /// Annotation `kubernetes.io/change-cause`.
    pub change_cause: Option<Outside>,
    /// `spec.template.metadata.annotations["kubectl.kubernetes.io/restartedAt"]`.
    pub restarted_at: Option<Outside>,
    /// Images of `spec.template.spec.containers`, interned, in order.
    pub images: Box<[Outside]>,
    /// `spec.template.metadata.labels`, sorted by key: what Services select.
    pub labels: Box<[(Outside, Outside)]>,
    /// `spec.selector.matchLabels`, sorted by key.
    pub selector: Box<[(Outside, Outside)]>,
    /// `spec.replicas` (1 when absent); of a `DaemonSet` `status.desiredNumberScheduled`: the nodes that should run it.
    pub wanted: u32,
    /// `status.replicas`, `status.currentNumberScheduled`.
    pub current: u32,
    /// `status.updatedReplicas`, `status.updatedNumberScheduled`.
    pub updated: u32,
    /// `status.readyReplicas`, `status.numberReady`.
    pub ready: u32,
    /// `status.availableReplicas`, `status.numberAvailable`.
    pub available: u32,
    pub strategy: UpdateStrategy,
    /// What its pods read, as its template says; boxed because many read nothing.
    pub reads: Option<Box<ConfigNames>>,
    pub of_kind: KindFields,
}

row!(WorkloadRow);

/// How pods get a new template: `spec.strategy.type` of a Deployment, `spec.updateStrategy.type` of the others.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum UpdateStrategy {
    RollingUpdate,
    /// Of a Deployment: all old pods end before the first new one starts.
    Recreate,
    /// Of a `StatefulSet` or `DaemonSet`: a new template reaches a pod only when somebody deletes the pod.
    OnDelete,
}

/// What only one kind has.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum KindFields {
    Deployment(DeploymentFields),
    StatefulSet(StatefulSetFields),
    DaemonSet,
}

/// What only a Deployment has.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DeploymentFields {
    /// Annotation `deployment.kubernetes.io/revision`.
    pub revision: Option<u64>,
    /// `spec.paused`.
    pub is_paused: bool,
    /// `spec.progressDeadlineSeconds` (600 when absent).
    pub progress_deadline_s: u32,
    pub progressing: Option<Condition>,
    /// Boxed because it is rarely there.
    pub replica_failure: Option<Box<Condition>>,
}

/// What only a `StatefulSet` has.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StatefulSetFields {
    /// `spec.updateStrategy.rollingUpdate.partition`: pods with a lower ordinal keep the old template.
    pub partition: u32,
    /// `spec.podManagementPolicy` is `Parallel`: a pod that is not ready holds up no other.
    pub is_parallel: bool,
    /// `status.updateRevision`: the `ControllerRevision` that is rolled out.
    pub update_revision: Option<Outside>,
}

impl WorkloadRow {
    pub fn kind(&self) -> Kind {
        match self.of_kind {
            KindFields::Deployment(_) => Kind::Deployment,
            KindFields::StatefulSet(_) => Kind::StatefulSet,
            KindFields::DaemonSet => Kind::DaemonSet,
        }
    }

    pub fn deployment(&self) -> Option<&DeploymentFields> {
        match &self.of_kind {
            KindFields::Deployment(fields) => Some(fields),
            KindFields::StatefulSet(_) | KindFields::DaemonSet => None,
        }
    }

    pub fn stateful_set(&self) -> Option<&StatefulSetFields> {
        match &self.of_kind {
            KindFields::StatefulSet(fields) => Some(fields),
            KindFields::Deployment(_) | KindFields::DaemonSet => None,
        }
    }

    pub fn uid(&self) -> &Uid {
        &self.meta.uid
    }

    pub fn namespace(&self) -> &Outside {
        &self.meta.namespace
    }

    pub fn name(&self) -> &Outside {
        &self.meta.name
    }

    /// `metadata.resourceVersion` when it parses as an integer.
    pub fn resource_version(&self) -> Option<u64> {
        self.meta.version.map(NonZeroU64::get)
    }

    /// When it was created.
    pub fn created(&self) -> Option<Seconds> {
        self.meta.created
    }

    /// All pods that are wanted are available.
    pub fn is_supplied(&self) -> bool {
        self.is_observed() && self.available() >= self.wanted()
    }

    /// Its controller has seen the present spec.
    pub fn is_observed(&self) -> bool {
        self.observed_generation >= self.generation
    }

    /// Pods that are wanted.
    pub fn wanted(&self) -> u32 {
        self.wanted
    }

    /// Pods that there are.
    pub fn current(&self) -> u32 {
        self.current
    }

    /// Pods of the present template.
    pub fn updated(&self) -> u32 {
        self.updated
    }

    /// Pods that are ready.
    pub fn ready(&self) -> u32 {
        self.ready
    }

    /// Pods that are available.
    pub fn available(&self) -> u32 {
        self.available
    }

    /// Nothing is rolled out until somebody resumes it.
    pub fn is_paused(&self) -> bool {
        self.deployment().is_some_and(|fields| fields.is_paused)
    }

    /// A pod keeps its template until somebody deletes it.
    pub fn is_on_delete(&self) -> bool {
        self.strategy == UpdateStrategy::OnDelete
    }

    /// The restart annotation of its template.
    pub fn restarted_at(&self) -> Option<&Outside> {
        self.restarted_at.as_ref()
    }

    /// Images of its template.
    pub fn images(&self) -> &[Outside] {
        &self.images
    }

    /// Labels of its pods, as far as its template gives them: what Services select.
    pub fn labels(&self) -> &[(Outside, Outside)] {
        &self.labels
    }

    /// Labels by which it finds its pods.
    pub fn selector(&self) -> &[(Outside, Outside)] {
        &self.selector
    }

    /// Why it was changed last, as somebody wrote it down.
    pub fn change_cause(&self) -> Option<&Outside> {
        self.change_cause.as_ref()
    }

    /// Pods with a lower ordinal keep the old template.
    pub fn partition(&self) -> u32 {
        self.stateful_set().map_or(0, |fields| fields.partition)
    }

    /// Condition `Progressing`.
    pub fn progressing(&self) -> Option<&Condition> {
        self.deployment()?.progressing.as_ref()
    }

    /// Kubernetes gives up after so many seconds without progress, if it ever does.
    pub fn progress_deadline_s(&self) -> Option<u32> {
        Some(self.deployment()?.progress_deadline_s)
    }

    /// The number of its revision, where it says so itself.
    pub fn revision(&self) -> Option<u64> {
        self.deployment()?.revision
    }

    /// The `ControllerRevision` that is rolled out, where it says so itself.
    pub fn update_revision(&self) -> Option<&Outside> {
        self.stateful_set()?.update_revision.as_ref()
    }

    /// It as the owner of its pods and revisions.
    pub fn as_owner(&self) -> Owner {
        Owner {
            kind: self.kind().into(),
            name: self.name.clone(),
        }
    }

    pub fn object(&self) -> ObjectRef {
        ObjectRef {
            kind: self.kind(),
            namespace: Some(self.namespace.clone()),
            name: self.name.clone(),
            uid: self.uid.clone(),
        }
    }

    /// Is everything of the revision there and nothing of another? As `kubectl rollout status` decides it:
    /// <https://github.com/kubernetes/kubectl/blob/master/pkg/polymorphichelpers/rollout_status.go>. It calls a scale down
    /// done while the surplus pods still stand; here they have to be gone. Of `OnDelete` kubectl says nothing: there it is
    /// done when the pods that there are are available.
    pub fn is_done(&self) -> bool {
        !self.is_replacing() && !self.is_short()
    }

    /// Its present revision is still being rolled out: not that pods of one that was done are missing.
    pub fn is_rolling_out(&self) -> bool {
        let progressing = self.progressing();
        let reason = progressing.and_then(|condition| condition.reason.as_ref());
        let is_new = reason.is_some_and(|reason| reason.raw() != "NewReplicaSetAvailable");
        self.is_replacing() || (is_new && self.is_short())
    }

    /// The controller has not seen the present spec, or has pods to replace, to add or to end.
    pub(crate) fn is_replacing(&self) -> bool {
        let has_old = self.deployment().is_some() && self.current > self.updated;
        // Some pods have still to get the present template, which they do by themselves.
        let to_update = self.wanted.saturating_sub(self.partition());
        let has_to_update = !self.is_on_delete() && self.updated < to_update;
        !self.is_observed() || self.current > self.wanted || has_to_update || has_old
    }

    pub(crate) fn is_short(&self) -> bool {
        self.available < self.wanted
    }

    /// Kubernetes gave up.
    pub fn is_given_up(&self) -> bool {
        let progressing = self.progressing();
        let reason = progressing.and_then(|condition| condition.reason.as_ref());
        self.is_observed()
            && reason.is_some_and(|reason| reason.raw() == "ProgressDeadlineExceeded")
    }

    /// No pod is wanted, and none is left.
    pub fn is_switched_off(&self) -> bool {
        self.is_observed() && self.wanted == 0 && self.current == 0
    }

    /// Its pods read this `ConfigMap` or Secret of its namespace, as its template says.
    pub fn reads(&self, kind: Kind, name: &Outside) -> bool {
        let reads = self.reads.as_ref();
        reads.is_some_and(|names| names.of(kind).contains(name))
    }

    /// Is this pod one of its own, as far as names tell?
    pub fn owns(&self, pod: &PodRow) -> bool {
        pod.is_of(self.kind(), &self.namespace, &self.name)
    }
}

#[cfg(test)]
mod tests;
