//! A line that is longer than the pane: whole on a page of its own, and what is searched for in sight.

use model::logs::RING_BYTES_MAX;
use model::message::{Effect, StoreEffect};

use super::{one, workload};
use harness::console::{Console, text};
use harness::logging::{nanos, stream};

const POD: &str = "checkout-7d9f-q8w";

/// As a service prints a failed request: the message at the end of 3 KB.
fn long_json() -> String {
    let frame = "at com.example.shop.Service.call(Service.java:120) ";
    format!(
        r#"{{"ts":"2026-11-28T14:00:00Z","level":"error","stack":"{}","nested":{{"n":12345678901234567890.10,"list":["one",null]}},"lines":"first\nsecond","colour":"\u001b[31mred\u001b[0m","level":"again","message":"the needle is here"}}"#,
        frame.repeat(60)
    )
}

fn with(columns: u16, rows: u16, line: &str) -> Console {
    let mut console = one(columns, rows);
    console.log(POD, &[(0, "INFO  before"), (1, line), (2, "INFO  after")]);
    console
}

fn search(console: &mut Console, words: &str) {
    console.type_keys("/");
    console.type_text(words);
    console.type_keys("enter");
}

/// All rows of the page on top, from its first to its last.
fn page(console: &mut Console) -> String {
    console.type_keys("g");
    let mut seen = String::new();
    for _ in 0..400 {
        let shown = text(&console.buffer());
        if seen.ends_with(&shown) {
            return seen;
        }
        seen.push_str(&shown);
        console.type_keys("ctrl-f");
    }
    panic!("no end of the page\n{}", console.screen());
}

#[test]
fn a_line_that_is_json_is_read_field_by_field() {
    for (columns, rows) in [(80, 24), (120, 40)] {
        let mut console = with(columns, rows, &long_json());
        console.type_keys("k enter");
        let page = page(&mut console);
        for words in [
            "  level       error",
            "  level       again",
            "  message     the needle is here",
            "  nested",
            "    n           12345678901234567890.10",
            "      -           one",
            "      -           null",
            "  lines       first",
            "              second",
            "  colour      red",
            "pod         shop/checkout-7d9f-q8w",
            "container   app",
            "2026-03-01 03:24:10.001000000",
        ] {
            assert!(page.contains(words), "{words}\n{page}");
        }
        let (level, message) = (page.find("  level  "), page.find("  message  "));
        assert!(level < message, "not in the order in which it was printed");
        console.type_keys("enter");
        assert!(console.model.screen.overlays.is_empty());
    }
}

#[test]
fn a_line_that_is_no_json_is_broken_and_whole() {
    let words = |count: u32| {
        (0..count)
            .map(|n| format!("w{n}"))
            .collect::<Vec<_>>()
            .join(" ")
    };
    for line in [format!("{{broken json {}", words(700)), words(3_000)] {
        let mut console = with(80, 24, &line);
        console.type_keys("k enter");
        let page = page(&mut console);
        for word in line.split_whitespace() {
            assert!(page.contains(word), "{word} of {} bytes", line.len());
        }
        assert!(!page.contains("bytes>"), "cut");
    }
}

#[test]
fn json_behind_other_words_is_read_too() {
    let mut console = with(
        80,
        24,
        r#"I0301 main.go:7] request {"status":503,"path":"/cart"}"#,
    );
    console.type_keys("k enter");
    for words in [
        "I0301 main.go:7] request",
        "status      503",
        "path        /cart",
    ] {
        assert!(console.shows(words), "{words}\n{}", console.screen());
    }
}

#[test]
fn the_page_has_all_states_of_a_line_and_the_line_as_it_was_printed() {
    let mut console = with(120, 40, "\x1b[32mone\x1b[0m 10%\rtwo 50%\rthree 100%");
    console.type_keys("k enter");
    for words in [
        "one 10%",
        "two 50%",
        "three 100%",
        "^[[32mone^[[0m 10%^Mtwo 50%^Mthree 100%",
    ] {
        assert!(console.shows(words), "{words}\n{}", console.screen());
    }
}

#[test]
fn a_match_comes_into_sight_wherever_it_stands_in_its_line() {
    for (columns, rows) in [(80, 24), (120, 40), (160, 50)] {
        for wrap in ["", "W"] {
            for at in [0, 40, 200, 1_500, 2_990] {
                let mut line = "x".repeat(3_000);
                line.replace_range(at..at + 6, "needle");
                let mut console = with(columns, rows, &line);
                console.type_keys(wrap);
                search(&mut console, "needle");
                console.type_keys("f N");
                let screen = console.screen();
                // Broken in the midst of the word, half of it stands in each row.
                let mut rows_of_it = screen.lines().filter(|row| row.contains("xxx"));
                let is_seen = |row: &str| row.contains("need") || row.contains("edle");
                assert!(rows_of_it.any(is_seen), "{columns} {wrap} {at}\n{screen}");
                assert!(wrap == "W" || console.shows("INFO  before"), "{screen}");
            }
        }
    }
}

#[test]
fn only_the_line_that_is_read_is_shifted_and_only_for_what_is_searched() {
    let line = format!("begin {} needle", "x".repeat(400));
    let mut console = with(120, 40, &line);
    console.log(POD, &[(5, &line)]);
    search(&mut console, "needle");
    assert!(!console.shows("… xx") && console.shows("begin xxx"));
    console.type_keys("N");
    assert!(console.shows(" needle"), "{}", console.screen());
    assert!(
        console.shows("begin xxx"),
        "the other one stays\n{}",
        console.screen()
    );
    console.type_keys("esc");
    assert!(!console.shows(" needle"), "{}", console.screen());
}

#[test]
fn what_is_found_is_marked_by_more_than_colour() {
    let mut console = with(120, 40, "some NEEDLE and needle");
    console.theme.has_colour = false;
    let before = console.screen();
    search(&mut console, "needle");
    assert!(
        console.screen().contains("bold underlined"),
        "{}",
        console.screen()
    );
    assert!(!before.contains("bold underlined"));
}

#[test]
fn the_page_opens_where_the_match_is_and_goes_from_one_to_the_next() {
    let line = long_json().replace("second", "a second needle");
    let mut console = with(80, 24, &line);
    search(&mut console, "needle");
    console.type_keys("N enter");
    assert!(console.shows("a second needle"), "{}", console.screen());
    assert!(console.shows("/needle 1 of 2"), "{}", console.screen());
    console.type_keys("n");
    assert!(console.shows("the needle is here"), "{}", console.screen());
    console.type_keys("n");
    assert!(console.shows("/needle 1 of 2") && console.shows("round the end"));
    console.type_keys("N");
    assert!(console.shows("/needle 2 of 2"), "{}", console.screen());
}

#[test]
fn copy_and_pin_on_the_page_have_the_original_also_when_the_pane_has_let_it_go() {
    let line = long_json();
    let mut console = with(120, 40, &line);
    console.type_keys("k enter");
    console.type_keys("esc esc");
    console.type_keys("k enter");
    let flood = "y".repeat(32_000);
    console.model.logs.cursor = None;
    for at in 0..2 * RING_BYTES_MAX / flood.len() {
        console.log(POD, &[(10 + i64::try_from(at).unwrap(), &flood)]);
    }
    assert!(
        console.shows("INFO") || console.shows("Log line"),
        "{}",
        console.screen()
    );
    console.take_effects();
    console.type_keys("y b");
    let effects = console.take_effects();
    let copied = effects.iter().find_map(|effect| match effect {
        Effect::Copy(text) => Some(text.raw().to_owned()),
        _ => None,
    });
    assert_eq!(copied.as_deref(), Some(line.as_str()));
    let pinned = effects.iter().find_map(|effect| match effect {
        Effect::Store(StoreEffect::Save { draft, .. }) => draft.body.clone(),
        _ => None,
    });
    assert_eq!(pinned.unwrap().raw(), line);
}

#[test]
fn the_page_says_what_was_cut_and_of_which_instance_it_is() {
    let mut console = one(120, 40);
    console.type_keys("P");
    let before = model::logs::StreamId {
        is_previous: true,
        ..stream(POD)
    };
    console.say(before, |filling| {
        filling.line(nanos(0), b"caf\xe9", 67_076_096)
    });
    console.type_keys("enter");
    for words in [
        "4 bytes, 67076096 more were cut",
        "app, the instance before",
    ] {
        assert!(console.shows(words), "{words}\n{}", console.screen());
    }
}

#[test]
fn where_there_is_no_line_that_is_said() {
    let mut console = one(120, 40);
    console.type_keys("enter");
    assert!(
        console.shows("there is no line to open"),
        "{}",
        console.screen()
    );
    console.mark(POD, 0, model::logs::Marker::Ended);
    console.type_keys("enter");
    assert!(
        console.shows("no line of the container; it has no more to say"),
        "{}",
        console.screen()
    );
}

#[test]
fn the_line_of_the_page_is_held_in_the_pane() {
    let mut console = workload(120, 40);
    console.log(POD, &[(0, "INFO  the last one")]);
    console.type_keys("enter");
    console.log(POD, &[(10, "INFO  later")]);
    assert!(console.shows("the last one") && !console.shows("later"));
    console.type_keys("esc");
    assert!(console.shows("paused, 1 new"), "{}", console.screen());
}

#[test]
fn a_long_line_at_80x24() {
    let mut console = with(80, 24, &long_json());
    search(&mut console, "needle");
    console.type_keys("N enter");
    insta::assert_snapshot!(console.screen());
}

#[test]
fn a_match_far_in_a_long_line_at_80x24() {
    let mut console = with(80, 24, &long_json());
    search(&mut console, "needle");
    console.type_keys("f N");
    insta::assert_snapshot!(console.screen());
}
