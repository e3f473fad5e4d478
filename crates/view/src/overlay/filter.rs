//! The line in which a filter is typed: it stands in the title of what it narrows.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::OverlayView;
use crate::hint::Hint::{self, Key};
use crate::theme::Theme;
use keys::action::Action;
use model::Model;
use model::screen::FilterLine;

const HINTS: &[Hint] = &[
    Key(Action::Accept, "keep it"),
    Key(Action::Back, "as it was before"),
];

impl OverlayView for FilterLine {
    fn draw(&self, _: &Model, _: &Theme, _: Rect, _: &mut Buffer) {}

    fn hints(&self) -> &'static [Hint] {
        HINTS
    }
}
