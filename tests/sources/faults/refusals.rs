//! Refusals, at the door and in mid-stream.

use std::time::{Duration, Instant};

use emulator::faults::{Faults, Rule};
use model::cluster::{Health, ProblemClass};

use crate::bed::{ANY, Bed, LIST, STREAM, WATCH, error, status};

/// Long enough for a request that should not have been made.
const A_WHILE: Duration = Duration::from_secs(3);

#[tokio::test(flavor = "multi_thread")]
async fn credentials_that_expire_in_mid_stream_ask_for_a_login_and_the_rows_stay() {
    let mut bed = Bed::new().await;
    let rules = [Rule::always(ANY, status(401, None))];
    let count = bed.full_then(&error(401, "Unauthorized"), rules).await;
    bed.trouble(
        ProblemClass::Unauthorized,
        &["pods in shop", "401", "expired", "login"],
    )
    .await;
    bed.watching
        .until("it waits for a person", |seen| {
            seen.pods.stopped().is_some()
        })
        .await;
    assert_eq!(bed.watching.seen.pods.rows.len(), count);
    bed.faults(Faults::forget).await;
    bed.watching.listen_for(A_WHILE).await;
    assert_eq!(bed.faults(|faults| faults.seen().len()).await, 0);
    // Somebody renewed them; a person asks for a try.
    bed.faults(Faults::clear).await;
    bed.watching
        .source
        .run(&model::message::ClusterEffect::RetryNow);
    bed.live_again(count).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn rights_that_are_taken_in_mid_stream_are_said_and_the_server_is_left_alone() {
    let mut bed = Bed::new().await;
    let rules = [Rule::always(ANY, status(403, None))];
    let count = bed.full_then(&error(403, "Forbidden"), rules).await;
    bed.watching
        .until("it stopped", |seen| seen.pods.stopped().is_some())
        .await;
    bed.trouble(
        ProblemClass::Forbidden,
        &["pods in shop", "403", "ask for the right", "namespace"],
    )
    .await;
    assert_eq!(bed.watching.seen.pods.rows.len(), count);
    bed.faults(Faults::forget).await;
    bed.watching.listen_for(A_WHILE).await;
    // It may still ask what is allowed instead; the refused list is asked for once more, as a stream and plainly.
    let lists = bed.faults(|faults| faults.count(&http::Method::GET, "/pods"));
    assert!(lists.await <= 2);
}

/// As a server does that has just started and does not know its roles yet.
#[tokio::test(flavor = "multi_thread")]
async fn what_was_live_is_not_left_for_another_namespace() {
    let mut bed = Bed::new().await;
    let rules = [WATCH, LIST].map(|path| Rule::always(path, status(403, None)));
    let count = bed.full_then(&error(403, "Forbidden"), rules).await;
    bed.watching
        .until("it stopped", |seen| seen.pods.stopped().is_some())
        .await;
    bed.watching.listen_for(A_WHILE).await;
    assert_eq!(bed.watching.seen.narrowed, None);
    bed.faults(Faults::clear).await;
    bed.live_again(count).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_first_refusal_that_is_over_when_it_is_looked_into_moves_nobody() {
    let mut bed = Bed::new().await;
    let count = bed.stream().await.len() - 1;
    let rules = [STREAM, LIST].map(|path| Rule::next(path, status(403, None)));
    bed.script(rules).await;
    bed.look();
    bed.watching
        .until("it stopped", |seen| seen.pods.stopped().is_some())
        .await;
    bed.live_again(count).await;
    assert_eq!(bed.watching.seen.narrowed, None);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_asks_for_patience_gets_it() {
    // What the header says, and when the next try is told to be.
    for (retry_after, least_ms, most_ms) in [
        (Some("1"), 500, 2_000),
        (Some("3600"), 25_000, 30_000),
        (Some("garbage"), 500, 2_000),
        (None, 500, 2_000),
    ] {
        let mut bed = Bed::new().await;
        let rules = [Rule::always(WATCH, status(429, retry_after))];
        let count = bed.full_then("", rules).await;
        bed.trouble(
            ProblemClass::Throttled,
            &["pods in shop", "429", "throttling", "at most 30 s"],
        )
        .await;
        let Some(Health::Stale {
            retry: Some(retry), ..
        }) = &bed.watching.seen.pods.health
        else {
            panic!("{:?}", bed.watching.seen.pods.health)
        };
        let wait_ms = (retry.wall - chrono::Utc::now()).num_milliseconds();
        assert!(
            (least_ms..=most_ms).contains(&wait_ms),
            "{retry_after:?}: {wait_ms} ms"
        );
        assert_eq!(bed.watching.seen.pods.rows.len(), count);
        bed.faults(Faults::clear).await;
        if wait_ms < 5_000 {
            bed.live_again(count).await;
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_first_answer_of_401_is_told_before_anything_else_is_known() {
    let mut bed = Bed::new().await;
    bed.script([Rule::always(STREAM, status(401, None))]).await;
    bed.look();
    let asked = Instant::now();
    bed.trouble(
        ProblemClass::Unauthorized,
        &["pods in shop", "401", "login"],
    )
    .await;
    assert!(asked.elapsed() < Duration::from_secs(5));
    assert_eq!(bed.watching.seen.pods.synced, 0, "nothing is known");
}
