//! Objects that clients send: read into the world's types, and refused in the API server's words.

pub mod described;
pub mod sets;

use std::sync::Arc;

use serde_json::Value;

use super::super::world::NewDeployment;
use super::super::world::object::{Amount, Deployment, Key, Meta, Strategy};
use super::super::world::template::{Template, labels};
use super::resources::Resource;
use super::status::Status;

const MODIFIED: &str =
    "the object has been modified; please apply your changes to the latest version and try again";

/// Checks that an update means the object as it is now: same name, same uid, same resourceVersion where one is given.
///
/// # Errors
/// 409 or 422.
pub fn check_identity(resource: &Resource, before: &Meta, sent: &Value) -> Result<(), Status> {
    let name = &*before.key.name;
    let text = |path: &str| sent.pointer(path).and_then(Value::as_str).unwrap_or("");
    let version = text("/metadata/resourceVersion");
    if !version.is_empty() && version != before.version.to_string() {
        return Err(Status::conflict(resource, name, MODIFIED));
    }
    let uid = text("/metadata/uid");
    if !uid.is_empty() && uid != before.uid.to_string() {
        return Err(Status::invalid(
            resource,
            name,
            "metadata.uid",
            &format!("Invalid value: \"{uid}\": field is immutable"),
        ));
    }
    if !matches!(text("/metadata/name"), "") && text("/metadata/name") != name {
        let why = format!(
            "the name of the object ({}) does not match the name on the URL ({name})",
            text("/metadata/name")
        );
        return Err(Status::bad_request(why));
    }
    Ok(())
}

/// The metadata that clients may change.
pub fn apply_meta(meta: &mut Meta, sent: &Value) {
    meta.labels = Arc::new(labels(sent.pointer("/metadata/labels")));
    meta.annotations = Arc::new(labels(sent.pointer("/metadata/annotations")));
}

/// A Deployment as a client wants it.
///
/// # Errors
/// 422 with the field.
pub fn deployment(
    resource: &Resource,
    before: &Deployment,
    sent: &Value,
) -> Result<Deployment, Status> {
    let name = &*before.meta.key.name;
    let spec = sent.get("spec").unwrap_or(&Value::Null);
    let mut after = before.clone();
    apply_meta(&mut after.meta, sent);
    let number = |field: &str, default: u32| number(resource, name, spec, field, default);
    after.replicas = number("replicas", 1)?;
    after.min_ready_s = number("minReadySeconds", 0)?;
    after.deadline_s = number("progressDeadlineSeconds", 600)?;
    after.history_limit = number("revisionHistoryLimit", 10)?;
    after.paused = spec.get("paused").and_then(Value::as_bool).unwrap_or(false);
    after.strategy = strategy(resource, name, spec.get("strategy").unwrap_or(&Value::Null))?;
    let template = template(resource, name, spec)?;
    if template != *after.template {
        after.template = Arc::new(template);
    }
    let selector = labels(spec.pointer("/selector/matchLabels"));
    if selector != *before.selector {
        let why = format!(
            "Invalid value: {}: field is immutable",
            serde_json::json!({"matchLabels": selector})
        );
        return Err(Status::invalid(resource, name, "spec.selector", &why));
    }
    check_selector(resource, name, &selector, &after.template)?;
    Ok(after)
}

/// A Deployment to be made.
///
/// # Errors
/// 422 with the field.
pub fn new_deployment(
    resource: &Resource,
    namespace: &str,
    sent: &Value,
) -> Result<(NewDeployment, bool), Status> {
    let name = required_name(resource, sent)?;
    let spec = sent.get("spec").unwrap_or(&Value::Null);
    let template = template(resource, name, spec)?;
    let selector = labels(spec.pointer("/selector/matchLabels"));
    check_selector(resource, name, &selector, &template)?;
    let mut new = NewDeployment::new(
        Key::new(namespace, name),
        number(resource, name, spec, "replicas", 1)?,
        template,
    );
    new.labels = labels(sent.pointer("/metadata/labels"));
    new.annotations = labels(sent.pointer("/metadata/annotations"));
    new.selector = selector;
    new.strategy = strategy(resource, name, spec.get("strategy").unwrap_or(&Value::Null))?;
    Ok((
        new,
        spec.get("paused").and_then(Value::as_bool).unwrap_or(false),
    ))
}

/// The name of an object to be made.
///
/// # Errors
/// 422: it has none.
pub fn required_name<'a>(resource: &Resource, sent: &'a Value) -> Result<&'a str, Status> {
    let name = sent.pointer("/metadata/name").and_then(Value::as_str);
    name.filter(|name| !name.is_empty()).ok_or_else(|| {
        let why = "Required value: name or generateName is required";
        Status::invalid(resource, "", "metadata.name", why)
    })
}

fn check_selector(
    resource: &Resource,
    name: &str,
    selector: &super::super::world::object::Labels,
    template: &Template,
) -> Result<(), Status> {
    if selector.is_empty() {
        return Err(Status::invalid(
            resource,
            name,
            "spec.selector",
            "Required value",
        ));
    }
    if selector
        .iter()
        .all(|(k, v)| template.labels.get(k) == Some(v))
    {
        return Ok(());
    }
    let why = format!(
        "Invalid value: {}: `selector` does not match template `labels`",
        serde_json::json!(*template.labels)
    );
    Err(Status::invalid(
        resource,
        name,
        "spec.template.metadata.labels",
        &why,
    ))
}

fn template(resource: &Resource, name: &str, spec: &Value) -> Result<Template, Status> {
    Template::from_value(spec.get("template").unwrap_or(&Value::Null)).map_err(|why| {
        let (field, why) = why.split_once(": ").unwrap_or(("spec.template", &why));
        Status::invalid(resource, name, field, why)
    })
}

/// A number that is not negative.
pub fn number(
    resource: &Resource,
    name: &str,
    spec: &Value,
    field: &str,
    default: u32,
) -> Result<u32, Status> {
    match spec.get(field) {
        None | Some(Value::Null) => Ok(default),
        Some(value) => match value.as_i64() {
            Some(n) if n < 0 => Err(Status::invalid(
                resource,
                name,
                &format!("spec.{field}"),
                &format!("Invalid value: {n}: must be greater than or equal to 0"),
            )),
            Some(n) if n <= i64::from(i32::MAX) => Ok(u32::try_from(n).unwrap_or(default)),
            _ => Err(Status::bad_request(format!(
                "{} in version \"{}\" cannot be handled as a {}: json: cannot unmarshal into field spec.{field} of type int32",
                resource.kind, resource.version, resource.kind
            ))),
        },
    }
}

fn strategy(resource: &Resource, name: &str, sent: &Value) -> Result<Strategy, Status> {
    match sent
        .get("type")
        .and_then(Value::as_str)
        .unwrap_or("RollingUpdate")
    {
        "Recreate" => Ok(Strategy::Recreate),
        "RollingUpdate" => {
            let amount = |field: &str| {
                let sent = sent.pointer(&format!("/rollingUpdate/{field}"));
                amount(sent, Amount::Percent(25)).ok_or(field.to_owned())
            };
            match (amount("maxSurge"), amount("maxUnavailable")) {
                (Ok(surge), Ok(unavailable)) => Ok(Strategy::Rolling { surge, unavailable }),
                (Err(field), _) | (_, Err(field)) => {
                    let why = "Invalid value: a valid percent string must be a numeric string followed by an ending '%' (e.g. '1%' or '93%')";
                    Err(Status::invalid(
                        resource,
                        name,
                        &format!("spec.strategy.rollingUpdate.{field}"),
                        why,
                    ))
                }
            }
        }
        other => Err(Status::invalid(
            resource,
            name,
            "spec.strategy.type",
            &format!(
                "Unsupported value: \"{other}\": supported values: \"Recreate\", \"RollingUpdate\""
            ),
        )),
    }
}

fn amount(value: Option<&Value>, default: Amount) -> Option<Amount> {
    match value {
        None | Some(Value::Null) => Some(default),
        Some(Value::String(text)) => text.strip_suffix('%')?.parse().ok().map(Amount::Percent),
        Some(value) => value
            .as_u64()
            .and_then(|n| u32::try_from(n).ok())
            .map(Amount::Count),
    }
}
