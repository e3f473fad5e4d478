//! The lines of the timeline pane: which entries are in sight, and how each is told.

use chrono::NaiveDate;
use ratatui::style::Style;
use unicode_width::UnicodeWidthStr;

use super::wrap;
use crate::theme::{Glyph, Role, Theme};
use crate::{alerts, paint};
use model::Model;
use model::alert::Rank;
use model::entry::{Draft, EntryId};
use model::kind::Kind;
use model::timeline::{ListedEntry, SLOW_MS};
use text::SafeText;

/// Columns before the title: `03:14:00 ✎ `.
const INDENT: u16 = 11;
/// Columns before the lines in which a title goes on: a long name of an alert needs what is left.
const CONTINUED: u16 = 8;
/// A title takes at most so many lines of a tall pane; the rest of it is a key away.
const WRAP_LINES: usize = 4;
/// And at most so many where all entries have room.
const WRAP_LINES_MOST: usize = 12;
/// In a lower pane an entry takes one line: more of them are worth more than all of their words.
const TALL: usize = 12;

pub(super) struct Line<'a> {
    /// The entry that it is of; a separator is of none.
    pub(super) entry: Option<EntryId>,
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
    let is_moved = !model.timeline.sideways.is_start();
    let whole = |one: &ListedEntry<'_>| {
        let lines = entry(model, one, theme, (width, WRAP_LINES_MOST), false);
        lines.len()
    };
    let has_room = || {
        let separators = 2;
        let rows: usize = listed.iter().map(whole).sum();
        rows + separators <= height
    };
    let rows = match height {
        _ if is_moved => 1,
        0..TALL => 1,
        _ if listed.len() <= height && has_room() => WRAP_LINES_MOST,
        _ => WRAP_LINES,
    };
    // An entry in at most so many lines: what is cut says so, and never begins in its middle.
    let block = |place: usize, room: usize| {
        let (one, is_selected) = (&listed[place], selected == Some(place));
        let mut block = entry(model, one, theme, (width, rows.min(room)), is_selected);
        let day = one.draft.occurred_at.date_naive();
        let before = place
            .checked_sub(1)
            .map(|before| listed[before].draft.occurred_at.date_naive());
        let is_new = before.map_or(day != model.now.wall.date_naive(), |before| before != day);
        if is_new && block.len() < room {
            block.insert(0, separator(day, theme));
        }
        block
    };
    let (mut first, mut last) = (selected.unwrap_or(newest), selected.unwrap_or(newest));
    let mut lines = block(first, height);
    // Below the selected one all others that there are, if they leave it in sight; else a third of the pane.
    let room = height.saturating_sub(lines.len());
    let mut rest = Vec::new();
    let mut end = last;
    while end < newest && rest.len() <= room {
        end += 1;
        rest.extend(block(end, height));
    }
    if rest.len() <= room {
        last = end;
        lines.extend(rest);
    }
    while last < newest && lines.len() < height.div_ceil(3) {
        last += 1;
        lines.extend(block(last, height - lines.len()));
    }
    while first > 0 && lines.len() < height {
        first -= 1;
        lines.splice(0..0, block(first, height - lines.len()));
    }
    while last < newest && lines.len() < height {
        last += 1;
        lines.extend(block(last, height - lines.len()));
    }
    (lines, first, newest - last)
}

fn separator<'a>(day: NaiveDate, theme: &Theme) -> Line<'a> {
    Line {
        entry: None,
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
        pick(sign(draft))
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
        .untold_phase()
        .map_or(String::new(), |phase| format!("{}: ", phase.word()));
    let title = without_uids(draft.title.shown().as_str());
    let title = format!("{mark}{severity}{phase}{title}");
    let separator = theme.glyph(Glyph::Separator);
    let whole = format!("{title} {separator} {}", draft.actor.name().shown());
    let room = width.saturating_sub(usize::from(INDENT)).max(8);
    let style = theme.style(role.unwrap_or_else(|| role_of(draft)));
    // Who did it gives way before the title does.
    let sideways = model.timeline.sideways;
    let text = if sideways.is_start() && rows == 1 && whole.width() > room {
        title
    } else {
        whole
    };
    let mut parts = broken(&text, width);
    let rows = rows.max(1);
    if !sideways.is_start() {
        let moved = vec![(SafeText::from(text), style)];
        let moved = paint::further_on(moved, sideways.columns()).into_iter();
        parts = vec![moved.map(|(piece, _)| piece.to_string()).collect()];
    } else if parts.len() > rows {
        let rest = SafeText::from(parts.split_off(rows - 1).join(" "));
        parts.push(rest.at_words(room).to_string());
    }
    let mut lines = Vec::new();
    for (number, part) in parts.into_iter().enumerate() {
        let before = if number == 0 {
            head.clone()
        } else {
            " ".repeat(usize::from(CONTINUED))
        };
        lines.push(Line {
            entry: Some(draft.id),
            pieces: vec![
                (SafeText::from(before), theme.style(Role::Dim)),
                (SafeText::from(part), style),
            ],
            is_selected,
        });
    }
    lines
}

/// The text in lines, the first of which begins further in than the others.
fn broken(text: &str, width: usize) -> Vec<String> {
    let further_in = "_".repeat(usize::from(INDENT - CONTINUED));
    let room = width.saturating_sub(usize::from(CONTINUED)).max(8);
    let mut parts = wrap(&format!("{further_in}{text}"), room);
    if let Some(first) = parts.first_mut() {
        *first = first.split_off(further_in.len());
    }
    parts
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

/// An alert has the sign of the alerts pane, so that a grave one is told from a warning without its colour.
fn sign(draft: &Draft) -> (char, char) {
    match alert_rank(draft) {
        Some(rank) => rank.glyph(),
        None => draft.kind.glyph(),
    }
}

fn alert_rank(draft: &Draft) -> Option<Rank> {
    let severity = draft.severity.as_ref();
    let severity = severity.filter(|_| draft.kind == Kind::AlertFired);
    severity.map(|severity| Rank::of(&severity.name))
}

fn role_of(draft: &Draft) -> Role {
    match draft.kind {
        Kind::AlertFired => alert_rank(draft).map_or(Role::Bad, alerts::role_of_rank),
        Kind::PodTransition if draft.severity.is_some() => Role::Warn,
        Kind::ConsoleStart | Kind::ConsoleStop | Kind::Event | Kind::Probe => Role::Dim,
        _ => Role::Text,
    }
}

/// Names of pods without what the kubelet adds to them, `_shop(8398b12f-c25a-d3a0-d0b6-17defd890cb0)`: nobody reads that.
fn without_uids(title: &str) -> String {
    let mut shown = String::new();
    let mut rest = title;
    while let Some((before, after)) = rest.split_once('(') {
        let uid = after.split_once(')');
        let Some((_, behind)) = uid.filter(|(uid, _)| is_uid(uid)) else {
            shown.extend([before, "("]);
            rest = after;
            continue;
        };
        let namespace = before.rsplit_once('_');
        let name = namespace.filter(|(_, namespace)| !namespace.contains(' '));
        shown.push_str(name.map_or(before, |(name, _)| name));
        rest = behind;
    }
    shown + rest
}

/// A UUID, or the hash that stands for it in the pods of a file.
fn is_uid(text: &str) -> bool {
    let is_dash = |at: usize| text.len() == 36 && matches!(at, 8 | 13 | 18 | 23);
    let fits = |(at, byte): (usize, u8)| (byte == b'-') == is_dash(at);
    let is_known = |byte: u8| byte == b'-' || byte.is_ascii_hexdigit();
    matches!(text.len(), 32 | 36)
        && text.bytes().all(is_known)
        && text.bytes().enumerate().all(fits)
}
