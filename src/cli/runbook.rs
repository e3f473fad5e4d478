//! What `watchfloor runbook` takes.

use std::path::PathBuf;

use clap::{Args, Subcommand};

/// List, show and check runbooks.
#[derive(Clone, Debug, Args)]
pub struct RunbookArguments {
    /// Which of them.
    #[command(subcommand)]
    pub command: RunbookCommand,
}

/// What to do with them.
#[derive(Clone, Debug, Subcommand)]
pub enum RunbookCommand {
    /// List the documents of a folder, or those that fit an alert
    #[command(after_help = "\
Examples:
  watchfloor runbook list
  watchfloor runbook list ~/src/runbooks --alert KubePodCrashLooping --label namespace=shop")]
    List(RunbookList),
    /// Print a document with its steps numbered: class, risk, what the console would do, the values it needs
    Show(RunbookShow),
    /// Find what should be mended in documents before they are needed
    #[command(after_help = "\
Ends with 0 when nothing was found, with 1 when something was, and with 2 when a document could not be read.

Examples:
  watchfloor runbook lint docs/runbooks
  watchfloor runbook lint --json docs/runbooks/checkout.md")]
    Lint(RunbookLint),
}

/// List documents.
#[derive(Clone, Debug, Args)]
pub struct RunbookList {
    /// Where to look [default: the folders of the configuration]
    pub folder: Option<PathBuf>,
    /// Only what fits the alert of this name, the best first, with the reason
    #[arg(long, value_name = "NAME")]
    pub alert: Option<String>,
    /// Only what fits a label of the alert or of its workload; may be given again
    #[arg(long, value_name = "NAME=VALUE", value_parser = label)]
    pub label: Vec<(String, String)>,
    /// Only what the alert's `runbook_url` leads to
    #[arg(long, value_name = "URL")]
    pub runbook_url: Option<String>,
}

/// Print a document.
#[derive(Clone, Debug, Args)]
pub struct RunbookShow {
    /// A file, or its path below one of the configured folders
    pub file: PathBuf,
}

/// Check documents.
#[derive(Clone, Debug, Args)]
pub struct RunbookLint {
    /// Files and folders [default: the folders of the configuration]
    #[arg(value_name = "FILE|FOLDER")]
    pub places: Vec<PathBuf>,
    /// JSON, for programs
    #[arg(long)]
    pub json: bool,
}

fn label(text: &str) -> Result<(String, String), String> {
    match text.split_once('=') {
        Some((name, value)) if !name.is_empty() => Ok((name.to_owned(), value.to_owned())),
        _ => Err("write it as NAME=VALUE, such as namespace=shop".to_owned()),
    }
}
