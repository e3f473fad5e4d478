//! One object as YAML, asked for when somebody looks at it: without what nobody reads and what a Secret keeps. One
//! request; nothing is tried again by itself.

use serde_json::Value;

use super::cluster::Cluster;
use super::paths;
use super::problem::{bad_answer, problem, refusal};
use model::cluster::{ObjectRef, Problem, ProblemClass};
use model::yaml;
use model::yaml::{Document, LeftOut, TEXT_BYTES_MAX};
use text::Outside;

/// kubectl's copy of the whole object: long, and it may hold what a Secret's owner did not mean to show.
const LAST_APPLIED: &str = "kubectl.kubernetes.io/last-applied-configuration";
/// What to do when it could not be read.
const AGAIN: &str = "not tried again by itself: read it again (action retry)";

/// Reads one object as YAML.
pub(super) async fn read(cluster: &Cluster, object: &ObjectRef) -> Result<Document, Problem> {
    let name = format!("{}/{}", object.kind.kubectl(), object.name.raw());
    let asked = format!("read {name}");
    let by_hand = |problem: Problem| Problem {
        next: AGAIN.into(),
        ..problem
    };
    let namespace = object.namespace.as_ref().map(Outside::raw);
    let path = paths::object(object.kind, namespace, object.name.raw());
    let response = cluster.get(&path).await.map_err(by_hand)?;
    let status = response.status.as_u16();
    let body = response.bytes().await.map_err(by_hand)?;
    let Ok(body) = serde_json::from_slice::<Value>(&body) else {
        return Err(match status {
            200 => bad_answer(format!("{asked}: the answer is no JSON, or was cut")),
            status => refusal(&asked, status, &Value::Null),
        });
    };
    match status {
        200 if body["metadata"]["uid"].as_str() == Some(&*object.uid) => shown(body),
        200 => Err(problem(
            ProblemClass::Refused,
            format!("{name}: the one you looked at is gone, another has its name now"),
            "go back and select it anew",
        )),
        404 => Err(problem(
            ProblemClass::Refused,
            format!("{name} is gone from the cluster (404)"),
            "nothing is left to read",
        )),
        status => Err(refusal(&asked, status, &body)),
    }
}

/// The text of an object, as it may be shown.
fn shown(mut object: Value) -> Result<Document, Problem> {
    let mut left_out = leave_out(&mut object);
    let text = yaml::text(&object)
        .map_err(|error| bad_answer(format!("the object cannot be written as YAML: {error}")))?;
    let (text, cut) = bounded(&text);
    left_out.extend((cut > 0).then_some(LeftOut::Lines(cut)));
    Ok(Document {
        text: Outside::from(text),
        left_out,
    })
}

/// Takes out what is not shown, and says what it was.
fn leave_out(object: &mut Value) -> Vec<LeftOut> {
    let mut left_out = Vec::new();
    let is_secret = object["kind"].as_str() == Some("Secret");
    if let Some(metadata) = object.get_mut("metadata").and_then(Value::as_object_mut) {
        let managed = metadata.remove("managedFields");
        left_out.extend(managed.map(|_| LeftOut::ManagedFields));
        let annotations = metadata.get_mut("annotations");
        let annotations = annotations.and_then(Value::as_object_mut);
        let applied = annotations.and_then(|annotations| annotations.remove(LAST_APPLIED));
        left_out.extend(applied.map(|_| LeftOut::LastApplied));
        if metadata.get("annotations").is_some_and(is_empty) {
            metadata.remove("annotations");
        }
    }
    let hidden = ["data", "stringData"]
        .into_iter()
        .filter(|_| is_secret)
        .map(|name| hide(object, name))
        .sum();
    left_out.extend((hidden > 0).then_some(LeftOut::SecretValues(hidden)));
    left_out
}

fn is_empty(value: &Value) -> bool {
    value.as_object().is_some_and(serde_json::Map::is_empty)
}

/// Puts sizes in the place of values; returns how many there were.
fn hide(object: &mut Value, name: &str) -> usize {
    let Some(part) = object.get_mut(name).filter(|part| !part.is_null()) else {
        return 0;
    };
    let Some(values) = part.as_object_mut() else {
        *part = "(hidden)".into();
        return 1;
    };
    for value in values.values_mut() {
        let bytes = value.as_str().map_or(0, str::len);
        *value = format!("(hidden, {bytes} bytes as sent)").into();
    }
    values.len()
}

/// As many whole lines as may be kept, and the number of those that may not.
fn bounded(text: &str) -> (&str, usize) {
    if text.len() <= TEXT_BYTES_MAX {
        return (text, 0);
    }
    let mut end = TEXT_BYTES_MAX;
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    let end = text[..end].rfind('\n').map_or(end, |at| at + 1);
    (&text[..end], text[end..].lines().count())
}

#[cfg(test)]
mod tests;
