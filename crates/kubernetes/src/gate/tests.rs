//! How fast a failing server is asked, by all watches together. On tokio's paused clock.
#![allow(clippy::unwrap_used, clippy::expect_used)]

use std::sync::Arc;

use super::*;

/// So many watches that ask for ever and get this answer; the times of their requests in two minutes.
async fn hammered(
    watches: u32,
    answer: impl Fn(u64) -> Server + Copy + Send + 'static,
) -> Vec<u64> {
    let clock = Clock::new(tokio::time::Instant::now().into_std());
    let gate = Arc::new(Gate::new(clock));
    gate.report(Server::Failing, None);
    let (sender, mut times) = tokio::sync::mpsc::unbounded_channel();
    let mut tasks = tokio::task::JoinSet::new();
    for _ in 0..watches {
        let (gate, sender) = (Arc::clone(&gate), sender.clone());
        tasks.spawn(async move {
            loop {
                let pass = gate.pass().await;
                let now = clock.now().mono_ms;
                sender.send(now).unwrap();
                gate.report(answer(now), Some(pass));
                clock.until(now + 100).await;
            }
        });
    }
    clock.until(120_000).await;
    tasks.shutdown().await;
    times.close();
    let mut all = Vec::new();
    while let Some(time) = times.recv().await {
        all.push(time);
    }
    all
}

#[tokio::test(start_paused = true)]
async fn twenty_watches_ask_a_failing_server_once_a_second_at_most_and_ever_more_slowly() {
    let times = hammered(20, |_| Server::Failing).await;
    assert!(
        times
            .windows(2)
            .all(|two| two[1] - two[0] >= FAILING_FLOOR_MS),
        "{times:?}"
    );
    assert!((5..15).contains(&times.len()), "{times:?}");
}

#[tokio::test(start_paused = true)]
async fn a_throttling_server_is_left_alone_for_as_long_as_it_says() {
    let times = hammered(5, |_| Server::Throttled(12_000)).await;
    assert!(
        times.windows(2).all(|two| two[1] - two[0] >= 12_000),
        "{times:?}"
    );
    assert!(times.len() >= 8, "{times:?}");
}

#[tokio::test(start_paused = true)]
async fn when_the_server_answers_again_every_watch_comes_back_soon() {
    let back_at = 20_000;
    let times = hammered(10, move |now| {
        if now < back_at {
            Server::Failing
        } else {
            Server::Alive
        }
    })
    .await;
    let first = times.iter().position(|time| *time >= back_at).unwrap();
    let came_back = times[first..]
        .iter()
        .filter(|time| **time <= times[first] + SPREAD_MS + 10)
        .count();
    assert!(came_back >= 10, "{came_back} of 10 within {SPREAD_MS} ms");
}

#[tokio::test(start_paused = true)]
async fn a_person_who_asks_waits_a_second_at_most() {
    let clock = Clock::new(tokio::time::Instant::now().into_std());
    let gate = Gate::new(clock);
    gate.report(Server::Throttled(30_000), None);
    gate.retry_now();
    let before = clock.now().mono_ms;
    let _pass = gate.pass().await;
    assert!(clock.now().mono_ms - before <= FAILING_FLOOR_MS + 5);
}
