//! The store's thread: takes requests, commits people's entries at once and machines' in groups, retries what failed,
//! and notices what other processes wrote.

mod opening;

use std::io;
use std::sync::Arc;
use std::sync::atomic::AtomicU32;
use std::sync::mpsc::{Receiver, RecvTimeoutError};
use std::time::{Duration, Instant};

use super::checkup::Checkup;
use super::directory::StateDir;
use super::disk::{Disk, Identity};
use super::health::Reporter;
use super::note_file::NoteFile;
use super::outbox::Outbox;
use super::rescue::Rescue;
use super::seen::Seen;
use super::{Say, problem, query};
use model::journal::{NoteDraft, Range, StoreFailure, StoreHealth, StoreProblem};
use model::message::{StoreEffect, StoreMsg};

/// Machine entries wait this long for others, to share one write to the disk.
const GROUP: Duration = Duration::from_millis(250);

/// How often another process's entries are looked for: they appear within a second.
const POLL: Duration = Duration::from_millis(500);

/// Entries in one transaction: a few milliseconds of work, so that a person's note behind them does not wait.
const BATCH: usize = 500;

/// How often in a row a file is opened anew because it was taken away while it was written to.
const REOPEN_MAX: u32 = 3;

/// Something to do with the open timeline on its own thread: behind what was to be saved before, through the one connection
/// of this process. It also gets the number of entries that still wait in memory.
pub type Job = Box<dyn FnOnce(Result<&Disk, StoreProblem>, usize) + Send>;

/// A request to the thread.
pub(super) enum Order {
    /// Carry this out.
    Do(StoreEffect),
    /// Do this with the open timeline.
    Read(Job),
    /// Save what waits and end.
    Leave,
}

/// The thread's state.
pub(super) struct Worker {
    dir: Result<StateDir, StoreProblem>,
    identity: Identity,
    reporter: Reporter,
    disk: Option<Disk>,
    /// The check of the whole file, once after the start.
    checkup: Option<Checkup>,
    is_checked: bool,
    /// Damage was found: the file is repaired where it is opened next.
    is_damaged: bool,
    rescue: Rescue,
    note_file: Option<NoteFile>,
    note: Option<(u64, Option<NoteDraft>)>,
    outbox: Outbox,
    seen: Seen,
    due: Option<Instant>,
}

impl Worker {
    pub(super) fn new(
        dir: Result<StateDir, StoreProblem>,
        identity: Identity,
        say: Say,
        overflow: Arc<AtomicU32>,
    ) -> io::Result<Worker> {
        Ok(Worker {
            dir,
            identity,
            reporter: Reporter::new(say, overflow)?,
            disk: None,
            checkup: None,
            is_checked: false,
            is_damaged: false,
            rescue: Rescue::default(),
            note_file: None,
            note: None,
            outbox: Outbox::default(),
            seen: Seen::default(),
            due: None,
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
                    Ok(Order::Read(job)) => self.read(job),
                    Ok(Order::Leave) | Err(RecvTimeoutError::Disconnected) => break true,
                    Err(RecvTimeoutError::Timeout) => break false,
                }
                next = orders.try_recv().map_err(|_| RecvTimeoutError::Timeout);
            };
            if leaves {
                self.hurry();
            }
            self.work();
            if leaves {
                let health = self.reporter.health(&self.outbox);
                self.close();
                return health;
            }
        }
    }

    fn patience(&self) -> Duration {
        let now = Instant::now();
        let next = if self.disk.is_some() && self.reporter.retry.is_none() {
            self.due
        } else {
            self.reporter.retry
        };
        next.map_or(POLL, |at| at.saturating_duration_since(now))
            .min(POLL)
    }

    /// What waits is saved now, even what failed a moment ago.
    fn hurry(&mut self) {
        self.due = Some(Instant::now());
        self.reporter.retry = None;
    }

    fn take(&mut self, effect: StoreEffect) {
        let now = Instant::now();
        match effect {
            StoreEffect::Save { token, draft } => {
                if self.outbox.push(Some(token), *draft) {
                    self.hurry();
                } else {
                    let what = format!("{} entries wait in memory already", self.outbox.len());
                    let problem = problem::new(
                        StoreFailure::QueueFull,
                        &what,
                        "free the disk, or copy what matters from the screen",
                    );
                    self.reporter.say(StoreMsg::NotSaved {
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

    fn read(&mut self, job: Job) {
        self.hurry();
        self.work();
        let disk = self.disk.as_ref().ok_or_else(|| self.reporter.problem());
        job(disk, self.outbox.len());
    }

    fn work(&mut self) {
        for _ in 0..REOPEN_MAX {
            let now = Instant::now();
            if self.reporter.retry.is_some_and(|at| at > now) {
                break;
            }
            self.leave_displaced();
            self.leave_damaged();
            let was_open = self.disk.is_some();
            if !was_open {
                self.open();
            }
            let is_due = self.due.is_some_and(|at| at <= now) || self.reporter.retry.is_some();
            if self.disk.is_some() && is_due {
                self.due = None;
                self.flush();
                self.keep_note();
            }
            // What was open and was not written to has just been looked at.
            let is_new = is_due || !was_open;
            if !is_new || !self.is_displaced() {
                break;
            }
            self.due = Some(now);
        }
        self.hear_others();
        self.reporter.say_health(&self.outbox);
    }

    /// What is committed counts as saved only when the files are still in place behind the commit.
    fn flush(&mut self) {
        while !self.outbox.is_empty() {
            let Some(mut disk) = self.disk.take() else {
                return;
            };
            let batch = self.outbox.first(BATCH);
            let done = self.reporter.timed(&self.outbox, || disk.append(&batch));
            let place = disk.path().display().to_string();
            let is_displaced = disk.displaced().is_some();
            self.disk = Some(disk);
            if is_displaced {
                return;
            }
            match done {
                Ok(done) => {
                    for msg in self.outbox.on_appended(done) {
                        self.reporter.say(msg);
                    }
                }
                Err(error) => return self.fail(problem::sqlite(&error, &place)),
            }
            self.reporter.say_health(&self.outbox);
        }
        self.reporter.recover();
    }

    /// Those who wait are told; the rest is tried again by itself.
    fn fail(&mut self, problem: StoreProblem) {
        if problem.class == StoreFailure::Corrupt {
            self.close();
            self.is_damaged = true;
        }
        for token in self.outbox.tell() {
            self.reporter.say(StoreMsg::NotSaved {
                token,
                problem: problem.clone(),
                is_waiting: true,
            });
        }
        if let Some((revision, _)) = self.note {
            self.reporter.say(StoreMsg::NoteNotKept {
                revision,
                problem: problem.clone(),
            });
        }
        self.reporter.fail(problem);
    }

    fn keep_note(&mut self) {
        let (Some(file), Some((revision, note))) = (&mut self.note_file, self.note.take()) else {
            return;
        };
        let kept = self
            .reporter
            .timed(&self.outbox, || file.keep(note.as_ref()));
        self.reporter.say(match kept {
            Ok(()) => StoreMsg::NoteKept { revision },
            Err(error) => StoreMsg::NoteNotKept {
                revision,
                problem: problem::io(&error, "the draft of the note"),
            },
        });
        self.reporter.say_health(&self.outbox);
    }

    fn hear_others(&mut self) {
        let Some(disk) = &self.disk else { return };
        let entries = self.seen.by_others(disk);
        if !entries.is_empty() {
            self.reporter.say(StoreMsg::Appended(entries));
        }
    }

    fn load(&self, range: Range) {
        let found = self
            .disk
            .as_ref()
            .and_then(|disk| query::page(&disk.connection, &range).ok())
            .unwrap_or_default();
        self.reporter.say(StoreMsg::Page {
            range,
            entries: found.entries,
            unreadable: found.unreadable,
        });
    }
}
