//! A `StatefulSet` and its controller, by the rules of the real one (kubernetes/pkg/controller/statefulset): pods by ordinal, one at a time.

use std::sync::Arc;

use super::controllers::{NewPod, ReadyPods};
use super::events::About;
use super::object::{Key, Kind, Labels, Meta, Millis, Object, Owner};
use super::pod::Pod;
use super::revision::{self, ControllerRevision, HASH_LABEL};
use super::template::Template;
use super::{World, behaviours};

/// The label that names a pod of a set.
const NAME_LABEL: &str = "statefulset.kubernetes.io/pod-name";
/// The label that tells its ordinal.
const INDEX_LABEL: &str = "apps.kubernetes.io/pod-index";
/// The label of a revision's own hash.
const REVISION_LABEL: &str = "controller.kubernetes.io/hash";

/// How a `StatefulSet` replaces its pods.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StatefulUpdate {
    /// Whoever deletes a pod gets the new one.
    OnDelete,
    /// From the highest ordinal down.
    Rolling {
        /// Ordinals below stay as they are.
        partition: u32,
    },
}

/// What the `StatefulSet` controller last saw.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct StatefulSetStatus {
    pub observed: u64,
    /// Pods, those being deleted among them.
    pub replicas: u32,
    pub ready: u32,
    /// Pods ready for `minReadySeconds`.
    pub available: u32,
    /// Pods of the current revision.
    pub current: u32,
    /// Pods of the update revision.
    pub updated: u32,
    /// Name of the revision that was rolled out last.
    pub current_revision: Arc<str>,
    /// Name of the revision of the present template.
    pub update_revision: Arc<str>,
}

#[derive(Clone, Debug, PartialEq)]
pub struct StatefulSet {
    pub meta: Meta,
    pub replicas: u32,
    /// `spec.serviceName`.
    pub service: Arc<str>,
    /// `podManagementPolicy` is Parallel.
    pub parallel: bool,
    /// `spec.updateStrategy`.
    pub update: StatefulUpdate,
    /// `spec.minReadySeconds`.
    pub min_ready_s: u32,
    /// `spec.revisionHistoryLimit`.
    pub history_limit: u32,
    /// `spec.selector.matchLabels`.
    pub selector: Arc<Labels>,
    /// `spec.template`.
    pub template: Arc<Template>,
    pub status: StatefulSetStatus,
}

/// The two revisions that matter to a set.
struct Revisions {
    current: Arc<ControllerRevision>,
    update: Arc<ControllerRevision>,
}

/// Brings one `StatefulSet` closer to what it asks for.
pub(super) fn sync(world: &mut World, key: &Key) {
    let Some(set) = world.stateful_set(key).cloned() else {
        return;
    };
    let parent = revision::Parent {
        kind: Kind::StatefulSet,
        meta: &set.meta,
        hash_label: REVISION_LABEL,
    };
    let update = revision::ensure(world, &parent, &set.template);
    let known = revision::of(world, set.meta.uid);
    let current = known
        .iter()
        .find(|revision| revision.meta.key.name == set.status.current_revision)
        .cloned();
    let revisions = Revisions {
        current: current.unwrap_or_else(|| Arc::clone(&update)),
        update,
    };
    manage(world, &set, &revisions);
    report(world, &set, &revisions);
    truncate(world, key);
}

/// The pods of a set by ordinal.
fn pods(world: &World, set: &StatefulSet) -> Vec<(u32, Arc<Pod>)> {
    let of_set = world.pods_of(set.meta.uid).into_iter();
    let mut pods: Vec<(u32, Arc<Pod>)> = of_set
        .filter_map(|pod| Some((ordinal(&pod)?, pod)))
        .collect();
    pods.sort_by_key(|(ordinal, _)| *ordinal);
    pods
}

fn ordinal(pod: &Pod) -> Option<u32> {
    pod.meta.key.name.rsplit_once('-')?.1.parse().ok()
}

fn revision_of(pod: &Pod) -> &str {
    pod.meta.labels.get(HASH_LABEL).map_or("", String::as_str)
}

/// One run of `updateStatefulSet`: under `OrderedReady` it ends at the first pod that has to be waited for.
fn manage(world: &mut World, set: &StatefulSet, revisions: &Revisions) {
    let present = pods(world, set);
    for ordinal in 0..set.replicas {
        let pod = present.iter().find(|(at, _)| *at == ordinal);
        match pod {
            None => {
                create(world, set, revisions, ordinal);
                if !set.parallel {
                    return;
                }
            }
            Some((_, pod)) if set.parallel || settled(pod, set, world.now()) => {}
            Some(_) => return,
        }
    }
    let (kept, condemned): (Vec<_>, Vec<_>) =
        present.into_iter().partition(|(at, _)| *at < set.replicas);
    if !condemn(world, set, &kept, &condemned) {
        return;
    }
    if let StatefulUpdate::Rolling { partition } = set.update {
        roll(world, set, revisions, partition);
    }
}

/// Whether nothing has to be waited for.
fn settled(pod: &Pod, set: &StatefulSet, now: Millis) -> bool {
    pod.is_active() && pod.is_available(set.min_ready_s, now)
}

/// Takes the pods away that are too many, highest ordinal first; false while it has to wait.
fn condemn(
    world: &mut World,
    set: &StatefulSet,
    kept: &[(u32, Arc<Pod>)],
    condemned: &[(u32, Arc<Pod>)],
) -> bool {
    let now = world.now();
    let all = kept.iter().chain(condemned);
    let first_unhealthy = all
        .filter(|(_, pod)| !(pod.is_active() && pod.is_ready()))
        .map(|(at, _)| *at)
        .min();
    let mut deleted = false;
    for (at, pod) in condemned.iter().rev() {
        let is_available = pod.is_available(set.min_ready_s, now);
        let waits = !pod.is_active() || !is_available && first_unhealthy != Some(*at);
        if waits && !set.parallel {
            return false;
        }
        if pod.is_active() {
            delete(world, set, pod);
            deleted = true;
            if !set.parallel {
                return false;
            }
        }
    }
    !deleted
}

/// Replaces the highest pod of another revision, once all above it are well.
fn roll(world: &mut World, set: &StatefulSet, revisions: &Revisions, partition: u32) {
    for (_, pod) in pods(world, set)
        .iter()
        .rev()
        .filter(|(at, _)| (partition..set.replicas).contains(at))
    {
        if pod.is_active() && revision_of(pod) != &*revisions.update.meta.key.name {
            return delete(world, set, pod);
        }
        if !settled(pod, set, world.now()) {
            return;
        }
    }
}

fn create(world: &mut World, set: &StatefulSet, revisions: &Revisions, ordinal: u32) {
    let keeps = matches!(set.update, StatefulUpdate::Rolling { partition } if ordinal < partition);
    let revision = if keeps {
        &revisions.current
    } else {
        &revisions.update
    };
    let name = format!("{}-{ordinal}", set.meta.key.name);
    if let Some(why) = behaviours::denial(&revision.template) {
        let message = format!(
            "create Pod {name} in StatefulSet {} failed error: {why}",
            set.meta.key.name
        );
        world.refuse(&about(set), message);
        return;
    }
    let mut labels: Labels = (*revision.template.labels).clone();
    labels.insert(HASH_LABEL.to_owned(), revision.meta.key.name.to_string());
    labels.insert(NAME_LABEL.to_owned(), name.clone());
    labels.insert(INDEX_LABEL.to_owned(), ordinal.to_string());
    let new = NewPod {
        owner: Owner {
            kind: Kind::StatefulSet,
            name: Arc::clone(&set.meta.key.name),
            uid: set.meta.uid,
        },
        key: Key::new(Arc::clone(&set.meta.key.namespace), name.as_str()),
        labels: Arc::new(labels),
        template: Arc::clone(&revision.template),
        node: None,
    };
    world.spawn_pod(new);
    record(world, set, "SuccessfulCreate", "create", &name);
}

fn delete(world: &mut World, set: &StatefulSet, pod: &Pod) {
    world.stop_pod(&pod.meta.key, None);
    record(world, set, "SuccessfulDelete", "delete", &pod.meta.key.name);
}

fn record(world: &mut World, set: &StatefulSet, reason: &'static str, verb: &str, pod: &str) {
    let message = format!(
        "{verb} Pod {pod} in StatefulSet {} successful",
        set.meta.key.name
    );
    world.note(&about(set), reason, message);
}

fn about(set: &StatefulSet) -> About<'_> {
    About::controller(Kind::StatefulSet, &set.meta, "statefulset-controller")
}

fn report(world: &mut World, set: &StatefulSet, revisions: &Revisions) {
    let (current, update) = (
        &revisions.current.meta.key.name,
        &revisions.update.meta.key.name,
    );
    let mut status = StatefulSetStatus {
        observed: set.meta.generation,
        current_revision: Arc::clone(current),
        update_revision: Arc::clone(update),
        ..StatefulSetStatus::default()
    };
    let mut ready = ReadyPods::default();
    for (_, pod) in pods(world, set) {
        status.replicas += 1;
        ready.add(&pod, set.min_ready_s, world.now());
        if pod.is_active() {
            status.current += u32::from(revision_of(&pod) == &**current);
            status.updated += u32::from(revision_of(&pod) == &**update);
        }
    }
    (status.ready, status.available) = (ready.ready, ready.available);
    let rolling = matches!(set.update, StatefulUpdate::Rolling { .. });
    let counts = [status.updated, status.ready, status.replicas];
    if rolling && counts.iter().all(|count| *count == set.replicas) {
        status.current = status.updated;
        status.current_revision = Arc::clone(update);
    }
    if let Some(at) = ready.next {
        world.look_at(at, Kind::StatefulSet, &set.meta.key);
    }
    let Some(mut present) = world.stateful_set(&set.meta.key).cloned() else {
        return;
    };
    if status != present.status {
        Arc::make_mut(&mut present).status = status;
        world.put(Object::StatefulSet(present));
    }
}

/// Forgets the oldest revisions that no pod has, beyond `revisionHistoryLimit`.
fn truncate(world: &mut World, key: &Key) {
    let Some(set) = world.stateful_set(key).cloned() else {
        return;
    };
    let mut live: Vec<String> = pods(world, &set)
        .iter()
        .map(|(_, pod)| revision_of(pod).to_owned())
        .collect();
    live.push(set.status.current_revision.to_string());
    live.push(set.status.update_revision.to_string());
    let is_live =
        |revision: &ControllerRevision| live.iter().any(|name| **name == *revision.meta.key.name);
    revision::truncate(world, set.meta.uid, set.history_limit, is_live);
}

/// A new `StatefulSet` with the API server's defaults, not stored yet.
pub fn unborn(meta: Meta, replicas: u32, selector: Labels, template: Template) -> StatefulSet {
    StatefulSet {
        service: Arc::from(&*meta.key.name),
        meta,
        replicas,
        parallel: false,
        update: StatefulUpdate::Rolling { partition: 0 },
        min_ready_s: 0,
        history_limit: 10,
        selector: Arc::new(selector),
        template: Arc::new(template),
        status: StatefulSetStatus::default(),
    }
}
