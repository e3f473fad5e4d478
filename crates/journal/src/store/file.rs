//! Sees to it that a good file stands under the timeline's name: created whole, checked, set aside when damaged and made anew
//! of what can be read, refused when it is not ours or too new. Never deletes an entry.

use std::fs::{self, File, OpenOptions};
use std::path::{Path, PathBuf};

use chrono::Utc;
use rusqlite::config::DbConfig;

use super::format::{Fault, SCHEMA, check_header, connect, fault, with_end};
use super::salvage::{self, RowNumbers, Salvage};
use super::{directory, problem, verify};
use model::journal::StoreProblem;

/// How much of a file is checked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Depth {
    /// Its beginning: whose it is, and of which format. The same work for a long timeline as for a short one.
    Header,
    /// Each row and each index.
    Whole,
}

/// Is this a file of ours, of a format that this program knows?
pub(super) fn check(path: &Path, depth: Depth) -> Result<(), Fault> {
    let place = path.display().to_string();
    let size = directory::make_private(path)
        .map_err(|error| Fault::Other(problem::io(&error, &place)))?
        .len();
    if size == 0 {
        return Err(Fault::Damaged("it is empty".into()));
    }
    let fault = |error| fault(&error, path);
    let connection = connect(path).map_err(fault)?;
    connection
        .set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, true)
        .map_err(fault)?;
    check_header(&connection, path)?;
    if depth == Depth::Header {
        return Ok(());
    }
    let report = verify::verify(&connection).map_err(fault)?;
    match report.damage {
        None => Ok(()),
        Some(_) => Err(Fault::Damaged(report.faults.join("; "))),
    }
}

/// Builds the indexes anew of the rows, when the whole file is well after that. Others may have it open.
pub(super) fn rebuild_indexes(path: &Path) -> bool {
    let rebuild = || -> rusqlite::Result<()> {
        let connection = connect(path)?;
        connection.set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, true)?;
        connection.execute_batch("PRAGMA synchronous = FULL; REINDEX;")
    };
    rebuild().is_ok() && check(path, Depth::Whole).is_ok()
}

/// What was done about a damaged file. Called with the lock held alone.
pub(super) fn repair(
    dir: &Path,
    path: &Path,
    depth: Depth,
) -> Result<Option<String>, StoreProblem> {
    if fs::symlink_metadata(path).is_err() {
        return Ok(None);
    }
    let how = match check(path, depth) {
        Ok(()) => return Ok(None),
        Err(Fault::Damaged(how)) => how,
        Err(fault) => return Err(fault.refused(path)),
    };
    if depth == Depth::Whole && rebuild_indexes(path) {
        return Ok(Some(INDEXES_REBUILT.to_owned()));
    }
    let salvage =
        salvage::salvage(path).map_err(|error| problem::io(&error, &path.display().to_string()))?;
    let (read, aside) = (salvage.len(), move_aside(path)?);
    let unreadable = create(dir, path, salvage)?;
    let lost = if unreadable.is_empty() {
        String::new()
    } else {
        format!("; cannot be read: {}", names(&unreadable))
    };
    Ok(Some(format!(
        "the timeline was damaged ({how}); nothing was deleted: it was set aside as {}, and {read} entries of it stand in a new one{lost}",
        aside.display()
    )))
}

/// What is said when indexes were damaged and no row was.
pub(super) const INDEXES_REBUILT: &str =
    "an index of the timeline was damaged and was built anew of its rows; nothing is missing";

/// The first of these names, and how many there are more.
pub(super) fn names(of: &[String]) -> String {
    const SHOWN: usize = 20;
    let shown = of[..of.len().min(SHOWN)].join(", ");
    match of.len().saturating_sub(SHOWN) {
        0 => shown,
        more => format!("{shown} and {more} more"),
    }
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

/// Called with the lock held alone.
pub(super) fn create_if_missing(dir: &Path, path: &Path) -> Result<(), StoreProblem> {
    if fs::symlink_metadata(path).is_ok() {
        return Ok(());
    }
    move_aside(path)?; // the journal of a file that somebody deleted must not be replayed into the new one
    create(dir, path, Salvage::default()).map(drop)
}

/// The file appears under its name only when it is complete. The names of what cannot be written into it.
fn create(dir: &Path, path: &Path, rows: Salvage) -> Result<Vec<String>, StoreProblem> {
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
    let fill = || -> rusqlite::Result<Vec<String>> {
        let connection = connect(&new)?;
        connection.execute_batch(&format!(
            "PRAGMA synchronous = FULL; BEGIN IMMEDIATE; {SCHEMA} COMMIT;"
        ))?;
        let unreadable = rows.fill(&connection, RowNumbers::WithoutGaps)?;
        connection.close().map_err(|(_, error)| error)?;
        Ok(unreadable)
    };
    let unreadable = fill().map_err(|error| problem::sqlite(&error, &place))?;
    fs::rename(&new, path).map_err(failed)?;
    File::open(dir)
        .and_then(|dir| dir.sync_all())
        .map_err(failed)?;
    Ok(unreadable)
}
