//! One line of a log, or a marker, as rows of the screen: time, whose it is, text.

use ratatui::style::Style;
use unicode_segmentation::UnicodeSegmentation;
use unicode_width::UnicodeWidthStr;

use super::found;
use super::words::{Row, count, span};
use crate::paint;
use crate::theme::{Role, Theme};
use model::Model;
use model::logs::{LinePlace, LogLine, Logs, Marker, Segment, StreamId};
use text::{Rendered, SafeText};

/// Rows that one line takes at most: longer ones are read elsewhere.
pub(super) const WRAP_ROWS_MAX: usize = 8;
/// A severity stands at the beginning, after a time and a name at most.
const SEVERITY_BYTES: usize = 80;

/// An ordinal has no more digits than this; the other names end in five random characters.
const ORDINAL_DIGITS: usize = 4;

/// Where a line is drawn.
pub(super) struct Room {
    pub(super) width: usize,
    /// Rows that it takes at most.
    pub(super) rows: usize,
    /// It is the line that is read: what is found in it comes into sight.
    pub(super) is_read: bool,
}

/// One line of a log as rows of the screen.
pub(super) fn block<'a>(
    model: &'a Model,
    theme: &Theme,
    place: LinePlace,
    room: &Room,
) -> Vec<Row<'a>> {
    let logs = &model.logs;
    let Some((segment, line)) = logs.line(place) else {
        return vec![Vec::new()];
    };
    if let Some(marker) = line.marker.as_deref().filter(|_| line.is_marker()) {
        let bar = if theme.is_ascii { "--" } else { "──" };
        let name = if logs.has_many_streams() {
            format!("{} ", tag(logs, &segment.stream))
        } else {
            String::new()
        };
        let words = format!("{bar} {name}{} {bar}", marker_words(model, segment, marker));
        return vec![vec![(SafeText::from(words), theme.style(Role::Warn))]];
    }
    let mut head: Row<'a> = Vec::new();
    if !logs.hides_times {
        let time = model.settings.shown(line.at.utc()).format("%H:%M:%S%.3f ");
        head.push((SafeText::from(time.to_string()), theme.style(Role::Dim)));
    }
    if logs.has_many_streams() {
        head.push((
            SafeText::from(format!("{} ", tag(logs, &segment.stream))),
            theme.style(Role::Key),
        ));
    }
    let (before, text) = written(model, theme, segment, line);
    head.extend(before);
    let found = model.screen.logs.filter.found_in(&found::shown(&text));
    let text = found::marked(text, &found);
    let first = found.first().filter(|_| room.is_read);
    if logs.is_wrapped {
        return wrapped(head, &text, first.map(|first| first.start), room);
    }
    let columns = room.width.saturating_sub(width(&head));
    head.extend(match first {
        _ if !logs.sideways.is_start() => paint::further_on(text, logs.sideways.columns()),
        Some(first) => found::in_sight(text, first, columns),
        None => text,
    });
    vec![head]
}

fn width(row: &Row<'_>) -> usize {
    row.iter().map(|(piece, _)| piece.width()).sum()
}

/// What is missing of a line, and its text as a terminal would show it.
fn written<'a>(
    model: &Model,
    theme: &Theme,
    segment: &'a Segment,
    line: &LogLine,
) -> (Row<'a>, Row<'a>) {
    let rendered = text::rendered(segment.text(line));
    let role = line_role(model, segment, line, &rendered);
    let base = theme.style(role);
    let mut before = Vec::new();
    if let Some(Marker::Cut { bytes }) = line.marker.as_deref() {
        let words = format!("<cut: {} bytes more> ", count(*bytes));
        before.push((SafeText::from(words), base));
    }
    if rendered.states > 1 {
        let words = format!("<last of {} states> ", count(rendered.states as u64));
        before.push((SafeText::from(words), theme.style(Role::Dim)));
    }
    let pieces = rendered.pieces.into_iter();
    let styled = |rendition| base.patch(theme.rendition(rendition));
    let text = pieces.map(|(rendition, piece)| (piece, styled(rendition)));
    (before, text.collect())
}

/// The text broken to the width, continued below its own beginning.
fn wrapped<'a>(
    head: Row<'a>,
    text: &Row<'_>,
    in_sight: Option<usize>,
    room: &Room,
) -> Vec<Row<'a>> {
    let indent = width(&head);
    let columns = room.width.saturating_sub(indent).max(8);
    let (mut bytes, mut row_in_sight) = (0, 0);
    let mut parts: Vec<Vec<(String, Style)>> = vec![Vec::new()];
    let mut used = 0;
    for (piece, style) in text {
        for cluster in piece.as_str().graphemes(true) {
            if used + cluster.width() > columns {
                parts.push(Vec::new());
                used = 0;
            }
            if Some(bytes) == in_sight {
                row_in_sight = parts.len() - 1;
            }
            bytes += cluster.len();
            used += cluster.width();
            let Some(part) = parts.last_mut() else {
                continue;
            };
            match part.last_mut() {
                Some((words, known)) if known == style => words.push_str(cluster),
                _ => part.push((cluster.to_owned(), *style)),
            }
        }
    }
    // What is found stands in the last row but one, where it would stand below.
    let last = parts.len().saturating_sub(room.rows);
    let from = (row_in_sight + 2).saturating_sub(room.rows).min(last);
    parts.drain(..from);
    if let Some(first) = parts.first_mut().filter(|_| from > 0) {
        first.insert(0, ("…".to_owned(), Style::new()));
    }
    let hidden = parts.len().saturating_sub(room.rows);
    parts.truncate(room.rows);
    if let Some((last, _)) = parts
        .last_mut()
        .and_then(|part| part.last_mut())
        .filter(|_| hidden > 0)
    {
        last.push('…');
    }
    let mut head = Some(head);
    let rows = parts.into_iter().map(|part| {
        let mut row = head
            .take()
            .unwrap_or_else(|| vec![(SafeText::from(" ".repeat(indent)), Style::new())]);
        let pieces = part.into_iter();
        row.extend(pieces.map(|(words, style)| (SafeText::from(words), style)));
        row
    });
    rows.collect()
}

/// Which stream it is, as short as tells them apart. The ordinal of a StatefulSet's pod would be taken for a part of the line.
pub(super) fn tag(logs: &Logs, stream: &StreamId) -> String {
    let pod = stream.pod.shown();
    let last = pod.as_str().rsplit('-').next().unwrap_or_default();
    let is_ordinal = last.len() <= ORDINAL_DIGITS && last.bytes().all(|byte| byte.is_ascii_digit());
    let parts = if is_ordinal { 2 } else { 1 };
    let from = pod.as_str().rmatch_indices('-').nth(parts - 1);
    let short = from.map_or(pod.as_str(), |(at, _)| &pod.as_str()[at + 1..]);
    if logs.has_many_containers() {
        format!("{short}/{}", stream.container.shown())
    } else {
        short.to_owned()
    }
}

/// A word of severity near the beginning of a line colours it; the word itself is what tells.
fn line_role(model: &Model, segment: &Segment, line: &LogLine, rendered: &Rendered<'_>) -> Role {
    let mut text = String::new();
    for (_, piece) in &rendered.pieces {
        let room = SEVERITY_BYTES.saturating_sub(text.len());
        text.extend(piece.as_str().chars().take(room));
    }
    let words = text.split(|character: char| !character.is_ascii_alphanumeric());
    for word in words {
        match word {
            "ERROR" | "FATAL" | "PANIC" | "CRITICAL" | "SEVERE" | "error" | "fatal" | "panic" => {
                return Role::Bad;
            }
            "WARN" | "WARNING" | "warn" | "warning" => return Role::Warn,
            "DEBUG" | "TRACE" | "debug" | "trace" => return Role::Dim,
            _ => {}
        }
    }
    let filter = &model.screen.logs.filter;
    let is_match = model.logs.shows_all && !filter.is_empty() && segment.passes(line, filter);
    if is_match { Role::Title } else { Role::Text }
}

fn marker_words(model: &Model, segment: &Segment, marker: &Marker) -> String {
    match marker {
        Marker::Cut { bytes } => format!("{bytes} bytes cut"),
        Marker::Gap { from, until } => {
            format!("{} gap, lines may be missing", span(until.since_ms(*from)))
        }
        Marker::Restarted {
            restarts,
            after_ms,
            is_tail_missing,
        } => format!(
            "{} gap, container restarted ({restarts}){}",
            span(*after_ms),
            if *is_tail_missing {
                ", its last lines may be missing"
            } else {
                ""
            }
        ),
        Marker::SetAside => "set aside here for containers in trouble".to_owned(),
        Marker::Dropped { lines } => {
            format!("{} lines dropped: more than can be kept", count(*lines))
        }
        Marker::Ended if model.cluster.pods.table.get(&segment.stream.uid).is_none() => {
            "the pod is gone, its log ends here".to_owned()
        }
        Marker::Ended => "its log ends here".to_owned(),
    }
}
