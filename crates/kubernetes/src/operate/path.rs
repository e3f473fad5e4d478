//! Paths of the objects that a write is about.

use crate::request::segment;
use model::write::{Change, Target};

/// The workload's path.
pub(super) fn workload(target: &Target) -> String {
    let (namespace, name) = (segment(target.namespace.raw()), segment(target.name.raw()));
    let plural = target.kind.plural();
    format!("/apis/apps/v1/namespaces/{namespace}/{plural}/{name}")
}

/// The path of one of its pods.
pub(super) fn pod(target: &Target, pod: &str) -> String {
    let (namespace, pod) = (segment(target.namespace.raw()), segment(pod));
    format!("/api/v1/namespaces/{namespace}/pods/{pod}")
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
    let namespace = segment(target.namespace.raw());
    format!("/apis/{group}/namespaces/{namespace}/{plural}")
}
