//! `StatefulSet`s and `DaemonSet`s that clients send.

use std::sync::Arc;

use serde_json::{Value, json};

use super::super::super::world::World;
use super::super::super::world::daemon_set::{self, DaemonSet, DaemonUpdate};
use super::super::super::world::object::{Amount, Key, Labels, Meta};
use super::super::super::world::stateful_set::{self, StatefulSet, StatefulUpdate};
use super::super::super::world::template::labels;
use super::super::resources::Resource;
use super::super::status::Status;
use super::{amount, apply_meta, check_selector, number, required_name, template};

/// The only fields of a `StatefulSet`'s spec that may change.
const STATEFUL_FIELDS: &str = "Forbidden: updates to statefulset spec for fields other than 'replicas', 'ordinals', 'template', 'updateStrategy', 'revisionHistoryLimit', 'persistentVolumeClaimRetentionPolicy' and 'minReadySeconds' are forbidden";

/// A `StatefulSet` as a client wants it.
///
/// # Errors
/// 422 with the field.
pub fn stateful(
    resource: &Resource,
    before: &StatefulSet,
    sent: &Value,
) -> Result<StatefulSet, Status> {
    let mut after = before.clone();
    apply_meta(&mut after.meta, sent);
    let spec = sent.get("spec").unwrap_or(&Value::Null);
    stateful_spec(resource, &mut after, spec)?;
    let fixed = |s: &StatefulSet| (s.parallel, Arc::clone(&s.service));
    let selector = labels(spec.pointer("/selector/matchLabels"));
    if fixed(&after) != fixed(before) || selector != *before.selector {
        let name = &*before.meta.key.name;
        return Err(Status::invalid(resource, name, "spec", STATEFUL_FIELDS));
    }
    check_selector(resource, &before.meta.key.name, &selector, &after.template)?;
    Ok(after)
}

fn stateful_spec(resource: &Resource, set: &mut StatefulSet, spec: &Value) -> Result<(), Status> {
    let name = Arc::clone(&set.meta.key.name);
    let number = |field: &str, default: u32| number(resource, &name, spec, field, default);
    let text = |path: &str| spec.pointer(path).and_then(Value::as_str);
    set.replicas = number("replicas", 1)?;
    set.min_ready_s = number("minReadySeconds", 0)?;
    set.history_limit = number("revisionHistoryLimit", 10)?;
    set.service = Arc::from(text("/serviceName").unwrap_or_default());
    set.parallel = match text("/podManagementPolicy") {
        None | Some("OrderedReady") => false,
        Some("Parallel") => true,
        Some(other) => {
            let why = format!("Invalid value: \"{other}\": must be 'OrderedReady' or 'Parallel'");
            return Err(Status::invalid(
                resource,
                &name,
                "spec.podManagementPolicy",
                &why,
            ));
        }
    };
    set.update = match text("/updateStrategy/type") {
        Some("OnDelete") => StatefulUpdate::OnDelete,
        None | Some("RollingUpdate") => {
            let partition = spec.pointer("/updateStrategy/rollingUpdate/partition");
            StatefulUpdate::Rolling {
                partition: small(
                    resource,
                    &name,
                    "updateStrategy.rollingUpdate.partition",
                    partition,
                )?,
            }
        }
        Some(other) => return Err(unknown_strategy(resource, &name, other)),
    };
    let template = template(resource, &name, spec)?;
    if template != *set.template {
        set.template = Arc::new(template);
    }
    Ok(())
}

fn small(
    resource: &Resource,
    name: &str,
    field: &str,
    value: Option<&Value>,
) -> Result<u32, Status> {
    let (_, last) = field.rsplit_once('.').unwrap_or(("", field));
    let holder = json!({last: value});
    number(resource, name, &holder, last, 0).map_err(|status| {
        let negative = value.and_then(Value::as_i64).filter(|n| *n < 0);
        negative.map_or(status, |n| {
            let why = format!("Invalid value: {n}: must be greater than or equal to 0");
            Status::invalid(resource, name, &format!("spec.{field}"), &why)
        })
    })
}

fn unknown_strategy(resource: &Resource, name: &str, found: &str) -> Status {
    let (field, why) = if resource.kind == "StatefulSet" {
        let why = "must be 'RollingUpdate' or 'OnDelete'";
        (
            "spec.updateStrategy",
            format!("Invalid value: \"{found}\": {why}"),
        )
    } else {
        (
            "spec.updateStrategy.type",
            format!(
                "Unsupported value: \"{found}\": supported values: \"OnDelete\", \"RollingUpdate\""
            ),
        )
    };
    Status::invalid(resource, name, field, &why)
}

/// A `StatefulSet` to be made.
///
/// # Errors
/// 422 with the field.
pub fn new_stateful(
    resource: &Resource,
    world: &mut World,
    namespace: &str,
    sent: &Value,
) -> Result<StatefulSet, Status> {
    let new = New::read(resource, world, namespace, sent)?;
    let mut set = stateful_set::unborn(new.meta, 1, new.selector, new.template);
    stateful_spec(resource, &mut set, sent.get("spec").unwrap_or(&Value::Null))?;
    Ok(set)
}

/// A `DaemonSet` as a client wants it.
///
/// # Errors
/// 422 with the field.
pub fn daemon(resource: &Resource, before: &DaemonSet, sent: &Value) -> Result<DaemonSet, Status> {
    let mut after = before.clone();
    apply_meta(&mut after.meta, sent);
    let spec = sent.get("spec").unwrap_or(&Value::Null);
    daemon_spec(resource, &mut after, spec)?;
    let name = &*before.meta.key.name;
    let selector = labels(spec.pointer("/selector/matchLabels"));
    if selector != *before.selector {
        let why = format!(
            "Invalid value: {}: field is immutable",
            json!({"matchLabels": selector})
        );
        return Err(Status::invalid(resource, name, "spec.selector", &why));
    }
    check_selector(resource, name, &selector, &after.template)?;
    Ok(after)
}

fn daemon_spec(resource: &Resource, set: &mut DaemonSet, spec: &Value) -> Result<(), Status> {
    let name = Arc::clone(&set.meta.key.name);
    set.min_ready_s = number(resource, &name, spec, "minReadySeconds", 0)?;
    set.history_limit = number(resource, &name, spec, "revisionHistoryLimit", 10)?;
    let strategy = spec.pointer("/updateStrategy/type").and_then(Value::as_str);
    set.update = match strategy {
        Some("OnDelete") => DaemonUpdate::OnDelete,
        None | Some("RollingUpdate") => DaemonUpdate::Rolling {
            unavailable: unavailable(resource, &name, spec)?,
        },
        Some(other) => return Err(unknown_strategy(resource, &name, other)),
    };
    let template = template(resource, &name, spec)?;
    if template != *set.template {
        set.template = Arc::new(template);
    }
    Ok(())
}

/// `maxUnavailable`. The emulated cluster has no surge: a request for one is refused.
fn unavailable(resource: &Resource, name: &str, spec: &Value) -> Result<Amount, Status> {
    let rolling = "spec.updateStrategy.rollingUpdate";
    let refuse = |field: &str, why: &str| {
        Err(Status::invalid(
            resource,
            name,
            &format!("{rolling}.{field}"),
            why,
        ))
    };
    let none = [Some(Amount::Count(0)), Some(Amount::Percent(0))];
    let surge = spec.pointer("/updateStrategy/rollingUpdate/maxSurge");
    if !none.contains(&amount(surge, Amount::Count(0))) {
        return refuse(
            "maxSurge",
            "Invalid value: the emulated cluster has no surge for daemon sets",
        );
    }
    let sent = spec.pointer("/updateStrategy/rollingUpdate/maxUnavailable");
    match amount(sent, Amount::Count(1)) {
        found if none.contains(&found) => refuse(
            "maxUnavailable",
            "Required value: cannot be 0 when maxSurge is 0",
        ),
        Some(found) => Ok(found),
        None => refuse(
            "maxUnavailable",
            "Invalid value: a valid percent string must be a numeric string followed by an ending '%' (e.g. '1%' or '93%')",
        ),
    }
}

/// A `DaemonSet` to be made.
///
/// # Errors
/// 422 with the field.
pub fn new_daemon(
    resource: &Resource,
    world: &mut World,
    namespace: &str,
    sent: &Value,
) -> Result<DaemonSet, Status> {
    let new = New::read(resource, world, namespace, sent)?;
    let mut set = daemon_set::unborn(new.meta, new.selector, new.template);
    daemon_spec(resource, &mut set, sent.get("spec").unwrap_or(&Value::Null))?;
    Ok(set)
}

/// What both kinds begin with.
struct New {
    meta: Meta,
    selector: Labels,
    template: super::Template,
}

impl New {
    fn read(
        resource: &Resource,
        world: &mut World,
        namespace: &str,
        sent: &Value,
    ) -> Result<Self, Status> {
        let name = required_name(resource, sent)?;
        let spec = sent.get("spec").unwrap_or(&Value::Null);
        let template = template(resource, name, spec)?;
        let selector = labels(spec.pointer("/selector/matchLabels"));
        check_selector(resource, name, &selector, &template)?;
        let own = Arc::new(labels(sent.pointer("/metadata/labels")));
        let mut meta = world.new_meta(Key::new(namespace, name), own, None);
        meta.annotations = Arc::new(labels(sent.pointer("/metadata/annotations")));
        Ok(Self {
            meta,
            selector,
            template,
        })
    }
}
