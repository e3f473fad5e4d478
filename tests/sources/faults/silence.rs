//! Servers that are not there, or no longer. What bounds each silence: `--request-timeout` (else 30 s) the head of an answer, 10 s a
//! streamed list before its end, 30 s a plain one, 60 s (75 s with bookmarks) a watch. The long ones are tried without a socket
//! in `src/source/watch/tests/`.

use std::time::Duration;

use emulator::Options;
use emulator::faults::{Fault, Rule};
use model::cluster::{Health, PollReason, ProblemClass};

use crate::bed::{ANY, Bed, STREAM, WATCH};
use components::watching::{Seen, Watching, flags};

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_is_not_there_is_named_with_what_was_tried() {
    let mut bed = Bed::new().await;
    // Nobody listens there: a port of this machine that was free a moment ago.
    let port = std::net::TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap()
        .port();
    let there = bed.elsewhere(&format!("https://127.0.0.1:{port}"));
    bed.watching = Watching::new(flags(&there)).await;
    bed.look();
    bed.trouble(
        ProblemClass::Unreachable,
        &[
            "pods in shop",
            &format!("127.0.0.1:{port}"),
            "refuses the connection",
            "tried again by itself",
        ],
    )
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_request_without_an_answer_is_given_up_and_the_rows_stay() {
    let limit = Duration::from_secs(1);
    let mut bed = Bed::of(&Options::default(), Some(limit)).await;
    let hour = Fault::Delay(Duration::from_secs(3_600));
    let count = bed.full_then("", [Rule::always(ANY, hour)]).await;
    bed.trouble(
        ProblemClass::Unreachable,
        &[
            "pods in shop",
            "gives no answer within 1 s",
            "tried again by itself",
        ],
    )
    .await;
    assert_eq!(bed.watching.seen.pods.rows.len(), count);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_connection_that_goes_silent_within_a_list_is_given_up_and_the_list_read_another_way() {
    let mut bed = Bed::new().await;
    let count = bed.stream().await.len() - 1;
    bed.script([Rule::next(STREAM, Fault::HangAt(5_000))]).await;
    bed.look();
    bed.live_again(count).await;
    let lists = bed
        .faults(|faults| faults.count(&http::Method::GET, crate::bed::LIST))
        .await;
    assert_eq!(lists, 1, "one plain list");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_closes_at_once_is_said_to_and_the_rows_stay() {
    for events in [0, 1] {
        let mut bed = Bed::new().await;
        let rules = [Rule::always(WATCH, Fault::EndAfter(events))];
        let count = bed.full_then("", rules).await;
        bed.trouble(
            ProblemClass::Unreachable,
            &["pods in shop", "ended it", "tried again"],
        )
        .await;
        assert_eq!(bed.watching.seen.pods.rows.len(), count);
        bed.faults(emulator::faults::Faults::clear).await;
        bed.live_again(count).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn behind_a_proxy_that_buffers_the_rows_are_read_again_and_it_is_said() {
    let mut bed = Bed::new().await;
    let blocks = Rule::always(ANY, Fault::Blocks(8 * 1_024));
    bed.script([blocks]).await;
    bed.look_at_all();
    let is_polling = |health: &Option<Health>| {
        let reason = PollReason::Buffered;
        matches!(health, Some(Health::Polling { reason: why, .. }) if *why == reason)
    };
    bed.watching
        .until("all tables are read again and again", |seen| {
            let tables = [
                &seen.pods.health,
                &seen.deployments.health,
                &seen.namespaces.health,
                &seen.warnings.health,
            ];
            tables.into_iter().all(is_polling)
        })
        .await;
    let path = "/apis/apps/v1/namespaces/shop/deployments/cart";
    bed.patch(path, &serde_json::json!({"spec": {"replicas": 1}}))
        .await;
    let is_changed = |seen: &Seen| {
        let mut rows = seen.deployments.rows.values();
        rows.any(|(_, row)| row.name.raw() == "cart" && row.wanted() == 1)
    };
    bed.watching
        .until("what changed is there", is_changed)
        .await;
}
