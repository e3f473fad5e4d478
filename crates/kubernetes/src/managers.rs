//! Who wrote to an object: its metadata, read once when the object changed, and nothing else of it. Nothing is tried again by
//! itself.

use serde_json::Value;

use super::client::ACCEPT_METADATA;
use super::cluster::Cluster;
use super::paths;
use model::changes::{ChangeField, FieldManager};
use model::cluster::ObjectRef;
use model::meta::Uid;
use model::time::Seconds;
use text::Outside;

/// Managers that are kept of one object: each client that wrote to it has an entry, and some make up their names.
const MANAGERS_MAX: usize = 50;

/// Those of the object, if it is still there and its metadata can be read.
pub(super) async fn read(
    cluster: &Cluster,
    object: &ObjectRef,
    field: ChangeField,
) -> Option<Vec<FieldManager>> {
    let namespace = object.namespace.as_ref().map(Outside::raw);
    let path = paths::object(object.kind, namespace, object.name.raw());
    read_at(cluster, &path, Some(&object.uid), field).await
}

/// Those of the object at this path, which may have to be a certain one.
pub(super) async fn read_at(
    cluster: &Cluster,
    path: &str,
    uid: Option<&Uid>,
    field: ChangeField,
) -> Option<Vec<FieldManager>> {
    let answer = cluster.get_as(path, ACCEPT_METADATA).await.ok()?;
    let (200, read) = answer.json().await.ok()? else {
        return None;
    };
    // One of the same name may have taken its place.
    let is_it = uid.is_none_or(|uid| read["metadata"]["uid"].as_str() == Some(&**uid));
    is_it.then(|| of(&read, field)).flatten()
}

fn of(object: &Value, field: ChangeField) -> Option<Vec<FieldManager>> {
    let entries = object["metadata"]["managedFields"].as_array()?;
    let managers = entries.iter().rev().filter_map(|entry| {
        let at = entry["time"].as_str();
        let at = at.and_then(|time| time.parse::<chrono::DateTime<chrono::Utc>>().ok());
        let fields = &entry["fieldsV1"];
        let is_there = |path: &&[&str]| {
            let field = path.iter().fold(fields, |fields, name| &fields[*name]);
            field.is_object()
        };
        let subresource = entry["subresource"].as_str();
        Some(FieldManager {
            name: entry["manager"].as_str()?.into(),
            at: at.map(Seconds::from),
            owns_field: field.paths().iter().any(is_there),
            subresource: subresource
                .filter(|name| !name.is_empty())
                .map(Outside::from),
        })
    });
    Some(managers.take(MANAGERS_MAX).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn each_manager_has_its_time_and_says_whether_the_field_is_its() {
        let entry = |manager: &str, time: &str, fields: Value| json!({"manager": manager, "time": time, "fieldsV1": fields});
        let mut status = entry(
            "kube-controller-manager",
            "2026-03-01T03:30:00Z",
            json!({"f:status": {"f:replicas": {}}}),
        );
        status["subresource"] = json!("status");
        let object = json!({"metadata": {"managedFields": [
            entry("helm", "2026-03-01T01:00:00Z", json!({"f:spec": {"f:replicas": {}}})),
            status,
        ]}});
        let managers = of(&object, ChangeField::Replicas).unwrap_or_default();
        let words = managers.iter().map(|one| {
            let at = one.at.map(Seconds::unix);
            (
                one.name.raw(),
                at,
                one.owns_field,
                one.subresource.as_ref().map(Outside::raw),
            )
        });
        assert_eq!(
            words.collect::<Vec<_>>(),
            [
                (
                    "kube-controller-manager",
                    Some(1_772_335_800),
                    false,
                    Some("status")
                ),
                ("helm", Some(1_772_326_800), true, None),
            ]
        );
        assert_eq!(of(&json!({"metadata": {}}), ChangeField::Replicas), None);
    }
}
