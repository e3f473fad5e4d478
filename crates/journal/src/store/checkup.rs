//! The check of a whole timeline while the console has it open: on a thread and a connection of its own, which writes nothing.

use std::path::Path;
use std::thread::{self, JoinHandle};

use rusqlite::config::DbConfig;
use rusqlite::{Connection, InterruptHandle, OpenFlags};

use super::verify::{self, Report};

/// A check under way. It is ended when this goes: its connection must not outlive the file that it checks.
pub(super) struct Checkup {
    thread: Option<JoinHandle<Option<Report>>>,
    interrupt: InterruptHandle,
}

impl Checkup {
    /// Starts it. `None`: no connection or no thread; `watchfloor verify` checks the same.
    pub(super) fn start(path: &Path) -> Option<Checkup> {
        let flags = OpenFlags::SQLITE_OPEN_READ_ONLY
            | OpenFlags::SQLITE_OPEN_NO_MUTEX
            | OpenFlags::SQLITE_OPEN_NOFOLLOW;
        let connection = Connection::open_with_flags(path, flags).ok()?;
        connection
            .set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, true)
            .ok()?;
        let interrupt = connection.get_interrupt_handle();
        let thread = thread::Builder::new()
            .name("store-check".into())
            .spawn(move || verify::verify(&connection).ok())
            .ok()?;
        Some(Checkup {
            thread: Some(thread),
            interrupt,
        })
    }

    pub(super) fn is_finished(&self) -> bool {
        self.thread.as_ref().is_none_or(JoinHandle::is_finished)
    }

    /// What it found; waits for it. `None`: it could not read the file, or was ended.
    pub(super) fn report(mut self) -> Option<Report> {
        self.thread.take()?.join().ok()?
    }
}

impl Drop for Checkup {
    fn drop(&mut self) {
        if let Some(thread) = self.thread.take() {
            self.interrupt.interrupt();
            thread.join().ok(); // what it found is not wanted any more
        }
    }
}
