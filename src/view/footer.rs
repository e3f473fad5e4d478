//! The last line: what was just said, the keys that may follow, or the most useful ones.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;

use super::paint;
use crate::action::Action;
use crate::keymap::Place;
use crate::model::Model;
use crate::text::SafeText;
use crate::theme::{Role, Theme};

/// The hints of a quiet screen, the most needed first.
const HINTS: [(Action, &str); 12] = [
    (Action::Open, "open"),
    (Action::Scale, "scale"),
    (Action::Restart, "restart"),
    (Action::Note, "note"),
    (Action::IncidentOpen, "incident"),
    (Action::Filter, "filter"),
    (Action::SearchNext, "next sick"),
    (Action::NextPane, "pane"),
    (Action::Zoom, "zoom"),
    (Action::Link, "link"),
    (Action::Palette, "palette"),
    (Action::Help, "help"),
];

pub(super) fn draw(model: &Model, theme: &Theme, area: Rect, buffer: &mut Buffer) {
    let line = following(model, theme)
        .or_else(|| status(model, theme))
        .or_else(|| problem(model, theme, usize::from(area.width)));
    paint::pieces(buffer, area, &line.unwrap_or_else(|| hints(model, theme)));
}

/// Which keys may follow the pending ones.
fn following(model: &Model, theme: &Theme) -> Option<Vec<(SafeText<'static>, Style)>> {
    let (place, pending) = (model.screen.place(), &model.screen.pending);
    if pending.is_empty() {
        return None;
    }
    let mut pieces = vec![(
        SafeText::from(format!(" {}: ", model.keymap.menu_title(pending))),
        theme.style(Role::Title),
    )];
    for (key, name, _) in model.keymap.following(place, pending) {
        pieces.push((SafeText::from(key.to_string()), theme.style(Role::Key)));
        pieces.push((
            SafeText::from(format!(" {name}  ")),
            theme.style(Role::Text),
        ));
    }
    Some(pieces)
}

fn status<'a>(model: &'a Model, theme: &Theme) -> Option<Vec<(SafeText<'a>, Style)>> {
    let status = model.screen.status.as_ref()?;
    let role = if status.is_error {
        Role::Bad
    } else {
        Role::Text
    };
    let sign = if status.is_error { " ! " } else { " " };
    Some(vec![
        (SafeText::from(sign), theme.style(role)),
        (status.text.shown(), theme.style(role)),
    ])
}

/// What is wrong and, whatever is cut, what to do about it.
fn problem<'a>(
    model: &'a Model,
    theme: &Theme,
    width: usize,
) -> Option<Vec<(SafeText<'a>, Style)>> {
    let problem = model.cluster.problem()?;
    let next = SafeText::from(format!("; {}", problem.next));
    let bad = theme.style(Role::Bad);
    let room = width.saturating_sub(next.width() + 4).max(width / 3);
    let what = problem.what.shown().truncated(room).into_owned();
    Some(vec![
        (SafeText::from(" ! "), bad),
        (what, bad),
        (next, theme.style(Role::Text)),
    ])
}

fn hints(model: &Model, theme: &Theme) -> Vec<(SafeText<'static>, Style)> {
    let place = model.screen.place();
    if place != Place::Global {
        return Vec::new();
    }
    let mut pieces = vec![(SafeText::from(" "), theme.style(Role::Text))];
    for (action, word) in HINTS {
        if let Some(chord) = model.keymap.chord_of(place, action) {
            pieces.push((SafeText::from(chord), theme.style(Role::Key)));
            pieces.push((
                SafeText::from(format!(" {word}  ")),
                theme.style(Role::Text),
            ));
        }
    }
    pieces
}
