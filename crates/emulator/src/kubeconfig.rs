//! The kubeconfig of the emulated cluster: written whole, readable by its owner only, and only where it replaces nothing half.

use std::io::{self, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::json;

/// Name of the cluster and of the current context.
pub const NAME: &str = "demo";

/// Whoever the current context is of, and the others, each a context by its own name: name and token.
pub struct Users<'a> {
    /// Of the current context.
    pub current: (&'a str, &'a str),
    /// Of the other contexts.
    pub others: Vec<(&'a str, &'a str)>,
}

/// The text of a kubeconfig (JSON, which is YAML).
pub fn text(url: &str, certificate_pem: &str, users: &Users<'_>, namespace: &str) -> String {
    let authority = STANDARD.encode(certificate_pem);
    let everybody = || std::iter::once(&users.current).chain(&users.others);
    let context = |context: &str, user: &str| json!({"name": context, "context": {"cluster": NAME, "user": user, "namespace": namespace}});
    let contexts: Vec<_> = std::iter::once(context(NAME, users.current.0))
        .chain(users.others.iter().map(|(name, _)| context(name, name)))
        .collect();
    let users: Vec<_> = everybody()
        .map(|(name, token)| json!({"name": name, "user": {"token": token}}))
        .collect();
    let value = json!({"apiVersion": "v1", "kind": "Config", "current-context": NAME, "preferences": {},
        "clusters": [{"name": NAME, "cluster": {"server": url, "certificate-authority-data": authority}}],
        "users": users, "contexts": contexts});
    format!("{value:#}\n")
}

/// Writes a kubeconfig beside its place and moves it there: a reader sees all of it or nothing.
///
/// # Errors
/// The file system's.
pub fn write(path: &Path, text: &str) -> io::Result<()> {
    let name = path
        .file_name()
        .ok_or_else(|| io::Error::new(io::ErrorKind::InvalidInput, "not a file name"))?;
    let mut beside = std::ffi::OsString::from(".");
    beside.push(name);
    beside.push(format!(".{}", std::process::id()));
    let beside: PathBuf = path.with_file_name(beside);
    let written = write_new(&beside, text).and_then(|()| std::fs::rename(&beside, path));
    if written.is_err() {
        std::fs::remove_file(&beside).ok();
    }
    written
}

fn write_new(path: &Path, text: &str) -> io::Result<()> {
    let mut file = std::fs::OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(path)?;
    file.write_all(text.as_bytes())?;
    file.sync_all()
}
