//! From the yes to the answer: record the intent, send only with a receipt, say what the server said.

use super::super::timeline;
use super::{dialog, drafts};
use model::Model;
use model::cluster::Problem;
use model::entry::EntryId;
use model::kind::Outcome;
use model::message::{Effect, StoreMsg, WriteEffect};
use model::time::At;
use model::workload::baseline::Baseline;
use model::workload::follow::Follow;
use model::write::dialog::{Dialog, SecondYes, Sort, Step};
use model::write::{
    Answer, Change, Confirmed, Done, Live, MAX_DONE, MAX_LIVE, Orphan, RECORD_MS, Receipt,
    Recording, Seen, Stage, Target, WriteId,
};
use text::Outside;

/// The yes: nothing is sent before its record is on disk.
pub(super) fn record(model: &mut Model, confirmed: Confirmed) -> Vec<Effect> {
    if let Some(ban) = model.write_ban(Some(&confirmed.target().namespace)) {
        model.screen.close_dialog();
        model.complain(ban);
        return Vec::new();
    }
    let Some(dialog) = dialog(model).cloned() else {
        return Vec::new();
    };
    let draft = drafts::intent(model, &confirmed, &dialog);
    let intent = draft.id;
    let (token, effect) = timeline::save(model, draft);
    model.writes.recording = Some(Recording::new(
        confirmed,
        (intent, token),
        model.now,
        dialog.undoes(),
    ));
    vec![effect]
}

/// The store answers.
pub(super) fn hear_store(model: &mut Model, msg: &StoreMsg) -> Vec<Effect> {
    match msg {
        StoreMsg::Saved { entry, .. } => {
            let stored = entry.draft.id;
            let is_ours = |recording: &mut Recording| recording.intent == stored;
            let Some(recording) = model.writes.recording.take_if(is_ours) else {
                return Vec::new();
            };
            let undoes = recording.undoes;
            match recording.saved(stored) {
                Some((confirmed, receipt)) => send(model, confirmed, receipt, undoes),
                None => Vec::new(),
            }
        }
        StoreMsg::NotSaved { token, problem, .. } => {
            let recording = model.writes.recording.as_ref();
            if recording.is_some_and(|recording| recording.token == *token) {
                ask_unrecorded(model, problem.to_string().into());
            }
            Vec::new()
        }
        StoreMsg::Opened(_)
        | StoreMsg::Appended(_)
        | StoreMsg::Page { .. }
        | StoreMsg::NoteKept { .. }
        | StoreMsg::NoteNotKept { .. }
        | StoreMsg::Health(_) => Vec::new(),
    }
}

/// A second yes: without a record.
pub(super) fn go_on_without_record(model: &mut Model, yes: SecondYes) -> Vec<Effect> {
    let Some(recording) = model.writes.recording.take() else {
        return Vec::new();
    };
    let undoes = recording.undoes;
    let (confirmed, receipt) = recording.without_record(yes);
    send(model, confirmed, receipt, undoes)
}

/// A record that takes too long is asked about.
pub(super) fn settle(model: &mut Model) {
    let now = model.now;
    let recording = model.writes.recording.as_ref();
    let is_late = recording.is_some_and(|recording| now.since_ms(recording.since) >= RECORD_MS);
    if is_late && dialog(model).is_some_and(|dialog| dialog.step == Step::Recording) {
        ask_unrecorded(model, "the disk has not answered for 2 s".into());
    }
}

/// When that will be.
pub(super) fn next_due(model: &Model) -> Option<At> {
    let recording = model.writes.recording.as_ref()?;
    let due = recording.since.plus_ms(RECORD_MS);
    (due.mono_ms > model.now.mono_ms).then_some(due)
}

fn ask_unrecorded(model: &mut Model, why: Outside) {
    if let Some(dialog) = dialog(model) {
        dialog.ask_unrecorded(why);
    }
}

/// No. What was already on its way to the disk is closed by a result of its own.
pub(super) fn withdraw(model: &mut Model) -> Vec<Effect> {
    model.screen.close_dialog();
    let Some(recording) = model.writes.recording.take() else {
        model.say("nothing was sent");
        return Vec::new();
    };
    let live = live(model, recording.confirmed(), Some(recording.intent));
    model.say("withdrawn: nothing was sent");
    let words = "withdrawn before it was sent";
    vec![drafts::result(
        model,
        &live,
        Outcome::NotSent,
        words,
        (None, 0),
    )]
}

fn live(model: &Model, confirmed: &Confirmed, intent: Option<EntryId>) -> Live {
    let target = confirmed.target();
    let pods = model.cluster.pods.table.rows();
    let own = pods.filter(|pod| pod.is_of(target.kind, &target.namespace, &target.name));
    let baseline = Baseline::of(model, model.cluster.workload(&target.uid), own);
    Live {
        id: confirmed.write(),
        target: target.clone(),
        change: confirmed.change().clone(),
        intent,
        undoes: None,
        stage: Stage::Sending,
        sent: model.now,
        baseline,
    }
}

fn send(
    model: &mut Model,
    confirmed: Confirmed,
    receipt: Receipt,
    undoes: Option<EntryId>,
) -> Vec<Effect> {
    model.screen.close_dialog();
    let mut live = live(model, &confirmed, receipt.intent());
    live.undoes = undoes;
    if live.intent.is_none() {
        model.complain("sent WITHOUT a record on disk");
    }
    model.writes.live.push(live);
    if model.writes.live.len() > MAX_LIVE {
        model.writes.live.remove(0);
    }
    vec![Effect::Write(WriteEffect::Send(confirmed, receipt))]
}

/// What the server said, in an entry and on the screen.
pub(super) fn answered(
    model: &mut Model,
    write: WriteId,
    answer: Answer,
    took_ms: u64,
) -> Vec<Effect> {
    let Some(at) = model.writes.live.iter().position(|live| live.id == write) else {
        return Vec::new();
    };
    let live = model.writes.live[at].clone();
    let (stage, effects) = match answer {
        Answer::Applied {
            resource_version,
            tries,
        } => applied(model, &live, resource_version, tries, took_ms),
        Answer::Changed { seen } => changed(model, &live, &seen, took_ms),
        Answer::Refused { status, problem } => refused(model, &live, status, &problem, took_ms),
        Answer::Unknown { problem, seen } => unknown(model, &live, &problem, seen, took_ms),
    };
    model.writes.live[at].stage = stage;
    effects
}

fn applied(
    model: &mut Model,
    live: &Live,
    version: Option<u64>,
    tries: u32,
    took_ms: u64,
) -> (Stage, Vec<Effect>) {
    let words = match tries {
        0 | 1 => "applied".to_owned(),
        tries => format!("applied, at try {tries}"),
    };
    let mut effects = vec![drafts::result(
        model,
        live,
        Outcome::Applied,
        &words,
        (Some(200), took_ms),
    )];
    remember(model, live);
    if let Some(of) = live.undoes {
        effects.push(drafts::undone(model, live, of));
    }
    (following(model, live, version), effects)
}

fn following(model: &Model, live: &Live, version: Option<u64>) -> Stage {
    Stage::Following(Box::new(Follow::new(
        live.change.clone(),
        model.cluster.epoch,
        live.baseline.clone(),
        version,
        model.now,
    )))
}

/// What `undo` takes back from now on.
fn remember(model: &mut Model, live: &Live) {
    let done = &mut model.writes.done;
    if live.undoes.is_some() {
        done.retain(|done| done.intent != live.undoes);
        return;
    }
    // A pod that was deleted does not come back; what was done before it can still be undone.
    if matches!(live.change, Change::Replace { .. }) {
        return;
    }
    done.push(Done {
        target: live.target.clone(),
        change: live.change.clone(),
        intent: live.intent,
    });
    if done.len() > MAX_DONE {
        done.remove(0);
    }
}

fn over(model: &Model, words: &str) -> Stage {
    Stage::Over {
        words: words.into(),
        is_good: false,
        since: model.now,
    }
}

fn changed(model: &mut Model, live: &Live, seen: &Seen, took_ms: u64) -> (Stage, Vec<Effect>) {
    let name = live.target.name.raw();
    let words = match seen {
        Seen::Gone => format!("not applied: the {} is gone", live.target.kind.word()),
        Seen::Replaced => format!(
            "not applied: another {} has its name now",
            live.target.kind.word()
        ),
        Seen::Value { value, .. } if live.change.was(value.as_ref()) => {
            "not applied: it was paused meanwhile".to_owned()
        }
        Seen::Value { value, .. } => {
            let value = value.as_ref().map_or("not set", Outside::raw);
            match &live.change {
                Change::Scale { from, .. } => {
                    format!("not applied: replicas is {value} now, not {from}")
                }
                Change::Restart { .. } => {
                    format!("not applied: restarted by somebody else at {value}")
                }
                Change::Rollback(_) if live.change.stands(Some(&value.into())) => {
                    "not applied: somebody else has put it back already".to_owned()
                }
                Change::Rollback(_) => {
                    format!("not applied: somebody else changed the template, it is {value} now")
                }
                Change::Replace { pod, .. } => {
                    format!("not applied: {} is gone already", pod.raw())
                }
            }
        }
    };
    if let Some(dialog) = again(model, live, seen, &format!("{name}: {words}")) {
        model.writes.again.push(dialog);
    }
    model.complain(format!("{name}: {words}"));
    let effect = drafts::result(model, live, Outcome::NotApplied, &words, (None, took_ms));
    (over(model, &words), vec![effect])
}

/// The same question, with the value as it is now.
fn again(model: &mut Model, live: &Live, seen: &Seen, banner: &str) -> Option<Dialog> {
    let Seen::Value { value, .. } = seen else {
        return None;
    };
    if live.change.was(value.as_ref()) || !model.writes.again.is_empty() {
        return None;
    }
    let sort = match &live.change {
        Change::Scale { to, .. } => {
            let from: u32 = value.as_ref()?.raw().parse().ok()?;
            if from == *to {
                return None;
            }
            let typed = if *to == 0 {
                String::new()
            } else {
                to.to_string()
            };
            Sort::Scale {
                from,
                is_prefilled: !typed.is_empty(),
                typed,
            }
        }
        Change::Restart { .. } => Sort::Restart {
            from: value.clone(),
        },
        // What it would go back from has to be read and shown first: that is asked for by its key.
        Change::Rollback(_) | Change::Replace { .. } => return None,
    };
    let target: Target = live.target.clone();
    let is_protected = model.protection_of(&target.namespace).is_some();
    let id = model.writes.next_id();
    let dialog = Dialog::new(id, target, sort, model.now, None);
    let dialog = if is_protected {
        dialog.protected()
    } else {
        dialog
    };
    Some(dialog.by_itself(banner.into()))
}

fn refused(
    model: &mut Model,
    live: &Live,
    status: Option<u16>,
    problem: &Problem,
    took_ms: u64,
) -> (Stage, Vec<Effect>) {
    let words = format!("not applied: {}; {}", problem.what.raw(), problem.next);
    model.complain(format!("{}: {words}", live.target.name.raw()));
    let effect = drafts::result(model, live, Outcome::Refused, &words, (status, took_ms));
    (over(model, &words), vec![effect])
}

/// No answer proves nothing. What was read back does; else it stays open, and is read again.
fn unknown(
    model: &mut Model,
    live: &Live,
    problem: &Problem,
    seen: Option<Seen>,
    took_ms: u64,
) -> (Stage, Vec<Effect>) {
    let name = live.target.name.raw();
    let Some(seen) = seen else {
        let words = format!("UNKNOWN: {}; it is not sent again", problem.what.raw());
        model.complain(format!("{name}: {words}"));
        if let Some(intent) = live.intent {
            model.writes.orphans.push(Orphan {
                intent,
                incident: None,
                target: live.target.clone(),
                change: live.change.clone(),
                is_asked: false,
                retry: Some(model.now.plus_ms(1_000)),
            });
        }
        return (over(model, &words), Vec::new());
    };
    let found = read_back_words(&live.change, &seen);
    let words = format!("UNKNOWN: {}; {found}", problem.what.raw());
    model.complain(format!("{name}: {words}"));
    let effect = drafts::result(model, live, Outcome::Unknown, &words, (None, took_ms));
    let stage = match seen {
        Seen::Value {
            value,
            resource_version,
        } if live.change.stands(value.as_ref()) => following(model, live, resource_version),
        Seen::Value { .. } | Seen::Gone | Seen::Replaced => over(model, &words),
    };
    (stage, vec![effect])
}

/// What was read back, in words.
pub(super) fn read_back_words(change: &Change, seen: &Seen) -> String {
    match seen {
        Seen::Gone => "read back: the workload is gone".to_owned(),
        Seen::Replaced => "read back: another workload has its name now".to_owned(),
        Seen::Value { value, .. } if change.stands(value.as_ref()) => {
            "read back: it stands as wanted".to_owned()
        }
        Seen::Value { value, .. } if change.was(value.as_ref()) => {
            "read back: it stands as before".to_owned()
        }
        Seen::Value { value, .. } => format!(
            "read back: it is {} now",
            value.as_ref().map_or("not set", Outside::raw)
        ),
    }
}
