//! Workloads and Jobs of which no pod can be created: when that began, that it is stuck, and that it is over, once each.

use crate::{observe, timeline};
use model::Model;
use model::entry::{Actor, Draft, EntryTarget};
use model::kind::{ActorKind, Kind};
use model::meta::Uid;
use model::owner::OwnerKind;
use model::rollouts::KnownRefusal;
use model::workload::failure::Refusal;
use text::Outside;

/// Refusals that are followed; a cluster-wide webhook that denies everything needs no more entries to be seen.
const FOLLOWED_MAX: usize = 200;

/// What holds now, with the object it is about.
struct Seen {
    kind: OwnerKind,
    namespace: Outside,
    name: Outside,
    counts: Option<(u32, u32)>,
    refusal: Refusal,
}

/// Entries for what has begun, has become stuck or is over.
pub(crate) fn update(model: &mut Model) -> Vec<Draft> {
    let known = &model.observed.rollouts.refusals;
    if known.is_empty() && !has_any(model) {
        return Vec::new();
    }
    let seen = seen(model);
    let mut drafts = Vec::new();
    for (uid, seen) in &seen {
        let known = &model.observed.rollouts.refusals;
        let before = known.get(uid).map(|known| known.is_stuck);
        let is_news = match before {
            None => known.len() < FOLLOWED_MAX,
            Some(was_stuck) => seen.refusal.is_stuck && !was_stuck,
        };
        if !is_news {
            continue;
        }
        let (word, words) = words(seen);
        let refers_to = known.get(uid).map(|known| known.entry);
        let draft = entry(model, uid, seen, word, words);
        let known = KnownRefusal {
            entry: refers_to.unwrap_or(draft.id),
            is_stuck: seen.refusal.is_stuck,
        };
        model.observed.rollouts.refusals.insert(uid.clone(), known);
        drafts.push(Draft { refers_to, ..draft });
    }
    drafts.extend(over(model, &seen));
    drafts
}

fn has_any(model: &Model) -> bool {
    let list = &model.rollout_list;
    !list.refused_jobs.is_empty()
        || list
            .evidence
            .values()
            .any(|evidence| evidence.refusal.is_some())
}

/// Only what keeps a workload from being complete counts.
fn seen(model: &Model) -> Vec<(Uid, Seen)> {
    let list = &model.rollout_list;
    let workloads = list.evidence.iter().filter_map(|(uid, evidence)| {
        let row = model.cluster.workload(uid)?;
        let refusal = evidence.refusal.clone()?;
        let seen = Seen {
            kind: row.kind().into(),
            namespace: row.namespace().clone(),
            name: row.name().clone(),
            counts: Some((row.available(), row.wanted())),
            refusal,
        };
        list.status(row)
            .phase
            .is_sick()
            .then(|| (uid.clone(), seen))
    });
    let jobs = list.refused_jobs.iter().map(|(uid, job)| {
        let seen = Seen {
            kind: OwnerKind::Job,
            namespace: job.namespace.clone(),
            name: job.name.clone(),
            counts: None,
            refusal: job.refusal.clone(),
        };
        (uid.clone(), seen)
    });
    workloads.chain(jobs).collect()
}

fn words(seen: &Seen) -> (&'static str, String) {
    let (name, why) = (seen.name.raw(), seen.refusal.words());
    if !seen.refusal.is_stuck {
        return ("failing", format!("{name}: failing, {why}"));
    }
    let counts = seen.counts.map_or(String::new(), |(available, wanted)| {
        format!(", {available} of {wanted} available")
    });
    ("stuck", format!("{name}: stuck, {why} for 3 min{counts}"))
}

fn entry(model: &mut Model, uid: &Uid, seen: &Seen, word: &str, title: String) -> Draft {
    let draft = timeline::draft(
        model,
        Actor::of(ActorKind::Cluster),
        Kind::PodTransition,
        title,
    );
    let since = seen.refusal.since;
    let began = since.and_then(model::time::Seconds::utc);
    let began = began.filter(|_| !seen.refusal.is_stuck);
    let since = since.map_or(String::new(), |since| since.unix().to_string());
    Draft {
        occurred_at: began.unwrap_or(draft.occurred_at),
        source: Some("rollouts".into()),
        origin: Some(format!("{uid}/refused/{since}/{word}").into()),
        target: Some(EntryTarget {
            kind: Some(seen.kind.word().into()),
            uid: Some(Outside::from(&**uid)),
            ..observe::target(model, &seen.namespace, seen.name.raw())
        }),
        tags: vec![word.into()],
        ..draft
    }
}

/// Those that hold no more. Of what is gone or wants no pod nothing is said.
fn over(model: &mut Model, seen: &[(Uid, Seen)]) -> Vec<Draft> {
    let is_seen = |uid: &Uid| seen.iter().any(|(of, _)| of == uid);
    let known = &model.observed.rollouts.refusals;
    let over: Vec<Uid> = known.keys().filter(|uid| !is_seen(uid)).cloned().collect();
    let mut drafts = Vec::new();
    for uid in over {
        let Some(known) = model.observed.rollouts.refusals.remove(&uid) else {
            continue;
        };
        let row = model.cluster.workload(&uid).filter(|row| row.wanted() > 0);
        let Some(row) = row else {
            continue;
        };
        let (kind, namespace) = (row.kind(), row.namespace().clone());
        let name = row.name().clone();
        let title = format!(
            "{}: pods are created again, {} of {} available",
            name.raw(),
            row.available(),
            row.wanted()
        );
        let draft = timeline::draft(
            model,
            Actor::of(ActorKind::Cluster),
            Kind::PodTransition,
            title,
        );
        drafts.push(Draft {
            source: Some("rollouts".into()),
            refers_to: Some(known.entry),
            target: Some(EntryTarget {
                kind: Some(kind.word().into()),
                uid: Some(Outside::from(&*uid)),
                ..observe::target(model, &namespace, name.raw())
            }),
            ..draft
        });
    }
    drafts
}
