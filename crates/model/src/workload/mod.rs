//! Deployments, `StatefulSets` and `DaemonSets`: their rows, what a rollout is judged by, and where to find them.

pub mod alerts;
pub mod baseline;
pub mod failure;
pub mod follow;
pub mod progress;
pub mod revisions;
mod row;
pub mod status;
pub mod waiting;

use crate::cluster::{Health, Kind};
use crate::meta::Uid;
use crate::pods::PodRow;
use crate::table::{SortKey, Standing};
use crate::watched::{Cluster, Watched};
use text::Outside;

pub use row::{DeploymentFields, KindFields, StatefulSetFields, UpdateStrategy, WorkloadRow};

/// The number at the end of the name of a `StatefulSet`'s pod.
pub fn ordinal(pod: &PodRow) -> Option<u32> {
    pod.name.raw().rsplit_once('-')?.1.parse().ok()
}

impl Cluster {
    /// The table of a kind; `None` for a kind that is no workload.
    fn workloads_of(&self, kind: Kind) -> Option<&Watched<WorkloadRow>> {
        match kind {
            Kind::Deployment => Some(&self.deployments),
            Kind::StatefulSet => Some(&self.statefulsets),
            Kind::DaemonSet => Some(&self.daemonsets),
            Kind::Pod
            | Kind::ReplicaSet
            | Kind::ControllerRevision
            | Kind::Event
            | Kind::Namespace
            | Kind::Service
            | Kind::EndpointSlice
            | Kind::Node
            | Kind::ConfigMap
            | Kind::Secret
            | Kind::HorizontalPodAutoscaler => None,
        }
    }

    pub(crate) fn workload_tables(&self) -> [&Watched<WorkloadRow>; 3] {
        [&self.deployments, &self.statefulsets, &self.daemonsets]
    }

    /// The workload of this uid, whichever kind it is.
    pub fn workload(&self, uid: &Uid) -> Option<&WorkloadRow> {
        let mut tables = self.workload_tables().into_iter();
        tables.find_map(|watched| watched.table.get(uid))
    }

    /// The workload of this name.
    pub fn workload_named(
        &self,
        kind: Kind,
        namespace: &Outside,
        name: &str,
    ) -> Option<&WorkloadRow> {
        let mut rows = self.workloads_of(kind)?.table.rows();
        rows.find(|row| row.name.raw() == name && row.namespace == *namespace)
    }

    /// All workloads, in no particular order.
    pub fn workloads(&self) -> impl Iterator<Item = &WorkloadRow> {
        let tables = self.workload_tables().into_iter();
        tables.flat_map(|watched| watched.table.rows())
    }

    /// A complete list of a kind has been seen.
    pub fn has_all_of(&self, kind: Kind) -> bool {
        self.workloads_of(kind)
            .is_some_and(|watched| watched.is_complete)
    }

    /// How fresh what is known of a kind is; `None` for a kind that is no workload.
    pub fn workload_health(&self, kind: Kind) -> Option<&Health> {
        self.workloads_of(kind).map(|watched| &watched.health)
    }
}

/// How a workload stands in its own table: by name, sick when fewer are available than wanted.
pub fn stand(row: &WorkloadRow) -> Standing {
    Standing {
        key: SortKey::None,
        is_sick: row.available < row.wanted,
        is_listed: true,
        aside: None,
        due: None,
    }
}
