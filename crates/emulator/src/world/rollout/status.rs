//! A Deployment's status: counts, and the conditions by which kubectl decides that a rollout is done or has failed.

use std::sync::Arc;

use super::super::object::{Condition, Deployment, DeploymentStatus, Key, Kind, Millis, Object};
use super::super::{World, behaviours};
use super::{bounds, sets};

/// A deadline this long means none (the API server's own convention).
const NO_DEADLINE: u32 = i32::MAX as u32;

/// Sets the Progressing condition to true for a reason.
pub(super) fn progressing(
    world: &mut World,
    d: &Deployment,
    reason: &'static str,
    message: String,
) {
    let Some(mut present) = world.deployment(&d.meta.key).cloned() else {
        return;
    };
    let now = world.now();
    set(
        &mut Arc::make_mut(&mut present).status,
        "Progressing",
        "True",
        reason,
        message,
        now,
    );
    world.put(Object::Deployment(present));
}

fn set(
    status: &mut DeploymentStatus,
    kind: &'static str,
    value: &'static str,
    reason: &'static str,
    message: String,
    now: Millis,
) {
    let before = status
        .conditions
        .iter()
        .position(|c| c.kind == kind)
        .map(|i| status.conditions.remove(i));
    let changed = before
        .filter(|c| c.status == value)
        .map_or(now, |c| c.changed);
    status.conditions.push(Condition {
        kind,
        status: value,
        reason,
        message,
        updated: now,
        changed,
    });
}

/// Writes what the controller sees.
pub(super) fn report(world: &mut World, key: &Key) {
    let Some(present) = world.deployment(key).cloned() else {
        return;
    };
    let mut changed = Arc::clone(&present);
    let own = Arc::make_mut(&mut changed);
    let name = count(world, own);
    availability(own, world.now());
    progress(own, &present.status, &name, world.now());
    failure(own, world.now());
    if let Some(at) = deadline(own) {
        world.look_at(at.max(world.now() + 1_000), Kind::Deployment, key);
    }
    if changed.status != present.status {
        world.put(Object::Deployment(changed));
    }
}

/// Counts the pods; returns the name of the newest set.
fn count(world: &World, d: &mut Deployment) -> String {
    let (new, old) = sets(world, d);
    let status = &mut d.status;
    status.observed = d.meta.generation;
    status.updated = new.as_ref().map_or(0, |set| set.status.replicas);
    (status.replicas, status.ready, status.available) = (0, 0, 0);
    for set in old.iter().chain(new.as_ref()) {
        status.replicas += set.status.replicas;
        status.ready += set.status.ready;
        status.available += set.status.available;
    }
    new.map_or(String::new(), |set| set.meta.key.name.to_string())
}

impl World {
    /// Pods of the newest template that are ready.
    pub(in crate::world) fn ready_of_newest(&self, d: &Deployment) -> u32 {
        let (new, _) = sets(self, d);
        new.map_or(0, |set| set.status.ready)
    }
}

/// The condition that says why no pod of the newest template can be created.
fn failure(d: &mut Deployment, now: Millis) {
    const KIND: &str = "ReplicaFailure";
    let denial = behaviours::denial(&d.template).filter(|_| d.status.updated < d.replicas);
    match denial {
        Some(_) if d.status.condition(KIND).is_some() => {}
        Some(why) => set(&mut d.status, KIND, "True", "FailedCreate", why, now),
        None => d
            .status
            .conditions
            .retain(|condition| condition.kind != KIND),
    }
}

fn availability(d: &mut Deployment, now: Millis) {
    let enough = d.status.available >= d.replicas.saturating_sub(bounds(d).1);
    let (value, reason, message) = if enough {
        (
            "True",
            "MinimumReplicasAvailable",
            "Deployment has minimum availability.",
        )
    } else {
        (
            "False",
            "MinimumReplicasUnavailable",
            "Deployment does not have minimum availability.",
        )
    };
    if d.status
        .condition("Available")
        .is_none_or(|c| c.status != value)
    {
        set(
            &mut d.status,
            "Available",
            value,
            reason,
            message.to_owned(),
            now,
        );
    }
}

fn progress(d: &mut Deployment, before: &DeploymentStatus, name: &str, now: Millis) {
    let reason = d.status.condition("Progressing").map(|c| c.reason);
    if d.paused {
        if reason != Some("DeploymentPaused") {
            set(
                &mut d.status,
                "Progressing",
                "Unknown",
                "DeploymentPaused",
                "Deployment is paused".to_owned(),
                now,
            );
        }
        return;
    }
    if reason == Some("DeploymentPaused") {
        set(
            &mut d.status,
            "Progressing",
            "Unknown",
            "DeploymentResumed",
            "Deployment is resumed".to_owned(),
            now,
        );
    }
    let was_complete =
        reason == Some("NewReplicaSetAvailable") && d.status.replicas == d.status.updated;
    if was_complete || d.deadline_s == NO_DEADLINE {
        return;
    }
    let status = &d.status;
    if is_complete(d) {
        let message = format!("ReplicaSet \"{name}\" has successfully progressed.");
        set(
            &mut d.status,
            "Progressing",
            "True",
            "NewReplicaSetAvailable",
            message,
            now,
        );
    } else if is_moving(status, before) {
        let message = format!("ReplicaSet \"{name}\" is progressing.");
        set(
            &mut d.status,
            "Progressing",
            "True",
            "ReplicaSetUpdated",
            message,
            now,
        );
    } else if deadline(d).is_some_and(|at| at <= now) {
        let message = format!("ReplicaSet \"{name}\" has timed out progressing.");
        set(
            &mut d.status,
            "Progressing",
            "False",
            "ProgressDeadlineExceeded",
            message,
            now,
        );
    }
}

/// Whether all pods are of the newest revision and available.
pub(super) fn is_complete(d: &Deployment) -> bool {
    let status = &d.status;
    status.updated == d.replicas
        && status.replicas == d.replicas
        && status.available == d.replicas
        && status.observed == d.meta.generation
}

fn is_moving(status: &DeploymentStatus, before: &DeploymentStatus) -> bool {
    let old = |s: &DeploymentStatus| s.replicas.saturating_sub(s.updated);
    status.updated > before.updated
        || old(status) < old(before)
        || status.ready > before.ready
        || status.available > before.available
}

/// When a rollout that stands still has failed.
fn deadline(d: &Deployment) -> Option<Millis> {
    let moving = d
        .status
        .condition("Progressing")
        .filter(|c| c.status != "False" && c.reason != "NewReplicaSetAvailable" && !d.paused);
    moving
        .filter(|_| d.deadline_s != NO_DEADLINE)
        .map(|c| c.updated + Millis::from(d.deadline_s) * 1_000)
}
