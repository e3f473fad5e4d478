//! Taking the last write back: its inverse, as a question of its own.

use super::propose;
use keys::action::Action;
use keys::key::Key;
use model::Model;
use model::workload::WorkloadRow;
use model::write::Done;
use model::write::change::{Change, Rollback};
use model::write::dialog::{Dialog, Plan, Proposal};

/// The question about the inverse of the last write, or why there is none.
pub(super) fn dialog(model: &mut Model, key: Key) -> Result<Dialog, String> {
    let Some(done) = model.writes.done.last().cloned() else {
        let words = model.ban(Action::Undo);
        return Err(words.unwrap_or_default());
    };
    let name = done.what.target.name.raw();
    if done.what.target.context != model.cluster.context {
        let context = done.what.target.context.raw();
        return Err(format!(
            "the last write was on {name} in context {context}; {} goes there",
            model.key(Action::Context)
        ));
    }
    if let Some(ban) = model.write_ban(Some(&done.what.target.namespace)) {
        return Err(ban);
    }
    let Some(row) = model.cluster.workload(&done.what.target.uid) else {
        return Err(format!(
            "{name} is not among what is watched now; {} chooses namespace {}",
            model.key(Action::Namespace),
            done.what.target.namespace.raw()
        ));
    };
    let proposal = inverse(&done, row)?;
    let id = model.writes.next_id();
    propose::dialog(model, id, &done.what.target.uid, proposal, Some(key))
}

fn inverse(done: &Done, row: &WorkloadRow) -> Result<Proposal, String> {
    let name = done.what.target.name.raw();
    match &done.what.change {
        Change::Scale { from: to, to: set } => {
            if row.wanted() == *to {
                return Err(format!(
                    "{name} has {to} replicas already; nothing is left to undo of it"
                ));
            }
            Ok(Proposal::Undo {
                from: row.wanted(),
                to: *to,
                set: *set,
                of: done.intent,
            })
        }
        Change::Restart { .. } => Err(format!(
            "a restart has no inverse: the pods of {name} before it are gone; a rollback goes to an earlier revision"
        )),
        Change::Rollback(rollback) => {
            propose::refuse_paused(row, "it cannot be rolled back")?;
            let Rollback {
                from: to,
                to: mut from,
            } = (**rollback).clone();
            // What was rolled back to has a new number as soon as its controller has seen it.
            let is_new = |number: &u64| Some(*number) > to.revision;
            from.revision = row.revision().filter(is_new).or(from.revision);
            let plan = Plan::back(from, to, done.intent);
            Ok(Proposal::Rollback(Box::new(plan)))
        }
        Change::Replace { pod, .. } => Err(format!(
            "{} was deleted; its successor stands in its place",
            pod.raw()
        )),
    }
}
