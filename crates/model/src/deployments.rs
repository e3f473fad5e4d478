//! A Deployment as the console keeps it: what its rollout is judged by.
//! Field meanings: <https://kubernetes.io/docs/reference/kubernetes-api/workload-resources/deployment-v1/>.

use serde::{Deserialize, Serialize};

use super::meta::Meta;
use super::pods::Condition;
use text::Outside;

/// One Deployment, slim.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DeploymentRow {
    /// Identity, version and age.
    pub meta: Meta,
    /// `metadata.generation`.
    pub generation: i64,
    /// `status.observedGeneration`.
    pub observed_generation: i64,
    /// Annotation `deployment.kubernetes.io/revision`.
    pub revision: Option<u64>,
    /// Annotation `kubernetes.io/change-cause`.
    pub change_cause: Option<Outside>,
    /// `spec.replicas` (1 when absent).
    pub replicas: u32,
    /// `spec.paused`.
    pub is_paused: bool,
    /// `spec.strategy.type` is `Recreate`.
    pub is_recreate: bool,
    /// `spec.progressDeadlineSeconds` (600 when absent).
    pub progress_deadline_s: u32,
    /// `spec.template.metadata.annotations["kubectl.kubernetes.io/restartedAt"]`.
    pub restarted_at: Option<Outside>,
    /// Images of `spec.template.spec.containers`, interned, in order.
    pub images: Box<[Outside]>,
    /// `spec.selector.matchLabels`, sorted by key.
    pub selector: Box<[(Outside, Outside)]>,
    /// `spec.template.metadata.labels`, sorted by key: what Services select.
    pub labels: Box<[(Outside, Outside)]>,
    /// `status.replicas`.
    pub current: u32,
    /// `status.updatedReplicas`.
    pub updated: u32,
    /// `status.readyReplicas`.
    pub ready: u32,
    /// `status.availableReplicas`.
    pub available: u32,
    pub progressing: Option<Condition>,
    pub availability: Option<Condition>,
    pub replica_failure: Option<Condition>,
}
