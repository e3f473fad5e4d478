//! Scaling a Deployment that is between two revisions, or paused: each `ReplicaSet` by its share.

use std::sync::Arc;

use super::super::World;
use super::super::object::{Deployment, ReplicaSet, Strategy};
use super::{DESIRED, MAXIMUM, Sets, bounds, resize, sets, total};

/// Whether the desired number changed since the sets were last sized.
pub(super) fn is_scaling(world: &World, d: &Deployment) -> bool {
    let active = world
        .replica_sets_of(d.meta.uid)
        .into_iter()
        .filter(|set| set.replicas > 0);
    active.into_iter().any(|set| {
        let desired = set.meta.annotations.contains_key(DESIRED);
        desired && set.meta.annotation_number(DESIRED) != u64::from(d.replicas)
    })
}

/// Spreads the desired number over the sets that have pods.
pub(super) fn spread(world: &mut World, d: &Deployment) {
    let (new, old) = sets(world, d);
    let active: Sets = old
        .iter()
        .chain(new.as_ref())
        .filter(|set| set.replicas > 0)
        .cloned()
        .collect();
    if active.len() <= 1 {
        let only = active
            .first()
            .cloned()
            .or(new)
            .or_else(|| old.last().cloned());
        if let Some(set) = only {
            resize(world, d, &set, d.replicas);
        }
    } else if new.as_ref().is_some_and(|set| is_saturated(set, d)) {
        for set in old.iter().filter(|set| set.replicas > 0) {
            resize(world, d, set, 0);
        }
    } else if matches!(d.strategy, Strategy::Rolling { .. }) {
        by_share(world, d, active);
    }
}

fn is_noted(set: &ReplicaSet, d: &Deployment) -> bool {
    set.meta.annotation_number(DESIRED) == u64::from(d.replicas)
}

fn is_saturated(set: &ReplicaSet, d: &Deployment) -> bool {
    set.replicas == d.replicas && is_noted(set, d) && set.status.available == d.replicas
}

fn by_share(world: &mut World, d: &Deployment, mut active: Sets) {
    let allowed = if d.replicas > 0 {
        i64::from(d.replicas + bounds(d).0)
    } else {
        0
    };
    let to_add = allowed - i64::from(total(&active));
    // The biggest takes the rest; of equals the newest grows first and the oldest shrinks first.
    active.sort_by_key(|set| {
        (
            std::cmp::Reverse(set.replicas),
            if to_add > 0 {
                -set.meta.created
            } else {
                set.meta.created
            },
        )
    });
    let mut added = 0;
    let mut sizes = Vec::with_capacity(active.len());
    for set in &active {
        let share = if to_add == 0 {
            0
        } else {
            proportion(set, d, to_add, added)
        };
        added += share;
        sizes.push(i64::from(set.replicas) + share);
    }
    if let Some(first) = sizes.first_mut() {
        *first = (*first + to_add - added).max(0);
    }
    for (set, size) in active.iter().zip(sizes) {
        resize(world, d, &Arc::clone(set), u32::try_from(size).unwrap_or(0));
    }
}

fn proportion(set: &ReplicaSet, d: &Deployment, to_add: i64, added: i64) -> i64 {
    let allowed = to_add - added;
    let fraction = fraction(set, d);
    if to_add > 0 {
        fraction.min(allowed)
    } else {
        fraction.max(allowed)
    }
}

/// By how many pods a set changes to keep its share of the whole.
fn fraction(set: &ReplicaSet, d: &Deployment) -> i64 {
    let own = i64::from(set.replicas);
    if d.replicas == 0 {
        return -own;
    }
    let whole = i64::from(d.replicas + bounds(d).0);
    let before = match set.meta.annotation_number(MAXIMUM) {
        0 => i64::from(d.status.replicas.max(1)),
        noted => i64::try_from(noted).unwrap_or(i64::MAX),
    };
    // Rounded to the nearest, in whole numbers.
    (2 * own * whole + before) / (2 * before) - own
}
