//! The palette: what fits what was typed, with its key, or with the reason why it cannot be done now.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::OverlayView;
use crate::hint::Hint;
use crate::theme::{Glyph, Role, Theme};
use crate::{layout, paint};
use model::Model;
use model::palette::{self, Offer, Palette};
use text::{Outside, SafeText};

const COLUMNS: u16 = 78;
const ROWS: u16 = 20;
/// Columns of the kind: `statefulset` is the longest.
const WHAT: u16 = 12;
/// Columns of an action's key.
const KEYS: u16 = 10;

impl OverlayView for Palette {
    fn draw(&self, model: &Model, theme: &Theme, whole: Rect, buffer: &mut Buffer) {
        let area = layout::centred(whole, COLUMNS, ROWS);
        let title = SafeText::from(" What? Letters in their order find it, Enter does it ");
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
            let words = SafeText::from("nothing has these letters in this order");
            paint::text(
                buffer,
                paint::row(inside, 1),
                &words,
                theme.style(Role::Dim),
            );
        }
        let height = usize::from(inside.height.saturating_sub(1));
        let top = (self.selected + 1).saturating_sub(height.max(1));
        for (at, offer) in offers.iter().enumerate().skip(top).take(height) {
            let line = paint::row(inside, at - top + 1);
            row(model, theme, offer, line, buffer);
            if at == self.selected {
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

fn row(model: &Model, theme: &Theme, offer: &Offer, line: Rect, buffer: &mut Buffer) {
    let part = |from: u16, columns: u16| Rect {
        x: line.x + from.min(line.width),
        width: columns.min(line.width.saturating_sub(from)),
        ..line
    };
    let (words, keys) = (2 + WHAT, KEYS.min(line.width / 4));
    let what = SafeText::from(offer.what);
    paint::text(buffer, part(2, WHAT), &what, theme.style(Role::Dim));
    let (role, note_role, note) = match &offer.ban {
        Some(ban) => (
            Role::Dim,
            Role::Warn,
            SafeText::from(format!("not now: {ban}")),
        ),
        None => (Role::Title, Role::Text, offer.note.shown()),
    };
    let pieces = [
        (offer.name.shown(), theme.style(role)),
        (SafeText::from("  "), theme.style(role)),
        (note, theme.style(note_role)),
    ];
    let room = line.width.saturating_sub(words + keys);
    paint::pieces(buffer, part(words, room), &pieces);
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
