//! Start states: a shop whose workloads are healthy, and what has just gone wrong in it.

mod outages;
#[cfg(test)]
mod plot;
mod shop;

use serde_json::json;
use strum::{EnumString, IntoStaticStr, VariantArray};

use super::world::object::{Key, Millis};
use super::world::template::Template;
use super::world::{NewDeployment, World};

/// What is going on when the cluster is first looked at, in the order in which they are offered.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, EnumString, IntoStaticStr, VariantArray)]
#[strum(serialize_all = "kebab-case")]
pub enum Scenario {
    /// The newest revision of checkout crash-loops.
    #[default]
    BadDeploy,
    /// The pods of catalog are too few for their load, and are killed for their memory one after the other.
    OutOfMemory,
    /// The database has no connections left: pods are healthy, requests fail.
    ConnectionPool,
    /// The newest image of frontend is not there; the old pods still serve.
    StuckRollout,
    /// All workloads of the shop are healthy.
    Healthy,
    /// Nothing: no workloads at all.
    Empty,
}

impl Scenario {
    pub const ALL: &[Self] = Self::VARIANTS;

    /// The name on the command line.
    pub fn name(self) -> &'static str {
        self.into()
    }

    pub fn named(name: &str) -> Option<Self> {
        name.parse().ok()
    }

    /// What to say of a name that no scenario has: the nearest one, and all of them.
    pub fn unknown(name: &str) -> anyhow::Error {
        let likeness =
            |scenario: &Self| strsim::normalized_damerau_levenshtein(name, scenario.name());
        let nearest = Self::ALL
            .iter()
            .max_by(|a, b| likeness(a).total_cmp(&likeness(b)))
            .filter(|scenario| likeness(scenario) >= NEAR);
        let hint = nearest.map_or(".".to_owned(), |scenario| {
            format!(": did you mean \"{}\"?", scenario.name())
        });
        let all: Vec<&str> = Self::ALL.iter().map(|scenario| scenario.name()).collect();
        let all = all.join(", ");
        anyhow::anyhow!("no scenario is called {name:?}{hint} There are {all}.")
    }

    /// For the trainer: the cause, the remedy, and what the screen should have shown. Markdown.
    pub fn note(self) -> &'static str {
        match self {
            Self::Empty => include_str!("../../../assets/scenarios/empty.md"),
            Self::Healthy => include_str!("../../../assets/scenarios/healthy.md"),
            Self::BadDeploy => include_str!("../../../assets/scenarios/bad-deploy.md"),
            Self::OutOfMemory => include_str!("../../../assets/scenarios/out-of-memory.md"),
            Self::ConnectionPool => include_str!("../../../assets/scenarios/connection-pool.md"),
            Self::StuckRollout => include_str!("../../../assets/scenarios/stuck-rollout.md"),
        }
    }
}

/// A name this like another may have been meant for it.
const NEAR: f64 = 0.5;
const MINUTE: Millis = 60_000;
const HOUR: Millis = 60 * MINUTE;
const DAY: Millis = 24 * HOUR;
/// How long the workloads of the shop have existed.
const AGE: Millis = 60 * DAY;
/// Since when alerting rules are looked at: longer than any story, much shorter than the shop's life.
const RULES_AGO: Millis = HOUR;
/// The namespace of the story.
pub const SHOP: &str = "shop";
/// The namespace of Prometheus and Alertmanager.
pub const MONITORING: &str = "monitoring";

/// Pods of one workload of the load.
const PODS_EACH: u32 = 50;
/// Namespaces of the load.
const NAMESPACES: u32 = 20;

/// Builds the world of a scenario as it is at `now`, with so many pods of load besides.
pub fn build(scenario: Scenario, seed: u64, pods: u32, now: Millis) -> World {
    let mut world = World::new(seed, now - AGE);
    for namespace in [
        "default",
        "kube-node-lease",
        "kube-public",
        "kube-system",
        MONITORING,
        SHOP,
    ] {
        world.add_namespace(namespace);
    }
    for number in 0..(pods / 500 + 4) {
        world.add_node(&format!("node-{number}"));
    }
    if scenario != Scenario::Empty {
        shop::open(&mut world, now);
        outages::run(&mut world, scenario, now);
    }
    world.advance(now);
    load(&mut world, pods);
    world.advance(now);
    world
}

/// Pods that only make the cluster large.
fn load(world: &mut World, pods: u32) {
    let mut left = pods;
    let mut number = 0;
    while left > 0 {
        let namespace = format!("team-{:02}", number % NAMESPACES);
        world.add_namespace(&namespace);
        let replicas = left.min(PODS_EACH);
        let name = format!("app-{number:04}");
        let value = json!({"metadata": {"labels": {"app": name}}, "spec": {"containers": [{"name": "app", "image": format!("registry.example/{name}:1.0.0"), "resources": {"requests": {"cpu": "10m", "memory": "16Mi"}}}]}});
        if let Ok(template) = Template::from_value(&value) {
            world.plant(
                NewDeployment::new(Key::new(namespace, name), replicas, template),
                5 * DAY,
            );
        }
        left -= replicas;
        number += 1;
    }
}
