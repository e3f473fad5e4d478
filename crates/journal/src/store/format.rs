//! The format of the file: whose it is, of which version, and what is wrong with one that is neither.

use std::path::{Path, PathBuf};
use std::time::Duration;

use rusqlite::config::DbConfig;
use rusqlite::{Connection, OpenFlags};

use super::problem;
use model::journal::{StoreFailure, StoreProblem};

/// How long a transaction of another process is waited for: below the two seconds at which a save counts as slow.
pub(super) const BUSY_WAIT: Duration = Duration::from_millis(1_500);

pub(super) const SCHEMA: &str = include_str!("../../../../assets/schema-1.sql");
const VERSION: i64 = 1;
const APPLICATION: i64 = 0x7766_6c72;

/// The tables by which a file is known as ours when its header does not say so any more.
const TABLES: &str = "SELECT count(*) = 3 FROM sqlite_schema WHERE type = 'table' AND name IN ('entry', 'entry_text', 'writer')";

/// What is wrong with a file.
pub(super) enum Fault {
    Damaged(String),
    Newer(i64),
    Foreign,
    /// Its log is there, but not the index of the log, without which SQLite does not read it where it cannot write.
    Unindexed,
    Other(StoreProblem),
}

impl Fault {
    pub(super) fn refused(self, path: &Path) -> StoreProblem {
        let place = path.display();
        match self {
            Fault::Damaged(how) => problem::new(
                StoreFailure::Corrupt,
                &format!("damaged ({how}), and another watchfloor has it open: {place}"),
                "close the others and start again: what can be read is then written into a new file, and this one kept",
            ),
            Fault::Newer(version) => problem::new(
                StoreFailure::Newer,
                &format!(
                    "written by a newer watchfloor (format {version}, this one knows {VERSION}): {place}"
                ),
                "use the newer one, or set XDG_STATE_HOME for this one",
            ),
            Fault::Foreign => problem::new(
                StoreFailure::Foreign,
                &format!("a file of another program: {place}"),
                "move that file away, or set XDG_STATE_HOME",
            ),
            Fault::Unindexed => problem::new(
                StoreFailure::ReadOnly,
                &format!("its log has no index: {place}"),
                "start watchfloor: it makes one",
            ),
            Fault::Other(problem) => problem,
        }
    }
}

/// Opens the file as it is.
pub(super) fn connect(path: &Path) -> rusqlite::Result<Connection> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE
        | OpenFlags::SQLITE_OPEN_NO_MUTEX
        | OpenFlags::SQLITE_OPEN_NOFOLLOW;
    let connection = Connection::open_with_flags(path, flags)?;
    connection.busy_timeout(BUSY_WAIT)?;
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_DEFENSIVE, true)?;
    connection.pragma_update(None, "trusted_schema", false)?;
    Ok(connection)
}

pub(super) fn fault(error: &rusqlite::Error, path: &Path) -> Fault {
    match problem::class_of(error) {
        StoreFailure::Corrupt => Fault::Damaged(error.to_string()),
        _ => Fault::Other(problem::sqlite(error, &path.display().to_string())),
    }
}

/// Whose file it is, and of which format.
pub(super) fn check_header(connection: &Connection, path: &Path) -> Result<(), Fault> {
    let fault = |error| fault(&error, path);
    let number = |pragma: &str| {
        connection
            .pragma_query_value(None, pragma, |row| row.get::<_, i64>(0))
            .map_err(fault)
    };
    let has = |question: &str| {
        connection
            .query_row(question, [], |row| row.get::<_, bool>(0))
            .map_err(fault)
    };
    match number("application_id")? {
        APPLICATION => {}
        0 if has("SELECT count(*) = 0 FROM sqlite_schema")? => {
            return Err(Fault::Damaged("it holds nothing".into()));
        }
        _ if has(TABLES)? => return Err(Fault::Damaged("its header was altered".into())),
        _ => return Err(Fault::Foreign),
    }
    match number("user_version")? {
        VERSION => Ok(()),
        newer if newer > VERSION => Err(Fault::Newer(newer)),
        unknown => Err(Fault::Damaged(format!("it says format {unknown}"))),
    }
}

/// `ok`, or the first thing that is wrong. Compares the indexes with the rows, too.
pub(super) fn integrity(connection: &Connection) -> rusqlite::Result<String> {
    connection.query_row("PRAGMA integrity_check(1)", [], |row| row.get(0))
}

pub(super) fn with_end(path: &Path, end: &str) -> PathBuf {
    PathBuf::from(format!("{}{end}", path.display()))
}
