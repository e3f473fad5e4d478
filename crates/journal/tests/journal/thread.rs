//! The store from outside: requests in, answers out, two processes on one file.

use chrono::{TimeDelta, Utc};
use journal::command::{self, Writer};
use journal::store::disk::{Disk, Identity};
use journal::store::query;
use model::entry::{Actor, Draft, EntryId, EntryTarget};
use model::journal::{NoteDraft, Opening, Range, StoreFailure, Token};
use model::kind::{ActorKind, Kind, Phase};
use model::message::{StoreEffect, StoreMsg};
use text::Outside;

use crate::bench::{Bench, fresh};

fn opening(bench: &Bench) -> Opening {
    bench.wait(|message| match message {
        StoreMsg::Opened(opening) => Some(*opening),
        _ => None,
    })
}

fn incident(bench: &mut Bench, phase: Phase, of: Option<EntryId>) -> Draft {
    let mut draft = bench.draft(Kind::PhaseChange, "checkout 5xx");
    draft.phase = Some(phase);
    draft.incident = of.or(Some(draft.id));
    draft
}

#[test]
fn a_saved_note_is_there_when_the_file_is_opened_again() {
    let (_keep, state) = fresh();
    let mut bench = Bench::open(&state);
    assert_eq!(opening(&bench), Opening::default());
    bench.save(1, "paged the database team");
    let entry = bench.saved(1);
    bench.close();
    let again = opening(&Bench::open(&state));
    assert_eq!(
        (again.recent.as_slice(), again.last_recorded),
        ([entry.clone()].as_slice(), Some(entry.recorded_at))
    );
}

#[test]
fn machine_entries_come_back_and_the_same_fact_only_once() {
    let (_keep, state) = fresh();
    let mut bench = Bench::open(&state);
    let mut fact = bench.draft(Kind::Rollout, "rollout r42 seen");
    (fact.source, fact.origin) = (Some("rollouts".into()), Some("uid/42".into()));
    let again = Draft {
        id: bench.draft(Kind::Rollout, "").id,
        ..fact.clone()
    };
    let other = bench.draft(Kind::Event, "BackOff");
    bench.store.run(StoreEffect::Append(vec![fact.clone()]));
    bench
        .store
        .run(StoreEffect::Append(vec![again, other.clone()]));
    let mut ids = Vec::new();
    bench.wait(|message| {
        if let StoreMsg::Appended(entries) = message {
            ids.extend(entries.iter().map(|entry| entry.draft.id));
        }
        ids.contains(&other.id).then_some(())
    });
    assert_eq!(ids, [fact.id, other.id]);
}

#[test]
fn the_end_of_a_fact_that_another_console_told_refers_to_its_entry() {
    let (_keep, state) = fresh();
    let (mut mine, mut other) = (Bench::open(&state), Bench::open(&state));
    let mut fact = other.draft(Kind::Rollout, "rollout r42 seen");
    (fact.source, fact.origin) = (Some("rollouts".into()), Some("uid/42".into()));
    let appended = |bench: &Bench| {
        bench.wait(|message| match message {
            StoreMsg::Appended(entries) => entries.last().map(|entry| entry.draft.clone()),
            _ => None,
        })
    };
    other.store.run(StoreEffect::Append(vec![fact.clone()]));
    appended(&other);
    let same = Draft {
        id: mine.draft(Kind::Rollout, "").id,
        ..fact.clone()
    };
    let end = Draft {
        refers_to: Some(same.id),
        ..mine.draft(Kind::Rollout, "rollout r42 done")
    };
    mine.store.run(StoreEffect::Append(vec![same, end.clone()]));
    let stored = mine.wait(|message| match message {
        StoreMsg::Appended(entries) => entries
            .into_iter()
            .find(|entry| entry.draft.id == end.id)
            .map(|entry| entry.draft),
        _ => None,
    });
    assert_eq!(stored.refers_to, Some(fact.id));
}

#[test]
fn a_second_incident_is_refused_while_one_is_open() {
    let (_keep, state) = fresh();
    let (mut mine, mut other) = (Bench::open(&state), Bench::open(&state));
    let first = incident(&mut mine, Phase::Opened, None);
    mine.store.run(StoreEffect::Save {
        token: Token(1),
        draft: Box::new(first.clone()),
    });
    mine.saved(1);
    let second = incident(&mut other, Phase::Opened, None);
    other.store.run(StoreEffect::Save {
        token: Token(2),
        draft: Box::new(second),
    });
    let refusal = other.wait(|message| match message {
        StoreMsg::NotSaved {
            token: Token(2),
            problem,
            is_waiting,
        } => Some((problem.class, is_waiting)),
        _ => None,
    });
    assert_eq!(refusal, (StoreFailure::Refused, false));
    assert_eq!(
        opening(&Bench::open(&state))
            .incident
            .map(|entry| entry.draft.id),
        Some(first.id)
    );
    let closing = incident(&mut other, Phase::Closed, Some(first.id));
    other.store.run(StoreEffect::Save {
        token: Token(3),
        draft: Box::new(closing),
    });
    other.saved(3);
    assert_eq!(opening(&Bench::open(&state)).incident, None);
}

#[test]
fn entries_of_another_process_appear_by_themselves() {
    let (_keep, state) = fresh();
    let (mine, mut other) = (Bench::open(&state), Bench::open(&state));
    opening(&mine);
    other.save(1, "written elsewhere");
    let id = other.saved(1).draft.id;
    let seen = mine.wait(|message| match message {
        StoreMsg::Appended(entries) => Some(entries),
        _ => None,
    });
    assert_eq!(
        seen.iter().map(|entry| entry.draft.id).collect::<Vec<_>>(),
        [id]
    );
}

#[test]
fn an_intent_without_a_result_is_unknown_when_its_process_is_gone() {
    let (_keep, state) = fresh();
    let mut bench = Bench::open(&state);
    let (done, lost) = (
        bench.draft(Kind::ActionIntent, "scale 3 -> 5"),
        bench.draft(Kind::ActionIntent, "restart"),
    );
    let result = Draft {
        refers_to: Some(done.id),
        ..bench.draft(Kind::ActionResult, "applied")
    };
    for (token, draft) in [(1, done), (2, lost.clone()), (3, result)] {
        bench.store.run(StoreEffect::Save {
            token: Token(token),
            draft: Box::new(draft),
        });
    }
    bench.saved(3);
    bench.close();
    let disk = Disk::open(
        &state,
        &Identity {
            host: Some("elsewhere".into()),
            user: None,
        },
    )
    .unwrap();
    let (opening, ..) = disk.opening().unwrap();
    assert_eq!(
        opening
            .unknown_intents
            .iter()
            .map(|entry| entry.draft.id)
            .collect::<Vec<_>>(),
        [lost.id]
    );
}

#[test]
fn older_entries_come_by_the_page() {
    let (_keep, state) = fresh();
    let mut bench = Bench::open(&state);
    for number in 0..5 {
        bench.save(number, &format!("note {number}"));
    }
    let newest = bench.saved(4);
    let range = Range {
        before: Some((newest.draft.occurred_at, newest.draft.id)),
        limit: Some(2),
        ..Range::default()
    };
    bench.store.run(StoreEffect::Load(range.clone()));
    let titles = bench.wait(|message| match message {
        StoreMsg::Page {
            range: answered,
            entries,
            ..
        } if answered == range => Some(
            entries
                .into_iter()
                .map(|entry| entry.draft.title)
                .collect::<Vec<_>>(),
        ),
        _ => None,
    });
    assert_eq!(titles, [Outside::from("note 2"), Outside::from("note 3")]);
}

#[test]
fn a_note_that_was_being_written_is_offered_to_the_next_console_only_when_its_own_is_gone() {
    let (_keep, state) = fresh();
    let writing = Bench::open(&state);
    let note = NoteDraft {
        text: "half a sent".into(),
        severity: Some("P1".into()),
    };
    writing.store.run(StoreEffect::KeepNote {
        revision: 1,
        note: Some(NoteDraft::default()),
    });
    writing.store.run(StoreEffect::KeepNote {
        revision: 2,
        note: Some(note.clone()),
    });
    writing.wait(|message| matches!(message, StoreMsg::NoteKept { revision: 2 }).then_some(()));
    assert_eq!(
        opening(&Bench::open(&state)).note_draft,
        None,
        "its console still runs"
    );
    writing.close();
    let next = Bench::open(&state);
    assert_eq!(opening(&next).note_draft, Some(note));
    next.store.run(StoreEffect::KeepNote {
        revision: 1,
        note: None,
    });
    next.wait(|message| matches!(message, StoreMsg::NoteKept { revision: 1 }).then_some(()));
    next.close();
    assert_eq!(opening(&Bench::open(&state)).note_draft, None);
}

#[test]
fn a_note_that_was_saved_is_no_draft_at_the_next_start() {
    let (_keep, state) = fresh();
    let mut writing = Bench::open(&state);
    let note = NoteDraft {
        text: "P2 @03:14 DB_PASSWORD=hunter22 was wrong\nrolled back".into(),
        severity: None,
    };
    writing.store.run(StoreEffect::KeepNote {
        revision: 1,
        note: Some(note),
    });
    writing.wait(|message| matches!(message, StoreMsg::NoteKept { revision: 1 }).then_some(()));
    let draft = Draft {
        body: Some("rolled back".into()),
        ..writing.draft(Kind::Note, "DB_PASSWORD=hunter22 was wrong")
    };
    writing.store.run(StoreEffect::Save {
        token: Token(1),
        draft: Box::new(draft),
    });
    writing.saved(1);
    writing.close(); // before the console came to take the draft away
    assert_eq!(opening(&Bench::open(&state)).note_draft, None);
    let names = std::fs::read_dir(state.path()).unwrap();
    let left = names.filter(|entry| {
        let name = entry.as_ref().unwrap().file_name();
        name.to_string_lossy().starts_with("note-draft")
    });
    assert_eq!(left.count(), 0);
}

#[test]
fn a_note_under_an_incident_that_was_refused_belongs_to_the_open_one() {
    let (_keep, state) = fresh();
    let mut bench = Bench::open(&state);
    let mut opening = |token: u64| {
        let draft = incident(&mut bench, Phase::Opened, None);
        let id = draft.id;
        bench.store.run(StoreEffect::Save {
            token: Token(token),
            draft: Box::new(draft),
        });
        id
    };
    let (open, refused) = (opening(1), opening(2));
    let note = Draft {
        incident: Some(refused),
        ..bench.draft(Kind::Note, "made meanwhile")
    };
    bench.store.run(StoreEffect::Save {
        token: Token(3),
        draft: Box::new(note),
    });
    assert_eq!(bench.saved(3).draft.incident, Some(open));
}

#[test]
fn secrets_never_reach_the_disk_and_their_number_does() {
    let (_keep, state) = fresh();
    let mut bench = Bench::open(&state);
    let mut draft = bench.draft(Kind::Note, "logged in as postgres://app:hunter2@db/shop");
    draft.body = Some("export API_TOKEN=hunter2hunter2".into());
    bench.store.run(StoreEffect::Save {
        token: Token(1),
        draft: Box::new(draft),
    });
    let entry = bench.saved(1);
    assert_eq!(
        entry
            .draft
            .redactions
            .iter()
            .map(|one| one.count)
            .sum::<u32>(),
        2
    );
    bench.close();
    for file in std::fs::read_dir(state.path()).unwrap() {
        let bytes = std::fs::read(file.unwrap().path()).unwrap();
        assert!(memchr::memmem::find(&bytes, b"hunter2").is_none());
    }
}

#[test]
fn writers_in_one_file_each_count_without_a_gap() {
    const EACH: u64 = 200;
    let (_keep, state) = fresh();
    let mut benches: Vec<Bench> = (0..3).map(|_| Bench::open(&state)).collect();
    for bench in &mut benches {
        for token in 0..EACH {
            bench.save(token, "load");
        }
    }
    for bench in benches {
        bench.saved(EACH - 1);
        bench.close();
    }
    let file = rusqlite::Connection::open(state.path().join("timeline.db")).unwrap();
    let per_writer: Vec<(u64, u64)> = {
        let mut found = file
            .prepare("SELECT count(*), max(seq) FROM entry GROUP BY writer")
            .unwrap();
        found
            .query_map([], |row| {
                Ok((
                    u64::try_from(row.get::<_, i64>(0)?).unwrap(),
                    u64::try_from(row.get::<_, i64>(1)?).unwrap(),
                ))
            })
            .unwrap()
            .map(Result::unwrap)
            .collect()
    };
    assert_eq!(per_writer, vec![(EACH, EACH); 3]);
    assert_eq!(
        journal::store::verify::verify(&file).unwrap().faults,
        Vec::<String>::new()
    );
    let page = query::page(
        &file,
        &Range {
            since: Some(chrono::Utc::now() - TimeDelta::hours(1)),
            ..Range::default()
        },
    )
    .unwrap();
    assert_eq!((page.entries.len() as u64, page.unreadable), (3 * EACH, 0));
}

#[test]
fn a_console_learns_what_others_watch_now_and_how_the_one_before_ended() {
    let (_keep, state) = fresh();
    let mut first = Bench::open(&state);
    let none = opening(&first);
    assert_eq!((none.last_recorded, none.is_end_unknown), (None, false));
    let target = EntryTarget {
        context: Some("prod-eu".into()),
        ..EntryTarget::default()
    };
    let append = |bench: &mut Bench, kind: Kind| {
        let draft = bench.draft(kind, "console");
        let draft = Draft {
            source: Some("console".into()),
            target: Some(target.clone()),
            ..draft
        };
        let id = draft.id;
        bench.store.run(StoreEffect::Append(vec![draft]));
        bench.wait(|message| match message {
            StoreMsg::Appended(entries) => entries.into_iter().find(|entry| entry.draft.id == id),
            _ => None,
        })
    };
    append(&mut first, Kind::ConsoleStart);
    let second = Bench::open(&state);
    let seen = opening(&second);
    assert_eq!(seen.watched, std::slice::from_ref(&target));
    assert!(seen.is_end_unknown);
    second.close();
    // It ended without a word: nobody watches, and since when is not known.
    first.close();
    let mut third = Bench::open(&state);
    let seen = opening(&third);
    assert_eq!((seen.watched.len(), seen.is_end_unknown), (0, true));
    let stopped = append(&mut third, Kind::ConsoleStop);
    third.close();
    // A note of the shell is not written by somebody who watches.
    let writer = Writer {
        identity: Identity::default(),
        actor: Actor::of(ActorKind::Human),
        seed: 5,
    };
    command::note(&state, "later", None, &writer, Utc::now().fixed_offset()).unwrap();
    let seen = opening(&Bench::open(&state));
    assert_eq!(
        (seen.last_recorded, seen.is_end_unknown),
        (Some(stopped.recorded_at), false)
    );
}
