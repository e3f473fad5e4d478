//! After the request: the rollout is followed to its verdict, and intents without a result are read back. Nothing here
//! writes to a cluster.

use super::super::timeline;
use super::{drafts, ladder};
use model::cluster::Kind as Class;
use model::cluster::{Health, Problem};
use model::entry::{Draft, Entry, EntryId};
use model::kind::{Kind, Outcome};
use model::message::{Effect, WriteEffect};
use model::time::{At, Seconds};
use model::workload::baseline;
use model::workload::follow::{Follow, News, View};
use model::write::{Change, Live, Orphan, READ_BACK_MS, SHOWN_AFTER_MS, Seen, Stage, Target};
use model::{Model, entry};

pub(super) fn settle(model: &mut Model) -> Vec<Effect> {
    let mut effects = Vec::new();
    for at in 0..model.writes.live.len() {
        effects.extend(step(model, at));
    }
    let now = model.now;
    model.writes.live.retain(|live| match &live.stage {
        Stage::Over { since, .. } => now.since_ms(*since) < SHOWN_AFTER_MS,
        Stage::Sending | Stage::Following(_) => true,
    });
    take_orphans(model);
    effects.extend(ask_orphans(model));
    effects
}

pub(super) fn next_due(model: &Model) -> Option<At> {
    let now = model.now;
    let live = model
        .writes
        .live
        .iter()
        .filter_map(|live| match &live.stage {
            Stage::Over { since, .. } => Some(since.plus_ms(SHOWN_AFTER_MS)),
            Stage::Following(follow) => follow.due(now),
            Stage::Sending => None,
        });
    let orphans = model
        .writes
        .orphans
        .iter()
        .filter_map(|orphan| orphan.retry);
    live.chain(orphans)
        .filter(|at| at.mono_ms > now.mono_ms)
        .min_by_key(|at| at.mono_ms)
}

fn step(model: &mut Model, at: usize) -> Vec<Effect> {
    let Some(live) = model.writes.live.get_mut(at) else {
        return Vec::new();
    };
    let Stage::Following(follow) = &mut live.stage else {
        return Vec::new();
    };
    let mut follow = follow.clone();
    let live = live.clone();
    let news = look(model, &live, &mut follow);
    let is_over = news.as_ref().is_some_and(|news| news.is_over);
    let stage = match &news {
        Some(news) if is_over => Stage::Over {
            words: news.words.clone(),
            is_good: news.is_good,
            since: model.now,
        },
        Some(_) | None => Stage::Following(follow),
    };
    model.writes.live[at].stage = stage;
    let Some(news) = news else {
        return Vec::new();
    };
    let words = format!("{}: {}", live.target.name.raw(), news.words.raw());
    if news.is_good {
        model.say(words);
    } else {
        model.complain(words);
    }
    vec![drafts::verdict(model, &live, &news.words)]
}

/// Judges by rows that are live; what is stale proves nothing.
fn look(model: &Model, live: &Live, follow: &mut Follow) -> Option<News> {
    let cluster = &model.cluster;
    if follow.epoch != cluster.epoch {
        return Some(News {
            words: "not followed any further: another scope is watched now".into(),
            is_good: false,
            is_over: true,
        });
    }
    let is_live = |health: &Health| matches!(health, Health::Live { .. } | Health::Polling { .. });
    let target = &live.target;
    let is_seen = cluster.workload_health(target.kind).is_some_and(is_live);
    if !is_seen || !is_live(&cluster.pods.health) {
        return None;
    }
    follow.step(View {
        now: model.now,
        server_now: Seconds::from(model.server_now()),
        row: cluster.workload(&target.uid),
        refusal: model
            .rollout_list
            .evidence
            .get(&target.uid)
            .and_then(|evidence| evidence.refusal.as_ref()),
        alerts: &|row| baseline::firing(model, row),
        pods: cluster
            .pods
            .table
            .rows()
            .filter(|pod| pod.is_of(target.kind, &target.namespace, &target.name)),
    })
}

/// Intents of earlier consoles, as the store found them.
fn take_orphans(model: &mut Model) {
    for entry in std::mem::take(&mut model.timeline.unknown_intents) {
        model.writes.orphans.extend(orphan(&entry));
    }
}

fn orphan(entry: &Entry) -> Option<Orphan> {
    let draft = &entry.draft;
    let (target, change) = (draft.target.as_ref()?, draft.change.as_ref()?);
    Some(Orphan {
        intent: draft.id,
        incident: draft.incident,
        target: Target {
            context: target.context.clone()?,
            kind: Class::from_word(target.kind.as_ref()?.raw())?,
            namespace: target.namespace.clone()?,
            name: target.name.clone()?,
            uid: target.uid.as_ref()?.raw().into(),
        },
        change: asked(draft, change)?,
        is_asked: false,
        retry: None,
    })
}

fn asked(draft: &Draft, words: &entry::Change) -> Option<Change> {
    if let Some(asked) = &words.asked {
        return Some(Change::of(asked));
    }
    let request = draft.command.as_ref()?.verb.as_ref()?;
    Change::read(request.raw(), words.before.as_ref(), words.after.as_ref()?)
}

/// Those of the context in use are read back, one answer each.
fn ask_orphans(model: &mut Model) -> Vec<Effect> {
    let (now, context) = (model.now, model.cluster.context.clone());
    if model.cluster.connection.is_none() {
        return Vec::new();
    }
    let mut effects = Vec::new();
    for orphan in &mut model.writes.orphans {
        let is_due = orphan
            .retry
            .is_none_or(|retry| retry.mono_ms <= now.mono_ms);
        if orphan.is_asked || !is_due || orphan.target.context != context {
            continue;
        }
        (orphan.is_asked, orphan.retry) = (true, None);
        effects.push(Effect::Write(WriteEffect::ReadBack {
            intent: orphan.intent,
            target: orphan.target.clone(),
            change: orphan.change.clone(),
        }));
    }
    effects
}

/// What an open intent came to: closed by a result, never repeated.
pub(super) fn read_back(
    model: &mut Model,
    intent: EntryId,
    seen: Result<Seen, Problem>,
) -> Vec<Effect> {
    let orphans = &mut model.writes.orphans;
    let Some(at) = orphans.iter().position(|orphan| orphan.intent == intent) else {
        return Vec::new();
    };
    let Ok(seen) = seen else {
        orphans[at].is_asked = false;
        orphans[at].retry = Some(model.now.plus_ms(READ_BACK_MS));
        return Vec::new();
    };
    let orphan = orphans.remove(at);
    let found = ladder::read_back_words(&orphan.change, &seen);
    let words = format!(": UNKNOWN whether it was sent; {found}");
    let (target, change) = (&orphan.target, &orphan.change);
    let mut draft = drafts::about(model, Kind::ActionResult, target, change, &words);
    draft.incident = orphan.incident.or(draft.incident);
    draft.refers_to = Some(intent);
    draft.tags = vec![Outcome::Unknown.word().into()];
    model.say(format!("{}{words}", target.name.raw()));
    vec![timeline::save(model, draft).1]
}
