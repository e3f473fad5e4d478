//! The last line: the way to the help is never cut, and what it names are keys that act where the focus is.

use keys::keymap::BUILT_IN;
use keys::keymap::Keymap;
use model::message::{Input, Msg};
use view::theme::Theme;

use harness::console::Console;
use harness::fixtures::outage;

fn last_line(console: &Console) -> String {
    let screen = console.screen();
    let rows = usize::from(console.model.screen.size.1);
    screen.lines().nth(rows - 1).unwrap().to_owned()
}

#[test]
fn the_help_is_whole_or_not_there_at_any_width_on_any_pane() {
    let mut console = Console::board(80, 24);
    console.advance(60_000);
    for pane in ["1", "2", "3", "4", "5"] {
        console.type_keys(pane);
        for columns in 1..=200 {
            console.send(Msg::Input(Input::Resize { columns, rows: 24 }));
            let line = last_line(&console);
            assert!(!line.contains('…'), "{columns}: {line}");
            if columns >= 7 {
                assert!(line.ends_with("? help"), "{columns}: {line}");
            }
        }
    }
}

#[test]
fn each_pane_names_the_keys_that_act_in_it() {
    let mut lines = Vec::new();
    for columns in [80, 120] {
        let mut console = Console::board(columns, 40);
        console.advance(60_000);
        for pane in ["1", "2", "3", "4", "5"] {
            console.type_keys(pane);
            lines.push(last_line(&console));
        }
    }
    insta::assert_snapshot!(lines.join("\n"));
}

#[test]
fn what_lies_on_top_names_its_own_keys() {
    let mut console = Console::board(80, 24);
    console.advance(60_000);
    let mut lines = Vec::new();
    for (open, close) in [
        ("enter", "esc"),
        ("Y", "esc"),
        ("?", "esc"),
        ("/", "esc"),
        ("w", "esc"),
        (":", "esc"),
        ("x", "esc"),
    ] {
        console.type_keys(open);
        lines.push(format!("{open:6}{}", last_line(&console)));
        console.type_keys(close);
        console.advance(60_000);
    }
    insta::assert_snapshot!(lines.join("\n"));
}

#[test]
fn what_was_said_comes_before_the_help_and_is_cut_last() {
    let mut console = Console::live(40, 24, outage());
    console.type_keys("g y");
    assert!(last_line(&console).contains("copied the pod's name"));
    assert!(last_line(&console).ends_with("? help"));
    console.send(Msg::Input(Input::Resize {
        columns: 24,
        rows: 24,
    }));
    assert_eq!(last_line(&console), " copied the pod's name");
}

#[test]
fn other_keymaps_name_their_own_keys() {
    for (name, text) in BUILT_IN {
        let mut console = Console::board(120, 40);
        console.model.keymap = Keymap::load(&[(name, text)]).unwrap();
        console.theme = Theme::default();
        console.advance(60_000);
        console.type_keys("2");
        let line = last_line(&console);
        let key = if name == "k9s" {
            "d open"
        } else {
            "enter open"
        };
        assert!(
            line.contains("x act") && line.contains(key) && line.ends_with("? help"),
            "{name}: {line}"
        );
    }
}
