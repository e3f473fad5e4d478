//! The `ReplicaSet` controller: as many pods as asked for, the least useful ones deleted first.

use std::sync::Arc;

use super::events::About;
use super::object::{Key, Kind, Millis, Object, ReplicaSet, ReplicaSetStatus};
use super::pod::{Note, Pod};
use super::{World, fates};

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
    let denial = fates::denial(&set.template);
    if let Some(why) = denial.filter(|_| active.len() < wanted) {
        let about = About::controller(Kind::ReplicaSet, &set.meta, "replicaset-controller");
        world.refuse(&about, format!("Error creating: {why}"));
    } else if active.len() < wanted {
        for _ in 0..(wanted - active.len()).min(BURST) {
            let new = world.new_pod_of(&set);
            let pod = world.spawn_pod(new);
            record(
                world,
                &set,
                "SuccessfulCreate",
                format!("Created pod: {}", pod.meta.key.name),
            );
        }
    } else if active.len() > wanted {
        active.sort_by_key(|pod| worth(pod));
        let surplus = (active.len() - wanted).min(BURST);
        for pod in &active[..surplus] {
            world.stop_pod(&pod.meta.key, None);
            record(
                world,
                &set,
                "SuccessfulDelete",
                format!("Deleted pod: {}", pod.meta.key.name),
            );
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

fn record(world: &mut World, set: &ReplicaSet, reason: &'static str, message: String) {
    let about = About::controller(Kind::ReplicaSet, &set.meta, "replicaset-controller");
    world.record(
        &about,
        Note {
            warning: false,
            reason,
            message,
        },
    );
}

fn report(world: &mut World, key: &Key) {
    let Some(set) = world.replica_set(key).cloned() else {
        return;
    };
    let mut status = ReplicaSetStatus {
        observed: set.meta.generation,
        ..ReplicaSetStatus::default()
    };
    let (now, wait) = (world.now(), Millis::from(set.min_ready_s) * 1_000);
    let mut next: Option<Millis> = None;
    for pod in world.pods_of(set.meta.uid).iter().filter(|p| p.is_active()) {
        status.replicas += 1;
        if pod.is_ready() {
            status.ready += 1;
            if pod.ready_changed + wait <= now {
                status.available += 1;
            } else {
                next = Some(next.unwrap_or(Millis::MAX).min(pod.ready_changed + wait));
            }
        }
    }
    if let Some(at) = next {
        world.look_at(at, Kind::ReplicaSet, key);
    }
    if status != set.status {
        let mut set = set;
        Arc::make_mut(&mut set).status = status;
        world.put(Object::ReplicaSet(set));
    }
}
