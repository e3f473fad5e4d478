//! Pods that are deleted, told apart from those that their workload ends itself: that is known a moment later.

use std::collections::BTreeSet;

use super::entry::entry;
use super::seen::{Seen, gone, object};
use model::Model;
use model::changes::{
    ChangeAuthor, ChangePart, Changes, DELETED_MAX, PodDeletions, SETTLE_MS, SeenChange,
};
use model::cluster::Kind;
use model::entry::Draft;
use model::message::WatchChange;
use model::meta::Uid;
use model::nodes::NodeRow;
use model::pods::PodRow;
use model::workload::WorkloadRow;
use model::write::Change;
use text::Outside;

/// Pods that begin to be deleted with this change, or are evicted by it.
pub(super) fn begin(seen: Seen<'_>, change: &WatchChange<PodRow>) -> Vec<PodDeletions> {
    let watched = &seen.model.cluster.pods;
    let mut ended = Vec::new();
    if let WatchChange::Batch { rows, .. } = change {
        let ends = rows
            .iter()
            .filter(|pod| pod.deleted.is_some() || pod.is_evicted());
        ended.extend(ends.filter_map(|pod| {
            let before = watched.table.get(&pod.uid)?;
            Some((before, pod.eviction()))
        }));
    }
    ended.extend(gone(watched, change).map(|pod| (pod, pod.eviction())));
    // What was being deleted already is known, and so is what had ended by itself.
    let begins = ended
        .into_iter()
        .filter(|(pod, _)| pod.deleted.is_none() && !pod.phase.is_over());
    let pods = begins.filter_map(|(pod, eviction)| match eviction {
        Some(why) => evicted(seen, pod, why),
        None => begins_to_end(seen, pod),
    });
    pods.collect()
}

/// A pod that is evicted: neither its workload nor its node is asked whether they did it.
fn evicted(seen: Seen<'_>, pod: &PodRow, why: Outside) -> Option<PodDeletions> {
    if seen.goes_with_its_namespace(&pod.meta) {
        return None;
    }
    let cluster = &seen.model.cluster;
    let row = pod.workload().and_then(|(kind, workload)| {
        cluster.workload_named(kind.watched()?, &pod.namespace, workload)
    });
    let of = row.map_or_else(|| object(Kind::Pod, &pod.meta), WorkloadRow::object);
    Some(PodDeletions {
        of,
        spec: None,
        names: vec![pod.name.clone()],
        eviction: Some(why),
        revisions: BTreeSet::new(),
        moment: seen.moment(&cluster.pods),
    })
}

/// A pod that begins to be deleted, unless its workload, its node, its namespace or this console may have done it.
fn begins_to_end(seen: Seen<'_>, pod: &PodRow) -> Option<PodDeletions> {
    let is_own =
        seen.model.writes.sent().any(
            |(what, _)| matches!(&what.change, Change::Replace { uid, .. } if *uid == pod.uid),
        );
    if is_own || seen.goes_with_its_namespace(&pod.meta) {
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
        eviction: None,
        revisions: pod.revision_name().into_iter().collect(),
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
    let key = (pods.of.uid.clone(), pods.eviction.clone());
    match changes.deleted.get_mut(&key) {
        Some(earlier) => {
            earlier.names.extend(pods.names);
            earlier.revisions.extend(pods.revisions);
        }
        None => drop(changes.deleted.insert(key, pods)),
    }
}

/// Pods of which it is known by now whether their workload ended them itself.
pub(super) fn settled(model: &mut Model) -> Vec<Draft> {
    let now = model.now;
    let is_due = |pods: &PodDeletions| now.since_ms(pods.moment.seen) >= SETTLE_MS;
    let due: Vec<(Uid, Option<Outside>)> = model
        .changes
        .deleted
        .iter()
        .filter(|(_, pods)| is_due(pods))
        .map(|(key, _)| key.clone())
        .collect();
    let due = due
        .iter()
        .filter_map(|key| model.changes.deleted.remove(key));
    let due: Vec<PodDeletions> = due.collect();
    let replaced = replaced(model, &due);
    let mut drafts = Vec::new();
    for pods in due {
        let is_evicted = pods.eviction.is_some();
        if is_evicted || (!replaced.contains(&pods.of.uid) && is_from_outside(model, &pods)) {
            let part = match pods.eviction {
                Some(why) => ChangePart::PodsEvicted {
                    names: pods.names,
                    why,
                },
                None => ChangePart::PodsDeleted(pods.names),
            };
            let change = SeenChange {
                object: pods.of,
                part,
                moment: pods.moment,
            };
            drafts.extend(entry(model, &change, &ChangeAuthor::NotKnown));
        }
    }
    drafts
}

/// Workloads whose pods of another revision run now: a rollout ended those that are gone, in whichever order it was seen.
fn replaced(model: &Model, due: &[PodDeletions]) -> BTreeSet<Uid> {
    if due.is_empty() {
        return BTreeSet::new();
    }
    let rows = model.cluster.pods.table.rows();
    let others = rows.filter(|pod| pod.deleted.is_none()).filter_map(|pod| {
        let (kind, name) = pod.workload()?;
        let kind = kind.watched()?;
        let revision = pod.revision_name()?;
        let is_of = |pods: &&PodDeletions| {
            pods.of.kind == kind
                && pods.of.name.raw() == name
                && pods.of.namespace.as_ref() == Some(&pod.namespace)
        };
        let pods = due.iter().find(is_of)?;
        (!pods.revisions.contains(&revision)).then(|| pods.of.uid.clone())
    });
    others.collect()
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
