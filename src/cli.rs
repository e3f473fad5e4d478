//! The command line as clap structs, nothing else: names are kubectl's where kubectl has one.

mod commands;
mod gather;
mod runbook;
pub(crate) mod values;

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};

pub use commands::{
    Completions, Demo, DemoCommand, Doctor, Export, ExportFormat, Keys, Man, Note, Range, Replay,
    Serve, Timeline, TimelineFormat, World,
};
pub use runbook::{RunbookArguments, RunbookCommand, RunbookLint, RunbookList, RunbookShow};
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
    /// What to write down of it.
    #[command(flatten)]
    pub recording: Recording,
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

/// What to write down of what happens.
#[derive(Clone, Debug, Default, PartialEq, Eq, Args)]
#[command(next_help_heading = "Console")]
pub struct Recording {
    /// Record what happens into a new file, without secrets, for a bug report: see `watchfloor replay`
    #[arg(long, value_name = "FILE")]
    pub record: Option<PathBuf>,
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
    /// Replay a recording: print a screen of it, and compare what the console did then with what it does now
    #[command(after_help = "\
A recording holds messages, not screens. Secrets are taken out of every message before it is written, as they are out of
the timeline, and typed characters of one become x. The replay takes what is left: its screens are those that were drawn,
but for these texts. Nothing is asked, sent or stored.

Ends with 0 when every effect is the recorded one, with 1 and the first that differs otherwise.

Examples:
  watchfloor --record outage.jsonl             record, then attach the file to a bug report
  watchfloor replay outage.jsonl               the last screen
  watchfloor replay outage.jsonl --at 03:24    the screen at that moment
  watchfloor replay outage.jsonl --all | less  every screen")]
    Replay(Replay),
    /// List, show and check the team's runbooks: Markdown documents, as they are
    Runbook(RunbookArguments),
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

#[cfg(test)]
mod tests;
