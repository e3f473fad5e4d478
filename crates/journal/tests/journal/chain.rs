//! The chain: frozen by a golden vector, and `verify` finds what was touched.

use chrono::DateTime;
use journal::store::append::Appended;
use journal::store::directory::StateDir;
use journal::store::disk::{Disk, FILE, Identity};
use journal::store::row::Stamp;
use journal::store::{chain, query, row, verify};
use model::alerts::{AlertId, AlertOrigin};
use model::entry::{Actor, Draft, EntryChange, EntryId, Ids};
use model::kind::{ActorKind, Kind, Outcome, RolloutEnd};
use model::severity::Scheme;
use rusqlite::types::Value;
use rusqlite::{Connection, params_from_iter};
use text::Outside;

fn golden() -> Draft {
    let at = DateTime::from_timestamp_millis(1_700_000_000_123).unwrap();
    let id: EntryId = "01HF7YAT5BZ6V8Q2N4K0M1R3S5".parse().unwrap();
    let actor = Actor {
        user: Some("kate".into()),
        ..Actor::of(ActorKind::Human)
    };
    Draft {
        severity: Scheme::default().level(1),
        body: Some("pool exhausted".into()),
        change: Some(EntryChange {
            diff: Some("-1.9.1\n+1.9.2".into()),
            revision_to: Some(42),
            ..EntryChange::default()
        }),
        ..Draft::new(
            id,
            at,
            actor,
            Kind::Note,
            Outside::from("paged the database team"),
        )
    }
}

/// The expected values come from an independent implementation of the format (Python's hashlib over the documented bytes).
#[test]
fn the_hash_of_a_given_entry_never_changes() {
    let draft = golden();
    let stamp = Stamp {
        writer: "W".into(),
        seq: 7,
        recorded_at: draft.occurred_at,
    };
    let digests =
        row::texts(&draft).map(|text| text.map(|text| chain::text_digest("body", &[5; 16], &text)));
    let hash = chain::entry_hash(&[9; 32], &row::columns(&draft, &stamp, digests));
    assert_eq!(
        chain::hex(&chain::text_digest("body", &[5; 16], "pool exhausted")),
        "20bd85949968aaf279296acc29f0fd0a35bb97788685089f17383358e666cc00"
    );
    assert_eq!(
        chain::hex(&hash),
        "c1ba5997e8f17acd67fcb1a00247fa72140b5d44f98e3f82284002b038b00eb5"
    );
}

fn fresh() -> (tempfile::TempDir, StateDir) {
    let dir = tempfile::tempdir().unwrap();
    let state = StateDir::at(dir.path().join("state"));
    (dir, state)
}

fn write(state: &StateDir, count: u64) -> Vec<EntryId> {
    let mut disk = Disk::open(state, &Identity::default()).unwrap();
    let mut ids = Ids::seeded(count);
    let drafts: Vec<Draft> = (0..count)
        .map(|_| Draft {
            id: ids.next(golden().occurred_at),
            ..golden()
        })
        .collect();
    let done = disk.append(&drafts).unwrap();
    assert!(done.iter().all(|one| matches!(one, Appended::Stored(_))));
    drafts.iter().map(|draft| draft.id).collect()
}

/// The file as an intruder sees it: without our triggers.
fn tampered(state: &StateDir, sql: &str) -> verify::Report {
    let intruder = Connection::open(state.path().join(FILE)).unwrap();
    intruder.execute_batch("DROP TRIGGER entry_never_changes; DROP TRIGGER entry_never_leaves; DROP TRIGGER text_never_changes;").unwrap();
    intruder.execute_batch(sql).unwrap();
    verify::verify(&intruder).unwrap()
}

#[test]
fn what_is_written_comes_back_equal() {
    let (_keep, state) = fresh();
    let mut disk = Disk::open(&state, &Identity::default()).unwrap();
    let done = disk.append(&[golden()]).unwrap();
    let Appended::Stored(entry) = &done[0] else {
        panic!("{done:?}")
    };
    assert_eq!(entry.draft, golden());
    assert_eq!(
        disk.append(&[golden()]).unwrap(),
        done,
        "appending the same id again stores nothing new"
    );
}

#[test]
fn an_untouched_file_verifies() {
    let (_keep, state) = fresh();
    write(&state, 10);
    write(&state, 5);
    let report = tampered(&state, "");
    assert_eq!(
        (report.entries, report.writers, report.faults),
        (15, 2, vec![])
    );
}

#[test]
fn a_changed_title_is_found() {
    let (_keep, state) = fresh();
    let ids = write(&state, 10);
    let report = tampered(
        &state,
        &format!(
            "UPDATE entry SET title = 'all well' WHERE id = '{}'",
            ids[4]
        ),
    );
    assert!(
        report
            .faults
            .iter()
            .any(|fault| fault.contains(&ids[4].to_string())),
        "{report:?}"
    );
}

#[test]
fn a_changed_text_is_found_and_one_taken_out_is_not_a_fault() {
    let (_keep, state) = fresh();
    let ids = write(&state, 3);
    let report = tampered(
        &state,
        &format!(
            "UPDATE entry_text SET salt = NULL, text = NULL WHERE entry = '{}' AND part = 'body'",
            ids[1]
        ),
    );
    assert_eq!((report.redacted, report.faults), (1, vec![]));
    let report = tampered_again(
        &state,
        &format!(
            "UPDATE entry_text SET text = 'x' WHERE entry = '{}' AND part = 'diff'",
            ids[2]
        ),
    );
    assert_eq!(report.faults.len(), 1);
}

fn tampered_again(state: &StateDir, sql: &str) -> verify::Report {
    let intruder = Connection::open(state.path().join(FILE)).unwrap();
    intruder.execute_batch(sql).unwrap();
    verify::verify(&intruder).unwrap()
}

#[test]
fn a_missing_entry_is_found_and_so_is_a_missing_writer() {
    let (_keep, state) = fresh();
    let ids = write(&state, 5);
    write(&state, 2);
    let gap = tampered(
        &state,
        &format!(
            "PRAGMA foreign_keys = OFF; DELETE FROM entry WHERE id = '{}'",
            ids[2]
        ),
    );
    assert_eq!(gap.faults.len(), 1, "{gap:?}");
    let beginning = tampered_again(
        &state,
        &format!(
            "PRAGMA foreign_keys = OFF; DELETE FROM entry WHERE id IN ('{}', '{}')",
            ids[3], ids[4]
        ),
    );
    assert!(
        beginning
            .faults
            .iter()
            .any(|fault| fault.contains("first of writer")),
        "the later writer follows what is gone: {beginning:?}"
    );
}

#[test]
fn the_file_itself_refuses_to_forget() {
    let (_keep, state) = fresh();
    write(&state, 1);
    let file = Connection::open(state.path().join(FILE)).unwrap();
    assert!(file.execute("DELETE FROM entry", []).is_err());
    assert!(file.execute("UPDATE entry SET title = 'x'", []).is_err());
    assert!(
        file.execute("UPDATE entry_text SET text = 'x'", [])
            .is_err()
    );
    assert!(file.execute("DELETE FROM entry_text", []).is_err());
}

/// A row of each kind that says more in its columns today, as older versions wrote it, hash and all.
#[test]
fn rows_of_older_versions_are_read_and_hold() {
    let (_keep, state) = fresh();
    let id = write(&state, 1)[0];
    let intent =
        r#"{"before":"3","after":"5","diff":null,"revision_from":null,"revision_to":null}"#;
    let rows = [
        (
            "01HF7YAT5BZ6V8Q2N4K0M1R3A1",
            "action.intent",
            None,
            Some(intent),
            None,
            None,
        ),
        (
            "01HF7YAT5BZ6V8Q2N4K0M1R3A2",
            "action.result",
            None,
            None,
            Some(r#"["not-applied"]"#),
            Some(id),
        ),
        (
            "01HF7YAT5BZ6V8Q2N4K0M1R3A3",
            "change.rollout",
            Some("uid/42/stuck"),
            None,
            Some(r#"["stuck"]"#),
            Some(id),
        ),
        (
            "01HF7YAT5BZ6V8Q2N4K0M1R3A4",
            "alert.resolved",
            Some("resolved/group/12/c0ffee/5/3"),
            None,
            None,
            None,
        ),
    ];
    let file = Connection::open(state.path().join(FILE)).unwrap();
    let mut prev: chain::Hash = file
        .query_row("SELECT hash FROM entry", [], |row| row.get(0))
        .unwrap();
    let writer: String = file
        .query_row("SELECT writer FROM entry", [], |row| row.get(0))
        .unwrap();
    for (number, (id, kind, origin, change, tags, refers_to)) in rows.iter().enumerate() {
        let text = |text: Option<&str>| text.map_or(Value::Null, |text| Value::Text(text.into()));
        let columns: Vec<Value> = row::COLUMNS
            .iter()
            .map(|column| match *column {
                "format" => Value::Integer(1),
                "writer" => text(Some(&writer)),
                "seq" => Value::Integer(i64::try_from(number).unwrap() + 2),
                "id" => text(Some(id)),
                "occurred_at" | "recorded_at" => Value::Integer(1_700_000_000_123),
                "kind" => text(Some(kind)),
                "title" => text(Some("as it was")),
                "actor" => text(Some(
                    r#"{"kind":"human","user":"kate","host":null,"ssh_client":null,"sudo_user":null,"kube_user":null}"#,
                )),
                "source" => text(origin.map(|_| "alertmanager")),
                "origin" => text(*origin),
                "change" => text(*change),
                "tags" => text(*tags),
                "pinned" => Value::Integer(0),
                "visibility" => text(Some("internal")),
                "refers_to" => refers_to.map_or(Value::Null, |id| Value::Text(id.to_string())),
                _ => Value::Null,
            })
            .collect();
        let hash = chain::entry_hash(&prev, &columns);
        let marks = vec!["?"; columns.len() + 2].join(", ");
        let names = row::COLUMNS.join(", ");
        let own = [Value::Blob(prev.to_vec()), Value::Blob(hash.to_vec())];
        file.execute(
            &format!("INSERT INTO entry ({names}, prev_hash, hash) VALUES ({marks})"),
            params_from_iter(columns.iter().chain(&own)),
        )
        .unwrap();
        prev = hash;
    }
    assert_eq!(verify::verify(&file).unwrap().faults, Vec::<String>::new());
    let read: Vec<Draft> = rows
        .iter()
        .map(|(id, ..)| {
            query::by_id(&file, id.parse().unwrap())
                .unwrap()
                .unwrap()
                .draft
        })
        .collect();
    let change = read[0].change.as_ref().unwrap();
    assert_eq!(
        (change.after.as_ref().unwrap().raw(), &change.asked),
        ("5", &None)
    );
    assert_eq!(read[1].outcome(), Some(Outcome::NotApplied));
    assert_eq!(read[2].rollout_end(), Some(RolloutEnd::Stuck));
    assert!(matches!(
        AlertOrigin::of(&read[3]),
        Some(AlertOrigin::Resolved(AlertId::Counted {
            count: 12,
            number: 3,
            ..
        }))
    ));
    // What a rollout ended with is no answer to a write.
    assert_eq!((read[2].outcome(), read[1].rollout_end()), (None, None));
}
