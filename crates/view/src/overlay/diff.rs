//! What differs between the templates of two revisions.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::OverlayView;
use crate::hint::Hint::{self, Key};
use crate::theme::{Role, Theme};
use crate::{layout, paint};
use keys::action::Action;
use model::Model;
use model::screen::Difference;
use model::templates::Side;
use text::SafeText;

const COLUMNS: u16 = 100;

const HINTS: &[Hint] = &[
    Key(Action::Back, "close"),
    Key(Action::Down, "down"),
    Key(Action::PageDown, "page down"),
    Key(Action::Bottom, "end"),
    Key(Action::Note, "note"),
];

impl OverlayView for Difference {
    fn draw(&self, _: &Model, theme: &Theme, whole: Rect, buffer: &mut Buffer) {
        let count = self.lines.len().max(1);
        let rows = u16::try_from(count + 2).unwrap_or(u16::MAX);
        let area = layout::centred(whole, COLUMNS, rows);
        let title = SafeText::from(format!(
            " Difference: {}: the arrows scroll, Esc closes ",
            self.title.shown()
        ));
        let title = vec![(title, theme.style(Role::Title))];
        let inside = paint::card(buffer, area, title, Role::Focus, theme);
        if self.lines.is_empty() {
            let words = SafeText::from(" the templates are the same");
            paint::text(
                buffer,
                paint::row(inside, 0),
                &words,
                theme.style(Role::Dim),
            );
        }
        let height = usize::from(inside.height);
        let top = self.top.min(count.saturating_sub(height));
        paint::position(buffer, area, (top, count), theme.style(Role::Dim));
        for (at, line) in self.lines.iter().skip(top).take(height).enumerate() {
            let (sign, role) = match line.side {
                Side::Before => ("-", Role::Bad),
                Side::After => ("+", Role::Good),
                Side::Both => (" ", Role::Text),
                Side::Gap => ("~ ~ ~", Role::Dim),
            };
            let text = SafeText::from(format!(" {sign} {}", line.text.shown()));
            paint::text(buffer, paint::row(inside, at), &text, theme.style(role));
        }
    }

    fn hints(&self) -> &'static [Hint] {
        HINTS
    }

    fn rows(&self, _: &Model, _: usize) -> usize {
        self.lines.len()
    }
}
