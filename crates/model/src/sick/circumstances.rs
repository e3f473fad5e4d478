//! What a pod's own row does not say: whether its node answers, and whether its workload has all the pods it wants.

use crate::nodes::NodeRow;
use crate::pods::PodRow;
use crate::serving::Serving;
use crate::watched::{Cluster, Watched};
use crate::workload::WorkloadRow;
use crate::workload::owner::OwnerKind;

/// What is known beside the pods.
#[derive(Clone, Copy, Debug)]
pub struct Circumstances<'a> {
    serving: &'a Serving,
    deployments: &'a Watched<WorkloadRow>,
    statefulsets: &'a Watched<WorkloadRow>,
    daemonsets: &'a Watched<WorkloadRow>,
}

impl Cluster {
    pub fn circumstances(&self) -> Circumstances<'_> {
        Circumstances {
            serving: &self.serving,
            deployments: &self.deployments,
            statefulsets: &self.statefulsets,
            daemonsets: &self.daemonsets,
        }
    }

    /// The pods, to be changed, beside what they are judged by.
    pub fn pods_to_judge(&mut self) -> (&mut Watched<PodRow>, Circumstances<'_>) {
        let circumstances = Circumstances {
            serving: &self.serving,
            deployments: &self.deployments,
            statefulsets: &self.statefulsets,
            daemonsets: &self.daemonsets,
        };
        (&mut self.pods, circumstances)
    }
}

impl<'a> Circumstances<'a> {
    /// The node of a pod, when that node is known not to be ready.
    pub fn failed_node(&self, pod: &PodRow) -> Option<&'a NodeRow> {
        let name = pod.node.as_ref()?;
        let mut failed = self
            .serving
            .sick_nodes()
            .take_while(|node| !node.is_ready());
        failed.find(|node| node.name == *name)
    }

    /// Its controller replaces it, and all the pods that are wanted are available.
    pub fn is_replaced(&self, pod: &PodRow) -> bool {
        self.workload(pod).is_some_and(WorkloadRow::is_supplied)
    }

    fn workload(&self, pod: &PodRow) -> Option<&'a WorkloadRow> {
        let (kind, name) = pod.workload()?;
        let watched = match kind {
            OwnerKind::Deployment => self.deployments,
            OwnerKind::StatefulSet => self.statefulsets,
            OwnerKind::DaemonSet => self.daemonsets,
            OwnerKind::ReplicaSet | OwnerKind::Job | OwnerKind::Other(_) => return None,
        };
        let mut rows = watched.table.rows();
        rows.find(|row| row.name.raw() == name && row.namespace == pod.namespace)
    }
}

/// Pods of this kind of owner are replaced, not started again: one that is over stays so.
pub(super) fn has_replacing_owner(pod: &PodRow) -> bool {
    let owner = pod.owner.as_ref();
    owner.is_some_and(|owner| match &owner.kind {
        OwnerKind::Deployment
        | OwnerKind::ReplicaSet
        | OwnerKind::StatefulSet
        | OwnerKind::DaemonSet => true,
        OwnerKind::Job => false,
        OwnerKind::Other(word) => word.raw() == "ReplicationController",
    })
}
