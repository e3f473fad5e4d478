//! The timeline pane: time, kind, severity, title, actor; the newest at the bottom. What is not on disk says so.

use chrono::NaiveDate;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;
use unicode_width::UnicodeWidthStr;

use super::paint;
use crate::theme::{Role, Theme};
use model::Model;
use model::entry::Draft;
use model::kind::Kind;
use model::screen::Pane;
use model::timeline::{ListedEntry, SLOW_MS};
use text::{Outside, SafeText};

/// Columns before the title: `03:14:00 ✎ `.
const INDENT: u16 = 11;

/// A title takes at most so many lines of the pane; the rest of it is a key away.
const WRAP_LINES: usize = 4;

pub(super) fn draw(model: &Model, theme: &Theme, area: Rect, buffer: &mut Buffer) {
    let role = paint::pane_role(model, Pane::Timeline);
    let inside = paint::frame(buffer, area, title(model, theme), role, theme);
    let below = alarm(model, theme, inside, buffer);
    let lines = lines(
        model,
        theme,
        usize::from(below.width),
        usize::from(below.height),
    );
    if lines.is_empty() {
        let words = if model.timeline.is_open {
            "nothing recorded yet"
        } else {
            "the record is not open yet"
        };
        paint::text(
            buffer,
            paint::row(below, 0),
            &SafeText::from(words),
            theme.style(Role::Dim),
        );
    }
    for (at, line) in lines.iter().enumerate() {
        let row = paint::row(below, at);
        paint::pieces(buffer, row, &line.pieces);
        if line.is_selected {
            buffer.set_style(row, theme.style(Role::Selected));
        }
    }
}

/// The open incident, for the header: severity, title, how long.
pub(super) fn incident<'a>(model: &'a Model, theme: &Theme) -> Vec<(SafeText<'a>, Style)> {
    let Some(incident) = &model.timeline.incident else {
        return Vec::new();
    };
    let age_s = (model.now.wall - incident.opened_at).num_seconds().max(0);
    let severity = incident
        .severity
        .as_ref()
        .map_or("", |severity| &severity.name);
    let clock = format!(
        " {:02}:{:02}:{:02}",
        age_s / 3600,
        age_s / 60 % 60,
        age_s % 60
    );
    vec![
        (SafeText::from("   "), theme.style(Role::Dim)),
        (
            SafeText::from(format!(" {severity} ")),
            theme.style(Role::Danger),
        ),
        (SafeText::from(" "), theme.style(Role::Text)),
        (incident.title.shown(), theme.style(Role::Title)),
        (SafeText::from(clock), theme.style(Role::Title)),
    ]
}

fn title<'a>(model: &'a Model, theme: &Theme) -> Vec<(SafeText<'a>, Style)> {
    let timeline = &model.timeline;
    let mut title = vec![paint::pane_title(Pane::Timeline, theme)];
    let unsaved = timeline.unsaved(model.now);
    if unsaved > 0 || timeline.health.problem.is_some() {
        let waiting = usize::max(unsaved, timeline.health.waiting as usize);
        title.push((
            SafeText::from(format!(" NOT SAVED: {waiting} ")),
            theme.style(Role::Danger),
        ));
    }
    let is_typing = model.screen.is_filtering(Pane::Timeline);
    if is_typing || !timeline.filter.is_empty() {
        let (listed, all) = (
            timeline.listed().len(),
            timeline.len() + timeline.pending.len(),
        );
        let caret = if is_typing { "_" } else { "" };
        let text = format!(
            " /{}{caret} {listed} here, {} hidden ",
            Outside::from(timeline.filter.text()).shown(),
            all - listed
        );
        title.push((SafeText::from(text), theme.style(Role::Warn)));
    }
    if timeline.unreadable > 0 {
        title.push((
            SafeText::from(format!(" {} unreadable ", timeline.unreadable)),
            theme.style(Role::Warn),
        ));
    }
    title
}

/// Why nothing is saved, in the pane's first line; returns what is left below.
fn alarm(model: &Model, theme: &Theme, inside: Rect, buffer: &mut Buffer) -> Rect {
    let Some(problem) = &model.timeline.health.problem else {
        return inside;
    };
    let words = SafeText::from(format!("! {}; {}", problem.what.shown(), problem.next));
    paint::text(
        buffer,
        paint::row(inside, 0),
        &words,
        theme.style(Role::Bad),
    );
    let used = inside.height.min(1);
    Rect {
        y: inside.y + used,
        height: inside.height - used,
        ..inside
    }
}

struct Line<'a> {
    pieces: Vec<(SafeText<'a>, Style)>,
    is_selected: bool,
}

/// The lines that fit: the newest at the bottom, or the selected entry in sight.
fn lines<'a>(model: &'a Model, theme: &Theme, width: usize, height: usize) -> Vec<Line<'a>> {
    let listed = model.timeline.listed();
    let selected = model
        .timeline
        .cursor
        .and_then(|id| listed.iter().position(|one| one.draft.id == id));
    let last = last_shown(&listed, selected, height);
    let mut lines: Vec<Line<'a>> = Vec::new();
    for place in (0..=last).rev().filter(|_| !listed.is_empty()) {
        let mut block = entry(model, &listed[place], theme, width, selected == Some(place));
        let day = listed[place].draft.occurred_at.date_naive();
        let before = place
            .checked_sub(1)
            .map(|before| listed[before].draft.occurred_at.date_naive());
        if before.map_or(day != model.now.wall.date_naive(), |before| before != day) {
            block.insert(0, separator(day, theme));
        }
        block.append(&mut lines);
        lines = block;
        if lines.len() >= height {
            break;
        }
    }
    lines.split_off(lines.len().saturating_sub(height))
}

/// The entry at the bottom: the newest while the selected one fits above it, else half a pane below the selected one.
fn last_shown(listed: &[ListedEntry<'_>], selected: Option<usize>, height: usize) -> usize {
    let last = listed.len().saturating_sub(1);
    // Each entry takes a line at least, and most take one: near enough to keep the selected one in sight.
    match selected {
        Some(selected) if last - selected >= height / 2 => (selected + height / 3).min(last),
        _ => last,
    }
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
    width: usize,
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
    let text = format!(
        "{mark}{severity}{phase}{} {} {}",
        draft.title.shown(),
        if theme.is_ascii { '-' } else { '·' },
        draft.actor.name().shown()
    );
    let room = width.saturating_sub(usize::from(INDENT)).max(8);
    let style = theme.style(role.unwrap_or_else(|| role_of(draft)));
    let wrapped = wrap(&text, room);
    let mut lines = Vec::new();
    let is_cut = wrapped.len() > WRAP_LINES;
    for (number, mut part) in wrapped.into_iter().take(WRAP_LINES).enumerate() {
        if is_cut && number + 1 == WRAP_LINES {
            part = format!("{part} …");
        }
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

/// Breaks safe text into lines of at most `room` columns, between words where there are any.
pub(super) fn wrap(text: &str, room: usize) -> Vec<String> {
    let mut lines = vec![String::new()];
    for word in text.split(' ') {
        let mut word = word;
        loop {
            let line = lines.last().map_or(0, |line| line.width());
            let gap = usize::from(line > 0);
            if line + gap + word.width() <= room {
                if let Some(last) = lines.last_mut() {
                    last.extend(std::iter::repeat_n(' ', gap));
                    last.push_str(word);
                }
                break;
            }
            if line > 0 {
                lines.push(String::new());
                continue;
            }
            let end = cut(word, room);
            if let Some(last) = lines.last_mut() {
                last.push_str(&word[..end]);
            }
            word = &word[end..];
            if word.is_empty() {
                break;
            }
            lines.push(String::new());
        }
    }
    lines
}

/// Bytes of `word` that fit into `room` columns; one cluster at least.
fn cut(word: &str, room: usize) -> usize {
    use unicode_segmentation::UnicodeSegmentation;
    let mut used = 0;
    let mut end = 0;
    for (at, cluster) in word.grapheme_indices(true) {
        used += cluster.width();
        if used > room && at > 0 {
            return at;
        }
        end = at + cluster.len();
    }
    end
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_breaks_between_words_and_inside_one_only_when_it_must() {
        assert_eq!(
            wrap("paged the database team", 10),
            ["paged the", "database", "team"]
        );
        assert_eq!(
            wrap("checkout-7d9f-x2k is gone", 8),
            ["checkout", "-7d9f-x2", "k is", "gone"]
        );
        assert_eq!(wrap("", 8), [""]);
        assert_eq!(wrap("数数数", 2), ["数", "数", "数"]);
    }
}
