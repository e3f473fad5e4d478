//! From a key to the question: which workload is meant, and why it cannot be written to. Sends nothing that changes
//! anything.

use super::super::{pane, refusal};
use super::{followed, pods, revisions, undo};
use keys::action::Action;
use keys::key::Key;
use model::Model;
use model::message::Effect;
use model::meta::Uid;
use model::screen::Pane;
use model::workload::{KindFields, WorkloadRow};
use model::write::dialog::{Dialog, Proposal};
use model::write::{FoundThrough, Target, WriteId};

/// The workload was deleted.
pub(super) const GONE: &str = "it is gone from the cluster; select another one";

/// What a write is about.
pub(super) struct Meant {
    pub(super) workload: Uid,
    pub(super) through: Option<FoundThrough>,
    /// The revision that was pointed at.
    pub(super) revision: Option<Uid>,
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
    revisions::forget(model);
    if let Some(ban) = model.write_ban(None) {
        return Err(ban);
    }
    if action == Action::Undo {
        let dialog = undo::dialog(model, key)?;
        return Ok(super::ladder::ask(model, dialog));
    }
    let Some(meant) = meant(model)? else {
        return Ok(Vec::new());
    };
    let Some(row) = model.cluster.workload(&meant.workload) else {
        return Err(GONE.to_owned());
    };
    let namespace = row.namespace().clone();
    if let Some(ban) = model.write_ban(Some(&namespace)) {
        return Err(ban);
    }
    let proposal = match action {
        Action::Scale => scale_of(row)?,
        Action::Rollback => return revisions::read(model, meant, key),
        Action::ReplacePod => pods::replace_of(model, row, meant.through.as_ref())?,
        _ => restart_of(row)?,
    };
    let id = model.writes.next_id();
    let mut dialog = dialog(model, id, &meant.workload, proposal, Some(key))?;
    dialog.through = meant.through;
    Ok(super::ladder::ask(model, dialog))
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
            followed::of_pod(model, &pod).map(Some)
        }
        Pane::Logs => followed::meant(model).map(Some),
        Pane::Alerts | Pane::Timeline => Err(format!(
            "no pod or workload is selected here; {}",
            refusal::to_objects(model)
        )),
    }
}

fn scale_of(row: &WorkloadRow) -> Result<Proposal, String> {
    match row.of_kind {
        KindFields::Deployment(_) | KindFields::StatefulSet(_) => Ok(Proposal::scale(row.wanted())),
        KindFields::DaemonSet => Err(format!(
            "{} is a DaemonSet: it runs one pod on each node that fits; labels of nodes say how many",
            row.name.raw()
        )),
    }
}

/// As kubectl does, a paused Deployment is not restarted:
/// <https://github.com/kubernetes/kubectl/blob/master/pkg/polymorphichelpers/objectrestarter.go>.
fn restart_of(row: &WorkloadRow) -> Result<Proposal, String> {
    refuse_paused(row, "nothing would restart")?;
    let from = row.restarted_at().cloned();
    Ok(Proposal::Restart { from })
}

pub(super) fn refuse_paused(row: &WorkloadRow, why: &str) -> Result<(), String> {
    if !row.is_paused() {
        return Ok(());
    }
    let name = row.name().raw();
    Err(format!(
        "{name} is paused: {why}; first `kubectl rollout resume deployment/{name}`"
    ))
}

/// A question about a workload.
pub(super) fn dialog(
    model: &Model,
    id: WriteId,
    workload: &Uid,
    proposal: Proposal,
    key: Option<Key>,
) -> Result<Dialog, String> {
    let Some(row) = model.cluster.workload(workload) else {
        return Err(GONE.to_owned());
    };
    let target = Target {
        context: model.cluster.context.clone(),
        kind: row.kind(),
        namespace: row.namespace().clone(),
        name: row.name().clone(),
        uid: row.uid().clone(),
    };
    Ok(about(model, id, target, proposal, key))
}

/// A question about a target, with the name to be typed where it is protected.
pub(super) fn about(
    model: &Model,
    id: WriteId,
    target: Target,
    proposal: Proposal,
    key: Option<Key>,
) -> Dialog {
    let is_protected = model.protection_of(&target.namespace).is_some();
    let dialog = Dialog::new(id, target, proposal, model.now, key);
    if is_protected {
        dialog.protected()
    } else {
        dialog
    }
}
