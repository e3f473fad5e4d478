//! From a selected pod to the Deployment that a write is about, or why there is none. Guesses nothing that is not proved
//! by the `ReplicaSet` itself before the request (see `preflight`).

use crate::model::cluster::Health;
use crate::model::deployments::DeploymentRow;
use crate::model::pods::PodRow;
use crate::model::watched::Cluster;
use crate::text::Outside;

/// The Deployment of a pod, as far as names tell; its `ReplicaSet` proves it.
#[derive(Clone, Debug, PartialEq)]
pub struct Found<'a> {
    /// The `ReplicaSet` that owns the pod.
    pub replica_set: Outside,
    /// The Deployment.
    pub deployment: &'a DeploymentRow,
}

/// Finds it, or says in words why a write cannot be made.
pub fn deployment<'a>(cluster: &'a Cluster, pod: &PodRow) -> Result<Found<'a>, String> {
    let name = pod.name.raw();
    let Some(owner) = &pod.owner else {
        return Err(format!("{name} belongs to no Deployment: nothing owns it"));
    };
    if owner.kind.raw() != "ReplicaSet" {
        return Err(format!(
            "{name} belongs to {} {}: only Deployments can be written to yet",
            owner.kind.raw(),
            owner.name.raw()
        ));
    }
    let wanted = pod
        .template_hash
        .as_ref()
        .and_then(|hash| owner.name.raw().strip_suffix(hash.raw()))
        .and_then(|head| head.strip_suffix('-'));
    let Some(wanted) = wanted else {
        return Err(format!(
            "{name} belongs to ReplicaSet {}, which is of no Deployment",
            owner.name.raw()
        ));
    };
    let row = cluster
        .deployments
        .table
        .rows()
        .find(|row| row.name.raw() == wanted && row.namespace == pod.namespace);
    match row {
        Some(deployment) => Ok(Found {
            replica_set: owner.name.clone(),
            deployment,
        }),
        None => Err(missing(cluster, wanted)),
    }
}

fn missing(cluster: &Cluster, wanted: &str) -> String {
    match &cluster.deployments.health {
        Health::Stopped { problem } | Health::Stale { problem, .. } => {
            format!("Deployment {wanted} is not known: {}", problem.what.raw())
        }
        Health::Connecting | Health::Listing { .. } => {
            format!("Deployment {wanted} is not known yet: the list is still being read")
        }
        Health::Live { .. } | Health::Polling { .. } => format!("there is no Deployment {wanted}"),
    }
}

/// Is this pod one of the Deployment's, by name of its `ReplicaSet`?
pub fn is_of(pod: &PodRow, namespace: &Outside, deployment: &Outside) -> bool {
    let is_owned = || {
        let (owner, hash) = (pod.owner.as_ref()?, pod.template_hash.as_ref()?);
        let head = owner.name.raw().strip_suffix(hash.raw())?;
        (owner.kind.raw() == "ReplicaSet" && head.strip_suffix('-')? == deployment.raw())
            .then_some(())
    };
    pod.namespace == *namespace && is_owned().is_some()
}
