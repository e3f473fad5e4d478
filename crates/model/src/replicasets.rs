//! A `ReplicaSet` as the console keeps it: one revision of a Deployment, with when and why it came to be.
//! Field meanings: <https://kubernetes.io/docs/reference/kubernetes-api/workload-resources/replica-set-v1/>.

use serde::{Deserialize, Serialize};

use super::pods::Uid;
use super::time::Seconds;
use text::Outside;

/// One `ReplicaSet` that a Deployment controls, slim.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReplicaSetRow {
    /// `metadata.uid`.
    pub uid: Uid,
    /// `metadata.namespace`, interned.
    pub namespace: Outside,
    /// `metadata.name`.
    pub name: Outside,
    /// `metadata.resourceVersion` when it parses as an integer.
    pub resource_version: Option<u64>,
    /// `metadata.creationTimestamp`: when its template was first rolled out.
    pub created: Option<Seconds>,
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
