//! Load: pods of the bulk namespaces touched and replaced at a steady rate.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::World;
use super::object::{Key, Kind, Millis, Object};

/// Churn comes in ticks this far apart: fine enough to be a stream, coarse enough to cost nothing.
const TICK_MS: Millis = 20;
/// One action in so many replaces a pod, the others touch one.
const REPLACE_ONE_IN: u32 = 16;
/// What replacing a pod costs in updates: marked, deleted, made, scheduled, running, ready.
const REPLACE_UPDATES: f64 = 6.0;
/// Namespaces that begin so are load: nothing there writes an Event, or the story's own would drown.
pub(super) const BULK: &str = "team-";

#[derive(Default)]
pub(super) struct Churn {
    per_s: f64,
    owed: f64,
    next: Option<Millis>,
    sets: Vec<Key>,
}

impl Churn {
    pub(super) fn next_due(&self) -> Option<Millis> {
        self.next
    }
}

/// Whether a namespace is load.
pub(super) fn is_bulk(namespace: &str) -> bool {
    namespace.starts_with(BULK)
}

impl World {
    /// Starts (or stops, with 0) the churn: so many updates each second.
    pub fn set_churn(&mut self, per_s: u32) {
        let sets = self
            .list(Kind::ReplicaSet, None, None)
            .map(|o| o.meta().key.clone());
        self.churn.sets = sets.filter(|key| is_bulk(&key.namespace)).collect();
        self.churn.per_s = f64::from(per_s);
        self.churn.next = (per_s > 0 && !self.churn.sets.is_empty()).then_some(self.now + TICK_MS);
    }

    /// Forgets the load that was due before `since`: whoever cannot keep up with it makes less of it.
    pub fn shed_churn(&mut self, since: Millis) {
        self.churn.next = self.churn.next.map(|at| at.max(since));
    }

    pub(super) fn churn_now(&mut self) {
        self.churn.owed += self.churn.per_s * TICK_MS as f64 / 1_000.0;
        let mut touched = BTreeSet::new();
        while self.churn.owed >= 1.0 {
            let set = self.rng.usize(..self.churn.sets.len());
            let uid = self
                .replica_set(&self.churn.sets[set])
                .map(|set| set.meta.uid);
            let pods = uid.map(|uid| self.pods_of(uid)).unwrap_or_default();
            self.churn.owed -= 1.0;
            if pods.is_empty() {
                continue;
            }
            let pod = &pods[self.rng.usize(..pods.len())];
            if self.rng.u32(..REPLACE_ONE_IN) == 0 {
                self.churn.owed -= REPLACE_UPDATES - 1.0;
                self.stop_pod(&pod.meta.key, None);
            } else if touched.insert(pod.meta.key.clone()) {
                let mut pod = Arc::clone(pod);
                Arc::make_mut(&mut pod)
                    .meta
                    .annotate("demo.watchfloor/touched", &self.now);
                self.put(Object::Pod(pod));
            }
        }
        self.churn.next = self.churn.next.map(|at| at + TICK_MS);
    }
}
