//! Every key of the place below, generated from the keymap and the action table.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::{layout, paint};
use crate::action::{Action, Danger};
use crate::keymap::{Place, written};
use crate::model::Model;
use crate::model::screen::Overlay;
use crate::text::SafeText;
use crate::theme::{Role, Theme};

const COLUMNS: u16 = 78;
const KEYS_WIDTH: u16 = 24;

/// One line for each action: its keys, what it does, and how dangerous it is.
fn lines(model: &Model, place: Place) -> Vec<(String, Action)> {
    let bindings = model.keymap.bindings(place);
    let keys = |action: &Action| {
        bindings
            .iter()
            .filter(|(bound, _)| bound == action)
            .map(|(_, chord)| written(chord))
            .collect::<Vec<_>>()
            .join(", ")
    };
    Action::ALL
        .iter()
        .map(|action| (keys(action), *action))
        .filter(|(keys, _)| !keys.is_empty())
        .collect()
}

pub(super) fn draw(model: &Model, top: usize, theme: &Theme, whole: Rect, buffer: &mut Buffer) {
    let place = model
        .screen
        .overlays
        .iter()
        .rev()
        .find(|overlay| !matches!(overlay, Overlay::Help { .. }))
        .map_or(Place::Global, Overlay::place);
    let lines = lines(model, place);
    let rows = u16::try_from(lines.len() + 2).unwrap_or(u16::MAX);
    let area = layout::centred(whole, COLUMNS, rows);
    let title = SafeText::from(" Keys: the arrows scroll, Esc closes ");
    let inside = paint::card(
        buffer,
        area,
        vec![(title, theme.style(Role::Title))],
        Role::Focus,
        theme,
    );
    let top = top.min(lines.len().saturating_sub(usize::from(inside.height)));
    for (at, (keys, action)) in lines
        .iter()
        .skip(top)
        .take(usize::from(inside.height))
        .enumerate()
    {
        let line = paint::row(inside, at);
        let width = KEYS_WIDTH.min(line.width);
        paint::text(
            buffer,
            Rect {
                x: line.x + line.width.min(1),
                width: width.saturating_sub(1),
                ..line
            },
            &SafeText::from(keys.as_str()),
            theme.style(Role::Key),
        );
        let role = if action.danger() == Danger::Write {
            Role::Warn
        } else {
            Role::Text
        };
        let words = if action.danger() == Danger::Write {
            format!("{} (asks first)", action.description())
        } else {
            action.description().to_owned()
        };
        paint::text(
            buffer,
            Rect {
                x: line.x + width,
                width: line.width - width,
                ..line
            },
            &SafeText::from(words),
            theme.style(role),
        );
    }
}
