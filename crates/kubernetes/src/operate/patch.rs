//! The request of a write: a JSON Patch bound to the uid and to the value that was shown, by `test` operations; of a pod
//! a DELETE bound to its uid. Pure.

use serde_json::{Value, json};

use super::answer::Standing;
use crate::paths;
use crate::revisions::annotations_after;
use model::cluster::Kind;
use model::templates::RESTARTED_AT;
use model::write::change::Rollback;
use model::write::{Change, Target};

/// What the server's `managedFields` and audit log call us.
const FIELD_MANAGER: &str = "watchfloor";
const TEMPLATE: &str = "/spec/template";
const TEMPLATE_ANNOTATIONS: &str = "/spec/template/metadata/annotations";
const ANNOTATIONS: &str = "/metadata/annotations";

/// A write, ready to be sent.
pub(super) struct Asked {
    /// `PATCH` or `DELETE`.
    pub(super) method: http::Method,
    /// Path and query.
    pub(super) path: String,
    /// Of the body.
    pub(super) content_type: &'static str,
    pub(super) body: Value,
}

/// The workload's path.
pub(super) fn workload(target: &Target) -> String {
    let namespace = Some(target.namespace.raw());
    paths::object(target.kind, namespace, target.name.raw())
}

/// The path of one of its pods.
pub(super) fn pod(target: &Target, pod: &str) -> String {
    paths::object(Kind::Pod, Some(target.namespace.raw()), pod)
}

/// The path of the object that is read back.
pub(super) fn object(target: &Target, change: &Change) -> String {
    match change {
        Change::Scale { .. } | Change::Restart { .. } | Change::Rollback(_) => workload(target),
        Change::Replace { pod: name, .. } => pod(target, name.raw()),
    }
}

/// The write. `standing` is the object as it was last read, if it was; a rollback is nothing without it.
pub(super) fn asked(
    target: &Target,
    change: &Change,
    standing: Option<&Standing>,
    is_dry_run: bool,
) -> Asked {
    let object = object(target, change);
    let dry_run = if is_dry_run { "&dryRun=All" } else { "" };
    if let Change::Replace { uid, .. } = change {
        return deletion(object, uid, is_dry_run);
    }
    let scale = match change {
        Change::Scale { .. } => "/scale",
        Change::Restart { .. } | Change::Rollback(_) | Change::Replace { .. } => "",
    };
    Asked {
        method: http::Method::PATCH,
        path: format!("{object}{scale}?fieldManager={FIELD_MANAGER}{dry_run}"),
        content_type: "application/json-patch+json",
        body: Value::Array(patch(target, change, standing)),
    }
}

/// The API server does not look at the query of a DELETE that has a body: a dry run that said so only there would delete.
fn deletion(path: String, uid: &str, is_dry_run: bool) -> Asked {
    let mut body = json!({
        "apiVersion": "v1", "kind": "DeleteOptions", "preconditions": {"uid": uid},
    });
    if is_dry_run {
        body["dryRun"] = json!(["All"]);
    }
    Asked {
        method: http::Method::DELETE,
        path: if is_dry_run {
            format!("{path}?dryRun=All")
        } else {
            path
        },
        content_type: "application/json",
        body,
    }
}

/// A zero is absent on the wire, and so may be annotations: what is absent is tested with null and written with `add`.
fn patch(target: &Target, change: &Change, standing: Option<&Standing>) -> Vec<Value> {
    let mut patch = vec![test("/metadata/uid", &json!(&*target.uid))];
    let is_paused = || {
        let has_field = target.kind == Kind::Deployment;
        has_field.then(|| test("/spec/paused", &Value::Null))
    };
    match change {
        Change::Scale { from, to } => {
            let shown = if *from == 0 { Value::Null } else { json!(from) };
            patch.push(test("/spec/replicas", &shown));
            patch.push(add("/spec/replicas", &json!(to)));
        }
        Change::Restart { from, at } => {
            patch.extend(is_paused());
            let has_parent =
                from.is_some() || standing.is_none_or(Standing::has_template_annotations);
            let key = format!("{TEMPLATE_ANNOTATIONS}/{}", RESTARTED_AT.replace('/', "~1"));
            if has_parent {
                let shown = from.as_ref().map_or(Value::Null, |from| json!(from.raw()));
                patch.push(test(&key, &shown));
            } else {
                patch.push(test(TEMPLATE_ANNOTATIONS, &Value::Null));
                patch.push(add(TEMPLATE_ANNOTATIONS, &json!({})));
            }
            patch.push(add(&key, &json!(at.raw())));
        }
        Change::Rollback(rollback) => {
            patch.extend(is_paused());
            patch.extend(rolled_back(target, rollback, standing));
        }
        Change::Replace { .. } => {}
    }
    patch
}

/// As kubectl does it: the whole template, and of a Deployment the annotations too
/// (<https://github.com/kubernetes/kubectl/blob/master/pkg/polymorphichelpers/rollback.go>). Both are tested as they were
/// read a moment ago, in the server's own words, after it was seen that the template is the one that was shown.
fn rolled_back(target: &Target, rollback: &Rollback, standing: Option<&Standing>) -> Vec<Value> {
    let now = standing.and_then(Standing::object);
    let template = now.map_or(Value::Null, |now| now["spec"]["template"].clone());
    let mut patch = vec![
        test(TEMPLATE, &template),
        json!({"op": "replace", "path": TEMPLATE, "value": rollback.to.template.value()}),
    ];
    if let Some(now) = now.filter(|_| target.kind == Kind::Deployment) {
        let shown = &now["metadata"]["annotations"];
        let wanted = annotations_after(now, &rollback.to.annotations);
        if wanted != *shown && !(shown.is_null() && wanted == json!({})) {
            patch.push(test(ANNOTATIONS, shown));
            patch.push(add(ANNOTATIONS, &wanted));
        }
    }
    patch
}

fn test(path: &str, value: &Value) -> Value {
    json!({"op": "test", "path": path, "value": value})
}

fn add(path: &str, value: &Value) -> Value {
    json!({"op": "add", "path": path, "value": value})
}
