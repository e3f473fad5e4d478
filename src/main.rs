//! The binary: parse, choose kubeconfig or demo, run; the only orderly exit.

use std::path::PathBuf;
use std::process::ExitCode;
use std::time::{Duration, Instant};

use anyhow::Context;
use emulator::scenario::Scenario;
use journal::command::Failure;
use kubernetes::alertmanager::{Alertmanager, Alertmanagers, Place};
use kubernetes::clock::Clock;
use terminal::EnterError;
use text::Outside;
use tokio::runtime::Builder;
use watchfloor::cli::{Access, Cli, Command, Demo, DemoCommand, Rate, World};
use watchfloor::start::{self, Start};
use watchfloor::{replay, runbooks, shell};

/// Tasks that talk to clusters; the UI has the main thread.
const WORKERS: usize = 2;
/// Tasks get this long to notice that the console is leaving.
const RUNTIME_CLOSE: Duration = Duration::from_millis(200);

fn main() -> ExitCode {
    let clock = Clock::new(Instant::now());
    let cli = match Cli::read(std::env::args_os()) {
        Ok(cli) => cli,
        Err(error) => error.exit(),
    };
    match run(cli, clock) {
        Ok(status) => ExitCode::from(status),
        Err(error) => {
            let misused = error.is::<EnterError>().then_some(EnterError::EXIT_STATUS);
            let status = error
                .downcast_ref::<Failure>()
                .map(|failure| failure.code)
                .or(misused)
                .unwrap_or(1);
            // A server's words may be in it.
            eprintln!("watchfloor: {}", shown(&format!("{error:#}")));
            ExitCode::from(status)
        }
    }
}

fn run(cli: Cli, clock: Clock) -> anyhow::Result<u8> {
    match cli.command {
        None => {
            let loaded = start::settings(&cli.general, Some(&cli.console))?;
            let start = Start {
                access: cli.access,
                console: cli.console,
                general: cli.general,
                loaded,
                is_demo: false,
                clock,
                record: cli.recording.record,
            };
            block_on(start::console(start))
        }
        Some(Command::Demo(Demo {
            command: Some(DemoCommand::Serve(serve)),
            ..
        })) => {
            let options = demo_options(
                &serve.world,
                serve.scenario.as_deref().unwrap_or("healthy"),
                serve.port,
            )?;
            block_on(async {
                emulator::serve_command(&options, &serve.kubeconfig)
                    .await
                    .map(|()| 0)
            })
        }
        Some(Command::Demo(Demo {
            notes: Some(scenario),
            ..
        })) => shell::print(named(&scenario)?.note()),
        Some(Command::Demo(demo)) => {
            let mut loaded = start::settings(&cli.general, Some(&demo.console))?;
            own_alertmanager(&mut loaded.config.alertmanagers);
            let options = emulator::Options {
                speed: demo.speed,
                ..demo_options(&demo.world, &demo.scenario, 0)?
            };
            let start = Start {
                access: Access::default(),
                console: demo.console,
                general: cli.general,
                loaded,
                is_demo: true,
                clock,
                record: demo.recording.record,
            };
            block_on(open_demo(start, options))
        }
        Some(Command::Export(export)) => shell::export(&cli.general, &export),
        Some(Command::Note(note)) => shell::note(&cli.general, &note),
        Some(Command::Timeline(timeline)) => shell::timeline(&cli.general, &timeline),
        Some(Command::Replay(replay)) => replay::command(&replay),
        Some(Command::Runbook(arguments)) => runbooks::command(&cli.general, &arguments),
        Some(Command::Verify) => shell::verify(&cli.general),
        Some(Command::Doctor(doctor)) => block_on(shell::doctor(&cli.general, &doctor, clock)),
        Some(Command::Keys(keys)) => shell::keys(&cli.general, &keys),
        Some(Command::Completions(completions)) => shell::completions(&completions),
        Some(Command::Man(man)) => shell::man(&man),
    }
}

fn block_on(work: impl Future<Output = anyhow::Result<u8>>) -> anyhow::Result<u8> {
    terminal::keep_tasks_quiet();
    let runtime = Builder::new_multi_thread()
        .worker_threads(WORKERS)
        .enable_all()
        .build()
        .context("start the tasks")?;
    let status = runtime.block_on(work);
    runtime.shutdown_timeout(RUNTIME_CLOSE);
    status
}

/// The console on an emulated cluster of its own, reached over loopback like any other.
async fn open_demo(mut start: Start, options: emulator::Options) -> anyhow::Result<u8> {
    let server = emulator::serve(&options)
        .await
        .context("start the emulated cluster")?;
    if options.speed > 1 {
        start.clock = Clock::fast(options.speed);
    }
    let path = demo_kubeconfig(&start, &server.kubeconfig())?;
    start.access.kubeconfig = Some(path.clone());
    let status = Box::pin(start::console(start)).await;
    server.shutdown();
    // Its token is worth nothing once the server is gone.
    drop(std::fs::remove_file(path));
    status
}

/// The demo asks the Alertmanager of its own cluster: what is configured is for real ones, and nothing leaves this machine.
fn own_alertmanager(configured: &mut Alertmanagers) {
    let own = Place::Service {
        namespace: emulator::scenario::MONITORING.to_owned(),
        name_and_port: "alertmanager:9093".to_owned(),
        prefix: String::new(),
    };
    let flag = configured.flag.take();
    *configured = Alertmanagers {
        flag: Some(flag.unwrap_or_else(|| Alertmanager::at(own))),
        ..Alertmanagers::default()
    };
}

/// Writes the kubeconfig of this process: in the demo's own state directory, or where the system keeps what lives as long as a
/// login or a process. A directory that cannot be written to costs the timeline on disk, not the demo.
fn demo_kubeconfig(start: &Start, text: &str) -> anyhow::Result<PathBuf> {
    let own = start::state_dir(&start.loaded.config, true).and_then(|dir| dir.prepare());
    let runtime = std::env::var_os("XDG_RUNTIME_DIR")
        .map(PathBuf::from)
        // As the XDG specification has it: an empty or relative one counts as not set.
        .filter(|dir| dir.is_absolute());
    let places = own.ok().into_iter().chain(runtime);
    let mut failed = anyhow::anyhow!("no directory for the demo's kubeconfig");
    for place in places.chain([std::env::temp_dir()]) {
        let path = place.join(format!("watchfloor-demo-{}.kubeconfig", std::process::id()));
        match emulator::kubeconfig::write(&path, text) {
            Ok(()) => return Ok(path),
            Err(error) => {
                failed = anyhow::Error::new(error).context(format!("write {}", path.display()));
            }
        }
    }
    Err(failed)
}

fn demo_options(world: &World, scenario: &str, port: u16) -> anyhow::Result<emulator::Options> {
    Ok(emulator::Options {
        pods: world.pods,
        churn_per_s: whole(world.churn),
        log_rate_per_s: whole(world.log_rate),
        seed: world.seed,
        scenario: named(scenario)?,
        speed: 1,
        ahead_s: 0,
        port,
    })
}

fn named(scenario: &str) -> anyhow::Result<Scenario> {
    Scenario::named(scenario).map_or_else(|| Err(Scenario::unknown(scenario)), Ok)
}

/// The emulated cluster counts in whole numbers; anything above nothing is at least one.
#[allow(clippy::cast_sign_loss)] // a rate is not negative
fn whole(rate: Rate) -> u32 {
    rate.per_second.ceil() as u32
}

/// Lines stay lines; within each, a server's words are shown and never obeyed.
fn shown(words: &str) -> String {
    let words = Outside::from(words);
    let lines: Vec<String> = words.lines().map(|line| line.to_string()).collect();
    lines.join("\n")
}
