//! The timeline's file: created whole, checked, set aside when damaged, refused when it is not ours or too new.
//!
//! Nothing is ever deleted. A file is only moved while no other process has it open.

use std::fs::{self, File, OpenOptions};
use std::io::Read;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

use chrono::Utc;
use rusqlite::config::DbConfig;
use rusqlite::{Connection, OpenFlags};

use super::directory::{self, Lock, StateDir};
use super::problem;
use crate::model::entry::EntryId;
use crate::model::journal::{StoreProblem, Trouble};

/// Name of the file in the state directory.
pub const FILE: &str = "timeline.db";

const SCHEMA: &str = include_str!("../../assets/schema-1.sql");
const VERSION: i64 = 1;
const APPLICATION: i64 = 0x7766_6c72;

/// How long another process may hold the lock while it creates or checks the file.
const LOCK_WAIT: Duration = Duration::from_secs(5);
const LOCK_POLL: Duration = Duration::from_millis(10);

/// How long a transaction of another process is waited for: below the two seconds at which a save counts as slow.
const BUSY_WAIT: Duration = Duration::from_millis(1_500);

/// Who writes: kept with each process that ever wrote.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Identity {
    /// Login name.
    pub user: Option<String>,
    /// Host.
    pub host: Option<String>,
}

/// The open file. One for each process.
#[derive(Debug)]
pub struct Disk {
    pub(super) connection: Connection,
    pub(super) writer: Arc<str>,
    pub(super) identity: Identity,
    pub(super) random: File,
    path: PathBuf,
    notice: Option<String>,
    _lock: Lock,
}

impl Disk {
    /// Opens the timeline in `dir`, creating what is missing.
    pub fn open(dir: &StateDir, identity: &Identity) -> Result<Disk, StoreProblem> {
        let dir = dir.prepare()?;
        let path = dir.join(FILE);
        let lock_path = dir.join("timeline.lock");
        let lock = Lock::open(&lock_path)
            .map_err(|error| problem::io(&error, &lock_path.display().to_string()))?;
        let mut notice = None;
        if hold(&lock, &path)? {
            notice = set_aside_if_damaged(&path)?;
            create_if_missing(&dir, &path)?;
            while !lock.try_together() {
                std::thread::sleep(LOCK_POLL);
            }
        }
        check(&path).map_err(|found| found.refused(&path))?;
        let connection =
            connect(&path).map_err(|error| problem::sqlite(&error, &path.display().to_string()))?;
        if let Some(slower) = journal(&connection, &dir)
            .map_err(|error| problem::sqlite(&error, &path.display().to_string()))?
        {
            notice.get_or_insert(slower);
        }
        let mut random =
            File::open("/dev/urandom").map_err(|error| problem::io(&error, "/dev/urandom"))?;
        let writer = EntryId(ulid::Ulid::from_parts(
            u64::try_from(Utc::now().timestamp_millis()).unwrap_or(0),
            dice(&mut random)?,
        ));
        Ok(Disk {
            connection,
            writer: writer.to_string().into(),
            identity: identity.clone(),
            random,
            path,
            notice,
            _lock: lock,
        })
    }

    /// Where the file is.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// What a person should know about how it was opened.
    pub fn notice(&self) -> Option<&str> {
        self.notice.as_deref()
    }
}

fn dice(random: &mut File) -> Result<u128, StoreProblem> {
    let mut bytes = [0; 16];
    random
        .read_exact(&mut bytes)
        .map_err(|error| problem::io(&error, "/dev/urandom"))?;
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
            let what = format!("{}: another process keeps it locked", path.display());
            return Err(problem::new(
                Trouble::Busy,
                &what,
                "it is tried again by itself",
            ));
        }
        std::thread::sleep(LOCK_POLL);
    }
}

/// What is wrong with a file.
enum Fault {
    Damaged(String),
    Newer(i64),
    Foreign,
    Other(StoreProblem),
}

impl Fault {
    fn refused(self, path: &Path) -> StoreProblem {
        let place = path.display();
        match self {
            Fault::Damaged(how) => problem::new(
                Trouble::Corrupt,
                &format!("{place} is damaged ({how}) and another watchfloor has it open"),
                "close the others and start again: it is then set aside, not deleted",
            ),
            Fault::Newer(version) => problem::new(
                Trouble::Newer,
                &format!(
                    "{place} was written by a newer watchfloor (format {version}, this one knows {VERSION})"
                ),
                "use the newer one, or set XDG_STATE_HOME for this one",
            ),
            Fault::Foreign => problem::new(
                Trouble::Foreign,
                &format!("{place} belongs to another program"),
                "move that file away, or set XDG_STATE_HOME",
            ),
            Fault::Other(problem) => problem,
        }
    }
}

fn check(path: &Path) -> Result<(), Fault> {
    let place = path.display().to_string();
    // Also refuses a symlink and repairs the mode; nothing is created.
    let file = directory::open_private(path, OpenOptions::new().read(true).write(true))
        .map_err(|error| Fault::Other(problem::io(&error, &place)))?;
    if file.metadata().is_ok_and(|metadata| metadata.len() == 0) {
        return Err(Fault::Damaged("it is empty".into()));
    }
    let fault = |error: rusqlite::Error| match problem::class_of(&error) {
        Trouble::Corrupt => Fault::Damaged(error.to_string()),
        _ => Fault::Other(problem::sqlite(&error, &place)),
    };
    let connection = connect(path).map_err(fault)?;
    connection
        .set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, true)
        .map_err(fault)?;
    let number = |pragma: &str| {
        connection
            .pragma_query_value(None, pragma, |row| row.get::<_, i64>(0))
            .map_err(fault)
    };
    if number("application_id")? != APPLICATION {
        return Err(Fault::Foreign);
    }
    match number("user_version")? {
        VERSION => {}
        newer if newer > VERSION => return Err(Fault::Newer(newer)),
        unknown => return Err(Fault::Damaged(format!("it says format {unknown}"))),
    }
    let verdict: String = connection
        .query_row("PRAGMA quick_check(1)", [], |row| row.get(0))
        .map_err(fault)?;
    if verdict == "ok" {
        Ok(())
    } else {
        Err(Fault::Damaged(verdict))
    }
}

/// Called with the lock held alone.
fn set_aside_if_damaged(path: &Path) -> Result<Option<String>, StoreProblem> {
    if fs::symlink_metadata(path).is_err() {
        return Ok(None);
    }
    let how = match check(path) {
        Ok(()) => return Ok(None),
        Err(Fault::Damaged(how)) => how,
        Err(fault) => return Err(fault.refused(path)),
    };
    let aside = PathBuf::from(format!(
        "{}.corrupt-{}",
        path.display(),
        Utc::now().format("%Y%m%dT%H%M%S%3fZ")
    ));
    for end in ["", "-wal", "-shm"] {
        let (from, to) = (with_end(path, end), with_end(&aside, end));
        if fs::symlink_metadata(&from).is_ok() {
            fs::rename(&from, &to)
                .map_err(|error| problem::io(&error, &from.display().to_string()))?;
        }
    }
    Ok(Some(format!(
        "the timeline was damaged ({how}); it was set aside as {} and a new one begun; nothing was deleted",
        aside.display()
    )))
}

fn with_end(path: &Path, end: &str) -> PathBuf {
    PathBuf::from(format!("{}{end}", path.display()))
}

/// Called with the lock held alone. The file appears under its name only when it is complete.
fn create_if_missing(dir: &Path, path: &Path) -> Result<(), StoreProblem> {
    if fs::symlink_metadata(path).is_ok() {
        return Ok(());
    }
    let new = with_end(path, ".new");
    let place = new.display().to_string();
    let failed = |error: std::io::Error| problem::io(&error, &place);
    for end in ["", "-journal"] {
        // Left behind by a process that died in this very function; it never held an entry.
        match fs::remove_file(with_end(&new, end)) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
                return Err(failed(error));
            }
            _ => {}
        }
    }
    directory::open_private(
        &new,
        OpenOptions::new().read(true).write(true).create_new(true),
    )
    .map_err(failed)?;
    let fill = || -> rusqlite::Result<()> {
        let connection = connect(&new)?;
        connection.execute_batch(&format!(
            "PRAGMA synchronous = FULL; BEGIN IMMEDIATE; {SCHEMA} COMMIT;"
        ))?;
        connection.close().map_err(|(_, error)| error)
    };
    fill().map_err(|error| problem::sqlite(&error, &place))?;
    fs::rename(&new, path).map_err(failed)?;
    File::open(dir)
        .and_then(|dir| dir.sync_all())
        .map_err(failed)
}

fn connect(path: &Path) -> rusqlite::Result<Connection> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE
        | OpenFlags::SQLITE_OPEN_NO_MUTEX
        | OpenFlags::SQLITE_OPEN_NOFOLLOW;
    let connection = Connection::open_with_flags(path, flags)?;
    connection.busy_timeout(BUSY_WAIT)?;
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_DEFENSIVE, true)?;
    connection.pragma_update(None, "trusted_schema", false)?;
    Ok(connection)
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
        Err(error) if matches!(problem::class_of(&error), Trouble::Io | Trouble::Directory) => {
            connection.execute_batch("ROLLBACK;").ok(); // there may be none to roll back
            slower("a first write in the faster way failed")
        }
        Err(error) => Err(error),
    }
}
