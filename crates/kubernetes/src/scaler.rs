//! Who last set the replica count of a workload, read once when it changed. Nothing is tried again by itself.

use serde_json::Value;

use super::cluster::Cluster;
use super::paths;
use model::cluster::ObjectRef;
use model::scales::{FieldManager, ScaledBy};
use model::time::Seconds;
use text::Outside;

/// Who set it, as far as the server says so.
pub(super) async fn read(cluster: &Cluster, workload: &ObjectRef) -> ScaledBy {
    let namespace = workload.namespace.as_ref().map(Outside::raw);
    let path = paths::object(workload.kind, namespace, workload.name.raw());
    let Ok(response) = cluster.get(&path).await else {
        return ScaledBy::NotKnown;
    };
    match response.json().await {
        Ok((200, object)) => of_replicas(&object),
        Ok(_) | Err(_) => ScaledBy::NotKnown,
    }
}

/// The latest manager of `spec.replicas`: two may share a field that they set to the same value.
fn of_replicas(object: &Value) -> ScaledBy {
    let entries = object["metadata"]["managedFields"].as_array();
    let latest = entries
        .into_iter()
        .flatten()
        .filter(|entry| entry["fieldsV1"]["f:spec"]["f:replicas"].is_object())
        .filter_map(|entry| {
            let at = entry["time"]
                .as_str()
                .and_then(|time| time.parse::<chrono::DateTime<chrono::Utc>>().ok())
                .map(Seconds::from);
            let name = entry["manager"].as_str()?.into();
            Some(FieldManager { name, at })
        })
        .max_by_key(|manager| manager.at);
    match latest {
        Some(manager) => ScaledBy::Manager(manager),
        None if entries.is_some() => ScaledBy::ScaleSubresource,
        None => ScaledBy::NotKnown,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn the_latest_manager_of_the_count_is_named() {
        let entry = |manager: &str, time: &str, fields: Value| json!({"manager": manager, "time": time, "fieldsV1": fields});
        let replicas = || json!({"f:spec": {"f:replicas": {}}});
        let object = json!({"metadata": {"managedFields": [
            entry("helm", "2026-03-01T01:00:00Z", replicas()),
            entry("kubectl", "2026-03-01T03:00:00Z", replicas()),
            entry("kube-controller-manager", "2026-03-01T03:30:00Z", json!({"f:status": {"f:replicas": {}}})),
        ]}});
        let ScaledBy::Manager(manager) = of_replicas(&object) else {
            panic!("no manager");
        };
        assert_eq!(manager.name.raw(), "kubectl");
        let mut scaled = json!({"metadata": {}, "spec": {"replicas": 0}});
        assert_eq!(of_replicas(&scaled), ScaledBy::NotKnown);
        scaled["metadata"]["managedFields"] =
            json!([entry("helm", "2026-03-01T01:00:00Z", json!({}))]);
        assert_eq!(of_replicas(&scaled), ScaledBy::ScaleSubresource);
    }
}
