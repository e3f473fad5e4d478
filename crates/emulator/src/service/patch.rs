//! The three kinds of PATCH: merge (RFC 7386), JSON Patch (RFC 6902) and Kubernetes' strategic merge.

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

/// Applies a JSON Merge Patch.
pub fn merge(target: &mut Value, patch: Value) {
    let Value::Object(patch) = patch else {
        *target = patch;
        return;
    };
    if !target.is_object() {
        *target = Value::Object(Map::new());
    }
    for (name, value) in patch {
        if value.is_null() {
            target.as_object_mut().map(|fields| fields.remove(&name));
        } else {
            merge(&mut target[name.as_str()], value);
        }
    }
}

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

/// Applies a JSON Patch. An absent field equals null in a `test`, as the API server's library has it.
///
/// # Errors
/// A failed `test`, or a path that is not there.
pub fn json_patch(target: &mut Value, operations: &Value) -> Result<(), Unappliable> {
    let mut patched = target.clone();
    for operation in operations.as_array().ok_or(Unappliable)? {
        apply(&mut patched, operation)?;
    }
    *target = patched;
    Ok(())
}

fn apply(whole: &mut Value, operation: &Value) -> Result<(), Unappliable> {
    let text = |field: &str| {
        operation
            .get(field)
            .and_then(Value::as_str)
            .ok_or(Unappliable)
    };
    let value = || operation.get("value").cloned().unwrap_or(Value::Null);
    let path = text("path")?;
    match text("op")? {
        "add" => add(whole, path, value()),
        "remove" => remove(whole, path).map(drop),
        "replace" => whole
            .pointer_mut(path)
            .map(|slot| *slot = value())
            .ok_or(Unappliable),
        "test" => {
            let (above, _) = split(path)?;
            whole.pointer(above).ok_or(Unappliable)?;
            let equal = *whole.pointer(path).unwrap_or(&Value::Null) == value();
            equal.then_some(()).ok_or(Unappliable)
        }
        "move" => {
            let moved = remove(whole, text("from")?)?;
            add(whole, path, moved)
        }
        "copy" => {
            let copied = whole.pointer(text("from")?).cloned().ok_or(Unappliable)?;
            add(whole, path, copied)
        }
        _ => Err(Unappliable),
    }
}

/// Parent and unescaped last part of a JSON pointer.
fn split(path: &str) -> Result<(&str, String), Unappliable> {
    let (above, name) = path.rsplit_once('/').ok_or(Unappliable)?;
    Ok((above, name.replace("~1", "/").replace("~0", "~")))
}

fn add(target: &mut Value, path: &str, value: Value) -> Result<(), Unappliable> {
    let (above, name) = split(path)?;
    match target.pointer_mut(above).ok_or(Unappliable)? {
        Value::Object(fields) => {
            fields.insert(name, value);
            Ok(())
        }
        Value::Array(list) if name == "-" => {
            list.push(value);
            Ok(())
        }
        Value::Array(list) => {
            let at = name
                .parse()
                .ok()
                .filter(|at| *at <= list.len())
                .ok_or(Unappliable)?;
            list.insert(at, value);
            Ok(())
        }
        _ => Err(Unappliable),
    }
}

fn remove(target: &mut Value, path: &str) -> Result<Value, Unappliable> {
    let (above, name) = split(path)?;
    match target.pointer_mut(above).ok_or(Unappliable)? {
        Value::Object(fields) => fields.remove(&name).ok_or(Unappliable),
        Value::Array(list) => {
            let at: usize = name.parse().map_err(|_| Unappliable)?;
            (at < list.len())
                .then(|| list.remove(at))
                .ok_or(Unappliable)
        }
        _ => Err(Unappliable),
    }
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
        assert_eq!(json_patch(&mut value, &failing), Err(Unappliable));
        assert_eq!(value["spec"]["replicas"], 3);
        let passing = json!([{"op": "test", "path": "/spec/paused", "value": null}, {"op": "add", "path": "/metadata/annotations", "value": {}},
            {"op": "add", "path": "/metadata/annotations/a~1b", "value": "c"}, {"op": "add", "path": "/spec/paused", "value": true}]);
        assert_eq!(json_patch(&mut value, &passing), Ok(()));
        assert_eq!(
            value,
            json!({"metadata": {"annotations": {"a/b": "c"}}, "spec": {"replicas": 3, "paused": true}})
        );
    }

    #[test]
    fn a_merge_patch_removes_with_null() {
        let mut value = json!({"a": 1, "b": {"c": 1, "d": 2}});
        merge(
            &mut value,
            json!({"a": null, "b": {"c": 3, "e": {"f": null, "g": 1}}}),
        );
        assert_eq!(value, json!({"b": {"c": 3, "d": 2, "e": {"g": 1}}}));
    }
}
