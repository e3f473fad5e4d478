//! The stream by its front door: a node that prints, rotates, restarts and breaks off on one side, what a person is told on
//! the other.

mod aside;
mod head;
mod life;

use bytes::Bytes;

use super::stream::{Ask, Input, Output, Stream, TAIL_LINES};
use crate::backoff::{CEILING_MS, FLOOR_MS};
use crate::problem::unreachable;
use crate::refusal::Refusal;
use model::cluster::ProblemClass;
use model::logs::{LogFollow, Marker, StreamId, StreamState};
use model::time::At;

const START_S: i64 = 1_772_335_448;

fn at(ms: u64) -> At {
    let start = chrono::DateTime::from_timestamp(START_S, 0).unwrap_or_default();
    At {
        mono_ms: 0,
        wall: start,
    }
    .plus_ms(ms)
}

fn follow(restarts: u32) -> LogFollow {
    let stream = StreamId {
        namespace: "shop".into(),
        pod: "checkout-x2k".into(),
        uid: "x2k".into(),
        container: "app".into(),
        is_previous: false,
    };
    LogFollow {
        stream: stream.into(),
        restarts,
        is_running: true,
        since: None,
        begins_before: false,
        is_set_aside: false,
    }
}

/// The lines that came: as they are, markers in brackets.
fn lines_of(outputs: &[Output]) -> Vec<String> {
    let mut lines = Vec::new();
    for output in outputs {
        let Output::Lines(segment) = output else {
            continue;
        };
        for line in segment.lines() {
            lines.push(match line.marker.as_deref() {
                None => segment.text(line).to_owned(),
                Some(Marker::Cut { bytes }) => format!("{} [cut {bytes}]", segment.text(line)),
                Some(Marker::Gap { from, until }) => format!("[gap {} ms]", until.since_ms(*from)),
                Some(Marker::Restarted {
                    restarts,
                    after_ms,
                    is_tail_missing,
                }) => {
                    format!(
                        "[restart {restarts} after {after_ms} ms{}]",
                        if *is_tail_missing {
                            ", tail missing"
                        } else {
                            ""
                        }
                    )
                }
                Some(Marker::Ended) => "[ended]".to_owned(),
                Some(Marker::Dropped { lines }) => format!("[dropped {lines}]"),
                Some(Marker::SetAside) => "[set aside]".to_owned(),
            });
        }
    }
    lines
}

fn asks(outputs: &[Output]) -> Vec<Ask> {
    let ask = |output: &Output| match output {
        Output::Send(ask) => Some(*ask),
        _ => None,
    };
    outputs.iter().filter_map(ask).collect()
}

fn state(outputs: &[Output]) -> Option<&StreamState> {
    outputs.iter().rev().find_map(|output| match output {
        Output::State(state) => Some(state),
        _ => None,
    })
}

/// A line as the kubelet sends it, so many milliseconds after the start.
fn line(ms: u64, text: &str) -> String {
    format!(
        "{} {text}\n",
        at(ms)
            .wall
            .to_rfc3339_opts(chrono::SecondsFormat::Nanos, true)
    )
}

struct Bed {
    stream: Stream,
    now_ms: u64,
    out: Vec<Output>,
}

impl Bed {
    fn new(follow: LogFollow) -> Bed {
        let mut bed = Bed {
            stream: Stream::new(follow, 7),
            now_ms: 100_000,
            out: Vec::new(),
        };
        bed.give(Input::Start);
        bed
    }

    fn give(&mut self, input: Input) -> &mut Bed {
        self.out.extend(self.stream.step(at(self.now_ms), input));
        self
    }

    fn body(&mut self, body: &str) -> &mut Bed {
        self.give(Input::Opened)
            .give(Input::Bytes(Bytes::from(body.to_owned())))
    }

    /// Up to the next wake, which must come.
    fn wake(&mut self) -> &mut Bed {
        let wake = self
            .stream
            .wake()
            .unwrap_or_else(|| panic!("nothing is due"));
        self.now_ms = self.now_ms.max(wake);
        self.give(Input::Wake)
    }

    fn take(&mut self) -> Vec<Output> {
        std::mem::take(&mut self.out)
    }
}

fn broke() -> Input {
    Input::Broken(unreachable("10.0.0.1:6443 closed the connection"))
}

fn refusal(code: u16, message: &str) -> Input {
    Input::Refused(Refusal {
        code,
        message: message.into(),
        ..Refusal::default()
    })
}

#[test]
fn at_first_the_end_of_the_log_is_asked_for_and_then_all_from_the_second_of_the_last_line() {
    let mut bed = Bed::new(follow(0));
    assert_eq!(
        asks(&bed.take()),
        [Ask {
            is_previous: false,
            since_s: None,
            tail: Some(TAIL_LINES)
        }]
    );
    bed.body(&(line(1_200, "a") + &line(2_700, "b")))
        .give(broke());
    assert_eq!(lines_of(&bed.take()), ["a", "b"]);
    bed.wake();
    assert_eq!(
        asks(&bed.take()),
        [Ask {
            is_previous: false,
            since_s: Some(START_S + 2),
            tail: None
        }]
    );
}

#[test]
fn equal_lines_at_equal_times_are_told_as_often_as_they_were_printed() {
    let mut bed = Bed::new(follow(0));
    bed.body(&line(1_200, "same").repeat(3))
        .give(broke())
        .take();
    bed.wake();
    bed.body(&line(1_200, "same").repeat(5)).give(Input::Ended);
    assert_eq!(lines_of(&bed.take()), ["same", "same"]);
}

#[test]
fn a_line_that_was_cut_short_by_the_break_is_told_once_and_whole() {
    let mut bed = Bed::new(follow(0));
    let whole = line(1_200, "a") + &line(1_300, "half a line");
    bed.body(&whole[..whole.len() - 5]).give(broke());
    assert_eq!(lines_of(&bed.take()), ["a"]);
    bed.wake();
    bed.body(&whole).wake();
    assert_eq!(lines_of(&bed.take()), ["half a line"]);
}

#[test]
fn a_log_that_was_rotated_away_meanwhile_leaves_a_gap_with_its_span() {
    let mut bed = Bed::new(follow(0));
    bed.body(&line(1_200, "a")).give(broke()).take();
    bed.wake();
    bed.body(&(line(5_400, "later") + &line(5_500, "on")))
        .wake();
    assert_eq!(lines_of(&bed.take()), ["[gap 4200 ms]", "later", "on"]);
}

#[test]
fn a_rotation_that_took_only_what_was_seen_leaves_no_gap() {
    let mut bed = Bed::new(follow(0));
    let (a, b, c) = (line(1_200, "a"), line(1_300, "b"), line(1_400, "c"));
    bed.body(&(a + &b)).give(broke()).take();
    bed.wake();
    bed.body(&(b + &c)).wake();
    assert_eq!(lines_of(&bed.take()), ["c"]);
}

#[test]
fn a_restart_is_told_before_the_first_line_of_the_new_instance() {
    let mut bed = Bed::new(follow(0));
    bed.body(&line(1_000, "dying"));
    bed.give(Input::Plan(LogFollow {
        is_running: false,
        ..follow(0)
    }))
    .give(Input::Ended)
    .take();
    assert_eq!(
        bed.stream.wake(),
        None,
        "a container that does not run is not asked again"
    );
    bed.now_ms += 10_000;
    bed.give(Input::Plan(follow(1))).wake();
    assert_eq!(
        asks(&bed.take()),
        [Ask {
            is_previous: false,
            since_s: Some(START_S + 1),
            tail: None
        }]
    );
    bed.body(&line(5_100, "hello")).wake();
    assert_eq!(
        lines_of(&bed.take()),
        ["[restart 1 after 4100 ms]", "hello"]
    );
}

#[test]
fn what_the_old_instance_said_last_is_read_from_it_when_the_connection_broke_before() {
    let mut bed = Bed::new(follow(3));
    bed.body(&line(1_000, "a")).give(broke());
    bed.give(Input::Plan(follow(4))).take();
    bed.wake();
    assert_eq!(
        asks(&bed.take()),
        [Ask {
            is_previous: true,
            since_s: Some(START_S + 1),
            tail: None
        }]
    );
    bed.body(&(line(1_000, "a") + &line(1_100, "FATAL")))
        .give(Input::Ended);
    assert_eq!(lines_of(&bed.take()), ["FATAL"]);
    bed.body(&line(9_000, "hello")).wake();
    assert_eq!(
        lines_of(&bed.take()),
        ["[restart 4 after 7900 ms]", "hello"]
    );
}

#[test]
fn instances_that_came_and_went_unread_are_said_to_be_missing() {
    let mut bed = Bed::new(follow(1));
    bed.body(&line(1_000, "a")).give(broke());
    bed.give(Input::Plan(follow(4))).take();
    bed.wake();
    assert!(asks(&bed.take())[0].is_previous);
    bed.body(&line(7_000, "third")).give(Input::Ended);
    bed.body(&line(9_000, "fourth")).wake();
    assert_eq!(
        lines_of(&bed.take()),
        [
            "[restart 3 after 6000 ms, tail missing]",
            "third",
            "[restart 4 after 2000 ms]",
            "fourth"
        ]
    );
}

#[test]
fn without_the_old_instance_its_last_lines_are_said_to_be_missing() {
    let mut bed = Bed::new(follow(0));
    bed.body(&line(1_000, "a"))
        .give(broke())
        .give(Input::Plan(follow(1)));
    bed.wake();
    bed.give(refusal(
        400,
        "previous terminated container \"app\" in pod \"x\" not found",
    ));
    bed.take();
    bed.body(&line(2_000, "hello")).wake();
    assert_eq!(
        lines_of(&bed.take()),
        ["[restart 1 after 1000 ms, tail missing]", "hello"]
    );
}

#[test]
fn a_container_that_ends_without_a_word_is_not_asked_in_a_loop() {
    let mut bed = Bed::new(follow(0));
    bed.body(&line(1_000, "a")).give(broke());
    bed.give(Input::Plan(LogFollow {
        is_running: false,
        ..follow(1)
    }))
    .take();
    bed.wake().give(Input::Opened).give(Input::Ended);
    assert_eq!(
        asks(&bed.take()).len(),
        2,
        "the instance before, then the present one"
    );
    bed.give(Input::Opened).give(Input::Ended);
    assert!(asks(&bed.take()).is_empty());
    assert_eq!(bed.stream.wake(), None);
}

#[test]
fn a_crash_loop_begins_with_the_instance_before() {
    let mut bed = Bed::new(LogFollow {
        begins_before: true,
        ..follow(6)
    });
    assert_eq!(
        asks(&bed.take()),
        [Ask {
            is_previous: true,
            since_s: None,
            tail: Some(TAIL_LINES)
        }]
    );
    bed.body(&line(1_000, "FATAL")).give(Input::Ended);
    let outputs = bed.take();
    assert_eq!(lines_of(&outputs), ["FATAL"]);
    assert_eq!(
        asks(&outputs),
        [Ask {
            is_previous: false,
            since_s: Some(START_S + 1),
            tail: Some(TAIL_LINES)
        }]
    );
    bed.body(&line(3_000, "starting")).wake();
    assert_eq!(
        lines_of(&bed.take()),
        ["[restart 6 after 2000 ms]", "starting"]
    );
}

#[test]
fn who_may_not_read_is_told_so_and_the_server_is_left_alone_until_a_person_asks() {
    let mut bed = Bed::new(follow(0));
    bed.give(refusal(403, "pods \"checkout-x2k\" is forbidden"));
    assert!(
        matches!(state(&bed.take()), Some(StreamState::Stopped { problem }) if problem.class == ProblemClass::Forbidden)
    );
    assert_eq!(bed.stream.wake(), None);
    bed.now_ms += 60_000;
    bed.give(Input::Retry).wake();
    assert_eq!(asks(&bed.take()).len(), 1);
}

#[test]
fn who_could_read_is_not_taken_at_his_word_when_a_server_that_just_started_refuses() {
    let mut bed = Bed::new(follow(0));
    bed.body(&line(1_000, "a")).give(broke()).wake().take();
    bed.give(refusal(403, "pods \"x\" is forbidden"));
    assert!(matches!(
        state(&bed.take()),
        Some(StreamState::Lost { retry: Some(_), .. })
    ));
    bed.wake();
    assert_eq!(asks(&bed.take()).len(), 1);
}

#[test]
fn a_container_that_waits_says_why_and_is_asked_again_once_it_runs() {
    let mut bed = Bed::new(LogFollow {
        is_running: false,
        ..follow(0)
    });
    let words = "container \"app\" in pod \"x\" is waiting to start: ContainerCreating";
    bed.give(refusal(400, words));
    assert_eq!(
        state(&bed.take()),
        Some(&StreamState::Waiting {
            words: words.into()
        })
    );
    assert_eq!(bed.stream.wake(), None);
    bed.give(Input::Plan(follow(0))).wake();
    assert_eq!(asks(&bed.take())[0].tail, Some(TAIL_LINES));
}

#[test]
fn a_pod_that_is_gone_says_its_last_words_and_no_more_is_asked() {
    let mut bed = Bed::new(follow(0));
    bed.body(&line(1_000, "a")).give(Input::Retire).take();
    bed.give(Input::Bytes(line(2_000, "bye").into()))
        .give(Input::Ended);
    let outputs = bed.take();
    assert_eq!(lines_of(&outputs), ["a", "bye", "[ended]"]);
    assert!(outputs.contains(&Output::Done));
    let mut silent = Bed::new(follow(0));
    silent.give(Input::Opened).give(Input::Retire);
    silent.wake().wake();
    assert!(silent.take().contains(&Output::Done));
}

#[test]
fn segments_are_sealed_when_full_or_when_50_ms_have_passed() {
    let mut bed = Bed::new(follow(0));
    bed.body(&line(1_000, "a"));
    assert!(lines_of(&bed.take()).is_empty());
    let before = bed.now_ms;
    bed.wake();
    assert_eq!((lines_of(&bed.take()).len(), bed.now_ms - before), (1, 50));
    let flood = line(2_000, &"x".repeat(1_000)).repeat(600);
    bed.give(Input::Bytes(flood.into()));
    let sealed = bed.take();
    assert_eq!(sealed.len(), 2, "two whole segments, the rest waits");
}

#[test]
fn a_server_that_fails_or_ends_every_answer_is_asked_at_growing_distance() {
    for end in [broke as fn() -> Input, || Input::Ended] {
        let mut bed = Bed::new(follow(0));
        let mut asked = Vec::new();
        for round in 0..20 {
            asked.push(bed.now_ms);
            bed.body(&line(1_000 + round, "x")).give(end());
            bed.wake();
        }
        let pauses: Vec<u64> = asked.windows(2).map(|pair| pair[1] - pair[0]).collect();
        assert!(
            pauses
                .iter()
                .all(|pause| (FLOOR_MS..=CEILING_MS).contains(pause)),
            "{pauses:?}"
        );
        assert!(
            pauses[12..].iter().all(|pause| *pause > CEILING_MS / 2),
            "{pauses:?}"
        );
    }
}
