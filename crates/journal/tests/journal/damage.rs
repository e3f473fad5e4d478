//! A damaged timeline: what can be read is read, what cannot is named, and reading changes nothing.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::thread;

use chrono::{TimeDelta, Utc};
use journal::command::{self, Format, Part, Writer};
use journal::store::directory::StateDir;
use journal::store::disk::{Disk, FILE, Identity};
use memchr::memmem;
use model::entry::{Actor, Draft, Ids};
use model::kind::{ActorKind, Kind};

use crate::bench::{Bench, fresh};
use crate::faults::Tmpfs;

/// The bytes of a page, as this program's files have it.
const PAGE: usize = 4096;

/// A closed timeline: its ids in order.
fn written(state: &StateDir, count: usize) -> Vec<String> {
    let mut disk = Disk::open(state, &Identity::default()).unwrap();
    let mut ids = Ids::seeded(7);
    let begun = Utc::now() - TimeDelta::hours(1);
    let drafts: Vec<Draft> = (0..count)
        .map(|number| {
            let at = begun + TimeDelta::milliseconds(i64::try_from(number).unwrap());
            Draft {
                body: (number % 3 == 0).then(|| format!("body of {number}").as_str().into()),
                ..Draft::new(
                    ids.next(at),
                    at,
                    Actor::of(ActorKind::Human),
                    Kind::Note,
                    format!("title of {number}.").as_str().into(),
                )
            }
        })
        .collect();
    for batch in drafts.chunks(500) {
        disk.append(batch).unwrap();
    }
    drafts.iter().map(|draft| draft.id.to_string()).collect()
}

/// What a command printed, what it said beside it, and how it ended.
#[derive(Debug, Default)]
struct Answer {
    text: String,
    said: String,
}

impl Answer {
    fn ids(&self) -> BTreeSet<String> {
        let document: serde_json::Value = serde_json::from_str(&self.text).unwrap_or_default();
        let entries = document["entries"].as_array().cloned().unwrap_or_default();
        let ids = entries.iter().filter_map(|entry| entry["id"].as_str());
        ids.map(str::to_owned).collect()
    }
}

fn timeline(state: &StateDir) -> Answer {
    match command::timeline(state, &Part::default(), Format::Json, Utc::now()) {
        Ok(output) => Answer {
            text: output.text,
            said: output.warnings.join("\n"),
        },
        Err(failure) => Answer {
            text: String::new(),
            said: failure.words,
        },
    }
}

fn verify(state: &StateDir) -> String {
    match command::verify(state) {
        Ok(text) => text,
        Err(failure) => failure.words,
    }
}

fn note(state: &StateDir, text: &str) -> String {
    let writer = Writer {
        identity: Identity::default(),
        actor: Actor::of(ActorKind::Human),
        seed: fastrand::u64(..),
    };
    match command::note(state, text, None, &writer, Utc::now().fixed_offset()) {
        Ok(output) => format!("{}{}", output.text, output.warnings.join("\n")),
        Err(failure) => failure.words,
    }
}

/// Every file of the directory, and its bytes.
fn files(dir: &Path) -> BTreeMap<String, Vec<u8>> {
    let files = fs::read_dir(dir).unwrap().map(|entry| {
        let entry = entry.unwrap();
        let name = entry.file_name().to_string_lossy().into_owned();
        (name, fs::read(entry.path()).unwrap())
    });
    files.collect()
}

/// Overwrites bytes of the file.
fn alter(state: &StateDir, change: impl FnOnce(&mut Vec<u8>)) {
    let file = state.path().join(FILE);
    let mut bytes = fs::read(&file).unwrap();
    change(&mut bytes);
    fs::write(&file, bytes).unwrap();
}

/// The first page below this one in its tree.
fn first_child(bytes: &[u8], root: usize) -> usize {
    let page = &bytes[(root - 1) * PAGE..root * PAGE];
    assert_eq!(page[0], 2, "an inner page of an index");
    let cell = usize::from(u16::from_be_bytes([page[12], page[13]]));
    let child: [u8; 4] = page[cell..cell + 4].try_into().unwrap();
    usize::try_from(u32::from_be_bytes(child)).unwrap()
}

/// The page on which an index of the timeline begins, by the file's own schema.
fn root_of(state: &StateDir, index: &str) -> usize {
    let connection = rusqlite::Connection::open(state.path().join(FILE)).unwrap();
    let page: i64 = connection
        .query_row(
            "SELECT rootpage FROM sqlite_schema WHERE name = ?1",
            [index],
            |row| row.get(0),
        )
        .unwrap();
    usize::try_from(page).unwrap()
}

#[test]
fn a_title_that_is_no_text_costs_its_entry_alone_and_the_entry_is_named() {
    let (_keep, state) = fresh();
    let ids = written(&state, 50);
    alter(&state, |bytes| {
        let at = memmem::find(bytes, b"title of 17.").unwrap();
        bytes[at] ^= 0x80;
    });
    let answer = timeline(&state);
    let expected: BTreeSet<String> = ids.iter().filter(|id| **id != ids[17]).cloned().collect();
    assert_eq!(answer.ids(), expected, "{}", answer.said);
    assert!(answer.said.contains(&ids[17]), "{}", answer.said);
    let verified = verify(&state);
    assert!(
        verified.contains(&ids[17]) && verified.contains("50 entries"),
        "{verified}"
    );
    let notice = Bench::open(&state).health(|health| health.notice.is_some());
    let notice = notice.notice.unwrap();
    assert!(notice.raw().contains(&ids[17]), "{notice:?}");
}

#[test]
fn a_damaged_index_costs_nothing_is_said_and_is_built_anew_by_what_writes() {
    for (index, is_whole) in [
        ("entry_by_time", false),
        ("sqlite_autoindex_entry_1", false),
        ("sqlite_autoindex_entry_2", false),
        ("entry_by_time", true),
        ("entry_by_kind", true),
        ("sqlite_autoindex_entry_1", true),
    ] {
        let (_keep, state) = fresh();
        let ids = written(&state, 300);
        let root = root_of(&state, index);
        alter(&state, |bytes| {
            let page = if is_whole {
                root
            } else {
                first_child(bytes, root)
            };
            let end = page * PAGE;
            let begin = end - if is_whole { PAGE } else { PAGE / 2 };
            bytes[begin..end].fill(0);
        });
        let before = files(state.path());
        let answer = timeline(&state);
        assert_eq!(answer.ids().len(), ids.len(), "{index}: {}", answer.said);
        assert!(answer.said.contains(index), "{index}: {}", answer.said);
        let verified = verify(&state);
        assert!(
            verified.contains("index") && verified.contains("start watchfloor"),
            "{index}: {verified}"
        );
        assert!(files(state.path()) == before, "{index}: reading wrote");
        let saved = note(&state, "during the damage");
        assert!(saved.contains("saved"), "{index}: {saved}");
        let bench = Bench::open(&state);
        if verify(&state).contains("do not hold") {
            bench.health(|health| health.notice.is_some());
        }
        bench.close();
        assert_eq!(
            verify(&state),
            "301 entries of 2 consoles: all as they were written\n",
            "{index}"
        );
        let names: Vec<String> = files(state.path()).into_keys().collect();
        let is_aside = names.iter().any(|name| name.contains("corrupt"));
        assert!(is_whole || !is_aside, "{index}: {names:?}");
    }
}

#[test]
fn of_a_thousand_flipped_bits_none_hides_an_entry_without_its_name() {
    let (_keep, state) = fresh();
    let ids = written(&state, 500);
    let good = fs::read(state.path().join(FILE)).unwrap();
    let mut random = fastrand::Rng::with_seed(20_261_129);
    let flips: Vec<(usize, u8)> = (0..1_000)
        .map(|_| (random.usize(0..good.len()), random.u8(0..8)))
        .collect();
    let (ids, good) = (&ids, &good);
    let said = thread::scope(|scope| {
        let parts = flips.chunks(250).map(|part| {
            scope.spawn(move || {
                part.iter()
                    .filter(|flip| is_said(ids, good, **flip))
                    .count()
            })
        });
        let parts: Vec<_> = parts.collect();
        parts
            .into_iter()
            .map(|part| part.join().unwrap())
            .sum::<usize>()
    });
    assert!(said > 300, "of {said} something was said");
}

/// After this flip: is all there that can be, named what is not, and every file as it was? Was something said?
fn is_said(ids: &[String], good: &[u8], (place, bit): (usize, u8)) -> bool {
    let at = format!("byte {place} (page {}), bit {bit}", place / PAGE + 1);
    let (_keep, state) = fresh();
    state.prepare().unwrap();
    let mut bad = good.to_vec();
    bad[place] ^= 1 << bit;
    fs::write(state.path().join(FILE), &bad).unwrap();
    let answer = timeline(&state);
    let found = answer.ids();
    let missing: Vec<&String> = ids.iter().filter(|id| !found.contains(*id)).collect();
    let is_named = |said: &str, id: &str| {
        let row = ids.iter().position(|one| one == id).unwrap() + 1;
        said.contains(id) || names_row(said, row)
    };
    let is_format = answer.said.contains("newer watchfloor"); // the number itself was hit
    let unnamed = missing.iter().find(|id| !is_named(&answer.said, id));
    if let Some(id) = unnamed.filter(|_| !is_format) {
        // An altered time takes an entry out of the day that is shown: that is seen by who reads all.
        let verified = verify(&state);
        assert!(
            is_named(&verified, id),
            "{at}: {id} is missing without a word: {} / {verified}",
            answer.said
        );
    }
    assert!(
        missing.len() <= 1 || is_format,
        "{at}: {} are lost: {}",
        missing.len(),
        answer.said
    );
    let after = files(state.path());
    assert!(
        after.len() == 1 && after[FILE] == bad,
        "{at}: reading wrote"
    );
    !answer.said.is_empty()
}

fn names_row(said: &str, row: usize) -> bool {
    let name = format!("row {row}");
    said.match_indices(&name).any(|(at, _)| {
        let behind = said[at + name.len()..].chars().next();
        !behind.is_some_and(|next| next.is_ascii_digit())
    })
}

#[test]
fn a_note_reads_no_more_of_a_long_timeline_than_of_a_short_one() {
    let bytes_read = |count| {
        let (_keep, state) = fresh();
        written(&state, count);
        let before = read_by_this_thread();
        assert!(note(&state, "short work").contains("saved"));
        read_by_this_thread() - before
    };
    let (short, long) = (bytes_read(100), bytes_read(10_000));
    assert!(long < short + 200_000, "{short} bytes, then {long}");
}

fn read_by_this_thread() -> u64 {
    let counters = fs::read_to_string("/proc/thread-self/io").unwrap();
    let read = counters
        .lines()
        .find_map(|line| line.strip_prefix("rchar: "));
    read.unwrap().parse().unwrap()
}

#[test]
fn a_console_writes_what_can_be_read_into_a_new_file_and_keeps_the_damaged_one() {
    let (_keep, state) = fresh();
    let ids = written(&state, 300);
    alter(&state, |bytes| {
        let at = memmem::find(bytes, b"title of 150.").unwrap();
        let begin = at / PAGE * PAGE;
        bytes[begin..begin + 8].fill(0xff); // the head of a page of rows
        bytes[at..at + 5].fill(0xff);
    });
    let bench = Bench::open(&state);
    let health = bench.health(|health| health.notice.is_some());
    let notice = health.notice.unwrap();
    assert!(
        notice.raw().contains("nothing was deleted") && notice.raw().contains(&ids[150]),
        "{notice:?}"
    );
    bench.close();
    let answer = timeline(&state);
    let expected: BTreeSet<String> = ids.iter().filter(|id| **id != ids[150]).cloned().collect();
    assert_eq!(answer.ids(), expected);
    assert_eq!(answer.said, "", "the new file is whole");
    let verified = verify(&state);
    assert!(verified.contains("from number 150 to 152"), "{verified}");
    let again = Bench::open(&state);
    again.health(|health| health.notice.is_some());
    again.close();
    let aside = files(state.path()).into_keys();
    let aside = aside.filter(|name| name.contains("corrupt") && name.ends_with('Z'));
    assert_eq!(aside.count(), 1, "a repaired file is not repaired again");
}

/// Kept by its process until it is killed, as the log of a running console is.
fn beside_a_running_console(work: impl Fn(&StateDir)) {
    let (_keep, state) = fresh();
    let mut bench = Bench::open(&state);
    bench.save(1, "in the log alone");
    bench.saved(1);
    work(&state);
    bench.close();
}

#[test]
fn what_stands_in_the_log_alone_is_read_from_a_copy_without_its_index() {
    beside_a_running_console(|state| {
        for ends in [&["", "-wal"][..], &["", "-wal", "-shm"][..]] {
            let copy = tempfile::tempdir().unwrap();
            fs::set_permissions(copy.path(), fs::Permissions::from_mode(0o700)).unwrap();
            for end in ends {
                let name = format!("{FILE}{end}");
                fs::copy(state.path().join(&name), copy.path().join(&name)).unwrap();
            }
            let copied = StateDir::at(copy.path());
            let before = files(copy.path());
            let answer = timeline(&copied);
            assert!(answer.text.contains("in the log alone"), "{answer:?}");
            assert_eq!(answer.said, "");
            assert!(verify(&copied).contains("1 entries of 1 consoles: all"));
            assert!(files(copy.path()) == before, "reading wrote");
        }
    });
}

#[test]
fn a_directory_that_cannot_be_written_is_read_with_and_without_a_log() {
    let keep = tempfile::tempdir().unwrap();
    let Some(mounted) = Tmpfs::mount(&keep.path().join("disk"), "size=8m,mode=700") else {
        return;
    };
    let closed = StateDir::at(mounted.path().join("closed"));
    written(&closed, 20);
    let killed = StateDir::at(mounted.path().join("killed"));
    killed.prepare().unwrap();
    beside_a_running_console(|state| {
        for end in ["", "-wal", "-shm"] {
            let name = format!("{FILE}{end}");
            fs::copy(state.path().join(&name), killed.path().join(&name)).unwrap();
        }
    });
    mounted.remount("ro");
    for (state, entries) in [(&closed, 20), (&killed, 1)] {
        let before = files(state.path());
        let answer = timeline(state);
        assert_eq!((answer.ids().len(), &*answer.said), (entries, ""));
        let verified = verify(state);
        assert!(verified.contains("all as they were written"), "{verified}");
        assert!(files(state.path()) == before, "reading wrote");
    }
}

#[test]
fn reading_creates_nothing_where_there_is_nothing() {
    let (keep, state) = fresh();
    let answer = timeline(&state);
    assert_eq!((answer.ids().len(), &*answer.said), (0, ""));
    assert!(verify(&state).contains("0 entries"));
    assert_eq!(fs::read_dir(keep.path()).unwrap().count(), 0);
}

#[test]
fn reading_a_whole_timeline_changes_no_file() {
    let (_keep, state) = fresh();
    written(&state, 20);
    let before = files(state.path());
    assert_eq!(timeline(&state).ids().len(), 20);
    assert!(verify(&state).contains("20 entries of 1 consoles: all"));
    assert!(files(state.path()) == before, "reading wrote");
}
