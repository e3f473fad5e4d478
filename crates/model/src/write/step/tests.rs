//! Every stage with every event: the table says what comes of it, and what is ignored.
#![allow(clippy::unwrap_used)]

mod events;
mod samples;
mod stages;

use strum::IntoEnumIterator;

use self::events::events;
use self::samples::{ID, INTENT, model};
use self::stages::{orphan, sending, stages};
use super::*;
use crate::write::orphan::ReadBackTime;
use crate::write::stage::StageName;
use crate::write::{SentState, WriteId};

/// A stage on a line, below it the events that it does not ignore, with what comes of them; `none` is the end of the write.
const TABLE: &str = include_str!("table.txt");

fn output_name(output: &WriteOutput) -> String {
    match output {
        WriteOutput::Open(_) => "open".to_owned(),
        WriteOutput::Close => "close".to_owned(),
        WriteOutput::AskUnrecorded(_) => "ask unrecorded".to_owned(),
        WriteOutput::AskAgain { .. } => "ask again".to_owned(),
        WriteOutput::Save(_) => "save intent".to_owned(),
        WriteOutput::Record(entry) => match &entry.kind {
            WriteEntryKind::Result { outcome, .. } => format!("result {}", outcome.word()),
            WriteEntryKind::Verdict(_) => "verdict".to_owned(),
            WriteEntryKind::Undone => "undone".to_owned(),
        },
        WriteOutput::Effect(WriteEffect::Send(_, receipt)) => match receipt.intent() {
            Some(_) => "SEND".to_owned(),
            None => "SEND unrecorded".to_owned(),
        },
        WriteOutput::Effect(WriteEffect::ReadBack { .. }) => "read back".to_owned(),
        WriteOutput::Effect(effect) => panic!("no step asks for {effect:?}"),
        WriteOutput::Say(_) => "say".to_owned(),
        WriteOutput::Complain(_) => "complain".to_owned(),
        WriteOutput::Remember(_) => "remember".to_owned(),
        WriteOutput::Forget(_) => "forget".to_owned(),
        WriteOutput::Recovered(..) => "recovered".to_owned(),
    }
}

/// The line of a cell; `None` when the event is ignored: the stage is the same, to its last field.
fn cell(stage: WriteStage, model: &Model, event: WriteEvent) -> Option<String> {
    let before = format!("{stage:?}");
    let write = Write { id: ID, stage };
    let (next, outputs) = write.step(event, model);
    let is_same = next
        .as_ref()
        .is_some_and(|next| format!("{:?}", next.stage) == before);
    if is_same && outputs.is_empty() {
        return None;
    }
    let next = next.map_or("none".to_owned(), |next| {
        format!("{:?}", StageName::from(&next.stage))
    });
    let outputs: Vec<String> = outputs.iter().map(output_name).collect();
    Some(if outputs.is_empty() {
        next
    } else {
        format!("{next}: {}", outputs.join(", "))
    })
}

/// All lines of a stage.
fn section(name: StageName, at: usize) -> String {
    let mut lines = vec![stages(name)[at].0.to_owned()];
    let mut ignored = Vec::new();
    for event in EventName::iter() {
        let cases = events(event);
        let count = cases.len();
        let mut of_event = Vec::new();
        for (case, model, event) in cases {
            let (_, stage) = stages(name).remove(at);
            match cell(stage, &model, event) {
                Some(line) => lines.push(format!("  {case} -> {line}")),
                None => of_event.push(case.to_owned()),
            }
        }
        if of_event.len() == count {
            of_event = vec![format!("{event:?}")];
        }
        ignored.extend(of_event);
    }
    lines.push(format!("  ignored: {}\n", ignored.join("; ")));
    lines.join("\n")
}

#[test]
fn each_stage_takes_each_event_as_the_table_says() {
    let sections =
        StageName::iter().flat_map(|name| (0..stages(name).len()).map(move |at| section(name, at)));
    let table: Vec<String> = sections.collect();
    let table = table.join("\n");
    assert!(table == TABLE, "step/table.txt says otherwise:\n{table}");
}

#[test]
fn the_oldest_of_too_many_sent_writes_gives_way_but_an_orphan_is_read_back_all_the_same() {
    let mut model = model();
    let said = Some(("UNKNOWN".into(), model.now));
    let first = orphan(said, ReadBackTime::Asked);
    model.writes.begin(WriteId(100), first);
    for id in 0..9 {
        model.writes.begin(WriteId(id), sending(None, None));
        crate::write::step(&mut model, WriteId(id), WriteEvent::No);
    }
    assert_eq!(model.writes.sent().count(), 8);
    assert_eq!(model.writes.orphans().count(), 1);
}

#[test]
fn the_strip_shows_what_is_under_way_before_what_is_over() {
    let mut model = model();
    assert!(model.writes.shown(model.now).is_none());
    let said = Some(("UNKNOWN".into(), model.now));
    let is_over = |model: &Model| match model.writes.shown(model.now) {
        Some((_, SentState::Over { .. })) => true,
        Some((_, SentState::Sending | SentState::Following(_))) => false,
        None => panic!("nothing is shown"),
    };
    model.writes.begin(ID, sending(Some(INTENT), None));
    let later = orphan(said, ReadBackTime::Asked);
    model.writes.begin(WriteId(2), later);
    assert!(!is_over(&model));
    model.writes.remove(ID);
    assert!(is_over(&model));
    model.now = model.now.plus_ms(30_000);
    assert!(model.writes.shown(model.now).is_none());
}
