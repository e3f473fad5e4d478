//! The entries of a write: intent, result, verdict, undone. Words only; saves nothing.

use model::entry::{Actor, Command, Draft, INTERIM};
use model::kind::{ActorKind, Kind};
use model::write::dialog::Dialog;
use model::write::preflight::Check;
use model::write::{Change, Confirmed, Target, TargetedChange, WriteEntry, WriteEntryKind};
use model::{Model, entry};

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
    draft.refers_to = dialog.proposal.undoes();
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

/// What came of a write, in an entry.
pub(super) fn of(model: &mut Model, entry: &WriteEntry) -> Draft {
    let (kind, words) = match &entry.kind {
        WriteEntryKind::Result { words, .. } => (Kind::ActionResult, words.as_str()),
        WriteEntryKind::Verdict(verdict) => (Kind::ActionVerdict, verdict.words.raw()),
        WriteEntryKind::Undone => (Kind::ActionUndone, "the write before is undone"),
    };
    let TargetedChange { target, change } = &entry.what;
    let mut draft = about(model, kind, target, change, &format!(": {words}"));
    draft.refers_to = entry.refers_to;
    draft.incident = entry.incident.or(draft.incident);
    draft.actor = Actor::of(ActorKind::Console);
    if let WriteEntryKind::Verdict(verdict) = &entry.kind {
        draft.body.clone_from(&verdict.compared);
        draft.tags = (!verdict.is_over)
            .then(|| INTERIM.into())
            .into_iter()
            .collect();
    }
    if let WriteEntryKind::Result {
        outcome, request, ..
    } = &entry.kind
    {
        draft.tags = vec![outcome.word().into()];
        draft.command = request.map(|(status, took_ms)| Command {
            verb: Some(change.request(target.kind).into()),
            exit: status.map(i32::from),
            duration_ms: Some(took_ms),
            ..Command::default()
        });
    }
    draft
}

/// An entry of any kind about a write.
fn about(model: &mut Model, kind: Kind, target: &Target, change: &Change, words: &str) -> Draft {
    let person = timeline::person(model);
    let title = format!(
        "{} in {}{words}",
        change.title(&target.name),
        target.namespace.raw()
    );
    let mut draft = timeline::draft(model, person, kind, title);
    draft.source = Some("write".into());
    draft.target = Some(entry::EntryTarget {
        context: Some(target.context.clone()),
        namespace: Some(target.namespace.clone()),
        kind: Some(target.kind.word().into()),
        name: Some(target.name.clone()),
        uid: Some(target.uid.clone().into()),
        ..entry::EntryTarget::default()
    });
    let (revision_from, revision_to) = match change {
        Change::Rollback(rollback) => (rollback.from.revision, rollback.to.revision),
        Change::Scale { .. } | Change::Restart { .. } | Change::Replace { .. } => (None, None),
    };
    draft.change = Some(entry::EntryChange {
        before: change.before(),
        after: Some(change.after()),
        revision_from,
        revision_to,
        ..entry::EntryChange::default()
    });
    draft
}
