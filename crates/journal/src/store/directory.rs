//! The state directory: private to its user, or refused. Nothing in it is ever followed through a symlink or deleted.

use std::fs::{self, DirBuilder, File, OpenOptions, Permissions};
use std::io;
use std::os::unix::fs::{DirBuilderExt, MetadataExt, OpenOptionsExt, PermissionsExt};
use std::path::{Path, PathBuf};

use rustix::fs::OFlags;

use super::problem;
use model::journal::{StoreProblem, Trouble};

/// Where the timeline lives. Nothing is created before [`StateDir::prepare`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StateDir {
    path: PathBuf,
}

impl StateDir {
    /// `$XDG_STATE_HOME/watchfloor`, or what the system has in its place.
    pub fn find() -> Result<StateDir, StoreProblem> {
        let project = directories::ProjectDirs::from("", "", "watchfloor");
        let path = project.as_ref().map(|project| {
            project
                .state_dir()
                .unwrap_or_else(|| project.data_local_dir())
        });
        path.map(StateDir::at).ok_or_else(|| {
            problem::new(
                Trouble::Directory,
                "there is no home directory to keep the timeline in",
                "set XDG_STATE_HOME to a directory of yours",
            )
        })
    }

    pub fn at(path: impl Into<PathBuf>) -> StateDir {
        StateDir { path: path.into() }
    }

    /// A directory of its own inside this one, such as the demo's.
    #[must_use]
    pub fn inner(&self, name: &str) -> StateDir {
        StateDir {
            path: self.path.join(name),
        }
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Creates it where it is missing and refuses it where others could read or write it. The path without symlinks.
    pub fn prepare(&self) -> Result<PathBuf, StoreProblem> {
        if !self.path.is_dir() {
            DirBuilder::new()
                .recursive(true)
                .mode(0o700)
                .create(&self.path)
                .map_err(|error| self.failed(&error))?;
        }
        let (path, mode) = self.checked()?;
        if mode & 0o077 != 0 {
            fs::set_permissions(&path, Permissions::from_mode(0o700))
                .map_err(|error| self.failed(&error))?;
        }
        Ok(path)
    }

    /// The same for whoever only reads: nothing is created or changed. `None`: there is no such directory.
    pub fn existing(&self) -> Result<Option<PathBuf>, StoreProblem> {
        match fs::metadata(&self.path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            _ => Ok(Some(self.checked()?.0)),
        }
    }

    /// Its path without symlinks and its mode, when no other user can change what is in it.
    fn checked(&self) -> Result<(PathBuf, u32), StoreProblem> {
        let path = self
            .path
            .canonicalize()
            .map_err(|error| self.failed(&error))?;
        let metadata = fs::metadata(&path).map_err(|error| self.failed(&error))?;
        let refuse = |what: String| {
            Err(problem::new(
                Trouble::Directory,
                &what,
                "make it yours alone (chown, chmod 700), or set XDG_STATE_HOME",
            ))
        };
        if metadata.uid() != rustix::process::geteuid().as_raw() {
            return refuse(format!(
                "another user (uid {}) owns the state directory {}",
                metadata.uid(),
                path.display()
            ));
        }
        if metadata.mode() & 0o022 != 0 {
            return refuse(format!(
                "others can write (mode {:o}) the state directory {}",
                metadata.mode() & 0o777,
                path.display()
            ));
        }
        Ok((path, metadata.mode()))
    }

    fn failed(&self, error: &io::Error) -> StoreProblem {
        problem::io(
            error,
            &format!("the state directory {}", self.path.display()),
        )
    }
}

/// Opens a file that only its user can read, whatever the umask says, and never through a symlink.
pub fn open_private(path: &Path, options: &mut OpenOptions) -> io::Result<File> {
    let file = open_as_it_is(path, options)?;
    if file.metadata()?.mode() & 0o777 != 0o600 {
        file.set_permissions(Permissions::from_mode(0o600))?;
    }
    Ok(file)
}

/// Opens a file of this user, never through a symlink, and changes nothing about it.
pub fn open_as_it_is(path: &Path, options: &mut OpenOptions) -> io::Result<File> {
    let flags = i32::try_from((OFlags::NOFOLLOW | OFlags::CLOEXEC).bits()).unwrap_or(0);
    let file = options.mode(0o600).custom_flags(flags).open(path)?;
    let metadata = file.metadata()?;
    if !metadata.is_file() || metadata.uid() != rustix::process::geteuid().as_raw() {
        return Err(not_ours());
    }
    Ok(file)
}

/// Sees to it that this is a file which only its user can read, without opening it: closing any descriptor of a file drops
/// all POSIX locks that this process holds on it, and SQLite relies on its own (<https://www.sqlite.org/howtocorrupt.html>, 2.2).
pub fn make_private(path: &Path) -> io::Result<fs::Metadata> {
    let metadata = fs::symlink_metadata(path)?;
    if !metadata.is_file() || metadata.uid() != rustix::process::geteuid().as_raw() {
        return Err(not_ours());
    }
    if metadata.mode() & 0o777 != 0o600 {
        fs::set_permissions(path, Permissions::from_mode(0o600))?;
    }
    Ok(metadata)
}

fn not_ours() -> io::Error {
    io::Error::new(io::ErrorKind::PermissionDenied, "not a file of this user")
}

/// The lock beside the timeline: shared by all who have it open, exclusive for whoever creates it or sets it aside.
#[derive(Debug)]
pub struct Lock {
    file: File,
}

impl Lock {
    /// Opens the lock file; holds nothing yet.
    pub fn open(path: &Path) -> io::Result<Lock> {
        Ok(Lock {
            file: open_private(path, OpenOptions::new().read(true).write(true).create(true))?,
        })
    }

    /// The lock of a reader, which keeps the file under its name while it is read; `None` where there is none to take: then
    /// nobody wrote here yet, or nobody can.
    pub fn of_reader(path: &Path) -> Option<Lock> {
        let file = open_as_it_is(path, OpenOptions::new().read(true)).ok()?;
        file.try_lock_shared().ok()?;
        Some(Lock { file })
    }

    /// Nobody else holds it, and nobody can take it.
    pub fn try_alone(&self) -> bool {
        self.file.try_lock().is_ok()
    }

    /// Others may hold it in the same way.
    pub fn try_together(&self) -> bool {
        self.file.try_lock_shared().is_ok()
    }
}

/// The file system forgets or misorders locks and shared memory between hosts: SQLite's WAL must not be used on it.
/// Numbers from linux/magic.h and the file systems' own headers.
#[cfg(target_os = "linux")]
pub fn is_network(path: &Path) -> bool {
    const NETWORK: [i64; 13] = [
        0x6969,      // NFS
        0x517b,      // SMB
        0xff53_4d42, // CIFS
        0xfe53_4d42, // SMB2
        0x0102_1997, // 9p
        0x6573_5546, // FUSE: may be sshfs
        0x4750_4653, // GPFS
        0x0bd0_0bd0, // Lustre
        0x5346_414f, // AFS
        0x6b41_4653, // kAFS
        0x00c3_6400, // Ceph
        0x1983_0326, // BeeGFS
        0x7461_636f, // OCFS2
    ];
    rustix::fs::statfs(path).is_ok_and(|found| {
        NETWORK
            .iter()
            .any(|magic| (found.f_type ^ *magic).trailing_zeros() >= 32)
    })
}

/// Elsewhere only the probe write tells.
#[cfg(not(target_os = "linux"))]
pub fn is_network(_path: &Path) -> bool {
    false
}
