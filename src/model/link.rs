//! What the panes are narrowed to: the objects that an alert, a workload or a pod is about, and what belongs to them.

use super::pods::PodRow;
use super::screen::Pane;
use crate::text::Outside;

/// What the panes are narrowed to. One at a time; a key releases it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Subject {
    /// The pane in which it was chosen: that one is not narrowed, so that another line can be chosen there.
    pub from: Pane,
    /// Such as `alert HighErrorRate` or `Deployment checkout`.
    pub title: Outside,
    /// The objects; never empty.
    pub targets: Vec<Target>,
}

/// One object that a subject is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Target {
    /// One pod, with the workload it belongs to.
    Pod {
        /// Namespace.
        namespace: Outside,
        /// Name.
        name: Outside,
        /// What made it.
        workload: Option<WorkloadName>,
    },
    /// A workload with its pods.
    Workload(WorkloadName),
    /// A node with the pods on it; it narrows no workloads.
    Node(Outside),
    /// A namespace with all in it.
    Namespace(Outside),
}

/// A workload by name: what a pod's owner tells of it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct WorkloadName {
    /// Such as `Deployment`.
    pub kind: Outside,
    /// Namespace.
    pub namespace: Outside,
    /// Name.
    pub name: Outside,
}

impl WorkloadName {
    /// What made a pod, as far as names tell: the Deployment behind a `ReplicaSet`, else the owner itself.
    pub fn of_pod(pod: &PodRow) -> Option<WorkloadName> {
        let owner = pod.owner.as_ref()?;
        let deployment = || {
            let hash = pod.template_hash.as_ref()?;
            owner.name.raw().strip_suffix(hash.raw())?.strip_suffix('-')
        };
        let is_replica_set = owner.kind.raw() == "ReplicaSet";
        let (kind, name) = match deployment().filter(|_| is_replica_set) {
            Some(name) => ("Deployment".into(), name.into()),
            None => (owner.kind.clone(), owner.name.clone()),
        };
        Some(WorkloadName {
            kind,
            namespace: pod.namespace.clone(),
            name,
        })
    }

    /// Is it this one?
    pub fn is(&self, kind: &str, namespace: &Outside, name: &Outside) -> bool {
        self.kind.raw() == kind && self.namespace == *namespace && self.name == *name
    }
}

impl Subject {
    /// Does this pod belong to it?
    pub fn includes_pod(&self, pod: &PodRow) -> bool {
        self.targets.iter().any(|target| match target {
            Target::Pod {
                namespace, name, ..
            } => pod.namespace == *namespace && pod.name == *name,
            Target::Workload(workload) => {
                pod.namespace == workload.namespace
                    && WorkloadName::of_pod(pod).as_ref() == Some(workload)
            }
            Target::Node(node) => pod.node.as_ref() == Some(node),
            Target::Namespace(namespace) => pod.namespace == *namespace,
        })
    }

    /// Does this workload belong to it? `kind` is such as `Deployment`.
    pub fn includes_workload(&self, kind: &str, namespace: &Outside, name: &Outside) -> bool {
        self.targets.iter().any(|target| match target {
            Target::Pod { workload, .. } => workload
                .as_ref()
                .is_some_and(|workload| workload.is(kind, namespace, name)),
            Target::Workload(workload) => workload.is(kind, namespace, name),
            Target::Node(_) => true,
            Target::Namespace(only) => only == namespace,
        })
    }
}
