//! The open timeline: the lock that says it is in use, the connection, and the journal that is safe where it lies.

use std::collections::BTreeMap;
use std::fs;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

use chrono::Utc;
use rusqlite::Connection;
use rusqlite::config::DbConfig;

use super::directory::{self, Lock, StateDir};
use super::file::{self, Depth};
use super::format::{self, Fault, connect};
use super::problem;
use model::entry::EntryId;
use model::journal::{StoreFailure, StoreProblem};

/// Name of the file in the state directory.
pub const FILE: &str = "timeline.db";

/// Name of the lock beside it.
pub(super) const LOCK_FILE: &str = "timeline.lock";

/// How long another process may hold the lock while it creates or checks the file.
const LOCK_WAIT: Duration = Duration::from_secs(5);
const LOCK_POLL: Duration = Duration::from_millis(10);

/// Who writes: kept with each process that ever wrote.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Identity {
    pub user: Option<String>,
    pub host: Option<String>,
}

/// The files of an open timeline, by device and inode: SQLite goes on with those it has open, whatever stands under their
/// names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Files {
    database: Option<(u64, u64)>,
    wal: Option<(u64, u64)>,
    shm: Option<(u64, u64)>,
}

/// What was taken away from under an open timeline.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Displaced {
    /// The file itself: others find another one under its name, or none.
    Database,
    /// The write-ahead log beside it, or its index: what is committed from then on reaches no file that has a name.
    Wal,
}

/// The open file. One for each process.
#[derive(Debug)]
pub struct Disk {
    pub(super) connection: Connection,
    pub(super) writer: Arc<str>,
    pub(super) identity: Identity,
    pub(super) known: BTreeMap<EntryId, EntryId>,
    path: PathBuf,
    opened: Files,
    notice: Option<String>,
    /// Others had it open when it was opened.
    pub(super) is_shared: bool,
    _lock: Lock,
}

impl Disk {
    /// Opens the timeline in `dir`, creating what is missing. The same work for a long one as for a short one.
    pub fn open(dir: &StateDir, identity: &Identity) -> Result<Disk, StoreProblem> {
        Disk::open_at(dir, identity, Depth::Header)
    }

    /// The same after a whole check: damaged indexes are built anew, and a file of which rows are damaged is set aside and
    /// made anew of those that can be read.
    pub fn repair(dir: &StateDir, identity: &Identity) -> Result<Disk, StoreProblem> {
        Disk::open_at(dir, identity, Depth::Whole)
    }

    fn open_at(dir: &StateDir, identity: &Identity, depth: Depth) -> Result<Disk, StoreProblem> {
        let dir = dir.prepare()?;
        let path = dir.join(FILE);
        let lock_path = dir.join(LOCK_FILE);
        let lock = Lock::open(&lock_path)
            .map_err(|error| problem::io(&error, &lock_path.display().to_string()))?;
        let mut notice = None;
        let is_alone = hold(&lock, &path)?;
        if is_alone {
            notice = file::repair(&dir, &path, depth)?;
            file::create_if_missing(&dir, &path)?;
            while !lock.try_together() {
                std::thread::sleep(LOCK_POLL);
            }
        }
        file::check(&path, Depth::Header).map_err(|found| found.refused(&path))?;
        if notice.is_none() && depth == Depth::Whole {
            notice = beside_others(&path)?;
        }
        let connection =
            connect(&path).map_err(|error| problem::sqlite(&error, &path.display().to_string()))?;
        if let Some(slower) = journal(&connection, &dir)
            .map_err(|error| problem::sqlite(&error, &path.display().to_string()))?
        {
            notice.get_or_insert(slower);
        }
        let writer = EntryId(ulid::Ulid::from_parts(
            u64::try_from(Utc::now().timestamp_millis()).unwrap_or(0),
            random()?,
        ));
        Ok(Disk {
            connection,
            writer: writer.to_string().into(),
            identity: identity.clone(),
            known: BTreeMap::new(),
            opened: Files::at(&path),
            path,
            notice,
            is_shared: !is_alone,
            _lock: lock,
        })
    }

    pub fn connection(&self) -> &Connection {
        &self.connection
    }

    /// Where the file is.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Are the open files still those that others find by their names? By `stat` alone: see [`directory::make_private`].
    pub fn displaced(&self) -> Option<Displaced> {
        let now = Files::at(&self.path);
        if now.database != self.opened.database {
            Some(Displaced::Database)
        } else if now != self.opened {
            Some(Displaced::Wal)
        } else {
            None
        }
    }

    /// Moves when another process wrote.
    pub fn data_version(&self) -> rusqlite::Result<i64> {
        // Asked twice a second: it is compiled once.
        let mut statement = self.connection.prepare_cached("PRAGMA data_version")?;
        statement.query_row([], |row| row.get(0))
    }

    /// What a person should know about how it was opened.
    pub fn notice(&self) -> Option<&str> {
        self.notice.as_deref()
    }
}

impl Drop for Disk {
    /// The last to close carries the write-ahead log over into the file. One that others no longer use would overwrite what
    /// they have written since.
    fn drop(&mut self) {
        if self.displaced().is_some() {
            // It can only fail for a setting that does not exist.
            self.connection
                .set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, true)
                .ok();
        }
    }
}

impl Files {
    fn at(path: &Path) -> Files {
        let beside = |end| device_and_inode(&format::with_end(path, end));
        Files {
            database: device_and_inode(path),
            wal: beside("-wal"),
            shm: beside("-shm"),
        }
    }
}

fn device_and_inode(path: &Path) -> Option<(u64, u64)> {
    fs::metadata(path)
        .ok()
        .map(|found| (found.dev(), found.ino()))
}

fn random() -> Result<u128, StoreProblem> {
    let mut bytes = [0; 16];
    getrandom::fill(&mut bytes).map_err(|error| {
        problem::new(
            StoreFailure::Io,
            &format!("the system gives no random numbers: {error}"),
            "look at the system's log; it is tried again by itself",
        )
    })?;
    Ok(u128::from_le_bytes(bytes))
}

/// Takes the lock: alone when nobody else has the timeline open (`true`), else together with the others.
fn hold(lock: &Lock, path: &Path) -> Result<bool, StoreProblem> {
    let begun = Instant::now();
    loop {
        if lock.try_alone() {
            return Ok(true);
        }
        if path.exists() && lock.try_together() {
            return Ok(false);
        }
        if begun.elapsed() > LOCK_WAIT {
            let what = format!("another process keeps it locked: {}", path.display());
            return Err(problem::new(
                StoreFailure::Busy,
                &what,
                "it is tried again by itself",
            ));
        }
        std::thread::sleep(LOCK_POLL);
    }
}

/// The whole check of a file that others have open as well: it stays under its name. What was done or is to be done.
fn beside_others(path: &Path) -> Result<Option<String>, StoreProblem> {
    match file::check(path, Depth::Whole) {
        Ok(()) => Ok(None),
        Err(Fault::Damaged(_)) if file::rebuild_indexes(path) => {
            Ok(Some(file::INDEXES_REBUILT.to_owned()))
        }
        Err(fault @ Fault::Damaged(_)) => Ok(Some(fault.refused(path).to_string())),
        Err(fault) => Err(fault.refused(path)),
    }
}

/// Chooses the journal: WAL, or the slower one where WAL is not safe. What to tell about it.
fn journal(connection: &Connection, dir: &Path) -> rusqlite::Result<Option<String>> {
    connection.pragma_update(None, "synchronous", "FULL")?;
    let slower = |why: &str| -> rusqlite::Result<Option<String>> {
        connection.query_row("PRAGMA journal_mode = DELETE", [], |_| Ok(()))?;
        Ok(Some(format!(
            "the timeline in {} is written in the slower, safer way: {why}",
            dir.display()
        )))
    };
    if directory::is_network(dir) {
        return slower("it is on a network file system");
    }
    let mode: String = connection.query_row("PRAGMA journal_mode = WAL", [], |row| row.get(0))?;
    if !mode.eq_ignore_ascii_case("wal") {
        return slower("this file system has no shared memory");
    }
    match connection.execute_batch("BEGIN IMMEDIATE; PRAGMA user_version = 1; COMMIT;") {
        Ok(()) => Ok(None),
        Err(error)
            if matches!(
                problem::class_of(&error),
                StoreFailure::Io | StoreFailure::Directory
            ) =>
        {
            connection.execute_batch("ROLLBACK;").ok(); // there may be none to roll back
            slower("a first write in the faster way failed")
        }
        Err(error) => Err(error),
    }
}
