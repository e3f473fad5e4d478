//! Lines written for a terminal: colours are styles, what a carriage return overwrote is left out, all else stays text; the
//! original is kept.

use model::message::{Effect, StoreEffect};
use view::theme::Theme;

use super::one;
use harness::console::{Console, text};

const POD: &str = "checkout-7d9f-q8w";

fn with(lines: &[&str]) -> Console {
    let mut console = one(120, 40);
    for (line, ms) in lines.iter().zip(0..) {
        console.log(POD, &[(ms, line)]);
    }
    console
}

/// The row of the screen with these words, as its characters.
fn row(console: &Console, words: &str) -> String {
    let line = console.line_with(words);
    let line = line.unwrap_or_else(|| panic!("no {words:?}\n{}", console.screen()));
    text(&console.buffer())
        .lines()
        .nth(line)
        .unwrap()
        .to_owned()
}

/// The styles of the cells in which these words stand.
fn style_of(console: &Console, words: &str) -> ratatui::style::Style {
    let line = console.line_with(words).unwrap();
    let row = text(&console.buffer())
        .lines()
        .nth(line)
        .unwrap()
        .to_owned();
    let byte = row.find(words).unwrap();
    let column = row[..byte].chars().count();
    console.buffer()[(u16::try_from(column).unwrap(), u16::try_from(line).unwrap())].style()
}

fn count(console: &mut Console, filter: &str) -> bool {
    console.type_keys("/");
    console.type_text(filter);
    console.type_keys("enter");
    let is_found = console.shows(&format!("/{filter} 1, "));
    console.type_keys("esc");
    is_found
}

#[test]
fn every_form_of_a_colour_is_left_out_of_the_text() {
    for (printed, shown) in [
        (
            "\x1b[32mINFO\x1b[0m \x1b[1mserver\x1b[0m started",
            "INFO server started",
        ),
        ("\x1b[mreset", " reset"),
        ("\x1b[38;5;196mindexed\x1b[39m", " indexed"),
        ("\x1b[38;2;255;0;10mtrue\x1b[m", " true"),
        ("\x1b[38:2::255:0:10mcolons\x1b[m", " colons"),
        ("\x1b[48;5;21;1;4mground\x1b[m", " ground"),
        ("\x1b[90;3mgrey\x1b[22;23m plain", " grey plain"),
        ("\x1b[8mconcealed\x1b[28m", " concealed"),
        ("\x1b[31m\x1b[1mED\x1b[0m\x1b[0m", " ED"),
        ("W\x1b[33mAR\x1b[0mN split", "WARN split"),
        ("\x1b[38;5mincomplete", " incomplete"),
        ("\x1b[999;;mstrange", " strange"),
    ] {
        let console = with(&[printed]);
        let row = row(&console, shown);
        assert!(
            !row.contains("^[") && !row.contains('['),
            "{printed:?}: {row}"
        );
    }
}

#[test]
fn every_other_sequence_stays_text() {
    for (printed, shown) in [
        ("\x1b[2J\x1b[Hclear", "^[[2J^[[Hclear"),
        ("\x1b[?1049hother screen", "^[[?1049hother screen"),
        (
            "\x1b]52;c;ZXZpbA==\x07clipboard",
            "^[]52;c;ZXZpbA==^Gclipboard",
        ),
        (
            "\x1b]8;;http://x.example\x1b\\link\x1b]8;;\x1b\\",
            "^[]8;;http://x.example^[\\link^[]8;;^[\\",
        ),
        ("\x1b[>4;1mkeys", "^[[>4;1mkeys"),
        ("\x1b[?4mquery", "^[[?4mquery"),
        ("\x1b[1 mblank", "^[[1 mblank"),
        ("\x1b[!mbang", "^[[!mbang"),
        ("cut \x1b[31", "cut ^[[31"),
        ("cut \x1b[", "cut ^[["),
        ("cut \x1b", "cut ^["),
        ("twice \x1b[3\x1b[31mred", "twice ^[[3red"),
        ("c1 \u{9b}31mred", "c1 <9B>31mred"),
        ("\x1b[3\u{301}1mmark", "1mmark"),
        ("\x1bPdcs\x1b\\ \x1bcreset", "^[Pdcs^[\\ ^[creset"),
    ] {
        let console = with(&[printed]);
        assert!(console.shows(shown), "{printed:?}\n{}", console.screen());
    }
    let long = format!("\x1b[{}mlong", "1;".repeat(200));
    assert!(with(&[&long]).shows("^[[1;1;1;"), "no colour is that long");
}

#[test]
fn a_colour_is_a_style_and_none_without_colour() {
    let line = "ok \x1b[32mgreen\x1b[0m \x1b[31mred\x1b[0m \x1b[1mbold\x1b[0m after";
    let mut console = with(&[line]);
    let (green, red) = (style_of(&console, "green"), style_of(&console, "red "));
    assert_ne!(green.fg, red.fg, "{}", console.screen());
    assert_ne!(green.fg, style_of(&console, "after").fg);
    assert_ne!(
        style_of(&console, "bold").add_modifier,
        style_of(&console, "after").add_modifier
    );
    // Shades of one colour are that colour.
    let shades = with(&[
        "a \x1b[38;5;196mindexed\x1b[0m",
        "b \x1b[38;2;200;10;10mtruely\x1b[0m",
        "c \x1b[91mbright\x1b[0m",
        "d \x1b[41mground\x1b[0m",
    ]);
    for word in ["indexed", "truely", "bright", "ground"] {
        assert_eq!(style_of(&shades, word).fg, red.fg, "{word}");
    }
    console.theme = Theme {
        has_colour: false,
        ..Theme::default()
    };
    let plain = style_of(&console, "after");
    for word in ["green", "red ", "bold"] {
        assert_eq!(style_of(&console, word), plain, "{word}");
    }
}

#[test]
fn the_search_reads_what_is_shown() {
    let lines = [
        "\x1b[32mINFO\x1b[0m started",
        "ER\x1b[31mR\x1b[0mOR split",
        "\x1b[38;5;196mFATAL\x1b[0m",
        "plain",
    ];
    let mut console = with(&lines);
    for filter in ["INFO", "ERROR", "fatal"] {
        assert!(
            count(&mut console, filter),
            "{filter}\n{}",
            console.screen()
        );
    }
    for filter in ["32m", "196", "[0m"] {
        assert!(
            !count(&mut console, filter),
            "{filter} is not on the screen"
        );
    }
}

#[test]
fn severity_is_read_through_colours() {
    let console = with(&["\x1b[0mER\x1b[0mROR told", "ERROR plain"]);
    assert_eq!(
        style_of(&console, "ERROR told"),
        style_of(&console, "ERROR plain")
    );
}

#[test]
fn pin_and_copy_have_the_original() {
    let original = "\x1b[32mINFO\x1b[0m 10%\r50%\r100% done";
    let mut console = with(&[original]);
    console.type_keys("k");
    console.take_effects();
    console.type_keys("y b");
    let effects = console.take_effects();
    assert!(
        effects
            .iter()
            .any(|effect| matches!(effect, Effect::Copy(copied) if copied.raw() == original)),
        "{effects:?}"
    );
    let drafts: Vec<_> = effects
        .iter()
        .filter_map(|effect| match effect {
            Effect::Store(StoreEffect::Save { draft, .. }) => Some(draft),
            _ => None,
        })
        .collect();
    assert_eq!(drafts[0].body.as_ref().unwrap().raw(), original);
    assert!(
        !drafts[0].title.raw().contains('\x1b'),
        "{:?}",
        drafts[0].title
    );
}

#[test]
fn a_progress_bar_shows_its_last_state_and_says_that_there_were_others() {
    let bar: Vec<String> = (0..=20)
        .map(|step| format!("importing {:3}% [{:20}]", step * 5, "#".repeat(step)))
        .collect();
    let console = with(&[&format!("\r{}", bar.join("\r"))]);
    let row = row(&console, "importing 100%");
    assert!(
        row.contains("<last of 21 states> importing 100% [####################]"),
        "{row}"
    );
    assert!(!row.contains("^M"), "{row}");
}

#[test]
fn what_is_overwritten_is_what_a_terminal_overwrites() {
    for (printed, shown) in [
        (
            "\rchunk A 10%\rchunk A 60%\rchunk A 100% done",
            "chunk A 100% done",
        ),
        ("a longer line\rshort", "shortger line"),
        ("downloading 12%\r\x1b[Kdone", "> done"),
        ("downloading 12%\x1b[2K\rdone", "> done"),
        ("数数数\rab", "ab数 数"),
        ("数数\ra", "a 数"),
        ("abcd\r\tx", "abcd    x"),
        ("\x1b[31mred\x1b[0m\rblue", "> blue"),
        ("tail\r\r\r", " tail"),
    ] {
        let console = with(&[printed]);
        let row = row(&console, shown);
        let end = row.trim_end_matches(['│', ' ']);
        assert!(
            end.ends_with(shown.trim_start_matches("> ")),
            "{printed:?}: {row}"
        );
        assert!(!row.contains("^M"), "{row}");
    }
}

#[test]
fn a_line_that_ends_as_windows_ends_it_is_just_a_line() {
    let console = with(&["windows line\r"]);
    let row = row(&console, "windows line");
    assert!(!row.contains("^M") && !row.contains("state"), "{row}");
}

#[test]
fn a_word_that_was_overwritten_is_still_found() {
    let mut console = with(&["ERROR disk full\rprogress 100%  ", "plain"]);
    assert!(count(&mut console, "disk"), "{}", console.screen());
    assert!(count(&mut console, "100%"), "{}", console.screen());
}

#[test]
fn nothing_that_a_line_says_reaches_the_terminal_as_a_command() {
    let pieces = [
        "\x1b", "[", "3", ";", "m", "\r", "\x1b[31m", "数", "\u{301}", "\u{202e}", "\t", "K",
        "\x1b[K", "a",
    ];
    let mut random = 1_u64;
    for _ in 0..15 {
        let mut line = || -> String {
            (0..12)
                .map(|_| {
                    random = random
                        .wrapping_mul(6_364_136_223_846_793_005)
                        .wrapping_add(1);
                    pieces[usize::try_from(random >> 33).unwrap() % pieces.len()]
                })
                .collect()
        };
        let lines: Vec<String> = (0..15).map(|_| line()).collect();
        let lines: Vec<&str> = lines.iter().map(String::as_str).collect();
        let shown = text(&with(&lines).buffer());
        let is_inert = |one: char| one == '\n' || !one.is_control() && one != '\u{202e}';
        assert!(shown.chars().all(is_inert), "{lines:?}");
    }
}
