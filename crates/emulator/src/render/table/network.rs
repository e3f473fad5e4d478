//! The cells of Services, `EndpointSlice`s, autoscalers and budgets.

use serde_json::{Value, json};

use super::super::super::world::endpoints::EndpointSlice;
use super::super::super::world::object::Described;
use super::super::json as render;

/// Entries of a list in a cell; the others are counted.
const SHOWN: usize = 3;

fn text(value: &Value) -> String {
    value
        .as_str()
        .map_or_else(|| value.to_string(), str::to_owned)
}

pub(super) fn service(name: &str, service: &Described, old: &str) -> Value {
    let spec = &service.spec;
    let ports = spec["ports"].as_array().into_iter().flatten();
    let ports: Vec<String> = ports
        .map(|port| format!("{}/{}", port["port"], text(&port["protocol"])))
        .collect();
    let selector = service.selector().unwrap_or_default();
    json!([
        name,
        spec["type"],
        spec["clusterIP"],
        "<none>",
        ports.join(","),
        old,
        render::selector_text(&selector)
    ])
}

pub(super) fn slice(name: &str, slice: &EndpointSlice, old: &str) -> Value {
    let ports = slice.ports.iter().map(|port| port.port.to_string());
    let addresses = slice.endpoints.iter().map(|e| e.address.to_string());
    json!([
        name,
        "IPv4",
        list(&ports.collect::<Vec<_>>()),
        list(&addresses.collect::<Vec<_>>()),
        old
    ])
}

fn list(entries: &[String]) -> String {
    match entries.len() {
        0 => "<unset>".to_owned(),
        n if n <= SHOWN => entries.join(","),
        n => format!("{} + {} more...", entries[..SHOWN].join(","), n - SHOWN),
    }
}

pub(super) fn autoscaler(name: &str, scaler: &Described, old: &str) -> Value {
    let (spec, status) = (&scaler.spec, &scaler.status);
    let reference = &spec["scaleTargetRef"];
    let used = &status["currentMetrics"][0]["resource"]["current"]["averageUtilization"];
    let used = used
        .as_u64()
        .map_or("<unknown>".to_owned(), |percent| format!("{percent}%"));
    let wanted = &spec["metrics"][0]["resource"]["target"]["averageUtilization"];
    json!([
        name,
        format!("{}/{}", text(&reference["kind"]), text(&reference["name"])),
        format!("cpu: {used}/{wanted}%"),
        text(&spec["minReplicas"]),
        text(&spec["maxReplicas"]),
        text(&status["currentReplicas"]),
        old
    ])
}

pub(super) fn budget(name: &str, budget: &Described, old: &str) -> Value {
    let number = |field: &str| match &budget.spec[field] {
        Value::Null => "N/A".to_owned(),
        value => text(value),
    };
    let allowed = budget.status["disruptionsAllowed"].as_u64().unwrap_or(0);
    json!([
        name,
        number("minAvailable"),
        number("maxUnavailable"),
        allowed,
        old
    ])
}
