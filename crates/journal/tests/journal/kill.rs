//! kill -9 at random points under load, beside a second console, exports and SQLite's own shell: what was acknowledged is
//! there, and the chain holds.

use std::collections::BTreeSet;
use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::{Receiver, sync_channel};
use std::thread::JoinHandle;
use std::time::Duration;

use chrono::Utc;
use fastrand::Rng;
use journal::command;
use journal::store::directory::StateDir;
use journal::store::disk::{Disk, FILE, Identity};
use journal::store::{query, verify};
use model::journal::Range;
use model::kind::Kind;
use model::message::{StoreEffect, StoreMsg};

use crate::bench::{Bench, DEADLINE};

/// Set for the child: where it writes.
const CHILD: &str = "WATCHFLOOR_KILL_CHILD";

/// How many times a child is killed; 1,000 in the long run.
const ROUNDS: &str = "WATCHFLOOR_KILL_ROUNDS";

/// Rounds on one file, so that files with a past are killed too, and checking stays quick.
const ROUNDS_PER_FILE: u32 = 20;

/// Where no test may go without SQLite's own shell, as in `.ci/run`.
const SQLITE3_REQUIRED: &str = "WATCHFLOOR_REQUIRE_SQLITE3";

/// A child exports after so many notes.
const NOTES_PER_EXPORT: u64 = 8;

/// Longest life of a child.
const LIFE_MAX_US: u64 = 150_000;

/// Not a test of its own: the process that is killed. Writes for ever and prints the id of each acknowledged entry.
#[test]
#[ignore = "the child of the test below"]
fn child() {
    let Some(dir) = std::env::var_os(CHILD) else {
        return;
    };
    let dir = StateDir::at(dir);
    let mut bench = Bench::open(&dir);
    for token in 0.. {
        if token % NOTES_PER_EXPORT == 0 {
            let dir = dir.clone();
            bench.store.read(Box::new(move |disk, _| {
                // Before the file is open there is nothing to export.
                let Ok(disk) = disk else { return };
                // The other console may have exported in the same millisecond.
                let written = command::export_file(disk, &dir, None, Utc::now());
                let words = written.err().map(|failure| failure.to_string());
                assert!(words.is_none_or(|words| words.contains("File exists")));
            }));
        }
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

/// A console that writes until it is killed.
struct Victim {
    child: Child,
    reader: JoinHandle<Vec<String>>,
    /// Says something, or breaks off, with the first entry that it acknowledged or with its end.
    first: Receiver<()>,
}

impl Victim {
    fn start(dir: &Path) -> Victim {
        let mut child = Command::new(std::env::current_exe().unwrap())
            .args(["--exact", "kill::child", "--ignored", "--nocapture"])
            .env(CHILD, dir)
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let output = BufReader::new(child.stdout.take().unwrap());
        let (say, first) = sync_channel(1);
        let reader = std::thread::spawn(move || {
            let lines = output.lines().map_while(Result::ok);
            let ids = lines.filter_map(|line| line.split("saved ").nth(1).map(str::to_owned));
            // Nobody may be waiting for it, or not any more.
            ids.inspect(|_| say.try_send(()).unwrap_or_default())
                .collect()
        });
        Victim {
            child,
            reader,
            first,
        }
    }

    /// The ids that it acknowledged.
    fn kill(mut self) -> Vec<String> {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
        let mut ids = self.reader.join().unwrap();
        if ids.last().is_some_and(|last| last.len() != 26) {
            ids.pop(); // killed in the middle of printing it
        }
        ids
    }
}

/// A part of a life, not a wait for something.
fn live(random: &mut Rng) {
    std::thread::sleep(Duration::from_micros(random.u64(0..LIFE_MAX_US / 2)));
}

/// What a person does who looks into the file by hand: an older SQLite opens it, reads and closes it.
fn read_by_hand(file: &Path) {
    if !file.exists() {
        return;
    }
    let mut shell = Command::new("sqlite3");
    match shell.arg(file).arg("select count(*) from entry").output() {
        Ok(output) => {
            let said = String::from_utf8_lossy(&output.stderr);
            let is_early = said.contains("no such table") || said.contains("locked");
            assert!(output.status.success() || is_early, "sqlite3: {said}");
        }
        Err(error) => assert!(std::env::var_os(SQLITE3_REQUIRED).is_none(), "{error}"),
    }
}

/// One console is killed; in half of the rounds a second one writes beside it and is killed a moment later, in half of them
/// the file is read by hand meanwhile.
fn acknowledged_by_killed_children(dir: &Path, random: &mut Rng) -> Vec<String> {
    let first = Victim::start(dir);
    let second = random.bool().then(|| Victim::start(dir));
    // The others die while they start.
    if random.u8(..4) > 0 {
        first.first.recv_timeout(DEADLINE).expect("it writes");
    }
    live(random);
    if random.bool() {
        read_by_hand(&dir.join(FILE));
    }
    live(random);
    let mut ids = first.kill();
    if let Some(second) = second {
        live(random);
        ids.extend(second.kill());
    }
    ids
}

/// What is on disk is whole, and all that was acknowledged is there.
fn check(dir: &Path, acknowledged: &[String], round: &str) {
    let disk = Disk::open(&StateDir::at(dir), &Identity::default()).unwrap();
    assert_eq!(disk.notice(), None, "{round}: something was set aside");
    let file = rusqlite::Connection::open(dir.join(FILE)).unwrap();
    let faults = verify::verify(&file).unwrap().faults;
    assert_eq!(faults, Vec::<String>::new(), "{round}");
    let page = query::page(&file, &Range::default()).unwrap();
    let stored = page.entries.iter().map(|entry| entry.draft.id.to_string());
    let stored: BTreeSet<String> = stored.collect();
    let is_missing = |id: &&String| !stored.contains(*id);
    let missing: Vec<&String> = acknowledged.iter().filter(is_missing).collect();
    assert!(
        missing.is_empty(),
        "{round}: acknowledged and gone: {missing:?}"
    );
}

/// Kills on one file; how many entries were acknowledged.
fn kill_on_a_file(seed: u64, rounds: u32) -> usize {
    let mut random = Rng::with_seed(seed);
    let parent = tempfile::tempdir().unwrap();
    let dir = parent.path().join("state");
    let mut acknowledged = Vec::new();
    for round in 0..rounds {
        acknowledged.extend(acknowledged_by_killed_children(&dir, &mut random));
        check(&dir, &acknowledged, &format!("seed {seed}, round {round}"));
    }
    acknowledged.len()
}

#[test]
fn what_was_acknowledged_survives_kill_9_at_any_moment() {
    let rounds: u32 = std::env::var(ROUNDS)
        .ok()
        .and_then(|rounds| rounds.parse().ok())
        .unwrap_or(40);
    let seed = fastrand::u64(..);
    println!("{ROUNDS}={rounds}, seed {seed}");
    let mut random = Rng::with_seed(seed);
    let mut files = Vec::new();
    let mut left = rounds;
    while left > 0 {
        let on_this = left.min(ROUNDS_PER_FILE);
        files.push((random.u64(..), on_this));
        left -= on_this;
    }
    let next = AtomicUsize::new(0);
    let work = || {
        let of_file = |(seed, rounds): &(u64, u32)| kill_on_a_file(*seed, *rounds);
        let mine = std::iter::from_fn(|| files.get(next.fetch_add(1, Ordering::Relaxed)));
        mine.map(of_file).sum::<usize>()
    };
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    let acknowledged: usize = std::thread::scope(|scope| {
        let workers: Vec<_> = (0..threads).map(|_| scope.spawn(work)).collect();
        workers
            .into_iter()
            .map(|worker| worker.join().unwrap())
            .sum()
    });
    assert!(
        acknowledged > usize::try_from(rounds).unwrap(),
        "the children did write: {acknowledged}"
    );
}
