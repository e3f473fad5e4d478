//! Bad disks and bad files: one clear message each, nothing deleted, nothing called saved that is not.

use std::fs::{self, File, OpenOptions, Permissions};
use std::io::{Seek, SeekFrom, Write};
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::{Path, PathBuf};
use std::process::Command;

use chrono::Utc;
use journal::command::{self, Writer};
use journal::store::directory::StateDir;
use journal::store::disk::{Disk, FILE, Identity};
use journal::store::{query, verify};
use model::entry::{Actor, Draft};
use model::journal::{Range, StoreProblem, Token, Trouble};
use model::kind::{ActorKind, Kind};
use model::message::{StoreEffect, StoreMsg};
use rusqlite::Connection;

use crate::bench::{Bench, fresh};

/// A timeline with some entries, closed.
fn written(state: &StateDir, count: u64) {
    let mut bench = Bench::open(state);
    for token in 0..count {
        bench.save(token, &format!("note {token}"));
    }
    bench.saved(count - 1);
    bench.close();
}

fn refusal(state: &StateDir) -> StoreProblem {
    Disk::open(state, &Identity::default()).expect_err("it is refused")
}

fn set_aside(state: &StateDir) -> Vec<PathBuf> {
    let names = fs::read_dir(state.path())
        .unwrap()
        .map(|entry| entry.unwrap().path());
    names
        .filter(|path| {
            path.to_string_lossy().contains(".corrupt-") && path.to_string_lossy().ends_with('Z')
        })
        .collect()
}

#[test]
fn a_newer_file_is_refused_in_words_and_left_as_it_is() {
    let (_keep, state) = fresh();
    written(&state, 1);
    let file = state.path().join(FILE);
    Connection::open(&file)
        .unwrap()
        .pragma_update(None, "user_version", 7)
        .unwrap();
    let before = fs::read(&file).unwrap();
    let problem = refusal(&state);
    assert_eq!(problem.class, Trouble::Newer);
    assert!(
        problem.to_string().contains("format 7, this one knows 1"),
        "{problem}"
    );
    assert_eq!(fs::read(&file).unwrap(), before);
}

#[test]
fn a_file_of_another_program_is_refused_and_left_as_it_is() {
    let (_keep, state) = fresh();
    state.prepare().unwrap();
    let file = state.path().join(FILE);
    Connection::open(&file)
        .unwrap()
        .execute_batch("CREATE TABLE bookmarks (url TEXT)")
        .unwrap();
    let before = fs::read(&file).unwrap();
    assert_eq!(refusal(&state).class, Trouble::Foreign);
    assert_eq!(fs::read(&file).unwrap(), before);
}

#[test]
fn a_damaged_file_is_set_aside_whole_and_said_and_a_new_one_begun() {
    for damage in ["text instead of a database", ""] {
        let (_keep, state) = fresh();
        state.prepare().unwrap();
        fs::write(state.path().join(FILE), damage).unwrap();
        let mut bench = Bench::open(&state);
        let health = bench.health(|health| health.notice.is_some());
        assert!(health.notice.unwrap().contains("nothing was deleted"));
        bench.save(1, "goes on");
        bench.saved(1);
        let aside = set_aside(&state);
        assert_eq!(aside.len(), 1);
        assert_eq!(fs::read_to_string(&aside[0]).unwrap(), damage);
    }
}

#[test]
fn a_truncated_file_is_set_aside() {
    for keep in [1, 100, 4_096, 5_000, 20_000] {
        let (_keep, state) = fresh();
        written(&state, 50);
        OpenOptions::new()
            .write(true)
            .open(state.path().join(FILE))
            .unwrap()
            .set_len(keep)
            .unwrap();
        let bench = Bench::open(&state);
        bench.health(|health| {
            let notice = health.notice.as_ref();
            notice.is_some_and(|notice| notice.raw().contains("set aside"))
        });
        bench.close();
        assert_eq!(set_aside(&state).len(), 1, "cut to {keep} bytes");
    }
}

#[test]
fn a_damaged_file_that_another_console_has_open_is_not_moved_under_it() {
    let (_keep, state) = fresh();
    written(&state, 1);
    let mut open = Bench::open(&state);
    open.save(1, "still here");
    open.saved(1);
    Connection::open(state.path().join(FILE))
        .unwrap()
        .query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()))
        .unwrap();
    let mut file = OpenOptions::new()
        .write(true)
        .open(state.path().join(FILE))
        .unwrap();
    file.write_all(b"no database").unwrap();
    assert_eq!(refusal(&state).class, Trouble::Corrupt);
    assert_eq!(set_aside(&state), Vec::<PathBuf>::new());
}

/// After one flipped bit the timeline is whole, or it is set aside, or refused, or `verify` names the place.
#[test]
fn no_flipped_byte_passes_in_silence() {
    let (_keep, state) = fresh();
    written(&state, 20);
    let good = fs::read(state.path().join(FILE)).unwrap();
    let seed = fastrand::u64(..);
    println!("seed {seed}");
    let mut random = fastrand::Rng::with_seed(seed);
    let header = 0..100;
    let places = header
        .chain((0..300).map(|_| random.usize(0..good.len())))
        .collect::<Vec<_>>();
    let (mut refused, mut aside, mut found) = (0, 0, 0);
    for place in places {
        let (_keep, state) = fresh();
        state.prepare().unwrap();
        let mut bad = good.clone();
        bad[place] ^= 1 << random.u8(0..8);
        fs::write(state.path().join(FILE), &bad).unwrap();
        let Ok(disk) = Disk::open(&state, &Identity::default()) else {
            refused += 1;
            continue;
        };
        if disk.notice().is_some() {
            assert!(
                fs::read(&set_aside(&state)[0]).unwrap() == bad,
                "set aside as it was (byte {place}, seed {seed})"
            );
            aside += 1;
            continue;
        }
        let file = Connection::open(disk.path()).unwrap();
        let whole = query::page(&file, &Range::default())
            .is_ok_and(|page| page.entries.len() == 20 && page.unreadable == 0);
        let faults = verify::verify(&file).map_or(1, |report| report.faults.len());
        assert!(
            whole || faults > 0,
            "byte {place}, seed {seed}: entries went missing and nothing says so"
        );
        found += usize::from(faults > 0);
    }
    println!("refused {refused}, set aside {aside}, found by verify {found}");
    assert!(
        refused > 0 && aside > 0 && found > 0,
        "refused {refused}, set aside {aside}, found by verify {found}"
    );
}

#[test]
fn everything_is_private_whatever_the_umask() {
    for umask in ["000", "077", "022"] {
        let (keep, state) = fresh();
        let test = std::env::current_exe().unwrap();
        let script = format!(
            "umask {umask}; exec '{}' --exact faults::child_of_the_umask --ignored",
            test.display()
        );
        let status = Command::new("sh")
            .args(["-c", &script])
            .env("WATCHFLOOR_UMASK_DIR", state.path())
            .output()
            .unwrap()
            .status;
        assert!(status.success());
        let open_to_others = Command::new("find")
            .arg(state.path())
            .args(["-perm", "/077"])
            .output()
            .unwrap();
        assert_eq!(
            String::from_utf8(open_to_others.stdout).unwrap(),
            "",
            "umask {umask}"
        );
        assert!(state.path().join(FILE).exists());
        drop(keep);
    }
}

/// Not a test of its own: writes a timeline and leaves its -wal and -shm behind.
#[test]
#[ignore = "the child of the test above"]
fn child_of_the_umask() {
    let Some(dir) = std::env::var_os("WATCHFLOOR_UMASK_DIR") else {
        return;
    };
    let mut bench = Bench::open(&StateDir::at(dir));
    bench.store.run(StoreEffect::KeepNote {
        revision: 1,
        note: Some(model::journal::NoteDraft::default()),
    });
    bench.save(1, "private");
    bench.saved(1);
    std::process::exit(0);
}

#[test]
fn a_directory_that_others_can_write_is_refused_and_one_they_can_read_is_closed() {
    let (_keep, state) = fresh();
    written(&state, 1);
    fs::set_permissions(state.path(), Permissions::from_mode(0o770)).unwrap();
    let problem = refusal(&state);
    assert_eq!(problem.class, Trouble::Directory);
    assert!(
        problem.to_string().contains("others can write"),
        "{problem}"
    );
    fs::set_permissions(state.path(), Permissions::from_mode(0o755)).unwrap();
    Disk::open(&state, &Identity::default()).unwrap();
    assert_eq!(
        fs::metadata(state.path()).unwrap().permissions().mode() & 0o777,
        0o700
    );
}

#[test]
fn a_symlink_in_the_place_of_a_file_is_not_followed() {
    for name in [FILE, "timeline.lock", "timeline.db.new"] {
        let (keep, state) = fresh();
        state.prepare().unwrap();
        let target = keep.path().join("precious");
        fs::write(&target, "precious").unwrap();
        symlink(&target, state.path().join(name)).unwrap();
        let opened = Disk::open(&state, &Identity::default());
        assert!(
            opened.is_err() || name == "timeline.db.new",
            "{name} was followed"
        );
        assert_eq!(
            fs::read_to_string(&target).unwrap(),
            "precious",
            "{name} was written through"
        );
    }
}

#[test]
fn no_home_is_said_and_entries_wait_in_memory() {
    let (say, heard) = std::sync::mpsc::channel();
    let problem = StoreProblem {
        class: Trouble::Directory,
        what: "no home".into(),
        next: "set XDG_STATE_HOME".into(),
    };
    let store = journal::store::open(
        Err(problem.clone()),
        Identity::default(),
        std::sync::Arc::new(move |message| drop(say.send(message))),
    )
    .unwrap();
    let (_keep, other) = fresh();
    let draft = Bench::open(&other).draft(Kind::Note, "waits");
    store.run(StoreEffect::Save {
        token: Token(1),
        draft: Box::new(draft),
    });
    let mut is_told = false;
    for message in heard {
        is_told |= message
            == StoreMsg::NotSaved {
                token: Token(1),
                problem: problem.clone(),
                is_waiting: true,
            };
        if matches!(message, StoreMsg::Health(health) if health.waiting == 1 && health.problem.as_ref() == Some(&problem))
        {
            break;
        }
    }
    assert!(is_told);
}

#[test]
fn a_file_deleted_under_the_console_is_noticed_and_begun_again() {
    let (_keep, state) = fresh();
    let mut bench = Bench::open(&state);
    bench.save(1, "before");
    bench.saved(1);
    fs::remove_file(state.path().join(FILE)).unwrap();
    bench.save(2, "after");
    let health = bench.health(|health| health.notice.is_some());
    bench.saved(2);
    assert!(health.notice.unwrap().contains("moved or deleted"));
    assert_eq!(
        verify::verify(&Connection::open(state.path().join(FILE)).unwrap())
            .unwrap()
            .entries,
        1
    );
}

/// A file system of its own, unmounted at the end.
pub struct Tmpfs(PathBuf);

impl Tmpfs {
    pub fn mount(at: &Path, options: &str) -> Option<Tmpfs> {
        fs::create_dir_all(at).unwrap();
        let mounted = Command::new("mount")
            .args(["-t", "tmpfs", "-o", options, "tmpfs"])
            .arg(at)
            .output();
        if mounted.is_ok_and(|output| output.status.success()) {
            return Some(Tmpfs(at.to_owned()));
        }
        println!("skipped: mounting a tmpfs needs root");
        None
    }

    pub fn path(&self) -> &Path {
        &self.0
    }

    pub fn remount(&self, options: &str) {
        assert!(
            Command::new("mount")
                .args(["-o", &format!("remount,{options}")])
                .arg(&self.0)
                .status()
                .unwrap()
                .success()
        );
    }
}

impl Drop for Tmpfs {
    fn drop(&mut self) {
        Command::new("umount")
            .arg("-l")
            .arg(&self.0)
            .status()
            .unwrap();
    }
}

#[test]
fn on_a_full_disk_entries_wait_and_are_saved_when_there_is_room_again() {
    let keep = tempfile::tempdir().unwrap();
    let Some(mounted) = Tmpfs::mount(&keep.path().join("disk"), "size=1m,mode=700") else {
        return;
    };
    let state = StateDir::at(mounted.0.join("state"));
    let mut bench = Bench::open(&state);
    bench.save(0, "while there is room");
    bench.saved(0);
    let ballast = mounted.0.join("ballast");
    fill(&ballast);
    let bulk = "x".repeat(100_000);
    let draft = Draft {
        body: Some(bulk.as_str().into()),
        ..bench.draft(Kind::Note, "while it is full")
    };
    bench.store.run(StoreEffect::Save {
        token: Token(1),
        draft: Box::new(draft),
    });
    let told = bench.wait(|message| match message {
        StoreMsg::NotSaved {
            token: Token(1),
            problem,
            is_waiting,
        } => Some((problem.class, is_waiting)),
        _ => None,
    });
    assert_eq!(told, (Trouble::Full, true));
    bench.health(|health| health.waiting == 1 && health.problem.is_some());
    fs::remove_file(ballast).unwrap();
    bench.saved(1);
    bench.healthy();
    bench.close();
    let report = verify::verify(&Connection::open(state.path().join(FILE)).unwrap()).unwrap();
    assert_eq!((report.entries, report.faults), (2, vec![]));
}

fn fill(path: &Path) {
    let mut file = File::create(path).unwrap();
    file.seek(SeekFrom::Start(0)).unwrap();
    while file.write(&[0; 4096]).is_ok_and(|written| written > 0) {}
}

#[test]
fn a_read_only_disk_is_said_and_what_waits_is_saved_when_it_can_be_written() {
    let keep = tempfile::tempdir().unwrap();
    let Some(mounted) = Tmpfs::mount(&keep.path().join("disk"), "size=4m,mode=700") else {
        return;
    };
    let state = StateDir::at(mounted.0.join("state"));
    mounted.remount("ro");
    let mut bench = Bench::open(&state);
    bench.save(1, "while it cannot be written");
    let told = bench.wait(|message| match message {
        StoreMsg::NotSaved {
            token: Token(1),
            problem,
            is_waiting,
        } => Some((problem.class, is_waiting)),
        _ => None,
    });
    assert_eq!(told, (Trouble::ReadOnly, true));
    mounted.remount("rw");
    bench.saved(1);
    bench.healthy();
}

/// Another process writes to the timeline, and is its last to leave as far as it can see.
fn note_from_the_shell(state: &StateDir, text: &str) {
    let run = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "faults::child_with_a_note", "--ignored"])
        .env("WATCHFLOOR_NOTE_DIR", state.path())
        .env("WATCHFLOOR_NOTE", text)
        .output()
        .unwrap();
    assert!(run.status.success(), "{run:?}");
}

/// Not a test of its own: `watchfloor note`.
#[test]
#[ignore = "the child of the tests below"]
fn child_with_a_note() {
    let Some(dir) = std::env::var_os("WATCHFLOOR_NOTE_DIR") else {
        return;
    };
    let text = std::env::var("WATCHFLOOR_NOTE").unwrap();
    let writer = Writer {
        identity: Identity::default(),
        actor: Actor::of(ActorKind::Human),
        seed: fastrand::u64(..),
    };
    command::note(
        &StateDir::at(dir),
        &text,
        None,
        &writer,
        Utc::now().fixed_offset(),
    )
    .unwrap();
}

fn titles(state: &StateDir) -> Vec<String> {
    let disk = Disk::open(state, &Identity::default()).unwrap();
    assert_eq!(disk.notice(), None);
    let report = verify::verify(disk.connection()).unwrap();
    assert_eq!(report.faults, Vec::<String>::new());
    let page = query::page(disk.connection(), &Range::default()).unwrap();
    let titles = page.entries.iter();
    titles
        .map(|entry| entry.draft.title.raw().to_owned())
        .collect()
}

#[test]
fn a_log_deleted_under_the_console_is_said_and_what_stood_in_it_is_written_again() {
    let (_keep, state) = fresh();
    let mut bench = Bench::open(&state);
    bench.save(1, "before");
    bench.saved(1);
    for end in ["-wal", "-shm"] {
        fs::remove_file(state.path().join(format!("{FILE}{end}"))).unwrap();
    }
    note_from_the_shell(&state, "from the shell");
    bench.save(2, "after");
    let notice = bench.health(|health| health.notice.is_some()).notice;
    bench.saved(2);
    let notice = notice.unwrap();
    assert!(
        notice.raw().contains("timeline.db-wal was deleted")
            && notice.raw().contains("written again"),
        "{notice:?}"
    );
    bench.close();
    let mut found = titles(&state);
    found.sort();
    assert_eq!(found, ["after", "before", "from the shell"]);
}

#[test]
fn a_quiet_console_notices_a_deleted_log_by_itself() {
    let (_keep, state) = fresh();
    let mut bench = Bench::open(&state);
    bench.save(1, "before");
    bench.saved(1);
    fs::remove_file(state.path().join(format!("{FILE}-wal"))).unwrap();
    bench.health(|health| health.notice.is_some());
    // Nothing is closed: this is what a kill leaves.
    let copy = tempfile::tempdir().unwrap();
    for end in ["", "-wal"] {
        let name = format!("{FILE}{end}");
        fs::copy(state.path().join(&name), copy.path().join(&name)).unwrap();
    }
    assert_eq!(titles(&StateDir::at(copy.path())), ["before"]);
}

#[test]
fn a_timeline_is_read_behind_what_was_to_be_saved_before() {
    let (_keep, state) = fresh();
    let mut bench = Bench::open(&state);
    let (say, heard) = std::sync::mpsc::channel();
    for token in 1..=100 {
        bench.save(token, "in time");
        let say = say.clone();
        bench.store.read(Box::new(move |disk, waiting| {
            let page = query::page(disk.unwrap().connection(), &Range::default()).unwrap();
            say.send((page.entries.len(), waiting)).unwrap();
        }));
    }
    let counts: Vec<(usize, usize)> = (1..=100)
        .map(|_| heard.recv_timeout(crate::bench::DEADLINE).unwrap())
        .collect();
    for (before, (entries, waiting)) in counts.into_iter().enumerate() {
        assert!(entries > before && waiting == 0, "{entries} of {before}");
    }
}
