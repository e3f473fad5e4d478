//! A panic in any thread: the terminal first, then one sanitised message on it, and a report in a file only its owner reads.

use std::backtrace::Backtrace;
use std::fmt::Write as _;
use std::fs::OpenOptions;
use std::io::{self, Write as _};
use std::os::unix::fs::OpenOptionsExt as _;
use std::panic::PanicHookInfo;
use std::path::{Path, PathBuf};
use std::thread;
use std::time::{SystemTime, UNIX_EPOCH};

use super::screen::Screen;
use super::watchdog;
use text::Outside;

/// Reports of one process: a crash while crashing must not fill the disk.
const REPORTS_MAX: usize = 8;

/// Installs the hook. The thread that calls this is the UI: its own panic unwinds to the end of the program, that of any
/// other thread is followed by the watchdog. Only a task is its own affair: the runtime catches its panic, and whoever
/// started it says in words what was lost.
pub(super) fn install(screen: Screen, watchdog: watchdog::Handle, directory: Option<PathBuf>) {
    let ui = thread::current().id();
    std::panic::set_hook(Box::new(move |panic| {
        let report = || {
            let directory = directory.as_deref();
            directory.map(|directory| write_report(directory, panic))
        };
        if thread::current().id() != ui && is_in_a_task() {
            log(panic);
            let _ = report();
            return;
        }
        screen.leave();
        say(panic, report());
        if thread::current().id() != ui {
            watchdog.crashed();
        }
    }));
}

/// Until the screen is taken: the panic of a task goes to the log, any other one to standard error as ever.
pub fn keep_tasks_quiet() {
    let before = std::panic::take_hook();
    let main = thread::current().id();
    std::panic::set_hook(Box::new(move |panic| {
        if thread::current().id() != main && is_in_a_task() {
            log(panic);
        } else {
            before(panic);
        }
    }));
}

/// On a thread of the runtime: what panics there is caught by it.
fn is_in_a_task() -> bool {
    tokio::runtime::Handle::try_current().is_ok()
}

fn log(panic: &PanicHookInfo<'_>) {
    tracing::error!("{}", describe(panic));
}

/// Message, place and thread, safe for any terminal and for `less -R`.
fn describe(panic: &PanicHookInfo<'_>) -> String {
    let payload = panic.payload();
    let message = payload
        .downcast_ref::<&str>()
        .copied()
        .or(payload.downcast_ref::<String>().map(String::as_str));
    let message = Outside::from(message.unwrap_or("no message"));
    let place = panic
        .location()
        .map(ToString::to_string)
        .unwrap_or_default();
    let thread = thread::current();
    let mut text = format!(
        "watchfloor crashed in thread {} at {place}:\n",
        thread.name().unwrap_or("unnamed")
    );
    for line in message.lines() {
        let _ = writeln!(text, "  {line}");
    }
    text
}

fn say(panic: &PanicHookInfo<'_>, report: Option<io::Result<PathBuf>>) {
    let mut text = describe(panic);
    let _ = match report {
        Some(Ok(path)) => writeln!(
            text,
            "The report is in {}.",
            Outside::from(&*path.to_string_lossy()).shown()
        ),
        Some(Err(error)) => writeln!(text, "No report could be written: {error}."),
        None => Ok(()),
    };
    // Not `eprint!`: that panics when the terminal is gone.
    let _ = io::stderr().write_all(text.as_bytes());
}

/// A new file that only its owner can read, never through a link that somebody has put there.
fn write_report(directory: &Path, panic: &PanicHookInfo<'_>) -> io::Result<PathBuf> {
    let seconds = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .map_or(0, |since| since.as_secs());
    let mut options = OpenOptions::new();
    options.write(true).create_new(true).mode(0o600);
    let process = std::process::id();
    let mut candidates = (0..REPORTS_MAX)
        .map(|number| directory.join(format!("crash-{seconds}-{process}-{number}.txt")));
    let (path, mut file) = candidates
        .find_map(|path| match options.open(&path) {
            Ok(file) => Some(Ok((path, file))),
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => None,
            Err(error) => Some(Err(error)),
        })
        .unwrap_or_else(|| Err(io::Error::other("too many crash reports of this process")))?;
    let backtrace = Outside::from(Backtrace::force_capture().to_string());
    writeln!(
        file,
        "watchfloor {} on {}",
        env!("CARGO_PKG_VERSION"),
        std::env::consts::OS
    )?;
    file.write_all(describe(panic).as_bytes())?;
    for line in backtrace.lines() {
        writeln!(file, "{line}")?;
    }
    Ok(path)
}
