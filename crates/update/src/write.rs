//! The keys of a write: its dialog, arming. Its stages are one value of the model; `ladder` brings events to it and carries
//! out what follows.

mod drafts;
mod followed;
mod ladder;
mod pods;
mod propose;
mod revisions;
mod undo;

pub(super) use propose::propose;
pub(super) use revisions::{ask, history};

use super::timeline;
use keys::action::Action;
use keys::key::Key;
use model::Model;
use model::cluster::Scope;
use model::entry::Draft;
use model::kind::Kind;
use model::message::{ClusterEffect, Effect, StoreMsg, WriteEffect, WriteMsg};
use model::time::At;
use model::write::dialog::{Dialog, Field, Press, Proposal, Question};
use model::write::{Following, WriteEvent};
use view::layout;

/// Takes what the source says about a write.
pub(super) fn update(model: &mut Model, msg: WriteMsg) -> Vec<Effect> {
    match msg {
        WriteMsg::Found {
            write,
            change,
            check,
            finding,
        } => {
            if let Some(dialog) = dialog(model).filter(|dialog| dialog.write == write) {
                dialog.checks.found(check, &change, finding);
            }
            Vec::new()
        }
        WriteMsg::Answered {
            write,
            answer,
            took_ms,
        } => ladder::step(model, write, WriteEvent::Answered { answer, took_ms }),
        WriteMsg::ReadBack { intent, seen } => ladder::read_back(model, intent, seen),
    }
}

/// Takes what the store says, before the timeline does.
pub(super) fn on_store(model: &mut Model, msg: &StoreMsg) -> Vec<Effect> {
    ladder::on_store(model, msg)
}

/// What time and rows alone bring about; and the guard is told what it has to refuse.
pub(super) fn settle(model: &mut Model) -> Vec<Effect> {
    let mut effects: Vec<Effect> = guard(model).into_iter().collect();
    effects.extend(ladder::settle(model));
    pods::offer(model);
    effects.extend(ladder::uncover(model));
    effects
}

/// The console ends: what was followed gets its last verdict, which is that there is none.
pub(super) fn on_leaving(model: &mut Model) -> Vec<Draft> {
    let entries = model.writes.following().map(Following::on_leaving);
    let entries: Vec<_> = entries.collect();
    let drafts = entries.iter().map(|entry| drafts::of(model, entry));
    drafts.collect()
}

/// When something here changes by itself.
pub(super) fn next_due(model: &Model) -> Option<At> {
    let now = model.now;
    let dialog = model.screen.dialog();
    let dialog = dialog.and_then(|dialog| dialog.checks.due(now));
    [dialog, model.writes.next_due(now)]
        .into_iter()
        .flatten()
        .min_by_key(|at| at.mono_ms)
}

/// A frame that shows the question is in the kernel.
pub(super) fn frame_written(model: &mut Model, question: Question) {
    let now = model.now;
    if let Some(dialog) = dialog(model) {
        dialog.frame_written(question, now);
    }
}

/// The terminal has read a frame that shows the question.
pub(super) fn frame_shown(model: &mut Model, question: Question) {
    let now = model.now;
    model.screen.is_mute = false;
    if let Some(dialog) = dialog(model) {
        dialog.frame_shown(question, now);
    }
}

/// The terminal answers nothing: this dialog and those after it want a name, until it does.
pub(super) fn frame_unanswered(model: &mut Model, question: Question) {
    let now = model.now;
    if let Some(dialog) = dialog(model).filter(|dialog| dialog.is_awaiting(question)) {
        dialog.unanswered(now);
        model.screen.is_mute = true;
    }
}

/// Something else had the screen.
pub(super) fn resumed(model: &mut Model) {
    if let Some(dialog) = dialog(model) {
        dialog.unseen();
    }
}

/// To the next field of the dialog; what is chosen by then is tried on the server.
pub(super) fn next_field(model: &mut Model) -> Vec<Effect> {
    let now = model.now;
    let Some(dialog) = dialog(model) else {
        return Vec::new();
    };
    let is_chosen_here = matches!(
        dialog.proposal,
        Proposal::Scale { .. } | Proposal::Rollback(_)
    );
    if dialog.go(true, now) && is_chosen_here {
        return dry_run(dialog, now);
    }
    Vec::new()
}

fn dry_run(dialog: &mut Dialog, now: At) -> Vec<Effect> {
    let Some(change) = dialog.change(now) else {
        return Vec::new();
    };
    dialog.checks.dry_run_asked(change.clone(), now);
    vec![Effect::Write(WriteEffect::DryRun {
        write: dialog.write,
        target: dialog.target.clone(),
        change,
    })]
}

/// A no in the dialog.
pub(super) fn withdraw(model: &mut Model) -> Vec<Effect> {
    ladder::withdraw(model)
}

/// A yes in the dialog, as far as it counts.
pub(super) fn confirm(model: &mut Model, key: Key, alone: bool) -> Vec<Effect> {
    let (now, is_whole) = (model.now, layout::shows_dialog(model));
    let Some(dialog) = dialog(model) else {
        return Vec::new();
    };
    match dialog.press(now, key, alone, is_whole) {
        Press::NotCounted | Press::Asked => Vec::new(),
        Press::Yes(confirmed) => ladder::record(model, confirmed),
        Press::Unrecorded(yes) => ladder::go_on_without_record(model, yes),
    }
}

fn dialog(model: &mut Model) -> Option<&mut Dialog> {
    model.screen.dialog_mut()
}

/// Opens a dialog on top of everything, unless one is open.
fn open(model: &mut Model, mut dialog: Dialog) -> Vec<Effect> {
    if model.screen.dialog().is_some() {
        model.writes.remove(dialog.write);
        return Vec::new();
    }
    let now = model.now;
    dialog.opened(now);
    if model.screen.is_mute {
        dialog.unanswered(now);
    }
    let mut effects = Vec::new();
    if let Some(change) = dialog.checked_change(now) {
        effects.push(Effect::Write(WriteEffect::Inspect {
            write: dialog.write,
            target: dialog.target.clone(),
            change,
            through: dialog.through.clone(),
        }));
    }
    if !matches!(dialog.field, Field::Replicas | Field::Revision) {
        effects.extend(dry_run(&mut dialog, now));
    }
    // The rest of a chord that was begun before is no key of the dialog.
    model.screen.pending.clear();
    model.screen.lay(dialog);
    effects
}

/// Arms writes in a protected scope, or disarms them; either is an entry.
pub(super) fn arm(model: &mut Model) -> Vec<Effect> {
    if let (false, Some(ban)) = (model.cluster.connection.is_some(), model.write_ban(None)) {
        model.complain(format!("arm: {ban}"));
        return Vec::new();
    }
    if let Some(ban) = model.ban(Action::Arm) {
        model.complain(format!("arm: {ban}"));
        return Vec::new();
    }
    let scope = match &model.cluster.scope {
        Scope::All => "all namespaces".to_owned(),
        Scope::Namespace(name) => name.raw().to_owned(),
    };
    let place = format!("{} / {scope}", model.cluster.context.raw());
    let words = if model.is_armed() {
        model.writes.armed = None;
        format!("disarmed writes in {place}")
    } else {
        let pods = &model.cluster.pods.table;
        let cursor = model.screen.pods.cursor.as_ref();
        let selected = cursor.and_then(|cursor| pods.get(&cursor.uid));
        let protection = model
            .scope_protection()
            .or_else(|| model.protection_of(&selected?.namespace));
        let Some(protection) = protection else {
            let words = format!(
                "nothing is protected here: writes need no arming; {} scales at once",
                model.key(Action::Scale),
            );
            model.say(words);
            return Vec::new();
        };
        model.writes.armed = Some(model.cluster.epoch);
        format!(
            "armed writes in {place} ({} {} is protected by {})",
            protection.what,
            protection.name.raw(),
            protection.pattern
        )
    };
    model.say(words.clone());
    let person = timeline::person(model);
    let draft = timeline::draft(model, person, Kind::Decision, words);
    vec![timeline::save(model, draft).1]
}

fn guard(model: &mut Model) -> Option<Effect> {
    let is_guarded = model.is_guarded();
    if model.settings.is_read_only || model.writes.guard == Some(is_guarded) {
        return None;
    }
    model.writes.guard = Some(is_guarded);
    Some(Effect::Cluster(ClusterEffect::SetReadOnly(is_guarded)))
}
