//! The timeline for whoever only reads: nothing is created, renamed or written, on a disk or in a directory that cannot be
//! written as well. Of a damaged file what can be read. Not for a process that has the timeline open to write.
//!
//! Rules: <https://www.sqlite.org/wal.html#read_only_databases>, <https://www.sqlite.org/uri.html>.

use std::fs::{self, Metadata};
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

use rusqlite::{Connection, OpenFlags};

use super::directory::{Lock, StateDir};
use super::disk::{FILE, LOCK_FILE};
use super::format::{self, BUSY_WAIT, Fault, SCHEMA};
use super::query::{EntryRows, IN_KIND_INDEX};
use super::{problem, salvage};
use model::journal::StoreProblem;

/// An open timeline that is only read.
#[derive(Debug)]
pub struct TimelineReader {
    connection: Connection,
    path: Option<PathBuf>,
    said: Vec<String>,
    unreadable: Vec<String>,
    /// What the files were while nothing but the file system kept them as they are.
    unlocked: Option<FileStamps>,
    _lock: Option<Lock>,
}

/// The file and its log, by what changes with each write.
type FileStamps = [Option<(u64, u64, u64, i64, i64)>; 2];

impl TimelineReader {
    /// Opens it. Where there is none yet, it is empty.
    pub fn open(dir: &StateDir) -> Result<TimelineReader, StoreProblem> {
        let path = dir.existing()?.map(|dir| dir.join(FILE));
        let Some(path) = path.filter(|path| fs::symlink_metadata(path).is_ok()) else {
            return TimelineReader::empty();
        };
        let lock = Lock::of_reader(&path.with_file_name(LOCK_FILE));
        let opened = connect(&path).and_then(|(connection, unlocked)| {
            format::check_header(&connection, &path)?;
            let sums = sums(&connection).map_err(|error| format::fault(&error, &path))?;
            Ok((connection, unlocked, sums))
        });
        let (connection, unlocked, sums) = match opened {
            Ok((connection, unlocked, Some(sums))) => (connection, unlocked, sums),
            Ok((.., None)) => {
                return TimelineReader::salvage(&path, lock, Some("rows are missing"));
            }
            Err(Fault::Damaged(how)) => return TimelineReader::salvage(&path, lock, Some(&how)),
            Err(Fault::Unindexed) => return TimelineReader::salvage(&path, lock, None),
            Err(fault) => return Err(fault.refused(&path)),
        };
        let index = damaged_index(&connection, &sums);
        let said = index.map(|index| format!("an index of the timeline is damaged ({index}); every row is read all the same. To build it anew, start watchfloor"));
        Ok(TimelineReader {
            connection,
            path: Some(path),
            said: said.into_iter().collect(),
            unreadable: Vec::new(),
            unlocked,
            _lock: lock,
        })
    }

    fn empty() -> Result<TimelineReader, StoreProblem> {
        let connection = Connection::open_in_memory().and_then(|connection| {
            connection.execute_batch(SCHEMA)?;
            Ok(connection)
        });
        Ok(TimelineReader {
            connection: connection.map_err(|error| problem::sqlite(&error, "memory"))?,
            path: None,
            said: Vec::new(),
            unreadable: Vec::new(),
            unlocked: None,
            _lock: None,
        })
    }

    /// The same timeline read page by page, because SQLite came upon damage.
    pub fn of_what_is_left(self, how: &str) -> Result<TimelineReader, StoreProblem> {
        let TimelineReader {
            connection,
            path,
            _lock: lock,
            ..
        } = self;
        drop(connection);
        path.map_or_else(TimelineReader::empty, |path| {
            TimelineReader::salvage(&path, lock, Some(how))
        })
    }

    fn salvage(
        path: &Path,
        lock: Option<Lock>,
        how: Option<&str>,
    ) -> Result<TimelineReader, StoreProblem> {
        let place = path.display().to_string();
        let unlocked = Some(files(path));
        let salvage = salvage::salvage(path).map_err(|error| problem::io(&error, &place))?;
        let (connection, unreadable) = salvage
            .into_memory()
            .map_err(|error| problem::sqlite(&error, &place))?;
        let said = how.map(|how| format!("the timeline is damaged ({how}): {place}. To write what can be read into a new file and keep this one, close every watchfloor that uses it and start watchfloor"));
        Ok(TimelineReader {
            connection,
            path: Some(path.to_owned()),
            said: said.into_iter().collect(),
            unreadable,
            unlocked,
            _lock: lock,
        })
    }

    /// Its rows: true whatever the indexes say.
    pub fn rows(&self) -> EntryRows<'_> {
        EntryRows::scanned(&self.connection)
    }

    pub fn connection(&self) -> &Connection {
        &self.connection
    }

    /// What a person should know of it, and how to mend it.
    pub fn said(&self) -> &[String] {
        &self.said
    }

    /// The names of entries of which nothing can be read.
    pub fn unreadable(&self) -> &[String] {
        &self.unreadable
    }

    /// Something was written while it was read without a lock: what was read may be of two moments.
    pub fn is_outdated(&self) -> bool {
        match (&self.unlocked, &self.path) {
            (Some(before), Some(path)) => *before != files(path),
            _ => false,
        }
    }
}

fn files(path: &Path) -> FileStamps {
    let of = |found: Metadata| {
        let (size, seconds, nanoseconds) = (found.len(), found.mtime(), found.mtime_nsec());
        (found.dev(), found.ino(), size, seconds, nanoseconds)
    };
    [path.to_owned(), format::with_end(path, "-wal")].map(|path| fs::metadata(path).ok().map(of))
}

/// By SQLite's own locks where the file has a log, which then has an index in shared memory; else as a file that nobody
/// changes, with what it was then.
fn connect(path: &Path) -> Result<(Connection, Option<FileStamps>), Fault> {
    let now = files(path);
    if let [Some((_, _, 0, ..)), _] = now {
        return Err(Fault::Damaged("it is empty".into()));
    }
    let wal_bytes = now[1].map(|(_, _, size, ..)| size);
    let is_beside = |end| fs::symlink_metadata(format::with_end(path, end)).is_ok();
    let (mode, unlocked) = match wal_bytes {
        Some(_) if is_beside("-shm") => ("mode=ro&readonly_shm=1", None),
        Some(1..) => return Err(Fault::Unindexed),
        Some(0) | None if is_beside("-journal") => ("mode=ro", None),
        Some(0) | None => ("mode=ro&immutable=1", Some(now)),
    };
    let name: String = path
        .as_os_str()
        .as_bytes()
        .iter()
        .map(|byte| match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'/' | b'-' | b'_' | b'.' => {
                char::from(*byte).to_string()
            }
            other => format!("%{other:02x}"),
        })
        .collect();
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY
        | OpenFlags::SQLITE_OPEN_URI
        | OpenFlags::SQLITE_OPEN_NO_MUTEX
        | OpenFlags::SQLITE_OPEN_NOFOLLOW;
    let open = || -> rusqlite::Result<Connection> {
        let connection = Connection::open_with_flags(format!("file:{name}?{mode}"), flags)?;
        connection.busy_timeout(BUSY_WAIT)?;
        connection.pragma_update(None, "trusted_schema", false)?;
        Ok(connection)
    };
    Ok((
        open().map_err(|error| format::fault(&error, path))?,
        unlocked,
    ))
}

/// Indexes, and of which rows they are.
const INDEXES: [(&str, &str); 7] = [
    ("sqlite_autoindex_entry_1", "1"),
    ("sqlite_autoindex_entry_2", "1"),
    ("entry_by_time", "1"),
    ("entry_by_incident", "incident IS NOT NULL"),
    ("entry_by_reference", "refers_to IS NOT NULL"),
    ("entry_by_origin", "origin IS NOT NULL"),
    ("entry_by_kind", IN_KIND_INDEX),
];

/// The sum of the places of the rows of each index; `None`: some cannot be reached. They are numbered from 1 without a gap, since none
/// ever leaves: a tree that leads past some, or twice to others, is seen by that.
fn sums(connection: &Connection) -> rusqlite::Result<Option<Vec<i64>>> {
    let sums: Vec<String> = INDEXES
        .iter()
        .map(|(_, condition)| format!("ifnull(sum(iif({condition}, place, 0)), 0)"))
        .collect();
    let sql = format!(
        "SELECT count(*), ifnull(min(place), 1), ifnull(max(place), 0), ifnull(sum(place), 0), {} FROM entry NOT INDEXED",
        sums.join(", ")
    );
    connection.query_row(&sql, [], |row| {
        let (count, first, last): (i64, i64, i64) = (row.get(0)?, row.get(1)?, row.get(2)?);
        let sum: i64 = row.get(3)?;
        let is_whole = first == 1 && last == count && sum == count * (count + 1) / 2;
        let of_indexes: rusqlite::Result<Vec<i64>> = (4..4 + INDEXES.len())
            .map(|column| row.get(column))
            .collect();
        Ok(if is_whole { Some(of_indexes?) } else { None })
    })
}

/// What is wrong with the first index that does not lead to each of its rows; `verify` compares their keys, too.
fn damaged_index(connection: &Connection, sums: &[i64]) -> Option<String> {
    INDEXES
        .iter()
        .zip(sums)
        .find_map(|((index, condition), sum)| {
            let sql = format!(
                "SELECT ifnull(sum(place), 0) FROM entry INDEXED BY {index} WHERE {condition}"
            );
            match connection.query_row(&sql, [], |row| row.get::<_, i64>(0)) {
                Ok(by_index) if by_index == *sum => None,
                Ok(_) => Some(format!("{index}: not every row is in it")),
                Err(error) => Some(format!("{index}: {error}")),
            }
        })
}
