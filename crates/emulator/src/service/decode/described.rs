//! Services, autoscalers and budgets that clients send: kept as JSON, with the API server's defaults.

use std::sync::Arc;

use serde_json::{Map, Value, json};

use super::super::super::world::World;
use super::super::super::world::node::NodeCondition;
use super::super::super::world::object::{Described, Key, Kind, Millis};
use super::super::super::world::template::labels;
use super::super::resources::Resource;
use super::super::status::Status;
use super::{apply_meta, required_name};

/// The object as a client wants it.
///
/// # Errors
/// 422 with the field.
pub fn changed(
    resource: &Resource,
    kind: Kind,
    before: &Described,
    sent: &Value,
) -> Result<Described, Status> {
    let mut after = before.clone();
    apply_meta(&mut after.meta, sent);
    let mut spec = sent.get("spec").cloned().unwrap_or(json!({}));
    check(resource, &before.meta.key.name, kind, &spec)?;
    if kind == Kind::Service && spec.get("clusterIP").is_none() {
        spec["clusterIP"] = before.spec["clusterIP"].clone();
    }
    after.spec = with_defaults(kind, spec);
    Ok(after)
}

/// A new one.
///
/// # Errors
/// 422 with the field.
pub fn new(
    resource: &Resource,
    world: &mut World,
    (kind, namespace): (Kind, &str),
    sent: &Value,
) -> Result<Described, Status> {
    let name = required_name(resource, sent)?;
    let mut spec = sent.get("spec").cloned().unwrap_or(json!({}));
    check(resource, name, kind, &spec)?;
    if kind == Kind::Service && spec.get("clusterIP").is_none() {
        // Addresses are handed out in order: nobody connects to them.
        let number = world.count(Kind::Service) + 1;
        spec["clusterIP"] = json!(format!("10.96.{}.{}", number / 250, number % 250 + 1));
    }
    let own = labels(sent.pointer("/metadata/labels"));
    let mut made = world.described(Key::new(namespace, name), own, with_defaults(kind, spec));
    made.meta.annotations = Arc::new(labels(sent.pointer("/metadata/annotations")));
    Ok(made)
}

fn check(resource: &Resource, name: &str, kind: Kind, spec: &Value) -> Result<(), Status> {
    let needed = match kind {
        Kind::Service if spec["ports"].as_array().is_none_or(Vec::is_empty) => Some("spec.ports"),
        Kind::Autoscaler if spec["scaleTargetRef"]["name"].as_str().is_none() => {
            Some("spec.scaleTargetRef.name")
        }
        _ => None,
    };
    if let Some(field) = needed {
        return Err(Status::invalid(resource, name, field, "Required value"));
    }
    let (least, most) = (&spec["minReplicas"], &spec["maxReplicas"]);
    if kind == Kind::Autoscaler
        && most
            .as_u64()
            .is_none_or(|n| n < least.as_u64().unwrap_or(1))
    {
        let why = format!("Invalid value: {most}: must be greater than or equal to `minReplicas`");
        return Err(Status::invalid(resource, name, "spec.maxReplicas", &why));
    }
    Ok(())
}

/// The defaults of a kind.
pub fn with_defaults(kind: Kind, mut spec: Value) -> Value {
    let fields: &[(&str, Value)] = match kind {
        Kind::Service => &[
            ("type", json!("ClusterIP")),
            ("sessionAffinity", json!("None")),
            ("internalTrafficPolicy", json!("Cluster")),
            ("ipFamilies", json!(["IPv4"])),
            ("ipFamilyPolicy", json!("SingleStack")),
        ],
        Kind::Autoscaler => &[
            ("minReplicas", json!(1)),
            (
                "metrics",
                json!([{"type": "Resource", "resource": {"name": "cpu", "target": {"type": "Utilization", "averageUtilization": 80}}}]),
            ),
        ],
        _ => &[],
    };
    let Value::Object(map) = &mut spec else {
        return spec;
    };
    for (name, value) in fields {
        map.entry(*name).or_insert_with(|| value.clone());
    }
    if kind == Kind::Service {
        service_defaults(map);
    }
    spec
}

fn service_defaults(spec: &mut Map<String, Value>) {
    if let Some(address) = spec.get("clusterIP").cloned() {
        spec.insert("clusterIPs".to_owned(), json!([address]));
    }
    let ports = spec.get_mut("ports").and_then(Value::as_array_mut);
    for port in ports.into_iter().flatten() {
        if port.get("protocol").is_none() {
            port["protocol"] = json!("TCP");
        }
        if port.get("targetPort").is_none() {
            port["targetPort"] = port["port"].clone();
        }
    }
}

/// The conditions of a node as `/status` has them after a change.
pub fn node_conditions(sent: &Value, now: Millis) -> Vec<NodeCondition> {
    let list = sent.pointer("/status/conditions").and_then(Value::as_array);
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    list.into_iter()
        .flatten()
        .map(|c| NodeCondition {
            kind: text(&c["type"]),
            status: text(&c["status"]),
            reason: text(&c["reason"]),
            message: text(&c["message"]),
            changed: chrono::DateTime::parse_from_rfc3339(&text(&c["lastTransitionTime"]))
                .map_or(now, |at| at.timestamp_millis()),
        })
        .collect()
}
