//! Each event in all its kinds, with what the model shows at that time: a new one does not compile until it is here.

use super::samples::{BEGAN_MS, INTENT, OTHER, at, confirmed, dialog, model, row, second_yes};
use crate::Model;
use crate::cluster::{Health, Problem, ProblemClass};
use crate::entry::{Actor, Draft};
use crate::kind::{ActorKind, Kind};
use crate::table::{SortKey, Standing};
use crate::write::stage::WriteStage;
use crate::write::step::{EventName, WriteEvent};
use crate::write::{SeenValue, WriteAnswer, WriteId};

fn scaled(replicas: u32) -> SeenValue {
    SeenValue::Value {
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

fn answered(answer: WriteAnswer) -> WriteEvent {
    WriteEvent::Answered {
        answer,
        took_ms: 12,
    }
}

pub(super) type Case = (&'static str, Model, WriteEvent);

/// Each event in all its kinds, with what the model shows at that time.
pub(super) fn events(name: EventName) -> Vec<Case> {
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
                "ReadBack, as wanted",
                model(),
                WriteEvent::ReadBack(Ok(scaled(5))),
            ),
            (
                "ReadBack, as before",
                model(),
                WriteEvent::ReadBack(Ok(scaled(3))),
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
    let applied = WriteAnswer::Applied {
        resource_version: Some(9),
        tries: 1,
    };
    let refused = WriteAnswer::Refused {
        status: Some(403),
        problem: problem(),
    };
    let unknown = |seen| WriteAnswer::Unknown {
        problem: problem(),
        seen,
    };
    let mut asked = model();
    let waiting = WriteStage::Queued(Box::new(dialog()));
    asked.writes.begin(WriteId(2), waiting);
    let changed = |seen| answered(WriteAnswer::Changed { seen });
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
        ("Answered changed, gone", model(), changed(SeenValue::Gone)),
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
        aside: None,
        due: None,
    });
    let cases = vec![
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
    let intent = Draft::new(INTENT, wall, actor, Kind::ActionIntent, "scale".into());
    WriteEvent::Yes {
        confirmed: confirmed(),
        undoes: None,
        intent: Box::new(intent),
    }
}
