//! From a selected pod to the workload that a write is about, or why there is none. Guesses nothing that is not proved
//! by the server before the request (see `preflight`).

use super::FoundThrough;
use crate::cluster::{Health, Kind};
use crate::owner::OwnerKind;
use crate::pods::PodRow;
use crate::watched::Cluster;
use crate::workload::WorkloadRow;

/// The workload of a pod, as far as names tell.
#[derive(Clone, Debug, PartialEq)]
pub struct Found<'a> {
    /// What proves it.
    pub through: FoundThrough,
    pub workload: &'a WorkloadRow,
}

/// Finds it, or says in words why a write cannot be made.
pub fn workload<'a>(cluster: &'a Cluster, pod: &PodRow) -> Result<Found<'a>, String> {
    let name = pod.name.raw();
    let Some(owner) = &pod.owner else {
        return Err(format!(
            "{name} belongs to no workload: nothing owns it; select a pod of one"
        ));
    };
    let found = pod
        .workload()
        .and_then(|(kind, name)| Some((kind.watched()?, name)));
    let Some((kind, wanted)) = found else {
        let (kind, owner) = (&owner.kind, owner.name.raw());
        return Err(if *kind == OwnerKind::ReplicaSet {
            format!(
                "{name} belongs to ReplicaSet {owner}, which is of no Deployment; kubectl can write to it"
            )
        } else {
            let kind = kind.word();
            format!(
                "{name} belongs to {kind} {owner}; only Deployments, StatefulSets and DaemonSets are written to here, kubectl writes to the others"
            )
        });
    };
    let through = if kind == Kind::Deployment {
        FoundThrough::ReplicaSet(owner.name.clone())
    } else {
        FoundThrough::Pod(pod.name.clone())
    };
    match cluster.workload_named(kind, &pod.namespace, wanted) {
        Some(workload) => Ok(Found { through, workload }),
        None => Err(missing(cluster, kind, wanted)),
    }
}

fn missing(cluster: &Cluster, kind: Kind, wanted: &str) -> String {
    let what = format!("{} {wanted}", kind.word());
    match cluster.workload_health(kind) {
        Some(Health::Stopped { problem } | Health::Stale { problem, .. }) => {
            format!(
                "{what} is not known: {}; {}",
                problem.what.raw(),
                problem.next
            )
        }
        Some(Health::Connecting | Health::Listing { .. }) => {
            format!("{what} is not known yet; the list is being read, try again")
        }
        Some(Health::Live { .. } | Health::Polling { .. }) | None => {
            format!("there is no {what}; its pods are what is left of it")
        }
    }
}
