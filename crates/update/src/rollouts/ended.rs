//! Rollouts that are on the timeline, followed to their end by the same judgement as a write: done, failing, stuck, or
//! superseded by the next revision.

use std::collections::BTreeSet;

use crate::{observe, timeline};
use model::Model;
use model::cluster::Health;
use model::entry::{Actor, Draft, EntryId, EntryTarget};
use model::kind::{ActorKind, Kind, RolloutEnd};
use model::meta::Uid;
use model::rollouts::{DueRollout, FollowedRollout, RevisionChange};
use model::time::{At, Seconds};
use model::workload::WorkloadRow;
use model::workload::failure::RolloutEvidence;
use model::workload::progress::{FOLLOW_MS, RolloutNews, RolloutProgress};
use model::workload::status::RolloutStatus;

/// Begins, unless it was done before anybody looked. What already failed then is in the entries about the start.
pub(super) fn follow(
    model: &mut Model,
    due: &DueRollout,
    change: &RevisionChange<'_>,
    entry: EntryId,
) {
    let mut followed = FollowedRollout {
        entry,
        title: change.subject(due),
        origin: change.origin(due),
        name: change
            .revision
            .map(|revision| revision.name.clone())
            .or_else(|| due.now.name.clone()),
        progress: RolloutProgress::new(model.now),
    };
    let row = model.cluster.workload(&due.uid);
    if due.is_backfilled {
        let Some(row) = row.filter(|row| row.is_rolling_out()) else {
            return;
        };
        let evidence = evidence(model, row, &followed);
        let status = RolloutStatus::of(row, Some(&evidence));
        let _already_so = followed.progress.step(&status, model.now);
    }
    let rollouts = &mut model.observed.rollouts;
    rollouts.followed.insert(due.uid.clone(), followed);
}

/// The rollout that the next one ends.
pub(super) fn supersede(model: &mut Model, due: &DueRollout) -> Option<Draft> {
    let followed = model.observed.rollouts.followed.remove(&due.uid)?;
    let row = model.cluster.workload(&due.uid)?;
    let target = target(model, row);
    let news = RolloutNews::another_revision();
    Some(entry(model, &followed, &news, target, due.seen))
}

/// What is new about the followed ones, judged by rows that are current; what is stale proves nothing.
pub(crate) fn update(model: &mut Model) -> Vec<Draft> {
    if model.observed.rollouts.followed.is_empty() || !model.cluster.pods.health.is_current() {
        return Vec::new();
    }
    let rollouts = &mut model.observed.rollouts;
    // While a list is awaited its row may be of the next revision.
    let waiting = rollouts.due.values().flatten().map(|due| due.uid.clone());
    let waiting: BTreeSet<Uid> = waiting.collect();
    let all = std::mem::take(&mut rollouts.followed);
    let mut drafts = Vec::new();
    for (uid, mut followed) in all {
        let row = model.cluster.workload(&uid);
        let is_over = model.now.since_ms(followed.progress.since) >= FOLLOW_MS;
        let Some(row) = row.filter(|_| !is_over) else {
            continue;
        };
        let news = if waiting.contains(&uid) {
            None
        } else {
            step(model, row, &mut followed)
        };
        let is_over = news.as_ref().is_some_and(|news| news.is_over);
        drafts.extend(news.and_then(|news| end(model, &uid, &followed, &news)));
        if !is_over {
            let rollouts = &mut model.observed.rollouts;
            rollouts.followed.insert(uid, followed);
        }
    }
    drafts
}

/// Pods that cannot be created have entries of their own, whether there is a rollout or not.
fn step(model: &Model, row: &WorkloadRow, followed: &mut FollowedRollout) -> Option<RolloutNews> {
    let health = model.cluster.workload_health(row.kind());
    if !health.is_some_and(Health::is_current) {
        return None;
    }
    let evidence = evidence(model, row, followed);
    let status = RolloutStatus::of(row, Some(&evidence));
    let news = followed.progress.step(&status, model.now)?;
    let is_refused = status.refusal().is_some() && status.given_up().is_none();
    (news.end == RolloutEnd::Done || !is_refused).then_some(news)
}

/// Nothing was rolled out to where no pod is wanted: who switched it off is an entry of its own.
fn end(
    model: &mut Model,
    uid: &Uid,
    followed: &FollowedRollout,
    news: &RolloutNews,
) -> Option<Draft> {
    let row = model.cluster.workload(uid)?;
    if news.end == RolloutEnd::Done && row.wanted() == 0 {
        return None;
    }
    let target = target(model, row);
    let given_up = gave_up(model, row).filter(|_| news.end == RolloutEnd::Stuck);
    let draft = entry(model, followed, news, target, model.now);
    Some(Draft {
        occurred_at: given_up.unwrap_or(draft.occurred_at),
        ..draft
    })
}

/// When Kubernetes gave up: it may have been so before this console looked.
fn gave_up(model: &Model, row: &WorkloadRow) -> Option<chrono::DateTime<chrono::Utc>> {
    let condition = row.progressing().filter(|_| row.is_given_up());
    Some(model.of_server(condition?.since.and_then(Seconds::utc)?))
}

/// What is known beside its row, about pods of this revision.
fn evidence(model: &Model, row: &WorkloadRow, followed: &FollowedRollout) -> RolloutEvidence {
    let known = model.rollout_list.evidence.get(row.uid());
    let mut evidence = known.cloned().unwrap_or_default();
    evidence.failed_pod = evidence
        .failed_pod
        .take()
        .filter(|pod| !pod.is_old && pod.revision.is_some() && pod.revision == followed.name);
    evidence
}

fn target(model: &Model, row: &WorkloadRow) -> EntryTarget {
    EntryTarget {
        kind: Some(row.kind().word().into()),
        uid: Some((&**row.uid()).into()),
        ..observe::target(model, row.namespace(), row.name().raw())
    }
}

fn entry(
    model: &mut Model,
    followed: &FollowedRollout,
    news: &RolloutNews,
    target: EntryTarget,
    at: At,
) -> Draft {
    let title = format!("{}: {}, {}", followed.title, news.end, news.words.raw());
    let draft = timeline::draft(model, Actor::of(ActorKind::Cluster), Kind::Rollout, title);
    let origin = format!(
        "{}/{}/{}",
        followed.origin,
        news.end.word(),
        news.reason.raw()
    );
    Draft {
        occurred_at: at.wall,
        source: Some(super::SOURCE.into()),
        origin: Some(origin.into()),
        refers_to: Some(followed.entry),
        target: Some(target),
        tags: vec![news.end.word().into()],
        ..draft
    }
}
