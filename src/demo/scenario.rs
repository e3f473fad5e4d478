//! Start states: a few healthy workloads, and what has just gone wrong.

use serde_json::{Value, json};

use super::world::object::{Amount, Key, Labels, Millis, Strategy};
use super::world::pod::Fate;
use super::world::template::Template;
use super::world::{NewDeployment, World};

/// What is going on when the cluster is first looked at.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Scenario {
    /// Nothing: no workloads at all.
    Empty,
    /// All workloads of the shop are healthy.
    Healthy,
    /// The newest revision of checkout crash-loops.
    #[default]
    BadDeploy,
}

const MINUTE: Millis = 60_000;
const DAY: Millis = 24 * 60 * MINUTE;
/// How long the workloads of the shop have existed.
const AGE: Millis = 60 * DAY;
/// When the bad revision was rolled out: the crash loop is plain to see, the progress deadline is not reached.
const BAD_DEPLOY_AGO: Millis = 4 * MINUTE;
/// Where the shop's images come from.
const REGISTRY: &str = "registry.shop.example";
/// The namespace of the story.
pub const SHOP: &str = "shop";
/// Revisions of checkout before the bad one.
const CHECKOUT_REVISIONS: u32 = 41;

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
        SHOP,
    ] {
        world.add_namespace(namespace);
    }
    for number in 0..(pods / 500 + 4) {
        world.add_node(&format!("node-{number}"));
    }
    if scenario != Scenario::Empty {
        shop(&mut world, scenario, now);
    }
    world.advance(now);
    load(&mut world, pods);
    world.advance(now);
    world
}

fn template(name: &str, tag: &str) -> Value {
    json!({"metadata": {"labels": {"app": name, "team": "shop"}}, "spec": {"containers": [{
        "name": name, "image": format!("{REGISTRY}/{name}:{tag}"), "ports": [{"containerPort": 8080, "name": "http"}],
        "env": [{"name": "LOG_LEVEL", "value": "info"}], "resources": {"requests": {"cpu": "100m", "memory": "256Mi"}, "limits": {"memory": "512Mi"}},
        "readinessProbe": {"httpGet": {"path": "/readyz", "port": 8080, "scheme": "HTTP"}, "periodSeconds": 10, "timeoutSeconds": 1, "successThreshold": 1, "failureThreshold": 3},
    }]}})
}

fn workload(name: &str, tag: &str, replicas: u32, cause: &str) -> Option<NewDeployment> {
    let mut new = NewDeployment::new(
        Key::new(SHOP, name),
        replicas,
        Template::from_value(&template(name, tag)).ok()?,
    );
    new.selector = Labels::from([("app".to_owned(), name.to_owned())]);
    new.annotations = Labels::from([("kubernetes.io/change-cause".to_owned(), cause.to_owned())]);
    Some(new)
}

fn shop(world: &mut World, scenario: Scenario, now: Millis) {
    let others = [
        ("cart", "2.0.1", 3),
        ("catalog", "5.2.0", 3),
        ("frontend", "4.12.0", 4),
        ("inventory", "1.3.7", 2),
        ("payment", "3.8.4", 3),
        ("search", "0.9.3", 2),
    ];
    for (name, tag, replicas) in others {
        world.fates.publish(&format!("{REGISTRY}/{name}:{tag}"));
        if let Some(new) = workload(name, tag, replicas, &format!("release {tag}")) {
            world.create_deployment(new);
        }
        world.advance(world.now() + MINUTE);
    }
    worker(world);
    checkout(world, scenario, now);
}

/// A consumer that cannot run twice at a time.
fn worker(world: &mut World) {
    world.fates.publish(&format!("{REGISTRY}/mailer:2.2.2"));
    if let Some(new) = workload("mailer", "2.2.2", 1, "release 2.2.2") {
        world.create_deployment(NewDeployment {
            strategy: Strategy::Recreate,
            ..new
        });
    }
}

/// The tag of a revision of checkout: 1.5.1 to 1.9.1, then the bad 1.9.2.
fn checkout_tag(revision: u32) -> String {
    let number = revision + 50;
    format!("1.{}.{}", number / 10, number % 10)
}

fn checkout(world: &mut World, scenario: Scenario, now: Millis) {
    let image = |tag: &str| format!("{REGISTRY}/checkout:{tag}");
    for revision in 1..=CHECKOUT_REVISIONS + 2 {
        world.fates.publish(&image(&checkout_tag(revision)));
    }
    world
        .fates
        .set(&image(&checkout_tag(CHECKOUT_REVISIONS + 1)), Fate::Leaky);
    let first = checkout_tag(1);
    let Some(mut new) = workload("checkout", &first, 6, &format!("release {first}")) else {
        return;
    };
    new.strategy = Strategy::Rolling {
        surge: Amount::Percent(25),
        unavailable: Amount::Percent(25),
    };
    world.create_deployment(new);
    // Releases came evenly; the last good one is three days old.
    let last = now - 3 * DAY;
    let step = (last - world.now()) / Millis::from(CHECKOUT_REVISIONS - 1);
    for revision in 2..=CHECKOUT_REVISIONS {
        world.advance(last - step * Millis::from(CHECKOUT_REVISIONS - revision));
        release(world, &checkout_tag(revision), "");
    }
    if scenario == Scenario::BadDeploy {
        world.advance(now - BAD_DEPLOY_AGO);
        release(
            world,
            &checkout_tag(CHECKOUT_REVISIONS + 1),
            " (PR 4711: new order database driver)",
        );
    }
}

fn release(world: &mut World, tag: &str, why: &str) {
    let Some(present) = world.deployment(&Key::new(SHOP, "checkout")) else {
        return;
    };
    let mut changed = (**present).clone();
    if let Ok(template) = Template::from_value(&template("checkout", tag)) {
        changed.template = template.into();
        changed
            .meta
            .annotate("kubernetes.io/change-cause", &format!("release {tag}{why}"));
        world.store_deployment(changed);
    }
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
