//! What a pod belongs to.

use super::PodRow;
use crate::cluster::Kind;
use crate::owner::OwnerKind;
use text::Outside;

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
