//! Keys as they are written and read.
#![allow(clippy::unwrap_used, clippy::expect_used)]
use super::*;

#[test]
fn a_key_is_written_as_it_is_read() {
    let names = [
        "q",
        "?",
        ":",
        "/",
        "A",
        "-",
        "ctrl--",
        "ctrl-s",
        "alt-x",
        "ctrl-alt-x",
        "alt-X",
        "enter",
        "tab",
        "shift-tab",
        "esc",
        "space",
        "ctrl-space",
        "f1",
        "f12",
        "shift-f5",
        "page-up",
        "page-down",
        "shift-up",
        "backspace",
        "delete",
        "home",
        "end",
        "left",
        "é",
    ];
    for name in names {
        assert_eq!(
            name.parse::<Key>().map(|key| key.to_string()),
            Ok(name.to_owned()),
            "{name}"
        );
    }
}

#[test]
fn other_spellings_mean_the_same_key() {
    let same = [
        ("backtab", "shift-tab"),
        ("Ctrl-S", "ctrl-s"),
        ("pageup", "page-up"),
        ("Escape", "esc"),
        ("F1", "f1"),
        ("alt-ctrl-x", "ctrl-alt-x"),
        ("shift-space", "space"),
        ("return", "enter"),
    ];
    for (spelling, name) in same {
        assert_eq!(spelling.parse::<Key>(), name.parse::<Key>(), "{spelling}");
    }
}

#[test]
fn what_no_terminal_sends_is_refused_with_the_right_word() {
    let cases = [
        ("", "empty"),
        ("ctr-s", "no key is called \"ctr-s\""),
        ("f0", "no key"),
        ("f25", "no key"),
        ("f01", "no key"),
        ("ctrl-", "no key"),
        ("x s", "no key"),
        ("\u{1b}", "no key"),
        ("shift-a", "write 'A'"),
        ("ctrl-i", "tab"),
        ("ctrl-M", "enter"),
        ("ctrl-[", "esc"),
        ("ctrl-h", "backspace"),
    ];
    for (word, said) in cases {
        let error = word.parse::<Key>().expect_err(word).to_string();
        assert!(error.contains(said), "{word}: {error}");
    }
}

#[test]
fn a_recorded_key_is_a_word() {
    let key = Key::ctrl('S');
    assert_eq!(serde_json::to_string(&key).unwrap(), "\"ctrl-s\"");
    assert_eq!(serde_json::from_str::<Key>("\"ctrl-s\"").unwrap(), key);
    assert!(serde_json::from_str::<Key>("\"ctrl-\"").is_err());
}

#[test]
fn only_a_character_without_ctrl_and_alt_types() {
    assert_eq!(Key::char('A').typed(), Some('A'));
    assert_eq!("space".parse::<Key>().unwrap().typed(), Some(' '));
    assert_eq!(Key::ctrl('a').typed(), None);
    assert_eq!(Key::plain(Code::Enter).typed(), None);
}
