//! The vectors of every terminal attack known to us, and the properties that hold for any text at all.
#![allow(clippy::unwrap_used, clippy::expect_used)]

use proptest::prelude::*;

use super::*;

fn shown(text: &str) -> String {
    Outside::new(text).shown().as_str().to_owned()
}

#[test]
fn plain_text_is_borrowed_as_it_is() {
    for text in [
        "",
        "checkout-7d9f-x2k  CrashLoopBackOff",
        "naïve — 実行 한국어 ● ╭─╮",
        "e\u{301} Việt ไม่ हिन्दी 🇨🇭",
    ] {
        let outside = Outside::new(text);
        let safe = outside.shown();
        assert_eq!(safe.as_str(), text);
        assert!(matches!(safe.0, Cow::Borrowed(_)), "{text:?} was copied");
    }
}

#[test]
fn what_a_terminal_would_obey_is_shown_instead() {
    let cases = [
        ("\x1b[31mX", "^[[31mX"),
        ("\x1b]52;c;cm0gLXJmIH4K\x07", "^[]52;c;cm0gLXJmIH4K^G"),
        ("\x1b]8;;http://evil\x1b\\text", "^[]8;;http://evil^[\\text"),
        ("a\0b\x7fc", "a^@b^?c"),
        ("\u{9b}31m", "<9B>31m"),
        ("\u{9d}0;x\u{9c}", "<9D>0;x<9C>"),
        ("real error\rall good", "real error^Mall good"),
        ("ok\u{8}\u{8}NO", "ok^H^HNO"),
        ("one\ntwo\r\nthree", "one^Jtwo^Jthree"),
        ("a\u{b}b\u{c}c\u{e}d", "a^Kb^Lc^Nd"),
    ];
    for (from, to) in cases {
        assert_eq!(shown(from), to, "{from:?}");
    }
}

#[test]
fn what_the_eye_would_not_see_is_named() {
    let cases = [
        ("\u{202e}gnp.exe\u{202c}", "<U+202E>gnp.exe<U+202C>"),
        (
            "\u{2066}a\u{2069}\u{200f}\u{61c}",
            "<U+2066>a<U+2069><U+200F><U+061C>",
        ),
        ("prod\u{200b}", "prod<U+200B>"),
        ("pr\u{ad}od\u{feff}\u{2060}", "pr<U+00AD>od<U+FEFF><U+2060>"),
        ("a\u{e0041}", "a<U+E0041>"),
        ("\u{3164}\u{115f}\u{ffa0}", "<U+3164><U+115F><U+FFA0>"),
        ("\u{2028}\u{2029}", "<U+2028><U+2029>"),
        ("\u{26a0}\u{fe0f} disk", "\u{26a0}<U+FE0F> disk"),
        (
            "👩\u{200d}👩\u{200d}👧\u{200d}👧",
            "👩<U+200D>👩<U+200D>👧<U+200D>👧",
        ),
        ("\u{fffe}", "<U+FFFE>"),
        ("\u{301}lonely", "<U+0301>lonely"),
        ("\x1b\u{301}", "^[<U+0301>"),
        ("\u{1161}\u{fe0f}\u{1f3fd}", "<U+1161><U+FE0F><U+1F3FD>"),
    ];
    for (from, to) in cases {
        assert_eq!(shown(from), to, "{from:?}");
    }
}

#[test]
fn a_flood_of_marks_is_counted_not_drawn() {
    let flood = format!("a{}b", "\u{301}".repeat(1000));
    assert_eq!(shown(&flood), format!("a{}<+996>b", "\u{301}".repeat(4)));
    assert!(
        shown(&"\u{1100}".repeat(1000)).len() < 50,
        "one syllable of a thousand consonants"
    );
    assert!(
        shown(&"\u{915}\u{94d}".repeat(1000)).len() < 50,
        "one conjunct of a thousand consonants"
    );
}

#[test]
fn tabs_reach_the_next_stop_by_columns() {
    assert_eq!(shown("a\tb"), "a       b");
    assert_eq!(shown("12345678\tb"), "12345678        b");
    assert_eq!(shown("実行\t\tb"), "実行            b");
    assert_eq!(shown("\x1b\tb"), "^[      b");
}

#[test]
fn a_line_too_long_says_how_much_is_left() {
    let outside = Outside::new("x".repeat(SHOWN_BYTES_MAX + 1000));
    assert!(outside.shown().as_str().ends_with("x<+1000 bytes>"));
    assert_eq!(outside.raw().len(), SHOWN_BYTES_MAX + 1000);
}

#[test]
fn lines_end_at_a_line_feed_and_lose_only_the_carriage_return_before_it() {
    let outside = Outside::new("one\r\ntwo\rthree\n\nfour\t.");
    let lines: Vec<String> = outside.lines().map(|line| line.to_string()).collect();
    assert_eq!(lines, ["one", "two^Mthree", "", "four    ."]);
}

#[test]
fn bytes_that_are_not_utf8_are_shown_in_hexadecimal_and_given_back() {
    let cases: [(&[u8], &str); 5] = [
        (b"\x9b31m", "\\x9B31m"),
        (b"a\xed\xa0\x80b", "a\\xED\\xA0\\x80b"),
        (b"\xc0\x80", "\\xC0\\x80"),
        (b"\xe2\x82", "\\xE2\\x82"),
        ("\u{10ff9b}".as_bytes(), "\\xF4\\x8F\\xBE\\x9B"),
    ];
    for (bytes, seen) in cases {
        let outside = Outside::from_bytes(bytes);
        assert_eq!(outside.shown().as_str(), seen);
        assert_eq!(&*outside.raw_bytes(), bytes);
    }
}

#[test]
fn truncation_counts_columns_and_never_halves_a_character() {
    let outside = Outside::new("実行中 e\u{301}nd");
    let safe = outside.shown();
    assert_eq!(safe.width(), 10);
    let truncated: Vec<String> = [0, 1, 2, 3, 8, 9, 10, 11]
        .iter()
        .map(|&n| safe.truncated(n).to_string())
        .collect();
    assert_eq!(
        truncated,
        [
            "",
            "…",
            "…",
            "実…",
            "実行中 …",
            "実行中 e\u{301}…",
            "実行中 e\u{301}nd",
            "実行中 e\u{301}nd"
        ]
    );
}

#[test]
fn formatting_pads_and_cuts_by_columns() {
    let outside = Outside::new("実行");
    let safe = outside.shown();
    assert_eq!(
        format!("[{safe:6}][{safe:>6}][{safe:^6}][{safe:.3}]"),
        "[実行  ][  実行][ 実行 ][実…]"
    );
}

#[test]
fn our_words_and_outside_text_join_into_safe_text() {
    let name = Outside::new("check\u{202e}out");
    let asked = SafeText::concat([&"scale ".into(), &name.shown(), &"?".into()]);
    assert_eq!(asked.as_str(), "scale check<U+202E>out?");
}

#[test]
fn searching_sees_the_original_and_not_the_markers() {
    let text = Outside::new("a\tb \u{202e}");
    assert!(text.contains("a\tb"));
    assert!(!text.contains("U+202E"));
}

#[test]
fn a_name_of_two_scripts_is_noticed() {
    assert!(
        Outside::new("рrod").mixes_scripts(),
        "the first letter is Cyrillic"
    );
    for honest in ["prod-eu-1", "прод-1", "東京タワー", "größe"] {
        assert!(!Outside::new(honest).mixes_scripts(), "{honest}");
    }
}

#[test]
fn the_short_cuts_agree_with_the_tables() {
    for character in (' '..=char::MAX).filter(|&c| characters::is_plain(c)) {
        assert!(
            !characters::is_unshowable(character) && !characters::is_mark(character),
            "{character:?}"
        );
    }
}

fn any_text() -> impl Strategy<Value = String> {
    let nasty = prop::sample::select(vec![
        '\0',
        '\t',
        '\n',
        '\r',
        '\u{1b}',
        '\u{7f}',
        '\u{9b}',
        '\u{ad}',
        '\u{200b}',
        '\u{200d}',
        '\u{202e}',
        '\u{fe0f}',
        '\u{301}',
        '\u{94d}',
        '\u{915}',
        '\u{1100}',
        '\u{1161}',
        '\u{11a8}',
        '\u{d4e}',
        '\u{1f468}',
        '\u{1f3fd}',
        '\u{1f1e6}',
        '\u{e0041}',
        '\u{3164}',
        '\u{10ff9b}',
        'a',
        ' ',
        'é',
        '実',
    ]);
    prop::collection::vec(prop_oneof![nasty, any::<char>()], 0..60)
        .prop_map(|characters| characters.into_iter().collect())
}

proptest! {
    #[test]
    fn nothing_unshowable_is_ever_shown(text in any_text()) {
        let safe = shown(&text);
        prop_assert!(!safe.chars().any(characters::is_unshowable), "{safe:?}");
        for cluster in safe.graphemes(true) {
            prop_assert!(cluster.len() <= sanitise::CLUSTER_BYTES_MAX && cluster.width() > 0, "{cluster:?} in {safe:?}");
        }
    }

    #[test]
    fn a_text_is_measured_and_cut_by_clusters(text in any_text(), columns in 0..40usize) {
        let text = Outside::new(text);
        let safe = text.shown();
        prop_assert_eq!(safe.width(), safe.as_str().width());
        let mut used = 0;
        let head = safe.as_str().graphemes(true).take_while(|cluster| {
            used += cluster.width();
            used < columns
        });
        let cut = if safe.as_str().width() <= columns {
            safe.as_str().to_owned()
        } else if columns == 0 {
            String::new()
        } else {
            head.chain(["…"]).collect()
        };
        let truncated = safe.truncated(columns);
        prop_assert_eq!(truncated.as_str(), cut);
    }

    #[test]
    fn safe_text_is_a_fixed_point(text in any_text()) {
        let once = shown(&text);
        prop_assert_eq!(shown(&once), once);
    }

    #[test]
    fn the_original_is_kept(text in any_text(), bytes in prop::collection::vec(any::<u8>(), 0..60)) {
        let outside = Outside::new(text.clone());
        prop_assert_eq!(outside.raw(), text);
        let outside = Outside::from_bytes(&bytes);
        let raw = outside.raw_bytes();
        prop_assert_eq!(&*raw, bytes);
    }

    #[test]
    fn truncation_keeps_its_promise(text in any_text(), columns in 0_usize..40) {
        let outside = Outside::new(text);
        let safe = outside.shown();
        prop_assert!(safe.truncated(columns).width() <= columns);
    }

    #[test]
    fn a_drawn_line_holds_only_what_may_be_written(text in any_text()) {
        let mut buffer = ratatui::buffer::Buffer::empty(ratatui::layout::Rect::new(0, 0, 200, 1));
        buffer.set_string(0, 0, shown(&text), ratatui::style::Style::default());
        prop_assert!(buffer.content.iter().all(|cell| may_be_written(cell.symbol())));
    }
}
