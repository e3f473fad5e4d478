//! What changed before the first symptom, over the panes: the nearest to what is sick first.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::OverlayView;
use crate::hint::Hint::{self, Key};
use crate::paint;
use crate::theme::{Glyph, Role, Theme};
use keys::action::Action;
use model::Model;
use model::entry::EntryId;
use model::screen::ChangesPage;
use model::what_changed::{ChangeLine, WhatChanged};
use text::SafeText;

const HINTS: &[Hint] = &[
    Key(Action::Back, "close"),
    Key(Action::Open, "what differs"),
    Key(Action::Down, "down"),
    Key(Action::Copy, "copy"),
    Key(Action::Note, "note"),
];

/// Where no change is selected.
const HINTS_OF_NONE: &[Hint] = &[
    Key(Action::Back, "close"),
    Key(Action::Down, "down"),
    Key(Action::Note, "note"),
];

/// Columns before the words of a line: those of the cursor.
const INDENT: usize = 2;

/// One row: what it says, how, and the change that it is about.
struct Row {
    text: SafeText<'static>,
    role: Role,
    of: Option<EntryId>,
    /// The cursor stands here.
    is_first: bool,
}

impl OverlayView for ChangesPage {
    fn draw(&self, model: &Model, theme: &Theme, whole: Rect, buffer: &mut Buffer) {
        let title = vec![(SafeText::from(" What changed "), theme.style(Role::Title))];
        let inside = paint::card(buffer, whole, title, Role::Focus, theme);
        let rows = rows(model, usize::from(inside.width));
        let height = usize::from(inside.height);
        let top = first_shown(self, &rows, height);
        paint::position(buffer, whole, (top, rows.len()), theme.style(Role::Dim));
        for (at, row) in rows.iter().skip(top).take(height).enumerate() {
            let area = paint::row(inside, at);
            let is_selected = row.of.is_some() && row.of == self.selected;
            let sign = if is_selected && row.is_first {
                theme.glyph(Glyph::Cursor)
            } else {
                " "
            };
            let text = SafeText::from(format!("{sign} {}", row.text));
            paint::text(buffer, area, &text, theme.style(row.role));
            if is_selected {
                buffer.set_style(area, theme.style(Role::Selected));
            }
        }
    }

    fn hints(&self) -> &'static [Hint] {
        if self.selected.is_none() {
            return HINTS_OF_NONE;
        }
        HINTS
    }

    fn rows(&self, model: &Model, width: usize) -> usize {
        rows(model, width).len()
    }
}

/// The first row on the screen: where it was scrolled to, as far as the selected change is in sight.
fn first_shown(page: &ChangesPage, rows: &[Row], height: usize) -> usize {
    let last = rows.len().saturating_sub(height);
    let is_it = |row: &Row| row.of.is_some() && row.of == page.selected;
    let Some(first) = rows.iter().position(is_it) else {
        return page.top.min(last);
    };
    let end = first + rows.iter().filter(|row| is_it(row)).count();
    let top = page.top.min(first).max(end.saturating_sub(height));
    top.min(last)
}

fn rows(model: &Model, width: usize) -> Vec<Row> {
    let mut rows: Vec<Row> = Vec::new();
    let room = width.saturating_sub(INDENT);
    for line in WhatChanged::of(model).lines(model) {
        let (text, role, of) = match line {
            ChangeLine::Head(head) => {
                if !rows.is_empty() {
                    rows.push(row(SafeText::from(""), Role::Text, None, true));
                }
                (SafeText::from(head), Role::Title, None)
            }
            ChangeLine::Sick(words) => (words.shown().into_owned(), Role::Bad, None),
            ChangeLine::Change(id, words) => (words.shown().into_owned(), Role::Text, Some(id)),
            ChangeLine::Quiet(words) => (words.shown().into_owned(), Role::Dim, None),
        };
        let pieces = paint::wrapped(&text, room.saturating_sub(INDENT))
            .into_iter()
            .enumerate();
        rows.extend(pieces.map(|(at, piece)| {
            let indent = if at == 0 { "" } else { "  " };
            row(
                SafeText::from(format!("{indent}{piece}")),
                role,
                of,
                at == 0,
            )
        }));
    }
    rows
}

fn row(text: SafeText<'static>, role: Role, of: Option<EntryId>, is_first: bool) -> Row {
    Row {
        text,
        role,
        of,
        is_first,
    }
}
