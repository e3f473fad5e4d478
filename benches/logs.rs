//! Followed logs under a flood: lines printed, received and counted as dropped, by number, and what the console spends on
//! them. `cargo bench --bench logs`; `WATCHFLOOR_BENCH_LOG_S` (60) is how long the first two rows last.
//!
//! The server prints in threads of its own; the console is its source, `update` and a frame each 33 ms.
#![allow(clippy::unwrap_used, clippy::expect_used)]

use std::hint::black_box;
use std::time::{Duration, Instant};

use components::log_server::{LogServer, Plan, Reader, THREAD};
use harness::fixtures::crashing;

/// A frame caused by the world is drawn at most so often.
const FRAME: Duration = Duration::from_millis(33);
/// Later than this after the last line was due, the console did not keep up.
const LATE: Duration = Duration::from_secs(1);
/// How long each step of the search for the highest rate lasts.
const STEP_S: u64 = 5;
/// Where that search ends: more than a node's disk gives.
const RATE_MAX: u64 = 6_400_000;

struct Row {
    printed: u64,
    received: u64,
    dropped: u64,
    late: Duration,
    cpu: f64,
}

impl Row {
    fn keeps_up(&self) -> bool {
        self.dropped == 0 && self.late < LATE
    }
}

/// So many logs, together so many lines a second, for so long.
fn run(logs: u64, per_s: u64, seconds: u64) -> Row {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .unwrap();
    let plan = Plan {
        lines: per_s / logs * seconds,
        per_s: Some(per_s / logs),
    };
    let server = LogServer::start(plan);
    let printed = plan.lines * logs;
    let (started, before) = (Instant::now(), cpu_ms());
    let (received, dropped) = runtime.block_on(async {
        let pods = (0..logs).map(|log| crashing(&format!("web-1-{log:03}"), 1, "Error"));
        let mut reader = Reader::new(&server, pods.collect()).await;
        let mut drawn = Instant::now();
        loop {
            reader.take().await;
            if drawn.elapsed() >= FRAME {
                black_box(reader.console.buffer());
                drawn = Instant::now();
            }
            let (received, dropped) = reader.counts();
            if received + dropped >= printed {
                return (received, dropped);
            }
        }
    });
    let taken = started.elapsed();
    Row {
        printed,
        received,
        dropped,
        late: taken.saturating_sub(Duration::from_secs(seconds)),
        cpu: (cpu_ms() - before) / taken.as_secs_f64() / 10.0,
    }
}

/// Processor time of this process without the threads that print.
fn cpu_ms() -> f64 {
    let tasks = std::fs::read_dir("/proc/self/task").unwrap();
    let stat = |task: std::io::Result<std::fs::DirEntry>| {
        std::fs::read_to_string(task.ok()?.path().join("stat")).ok()
    };
    let ours = tasks
        .filter_map(stat)
        .filter(|stat| !stat.contains(&format!("({THREAD})")));
    let ticks = |stat: String| -> f64 {
        let fields = stat.rsplit_once(") ").unwrap().1.split(' ');
        fields
            .skip(11)
            .take(2)
            .map(|ticks| ticks.parse::<f64>().unwrap())
            .sum()
    };
    // 100 ticks a second, everywhere where Linux runs.
    ours.map(ticks).sum::<f64>() * 10.0
}

fn print(name: &str, row: &Row) {
    println!(
        "{name:<40} {:>12} {:>12} {:>10} {:>9} {:>8.1} {:>7.0}%",
        row.printed,
        row.received,
        row.dropped,
        if row.received + row.dropped == row.printed {
            "equal"
        } else {
            "LOST"
        },
        row.late.as_secs_f64(),
        row.cpu
    );
}

fn main() {
    let seconds = std::env::var("WATCHFLOOR_BENCH_LOG_S");
    let seconds = seconds
        .ok()
        .and_then(|text| text.parse().ok())
        .unwrap_or(60);
    println!(
        "{:<40} {:>12} {:>12} {:>10} {:>9} {:>8} {:>8}",
        "logs", "printed", "received", "dropped", "r + d = p", "late, s", "core"
    );
    print(
        &format!("50,000 lines/s, 1 log, {seconds} s"),
        &run(1, 50_000, seconds),
    );
    print(
        &format!("T6 100,000 lines/s, 20 logs, {seconds} s"),
        &run(20, 100_000, seconds),
    );
    let (mut rate, mut highest) = (100_000, 0);
    while rate <= RATE_MAX {
        let row = run(1, rate, STEP_S);
        print(&format!("{rate} lines/s, 1 log, {STEP_S} s"), &row);
        if !row.keeps_up() {
            break;
        }
        (rate, highest) = (rate * 2, rate);
    }
    println!(
        "\nhighest of these rates with no line dropped and none late: {highest} lines/s   (T6: 100000 at 40 % of a core)"
    );
}
