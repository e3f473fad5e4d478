//! One line of a log, or a marker, as rows of the screen: time, whose it is, text.

use ratatui::style::Style;
use unicode_segmentation::UnicodeSegmentation;
use unicode_width::UnicodeWidthStr;

use super::words::{Row, count, span};
use crate::theme::{Role, Theme};
use model::Model;
use model::logs::{LogLine, Logs, Marker, Place, Segment};
use text::SafeText;

/// Rows that one line takes at most: longer ones are read elsewhere.
const WRAP_ROWS_MAX: usize = 8;
/// A severity stands at the beginning, after a time and a name at most.
const SEVERITY_BYTES: usize = 80;

/// One line of a log as rows of the screen.
pub(super) fn block<'a>(
    model: &'a Model,
    theme: &Theme,
    place: Place,
    width: usize,
) -> Vec<Row<'a>> {
    let logs = &model.logs;
    let Some((segment, line)) = logs.line(place) else {
        return vec![Vec::new()];
    };
    if let Some(marker) = line.marker.as_deref().filter(|_| line.is_marker()) {
        let bar = if theme.is_ascii { "--" } else { "──" };
        let name = if logs.has_many_streams() {
            format!("{} ", tag(logs, segment))
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
            SafeText::from(format!("{} ", tag(logs, segment))),
            theme.style(Role::Key),
        ));
    }
    let style = theme.style(line_role(model, segment, line));
    let text = match line.marker.as_deref() {
        Some(Marker::Cut { bytes }) => SafeText::from(format!(
            "<cut: {} bytes more> {}",
            count(*bytes),
            segment.shown(line)
        )),
        _ => segment.shown(line),
    };
    if !logs.is_wrapped {
        head.push((text, style));
        return vec![head];
    }
    wrapped(head, &text, style, width)
}

/// The text broken to the width, continued below its own beginning.
fn wrapped<'a>(head: Row<'a>, text: &SafeText<'_>, style: Style, width: usize) -> Vec<Row<'a>> {
    let indent: usize = head.iter().map(|(piece, _)| piece.width()).sum();
    let room = width.saturating_sub(indent).max(8);
    let mut parts = vec![String::new()];
    let mut used = 0;
    for cluster in text.as_str().graphemes(true) {
        if used + cluster.width() > room {
            parts.push(String::new());
            used = 0;
        }
        used += cluster.width();
        if let Some(part) = parts.last_mut() {
            part.push_str(cluster);
        }
    }
    let hidden = parts.len().saturating_sub(WRAP_ROWS_MAX);
    parts.truncate(WRAP_ROWS_MAX);
    if let Some(last) = parts.last_mut().filter(|_| hidden > 0) {
        last.push('…');
    }
    let mut head = Some(head);
    let rows = parts.into_iter().map(|part| {
        let mut row = head
            .take()
            .unwrap_or_else(|| vec![(SafeText::from(" ".repeat(indent)), style)]);
        row.push((SafeText::from(part), style));
        row
    });
    rows.collect()
}

/// Which stream it is, as short as tells them apart.
fn tag(logs: &Logs, segment: &Segment) -> String {
    let pod = segment.stream.pod.shown();
    let short = pod.as_str().rsplit('-').next().unwrap_or_default();
    if logs.has_many_containers() {
        format!("{short}/{}", segment.stream.container.shown())
    } else {
        short.to_owned()
    }
}

/// A word of severity near the beginning of a line colours it; the word itself is what tells.
fn line_role(model: &Model, segment: &Segment, line: &LogLine) -> Role {
    let text = segment.text(line);
    let mut end = text.len().min(SEVERITY_BYTES);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    let words = text[..end].split(|character: char| !character.is_ascii_alphanumeric());
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
    let is_match =
        model.logs.shows_all && !filter.is_empty() && filter.matches(&std::iter::once(text));
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
        Marker::Dropped { lines } => {
            format!("{} lines dropped: more than can be kept", count(*lines))
        }
        Marker::Ended if model.cluster.pods.table.get(&segment.stream.uid).is_none() => {
            "the pod is gone, its log ends here".to_owned()
        }
        Marker::Ended => "its log ends here".to_owned(),
    }
}
