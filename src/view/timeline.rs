//! To be written.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::paint;
use crate::model::Model;
use crate::model::screen::Pane;
use crate::text::SafeText;
use crate::theme::{Role, Theme};

pub(super) fn draw(model: &Model, theme: &Theme, area: Rect, buffer: &mut Buffer) {
    let role = if model.screen.focus == Pane::Timeline {
        Role::Focus
    } else {
        Role::Border
    };
    let title = SafeText::from(format!(
        " {} {} ",
        Pane::Timeline.digit(),
        Pane::Timeline.title()
    ));
    paint::frame(
        buffer,
        area,
        vec![(title, theme.style(Role::Title))],
        role,
        theme,
    );
}
