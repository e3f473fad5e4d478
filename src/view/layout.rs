//! Where everything stands on the screen: named rectangles from the size alone.

use ratatui::layout::Rect;

use crate::model::Model;
use crate::model::screen::Pane;

/// Below this height only the focused pane is drawn: two would show nothing of either.
const TWO_PANES_ROWS: u16 = 14;
/// The pods get this share of the rows, in percent.
const PODS_PERCENT: u16 = 62;

/// The rectangles of a frame.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Layout {
    /// The terminal.
    pub whole: Rect,
    /// Context, scope, state, clock.
    pub header: Rect,
    /// Between header and footer: the panes, and what lies over them.
    pub middle: Rect,
    /// The panes that are drawn.
    pub panes: Vec<(Pane, Rect)>,
    /// Status line or key hints.
    pub footer: Rect,
}

impl Layout {
    /// The rectangle of a pane; empty when it is not drawn.
    pub fn pane(&self, pane: Pane) -> Rect {
        self.panes
            .iter()
            .find(|(drawn, _)| *drawn == pane)
            .map_or(Rect::ZERO, |(_, area)| *area)
    }

    /// The lines of pods: the pane within its frame, less the column heads.
    pub fn pods_body(&self) -> Rect {
        let inner = inner(self.pane(Pane::Pods));
        Rect {
            y: inner.y + u16::from(inner.height > 0),
            height: inner.height.saturating_sub(1),
            ..inner
        }
    }

    /// The inside of a pane's frame.
    pub fn body(&self, pane: Pane) -> Rect {
        inner(self.pane(pane))
    }
}

/// The layout for the state of the screen.
pub fn of(model: &Model) -> Layout {
    let (columns, rows) = model.screen.size;
    let whole = Rect::new(0, 0, columns, rows);
    let header = Rect {
        height: rows.min(1),
        ..whole
    };
    let footer = Rect {
        y: rows.saturating_sub(1),
        height: u16::from(rows > 1),
        ..whole
    };
    let middle = Rect {
        y: header.height,
        height: rows.saturating_sub(2),
        ..whole
    };
    let panes = if model.screen.is_zoomed || middle.height < TWO_PANES_ROWS {
        vec![(model.screen.focus, middle)]
    } else {
        stacked(middle)
    };
    Layout {
        whole,
        header,
        middle,
        panes,
        footer,
    }
}

fn stacked(middle: Rect) -> Vec<(Pane, Rect)> {
    let pods = u16::try_from(u32::from(middle.height) * u32::from(PODS_PERCENT) / 100)
        .unwrap_or(middle.height);
    vec![
        (
            Pane::Pods,
            Rect {
                height: pods,
                ..middle
            },
        ),
        (
            Pane::Timeline,
            Rect {
                y: middle.y + pods,
                height: middle.height - pods,
                ..middle
            },
        ),
    ]
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
