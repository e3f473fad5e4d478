//! The palette: what fits what was typed, with its key, or with the reason why it cannot be done now.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::OverlayView;
use crate::hint::Hint;
use crate::theme::{Glyph, Role, Theme};
use crate::{layout, paint};
use model::Model;
use model::palette::{self, Palette, PaletteGoal, PaletteLine};
use text::{Outside, SafeText};

const COLUMNS: u16 = 78;
const ROWS: u16 = 20;
/// Columns of the kind: `statefulset` is the longest.
const WHAT: u16 = 12;
/// Rows below the lines for the note of the selected one.
const NOTE_ROWS: u16 = 2;
/// Columns of an action's key.
const KEYS: u16 = 10;

impl OverlayView for Palette {
    fn draw(&self, model: &Model, theme: &Theme, whole: Rect, buffer: &mut Buffer) {
        let area = layout::centred(whole, COLUMNS, ROWS);
        let title = SafeText::from(" Command: Enter runs the match; ns NAME and ctx NAME switch ");
        let title = vec![(title, theme.style(Role::Title))];
        let inside = paint::card(buffer, area, title, Role::Focus, theme);
        let typed = SafeText::from(format!(":{}_", Outside::from(self.text.as_str()).shown()));
        paint::text(
            buffer,
            paint::row(inside, 0),
            &typed,
            theme.style(Role::Warn),
        );
        let offers = self.offers(model);
        if offers.is_empty() {
            nothing(self, model, theme, inside, buffer);
        }
        let height = usize::from(inside.height.saturating_sub(1 + NOTE_ROWS));
        let top = (self.selected + 1).saturating_sub(height.max(1));
        for (at, offer) in offers.iter().enumerate().skip(top).take(height) {
            let line = paint::row(inside, at - top + 1);
            row(model, theme, offer, line, buffer);
            if at == self.selected {
                whole_note(offer, theme, inside, buffer);
                buffer.set_style(line, theme.style(Role::Selected));
                let sign = SafeText::from(theme.glyph(Glyph::Cursor));
                let first = Rect {
                    width: line.width.min(1),
                    ..line
                };
                paint::text(buffer, first, &sign, theme.style(Role::Selected));
            }
        }
    }

    fn hints(&self) -> &'static [Hint] {
        super::CHOICE_HINTS
    }
}

/// Nothing is found: it may be a kind that this console knows nothing of.
fn nothing(palette: &Palette, model: &Model, theme: &Theme, inside: Rect, buffer: &mut Buffer) {
    let words = SafeText::from("nothing has these letters in this order");
    let mut lines = vec![words];
    if let Some(line) = palette::kubectl_line(model, &palette.text) {
        lines.push(SafeText::from(
            "a kind of this name has no view here; this lists it:",
        ));
        let line = Outside::from(line);
        lines.extend(paint::wrapped(&line.shown(), usize::from(inside.width)));
    }
    for (at, line) in lines.iter().enumerate() {
        let area = paint::row(inside, at + 1);
        paint::text(buffer, area, line, theme.style(Role::Dim));
    }
}

fn roles(offer: &PaletteLine) -> (Role, Role) {
    match &offer.ban {
        Some(_) => (Role::Dim, Role::Warn),
        None => (Role::Title, Role::Text),
    }
}

/// What it does, or why it does not.
fn note(offer: &PaletteLine) -> Outside {
    match (&offer.ban, &offer.goal) {
        (Some(ban), PaletteGoal::Action(_)) => format!("not now: {ban}").into(),
        (Some(ban), _) => ban.as_str().into(),
        (None, _) => offer.note.clone(),
    }
}

/// The note of the selected line whole: its row may have no room for it.
fn whole_note(offer: &PaletteLine, theme: &Theme, inside: Rect, buffer: &mut Buffer) {
    let (_, role) = roles(offer);
    let used = offer.name.shown().width() + 2 + note(offer).shown().width();
    if used <= usize::from(note_columns(inside)) {
        return;
    }
    let lines = paint::wrapped(
        &note(offer).shown(),
        usize::from(inside.width.saturating_sub(4)),
    );
    let top = usize::from(inside.height.saturating_sub(NOTE_ROWS));
    for (at, line) in lines.iter().take(usize::from(NOTE_ROWS)).enumerate() {
        let row = paint::row(inside, top + at);
        let area = Rect {
            x: row.x + row.width.min(2),
            width: row.width.saturating_sub(2),
            ..row
        };
        paint::text(buffer, area, line, theme.style(role));
    }
}

fn key_columns(line: Rect) -> u16 {
    KEYS.min(line.width / 4)
}

/// Columns of name and note.
fn note_columns(line: Rect) -> u16 {
    line.width.saturating_sub(2 + WHAT + key_columns(line))
}

fn row(model: &Model, theme: &Theme, offer: &PaletteLine, line: Rect, buffer: &mut Buffer) {
    let part = |from: u16, columns: u16| Rect {
        x: line.x + from.min(line.width),
        width: columns.min(line.width.saturating_sub(from)),
        ..line
    };
    let (words, keys) = (2 + WHAT, key_columns(line));
    let what = SafeText::from(offer.what);
    paint::text(buffer, part(2, WHAT), &what, theme.style(Role::Dim));
    let (role, note_role) = roles(offer);
    let note = note(offer);
    let pieces = [
        (offer.name.shown(), theme.style(role)),
        (SafeText::from("  "), theme.style(role)),
        (note.shown(), theme.style(note_role)),
    ];
    paint::pieces(buffer, part(words, note_columns(line)), &pieces);
    if let Some(chord) = palette::chord(model, offer) {
        let at = line.width.saturating_sub(keys) + 1;
        paint::text(
            buffer,
            part(at, keys),
            &SafeText::from(chord),
            theme.style(Role::Key),
        );
    }
}
