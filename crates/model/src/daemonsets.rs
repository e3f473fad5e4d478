//! A `DaemonSet` as the console keeps it: what its rollout is judged by.
//! Field meanings: <https://kubernetes.io/docs/reference/kubernetes-api/workload-resources/daemon-set-v1/>.

use serde::{Deserialize, Serialize};

use super::meta::Meta;
use text::Outside;

/// One `DaemonSet`, slim.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DaemonSetRow {
    /// Identity, version and age.
    pub meta: Meta,
    /// `metadata.generation`.
    pub generation: i64,
    /// `status.observedGeneration`.
    pub observed_generation: i64,
    /// Annotation `kubernetes.io/change-cause`.
    pub change_cause: Option<Outside>,
    /// `spec.updateStrategy.type` is `OnDelete`: a new template reaches a pod only when somebody deletes the pod.
    pub is_on_delete: bool,
    /// `spec.template.metadata.annotations["kubectl.kubernetes.io/restartedAt"]`.
    pub restarted_at: Option<Outside>,
    /// Images of `spec.template.spec.containers`, interned, in order.
    pub images: Box<[Outside]>,
    /// `spec.template.metadata.labels`, sorted by key: what Services select.
    pub labels: Box<[(Outside, Outside)]>,
    /// `spec.selector.matchLabels`, sorted by key.
    pub selector: Box<[(Outside, Outside)]>,
    /// `status.desiredNumberScheduled`: nodes that should run it.
    pub wanted: u32,
    /// `status.currentNumberScheduled`.
    pub current: u32,
    /// `status.updatedNumberScheduled`.
    pub updated: u32,
    /// `status.numberReady`.
    pub ready: u32,
    /// `status.numberAvailable`.
    pub available: u32,
}
