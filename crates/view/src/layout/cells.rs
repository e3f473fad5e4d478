//! What stands at a cell of the screen, and whether a column does.

use ratatui::layout::Position;

use super::Layout;
use crate::pods;
use model::Model;
use model::screen::Pane;

impl Layout {
    /// Is what pods use among the columns that are drawn?
    pub fn shows_usage(&self, model: &Model) -> bool {
        pods::shows_usage(model, self.pods_body().width)
    }

    /// The pane at a cell; that of the alerts where their line stands for it.
    pub fn pane_at(&self, column: u16, row: u16) -> Option<Pane> {
        let at = Position::new(column, row);
        if self.alert_line.contains(at) {
            return Some(Pane::Alerts);
        }
        let mut panes = self.panes.iter();
        let found = panes.find(|(_, area)| area.contains(at));
        found.map(|(pane, _)| *pane)
    }

    /// The line of a list at a cell, counted from the first that is seen.
    pub fn line_at(&self, pane: Pane, column: u16, row: u16) -> Option<usize> {
        let body = match pane {
            Pane::Pods => self.pods_body(),
            Pane::Alerts | Pane::Rollouts => self.body(pane),
            // Their entries and lines are of unequal height.
            Pane::Logs | Pane::Timeline => return None,
        };
        let is_inside = body.contains(Position::new(column, row));
        is_inside.then(|| usize::from(row - body.y))
    }
}
