//! The page: what it looks like, and its keys.

use harness::console::Console;
use harness::fixtures::{alerts, outage};
use harness::runbooks::DOCUMENT;
use harness::styles;
use model::message::Effect;
use model::screen::OverlayKind;
use proptest::prelude::*;
use view::theme::Theme;

use super::overlays;

fn reading(columns: u16, rows: u16, text: &[u8]) -> Console {
    let mut console = Console::live(columns, rows, outage());
    console.alerts(alerts());
    console.type_keys("2 g");
    console.reading(text);
    console
}

fn selected(console: &Console) -> String {
    let screen = console.screen();
    let line = screen.lines().find(|line| line.contains('▸'));
    line.map_or(String::new(), |line| line.trim().to_owned())
}

#[test]
fn at_80x24() {
    let mut console = reading(80, 24, DOCUMENT.as_bytes());
    let first = console.screen();
    console.type_keys("page-down");
    let second = console.screen();
    console.type_keys("G");
    let last = console.screen();
    insta::assert_snapshot!([first, second, last].join("\n"));
}

#[test]
fn at_120x40() {
    let mut console = reading(120, 40, DOCUMENT.as_bytes());
    let first = console.screen();
    console.type_keys("G");
    insta::assert_snapshot!([first, console.screen()].join("\n"));
}

#[test]
fn in_styles() {
    let console = reading(120, 60, DOCUMENT.as_bytes());
    insta::assert_snapshot!(styles::runs(&console.buffer()));
}

#[test]
fn at_40_columns_a_table_is_one_field_below_the_other() {
    let mut console = reading(40, 24, DOCUMENT.as_bytes());
    console.type_keys("page-down page-down");
    insta::assert_snapshot!(console.screen());
}

#[test]
fn without_colour_in_ascii() {
    let mut console = reading(80, 40, DOCUMENT.as_bytes());
    console.theme = Theme {
        has_colour: false,
        is_ascii: true,
        ..Theme::default()
    };
    let screen = console.screen();
    assert!(screen.replace('…', "").is_ascii(), "{screen}");
}

#[test]
fn a_key_leads_from_step_to_step_and_another_copies_it() {
    let mut console = reading(80, 24, DOCUMENT.as_bytes());
    console.type_keys("tab");
    assert!(
        selected(&console).contains("1. Compare the time"),
        "{}",
        console.screen()
    );
    console.type_keys("tab tab");
    console.take_effects();
    console.type_keys("y");
    let effects = console.take_effects();
    assert!(
        effects.contains(&Effect::Copy(
            "kubectl rollout history deployment/<deployment> -n <namespace>".into()
        )),
        "{effects:?}"
    );
    assert!(console.shows("copied step 3"));
    console.type_keys("backtab backtab backtab");
    assert!(console.shows("this was the first step"));
    for _ in 0..20 {
        console.type_keys("tab");
    }
    assert!(console.shows("this was the last step"));
    assert!(
        selected(&console).contains("The alert is resolved"),
        "{}",
        console.screen()
    );
}

#[test]
fn the_help_over_it_begins_with_its_keys() {
    let mut console = reading(120, 40, DOCUMENT.as_bytes());
    console.type_keys("?");
    let screen = console.screen();
    let head = screen.lines().nth(2).unwrap();
    assert!(head.contains("In the runbook"), "{screen}");
    for words in ["in a runbook to the next", "runbook its headings"] {
        assert!(screen.contains(words), "{words}: {screen}");
    }
}

#[test]
fn without_a_step_there_is_nothing_to_copy() {
    let mut console = reading(80, 24, b"Only words.\n");
    console.type_keys("y");
    assert!(console.shows("no step is selected; tab goes to the next one"));
    console.type_keys("tab");
    assert!(console.shows("this document has no steps"));
    console.type_keys("o");
    assert!(console.shows("this document has no headings"));
}

#[test]
fn the_headings_lead_to_their_text() {
    let mut console = reading(80, 24, DOCUMENT.as_bytes());
    console.type_keys("o");
    insta::assert_snapshot!(console.screen());
    console.type_keys("G enter");
    assert!(console.shows("kubectl rollout undo"));
    console.type_keys("o");
    assert!(
        selected(&console).contains("2. Go back"),
        "{}",
        console.screen()
    );
    console.type_keys("esc");
    assert_eq!(overlays(&console), [OverlayKind::Runbook]);
    console.type_keys("esc");
    assert!(overlays(&console).is_empty());
}

#[test]
fn a_search_finds_lines_that_are_broken_and_goes_on_round_the_end() {
    let mut console = reading(40, 24, DOCUMENT.as_bytes());
    console.type_keys("/");
    console.type_text("quicker fault");
    assert!(console.shows("1 of 1"), "{}", console.screen());
    console.type_keys("esc /");
    console.type_text("ready");
    assert!(console.shows("All pods are ready"), "{}", console.screen());
    console.type_keys("enter n");
    assert!(console.shows("round the end"));
    console.type_keys("esc");
    assert_eq!(overlays(&console), [OverlayKind::Runbook]);
    console.type_keys("n");
    assert!(
        console.shows("nothing is searched for"),
        "{}",
        console.screen()
    );
}

#[test]
fn the_reader_stays_at_the_same_text_when_the_width_changes() {
    let mut console = reading(120, 24, DOCUMENT.as_bytes());
    console.type_keys("o G enter");
    let needle = "## 2. Go back";
    assert!(console.shows(needle));
    for columns in [80, 60, 45, 100] {
        console.send(model::message::Msg::Input(model::message::Input::Resize {
            columns,
            rows: 24,
        }));
        assert!(console.shows(needle), "{columns}: {}", console.screen());
    }
}

#[test]
fn what_a_document_could_not_be_taken_at_its_word_for_is_said() {
    let console = reading(80, 24, b"a\0b");
    assert!(console.shows("this is no text"), "{}", console.screen());
    let console = reading(80, 24, b"");
    assert!(console.shows("there is nothing in this document"));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(60))]

    #[test]
    fn any_bytes_are_drawn_at_any_size(
        bytes in prop_oneof![
            proptest::collection::vec(any::<u8>(), 0..600),
            "[-#>*`|~ \\[\\]!<a-z0-9.()\n\t数\u{202e}]{0,600}".prop_map(String::into_bytes),
        ],
        columns in 1u16..140,
        rows in 1u16..50,
        keys in "[jkgGnNoyr\t]{0,12}",
    ) {
        let mut console = Console::live(columns, rows, outage());
        console.type_keys("2 g");
        console.reading(&bytes);
        for key in keys.chars() {
            let key = if key == '\t' { "tab".to_owned() } else { key.to_string() };
            console.type_keys(&key);
            let drawn = console.screen();
            let is_safe = !drawn.contains(['\u{1b}', '\u{202e}']);
            prop_assert!(is_safe);
        }
        let wide = console.buffer();
        prop_assert_eq!(wide.area.width, columns);
    }
}
