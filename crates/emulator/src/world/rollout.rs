//! The Deployment controller, by the rules of the real one (kubernetes/pkg/controller/deployment): revisions, surge and unavailable, history.

mod scaling;
mod status;

use std::sync::Arc;

use super::World;
use super::events::About;
use super::object::{
    Amount, Deployment, Key, Kind, Object, Owner, ReplicaSet, ReplicaSetStatus, Strategy,
};
use super::template::HASH_LABEL;

/// The annotation that numbers the revisions.
pub const REVISION: &str = "deployment.kubernetes.io/revision";
const REVISION_HISTORY: &str = "deployment.kubernetes.io/revision-history";
const DESIRED: &str = "deployment.kubernetes.io/desired-replicas";
const MAXIMUM: &str = "deployment.kubernetes.io/max-replicas";
/// Not copied from a Deployment to its `ReplicaSet`s.
const OWN_ANNOTATIONS: [&str; 5] = [
    REVISION,
    REVISION_HISTORY,
    DESIRED,
    MAXIMUM,
    "kubectl.kubernetes.io/last-applied-configuration",
];

type Sets = Vec<Arc<ReplicaSet>>;

/// Brings one Deployment closer to what it asks for.
pub(super) fn sync(world: &mut World, key: &Key) {
    let Some(deployment) = world.deployment(key).cloned() else {
        return;
    };
    let d = &*deployment;
    if d.paused || scaling::is_scaling(world, d) {
        scaling::spread(world, d);
    } else {
        match d.strategy {
            Strategy::Recreate => recreate(world, d),
            Strategy::Rolling { .. } => roll(world, d),
        }
        clean_up(world, d);
    }
    status::report(world, key);
}

/// Surge and unavailable of a Deployment, in pods: as `ResolveFenceposts` has it, never both zero.
pub(super) fn bounds(d: &Deployment) -> (u32, u32) {
    let share = |amount: Amount, up: bool| match amount {
        Amount::Count(n) => n,
        Amount::Percent(p) if up => (d.replicas * p).div_ceil(100),
        Amount::Percent(p) => d.replicas * p / 100,
    };
    match d.strategy {
        Strategy::Recreate => (0, d.replicas),
        Strategy::Rolling { surge, unavailable } => {
            match (share(surge, true), share(unavailable, false)) {
                (0, 0) => (0, 1),
                (surge, unavailable) => (surge, unavailable.min(d.replicas)),
            }
        }
    }
}

/// The `ReplicaSet` of the present template, and the others, oldest first.
fn sets(world: &World, d: &Deployment) -> (Option<Arc<ReplicaSet>>, Sets) {
    let mut all = world.replica_sets_of(d.meta.uid);
    all.sort_by_key(|set| (set.meta.created, Arc::clone(&set.meta.key.name)));
    let new = all
        .iter()
        .position(|set| set.template.same_revision(&d.template))
        .map(|i| all.remove(i));
    (new, all)
}

fn total(sets: &[Arc<ReplicaSet>]) -> u32 {
    sets.iter().map(|set| set.replicas).sum()
}

/// The newest set, made or renumbered as the present revision.
fn ensure_new(
    world: &mut World,
    d: &Deployment,
    old: &[Arc<ReplicaSet>],
    new: Option<Arc<ReplicaSet>>,
) -> Arc<ReplicaSet> {
    let last = old
        .iter()
        .map(|set| set.meta.annotation_number(REVISION))
        .max()
        .unwrap_or(0);
    let (surge, _) = bounds(d);
    let set = match new {
        Some(set) => renumber(world, d, set, last + 1, surge),
        None => make_set(world, d, old, last + 1, surge),
    };
    let revision = set.meta.annotation_number(REVISION);
    if let Some(present) = world.deployment(&d.meta.key).cloned()
        && present.meta.annotation_number(REVISION) != revision
    {
        let mut present = present;
        Arc::make_mut(&mut present)
            .meta
            .annotate(REVISION, &revision);
        world.put(Object::Deployment(present));
    }
    set
}

fn copy_annotations(d: &Deployment, set: &mut ReplicaSet) {
    for (name, value) in d
        .meta
        .annotations
        .iter()
        .filter(|(name, _)| !OWN_ANNOTATIONS.contains(&name.as_str()))
    {
        set.meta.annotate(name, value);
    }
}

fn renumber(
    world: &mut World,
    d: &Deployment,
    set: Arc<ReplicaSet>,
    revision: u64,
    surge: u32,
) -> Arc<ReplicaSet> {
    let mut changed = Arc::clone(&set);
    let own = Arc::make_mut(&mut changed);
    let had = own.meta.annotation_number(REVISION);
    if had < revision {
        let history = own
            .meta
            .annotations
            .get(REVISION_HISTORY)
            .map_or(String::new(), |h| format!("{h},"));
        if had > 0 {
            own.meta
                .annotate(REVISION_HISTORY, &format!("{history}{had}"));
        }
        own.meta.annotate(REVISION, &revision);
    }
    copy_annotations(d, own);
    own.meta.annotate(DESIRED, &d.replicas);
    own.meta.annotate(MAXIMUM, &(d.replicas + surge));
    own.min_ready_s = d.min_ready_s;
    if *changed == *set {
        return set;
    }
    world.put(Object::ReplicaSet(Arc::clone(&changed)));
    changed
}

fn make_set(
    world: &mut World,
    d: &Deployment,
    old: &[Arc<ReplicaSet>],
    revision: u64,
    surge: u32,
) -> Arc<ReplicaSet> {
    let hash = d.template.hash();
    let key = Key::new(
        Arc::clone(&d.meta.key.namespace),
        format!("{}-{hash}", d.meta.key.name),
    );
    let owner = Owner {
        kind: Kind::Deployment,
        name: Arc::clone(&d.meta.key.name),
        uid: d.meta.uid,
    };
    let template = Arc::new(d.template.with_hash(&hash));
    let mut selector = (*d.selector).clone();
    selector.insert(HASH_LABEL.to_owned(), hash);
    let mut meta = world.new_meta(
        key.clone(),
        Arc::clone(&template.labels),
        Some(Arc::new(owner)),
    );
    meta.generation = 1;
    let recreating = d.strategy == Strategy::Recreate && old.iter().any(|set| set.replicas > 0);
    let room = (d.replicas + surge)
        .saturating_sub(total(old))
        .min(d.replicas);
    let mut set = ReplicaSet {
        meta,
        replicas: if recreating { 0 } else { room },
        min_ready_s: d.min_ready_s,
        selector: Arc::new(selector),
        template,
        status: ReplicaSetStatus::default(),
    };
    copy_annotations(d, &mut set);
    set.meta.annotate(REVISION, &revision);
    set.meta.annotate(DESIRED, &d.replicas);
    set.meta.annotate(MAXIMUM, &(d.replicas + surge));
    let set = Arc::new(set);
    world.put(Object::ReplicaSet(Arc::clone(&set)));
    status::progressing(
        world,
        d,
        "NewReplicaSetCreated",
        format!("Created new replica set \"{}\"", key.name),
    );
    if set.replicas > 0 {
        record(
            world,
            d,
            format!(
                "Scaled up replica set {} from 0 to {}",
                key.name, set.replicas
            ),
        );
    }
    set
}

fn record(world: &mut World, d: &Deployment, message: String) {
    let about = About::controller(Kind::Deployment, &d.meta, "deployment-controller");
    world.note(&about, "ScalingReplicaSet", message);
}

/// Gives a set a size, and the annotations that proportional scaling reads.
fn resize(world: &mut World, d: &Deployment, set: &ReplicaSet, replicas: u32) {
    let Some(present) = world.replica_set(&set.meta.key).cloned() else {
        return;
    };
    let (mut changed, was) = (present.clone(), present.replicas);
    let own = Arc::make_mut(&mut changed);
    if own.replicas != replicas {
        own.meta.generation += 1;
    }
    own.replicas = replicas;
    own.meta.annotate(DESIRED, &d.replicas);
    own.meta.annotate(MAXIMUM, &(d.replicas + bounds(d).0));
    if *changed == *present {
        return;
    }
    world.put(Object::ReplicaSet(changed));
    if was != replicas {
        let direction = if was < replicas { "up" } else { "down" };
        record(
            world,
            d,
            format!(
                "Scaled {direction} replica set {} from {was} to {replicas}",
                set.meta.key.name
            ),
        );
    }
}

fn recreate(world: &mut World, d: &Deployment) {
    let (new, old) = sets(world, d);
    if old.iter().any(|set| set.replicas > 0) {
        for set in old.iter().filter(|set| set.replicas > 0) {
            resize(world, d, set, 0);
        }
        return;
    }
    let gone = old.iter().all(|set| world.pods_of(set.meta.uid).is_empty());
    if !gone {
        // The last old pod's end wakes its `ReplicaSet` only: reconcile again until it has gone.
        world.look_at(world.now() + 200, Kind::Deployment, &d.meta.key);
        return;
    }
    let set = ensure_new(world, d, &old, new);
    resize(world, d, &set, d.replicas);
}

fn roll(world: &mut World, d: &Deployment) {
    let (new, old) = sets(world, d);
    let new = ensure_new(world, d, &old, new);
    let (surge, unavailable) = bounds(d);
    let present = new.replicas + total(&old);
    if new.replicas > d.replicas {
        return resize(world, d, &new, d.replicas);
    }
    let room = (d.replicas + surge)
        .saturating_sub(present)
        .min(d.replicas - new.replicas);
    if room > 0 {
        return resize(world, d, &new, new.replicas + room);
    }
    scale_down_old(world, d, &new, &old, d.replicas.saturating_sub(unavailable));
}

/// Takes old pods away: the broken ones first, then the serving ones as far as enough stay available.
fn scale_down_old(
    world: &mut World,
    d: &Deployment,
    new: &ReplicaSet,
    old: &[Arc<ReplicaSet>],
    available_min: u32,
) {
    let new_missing = new.replicas.saturating_sub(new.status.available);
    let mut surplus = (new.replicas + total(old)).saturating_sub(available_min + new_missing);
    let mut sizes: Vec<u32> = old.iter().map(|set| set.replicas).collect();
    for (set, size) in old.iter().zip(&mut sizes) {
        let broken = size.saturating_sub(set.status.available).min(surplus);
        *size -= broken;
        surplus -= broken;
    }
    let available = new.status.available + old.iter().map(|set| set.status.available).sum::<u32>();
    let mut spare = available.saturating_sub(available_min).min(surplus);
    for size in &mut sizes {
        let taken = spare.min(*size);
        *size -= taken;
        spare -= taken;
    }
    for (set, size) in old
        .iter()
        .zip(sizes)
        .filter(|(set, size)| set.replicas != *size)
    {
        resize(world, d, set, size);
    }
}

/// Forgets the oldest revisions beyond `revisionHistoryLimit`, once the rollout is complete.
fn clean_up(world: &mut World, d: &Deployment) {
    if !status::is_complete(d) {
        return;
    }
    let (_, mut old) = sets(world, d);
    let surplus = old.len().saturating_sub(d.history_limit as usize);
    old.sort_by_key(|set| set.meta.annotation_number(REVISION));
    for set in old[..surplus]
        .iter()
        .filter(|set| set.replicas == 0 && set.status.replicas == 0)
    {
        world.remove(Kind::ReplicaSet, &set.meta.key);
    }
}
