//! The logs pane.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::paint;
use crate::model::Model;
use crate::model::screen::Pane;
use crate::text::SafeText;
use crate::theme::{Role, Theme};

pub(super) fn draw(model: &Model, theme: &Theme, area: Rect, buffer: &mut Buffer) {
    let title = paint::pane_title(Pane::Logs, theme);
    let role = paint::pane_role(model, Pane::Logs);
    let inside = paint::frame(buffer, area, vec![title], role, theme);
    paint::text(
        buffer,
        paint::row(inside, 0),
        &SafeText::from("not connected yet"),
        theme.style(Role::Dim),
    );
}
