//! The world of the emulated cluster: seeded, moved only by `advance(now)`, and the same for the same seed and the same calls.

pub mod alarms;
mod behaviours;
mod churn;
mod controllers;
pub mod daemon_set;
pub mod database;
pub mod endpoints;
pub mod events;
mod guards;
mod history;
pub mod node;
pub mod object;
pub mod pod;
mod replicas;
pub mod revision;
mod rollout;
pub mod rules;
pub mod spans;
pub mod stateful_set;
pub mod template;
mod writes;

#[cfg(test)]
mod properties;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

pub use behaviours::Behaviours;
use daemon_set::DaemonSet;
use history::Store;
pub use history::{Change, Changed, Compacted};
use object::{Deployment, Key, Kind, Labels, Meta, Millis, Object, Owner, Plain, ReplicaSet, Uid};
use pod::Pod;
use revision::ControllerRevision;
use stateful_set::StatefulSet;
pub use writes::NewDeployment;

/// The first resourceVersion handed out: not 0, which means "any" to clients.
const FIRST_VERSION: u64 = 1_000;
/// Reconciliations for one step of time. A controller that never settles would be a bug: it must not hang the program.
const SETTLE_MAX: usize = 2_000_000;

/// What happens at a given time.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Timer {
    /// A pod's `due`.
    Pod(Key),
    /// A controller wants to reconcile again.
    Reconcile(Kind, Key),
    /// A pod's grace has ended.
    Gone(Key),
    /// Old Events go.
    Sweep,
    /// The alerting rules are looked at.
    Rules,
}

/// The state of the emulated cluster.
pub struct World {
    now: Millis,
    version: u64,
    rng: fastrand::Rng,
    stores: BTreeMap<Kind, Store>,
    /// Dependents by the owner's uid.
    owned: BTreeMap<Uid, BTreeSet<(Kind, Key)>>,
    agenda: BTreeSet<(Millis, Timer)>,
    dirty: BTreeSet<(Kind, Key)>,
    event_index: BTreeMap<(Uid, String), Key>,
    churn: churn::Churn,
    next_ip: u32,
    /// What images do.
    pub behaviours: Behaviours,
    /// Alerts and silences.
    pub alarms: alarms::Alarms,
    /// The shop's database.
    pub database: database::Database,
}

impl World {
    /// An empty cluster at `now`.
    pub fn new(seed: u64, now: Millis) -> Self {
        Self {
            now,
            version: FIRST_VERSION,
            rng: fastrand::Rng::with_seed(seed),
            stores: Kind::ALL
                .iter()
                .map(|kind| (*kind, Store::new(FIRST_VERSION)))
                .collect(),
            owned: BTreeMap::new(),
            agenda: BTreeSet::from([(now + events::SWEEP_MS, Timer::Sweep)]),
            dirty: BTreeSet::new(),
            event_index: BTreeMap::new(),
            churn: churn::Churn::default(),
            next_ip: 0,
            behaviours: Behaviours::default(),
            alarms: alarms::Alarms::default(),
            database: database::Database::default(),
        }
    }

    /// The time the world has reached.
    pub fn now(&self) -> Millis {
        self.now
    }

    /// The newest resourceVersion.
    pub fn version(&self) -> u64 {
        self.version
    }

    /// When something happens next by itself.
    pub fn next_due(&self) -> Option<Millis> {
        if !self.dirty.is_empty() {
            return Some(self.now);
        }
        let timer = self.agenda.first().map(|(at, _)| *at);
        timer.into_iter().chain(self.churn.next_due()).min()
    }

    /// Lives up to `now`; earlier times change nothing.
    pub fn advance(&mut self, now: Millis) {
        self.settle();
        while let Some(at) = self.next_due().filter(|at| *at <= now) {
            self.now = self.now.max(at);
            if self.agenda.first().is_some_and(|(first, _)| *first <= at) {
                if let Some((_, timer)) = self.agenda.pop_first() {
                    self.ring(timer);
                }
            } else {
                self.churn_now();
            }
            self.settle();
        }
        self.now = self.now.max(now);
    }

    fn ring(&mut self, timer: Timer) {
        match timer {
            Timer::Pod(key) => self.live(&key),
            Timer::Reconcile(kind, key) => {
                self.dirty.insert((kind, key));
            }
            Timer::Gone(key) => {
                if self.pod(&key).is_some_and(|pod| !pod.is_active()) {
                    self.remove(Kind::Pod, &key);
                }
            }
            Timer::Sweep => self.sweep_events(),
            Timer::Rules => self.evaluate(),
        }
    }

    /// Runs the controllers until they have nothing left to do.
    fn settle(&mut self) {
        for _ in 0..SETTLE_MAX {
            let Some((kind, key)) = self.dirty.pop_first() else {
                return;
            };
            match kind {
                Kind::Deployment => rollout::sync(self, &key),
                Kind::StatefulSet => stateful_set::sync(self, &key),
                Kind::DaemonSet => daemon_set::sync(self, &key),
                Kind::ReplicaSet => replicas::sync(self, &key),
                Kind::Service => endpoints::sync(self, &key),
                Kind::Autoscaler => guards::autoscale(self, &key),
                Kind::Budget => guards::budget(self, &key),
                Kind::Namespace
                | Kind::Node
                | Kind::ControllerRevision
                | Kind::Pod
                | Kind::EndpointSlice
                | Kind::Event => {}
            }
        }
    }

    fn store(&self, kind: Kind) -> &Store {
        &self.stores[&kind]
    }

    pub fn get(&self, kind: Kind, key: &Key) -> Option<&Object> {
        self.store(kind).objects.get(key)
    }

    /// The objects of a kind in etcd's order, of one namespace or of all, from `start` on.
    pub fn list<'a>(
        &'a self,
        kind: Kind,
        namespace: Option<&'a str>,
        start: Option<Key>,
    ) -> impl Iterator<Item = &'a Object> + 'a {
        let first = start.unwrap_or_else(|| Key::new(namespace.unwrap_or(""), ""));
        let range = self.store(kind).objects.range(first..);
        range
            .map(|(_, object)| object)
            .take_while(move |o| namespace.is_none_or(|ns| &*o.meta().key.namespace == ns))
    }

    /// How many objects of a kind there are.
    pub fn count(&self, kind: Kind) -> usize {
        self.store(kind).objects.len()
    }

    /// What happened to a kind after `version`, oldest first, at most `limit` changes.
    ///
    /// # Errors
    /// The version is older than what is remembered.
    pub fn since(&self, kind: Kind, version: u64, limit: usize) -> Result<Vec<Change>, Compacted> {
        self.store(kind).since(version, limit)
    }

    /// The oldest version a watch may start from.
    pub fn oldest(&self, kind: Kind) -> u64 {
        self.store(kind).oldest()
    }

    /// Forgets all changes up to now, as a compaction does: older versions answer 410.
    pub fn compact(&mut self) {
        let version = self.version;
        for store in self.stores.values_mut() {
            store.compact(version);
        }
    }

    pub fn pod(&self, key: &Key) -> Option<&Arc<Pod>> {
        self.get(Kind::Pod, key)?.try_as_pod_ref()
    }

    pub fn deployment(&self, key: &Key) -> Option<&Arc<Deployment>> {
        self.get(Kind::Deployment, key)?.try_as_deployment_ref()
    }

    pub fn replica_set(&self, key: &Key) -> Option<&Arc<ReplicaSet>> {
        self.get(Kind::ReplicaSet, key)?.try_as_replica_set_ref()
    }

    pub fn stateful_set(&self, key: &Key) -> Option<&Arc<StatefulSet>> {
        self.get(Kind::StatefulSet, key)?.try_as_stateful_set_ref()
    }

    pub fn daemon_set(&self, key: &Key) -> Option<&Arc<DaemonSet>> {
        self.get(Kind::DaemonSet, key)?.try_as_daemon_set_ref()
    }

    /// What an object owns, by kind and name.
    fn owned_by(&self, owner: Uid) -> impl Iterator<Item = &Object> {
        let keys = self.owned.get(&owner).into_iter().flatten();
        keys.filter_map(|(kind, key)| self.get(*kind, key))
    }

    /// The pods of a controller, by name.
    pub fn pods_of(&self, owner: Uid) -> Vec<Arc<Pod>> {
        let owned = self.owned_by(owner).filter_map(Object::try_as_pod_ref);
        owned.cloned().collect()
    }

    /// The `ControllerRevision`s of a `StatefulSet` or a `DaemonSet`, by name.
    pub fn revisions_of(&self, owner: Uid) -> Vec<Arc<ControllerRevision>> {
        let owned = self
            .owned_by(owner)
            .filter_map(Object::try_as_controller_revision_ref);
        owned.cloned().collect()
    }

    /// The `ReplicaSet`s of a Deployment, by name.
    pub fn replica_sets_of(&self, owner: Uid) -> Vec<Arc<ReplicaSet>> {
        let owned = self
            .owned_by(owner)
            .filter_map(Object::try_as_replica_set_ref);
        owned.cloned().collect()
    }

    /// Stores an object under a new version, tells the watches, and wakes the controllers concerned.
    fn put(&mut self, mut object: Object) -> Object {
        self.version += 1;
        object.meta_mut().version = self.version;
        let (kind, meta) = (object.kind(), object.meta().clone());
        if let Some(owner) = &meta.owner {
            self.owned
                .entry(owner.uid)
                .or_default()
                .insert((kind, meta.key.clone()));
        }
        self.wake(kind, &meta);
        let stored = object.clone();
        if let Some(store) = self.stores.get_mut(&kind) {
            store.put(self.version, object);
        }
        stored
    }

    /// Removes an object, tells the watches, and wakes its owner.
    fn remove(&mut self, kind: Kind, key: &Key) {
        let Some(object) = self.get(kind, key).cloned() else {
            return;
        };
        self.version += 1;
        let meta = object.meta().clone();
        if let Some(keys) = meta
            .owner
            .as_ref()
            .and_then(|owner| self.owned.get_mut(&owner.uid))
        {
            keys.remove(&(kind, key.clone()));
        }
        self.owned.remove(&meta.uid);
        if let Some(owner) = &meta.owner {
            self.dirty.insert((
                owner.kind,
                Key::new(Arc::clone(&key.namespace), Arc::clone(&owner.name)),
            ));
        }
        if kind == Kind::Pod {
            self.wake_selecting(&meta);
        }
        if let Some(store) = self.stores.get_mut(&kind) {
            store.remove(self.version, key);
        }
    }

    fn wake(&mut self, kind: Kind, meta: &Meta) {
        if kind.has_controller() {
            self.dirty.insert((kind, meta.key.clone()));
        }
        if kind == Kind::Node {
            let sets = self.store(Kind::DaemonSet).objects.keys();
            let sets: Vec<Key> = sets.cloned().collect();
            self.dirty
                .extend(sets.into_iter().map(|key| (Kind::DaemonSet, key)));
        }
        if kind == Kind::Pod {
            self.wake_selecting(meta);
        }
        if matches!(kind, Kind::Deployment | Kind::StatefulSet) {
            let scalers = self.list(Kind::Autoscaler, Some(&meta.key.namespace), None);
            let scalers: Vec<Key> = scalers.map(|object| object.meta().key.clone()).collect();
            self.dirty
                .extend(scalers.into_iter().map(|key| (Kind::Autoscaler, key)));
        }
        if let Some(owner) = &meta.owner {
            self.dirty.insert((
                owner.kind,
                Key::new(Arc::clone(&meta.key.namespace), Arc::clone(&owner.name)),
            ));
        }
    }

    /// Wakes what selects a pod: Services and `PodDisruptionBudget`s of its namespace.
    fn wake_selecting(&mut self, pod: &Meta) {
        let mut woken = vec![];
        for kind in [Kind::Service, Kind::Budget] {
            for object in self.list(kind, Some(&pod.key.namespace), None) {
                let (Object::Service(found) | Object::Budget(found)) = object else {
                    continue;
                };
                let selects = |selector: Labels| endpoints::is_selected(&selector, &pod.labels);
                if found.selector().is_some_and(selects) {
                    woken.push((kind, found.meta.key.clone()));
                }
            }
        }
        self.dirty.extend(woken);
    }

    fn look_at(&mut self, at: Millis, kind: Kind, key: &Key) {
        self.agenda
            .insert((at, Timer::Reconcile(kind, key.clone())));
    }

    pub(super) fn new_meta(
        &mut self,
        key: Key,
        labels: Arc<Labels>,
        owner: Option<Arc<Owner>>,
    ) -> Meta {
        Meta {
            key,
            uid: Uid(self.rng.u128(..)),
            version: 0,
            generation: 0,
            created: self.now,
            deletion: None,
            labels,
            annotations: Arc::new(Labels::new()),
            owner,
            generated: false,
        }
    }

    /// Adds a namespace, if it is not there.
    pub fn add_namespace(&mut self, name: &str) {
        if self.get(Kind::Namespace, &Key::new("", name)).is_none() {
            let namespace = self.unborn_namespace(name);
            self.put(namespace);
        }
    }

    /// A namespace that is not stored yet.
    pub fn unborn_namespace(&mut self, name: &str) -> Object {
        let labels = Labels::from([("kubernetes.io/metadata.name".to_owned(), name.to_owned())]);
        Object::Namespace(Arc::new(Plain {
            meta: self.new_meta(Key::new("", name), Arc::new(labels), None),
        }))
    }
}
