//! kill -9 at random points under load: what was acknowledged is there, and the chain holds.

use std::io::{BufRead, BufReader, Write};
use std::process::{Command, Stdio};
use std::time::Duration;

use journal::store::directory::StateDir;
use journal::store::disk::{Disk, FILE, Identity};
use journal::store::{query, verify};
use model::journal::Range;
use model::kind::Kind;
use model::message::{StoreEffect, StoreMsg};

use crate::bench::Bench;

/// Set for the child: where it writes.
const CHILD: &str = "WATCHFLOOR_KILL_CHILD";

/// How many times a child is killed; 1,000 in the long run.
const ROUNDS: &str = "WATCHFLOOR_KILL_ROUNDS";

/// Rounds on one file, so that files with a past are killed too, and checking stays quick.
const ROUNDS_PER_FILE: u32 = 20;

/// Not a test of its own: the process that is killed. Writes for ever and prints the id of each acknowledged entry.
#[test]
#[ignore = "the child of the test below"]
fn child() {
    let Some(dir) = std::env::var_os(CHILD) else {
        return;
    };
    let mut bench = Bench::open(&StateDir::at(dir));
    for token in 0.. {
        bench.save(token, "a person's note");
        let machine = (0..3)
            .map(|_| bench.draft(Kind::Event, "an event"))
            .collect();
        bench.store.run(StoreEffect::Append(machine));
        let ids = bench.wait(|message| match message {
            StoreMsg::Saved { entry, .. } => Some(vec![entry.draft.id]),
            StoreMsg::Appended(entries) => {
                Some(entries.iter().map(|entry| entry.draft.id).collect())
            }
            _ => None,
        });
        let mut lines = String::new();
        for id in ids {
            lines.push_str("saved ");
            lines.push_str(&id.to_string());
            lines.push('\n');
        }
        std::io::stdout().write_all(lines.as_bytes()).unwrap();
    }
}

/// Runs a child, kills it after `life`, and gives the ids it acknowledged.
fn acknowledged_by_a_killed_child(dir: &std::path::Path, life: Duration) -> Vec<String> {
    let mut child = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "kill::child", "--ignored", "--nocapture"])
        .env(CHILD, dir)
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let output = BufReader::new(child.stdout.take().unwrap());
    let reader = std::thread::spawn(move || {
        let lines = output.lines().map_while(Result::ok);
        lines
            .filter_map(|line| line.split("saved ").nth(1).map(str::to_owned))
            .collect::<Vec<_>>()
    });
    std::thread::sleep(life); // the length of its life, not a wait for something
    child.kill().unwrap();
    child.wait().unwrap();
    let mut ids = reader.join().unwrap();
    if ids.last().is_some_and(|last| last.len() != 26) {
        ids.pop(); // killed in the middle of printing it
    }
    ids
}

#[test]
fn what_was_acknowledged_survives_kill_9_at_any_moment() {
    let rounds: u32 = std::env::var(ROUNDS)
        .ok()
        .and_then(|rounds| rounds.parse().ok())
        .unwrap_or(40);
    let seed = fastrand::u64(..);
    println!("{ROUNDS}={rounds}, seed {seed}");
    let mut random = fastrand::Rng::with_seed(seed);
    let mut acknowledged_in_all = 0;
    for file in 0..rounds.div_ceil(ROUNDS_PER_FILE) {
        let dir = tempfile::tempdir().unwrap();
        let dir = dir.path().join("state");
        let mut acknowledged = Vec::new();
        for round in 0..ROUNDS_PER_FILE.min(rounds - file * ROUNDS_PER_FILE) {
            acknowledged.extend(acknowledged_by_a_killed_child(
                &dir,
                Duration::from_micros(random.u64(0..150_000)),
            ));
            let disk = Disk::open(&StateDir::at(&dir), &Identity::default()).unwrap();
            assert_eq!(
                disk.notice(),
                None,
                "nothing had to be set aside (seed {seed}, round {round})"
            );
            let file = rusqlite::Connection::open(dir.join(FILE)).unwrap();
            assert_eq!(
                verify::verify(&file).unwrap().faults,
                Vec::<String>::new(),
                "seed {seed}, round {round}"
            );
            let page = query::page(&file, &Range::default()).unwrap();
            let stored: std::collections::BTreeSet<String> = page
                .entries
                .iter()
                .map(|entry| entry.draft.id.to_string())
                .collect();
            let missing: Vec<&String> = acknowledged
                .iter()
                .filter(|id| !stored.contains(*id))
                .collect();
            assert!(
                missing.is_empty(),
                "seed {seed}, round {round}: acknowledged and gone: {missing:?}"
            );
        }
        acknowledged_in_all += acknowledged.len();
    }
    assert!(
        acknowledged_in_all > usize::try_from(rounds).unwrap(),
        "the children did write: {acknowledged_in_all}"
    );
}
