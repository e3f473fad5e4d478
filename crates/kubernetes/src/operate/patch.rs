//! The body of a write: a JSON Patch bound to the uid and to the value that was shown, by `test` operations. Pure.

use serde_json::{Value, json};

use super::read_back::ServerState;
use crate::revisions::annotations_after;
use model::cluster::Kind;
use model::templates::RESTARTED_AT;
use model::write::change::Rollback;
use model::write::{Change, Target};

const TEMPLATE: &str = "/spec/template";
const TEMPLATE_ANNOTATIONS: &str = "/spec/template/metadata/annotations";
const ANNOTATIONS: &str = "/metadata/annotations";

/// A zero is absent on the wire, and so may be annotations: what is absent is tested with null and written with `add`.
pub(super) fn of(target: &Target, change: &Change, state: Option<&ServerState>) -> Vec<Value> {
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
                from.is_some() || state.is_none_or(ServerState::has_template_annotations);
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
            patch.extend(rolled_back(target, rollback, state));
        }
        Change::Replace { .. } => {}
    }
    patch
}

/// As kubectl does it: the whole template, and of a Deployment the annotations too
/// (<https://github.com/kubernetes/kubectl/blob/master/pkg/polymorphichelpers/rollback.go>). Both are tested as they were
/// read a moment ago, in the server's own words, after it was seen that the template is the one that was shown.
fn rolled_back(target: &Target, rollback: &Rollback, state: Option<&ServerState>) -> Vec<Value> {
    let now = state.and_then(ServerState::object);
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
