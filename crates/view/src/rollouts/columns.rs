//! What the lines of the pane are made of: pieces, and texts of an exact width.

use ratatui::style::Style;

use text::SafeText;

pub(super) type Pieces = Vec<(SafeText<'static>, Style)>;

/// Panes narrower than this have no room for sentences.
pub(super) const NARROW: u16 = 60;

/// Cut or filled up to exactly so many columns.
pub(super) fn fitted(text: &SafeText<'_>, columns: usize) -> SafeText<'static> {
    let cut = text.truncated(columns);
    let blank = " ".repeat(columns.saturating_sub(cut.width()));
    SafeText::from(format!("{cut}{blank} "))
}
