//! Rollouts write themselves: one entry for each new revision, at the time and with the reason that its `ReplicaSet` or
//! ControllerRevision gives, and one for how it ended. What was rolled out before the start goes the same way.

mod ask;
pub(super) mod ended;
pub(super) mod lookback;
mod own;
pub(super) mod refused;

use std::collections::BTreeMap;

use super::{observe, timeline};
use model::Model;
use model::cluster::{Kind as Class, Problem};
use model::entry::{Actor, BACKFILLED, Draft, EntryChange, EntryTarget};
use model::kind::{ActorKind, Kind};
use model::message::Effect;
use model::meta::Uid;
use model::owner::OwnerKind;
use model::revision_list::{RevisionKind, RevisionList, RevisionRow};
use model::rollouts::{
    AGAIN_MS, DUE_MAX, DueRollout, FoundRevision, KnownRevision, RevisionChange, TRIES, joined,
};
use model::time::Seconds;
use model::watched::Cluster;
use model::workload::WorkloadRow;
use model::workload::revisions::RevisionId;
use text::Outside;

/// The part of the console that tells of rollouts, in its entries.
const SOURCE: &str = "rollouts";

/// Files what is there of a kind at the start; what is rolling, or sick as `is_sick` says, is recorded.
pub(super) fn begin(model: &mut Model, kind: Class, is_sick: impl Fn(&WorkloadRow) -> bool) {
    let now = model.now;
    let rollouts = &mut model.observed.rollouts;
    rollouts.begun.insert(kind);
    let of_pods = if kind == Class::DaemonSet {
        revisions_of_pods(&model.cluster)
    } else {
        BTreeMap::new()
    };
    let rows = model.cluster.workloads().filter(|row| row.kind() == kind);
    for row in rows {
        let Some(mut known) = KnownRevision::of(row) else {
            continue;
        };
        // A DaemonSet does not say which revision it has; its pods do, when all of them have it.
        if known.name.is_none() && row.updated() >= row.wanted() {
            let place = (row.namespace(), row.name().raw());
            known.name = of_pods.get(&place).cloned().flatten();
        }
        rollouts.known.insert(row.uid().clone(), known.clone());
        if rollouts.waiting() < DUE_MAX && (is_sick(row) || !row.is_done()) {
            let due = DueRollout {
                is_backfilled: true,
                ..DueRollout::new(row, known, None, now)
            };
            rollouts.due.entry(list_of(row)).or_default().push(due);
        }
    }
}

/// The one revision that all pods of each DaemonSet have; `None` where they differ.
fn revisions_of_pods(cluster: &Cluster) -> BTreeMap<(&Outside, &str), Option<Outside>> {
    let mut revisions: BTreeMap<(&Outside, &str), Option<Outside>> = BTreeMap::new();
    for pod in cluster.pods.table.rows() {
        let Some((OwnerKind::DaemonSet, name)) = pod.workload() else {
            continue;
        };
        let revision = pod.revision_name();
        let kept = revisions
            .entry((&pod.namespace, name))
            .or_insert_with(|| revision.clone());
        if *kept != revision {
            *kept = None;
        }
    }
    revisions
}

/// Looks at workloads that changed, and asks for what is missing.
pub(super) fn update(model: &mut Model, touched: &[Uid]) -> (Vec<Draft>, Vec<Effect>) {
    let mut drafts = Vec::new();
    for uid in touched {
        drafts.extend(on_workload(model, uid));
    }
    drafts.extend(ask::overdue(model));
    lookback::want(model);
    (drafts, ask::ask(model))
}

/// The revisions of a namespace, or why there are none.
pub(super) fn on_revisions(
    model: &mut Model,
    list: &RevisionList,
    listed: Result<Vec<RevisionRow>, Problem>,
) -> Vec<Draft> {
    let now = model.now;
    let rollouts = &mut model.observed.rollouts;
    rollouts.asked.remove(list);
    let due = rollouts.due.remove(list).unwrap_or_default();
    let mut drafts = Vec::new();
    let rows = match listed {
        Ok(rows) => rows,
        Err(problem) => {
            lookback::failed(model, list, problem.clone());
            if due.iter().any(|due| due.is_backfilled) {
                drafts.push(not_known(model, &list.namespace, &problem));
            }
            let news = due.iter().filter(|due| !due.is_backfilled);
            drafts.extend(news.flat_map(|due| record_as_seen(model, &list.namespace, due)));
            return drafts;
        }
    };
    for mut due in due {
        due.tries += 1;
        let found = RevisionChange::find(&due, &rows);
        if let FoundRevision::Change(change) = found {
            drafts.extend(record(model, &list.namespace, &due, &change));
            continue;
        }
        if due.tries < TRIES {
            due.not_before = now.plus_ms(AGAIN_MS);
            let waiting = &mut model.observed.rollouts.due;
            waiting.entry(list.clone()).or_default().push(due);
            continue;
        }
        if let FoundRevision::Same(revision) = found {
            learn(model, &due, Some(revision));
        }
        drafts.extend(record_as_seen(model, &list.namespace, &due));
    }
    let earlier = lookback::read(model, list, &rows, &drafts);
    drafts.extend(earlier);
    drafts
}

fn list_of(row: &WorkloadRow) -> RevisionList {
    RevisionList {
        namespace: row.namespace().clone(),
        kind: RevisionKind::of(row.kind()),
    }
}

fn on_workload(model: &mut Model, uid: &Uid) -> Vec<Draft> {
    let now = model.now;
    let rollouts = &mut model.observed.rollouts;
    let row = model.cluster.workload(uid);
    let Some(row) = row.filter(|row| rollouts.begun.contains(&row.kind())) else {
        return Vec::new();
    };
    let Some(known) = KnownRevision::of(row) else {
        return Vec::new();
    };
    let before = rollouts.known.get(uid);
    if before.is_some_and(|before| before.id == known.id) {
        return Vec::new();
    }
    let before = rollouts.known.insert(uid.clone(), known.clone());
    let (list, namespace) = (list_of(row), row.namespace().clone());
    let waiting = rollouts.waiting();
    let due = DueRollout::new(row, known, before, now);
    let of_list = rollouts.due.entry(list).or_default();
    // The list will show only the latest revision of a DaemonSet.
    let earlier = of_list
        .iter_mut()
        .find(|other| other.uid == *uid && matches!(other.now.id, RevisionId::Generation(_)));
    if let Some(earlier) = earlier {
        (earlier.now, earlier.tries) = (due.now, 0);
        return Vec::new();
    }
    if waiting >= DUE_MAX {
        return record_as_seen(model, &namespace, &due);
    }
    of_list.push(due);
    Vec::new()
}

/// Without its revision. Of a DaemonSet whose template may be the same nothing is said.
fn record_as_seen(model: &mut Model, namespace: &Outside, due: &DueRollout) -> Vec<Draft> {
    let is_certain = due.is_certain();
    let record = || record(model, namespace, due, &RevisionChange::default());
    is_certain.then(record).unwrap_or_default()
}

/// Keeps what was read of the present revision of a workload.
fn learn(model: &mut Model, due: &DueRollout, revision: Option<&RevisionRow>) {
    let known = model.observed.rollouts.known.get_mut(&due.uid);
    if let (Some(known), Some(revision)) = (known, revision)
        && known.id == due.now.id
    {
        known.name = Some(revision.name.clone());
        known.number = revision.number;
        // Which of its pods are old can be told now.
        model.rollout_list.is_miscounted = true;
    }
}

fn record(
    model: &mut Model,
    namespace: &Outside,
    due: &DueRollout,
    change: &RevisionChange<'_>,
) -> Vec<Draft> {
    learn(model, due, change.revision);
    let superseded = ended::supersede(model, due);
    let draft = tells(model, namespace, due, change);
    ended::follow(model, due, change, draft.id);
    superseded.into_iter().chain([draft]).collect()
}

/// The entry about a rollout.
fn tells(
    model: &mut Model,
    namespace: &Outside,
    due: &DueRollout,
    change: &RevisionChange<'_>,
) -> Draft {
    let name = &due.workload.name;
    let place = (namespace.clone(), name.clone());
    let crash = model.observed.first_crash.get(&place).copied();
    let crash = crash.filter(|_| due.is_backfilled);
    let at = change
        .at()
        .and_then(Seconds::utc)
        .map(|at| model.of_server(at));
    let at = at.or_else(|| own::rollback(model, due));
    let title = change.title(due, crash);
    let draft = timeline::draft(model, Actor::of(ActorKind::Cluster), Kind::Rollout, title);
    Draft {
        occurred_at: at.unwrap_or(due.seen.wall),
        source: Some(SOURCE.into()),
        origin: Some(change.origin(due).into()),
        body: at
            .is_none()
            .then(|| "When it was rolled out is not known; this is when it was first seen.".into()),
        change: Some(EntryChange {
            before: change.images_before(due).map(joined),
            after: Some(joined(&due.now.images)),
            revision_from: change.number_before(due),
            revision_to: change.number(due),
            ..EntryChange::default()
        }),
        target: Some(EntryTarget {
            kind: Some(due.workload.kind.word().into()),
            uid: Some(Outside::from(&*due.uid)),
            image: due.now.images.first().cloned(),
            ..observe::target(model, namespace, name.raw())
        }),
        tags: tags(due.is_backfilled),
        ..draft
    }
}

pub(super) fn tags(is_backfilled: bool) -> Vec<Outside> {
    is_backfilled
        .then(|| Outside::from(BACKFILLED))
        .into_iter()
        .collect()
}

fn not_known(model: &mut Model, namespace: &Outside, problem: &Problem) -> Draft {
    let words = format!(
        "when {} was rolled out is not known: {}; {}",
        namespace.raw(),
        problem.what.raw(),
        problem.next
    );
    model.complain(words.clone());
    let draft = timeline::draft(model, Actor::of(ActorKind::Console), Kind::Event, words);
    Draft {
        source: Some(SOURCE.into()),
        ..draft
    }
}
