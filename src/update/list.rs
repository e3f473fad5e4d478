//! Moving in a list: the cursor is on an object and keeps its line on the screen.

use crate::model::Model;
use crate::model::pod_list::{self, Column};
use crate::model::screen::{Cursor, List};
use crate::model::table::{Row, Table};
use crate::model::time::Seconds;

/// How far to move.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Move {
    Lines(isize),
    Pages(isize),
    Top,
    Bottom,
}

/// Moves the cursor of a list over its table; `height` is the number of body lines on the screen.
pub(super) fn step<R: Row>(list: &mut List, table: &Table<R>, height: usize, by: Move) {
    let Some(last) = table.len().checked_sub(1) else {
        return;
    };
    let from = list
        .cursor
        .as_ref()
        .and_then(|cursor| table.line_of(&cursor.uid));
    let page = isize::try_from(height.saturating_sub(1).max(1)).unwrap_or(1);
    let to = match (by, from) {
        (Move::Top, _) => 0,
        (Move::Bottom, _) => last,
        (Move::Lines(_) | Move::Pages(_), None) => list.top_line(table, height).min(last),
        (Move::Lines(lines), Some(line)) => line.saturating_add_signed(lines).min(last),
        (Move::Pages(pages), Some(line)) => line.saturating_add_signed(pages * page).min(last),
    };
    select_line(list, table, height, to);
}

/// Selects the object on a line.
pub(super) fn select_line<R: Row>(list: &mut List, table: &Table<R>, height: usize, line: usize) {
    let top = list.top_line(table, height);
    let Some((row, _)) = table.row_at(line) else {
        return;
    };
    let lowest = height.saturating_sub(1);
    let screen_line = if line < top {
        0
    } else {
        (line - top).min(lowest)
    };
    list.cursor = Some(Cursor {
        uid: row.uid().clone(),
        screen_line,
    });
}

/// Sorts and filters the pods anew.
pub(super) fn reorder_pods(model: &mut Model) {
    let (list, now) = (&model.screen.pods, Seconds::from(model.now.wall));
    let column = Column::of(list);
    model.cluster.pods.table.reorder(list.is_reversed, |row| {
        pod_list::stand(row, column, &list.filter, now)
    });
}
