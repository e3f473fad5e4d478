//! The shop when all is well: its workloads with their history, what stands before them and what watches over them.

use serde_json::{Value, json};

use super::super::world::daemon_set;
use super::super::world::database::{Client, Database};
use super::super::world::object::{Amount, Described, Key, Kind, Labels, Millis, Object, Strategy};
use super::super::world::stateful_set;
use super::super::world::template::Template;
use super::super::world::{NewDeployment, World};
use super::{DAY, HOUR, MINUTE, MONITORING, SHOP};

/// Where the shop's images come from.
pub(super) const REGISTRY: &str = "registry.shop.example";
/// Revisions of checkout before any story.
pub(super) const CHECKOUT_REVISIONS: u32 = 41;
/// The first release of inventory that keeps its connections.
pub(super) const LEAKY: &str = "1.3.7";
/// Connections of the database.
const CONNECTIONS_MAX: u32 = 120;

const CAUSE: &str = "kubernetes.io/change-cause";

/// Deployments of the shop: name, image tag, replicas.
const WORKLOADS: [(&str, &str, u32); 6] = [
    ("cart", "2.0.1", 3),
    ("catalog", "5.2.0", 3),
    ("frontend", "4.12.0", 4),
    ("inventory", "1.3.6", 2),
    ("payment", "3.8.4", 3),
    ("search", "0.9.3", 2),
];

/// Opens the shop.
pub(super) fn open(world: &mut World, now: Millis) {
    for (name, tag, replicas) in WORKLOADS {
        world.behaviours.publish(&image(name, tag));
        if let Some(new) = workload(SHOP, name, tag, replicas) {
            world.create_deployment(new);
        }
        service(world, SHOP, name, 80, &json!("http"));
        world.advance(world.now() + MINUTE);
    }
    mailer(world);
    database(world);
    agent(world);
    monitoring(world);
    guards(world);
    checkout(world, now);
}

/// A full image name.
pub(super) fn image(name: &str, tag: &str) -> String {
    format!("{REGISTRY}/{name}:{tag}")
}

fn template(name: &str, tag: &str) -> Value {
    json!({"metadata": {"labels": {"app": name, "team": "shop"}}, "spec": {"containers": [{
        "name": name, "image": image(name, tag), "ports": [{"containerPort": 8080, "name": "http"}],
        "env": [{"name": "LOG_LEVEL", "value": "info"}], "resources": {"requests": {"cpu": "100m", "memory": "256Mi"}, "limits": {"memory": "512Mi"}},
        "readinessProbe": {"httpGet": {"path": "/readyz", "port": 8080, "scheme": "HTTP"}, "periodSeconds": 10, "timeoutSeconds": 1, "successThreshold": 1, "failureThreshold": 3},
    }]}})
}

fn workload(namespace: &str, name: &str, tag: &str, replicas: u32) -> Option<NewDeployment> {
    let template = Template::from_value(&template(name, tag)).ok()?;
    let mut new = NewDeployment::new(Key::new(namespace, name), replicas, template);
    new.selector = app(name);
    new.annotations = Labels::from([(CAUSE.to_owned(), format!("release {tag}"))]);
    Some(new)
}

fn app(name: &str) -> Labels {
    Labels::from([("app".to_owned(), name.to_owned())])
}

fn service(world: &mut World, namespace: &str, name: &str, port: u16, target: &Value) {
    let number = world.count(Kind::Service) + 1;
    let spec = json!({"type": "ClusterIP", "clusterIP": format!("10.96.0.{number}"), "clusterIPs": [format!("10.96.0.{number}")], "selector": app(name),
        "ports": [{"name": "http", "port": port, "protocol": "TCP", "targetPort": target}], "sessionAffinity": "None", "internalTrafficPolicy": "Cluster", "ipFamilies": ["IPv4"], "ipFamilyPolicy": "SingleStack"});
    put(world, Object::Service, namespace, name, spec);
}

fn put(
    world: &mut World,
    kind: fn(std::sync::Arc<Described>) -> Object,
    namespace: &str,
    name: &str,
    spec: Value,
) {
    let made = world.described(Key::new(namespace, name), app(name), spec);
    world.write(kind(made.into()));
}

/// A consumer that cannot run twice at a time, and that nobody connects to.
fn mailer(world: &mut World) {
    world.behaviours.publish(&image("mailer", "2.2.2"));
    if let Some(new) = workload(SHOP, "mailer", "2.2.2", 1) {
        world.create_deployment(NewDeployment {
            strategy: Strategy::Recreate,
            ..new
        });
    }
}

/// A `StatefulSet` with three revisions behind it.
fn database(world: &mut World) {
    let name = "orders-db";
    let tags = ["16.2", "16.3", "16.4"];
    for tag in tags {
        world.behaviours.publish(&image(name, tag));
    }
    let of = |tag: &str| Template::from_value(&database_template(name, tag));
    if let Ok(first) = of(tags[0]) {
        let meta = world
            .described(Key::new(SHOP, name), app(name), Value::Null)
            .meta;
        let mut set = stateful_set::unborn(meta, 2, app(name), first);
        set.meta.annotate(CAUSE, &"postgres 16.2");
        world.store_stateful_set(set);
    }
    for tag in &tags[1..] {
        world.advance(world.now() + DAY);
        let present = world.stateful_set(&Key::new(SHOP, name)).cloned();
        if let (Some(present), Ok(next)) = (present, of(tag)) {
            let mut changed = (*present).clone();
            changed.template = next.into();
            changed.meta.annotate(CAUSE, &format!("postgres {tag}"));
            world.store_stateful_set(changed);
        }
    }
    service(world, SHOP, name, 5432, &json!(5432));
    let client = |app, pool, errors_percent| Client {
        app,
        pool,
        errors_percent,
        leaky_image: None,
    };
    let leaky = Client {
        leaky_image: Some(image("inventory", LEAKY)),
        ..client("inventory", 4, 0)
    };
    world.database = Database {
        set: Some(Key::new(SHOP, name)),
        connections_max: CONNECTIONS_MAX,
        clients: vec![
            client("checkout", 5, 38),
            client("cart", 4, 12),
            client("payment", 4, 21),
            client("catalog", 3, 2),
            leaky,
        ],
        ..Database::default()
    };
}

fn database_template(name: &str, tag: &str) -> Value {
    json!({"metadata": {"labels": {"app": name, "team": "data"}}, "spec": {"containers": [{
        "name": "postgres", "image": image(name, tag), "ports": [{"containerPort": 5432, "name": "postgres"}],
        "resources": {"requests": {"cpu": "500m", "memory": "1Gi"}, "limits": {"memory": "2Gi"}},
    }]}})
}

/// A `DaemonSet` with two revisions.
fn agent(world: &mut World) {
    let name = "log-agent";
    for (number, tag) in ["3.1.0", "3.2.0"].into_iter().enumerate() {
        world.behaviours.publish(&image(name, tag));
        let value = json!({"metadata": {"labels": {"app": name, "team": "platform"}}, "spec": {"containers": [{"name": "agent", "image": image(name, tag), "resources": {"limits": {"memory": "128Mi"}}}]}});
        let Ok(template) = Template::from_value(&value) else {
            continue;
        };
        let set = if number == 0 {
            let meta = world
                .described(Key::new(SHOP, name), app(name), Value::Null)
                .meta;
            Some(daemon_set::unborn(meta, app(name), template))
        } else {
            world.daemon_set(&Key::new(SHOP, name)).map(|present| {
                let mut changed = (**present).clone();
                changed.template = template.into();
                changed
            })
        };
        if let Some(mut set) = set {
            set.meta.annotate(CAUSE, &format!("agent {tag}"));
            world.store_daemon_set(set);
        }
        world.advance(world.now() + 10 * MINUTE);
    }
}

/// What alerts: behind the service proxy it answers.
fn monitoring(world: &mut World) {
    for (name, tag, port) in [
        ("prometheus", "3.5.0", 9090),
        ("alertmanager", "0.28.1", 9093),
    ] {
        world.behaviours.publish(&image(name, tag));
        if let Some(new) = workload(MONITORING, name, tag, 1) {
            world.create_deployment(new);
        }
        service(world, MONITORING, name, port, &json!(port));
    }
}

/// Autoscalers and budgets. Catalog has no autoscaler: that is its story.
fn guards(world: &mut World) {
    for (name, least, most) in [("checkout", 6, 12), ("frontend", 4, 10)] {
        let spec = json!({"scaleTargetRef": {"apiVersion": "apps/v1", "kind": "Deployment", "name": name}, "minReplicas": least, "maxReplicas": most,
            "metrics": [{"type": "Resource", "resource": {"name": "cpu", "target": {"type": "Utilization", "averageUtilization": 80}}}]});
        put(world, Object::Autoscaler, SHOP, name, spec);
    }
    for (name, field, number) in [
        ("checkout", "minAvailable", 4),
        ("catalog", "minAvailable", 2),
        ("frontend", "minAvailable", 3),
        ("orders-db", "maxUnavailable", 1),
    ] {
        let spec = json!({field: number, "selector": {"matchLabels": app(name)}});
        put(world, Object::Budget, SHOP, name, spec);
    }
}

/// The tag of a revision of checkout: 1.5.1 to 1.9.1, then 1.9.2.
pub(super) fn checkout_tag(revision: u32) -> String {
    let number = revision + 50;
    format!("1.{}.{}", number / 10, number % 10)
}

fn checkout(world: &mut World, now: Millis) {
    for revision in 1..=CHECKOUT_REVISIONS + 2 {
        let image = image("checkout", &checkout_tag(revision));
        world.behaviours.publish(&image);
    }
    let Some(mut new) = workload(SHOP, "checkout", &checkout_tag(1), 6) else {
        return;
    };
    new.strategy = Strategy::Rolling {
        surge: Amount::Percent(25),
        unavailable: Amount::Percent(25),
    };
    world.create_deployment(new);
    service(world, SHOP, "checkout", 80, &json!("http"));
    // Releases came evenly; the last good one is three days old.
    let last = now - 3 * DAY;
    let step = (last - world.now()) / Millis::from(CHECKOUT_REVISIONS - 1);
    for revision in 2..=CHECKOUT_REVISIONS {
        world.advance(last - step * Millis::from(CHECKOUT_REVISIONS - revision));
        release(world, "checkout", &checkout_tag(revision), "");
    }
    world.advance(world.now() + HOUR);
}

/// Rolls a release of a workload out.
pub(super) fn release(world: &mut World, name: &str, tag: &str, why: &str) {
    let Some(present) = world.deployment(&Key::new(SHOP, name)) else {
        return;
    };
    let mut changed = (**present).clone();
    if let Ok(template) = Template::from_value(&template(name, tag)) {
        changed.template = template.into();
        changed.meta.annotate(CAUSE, &format!("release {tag}{why}"));
        world.store_deployment(changed);
    }
}
