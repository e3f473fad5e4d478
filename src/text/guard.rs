//! The last guard: looks at every cell after drawing, in case text reached the screen past `SafeText`.

use ratatui::buffer::Buffer;
use unicode_segmentation::UnicodeSegmentation;
use unicode_width::UnicodeWidthStr;

use super::{characters, sanitise::CLUSTER_BYTES_MAX};

/// What stands in place of a cell that may not be written.
const REPLACEMENT: &str = "?";

/// Replaces every cell that a terminal must not be given and says how many there were. Such a cell is a defect of ours:
/// where debug assertions are on (tests), it panics instead.
pub fn guard(buffer: &mut Buffer) -> usize {
    let mut replaced = 0;
    for cell in &mut buffer.content {
        if !may_be_written(cell.symbol()) {
            debug_assert!(
                false,
                "a cell holds {:?}: text reached the screen past SafeText",
                cell.symbol()
            );
            cell.set_symbol(REPLACEMENT);
            replaced += 1;
        }
    }
    replaced
}

/// One cluster that takes at least one column, is not longer than a cell may cost, and obeys nobody.
fn may_be_written(symbol: &str) -> bool {
    if let [byte] = symbol.as_bytes() {
        return matches!(byte, b' '..=b'~');
    }
    let mut characters = symbol.chars();
    let first = characters.next();
    match first {
        Some(first) if characters.as_str().is_empty() && characters::is_plain(first) => {
            symbol.width() > 0
        }
        Some(first) => {
            !characters::is_mark(first)
                && symbol.len() <= CLUSTER_BYTES_MAX
                && !symbol.chars().any(characters::is_unshowable)
                && symbol.width() > 0
                && symbol.graphemes(true).nth(1).is_none()
        }
        None => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_sanitiser_lets_through_may_be_written() {
        for symbol in [
            "a", " ", "é", "e\u{301}", "コ", "각", "─", "…", "●", "👍🏽", "🇨🇭", "\u{E0A0}",
        ] {
            assert!(may_be_written(symbol), "{symbol:?}");
        }
    }

    #[test]
    fn what_could_steer_or_shift_a_terminal_may_not() {
        for symbol in [
            "",
            "\u{1b}",
            "\u{7f}",
            "\u{9b}",
            "\u{202e}",
            "\u{200b}",
            "\u{301}",
            "ab",
            "a\u{200d}",
            "\u{115f}",
        ] {
            assert!(!may_be_written(symbol), "{symbol:?}");
        }
        assert!(!may_be_written(&format!("a{}", "\u{301}".repeat(100))));
    }

    #[test]
    #[should_panic(expected = "past SafeText")]
    fn a_bad_cell_is_a_panic_in_tests() {
        let mut buffer = Buffer::empty(ratatui::layout::Rect::new(0, 0, 3, 1));
        buffer[(1, 0)].set_symbol("\u{1b}[2J");
        guard(&mut buffer);
    }
}
