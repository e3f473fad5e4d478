//! A `ReplicaSet` as the console keeps it: one revision of a Deployment, with when and why it came to be.
//! Field meanings: <https://kubernetes.io/docs/reference/kubernetes-api/workload-resources/replica-set-v1/>.

use serde::{Deserialize, Serialize};

use super::meta::Meta;
use text::Outside;

/// One `ReplicaSet` that a Deployment controls, slim.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReplicaSetRow {
    /// Identity, version and age.
    pub meta: Meta,
    /// Name of the Deployment that controls it. The name is enough: what a deleted Deployment left has no controller.
    pub deployment: Option<Outside>,
    /// Annotation `deployment.kubernetes.io/revision`.
    pub revision: Option<u64>,
    /// Annotation `deployment.kubernetes.io/revision-history` is there: it was rolled back to, so that it is older than
    /// its revision.
    pub is_reused: bool,
    /// The last number in it: what it was before it was rolled back to.
    pub was: Option<u64>,
    /// Annotation `kubernetes.io/change-cause`, copied from the Deployment.
    pub change_cause: Option<Outside>,
    /// `spec.template.metadata.annotations["kubectl.kubernetes.io/restartedAt"]`.
    pub restarted_at: Option<Outside>,
    /// Images of `spec.template.spec.containers`, interned, in order.
    pub images: Box<[Outside]>,
}
