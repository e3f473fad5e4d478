//! One object whole, over the panes.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::paint;
use crate::model::Model;
use crate::model::cluster::ObjectRef;
use crate::text::SafeText;
use crate::theme::{Role, Theme};

pub(super) fn draw(
    _model: &Model,
    object: &ObjectRef,
    _top: usize,
    theme: &Theme,
    whole: Rect,
    buffer: &mut Buffer,
) {
    let title = SafeText::from(format!(" {} ", object.name.shown()));
    paint::card(
        buffer,
        whole,
        vec![(title, theme.style(Role::Title))],
        Role::Focus,
        theme,
    );
}
