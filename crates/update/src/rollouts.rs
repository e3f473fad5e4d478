//! Rollouts write themselves: one entry for each new revision, at the time and with the reason that its `ReplicaSet`
//! gives, and one for how it ended. What was rolled out before the start goes the same way.

pub(super) mod refused;

use super::{cluster, observe, timeline};
use model::Model;
use model::cluster::Problem;
use model::entry::{Actor, Change, Draft, Target};
use model::kind::{ActorKind, Kind, RolloutEnd};
use model::message::{Effect, Read};
use model::observed::Trouble;
use model::pods::Uid;
use model::replicasets::ReplicaSetRow;
use model::rollouts::{
    AGAIN_MS, ANSWER_MS, ASKED_MAX, DUE_MAX, Due, FOLLOW_MS, Followed, Known, RevisionChange,
    TRIES, joined,
};
use model::time::Seconds;
use model::workload::WorkloadRow;
use text::Outside;

/// Said of what happened before this console looked.
pub(super) const BACKFILLED: &str = "backfilled";

/// Files what is there at the start; what is rolling, or sick as `is_sick` says, is recorded.
pub(super) fn begin(model: &mut Model, is_sick: impl Fn(&WorkloadRow) -> bool) {
    let now = model.now;
    let rollouts = &mut model.observed.rollouts;
    rollouts.has_begun = true;
    for row in model.cluster.deployments.table.rows() {
        let Some(known) = Known::of(row) else {
            continue;
        };
        rollouts.known.insert(row.uid.clone(), known.clone());
        let due: usize = rollouts.due.values().map(Vec::len).sum();
        if due < DUE_MAX && (is_sick(row) || !row.is_done()) {
            let due = Due {
                uid: row.uid.clone(),
                name: row.name.clone(),
                now: known,
                before: None,
                seen: now,
                is_backfilled: true,
                tries: 0,
                not_before: now,
            };
            let namespace = row.namespace.clone();
            rollouts.due.entry(namespace).or_default().push(due);
        }
    }
}

/// Looks at Deployments that changed, asks for what is missing, and records what has ended.
pub(super) fn update(model: &mut Model, touched: &[Uid]) -> (Vec<Draft>, Vec<Effect>) {
    if !model.observed.rollouts.has_begun {
        return (Vec::new(), Vec::new());
    }
    let mut drafts = Vec::new();
    for uid in touched {
        drafts.extend(on_deployment(model, uid));
    }
    drafts.extend(overdue(model));
    drafts.extend(ended(model));
    (drafts, ask(model))
}

/// The `ReplicaSets` of a namespace, or why there are none.
pub(super) fn on_replica_sets(
    model: &mut Model,
    namespace: &Outside,
    listed: Result<Vec<ReplicaSetRow>, Problem>,
) -> Vec<Draft> {
    let now = model.now;
    let rollouts = &mut model.observed.rollouts;
    rollouts.asked.remove(namespace);
    let due = rollouts.due.remove(namespace).unwrap_or_default();
    let mut drafts = Vec::new();
    let sets = match listed {
        Ok(sets) => sets,
        Err(problem) => {
            if due.iter().any(|due| due.is_backfilled) {
                drafts.push(not_known(model, namespace, &problem));
            }
            let (_, news): (Vec<Due>, Vec<Due>) =
                due.into_iter().partition(|due| due.is_backfilled);
            drafts.extend(news.iter().map(|due| record(model, namespace, due, &[])));
            return drafts;
        }
    };
    for mut due in due {
        due.tries += 1;
        if RevisionChange::of(&due, &sets).set.is_some() || due.tries >= TRIES {
            drafts.push(record(model, namespace, &due, &sets));
        } else {
            due.not_before = now.plus_ms(AGAIN_MS);
            let waiting = &mut model.observed.rollouts.due;
            waiting.entry(namespace.clone()).or_default().push(due);
        }
    }
    drafts
}

fn on_deployment(model: &mut Model, uid: &Uid) -> Option<Draft> {
    let now = model.now;
    let row = model.cluster.deployments.table.get(uid)?;
    let known = Known::of(row)?;
    let rollouts = &mut model.observed.rollouts;
    let before = rollouts.known.insert(uid.clone(), known.clone());
    if before
        .as_ref()
        .is_some_and(|before| before.revision == known.revision)
    {
        return None;
    }
    let namespace = row.namespace.clone();
    let due = Due {
        uid: uid.clone(),
        name: row.name.clone(),
        now: known,
        before,
        seen: now,
        is_backfilled: false,
        tries: 0,
        not_before: now,
    };
    if rollouts.due.values().map(Vec::len).sum::<usize>() >= DUE_MAX {
        return Some(record(model, &namespace, &due, &[]));
    }
    rollouts.due.entry(namespace).or_default().push(due);
    None
}

/// One list for each namespace with something due.
fn ask(model: &mut Model) -> Vec<Effect> {
    let now = model.now;
    let rollouts = &mut model.observed.rollouts;
    let mut questions = Vec::new();
    for (namespace, due) in &rollouts.due {
        let is_time = due.iter().any(|due| due.not_before.mono_ms <= now.mono_ms);
        if !is_time || rollouts.asked.len() >= ASKED_MAX || rollouts.asked.contains_key(namespace) {
            continue;
        }
        rollouts.asked.insert(namespace.clone(), now);
        questions.push(Read::ReplicaSets {
            namespace: namespace.clone(),
            deployments: due.iter().map(|due| due.name.clone()).collect(),
        });
    }
    let ask = |what| cluster::ask(model, what);
    questions.into_iter().map(ask).collect()
}

/// What was asked about and got no answer is recorded as it was seen.
fn overdue(model: &mut Model) -> Vec<Draft> {
    let now = model.now;
    let asked = &model.observed.rollouts.asked;
    let lost: Vec<Outside> = asked
        .iter()
        .filter(|(_, asked)| now.since_ms(**asked) >= ANSWER_MS)
        .map(|(namespace, _)| namespace.clone())
        .collect();
    let mut drafts = Vec::new();
    for namespace in lost {
        let rollouts = &mut model.observed.rollouts;
        rollouts.asked.remove(&namespace);
        for due in rollouts.due.remove(&namespace).unwrap_or_default() {
            drafts.push(record(model, &namespace, &due, &[]));
        }
    }
    drafts
}

fn record(model: &mut Model, namespace: &Outside, due: &Due, sets: &[ReplicaSetRow]) -> Draft {
    let change = RevisionChange::of(due, sets);
    let place = (namespace.clone(), due.name.clone());
    let crash = model.observed.first_crash.get(&place).copied();
    let crash = crash.filter(|_| due.is_backfilled);
    let at = change
        .at()
        .and_then(Seconds::utc)
        .map(|at| model.of_server(at));
    let title = change.title(due, crash);
    let draft = timeline::draft(model, Actor::of(ActorKind::Cluster), Kind::Rollout, title);
    let draft = Draft {
        occurred_at: at.unwrap_or(due.seen.wall),
        source: Some("rollouts".into()),
        origin: Some(origin(due, &change)),
        body: at
            .is_none()
            .then(|| "When it was rolled out is not known; this is when it was first seen.".into()),
        change: Some(Change {
            before: change.images_before(due).map(joined),
            after: Some(joined(&due.now.images)),
            revision_from: change.revision_before(due),
            revision_to: Some(due.now.revision),
            ..Change::default()
        }),
        target: Some(Target {
            kind: Some("Deployment".into()),
            uid: Some(Outside::from(&*due.uid)),
            image: due.now.images.first().cloned(),
            ..observe::target(model, namespace, due.name.raw())
        }),
        tags: tags(due.is_backfilled),
        ..draft
    };
    let followed = Followed {
        entry: draft.id,
        revision: due.now.revision,
        replica_set: change.set.map(|set| set.name.clone()),
        since: model.now,
        is_failing: due.is_backfilled,
    };
    let row = model.cluster.deployments.table.get(&due.uid);
    if !due.is_backfilled || row.is_some_and(|row| !row.is_done()) {
        let uid = due.uid.clone();
        model.observed.rollouts.followed.insert(uid, followed);
    }
    draft
}

pub(super) fn tags(is_backfilled: bool) -> Vec<Outside> {
    is_backfilled
        .then(|| Outside::from(BACKFILLED))
        .into_iter()
        .collect()
}

/// The same revision of the same Deployment, whichever console sees it.
fn origin(due: &Due, change: &RevisionChange<'_>) -> Outside {
    let set = change
        .set
        .and_then(|set| set.created)
        .map_or(String::new(), |created| format!("/{}", created.unix()));
    Outside::from(format!("{}/{}{set}", due.uid, due.now.revision))
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
        source: Some("rollouts".into()),
        ..draft
    }
}

/// Followed rollouts that are done, failing or given up.
fn ended(model: &mut Model) -> Vec<Draft> {
    let now = model.now;
    let followed: Vec<(Uid, Followed)> = model
        .observed
        .rollouts
        .followed
        .iter()
        .map(|(uid, followed)| (uid.clone(), followed.clone()))
        .collect();
    let mut drafts = Vec::new();
    for (uid, mut followed) in followed {
        let row = model.cluster.deployments.table.get(&uid);
        let row = row.and_then(|row| Some((row, row.deployment()?)));
        let row = row.filter(|(_, fields)| fields.revision == Some(followed.revision));
        let is_in_time = now.since_ms(followed.since) < FOLLOW_MS;
        let Some((row, fields)) = row.filter(|_| is_in_time) else {
            model.observed.rollouts.followed.remove(&uid);
            continue;
        };
        // Nothing was rolled out to where no pod is wanted: who switched it off is an entry of its own.
        if row.is_done() && row.wanted == 0 {
            model.observed.rollouts.followed.remove(&uid);
            continue;
        }
        let words = if row.is_done() {
            Some((
                RolloutEnd::Done,
                format!("{} of {} available", row.available, row.wanted),
            ))
        } else if row.is_given_up() {
            let after = fields.progress_deadline_s;
            let words = format!("Kubernetes gave up after {after} s without progress");
            Some((RolloutEnd::Stuck, words))
        } else {
            failing(model, row, &followed).map(|words| (RolloutEnd::Failing, words))
        };
        let Some((end, words)) = words else {
            continue;
        };
        let (namespace, name) = (row.namespace.clone(), row.name.clone());
        // It may have been so before this console looked: told at its time, and once, whichever console sees it.
        let stuck = fields
            .progressing
            .as_ref()
            .filter(|_| end == RolloutEnd::Stuck);
        let at = stuck
            .and_then(|condition| condition.since)
            .and_then(Seconds::utc)
            .map(|since| model.of_server(since));
        let origin = stuck.map(|_| format!("{uid}/{}/stuck", followed.revision).into());
        let title = format!(
            "rollout r{} of {}: {end}, {words}",
            followed.revision,
            name.raw()
        );
        if end == RolloutEnd::Failing {
            followed.is_failing = true;
            let all = &mut model.observed.rollouts.followed;
            all.insert(uid.clone(), followed.clone());
        } else {
            model.observed.rollouts.followed.remove(&uid);
        }
        let draft = timeline::draft(model, Actor::of(ActorKind::Cluster), Kind::Rollout, title);
        drafts.push(Draft {
            occurred_at: at.unwrap_or(draft.occurred_at),
            source: Some("rollouts".into()),
            origin,
            refers_to: Some(followed.entry),
            target: Some(Target {
                kind: Some("Deployment".into()),
                uid: Some(Outside::from(&*uid)),
                ..observe::target(model, &namespace, name.raw())
            }),
            tags: vec![end.word().into()],
            ..draft
        });
    }
    drafts
}

/// A pod of the new revision that cannot live, and why; once.
fn failing(model: &Model, row: &WorkloadRow, followed: &Followed) -> Option<String> {
    let set = followed
        .replica_set
        .as_ref()
        .filter(|_| !followed.is_failing)?;
    let mut cases = model.observed.cases.iter();
    let (_, course) = cases.find(|(case, course)| {
        let is_fatal = matches!(case.trouble, Trouble::Crashing | Trouble::CannotStart);
        let is_own = |uid: &Uid| {
            let pod = model.cluster.pods.table.get(uid);
            pod.and_then(|pod| pod.owner.as_ref())
                .is_some_and(|owner| owner.name == *set)
        };
        is_fatal && case.namespace == row.namespace && course.pods.iter().any(is_own)
    })?;
    Some(course.words.raw().to_owned())
}
