//! Paths of the objects that a write is about.

use crate::paths;
use model::cluster::Kind;
use model::write::{Change, Target};

/// The workload's path.
pub(super) fn workload(target: &Target) -> String {
    beside(target, target.kind, target.name.raw())
}

/// The path of one of its pods.
pub(super) fn pod(target: &Target, pod: &str) -> String {
    beside(target, Kind::Pod, pod)
}

/// The path of an object in its namespace.
pub(super) fn beside(target: &Target, kind: Kind, name: &str) -> String {
    paths::object(kind, Some(target.namespace.raw()), name)
}

/// The path of the object that is read back.
pub(super) fn object(target: &Target, change: &Change) -> String {
    match change {
        Change::Scale { .. } | Change::Restart { .. } | Change::Rollback(_) => workload(target),
        Change::Replace { pod: name, .. } => pod(target, name.raw()),
    }
}

/// The path of the autoscalers of its namespace.
pub(super) fn autoscalers(target: &Target) -> String {
    let namespace = paths::segment(target.namespace.raw());
    format!("/apis/autoscaling/v2/namespaces/{namespace}/horizontalpodautoscalers")
}
