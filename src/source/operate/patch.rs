//! The JSON Patch of a write: bound to the uid and to the value that was shown, by `test` operations. Pure.

use serde_json::{Value, json};

use super::answer::Standing;
use super::{namespaced, segment};
use crate::model::write::{Change, Target};

/// What the server's `managedFields` and audit log call us.
const FIELD_MANAGER: &str = "watchfloor";
/// Where a restart is written.
pub(super) const RESTARTED_AT: &str = "kubectl.kubernetes.io/restartedAt";
const ANNOTATIONS: &str = "/spec/template/metadata/annotations";

/// The Deployment's path.
pub(super) fn deployment(target: &Target) -> String {
    let name = segment(target.name.raw());
    format!("{}/{name}", namespaced("apps/v1", target, "deployments"))
}

/// Where the patch goes.
pub(super) fn path(target: &Target, change: &Change, is_dry_run: bool) -> String {
    let resource = deployment(target);
    let scale = match change {
        Change::Scale { .. } => "/scale",
        Change::Restart { .. } => "",
    };
    let dry_run = if is_dry_run { "&dryRun=All" } else { "" };
    format!("{resource}{scale}?fieldManager={FIELD_MANAGER}{dry_run}")
}

/// The patch. A zero is absent on the wire, and so may be the annotations: what is absent is tested with null and written
/// with `add`. `standing` is the object as it was last read, if it was.
pub(super) fn of(target: &Target, change: &Change, standing: Option<&Standing>) -> Value {
    let uid = json!({"op": "test", "path": "/metadata/uid", "value": &*target.uid});
    match change {
        Change::Scale { from, to } => {
            let shown = if *from == 0 { Value::Null } else { json!(from) };
            json!([
                uid,
                {"op": "test", "path": "/spec/replicas", "value": shown},
                {"op": "add", "path": "/spec/replicas", "value": to},
            ])
        }
        Change::Restart { from, at } => {
            let has_parent =
                from.is_some() || standing.is_none_or(Standing::has_template_annotations);
            let paused = json!({"op": "test", "path": "/spec/paused", "value": null});
            let key = format!("{ANNOTATIONS}/{}", RESTARTED_AT.replace('/', "~1"));
            let mut patch = vec![uid, paused];
            if has_parent {
                let shown = from.as_ref().map_or(Value::Null, |from| json!(from.raw()));
                patch.push(json!({"op": "test", "path": key, "value": shown}));
            } else {
                patch.push(json!({"op": "test", "path": ANNOTATIONS, "value": null}));
                patch.push(json!({"op": "add", "path": ANNOTATIONS, "value": {}}));
            }
            patch.push(json!({"op": "add", "path": key, "value": at.raw()}));
            Value::Array(patch)
        }
    }
}
