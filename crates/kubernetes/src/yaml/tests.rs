#![allow(clippy::unwrap_used, clippy::expect_used)]

use serde_json::json;

use super::*;

/// Strings that a reader of YAML takes for something else, or for the end of what they stand in.
const STRANGE: [&str; 40] = [
    "",
    " ",
    " a",
    "a ",
    "yes",
    "No",
    "on",
    "y",
    "true",
    "null",
    "~",
    "1",
    "012",
    "0x1F",
    "0o17",
    "1_000",
    "1e3",
    "1.",
    ".5",
    "-.inf",
    ".NaN",
    "12:30:45",
    "2026-03-01",
    "2026-03-01T03:24:10Z",
    "a: b",
    "a:",
    "#a",
    "a #b",
    "- a",
    "-",
    "---",
    "[a",
    "{a",
    "'a'",
    "\"a\\\"",
    "|",
    ">-",
    "%a",
    "<<",
    "=",
];

/// Text with lines, and text that speaks to a terminal.
const LINES: [&str; 12] = [
    "a\nb",
    "a\nb\n",
    "a\n\n\n",
    "\na",
    "  a\nb",
    "a\n  b\n c",
    "\ttab\n",
    "\u{1b}[31mred\u{7}",
    "a\r\nb",
    "\u{202e}right to left\u{200b}",
    "\u{85}\u{2028}\u{feff}",
    "a\u{0}b",
];

fn text_of(object: &Value) -> String {
    shown(object.clone()).unwrap().text.raw().to_owned()
}

#[test]
fn every_string_comes_back_as_it_was_as_a_value_a_key_and_an_item() {
    for text in STRANGE.iter().chain(&LINES) {
        let object = json!({ "metadata": { "labels": { *text: text }, "name": text }, "list": [text, [text], {"k": text}] });
        let shown = text_of(&object);
        let back: Value = serde_saphyr::from_str(&shown)
            .unwrap_or_else(|error| panic!("{text:?}: {error}\n{shown}"));
        assert_eq!(back, object, "{shown}");
    }
}

#[test]
fn what_older_readers_take_for_something_else_is_quoted() {
    for text in [
        "yes",
        "no",
        "on",
        "off",
        "y",
        "n",
        "012",
        "1_000",
        "12:30:45",
        "2026-03-01",
        "=",
        "<<",
    ] {
        let shown = text_of(&json!({ "value": text, text: 1 }));
        let is_quoted = |quote: char| shown.contains(&format!("value: {quote}{text}{quote}"));
        assert!(is_quoted('"') || is_quoted('\''), "{shown}");
        let is_quoted = |quote: char| shown.contains(&format!("{quote}{text}{quote}: 1"));
        assert!(is_quoted('"') || is_quoted('\''), "as a key: {shown}");
    }
}

#[test]
fn numbers_nothing_and_empty_things_keep_their_kind() {
    let object = json!({
        "a": 1, "b": -1, "c": 1.5, "d": u64::MAX, "e": null, "f": {}, "g": [], "h": true, "i": [{}, [], null], "j": 1e300,
    });
    let back: Value = serde_saphyr::from_str(&text_of(&object)).unwrap();
    assert_eq!(back, object);
}

#[test]
fn no_control_character_but_line_feed_and_tab_is_in_the_text() {
    for text in LINES {
        let shown = text_of(&json!({ text: text }));
        assert!(
            !shown
                .chars()
                .any(|c| c.is_control() && !['\n', '\t'].contains(&c)),
            "{shown:?}"
        );
    }
}

#[test]
fn a_long_line_stays_one_line() {
    let words = "word ".repeat(100) + "end";
    let shown = text_of(&json!({ "args": [words] }));
    assert!(shown.contains(&words), "{shown}");
}

#[test]
fn values_of_a_secret_are_not_in_the_text() {
    let object = json!({
        "kind": "Secret",
        "metadata": {
            "name": "login",
            "annotations": { LAST_APPLIED: "{\"data\":{\"password\":\"aHVudGVyMg==\"}}" },
            "managedFields": [{"manager": "kubectl"}],
        },
        "data": { "password": "aHVudGVyMg==", "user": null },
        "stringData": "hunter2",
    });
    let document = shown(object).unwrap();
    let text = document.text.raw();
    for hidden in ["aHVudGVyMg", "hunter2", "kubectl", "annotations"] {
        assert!(!text.contains(hidden), "{text}");
    }
    assert!(
        text.contains("password: (hidden, 12 bytes as sent)"),
        "{text}"
    );
    let left_out = [
        LeftOut::ManagedFields,
        LeftOut::LastApplied,
        LeftOut::SecretValues(3),
    ];
    assert_eq!(document.left_out, left_out);
}

#[test]
fn what_is_no_secret_keeps_its_data_and_its_other_annotations() {
    let object = json!({
        "kind": "ConfigMap",
        "metadata": { "annotations": { LAST_APPLIED: "{}", "team": "shop" } },
        "data": { "colour": "red" },
    });
    let document = shown(object).unwrap();
    assert_eq!(
        document.text.raw(),
        "data:\n  colour: red\nkind: ConfigMap\nmetadata:\n  annotations:\n    team: shop\n"
    );
    assert_eq!(document.left_out, [LeftOut::LastApplied]);
}

#[test]
fn a_text_that_is_too_long_ends_with_a_whole_line_and_says_how_many_are_missing() {
    let object = json!({ "items": vec!["0123456789"; TEXT_BYTES_MAX / 10] });
    let document = shown(object).unwrap();
    let text = document.text.raw();
    assert!(
        text.len() <= TEXT_BYTES_MAX && text.ends_with("0123456789\"\n"),
        "{}",
        text.len()
    );
    let [LeftOut::Lines(cut)] = document.left_out[..] else {
        panic!("{:?}", document.left_out)
    };
    assert_eq!(text.lines().count() + cut, TEXT_BYTES_MAX / 10 + 1);
}
