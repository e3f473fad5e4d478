//! Pods through time: made, scheduled, moved along by their own state machine, deleted.

use std::sync::Arc;

use super::events::{About, node_name};
use super::object::{Deletion, Key, Kind, Labels, Millis, Object, Owner, ReplicaSet};
use super::pod::{Behaviour, Note, Pod, Stage};
use super::template::{Template, suffix};
use super::{Timer, World};

/// How long the scheduler takes.
const SCHEDULE_MS: Millis = 40;
/// How long a container takes to stop: most servers answer TERM within a second or two.
const STOP_MS: std::ops::Range<i64> = 600..1_800;
/// How long a pod that was well takes to feel a new load.
const STRAIN_MS: std::ops::Range<i64> = 5_000..60_000;

/// A pod that a controller wants.
pub(super) struct NewPod {
    pub(super) owner: Owner,
    pub(super) key: Key,
    pub(super) labels: Arc<Labels>,
    pub(super) template: Arc<Template>,
    /// The only node it may run on, if any.
    pub(super) node: Option<u16>,
}

/// Pods of a controller that are ready, and those ready for `minReadySeconds`.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct ReadyPods {
    pub(super) ready: u32,
    pub(super) available: u32,
    /// When the next of them becomes available.
    pub(super) next: Option<Millis>,
}

impl ReadyPods {
    pub(super) fn add(&mut self, pod: &Pod, min_ready_s: u32, now: Millis) {
        let Some(at) = pod.available_at(min_ready_s) else {
            return;
        };
        self.ready += 1;
        if at <= now {
            self.available += 1;
        } else {
            self.next = Some(self.next.map_or(at, |next| next.min(at)));
        }
    }
}

impl Pod {
    /// When it is or becomes available, if it stays ready; `None` while it is not ready.
    fn available_at(&self, min_ready_s: u32) -> Option<Millis> {
        let wait = Millis::from(min_ready_s) * 1_000;
        self.is_ready().then_some(self.ready_changed + wait)
    }

    pub(super) fn is_available(&self, min_ready_s: u32, now: Millis) -> bool {
        self.available_at(min_ready_s).is_some_and(|at| at <= now)
    }
}

impl World {
    /// Makes a pod; the scheduler sees it a moment later.
    pub(super) fn spawn_pod(&mut self, new: NewPod) -> Arc<Pod> {
        let mut pod = self.new_pod(new);
        pod.due = Some(self.now + SCHEDULE_MS);
        self.agenda
            .insert((self.now + SCHEDULE_MS, Timer::Pod(pod.meta.key.clone())));
        let pod = Arc::new(pod);
        self.put(Object::Pod(Arc::clone(&pod)));
        pod
    }

    /// A pod of a `ReplicaSet`.
    pub(super) fn new_pod_of(&mut self, set: &ReplicaSet) -> NewPod {
        let name = format!("{}-{}", set.meta.key.name, suffix(&mut self.rng, 5));
        NewPod {
            owner: Owner {
                kind: Kind::ReplicaSet,
                name: Arc::clone(&set.meta.key.name),
                uid: set.meta.uid,
            },
            key: Key::new(Arc::clone(&set.meta.key.namespace), name),
            labels: Arc::clone(&set.template.labels),
            template: Arc::clone(&set.template),
            node: None,
        }
    }

    /// A pod that nobody has seen yet.
    pub(super) fn new_pod(&mut self, new: NewPod) -> Pod {
        let (culprit, behaviour) = self.behaviour(&new.template);
        let mut meta = self.new_meta(new.key, new.labels, Some(Arc::new(new.owner)));
        meta.annotations = Arc::clone(&new.template.annotations);
        meta.generated = true;
        self.next_ip = (self.next_ip + 1) % 0x00ff_fffe;
        Pod {
            meta,
            template: new.template,
            node: None,
            pinned: new.node,
            ip: self.next_ip,
            culprit,
            behaviour,
            stage: Stage::Unscheduled,
            seen: self.now,
            since: self.now,
            started: 0,
            ready_changed: self.now,
            restarts: 0,
            failures: 0,
            ended: None,
            ended_before: None,
            due: None,
        }
    }

    fn behaviour(&self, template: &Template) -> (u8, Behaviour) {
        let behaviours = template
            .containers
            .iter()
            .map(|c| self.behaviours.of(&c.image));
        let found = behaviours
            .enumerate()
            .find(|(_, behaviour)| *behaviour != Behaviour::Healthy);
        found.map_or((0, Behaviour::Healthy), |(i, behaviour)| {
            (u8::try_from(i).unwrap_or(0), behaviour)
        })
    }

    /// Lives through a pod's `due`.
    pub(super) fn live(&mut self, key: &Key) {
        let Some(pod) = self
            .pod(key)
            .filter(|p| p.is_active() && p.due == Some(self.now))
        else {
            return;
        };
        let mut pod = Arc::clone(pod);
        let own = Arc::make_mut(&mut pod);
        let scheduled = own.stage == Stage::Unscheduled;
        let relieved = self.is_relieved(own);
        if scheduled {
            own.node = own.pinned.or_else(|| self.pick_node());
        }
        let notes = if scheduled && own.node.is_none() {
            self.unscheduled(own)
        } else {
            own.step(self.now, relieved, &mut self.rng)
        };
        if let Some(due) = own.due {
            self.agenda.insert((due, Timer::Pod(key.clone())));
        }
        self.put(Object::Pod(Arc::clone(&pod)));
        if scheduled && let Some(node) = pod.node {
            let message = format!(
                "Successfully assigned {}/{} to {}",
                key.namespace,
                key.name,
                node_name(node)
            );
            self.note(&About::pod(&pod, "default-scheduler"), "Scheduled", message);
        }
        for note in notes {
            self.record(&About::pod(&pod, "kubelet"), note);
        }
    }

    /// Lets the running pods of an image feel a load that has just come.
    pub fn strain(&mut self, image: &str) {
        let pods: Vec<Arc<Pod>> = self
            .list(Kind::Pod, None, None)
            .filter_map(|object| match object {
                Object::Pod(pod) if *pod.template.containers[0].image == *image => {
                    Some(Arc::clone(pod))
                }
                _ => None,
            })
            .collect();
        for mut pod in pods {
            let due = self.now + self.rng.i64(STRAIN_MS);
            let own = Arc::make_mut(&mut pod);
            (own.behaviour, own.due) = (Behaviour::Hungry, Some(due));
            self.agenda.insert((due, Timer::Pod(pod.meta.key.clone())));
            self.put(Object::Pod(pod));
        }
    }

    /// Checks whether there are enough pods for each load.
    pub(super) fn watch_loads(&mut self) {
        let mut behaviours = std::mem::take(&mut self.behaviours);
        behaviours.watch_loads(self.now, |image| {
            let pods = self.list(Kind::Pod, None, None);
            let of_image = pods.filter(|object| match object {
                Object::Pod(pod) => pod.is_active() && *pod.template.containers[0].image == *image,
                _ => false,
            });
            of_image.count()
        });
        self.behaviours = behaviours;
    }

    /// Whether the pod's workload has as many pods as its load needs.
    fn is_relieved(&self, pod: &Pod) -> bool {
        let enough = self.behaviours.pods_enough(&pod.template.containers);
        pod.behaviour == Behaviour::Hungry
            && pod.meta.owner.as_ref().is_some_and(|owner| {
                let pods = self.pods_of(owner.uid);
                pods.iter().filter(|pod| pod.is_active()).count() >= enough
            })
    }

    fn unscheduled(&self, pod: &mut Pod) -> Vec<Note> {
        pod.due = Some(self.now + 60_000);
        vec![Note {
            warning: true,
            reason: "FailedScheduling",
            message: "no nodes available to schedule pods".to_owned(),
        }]
    }

    pub(super) fn pick_node(&mut self) -> Option<u16> {
        let nodes = u16::try_from(self.count(Kind::Node)).unwrap_or(u16::MAX);
        if nodes == 0 {
            return None;
        }
        let first = self.rng.u16(..nodes);
        (0..nodes)
            .map(|step| (first + step) % nodes)
            .find(|number| {
                let node = self.node(&node_name(*number));
                node.is_some_and(|node| !node.unschedulable && node.is("Ready"))
            })
    }

    /// Asks a pod to go: it stops within a second or two, at once without grace.
    pub(super) fn stop_pod(&mut self, key: &Key, grace_s: Option<u32>) {
        let Some(pod) = self.pod(key).cloned() else {
            return;
        };
        let default = pod
            .template
            .spec
            .get("terminationGracePeriodSeconds")
            .and_then(serde_json::Value::as_u64);
        let grace_s =
            grace_s.unwrap_or_else(|| default.and_then(|s| u32::try_from(s).ok()).unwrap_or(30));
        if grace_s == 0 {
            return self.remove(Kind::Pod, key);
        }
        if !pod.is_active() {
            return;
        }
        let mut pod = pod;
        Arc::make_mut(&mut pod).meta.deletion = Some(Deletion {
            at: self.now + Millis::from(grace_s) * 1_000,
            grace_s,
        });
        let stop = self.rng.i64(STOP_MS);
        self.agenda
            .insert((self.now + stop, Timer::Gone(key.clone())));
        self.put(Object::Pod(Arc::clone(&pod)));
        if pod.node.is_some() {
            let container = &pod.template.containers[usize::from(pod.culprit)].name;
            let message = format!("Stopping container {container}");
            self.note(&About::pod(&pod, "kubelet"), "Killing", message);
        }
    }
}
