//! A `StatefulSet` as the console keeps it: what its rollout is judged by.
//! Field meanings: <https://kubernetes.io/docs/reference/kubernetes-api/workload-resources/stateful-set-v1/>.

use serde::{Deserialize, Serialize};

use super::meta::Meta;
use text::Outside;

/// One `StatefulSet`, slim.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StatefulSetRow {
    /// Identity, version and age.
    pub meta: Meta,
    /// `metadata.generation`.
    pub generation: i64,
    /// `status.observedGeneration`.
    pub observed_generation: i64,
    /// Annotation `kubernetes.io/change-cause`.
    pub change_cause: Option<Outside>,
    /// `spec.replicas` (1 when absent).
    pub replicas: u32,
    /// `spec.updateStrategy.type` is `OnDelete`: a new template reaches a pod only when somebody deletes the pod.
    pub is_on_delete: bool,
    /// `spec.updateStrategy.rollingUpdate.partition`: pods with a lower ordinal keep the old template.
    pub partition: u32,
    /// `spec.podManagementPolicy` is `Parallel`: a pod that is not ready holds up no other.
    pub is_parallel: bool,
    /// `spec.template.metadata.annotations["kubectl.kubernetes.io/restartedAt"]`.
    pub restarted_at: Option<Outside>,
    /// Images of `spec.template.spec.containers`, interned, in order.
    pub images: Box<[Outside]>,
    /// `spec.template.metadata.labels`, sorted by key: what Services select.
    pub labels: Box<[(Outside, Outside)]>,
    /// `spec.selector.matchLabels`, sorted by key.
    pub selector: Box<[(Outside, Outside)]>,
    /// `status.replicas`.
    pub current: u32,
    /// `status.updatedReplicas`.
    pub updated: u32,
    /// `status.readyReplicas`.
    pub ready: u32,
    /// `status.availableReplicas`.
    pub available: u32,
    /// `status.currentRevision`: the `ControllerRevision` of pods that are not updated yet.
    pub current_revision: Option<Outside>,
    /// `status.updateRevision`: the `ControllerRevision` that is rolled out.
    pub update_revision: Option<Outside>,
}
