//! The documents below a folder. Every walk ends, whatever the folder holds, and says what it left out.

use std::collections::BTreeSet;
use std::fs::{File, Metadata};
use std::io::{ErrorKind, Read};
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use text::Outside;

/// Folders in each other: documents of people stand higher.
pub const DEPTH_MAX: usize = 16;
/// Documents of one folder: more than a company has.
pub const DOCUMENTS_MAX: usize = 2_000;
/// Names looked at, documents or not: a checkout of a large source tree.
pub const ENTRIES_MAX: usize = 200_000;
/// Largest file that is read; of its text the parser takes less, and says so.
pub const FILE_BYTES_MAX: u64 = 16 << 20;
/// All documents of one folder together.
pub const FOLDER_BYTES_MAX: u64 = 64 << 20;

/// Endings of Markdown files.
const ENDINGS: [&str; 2] = ["md", "markdown"];

/// What a walk found.
#[derive(Debug, Default)]
pub struct FolderWalk {
    /// In the order of their paths.
    pub documents: Vec<DocumentFile>,
    pub unread: Vec<Unread>,
}

/// A Markdown file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DocumentFile {
    pub path: PathBuf,
    /// Below the folder, with `/` between its parts.
    pub name: Outside,
    pub bytes: u64,
    /// When it was written last, where the system knows that.
    pub modified: Option<SystemTime>,
}

/// What was not read, and why.
#[derive(Clone, Debug)]
pub struct Unread {
    pub path: Outside,
    pub why: String,
}

impl Unread {
    pub fn new(path: &Path, why: impl Into<String>) -> Unread {
        Unread {
            path: outside(path),
            why: why.into(),
        }
    }
}

/// Finds the documents below a folder: links are followed, each folder is looked into once, hidden names are passed over.
pub fn walk(root: &Path) -> FolderWalk {
    let mut walker = Walker {
        root,
        seen: BTreeSet::new(),
        entries: 0,
        bytes: 0,
        is_full: false,
        found: FolderWalk::default(),
    };
    match std::fs::metadata(root) {
        Ok(folder) => walker.folder(root, &folder, 0),
        Err(error) => walker.leave_out(root, error.to_string()),
    }
    walker.found
}

/// The bytes of a regular file, or of a pipe that somebody named.
pub fn read(path: &Path) -> Result<Vec<u8>, String> {
    let mut bytes = Vec::new();
    File::open(path)
        .and_then(|file| file.take(FILE_BYTES_MAX + 1).read_to_end(&mut bytes))
        .map_err(|error| error.to_string())?;
    if bytes.len() as u64 > FILE_BYTES_MAX {
        return Err(too_large());
    }
    Ok(bytes)
}

fn too_large() -> String {
    format!("it is larger than {} MiB", FILE_BYTES_MAX >> 20)
}

struct Walker<'w> {
    root: &'w Path,
    /// Devices and numbers of the folders looked into.
    seen: BTreeSet<(u64, u64)>,
    entries: usize,
    bytes: u64,
    /// A limit of the whole walk is reached.
    is_full: bool,
    found: FolderWalk,
}

impl Walker<'_> {
    fn leave_out(&mut self, path: &Path, why: impl Into<String>) {
        self.found.unread.push(Unread::new(path, why));
    }

    fn stop(&mut self, path: &Path, why: String) {
        self.is_full = true;
        self.leave_out(path, why);
    }

    fn folder(&mut self, path: &Path, folder: &Metadata, depth: usize) {
        if !self.seen.insert((folder.dev(), folder.ino())) {
            return;
        }
        if depth > DEPTH_MAX {
            let why = format!("more than {DEPTH_MAX} folders in each other: not looked into");
            return self.leave_out(path, why);
        }
        let entries = match std::fs::read_dir(path) {
            Ok(entries) => entries,
            Err(error) => return self.leave_out(path, error.to_string()),
        };
        let mut paths = Vec::new();
        for entry in entries {
            self.entries += 1;
            if self.entries > ENTRIES_MAX {
                let why = format!("more than {ENTRIES_MAX} names: the rest is not looked at");
                self.stop(path, why);
                break;
            }
            match entry {
                Ok(entry) => paths.push(entry.path()),
                Err(error) => self.leave_out(path, error.to_string()),
            }
        }
        paths.sort();
        for path in paths {
            if self.is_full {
                return;
            }
            self.entry(&path, depth);
        }
    }

    fn entry(&mut self, path: &Path, depth: usize) {
        let name = path.file_name().unwrap_or_default().as_encoded_bytes();
        if name.starts_with(b".") {
            return;
        }
        match std::fs::metadata(path) {
            Ok(entry) if entry.is_dir() => self.folder(path, &entry, depth + 1),
            Ok(entry) if is_document(path) => self.document(path, &entry),
            // A link that leads nowhere is of no matter when it is no document.
            Err(error) if is_document(path) || error.kind() != ErrorKind::NotFound => {
                self.leave_out(path, error.to_string());
            }
            Ok(_) | Err(_) => {}
        }
    }

    fn document(&mut self, path: &Path, file: &Metadata) {
        // A pipe or a device would never end.
        if !file.is_file() {
            return self.leave_out(path, "it is no file");
        }
        if file.len() > FILE_BYTES_MAX {
            return self.leave_out(path, too_large());
        }
        self.bytes += file.len();
        if self.found.documents.len() >= DOCUMENTS_MAX {
            let why = format!("more than {DOCUMENTS_MAX} documents: from here on none is read");
            return self.stop(path, why);
        }
        if self.bytes > FOLDER_BYTES_MAX {
            let size = FOLDER_BYTES_MAX >> 20;
            let why = format!("more than {size} MiB of documents: from here on none is read");
            return self.stop(path, why);
        }
        let below = path.strip_prefix(self.root).unwrap_or(path);
        self.found.documents.push(DocumentFile {
            path: path.to_owned(),
            name: outside(below),
            bytes: file.len(),
            modified: file.modified().ok(),
        });
    }
}

fn is_document(path: &Path) -> bool {
    let ending = path.extension().and_then(|ending| ending.to_str());
    ending.is_some_and(|ending| {
        ENDINGS
            .iter()
            .any(|known| ending.eq_ignore_ascii_case(known))
    })
}

fn outside(path: &Path) -> Outside {
    Outside::from_bytes(path.as_os_str().as_encoded_bytes())
}
