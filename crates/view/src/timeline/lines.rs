//! The lines of the timeline pane: which entries are in sight, and how each is told.

use chrono::NaiveDate;
use ratatui::style::Style;
use unicode_width::UnicodeWidthStr;

use super::wrap;
use crate::theme::{Glyph, Role, Theme};
use model::Model;
use model::entry::Draft;
use model::kind::Kind;
use model::timeline::{ListedEntry, SLOW_MS};
use text::SafeText;

/// Columns before the title: `03:14:00 ✎ `.
const INDENT: u16 = 11;
/// A title takes at most so many lines of a tall pane; the rest of it is a key away.
const WRAP_LINES: usize = 4;
/// In a lower pane an entry takes one line: more of them are worth more than all of their words.
const TALL: usize = 12;

pub(super) struct Line<'a> {
    pub(super) pieces: Vec<(SafeText<'a>, Style)>,
    pub(super) is_selected: bool,
}

/// The lines that fit, and the entries above and below them: the newest at the bottom, or the selected entry in sight.
pub(super) fn of<'a>(
    model: &'a Model,
    theme: &Theme,
    width: usize,
    height: usize,
) -> (Vec<Line<'a>>, usize, usize) {
    let listed = model.timeline.listed();
    let Some(newest) = listed.len().checked_sub(1) else {
        return (Vec::new(), 0, 0);
    };
    let cursor = model.timeline.cursor;
    let selected = cursor.and_then(|id| listed.iter().position(|one| one.draft.id == id));
    let rows = if height < TALL { 1 } else { WRAP_LINES };
    let block = |place: usize| {
        let mut block = entry(
            model,
            &listed[place],
            theme,
            (width, rows),
            selected == Some(place),
        );
        let day = listed[place].draft.occurred_at.date_naive();
        let before = place
            .checked_sub(1)
            .map(|before| listed[before].draft.occurred_at.date_naive());
        if before.map_or(day != model.now.wall.date_naive(), |before| before != day) {
            block.insert(0, separator(day, theme));
        }
        block
    };
    let (mut first, mut last) = (selected.unwrap_or(newest), selected.unwrap_or(newest));
    let mut lines = block(first);
    // Below the selected one all entries that there are, as far as they leave it in sight; else a third of the pane.
    while last < newest && lines.len() < height {
        last += 1;
        lines.extend(block(last));
    }
    if last < newest {
        while last > first && lines.len() > height / 3 {
            lines.truncate(lines.len() - block(last).len());
            last -= 1;
        }
    }
    while first > 0 && lines.len() < height {
        first -= 1;
        lines.splice(0..0, block(first));
    }
    while last < newest && lines.len() < height {
        last += 1;
        lines.extend(block(last));
    }
    let lines = if last == newest || first > 0 {
        lines.split_off(lines.len().saturating_sub(height))
    } else {
        lines.truncate(height);
        lines
    };
    (lines, first, newest - last)
}

fn separator<'a>(day: NaiveDate, theme: &Theme) -> Line<'a> {
    Line {
        pieces: vec![(
            SafeText::from(format!("-- {day} --")),
            theme.style(Role::Dim),
        )],
        is_selected: false,
    }
}

fn entry<'a>(
    model: &Model,
    one: &ListedEntry<'a>,
    theme: &Theme,
    (width, rows): (usize, usize),
    is_selected: bool,
) -> Vec<Line<'a>> {
    let draft = one.draft;
    let pick = |(fine, ascii): (char, char)| if theme.is_ascii { ascii } else { fine };
    let head = format!(
        "{} {} ",
        model.settings.shown(draft.occurred_at).format("%H:%M:%S"),
        pick(draft.kind.glyph())
    );
    let (mark, role) = unsaved(model, one);
    let severity = draft.severity.as_ref().map_or(String::new(), |severity| {
        // The sign of an alert says it already.
        match draft.kind {
            Kind::AlertFired => format!("{} ", severity.name),
            _ => format!("{} {} ", pick(severity.glyph()), severity.name),
        }
    });
    let phase = draft
        .phase
        .map_or(String::new(), |phase| format!("{}: ", phase.word()));
    let title = format!("{mark}{severity}{phase}{}", draft.title.shown());
    let separator = theme.glyph(Glyph::Separator);
    let whole = format!("{title} {separator} {}", draft.actor.name().shown());
    let room = width.saturating_sub(usize::from(INDENT)).max(8);
    let style = theme.style(role.unwrap_or_else(|| role_of(draft)));
    // Who did it gives way before the title does.
    let text = if rows == 1 && whole.width() > room {
        title
    } else {
        whole
    };
    let mut parts = wrap(&text, room);
    if parts.len() > rows {
        let rest = SafeText::from(parts.split_off(rows - 1).join(" "));
        parts.push(rest.at_words(room).to_string());
    }
    let mut lines = Vec::new();
    for (number, part) in parts.into_iter().enumerate() {
        let before = if number == 0 {
            head.clone()
        } else {
            " ".repeat(usize::from(INDENT))
        };
        lines.push(Line {
            pieces: vec![
                (SafeText::from(before), theme.style(Role::Dim)),
                (SafeText::from(part), style),
            ],
            is_selected,
        });
    }
    lines
}

/// What an entry that is not on disk says of itself.
fn unsaved(model: &Model, one: &ListedEntry<'_>) -> (&'static str, Option<Role>) {
    match one.unsaved {
        None => ("", None),
        Some(pending) if pending.problem.is_some() => ("NOT SAVED ", Some(Role::Bad)),
        Some(pending) if model.now.since_ms(pending.since) >= SLOW_MS => {
            ("NOT SAVED YET ", Some(Role::Bad))
        }
        Some(_) => ("saving ", Some(Role::Dim)),
    }
}

fn role_of(draft: &Draft) -> Role {
    match draft.kind {
        Kind::AlertFired => Role::Bad,
        Kind::PodTransition if draft.severity.is_some() => Role::Warn,
        Kind::ConsoleStart | Kind::ConsoleStop | Kind::Event | Kind::Probe => Role::Dim,
        _ => Role::Text,
    }
}
