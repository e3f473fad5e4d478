//! What pods and nodes use: a pure function of the pod, of its load and of the time, so that no sample is ever stored.

use super::world::World;
use super::world::object::{Kind, Millis, Object};
use super::world::pod::{Behaviour, Pod, Stage};

/// How often the emulated metrics server measures.
pub const WINDOW_MS: Millis = 15_000;
/// The limit of a container that names none, in MiB.
const LIMIT_MIB: u64 = 512;
/// A container that has just started uses this part of its limit, in per cent.
const START_PERCENT: u64 = 22;

/// What something uses.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Usage {
    /// Billionths of a core.
    pub cpu_nanos: u64,
    pub memory_kib: u64,
}

/// What a container uses at `now`; nothing while it does not run.
pub fn of_container(pod: &Pod, container: usize, now: Millis) -> Usage {
    if !matches!(pod.stage, Stage::Running | Stage::Ready) {
        return Usage::default();
    }
    let random = random(pod, container, now);
    let limit = limit_mib(pod, container) * 1_024;
    let culprit = container == usize::from(pod.culprit);
    let grows = matches!(
        pod.behaviour,
        Behaviour::OutOfMemory | Behaviour::Leaky | Behaviour::Hungry
    );
    let percent = if culprit && grows {
        filled(pod, now)
    } else {
        START_PERCENT + random % 17
    };
    Usage {
        cpu_nanos: 20_000_000 + random % 90_000_000,
        memory_kib: limit * percent / 100 + random % 512,
    }
}

/// How full the memory of a growing container is, in per cent of its limit.
fn filled(pod: &Pod, now: Millis) -> u64 {
    let room = 99 - START_PERCENT;
    let Some(due) = pod.due.filter(|due| *due > pod.started) else {
        return START_PERCENT;
    };
    let lived = (now - pod.started)
        .clamp(0, due - pod.started)
        .unsigned_abs();
    START_PERCENT + room * lived / (due - pod.started).unsigned_abs()
}

/// `limits.memory` of a container, in MiB.
pub fn limit_mib(pod: &Pod, container: usize) -> u64 {
    let found = pod.template.spec.get("containers");
    let text = found.and_then(|list| {
        list.get(container)?
            .pointer("/resources/limits/memory")?
            .as_str()
    });
    let read = |text: &str| match (text.strip_suffix("Mi"), text.strip_suffix("Gi")) {
        (Some(n), _) => n.parse().ok(),
        (None, Some(n)) => n.parse::<u64>().ok().map(|n| n * 1_024),
        (None, None) => None,
    };
    text.and_then(read).unwrap_or(LIMIT_MIB)
}

/// The same number as long as a measurement stands.
fn random(pod: &Pod, container: usize, now: Millis) -> u64 {
    let window = (now / WINDOW_MS).unsigned_abs();
    let seed = pod.meta.uid.0 as u64 ^ (window << 8) ^ container as u64;
    fastrand::Rng::with_seed(seed).u64(..)
}

/// What a whole pod uses.
pub fn of_pod(pod: &Pod, now: Millis) -> Usage {
    let containers = 0..pod.template.containers.len();
    containers
        .map(|container| of_container(pod, container, now))
        .fold(Usage::default(), |sum, one| Usage {
            cpu_nanos: sum.cpu_nanos + one.cpu_nanos,
            memory_kib: sum.memory_kib + one.memory_kib,
        })
}

/// What each node uses: its pods, and a little for itself.
pub fn of_nodes(world: &World) -> Vec<(String, Usage)> {
    let mut nodes: Vec<(String, Usage)> = (0..world.count(Kind::Node))
        .map(|number| {
            let own = Usage {
                cpu_nanos: 150_000_000,
                memory_kib: 1_500_000,
            };
            (format!("node-{number}"), own)
        })
        .collect();
    for object in world.list(Kind::Pod, None, None) {
        let Object::Pod(pod) = object else { continue };
        let node = pod.node.and_then(|node| nodes.get_mut(usize::from(node)));
        if let Some((_, sum)) = node {
            let one = of_pod(pod, world.now());
            sum.cpu_nanos += one.cpu_nanos;
            sum.memory_kib += one.memory_kib;
        }
    }
    nodes
}
