//! Parts of a rectangle.

use ratatui::layout::Rect;

pub(super) fn percent(rows: u16, percent: u16) -> u16 {
    u16::try_from(u32::from(rows) * u32::from(percent) / 100).unwrap_or(rows)
}

/// The first rows, and those below.
pub(super) fn split(area: Rect, rows: u16) -> (Rect, Rect) {
    let rows = rows.min(area.height);
    let above = Rect {
        height: rows,
        ..area
    };
    let below = Rect {
        y: area.y + rows,
        height: area.height - rows,
        ..area
    };
    (above, below)
}

/// A rectangle less a frame of one cell.
pub fn inner(area: Rect) -> Rect {
    Rect {
        x: area.x + area.width.min(1),
        y: area.y + area.height.min(1),
        width: area.width.saturating_sub(2),
        height: area.height.saturating_sub(2),
    }
}

/// A box of at most this size in the middle of the screen.
pub fn centred(whole: Rect, columns: u16, rows: u16) -> Rect {
    let (width, height) = (columns.min(whole.width), rows.min(whole.height));
    Rect {
        x: whole.x + (whole.width - width) / 2,
        y: whole.y + (whole.height - height) / 2,
        width,
        height,
    }
}
