//! Which image does what: so that `set image` breaks and heals a workload as it would a real one.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::object::Millis;
use super::pod::Behaviour;
use super::spans::Spans;
use super::template::{Container, Template};

/// The repository whose tags name their fate, as the control plane's kubelet has it (`tests/control-plane/fates.py`).
const FATE_REPOSITORY: &str = "registry.example/fate";
/// The tag of that repository of which an admission webhook lets no pod be created.
const DENIED: &str = "denied";

/// The images of the emulated registry.
#[derive(Clone, Debug, Default)]
pub struct Behaviours {
    images: BTreeMap<String, Behaviour>,
    /// Repositories of which all tags are known: any other cannot be pulled.
    tags: BTreeMap<String, BTreeSet<String>>,
    /// How many pods of an image share the load without harm, and when there were fewer.
    loads: BTreeMap<String, (usize, Spans)>,
}

impl Behaviours {
    /// Says what one image does.
    pub fn set(&mut self, image: &str, behaviour: Behaviour) {
        self.images.insert(image.to_owned(), behaviour);
        self.publish(image);
    }

    /// Says how many pods the load of an image needs: with fewer they are [`Fate::Hungry`].
    pub fn load(&mut self, image: &str, pods: usize) {
        self.set(image, Behaviour::Hungry);
        self.loads
            .insert(image.to_owned(), (pods, Spans::default()));
    }

    /// How many pods are enough for the load of some containers.
    pub fn pods_enough(&self, containers: &[Container]) -> usize {
        let needs = containers.iter().filter_map(|c| self.loads.get(&*c.image));
        needs.map(|(enough, _)| *enough).max().unwrap_or(0)
    }

    /// When the pods of an image were too few for its load; none when it has none.
    pub fn strain(&self, image: &str) -> Option<&Spans> {
        self.loads.get(image).map(|(_, strain)| strain)
    }

    /// Notes for each load whether there are too few pods for it.
    pub(super) fn watch_loads(&mut self, now: Millis, running: impl Fn(&str) -> usize) {
        for (image, (enough, strain)) in &mut self.loads {
            strain.set(running(image) < *enough, now);
        }
    }

    /// Adds an image to its repository. A repository without any pulls every tag.
    pub fn publish(&mut self, image: &str) {
        let (repository, tag) = split(image);
        self.tags
            .entry(repository.to_owned())
            .or_default()
            .insert(tag.to_owned());
    }

    /// What an image does.
    pub fn of(&self, image: &str) -> Behaviour {
        let (repository, tag) = split(image);
        match (self.images.get(image), repository, tag) {
            (Some(behaviour), _, _) => *behaviour,
            (None, FATE_REPOSITORY, "crash") => Behaviour::Crash,
            (None, FATE_REPOSITORY, "oom") => Behaviour::OutOfMemory,
            (None, FATE_REPOSITORY, "image-pull") => Behaviour::ImagePull,
            (None, FATE_REPOSITORY, "never-ready") => Behaviour::NeverReady,
            (None, _, _)
                if self
                    .tags
                    .get(repository)
                    .is_some_and(|tags| !tags.contains(tag)) =>
            {
                Behaviour::ImagePull
            }
            (None, _, _) => Behaviour::Healthy,
        }
    }
}

/// Why the API server creates no pod of a template, as a denying webhook makes it say.
pub(super) fn denial(template: &Template) -> Option<String> {
    let mut images = template.containers.iter().map(|container| &container.image);
    let is_denied = |image: &&Arc<str>| split(image) == (FATE_REPOSITORY, DENIED);
    images.find(is_denied).map(|image| {
        format!("admission webhook \"images.example\" denied the request: {image} is not signed")
    })
}

/// Repository and tag; a registry's port is no tag.
fn split(image: &str) -> (&str, &str) {
    match image.rsplit_once(':') {
        Some((repository, tag)) if !tag.contains('/') => (repository, tag),
        _ => (image, "latest"),
    }
}
