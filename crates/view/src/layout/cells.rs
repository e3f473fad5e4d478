//! What stands at a cell of the screen, and whether a column does.

use ratatui::layout::Position;

use super::Layout;
use crate::{logs, pods, timeline};
use model::Model;
use model::entry::EntryId;
use model::screen::Pane;

impl Layout {
    /// Is what pods use among the columns that are drawn?
    pub fn shows_usage(&self, model: &Model) -> bool {
        pods::shows_usage(model, self.pods_body().width)
    }

    /// The pane at a cell; that of the alerts or of the rollouts where their line stands for it.
    pub fn pane_at(&self, column: u16, row: u16) -> Option<Pane> {
        let at = Position::new(column, row);
        if self.alert_line.contains(at) {
            return Some(Pane::Alerts);
        }
        if self.rollout_line.contains(at) {
            return Some(Pane::Rollouts);
        }
        let mut panes = self.panes.iter();
        let found = panes.find(|(_, area)| area.contains(at));
        found.map(|(pane, _)| *pane)
    }

    /// The line of the log at a cell, among those that are listed, and the last row of the pane that it takes.
    pub fn log_line_at(&self, model: &Model, column: u16, row: u16) -> Option<(usize, usize)> {
        let body = self.body(Pane::Logs);
        let is_inside = body.contains(Position::new(column, row));
        is_inside
            .then(|| logs::line_at(model, body, usize::from(row - body.y)))
            .flatten()
    }

    /// The entry of the timeline at a cell.
    pub fn entry_at(&self, model: &Model, column: u16, row: u16) -> Option<EntryId> {
        let body = self.body(Pane::Timeline);
        let is_inside = body.contains(Position::new(column, row));
        is_inside
            .then(|| timeline::entry_at(model, body, usize::from(row - body.y)))
            .flatten()
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
