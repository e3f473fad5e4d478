//! Bodies that are not what they should be.

use emulator::Options;
use emulator::faults::{Fault, Rule};
use model::cluster::{ProblemClass, Scope};

use crate::bed::{ANY, Bed, LIST, STREAM, WATCH, error, json, no_streams};

#[tokio::test(flavor = "multi_thread")]
async fn a_login_page_is_called_one_and_the_rows_stay() {
    let mut bed = Bed::new().await;
    let count = bed.full_then("", [Rule::always(ANY, Fault::Html)]).await;
    bed.trouble(
        ProblemClass::BadAnswer,
        &[
            "pods in shop",
            "200",
            "text/html",
            "login page",
            "kubeconfig",
        ],
    )
    .await;
    assert_eq!(bed.watching.seen.pods.rows.len(), count);
}

#[tokio::test(flavor = "multi_thread")]
async fn half_a_list_is_never_taken_for_a_whole_one() {
    let mut bed = Bed::new().await;
    let whole = bed.get("/api/v1/namespaces/shop/pods").await;
    let half = json(whole[..whole.len() / 2].to_owned());
    // Ended as if it were whole in JSON, then with the connection in protobuf.
    let rules = [
        no_streams(),
        Rule::next(LIST, half),
        Rule::next(LIST, Fault::Half),
    ];
    let count = bed.full_then(&error(410, "Expired"), rules).await;
    bed.watching
        .until("two lists began", |seen| seen.pods.generation == 3)
        .await;
    bed.trouble(
        ProblemClass::Unreachable,
        &["pods in shop", "tried again by itself"],
    )
    .await;
    assert_eq!(bed.watching.seen.pods.synced, 1, "half a list was believed");
    assert_eq!(bed.watching.seen.pods.rows.len(), count);
    bed.live_again(count).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_frame_that_is_cut_leaves_the_whole_ones_and_the_list_is_read_again() {
    let mut bed = Bed::new().await;
    let count = bed.stream().await.len() - 1;
    bed.script([Rule::next(STREAM, Fault::CutAt(5_000))]).await;
    bed.look();
    bed.trouble(
        ProblemClass::Unreachable,
        &["pods in shop", "broke off", "tried again by itself"],
    )
    .await;
    bed.live_again(count).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_frame_that_promises_four_gigabytes_is_no_answer_of_kubernetes() {
    let mut bed = Bed::new().await;
    let count = bed
        .full_then("", [Rule::next(WATCH, Fault::BrokenFrame)])
        .await;
    bed.trouble(
        ProblemClass::BadAnswer,
        &["pods in shop", "not a list or watch"],
    )
    .await;
    bed.live_again(count).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_too_big_is_counted_as_unreadable_and_the_rest_is_shown() {
    for (name, long) in [
        ("a frame of 9 MB in protobuf", Fault::LongLine(9 << 20)),
        ("a frame of 64 MB in protobuf", Fault::LongLine(64 << 20)),
    ] {
        let mut bed = Bed::new().await;
        let count = bed.stream().await.len() - 1;
        bed.script([Rule::next(STREAM, long)]).await;
        bed.look();
        bed.live_again(count).await;
        assert_eq!(bed.watching.seen.pods.unreadable, 1, "{name}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_line_of_64_mb_is_counted_as_unreadable_and_the_rest_is_shown() {
    let mut bed = Bed::new().await;
    let events = bed.stream().await;
    let long = format!(
        r#"{{"type":"ADDED","object":{{"metadata":{{"name":"{}"}}}}}}"#,
        "x".repeat(64 << 20)
    );
    let body = format!("{long}\n{}", events.concat());
    bed.script([Rule::next(STREAM, json(body))]).await;
    bed.look();
    bed.live_again(events.len() - 1).await;
    assert_eq!(bed.watching.seen.pods.unreadable, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_object_of_a_megabyte_and_a_half_is_a_row_like_any_other() {
    let mut bed = Bed::new().await;
    let count = bed.stream().await.len() - 1;
    bed.script([Rule::next(STREAM, Fault::BigObject(1_500_000))])
        .await;
    bed.look();
    bed.live_again(count).await;
    assert_eq!(bed.watching.seen.pods.unreadable, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn one_object_among_ten_thousand_that_does_not_decode_hides_no_other() {
    let options = Options {
        pods: 10_000,
        ..Options::default()
    };
    let mut bed = Bed::of(&options, None).await;
    bed.script([Rule::next(
        "pods?watch=1&sendInitialEvents",
        Fault::Undecodable(5_000),
    )])
    .await;
    let all = bed.watching.pods(&Scope::All);
    bed.watching.want_all([all]);
    bed.watching
        .until("the list is whole", |seen| seen.pods.is_live())
        .await;
    let pods = &bed.watching.seen.pods;
    assert_eq!(pods.unreadable, 1);
    assert!(pods.rows.len() >= 10_000, "{} rows", pods.rows.len());
}
