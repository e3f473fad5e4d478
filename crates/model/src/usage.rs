//! What containers may use and do use of CPU and memory: limits and requests of the spec, and what metrics.k8s.io measured.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::amounts::Amounts;
use super::cluster::Problem;
use super::pods::{ContainerRole, PodRow};
use text::Outside;

/// Namespaces that are asked about at once: more are seldom on one screen.
pub const NAMESPACES_MAX: usize = 8;

/// What one pod uses, by container, as metrics.k8s.io measured it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PodUsage {
    pub name: Outside,
    pub containers: Vec<(Outside, Amounts)>,
}

/// What is known of the pods of a namespace.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum MeasuredNamespace {
    /// By the name of the pod.
    Known(BTreeMap<Outside, PodUsage>),
    /// Nothing is: why.
    Unknown(Problem),
}

/// What was measured of the namespaces that somebody looks at.
#[derive(Clone, Debug, Default)]
pub struct Measured {
    pub namespaces: BTreeMap<Outside, MeasuredNamespace>,
}

impl Measured {
    /// The usage of a pod, by container.
    pub fn of(&self, pod: &PodRow) -> Option<&PodUsage> {
        match self.namespaces.get(&pod.namespace)? {
            MeasuredNamespace::Known(pods) => pods.get(&pod.name),
            MeasuredNamespace::Unknown(_) => None,
        }
    }

    /// Why nothing is known of a namespace.
    pub fn problem_of(&self, namespace: &Outside) -> Option<&Problem> {
        match self.namespaces.get(namespace)? {
            MeasuredNamespace::Known(_) => None,
            MeasuredNamespace::Unknown(problem) => Some(problem),
        }
    }

    /// The first reason why something is not known.
    pub fn problem(&self) -> Option<&Problem> {
        let mut namespaces = self.namespaces.keys();
        namespaces.find_map(|namespace| self.problem_of(namespace))
    }
}

impl PodUsage {
    pub fn of_container(&self, name: &Outside) -> Option<Amounts> {
        let mut containers = self.containers.iter();
        let found = containers.find(|(container, _)| container == name);
        found.map(|(_, amounts)| *amounts)
    }

    /// All its containers together.
    pub fn sum(&self) -> Amounts {
        sum(self.containers.iter().map(|(_, amounts)| *amounts)).unwrap_or_default()
    }
}

/// The limits of all containers that run beside each other; of one without a limit the pod has none.
pub fn limits(pod: &PodRow) -> Amounts {
    let containers = pod.containers.iter();
    let running = containers.filter(|one| one.role != ContainerRole::Init);
    let limits = running.map(|one| {
        one.resources
            .as_ref()
            .map_or(Amounts::default(), |all| all.limits)
    });
    sum(limits).unwrap_or_default()
}

/// Together; unknown as soon as one is. `None` of nothing.
fn sum(amounts: impl Iterator<Item = Amounts>) -> Option<Amounts> {
    amounts.reduce(|sum, one| Amounts {
        cpu_milli: sum
            .cpu_milli
            .zip(one.cpu_milli)
            .map(|(sum, one)| sum.saturating_add(one)),
        memory_bytes: sum
            .memory_bytes
            .zip(one.memory_bytes)
            .map(|(sum, one)| sum.saturating_add(one)),
    })
}
