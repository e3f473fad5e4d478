//! Moving in a list: the cursor is on an object and keeps its line on the screen.

use model::meta::Row;
use model::screen::{Cursor, List};
use model::table::Table;

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
        uid: row.meta().uid.clone(),
        screen_line,
    });
}

/// Selects the next row that is searched for, round the end; false when there is none.
pub(super) fn search<R: Row>(
    list: &mut List,
    table: &Table<R>,
    height: usize,
    is_forward: bool,
    is_wanted: impl Fn(&R) -> bool,
) -> bool {
    let count = table.len();
    let from = list
        .cursor
        .as_ref()
        .and_then(|cursor| table.line_of(&cursor.uid));
    let is_wanted = |line: &usize| table.row_at(*line).is_some_and(|(row, _)| is_wanted(row));
    let found = match (from, is_forward) {
        (None, _) => (0..count).find(is_wanted),
        (Some(from), true) => (from + 1..count).chain(0..=from).find(is_wanted),
        (Some(from), false) => (0..from).rev().chain((from..count).rev()).find(is_wanted),
    };
    if let Some(line) = found {
        select_line(list, table, height, line);
    }
    found.is_some()
}

/// A selected object that is not listed any more is let go: the next key selects anew, nothing acts on its neighbour.
pub(super) fn keep_cursor<R: Row>(list: &mut List, table: &Table<R>, height: usize) {
    if list
        .cursor
        .as_ref()
        .is_some_and(|cursor| table.line_of(&cursor.uid).is_none())
    {
        list.cursor = None;
    }
    list.top = list.top_line(table, height);
    // Near an end of the list it stands elsewhere than it was put: where it is seen is the place to keep from now on.
    if let Some(cursor) = &mut list.cursor
        && let Some(line) = table.line_of(&cursor.uid)
    {
        cursor.screen_line = line.saturating_sub(list.top);
    }
}
