//! Reading the revisions of a workload: what a rollback waits for before it is asked about.

use super::super::cluster;
use super::ladder;
use super::propose::{GONE, Meant, dialog, refuse_paused};
use keys::action::Action;
use keys::key::Key;
use keys::keymap::Place;
use model::Model;
use model::cluster::Problem;
use model::message::{Effect, Read};
use model::meta::Uid;
use model::time::Seconds;
use model::workload::WorkloadRow;
use model::workload::revisions::History;
use model::write::dialog::{Dialog, Plan, Proposal};
use model::write::{Reading, WriteEvent, WriteId, WriteStage};

/// A rollback is asked about when the revisions have been read anew.
pub(super) fn read(model: &mut Model, meant: Meant, key: Key) -> Result<Vec<Effect>, String> {
    let Some(row) = model.cluster.workload(&meant.workload) else {
        return Err(GONE.to_owned());
    };
    refuse_paused(row, "it cannot be rolled back")?;
    let effect = ask(model, row);
    let words = format!("reading the revisions of {}", row.name().raw());
    model.say(words);
    let reading = Reading {
        workload: meant.workload,
        chosen: meant.revision,
        through: meant.through,
        key,
        since: model.now,
    };
    let id = model.writes.next_id();
    model.writes.begin(id, WriteStage::Reading(reading));
    Ok(vec![effect])
}

/// The question for a workload's revisions.
pub(crate) fn ask(model: &Model, row: &WorkloadRow) -> Effect {
    let what = Read::History {
        workload: row.object(),
        selector: row.selector().to_vec(),
    };
    cluster::ask(model, what)
}

/// The revisions have been read: the question opens, on top of any page that is read meanwhile. Where something is typed or
/// asked meanwhile its keys would go into the dialog: then it does not open, and says so.
pub(crate) fn history(
    model: &mut Model,
    workload: &Uid,
    read: Result<&History, &Problem>,
) -> Vec<Effect> {
    let reading = model.writes.reading();
    let Some((id, reading)) = reading.filter(|(_, reading)| reading.workload == *workload) else {
        return Vec::new();
    };
    let planned = if model.screen.place() == Place::Global {
        planned(model, id, reading, read)
    } else {
        Err("something else was opened before the revisions came; ask again".to_owned())
    };
    let planned = planned.map_err(|why| format!("{}: {why}", Action::Rollback.name()));
    let effects = ladder::step(model, id, WriteEvent::Revisions(planned.map(Box::new)));
    if model.screen.dialog().is_some() {
        model.screen.status = None;
    }
    effects
}

/// Whoever asks for something else does not wait for the rollback any more.
pub(super) fn forget(model: &mut Model) {
    if let Some((id, _)) = model.writes.reading() {
        ladder::step(model, id, WriteEvent::No);
    }
}

fn planned(
    model: &Model,
    id: WriteId,
    reading: &Reading,
    read: Result<&History, &Problem>,
) -> Result<Dialog, String> {
    let history = read.map_err(|problem| format!("{}; {}", problem.what.raw(), problem.next))?;
    let name = match model.cluster.workload(&reading.workload) {
        Some(row) => row.name().raw().to_owned(),
        None => return Err(GONE.to_owned()),
    };
    if history.is_paused {
        return Err(format!(
            "{name} is paused: it cannot be rolled back; first `kubectl rollout resume deployment/{name}`"
        ));
    }
    let chosen = reading.chosen.as_ref();
    let is_current = |at: usize| Some(&history.revisions[at].uid) == chosen;
    if history.current().is_some_and(is_current) {
        return Err(format!(
            "that is the present revision; select the one of {name} to go back to"
        ));
    }
    let now = Seconds::from(model.server_now());
    let Some(plan) = Plan::of(history, chosen, now) else {
        return Err(format!(
            "{name} has no other revision to go back to; apply the older manifest where it is kept"
        ));
    };
    let proposal = Proposal::Rollback(Box::new(plan));
    let mut dialog = dialog(model, id, &reading.workload, proposal, Some(reading.key))?;
    dialog.through.clone_from(&reading.through);
    if chosen.is_some() && dialog.name_typed.is_none() {
        dialog.go(true, model.now);
    }
    Ok(dialog)
}
