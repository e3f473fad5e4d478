//! From flags and files to a running console: settings, log, state directory, connection, screen, loop.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context;
use chrono::{FixedOffset, Local, Offset, Utc};
use tokio::sync::mpsc;
use tracing_appender::non_blocking::WorkerGuard;
use tracing_subscriber::filter::EnvFilter;

use crate::app::{self, App};
use crate::cli::{self, Access, Console, General};
use crate::config::{self, Ascii, Config, Loaded, Palette, Zone};
use journal::store::directory::{StateDir, open_private};
use journal::store::{self, disk::Identity};
use keys::keymap::Keymap;
use kubernetes::clock::Clock;
use kubernetes::{self, CHANNEL_MESSAGES, Connect};
use model::Model;
use model::cluster::{Problem, Scope};
use model::entry::{Actor, Ids};
use model::journal::StoreProblem;
use model::kind::ActorKind;
use model::message::{Input, Msg, StoreMsg};
use model::redact;
use model::settings::Settings;
use model::severity::Scheme;
use model::timeline::Timeline;
use terminal::{self, Options, Profile};
use text::Outside;
use view::theme::{self, Theme};

/// What waits to be saved gets this long at the end.
const STORE_CLOSE: Duration = Duration::from_secs(2);
/// A log that has grown to this is set aside as `.1` at the next start.
const LOG_BYTES_MAX: u64 = 8 << 20;

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
    let _log = log(&dir, config.log_level);
    let (sender, world) = mpsc::channel::<Msg>(CHANNEL_MESSAGES);
    // Before the screen is taken: a credential plugin may need the terminal.
    let source = kubernetes::connect(connect(&start.access, config, start.clock), sender)
        .await
        .map_err(|problem| words(&problem))?;
    let (keymap, keymap_problem) = keymap(config);
    let mut model = model(&start, keymap, source.connection());
    for problem in start
        .loaded
        .problems
        .iter()
        .map(ToString::to_string)
        .chain(keymap_problem)
    {
        update::update(
            &mut model,
            start.clock.now(),
            Msg::Input(Input::Failed(problem.into())),
        );
    }
    let (answer, answers) = mpsc::unbounded_channel();
    let say = answer.clone();
    // A closed channel is the console leaving.
    let say: store::Say = Arc::new(move |msg| drop(say.send(Msg::Store(msg))));
    let state = dir.as_ref().ok().cloned();
    let crash_directory = dir.as_ref().ok().map(|dir| dir.path().to_owned());
    let store = store::open(dir, identity(), say)
        .inspect_err(|error| tracing::error!(%error, "no thread for the store"))
        .ok();
    let (profile, theme) = looks(config);
    let (terminal, events) = terminal::enter(Options {
        profile,
        crash_directory,
    })?;
    let app = App {
        model,
        theme,
        terminal,
        events,
        source,
        world,
        store,
        state,
        answers,
        answer,
        clock: start.clock,
    };
    let left = Box::pin(app::run(app)).await;
    let status = left.status;
    close(left);
    Ok(status)
}

/// What could not be saved is at least said, on the terminal that is the user's again.
fn close(left: app::Left) {
    let app::Left {
        store,
        mut answers,
        mut pending,
        ..
    } = left;
    let is_all_saved = store.is_none_or(|store| {
        let closed = store.close(STORE_CLOSE);
        closed.is_some_and(|health| health.waiting == 0)
    });
    while let Ok(msg) = answers.try_recv() {
        if let Msg::Store(StoreMsg::Saved { token, .. }) = msg {
            pending.remove(&token);
        }
    }
    if is_all_saved && pending.is_empty() {
        return;
    }
    eprintln!("watchfloor: some timeline entries could not be saved:");
    for pending in pending.into_values() {
        let draft = redact::draft(pending.draft);
        let at = draft.occurred_at.format("%Y-%m-%d %H:%M:%SZ");
        eprintln!("  {at}  {}  {}", draft.kind.word(), draft.title.shown());
        for line in draft.body.iter().flat_map(Outside::lines) {
            eprintln!("    {line}");
        }
    }
}

/// The keymap; a broken one of the user's is told, and the built-in one holds.
fn keymap(config: &Config) -> (Keymap, Option<String>) {
    let loaded = config::keymap_overlay(config)
        .map_err(|problem| problem.to_string())
        .and_then(|overlay| {
            let overlay = overlay
                .as_ref()
                .map(|(name, text)| (name.as_str(), text.as_str()));
            Keymap::load(overlay.as_slice()).map_err(|error| error.to_string())
        });
    match loaded {
        Ok(keymap) => (keymap, None),
        Err(problem) => (
            Keymap::load(&[]).unwrap_or_default(),
            Some(format!("{problem}; the built-in keys hold")),
        ),
    }
}

fn model(start: &Start, keymap: Keymap, connection: &model::cluster::Connection) -> Model {
    let config = &start.loaded.config;
    let settings = Settings {
        is_read_only: config.is_read_only,
        is_demo: start.is_demo,
        protected: config.protected.clone(),
        zone: offset(config.zone),
    };
    let context = Outside::from(connection.context.clone());
    let scope = scope(&start.console, connection.namespace.as_ref());
    let mut model = Model::new(start.clock.now(), settings, keymap, context, scope);
    model.timeline = Timeline::new(person(), Ids::seeded(fastrand::u64(..)), Scheme::default());
    model
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

fn looks(config: &Config) -> (Profile, Theme) {
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

/// Who writes the journal.
pub fn identity() -> Identity {
    Identity {
        user: variable("USER"),
        host: Some(host()),
    }
}

/// Who sits here, as far as this machine knows.
pub fn person() -> Actor {
    let ssh_client =
        variable("SSH_CLIENT").and_then(|client| client.split(' ').next().map(Outside::from));
    Actor {
        user: variable("USER").map(Outside::from),
        host: Some(Outside::from(host())),
        ssh_client,
        sudo_user: variable("SUDO_USER").map(Outside::from),
        ..Actor::of(ActorKind::Human)
    }
}

fn variable(name: &str) -> Option<String> {
    std::env::var(name).ok().filter(|value| !value.is_empty())
}

fn host() -> String {
    rustix::system::uname()
        .nodename()
        .to_string_lossy()
        .into_owned()
}

/// One line for the terminal, from a problem.
pub fn words(problem: &Problem) -> anyhow::Error {
    anyhow::anyhow!("{}; {}", problem.what.raw(), problem.next)
}

/// Logs into the state directory, from a thread of its own. A console that cannot log works on. What waits is written
/// when the guard is dropped.
fn log(dir: &Result<StateDir, StoreProblem>, level: config::LogLevel) -> Option<WorkerGuard> {
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
