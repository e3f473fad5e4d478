//! The tables that kubectl prints (`meta.k8s.io/v1` Table; kubernetes/pkg/printers/internalversion).

mod network;

use std::sync::Arc;

use serde_json::{Value, json};

use super::super::world::events::node_name;
use super::super::world::object::{Kind, Millis, Object, Owner};
use super::super::world::template::Container;
use super::{age, json as render};

type Column = (&'static str, &'static str, u8);

const PODS: &[Column] = &[
    ("Name", "", 0),
    ("Ready", "", 0),
    ("Status", "", 0),
    ("Restarts", "", 0),
    ("Age", "", 0),
    ("IP", "", 1),
    ("Node", "", 1),
    ("Nominated Node", "", 1),
    ("Readiness Gates", "", 1),
];
const DEPLOYMENTS: &[Column] = &[
    ("Name", "", 0),
    ("Ready", "", 0),
    ("Up-to-date", "", 0),
    ("Available", "", 0),
    ("Age", "", 0),
    ("Containers", "", 1),
    ("Images", "", 1),
    ("Selector", "", 1),
];
const STATEFUL_SETS: &[Column] = &[
    ("Name", "", 0),
    ("Ready", "", 0),
    ("Age", "", 0),
    ("Containers", "", 1),
    ("Images", "", 1),
];
const DAEMON_SETS: &[Column] = &[
    ("Name", "", 0),
    ("Desired", "i", 0),
    ("Current", "i", 0),
    ("Ready", "i", 0),
    ("Up-to-date", "i", 0),
    ("Available", "i", 0),
    ("Node Selector", "", 0),
    ("Age", "", 0),
    ("Containers", "", 1),
    ("Images", "", 1),
    ("Selector", "", 1),
];
const REVISIONS: &[Column] = &[
    ("Name", "", 0),
    ("Controller", "", 0),
    ("Revision", "", 0),
    ("Age", "", 0),
];
const REPLICA_SETS: &[Column] = &[
    ("Name", "", 0),
    ("Desired", "i", 0),
    ("Current", "i", 0),
    ("Ready", "i", 0),
    ("Age", "", 0),
    ("Containers", "", 1),
    ("Images", "", 1),
    ("Selector", "", 1),
];
const EVENTS: &[Column] = &[
    ("Last Seen", "", 0),
    ("Type", "", 0),
    ("Reason", "", 0),
    ("Object", "", 0),
    ("Subobject", "", 1),
    ("Source", "", 1),
    ("Message", "", 0),
    ("First Seen", "", 1),
    ("Count", "", 1),
    ("Name", "", 1),
];
const SERVICES: &[Column] = &[
    ("Name", "", 0),
    ("Type", "", 0),
    ("Cluster-IP", "", 0),
    ("External-IP", "", 0),
    ("Port(s)", "", 0),
    ("Age", "", 0),
    ("Selector", "", 1),
];
const SLICES: &[Column] = &[
    ("Name", "", 0),
    ("AddressType", "", 0),
    ("Ports", "", 0),
    ("Endpoints", "", 0),
    ("Age", "", 0),
];
const AUTOSCALERS: &[Column] = &[
    ("Name", "", 0),
    ("Reference", "", 0),
    ("Targets", "", 0),
    ("MinPods", "", 0),
    ("MaxPods", "", 0),
    ("Replicas", "", 0),
    ("Age", "", 0),
];
const BUDGETS: &[Column] = &[
    ("Name", "", 0),
    ("Min Available", "", 0),
    ("Max Unavailable", "", 0),
    ("Allowed Disruptions", "i", 0),
    ("Age", "", 0),
];
const NAMESPACES: &[Column] = &[("Name", "", 0), ("Status", "", 0), ("Age", "", 0)];
const NODES: &[Column] = &[
    ("Name", "", 0),
    ("Status", "", 0),
    ("Roles", "", 0),
    ("Age", "", 0),
    ("Version", "", 0),
];
const OTHERS: &[Column] = &[("Name", "", 0), ("Age", "", 0)];

/// `columnDefinitions` of a kind; of an empty resource the names alone.
pub fn columns(kind: Option<Kind>) -> Value {
    let columns = match kind {
        Some(Kind::Pod) => PODS,
        Some(Kind::Deployment) => DEPLOYMENTS,
        Some(Kind::StatefulSet) => STATEFUL_SETS,
        Some(Kind::DaemonSet) => DAEMON_SETS,
        Some(Kind::ControllerRevision) => REVISIONS,
        Some(Kind::ReplicaSet) => REPLICA_SETS,
        Some(Kind::Service) => SERVICES,
        Some(Kind::EndpointSlice) => SLICES,
        Some(Kind::Autoscaler) => AUTOSCALERS,
        Some(Kind::Budget) => BUDGETS,
        Some(Kind::Event) => EVENTS,
        Some(Kind::Namespace) => NAMESPACES,
        Some(Kind::Node) => NODES,
        None => OTHERS,
    };
    let definition = |(name, kind, priority): &Column| {
        let kind = if *kind == "i" { "integer" } else { "string" };
        json!({"name": name, "type": kind, "format": if *name == "Name" { "name" } else { "" }, "description": name, "priority": priority})
    };
    columns.iter().map(definition).collect()
}

/// One row: the cells and the object's metadata (`includeObject=Object` asks for all of it, `None` for nothing).
pub fn row(object: &Object, now: Millis, include: &str) -> Value {
    let included = match include {
        "None" => Value::Null,
        "Object" => render::value(object),
        _ => {
            json!({"kind": "PartialObjectMetadata", "apiVersion": "meta.k8s.io/v1", "metadata": render::meta::meta(object.meta())})
        }
    };
    json!({"cells": cells(object, now), "object": included})
}

fn cells(object: &Object, now: Millis) -> Value {
    let name = &*object.meta().key.name;
    let old = age(now - object.meta().created);
    match object {
        Object::Pod(pod) => {
            let statuses = pod.container_statuses();
            let ready = statuses.iter().filter(|s| s.ready).count();
            let restarts = match pod.last_ended().filter(|_| pod.restarts > 0) {
                Some(ended) => format!("{} ({} ago)", pod.restarts, age(now - ended.finished)),
                None => pod.restarts.to_string(),
            };
            let address = pod.address().map_or("<none>".to_owned(), |a| a.to_string());
            let node = pod.node.map_or("<none>".to_owned(), node_name);
            json!([
                name,
                format!("{ready}/{}", pod.template.containers.len()),
                pod.status_word(),
                restarts,
                old,
                address,
                node,
                "<none>",
                "<none>"
            ])
        }
        Object::Deployment(d) => {
            let (names, images) = containers(&d.template.containers);
            let ready = format!("{}/{}", d.status.ready, d.replicas);
            json!([
                name,
                ready,
                d.status.updated,
                d.status.available,
                old,
                names,
                images,
                render::selector_text(&d.selector)
            ])
        }
        Object::StatefulSet(set) => {
            let (names, images) = containers(&set.template.containers);
            let ready = format!("{}/{}", set.status.ready, set.replicas);
            json!([name, ready, old, names, images])
        }
        Object::DaemonSet(set) => {
            let (names, images) = containers(&set.template.containers);
            let s = set.status;
            let selector = render::selector_text(&set.selector);
            json!([
                name,
                s.desired,
                s.current,
                s.ready,
                s.updated,
                s.available,
                "<none>",
                old,
                names,
                images,
                selector
            ])
        }
        Object::ControllerRevision(revision) => {
            let owner = |owner: &Arc<Owner>| {
                let kind = owner.kind.name().to_lowercase();
                format!("{kind}.apps/{}", owner.name)
            };
            let owner = revision.meta.owner.as_ref().map(owner);
            json!([
                name,
                owner.unwrap_or("<none>".to_owned()),
                revision.revision,
                old
            ])
        }
        Object::ReplicaSet(set) => {
            let (names, images) = containers(&set.template.containers);
            json!([
                name,
                set.replicas,
                set.status.replicas,
                set.status.ready,
                old,
                names,
                images,
                render::selector_text(&set.selector)
            ])
        }
        Object::Event(e) => {
            let kind = if e.warning { "Warning" } else { "Normal" };
            let object = format!("{}/{}", e.kind.name().to_lowercase(), e.object.name);
            let source = if e.host.is_empty() {
                e.component.to_owned()
            } else {
                format!("{}, {}", e.component, e.host)
            };
            json!([
                age(now - e.last),
                kind,
                e.reason,
                object,
                e.field,
                source,
                e.message.trim(),
                age(now - e.first),
                e.count,
                name
            ])
        }
        Object::Namespace(_) => json!([name, "Active", old]),
        Object::Node(node) => {
            let ready = if node.is("Ready") {
                "Ready"
            } else {
                "NotReady"
            };
            let cordoned = if node.unschedulable {
                ",SchedulingDisabled"
            } else {
                ""
            };
            json!([name, format!("{ready}{cordoned}"), "<none>", old, "v1.34.4"])
        }
        Object::Service(service) => network::service(name, service, &old),
        Object::EndpointSlice(slice) => network::slice(name, slice, &old),
        Object::Autoscaler(scaler) => network::autoscaler(name, scaler, &old),
        Object::Budget(budget) => network::budget(name, budget, &old),
    }
}

fn containers(containers: &[Container]) -> (String, String) {
    let join =
        |part: fn(&Container) -> &str| containers.iter().map(part).collect::<Vec<_>>().join(",");
    (join(|c| &c.name), join(|c| &c.image))
}
