//! The object of a write as the server has it now: before a request that needs it, and after one that proved nothing.

use serde_json::Value;

use super::path;
use crate::cluster::Cluster;
use crate::problem::refusal;
use model::cluster::Problem;
use model::templates::{RESTARTED_AT, Template};
use model::write::{Change, SeenValue, Target};
use text::Outside;

/// The workload, or its pod, as the server has it now.
pub(super) enum ServerState {
    Object(Value),
    Gone,
}

impl ServerState {
    /// The object, if there is one.
    pub(super) fn object(&self) -> Option<&Value> {
        match self {
            ServerState::Object(object) => Some(object),
            ServerState::Gone => None,
        }
    }

    /// Can the annotation be added without its parent?
    pub(super) fn has_template_annotations(&self) -> bool {
        match self {
            ServerState::Object(object) => {
                object["spec"]["template"]["metadata"]["annotations"].is_object()
            }
            ServerState::Gone => false,
        }
    }

    /// Is it the same object, with the value that was shown, and may it be written?
    pub(super) fn is_as_shown(&self, target: &Target, change: &Change) -> bool {
        let is_paused = match self {
            ServerState::Object(object) => object["spec"]["paused"].as_bool() == Some(true),
            ServerState::Gone => false,
        };
        let is_barred = is_paused && matches!(change, Change::Restart { .. } | Change::Rollback(_));
        match self.seen(target, change) {
            SeenValue::Value { value, .. } => change.was(value.as_ref()) && !is_barred,
            SeenValue::Gone | SeenValue::Replaced => false,
        }
    }

    /// The value that is written, as it is now.
    pub(super) fn seen(&self, target: &Target, change: &Change) -> SeenValue {
        if let Change::Replace { .. } = change {
            return self.pod_seen();
        }
        let ServerState::Object(object) = self else {
            return SeenValue::Gone;
        };
        if object["metadata"]["uid"].as_str() != Some(&*target.uid) {
            return SeenValue::Replaced;
        }
        let value = match change {
            Change::Scale { .. } => {
                Some(object["spec"]["replicas"].as_u64().unwrap_or(0).to_string())
            }
            Change::Restart { .. } => {
                let annotations = &object["spec"]["template"]["metadata"]["annotations"];
                annotations[RESTARTED_AT].as_str().map(str::to_owned)
            }
            Change::Rollback(_) => {
                let template = Template::of(&object["spec"]["template"]);
                Some(template.digest.raw().to_owned())
            }
            Change::Replace { .. } => None,
        };
        SeenValue::Value {
            value: value.map(Outside::from),
            resource_version: version(object),
        }
    }

    /// A pod on its way out is as good as gone.
    fn pod_seen(&self) -> SeenValue {
        let there = self
            .object()
            .filter(|pod| pod["metadata"]["deletionTimestamp"].is_null());
        SeenValue::Value {
            value: Some(Change::pod_value(
                there.and_then(|pod| pod["metadata"]["uid"].as_str()),
            )),
            resource_version: None,
        }
    }
}

/// The workload, or the pod that is written to, as it stands now.
pub(super) async fn read(
    cluster: &Cluster,
    target: &Target,
    change: &Change,
) -> Result<ServerState, Problem> {
    let path = path::object(target, change);
    let response = cluster.get(&path).await?;
    let (status, body) = response.json().await?;
    match status {
        200 => Ok(ServerState::Object(body)),
        404 => Ok(ServerState::Gone),
        status => Err(refusal("read it back", status, &body)),
    }
}

pub(super) fn version(body: &Value) -> Option<u64> {
    body["metadata"]["resourceVersion"].as_str()?.parse().ok()
}
