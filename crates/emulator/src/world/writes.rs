//! What clients may change: checked by the caller against the API's rules, applied here.

use std::sync::Arc;

use serde_json::Value;

use super::World;
use super::daemon_set::{DaemonSet, GENERATION};
use super::object::{
    Amount, Deployment, DeploymentStatus, Described, Key, Kind, Labels, Millis, Object, ReplicaSet,
    Strategy,
};
use super::pod::Stage;
use super::stateful_set::StatefulSet;
use super::template::Template;

/// A Deployment to be made, with the API server's defaults.
#[derive(Clone, Debug)]
pub struct NewDeployment {
    /// Namespace and name.
    pub key: Key,
    pub replicas: u32,
    /// Labels of the Deployment.
    pub labels: Labels,
    /// Annotations of the Deployment.
    pub annotations: Labels,
    /// `spec.selector.matchLabels`.
    pub selector: Labels,
    /// `spec.template`.
    pub template: Template,
    /// `spec.strategy`.
    pub strategy: Strategy,
}

impl NewDeployment {
    /// A Deployment that runs a template.
    pub fn new(key: Key, replicas: u32, template: Template) -> Self {
        let strategy = Strategy::Rolling {
            surge: Amount::Percent(25),
            unavailable: Amount::Percent(25),
        };
        let labels = (*template.labels).clone();
        Self {
            key,
            replicas,
            selector: labels.clone(),
            labels,
            annotations: Labels::new(),
            template,
            strategy,
        }
    }
}

impl World {
    /// Makes a Deployment. The caller has checked that the name is free.
    pub fn create_deployment(&mut self, new: NewDeployment) -> Arc<Deployment> {
        let deployment = self.unborn(new);
        self.store_deployment(deployment)
    }

    /// A Deployment that is not stored yet.
    pub fn unborn(&mut self, new: NewDeployment) -> Deployment {
        let mut meta = self.new_meta(new.key, Arc::new(new.labels), None);
        meta.annotations = Arc::new(new.annotations);
        meta.generation = 1;
        Deployment {
            meta,
            replicas: new.replicas,
            paused: false,
            strategy: new.strategy,
            min_ready_s: 0,
            deadline_s: 600,
            history_limit: 10,
            selector: Arc::new(new.selector),
            template: Arc::new(new.template),
            status: DeploymentStatus::default(),
        }
    }

    /// Stores a Deployment as changed by a client; a changed spec is a new generation.
    pub fn store_deployment(&mut self, deployment: Deployment) -> Arc<Deployment> {
        let deployment = self.as_next_generation(deployment);
        match self.put(Object::Deployment(Arc::new(deployment))) {
            Object::Deployment(stored) => stored,
            other => unreachable!("stored a Deployment, found a {}", other.kind().name()),
        }
    }

    /// A Deployment as it would be stored.
    pub fn as_next_generation(&self, deployment: Deployment) -> Deployment {
        next_generation(self.deployment(&deployment.meta.key), deployment)
    }

    /// Stores a `StatefulSet`, new or as changed by a client; a changed spec is a new generation.
    pub fn store_stateful_set(&mut self, set: StatefulSet) -> Arc<StatefulSet> {
        let set = Arc::new(self.as_next_stateful_set(set));
        self.put(Object::StatefulSet(Arc::clone(&set)));
        self.stateful_set(&set.meta.key).cloned().unwrap_or(set)
    }

    /// A `StatefulSet` as it would be stored.
    pub fn as_next_stateful_set(&self, mut after: StatefulSet) -> StatefulSet {
        let spec = |s: &StatefulSet| {
            let template = Arc::clone(&s.template);
            (
                s.replicas,
                s.update,
                s.min_ready_s,
                s.history_limit,
                template,
            )
        };
        match self.stateful_set(&after.meta.key) {
            None => after.meta.generation = 1,
            Some(before) if spec(before) != spec(&after) => {
                after.meta.generation = before.meta.generation + 1;
            }
            Some(_) => {}
        }
        after
    }

    /// Stores a `DaemonSet`, new or as changed by a client; a changed spec is a new generation.
    pub fn store_daemon_set(&mut self, set: DaemonSet) -> Arc<DaemonSet> {
        let set = Arc::new(self.as_next_daemon_set(set));
        self.put(Object::DaemonSet(Arc::clone(&set)));
        self.daemon_set(&set.meta.key).cloned().unwrap_or(set)
    }

    /// A `DaemonSet` as it would be stored; a changed template counts the template's own generation up.
    pub fn as_next_daemon_set(&self, mut after: DaemonSet) -> DaemonSet {
        let spec = |s: &DaemonSet| {
            let template = Arc::clone(&s.template);
            (s.update, s.min_ready_s, s.history_limit, template)
        };
        let Some(before) = self.daemon_set(&after.meta.key) else {
            after.meta.generation = 1;
            after.meta.annotate(GENERATION, &1);
            return after;
        };
        let changed = u64::from(before.template != after.template);
        let generation = before.meta.annotation_number(GENERATION) + changed;
        after.meta.annotate(GENERATION, &generation);
        if spec(before) != spec(&after) {
            after.meta.generation = before.meta.generation + 1;
        }
        after
    }

    /// An object as it would be stored: a changed spec is a new generation.
    pub fn as_next(&self, object: Object) -> Object {
        match object {
            Object::Deployment(d) => {
                Object::Deployment(Arc::new(self.as_next_generation((*d).clone())))
            }
            Object::StatefulSet(set) => {
                Object::StatefulSet(Arc::new(self.as_next_stateful_set((*set).clone())))
            }
            Object::DaemonSet(set) => {
                Object::DaemonSet(Arc::new(self.as_next_daemon_set((*set).clone())))
            }
            Object::Budget(budget) => {
                let before = match self.get(Kind::Budget, &budget.meta.key) {
                    Some(Object::Budget(before)) => Some(before),
                    _ => None,
                };
                let mut after = (*budget).clone();
                match before {
                    None => after.meta.generation = 1,
                    Some(before) if before.spec != after.spec => after.meta.generation += 1,
                    Some(_) => {}
                }
                Object::Budget(Arc::new(after))
            }
            other @ (Object::Namespace(_)
            | Object::Node(_)
            | Object::Service(_)
            | Object::EndpointSlice(_)
            | Object::Autoscaler(_)
            | Object::ControllerRevision(_)
            | Object::ReplicaSet(_)
            | Object::Pod(_)
            | Object::Event(_)) => other,
        }
    }

    /// Stores an object, new or as changed by a client. The caller has checked it against the API's rules.
    pub fn write(&mut self, object: Object) -> Object {
        let object = self.as_next(object);
        self.put(object)
    }

    /// Deletes an object. A pod stops in its own time unless `grace_s` is 0; a workload takes its pods with it.
    pub fn delete(&mut self, kind: Kind, key: &Key, grace_s: Option<u32>) {
        match kind {
            Kind::Pod => self.stop_pod(key, grace_s),
            Kind::Deployment => {
                let sets = self
                    .deployment(key)
                    .map(|d| self.replica_sets_of(d.meta.uid))
                    .unwrap_or_default();
                self.remove(kind, key);
                for set in sets {
                    self.delete(Kind::ReplicaSet, &set.meta.key, grace_s);
                }
            }
            Kind::StatefulSet | Kind::DaemonSet => {
                let Some(uid) = self.get(kind, key).map(|object| object.meta().uid) else {
                    return;
                };
                let (pods, revisions) = (self.pods_of(uid), self.revisions_of(uid));
                self.remove(kind, key);
                for revision in revisions {
                    self.remove(Kind::ControllerRevision, &revision.meta.key);
                }
                for pod in pods {
                    self.stop_pod(&pod.meta.key, grace_s.filter(|s| *s > 0));
                }
            }
            Kind::ReplicaSet => {
                let pods = self
                    .replica_set(key)
                    .map(|set| self.pods_of(set.meta.uid))
                    .unwrap_or_default();
                self.remove(kind, key);
                for pod in pods {
                    self.stop_pod(&pod.meta.key, grace_s.filter(|s| *s > 0));
                }
            }
            Kind::Service => {
                let slices = self
                    .get(kind, key)
                    .map(|service| self.slices_of(service.meta().uid))
                    .unwrap_or_default();
                self.remove(kind, key);
                for slice in slices {
                    self.remove(Kind::EndpointSlice, &slice.meta.key);
                }
            }
            Kind::Namespace
            | Kind::Node
            | Kind::ControllerRevision
            | Kind::EndpointSlice
            | Kind::Autoscaler
            | Kind::Budget
            | Kind::Event => self.remove(kind, key),
        }
    }

    /// A Service, an autoscaler or a budget that is not stored yet.
    pub fn described(&mut self, key: Key, labels: Labels, spec: Value) -> Described {
        Described {
            meta: self.new_meta(key, Arc::new(labels), None),
            spec,
            status: Value::Null,
        }
    }

    /// Makes a Deployment that has been running for `age_ms`, without living through its start: load is many pods, not a story.
    pub fn plant(&mut self, new: NewDeployment, age_ms: Millis) {
        let replicas = new.replicas;
        let born = self.now - age_ms;
        let mut deployment = self.unborn(new);
        deployment.meta.created = born;
        let deployment = self.store_deployment(deployment);
        super::rollout::sync(self, &deployment.meta.key);
        let Some(set) = self.replica_sets_of(deployment.meta.uid).into_iter().next() else {
            return;
        };
        for _ in 0..replicas {
            self.plant_pod(&set, born);
        }
    }

    fn plant_pod(&mut self, set: &ReplicaSet, born: Millis) {
        let new = self.new_pod_of(set);
        let mut pod = self.new_pod(new);
        pod.node = self.pick_node();
        pod.meta.created = born;
        (pod.seen, pod.since, pod.started, pod.ready_changed) =
            (born, born + 2_000, born + 1_000, born + 2_000);
        pod.stage = Stage::Ready;
        self.put(Object::Pod(Arc::new(pod)));
    }
}

/// The generation rises with the spec, not with metadata or status.
fn next_generation(before: Option<&Arc<Deployment>>, mut after: Deployment) -> Deployment {
    let spec = |d: &Deployment| {
        (
            d.replicas,
            d.paused,
            d.strategy,
            d.min_ready_s,
            d.deadline_s,
            d.history_limit,
            Arc::clone(&d.template),
        )
    };
    if let Some(before) = before
        && spec(before) != spec(&after)
    {
        after.meta.generation = before.meta.generation + 1;
    }
    after
}
