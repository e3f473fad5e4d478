//! A line of the card.

use ratatui::style::Style;

use text::SafeText;

/// Columns of the word before each line.
pub(super) const WORD: usize = 11;

/// A line, and how soon it gives way on a small screen: 0 never does.
pub(super) type Line = (u8, Vec<(SafeText<'static>, Style)>);
