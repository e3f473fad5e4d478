//! Failures of the file system and of SQLite as one sentence for a person, with what to do next.

use std::io;

use rusqlite::ErrorCode;

use model::journal::{StoreFailure, StoreProblem};
use text::Outside;

/// A problem in our own words.
pub fn new(class: StoreFailure, what: &str, next: &str) -> StoreProblem {
    StoreProblem {
        class,
        what: Outside::from(what),
        next: next.into(),
    }
}

/// A failure of the file system at `place`: the reason first, since the end of a line may be cut.
pub fn io(error: &io::Error, place: &str) -> StoreProblem {
    let class = match error.kind() {
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => StoreFailure::Full,
        io::ErrorKind::ReadOnlyFilesystem => StoreFailure::ReadOnly,
        io::ErrorKind::PermissionDenied
        | io::ErrorKind::NotFound
        | io::ErrorKind::NotADirectory => StoreFailure::Directory,
        _ => StoreFailure::Io,
    };
    new(class, &format!("{error}: {place}"), next(class))
}

/// A failure of SQLite with the file at `place`.
pub fn sqlite(error: &rusqlite::Error, place: &str) -> StoreProblem {
    let class = class_of(error);
    new(
        class,
        &format!("{}: {place}", words(class, error)),
        next(class),
    )
}

/// The class of a failure of SQLite.
pub fn class_of(error: &rusqlite::Error) -> StoreFailure {
    match error.sqlite_error_code() {
        Some(ErrorCode::DiskFull) => StoreFailure::Full,
        Some(ErrorCode::ReadOnly) => StoreFailure::ReadOnly,
        Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase) => StoreFailure::Corrupt,
        Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => StoreFailure::Busy,
        Some(ErrorCode::CannotOpen | ErrorCode::PermissionDenied) => StoreFailure::Directory,
        _ => StoreFailure::Io,
    }
}

fn words(class: StoreFailure, error: &rusqlite::Error) -> String {
    match class {
        StoreFailure::Full => "the disk is full".into(),
        StoreFailure::ReadOnly => "cannot be written".into(),
        StoreFailure::Busy => "another process is writing".into(),
        StoreFailure::Directory => "cannot be opened".into(),
        StoreFailure::Corrupt => format!("damaged ({error})"),
        StoreFailure::Newer
        | StoreFailure::Foreign
        | StoreFailure::Slow
        | StoreFailure::Io
        | StoreFailure::QueueFull
        | StoreFailure::Refused => error.to_string(),
    }
}

fn next(class: StoreFailure) -> &'static str {
    match class {
        StoreFailure::Full => "free some space: what waits is saved by itself then",
        StoreFailure::ReadOnly => "make it writable, or set XDG_STATE_HOME to a directory that is",
        StoreFailure::Directory => "check that it is a directory of yours, or set XDG_STATE_HOME",
        StoreFailure::Newer => "use the newer watchfloor, or set XDG_STATE_HOME for this one",
        StoreFailure::Foreign => "move that file away, or set XDG_STATE_HOME",
        StoreFailure::Corrupt => {
            "close every watchfloor that uses it and start again: what can be read is then written into a new file, and this one kept"
        }
        StoreFailure::Busy | StoreFailure::Slow => "it is tried again by itself",
        StoreFailure::Io => "look at the disk and at the system's log; it is tried again by itself",
        StoreFailure::QueueFull => "free the disk, or copy what matters from the screen",
        StoreFailure::Refused => "look at the timeline",
    }
}
