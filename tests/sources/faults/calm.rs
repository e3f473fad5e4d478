//! Whatever a server answers, and however many tables want it: one that fails is asked at most once a second.

use std::time::Duration;

use emulator::Options;
use emulator::faults::{Fault, Faults, Rule};
use model::cluster::Scope;

use crate::bed::{ANY, Bed, status};

/// As long as requests are counted.
const COUNTED: Duration = Duration::from_secs(6);

/// More than a request needs to arrive.
const ON_THE_WAY: Duration = Duration::from_secs(3);

/// One a second, and one at each end.
const MOST: usize = 7;

/// Four tables that are all in trouble, then what the server sees. It may be nothing: the pauses grow past the time counted.
async fn asked_while(fault: Fault) -> usize {
    let mut bed = Bed::new().await;
    bed.script([Rule::always(ANY, fault)]).await;
    bed.look_at_all();
    bed.watching
        .until("all are in trouble", |seen| {
            seen.pods.is_stale()
                && seen.deployments.is_stale()
                && seen.namespaces.is_stale()
                && seen.warnings.is_stale()
        })
        .await;
    // The first question of each table left before anybody knew; on a loaded machine it may still be on its way.
    bed.watching.listen_for(ON_THE_WAY).await;
    bed.faults(Faults::forget).await;
    bed.watching.listen_for(COUNTED).await;
    bed.faults(|faults| faults.seen().len()).await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_fails_is_asked_once_a_second_at_most_by_all_tables_together() {
    let cases = [
        ("500", status(500, None)),
        ("429 with a time", status(429, Some("1"))),
        ("429 with garbage", status(429, Some("garbage"))),
        ("a login page", Fault::Html),
        ("cut in mid-answer", Fault::CutAt(100)),
        ("cut after the head", Fault::CutAt(0)),
        ("a frame that cannot be", Fault::BrokenFrame),
        ("closed at once", Fault::EndAfter(0)),
    ];
    let asked = futures::future::join_all(cases.map(|(name, fault)| async move {
        let asked = asked_while(fault).await;
        (name, asked)
    }));
    for (name, asked) in asked.await {
        assert!(asked <= MOST, "{name}: {asked} requests in {COUNTED:?}");
    }
}

/// One event is no proof of health either: under churn the next one always comes.
#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_closes_after_one_event_is_left_in_peace() {
    let options = Options {
        pods: 100,
        churn_per_s: 200,
        ..Options::default()
    };
    let mut bed = Bed::of(&options, None).await;
    bed.script([Rule::always("pods?watch=1", Fault::EndAfter(1))])
        .await;
    let all = bed.watching.pods(&Scope::All);
    bed.watching.want_all([all]);
    bed.watching
        .until("it is in trouble", |seen| seen.pods.is_stale())
        .await;
    bed.faults(Faults::forget).await;
    bed.watching.listen_for(COUNTED).await;
    let asked = bed
        .faults(|faults| faults.count(&http::Method::GET, "/pods"))
        .await;
    assert!((2..=MOST).contains(&asked), "{asked} requests");
    assert!(bed.watching.seen.pods.rows.len() > 100, "the rows stay");
}
