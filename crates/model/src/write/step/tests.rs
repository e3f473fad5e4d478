//! Every stage with every event: the table says what comes of it. What is not in the table is ignored, and listed as such.
#![allow(clippy::unwrap_used)]
use chrono::DateTime;
use keys::keymap::Keymap;
use strum::IntoEnumIterator;
use ulid::Ulid;

use super::*;
use crate::cluster::{Connection, Health, Kind, ProblemClass, Scope};
use crate::deployments::DeploymentRow;
use crate::entry::Actor;
use crate::kind::{ActorKind, Kind as EntryKind};
use crate::meta::Meta;
use crate::settings::Settings;
use crate::table::{SortKey, Standing};
use crate::time::At;
use crate::workload::follow::Follow;
use crate::write::dialog::Press;
use crate::write::following::{Finished, Following};
use crate::write::orphan::{Orphan, ReadBackTime};
use crate::write::stage::{Reading, StageName};
use crate::write::step::EventName;
use crate::write::{Change, WriteId};

/// A stage on a line, below it the events that it does not ignore, with what comes of them; `none` is the end of the write.
const TABLE: &str = include_str!("table.txt");

const ID: WriteId = WriteId(1);
const INTENT: EntryId = EntryId(Ulid(7));
const OTHER: EntryId = EntryId(Ulid(8));

fn at(ms: u64) -> At {
    At {
        mono_ms: 0,
        wall: DateTime::UNIX_EPOCH,
    }
    .plus_ms(ms)
}

/// When all stages began.
const BEGAN_MS: u64 = 1_000_000;

fn model() -> Model {
    let keymap = Keymap::load(&[]).unwrap();
    let (settings, scope) = (Settings::default(), Scope::Namespace("shop".into()));
    let mut model = Model::new(at(BEGAN_MS), settings, keymap, "dev".into(), scope);
    model.cluster.connection = Some(Connection {
        context: "dev".into(),
        contexts: vec!["dev".into()],
        cluster: "dev".into(),
        namespace: None,
        server: "10.0.0.1:6443".into(),
        user: None,
        acting_as: None,
        is_insecure: false,
    });
    model
}

fn target() -> Target {
    Target {
        context: "dev".into(),
        kind: Kind::Deployment,
        namespace: "shop".into(),
        name: "checkout".into(),
        uid: "u1".into(),
    }
}

fn what() -> TargetedChange {
    TargetedChange {
        target: target(),
        change: Change::Scale { from: 3, to: 5 },
    }
}

fn dialog() -> Dialog {
    let proposal = Proposal::Undo {
        from: 3,
        to: 5,
        set: 3,
        of: None,
    };
    Dialog::new(ID, target(), proposal, at(0), None)
}

/// Pressed as a person would: nothing else makes a yes.
fn press(dialog: &mut Dialog) -> Press {
    dialog.frame_shown(dialog.question().unwrap(), at(0));
    dialog.press(at(BEGAN_MS), "y".parse().unwrap(), true, true)
}

fn confirmed() -> Confirmed {
    match press(&mut dialog()) {
        Press::Yes(confirmed) => confirmed,
        other => panic!("{other:?}"),
    }
}

fn second_yes() -> SecondYes {
    let mut dialog = dialog();
    dialog.ask_unrecorded("the disk is full".into());
    match press(&mut dialog) {
        Press::Unrecorded(yes) => yes,
        other => panic!("{other:?}"),
    }
}

fn sending(intent: Option<EntryId>, undoes: Option<EntryId>) -> WriteStage {
    WriteStage::Sending(Box::new(Sending {
        what: what(),
        intent,
        undoes,
        baseline: Baseline::default(),
    }))
}

fn orphan(said: Option<(Outside, At)>, read_back: ReadBackTime) -> WriteStage {
    WriteStage::Orphan(Box::new(Orphan {
        what: what(),
        intent: INTENT,
        incident: None,
        read_back,
        said,
    }))
}

fn stages(name: StageName) -> Vec<(&'static str, WriteStage)> {
    let began = at(BEGAN_MS);
    match name {
        StageName::Reading => vec![(
            "Reading",
            WriteStage::Reading(Reading {
                workload: "u1".into(),
                chosen: None,
                through: None,
                key: "b".parse().unwrap(),
                since: began,
            }),
        )],
        StageName::Queued => vec![("Queued", WriteStage::Queued(Box::new(dialog())))],
        StageName::Asking => vec![("Asking", WriteStage::Asking)],
        StageName::Recording => {
            let awaited = || AwaitedRecord::new(confirmed(), INTENT, None, began);
            let asked = awaited().asked_about();
            vec![
                ("Recording", WriteStage::Recording(Box::new(awaited()))),
                (
                    "Recording, asked about",
                    WriteStage::Recording(Box::new(asked)),
                ),
            ]
        }
        StageName::Sending => vec![
            ("Sending", sending(Some(INTENT), None)),
            ("Sending an undo", sending(Some(INTENT), Some(OTHER))),
            ("Sending without a record", sending(None, None)),
        ],
        StageName::Following => {
            let change = what().change;
            let follow = Follow::new(change, 0, Baseline::default(), None, began);
            let following = Following {
                what: what(),
                intent: Some(INTENT),
                follow,
            };
            vec![("Following", WriteStage::Following(Box::new(following)))]
        }
        StageName::Over => vec![(
            "Over",
            WriteStage::Over(Box::new(Finished {
                what: what(),
                words: "done".into(),
                is_good: true,
                since: began,
            })),
        )],
        StageName::Orphan => {
            let said = Some(("UNKNOWN".into(), began));
            vec![
                ("Orphan", orphan(said.clone(), ReadBackTime::Due(began))),
                ("Orphan, asked", orphan(said, ReadBackTime::Asked)),
                (
                    "Orphan of an earlier console",
                    orphan(None, ReadBackTime::Asked),
                ),
            ]
        }
    }
}

fn scaled(replicas: u32) -> Seen {
    Seen::Value {
        value: Some(replicas.to_string().into()),
        resource_version: Some(9),
    }
}

fn problem() -> Problem {
    Problem {
        class: ProblemClass::Unreachable,
        what: "no answer".into(),
        next: "wait".into(),
    }
}

fn answered(answer: Answer) -> WriteEvent {
    WriteEvent::Answered {
        answer,
        took_ms: 12,
    }
}

type Case = (&'static str, Model, WriteEvent);

/// Each event in all its kinds, with what the model shows at that time.
fn events(name: EventName) -> Vec<Case> {
    match name {
        EventName::Revisions => vec![
            (
                "Revisions, read",
                model(),
                WriteEvent::Revisions(Ok(Box::new(dialog()))),
            ),
            (
                "Revisions, none",
                model(),
                WriteEvent::Revisions(Err("no other revision".to_owned())),
            ),
            (
                "Revisions, too late",
                later(15_001),
                WriteEvent::Revisions(Ok(Box::new(dialog()))),
            ),
        ],
        EventName::Uncovered => vec![("Uncovered", model(), WriteEvent::Uncovered)],
        EventName::Yes => vec![
            ("Yes, allowed", model(), yes()),
            ("Yes, disarmed meanwhile", disarmed(), yes()),
        ],
        EventName::YesWithoutRecord => vec![(
            "YesWithoutRecord",
            model(),
            WriteEvent::YesWithoutRecord(second_yes()),
        )],
        EventName::No => vec![("No", model(), WriteEvent::No)],
        EventName::Saved => vec![
            ("Saved, its own", model(), WriteEvent::Saved(INTENT)),
            ("Saved, another", model(), WriteEvent::Saved(OTHER)),
        ],
        EventName::NotSaved => [("NotSaved, its own", INTENT), ("NotSaved, another", OTHER)]
            .into_iter()
            .map(|(name, entry)| {
                let why = "the disk is full".into();
                (name, model(), WriteEvent::NotSaved { entry, why })
            })
            .collect(),
        EventName::Answered => answers(),
        EventName::ReadBack => vec![
            (
                "ReadBack, read",
                model(),
                WriteEvent::ReadBack(Ok(scaled(5))),
            ),
            (
                "ReadBack, failed",
                model(),
                WriteEvent::ReadBack(Err(problem())),
            ),
        ],
        EventName::Settled => settled(),
    }
}

fn answers() -> Vec<Case> {
    let applied = Answer::Applied {
        resource_version: Some(9),
        tries: 1,
    };
    let refused = Answer::Refused {
        status: Some(403),
        problem: problem(),
    };
    let unknown = |seen| Answer::Unknown {
        problem: problem(),
        seen,
    };
    let mut asked = model();
    let waiting = WriteStage::Queued(Box::new(dialog()));
    asked.writes.begin(WriteId(2), waiting);
    let changed = |seen| answered(Answer::Changed { seen });
    vec![
        ("Answered applied", model(), answered(applied)),
        ("Answered changed", model(), changed(scaled(4))),
        ("Answered changed, one is queued", asked, changed(scaled(4))),
        (
            "Answered changed to the wanted",
            model(),
            changed(scaled(5)),
        ),
        ("Answered changed, paused", model(), changed(scaled(3))),
        ("Answered changed, gone", model(), changed(Seen::Gone)),
        ("Answered refused", model(), answered(refused)),
        ("Answered unknown", model(), answered(unknown(None))),
        (
            "Answered unknown, wanted",
            model(),
            answered(unknown(Some(scaled(5)))),
        ),
        (
            "Answered unknown, as before",
            model(),
            answered(unknown(Some(scaled(3)))),
        ),
    ]
}

fn settled() -> Vec<Case> {
    let mut elsewhere = model();
    elsewhere.cluster.context = "prod".into();
    let mut unconnected = model();
    unconnected.cluster.connection = None;
    let mut apart = model();
    apart.cluster.epoch += 1;
    let mut gone = model();
    gone.cluster.pods.health = Health::Live { heard: gone.now };
    gone.cluster.deployments.health = Health::Live { heard: gone.now };
    let mut done = model();
    done.cluster.pods.health = Health::Live { heard: done.now };
    done.cluster.deployments.health = Health::Live { heard: done.now };
    done.cluster.deployments.table.apply(row(), |_| Standing {
        key: SortKey::None,
        is_sick: false,
        is_listed: true,
        due: None,
    });
    let cases = [
        ("Settled at once", model()),
        ("Settled after 2 s", later(2_000)),
        ("Settled after 30 s", later(30_000)),
        ("Settled in another context", elsewhere),
        ("Settled without a connection", unconnected),
        ("Settled in another scope", apart),
        ("Settled, workload gone", gone),
        ("Settled, rollout done", done),
    ];
    let cases = cases.into_iter();
    cases
        .map(|(name, model)| (name, model, WriteEvent::Settled))
        .collect()
}

fn later(ms: u64) -> Model {
    let mut model = model();
    model.now = at(BEGAN_MS + ms);
    model
}

fn disarmed() -> Model {
    let mut model = model();
    model.settings.protected = vec!["dev".to_owned()];
    model
}

fn yes() -> WriteEvent {
    let actor = Actor::of(ActorKind::Human);
    let wall = at(BEGAN_MS).wall;
    let intent = Draft::new(INTENT, wall, actor, EntryKind::ActionIntent, "scale".into());
    WriteEvent::Yes {
        confirmed: confirmed(),
        undoes: None,
        intent: Box::new(intent),
    }
}

/// `checkout` with the five replicas that are wanted.
fn row() -> DeploymentRow {
    DeploymentRow {
        meta: Meta {
            uid: "u1".into(),
            namespace: "shop".into(),
            name: "checkout".into(),
            version: None,
            created: None,
        },
        generation: 7,
        observed_generation: 7,
        revision: None,
        change_cause: None,
        replicas: 5,
        is_paused: false,
        is_recreate: false,
        progress_deadline_s: 600,
        restarted_at: None,
        images: Box::default(),
        selector: Box::default(),
        labels: Box::default(),
        current: 5,
        updated: 5,
        ready: 5,
        available: 5,
        progressing: None,
        availability: None,
        replica_failure: None,
    }
}

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
    let mut text = format!("{}\n", stages(name)[at].0);
    let mut ignored = Vec::new();
    for event in EventName::iter() {
        let cases = events(event);
        let count = cases.len();
        let mut unanswered = Vec::new();
        for (case, model, what_happens) in cases {
            let (_, stage) = stages(name).remove(at);
            match cell(stage, &model, what_happens) {
                Some(line) => text += &format!("  {case} -> {line}\n"),
                None => unanswered.push(case.to_owned()),
            }
        }
        if unanswered.len() == count {
            unanswered = vec![format!("{event:?}")];
        }
        ignored.extend(unanswered);
    }
    text + &format!("  ignored: {}\n", ignored.join("; "))
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
