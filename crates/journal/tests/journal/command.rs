//! The timeline from the command line.

use chrono::{DateTime, TimeDelta, Utc};
use journal::command::{self, FAILED, Format, MISUSED, Part, Writer};
use journal::store::directory::StateDir;
use journal::store::disk::{FILE, Identity};
use model::entry::Actor;
use model::incident;
use model::journal::Token;
use model::kind::ActorKind;
use model::message::StoreEffect;
use model::severity::Scheme;

use crate::bench::{Bench, fresh};

fn writer() -> Writer {
    Writer {
        identity: Identity::default(),
        actor: Actor {
            user: Some("kate".into()),
            ..Actor::of(ActorKind::Human)
        },
        seed: fastrand::u64(..),
    }
}

fn open_incident(state: &StateDir) -> String {
    let mut bench = Bench::open(state);
    let now = Utc::now();
    let opening = incident::opening(
        bench.ids.next(now),
        now,
        writer().actor,
        "checkout 5xx".into(),
        Scheme::default().level(1).unwrap(),
    );
    bench.store.run(StoreEffect::Save {
        token: Token(1),
        draft: Box::new(opening),
    });
    let id = bench.saved(1).draft.id.to_string();
    bench.close();
    id
}

fn note(state: &StateDir, text: &str, now: DateTime<Utc>) -> String {
    command::note(state, text, None, &writer(), now.fixed_offset())
        .unwrap()
        .text
}

#[test]
fn a_note_goes_into_the_journal_and_under_the_incident_once_one_is_open() {
    let (_keep, state) = fresh();
    let now = Utc::now();
    assert!(note(&state, "before", now).contains("in the journal of"));
    let incident = open_incident(&state);
    assert!(note(&state, "P2 during", now).contains(&incident));
    let markdown = command::export(&state, &Part::default(), Format::Markdown, Utc::now())
        .unwrap()
        .text;
    assert!(
        markdown.starts_with("# checkout 5xx\n")
            && markdown.contains("during")
            && !markdown.contains("before")
    );
    let named = Part {
        incident: Some(incident),
        ..Part::default()
    };
    assert!(
        command::export(&state, &named, Format::Json, now)
            .unwrap()
            .text
            .contains("\"during\"")
    );
}

#[test]
fn without_an_incident_the_export_is_the_journal_of_the_day() {
    let (_keep, state) = fresh();
    let now: DateTime<Utc> = Utc::now();
    note(&state, "today", now);
    note(&state, "the day before", now - TimeDelta::days(1));
    let markdown = command::export(&state, &Part::default(), Format::Markdown, now)
        .unwrap()
        .text;
    assert!(markdown.starts_with("# Journal of ") || markdown.starts_with("# Journal"));
    assert!(markdown.contains("today") && !markdown.contains("the day before"));
    let part = Part {
        since: Some(now - TimeDelta::days(2)),
        ..Part::default()
    };
    assert_eq!(
        command::timeline(&state, &part, Format::Text, now)
            .unwrap()
            .text
            .lines()
            .count(),
        2
    );
}

#[test]
fn what_cannot_be_is_said_with_what_can() {
    let (_keep, state) = fresh();
    let now = Utc::now();
    let id = open_incident(&state);
    let export = |part: Part| command::export(&state, &part, Format::Markdown, now).unwrap_err();
    let wrong = export(Part {
        incident: Some("x\u{1b}[2J".into()),
        ..Part::default()
    });
    assert_eq!(wrong.code, MISUSED);
    assert!(wrong.words.contains("x^[[2J is not the id"), "{wrong}");
    let unknown = export(Part {
        incident: Some("01HF7YAT5BZ6V8Q2N4K0M1R3S5".into()),
        ..Part::default()
    });
    assert!(unknown.words.contains(&id), "{unknown}");
    let turned = export(Part {
        since: Some(now),
        until: Some(now - TimeDelta::hours(1)),
        ..Part::default()
    });
    assert_eq!(turned.words, "--since must be before --until");
    let level = command::note(&state, "x", Some("P9"), &writer(), now.fixed_offset()).unwrap_err();
    assert_eq!(
        level.words,
        "P9 is not a severity; there are P0, P1, P2, P3, P4"
    );
    assert_eq!(
        command::note(&state, "  \n ", None, &writer(), now.fixed_offset())
            .unwrap_err()
            .code,
        MISUSED
    );
}

#[test]
fn verify_names_the_entry_that_was_altered() {
    let (_keep, state) = fresh();
    note(&state, "as it was", Utc::now());
    assert_eq!(
        command::verify(&state).unwrap(),
        "1 entries of 1 consoles: all as they were written\n"
    );
    let intruder = rusqlite::Connection::open(state.path().join(FILE)).unwrap();
    intruder
        .execute_batch("DROP TRIGGER entry_never_changes; UPDATE entry SET title = 'as it suits';")
        .unwrap();
    let failure = command::verify(&state).unwrap_err();
    assert_eq!(failure.code, FAILED);
    assert!(
        failure.words.contains("was altered after it was written"),
        "{failure}"
    );
}
