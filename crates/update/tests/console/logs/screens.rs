//! Every state of the pane as a picture, frozen in time and size.

use model::logs::{Marker, StreamState};
use view::theme::Theme;

use super::{newcomer, one, printed, workload};
use harness::console::Console;
use harness::fixtures::{alerts, outage, pod};
use harness::logging::{forbidden, nanos, stream, unreachable};

const POD: &str = "checkout-7d9f-q8w";

fn following(columns: u16, rows: u16) -> Console {
    let mut console = workload(columns, rows);
    printed(&mut console);
    console
}

/// All that can be missing, and why.
fn troubled(columns: u16, rows: u16) -> Console {
    let mut console = following(columns, rows);
    console.mark(POD, 100, Marker::Dropped { lines: 12_345 });
    let gap = Marker::Gap {
        from: nanos(100),
        until: nanos(4_200),
    };
    console.mark(POD, 4_200, gap);
    console.log(POD, &[(4_300, "INFO  starting checkout 1.9.2 pid=1")]);
    let restarted = Marker::Restarted {
        restarts: 7,
        after_ms: 62_300,
        is_tail_missing: true,
    };
    console.mark("checkout-7d9f-x2k", 4_400, restarted);
    console.say(stream("checkout-7d9f-x2k"), |filling| {
        let long = format!("DEBUG {}", "payload ".repeat(40));
        filling.line(nanos(4_500), long.as_bytes(), 67_076_096);
    });
    newcomer(&mut console);
    let words =
        "container \"app\" in pod \"checkout-7d9f-new\" is waiting to start: ContainerCreating";
    console.stands(
        "checkout-7d9f-new",
        StreamState::Waiting {
            words: words.into(),
        },
    );
    console.gone("checkout-7d9f-x2k");
    console.mark("checkout-7d9f-x2k", 4_600, Marker::Ended);
    console.stands(
        POD,
        StreamState::Lost {
            problem: unreachable(),
            retry: None,
        },
    );
    console
}

fn ascii() -> Theme {
    Theme {
        is_ascii: true,
        ..Theme::default()
    }
}

#[test]
fn a_workload_followed_at_80x24() {
    insta::assert_snapshot!(following(80, 24).screen());
}

#[test]
fn a_workload_followed_at_120x40() {
    let mut console = following(120, 40);
    console.advance(1_100);
    console.alerts(alerts());
    insta::assert_snapshot!(console.screen());
}

#[test]
fn what_is_missing_at_80x24() {
    insta::assert_snapshot!(troubled(80, 24).screen());
}

#[test]
fn what_is_missing_zoomed_and_broken_into_lines() {
    let mut console = troubled(120, 40);
    console.type_keys("z W");
    insta::assert_snapshot!(console.screen());
}

#[test]
fn what_is_missing_without_colour_in_ascii() {
    let mut console = troubled(120, 40);
    console.theme = Theme {
        has_colour: false,
        ..ascii()
    };
    let screen = console.screen();
    // The sign of a cut is translated where bytes are made.
    assert!(screen.replace('…', "").is_ascii(), "{screen}");
    insta::assert_snapshot!(screen);
}

#[test]
fn held_without_colour_the_line_that_is_read_is_told_by_more_than_colour() {
    let mut console = following(80, 24);
    console.theme = Theme {
        has_colour: false,
        ..Theme::default()
    };
    console.type_keys("z k k");
    console.log(POD, &[(900, "INFO  later")]);
    insta::assert_snapshot!(console.screen());
}

#[test]
fn a_filter_while_it_is_typed() {
    let mut console = following(80, 24);
    console.type_keys("/");
    console.type_text("pool !FATAL");
    insta::assert_snapshot!(console.screen());
}

#[test]
fn matches_among_the_other_lines_without_times_in_ascii() {
    let mut console = following(80, 24);
    console.theme = ascii();
    console.type_keys("/");
    console.type_text("connection");
    console.type_keys("enter f t N");
    insta::assert_snapshot!(console.screen());
}

#[test]
fn who_may_not_read_logs_is_told_in_words() {
    let mut console = workload(80, 24);
    console.stands(
        POD,
        StreamState::Stopped {
            problem: forbidden(),
        },
    );
    insta::assert_snapshot!(console.screen());
}

#[test]
fn a_container_that_has_no_log_yet_says_why() {
    let mut console = Console::live(80, 24, outage());
    console.type_keys("g j j o");
    let words = "container \"app\" in pod \"cart-55c9-lk2\" is waiting to start: trying and failing to pull image";
    console.stands(
        "cart-55c9-lk2",
        StreamState::Waiting {
            words: words.into(),
        },
    );
    insta::assert_snapshot!(console.screen());
}

#[test]
fn a_server_that_is_away_is_not_a_log_without_lines() {
    let mut console = one(80, 24);
    console.stands(
        POD,
        StreamState::Lost {
            problem: unreachable(),
            retry: None,
        },
    );
    assert!(!console.shows("nothing printed"), "{}", console.screen());
    insta::assert_snapshot!(console.screen());
}

#[test]
fn nothing_printed_is_said_while_it_runs_and_when_it_is_over() {
    let mut console = one(120, 40);
    assert!(console.shows("nothing printed yet"), "{}", console.screen());
    console.stands(POD, StreamState::Ended);
    assert!(console.shows("it printed nothing"), "{}", console.screen());
}

#[test]
fn the_instance_before_at_120x40() {
    let mut console = one(120, 40);
    console.type_keys("P");
    let before = model::logs::StreamId {
        is_previous: true,
        ..stream(POD)
    };
    console.say(before, |filling| {
        filling.line(
            nanos(-20_000),
            b"ERROR readiness: database unreachable for 5s",
            0,
        );
        filling.line(nanos(-19_998), b"FATAL giving up: exit code 1", 0);
    });
    insta::assert_snapshot!(console.screen());
}

#[test]
fn more_pods_than_are_followed_at_120x40() {
    let pods = (0..10_000).map(|number| pod(&format!("web-1-{number:05}")));
    let mut console = Console::live(120, 40, pods.collect());
    console.type_keys("g o o");
    console.log("web-1-00000", &[(0, "INFO  GET / 200 3ms")]);
    insta::assert_snapshot!(console.screen());
}
