//! What a message and a frame cost with 50,000 pods: apply, order, filter, sanitise, draw. Through `update` and `draw`, as
//! the loop calls them.
#![allow(clippy::unwrap_used, clippy::expect_used)]

use std::hint::black_box;

use criterion::{BatchSize, Criterion, Throughput, criterion_group, criterion_main};
use harness::console::Console;
use harness::fixtures::{crashing, pod, versioned};
use model::message::WatchChange;
use model::pods::PodRow;
use text::Outside;

const PODS: usize = 50_000;
/// Rows of one message while the world churns.
const BATCH: usize = 100;

fn name(at: usize) -> String {
    format!("app{:04}-7d9f8b6c5d-{at:05}", at / 50)
}

fn board() -> Console {
    Console::live(160, 50, (0..PODS).map(|at| pod(&name(at))).collect())
}

/// Every second row turns sick or well again.
fn churn(round: usize) -> Vec<PodRow> {
    let turn = |at: usize| {
        if (at + round).is_multiple_of(2) {
            crashing(&name(at), 1, "Error")
        } else {
            pod(&name(at))
        }
    };
    let rows = (0..BATCH).map(|at| turn((round * BATCH + at) * 7 % PODS));
    rows.map(|row| versioned(row, round as u64 + 2)).collect()
}

fn rows(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("rows");
    group.sample_size(10);
    group.throughput(Throughput::Elements(PODS as u64));
    group.bench_function("first list", |bencher| {
        let rows = || (0..PODS).map(|at| pod(&name(at))).collect::<Vec<_>>();
        bencher.iter_batched(
            || (Console::new(160, 50), rows()),
            |(mut console, rows)| {
                console.list(rows);
                console
            },
            BatchSize::LargeInput,
        );
    });
    let mut console = board();
    group.bench_function("filter typed", |bencher| {
        bencher.iter(|| console.type_keys("/ 4 2 esc"));
    });
    group.bench_function("sort by every column", |bencher| {
        bencher.iter(|| console.type_keys("s s s s s"))
    });
    group.throughput(Throughput::Elements(BATCH as u64));
    let mut round = 0;
    console.advance(2_000);
    group.bench_function("100 changed rows", |bencher| {
        bencher.iter(|| {
            round += 1;
            console.pods(WatchChange::Batch {
                rows: churn(round),
                gone: Vec::new(),
                unreadable: Vec::new(),
            });
        });
    });
    group.finish();
}

fn screen(criterion: &mut Criterion) {
    let mut console = board();
    criterion.bench_function("draw 160x50", |bencher| {
        bencher.iter(|| black_box(console.buffer()))
    });
    criterion.bench_function("key and frame", |bencher| {
        bencher.iter(|| {
            console.type_keys("j");
            black_box(console.buffer())
        });
    });
}

fn text(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("sanitise");
    let clean =
        "2026-03-01T03:24:08.120Z ERROR pool exhausted (20/20) while serving /checkout ".repeat(14);
    let hostile = clean.replace("ERROR", "\u{1b}[31mERROR\u{202e}");
    for (name, text) in [("clean", clean), ("hostile", hostile)] {
        group.throughput(Throughput::Bytes(text.len() as u64));
        let outside = Outside::from(text);
        group.bench_function(name, |bencher| {
            bencher.iter(|| black_box(outside.shown().width()))
        });
    }
    group.finish();
}

criterion_group!(benches, rows, screen, text);
criterion_main!(benches);
