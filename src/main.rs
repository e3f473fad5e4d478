//! The binary: parse, log, choose kubeconfig or demo, run; the only orderly exit.

use std::process::ExitCode;
use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::Context;
use chrono::Utc;
use clap::Parser;
use tokio::runtime::{Builder, Runtime};
use tokio::sync::mpsc;
use watchfloor::app::{self, App};
use watchfloor::cli::{Access, Cli, Command, Console};
use watchfloor::keymap::Keymap;
use watchfloor::message::Msg;
use watchfloor::model::Model;
use watchfloor::model::cluster::{Problem, Scope};
use watchfloor::model::settings::Settings;
use watchfloor::model::time::At;
use watchfloor::source::{self, CHANNEL_MESSAGES, Connect};
use watchfloor::store;
use watchfloor::store::directory::StateDir;
use watchfloor::store::disk::Identity;
use watchfloor::terminal::{self, EnterError, Options, Profile};
use watchfloor::text::Outside;
use watchfloor::theme::Theme;

/// Tasks that talk to clusters; the UI has the main thread.
const WORKERS: usize = 2;
/// What waits to be saved gets this long at the end.
const STORE_CLOSE: Duration = Duration::from_secs(2);
/// Tasks get this long to notice that the console is leaving.
const RUNTIME_CLOSE: Duration = Duration::from_millis(200);

fn main() -> ExitCode {
    let started = Instant::now();
    match run(&Cli::parse(), started) {
        Ok(status) => ExitCode::from(status),
        Err(error) => {
            let status = if error.is::<EnterError>() {
                EnterError::EXIT_STATUS
            } else {
                1
            };
            // A server's words may be in it.
            eprintln!(
                "watchfloor: {}",
                Outside::from(format!("{error:#}")).shown()
            );
            ExitCode::from(status)
        }
    }
}

fn run(cli: &Cli, started: Instant) -> anyhow::Result<u8> {
    match &cli.command {
        None => console(cli, started),
        Some(
            Command::Demo(_)
            | Command::Export(_)
            | Command::Note(_)
            | Command::Timeline(_)
            | Command::Verify
            | Command::Doctor(_)
            | Command::Keys(_),
        ) => {
            anyhow::bail!("not built yet")
        }
    }
}

fn console(cli: &Cli, started: Instant) -> anyhow::Result<u8> {
    let runtime = Builder::new_multi_thread()
        .worker_threads(WORKERS)
        .enable_all()
        .build()
        .context("start the tasks")?;
    let status = runtime.block_on(open(cli, started));
    close(runtime);
    status
}

fn close(runtime: Runtime) {
    runtime.shutdown_timeout(RUNTIME_CLOSE);
}

async fn open(cli: &Cli, started: Instant) -> anyhow::Result<u8> {
    let (sender, world) = mpsc::channel::<Msg>(CHANNEL_MESSAGES);
    // Before the screen is taken: a credential plugin may need the terminal.
    let source = source::connect(connect(&cli.access, &cli.console, started), sender)
        .await
        .map_err(words)?;
    let keymap = Keymap::load(&[])?;
    let connection = source.connection();
    let scope = scope(&cli.console, connection.namespace.as_ref());
    let settings = Settings {
        is_read_only: cli.console.read_only,
        ..Settings::default()
    };
    let now = At {
        mono_ms: 0,
        wall: Utc::now(),
    };
    let model = Model::new(
        now,
        settings,
        keymap,
        Outside::from(connection.context.clone()),
        scope,
    );
    let (say, stored) = mpsc::unbounded_channel();
    // A closed channel is the console leaving.
    let say: store::Say = Arc::new(move |msg| drop(say.send(msg)));
    let store = store::open(StateDir::find(), identity(), say)
        .inspect_err(|error| tracing::error!(%error, "no thread for the store"))
        .ok();
    let mut profile = Profile::detect();
    profile.color &= !cli.general.no_color;
    profile.utf8 &= !cli.general.ascii;
    let theme = Theme {
        has_colour: profile.color,
        is_ascii: !profile.utf8,
    };
    let crash_directory = StateDir::find().ok().map(|dir| dir.path().to_owned());
    let (terminal, events) = terminal::enter(Options {
        profile,
        crash_directory,
    })?;
    let (status, store) = app::run(App {
        model,
        theme,
        terminal,
        events,
        source,
        world,
        store,
        stored,
        started,
    })
    .await;
    if let Some(store) = store {
        store.close(STORE_CLOSE);
    }
    Ok(status)
}

fn connect(access: &Access, console: &Console, started: Instant) -> Connect {
    Connect {
        kubeconfig: access.kubeconfig.clone(),
        context: access.context.clone(),
        impersonate: access.act_as.clone(),
        request_timeout: access.request_timeout.and_then(|timeout| timeout.0),
        is_read_only: console.read_only,
        started,
    }
}

/// The flag, else the context's namespace, else all.
fn scope(console: &Console, of_context: Option<&Outside>) -> Scope {
    let flag = console.namespace.as_deref().map(Outside::from);
    match flag.or_else(|| of_context.cloned()) {
        Some(namespace) if !console.all_namespaces => Scope::Namespace(namespace),
        Some(_) | None => Scope::All,
    }
}

fn identity() -> Identity {
    let host = rustix::system::uname()
        .nodename()
        .to_string_lossy()
        .into_owned();
    Identity {
        user: std::env::var("USER").ok(),
        host: Some(host),
    }
}

fn words(problem: Problem) -> anyhow::Error {
    anyhow::anyhow!("{}; {}", problem.what.raw(), problem.next)
}
