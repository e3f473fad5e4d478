//! The last line, or the last lines: what was just said, the keys that may follow, or those that act where the focus is.

mod said;

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;

use super::hint::Hint::{self, Key, Menu};
use super::{overlay, paint};
use crate::theme::{Role, Theme};
use keys::action::{Action, Danger};
use model::Model;
use model::screen::{HelpPage, Pane};
use text::SafeText;

/// Blanks between two hints.
const GAP: usize = 2;

/// The most needed first: what there is no room for is in the help.
const ALERTS: &[Hint] = &[
    Key(Action::Open, "open"),
    Key(Action::Link, "link"),
    Key(Action::Logs, "logs"),
    Key(Action::Note, "note"),
    Key(Action::IncidentOpen, "incident"),
    Key(Action::Filter, "filter"),
    Key(Action::SearchNext, "next firing"),
    Key(Action::Copy, "copy runbook"),
];
const PODS: &[Hint] = &[
    Menu(Action::Restart),
    Key(Action::Open, "open"),
    Key(Action::Logs, "logs"),
    Key(Action::Link, "link"),
    Key(Action::Note, "note"),
    Key(Action::IncidentOpen, "incident"),
    Key(Action::Filter, "filter"),
    Key(Action::SearchNext, "next sick"),
    Key(Action::Yaml, "YAML"),
    Key(Action::Sort, "sort"),
];
const LOGS: &[Hint] = &[
    Key(Action::LogsPause, "hold"),
    Key(Action::Open, "open"),
    Key(Action::Filter, "filter"),
    Key(Action::SearchNext, "next match"),
    Key(Action::Logs, "whole workload"),
    Key(Action::LogsPrevious, "before"),
    Key(Action::LogsPin, "pin"),
    Key(Action::LogsContainer, "container"),
    Key(Action::LogsWrap, "wrap"),
    Key(Action::LogsContext, "context"),
    Key(Action::Right, "right"),
    Key(Action::LineStart, "line start"),
];
const ROLLOUTS: &[Hint] = &[
    Menu(Action::Rollback),
    Key(Action::Open, "revisions"),
    Key(Action::Diff, "diff"),
    Key(Action::Mark, "mark"),
    Key(Action::Link, "link"),
    Key(Action::Logs, "logs"),
    Key(Action::Filter, "filter"),
    Key(Action::Yaml, "YAML"),
    Key(Action::Note, "note"),
];
const TIMELINE: &[Hint] = &[
    Key(Action::Note, "note"),
    Key(Action::Open, "open"),
    Key(Action::IncidentOpen, "incident"),
    Key(Action::Filter, "filter"),
    Key(Action::Export, "export"),
    Key(Action::Copy, "copy"),
    Key(Action::Right, "right"),
    Key(Action::LineStart, "line start"),
];
/// On every pane, after its own.
const EVERYWHERE: &[Hint] = &[
    Key(Action::NextPane, "pane"),
    Key(Action::Zoom, "zoom"),
    Key(Action::Palette, "palette"),
    Key(Action::Namespace, "namespace"),
    Key(Action::Context, "context"),
];

pub(super) use said::rows;
use said::{said, styled};

type Pieces<'a> = Vec<(SafeText<'a>, Style)>;

pub(super) fn draw(model: &Model, theme: &Theme, area: Rect, buffer: &mut Buffer) {
    if let Some(line) = following(model, theme) {
        with_help(model, theme, &line, area, buffer);
        return;
    }
    let rows = usize::from(area.height);
    let said = said(model).map(|said| said.lines(usize::from(area.width), rows));
    match said.as_deref() {
        Some([line]) => with_help(model, theme, &styled(line, theme), area, buffer),
        Some(lines) => {
            for (at, line) in lines.iter().enumerate() {
                paint::pieces(buffer, paint::row(area, at), &styled(line, theme));
            }
        }
        None => {
            let room = usize::from(area.width).saturating_sub(width(&help(model, theme)));
            with_help(model, theme, &hints(model, theme, room), area, buffer);
        }
    }
}

/// Words that were said come before the help, which comes before all other keys.
fn with_help(model: &Model, theme: &Theme, line: &Pieces<'_>, area: Rect, buffer: &mut Buffer) {
    let help = help(model, theme);
    let reserved = width(&help);
    let room = usize::from(area.width).saturating_sub(reserved);
    paint::pieces(buffer, area, line);
    let has_room = width(line) <= room && reserved <= usize::from(area.width);
    if let Some(columns) = u16::try_from(reserved).ok().filter(|_| has_room) {
        let right = Rect {
            x: area.right() - columns,
            width: columns,
            ..area
        };
        paint::pieces(buffer, right, &help);
    }
}

fn width(pieces: &Pieces<'_>) -> usize {
    pieces.iter().map(|(piece, _)| piece.width()).sum()
}

/// The key of the help, where it has one.
fn help(model: &Model, theme: &Theme) -> Pieces<'static> {
    let is_open = model.screen.topmost::<HelpPage>().is_some();
    let place = model.screen.place();
    match model.keymap.chord_of(place, Action::Help) {
        Some(chord) if !is_open => vec![
            (SafeText::from(chord), theme.style(Role::Key)),
            (SafeText::from(" help "), theme.style(Role::Text)),
        ],
        Some(_) | None => Vec::new(),
    }
}

/// Which keys may follow the pending ones.
fn following(model: &Model, theme: &Theme) -> Option<Pieces<'static>> {
    let (place, pending) = (model.screen.place(), &model.screen.pending);
    if pending.is_empty() {
        return None;
    }
    let following = model.keymap.following(place, pending);
    let is_write =
        |action: Option<Action>| action.is_some_and(|action| action.danger() == Danger::Write);
    let off = model.write_ban_in_short();
    let off = off.filter(|_| following.iter().all(|(_, _, action)| is_write(*action)));
    let title = model.keymap.menu_title(pending);
    let title = match &off {
        Some(why) => format!(" {title} (off: {why}): "),
        None => format!(" {title}: "),
    };
    let mut pieces = vec![(SafeText::from(title), theme.style(Role::Title))];
    for (key, name, action) in following {
        let is_banned = action.is_some_and(|action| model.ban(action).is_some());
        let of = |role| theme.style(if is_banned { Role::Dim } else { role });
        pieces.push((SafeText::from(key.to_string()), of(Role::Key)));
        pieces.push((SafeText::from(format!(" {name}  ")), of(Role::Text)));
    }
    Some(pieces)
}

/// The keys that act here: as many whole hints as there is room for.
fn hints(model: &Model, theme: &Theme, room: usize) -> Pieces<'static> {
    let mut pieces = Vec::new();
    let mut used = 1;
    for hint in offered(model) {
        let Some((chord, word)) = written(model, hint) else {
            continue;
        };
        let columns = chord.chars().count() + 1 + word.chars().count() + GAP;
        if used + columns > room {
            break;
        }
        used += columns;
        if pieces.is_empty() {
            pieces.push((SafeText::from(" "), theme.style(Role::Text)));
        }
        pieces.push((SafeText::from(chord), theme.style(Role::Key)));
        let word = format!(" {word}{:GAP$}", "");
        pieces.push((SafeText::from(word), theme.style(Role::Text)));
    }
    pieces
}

/// The hints of a pane.
pub(super) fn own(pane: Pane) -> &'static [Hint] {
    match pane {
        Pane::Alerts => ALERTS,
        Pane::Pods => PODS,
        Pane::Logs => LOGS,
        Pane::Rollouts => ROLLOUTS,
        Pane::Timeline => TIMELINE,
    }
}

/// The hints of what lies on top, else those of the pane.
fn offered(model: &Model) -> Vec<Hint> {
    if let Some(overlay) = model.screen.overlays.last() {
        return overlay::of(overlay).hints().to_vec();
    }
    let own = own(model.screen.focus);
    own.iter().chain(EVERYWHERE).copied().collect()
}

/// The key and the word of a hint, as things stand; `None` when no key is bound.
fn written(model: &Model, hint: Hint) -> Option<(String, String)> {
    let place = model.screen.place();
    let (action, word) = match hint {
        Menu(action) => {
            let chord = model.keymap.chord_keys(place, action)?;
            let (_, menu) = chord.split_last()?;
            if menu.is_empty() {
                (action, action.name())
            } else {
                let off = model.write_ban_in_short();
                let off = off.filter(|_| action.danger() == Danger::Write);
                let off = off.map_or(String::new(), |why| format!(" (off: {why})"));
                let title = format!("{}{off}", model.keymap.menu_title(menu));
                return Some((keys::keymap::written(menu), title));
            }
        }
        Key(Action::IncidentOpen, _) if model.timeline.incident.is_some() => {
            (Action::IncidentClose, "close incident")
        }
        Key(Action::LogsPause, _) if model.logs.cursor.is_some() => (Action::LogsPause, "follow"),
        Key(Action::LogsPrevious, _) if model.logs.is_previous => {
            (Action::LogsPrevious, "present log")
        }
        Key(action, word) => (action, word),
    };
    Some((model.keymap.chord_of(place, action)?, word.to_owned()))
}
