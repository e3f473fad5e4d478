//! The text area of the note editor: the only file that names the text-area library. Keeps no state: lines and cursor come
//! in and go out, since the library's own state depends on how it was last drawn.

use tui_textarea::{CursorMove, Input, Key as AreaKey, TextArea};

use keys::key::{Code, Key};
use text::Outside;

/// A note above this is a file, not a note; also what one paste can do.
pub const NOTE_BYTES_MAX: usize = 64 * 1024;

/// A note has at most so many lines: what the library can address.
const LINES_MAX: usize = 4_096;

/// Lines and cursor (line, character) of a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Text {
    /// At least one.
    pub lines: Vec<String>,
    /// Line, and characters before the cursor in it.
    pub cursor: (usize, usize),
}

/// The text after this key; unknown keys change nothing.
#[must_use]
pub fn press(text: Text, key: Key) -> Text {
    let Some(input) = understood(key) else {
        return text;
    };
    let grows =
        matches!(key.code, Code::Char(_) | Code::Enter | Code::Tab) && !key.ctrl && !key.alt;
    if grows && (size(&text) + 4 > NOTE_BYTES_MAX || text.lines.len() >= LINES_MAX) {
        return text;
    }
    with_area(text, |area| {
        area.input(input);
    })
}

/// The text with a paste at the cursor: one insertion, never keys. What is too much is cut.
#[must_use]
pub fn insert(text: Text, pasted: &Outside) -> Text {
    let room = NOTE_BYTES_MAX.saturating_sub(size(&text));
    #[expect(
        clippy::disallowed_methods,
        reason = "what is typed in is text of the person's; it is drawn as `SafeText` too"
    )]
    let pasted = pasted.raw();
    let end = (0..=room.min(pasted.len()))
        .rev()
        .find(|end| pasted.is_char_boundary(*end))
        .unwrap_or(0);
    let lines_left = LINES_MAX.saturating_sub(text.lines.len());
    let cut: Vec<&str> = pasted[..end].split('\n').take(lines_left.max(1)).collect();
    with_area(text, |area| {
        area.insert_str(cut.join("\n").replace('\t', "    "));
    })
}

fn size(text: &Text) -> usize {
    text.lines.iter().map(|line| line.len() + 1).sum()
}

fn with_area(text: Text, change: impl FnOnce(&mut TextArea<'_>)) -> Text {
    let (row, column) = text.cursor;
    let mut area = TextArea::new(text.lines);
    let bounded = |number: usize| u16::try_from(number).unwrap_or(u16::MAX);
    area.move_cursor(CursorMove::Jump(bounded(row), bounded(column)));
    change(&mut area);
    let cursor = area.cursor();
    Text {
        lines: area.into_lines(),
        cursor: (cursor.0, cursor.1),
    }
}

/// Whether a key means something here.
pub fn knows(key: Key) -> bool {
    understood(key).is_some()
}

/// The keys that we let through: those that mean the same in every line editor, and nothing that needs a screen or a past.
fn understood(key: Key) -> Option<Input> {
    let plain = !key.ctrl && !key.alt;
    let code = match key.code {
        Code::Char(character) if plain => AreaKey::Char(character),
        Code::Char(character @ ('a' | 'e' | 'k' | 'w')) if key.ctrl && !key.alt => {
            AreaKey::Char(character)
        }
        Code::Char(character @ ('b' | 'f' | 'd')) if key.alt && !key.ctrl => {
            AreaKey::Char(character)
        }
        Code::Enter if plain => AreaKey::Enter,
        Code::Tab if plain => AreaKey::Tab,
        Code::Backspace => AreaKey::Backspace,
        Code::Delete => AreaKey::Delete,
        Code::Up => AreaKey::Up,
        Code::Down => AreaKey::Down,
        Code::Left => AreaKey::Left,
        Code::Right => AreaKey::Right,
        Code::Home => AreaKey::Home,
        Code::End => AreaKey::End,
        Code::Char(_)
        | Code::Enter
        | Code::Tab
        | Code::Function(_)
        | Code::Esc
        | Code::PageUp
        | Code::PageDown => return None,
    };
    Some(Input {
        key: code,
        ctrl: key.ctrl,
        alt: key.alt,
        shift: false,
    })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used)]
    use super::*;

    fn text(lines: &[&str], cursor: (usize, usize)) -> Text {
        Text {
            lines: lines.iter().map(|line| (*line).to_owned()).collect(),
            cursor,
        }
    }

    fn typed(from: Text, keys: &str) -> Text {
        keys.split_whitespace()
            .fold(from, |text, key| press(text, key.parse().unwrap()))
    }

    #[test]
    fn letters_go_in_at_the_cursor_and_lines_part_and_join() {
        let parted = typed(text(&["ab"], (0, 1)), "x enter y");
        assert_eq!(parted, text(&["ax", "yb"], (1, 1)));
        assert_eq!(typed(parted, "home backspace"), text(&["axyb"], (0, 2)));
    }

    #[test]
    fn up_and_down_go_by_lines_of_the_text_however_wide_it_was_drawn() {
        let long = "x".repeat(500);
        let middle = text(&[&long, "second", &long], (1, 3));
        assert_eq!(typed(middle.clone(), "up").cursor, (0, 3));
        assert_eq!(typed(middle.clone(), "down").cursor, (2, 3));
        assert_eq!(typed(middle, "down end").cursor, (2, 500));
    }

    #[test]
    fn characters_of_several_bytes_count_as_one() {
        let accented = typed(text(&["né"], (0, 2)), "left ü right e");
        assert_eq!(accented, text(&["nüée"], (0, 4)));
    }

    #[test]
    fn a_paste_is_one_insertion_and_its_controls_stay() {
        let pasted = insert(text(&["ab"], (0, 1)), &Outside::from("1\r\n\u{1b}[31m2"));
        assert_eq!(pasted, text(&["a1", "\u{1b}[31m2b"], (1, 6)));
    }

    #[test]
    fn a_huge_paste_is_cut_at_the_bound() {
        let pasted = insert(text(&[""], (0, 0)), &Outside::new("é".repeat(10_000_000)));
        assert!(size(&pasted) <= NOTE_BYTES_MAX + 1);
        assert_eq!(press(pasted.clone(), "x".parse().unwrap()), pasted);
        assert!(
            insert(
                text(&[""], (0, 0)),
                &Outside::new("\n".repeat(NOTE_BYTES_MAX))
            )
            .lines
            .len()
                <= LINES_MAX
        );
    }

    #[test]
    fn keys_of_other_places_change_nothing() {
        let before = text(&["ab"], (0, 1));
        assert_eq!(
            typed(before.clone(), "ctrl-s esc page-up f5 ctrl-u ctrl-y"),
            before
        );
    }
}
