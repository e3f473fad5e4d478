//! What one cell of a terminal may be given.

use unicode_segmentation::UnicodeSegmentation;
use unicode_width::UnicodeWidthStr;

use super::{characters, sanitise::CLUSTER_BYTES_MAX};

/// One cluster that takes at least one column, is not longer than a cell may cost, and obeys nobody.
pub fn may_be_written(symbol: &str) -> bool {
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
}
