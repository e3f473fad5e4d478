//! The timeline pane: time, kind, severity, title, actor; the newest at the bottom. What is not on disk says so.

mod lines;

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;
use unicode_width::UnicodeWidthStr;

use super::paint;
use crate::theme::{Role, Theme};
use model::Model;
use model::entry::EntryId;
use model::screen::Pane;
use text::{Outside, SafeText};

pub(super) fn draw(model: &Model, theme: &Theme, area: Rect, buffer: &mut Buffer) {
    let role = paint::pane_role(model, Pane::Timeline);
    let inside = paint::frame(buffer, area, title(model, theme), role, theme);
    let below = alarm(model, theme, inside, buffer);
    let (lines, before, after) = lines::of(
        model,
        theme,
        usize::from(below.width),
        usize::from(below.height),
    );
    let unseen = |lines| paint::Unseen { lines, sick: 0 };
    paint::unseen(buffer, area, (unseen(before), unseen(after)), "", theme);
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

/// The entry at a row of the pane's inside.
pub(super) fn entry_at(model: &Model, inside: Rect, row: usize) -> Option<EntryId> {
    let above = usize::from(model.timeline.health.problem.is_some()).min(inside.height.into());
    let (width, height) = (
        usize::from(inside.width),
        usize::from(inside.height) - above,
    );
    let (lines, ..) = lines::of(model, &Theme::default(), width, height);
    lines.get(row.checked_sub(above)?)?.entry
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
