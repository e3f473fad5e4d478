//! Choose one of a list.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::{layout, paint};
use crate::theme::{Glyph, Role, Theme};
use model::Model;
use model::screen::{Picked, Picker};
use text::{Outside, SafeText};

const COLUMNS: u16 = 60;
const ROWS: u16 = 18;

pub(super) fn draw(
    model: &Model,
    picker: &Picker,
    theme: &Theme,
    whole: Rect,
    buffer: &mut Buffer,
) {
    let title = match picker.what {
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
    let typed = SafeText::from(format!("/{}_", Outside::from(picker.text.as_str()).shown()));
    paint::text(
        buffer,
        paint::row(inside, 0),
        &typed,
        theme.style(Role::Warn),
    );
    let choices = picker.choices(&model.cluster);
    let height = usize::from(inside.height.saturating_sub(1));
    let top = (picker.selected + 1).saturating_sub(height.max(1));
    if choices.is_empty() {
        paint::text(
            buffer,
            paint::row(inside, 1),
            &SafeText::from("nothing has this in its name"),
            theme.style(Role::Dim),
        );
    }
    for (at, choice) in choices.iter().enumerate().skip(top).take(height) {
        let line = paint::row(inside, at - top + 1);
        let text = choice
            .as_ref()
            .map_or(SafeText::from("all namespaces"), Outside::shown);
        let (sign, role) = if at == picker.selected {
            (theme.glyph(Glyph::Cursor), Role::Selected)
        } else {
            (" ", Role::Text)
        };
        let text = SafeText::from(format!("{sign} {text}"));
        paint::text(buffer, line, &text, theme.style(Role::Text));
        buffer.set_style(line, theme.style(role));
    }
}
