//! Which parts of an object differ between a row and the one that takes its place.

use model::changes::ChangePart;
use model::cluster::NamespaceRow;
use model::configs::AutoscalerRow;
use model::nodes::NodeRow;
use model::time::Seconds;
use model::workload::{KindFields, WorkloadRow};

/// What was changed, and when, where the cluster says that.
pub(super) type StampedPart = (ChangePart, Option<Seconds>);

pub(super) fn of_workload(before: &WorkloadRow, row: &WorkloadRow) -> Vec<ChangePart> {
    let mut parts = Vec::new();
    // A DaemonSet has no count of its own.
    let has_count = row.of_kind != KindFields::DaemonSet;
    if has_count && before.wanted() != row.wanted() {
        parts.push(ChangePart::Replicas {
            from: before.wanted(),
            to: row.wanted(),
        });
    }
    if before.is_paused() != row.is_paused() {
        parts.push(ChangePart::Paused(row.is_paused()));
    }
    if row.is_paused() && before.images() != row.images() {
        parts.push(ChangePart::Images {
            from: before.images().into(),
            to: row.images().into(),
        });
    }
    parts
}

pub(super) fn of_node(before: &NodeRow, node: &NodeRow) -> Vec<StampedPart> {
    let mut parts = Vec::new();
    if before.is_cordoned != node.is_cordoned {
        parts.push((ChangePart::Cordoned(node.is_cordoned), None));
    }
    if before.taints != node.taints {
        let (from, to) = (before.taints.clone(), node.taints.clone());
        parts.push((ChangePart::Taints { from, to }, None));
    }
    let since = |node: &NodeRow| node.ready.as_ref().and_then(|ready| ready.since);
    match (before.is_ready(), node.is_ready()) {
        (true, false) => parts.push((ChangePart::NodeFailed(node.failure()), since(node))),
        (false, true) => {
            // Some kubelets stamp their return with their first start.
            let returned = since(node).filter(|at| since(before).is_none_or(|lost| *at >= lost));
            parts.push((ChangePart::NodeReturned, returned));
        }
        (true, true) | (false, false) => {}
    }
    parts
}

pub(super) fn of_autoscaler(before: &AutoscalerRow, row: &AutoscalerRow) -> Vec<StampedPart> {
    let (from, to) = ((before.min, before.max), (row.min, row.max));
    let part = (from != to).then_some(ChangePart::Limits { from, to });
    part.map(|part| (part, None)).into_iter().collect()
}

pub(super) fn of_namespace(before: &NamespaceRow, namespace: &NamespaceRow) -> Vec<StampedPart> {
    let begins = !before.is_terminating && namespace.is_terminating;
    let part = begins.then_some((ChangePart::Terminating, None));
    part.into_iter().collect()
}
