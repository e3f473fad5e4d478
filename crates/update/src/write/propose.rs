//! From a key to the question: which workload is meant, why it cannot be written to, and what has to be read first.
//! Sends nothing that changes anything.

use super::super::{cluster, pane};
use super::pods;
use keys::action::Action;
use keys::key::Key;
use keys::keymap::Place;
use model::Model;
use model::cluster::{Kind, Problem};
use model::message::{Effect, Read};
use model::pods::Uid;
use model::screen::Pane;
use model::time::Seconds;
use model::workload::revisions::History;
use model::workload::{KindFields, WorkloadRow};
use model::write::change::{Change, Rollback};
use model::write::dialog::{Dialog, Plan, Sort};
use model::write::{Done, Reading, Target, Through, resolve};

/// Revisions that come later than this open no dialog any more: whoever asked is elsewhere.
const READING_MS: u64 = 15_000;

/// What a write is about.
struct Meant {
    workload: Uid,
    through: Option<Through>,
    /// The revision that was pointed at.
    revision: Option<Uid>,
}

/// Opens the dialog of a write, or says why it cannot be made now.
pub(crate) fn propose(model: &mut Model, action: Action, key: Key) -> Vec<Effect> {
    match proposed(model, action, key) {
        Ok(effects) => effects,
        Err(why) => {
            model.complain(format!("{}: {why}", action.name()));
            Vec::new()
        }
    }
}

fn proposed(model: &mut Model, action: Action, key: Key) -> Result<Vec<Effect>, String> {
    // Whoever asks for something else does not wait for the rollback any more.
    model.writes.reading = None;
    if let Some(ban) = model.write_ban(None) {
        return Err(ban);
    }
    if action == Action::Undo {
        let dialog = undo(model, key)?;
        return Ok(super::open(model, dialog));
    }
    let Some(meant) = meant(model)? else {
        return Ok(Vec::new());
    };
    let Some(row) = model.cluster.workload(&meant.workload) else {
        return Err("it is gone from the cluster".to_owned());
    };
    let namespace = row.namespace().clone();
    if let Some(ban) = model.write_ban(Some(&namespace)) {
        return Err(ban);
    }
    let sort = match action {
        Action::Scale => scale_of(row)?,
        Action::Rollback => return read(model, meant, key),
        Action::ReplacePod => pods::replace_of(model, row, meant.through.as_ref())?,
        _ => restart_of(row)?,
    };
    let mut dialog = dialog(model, &meant.workload, sort, Some(key))?;
    dialog.through = meant.through;
    Ok(super::open(model, dialog))
}

/// The workload of the selected pod, or the selected one; `None` when a line was only now selected.
fn meant(model: &mut Model) -> Result<Option<Meant>, String> {
    match model.screen.focus {
        Pane::Rollouts => Ok(
            pane::selected_rollout(model).map(|(workload, revision)| Meant {
                workload,
                through: None,
                revision,
            }),
        ),
        Pane::Pods => {
            let Some(pod) = pane::selected_pod(model).cloned() else {
                return Ok(None);
            };
            let found = resolve::workload(&model.cluster, &pod)?;
            Ok(Some(Meant {
                workload: found.workload.uid().clone(),
                through: Some(found.through),
                revision: None,
            }))
        }
        Pane::Alerts | Pane::Logs | Pane::Timeline => {
            Err("select a pod or a workload first: neither their pane has the focus".to_owned())
        }
    }
}

fn scale_of(row: &WorkloadRow) -> Result<Sort, String> {
    match row.of_kind {
        KindFields::Deployment(_) | KindFields::StatefulSet(_) => Ok(Dialog::scale(row.wanted())),
        KindFields::DaemonSet => Err(format!(
            "{} is a DaemonSet: it runs one pod on each node that fits, there is no number to set",
            row.name.raw()
        )),
    }
}

/// As kubectl does, a paused Deployment is not restarted:
/// <https://github.com/kubernetes/kubectl/blob/master/pkg/polymorphichelpers/objectrestarter.go>.
fn restart_of(row: &WorkloadRow) -> Result<Sort, String> {
    refuse_paused(row, "nothing would restart")?;
    let from = row.restarted_at().cloned();
    Ok(Sort::Restart { from })
}

fn refuse_paused(row: &WorkloadRow, why: &str) -> Result<(), String> {
    if !row.is_paused() {
        return Ok(());
    }
    let name = row.name().raw();
    Err(format!(
        "{name} is paused: {why}; first `kubectl rollout resume deployment/{name}`"
    ))
}

/// A rollback is asked about when the revisions have been read anew.
fn read(model: &mut Model, meant: Meant, key: Key) -> Result<Vec<Effect>, String> {
    let Some(row) = model.cluster.workload(&meant.workload) else {
        return Err("it is gone from the cluster".to_owned());
    };
    refuse_paused(row, "it cannot be rolled back")?;
    let effect = ask(model, row);
    let words = format!("reading the revisions of {}", row.name().raw());
    model.say(words);
    model.writes.reading = Some(Reading {
        workload: meant.workload,
        chosen: meant.revision,
        through: meant.through,
        key,
        since: model.now,
    });
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
    let is_awaited = |reading: &mut Reading| reading.workload == *workload;
    let Some(reading) = model.writes.reading.take_if(is_awaited) else {
        return Vec::new();
    };
    if model.now.since_ms(reading.since) > READING_MS {
        return Vec::new();
    }
    let planned = if model.screen.place() == Place::Global {
        planned(model, &reading, read)
    } else {
        Err("something else was opened before the revisions came; ask again".to_owned())
    };
    match planned {
        Ok(dialog) => super::open(model, dialog),
        Err(why) => {
            model.complain(format!("{}: {why}", Action::Rollback.name()));
            Vec::new()
        }
    }
}

fn planned(
    model: &mut Model,
    reading: &Reading,
    read: Result<&History, &Problem>,
) -> Result<Dialog, String> {
    let history = read.map_err(|problem| format!("{}; {}", problem.what.raw(), problem.next))?;
    let name = match model.cluster.workload(&reading.workload) {
        Some(row) => row.name().raw().to_owned(),
        None => return Err("it is gone from the cluster".to_owned()),
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
            "that is what stands: select the revision of {name} to go back to"
        ));
    }
    let now = Seconds::from(model.server_now());
    let Some(plan) = Plan::of(history, chosen, now) else {
        return Err(format!(
            "{name} has no other revision to go back to: none was kept"
        ));
    };
    model.screen.status = None;
    let sort = Sort::Rollback(Box::new(plan));
    let mut dialog = dialog(model, &reading.workload, sort, Some(reading.key))?;
    dialog.through.clone_from(&reading.through);
    if chosen.is_some() && dialog.name_typed.is_none() {
        dialog.go(true, model.now);
    }
    Ok(dialog)
}

fn undo(model: &mut Model, key: Key) -> Result<Dialog, String> {
    let Some(done) = model.writes.done.last().cloned() else {
        return Err("nothing was written from this console".to_owned());
    };
    let name = done.target.name.raw();
    if done.target.context != model.cluster.context {
        let context = done.target.context.raw();
        return Err(format!("the last write was on {name} in context {context}"));
    }
    if let Some(ban) = model.write_ban(Some(&done.target.namespace)) {
        return Err(ban);
    }
    let Some(row) = model.cluster.workload(&done.target.uid) else {
        return Err(format!("{name} is not among what is watched now"));
    };
    let sort = inverse(&done, row)?;
    dialog(model, &done.target.uid, sort, Some(key))
}

fn inverse(done: &Done, row: &WorkloadRow) -> Result<Sort, String> {
    let name = done.target.name.raw();
    match &done.change {
        Change::Scale { from: to, to: set } => {
            if row.wanted() == *to {
                return Err(format!("{name} has {to} replicas already"));
            }
            Ok(Sort::Undo {
                from: row.wanted(),
                to: *to,
                set: *set,
                of: done.intent,
            })
        }
        Change::Restart { .. } => Err(format!(
            "a restart has no inverse: the pods of {name} before it are gone"
        )),
        Change::Rollback(rollback) => {
            refuse_paused(row, "it cannot be rolled back")?;
            let Rollback { from: to, to: from } = (**rollback).clone();
            let plan = Plan::back(from, to, done.intent);
            Ok(Sort::Rollback(Box::new(plan)))
        }
        Change::Replace { pod, .. } => Err(format!(
            "{} was deleted: its successor stands in its place",
            pod.raw()
        )),
    }
}

/// A question about a workload.
pub(super) fn dialog(
    model: &mut Model,
    workload: &Uid,
    sort: Sort,
    key: Option<Key>,
) -> Result<Dialog, String> {
    let Some(row) = model.cluster.workload(workload) else {
        return Err("it is gone from the cluster".to_owned());
    };
    let target = target(model, row);
    let id = model.writes.next_id();
    let is_protected = model.protection_of(&target.namespace).is_some();
    let dialog = Dialog::new(id, target, sort, model.now, key);
    Ok(if is_protected {
        dialog.protected()
    } else {
        dialog
    })
}

fn target(model: &Model, row: &WorkloadRow) -> Target {
    let kind: Kind = row.kind();
    Target {
        context: model.cluster.context.clone(),
        kind,
        namespace: row.namespace().clone(),
        name: row.name().clone(),
        uid: row.uid().clone(),
    }
}
