//! The note that is being written, on disk: one file for each process, taken over when its process is gone.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};

use chrono::{DateTime, Utc};

use super::directory;
use model::entry::{Actor, Draft, Entry, EntryId};
use model::journal::NoteDraft;
use model::kind::{ActorKind, Kind};
use model::severity::Scheme;
use model::{note, redact};
use text::Outside;

const PREFIX: &str = "note-draft-";
const END: &str = ".json";

/// A note above this was not written by hand; it is left alone.
const BYTES_MAX: u64 = 4 * 1024 * 1024;

/// The file of this process. The lock on it says that its process lives.
#[derive(Debug)]
pub struct NoteFile {
    path: PathBuf,
    locked: Option<File>,
}

impl NoteFile {
    /// The file of this writer; takes over the newest note whose process is gone, if there is one.
    pub fn open(dir: &Path, writer: &str) -> (NoteFile, Option<LeftNote>) {
        for path in left_behind(dir) {
            if let Some((locked, left)) = take_over(&path) {
                return (
                    NoteFile {
                        path,
                        locked: Some(locked),
                    },
                    Some(left),
                );
            }
        }
        (
            NoteFile {
                path: dir.join(format!("{PREFIX}{writer}{END}")),
                locked: None,
            },
            None,
        )
    }

    /// Keeps `draft` in the place of what was kept before; `None` when there is nothing to keep any more.
    pub fn keep(&mut self, draft: Option<&NoteDraft>) -> io::Result<()> {
        let Some(draft) = draft else {
            self.locked = None;
            return match fs::remove_file(&self.path) {
                Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
                _ => Ok(()),
            };
        };
        let new = self.path.with_extension("new");
        let mut file = directory::open_private(
            &new,
            OpenOptions::new().write(true).create(true).truncate(true),
        )?;
        file.write_all(&serde_json::to_vec(draft)?)?;
        file.sync_all()?;
        file.try_lock()?;
        fs::rename(&new, &self.path)?;
        if self.locked.replace(file).is_none()
            && let Some(dir) = self.path.parent()
        {
            File::open(dir)?.sync_all()?;
        }
        Ok(())
    }
}

/// A note that a process which is gone was writing.
#[derive(Debug)]
pub struct LeftNote {
    pub draft: NoteDraft,
    /// When it was kept last.
    kept_at: DateTime<Utc>,
}

impl LeftNote {
    /// Did it become one of these entries? Its process may have ended before it heard so and took the draft away.
    pub fn is_saved(&self, entries: &[Entry]) -> bool {
        let any_time = DateTime::UNIX_EPOCH.fixed_offset();
        let said = note::said(&self.draft.text, any_time, &Scheme::default());
        let as_saved = redact::draft(Draft {
            body: said.body.map(Outside::from),
            ..Draft::new(
                EntryId(ulid::Ulid::from_parts(0, 0)),
                DateTime::UNIX_EPOCH,
                Actor::of(ActorKind::Human),
                Kind::Note,
                said.title.into(),
            )
        });
        entries.iter().any(|entry| {
            entry.draft.kind == Kind::Note
                && entry.recorded_at >= self.kept_at
                && entry.draft.title == as_saved.title
                && entry.draft.body == as_saved.body
        })
    }
}

/// Files of notes, newest first.
fn left_behind(dir: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(dir).into_iter().flatten().flatten();
    let mut found: Vec<_> = entries
        .filter(|entry| {
            entry
                .file_name()
                .to_str()
                .is_some_and(|name| name.starts_with(PREFIX) && name.ends_with(END))
        })
        .filter_map(|entry| Some((entry.metadata().ok()?.modified().ok()?, entry.path())))
        .collect();
    found.sort();
    found.into_iter().rev().map(|(_, path)| path).collect()
}

fn take_over(path: &Path) -> Option<(File, LeftNote)> {
    let mut file = directory::open_private(path, OpenOptions::new().read(true)).ok()?;
    file.try_lock().ok()?;
    let mut text = String::new();
    (&mut file).take(BYTES_MAX).read_to_string(&mut text).ok()?;
    // A file that is no note is not ours to take over; it stays where it is.
    let draft = serde_json::from_str(&text).ok()?;
    // Entries have milliseconds.
    let kept_at = file.metadata().ok()?.modified().ok()?;
    let kept_at =
        DateTime::from_timestamp_millis(DateTime::<Utc>::from(kept_at).timestamp_millis())?;
    Some((file, LeftNote { draft, kept_at }))
}
