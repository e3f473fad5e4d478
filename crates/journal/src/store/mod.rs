//! The timeline on disk: SQLite on a thread of its own. What it calls saved survives kill -9; it never deletes.

pub mod append;
mod beginning;
pub mod chain;
mod checkup;
pub mod directory;
pub mod disk;
mod file;
mod format;
mod health;
mod image;
mod note_file;
mod opening;
mod outbox;
pub(crate) mod problem;
pub mod query;
pub mod reader;
mod record;
mod rescue;
pub mod row;
mod salvage;
mod seen;
mod slow;
mod stored;
pub mod verify;
mod worker;

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::mpsc::{Receiver, SyncSender, TrySendError, channel, sync_channel};
use std::time::Duration;
use std::{io, thread};

use self::directory::StateDir;
use self::disk::Identity;
use self::worker::{Order, Worker};

pub use self::worker::Job;
use model::journal::{StoreFailure, StoreHealth, StoreProblem};
use model::message::{StoreEffect, StoreMsg};

/// Requests that may wait for the thread: it only falls behind while the disk hangs, and then this is minutes.
const ORDERS_MAX: usize = 1_024;

/// Where answers go: called on the store's thread, must not block.
pub type Say = Arc<dyn Fn(StoreMsg) + Send + Sync>;

/// The running store.
pub struct Store {
    orders: SyncSender<Order>,
    done: Receiver<StoreHealth>,
    overflow: Arc<AtomicU32>,
    say: Say,
}

/// Starts the store. Whether its file could be opened comes as a message: the console works without.
///
/// # Errors
/// When the system gives no thread.
pub fn open(
    dir: Result<StateDir, StoreProblem>,
    identity: Identity,
    say: Say,
) -> io::Result<Store> {
    let (orders, received) = sync_channel(ORDERS_MAX);
    let (left, done) = channel();
    let overflow = Arc::new(AtomicU32::new(0));
    let worker = Worker::new(dir, identity, say.clone(), overflow.clone())?;
    thread::Builder::new().name("store".into()).spawn(move || {
        left.send(worker.run(&received)).ok(); // nobody may be waiting any more
    })?;
    Ok(Store {
        orders,
        done,
        overflow,
        say,
    })
}

impl Store {
    /// Hands a request over. Never waits: when too many wait already, the answer says so at once.
    pub fn run(&self, effect: StoreEffect) {
        let Err(
            TrySendError::Full(Order::Do(effect)) | TrySendError::Disconnected(Order::Do(effect)),
        ) = self.orders.try_send(Order::Do(effect))
        else {
            return;
        };
        let problem = falls_behind();
        match effect {
            StoreEffect::Save { token, .. } => (self.say)(StoreMsg::NotSaved {
                token,
                problem,
                is_waiting: false,
            }),
            StoreEffect::KeepNote { revision, .. } => {
                (self.say)(StoreMsg::NoteNotKept { revision, problem });
            }
            StoreEffect::Append(drafts) => {
                self.overflow.fetch_add(
                    u32::try_from(drafts.len()).unwrap_or(u32::MAX),
                    Ordering::Relaxed,
                );
            }
            StoreEffect::Load(range) => (self.say)(StoreMsg::Page {
                range,
                entries: Vec::new(),
                unreadable: 0,
            }),
        }
    }

    /// Does `job` with the open timeline, behind all that was handed over before. Never waits; when the thread has fallen
    /// behind, `job` is told so at once.
    pub fn read(&self, job: Job) {
        if let Err(
            TrySendError::Full(Order::Read(job)) | TrySendError::Disconnected(Order::Read(job)),
        ) = self.orders.try_send(Order::Read(job))
        {
            job(Err(falls_behind()), 0);
        }
    }

    /// Saves what waits and ends. `None` when that took longer than `deadline`: what was called saved is safe all the same.
    pub fn close(self, deadline: Duration) -> Option<StoreHealth> {
        self.orders.try_send(Order::Leave).ok();
        self.done.recv_timeout(deadline).ok()
    }
}

fn falls_behind() -> StoreProblem {
    problem::new(
        StoreFailure::QueueFull,
        "the disk does not answer and too much waits to be saved",
        "copy what matters from the screen",
    )
}
