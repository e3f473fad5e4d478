//! Every key of the place below, generated from the keymap and the action table: those of the pane first, in columns.

mod short;

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::OverlayView;
use crate::hint::Hint::{self, Key, Menu};
use crate::theme::{Role, Theme};
use crate::{footer, layout, paint};
use keys::action::{Action, Danger};
use keys::keymap::{Place, written};
use model::Model;
use model::runbook::RunbookPage;
use model::screen::{HelpPage, Overlay, OverlayState, Pane};
use short::SHORT;
use text::{Outside, SafeText};

/// `ctrl-b,` or `page-up` with a blank on each side.
const KEYS_WIDTH: u16 = 12;
/// Narrowest column in which descriptions can be read.
const COLUMN_LEAST: u16 = 38;
/// From this width of a column on descriptions stand whole.
const DESCRIPTION_COLUMNS: u16 = 50;
/// From this width on there are three columns; more of them are hard to find one's way in.
const THREE_COLUMNS: u16 = 150;
/// Blanks between two columns.
const GAP: u16 = 2;

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
    role: Role,
}

/// Columns side by side, and the width of each.
fn columns(width: u16) -> (u16, u16) {
    let count = match width {
        THREE_COLUMNS.. => 3,
        _ if width >= 2 * COLUMN_LEAST => 2,
        _ => 1,
    };
    (count, ((width + GAP) / count).saturating_sub(GAP))
}

/// The lines of all columns, one below the other.
fn lines(model: &Model, width: u16) -> Vec<Line> {
    let place = place(model);
    let bindings = model.keymap.bindings(place);
    let (_, column) = columns(width);
    let mut lines = Vec::new();
    for (head, actions) in sections(model, place) {
        let (mut own, mut bans) = (Vec::new(), Vec::new());
        for action in actions {
            let of_action = bindings.iter().filter(|(bound, _)| *bound == action);
            let keys: Vec<String> = of_action.map(|(_, chord)| written(chord)).collect();
            if !keys.is_empty() {
                own.extend(entry(action, &keys.join(", "), column));
                bans.extend(ban(model, action));
            }
        }
        if !own.is_empty() {
            let unkeyed = |words, role| Line {
                keys: SafeText::from(""),
                words,
                role,
            };
            lines.push(unkeyed(SafeText::from(head), Role::Title));
            bans.dedup();
            for ban in &bans {
                let ban = Outside::from(format!("not now: {ban}"));
                let wrapped = paint::wrapped(&ban.shown(), usize::from(column));
                lines.extend(wrapped.into_iter().map(|words| unkeyed(words, Role::Warn)));
            }
            if !bans.is_empty() {
                for line in &mut own {
                    line.role = Role::Dim;
                }
            }
            lines.append(&mut own);
        }
    }
    lines
}

/// Why an action is disabled: of a write that nothing can be written at all.
fn ban(model: &Model, action: Action) -> Option<String> {
    if action.danger() == Danger::Write {
        return model.write_ban(None);
    }
    model.ban(action).filter(|_| action == Action::Arm)
}

/// The keys of an action, what it does, and how dangerous it is.
fn entry(action: Action, keys: &str, column: u16) -> Vec<Line> {
    let room = usize::from(column.saturating_sub(KEYS_WIDTH));
    let short = SHORT.iter().find(|(known, _)| *known == action);
    let short = short.filter(|_| column < DESCRIPTION_COLUMNS);
    let words = short.map_or(action.description(), |(_, words)| words);
    let words = paint::wrapped(&SafeText::from(words), room);
    let keys = paint::wrapped(&SafeText::from(keys), usize::from(KEYS_WIDTH - 2));
    let role = if action.danger() == Danger::Write {
        Role::Warn
    } else {
        Role::Text
    };
    let part = |of: &[SafeText<'static>], at: usize| of.get(at).cloned();
    let rows = 0..keys.len().max(words.len());
    rows.map(|at| Line {
        keys: part(&keys, at).unwrap_or(SafeText::from("")),
        words: part(&words, at).unwrap_or(SafeText::from("")),
        role,
    })
    .collect()
}

/// Actions under their heads: those of the focused pane, those of every pane, those of other panes alone.
fn sections(model: &Model, place: Place) -> Vec<(String, Vec<Action>)> {
    if place != Place::Global {
        return vec![("Here".to_owned(), Action::ALL.to_vec())];
    }
    let (head, own) = if let Some(page) = below(model).and_then(RunbookPage::of) {
        ("In the runbook".to_owned(), of_runbook(page))
    } else {
        let focus = model.screen.focus;
        let head = format!("In the {}", focus.title().to_lowercase());
        (head, own(focus))
    };
    let is_elsewhere = |action: &Action| {
        matches!(
            action,
            Action::LogsPause
                | Action::LogsPrevious
                | Action::LogsContainer
                | Action::LogsContext
                | Action::LogsWrap
                | Action::LogsTimes
                | Action::LogsPin
                | Action::Diff
                | Action::Mark
        )
    };
    let is_write = |action: &Action| action.danger() == Danger::Write || *action == Action::Arm;
    let (writes, others): (Vec<Action>, Vec<Action>) =
        Action::ALL.iter().partition(|action| is_write(action));
    let others = others.into_iter().filter(|action| !own.contains(action));
    let (elsewhere, everywhere) = others.partition(is_elsewhere);
    vec![
        (head, own),
        ("Writes: each asks first".to_owned(), writes),
        ("Everywhere".to_owned(), everywhere),
        ("In other panes".to_owned(), elsewhere),
    ]
}

/// What the footer offers in a pane, and the rest of what is the pane's alone.
fn own(pane: Pane) -> Vec<Action> {
    let mut own = keys_of(footer::own(pane));
    if pane == Pane::Logs {
        own.push(Action::LogsTimes);
    }
    own
}

/// What the footer offers over a document, and the rest of what means something there.
fn of_runbook(page: &RunbookPage) -> Vec<Action> {
    let mut own = keys_of(page.hints());
    own.extend([Action::PreviousPane, Action::SearchPrevious, Action::Retry]);
    own
}

fn keys_of(hints: &[Hint]) -> Vec<Action> {
    let keys = hints.iter().filter_map(|hint| match hint {
        Key(action, _) => Some(*action),
        Menu(_) => None,
    });
    keys.collect()
}

/// What lies below the help.
fn below(model: &Model) -> Option<&Overlay> {
    let mut overlays = model.screen.overlays.iter().rev();
    overlays.find(|overlay| HelpPage::of(overlay).is_none())
}

/// The place whose keys are listed: that of what lies below.
fn place(model: &Model) -> Place {
    below(model).map_or(Place::Global, Overlay::place)
}

impl OverlayView for HelpPage {
    fn draw(&self, model: &Model, theme: &Theme, whole: Rect, buffer: &mut Buffer) {
        let lines = lines(model, layout::inner(whole).width);
        let (count, column) = columns(layout::inner(whole).width);
        let rows = lines.len().div_ceil(usize::from(count)) + 2;
        let rows = u16::try_from(rows).unwrap_or(u16::MAX).min(whole.height);
        let area = Rect {
            height: rows,
            ..whole
        };
        let title = vec![(SafeText::from(" Keys "), theme.style(Role::Title))];
        let inside = paint::card(buffer, area, title, Role::Focus, theme);
        let seen = usize::from(inside.height) * usize::from(count);
        let top = self.top.min(lines.len().saturating_sub(seen));
        // The text goes on in the next column: a page down is one column on.
        for (at, line) in lines.iter().skip(top).take(seen).enumerate() {
            let (side, at) = (
                at / usize::from(inside.height),
                at % usize::from(inside.height),
            );
            let side = u16::try_from(side).unwrap_or(0);
            let line_area = Rect {
                x: inside.x + side * (column + GAP),
                width: column,
                ..paint::row(inside, at)
            };
            row(line, theme, line_area.intersection(inside), buffer);
        }
        if lines.len() > seen {
            let words = position(model, (top, seen), lines.len());
            paint::at_right_edge(buffer, area, &words, theme.style(Role::Title));
        }
    }

    fn hints(&self) -> &'static [Hint] {
        HINTS
    }

    fn rows(&self, model: &Model, width: usize) -> usize {
        let width = u16::try_from(width).unwrap_or(u16::MAX);
        let height = usize::from(layout::inner(layout::of(model).middle).height);
        let further = usize::from(columns(width).0 - 1) * height;
        lines(model, width).len().saturating_sub(further)
    }
}

/// Which lines are seen, and the key that leads to the others.
fn position(model: &Model, (top, seen): (usize, usize), lines: usize) -> SafeText<'static> {
    let end = (top + seen).min(lines);
    let key = if end < lines {
        Action::PageDown
    } else {
        Action::PageUp
    };
    let chord = model.keymap.chord_of(model.screen.place(), key);
    let more = chord.map_or(String::new(), |chord| format!(", {chord} shows more"));
    SafeText::from(format!(" lines {}-{end} of {lines}{more} ", top + 1))
}

fn row(line: &Line, theme: &Theme, area: Rect, buffer: &mut Buffer) {
    if line.role == Role::Title {
        paint::text(buffer, area, &line.words, theme.style(Role::Title));
        return;
    }
    let width = KEYS_WIDTH.min(area.width);
    let left = Rect {
        x: area.x + area.width.min(1),
        width: width.saturating_sub(1),
        ..area
    };
    paint::text(buffer, left, &line.keys, theme.style(Role::Key));
    let right = Rect {
        x: area.x + width,
        width: area.width - width,
        ..area
    };
    paint::text(buffer, right, &line.words, theme.style(line.role));
}
