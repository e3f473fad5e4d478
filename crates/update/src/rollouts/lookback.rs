//! Where something is in trouble, what was rolled out in its namespace before anybody looked goes on the timeline too: what
//! broke it may be beside it.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, TimeDelta, Utc};

use super::tells;
use model::Model;
use model::cluster::{Kind as Class, Problem, Scope};
use model::entry::Draft;
use model::owner::Owner;
use model::revision_list::{RevisionKind, RevisionList, RevisionRow};
use model::rollouts::{DueRollout, KnownRevision, Lookback, RevisionChange};
use model::what_changed::{LONG_BEFORE_H, WhatChanged, alerted};
use model::workload::WorkloadRow;
use model::workload::revisions::RevisionId;
use text::Outside;

/// Entries of one list: what is sick or named by an alert first, then the latest.
const ENTRIES_MAX: usize = 40;

/// Something that fires may be in another namespace than before.
pub(crate) fn on_alerts(model: &mut Model) {
    let alerted = alerted(model);
    let namespaces = alerted.iter().filter_map(|object| object.namespace());
    let namespaces: Vec<Outside> = namespaces.cloned().collect();
    model.observed.rollouts.troubled.extend(namespaces);
}

/// Notes which lists are to be read: of namespaces in which something is sick or named by an alert.
pub(super) fn want(model: &mut Model) {
    let observed = &model.observed;
    if !observed.is_backfilled {
        return;
    }
    let sick = observed.cases.iter();
    let sick = sick.filter(|(_, span)| !span.pods.is_empty());
    let sick = sick.map(|(case, _)| &case.namespace);
    let alerted = observed.rollouts.troubled.iter();
    let is_watched = |namespace: &&Outside| match &model.cluster.scope {
        Scope::All => true,
        Scope::Namespace(only) => only == *namespace,
    };
    let namespaces: BTreeSet<&Outside> = sick.chain(alerted).filter(is_watched).collect();
    let kinds = [RevisionKind::ReplicaSet, RevisionKind::ControllerRevision];
    let kinds = kinds.into_iter().filter(|kind| is_read(model, *kind));
    let lists = kinds.flat_map(|kind| {
        let list = |namespace: &&Outside| RevisionList {
            namespace: (*namespace).clone(),
            kind,
        };
        namespaces.iter().map(list).collect::<Vec<_>>()
    });
    let lists: Vec<RevisionList> = lists
        .filter(|list| observed.rollouts.lookbacks.get(list).is_none())
        .collect();
    for list in lists {
        let has_any = workloads_of(model, &list).next().is_some();
        let lookbacks = &mut model.observed.rollouts.lookbacks;
        lookbacks.want(list.clone());
        if !has_any && lookbacks.get(&list).is_some() {
            lookbacks.set(&list, Lookback::Known);
        }
    }
}

/// The workloads with such revisions were read, as far as they may be.
fn is_read(model: &Model, kind: RevisionKind) -> bool {
    let begun = &model.observed.rollouts.begun;
    let of_kind = [Class::Deployment, Class::StatefulSet, Class::DaemonSet]
        .into_iter()
        .filter(|class| RevisionKind::of(*class) == kind);
    let mut of_kind = of_kind.map(|class| {
        let health = model.cluster.workload_health(class);
        begun.contains(&class) || health.is_some_and(|health| health.stopped().is_some())
    });
    of_kind.all(|is_read| is_read)
}

fn workloads_of<'a>(
    model: &'a Model,
    list: &'a RevisionList,
) -> impl Iterator<Item = &'a WorkloadRow> {
    let rows = model.cluster.workloads();
    rows.filter(|row| {
        *row.namespace() == list.namespace && RevisionKind::of(row.kind()) == list.kind
    })
}

/// All workloads of a list that is wanted whole.
pub(super) fn workloads(model: &Model, list: &RevisionList) -> Vec<Owner> {
    workloads_of(model, list)
        .map(WorkloadRow::as_owner)
        .collect()
}

/// The list did not come.
pub(super) fn failed(model: &mut Model, list: &RevisionList, problem: Problem) {
    let lookbacks = &mut model.observed.rollouts.lookbacks;
    if lookbacks.get(list) == Some(&Lookback::Asked) {
        lookbacks.set(list, Lookback::NotKnown(problem));
    }
}

/// The list came: an entry for each revision that was made shortly before anybody looked, or before the first symptom.
pub(super) fn read(
    model: &mut Model,
    list: &RevisionList,
    rows: &[RevisionRow],
    recorded: &[Draft],
) -> Vec<Draft> {
    let lookbacks = &model.observed.rollouts.lookbacks;
    if lookbacks.get(list) != Some(&Lookback::Asked) {
        return Vec::new();
    }
    let found = made(model, list, rows);
    let is_whole = !rows.iter().any(|row| row.is_reused);
    let lookback = if is_whole {
        Lookback::Known
    } else {
        Lookback::InPart
    };
    model.observed.rollouts.lookbacks.set(list, lookback);
    let told: BTreeSet<Outside> = {
        let stored = model.timeline.stored().chain(recorded);
        let stored = stored.filter(|draft| draft.source.as_deref() == Some(super::SOURCE));
        stored.filter_map(|draft| draft.origin.clone()).collect()
    };
    let mut drafts = Vec::new();
    for (due, change) in found {
        if !told.contains(&Outside::from(change.origin(&due))) {
            drafts.push(Draft {
                // What was before an incident does not belong to it.
                incident: None,
                ..tells(model, &list.namespace, &due, &change)
            });
        }
    }
    drafts.sort_by_key(|draft| draft.occurred_at);
    drafts
}

/// The revisions that may matter, those of what is in trouble first.
fn made<'a>(
    model: &Model,
    list: &RevisionList,
    rows: &'a [RevisionRow],
) -> Vec<(DueRollout, RevisionChange<'a>)> {
    let (from, until) = span(model);
    let of_name: BTreeMap<Owner, &WorkloadRow> = workloads_of(model, list)
        .map(|row| (row.as_owner(), row))
        .collect();
    let named = named(model, &list.namespace);
    let mut found = Vec::new();
    for revision in rows {
        let created = revision.created.and_then(model::time::Seconds::utc);
        let created = created.map(|at| model.of_server(at));
        let is_in_time = created.is_some_and(|at| (from..=until).contains(&at));
        let row = revision.owner.as_ref().and_then(|owner| of_name.get(owner));
        // The first revision came with its workload: nothing was rolled out.
        let is_change = !revision.is_reused && revision.number != Some(1);
        if let (Some(row), true, true) = (row, is_in_time, is_change) {
            let is_named = named.contains(row.name());
            found.push(((!is_named, Reverse(created)), *row, revision));
        }
    }
    found.sort_by_key(|(place, _, revision)| (*place, Reverse(revision.number)));
    found.truncate(ENTRIES_MAX);
    let changes = found.into_iter().filter_map(|(_, row, revision)| {
        let due = due(model, row, revision);
        let change = RevisionChange::of(&due.workload, revision, rows);
        change.at().is_some().then_some((due, change))
    });
    changes.collect()
}

/// From a day before the first symptom, or before anybody looked, to then.
fn span(model: &Model) -> (DateTime<Utc>, DateTime<Utc>) {
    let now = model.now.wall;
    let since = model.observed.since.map_or(now, |since| since.wall);
    let symptom = WhatChanged::of(model).symptom;
    let first = symptom.map_or(since, |symptom| symptom.min(since));
    (first - TimeDelta::hours(LONG_BEFORE_H), now)
}

/// Names of what is sick here, or named by an alert.
fn named(model: &Model, namespace: &Outside) -> BTreeSet<Outside> {
    let cases = model.observed.cases.keys();
    let sick = cases.filter(|case| case.namespace == *namespace);
    let sick = sick.map(|case| case.workload.clone());
    let alerted = alerted(model);
    let alerted = alerted.iter().filter_map(|object| object.workload());
    let alerted = alerted.filter(|(space, _)| *space == namespace);
    sick.chain(alerted.map(|(_, name)| name.clone())).collect()
}

fn due(model: &Model, row: &WorkloadRow, revision: &RevisionRow) -> DueRollout {
    let id = match revision.number {
        Some(number) => RevisionId::Number(number),
        None => RevisionId::Name(revision.name.clone()),
    };
    let now = KnownRevision {
        id,
        name: Some(revision.name.clone()),
        number: revision.number,
        images: revision.images.clone(),
        restarted_at: revision.restarted_at.clone(),
    };
    DueRollout {
        is_backfilled: true,
        ..DueRollout::new(row, now, None, model.now)
    }
}
