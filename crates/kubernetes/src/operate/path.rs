//! Paths of the objects that a write is about.

use crate::paths;
use model::cluster::Kind;
use model::write::{Change, Target};

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

/// `/apis/GROUP/namespaces/NAMESPACE/PLURAL`.
pub(super) fn namespaced(group: &str, target: &Target, plural: &str) -> String {
    let namespace = paths::segment(target.namespace.raw());
    format!("/apis/{group}/namespaces/{namespace}/{plural}")
}
