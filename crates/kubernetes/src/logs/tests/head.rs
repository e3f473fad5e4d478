//! A request that is not answered: a container that prints nothing has no answer yet, and neither has a request that a starting
//! server took and lost.

use super::{Bed, asks, broke, follow, line, lines_of};
use crate::backoff::FLOOR_MS;
use crate::logs::stream::{HEAD_MS, HEAD_MS_MAX, Input, Output};

/// The times at which it was asked while nothing ever answered, from the first on.
fn unanswered(until_ms: u64) -> Vec<u64> {
    let mut bed = Bed::new(follow(0));
    let begin = bed.now_ms;
    let mut times = Vec::new();
    while bed.now_ms - begin < until_ms {
        let asked = asks(&bed.take()).len();
        assert_eq!(asked, 1, "one request at a time");
        times.push(bed.now_ms - begin);
        bed.give(Input::Sent).wake();
    }
    times
}

#[test]
fn a_request_without_an_answer_is_made_anew_soon_and_ever_more_seldom() {
    let times = unanswered(4 * HEAD_MS_MAX);
    assert_eq!(times[..3], [0, HEAD_MS, 3 * HEAD_MS]);
    let pauses = times.windows(2).map(|two| two[1] - two[0]);
    assert!(
        pauses.clone().all(|pause| pause <= HEAD_MS_MAX),
        "{times:?}"
    );
    assert_eq!(pauses.max(), Some(HEAD_MS_MAX));
}

#[test]
fn the_request_before_is_given_up_and_no_line_is_lost_or_doubled() {
    let mut bed = Bed::new(follow(0));
    bed.give(Input::Sent)
        .body(&line(1_200, "a"))
        .give(broke())
        .wake()
        .give(Input::Sent)
        .take();
    bed.wake();
    let outputs = bed.take();
    let close = outputs.iter().position(|output| *output == Output::Close);
    let ask = outputs
        .iter()
        .position(|output| matches!(output, Output::Send(_)));
    assert!(close.is_some() && close < ask, "{outputs:?}");
    bed.give(Input::Sent)
        .body(&(line(1_200, "a") + &line(2_000, "b")))
        .give(Input::Ended);
    assert_eq!(lines_of(&bed.take()), ["b"]);
}

#[test]
fn an_answer_that_comes_begins_the_patience_anew() {
    let mut bed = Bed::new(follow(0));
    bed.give(Input::Sent).wake().give(Input::Sent).wake();
    bed.give(Input::Sent).body(&line(1_200, "a")).give(broke());
    bed.wake().take();
    let asked = bed.now_ms;
    bed.give(Input::Sent).wake();
    assert_eq!(bed.now_ms - asked, HEAD_MS);
}

#[test]
fn what_waits_at_the_gate_is_not_without_an_answer() {
    let bed = Bed::new(follow(0));
    assert_eq!(bed.stream.wake(), None);
}

#[test]
fn a_server_that_came_back_is_asked_anew_at_once_whatever_it_took_before() {
    let mut bed = Bed::new(follow(0));
    for _ in 0..8 {
        bed.give(Input::Sent).give(broke()).wake();
    }
    bed.give(Input::Sent).take();
    bed.now_ms += 5_000;
    let back = bed.now_ms;
    bed.give(Input::Retry).wake();
    assert_eq!(asks(&bed.take()).len(), 1);
    assert!(bed.now_ms - back <= FLOOR_MS);
    // Nor does it pay for the failures of before.
    bed.give(Input::Sent).give(broke());
    let failed = bed.now_ms;
    bed.wake();
    assert!(
        bed.now_ms - failed < 2 * FLOOR_MS,
        "{}",
        bed.now_ms - failed
    );
}
