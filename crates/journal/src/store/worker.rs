//! The store's thread: takes requests, commits people's entries at once and machines' in groups, retries what failed,
//! and notices what other processes wrote. Says how it stands whenever that changes.

use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError};
use std::time::{Duration, Instant};

use super::Say;
use super::append::Appended;
use super::directory::StateDir;
use super::disk::{Disk, Identity};
use super::note_file::NoteFile;
use super::outbox::Outbox;
use super::slow::{SLOW, Watch};
use super::{problem, query};
use model::journal::{NoteDraft, Range, StoreHealth, StoreProblem, Trouble};
use model::message::{StoreEffect, StoreMsg};
use text::Outside;

/// Machine entries wait this long for others, to share one write to the disk.
const GROUP: Duration = Duration::from_millis(250);

/// What failed is tried again after this.
const RETRY: Duration = Duration::from_secs(2);

/// How often another process's entries are looked for: they appear within a second.
const POLL: Duration = Duration::from_millis(500);

/// Entries in one transaction: a few milliseconds of work, so that a person's note behind them does not wait.
const BATCH: usize = 500;

/// A request to the thread.
pub(super) enum Order {
    /// Carry this out.
    Do(StoreEffect),
    /// Save what waits and end.
    Leave,
}

/// The thread's state.
pub(super) struct Worker {
    dir: Result<StateDir, StoreProblem>,
    identity: Identity,
    say: Say,
    overflow: Arc<AtomicU32>,
    watch: Watch<StoreHealth>,
    disk: Option<Disk>,
    note_file: Option<NoteFile>,
    note: Option<(u64, Option<NoteDraft>)>,
    outbox: Outbox,
    problem: Option<StoreProblem>,
    notice: Option<Outside>,
    said: Option<StoreHealth>,
    seen: Seen,
    due: Option<Instant>,
    retry: Option<Instant>,
}

/// How far the entries of others were read.
#[derive(Clone, Copy, Debug, Default)]
struct Seen {
    place: i64,
    version: i64,
}

impl Worker {
    pub(super) fn new(
        dir: Result<StateDir, StoreProblem>,
        identity: Identity,
        say: Say,
        overflow: Arc<AtomicU32>,
    ) -> io::Result<Worker> {
        let tell = say.clone();
        let watch = Watch::start(SLOW, move |health| tell(StoreMsg::Health(health)))?;
        Ok(Worker {
            dir,
            identity,
            say,
            overflow,
            watch,
            disk: None,
            note_file: None,
            note: None,
            outbox: Outbox::default(),
            problem: None,
            notice: None,
            said: None,
            seen: Seen::default(),
            due: None,
            retry: None,
        })
    }

    /// Until told to leave, or until nobody can tell any more.
    pub(super) fn run(mut self, orders: &Receiver<Order>) -> StoreHealth {
        self.work();
        loop {
            let mut next = orders.recv_timeout(self.patience());
            let leaves = loop {
                match next {
                    Ok(Order::Do(effect)) => self.take(effect),
                    Ok(Order::Leave) | Err(RecvTimeoutError::Disconnected) => break true,
                    Err(RecvTimeoutError::Timeout) => break false,
                }
                next = orders.try_recv().map_err(|_| RecvTimeoutError::Timeout);
            };
            if leaves {
                self.due = Some(Instant::now());
                self.retry = None;
            }
            self.work();
            if leaves {
                return self.health();
            }
        }
    }

    fn patience(&self) -> Duration {
        let now = Instant::now();
        let next = if self.disk.is_some() && self.retry.is_none() {
            self.due
        } else {
            self.retry
        };
        next.map_or(POLL, |at| at.saturating_duration_since(now))
            .min(POLL)
    }

    fn take(&mut self, effect: StoreEffect) {
        let now = Instant::now();
        match effect {
            StoreEffect::Save { token, draft } => {
                if self.outbox.push(Some(token), *draft) {
                    self.due = Some(now);
                    self.retry = None;
                } else {
                    let what = format!("{} entries wait in memory already", self.outbox.len());
                    let problem = problem::new(
                        Trouble::QueueFull,
                        &what,
                        "free the disk, or copy what matters from the screen",
                    );
                    (self.say)(StoreMsg::NotSaved {
                        token,
                        problem,
                        is_waiting: false,
                    });
                }
            }
            StoreEffect::Append(drafts) => {
                for draft in drafts {
                    self.outbox.push(None, draft);
                }
                self.due.get_or_insert(now + GROUP);
            }
            StoreEffect::KeepNote { revision, note } => {
                self.note = Some((revision, note));
                self.due.get_or_insert(now + GROUP);
            }
            StoreEffect::Load(range) => self.load(range),
        }
    }

    fn work(&mut self) {
        let now = Instant::now();
        if self.retry.is_none_or(|at| at <= now) {
            if self.disk.as_ref().is_some_and(|disk| !disk.is_in_place()) {
                self.disk = None;
                self.notice = Some(Outside::from(
                    "the timeline's file was moved or deleted while it was open; another one was begun",
                ));
            }
            if self.disk.is_none() {
                self.open();
            }
            if self.disk.is_some() && (self.due.is_some_and(|at| at <= now) || self.retry.is_some())
            {
                self.due = None;
                self.flush();
                self.keep_note();
            }
            self.hear_others();
        }
        self.say_health(false);
    }

    fn open(&mut self) {
        let opened = match &self.dir {
            Ok(dir) => {
                let (opened, was_said) = self
                    .watch
                    .over(self.slow(), || Disk::open(dir, &self.identity));
                self.say_health(was_said);
                opened
            }
            Err(problem) => Err(problem.clone()),
        };
        let opened = opened.and_then(|disk| {
            let (mut opening, place) = disk
                .opening()
                .map_err(|error| problem::sqlite(&error, &disk.path().display().to_string()))?;
            if let (None, Some(dir)) = (&self.note_file, disk.path().parent()) {
                let (file, left) = NoteFile::open(dir, &disk.writer);
                self.note_file = Some(file);
                opening.note_draft = left;
            }
            Ok((disk, opening, place))
        });
        match opened {
            Ok((disk, opening, place)) => {
                if let Some(notice) = disk.notice() {
                    self.notice = Some(Outside::from(notice));
                }
                self.seen = Seen {
                    place,
                    version: disk.data_version().unwrap_or(0),
                };
                self.disk = Some(disk);
                self.problem = None;
                self.retry = None;
                self.due.get_or_insert_with(Instant::now);
                (self.say)(StoreMsg::Opened(Box::new(opening)));
            }
            Err(problem) => self.fail(problem),
        }
    }

    fn flush(&mut self) {
        while !self.outbox.is_empty() {
            let Some(mut disk) = self.disk.take() else {
                return;
            };
            let batch = self.outbox.first(BATCH);
            let (done, was_said) = self.watch.over(self.slow(), || disk.append(&batch));
            let place = disk.path().display().to_string();
            self.disk = Some(disk);
            match done {
                Ok(done) => self.saved(done),
                Err(error) => return self.fail(problem::sqlite(&error, &place)),
            }
            self.say_health(was_said);
        }
        self.problem = None;
        self.retry = None;
    }

    fn saved(&mut self, done: Vec<Appended>) {
        let mut by_machines = Vec::new();
        for one in done {
            let Some(waited) = self.outbox.pop() else {
                return;
            };
            match (one, waited.token) {
                (Appended::Stored(entry), Some(token)) => {
                    (self.say)(StoreMsg::Saved { token, entry });
                }
                (Appended::Stored(entry), None) => by_machines.push(*entry),
                (Appended::Refused(open), Some(token)) => {
                    let what = if open.is_some() {
                        "another incident is open"
                    } else {
                        "no incident is open"
                    };
                    let problem = problem::new(
                        Trouble::Refused,
                        what,
                        "look at the timeline: another console opened or closed it",
                    );
                    (self.say)(StoreMsg::NotSaved {
                        token,
                        problem,
                        is_waiting: false,
                    });
                }
                (Appended::Known | Appended::Refused(_), _) => {}
            }
        }
        if !by_machines.is_empty() {
            (self.say)(StoreMsg::Appended(by_machines));
        }
    }

    /// Those who wait are told; the rest is tried again by itself.
    fn fail(&mut self, problem: StoreProblem) {
        if problem.class == Trouble::Corrupt {
            self.disk = None; // opening it again sets it aside
        }
        for token in self.outbox.tell() {
            (self.say)(StoreMsg::NotSaved {
                token,
                problem: problem.clone(),
                is_waiting: true,
            });
        }
        if let Some((revision, _)) = self.note {
            (self.say)(StoreMsg::NoteNotKept {
                revision,
                problem: problem.clone(),
            });
        }
        self.problem = Some(problem);
        self.retry = Some(Instant::now() + RETRY);
    }

    fn keep_note(&mut self) {
        let (Some(file), Some((revision, note))) = (&mut self.note_file, self.note.take()) else {
            return;
        };
        let (kept, was_said) = self.watch.over(
            StoreHealth {
                problem: Some(slow()),
                ..StoreHealth::default()
            },
            || file.keep(note.as_ref()),
        );
        (self.say)(match kept {
            Ok(()) => StoreMsg::NoteKept { revision },
            Err(error) => StoreMsg::NoteNotKept {
                revision,
                problem: problem::io(&error, "the draft of the note"),
            },
        });
        self.say_health(was_said);
    }

    fn hear_others(&mut self) {
        let Some(disk) = &self.disk else { return };
        let Ok(version) = disk.data_version() else {
            return;
        };
        if version == self.seen.version {
            return;
        }
        if let Ok(found) = query::after(&disk.connection, self.seen.place, &disk.writer) {
            self.seen = Seen {
                place: found.place,
                version,
            };
            if !found.entries.is_empty() {
                (self.say)(StoreMsg::Appended(found.entries));
            }
        }
    }

    fn load(&self, range: Range) {
        let found = self
            .disk
            .as_ref()
            .and_then(|disk| query::page(&disk.connection, &range).ok())
            .unwrap_or_default();
        (self.say)(StoreMsg::Page {
            range,
            entries: found.entries,
            unreadable: found.unreadable,
        });
    }

    fn health(&self) -> StoreHealth {
        let waiting = if self.problem.is_some() {
            self.outbox.len()
        } else {
            0
        };
        StoreHealth {
            problem: self.problem.clone(),
            waiting: u32::try_from(waiting).unwrap_or(u32::MAX),
            lost: self
                .outbox
                .lost()
                .saturating_add(self.overflow.load(Ordering::Relaxed)),
            notice: self.notice.clone(),
        }
    }

    /// What the watch says when a write hangs.
    fn slow(&self) -> StoreHealth {
        StoreHealth {
            problem: Some(slow()),
            waiting: u32::try_from(self.outbox.len()).unwrap_or(u32::MAX),
            ..self.health()
        }
    }

    fn say_health(&mut self, even_if_same: bool) {
        let health = self.health();
        if even_if_same || self.said.as_ref() != Some(&health) {
            self.said = Some(health.clone());
            (self.say)(StoreMsg::Health(health));
        }
    }
}

fn slow() -> StoreProblem {
    problem::new(
        Trouble::Slow,
        "a write to the disk takes longer than 2 s",
        "it goes on by itself; nothing is lost unless the console ends first",
    )
}
