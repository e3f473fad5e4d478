//! A stream that loses its place to others, and gets one again.

use super::{Bed, START_S, asks, broke, follow, line, lines_of};
use crate::logs::stream::{Ask, Input, Output};
use model::logs::LogFollow;

fn aside(restarts: u32) -> Input {
    Input::Plan(LogFollow {
        is_set_aside: true,
        ..follow(restarts)
    })
}

#[test]
fn what_loses_its_place_is_asked_nothing_more_and_says_so() {
    let mut bed = Bed::new(follow(0));
    bed.body(&line(1_200, "a")).give(aside(0));
    let outputs = bed.take();
    assert_eq!(lines_of(&outputs), ["a", "[set aside]"]);
    assert!(outputs.contains(&Output::Close));
    // Neither a restart nor a person's key brings it back.
    bed.give(aside(1)).give(Input::Retry);
    assert_eq!(bed.stream.wake(), None);
    assert!(bed.take().is_empty());
}

#[test]
fn what_has_a_place_again_goes_on_from_its_last_line_and_misses_none() {
    let mut bed = Bed::new(follow(0));
    bed.body(&(line(1_200, "a") + &line(1_300, "b")))
        .give(aside(0))
        .take();
    bed.now_ms += 60_000;
    bed.give(Input::Plan(follow(0))).wake();
    assert_eq!(
        asks(&bed.take()),
        [Ask {
            is_previous: false,
            since_s: Some(START_S + 1),
            tail: None
        }]
    );
    let again = line(1_200, "a") + &line(1_300, "b") + &line(9_000, "meanwhile");
    bed.body(&again).give(broke());
    assert_eq!(lines_of(&bed.take()), ["meanwhile"]);
}

#[test]
fn what_was_rotated_away_meanwhile_is_a_gap() {
    let mut bed = Bed::new(follow(0));
    bed.body(&line(1_200, "a")).give(aside(0)).take();
    bed.give(Input::Plan(follow(0))).wake().take();
    bed.body(&line(9_200, "late")).give(broke());
    assert_eq!(lines_of(&bed.take()), ["[gap 8000 ms]", "late"]);
}

#[test]
fn an_instance_that_came_meanwhile_is_completed_from_the_one_before() {
    let mut bed = Bed::new(follow(0));
    bed.body(&line(1_200, "a")).give(aside(0)).give(aside(1));
    bed.take();
    bed.give(Input::Plan(follow(1))).wake();
    let asked = asks(&bed.take());
    assert!(asked[0].is_previous, "{asked:?}");
    bed.body(&(line(1_200, "a") + &line(2_000, "last words")))
        .give(Input::Ended);
    assert_eq!(lines_of(&bed.take()), ["last words"]);
}

#[test]
fn what_goes_while_it_has_no_place_ends_without_another_word() {
    let mut bed = Bed::new(follow(0));
    bed.body(&line(1_200, "a")).give(aside(0)).take();
    bed.give(Input::Retire);
    let outputs = bed.take();
    assert!(lines_of(&outputs).is_empty());
    assert!(outputs.contains(&Output::Done));
}
