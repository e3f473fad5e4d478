//! What the store says, and what goes to it: each save is held as not saved until the store says that it is.

mod open_incident;
mod saved;
mod start;

use model::Model;
use model::entry::{Actor, Draft, Entry, EntryId};
use model::incident::Incident;
use model::journal::{Opening, Range, StoreHealth, StoreProblem, Token};
use model::kind::{ActorKind, Kind};
use model::message::{Effect, StoreEffect, StoreMsg};
use model::timeline::Pending;
use text::Outside;

use super::{list::Move, overlay::note};

/// Older entries are read in pages of this many.
const PAGE: u32 = 500;

pub(super) fn update(model: &mut Model, msg: StoreMsg) -> Vec<Effect> {
    match msg {
        StoreMsg::Opened(opening) => return opened(model, *opening),
        StoreMsg::Saved { token, entry } => return saved(model, token, *entry),
        StoreMsg::NotSaved {
            token,
            problem,
            is_waiting,
        } => not_saved(model, token, &problem, is_waiting),
        StoreMsg::Appended(entries) => {
            for entry in entries {
                open_incident::adopt(model, &entry);
                take(model, entry);
            }
        }
        StoreMsg::Page {
            range,
            entries,
            unreadable,
        } => page(model, &range, entries, unreadable),
        StoreMsg::NoteKept { revision } => note::on_kept(model, revision),
        StoreMsg::NoteNotKept { problem, .. } => note::on_not_kept(model, &problem),
        StoreMsg::Health(health) => return on_health(model, &health),
    }
    Vec::new()
}

/// A new entry of this moment, filed under the open incident.
pub(super) fn draft(
    model: &mut Model,
    actor: Actor,
    kind: Kind,
    title: impl Into<Outside>,
) -> Draft {
    let now = model.now.wall;
    let id = model.timeline.ids.next(now);
    Draft {
        incident: open_incident::id(model),
        clock_offset_ms: model
            .cluster
            .skew_s()
            .map(|skew_s| skew_s.saturating_mul(1_000)),
        ..Draft::new(id, now, actor, kind, title.into())
    }
}

/// Who sits here, with the name by which the cluster knows them.
pub(super) fn person(model: &Model) -> Actor {
    let kube_user = model
        .cluster
        .connection
        .as_ref()
        .and_then(|connection| connection.user.clone());
    Actor {
        kube_user,
        ..model.timeline.person.clone()
    }
}

/// Gives a person's entry, an intent or a result to the store. Not saved before `StoreMsg::Saved` with this token.
pub(super) fn save(model: &mut Model, draft: Draft) -> (Token, Effect) {
    let token = model.timeline.token();
    model.timeline.pending.insert(
        token,
        Pending {
            draft: draft.clone(),
            since: model.now,
            problem: None,
        },
    );
    model.timeline.cursor = None;
    (
        token,
        Effect::Store(StoreEffect::Save {
            token,
            draft: Box::new(draft),
        }),
    )
}

/// Gives what the console saw by itself to the store.
pub(super) fn append(drafts: Vec<Draft>) -> Vec<Effect> {
    if drafts.is_empty() {
        Vec::new()
    } else {
        vec![Effect::Store(StoreEffect::Append(drafts))]
    }
}

/// The entry that ends the record: from here on nothing is observed.
pub(super) fn on_leaving(model: &mut Model) -> Vec<Effect> {
    if !model.timeline.is_open || std::mem::replace(&mut model.timeline.has_left, true) {
        return Vec::new();
    }
    let mut drafts = super::write::on_leaving(model);
    drafts.extend(super::blind::on_leaving(model));
    let draft = draft(
        model,
        Actor::of(ActorKind::Console),
        Kind::ConsoleStop,
        "console stopped",
    );
    drafts.push(Draft {
        source: Some("console".into()),
        ..draft
    });
    append(drafts)
}

fn opened(model: &mut Model, opening: Opening) -> Vec<Effect> {
    let timeline = &mut model.timeline;
    let is_first = !timeline.is_open;
    timeline.is_open = true;
    timeline.unreadable = opening.unreadable;
    timeline.is_whole = opening.recent.is_empty();
    if timeline.note.is_none() {
        timeline.note.clone_from(&opening.note_draft);
    }
    if let Some(incident) = &opening.incident {
        timeline.incident = Incident::opened_by(&incident.draft);
    }
    for entry in opening.recent {
        take(model, entry);
    }
    if !is_first {
        return Vec::new();
    }
    if !opening.unknown_intents.is_empty() {
        let count = opening.unknown_intents.len();
        model.complain(format!("{count} write(s) of an earlier console have no result: look at the timeline and at the cluster"));
    } else if opening.note_draft.is_some() {
        model.say("a note was not finished: it is in the editor");
    }
    model.timeline.unknown_intents = opening.unknown_intents;
    let gap = start::gap(
        model,
        &opening.watched,
        opening.last_recorded,
        opening.is_end_unknown,
    );
    append(vec![start::entry(model, &gap)])
}

fn take(model: &mut Model, entry: Entry) {
    if model.timeline.entry(entry.draft.id).is_some() {
        return;
    }
    let timeline = &mut model.timeline;
    let incident = timeline.incident.take();
    timeline.incident = incident.and_then(|incident| incident.after(&entry.draft));
    timeline.take(entry);
}

fn saved(model: &mut Model, token: Token, entry: Entry) -> Vec<Effect> {
    let was_pending = model.timeline.pending.remove(&token);
    if let Some(incident) = Incident::opened_by(&entry.draft) {
        model.say(format!("incident open: {}", incident.title.raw()));
        model.timeline.incident = Some(incident);
    } else if let Some(words) = saved::words(&entry.draft, was_pending.as_ref()) {
        model.say(words);
    }
    let effects = note::on_saved(model, entry.draft.kind);
    take(model, entry);
    effects
}

fn not_saved(model: &mut Model, token: Token, problem: &StoreProblem, is_waiting: bool) {
    if is_waiting {
        if let Some(pending) = model.timeline.pending.get_mut(&token) {
            pending.problem = Some(problem.clone());
            if let Some(incident) = Incident::opened_by(&pending.draft) {
                model.timeline.incident.get_or_insert(incident);
            }
        }
        model.complain(format!("NOT SAVED, waits in memory: {problem}"));
        return;
    }
    if let Some(pending) = model.timeline.pending.remove(&token) {
        if model
            .timeline
            .incident
            .as_ref()
            .is_some_and(|incident| incident.id == pending.draft.id)
        {
            model.timeline.incident = None;
        }
        note::on_given_back(model, &pending.draft);
    }
    model.complain(format!("NOT SAVED: {problem}"));
}

fn page(model: &mut Model, range: &Range, entries: Vec<Entry>, unreadable: u32) {
    model.timeline.is_loading = false;
    model.timeline.unreadable += unreadable;
    model.timeline.is_whole = range
        .limit
        .is_some_and(|limit| entries.len() < limit as usize);
    for entry in entries {
        model.timeline.take(entry);
    }
}

fn on_health(model: &mut Model, health: &StoreHealth) -> Vec<Effect> {
    let before = std::mem::replace(&mut model.timeline.health, health.clone());
    let mut drafts = Vec::new();
    let mut tell = |model: &mut Model, title: String| {
        let draft = draft(model, Actor::of(ActorKind::Console), Kind::Event, title);
        drafts.push(Draft {
            source: Some("store".into()),
            ..draft
        });
    };
    if let Some(notice) = health
        .notice
        .as_ref()
        .filter(|notice| before.notice.as_ref() != Some(notice))
    {
        model.complain(notice.raw());
        tell(model, notice.raw().to_owned());
    }
    let lost = health.lost.saturating_sub(model.timeline.lost_reported);
    if lost > 0 && health.problem.is_none() {
        model.timeline.lost_reported = health.lost;
        tell(
            model,
            format!("{lost} observations were not recorded: too much waited to be saved"),
        );
    }
    append(drafts)
}

/// Moves the cursor by entries; at the oldest one the page before it is asked for.
pub(super) fn step(model: &mut Model, page: usize, by: Move) -> Vec<Effect> {
    let ids: Vec<EntryId> = model
        .timeline
        .listed()
        .iter()
        .map(|one| one.draft.id)
        .collect();
    let Some(last) = ids.len().checked_sub(1) else {
        return Vec::new();
    };
    let from = model
        .timeline
        .cursor
        .and_then(|id| ids.iter().position(|listed| *listed == id));
    let by_lines = |from: usize, lines: isize| from.saturating_add_signed(lines).min(last);
    let page = isize::try_from(page.max(1)).unwrap_or(1);
    let to = match (by, from) {
        (Move::Top, _) => 0,
        (Move::Bottom, _) | (Move::Lines(_) | Move::Pages(_), None) => last,
        (Move::Lines(lines), Some(from)) => by_lines(from, lines),
        (Move::Pages(pages), Some(from)) => by_lines(from, pages * page),
    };
    let is_at_newest = to == last
        && from == Some(last)
        && matches!(by, Move::Lines(1..) | Move::Pages(1..) | Move::Bottom);
    model.timeline.cursor = if is_at_newest {
        None
    } else {
        ids.get(to).copied()
    };
    if to == 0 { older(model) } else { Vec::new() }
}

fn older(model: &mut Model) -> Vec<Effect> {
    let timeline = &mut model.timeline;
    let (Some(before), true, false, false) = (
        timeline.oldest(),
        timeline.is_open,
        timeline.is_whole,
        timeline.is_loading,
    ) else {
        return Vec::new();
    };
    timeline.is_loading = true;
    let range = Range {
        before: Some(before),
        limit: Some(PAGE),
        ..Range::default()
    };
    vec![Effect::Store(StoreEffect::Load(range))]
}

/// The selected entry, else the newest.
pub(super) fn selected(model: &mut Model) -> Option<EntryId> {
    let newest = model.timeline.listed().last().map(|one| one.draft.id);
    let id = model.timeline.cursor.or(newest)?;
    model.timeline.cursor = Some(id);
    Some(id)
}

/// The command of the selected entry, else its title.
pub(super) fn copy(model: &mut Model) -> Vec<Effect> {
    let Some(draft) = selected(model).and_then(|id| model.timeline.draft(id)) else {
        return Vec::new();
    };
    let typed = draft
        .command
        .as_ref()
        .and_then(|command| command.typed.clone());
    let what = if typed.is_some() { "command" } else { "title" };
    let text = typed.unwrap_or_else(|| draft.title.clone());
    model.say(format!("copied the entry's {what}"));
    vec![Effect::Copy(text)]
}
