//! The entries of a write: intent, result, verdict, undone. Words only; saves nothing.

use model::entry::{Command, Draft, EntryId};
use model::kind::{Kind, Outcome};
use model::message::Effect;
use model::write::dialog::Dialog;
use model::write::preflight::Check;
use model::write::{Change, Confirmed, Live, Target};
use model::{Model, entry};
use text::Outside;

use super::super::timeline;

/// The intent: everything that was known when somebody said yes.
pub(super) fn intent(model: &mut Model, confirmed: &Confirmed, dialog: &Dialog) -> Draft {
    let (target, change, now) = (confirmed.target(), confirmed.change(), model.now);
    let findings = dialog.findings(change, now);
    let dry_run = findings
        .iter()
        .find(|(check, _)| *check == Check::DryRun)
        .map(|(_, words)| words.clone());
    let lines: Vec<String> = findings
        .iter()
        .map(|(check, words)| format!("- {}: {}", check.word(), words.raw()))
        .collect();
    let mut draft = about(model, Kind::ActionIntent, target, change, "");
    draft.body = Some(lines.join("\n").into());
    draft.refers_to = dialog.undoes();
    if let Some(words) = &mut draft.change {
        words.asked = Some(change.asked());
    }
    draft.command = Some(Command {
        typed: Some(change.kubectl(target)),
        verb: Some(change.request(target.kind).into()),
        dry_run,
        ..Command::default()
    });
    draft
}

/// The result of a write.
pub(super) fn result(
    model: &mut Model,
    live: &Live,
    outcome: Outcome,
    words: &str,
    (status, took_ms): (Option<u16>, u64),
) -> Effect {
    let mut draft = about(
        model,
        Kind::ActionResult,
        &live.target,
        &live.change,
        &format!(": {words}"),
    );
    draft.refers_to = live.intent;
    draft.tags = vec![outcome.word().into()];
    draft.command = Some(Command {
        verb: Some(live.change.request(live.target.kind).into()),
        exit: status.map(i32::from),
        duration_ms: Some(took_ms),
        ..Command::default()
    });
    timeline::save(model, draft).1
}

/// What became of it in the cluster.
pub(super) fn verdict(model: &mut Model, live: &Live, words: &Outside) -> Effect {
    let words = format!(": {}", words.raw());
    let mut draft = about(
        model,
        Kind::ActionVerdict,
        &live.target,
        &live.change,
        &words,
    );
    draft.refers_to = live.intent;
    timeline::save(model, draft).1
}

/// An entry of any kind about a write.
pub(super) fn about(
    model: &mut Model,
    kind: Kind,
    target: &Target,
    change: &Change,
    words: &str,
) -> Draft {
    let person = timeline::person(model);
    let title = format!(
        "{} in {}{words}",
        change.title(&target.name),
        target.namespace.raw()
    );
    let mut draft = timeline::draft(model, person, kind, title);
    draft.source = Some("write".into());
    draft.target = Some(entry::Target {
        context: Some(target.context.clone()),
        namespace: Some(target.namespace.clone()),
        kind: Some(target.kind.word().into()),
        name: Some(target.name.clone()),
        uid: Some(target.uid.clone().into()),
        ..entry::Target::default()
    });
    let (revision_from, revision_to) = match change {
        Change::Rollback(rollback) => (rollback.from.revision, rollback.to.revision),
        Change::Scale { .. } | Change::Restart { .. } | Change::Replace { .. } => (None, None),
    };
    draft.change = Some(entry::Change {
        before: change.before(),
        after: Some(change.after()),
        revision_from,
        revision_to,
        ..entry::Change::default()
    });
    draft
}

/// The inverse was applied: the intent that it takes back says so.
pub(super) fn undone(model: &mut Model, live: &Live, of: EntryId) -> Effect {
    let mut draft = about(
        model,
        Kind::ActionUndone,
        &live.target,
        &live.change,
        ": the write before is undone",
    );
    draft.refers_to = Some(of);
    timeline::save(model, draft).1
}
