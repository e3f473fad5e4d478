//! A page of headed fields over the panes, in whose lines a person scrolls: shared by what is shown whole.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;

use crate::hint::Hint::{self, Key};
use crate::paint;
use crate::theme::{Role, Theme};
use keys::action::Action;
use text::SafeText;

/// Labels of lines stand in a column of this width.
const LABEL_WIDTH: usize = 12;
/// What is under a head stands so many columns further in, and its parts again.
const INDENT: usize = 2;

/// The hints of a page that has no keys of its own.
pub(super) const HINTS: &[Hint] = &[
    Key(Action::Back, "close"),
    Key(Action::Down, "down"),
    Key(Action::PageDown, "page down"),
    Key(Action::Copy, "copy"),
    Key(Action::Note, "note"),
];

/// Lines of text, each in one role.
pub(super) type Lines = Vec<(Role, SafeText<'static>)>;

/// The lines of a page: built whole, wrapped to the width; only the visible part is drawn.
pub(super) struct PageText {
    width: usize,
    pub(super) lines: Vec<(Role, SafeText<'static>)>,
}

impl PageText {
    pub(super) fn new(width: usize) -> PageText {
        PageText {
            width,
            lines: Vec::new(),
        }
    }

    pub(super) fn head(&mut self, words: &'static str) {
        if !self.lines.is_empty() {
            self.lines.push((Role::Text, SafeText::from("")));
        }
        self.lines.push((Role::Title, SafeText::from(words)));
    }

    pub(super) fn field(&mut self, label: &str, role: Role, text: &SafeText<'_>) {
        self.named(&(0, SafeText::from(label)), role, text);
    }

    /// A field that stands so many steps further in; a long label has a line of its own.
    pub(super) fn named(
        &mut self,
        (depth, label): &(usize, SafeText<'_>),
        role: Role,
        text: &SafeText<'_>,
    ) {
        let start = (INDENT + depth * INDENT).min(self.width / 3);
        let indent = " ".repeat(start + LABEL_WIDTH);
        let mut label = format!("{:start$}{label:LABEL_WIDTH$}", "");
        if !label.ends_with(' ') {
            let long = std::mem::replace(&mut label, indent.clone());
            self.lines.push((role, SafeText::from(long)));
        }
        let room = self.width.saturating_sub(indent.len());
        for piece in paint::wrapped(text, room) {
            let words = format!("{label}{piece}");
            self.lines.push((role, SafeText::from(words)));
            label.clone_from(&indent);
        }
    }

    /// Text without a label.
    pub(super) fn text(&mut self, role: Role, text: &SafeText<'_>) {
        for piece in paint::wrapped(text, self.width.saturating_sub(INDENT)) {
            let words = format!("{:INDENT$}{piece}", "");
            self.lines.push((role, SafeText::from(words)));
        }
    }
}

/// Draws a page on everything between header and footer, from line `top` on; `lines` makes them for a width.
pub(super) fn draw(
    title: Vec<(SafeText<'_>, Style)>,
    top: usize,
    lines: impl FnOnce(usize) -> Lines,
    theme: &Theme,
    whole: Rect,
    buffer: &mut Buffer,
) {
    let inside = paint::card(buffer, whole, title, Role::Focus, theme);
    let lines = lines(usize::from(inside.width));
    let height = usize::from(inside.height);
    let top = top.min(lines.len().saturating_sub(height));
    paint::position(buffer, whole, (top, lines.len()), theme.style(Role::Dim));
    for (at, (role, text)) in lines.iter().skip(top).take(height).enumerate() {
        paint::text(buffer, paint::row(inside, at), text, theme.style(*role));
    }
}
