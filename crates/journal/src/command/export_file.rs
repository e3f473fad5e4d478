//! The export that the console writes into a file of its own.

use std::fs::{File, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use chrono::{DateTime, Utc};

use super::{Failure, Format, Part, failed, report, write};
use crate::store::directory::{StateDir, open_private};
use crate::store::disk::Disk;
use crate::store::query::EntryRows;
use model::entry::EntryId;

/// Exports of one millisecond: two consoles and quick hands make two or three.
const SAME_MOMENT_MAX: u32 = 100;

/// The post-mortem of this incident, else the journal of today, in a new file under the state directory. Through the
/// timeline that the console has open: it must not be opened twice in one process.
pub fn export_file(
    disk: &Disk,
    dir: &StateDir,
    incident: Option<EntryId>,
    now: DateTime<Utc>,
) -> Result<PathBuf, Failure> {
    let part = Part {
        incident: incident.map(|id| id.to_string()),
        ..Part::default()
    };
    let rows = EntryRows::indexed(disk.connection());
    let text = write(&report(rows, &part, now)?.0, Format::Markdown)?;
    let exports = dir.inner("exports").prepare()?;
    let (mut file, path) = new_file(&exports, now)?;
    let written = file
        .write_all(text.as_bytes())
        .and_then(|()| file.sync_all());
    written.map_err(|error| not_exported(&error, &path))?;
    Ok(path)
}

/// A file that nobody has written: named after the moment, and numbered where another export of it stands.
fn new_file(exports: &Path, now: DateTime<Utc>) -> Result<(File, PathBuf), Failure> {
    let moment = now.format("%Y-%m-%dT%H-%M-%S%.3fZ");
    let names = (1..=SAME_MOMENT_MAX).map(|number| match number {
        1 => format!("{moment}.md"),
        number => format!("{moment}-{number}.md"),
    });
    let mut last = None;
    for path in names.map(|name| exports.join(name)) {
        let mut options = OpenOptions::new();
        match open_private(&path, options.write(true).create_new(true)) {
            Ok(file) => return Ok((file, path)),
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {
                last = Some((error, path));
            }
            Err(error) => return Err(not_exported(&error, &path)),
        }
    }
    let (error, path) =
        last.unwrap_or_else(|| (io::ErrorKind::AlreadyExists.into(), exports.into()));
    Err(not_exported(&error, &path))
}

fn not_exported(error: &io::Error, path: &Path) -> Failure {
    failed(format!(
        "{error}: {}; `watchfloor export` prints it instead",
        path.display()
    ))
}
