//! What is searched for within one line: marked wherever it stands, and brought into sight in the line that is read.

use std::ops::Range;

use ratatui::style::{Modifier, Style};
use unicode_segmentation::UnicodeSegmentation;
use unicode_width::UnicodeWidthStr;

use super::words::Row;
use crate::paint;
use text::SafeText;

/// The text of a row.
pub(super) fn shown(row: &Row<'_>) -> String {
    row.iter().map(|(piece, _)| piece.as_str()).collect()
}

/// The row with these parts of its text marked, by more than colour.
pub(super) fn marked<'a>(row: Row<'a>, found: &[Range<usize>]) -> Row<'a> {
    if found.is_empty() {
        return row;
    }
    let mark = Style::new().add_modifier(Modifier::BOLD | Modifier::UNDERLINED);
    let mut pieces = Vec::new();
    let mut start = 0;
    for (piece, style) in row {
        let (text, end) = (piece.as_str(), start + piece.as_str().len());
        let mut at = 0;
        let within = found
            .iter()
            .filter(|range| range.start < end && range.end > start);
        for range in within {
            let from = boundary(text, range.start.saturating_sub(start).max(at));
            let to = boundary(text, (range.end - start).min(text.len()));
            for (part, style) in [
                (&text[at..from], style),
                (&text[from..to], style.patch(mark)),
            ] {
                if !part.is_empty() {
                    pieces.push((SafeText::whole(part).into_owned(), style));
                }
            }
            at = to;
        }
        if at < text.len() {
            pieces.push((SafeText::whole(&text[at..]).into_owned(), style));
        }
        start = end;
    }
    pieces
}

/// The end of the cluster in which a byte stands, or its start: a mark is not torn from its letter.
fn boundary(text: &str, at: usize) -> usize {
    let ends = text.grapheme_indices(true).map(|(start, _)| start);
    ends.chain([text.len()])
        .find(|start| *start >= at)
        .unwrap_or(text.len())
}

/// The row from further on, where its first so many columns would hide what is found.
pub(super) fn in_sight<'a>(row: Row<'a>, found: &Range<usize>, columns: usize) -> Row<'a> {
    let all = shown(&row);
    let column_of = |at: usize| all.get(..at).map_or(0, UnicodeWidthStr::width);
    // The last column may be the sign of a cut.
    if column_of(found.end) < columns || all.width() <= columns {
        return row;
    }
    paint::further_on(row, column_of(found.start).saturating_sub(columns / 3))
}
