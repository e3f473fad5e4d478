//! The command line as clap structs, nothing else: names are kubectl's where kubectl has one.

mod gather;
mod values;

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};
use clap_complete::Shell;

pub use values::{Moment, Rate, Timeout};

/// Examples stand where people look first.
const EXAMPLES: &str = "\
Examples:
  watchfloor                        the current context of your kubeconfig
  watchfloor --context prod-eu -A   another one, every namespace
  watchfloor --read-only            look, never touch
  watchfloor demo                   a training cluster with an outage in it
  watchfloor doctor                 is everything in place, and what to do if not

Inside, `?` shows every key of the place you are in.";

/// An incident console for Kubernetes: what is firing, what is sick, what changed, what have we done about it.
#[derive(Clone, Debug, Parser)]
#[command(name = "watchfloor", version, after_help = EXAMPLES)]
pub struct Cli {
    /// Which cluster.
    #[command(flatten)]
    pub access: Access,
    /// What to look at, and how.
    #[command(flatten)]
    pub console: Console,
    /// Options of every command.
    #[command(flatten)]
    pub general: General,
    /// None is the console.
    #[command(subcommand)]
    pub command: Option<Command>,
}

/// Which cluster, as whom.
#[derive(Clone, Debug, Default, PartialEq, Eq, Args)]
#[command(next_help_heading = "Cluster")]
pub struct Access {
    /// Kubeconfig file [default: $KUBECONFIG, then ~/.kube/config]
    #[arg(long, value_name = "FILE")]
    pub kubeconfig: Option<PathBuf>,
    /// Context of the kubeconfig [default: its current one]
    #[arg(long, value_name = "NAME")]
    pub context: Option<String>,
    /// Act as this user
    #[arg(long = "as", value_name = "USER")]
    pub act_as: Option<String>,
    /// Give up on a single request after this time, such as 10s; 0 never does
    #[arg(long, value_name = "TIME")]
    pub request_timeout: Option<Timeout>,
}

/// What to look at, and what may be done from there.
#[derive(Clone, Debug, Default, PartialEq, Eq, Args)]
#[command(next_help_heading = "Console")]
pub struct Console {
    /// Namespace [default: the context's, else all]
    #[arg(short, long, value_name = "NAME", conflicts_with = "all_namespaces")]
    pub namespace: Option<String>,
    /// Every namespace
    #[arg(short = 'A', long)]
    pub all_namespaces: bool,
    /// Alertmanager: a URL, or NAMESPACE/SERVICE:PORT through the API server
    #[arg(long, value_name = "URL")]
    pub alertmanager: Option<String>,
    /// Nothing leaves this machine but reads; cannot be lifted from inside
    #[arg(long)]
    pub read_only: bool,
    /// Keymap laid over the built-in one: a file, or a name in the config directory's keymaps/
    #[arg(long, value_name = "KEYMAP")]
    pub keymap: Option<String>,
}

/// Options of every command.
#[derive(Clone, Debug, Default, PartialEq, Eq, Args)]
#[command(next_help_heading = "General")]
pub struct General {
    /// Configuration file.
    #[arg(
        long,
        global = true,
        value_name = "FILE",
        help = "Configuration file [default: $XDG_CONFIG_HOME/watchfloor/config.toml]"
    )]
    pub config: Option<PathBuf>,
    /// No colours.
    #[arg(
        long,
        global = true,
        help = "No colours (NO_COLOR does the same); states are told by signs and words anyway"
    )]
    pub no_color: bool,
    /// Draw with ASCII alone, for terminals and links that break UTF-8
    #[arg(long, global = true)]
    pub ascii: bool,
    /// How much goes into the log file
    #[arg(long, global = true, value_name = "LEVEL", ignore_case = true)]
    pub log_level: Option<LogLevel>,
}

/// How much goes into the log file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum LogLevel {
    /// Failures only.
    Error,
    /// And what may become one.
    Warn,
    /// And what happened.
    Info,
    /// And why.
    Debug,
    /// Everything.
    Trace,
}

/// What to do instead of opening the console.
#[derive(Clone, Debug, Subcommand)]
pub enum Command {
    /// Open the console on an emulated cluster with an outage in it
    #[command(after_help = "\
Nothing leaves this machine, and its timeline is kept apart from the real one.

Examples:
  watchfloor demo
  watchfloor demo --scenario connection-pool
  watchfloor demo --notes connection-pool        for the trainer: its cause and the way to heal it
  watchfloor demo --pods 5000 --churn 100/s
  watchfloor demo serve --kubeconfig demo.yaml   the cluster alone, for kubectl and others")]
    Demo(Demo),
    /// Write the post-mortem: the open incident, else the one closed in the last 24 hours, else the day's journal
    #[command(after_help = "\
Examples:
  watchfloor export > post-mortem.md
  watchfloor export --since 2h --format json
  watchfloor export --since 2026-03-01T02:30Z --until 04:00")]
    Export(Export),
    /// Write a note on the timeline
    #[command(after_help = "\
Examples:
  watchfloor note \"paged the database team\"
  watchfloor note --severity P1 \"checkout answers 5xx\"
  journalctl -u haproxy -n 20 | watchfloor note -")]
    Note(Note),
    /// Print the timeline
    #[command(after_help = "\
Examples:
  watchfloor timeline
  watchfloor timeline --since 30m
  watchfloor timeline --since 02:50 --until 03:20 --format json")]
    Timeline(Timeline),
    /// Check that no entry of the timeline was changed or removed
    Verify,
    /// Check the cluster, your rights, the terminal and the files, and say what to do
    #[command(after_help = "\
Ends with 0 when an incident could be worked on from here, else with 1.

Examples:
  watchfloor doctor
  watchfloor doctor --context prod-eu -n shop")]
    Doctor(Doctor),
    /// List every action with its keys
    Keys(Keys),
    /// Print completions for your shell
    #[command(after_help = "\
Examples:
  watchfloor completions bash > ~/.local/share/bash-completion/completions/watchfloor
  watchfloor completions zsh > ~/.zfunc/_watchfloor
  watchfloor completions fish > ~/.config/fish/completions/watchfloor.fish")]
    Completions(Completions),
    /// Print the manual page
    #[command(after_help = "\
Examples:
  watchfloor man | man -l -
  watchfloor man export | man -l -
  watchfloor man > ~/.local/share/man/man1/watchfloor.1")]
    Man(Man),
}

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

#[cfg(test)]
mod tests;
