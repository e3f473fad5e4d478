//! Moving in a list: the cursor is on an object and keeps its line on the screen.

pub(super) mod succession;

use model::meta::Row;
use model::meta::Uid;
use model::screen::{Cursor, List};
use model::table::Table;
use text::Outside;

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
    if line < table.len() {
        put_on_line(list, table, height, line);
        (list.is_pointed, list.lost) = (true, None);
    }
}

fn put_on_line<R: Row>(list: &mut List, table: &Table<R>, height: usize, line: usize) {
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

/// Selects what stands on this line of the screen, if anything does.
pub(super) fn click<R: Row>(list: &mut List, table: &Table<R>, height: usize, screen_line: usize) {
    let top = list.top_line(table, height);
    if top + screen_line < table.len() {
        select_line(list, table, height, top + screen_line);
    }
}

/// Why an action has no object.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Unselected {
    /// What was selected, if that is known, is gone; another line is selected now.
    Gone(Option<Outside>),
    /// The list is empty.
    Nothing,
}

/// The object of an action: from now on the cursor goes nowhere by itself. When what was selected is gone, and the cursor is
/// on nothing of the same kin, nothing else happens: an action never falls on something that nobody pointed at.
pub(super) fn pointed<R: Row>(
    list: &mut List,
    table: &Table<R>,
    height: usize,
) -> Result<Uid, Unselected> {
    let is_lost = list.is_pointed && (list.cursor.is_none() || succession::is_on_a_stranger(list));
    if let Some(lost) = &mut list.lost {
        lost.is_awaited = false;
    }
    if list.cursor.is_none() {
        step(list, table, height, Move::Lines(0));
    }
    let Some(cursor) = &list.cursor else {
        return Err(Unselected::Nothing);
    };
    list.is_pointed = true;
    if is_lost {
        let title = list.lost.as_ref().map(|lost| lost.of.title.clone());
        return Err(Unselected::Gone(title));
    }
    Ok(cursor.uid.clone())
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

/// Keeps the cursor on its object; where that is gone, on what takes its place. A cursor that nobody moved is on the first
/// line, and stays with its object as long as that is worth looking at.
pub(super) fn keep_cursor<R: Row>(
    list: &mut List,
    table: &Table<R>,
    height: usize,
    is_wanted: impl Fn(&R) -> bool,
) {
    let line = list
        .cursor
        .as_ref()
        .and_then(|cursor| table.line_of(&cursor.uid));
    if line.is_none() {
        list.cursor = None;
    }
    if !list.is_pointed {
        place(
            list,
            table,
            height,
            line.filter(|line| {
                let row = table.row_at(*line);
                *line < height && row.is_some_and(|(row, is_gone)| !is_gone && is_wanted(row))
            }),
        );
    }
    list.top = list.top_line(table, height);
    // Near an end of the list it stands elsewhere than it was put: where it is seen is the place to keep from now on.
    if let Some(cursor) = &mut list.cursor
        && let Some(line) = table.line_of(&cursor.uid)
    {
        cursor.screen_line = line.saturating_sub(list.top);
    }
}

/// The list stands at its beginning, so that nothing worse comes above what is seen.
fn place<R: Row>(list: &mut List, table: &Table<R>, height: usize, line: Option<usize>) {
    let line = line.unwrap_or(0);
    list.top = 0;
    list.cursor = table.row_at(line).map(|(row, _)| Cursor {
        uid: row.meta().uid.clone(),
        screen_line: line.min(height.saturating_sub(1)),
    });
}

/// What was selected is narrowed away, or belongs to another scope: the first line is selected.
pub(super) fn begin_anew<R: Row>(list: &mut List, table: &Table<R>) {
    let is_listed = |cursor: &Cursor| table.line_of(&cursor.uid).is_some();
    if !list.cursor.as_ref().is_some_and(is_listed) {
        (list.cursor, list.is_pointed) = (None, false);
        (list.seen, list.lost) = (None, None);
    }
}
