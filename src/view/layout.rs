//! Where everything stands on the screen: named rectangles from the size alone.

use ratatui::layout::Rect;

use crate::model::Model;
use crate::model::screen::{Overlay, Pane};
use crate::text::Outside;

/// Below this height only the focused pane is drawn: two would show nothing of either.
const TWO_PANES_ROWS: u16 = 14;
/// The pods get this share of the rows, in percent.
const PODS_PERCENT: u16 = 62;

/// Below this height a write under way has no line of its own.
const STRIP_ROWS: u16 = 8;
/// Widest card of a write.
pub const DIALOG_COLUMNS: u16 = 78;
/// Lines of a card without which nobody can answer: name, namespace, change, effect, name to type, question, keys, frame.
const DIALOG_ROWS: u16 = 9;
/// Columns of the words before its lines, and its frame.
const DIALOG_MARGIN: usize = 14;
/// The question must be readable.
const DIALOG_NARROWEST: u16 = 50;

/// Is there room for everything that a yes depends on, the names of what is written to included?
pub fn shows_dialog(model: &Model) -> bool {
    let middle = of(model).middle;
    let Some(Overlay::Dialog(dialog)) = model.screen.overlays.last() else {
        return false;
    };
    let room = usize::from(middle.width.min(DIALOG_COLUMNS)).saturating_sub(DIALOG_MARGIN);
    let fits = |name: &Outside| name.shown().width() <= room;
    middle.width >= DIALOG_NARROWEST
        && middle.height >= DIALOG_ROWS
        && fits(&dialog.target.name)
        && fits(&dialog.target.namespace)
}

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
    /// The write that is under way; empty when none is.
    pub strip: Rect,
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
    let strip_rows = u16::from(rows >= STRIP_ROWS && model.writes.shown(model.now).is_some());
    let middle = Rect {
        y: header.height,
        height: rows.saturating_sub(2 + strip_rows),
        ..whole
    };
    let strip = Rect {
        y: middle.bottom(),
        height: strip_rows,
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
        strip,
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
