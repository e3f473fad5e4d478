//! Revisions as they are read of a whole namespace: which templates its workloads had, when and why.
//! Field meanings: <https://kubernetes.io/docs/reference/kubernetes-api/workload-resources/replica-set-v1/> and
//! <https://kubernetes.io/docs/reference/kubernetes-api/workload-resources/controller-revision-v1/>.

use serde::{Deserialize, Serialize};

use super::changes::FieldManager;
use super::cluster::Kind;
use super::meta::{Meta, row};
use super::owner::Owner;
use text::Outside;

/// The objects in which the revisions of a workload are kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum RevisionKind {
    /// Of Deployments.
    ReplicaSet,
    /// Of `StatefulSets` and `DaemonSets`.
    ControllerRevision,
}

/// The revisions of one kind in one namespace.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct RevisionList {
    pub namespace: Outside,
    pub kind: RevisionKind,
}

/// One revision of a workload, slim.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RevisionRow {
    /// Identity, version and age.
    pub meta: Meta,
    /// The workload that controls it. The name is enough: what a deleted workload left has no controller.
    pub owner: Option<Owner>,
    /// Annotation `deployment.kubernetes.io/revision`, or `revision` of a `ControllerRevision`.
    pub number: Option<u64>,
    /// Annotation `deployment.kubernetes.io/revision-history` is there: it was rolled back to, so that it is older than
    /// its revision. A `ControllerRevision` does not say so.
    pub is_reused: bool,
    /// The last number in it: what it was before it was rolled back to.
    pub was: Option<u64>,
    /// Annotation `kubernetes.io/change-cause`, copied from the workload.
    pub change_cause: Option<Outside>,
    /// `spec.template.metadata.annotations["kubectl.kubernetes.io/restartedAt"]`.
    pub restarted_at: Option<Outside>,
    /// Images of `spec.template.spec.containers`, interned, in order.
    pub images: Box<[Outside]>,
    /// Who wrote the template that it was made of, where the server says so.
    pub made_by: Option<FieldManager>,
}

row!(RevisionRow);

impl RevisionKind {
    /// Where those of a workload of this kind are.
    pub fn of(workload: Kind) -> RevisionKind {
        if matches!(workload, Kind::StatefulSet | Kind::DaemonSet) {
            RevisionKind::ControllerRevision
        } else {
            RevisionKind::ReplicaSet
        }
    }

    pub fn kind(self) -> Kind {
        match self {
            RevisionKind::ReplicaSet => Kind::ReplicaSet,
            RevisionKind::ControllerRevision => Kind::ControllerRevision,
        }
    }
}
