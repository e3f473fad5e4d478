//! Brings what happens to the write that it concerns, and carries out what follows. Decides nothing: the stages and their
//! steps are the model's.

use super::super::{cluster, timeline};
use super::{dialog, drafts, open, propose};
use model::Model;
use model::cluster::Problem;
use model::entry::EntryId;
use model::message::{Effect, StoreMsg};
use model::write;
use model::write::dialog::{Dialog, Proposal, SecondYes};
use model::write::{
    Confirmed, Orphan, SeenValue, Target, WriteEvent, WriteId, WriteOutput, WriteStage,
};
use text::Outside;

/// One event of one write.
pub(super) fn step(model: &mut Model, id: WriteId, event: WriteEvent) -> Vec<Effect> {
    let outputs = write::step(model, id, event);
    let effects = outputs.into_iter();
    effects
        .flat_map(|output| carry_out(model, output))
        .collect()
}

fn carry_out(model: &mut Model, output: WriteOutput) -> Vec<Effect> {
    match output {
        WriteOutput::Open(dialog) => return open(model, *dialog),
        WriteOutput::Close => model.screen.close_dialog(),
        WriteOutput::AskUnrecorded(why) => {
            if let Some(dialog) = dialog(model) {
                dialog.ask_unrecorded(why);
            }
        }
        WriteOutput::AskAgain {
            target,
            proposal,
            banner,
        } => ask_again(model, target, proposal, banner),
        WriteOutput::Save(draft) => return vec![timeline::save(model, *draft).1],
        WriteOutput::Record(entry) => {
            let draft = drafts::of(model, &entry);
            return vec![timeline::save(model, draft).1];
        }
        WriteOutput::Effect(effect) => return vec![Effect::Write(effect)],
        WriteOutput::Say(words) => model.say(words),
        WriteOutput::Complain(words) => model.complain(words),
        WriteOutput::Remember(done) => model.writes.remember(done),
        WriteOutput::Forget(intent) => model.writes.forget(intent),
        WriteOutput::Recovered(workload, since, intent) => {
            model.writes.healed(intent, model.now.wall);
            cluster::recovered(model, &workload, since);
        }
    }
    Vec::new()
}

/// A write begins with its dialog.
pub(super) fn ask(model: &mut Model, dialog: Dialog) -> Vec<Effect> {
    model.writes.begin(dialog.write, WriteStage::Asking);
    open(model, dialog)
}

fn ask_again(model: &mut Model, target: Target, proposal: Proposal, banner: Outside) {
    let id = model.writes.next_id();
    let dialog = propose::about(model, id, target, proposal, None);
    queue(model, dialog.by_itself(banner));
}

/// A question that came up by itself.
pub(super) fn queue(model: &mut Model, dialog: Dialog) {
    let id = dialog.write;
    model.writes.begin(id, WriteStage::Queued(Box::new(dialog)));
}

/// Records what a person said yes to; nothing is sent before.
pub(super) fn record(model: &mut Model, confirmed: Confirmed) -> Vec<Effect> {
    let Some(dialog) = dialog(model).cloned() else {
        return Vec::new();
    };
    let intent = Box::new(drafts::intent(model, &confirmed, &dialog));
    let yes = WriteEvent::Yes {
        confirmed,
        undoes: dialog.proposal.undoes(),
        intent,
    };
    step(model, dialog.write, yes)
}

/// A second yes: without a record.
pub(super) fn go_on_without_record(model: &mut Model, yes: SecondYes) -> Vec<Effect> {
    let id = model.screen.dialog().map(|dialog| dialog.write);
    id.map_or(Vec::new(), |id| {
        step(model, id, WriteEvent::YesWithoutRecord(yes))
    })
}

/// A person says no: the dialog closes, and what is on its way to the disk gets a result.
pub(super) fn withdraw(model: &mut Model) -> Vec<Effect> {
    let id = model.screen.dialog().map(|dialog| dialog.write);
    id.map_or(Vec::new(), |id| step(model, id, WriteEvent::No))
}

/// The store answers.
pub(super) fn on_store(model: &mut Model, msg: &StoreMsg) -> Vec<Effect> {
    let Some(id) = model.writes.recording() else {
        return Vec::new();
    };
    match msg {
        StoreMsg::Saved { entry, .. } => step(model, id, WriteEvent::Saved(entry.draft.id)),
        StoreMsg::NotSaved { token, problem, .. } => {
            let pending = model.timeline.pending.get(token);
            let Some(entry) = pending.map(|pending| pending.draft.id) else {
                return Vec::new();
            };
            let why = problem.to_string().into();
            step(model, id, WriteEvent::NotSaved { entry, why })
        }
        StoreMsg::Opened(_)
        | StoreMsg::Appended(_)
        | StoreMsg::Page { .. }
        | StoreMsg::NoteKept { .. }
        | StoreMsg::NoteNotKept { .. }
        | StoreMsg::Health(_) => Vec::new(),
    }
}

/// An intent without a result was read back.
pub(super) fn read_back(
    model: &mut Model,
    intent: EntryId,
    seen: Result<SeenValue, Problem>,
) -> Vec<Effect> {
    let id = model.writes.orphan(intent);
    id.map_or(Vec::new(), |id| step(model, id, WriteEvent::ReadBack(seen)))
}

/// What time and rows alone bring about; intents of earlier consoles, as the store found them, are writes from here on.
pub(super) fn settle(model: &mut Model) -> Vec<Effect> {
    for entry in std::mem::take(&mut model.timeline.unknown_intents) {
        if let Some(orphan) = Orphan::of(&entry, model.now) {
            let id = model.writes.next_id();
            model.writes.begin(id, WriteStage::Orphan(Box::new(orphan)));
        }
    }
    let ids = model.writes.ids().into_iter();
    ids.flat_map(|id| step(model, id, WriteEvent::Settled))
        .collect()
}

/// A question that came up by itself waits until nothing else lies over the panes.
pub(super) fn uncover(model: &mut Model) -> Vec<Effect> {
    let queued = model.writes.queued();
    let queued = queued.filter(|_| model.screen.overlays.is_empty());
    queued.map_or(Vec::new(), |id| step(model, id, WriteEvent::Uncovered))
}
