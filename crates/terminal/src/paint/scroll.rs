//! Rows that moved up, as those of a log that is followed: the terminal moves them itself (DECSTBM and line feeds), which costs
//! twenty bytes instead of all the text. Only whole rows: margins at the sides are known to too few terminals.

use std::io::Write as _;
use std::ops::Range;

use ratatui::buffer::{Buffer, Cell};

/// Rows that one frame moves by at most: more news than that is new text anyway.
const BY_MAX: usize = 8;
/// Rows that must not have to be written again, for a scroll to be worth it.
const SAVED_MIN: usize = 3;

/// A part of the screen, and how far its rows go up.
pub(super) struct Scroll {
    rows: Range<usize>,
    by: usize,
}

impl Scroll {
    /// The scroll of `shown` that saves the most rows on the way to `next`, if one is worth it. Both have the same size.
    pub(super) fn between(shown: &Buffer, next: &Buffer) -> Option<Scroll> {
        let (before, after) = (rows(shown), rows(next));
        let mut best: Option<(usize, Scroll)> = None;
        for by in 1..=BY_MAX.min(before.len().saturating_sub(1)) {
            let mut start = 0;
            while start + by < after.len() {
                let moved = (start..after.len() - by)
                    .take_while(|&row| after[row] == before[row + by])
                    .count();
                let saved = (start..start + moved)
                    .filter(|&row| after[row] != before[row])
                    .count();
                if saved >= best.as_ref().map_or(SAVED_MIN, |(most, _)| most + 1) {
                    let rows = start..start + moved + by;
                    best = Some((saved, Scroll { rows, by }));
                }
                start += moved + 1;
            }
        }
        best.map(|(_, scroll)| scroll)
    }

    /// Has the terminal do it, whose style must be the default: the rows that become free take its background.
    pub(super) fn write(&self, bytes: &mut Vec<u8>) {
        let (top, bottom) = (self.rows.start + 1, self.rows.end);
        let _ = write!(bytes, "\x1b[{top};{bottom}r\x1b[{bottom};1H");
        bytes.extend(std::iter::repeat_n(b'\n', self.by));
        bytes.extend_from_slice(b"\x1b[r");
    }

    /// What the terminal shows then.
    pub(super) fn apply(&self, shown: &mut Buffer) {
        let columns = usize::from(shown.area.width);
        let (start, end) = (self.rows.start * columns, self.rows.end * columns);
        let cells = &mut shown.content[start..end];
        cells.rotate_left(self.by * columns);
        let free = cells.len() - self.by * columns;
        cells[free..].fill(Cell::default());
    }
}

fn rows(buffer: &Buffer) -> Vec<&[Cell]> {
    let columns = usize::from(buffer.area.width).max(1);
    buffer.content.chunks(columns).collect()
}
