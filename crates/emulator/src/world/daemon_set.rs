//! A `DaemonSet` and its controller, by the rules of the real one (kubernetes/pkg/controller/daemon): one pod on each node.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::controllers::{NewPod, ReadyPods};
use super::events::About;
use super::object::{Amount, Key, Kind, Labels, Meta, Object, Owner};
use super::pod::Pod;
use super::revision::{self, ControllerRevision, HASH_LABEL};
use super::template::{Template, suffix};
use super::{World, behaviours};

/// Counts the templates; the API server keeps it as an annotation.
pub const GENERATION: &str = "deprecated.daemonset.template.generation";
/// The same on the pods.
const GENERATION_LABEL: &str = "pod-template-generation";

/// How a `DaemonSet` replaces its pods.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DaemonUpdate {
    /// Whoever deletes a pod gets the new one.
    OnDelete,
    /// So many nodes at a time.
    Rolling { unavailable: Amount },
}

/// What the `DaemonSet` controller last saw.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct DaemonSetStatus {
    pub observed: u64,
    /// Nodes that should have a pod.
    pub desired: u32,
    /// Nodes that have one.
    pub current: u32,
    /// Nodes with a ready pod.
    pub ready: u32,
    /// Nodes with a pod of the present template.
    pub updated: u32,
    /// Nodes with a pod ready for `minReadySeconds`.
    pub available: u32,
}

#[derive(Clone, Debug, PartialEq)]
pub struct DaemonSet {
    pub meta: Meta,
    /// `spec.updateStrategy`.
    pub update: DaemonUpdate,
    /// `spec.minReadySeconds`.
    pub min_ready_s: u32,
    /// `spec.revisionHistoryLimit`.
    pub history_limit: u32,
    /// `spec.selector.matchLabels`.
    pub selector: Arc<Labels>,
    /// `spec.template`.
    pub template: Arc<Template>,
    pub status: DaemonSetStatus,
}

/// Brings one `DaemonSet` closer to what it asks for.
pub(super) fn sync(world: &mut World, key: &Key) {
    let Some(set) = world.daemon_set(key).cloned() else {
        return;
    };
    let parent = revision::Parent {
        kind: Kind::DaemonSet,
        meta: &set.meta,
        hash_label: HASH_LABEL,
    };
    let update = revision::ensure(world, &parent, &set.template);
    let hash = revision::hash_of(&update, HASH_LABEL).to_owned();
    create_missing(world, &set, &hash);
    if let DaemonUpdate::Rolling { unavailable } = set.update {
        roll(world, &set, &hash, unavailable);
    }
    report(world, &set, &hash);
    truncate(world, &set);
}

/// The pods of each node, those being deleted among them.
fn by_node(world: &World, set: &DaemonSet) -> BTreeMap<u16, Vec<Arc<Pod>>> {
    let nodes = u16::try_from(world.count(Kind::Node)).unwrap_or(u16::MAX);
    let mut found: BTreeMap<u16, Vec<Arc<Pod>>> = (0..nodes).map(|node| (node, vec![])).collect();
    for pod in world.pods_of(set.meta.uid) {
        if let Some(node) = pod.node.or(pod.pinned) {
            found.entry(node).or_default().push(pod);
        }
    }
    found
}

fn is_new(pod: &Pod, hash: &str) -> bool {
    pod.meta
        .labels
        .get(HASH_LABEL)
        .is_some_and(|own| own == hash)
}

fn create_missing(world: &mut World, set: &DaemonSet, hash: &str) {
    let empty: Vec<u16> = by_node(world, set)
        .into_iter()
        .filter(|(_, pods)| pods.is_empty())
        .map(|(node, _)| node)
        .collect();
    let denial = behaviours::denial(&set.template).filter(|_| !empty.is_empty());
    if let Some(why) = denial {
        world.refuse(&about(set), format!("Error creating: {why}"));
        return;
    }
    for node in empty {
        let mut labels: Labels = (*set.template.labels).clone();
        labels.insert(HASH_LABEL.to_owned(), hash.to_owned());
        labels.insert(
            GENERATION_LABEL.to_owned(),
            set.meta.annotation_number(GENERATION).to_string(),
        );
        let name = format!("{}-{}", set.meta.key.name, suffix(&mut world.rng, 5));
        let message = format!("Created pod: {name}");
        let new = NewPod {
            owner: Owner {
                kind: Kind::DaemonSet,
                name: Arc::clone(&set.meta.key.name),
                uid: set.meta.uid,
            },
            key: Key::new(Arc::clone(&set.meta.key.namespace), name),
            labels: Arc::new(labels),
            template: Arc::clone(&set.template),
            node: Some(node),
        };
        world.spawn_pod(new);
        world.note(&about(set), "SuccessfulCreate", message);
    }
}

/// Replaces old pods: the broken ones at once, the others as far as enough nodes stay served.
fn roll(world: &mut World, set: &DaemonSet, hash: &str, unavailable: Amount) {
    let now = world.now();
    let nodes = by_node(world, set);
    let desired = u32::try_from(nodes.len()).unwrap_or(u32::MAX);
    let most = match unavailable {
        Amount::Count(n) => n,
        Amount::Percent(p) => (desired * p).div_ceil(100),
    };
    let (mut missing, mut broken, mut candidates) = (0, vec![], vec![]);
    for pods in nodes.values() {
        let Some(pod) = pods.iter().find(|pod| pod.is_active()) else {
            missing += 1;
            continue;
        };
        match (is_new(pod, hash), pod.is_available(set.min_ready_s, now)) {
            (true, true) => {}
            (true, false) => missing += 1,
            (false, false) => broken.push(Arc::clone(pod)),
            (false, true) => candidates.push(Arc::clone(pod)),
        }
    }
    let room = most.saturating_sub(missing) as usize;
    for pod in broken.iter().chain(candidates.iter().take(room)) {
        world.stop_pod(&pod.meta.key, None);
        let message = format!("Deleted pod: {}", pod.meta.key.name);
        world.note(&about(set), "SuccessfulDelete", message);
    }
}

fn about(set: &DaemonSet) -> About<'_> {
    About::controller(Kind::DaemonSet, &set.meta, "daemonset-controller")
}

fn report(world: &mut World, set: &DaemonSet, hash: &str) {
    let mut status = DaemonSetStatus {
        observed: set.meta.generation,
        ..DaemonSetStatus::default()
    };
    let mut ready = ReadyPods::default();
    for pods in by_node(world, set).values() {
        status.desired += 1;
        // The oldest of a node's pods counts.
        let Some(pod) = pods.iter().min_by_key(|pod| pod.meta.created) else {
            continue;
        };
        status.current += 1;
        status.updated += u32::from(is_new(pod, hash));
        ready.add(pod, set.min_ready_s, world.now());
    }
    (status.ready, status.available) = (ready.ready, ready.available);
    if let Some(at) = ready.next {
        world.look_at(at, Kind::DaemonSet, &set.meta.key);
    }
    let Some(mut present) = world.daemon_set(&set.meta.key).cloned() else {
        return;
    };
    if status != present.status {
        Arc::make_mut(&mut present).status = status;
        world.put(Object::DaemonSet(present));
    }
}

/// Forgets the oldest revisions that no pod has, beyond `revisionHistoryLimit`.
fn truncate(world: &mut World, set: &DaemonSet) {
    let pods = world.pods_of(set.meta.uid);
    let is_live = |revision: &ControllerRevision| {
        let hash = revision::hash_of(revision, HASH_LABEL);
        revision.template == set.template || pods.iter().any(|pod| is_new(pod, hash))
    };
    revision::truncate(world, set.meta.uid, set.history_limit, is_live);
}

/// A new `DaemonSet` with the API server's defaults, not stored yet.
pub fn unborn(mut meta: Meta, selector: Labels, template: Template) -> DaemonSet {
    meta.annotate(GENERATION, &1);
    DaemonSet {
        meta,
        update: DaemonUpdate::Rolling {
            unavailable: Amount::Count(1),
        },
        min_ready_s: 0,
        history_limit: 10,
        selector: Arc::new(selector),
        template: Arc::new(template),
        status: DaemonSetStatus::default(),
    }
}
