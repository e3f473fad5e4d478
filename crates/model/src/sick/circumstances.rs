//! What a pod's own row does not say: whether its node answers, whether its workload has all the pods it wants, and since when
//! that is healed.

use std::collections::BTreeMap;

use crate::link::WorkloadName;
use crate::nodes::NodeRow;
use crate::owner::OwnerKind;
use crate::pods::PodRow;
use crate::serving::Serving;
use crate::time::Seconds;
use crate::watched::{Cluster, Watched};
use crate::workload::WorkloadRow;

/// What is known beside the pods.
#[derive(Clone, Copy, Debug)]
pub struct Circumstances<'a> {
    serving: &'a Serving,
    deployments: &'a Watched<WorkloadRow>,
    statefulsets: &'a Watched<WorkloadRow>,
    daemonsets: &'a Watched<WorkloadRow>,
    recovered: &'a BTreeMap<WorkloadName, Seconds>,
    past: Option<Seconds>,
}

impl Cluster {
    pub fn circumstances(&self) -> Circumstances<'_> {
        Circumstances {
            serving: &self.serving,
            deployments: &self.deployments,
            statefulsets: &self.statefulsets,
            daemonsets: &self.daemonsets,
            recovered: &self.recovered,
            past: None,
        }
    }

    /// The pods, to be changed, beside what they are judged by.
    pub fn pods_to_judge(&mut self) -> (&mut Watched<PodRow>, Circumstances<'_>) {
        let circumstances = Circumstances {
            serving: &self.serving,
            deployments: &self.deployments,
            statefulsets: &self.statefulsets,
            daemonsets: &self.daemonsets,
            recovered: &self.recovered,
            past: None,
        };
        (&mut self.pods, circumstances)
    }
}

impl<'a> Circumstances<'a> {
    /// The same if all that ended up to a moment were past.
    #[must_use]
    pub fn after(self, moment: Seconds) -> Self {
        Circumstances {
            past: Some(moment),
            ..self
        }
    }

    /// How a container of the pod ended, or that it was started again, at this moment is past: its workload is healed since.
    pub fn is_past(&self, pod: &PodRow, moment: Seconds) -> bool {
        let of_workload = || {
            let name = WorkloadName::of_pod(pod)?;
            self.recovered.get(&name).copied()
        };
        let recovered = (!self.recovered.is_empty()).then(of_workload).flatten();
        [self.past, recovered].into_iter().flatten().max() >= Some(moment)
    }

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
