//! What a PATCH does: Kubernetes' strategic merge, and JSON Patch (RFC 6902) where the API server differs from it.

use json_patch::{Patch, PatchOperation, patch_unsafe};
use serde_json::{Map, Value};

/// By what the entries of a list are told apart in a strategic merge (`patchMergeKey` in k8s.io/api). Lists not named here are replaced.
const MERGE_KEYS: &[(&str, &str)] = &[
    ("containers", "name"),
    ("initContainers", "name"),
    ("env", "name"),
    ("volumes", "name"),
    ("volumeMounts", "mountPath"),
    ("ports", "containerPort"),
    ("imagePullSecrets", "name"),
    ("hostAliases", "ip"),
    ("conditions", "type"),
    ("ownerReferences", "uid"),
];

/// A patch that cannot be applied.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Unappliable;

/// Applies a strategic merge patch.
pub fn strategic(target: &mut Value, patch: Value) {
    let Value::Object(mut patch) = patch else {
        *target = patch;
        return;
    };
    if patch.remove("$patch").is_some_and(|how| how == "replace") || !target.is_object() {
        *target = Value::Object(Map::new());
    }
    let Value::Object(fields) = target else {
        return;
    };
    if let Some(Value::Array(kept)) = patch.remove("$retainKeys") {
        fields.retain(|name, _| kept.iter().any(|k| k == name));
    }
    for (name, value) in patch {
        if let Some(name) = name.strip_prefix("$deleteFromPrimitiveList/") {
            let gone = value.as_array().cloned().unwrap_or_default();
            if let Some(Value::Array(list)) = fields.get_mut(name) {
                list.retain(|entry| !gone.contains(entry));
            }
        } else if name.starts_with("$setElementOrder/") {
        } else if value.is_null() {
            fields.remove(&name);
        } else {
            let slot = fields.entry(name.clone()).or_insert(Value::Null);
            match (value, MERGE_KEYS.iter().find(|(list, _)| *list == name)) {
                (Value::Array(entries), Some((_, key))) => merge_list(slot, entries, key),
                (value, _) => strategic(slot, value),
            }
        }
    }
}

fn merge_list(slot: &mut Value, entries: Vec<Value>, key: &str) {
    if entries
        .iter()
        .any(|e| e.get("$patch").is_some_and(|how| how == "replace"))
    {
        *slot = entries
            .into_iter()
            .filter(|e| e.get("$patch").is_none())
            .collect();
        return;
    }
    if !slot.is_array() {
        *slot = Value::Array(vec![]);
    }
    let Value::Array(list) = slot else { return };
    for mut entry in entries {
        let found = list.iter().position(|have| have.get(key) == entry.get(key));
        let gone = entry.get("$patch").is_some_and(|how| how == "delete");
        match (found, gone) {
            (Some(i), true) => {
                list.remove(i);
            }
            (Some(i), false) => strategic(&mut list[i], entry),
            (None, true) => {}
            (None, false) => {
                let mut fresh = Value::Object(Map::new());
                strategic(&mut fresh, entry.take());
                list.push(fresh);
            }
        }
    }
}

/// Applies a JSON Patch.
///
/// # Errors
/// A failed `test`, or a path that is not there.
pub fn json_patch(target: &mut Value, operations: Value) -> Result<(), Unappliable> {
    let operations: Patch = serde_json::from_value(operations).map_err(|_| Unappliable)?;
    let mut patched = target.clone();
    for operation in operations.iter() {
        if !expects_absent(&patched, operation) {
            let operation = std::slice::from_ref(operation);
            patch_unsafe(&mut patched, operation).map_err(|_| Unappliable)?;
        }
    }
    *target = patched;
    Ok(())
}

/// An absent field equals null in a `test`, as the API server's library has it.
fn expects_absent(whole: &Value, operation: &PatchOperation) -> bool {
    let PatchOperation::Test(test) = operation else {
        return false;
    };
    let parent = test.path.parent().and_then(|path| path.resolve(whole).ok());
    parent.is_some() && test.path.resolve(whole).is_err() && test.value.is_null()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn set_image_touches_only_the_named_container() {
        let mut value = json!({"spec": {"containers": [{"name": "a", "image": "x:1", "env": [{"name": "E", "value": "1"}]}, {"name": "b", "image": "y:1"}]}});
        let patch = json!({"spec": {"$setElementOrder/containers": [{"name": "a"}, {"name": "b"}], "containers": [{"name": "b", "image": "y:2"}]}});
        strategic(&mut value, patch);
        assert_eq!(
            value,
            json!({"spec": {"containers": [{"name": "a", "image": "x:1", "env": [{"name": "E", "value": "1"}]}, {"name": "b", "image": "y:2"}]}})
        );
        strategic(
            &mut value,
            json!({"spec": {"containers": [{"name": "a", "$patch": "delete"}, {"name": "c", "image": "z"}]}}),
        );
        assert_eq!(
            value,
            json!({"spec": {"containers": [{"name": "b", "image": "y:2"}, {"name": "c", "image": "z"}]}})
        );
    }

    #[test]
    fn a_failed_test_leaves_the_object_as_it_was() {
        let mut value = json!({"metadata": {}, "spec": {"replicas": 3}});
        let failing = json!([{"op": "replace", "path": "/spec/replicas", "value": 4}, {"op": "test", "path": "/metadata/uid", "value": "x"}]);
        assert_eq!(json_patch(&mut value, failing), Err(Unappliable));
        assert_eq!(value["spec"]["replicas"], 3);
        let passing = json!([{"op": "test", "path": "/spec/paused", "value": null}, {"op": "add", "path": "/metadata/annotations", "value": {}},
            {"op": "add", "path": "/metadata/annotations/a~1b", "value": "c"}, {"op": "add", "path": "/spec/paused", "value": true}]);
        assert_eq!(json_patch(&mut value, passing), Ok(()));
        assert_eq!(
            value,
            json!({"metadata": {"annotations": {"a/b": "c"}}, "spec": {"replicas": 3, "paused": true}})
        );
    }
}
