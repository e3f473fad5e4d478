//! A Deployment, `StatefulSet` or `DaemonSet` seen alike: what a rollout is judged by, whichever of the three it is.

pub mod baseline;
pub mod failure;
pub mod follow;
pub mod owner;
pub mod progress;
pub mod revisions;
pub mod status;
pub mod waiting;

use std::num::NonZeroU64;

use crate::cluster::{Health, Kind, ObjectRef};
use crate::daemonsets::DaemonSetRow;
use crate::deployments::DeploymentRow;
use crate::pods::{Condition, PodRow, Uid};
use crate::statefulsets::StatefulSetRow;
use crate::table::{SortKey, Standing};
use crate::time::Seconds;
use crate::watched::Cluster;
use crate::workload::owner::Owner;
use text::Outside;

#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Workload<'a> {
    Deployment(&'a DeploymentRow),
    StatefulSet(&'a StatefulSetRow),
    DaemonSet(&'a DaemonSetRow),
}

macro_rules! fields {
    ($($(#[$doc:meta])* $name:ident: $type:ty = $deployment:expr, $stateful:expr, $daemon:expr;)*) => {
        impl<'a> Workload<'a> {
            $($(#[$doc])*
            pub fn $name(self) -> $type {
                match self {
                    Workload::Deployment(row) => ($deployment as fn(&'a DeploymentRow) -> $type)(row),
                    Workload::StatefulSet(row) => ($stateful as fn(&'a StatefulSetRow) -> $type)(row),
                    Workload::DaemonSet(row) => ($daemon as fn(&'a DaemonSetRow) -> $type)(row),
                }
            })*
        }
    };
}

fields! {
    kind: Kind = |_| Kind::Deployment, |_| Kind::StatefulSet, |_| Kind::DaemonSet;
    uid: &'a Uid = |row| &row.uid, |row| &row.uid, |row| &row.uid;
    namespace: &'a Outside = |row| &row.namespace, |row| &row.namespace, |row| &row.namespace;
    name: &'a Outside = |row| &row.name, |row| &row.name, |row| &row.name;
    /// `metadata.resourceVersion` when it parses as an integer.
    resource_version: Option<u64> = |row| row.version.map(NonZeroU64::get), |row| row.version.map(NonZeroU64::get), |row| row.version.map(NonZeroU64::get);
    /// When it was created.
    created: Option<Seconds> = |row| row.created, |row| row.created, |row| row.created;
    /// `metadata.generation`.
    generation: i64 = |row| row.generation, |row| row.generation, |row| row.generation;
    /// `status.observedGeneration`.
    observed_generation: i64 = |row| row.observed_generation, |row| row.observed_generation, |row| row.observed_generation;
    /// Its controller has seen the present spec.
    is_observed: bool = |row| row.observed_generation >= row.generation, |row| row.observed_generation >= row.generation,
        |row| row.observed_generation >= row.generation;
    /// Pods that are wanted.
    wanted: u32 = |row| row.replicas, |row| row.replicas, |row| row.wanted;
    /// Pods that there are.
    current: u32 = |row| row.current, |row| row.current, |row| row.current;
    /// Pods of the present template.
    updated: u32 = |row| row.updated, |row| row.updated, |row| row.updated;
    /// Pods that are ready.
    ready: u32 = |row| row.ready, |row| row.ready, |row| row.ready;
    /// Pods that are available.
    available: u32 = |row| row.available, |row| row.available, |row| row.available;
    /// Nothing is rolled out until somebody resumes it.
    is_paused: bool = |row| row.is_paused, |_| false, |_| false;
    /// A pod keeps its template until somebody deletes it.
    is_on_delete: bool = |_| false, |row| row.is_on_delete, |row| row.is_on_delete;
    /// The restart annotation of its template.
    restarted_at: Option<&'a Outside> = |row| row.restarted_at.as_ref(), |row| row.restarted_at.as_ref(), |row| row.restarted_at.as_ref();
    /// Images of its template.
    images: &'a [Outside] = |row| &row.images, |row| &row.images, |row| &row.images;
    /// Labels of its pods, as far as its template gives them: what Services select.
    labels: &'a [(Outside, Outside)] = |row| &row.labels, |row| &row.labels, |row| &row.labels;
    /// Labels by which it finds its pods.
    selector: &'a [(Outside, Outside)] = |row| &row.selector, |row| &row.selector, |row| &row.selector;
    /// Why it was changed last, as somebody wrote it down.
    change_cause: Option<&'a Outside> = |row| row.change_cause.as_ref(), |row| row.change_cause.as_ref(), |row| row.change_cause.as_ref();
    /// A pod with a lower ordinal keeps its template.
    partition: u32 = |_| 0, |row| row.partition, |_| 0;
    /// Condition `Progressing`.
    progressing: Option<&'a Condition> = |row| row.progressing.as_ref(), |_| None, |_| None;
    /// Kubernetes gives up after so many seconds without progress, if it does.
    progress_deadline_s: Option<u32> = |row| Some(row.progress_deadline_s), |_| None, |_| None;
    /// The number of its revision, where it says so itself.
    revision: Option<u64> = |row| row.revision, |_| None, |_| None;
    /// The `ControllerRevision` that is rolled out, where it says so itself.
    update_revision: Option<&'a Outside> = |_| None, |row| row.update_revision.as_ref(), |_| None;
}

impl Workload<'_> {
    pub fn owner(self) -> Owner {
        Owner {
            kind: self.kind().into(),
            name: self.name().clone(),
        }
    }

    pub fn object(self) -> ObjectRef {
        ObjectRef {
            kind: self.kind(),
            namespace: Some(self.namespace().clone()),
            name: self.name().clone(),
            uid: self.uid().clone(),
        }
    }

    /// Kubernetes gave up.
    pub fn is_given_up(self) -> bool {
        let progressing = self.progressing();
        let reason = progressing.and_then(|condition| condition.reason.as_ref());
        self.is_observed()
            && reason.is_some_and(|reason| reason.raw() == "ProgressDeadlineExceeded")
    }

    /// No pod is wanted, and none is left.
    pub fn is_switched_off(self) -> bool {
        self.is_observed() && self.wanted() == 0 && self.current() == 0
    }

    /// Is this pod one of its own, as far as names tell?
    pub fn owns(self, pod: &PodRow) -> bool {
        pod.is_of(self.kind(), self.namespace(), self.name())
    }
}

/// The number at the end of the name of a `StatefulSet`'s pod.
pub fn ordinal(pod: &PodRow) -> Option<u32> {
    pod.name.raw().rsplit_once('-')?.1.parse().ok()
}

impl Cluster {
    /// The workload of this uid, whichever kind it is.
    pub fn workload(&self, uid: &Uid) -> Option<Workload<'_>> {
        let deployment = self.deployments.table.get(uid).map(Workload::Deployment);
        let stateful = || self.statefulsets.table.get(uid).map(Workload::StatefulSet);
        let daemon = || self.daemonsets.table.get(uid).map(Workload::DaemonSet);
        deployment.or_else(stateful).or_else(daemon)
    }

    /// The workload of this name.
    pub fn workload_named(
        &self,
        kind: Kind,
        namespace: &Outside,
        name: &str,
    ) -> Option<Workload<'_>> {
        let is_it = |workload: &Workload<'_>| {
            workload.name().raw() == name && workload.namespace() == namespace
        };
        match kind {
            Kind::Deployment => self
                .deployments
                .table
                .rows()
                .map(Workload::Deployment)
                .find(is_it),
            Kind::StatefulSet => self
                .statefulsets
                .table
                .rows()
                .map(Workload::StatefulSet)
                .find(is_it),
            Kind::DaemonSet => self
                .daemonsets
                .table
                .rows()
                .map(Workload::DaemonSet)
                .find(is_it),
            Kind::Pod
            | Kind::ReplicaSet
            | Kind::ControllerRevision
            | Kind::Event
            | Kind::Namespace => None,
        }
    }

    /// All workloads, in no particular order.
    pub fn workloads(&self) -> impl Iterator<Item = Workload<'_>> {
        let deployments = self.deployments.table.rows().map(Workload::Deployment);
        let stateful = self.statefulsets.table.rows().map(Workload::StatefulSet);
        let daemon = self.daemonsets.table.rows().map(Workload::DaemonSet);
        deployments.chain(stateful).chain(daemon)
    }

    /// A complete list of a kind has been seen.
    pub fn has_all_of(&self, kind: Kind) -> bool {
        match kind {
            Kind::Deployment => self.deployments.is_complete,
            Kind::StatefulSet => self.statefulsets.is_complete,
            Kind::DaemonSet => self.daemonsets.is_complete,
            Kind::Pod
            | Kind::ReplicaSet
            | Kind::ControllerRevision
            | Kind::Event
            | Kind::Namespace => false,
        }
    }

    /// How fresh what is known of a kind is; `None` for a kind that is no workload.
    pub fn workload_health(&self, kind: Kind) -> Option<&Health> {
        match kind {
            Kind::Deployment => Some(&self.deployments.health),
            Kind::StatefulSet => Some(&self.statefulsets.health),
            Kind::DaemonSet => Some(&self.daemonsets.health),
            Kind::Pod
            | Kind::ReplicaSet
            | Kind::ControllerRevision
            | Kind::Event
            | Kind::Namespace => None,
        }
    }
}

/// How a workload stands in its own table: by name, sick when fewer are available than wanted.
fn plain(is_sick: bool) -> Standing {
    Standing {
        key: SortKey::None,
        is_sick,
        is_listed: true,
        due: None,
    }
}

/// How a Deployment stands in its table.
pub fn stand_deployment(row: &DeploymentRow) -> Standing {
    plain(row.available < row.replicas)
}

/// How a `StatefulSet` stands in its table.
pub fn stand_statefulset(row: &StatefulSetRow) -> Standing {
    plain(row.available < row.replicas)
}

/// How a `DaemonSet` stands in its table.
pub fn stand_daemonset(row: &DaemonSetRow) -> Standing {
    plain(row.available < row.wanted)
}
