//! What each command takes.

use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum};
use clap_complete::Shell;

use super::{Access, Console, Moment, Rate, Recording};

/// Print completions.
#[derive(Clone, Debug, Args)]
pub struct Completions {
    /// Which shell
    pub shell: Shell,
}

/// Print the manual page.
#[derive(Clone, Debug, Args)]
pub struct Man {
    /// The command it is about, such as export [default: the whole program]
    pub command: Option<String>,
}

/// Open the console on an emulated cluster, or serve it alone.
#[derive(Clone, Debug, Args)]
#[command(args_conflicts_with_subcommands = true)]
pub struct Demo {
    /// What goes wrong there: bad-deploy, out-of-memory, connection-pool, stuck-rollout, healthy or empty
    #[arg(long, value_name = "NAME", default_value = "bad-deploy")]
    pub scenario: String,
    /// How many times as fast time goes, in the cluster and on the screen
    #[arg(long, value_name = "N", default_value_t = 1, value_parser = clap::value_parser!(u32).range(1..=20))]
    pub speed: u32,
    /// Print a scenario's notes for the trainer instead: its cause, and the way to heal it
    #[arg(long, value_name = "NAME")]
    pub notes: Option<String>,
    /// Size and behaviour of the cluster.
    #[command(flatten)]
    pub world: World,
    /// What to look at, and how.
    #[command(flatten)]
    pub console: Console,
    /// What to write down of it.
    #[command(flatten)]
    pub recording: Recording,
    /// None is the console.
    #[command(subcommand)]
    pub command: Option<DemoCommand>,
}

/// Ways to run the emulated cluster without the console.
#[derive(Clone, Debug, Subcommand)]
pub enum DemoCommand {
    /// Serve the emulated cluster on loopback until Ctrl-C
    #[command(after_help = "\
FILE appears, readable by you alone, once the cluster answers.

Examples:
  watchfloor demo serve --kubeconfig demo.yaml --pods 2000 --churn 50/s
  kubectl --kubeconfig demo.yaml get pods -A")]
    Serve(Serve),
}

/// Serve the emulated cluster.
#[derive(Clone, Debug, Args)]
pub struct Serve {
    /// Port on 127.0.0.1; 0 takes a free one
    #[arg(long, default_value_t = 0)]
    pub port: u16,
    /// Where to write the kubeconfig that reaches it
    #[arg(long, value_name = "FILE")]
    pub kubeconfig: PathBuf,
    /// What goes wrong there; without it nothing does
    #[arg(long, value_name = "NAME")]
    pub scenario: Option<String>,
    /// Size and behaviour of the cluster.
    #[command(flatten)]
    pub world: World,
}

/// Size and behaviour of the emulated cluster.
#[derive(Clone, Debug, PartialEq, Args)]
#[command(next_help_heading = "Emulated cluster")]
pub struct World {
    /// The same seed gives the same cluster
    #[arg(long, default_value_t = 1)]
    pub seed: u64,
    /// Pods beside those of the scenario
    #[arg(long, value_name = "N", default_value_t = 200)]
    pub pods: u32,
    /// Changes of pods, such as 50/s
    #[arg(long, value_name = "N/s", default_value = "0/s")]
    pub churn: Rate,
    /// Log lines that a followed container writes, such as 10/s
    #[arg(long, value_name = "N/s", default_value = "1/s")]
    pub log_rate: Rate,
}

/// Which part of the timeline.
#[derive(Clone, Debug, Default, PartialEq, Eq, Args)]
pub struct Range {
    /// From: 90m, 2h or 3d ago, 02:50, or 2026-03-01T02:50Z
    #[arg(long, value_name = "TIME", allow_hyphen_values = true)]
    pub since: Option<Moment>,
    /// To, written the same way [default: now]
    #[arg(long, value_name = "TIME", allow_hyphen_values = true)]
    pub until: Option<Moment>,
}

/// Write the post-mortem.
#[derive(Clone, Debug, Args)]
pub struct Export {
    /// The incident with this id, as `watchfloor timeline` shows it
    #[arg(long, value_name = "ID", conflicts_with_all = ["since", "until"])]
    pub incident: Option<String>,
    /// Which part.
    #[command(flatten)]
    pub range: Range,
    /// How to write it
    #[arg(long, value_name = "FORMAT", default_value = "md")]
    pub format: ExportFormat,
}

/// How an export is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum ExportFormat {
    /// Markdown, for people
    #[value(name = "md", alias = "markdown")]
    Markdown,
    /// JSON, for programs
    Json,
    /// CSV, for spreadsheets
    Csv,
}

/// Write a note on the timeline.
#[derive(Clone, Debug, Args)]
pub struct Note {
    /// What to write down; - reads standard input
    #[arg(required = true, num_args = 1.., value_name = "TEXT")]
    pub text: Vec<String>,
    /// How bad it is, such as P1
    #[arg(short, long, value_name = "LEVEL")]
    pub severity: Option<String>,
}

/// Print the timeline.
#[derive(Clone, Debug, Args)]
pub struct Timeline {
    /// Which part.
    #[command(flatten)]
    pub range: Range,
    /// How to write it
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    pub format: TimelineFormat,
}

/// How the timeline is printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum TimelineFormat {
    /// One line an entry
    Text,
    /// Markdown, as in the post-mortem
    #[value(name = "md", alias = "markdown")]
    Markdown,
    /// JSON, for programs
    Json,
}

/// Replay a recording.
#[derive(Clone, Debug, Args)]
pub struct Replay {
    /// What --record wrote
    pub file: PathBuf,
    /// Print this screen, counted from 1 [default: the last]
    #[arg(long, value_name = "N", group = "which")]
    pub frame: Option<u32>,
    /// Print the screen of this moment: 5m before the end, 02:50, or 2026-03-01T02:50Z
    #[arg(long, value_name = "TIME", group = "which", allow_hyphen_values = true)]
    pub at: Option<Moment>,
    /// Print every screen
    #[arg(long, group = "which")]
    pub all: bool,
}

/// Check everything.
#[derive(Clone, Debug, Args)]
pub struct Doctor {
    /// Which cluster.
    #[command(flatten)]
    pub access: Access,
    /// What to look at, and how.
    #[command(flatten)]
    pub console: Console,
}

/// List every action with its keys.
#[derive(Clone, Debug, Args)]
pub struct Keys {
    /// Keymap laid over the built-in one: a file, or a name in the config directory's keymaps/
    #[arg(long, value_name = "KEYMAP")]
    pub keymap: Option<String>,
}
