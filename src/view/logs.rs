//! The logs pane: lines by time, the newest at the bottom or the one that is read in its place; markers where lines are
//! missing; what is followed, hidden, found and lost in the frame.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;
use unicode_segmentation::UnicodeSegmentation;
use unicode_width::UnicodeWidthStr;

use super::paint;
use crate::model::Model;
use crate::model::logs::{Line, Logs, Marker, Place, STREAMS_MAX, Segment, StreamState};
use crate::model::screen::{Overlay, Pane};
use crate::text::{Outside, SafeText};
use crate::theme::{Glyph, Role, Theme};

/// Rows that one line takes at most: longer ones are read elsewhere.
const WRAP_ROWS_MAX: usize = 8;

pub(super) fn draw(model: &Model, theme: &Theme, area: Rect, buffer: &mut Buffer) {
    let role = paint::pane_role(model, Pane::Logs);
    let inside = paint::frame(buffer, area, title(model, theme), role, theme);
    if let Some((words, role)) = trouble(model) {
        paint::foot(
            buffer,
            area,
            &SafeText::from(format!(" {words} ")),
            theme.style(role),
        );
    }
    let filter = &model.screen.logs.filter;
    let listed = model.logs.listed(filter);
    let Some(last) = listed.len().checked_sub(1) else {
        let words = SafeText::from(silence(model));
        for (at, line) in paint::wrapped(&words, usize::from(inside.width))
            .iter()
            .enumerate()
        {
            paint::text(buffer, paint::row(inside, at), line, theme.style(Role::Dim));
        }
        return;
    };
    let (width, height) = (usize::from(inside.width), usize::from(inside.height));
    let anchor = model.logs.cursor_index(filter);
    let rows = |index: usize| {
        listed
            .at(index)
            .map_or(Vec::new(), |place| block(model, theme, place, width))
    };
    let mut shown: Vec<(usize, Vec<Row<'_>>)> = Vec::new();
    // Upwards from the line that is read, or from the newest; then downwards as far as there is room.
    let from = anchor.unwrap_or(last);
    let above = model
        .logs
        .cursor
        .filter(|_| anchor.is_some())
        .map_or(height, |cursor| cursor.screen_line + 1);
    let mut used = 0;
    for index in (0..=from).rev() {
        let block = rows(index);
        used += block.len();
        shown.insert(0, (index, block));
        if used >= above.min(height) {
            break;
        }
    }
    for index in from + 1..=last {
        if used >= height {
            break;
        }
        let block = rows(index);
        used += block.len();
        shown.push((index, block));
    }
    let lines = shown
        .into_iter()
        .flat_map(|(index, block)| block.into_iter().map(move |row| (index, row)));
    let lines: Vec<(usize, Row<'_>)> = lines.collect();
    let skipped = if anchor.is_none() {
        lines.len().saturating_sub(height)
    } else {
        overflow(&lines, from, height)
    };
    for (at, (index, row)) in lines.iter().skip(skipped).enumerate() {
        let area = paint::row(inside, at);
        paint::pieces(buffer, area, row);
        if anchor == Some(*index) && !area.is_empty() {
            buffer.set_style(area, theme.style(Role::Selected));
        }
    }
}

type Row<'a> = Vec<(SafeText<'a>, Style)>;

/// Rows to leave out at the top so that the line that is read is on the screen.
fn overflow(lines: &[(usize, Row<'_>)], selected: usize, height: usize) -> usize {
    let end = lines
        .iter()
        .rposition(|(index, _)| *index == selected)
        .map_or(0, |at| at + 1);
    end.saturating_sub(height)
}

/// One line of a log as rows of the screen.
fn block<'a>(model: &'a Model, theme: &Theme, place: Place, width: usize) -> Vec<Row<'a>> {
    let logs = &model.logs;
    let Some((segment, line)) = logs.line(place) else {
        return vec![Vec::new()];
    };
    if let Some(marker) = line.marker.as_deref().filter(|_| line.is_marker()) {
        let bar = if theme.is_ascii { "--" } else { "──" };
        let name = if logs.followed.len() > 1 {
            format!("{} ", tag(logs, segment))
        } else {
            String::new()
        };
        let words = format!("{bar} {name}{} {bar}", marker_words(marker));
        return vec![vec![(SafeText::from(words), theme.style(Role::Warn))]];
    }
    let mut head: Row<'a> = Vec::new();
    if !logs.hides_times {
        let time = model.settings.shown(line.at.utc()).format("%H:%M:%S%.3f ");
        head.push((SafeText::from(time.to_string()), theme.style(Role::Dim)));
    }
    if logs.followed.len() > 1 || logs.followed.is_empty() {
        head.push((
            SafeText::from(format!("{} ", tag(logs, segment))),
            theme.style(Role::Key),
        ));
    }
    let style = theme.style(line_role(model, segment, line));
    let text = match line.marker.as_deref() {
        Some(Marker::Cut { bytes }) => {
            SafeText::from(format!("<cut: {bytes} bytes more> {}", segment.shown(line)))
        }
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
fn line_role(model: &Model, segment: &Segment, line: &Line) -> Role {
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

/// A severity stands at the beginning, after a time and a name at most.
const SEVERITY_BYTES: usize = 80;

fn marker_words(marker: &Marker) -> String {
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
            format!("{} lines came too fast and were dropped", count(*lines))
        }
    }
}

fn span(ms: u64) -> String {
    match ms {
        0..60_000 => format!("{}.{} s", ms / 1_000, ms % 1_000 / 100),
        _ => format!("{} min {} s", ms / 60_000, ms % 60_000 / 1_000),
    }
}

/// With thousands set apart.
fn count(number: u64) -> String {
    let digits = number.to_string();
    let groups: Vec<&str> = digits
        .as_bytes()
        .rchunks(3)
        .rev()
        .filter_map(|group| std::str::from_utf8(group).ok())
        .collect();
    groups.join(",")
}

fn title<'a>(model: &'a Model, theme: &Theme) -> Row<'a> {
    let logs = &model.logs;
    let mut title = vec![paint::pane_title(Pane::Logs, theme)];
    let dot = theme.glyph(Glyph::Separator);
    if let Some(target) = &logs.target {
        let (pods, all) = (logs.followed_pods(), logs.members.len());
        let mut words = target.title.shown().to_string();
        if let Some(container) = &logs.container {
            words = format!("{words} {dot} {}", container.shown());
        }
        if all != 1 {
            let pods = if pods < all {
                format!(
                    "{} of {} pods followed",
                    count(pods as u64),
                    count(all as u64)
                )
            } else {
                format!("{all} pods")
            };
            words = format!("{words} {dot} {pods}");
        }
        if logs.is_previous {
            words = format!("{words} {dot} instance before");
        }
        title.push((
            SafeText::from(format!("{words} {dot} ")),
            theme.style(Role::Text),
        ));
        let mode = match logs.cursor {
            None => ("follow".to_owned(), Role::Good),
            Some(_) => (format!("paused, {} new", count(logs.unread())), Role::Warn),
        };
        title.push((SafeText::from(format!("{} ", mode.0)), theme.style(mode.1)));
    }
    let filter = &model.screen.logs.filter;
    let is_typing = model.screen.focus == Pane::Logs
        && matches!(model.screen.overlays.last(), Some(Overlay::Filter { .. }));
    if is_typing || !filter.is_empty() {
        let caret = if is_typing { "_" } else { "" };
        let (here, all) = (logs.matches.len() as u64, logs.ring.order().len() as u64);
        let text = Outside::from(filter.text());
        let found = match (filter.is_empty(), logs.shows_all) {
            (true, _) => String::new(),
            (false, false) => format!(" {}, {} hidden", count(here), count(all - here.min(all))),
            (false, true) => format!(" {} of {}", count(here), count(all)),
        };
        let busy = if logs.is_searching { ", searching" } else { "" };
        let words = format!("{dot} /{}{caret}{found}{busy} ", text.shown());
        title.push((SafeText::from(words), theme.style(Role::Warn)));
    }
    title
}

/// What of the followed logs is not here, and why: the worst first.
fn trouble(model: &Model) -> Option<(String, Role)> {
    let logs = &model.logs;
    let mut words = Vec::new();
    if let Some((namespace, problem)) = logs.refused.iter().next() {
        words.push(format!(
            "logs in {}: {}",
            namespace.shown(),
            problem.what.shown()
        ));
    }
    let lost: Vec<_> = logs
        .states
        .values()
        .filter_map(|state| match state {
            StreamState::Lost { problem, .. } => Some(problem),
            _ => None,
        })
        .collect();
    if let Some(problem) = lost.first() {
        words.push(format!(
            "{} of {} streams lost: {}",
            lost.len(),
            logs.followed.len(),
            problem.what.shown()
        ));
    }
    if logs.ring.dropped() > 0 {
        words.push(format!("{} lines dropped", count(logs.ring.dropped())));
    }
    let is_bad = !words.is_empty();
    if logs.followed_pods() < logs.members.len() && logs.followed.len() >= STREAMS_MAX {
        words.push(format!("at most {STREAMS_MAX} streams at once"));
    }
    if logs.ring.let_go_lines() > 0 {
        words.push(format!(
            "{} older lines let go",
            count(logs.ring.let_go_lines())
        ));
    }
    let role = if is_bad { Role::Bad } else { Role::Dim };
    (!words.is_empty()).then(|| (words.join("; "), role))
}

/// Why there is no line, in words.
fn silence(model: &Model) -> String {
    let logs = &model.logs;
    let Some(target) = &logs.target else {
        return "select a pod: its log is followed here".to_owned();
    };
    if !logs.ring.order().is_empty() {
        return "no line matches".to_owned();
    }
    if logs.members.is_empty() {
        return format!("{} has no pods now", target.title.shown());
    }
    if let Some(problem) = logs.refused.values().next() {
        return format!("{}; {}", problem.what.shown(), problem.next);
    }
    if logs.followed.is_empty() {
        return if logs.is_previous {
            "no container has an instance before this one".to_owned()
        } else {
            "no container has a log".to_owned()
        };
    }
    let waiting = logs.states.values().find_map(|state| match state {
        StreamState::Waiting { words } => Some(words.shown().to_string()),
        StreamState::Lost { problem, .. } => Some(problem.what.shown().to_string()),
        _ => None,
    });
    if let Some(words) = waiting {
        return words;
    }
    let is_over = !logs.states.is_empty()
        && logs
            .states
            .values()
            .all(|state| *state == StreamState::Ended);
    if is_over {
        "it printed nothing".to_owned()
    } else {
        "nothing printed yet".to_owned()
    }
}
