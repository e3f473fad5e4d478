//! What owns a pod: its controller, and the workload behind that, as far as names tell. The server proves it before a write.

use serde::{Deserialize, Serialize};

use crate::cluster::Kind;
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
