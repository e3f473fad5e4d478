//! The log file of the console, in the state directory.

use std::path::PathBuf;

use anyhow::Context;
use tracing_appender::non_blocking::WorkerGuard;
use tracing_subscriber::filter::EnvFilter;

use crate::config;
use journal::store::directory::{StateDir, open_private};
use model::journal::StoreProblem;

/// A log that has grown to this is set aside as `.1` at the next start.
const LOG_BYTES_MAX: u64 = 8 << 20;

/// Logs into the state directory, from a thread of its own. A console that cannot log works on. What waits is written
/// when the guard is dropped.
pub fn open(dir: &Result<StateDir, StoreProblem>, level: config::LogLevel) -> Option<WorkerGuard> {
    let file = dir.as_ref().ok().and_then(|dir| log_file(dir).ok())?;
    let (writer, guard) = tracing_appender::non_blocking(file);
    // Whole bodies of answers are logged by this target when a decode fails: Secrets among them.
    let filter = EnvFilter::new(format!("{},kube_client::client=off", level.name()));
    let subscriber = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_ansi(false)
        .with_writer(writer);
    subscriber.try_init().is_ok().then_some(guard)
}

fn log_file(dir: &StateDir) -> anyhow::Result<std::fs::File> {
    let path: PathBuf = dir.prepare()?.join("watchfloor.log");
    if std::fs::metadata(&path).is_ok_and(|log| log.len() > LOG_BYTES_MAX) {
        std::fs::rename(&path, path.with_extension("log.1")).context("set the old log aside")?;
    }
    Ok(open_private(
        &path,
        std::fs::OpenOptions::new().append(true).create(true),
    )?)
}
