//! Pods that started before something that they read changed: what they have of it may be old. Only changes that were seen are
//! known.

use super::Changes;
use crate::Model;
use crate::cluster::Kind;
use crate::pods::{ContainerRole, ContainerState, PodRow};
use crate::time::Seconds;
use text::Outside;

/// `ConfigMaps` and Secrets whose last change is kept; the earliest gives way.
const KEPT_MAX: usize = 500;

/// Something that a pod reads and that changed after the pod had started.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConfigChange {
    pub kind: Kind,
    pub name: Outside,
    /// By the server's clock.
    pub at: Seconds,
}

impl ConfigChange {
    /// `started before ConfigMap checkout-config changed`.
    pub fn words(&self) -> String {
        let (kind, name) = (self.kind.word(), self.name.raw());
        format!("started before {kind} {name} changed")
    }
}

impl Changes {
    /// A `ConfigMap` or Secret of this namespace changed.
    pub fn keep(&mut self, namespace: Outside, change: ConfigChange) {
        let of_it = self.configs.entry((namespace, change.kind, change.name));
        let at = of_it.or_insert(change.at);
        *at = (*at).max(change.at);
        if self.configs.len() > KEPT_MAX {
            let earliest = self.configs.iter().min_by_key(|(_, at)| **at);
            if let Some(key) = earliest.map(|(key, _)| key.clone()) {
                self.configs.remove(&key);
            }
        }
    }
}

/// The latest change of something that the pod reads, if one of its containers runs since before it.
pub fn outdated(model: &Model, pod: &PodRow) -> Option<ConfigChange> {
    let configs = &model.changes.configs;
    if configs.is_empty() {
        return None;
    }
    let (kind, name) = pod.workload()?;
    let cluster = &model.cluster;
    let row = cluster.workload_named(kind.watched()?, &pod.namespace, name)?;
    let main = pod.containers.iter();
    let main = main.filter(|container| container.role != ContainerRole::Init);
    let since = main.filter_map(|container| match container.state {
        ContainerState::Running { since } => since,
        ContainerState::Unknown
        | ContainerState::Waiting { .. }
        | ContainerState::Terminated(_) => None,
    });
    let started = since.min()?;
    let read = [Kind::ConfigMap, Kind::Secret]
        .into_iter()
        .flat_map(|kind| {
            let names = row.reads.as_ref().map_or(&[][..], |names| names.of(kind));
            names.iter().map(move |name| (kind, name))
        });
    let changed = read.filter_map(|(kind, name)| {
        let key = (pod.namespace.clone(), kind, name.clone());
        let at = *configs.get(&key)?;
        (started < at).then(|| ConfigChange {
            kind,
            name: name.clone(),
            at,
        })
    });
    changed.max_by_key(|change| change.at)
}
