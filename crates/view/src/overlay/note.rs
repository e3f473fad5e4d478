//! The note editor, with every key that works in it.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::{Modifier, Style};

use super::OverlayView;
use crate::theme::{Role, Theme};
use crate::{layout, paint};
use keys::action::Action;
use keys::keymap::Place;
use model::Model;
use model::note::Note;
use model::severity::Severity;
use text::{Outside, SafeText};

pub(super) const COLUMNS: u16 = 76;
const NOTE_ROWS: u16 = 16;

/// Lines below the text: severity, what would be saved, keys.
const FOOT: u16 = 3;

const SEVERITIES: [Action; 5] = [
    Action::Severity0,
    Action::Severity1,
    Action::Severity2,
    Action::Severity3,
    Action::Severity4,
];

impl OverlayView for Note {
    fn draw(&self, model: &Model, theme: &Theme, whole: Rect, buffer: &mut Buffer) {
        let area = layout::centred(whole, COLUMNS, NOTE_ROWS);
        let title = SafeText::from(" Note: the first line is its title ");
        let inside = paint::card(
            buffer,
            area,
            vec![(title, theme.style(Role::Title))],
            Role::Focus,
            theme,
        );
        let body = Rect {
            height: inside.height.saturating_sub(FOOT),
            ..inside
        };
        draw_text(self, theme, body, buffer);
        let foot = Rect {
            y: body.bottom(),
            height: inside.height - body.height,
            ..inside
        };
        let said = self.said(model.settings.shown(model.now.wall), &model.timeline.scheme);
        paint::pieces(
            buffer,
            paint::row(foot, 0),
            &severities(model, Place::Editor, said.severity.as_ref(), theme),
        );
        let refusal = said.refusal();
        let role = if refusal.is_some() {
            Role::Warn
        } else {
            Role::Dim
        };
        let when = refusal.unwrap_or_else(|| {
            said.occurred_at.map_or_else(
                || {
                    "happened now; begin with @03:14 if it was earlier, with P1 for severity"
                        .to_owned()
                },
                |at| {
                    let at = model
                        .settings
                        .shown(at)
                        .format("%Y-%m-%d %H:%M:%S")
                        .to_string();
                    format!("happened {at}{}", model.settings.zone_mark())
                },
            )
        });
        paint::text(
            buffer,
            paint::row(foot, 1),
            &SafeText::from(when),
            theme.style(role),
        );
        let mut keys = keys(
            model,
            Place::Editor,
            &[(Action::Save, "save"), (Action::Back, "keep as a draft")],
            theme,
        );
        keys.push(draft_state(self, theme));
        paint::pieces(buffer, paint::row(foot, 2), &keys);
    }
}

/// Is what stands here safe from a crash?
fn draft_state(note: &Note, theme: &Theme) -> (SafeText<'static>, Style) {
    match &note.problem {
        Some(problem) => (
            SafeText::from(format!(
                "DRAFT NOT ON DISK: {}",
                Outside::from(problem.as_str()).shown()
            )),
            theme.style(Role::Bad),
        ),
        None if note.revision == 0 => (SafeText::from(""), theme.style(Role::Dim)),
        None if note.kept == note.revision => {
            (SafeText::from("draft is on disk"), theme.style(Role::Good))
        }
        None => (
            SafeText::from("draft is not on disk yet"),
            theme.style(Role::Dim),
        ),
    }
}

fn draw_text(note: &Note, theme: &Theme, body: Rect, buffer: &mut Buffer) {
    let width = usize::from(body.width.max(1));
    let mut rows: Vec<(String, Option<usize>)> = Vec::new();
    for (number, line) in note.lines.iter().enumerate() {
        let before = (number == note.cursor.0).then(|| {
            let before: String = line.chars().take(note.cursor.1).collect();
            Outside::new(before).shown().width()
        });
        let shown = Outside::from(line.as_str());
        rows.extend(broken(&shown.shown(), width, before));
    }
    let cursor = rows
        .iter()
        .position(|(_, cursor)| cursor.is_some())
        .unwrap_or(0);
    let height = usize::from(body.height);
    let top = (cursor + 1).saturating_sub(height.max(1));
    for (at, (text, cursor)) in rows.iter().skip(top).take(height).enumerate() {
        let row = paint::row(body, at);
        paint::text(
            buffer,
            row,
            &SafeText::from(text.as_str()),
            theme.style(Role::Text),
        );
        if let Some(column) = cursor.and_then(|column| u16::try_from(column).ok())
            && column < row.width
        {
            buffer.set_style(
                Rect {
                    x: row.x + column,
                    width: 1,
                    ..row
                },
                Style::new().add_modifier(Modifier::REVERSED),
            );
        }
    }
}

/// Takes the word that is not whole yet off the end of a row; nothing where it is the only one.
fn last_word(row: &mut String) -> String {
    let at = row.rfind(' ').map_or(row.len(), |space| space + 1);
    row.split_off(at)
}

/// A line of the text as rows of the screen, broken between words where there are any; with the column of the cursor in the row that has it.
fn broken(
    line: &SafeText<'_>,
    width: usize,
    cursor: Option<usize>,
) -> Vec<(String, Option<usize>)> {
    let mut rows: Vec<(String, Option<usize>)> = vec![(String::new(), None)];
    let mut used = 0;
    for character in line.as_str().chars() {
        let columns = SafeText::from(character.to_string()).width();
        if used + columns > width {
            let word = rows
                .last_mut()
                .map_or(String::new(), |last| last_word(&mut last.0));
            used = SafeText::from(word.as_str()).width();
            rows.push((word, None));
        }
        used += columns;
        if let Some(last) = rows.last_mut() {
            last.0.push(character);
        }
    }
    if used >= width && cursor.is_some() {
        rows.push((String::new(), None));
    }
    if let Some(cursor) = cursor {
        let mut left = cursor;
        let last = rows.len() - 1;
        for (at, row) in rows.iter_mut().enumerate() {
            let columns = SafeText::from(row.0.as_str()).width();
            if left < columns || at == last {
                row.1 = Some(left);
                break;
            }
            left -= columns;
        }
    }
    rows
}

pub(super) fn severities(
    model: &Model,
    place: Place,
    chosen: Option<&Severity>,
    theme: &Theme,
) -> Vec<(SafeText<'static>, Style)> {
    let mut pieces = vec![(SafeText::from("severity "), theme.style(Role::Dim))];
    for (rank, action) in (0..).zip(SEVERITIES) {
        let Some(severity) = model.timeline.scheme.level(rank) else {
            break;
        };
        let is_chosen = chosen == Some(&severity);
        let name = if is_chosen {
            format!("[{}]", severity.name)
        } else {
            format!(" {} ", severity.name)
        };
        if let Some(chord) = model.keymap.chord_of(place, action) {
            pieces.push((SafeText::from(chord), theme.style(Role::Key)));
        }
        pieces.push((
            SafeText::from(name),
            theme.style(if is_chosen { Role::Danger } else { Role::Text }),
        ));
        pieces.push((SafeText::from(" "), theme.style(Role::Text)));
    }
    pieces
}

pub(super) fn keys(
    model: &Model,
    place: Place,
    keys: &[(Action, &'static str)],
    theme: &Theme,
) -> Vec<(SafeText<'static>, Style)> {
    let mut pieces = Vec::new();
    for (action, word) in keys {
        if let Some(chord) = model.keymap.chord_of(place, *action) {
            pieces.push((SafeText::from(chord), theme.style(Role::Key)));
            pieces.push((
                SafeText::from(format!(" {word}   ")),
                theme.style(Role::Text),
            ));
        }
    }
    pieces
}
