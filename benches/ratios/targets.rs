//! The figures beside what was promised. It judges nothing: a target is for this machine's floor, not for any machine.

use super::alerts::Cost;
use super::{Rest, Series, quantile};

/// Prints each figure with its target.
pub fn print(ours: &Series, rest: &Rest, alerts: Option<&Cost>) {
    println!("\n{:<52} {:>10}   target", "figure", "measured");
    let of_alerts = |figure: fn(&Cost) -> f64| alerts.map_or(f64::NAN, figure);
    let lines = [
        (
            "T1 all rows, ms, median",
            quantile(&ours.all_ms, 0.5),
            "1.5 x bare WatchList; 1,500 at 50,000 pods",
        ),
        (
            "T1 peak memory, MB, median",
            quantile(&ours.peak_mb, 0.5),
            "50 at 50,000 pods",
        ),
        (
            "T2 first byte on the terminal, ms, median",
            quantile(&rest.chrome_ms, 0.5),
            "20",
        ),
        (
            "T2 first rows after the first byte, ms, median",
            quantile(&rest.first_after_byte_ms, 0.5),
            "60",
        ),
        (
            "T3/T4 without a key: % of a core, median",
            quantile(&rest.idle_cpu, 0.5),
            "0.3 quiet, 8 at 1,000 changes/s",
        ),
        (
            "T3 without a key: bytes/s, median",
            quantile(&rest.idle_bytes_s, 0.5),
            "0 quiet",
        ),
        (
            "T4 event to byte, ms, p99",
            quantile(&rest.events_ms, 0.99),
            "50",
        ),
        ("T5 key to byte, ms, p50", quantile(&rest.keys_ms, 0.5), "1"),
        (
            "T5 key to byte, ms, p99",
            quantile(&rest.keys_ms, 0.99),
            "5; 10 under churn",
        ),
        (
            "   key to byte after a slow reader, ms, p99",
            quantile(&rest.slow_keys_ms, 0.99),
            "10",
        ),
        (
            "   5,000 alerts in 200 groups each 10 s: % of a core",
            of_alerts(|cost| cost.cpu),
            "2",
        ),
        (
            "   peak memory with them, MB",
            of_alerts(|cost| cost.peak_kb as f64 / 1024.0),
            "-",
        ),
    ];
    for (words, measured, target) in lines {
        if measured.is_nan() {
            println!("{words:<52} {:>10}   {target}", "-");
        } else {
            println!("{words:<52} {measured:>10.1}   {target}");
        }
    }
    if let Some(cost) = alerts {
        println!(
            "   alerts: {} answers of {:.1} MB, no two alike",
            cost.answers,
            cost.bytes as f64 / 1e6
        );
    }
}
