//! Events: written as the kubelet and the controllers write them, counted up when they repeat, gone after an hour.

use std::sync::Arc;

use super::churn::is_bulk;
use super::object::{Event, Key, Kind, Labels, Meta, Millis, Object};
use super::pod::{Note, Pod};
use super::{Timer, World};

/// How often old Events are looked for.
pub(super) const SWEEP_MS: Millis = 60_000;
/// How long an Event lives (the API server's default).
const LIFE_MS: Millis = 3_600_000;
/// Events kept at most: under heavy churn an hour of them would outweigh all else.
const EVENTS_MAX: usize = 20_000;

/// The object an Event is about.
pub(super) struct About<'a> {
    pub(super) kind: Kind,
    pub(super) meta: &'a Meta,
    pub(super) field: String,
    pub(super) component: &'static str,
    pub(super) host: Arc<str>,
}

impl<'a> About<'a> {
    pub(super) fn controller(kind: Kind, meta: &'a Meta, component: &'static str) -> Self {
        Self {
            kind,
            meta,
            field: String::new(),
            component,
            host: Arc::from(""),
        }
    }

    pub(super) fn pod(pod: &'a Pod, component: &'static str) -> Self {
        let scheduler = component == "default-scheduler";
        let container = &pod.template.containers[usize::from(pod.culprit)].name;
        let node = pod
            .node
            .filter(|_| !scheduler)
            .map_or(String::new(), node_name);
        Self {
            kind: Kind::Pod,
            meta: &pod.meta,
            field: if scheduler {
                String::new()
            } else {
                format!("spec.containers{{{container}}}")
            },
            component,
            host: Arc::from(node),
        }
    }
}

/// The name of a node by its number.
pub fn node_name(number: u16) -> String {
    format!("node-{number}")
}

/// A controller whose pods are refused tries again after this.
const REFUSED_AGAIN_MS: Millis = 15_000;

impl World {
    /// The API server created no pod for a controller: it says so, and tries again.
    pub(super) fn refuse(&mut self, about: &About<'_>, message: String) {
        let note = Note {
            warning: true,
            reason: "FailedCreate",
            message,
        };
        let (kind, key) = (about.kind, about.meta.key.clone());
        self.record(about, note);
        self.look_at(self.now + REFUSED_AGAIN_MS, kind, &key);
    }

    /// Records what a controller or the kubelet has done.
    pub(super) fn note(&mut self, about: &About<'_>, reason: &'static str, message: String) {
        let note = Note {
            warning: false,
            reason,
            message,
        };
        self.record(about, note);
    }

    /// Writes an Event, or counts up the one with the same reason and message.
    pub(super) fn record(&mut self, about: &About<'_>, note: Note) {
        if is_bulk(&about.meta.key.namespace) {
            return;
        }
        let slot = (about.meta.uid, format!("{} {}", note.reason, note.message));
        let same = self
            .event_index
            .get(&slot)
            .and_then(|key| self.get(Kind::Event, key));
        if let Some(Object::Event(event)) = same {
            let mut event = Arc::clone(event);
            let own = Arc::make_mut(&mut event);
            own.count += 1;
            own.last = self.now;
            self.put(Object::Event(event));
            return;
        }
        if self.count(Kind::Event) >= EVENTS_MAX {
            return;
        }
        let event = self.new_event(about, note);
        self.event_index.insert(slot, event.meta.key.clone());
        self.put(Object::Event(Arc::new(event)));
    }

    fn new_event(&mut self, about: &About<'_>, note: Note) -> Event {
        // An Event's name is its object's and a number unlike any other.
        let name = format!("{}.{:016x}", about.meta.key.name, self.rng.u64(..) >> 12);
        let key = Key::new(Arc::clone(&about.meta.key.namespace), name);
        Event {
            meta: self.new_meta(key, Arc::new(Labels::new()), None),
            kind: about.kind,
            object: about.meta.key.clone(),
            object_uid: about.meta.uid,
            field: about.field.clone(),
            warning: note.warning,
            reason: note.reason,
            message: note.message,
            component: about.component,
            host: Arc::clone(&about.host),
            first: self.now,
            last: self.now,
            count: 1,
        }
    }

    pub(super) fn sweep_events(&mut self) {
        let end = self.now - LIFE_MS;
        let old = |object: &&Object| matches!(object, Object::Event(event) if event.last < end);
        let keys: Vec<Key> = self
            .list(Kind::Event, None, None)
            .filter(old)
            .map(|o| o.meta().key.clone())
            .collect();
        for key in keys {
            self.remove(Kind::Event, &key);
        }
        let stores = &self.stores;
        self.event_index
            .retain(|_, key| stores[&Kind::Event].objects.contains_key(key));
        self.agenda.insert((self.now + SWEEP_MS, Timer::Sweep));
    }
}
