//! The timeline from the keyboard: notes, incidents, what is saved and what is not.

use harness::console::Console;
use harness::fixtures::{outage, stored};
use model::entry::Draft;
use model::incident::Incident;
use model::journal::{NoteDraft, Opening, StoreFailure, StoreHealth, StoreProblem, Token};
use model::kind::{Kind, Phase};
use model::message::{Effect, Msg, StoreEffect, StoreMsg};

/// A console whose store is open and has nothing.
fn open() -> Console {
    let mut console = Console::live(80, 24, outage());
    console.send(Msg::Store(StoreMsg::Opened(Box::default())));
    console.save_all();
    console
}

fn saves(console: &Console) -> Vec<(Token, Draft)> {
    let save = |effect: &Effect| match effect {
        Effect::Store(StoreEffect::Save { token, draft }) => Some((*token, (**draft).clone())),
        _ => None,
    };
    console.effects.iter().filter_map(save).collect()
}

fn full() -> StoreProblem {
    StoreProblem {
        class: StoreFailure::Full,
        what: "timeline.db: the disk is full".into(),
        next: "free some space".into(),
    }
}

fn open_incident(console: &mut Console) {
    console.type_keys("i");
    console.type_text("P1 checkout 5xx");
    console.type_keys("enter");
    console.save_all();
}

#[test]
fn a_note_is_written_with_its_severity_and_saved_by_one_key() {
    let mut console = open();
    console.type_keys("m");
    console.type_text("paged the database team");
    console.type_keys("alt-1 ctrl-s");
    let [(token, draft)] = &saves(&console)[..] else {
        panic!("{:?}", console.effects)
    };
    assert_eq!(
        (draft.kind, draft.title.raw()),
        (Kind::Note, "paged the database team")
    );
    assert_eq!(&*draft.severity.as_ref().unwrap().name, "P1");
    assert!(
        console.shows("saving"),
        "it is not called saved before the store says so"
    );
    let entry = Box::new(stored(draft));
    console.send(Msg::Store(StoreMsg::Saved {
        token: *token,
        entry,
    }));
    assert!(console.shows("‼ P1 paged the database team") && !console.shows("saving"));
}

#[test]
fn the_note_editor_at_80x24() {
    let mut console = open();
    console.type_keys("m");
    console.type_text("P1 @03:14 paged the database team");
    console.type_keys("enter");
    console.type_text("pool exhausted");
    console.save_all();
    insta::assert_snapshot!(console.screen());
}

#[test]
fn the_timeline_of_an_incident_at_120x40() {
    let mut console = Console::live(120, 40, outage());
    console.send(Msg::Store(StoreMsg::Opened(Box::default())));
    console.save_all();
    open_incident(&mut console);
    console.type_keys("m");
    console.type_text("P2 @03:14 paged the database team, which has the same alarm for every connection pool of the shop and looks at the primary now, while we keep an eye on checkout");
    console.type_keys("ctrl-s");
    console.save_all();
    console.advance(62_000);
    insta::assert_snapshot!(console.screen());
}

#[test]
fn a_note_that_cannot_be_saved_says_so_until_it_is() {
    let mut console = open();
    console.type_keys("m");
    console.type_text("rolled back by hand");
    console.type_keys("ctrl-s");
    let (token, draft) = saves(&console).remove(0);
    console.send(Msg::Store(StoreMsg::NotSaved {
        token,
        problem: full(),
        is_waiting: true,
    }));
    let health = StoreHealth {
        problem: Some(full()),
        waiting: 1,
        ..StoreHealth::default()
    };
    console.send(Msg::Store(StoreMsg::Health(health)));
    assert!(console.shows("NOT SAVED: 1") && console.shows("NOT SAVED rolled back by hand"));
    assert!(
        console.shows("the disk is full; free some space"),
        "{}",
        console.screen()
    );
    console.send(Msg::Store(StoreMsg::Saved {
        token,
        entry: Box::new(stored(&draft)),
    }));
    console.send(Msg::Store(StoreMsg::Health(StoreHealth::default())));
    assert!(!console.shows("NOT SAVED"), "{}", console.screen());
}

#[test]
fn a_save_without_an_answer_is_called_not_saved_after_two_seconds() {
    let mut console = open();
    console.type_keys("m");
    console.type_text("is it there?");
    console.type_keys("ctrl-s");
    assert!(!console.shows("NOT SAVED"));
    console.advance(2_100);
    assert!(console.shows("NOT SAVED YET is it there?"));
}

#[test]
fn a_note_that_was_refused_is_in_the_editor_again() {
    let mut console = open();
    console.type_keys("m");
    console.type_text("P2 one");
    console.type_keys("enter");
    console.type_text("two");
    console.type_keys("ctrl-s");
    let (token, _) = saves(&console).remove(0);
    console.send(Msg::Store(StoreMsg::NotSaved {
        token,
        problem: full(),
        is_waiting: false,
    }));
    assert!(console.shows("NOT SAVED: timeline.db"));
    console.type_keys("m");
    assert!(
        console.shows("one") && console.shows("two") && console.shows("[P2]"),
        "{}",
        console.screen()
    );
}

#[test]
fn esc_keeps_the_draft_and_so_does_the_disk() {
    let mut console = open();
    console.type_keys("m");
    console.type_text("half a sent");
    let kept = console
        .effects
        .iter()
        .rev()
        .find_map(|effect| match effect {
            Effect::Store(StoreEffect::KeepNote { note, .. }) => note.clone(),
            _ => None,
        });
    assert_eq!(kept.unwrap().text, "half a sent");
    assert!(console.shows("draft is not on disk yet"));
    console.save_all();
    assert!(console.shows("draft is on disk"));
    console.type_keys("esc");
    assert!(!console.shows("half a sent"));
    console.type_keys("m");
    assert!(console.shows("half a sent"));
}

#[test]
fn a_draft_of_a_console_that_died_is_offered() {
    let mut console = Console::live(80, 24, outage());
    let note_draft = Some(NoteDraft {
        text: "we were about to".into(),
        severity: Some("P0".into()),
    });
    console.send(Msg::Store(StoreMsg::Opened(Box::new(Opening {
        note_draft,
        ..Opening::default()
    }))));
    assert!(console.shows("a note was not finished"));
    console.type_keys("m");
    assert!(console.shows("we were about to") && console.shows("[P0]"));
}

#[test]
fn a_paste_into_a_note_is_text_and_never_keys() {
    let mut console = open();
    console.type_keys("m");
    console.send(Msg::Input(model::message::Input::Paste(
        "q\u{13}\n\u{1b}[31mred".into(),
    )));
    assert!(
        console.shows("q^S") && console.shows("^[[31mred"),
        "{}",
        console.screen()
    );
    assert!(saves(&console).is_empty());
}

#[test]
fn an_incident_needs_a_severity_and_a_title_and_its_clock_runs_in_the_header() {
    let mut console = open();
    console.type_keys("i");
    console.type_text("checkout 5xx");
    console.type_keys("enter");
    assert!(saves(&console).is_empty() && console.shows("missing: a severity"));
    console.type_keys("alt-1 enter");
    let (_, draft) = saves(&console).remove(0);
    assert_eq!(
        (draft.phase, draft.incident),
        (Some(Phase::Opened), Some(draft.id))
    );
    console.save_all();
    console.advance(62_000);
    assert!(
        console.shows("P1  checkout 5xx 00:01:02"),
        "{}",
        console.screen()
    );
}

#[test]
fn entries_belong_to_the_open_incident_and_to_the_day_after_it() {
    let mut console = open();
    open_incident(&mut console);
    let incident = console.model.timeline.incident.clone().unwrap().id;
    console.type_keys("m");
    console.type_text("inside");
    console.type_keys("ctrl-s");
    assert_eq!(saves(&console)[0].1.incident, Some(incident));
    console.save_all();
    console.type_keys("I");
    console.type_text("rolled back");
    console.type_keys("enter");
    let (_, closing) = saves(&console).remove(0);
    assert_eq!(
        (closing.phase, closing.title.raw()),
        (Some(Phase::Closed), "incident closed: rolled back")
    );
    console.save_all();
    assert_eq!(console.model.timeline.incident, None);
    console.type_keys("m");
    console.type_text("outside");
    console.type_keys("ctrl-s");
    assert_eq!(saves(&console)[0].1.incident, None);
}

#[test]
fn an_incident_that_another_console_opened_or_closed_is_ours_too() {
    let mut console = open();
    open_incident(&mut console);
    let open = console.model.timeline.incident.clone().unwrap();
    let elsewhere = console.model.timeline.person.clone();
    let id = console.model.timeline.ids.next(console.at.wall);
    let closing = model::incident::closing(id, console.at.wall, elsewhere, &open, "");
    console.send(Msg::Store(StoreMsg::Appended(vec![stored(&closing)])));
    assert_eq!(console.model.timeline.incident, None);
}

#[test]
fn start_and_stop_write_themselves_with_the_time_that_nobody_watched() {
    let mut console = Console::live(80, 24, outage());
    let last_recorded = Some("2026-03-01T03:12:00Z".parse().unwrap());
    console.send(Msg::Store(StoreMsg::Opened(Box::new(Opening {
        last_recorded,
        ..Opening::default()
    }))));
    console.type_keys("q");
    let mut titles = reported(&console);
    titles.retain(|title| title.starts_with("console"));
    assert_eq!(
        titles,
        [
            "console started on staging-eu; nothing observed 03:12:00 - 03:24:10",
            "console stopped"
        ]
    );
    assert_eq!(
        console.effects.last(),
        Some(&Effect::Quit),
        "the farewell goes first"
    );
}

#[test]
fn the_cursor_stays_on_its_entry_and_older_pages_are_read() {
    let mut console = open();
    for number in 0..30 {
        console.type_keys("m");
        console.type_text(&format!("note {number}"));
        console.type_keys("ctrl-s");
        console.save_all();
    }
    console.type_keys("5 up up");
    let selected = console.model.timeline.cursor.unwrap();
    let other = Draft {
        title: "from elsewhere".into(),
        ..console
            .model
            .timeline
            .entry(selected)
            .unwrap()
            .draft
            .clone()
    };
    let other = Draft {
        id: console.model.timeline.ids.next(console.at.wall),
        occurred_at: console.at.wall,
        ..other
    };
    console.send(Msg::Store(StoreMsg::Appended(vec![stored(&other)])));
    assert_eq!(console.model.timeline.cursor, Some(selected));
    assert!(console.shows("note 28"));
    console.effects.clear();
    console.model.timeline.is_whole = false;
    console.type_keys("g");
    let is_load = |effect: &Effect| matches!(effect, Effect::Store(StoreEffect::Load(_)));
    assert!(console.effects.iter().any(is_load));
    assert!(console.shows("console started"), "{}", console.screen());
}

#[test]
fn a_filter_narrows_the_timeline_and_counts_what_it_hides() {
    let mut console = open();
    open_incident(&mut console);
    console.type_keys("5 /");
    console.type_text("!console");
    assert!(console.shows("2 here, 1 hidden"), "{}", console.screen());
    assert!(console.shows("checkout 5xx") && !console.shows("console started"));
    console.type_keys("esc");
    assert!(console.shows("console started"));
}

/// What was given to the store to append.
fn appended(console: &Console) -> Vec<Draft> {
    let appended = console.effects.iter().filter_map(|effect| match effect {
        Effect::Store(StoreEffect::Append(drafts)) => Some(drafts),
        _ => None,
    });
    appended.flatten().cloned().collect()
}

/// Titles of it.
fn reported(console: &Console) -> Vec<String> {
    appended(console)
        .iter()
        .map(|draft| draft.title.raw().to_owned())
        .collect()
}

#[test]
fn what_was_sick_at_the_start_is_one_entry() {
    let console = Console::live(80, 24, outage());
    let reported = reported(&console);
    assert_eq!(reported.len(), 1, "{reported:?}");
    assert!(
        reported[0].starts_with("4 pods already sick at start: "),
        "{reported:?}"
    );
    assert!(
        reported[0].contains("shop/checkout crashing (2)"),
        "{reported:?}"
    );
}

#[test]
fn a_workload_that_turns_sick_is_told_once_with_a_count_and_again_when_it_is_well() {
    let mut console = Console::live(80, 24, Vec::new());
    let sick: Vec<_> = outage()
        .into_iter()
        .filter(|pod| pod.name.raw().starts_with("checkout"))
        .collect();
    console.upsert(sick.clone());
    assert!(
        reported(&console).is_empty(),
        "it waits for the other pods of the workload"
    );
    console.advance(6_000);
    let first = reported(&console);
    assert_eq!(first.len(), 1, "{first:?}");
    assert!(
        first[0].starts_with("checkout: 2 pods crashing: CrashLoopBackOff"),
        "{first:?}"
    );
    for pod in &sick {
        console.gone(&pod.uid);
    }
    console.advance(31_000);
    let both = reported(&console);
    assert_eq!(both.len(), 2, "{both:?}");
    assert!(
        both[1].starts_with("checkout: no longer crashing, 2 pods over"),
        "{both:?}"
    );
    let [sick, well] = &appended(&console)[..] else {
        panic!("{both:?}")
    };
    assert_eq!((sick.refers_to, well.refers_to), (None, Some(sick.id)));
}

#[test]
fn a_workload_that_looks_well_for_a_moment_is_not_told_as_well() {
    let mut console = Console::live(80, 24, Vec::new());
    let sick: Vec<_> = outage()
        .into_iter()
        .filter(|pod| pod.name.raw().starts_with("checkout"))
        .collect();
    console.upsert(sick.clone());
    console.advance(6_000);
    for _ in 0..3 {
        for pod in &sick {
            console.gone(&pod.uid);
        }
        console.advance(10_000);
        console.upsert(sick.clone());
        console.advance(10_000);
    }
    assert_eq!(reported(&console).len(), 1, "{:?}", reported(&console));
}

#[test]
fn enter_on_an_entry_shows_it_whole_and_y_copies_its_title() {
    let mut console = open();
    console.type_keys("m");
    console.type_text("P2 paged the database team");
    console.type_keys("enter");
    console.type_text("pool exhausted");
    console.type_keys("ctrl-s");
    console.save_all();
    console.type_keys("5 enter");
    for words in [
        "╭ Note ─",
        "paged the database team",
        "severity    P2",
        "exhausted",
        "number      1 of w",
    ] {
        assert!(console.shows(words), "{words}\n{}", console.screen());
    }
    console.type_keys("y");
    assert_eq!(
        console.effects.last(),
        Some(&Effect::Copy("paged the database team".into()))
    );
    console.type_keys("esc");
    assert!(!console.shows("Entry note"));
}

#[test]
fn a_note_made_while_its_incident_is_still_being_saved_belongs_to_it() {
    let mut console = open();
    console.type_keys("i");
    console.type_text("P1 checkout 5xx");
    console.type_keys("enter m");
    console.type_text("paged the database team");
    console.type_keys("ctrl-s");
    let saves = saves(&console);
    let (opening, note) = (&saves[saves.len() - 2].1, &saves[saves.len() - 1].1);
    assert_eq!(
        (opening.phase, note.kind),
        (Some(Phase::Opened), Kind::Note)
    );
    assert_eq!(note.incident, Some(opening.id));
}

#[test]
fn an_incident_that_another_console_opened_or_closed_is_taken_over() {
    let mut other = open();
    other.type_keys("i");
    other.type_text("P1 checkout 5xx");
    other.type_keys("enter");
    let (_, opened) = &saves(&other)[0];
    let opening = Incident::opened_by(opened).unwrap();
    let mut console = Console::live(80, 24, outage());
    console.send(Msg::Store(StoreMsg::Opened(Box::default())));
    console.send(Msg::Store(StoreMsg::Appended(vec![stored(opened)])));
    assert_eq!(console.model.timeline.incident.as_ref(), Some(&opening));
    assert!(console.shows("another console opened the incident"));
    console.type_keys("m");
    console.type_text("here as well");
    console.type_keys("ctrl-s");
    let (_, note) = saves(&console).pop().unwrap();
    assert_eq!(note.incident, Some(opening.id));
    let closed = Draft {
        id: model::entry::Ids::seeded(9).next(opened.occurred_at),
        phase: Some(Phase::Closed),
        incident: Some(opening.id),
        ..opened.clone()
    };
    console.send(Msg::Store(StoreMsg::Appended(vec![stored(&closed)])));
    assert_eq!(console.model.timeline.incident, None);
    assert!(console.shows("another console closed the incident"));
}
