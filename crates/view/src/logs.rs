//! The logs pane: lines by time, the newest at the bottom or the one that is read in its place; markers where lines are
//! missing; what is followed, hidden, found and lost in the frame.

mod found;
mod line;
mod words;

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::paint;
use crate::theme::{Role, Theme};
use line::{Room, WRAP_ROWS_MAX, block};
use model::Model;
use model::screen::Pane;
use text::SafeText;
use words::{Row, silence, title, trouble};

pub(super) fn draw(model: &Model, theme: &Theme, area: Rect, buffer: &mut Buffer) {
    let role = paint::pane_role(model, Pane::Logs);
    let inside = paint::frame(buffer, area, title(model, theme), role, theme);
    if let Some((words, role)) = trouble(model) {
        paint::foot(
            buffer,
            area,
            &SafeText::from(format!(" {words} ")),
            theme.style(role),
        );
    }
    let filter = &model.screen.logs.filter;
    let listed = model.logs.listed(filter);
    if listed.is_empty() {
        let words = SafeText::from(silence(model));
        for (at, line) in paint::wrapped(&words, usize::from(inside.width))
            .iter()
            .enumerate()
        {
            paint::text(buffer, paint::row(inside, at), line, theme.style(Role::Dim));
        }
        return;
    }
    let anchor = model.logs.cursor_index(filter);
    for (at, (index, row)) in rows(model, theme, inside).iter().enumerate() {
        let area = paint::row(inside, at);
        paint::pieces(buffer, area, row);
        if anchor == Some(*index) && !area.is_empty() {
            buffer.set_style(area, theme.style(Role::Selected));
        }
    }
}

/// The line at a row of the pane's inside, among those that are listed, and the last row that it takes.
pub(super) fn line_at(model: &Model, inside: Rect, row: usize) -> Option<(usize, usize)> {
    let rows = rows(model, &Theme::default(), inside);
    let (index, _) = rows.get(row)?;
    let last = rows.iter().rposition(|(of, _)| of == index)?;
    Some((*index, last))
}

/// The rows that are seen, each with the line that it is of.
fn rows<'a>(model: &'a Model, theme: &Theme, inside: Rect) -> Vec<(usize, Row<'a>)> {
    let filter = &model.screen.logs.filter;
    let listed = model.logs.listed(filter);
    let Some(last) = listed.len().checked_sub(1) else {
        return Vec::new();
    };
    let (width, height) = (usize::from(inside.width), usize::from(inside.height));
    let anchor = model.logs.cursor_index(filter);
    let rows = |index: usize| {
        let room = Room {
            width,
            rows: WRAP_ROWS_MAX.min(height).max(1),
            is_read: anchor == Some(index),
        };
        listed
            .at(index)
            .map_or(Vec::new(), |place| block(model, theme, place, &room))
    };
    let mut shown: Vec<(usize, Vec<Row<'_>>)> = Vec::new();
    // Upwards from the line that is read, or from the newest; then downwards as far as there is room.
    let from = anchor.unwrap_or(last);
    let above = model
        .logs
        .cursor
        .filter(|_| anchor.is_some())
        .map_or(height, |cursor| cursor.screen_line + 1);
    let mut used = 0;
    for index in (0..=from).rev() {
        let block = rows(index);
        used += block.len();
        shown.insert(0, (index, block));
        if used >= above.min(height) {
            break;
        }
    }
    for index in from + 1..=last {
        if used >= height {
            break;
        }
        let block = rows(index);
        used += block.len();
        shown.push((index, block));
    }
    let lines = shown
        .into_iter()
        .flat_map(|(index, block)| block.into_iter().map(move |row| (index, row)));
    let lines: Vec<(usize, Row<'_>)> = lines.collect();
    let skipped = if anchor.is_none() {
        lines.len().saturating_sub(height)
    } else {
        overflow(&lines, from, height)
    };
    let seen = lines.into_iter().skip(skipped).take(height);
    seen.collect()
}

/// Rows to leave out at the top so that the line that is read is on the screen.
fn overflow(lines: &[(usize, Row<'_>)], selected: usize, height: usize) -> usize {
    let end = lines
        .iter()
        .rposition(|(index, _)| *index == selected)
        .map_or(0, |at| at + 1);
    end.saturating_sub(height)
}
