//! `watchfloor runbook`: lists, shows and checks documents. It reads files and prints; nothing is run, sent or changed.

mod draw;
mod lint;
mod list;

use std::path::{Path, PathBuf};

use journal::command::{Failure, MISUSED};
pub use runtime::runbooks::folder;
use text::Outside;

use crate::cli::{General, RunbookArguments, RunbookCommand, RunbookShow};
use crate::config::Config;
use crate::shell;

/// `watchfloor runbook`.
pub fn command(general: &General, arguments: &RunbookArguments) -> anyhow::Result<u8> {
    let config = shell::settings(general)?.config;
    match &arguments.command {
        RunbookCommand::List(list) => list::command(&config, list),
        RunbookCommand::Show(show) => self::show(&config, show),
        RunbookCommand::Lint(lint) => lint::command(&config, lint),
    }
}

fn show(config: &Config, show: &RunbookShow) -> anyhow::Result<u8> {
    let below = config.runbooks.folders.iter();
    let places = below.map(|folder| folder.join(&show.file));
    let found = std::iter::once(show.file.clone())
        .chain(places)
        .find(|path| path.exists());
    let Some(path) = found else {
        let folders = named(&config.runbooks.folders);
        let beside = if folders.is_empty() {
            String::new()
        } else {
            format!(", nor below {folders}")
        };
        return Err(misused(format!(
            "{} is not there{beside}: `watchfloor runbook list` shows what is",
            show.file.display()
        )));
    };
    if path.is_dir() {
        let path = path.display();
        return Err(misused(format!(
            "{path} is a folder: `watchfloor runbook list {path}` shows its documents"
        )));
    }
    let bytes = folder::read(&path)
        .map_err(|why| misused(format!("cannot read {}: {why}", path.display())))?;
    shell::print(&draw::page(&runbook::parse(&bytes)))
}

/// The given folder, else those of the configuration.
fn folders(config: &Config, given: Option<&Path>) -> anyhow::Result<Vec<PathBuf>> {
    let folders = match given {
        Some(folder) => vec![folder.to_owned()],
        None => config.runbooks.folders.clone(),
    };
    if folders.is_empty() {
        return Err(misused(
            "no folder of runbooks is known: name one, or set folders in [runbooks] of the configuration"
                .to_owned(),
        ));
    }
    Ok(folders)
}

fn misused(words: String) -> anyhow::Error {
    Failure {
        words,
        code: MISUSED,
    }
    .into()
}

fn named(paths: &[PathBuf]) -> String {
    let names: Vec<String> = paths
        .iter()
        .map(|path| path.display().to_string())
        .collect();
    names.join(", ")
}

/// The path as it was given, fit for a terminal.
fn shown(path: &Path) -> String {
    Outside::from_bytes(path.as_os_str().as_encoded_bytes())
        .shown()
        .to_string()
}

/// Says what could not be read on standard error.
fn tell(unread: &[folder::Unread]) {
    for one in unread {
        eprintln!(
            "watchfloor: {}: {}",
            one.path.shown(),
            Outside::from(one.why.as_str()).shown()
        );
    }
}
