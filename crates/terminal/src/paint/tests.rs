//! Frames and their bytes.
#![allow(clippy::unwrap_used, clippy::expect_used)]

use super::*;
use proptest::prelude::*;
use ratatui::style::Style;

fn frame(painter: &mut Painter, text: &str, style: Style) -> String {
    let bytes = painter.frame(20, 2, |buffer| {
        buffer.set_string(0, 0, text, style);
    });
    String::from_utf8_lossy(&bytes).into_owned()
}

#[test]
fn the_first_frame_erases_and_each_is_bracketed() {
    let mut painter = Painter::new(false, true);
    let bytes = frame(&mut painter, "ab", Style::new());
    assert_eq!(bytes, "\x1b[?2026h\x1b[0m\x1b[2J\x1b[1;1Hab\x1b[?2026l");
}

#[test]
fn nothing_changed_is_no_bytes() {
    let mut painter = Painter::new(false, true);
    frame(&mut painter, "ab 実", Style::new().red());
    assert_eq!(frame(&mut painter, "ab 実", Style::new().red()), "");
}

#[test]
fn only_what_changed_is_written() {
    let mut painter = Painter::new(false, true);
    frame(&mut painter, "abcd", Style::new());
    assert_eq!(
        frame(&mut painter, "abXd", Style::new()),
        "\x1b[?2026h\x1b[1;3HX\x1b[?2026l"
    );
}

#[test]
fn a_few_cells_between_two_that_changed_are_written_again() {
    let mut painter = Painter::new(false, true);
    frame(&mut painter, "took 12 ms, 実 200", Style::new());
    assert_eq!(
        frame(&mut painter, "took 13 ms; 実 404", Style::new()),
        "\x1b[?2026h\x1b[1;7H3 ms;\x1b[1;16H404\x1b[?2026l"
    );
    frame(&mut painter, "1 / 2", Style::new().red());
    assert_eq!(
        frame(&mut painter, "3 / 4", Style::new().red()),
        "\x1b[?2026h\x1b[1;1H\x1b[0;31m3 / 4\x1b[0m\x1b[?2026l"
    );
}

#[test]
fn a_style_is_sixteen_colour_sgr_and_is_put_back() {
    let mut painter = Painter::new(false, true);
    frame(&mut painter, "", Style::new());
    let bytes = frame(
        &mut painter,
        "a",
        Style::new().light_red().on_blue().bold().hidden(),
    );
    assert_eq!(
        bytes,
        "\x1b[?2026h\x1b[1;1H\x1b[0;1;91;44ma\x1b[0m\x1b[?2026l"
    );
}

#[test]
fn what_follows_a_character_of_doubtful_width_gets_its_own_position() {
    let mut painter = Painter::new(false, true);
    frame(&mut painter, "", Style::new());
    assert_eq!(
        frame(&mut painter, "e\u{301}b", Style::new()),
        "\x1b[?2026h\x1b[1;1He\u{301}\x1b[1;2Hb\x1b[?2026l"
    );
    frame(&mut painter, "", Style::new());
    assert_eq!(
        frame(&mut painter, "実b", Style::new()),
        "\x1b[?2026h\x1b[1;1H実\x1b[1;3Hb\x1b[?2026l"
    );
}

#[test]
fn no_byte_above_ascii_goes_to_a_terminal_without_utf8() {
    let mut painter = Painter::new(true, true);
    let bytes = frame(&mut painter, "╭─│ě実…", Style::new());
    assert_eq!(
        bytes,
        "\x1b[?2026h\x1b[0m\x1b[2J\x1b[1;1H+-|???~\x1b[?2026l"
    );
}

#[test]
fn a_new_size_is_drawn_whole() {
    let mut painter = Painter::new(false, true);
    frame(&mut painter, "ab", Style::new());
    let bytes = painter.frame(1, 1, |buffer| {
        buffer.set_string(0, 0, "ab", Style::new());
    });
    assert_eq!(
        String::from_utf8_lossy(&bytes),
        "\x1b[?2026h\x1b[0m\x1b[2J\x1b[1;1Ha\x1b[?2026l"
    );
}

/// Rows of a board: a frame around lines of a log that are unlike each other, and a column beside it.
fn board(painter: &mut Painter, first: usize, beside: &str) -> Vec<u8> {
    painter.frame(80, 24, |buffer| {
        buffer.set_string(0, 0, "Logs", Style::new().bold());
        for row in 1..23 {
            let line = first + usize::from(row);
            let text = format!(
                "{line:06} GET /checkout took {} ms, 200",
                line * 7919 % 1000
            );
            buffer.set_string(1, row, text, Style::new().red());
            buffer.set_string(70, row, beside, Style::new());
        }
        buffer.set_string(0, 23, "x act  ? help", Style::new());
    })
}

#[test]
fn a_new_line_of_a_log_costs_about_its_own_bytes() {
    let mut painter = Painter::new(false, true);
    board(&mut painter, 0, "│");
    let bytes = board(&mut painter, 1, "│");
    assert!(bytes.len() < 3 * 45, "{} bytes", bytes.len());
    let mut plain = Painter::new(false, false);
    board(&mut plain, 0, "│");
    assert!(board(&mut plain, 1, "│").len() > 3 * bytes.len());
}

fn parser() -> vt100::Parser {
    let size = |cells: u16| std::num::NonZero::new(cells).unwrap();
    vt100::Parser::new(size(24), size(80), 0)
}

/// What a terminal shows, cell by cell.
fn shown(parser: &vt100::Parser) -> Vec<String> {
    let (rows, columns) = (24, 80);
    let cell = |row: u16, column: u16| {
        let cell = parser.screen().cell(row, column).unwrap();
        format!(
            "{:?} {:?} {}",
            cell.contents().trim_end(),
            cell.fgcolor(),
            cell.bold()
        )
    };
    let places = (0..rows).flat_map(|row| (0..columns).map(move |column| (row, column)));
    places.map(|(row, column)| cell(row, column)).collect()
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(60) })]

    #[test]
    fn a_terminal_that_scrolled_shows_what_one_that_was_written_anew_shows(
        steps in prop::collection::vec((0..12usize, 0..4usize), 1..12)
    ) {
        let mut painter = Painter::new(false, true);
        let mut terminal = parser();
        let mut first = 100;
        for (by, beside) in steps {
            first = if by > 9 { first - 3 } else { first + by };
            let beside = ["│", " ", "実", "│ x"][beside];
            terminal.process(&board(&mut painter, first, beside));
            let mut anew = parser();
            anew.process(&board(&mut Painter::new(false, false), first, beside));
            prop_assert_eq!(shown(&terminal), shown(&anew));
        }
    }
}
