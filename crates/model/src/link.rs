//! What the panes are narrowed to: the objects that an alert, a workload or a pod is about, and what belongs to them.

pub mod about;
mod found;

pub use found::{object, of_alert, of_pod, of_workload};

use self::about::NamedObject;
use super::owner::OwnerKind;
use super::pods::PodRow;
use super::screen::Pane;
use super::watched::Cluster;
use super::workload::WorkloadRow;
use text::Outside;

/// What an autoscaler scales: it mostly has the name of that, and what it really scales is not watched.
const SCALABLE: [OwnerKind; 2] = [OwnerKind::Deployment, OwnerKind::StatefulSet];

/// What the panes are narrowed to. One at a time; a key releases it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Subject {
    /// The pane in which it was chosen: that one is not narrowed, so that another line can be chosen there.
    pub from: Pane,
    /// Such as `alert HighErrorRate` or `deployment/checkout`.
    pub title: Outside,
    /// The objects; never empty.
    pub targets: Vec<LinkTarget>,
    /// Services that select them: namespace and name.
    pub services: Vec<(Outside, Outside)>,
    /// App labels of their pods: namespace and value.
    pub apps: Vec<(Outside, Outside)>,
}

/// One object that a subject is about.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum LinkTarget {
    /// One pod, with the workload it belongs to.
    Pod {
        namespace: Outside,
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
    pub kind: OwnerKind,
    pub namespace: Outside,
    pub name: Outside,
}

impl WorkloadName {
    /// That of a workload.
    pub fn of(workload: &WorkloadRow) -> WorkloadName {
        WorkloadName {
            kind: workload.kind().into(),
            namespace: workload.namespace().clone(),
            name: workload.name().clone(),
        }
    }

    /// Is it the name of this one?
    pub fn names(&self, workload: &WorkloadRow) -> bool {
        self.is(
            &workload.kind().into(),
            workload.namespace(),
            workload.name(),
        )
    }

    /// Would it have made a pod of this name? A Deployment adds two parts to its own, the others one.
    fn is_maker_of(&self, pod: &Outside) -> bool {
        let parts = if self.kind == OwnerKind::Deployment {
            2
        } else {
            1
        };
        let tail = pod
            .raw()
            .strip_prefix(self.name.raw())
            .and_then(|rest| rest.strip_prefix('-'));
        tail.is_some_and(|tail| tail.split('-').count() == parts)
    }

    /// The workload of a pod.
    pub fn of_pod(pod: &PodRow) -> Option<WorkloadName> {
        let (kind, name) = pod.workload()?;
        Some(WorkloadName {
            kind,
            namespace: pod.namespace.clone(),
            name: name.into(),
        })
    }

    /// Is it this one?
    pub fn is(&self, kind: &OwnerKind, namespace: &Outside, name: &Outside) -> bool {
        self.kind == *kind && self.namespace == *namespace && self.name == *name
    }
}

impl Subject {
    /// It is pods alone, and none of them is there any more.
    pub fn is_gone(&self, cluster: &Cluster) -> bool {
        let is_pod = |target: &LinkTarget| matches!(target, LinkTarget::Pod { .. });
        let pods = &cluster.pods;
        pods.is_complete
            && self.targets.iter().all(is_pod)
            && !pods.table.rows().any(|pod| self.includes_pod(pod))
    }

    /// Does this pod belong to it?
    pub fn includes_pod(&self, pod: &PodRow) -> bool {
        self.targets.iter().any(|target| match target {
            LinkTarget::Pod {
                namespace, name, ..
            } => pod.namespace == *namespace && pod.name == *name,
            LinkTarget::Workload(workload) => {
                pod.namespace == workload.namespace
                    && WorkloadName::of_pod(pod).as_ref() == Some(workload)
            }
            LinkTarget::Node(node) => pod.node.as_ref() == Some(node),
            LinkTarget::Namespace(namespace) => pod.namespace == *namespace,
        })
    }

    /// Does this workload belong to it?
    pub fn includes_workload(&self, kind: &OwnerKind, namespace: &Outside, name: &Outside) -> bool {
        self.targets.iter().any(|target| match target {
            LinkTarget::Pod { workload, .. } => workload
                .as_ref()
                .is_some_and(|workload| workload.is(kind, namespace, name)),
            LinkTarget::Workload(workload) => workload.is(kind, namespace, name),
            LinkTarget::Node(_) => true,
            LinkTarget::Namespace(only) => only == namespace,
        })
    }

    /// Does an alert with these labels speak of it?
    pub fn is_meant_by(&self, labels: &[(Outside, Outside)]) -> bool {
        match about::about(labels) {
            Some(NamedObject::Pod(space, name)) => self.targets.iter().any(|target| match target {
                LinkTarget::Pod {
                    namespace,
                    name: pod,
                    ..
                } => *namespace == space && *pod == name,
                LinkTarget::Workload(workload) => {
                    workload.namespace == space && workload.is_maker_of(&name)
                }
                LinkTarget::Namespace(only) => *only == space,
                LinkTarget::Node(_) => false,
            }),
            Some(NamedObject::Workload(kind, space, name)) => self.is_of(&kind, &space, &name),
            Some(NamedObject::Autoscaler(space, name)) => {
                SCALABLE.iter().any(|kind| self.is_of(kind, &space, &name))
            }
            Some(NamedObject::Node(name)) => self.targets.contains(&LinkTarget::Node(name)),
            Some(NamedObject::Service(space, name)) => {
                is_among(&self.services, space.as_ref(), &name)
                    || is_among(&self.apps, space.as_ref(), &name)
            }
            Some(NamedObject::App(space, name)) => is_among(&self.apps, space.as_ref(), &name),
            Some(
                NamedObject::Claim(space, _)
                | NamedObject::Container(space, _)
                | NamedObject::Namespace(space),
            ) => self.targets.contains(&LinkTarget::Namespace(space)),
            None => false,
        }
    }

    /// Like [`Subject::includes_workload`], but a node has no workloads.
    fn is_of(&self, kind: &OwnerKind, namespace: &Outside, name: &Outside) -> bool {
        let is_node = |target: &LinkTarget| matches!(target, LinkTarget::Node(_));
        !self.targets.iter().all(is_node) && self.includes_workload(kind, namespace, name)
    }
}

/// The objects that labels name, as far as they are there; else the namespace alone.
pub fn named_by(labels: &[(Outside, Outside)], cluster: &Cluster) -> Vec<LinkTarget> {
    let found = about::about(labels).and_then(|about| found::targets(&about, cluster).ok());
    found.unwrap_or_else(|| {
        let space = labels.iter().find(|(name, _)| name.raw() == "namespace");
        let space = space.map(|(_, value)| value.clone());
        let space = space.filter(|space| !space.is_empty());
        space.map(LinkTarget::Namespace).into_iter().collect()
    })
}

fn is_among(known: &[(Outside, Outside)], space: Option<&Outside>, name: &Outside) -> bool {
    known
        .iter()
        .any(|(of, one)| one == name && space.is_none_or(|space| of == space))
}
