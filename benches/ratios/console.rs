//! The console in a pseudo terminal of 160x50, judged by an independent VT parser over its bytes.

use std::io::{Read, Write};
use std::num::NonZero;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, channel};
use std::time::{Duration, Instant};

use portable_pty::{Child, CommandBuilder, PtySize, native_pty_system};

use super::api::Deleter;
use super::process::{cpu_ms, peak_kb};

const SIZE: PtySize = PtySize {
    rows: 50,
    cols: 160,
    pixel_width: 0,
    pixel_height: 0,
};
/// Nothing on a screen takes longer.
const PATIENCE: Duration = Duration::from_secs(120);
/// A key is sent when the screen has been still for so long, or as soon as four times this has passed under churn.
const STILL: Duration = Duration::from_millis(50);
/// A terminal that stops reading, for so long.
const STOPPED: Duration = Duration::from_millis(400);
/// The frame is whole: end of a synchronized update.
const FRAME_END: &[u8] = b"\x1b[?2026l";

/// What one run is to measure.
pub struct Plan {
    /// Keys to press.
    pub keys: usize,
    /// Pods to delete.
    pub events: usize,
    /// Times that the terminal stops reading.
    pub stalls: usize,
    /// How long nothing is pressed.
    pub quiet: Duration,
}

/// What was seen; times in milliseconds.
#[derive(Default)]
pub struct Seen {
    /// From the start of the process to the first byte on the terminal.
    pub chrome_ms: f64,
    pub first_ms: f64,
    pub all_ms: f64,
    pub peak_kb: u64,
    pub keys_ms: Vec<f64>,
    /// From a DELETE that leaves to the first byte that tells of it.
    pub events_ms: Vec<f64>,
    /// Key to byte after a terminal that did not read has read the frame before.
    pub slow_keys_ms: Vec<f64>,
    pub idle_bytes_s: f64,
    /// Percent of a core without a key.
    pub idle_cpu: f64,
}

struct Screen {
    chunks: Receiver<(Instant, Vec<u8>)>,
    parser: vt100::Parser,
    ends_frame: bool,
    stopped: Arc<AtomicBool>,
}

impl Screen {
    /// The moment of the next bytes; `None` when there were none in this time.
    fn next(&mut self, patience: Duration) -> Option<(Instant, usize)> {
        let (at, bytes) = self.chunks.recv_timeout(patience).ok()?;
        self.parser.process(&bytes);
        self.ends_frame = bytes.ends_with(FRAME_END);
        Some((at, bytes.len()))
    }

    /// The moment at which the screen first showed this.
    fn until(&mut self, what: &str, shows: impl Fn(&str) -> bool) -> Instant {
        let shown = self.shown(shows);
        shown.unwrap_or_else(|| panic!("never shown: {what}\n{}", self.parser.screen().contents()))
    }

    /// The same; `None` when it never did.
    fn shown(&mut self, shows: impl Fn(&str) -> bool) -> Option<Instant> {
        let end = Instant::now() + PATIENCE;
        while let Some(left) = end.checked_duration_since(Instant::now()) {
            if let Some((at, _)) = self.next(left)
                && shows(&self.parser.screen().contents())
            {
                return Some(at);
            }
        }
        None
    }

    /// Reads what comes until nothing does, or the time is over.
    fn settle(&mut self, longest: Duration) {
        let end = Instant::now() + longest;
        while Instant::now() < end && self.next(STILL).is_some() {}
    }

    /// From this moment to the first byte after it, in milliseconds.
    fn byte_after(&mut self, moment: Instant, patience: Duration) -> Option<f64> {
        loop {
            let (at, _) = self.next(patience)?;
            if at >= moment {
                return Some((at - moment).as_secs_f64() * 1e3);
            }
        }
    }

    /// Reads until a frame has just ended.
    fn frame_end(&mut self) {
        while self.next(STILL).is_some() && !self.ends_frame {}
    }
}

fn cells(count: u16) -> NonZero<u16> {
    NonZero::new(count).unwrap()
}

/// Reads in a thread of its own, and does not while it is stopped.
fn reading(mut reader: Box<dyn Read + Send>) -> Screen {
    let (sender, chunks) = channel();
    let stopped = Arc::new(AtomicBool::new(false));
    let is_stopped = Arc::clone(&stopped);
    std::thread::spawn(move || {
        let mut buffer = vec![0; 64 << 10];
        loop {
            while is_stopped.load(Ordering::Relaxed) {
                std::thread::sleep(Duration::from_millis(1));
            }
            let Ok(count @ 1..) = reader.read(&mut buffer) else {
                return;
            };
            let chunk = (Instant::now(), buffer[..count].to_vec());
            if sender.send(chunk).is_err() {
                return;
            }
        }
    });
    Screen {
        chunks,
        parser: vt100::Parser::new(cells(SIZE.rows), cells(SIZE.cols), 0),
        ends_frame: false,
        stopped,
    }
}

fn command(kubeconfig: &Path, home: &Path, more: &[&str]) -> CommandBuilder {
    let mut command = CommandBuilder::new(env!("CARGO_BIN_EXE_watchfloor"));
    command.args(["-A", "--kubeconfig"]);
    command.arg(kubeconfig);
    command.args(more);
    for (name, value) in [("TERM", "xterm-256color"), ("LC_ALL", "C.UTF-8")] {
        command.env(name, value);
    }
    for name in ["XDG_STATE_HOME", "XDG_CONFIG_HOME"] {
        command.env(name, home);
    }
    command
}

/// One run from the start of the process to its end.
pub fn run(kubeconfig: &Path, plan: &Plan) -> Seen {
    let pair = native_pty_system().openpty(SIZE).unwrap();
    let home = tempfile::tempdir().unwrap();
    let mut screen = reading(pair.master.try_clone_reader().unwrap());
    let mut writer = pair.master.take_writer().unwrap();
    let start = Instant::now();
    let mut child = pair
        .slave
        .spawn_command(command(kubeconfig, home.path(), &[]))
        .unwrap();
    let process = child.process_id().unwrap();
    drop(pair.slave);
    let mut seen = Seen {
        chrome_ms: screen.byte_after(start, PATIENCE).unwrap(),
        ..Seen::default()
    };
    (seen.first_ms, seen.all_ms) = rows(&mut screen, start);
    let press = |key: usize| {
        let pressed = Instant::now();
        writer
            .write_all(if key % 4 < 2 { b"j" } else { b"k" })
            .unwrap();
        writer.flush().unwrap();
        pressed
    };
    seen.press_keys(plan, &mut screen, press);
    screen.settle(Duration::from_secs(2));
    let busy_ms = cpu_ms(process);
    let (end, mut bytes) = (Instant::now() + plan.quiet, 0);
    while let Some(left) = end.checked_duration_since(Instant::now()) {
        bytes += screen.next(left).map_or(0, |(_, count)| count);
    }
    let quiet_s = plan.quiet.as_secs_f64().max(1.0);
    seen.idle_bytes_s = bytes as f64 / quiet_s;
    seen.idle_cpu = (cpu_ms(process) - busy_ms) / quiet_s / 10.0;
    if plan.events > 0 {
        let mut deleter = Deleter::new(kubeconfig);
        for _ in 0..plan.events {
            screen.settle(Duration::from_secs(2));
            let Some(sent) = deleter.delete() else { break };
            seen.events_ms.extend(screen.byte_after(sent, STILL * 40));
        }
    }
    seen.peak_kb = peak_kb(process);
    leave(&mut *writer, &mut *child, &mut screen);
    seen
}

/// What the screen shows, and the keys that are pressed then.
pub type Step<'a> = (&'a dyn Fn(&str) -> bool, &'a str);

/// What a program costs that is left alone, or follows a log.
pub struct Alone {
    /// Percent of a core.
    pub cpu: f64,
    /// Bytes that the terminal gets.
    pub bytes_s: f64,
    /// The highest memory.
    pub peak_kb: u64,
}

/// Watches our console for so long after the screen has shown something.
pub fn watch(
    kubeconfig: &Path,
    more: &[&str],
    is_shown: impl Fn(&str) -> bool,
    time: Duration,
) -> Alone {
    let home = tempfile::tempdir().unwrap();
    let command = command(kubeconfig, home.path(), more);
    alone(command, &[(&is_shown, "")], time).expect("what is to be watched is shown")
}

/// Watches a program for so long once it has shown each of these, and has got the keys after each. `None` when it did not.
pub fn alone(command: CommandBuilder, steps: &[Step<'_>], time: Duration) -> Option<Alone> {
    let pair = native_pty_system().openpty(SIZE).unwrap();
    let mut screen = reading(pair.master.try_clone_reader().unwrap());
    let mut writer = pair.master.take_writer().unwrap();
    let mut child = pair.slave.spawn_command(command).unwrap();
    let process = child.process_id().unwrap();
    drop(pair.slave);
    let are_shown = steps.iter().all(|(is_shown, keys)| {
        let shown = screen.shown(is_shown);
        screen.settle(Duration::from_secs(2));
        writer.write_all(keys.as_bytes()).unwrap();
        shown.is_some()
    });
    screen.settle(Duration::from_secs(2));
    let (start, busy_ms, mut bytes) = (Instant::now(), cpu_ms(process), 0);
    while let Some(left) = time.checked_sub(start.elapsed()).filter(|_| are_shown) {
        bytes += screen.next(left).map_or(0, |(_, count)| count);
    }
    let taken_s = start.elapsed().as_secs_f64();
    let cost = Alone {
        cpu: (cpu_ms(process) - busy_ms) / taken_s / 10.0,
        bytes_s: bytes as f64 / taken_s,
        peak_kb: peak_kb(process),
    };
    leave(&mut *writer, &mut *child, &mut screen);
    are_shown.then_some(cost)
}

/// What a line of a log that is followed costs, on the board and with the logs zoomed. The server prints a line a second for
/// each container.
pub fn log_line(kubeconfig: &Path, is_zoomed: bool, time: Duration) -> Alone {
    let home = tempfile::tempdir().unwrap();
    let count = regex::Regex::new(r"Pods .*/ [1-9].*live").unwrap();
    let is_live = |text: &str| text.lines().any(|line| count.is_match(line));
    // A pane that is full: each line moves the others.
    let lines = if is_zoomed { 40 } else { 0 };
    let is_full = move |text: &str| text.lines().filter(|line| line.contains(':')).count() > lines;
    let keys = if is_zoomed { "2g3z" } else { "2g3" };
    let steps: [Step<'_>; 2] = [(&is_live, keys), (&is_full, "")];
    alone(command(kubeconfig, home.path(), &[]), &steps, time).expect("a log is shown")
}

fn leave(writer: &mut dyn Write, child: &mut dyn Child, screen: &mut Screen) {
    writer.write_all(b"q").unwrap();
    let end = Instant::now() + Duration::from_secs(5);
    while child.try_wait().unwrap().is_none() {
        if Instant::now() > end {
            child.kill().unwrap();
        }
        screen.next(Duration::from_millis(10));
    }
}

impl Seen {
    fn press_keys(
        &mut self,
        plan: &Plan,
        screen: &mut Screen,
        mut press: impl FnMut(usize) -> Instant,
    ) {
        // The first only selects the first line: without it the last of the first four would change nothing.
        screen.settle(STILL * 4);
        press(0);
        for key in 0..plan.keys {
            screen.settle(STILL * 4);
            let pressed = press(key);
            self.keys_ms.extend(screen.byte_after(pressed, PATIENCE));
        }
        for stall in 0..plan.stalls {
            screen.stopped.store(true, Ordering::Relaxed);
            let end = Instant::now() + STOPPED;
            for key in 0.. {
                press(key);
                std::thread::sleep(Duration::from_millis(10));
                if Instant::now() > end {
                    break;
                }
            }
            screen.stopped.store(false, Ordering::Relaxed);
            screen.frame_end();
            let pressed = press(stall);
            self.slow_keys_ms
                .extend(screen.byte_after(pressed, PATIENCE));
            screen.settle(STILL * 4);
        }
    }
}

/// When the first row was there and when all were, from the start. The frame of the pods pane says how many rows there
/// are, and `live` once the list is complete.
fn rows(screen: &mut Screen, start: Instant) -> (f64, f64) {
    let title = |screen: &str| {
        let mut lines = screen.lines();
        lines
            .find(|line| line.contains("Pods"))
            .map(str::to_owned)
            .unwrap_or_default()
    };
    let count = regex::Regex::new(r"/ [1-9]").unwrap();
    let first = screen.until("a row", |screen| count.is_match(&title(screen)));
    let is_live = |screen: &str| count.is_match(&title(screen)) && title(screen).contains("live");
    let all = if is_live(&screen.parser.screen().contents()) {
        first
    } else {
        screen.until("all rows", is_live)
    };
    let ms = |moment: Instant| (moment - start).as_secs_f64() * 1e3;
    (ms(first), ms(all))
}
