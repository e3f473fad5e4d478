//! What terminals send, what networks do to it, and what nobody should send.
#![allow(clippy::unwrap_used, clippy::expect_used)]

use proptest::prelude::*;

use super::*;

/// The keys of `bytes` that came in one read, as a keymap spells them.
fn keys(bytes: &[u8]) -> Vec<String> {
    let mut decoder = Decoder::default();
    let mut typed = decoder.feed(bytes);
    typed.extend(decoder.give_up());
    names(&typed)
}

fn names(typed: &[Typed]) -> Vec<String> {
    typed
        .iter()
        .map(|typed| match typed {
            Typed::Key(key) => key.to_string(),
            Typed::Paste { text, cut_bytes } => format!("paste {:?} cut {cut_bytes}", text.raw()),
            Typed::Report(report) => format!("report {} {}", report.row, report.column),
            Typed::Mouse(mouse) => format!("{:?} {} {}", mouse.gesture, mouse.column, mouse.row),
        })
        .collect()
}

#[test]
fn each_key_of_a_terminal_is_known() {
    let cases: [(&[u8], &str); 37] = [
        (b"q", "q"),
        (b"A", "A"),
        (b" ", "space"),
        ("é".as_bytes(), "é"),
        ("実".as_bytes(), "実"),
        (b"\r", "enter"),
        (b"\t", "tab"),
        (b"\x1b[Z", "shift-tab"),
        (b"\x7f", "backspace"),
        (b"\x08", "backspace"),
        (b"\x1b", "esc"),
        (b"\x03", "ctrl-c"),
        (b"\x1a", "ctrl-z"),
        (b"\0", "ctrl-space"),
        (b"\x1c", "ctrl-\\"),
        (b"\n", "ctrl-j"),
        (b"\x1bx", "alt-x"),
        (b"\x1bX", "alt-X"),
        (b"\x1b\x18", "ctrl-alt-x"),
        (b"\x1b\x7f", "alt-backspace"),
        (b"\x1b[", "alt-["),
        (b"\x1b[A", "up"),
        (b"\x1bOB", "down"),
        (b"\x1b[1;5C", "ctrl-right"),
        (b"\x1b[1;2D", "shift-left"),
        (b"\x1b[H", "home"),
        (b"\x1b[4~", "end"),
        (b"\x1b[5~", "page-up"),
        (b"\x1b[6;3~", "alt-page-down"),
        (b"\x1b[3~", "delete"),
        (b"\x1bOP", "f1"),
        (b"\x1b[[A", "f1"),
        (b"\x1b[15~", "f5"),
        (b"\x1b[24;2~", "shift-f12"),
        (b"\x1b[115;5u", "ctrl-s"),
        (b"\x1b[97;2u", "A"),
        (b"\x1b[27;5;115~", "ctrl-s"),
    ];
    for (bytes, name) in cases {
        assert_eq!(keys(bytes), [name], "{bytes:?}");
    }
}

#[test]
fn what_is_no_key_types_nothing() {
    let cases: [&[u8]; 9] = [
        b"\x1b[M !!",
        b"\x1b[I",
        b"\x1b[O",
        b"\x1b[?62;22c",
        b"\x1b]11;rgb:1c1c/1c1c/1c1c\x07",
        b"\x1bP1$r0m\x1b\\",
        b"\x1b[115;5:3u",
        b"\xff",
        "\u{9b}".as_bytes(),
    ];
    for bytes in cases {
        assert_eq!(keys(bytes), Vec::<String>::new(), "{bytes:?}");
    }
}

#[test]
fn a_report_is_no_key_and_a_key_no_report() {
    assert_eq!(keys(b"x\x1b[12;40Ry"), ["x", "report 12 40", "y"]);
    assert_eq!(keys(b"\x1b[1;2R"), ["shift-f3"]);
    assert_eq!(keys(b"\x1b\x1b[12;40R"), ["esc", "report 12 40"]);
    let nothing: [&[u8]; 7] = [
        b"\x1b[12R",
        b"\x1b[12;R",
        b"\x1b[+2;4R",
        b"\x1b[0;4R",
        b"\x1b[12;40;1R",
        b"\x1b[?12;40R",
        b"\x1b[99999;99999R",
    ];
    for bytes in nothing {
        assert_eq!(keys(bytes), Vec::<String>::new(), "{bytes:?}");
    }
}

#[test]
fn a_report_that_is_cut_on_the_way_types_nothing() {
    let bytes = b"\x1b[12;40R";
    for cut in 2..bytes.len() {
        let mut decoder = Decoder::default();
        assert_eq!(decoder.feed(&bytes[..cut]), []);
        assert!(decoder.may_be_report(), "{cut}: the reader waits longer");
        assert_eq!(names(&decoder.feed(&bytes[cut..])), ["report 12 40"]);
    }
    let mut decoder = Decoder::default();
    decoder.feed(&bytes[..1]);
    assert!(!decoder.may_be_report(), "Escape is a key");
    assert_eq!(names(&decoder.give_up()), ["esc"]);
    assert_eq!(names(&decoder.feed(&bytes[1..])), ["report 12 40"]);
    decoder.feed(b"\x1b");
    decoder.give_up();
    assert_eq!(names(&decoder.feed(b"[")), ["["]);
}

#[test]
fn keys_of_one_read_come_one_by_one() {
    assert_eq!(keys(b"x\x1b[Ay\x1b\x1b[B"), ["x", "up", "y", "esc", "down"]);
}

#[test]
fn escape_is_told_from_a_sequence_only_by_what_follows() {
    let mut decoder = Decoder::default();
    assert_eq!(decoder.feed(b"\x1b"), []);
    assert!(decoder.is_waiting());
    assert_eq!(names(&decoder.feed(b"[A")), ["up"]);
    assert_eq!(decoder.feed(b"\x1b"), []);
    assert_eq!(names(&decoder.give_up()), ["esc"]);
    assert!(!decoder.is_waiting());
}

#[test]
fn a_paste_is_one_insert_never_keys() {
    assert_eq!(
        keys(b"a\x1b[200~x s\ry\r\n\x1b[A\x1b[201~b"),
        ["a", "paste \"x s\\ny\\n\\u{1b}[A\" cut 0", "b"]
    );
}

#[test]
fn a_paste_is_capped_and_says_by_how_much() {
    let mut decoder = Decoder::default();
    assert_eq!(decoder.feed(b"\x1b[200~"), []);
    for _ in 0..10 {
        assert_eq!(decoder.feed(&vec![b'x'; PASTE_BYTES_MAX / 8]), []);
    }
    let typed = decoder.feed(PASTE_END);
    let [Typed::Paste { text, cut_bytes }] = typed.as_slice() else {
        panic!("{typed:?}")
    };
    assert_eq!(
        (text.raw().len(), *cut_bytes),
        (PASTE_BYTES_MAX, PASTE_BYTES_MAX / 8 * 2)
    );
}

#[test]
fn a_paste_whose_end_is_lost_gives_the_keyboard_back() {
    let mut decoder = Decoder::default();
    assert_eq!(decoder.feed(b"\x1b[200~rm -rf"), []);
    assert!(!decoder.is_waiting(), "time alone never ends a paste");
    assert_eq!(
        names(&decoder.break_off_paste()),
        ["paste \"rm -rf\" cut 0"]
    );
    assert_eq!(names(&decoder.feed(b"q")), ["q"]);
}

#[test]
fn pasted_bytes_that_are_not_utf8_are_kept() {
    assert_eq!(
        keys(b"\x1b[200~\xff\x1b[201~"),
        ["paste \"\\u{10ffff}\" cut 0"]
    );
}

proptest! {
    #[test]
    fn where_the_network_cuts_changes_nothing(cuts in prop::collection::vec(1_usize..6, 1..40)) {
        let bytes = "é\x1b[1;5Cq\x1b[200~a\rb\x1b[201~\x1bOP実\x1b[A\x1b]11;x\x1b\\z".as_bytes();
        let mut decoder = Decoder::default();
        let (mut typed, mut at) = (Vec::new(), 0);
        for cut in cuts.into_iter().chain([bytes.len()]) {
            let end = (at + cut).min(bytes.len());
            typed.extend(decoder.feed(&bytes[at..end]));
            at = end;
        }
        prop_assert_eq!(names(&typed).join(" "), "é ctrl-right q paste \"a\\nb\" cut 0 f1 実 up z");
    }

    #[test]
    fn no_bytes_at_all_are_a_panic_or_stay_for_ever(chunks in prop::collection::vec(prop::collection::vec(
        prop_oneof![any::<u8>(), Just(0x1b), Just(b'['), Just(b'1'), Just(b';'), Just(b'~')], 0..20), 0..30))
    {
        let mut decoder = Decoder::default();
        for chunk in &chunks {
            decoder.feed(chunk);
        }
        decoder.give_up();
        prop_assert!(!decoder.is_waiting());
    }
}

#[test]
fn a_mouse_in_its_own_format_is_no_key_whatever_it_does() {
    for (bytes, expected) in [
        (&b"\x1b[<0;1;1M"[..], &["Click 0 0"][..]),
        (b"\x1b[<0;120;40M", &["Click 119 39"]),
        (b"\x1b[<64;3;4M", &["WheelUp 2 3"]),
        (b"\x1b[<65;3;4M", &["WheelDown 2 3"]),
        // Let go, another button, with Shift, moved, beside the screen, cut short, too much.
        (b"\x1b[<0;1;1m", &[]),
        (b"\x1b[<2;1;1M", &[]),
        (b"\x1b[<4;1;1M", &[]),
        (b"\x1b[<32;1;1M", &[]),
        (b"\x1b[<0;0;0M", &[]),
        (b"\x1b[<0;1M", &[]),
        (b"\x1b[<0;1;1;1M", &[]),
        (b"\x1b[<0;99999;1M", &[]),
        (b"y\x1b[<0;1;1My", &["y", "Click 0 0", "y"]),
    ] {
        assert_eq!(keys(bytes), expected, "{bytes:?}");
    }
}
