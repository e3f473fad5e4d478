//! Lines by number from a server that prints faster than anybody reads: received and counted drops are what was printed, exactly.

use std::sync::atomic::Ordering;
use std::time::Duration;

use components::control_plane::{PATIENCE, eventually};
use components::log_server::{LogServer, Plan, Reader};
use harness::fixtures::crashing;

const PODS: [&str; 3] = ["web-1-a", "web-1-b", "web-1-c"];

/// Reads until every line is accounted for.
async fn read_all(reader: &mut Reader, lines: u64) {
    let read = async {
        while PODS.iter().any(|pod| {
            reader
                .tallies
                .get(*pod)
                .is_none_or(|tally| tally.next < lines)
        }) {
            reader.take().await;
        }
    };
    let read = tokio::time::timeout(2 * PATIENCE, read).await;
    assert!(read.is_ok(), "never all: {:?} of {lines}", reader.tallies);
}

/// What the console itself says it has and has not.
fn assert_told(reader: &Reader, lines: u64) {
    let all = lines * PODS.len() as u64;
    let (received, dropped) = reader.counts();
    assert_eq!(received + dropped, all, "{:?}", reader.tallies);
    let ring = &reader.console.model.logs.ring;
    assert_eq!((ring.printed(), ring.dropped()), (received, dropped));
}

async fn reader(server: &LogServer) -> Reader {
    // Ended, so that the end of an answer is the end of the log.
    let pods = PODS.map(|name| crashing(name, 1, "Error"));
    Reader::new(server, pods.to_vec()).await
}

#[tokio::test(flavor = "multi_thread")]
async fn of_three_hundred_thousand_lines_each_is_received_or_counted_as_dropped() {
    let lines = 100_000;
    let server = LogServer::start(Plan { lines, per_s: None });
    let mut reader = reader(&server).await;
    read_all(&mut reader, lines).await;
    assert_told(&reader, lines);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_console_that_stands_still_drops_the_oldest_and_says_how_many() {
    let lines = 400_000;
    let server = LogServer::start(Plan { lines, per_s: None });
    let mut reader = reader(&server).await;
    // Nobody takes a message until everything was printed: held back at first, then let go.
    let sent = std::sync::Arc::clone(&server.sent);
    let all = lines * PODS.len() as u64;
    let printed = tokio::task::spawn_blocking(move || {
        eventually("all is printed", || sent.load(Ordering::Relaxed) == all);
    });
    printed.await.unwrap();
    read_all(&mut reader, lines).await;
    assert_told(&reader, lines);
    let (_, dropped) = reader.counts();
    assert!(dropped > 0, "nothing had to go: the test proves nothing");
    reader.console.at = reader
        .console
        .at
        .plus_ms(Duration::from_secs(1).as_millis().try_into().unwrap());
    assert!(
        reader.console.shows("lines dropped"),
        "{}",
        reader.console.screen()
    );
}
