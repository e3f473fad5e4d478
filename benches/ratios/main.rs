//! The console beside a bare download and kubectl, in turns, on one server: ratios of medians from one run. Left alone, and
//! with a log, it stands beside sofka, where that is: see `sofka.rs`.
//!
//! `cargo bench --bench ratios`. Without `WATCHFLOOR_BENCH_KUBECONFIG` it serves an emulated cluster itself.
//! `WATCHFLOOR_BENCH_PODS` (2000), `_CHURN` (0 changes/s), `_ROUNDS` (7), `_KEYS` (50 a round), `_QUIET_S` (10),
//! `_EVENTS` (pods deleted a round, 0), `_STALLS` (5 a round), `_ALERTS` (1; 0 leaves out the minute with alerts), `_ALONE_S` (30), `_LOG_PODS` (20), `_AUDIT` (the real control plane's audit.log: requests are
//! counted there). Absolute times are this machine's; only the
//! ratios travel.
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod alerts;
mod api;
mod console;
mod floor;
mod kubectl;
mod process;
mod served;
mod sofka;
mod targets;

use std::path::PathBuf;
use std::time::Duration;

use console::Alone;

/// How long a log is followed.
const LOG_LINES: Duration = Duration::from_secs(30);

/// What a setting of the run is, from its variable.
fn setting<T: std::str::FromStr>(name: &str, default: T) -> T {
    let value = std::env::var(format!("WATCHFLOOR_BENCH_{name}"));
    value
        .ok()
        .and_then(|text| text.parse().ok())
        .unwrap_or(default)
}

/// All of one subject's measurements, one for each round.
#[derive(Default)]
struct Series {
    first_ms: Vec<f64>,
    all_ms: Vec<f64>,
    peak_mb: Vec<f64>,
}

impl Series {
    fn push(&mut self, first_ms: f64, all_ms: f64, peak_kb: u64) {
        self.first_ms.push(first_ms);
        self.all_ms.push(all_ms);
        self.peak_mb.push(peak_kb as f64 / 1024.0);
    }
}

/// What only the console is asked for.
#[derive(Default)]
struct Rest {
    chrome_ms: Vec<f64>,
    /// First rows, less the time that the bare download took to its first byte.
    first_after_byte_ms: Vec<f64>,
    keys_ms: Vec<f64>,
    slow_keys_ms: Vec<f64>,
    events_ms: Vec<f64>,
    idle_bytes_s: Vec<f64>,
    idle_cpu: Vec<f64>,
}

impl Rest {
    fn push(&mut self, seen: console::Seen, first_byte_ms: f64) {
        self.chrome_ms.push(seen.chrome_ms);
        self.first_after_byte_ms.push(seen.first_ms - first_byte_ms);
        self.keys_ms.extend(seen.keys_ms);
        self.slow_keys_ms.extend(seen.slow_keys_ms);
        self.events_ms.extend(seen.events_ms);
        self.idle_bytes_s.push(seen.idle_bytes_s);
        self.idle_cpu.push(seen.idle_cpu);
    }
}

fn ms(time: Duration) -> f64 {
    time.as_secs_f64() * 1e3
}

fn main() {
    let _ = rustls::crypto::ring::default_provider().install_default();
    let (rounds, pods) = (setting("ROUNDS", 7usize), setting("PODS", 2000u32));
    let served = served::start(pods, setting("CHURN", 0), 0);
    let kubeconfig = served.kubeconfig.as_path();
    let audit: Option<PathBuf> = std::env::var_os("WATCHFLOOR_BENCH_AUDIT").map(PathBuf::from);
    let (mut floor, mut ours, mut kubectl) =
        (Series::default(), Series::default(), Series::default());
    let mut rest = Rest::default();
    let plan = console::Plan {
        keys: setting("KEYS", 50),
        events: setting("EVENTS", 0),
        stalls: setting("STALLS", 5),
        quiet: Duration::from_secs(setting("QUIET_S", 10)),
    };
    let before = audit.as_deref().map(requests);
    for round in 1..=rounds {
        let bare = floor::download(kubeconfig);
        floor.push(ms(bare.first), ms(bare.all), 0);
        let seen = console::run(kubeconfig, &plan);
        ours.push(seen.first_ms, seen.all_ms, seen.peak_kb);
        let all_ms = seen.all_ms;
        rest.push(seen, ms(bare.first));
        if let Some(other) = kubectl::run(kubeconfig) {
            kubectl.push(ms(other.first), ms(other.all), other.peak_kb);
        }
        eprintln!(
            "round {round} of {rounds}: floor {:.0} ms, console {:.0} ms",
            ms(bare.all),
            all_ms
        );
    }
    println!(
        "\n{:<22} {:>24} {:>24} {:>20}",
        "median (min-max)", "first rows, ms", "all rows, ms", "peak, MB"
    );
    for (name, series) in [
        ("bare WatchList", &floor),
        ("watchfloor", &ours),
        ("kubectl get pods -A", &kubectl),
    ] {
        println!(
            "{name:<22} {:>24} {:>24} {:>20}",
            spread(&series.first_ms),
            spread(&series.all_ms),
            spread(&series.peak_mb)
        );
    }
    println!();
    ratio(
        "all rows, console : bare WatchList",
        &ours.all_ms,
        &floor.all_ms,
    );
    ratio(
        "first rows, console : bare WatchList",
        &ours.first_ms,
        &floor.first_ms,
    );
    ratio("all rows, kubectl : console", &kubectl.all_ms, &ours.all_ms);
    ratio(
        "peak memory, kubectl : console",
        &kubectl.peak_mb,
        &ours.peak_mb,
    );
    let alerts = (setting("ALERTS", 1u8) > 0).then(|| alerts::cost(kubeconfig));
    targets::print(&ours, &rest, alerts.as_ref());
    beside_sofka(kubeconfig);
    log_lines();
    if let (Some(before), Some(path)) = (before, audit.as_deref()) {
        println!(
            "requests of the console, a round: {:.1}",
            (requests(path) - before) as f64 / rounds as f64
        );
    }
}

/// Both are left alone on the server of the run, one after the other: quiet or under its churn.
fn beside_sofka(kubeconfig: &std::path::Path) {
    let time = Duration::from_secs(setting("ALONE_S", 30));
    let is_live = |screen: &str| screen.contains("Pods") && screen.contains("live");
    let ours = console::watch(kubeconfig, &[], is_live, time);
    println!("\nleft alone with the pods of the run:");
    row("watchfloor", &ours);
    sofka_row(|program| sofka::quiet(program, kubeconfig, time));
}

fn row(name: &str, alone: &Alone) {
    let (cpu, bytes_s) = (alone.cpu, alone.bytes_s);
    let peak_mb = alone.peak_kb as f64 / 1024.0;
    println!(
        "   {name:<24} {cpu:>7.2} % of a core {bytes_s:>9.0} bytes/s {peak_mb:>6.0} MB at most"
    );
}

fn sofka_row(measured: impl FnOnce(&std::path::Path) -> Option<Alone>) {
    match sofka::program().map(|program| measured(&program)) {
        Some(Some(alone)) => row("sofka", &alone),
        Some(None) => println!("   sofka: showed no pod, or no log of it"),
        None => println!("   sofka: not measured, it is not on the PATH"),
    }
}

/// What a line of a log costs, whatever server the rest of the run had.
fn log_lines() {
    let served = served::start(setting("LOG_PODS", 20), 0, 1);
    let kubeconfig = served.kubeconfig.as_path();
    println!("\nwith one log line a second:");
    for (words, is_zoomed) in [
        ("watchfloor, the board", false),
        ("watchfloor, zoomed", true),
    ] {
        row(words, &console::log_line(kubeconfig, is_zoomed, LOG_LINES));
    }
    sofka_row(|program| sofka::log_line(program, kubeconfig, LOG_LINES));
}

/// Requests of ours in the audit log of the real control plane.
fn requests(audit: &std::path::Path) -> usize {
    let text = std::fs::read_to_string(audit).unwrap_or_default();
    let ours = text
        .lines()
        .filter(|line| line.contains("\"userAgent\":\"watchfloor/"));
    ours.filter(|line| line.contains("\"stage\":\"ResponseComplete\""))
        .count()
}

fn ratio(words: &str, above: &[f64], below: &[f64]) {
    if above.is_empty() || below.is_empty() {
        println!("{words}: not measured");
        return;
    }
    let each: Vec<f64> = above
        .iter()
        .zip(below)
        .map(|(above, below)| above / below)
        .collect();
    println!(
        "{words}: {:.2} ({:.2}-{:.2})",
        quantile(above, 0.5) / quantile(below, 0.5),
        quantile(&each, 0.0),
        quantile(&each, 1.0)
    );
}

fn spread(values: &[f64]) -> String {
    if values.is_empty() {
        return "not measured".to_owned();
    }
    format!(
        "{:.0} ({:.0}-{:.0})",
        quantile(values, 0.5),
        quantile(values, 0.0),
        quantile(values, 1.0)
    )
}

fn quantile(values: &[f64], at: f64) -> f64 {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    let last = sorted.len().saturating_sub(1);
    #[allow(clippy::cast_sign_loss)]
    let index = (last as f64 * at).round() as usize;
    sorted.get(index).copied().unwrap_or(f64::NAN)
}
