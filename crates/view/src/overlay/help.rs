//! Every key of the place below, generated from the keymap and the action table.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::OverlayView;
use crate::hint::Hint::{self, Key};
use crate::theme::{Role, Theme};
use crate::{layout, paint};
use keys::action::{Action, Danger};
use keys::keymap::{Place, written};
use model::Model;
use model::screen::{HelpPage, Overlay, OverlayState};
use text::{Outside, SafeText};

const COLUMNS: u16 = 78;
/// `ctrl-f, page-down` with a blank on each side.
const KEYS_WIDTH: u16 = 20;

const HINTS: &[Hint] = &[
    Key(Action::Back, "close"),
    Key(Action::Down, "down"),
    Key(Action::PageDown, "page down"),
    Key(Action::Bottom, "end"),
    Key(Action::Palette, "palette"),
];

/// A row: the keys of an action where it begins, and what it does, as far as one row has room.
struct Line {
    keys: SafeText<'static>,
    words: SafeText<'static>,
    is_write: bool,
}

/// Each action: its keys, what it does, and how dangerous it is.
fn lines(model: &Model) -> Vec<Line> {
    let bindings = model.keymap.bindings(place(model));
    let keys = |action: Action| {
        bindings
            .iter()
            .filter(|(bound, _)| *bound == action)
            .map(|(_, chord)| written(chord))
            .collect::<Vec<_>>()
            .join(", ")
    };
    let columns = COLUMNS.min(layout::of(model).middle.width);
    let room = usize::from(columns.saturating_sub(KEYS_WIDTH + 2));
    let mut lines = Vec::new();
    for (keys, action) in Action::ALL.iter().map(|action| (keys(*action), *action)) {
        if keys.is_empty() {
            continue;
        }
        let is_write = action.danger() == Danger::Write;
        let asks = if is_write { " (asks first)" } else { "" };
        let words = SafeText::from(format!("{}{asks}", action.description()));
        let key_lines = paint::wrapped(&SafeText::from(keys), usize::from(KEYS_WIDTH - 2));
        let mut word_lines = paint::wrapped(&words, room);
        if let Some(ban) = ban(model, action) {
            let ban = Outside::from(format!("not now: {ban}"));
            word_lines.extend(paint::wrapped(&ban.shown(), room));
        }
        for at in 0..key_lines.len().max(word_lines.len()) {
            let part = |of: &[SafeText<'static>]| of.get(at).cloned();
            lines.push(Line {
                keys: part(&key_lines).unwrap_or(SafeText::from("")),
                words: part(&word_lines).unwrap_or(SafeText::from("")),
                is_write,
            });
        }
    }
    lines
}

/// Why nothing can be written at all.
fn ban(model: &Model, action: Action) -> Option<String> {
    if action.danger() == Danger::Write {
        return model.write_ban(None);
    }
    model.ban(action).filter(|_| action == Action::Arm)
}

/// The place whose keys are listed: that of what lies below.
fn place(model: &Model) -> Place {
    let mut overlays = model.screen.overlays.iter().rev();
    overlays
        .find(|overlay| HelpPage::of(overlay).is_none())
        .map_or(Place::Global, Overlay::place)
}

impl OverlayView for HelpPage {
    fn draw(&self, model: &Model, theme: &Theme, whole: Rect, buffer: &mut Buffer) {
        let lines = lines(model);
        let rows = u16::try_from(lines.len() + 2).unwrap_or(u16::MAX);
        let area = layout::centred(whole, COLUMNS, rows);
        let title = SafeText::from(" Keys ");
        let title = vec![(title, theme.style(Role::Title))];
        let inside = paint::card(buffer, area, title, Role::Focus, theme);
        let height = usize::from(inside.height);
        let top = self.top.min(lines.len().saturating_sub(height));
        for (at, line) in lines.iter().skip(top).take(height).enumerate() {
            row(line, theme, paint::row(inside, at), buffer);
        }
        paint::position(buffer, area, (top, lines.len()), theme.style(Role::Title));
    }

    fn hints(&self) -> &'static [Hint] {
        HINTS
    }

    fn rows(&self, model: &Model, _: usize) -> usize {
        lines(model).len()
    }
}

fn row(line: &Line, theme: &Theme, area: Rect, buffer: &mut Buffer) {
    let width = KEYS_WIDTH.min(area.width);
    let left = Rect {
        x: area.x + area.width.min(1),
        width: width.saturating_sub(1),
        ..area
    };
    paint::text(buffer, left, &line.keys, theme.style(Role::Key));
    let role = if line.is_write {
        Role::Warn
    } else {
        Role::Text
    };
    let right = Rect {
        x: area.x + width,
        width: area.width - width,
        ..area
    };
    paint::text(buffer, right, &line.words, theme.style(role));
}
