//! What is read: held still without a line lost, narrowed without a marker hidden, found, pinned.

use journal::export::{self, Report};
use model::entry::Draft;
use model::kind::Kind;
use model::logs::{Marker, RING_BYTES_MAX};
use model::message::{Effect, LogsEffect, LogsMsg, Msg, StoreEffect};

use super::{one, printed, workload};
use harness::console::Console;
use harness::fixtures::stored;
use harness::logging::{nanos, stream};

const POD: &str = "checkout-7d9f-q8w";

/// Texts of the lines that are listed.
fn listed(console: &Console) -> Vec<String> {
    let logs = &console.model.logs;
    let listed = logs.listed(&console.model.screen.logs.filter);
    let text = |index: usize| {
        let (segment, line) = logs.line(listed.at(index)?)?;
        Some(segment.text(line).to_owned())
    };
    (0..listed.len()).filter_map(text).collect()
}

#[test]
fn lines_of_all_pods_stand_by_time_whoever_came_first() {
    let mut console = workload(120, 40);
    console.log("checkout-7d9f-x2k", &[(10, "b"), (30, "d")]);
    console.log(POD, &[(0, "a"), (20, "c"), (40, "e")]);
    assert_eq!(listed(&console), ["a", "b", "c", "d", "e"]);
}

#[test]
fn equal_lines_at_equal_times_are_as_many_as_were_printed() {
    let mut console = workload(120, 40);
    console.log(POD, &[(0, "tick"), (0, "tick")]);
    console.log("checkout-7d9f-x2k", &[(0, "tick")]);
    assert_eq!(listed(&console), ["tick"; 3]);
}

#[test]
fn a_pause_holds_the_lines_and_loses_none() {
    let mut console = one(80, 24);
    for line in 0..100 {
        console.log(POD, &[(line, &format!("line {line}"))]);
    }
    console.type_keys("p");
    let before = console.screen();
    for line in 100..1_200 {
        console.log(POD, &[(line, &format!("line {line}"))]);
    }
    assert!(console.shows("paused, 1,100 new"), "{}", console.screen());
    let lines = |screen: &str| -> Vec<String> {
        let found = screen.lines().filter(|line| line.contains(" line "));
        found.map(str::to_owned).collect()
    };
    assert_eq!(lines(&console.screen()), lines(&before), "it moved");
    console.type_keys("j");
    assert!(console.shows("line 100"), "the next one is there");
    console.type_keys("p");
    assert!(console.shows("line 1199") && console.shows("follow"));
    assert_eq!(listed(&console).len(), 1_200);
}

#[test]
fn up_is_a_pause_and_down_from_the_last_line_follows_again() {
    let mut console = one(80, 24);
    console.log(POD, &[(0, "first"), (1, "second"), (2, "third")]);
    console.type_keys("k");
    assert!(console.shows("paused"), "{}", console.screen());
    console.type_keys("j j");
    assert!(console.shows("follow"), "{}", console.screen());
    console.type_keys("k esc");
    assert!(console.shows("follow"), "{}", console.screen());
}

#[test]
fn a_filter_says_what_it_hides_and_holds_for_what_comes() {
    let mut console = workload(120, 40);
    printed(&mut console);
    console.type_keys("/");
    console.type_text("ERROR");
    console.type_keys("enter");
    assert!(console.shows("/ERROR 2, 4 hidden"), "{}", console.screen());
    console.log(POD, &[(500, "ERROR again"), (501, "INFO well")]);
    assert!(console.shows("/ERROR 3, 5 hidden"), "{}", console.screen());
    console.type_keys("f");
    assert!(console.shows("/ERROR 3 of 8") && console.shows("INFO well"));
    console.type_keys("esc esc");
    assert_eq!(listed(&console).len(), 8);
}

#[test]
fn no_filter_hides_that_lines_are_missing() {
    let mut console = workload(120, 40);
    printed(&mut console);
    console.type_keys("/");
    console.type_text("ERROR");
    console.type_keys("enter");
    console.mark(POD, 600, Marker::Dropped { lines: 12_345 });
    let gap = Marker::Gap {
        from: nanos(600),
        until: nanos(4_700),
    };
    console.mark(POD, 4_700, gap);
    let restarted = Marker::Restarted {
        restarts: 7,
        after_ms: 4_100,
        is_tail_missing: true,
    };
    console.mark("checkout-7d9f-x2k", 4_800, restarted);
    for words in [
        "q8w 12,345 lines dropped: more than can be kept",
        "q8w 4.1 s gap, lines may be missing",
        "x2k 4.1 s gap, container restarted (7), its last lines may be missing",
        "/ERROR 2, 4 hidden",
        "12,345 lines dropped",
    ] {
        assert!(console.shows(words), "{words}\n{}", console.screen());
    }
    // The search goes from match to match, not to what is said between them.
    console.type_keys("N y");
    let copied = console.take_effects();
    assert!(
        copied
            .iter()
            .any(|effect| matches!(effect, Effect::Copy(text) if text.contains("ERROR POST"))),
        "{copied:?}"
    );
}

#[test]
fn n_goes_through_the_matches_and_round_the_end() {
    let mut console = one(80, 24);
    console.log(
        POD,
        &[(0, "needle 1"), (1, "hay"), (2, "needle 2"), (3, "hay")],
    );
    console.type_keys("/");
    console.type_text("needle");
    console.type_keys("enter f");
    let mut found = Vec::new();
    for key in ["N", "N", "N", "n", "n"] {
        console.take_effects();
        console.type_keys(key);
        console.type_keys("y");
        found.extend(
            console
                .take_effects()
                .into_iter()
                .filter_map(|effect| match effect {
                    Effect::Copy(text) => Some(text.raw().to_owned()),
                    _ => None,
                }),
        );
    }
    assert_eq!(
        found,
        ["needle 2", "needle 1", "needle 2", "needle 1", "needle 2"]
    );
}

#[test]
fn much_that_was_kept_is_searched_beside_the_loop_and_an_older_answer_is_dropped() {
    let mut console = one(80, 24);
    let text = "x".repeat(30_000);
    for line in 0..50 {
        console.log(POD, &[(line, &format!("{line} {text}"))]);
    }
    console.type_keys("/");
    console.type_text("12");
    assert!(console.shows("searching"), "{}", console.screen());
    let searches = |console: &mut Console| -> Vec<u32> {
        let effects = console.take_effects();
        let generation = |effect: &Effect| match effect {
            Effect::Logs(LogsEffect::Search {
                generation,
                segments,
                ..
            }) => {
                assert_eq!(segments.len(), 50);
                Some(*generation)
            }
            _ => None,
        };
        effects.iter().filter_map(generation).collect()
    };
    let asked = searches(&mut console);
    let found = |generation: u32, number: u32| {
        Msg::Logs(LogsMsg::Found {
            generation,
            found: vec![(number, vec![0])],
            is_done: true,
        })
    };
    console.send(found(asked[0], 1));
    assert!(listed(&console).is_empty(), "that was for `1`");
    console.send(found(*asked.last().unwrap(), 12));
    assert!(console.shows("/12_ 1, 49 hidden"), "{}", console.screen());
}

#[test]
fn what_is_kept_is_bounded_by_bytes_and_what_went_is_counted() {
    let mut console = one(120, 40);
    let text = "y".repeat(32_000);
    let lines = 3 * RING_BYTES_MAX / text.len();
    for line in 0..lines {
        console.log(POD, &[(i64::try_from(line).unwrap(), &text)]);
    }
    let ring = &console.model.logs.ring;
    assert!(ring.bytes() <= RING_BYTES_MAX);
    assert_eq!(
        ring.order().len() as u64 + ring.let_go_lines(),
        lines as u64
    );
    assert!(console.shows("older lines let go"), "{}", console.screen());
}

#[test]
fn a_line_that_was_cut_says_by_how_much_and_strange_bytes_are_shown_not_obeyed() {
    let mut console = one(120, 40);
    console.say(stream(POD), |filling| {
        filling.line(nanos(0), b"a long one", (64 << 20) - 32_768);
        filling.line(nanos(1), b"caf\xe9 \x1b[31mred\xe2\x80\xae", 0);
    });
    let screen = console.screen();
    assert!(
        screen.contains("<cut: 67,076,096 bytes more> a long one"),
        "{screen}"
    );
    assert!(screen.contains("caf\\xE9 red<U+202E>"), "{screen}");
}

#[test]
fn keys_are_for_the_logs_and_say_so_elsewhere() {
    let mut console = one(120, 40);
    for key in ["p", "P", "C", "f", "W", "t", "b"] {
        console.type_keys("2");
        console.type_keys(key);
        assert!(console.shows("this key is for the logs pane"), "{key}");
    }
}

fn saved(console: &mut Console) -> Vec<Draft> {
    let effects = console.take_effects();
    let draft = |effect: Effect| match effect {
        Effect::Store(StoreEffect::Save { draft, .. }) => Some(*draft),
        _ => None,
    };
    effects.into_iter().filter_map(draft).collect()
}

#[test]
fn a_pinned_line_is_evidence_on_the_timeline_and_in_the_post_mortem() {
    let mut console = workload(120, 40);
    printed(&mut console);
    console.take_effects();
    console.type_keys("k b");
    let drafts = saved(&mut console);
    let [draft] = drafts.as_slice() else {
        panic!("{drafts:?}");
    };
    assert_eq!(draft.kind, Kind::LogPin);
    assert_eq!(draft.occurred_at, nanos(-900).utc());
    let query = r"kubectl logs -n shop checkout-7d9f-q8w -c app --timestamps --since-time=2026-03-01T03:24:09Z | sed -n 's/^[^ ]*:09\.10*[Z+-][^ ]* //p' | head -n 1 | tr -d '\n' | sha256sum";
    assert_eq!(draft.evidence[0].query.raw(), query);
    let title = "Journal of 2026-03-01".into();
    let markdown = export::markdown(&Report::new(title, vec![stored(draft)], 0, nanos(0).utc()));
    let reported = markdown.replace('\\', "");
    for words in [
        "timed out after 3000ms waiting for a connection (pool 5/5, 21 waiting)",
        &query.replace('\\', ""),
        "SHA-256 of the line, as this command prints it",
    ] {
        assert!(reported.contains(words), "no {words:?} in:\n{markdown}");
    }
}

/// What the command of a pinned line prints when kubectl prints these lines.
fn printed_by(query: &str, lines: &[String]) -> String {
    let lines: Vec<String> = lines.iter().map(|line| format!("'{line}'")).collect();
    let script = format!(
        "kubectl() {{ printf '%s\\n' {}; }}; {query}",
        lines.join(" ")
    );
    let output = std::process::Command::new("sh")
        .args(["-c", &script])
        .output()
        .unwrap();
    assert!(output.status.success(), "{output:?}");
    let printed = String::from_utf8(output.stdout).unwrap();
    printed.split(' ').next().unwrap_or_default().to_owned()
}

#[test]
fn the_command_of_a_pinned_line_prints_the_hash_beside_it() {
    for (ms, times) in [
        (
            120,
            [
                "2026-03-01T03:24:10.120000000Z",
                "2026-03-01T05:54:10.12+02:30",
            ],
        ),
        (
            1_000,
            ["2026-03-01T03:24:11.000000000Z", "2026-03-01T03:24:11Z"],
        ),
    ] {
        for time in times {
            let mut console = workload(120, 40);
            let pod = "checkout-7d9f-q8w";
            console.log(pod, &[(ms, "pool exhausted (20/20)  * [x]")]);
            console.take_effects();
            console.type_keys("G b");
            let drafts = saved(&mut console);
            let evidence = &drafts[0].evidence[0];
            let others = [
                "2026-03-01T03:24:10.119Z pool",
                "2026-03-01T03:24:11.5Z well",
            ];
            let mut lines = others.map(str::to_owned).to_vec();
            lines.insert(1, format!("{time} pool exhausted (20/20)  * [x]"));
            let printed = printed_by(evidence.query.raw(), &lines);
            assert_eq!(printed, *evidence.sha256.clone().unwrap(), "{time}");
        }
    }
    // Of a line that is longer than what is kept of it only that is hashed.
    let mut console = workload(120, 40);
    console.say(stream("checkout-7d9f-q8w"), |filling| {
        filling.line(nanos(120), b"pool exhausted", 8);
    });
    console.take_effects();
    console.type_keys("G b");
    let drafts = saved(&mut console);
    let evidence = &drafts[0].evidence[0];
    let line = "2026-03-01T03:24:10.12Z pool exhausted (20/20)".to_owned();
    let printed = printed_by(evidence.query.raw(), &[line]);
    assert_eq!(printed, *evidence.sha256.clone().unwrap());
}
