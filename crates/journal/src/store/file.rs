//! Sees to it that a good file stands under the timeline's name: created whole, checked, set aside when damaged,
//! refused when it is not ours or too new. Never deletes an entry.

use std::fs::{self, File, OpenOptions};
use std::path::{Path, PathBuf};

use chrono::Utc;
use rusqlite::Connection;
use rusqlite::config::DbConfig;

use super::{directory, disk, problem};
use model::journal::{StoreProblem, Trouble};

const SCHEMA: &str = include_str!("../../../../assets/schema-1.sql");
const VERSION: i64 = 1;
const APPLICATION: i64 = 0x7766_6c72;

/// Up to this size a file is checked whole at each start: some hundred thousand entries, well below a second.
const WHOLE_CHECK_MAX: u64 = 64 * 1024 * 1024;

/// What is wrong with a file.
pub(super) enum Fault {
    Damaged(String),
    Newer(i64),
    Foreign,
    Other(StoreProblem),
}

impl Fault {
    pub(super) fn refused(self, path: &Path) -> StoreProblem {
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

/// Is this a whole file of ours, of a format that this program knows?
pub(super) fn check(path: &Path) -> Result<(), Fault> {
    let place = path.display().to_string();
    let size = directory::make_private(path)
        .map_err(|error| Fault::Other(problem::io(&error, &place)))?
        .len();
    if size == 0 {
        return Err(Fault::Damaged("it is empty".into()));
    }
    let fault = |error: rusqlite::Error| match problem::class_of(&error) {
        Trouble::Corrupt => Fault::Damaged(error.to_string()),
        _ => Fault::Other(problem::sqlite(&error, &place)),
    };
    let connection = disk::connect(path).map_err(fault)?;
    connection
        .set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, true)
        .map_err(fault)?;
    let number = |pragma: &str| {
        connection
            .pragma_query_value(None, pragma, |row| row.get::<_, i64>(0))
            .map_err(fault)
    };
    match number("application_id")? {
        APPLICATION => {}
        0 if connection
            .query_row("SELECT count(*) FROM sqlite_schema", [], |row| {
                row.get::<_, i64>(0)
            })
            .map_err(fault)?
            == 0 =>
        {
            return Err(Fault::Damaged("it holds nothing".into()));
        }
        _ => return Err(Fault::Foreign),
    }
    match number("user_version")? {
        VERSION => {}
        newer if newer > VERSION => return Err(Fault::Newer(newer)),
        unknown => return Err(Fault::Damaged(format!("it says format {unknown}"))),
    }
    let verdict = integrity(&connection, size <= WHOLE_CHECK_MAX).map_err(fault)?;
    if verdict == "ok" {
        Ok(())
    } else {
        Err(Fault::Damaged(verdict))
    }
}

/// `ok`, or the first thing that is wrong. Only the whole check compares the indexes with the rows.
pub(super) fn integrity(connection: &Connection, is_whole: bool) -> rusqlite::Result<String> {
    let check = if is_whole {
        "PRAGMA integrity_check(1)"
    } else {
        "PRAGMA quick_check(1)"
    };
    connection.query_row(check, [], |row| row.get(0))
}

/// Called with the lock held alone.
pub(super) fn set_aside_if_damaged(path: &Path) -> Result<Option<String>, StoreProblem> {
    if fs::symlink_metadata(path).is_err() {
        return Ok(None);
    }
    let how = match check(path) {
        Ok(()) => return Ok(None),
        Err(Fault::Damaged(how)) => how,
        Err(fault) => return Err(fault.refused(path)),
    };
    let aside = move_aside(path)?;
    Ok(Some(format!(
        "the timeline was damaged ({how}); it was set aside as {} and a new one begun; nothing was deleted",
        aside.display()
    )))
}

/// Under a name that says when; what was not yet carried from the journal into the file goes with it.
fn move_aside(path: &Path) -> Result<PathBuf, StoreProblem> {
    let aside = with_end(
        path,
        &format!(".corrupt-{}", Utc::now().format("%Y%m%dT%H%M%S%3fZ")),
    );
    for end in ["", "-wal", "-shm", "-journal"] {
        let (from, to) = (with_end(path, end), with_end(&aside, end));
        if fs::symlink_metadata(&from).is_ok() {
            fs::rename(&from, &to)
                .map_err(|error| problem::io(&error, &from.display().to_string()))?;
        }
    }
    Ok(aside)
}

pub(super) fn with_end(path: &Path, end: &str) -> PathBuf {
    PathBuf::from(format!("{}{end}", path.display()))
}

/// Called with the lock held alone. The file appears under its name only when it is complete.
pub(super) fn create_if_missing(dir: &Path, path: &Path) -> Result<(), StoreProblem> {
    if fs::symlink_metadata(path).is_ok() {
        return Ok(());
    }
    move_aside(path)?; // the journal of a file that somebody deleted must not be replayed into the new one
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
        let connection = disk::connect(&new)?;
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
