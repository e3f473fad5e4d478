//! The console in a pseudo terminal of 160x50, judged by an independent VT parser over its bytes.

use std::io::{Read, Write};
use std::num::NonZero;
use std::path::Path;
use std::sync::mpsc::{Receiver, channel};
use std::time::{Duration, Instant};

use portable_pty::{CommandBuilder, PtySize, native_pty_system};

use super::peak_kb;

const SIZE: PtySize = PtySize {
    rows: 50,
    cols: 160,
    pixel_width: 0,
    pixel_height: 0,
};
/// Nothing on a screen takes longer.
const PATIENCE: Duration = Duration::from_secs(120);
/// A key is sent when the screen has been still for so long, or as soon as this has passed under churn.
const STILL: Duration = Duration::from_millis(50);

pub struct Seen {
    pub first: Duration,
    pub all: Duration,
    pub peak_kb: u64,
    pub keys_ms: Vec<f64>,
    pub idle_bytes_s: f64,
}

struct Screen {
    chunks: Receiver<(Instant, Vec<u8>)>,
    parser: vt100::Parser,
}

impl Screen {
    /// The moment of the next bytes; `None` when there were none in this time.
    fn next(&mut self, patience: Duration) -> Option<(Instant, usize)> {
        let (at, bytes) = self.chunks.recv_timeout(patience).ok()?;
        self.parser.process(&bytes);
        Some((at, bytes.len()))
    }

    /// The moment at which the screen first showed this.
    fn until(&mut self, what: &str, shows: impl Fn(&str) -> bool) -> Instant {
        let end = Instant::now() + PATIENCE;
        while Instant::now() < end {
            if let Some((at, _)) = self.next(PATIENCE)
                && shows(&self.parser.screen().contents())
            {
                return at;
            }
        }
        panic!("never shown: {what}\n{}", self.parser.screen().contents());
    }

    /// Reads what comes until nothing does, or the time is over.
    fn settle(&mut self, longest: Duration) {
        let end = Instant::now() + longest;
        while Instant::now() < end && self.next(STILL).is_some() {}
    }
}

fn cells(count: u16) -> NonZero<u16> {
    NonZero::new(count).unwrap()
}

pub fn run(kubeconfig: &Path, keys: usize, quiet: Duration) -> Seen {
    let pair = native_pty_system().openpty(SIZE).unwrap();
    let home = tempfile::tempdir().unwrap();
    let mut command = CommandBuilder::new(env!("CARGO_BIN_EXE_watchfloor"));
    command.args(["-A", "--kubeconfig"]);
    command.arg(kubeconfig);
    for (name, value) in [("TERM", "xterm-256color"), ("LC_ALL", "C.UTF-8")] {
        command.env(name, value);
    }
    for name in ["XDG_STATE_HOME", "XDG_CONFIG_HOME"] {
        command.env(name, home.path());
    }
    let mut reader = pair.master.try_clone_reader().unwrap();
    let mut writer = pair.master.take_writer().unwrap();
    let (sender, chunks) = channel();
    std::thread::spawn(move || {
        let mut buffer = vec![0; 64 << 10];
        while let Ok(count @ 1..) = reader.read(&mut buffer) {
            if sender
                .send((Instant::now(), buffer[..count].to_vec()))
                .is_err()
            {
                return;
            }
        }
    });
    let start = Instant::now();
    let mut child = pair.slave.spawn_command(command).unwrap();
    drop(pair.slave);
    let mut screen = Screen {
        chunks,
        parser: vt100::Parser::new(cells(SIZE.rows), cells(SIZE.cols), 0),
    };
    // The frame of the pods pane says how many rows there are, and `live` once the list is complete.
    let title = |screen: &str| {
        screen
            .lines()
            .find(|line| line.contains("Pods"))
            .map(str::to_owned)
            .unwrap_or_default()
    };
    let count = regex::Regex::new(r"/ [1-9]").unwrap();
    let first = screen.until("a row", |screen| count.is_match(&title(screen))) - start;
    let is_live = |screen: &str| count.is_match(&title(screen)) && title(screen).contains("live");
    let all = if is_live(&screen.parser.screen().contents()) {
        first
    } else {
        screen.until("all rows", is_live) - start
    };
    let mut keys_ms = Vec::with_capacity(keys);
    for key in 0..keys {
        screen.settle(STILL * 4);
        let pressed = Instant::now();
        writer
            .write_all(if key % 4 < 2 { b"j" } else { b"k" })
            .unwrap();
        writer.flush().unwrap();
        while let Some((at, _)) = screen.next(PATIENCE) {
            if at >= pressed {
                keys_ms.push((at - pressed).as_secs_f64() * 1e3);
                break;
            }
        }
    }
    screen.settle(Duration::from_secs(2));
    let (end, mut bytes) = (Instant::now() + quiet, 0);
    while let Some(left) = end.checked_duration_since(Instant::now()) {
        bytes += screen.next(left).map_or(0, |(_, count)| count);
    }
    let peak = child.process_id().map_or(0, peak_kb);
    writer.write_all(b"q").unwrap();
    let end = Instant::now() + Duration::from_secs(5);
    while child.try_wait().unwrap().is_none() {
        if Instant::now() > end {
            child.kill().unwrap();
        }
        screen.next(Duration::from_millis(10));
    }
    Seen {
        first,
        all,
        peak_kb: peak,
        keys_ms,
        idle_bytes_s: bytes as f64 / quiet.as_secs_f64().max(1.0),
    }
}
