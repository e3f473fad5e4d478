//! The `ReplicaSet` controller: as many pods as asked for, the least useful ones deleted first.

use std::sync::Arc;

use super::controllers::ReadyPods;
use super::events::About;
use super::object::{Key, Kind, Object, ReplicaSet, ReplicaSetStatus};
use super::pod::Pod;
use super::{World, behaviours};

/// Pods made or deleted in one sync (the real controller's burst).
const BURST: usize = 500;

/// Brings one `ReplicaSet` closer to what it asks for.
pub(super) fn sync(world: &mut World, key: &Key) {
    let Some(set) = world.replica_set(key).cloned() else {
        return;
    };
    let mut active: Vec<Arc<Pod>> = world
        .pods_of(set.meta.uid)
        .into_iter()
        .filter(|p| p.is_active())
        .collect();
    let wanted = set.replicas as usize;
    let denial = behaviours::denial(&set.template);
    if let Some(why) = denial.filter(|_| active.len() < wanted) {
        world.refuse(&about(&set), format!("Error creating: {why}"));
    } else if active.len() < wanted {
        for _ in 0..(wanted - active.len()).min(BURST) {
            let new = world.new_pod_of(&set);
            let pod = world.spawn_pod(new);
            let message = format!("Created pod: {}", pod.meta.key.name);
            world.note(&about(&set), "SuccessfulCreate", message);
        }
    } else if active.len() > wanted {
        active.sort_by_key(|pod| worth(pod));
        let surplus = (active.len() - wanted).min(BURST);
        for pod in &active[..surplus] {
            world.stop_pod(&pod.meta.key, None);
            let message = format!("Deleted pod: {}", pod.meta.key.name);
            world.note(&about(&set), "SuccessfulDelete", message);
        }
    }
    report(world, key);
}

/// Least worth first: without a node, not ready, ready for a short time, often restarted, young.
fn worth(pod: &Pod) -> (bool, bool, i64, i64, i64) {
    let ready_for = if pod.is_ready() {
        -pod.ready_changed
    } else {
        0
    };
    (
        pod.node.is_some(),
        pod.is_ready(),
        ready_for,
        -i64::from(pod.restarts),
        -pod.meta.created,
    )
}

fn about(set: &ReplicaSet) -> About<'_> {
    About::controller(Kind::ReplicaSet, &set.meta, "replicaset-controller")
}

fn report(world: &mut World, key: &Key) {
    let Some(set) = world.replica_set(key).cloned() else {
        return;
    };
    let (mut replicas, mut pods) = (0, ReadyPods::default());
    for pod in world.pods_of(set.meta.uid).iter().filter(|p| p.is_active()) {
        replicas += 1;
        pods.add(pod, set.min_ready_s, world.now());
    }
    let status = ReplicaSetStatus {
        observed: set.meta.generation,
        replicas,
        ready: pods.ready,
        available: pods.available,
    };
    if let Some(at) = pods.next {
        world.look_at(at, Kind::ReplicaSet, key);
    }
    if status != set.status {
        let mut set = set;
        Arc::make_mut(&mut set).status = status;
        world.put(Object::ReplicaSet(set));
    }
}
