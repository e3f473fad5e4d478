//! What owns a pod: its controller, and the workload behind that, as far as names tell. The server proves it before a write.

use serde::{Deserialize, Serialize};

use crate::cluster::Kind;
use crate::pods::PodRow;
use text::Outside;

/// The kind of an owner. Other than a [`Kind`] it may be one that this program does not know.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum OwnerKind {
    /// `apps/v1` Deployment.
    Deployment,
    /// `apps/v1` `ReplicaSet`.
    ReplicaSet,
    /// `apps/v1` `StatefulSet`.
    StatefulSet,
    /// `apps/v1` `DaemonSet`.
    DaemonSet,
    /// `batch/v1` Job.
    Job,
    /// Another one, by its word.
    Other(Outside),
}

/// An owner by name; its namespace is that of what it owns.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Owner {
    pub kind: OwnerKind,
    pub name: Outside,
}

impl OwnerKind {
    /// As the API calls it.
    pub fn word(&self) -> &str {
        match self {
            OwnerKind::Deployment => "Deployment",
            OwnerKind::ReplicaSet => "ReplicaSet",
            OwnerKind::StatefulSet => "StatefulSet",
            OwnerKind::DaemonSet => "DaemonSet",
            OwnerKind::Job => "Job",
            OwnerKind::Other(word) => word.raw(),
        }
    }

    /// The kind of the table in which it is watched, if it is.
    pub fn watched(&self) -> Option<Kind> {
        match self {
            OwnerKind::Deployment => Some(Kind::Deployment),
            OwnerKind::StatefulSet => Some(Kind::StatefulSet),
            OwnerKind::DaemonSet => Some(Kind::DaemonSet),
            OwnerKind::ReplicaSet | OwnerKind::Job | OwnerKind::Other(_) => None,
        }
    }
}

impl From<&str> for OwnerKind {
    fn from(word: &str) -> OwnerKind {
        match word {
            "Deployment" => OwnerKind::Deployment,
            "ReplicaSet" => OwnerKind::ReplicaSet,
            "StatefulSet" => OwnerKind::StatefulSet,
            "DaemonSet" => OwnerKind::DaemonSet,
            "Job" => OwnerKind::Job,
            other => OwnerKind::Other(other.into()),
        }
    }
}

impl From<Kind> for OwnerKind {
    fn from(kind: Kind) -> OwnerKind {
        kind.word().into()
    }
}

impl PodRow {
    /// Kind and name of the workload that a pod belongs to: the Deployment behind a `ReplicaSet` whose name ends in the
    /// hash of its template, else the owner itself.
    pub fn workload(&self) -> Option<(OwnerKind, &str)> {
        let owner = self.owner.as_ref()?;
        let name = owner.name.raw();
        let deployment = || {
            let hash = self.template_hash.as_ref()?.raw();
            name.strip_suffix(hash)?.strip_suffix('-')
        };
        match (&owner.kind, deployment()) {
            (OwnerKind::ReplicaSet, Some(name)) => Some((OwnerKind::Deployment, name)),
            (kind, _) => Some((kind.clone(), name)),
        }
    }

    /// The name of its workload, else its own: what an entry about it is about.
    pub fn workload_name(&self) -> Outside {
        match (self.workload(), &self.owner) {
            (Some((OwnerKind::Deployment, name)), _) => name.into(),
            (_, Some(owner)) => owner.name.clone(),
            (_, None) => self.name.clone(),
        }
    }

    /// Does it belong to this workload?
    pub fn is_of(&self, kind: Kind, namespace: &Outside, name: &Outside) -> bool {
        self.namespace == *namespace
            && self
                .workload()
                .is_some_and(|(of, owner)| of.watched() == Some(kind) && owner == name.raw())
    }

    /// The name of the `ReplicaSet` or ControllerRevision that it was made from.
    pub fn revision_name(&self) -> Option<Outside> {
        let owner = self.owner.as_ref()?;
        match &owner.kind {
            OwnerKind::ReplicaSet => Some(owner.name.clone()),
            OwnerKind::StatefulSet => self.template_hash.clone(),
            OwnerKind::DaemonSet => {
                let hash = self.template_hash.as_ref()?;
                Some(format!("{}-{}", owner.name.raw(), hash.raw()).into())
            }
            OwnerKind::Deployment | OwnerKind::Job | OwnerKind::Other(_) => None,
        }
    }
}
