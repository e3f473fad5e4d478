//! Failures of the file system and of SQLite as one sentence for a person, with what to do next.

use std::io;

use rusqlite::ErrorCode;

use model::journal::{StoreProblem, Trouble};
use text::Outside;

/// A problem in our own words.
pub fn new(class: Trouble, what: &str, next: &str) -> StoreProblem {
    StoreProblem {
        class,
        what: Outside::from(what),
        next: next.into(),
    }
}

/// A failure of the file system at `place`: the reason first, since the end of a line may be cut.
pub fn io(error: &io::Error, place: &str) -> StoreProblem {
    let class = match error.kind() {
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => Trouble::Full,
        io::ErrorKind::ReadOnlyFilesystem => Trouble::ReadOnly,
        io::ErrorKind::PermissionDenied
        | io::ErrorKind::NotFound
        | io::ErrorKind::NotADirectory => Trouble::Directory,
        _ => Trouble::Io,
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
pub fn class_of(error: &rusqlite::Error) -> Trouble {
    match error.sqlite_error_code() {
        Some(ErrorCode::DiskFull) => Trouble::Full,
        Some(ErrorCode::ReadOnly) => Trouble::ReadOnly,
        Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase) => Trouble::Corrupt,
        Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => Trouble::Busy,
        Some(ErrorCode::CannotOpen | ErrorCode::PermissionDenied) => Trouble::Directory,
        _ => Trouble::Io,
    }
}

fn words(class: Trouble, error: &rusqlite::Error) -> String {
    match class {
        Trouble::Full => "the disk is full".into(),
        Trouble::ReadOnly => "cannot be written".into(),
        Trouble::Busy => "another process is writing".into(),
        Trouble::Directory => "cannot be opened".into(),
        Trouble::Corrupt => format!("damaged ({error})"),
        Trouble::Newer
        | Trouble::Foreign
        | Trouble::Slow
        | Trouble::Io
        | Trouble::QueueFull
        | Trouble::Refused => error.to_string(),
    }
}

fn next(class: Trouble) -> &'static str {
    match class {
        Trouble::Full => "free some space: what waits is saved by itself then",
        Trouble::ReadOnly => "make it writable, or set XDG_STATE_HOME to a directory that is",
        Trouble::Directory => "check that it is a directory of yours, or set XDG_STATE_HOME",
        Trouble::Newer => "use the newer watchfloor, or set XDG_STATE_HOME for this one",
        Trouble::Foreign => "move that file away, or set XDG_STATE_HOME",
        Trouble::Corrupt => {
            "close every watchfloor that uses it and start again: what can be read is then written into a new file, and this one kept"
        }
        Trouble::Busy | Trouble::Slow => "it is tried again by itself",
        Trouble::Io => "look at the disk and at the system's log; it is tried again by itself",
        Trouble::QueueFull => "free the disk, or copy what matters from the screen",
        Trouble::Refused => "look at the timeline",
    }
}
