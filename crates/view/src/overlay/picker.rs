//! Choose one of a list.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::OverlayView;
use crate::hint::Hint;
use crate::theme::{Glyph, Role, Theme};
use crate::{layout, names, paint};
use model::Model;
use model::screen::{Picked, Picker};
use text::{Outside, SafeText};

const COLUMNS: u16 = 60;
const ROWS: u16 = 18;

impl OverlayView for Picker {
    fn draw(&self, model: &Model, theme: &Theme, whole: Rect, buffer: &mut Buffer) {
        let title = match self.what {
            Picked::Namespace => " Watch which namespace? ",
            Picked::Context => " Which context? ",
        };
        let area = layout::centred(whole, COLUMNS, ROWS);
        let inside = paint::card(
            buffer,
            area,
            vec![(SafeText::from(title), theme.style(Role::Title))],
            Role::Focus,
            theme,
        );
        let typed = SafeText::from(format!("/{}_", Outside::from(self.text.as_str()).shown()));
        paint::text(
            buffer,
            paint::row(inside, 0),
            &typed,
            theme.style(Role::Warn),
        );
        let choices = self.choices(&model.cluster);
        let height = usize::from(inside.height.saturating_sub(1));
        let top = (self.selected + 1).saturating_sub(height.max(1));
        if choices.is_empty() {
            paint::text(
                buffer,
                paint::row(inside, 1),
                &SafeText::from("nothing has this in its name"),
                theme.style(Role::Dim),
            );
        }
        let columns = usize::from(inside.width.saturating_sub(2));
        let shown = choices.iter().skip(top).take(height).map(|choice| {
            let name = choice.as_ref();
            let name = name.map_or(SafeText::from("all namespaces"), Outside::shown);
            (name, columns)
        });
        let names = names::distinct(&shown.collect::<Vec<_>>());
        for (at, text) in names.iter().enumerate() {
            let (line, at) = (paint::row(inside, at + 1), at + top);
            let (sign, role) = if at == self.selected {
                (theme.glyph(Glyph::Cursor), Role::Selected)
            } else {
                (" ", Role::Text)
            };
            let text = SafeText::from(format!("{sign} {text}"));
            paint::text(buffer, line, &text, theme.style(Role::Text));
            buffer.set_style(line, theme.style(role));
        }
    }

    fn hints(&self) -> &'static [Hint] {
        super::CHOICE_HINTS
    }
}
