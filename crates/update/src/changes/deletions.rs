//! Pods that are deleted, told apart from those that their workload ends itself: that is known a moment later.

use super::entry::entry;
use super::notice::{Seen, gone, object};
use model::Model;
use model::changes::{
    ChangeAuthor, ChangePart, Changes, DELETED_MAX, PodDeletions, SETTLE_MS, SeenChange,
};
use model::cluster::Kind;
use model::entry::Draft;
use model::message::WatchChange;
use model::nodes::NodeRow;
use model::pods::PodRow;
use model::write::Change;

/// Pods that begin to be deleted with this change.
pub(super) fn begin(seen: Seen<'_>, change: &WatchChange<PodRow>) -> Vec<PodDeletions> {
    let watched = &seen.model.cluster.pods;
    let mut deleted = Vec::new();
    if let WatchChange::Batch { rows, .. } = change {
        let begins = rows.iter().filter(|pod| pod.deleted.is_some());
        let before = begins.filter_map(|pod| watched.table.get(&pod.uid));
        deleted.extend(before);
    }
    deleted.extend(gone(watched, change));
    // What was being deleted already is known.
    let begins = deleted.into_iter().filter(|pod| pod.deleted.is_none());
    begins.filter_map(|pod| begins_to_end(seen, pod)).collect()
}

/// A pod that begins to be deleted, unless its workload, its node, its namespace or this console may have done it.
fn begins_to_end(seen: Seen<'_>, pod: &PodRow) -> Option<PodDeletions> {
    let is_own =
        seen.model.writes.sent().any(
            |(what, _)| matches!(&what.change, Change::Replace { uid, .. } if *uid == pod.uid),
        );
    if pod.phase.is_over() || is_own || seen.goes_with_its_namespace(&pod.meta) {
        return None;
    }
    let nodes = &seen.model.cluster.serving.nodes;
    let mut rows = nodes.table.rows();
    let has_failed = |node: &NodeRow| Some(&node.name) == pod.node.as_ref() && !node.is_ready();
    if rows.any(has_failed) {
        return None;
    }
    let deleted = |of, spec| PodDeletions {
        of,
        spec,
        names: vec![pod.name.clone()],
        moment: seen.moment(&seen.model.cluster.pods),
    };
    let Some((kind, workload)) = pod.workload() else {
        return Some(deleted(object(Kind::Pod, &pod.meta), None));
    };
    let cluster = &seen.model.cluster;
    let row = cluster.workload_named(kind.watched()?, &pod.namespace, workload)?;
    let current = seen.model.observed.rollouts.current(row);
    let is_current = match current {
        Some(current) => pod.revision_name().as_ref() == Some(current),
        None => row.updated() >= row.current(),
    };
    // Its controller ends pods of other revisions, and those that are too many.
    if !is_current || !row.is_observed() || row.current() > row.wanted() {
        return None;
    }
    let spec = (row.generation, row.wanted());
    Some(deleted(row.object(), Some(spec)))
}

/// Keeps them until it is known who ended them.
pub(super) fn remember(changes: &mut Changes, pods: PodDeletions) {
    let known: usize = changes.deleted.values().map(|pods| pods.names.len()).sum();
    if known >= DELETED_MAX {
        return;
    }
    match changes.deleted.get_mut(&pods.of.uid) {
        Some(earlier) => earlier.names.extend(pods.names),
        None => drop(changes.deleted.insert(pods.of.uid.clone(), pods)),
    }
}

/// Pods of which it is known by now whether their workload ended them itself.
pub(super) fn settled(model: &mut Model) -> Vec<Draft> {
    let now = model.now;
    let deleted = std::mem::take(&mut model.changes.deleted);
    let mut drafts = Vec::new();
    for (uid, pods) in deleted {
        if now.since_ms(pods.moment.seen) < SETTLE_MS {
            model.changes.deleted.insert(uid, pods);
        } else if is_from_outside(model, &pods) {
            let change = SeenChange {
                object: pods.of,
                part: ChangePart::PodsDeleted(pods.names),
                moment: pods.moment,
            };
            drafts.extend(entry(model, &change, &ChangeAuthor::NotKnown));
        }
    }
    drafts
}

/// Nobody has changed the workload meanwhile: it had no reason to end a pod itself.
fn is_from_outside(model: &Model, pods: &PodDeletions) -> bool {
    let Some(spec) = pods.spec else {
        return true;
    };
    let health = model.cluster.workload_health(pods.of.kind);
    let row = model.cluster.workload(&pods.of.uid);
    health.is_none_or(|health| health.problem().is_none())
        && row.is_some_and(|row| (row.generation, row.wanted()) == spec)
}
