//! From flags and files to a running console: settings, log, state directory, connection, screen, loop.

mod close;
mod log;
mod person;
mod runbooks;

use std::collections::BTreeSet;
use std::fs::File;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use chrono::{FixedOffset, Local, Offset, Utc};
use tokio::sync::mpsc;

use crate::app::{self, App};
use crate::cli::{self, Access, Console, General};
use crate::config::{self, Ascii, Config, Loaded, Palette, Zone};
use journal::store;
use journal::store::directory::StateDir;
use keys::keymap::Keymap;
use kubernetes::clock::Clock;
use kubernetes::{self, CHANNEL_MESSAGES, Connect};
use model::cluster::{Problem, Scope};
use model::journal::StoreProblem;
use model::message::{Input, Msg};
use model::settings::Settings;
use runtime::{Recorder, RunbookReader, Runtime, recording};
use terminal::{self, Options, Profile};
use text::Outside;
use view::theme::{self, Theme};

pub use person::{identity, person};

/// What the command line asked for, read and checked.
pub struct Start {
    /// Which cluster.
    pub access: Access,
    /// What to look at.
    pub console: Console,
    /// Flags of every command.
    pub general: General,
    /// The settings.
    pub loaded: Loaded,
    /// The emulated cluster.
    pub is_demo: bool,
    /// What time it is for the console.
    pub clock: Clock,
    /// Where to record what happens.
    pub record: Option<PathBuf>,
}

/// Reads the configuration for these flags.
pub fn settings(general: &General, console: Option<&Console>) -> Result<Loaded, config::Problem> {
    let flags = config::Flags {
        config: general.config.clone(),
        keymap: console.and_then(|console| console.keymap.clone()),
        read_only: console.is_some_and(|console| console.read_only),
        no_color: general.no_color,
        ascii: general.ascii,
        log_level: general.log_level.map(level),
        alertmanager: console.and_then(|console| console.alertmanager.clone()),
    };
    config::load(&config::Inputs::of_process(flags))
}

fn level(level: cli::LogLevel) -> config::LogLevel {
    match level {
        cli::LogLevel::Error => config::LogLevel::Error,
        cli::LogLevel::Warn => config::LogLevel::Warn,
        cli::LogLevel::Info => config::LogLevel::Info,
        cli::LogLevel::Debug => config::LogLevel::Debug,
        cli::LogLevel::Trace => config::LogLevel::Trace,
    }
}

/// Where the timeline, the log and crash reports of this console live. The demo keeps its own.
pub fn state_dir(config: &Config, is_demo: bool) -> Result<StateDir, StoreProblem> {
    let dir = config
        .state_dir
        .as_ref()
        .map_or_else(StateDir::find, |path| Ok(StateDir::at(path)))?;
    Ok(if is_demo { dir.inner("demo") } else { dir })
}

/// Opens the console and stays in it until the user leaves; returns the exit status.
pub async fn console(start: Start) -> anyhow::Result<u8> {
    let config = &start.loaded.config;
    let dir = state_dir(config, start.is_demo);
    let _log = log::open(&dir, config.log_level);
    let (sender, world) = mpsc::channel::<Msg>(CHANNEL_MESSAGES);
    // Before the screen is taken: a credential plugin may need the terminal.
    let source = kubernetes::connect(connect(&start.access, config, start.clock), sender)
        .await
        .map_err(|problem| words(&problem))?;
    let (keymap, keymap_problem) = keymap(config);
    let (profile, theme) = appearance(config);
    let begin = begin(&start, keymap, theme, source.connection());
    let (answer, answers) = mpsc::unbounded_channel();
    let say = answer.clone();
    // A closed channel is the console leaving.
    let say: store::Say = Arc::new(move |msg| drop(say.send(Msg::Store(msg))));
    let state = dir.as_ref().ok().cloned();
    let crash_directory = dir.as_ref().ok().map(|dir| dir.path().to_owned());
    let store = store::open(dir, identity(), say)
        .inspect_err(|error| tracing::error!(%error, "no thread for the store"))
        .ok();
    let recording = recording(start.record.as_deref())?;
    let (terminal, events) = terminal::enter(Options {
        profile,
        mouse: config.has_mouse,
        crash_directory,
    })
    .inspect_err(|_| {
        if let Some((path, _)) = &recording {
            drop(std::fs::remove_file(path));
        }
    })?;
    let mut runtime = Runtime {
        model: begin.model(),
        source,
        world,
        store,
        runbooks: RunbookReader::start(runbooks::folders(&start), say_of(&answer)),
        answers,
        clock: start.clock,
        recorder: None,
        wants: BTreeSet::new(),
    };
    let mut problems: Vec<String> = start
        .loaded
        .problems
        .iter()
        .map(ToString::to_string)
        .chain(keymap_problem)
        .collect();
    if let Some((path, file)) = recording {
        let say = say_of(&answer);
        let size = terminal.size();
        match Recorder::start(file, path, recording::Start { size, ..begin }, say) {
            Ok(recorder) => runtime.recorder = Some(recorder),
            Err(error) => problems.push(format!("nothing is recorded: {error}")),
        }
    }
    for problem in problems {
        runtime.take(Msg::Input(Input::Failed(problem.into())));
    }
    let app = App {
        runtime,
        theme,
        terminal,
        events,
        state,
        answer,
    };
    let (status, left) = Box::pin(app::run(app)).await;
    close::close(left);
    Ok(status)
}

/// A closed channel is the console leaving.
fn say_of(answer: &mpsc::UnboundedSender<Msg>) -> runtime::Say {
    let answer = answer.clone();
    Arc::new(move |msg| drop(answer.send(msg)))
}

/// Creates the file of a recording: what is wrong with it is said before the screen is taken.
fn recording(path: Option<&Path>) -> anyhow::Result<Option<(PathBuf, File)>> {
    let Some(path) = path else {
        return Ok(None);
    };
    let file = runtime::create(path).map_err(anyhow::Error::msg)?;
    Ok(Some((path.to_owned(), file)))
}

/// Name and text of the keymap that is laid over the built-in one; a broken one is told, and the built-in one holds.
fn keymap(config: &Config) -> (Option<(String, String)>, Option<String>) {
    let loaded = config::keymap_overlay(config)
        .map_err(|problem| problem.to_string())
        .and_then(|overlay| {
            let named = overlay.as_ref().map(|(name, text)| (&**name, &**text));
            Keymap::load(named.as_slice()).map_err(|error| error.to_string())?;
            Ok(overlay)
        });
    match loaded {
        Ok(overlay) => (overlay, None),
        Err(problem) => (None, Some(format!("{problem}; the built-in keys hold"))),
    }
}

fn begin(
    start: &Start,
    keymap: Option<(String, String)>,
    theme: Theme,
    connection: &model::cluster::Connection,
) -> recording::Start {
    let config = &start.loaded.config;
    recording::Start {
        watchfloor: env!("CARGO_PKG_VERSION").to_owned(),
        format: recording::FORMAT,
        at: start.clock.now(),
        settings: Settings {
            is_read_only: config.is_read_only,
            is_demo: start.is_demo,
            protected: config.protected.clone(),
            zone: offset(config.zone),
        },
        keymap,
        theme,
        context: connection.context.clone().into(),
        contexts: connection.contexts.clone(),
        scope: scope(&start.console, connection.namespace.as_ref()),
        size: (0, 0),
        person: person(),
        seed: fastrand::u64(..),
    }
}

/// The displayed zone as it is now.
pub fn offset(zone: Zone) -> FixedOffset {
    match zone {
        Zone::Utc => Utc.fix(),
        Zone::Local => *Local::now().offset(),
        Zone::Offset { minutes } => {
            FixedOffset::east_opt(i32::from(minutes) * 60).unwrap_or(Utc.fix())
        }
    }
}

/// How to reach the cluster that the flags name.
pub fn connect(access: &Access, config: &Config, clock: Clock) -> Connect {
    Connect {
        kubeconfig: access.kubeconfig.clone(),
        context: access.context.clone(),
        impersonate: access.act_as.clone(),
        request_timeout: access.request_timeout.and_then(|timeout| timeout.0),
        is_read_only: config.is_read_only,
        alertmanagers: config.alertmanagers.clone(),
        clock,
    }
}

/// The flag, else the context's namespace, else all.
pub fn scope(console: &Console, of_context: Option<&Outside>) -> Scope {
    let flag = console.namespace.as_deref().map(Outside::from);
    match flag.or_else(|| of_context.cloned()) {
        Some(namespace) if !console.all_namespaces => Scope::Namespace(namespace),
        Some(_) | None => Scope::All,
    }
}

fn appearance(config: &Config) -> (Profile, Theme) {
    let mut profile = Profile::detect();
    profile.color &= config.palette != Palette::Mono;
    match config.ascii {
        Ascii::Auto => {}
        Ascii::Always => profile.utf8 = false,
        Ascii::Never => (profile.utf8, profile.signs) = (true, true),
    }
    (
        profile,
        Theme {
            has_colour: profile.color,
            palette: match config.palette {
                Palette::Sixteen | Palette::Mono => theme::Palette::Sixteen,
                Palette::True => theme::Palette::True,
                Palette::Safe => theme::Palette::Safe,
            },
            is_ascii: !profile.utf8 || !profile.signs,
        },
    )
}

/// One line for the terminal, from a problem.
pub fn words(problem: &Problem) -> anyhow::Error {
    anyhow::anyhow!("{}; {}", problem.what.raw(), problem.next)
}
