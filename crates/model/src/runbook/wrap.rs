//! Styled text broken into rows: between words, and inside a word that no row has room for.

use text::SafeText;
use unicode_segmentation::UnicodeSegmentation;
use unicode_width::UnicodeWidthStr;

use super::sheet::{RunbookInk, RunbookText};

/// Columns that pieces take.
pub(super) fn width(pieces: &[RunbookText]) -> usize {
    pieces.iter().map(|(text, _)| text.width()).sum()
}

/// Columns of the longest word.
pub(super) fn longest_word(pieces: &[RunbookText]) -> usize {
    let words = pieces
        .iter()
        .flat_map(|(text, _)| text.as_str().split(' '))
        .map(UnicodeWidthStr::width);
    words.max().unwrap_or(0)
}

/// Rows of at most so many columns; the first may have more.
pub(super) fn wrapped(
    pieces: &[RunbookText],
    first: usize,
    columns: usize,
) -> Vec<Vec<RunbookText>> {
    let mut wrapper = Wrapper {
        columns: columns.max(1),
        room: first.max(1),
        used: 0,
        row: Vec::new(),
        rows: Vec::new(),
    };
    let mut blanks = (String::new(), RunbookInk::Text);
    let mut word: Vec<(String, RunbookInk)> = Vec::new();
    for (text, ink) in pieces {
        for part in text.as_str().split_inclusive(' ') {
            let (letters, is_end) = match part.strip_suffix(' ') {
                Some(letters) => (letters, true),
                None => (part, false),
            };
            if !letters.is_empty() {
                word.push((letters.to_owned(), *ink));
            }
            if is_end {
                wrapper.word(&mut blanks, &mut word);
                blanks.0.push(' ');
                blanks.1 = *ink;
            }
        }
    }
    wrapper.word(&mut blanks, &mut word);
    wrapper.rows.push(wrapper.row);
    wrapper.rows
}

struct Wrapper {
    columns: usize,
    /// Columns of the present row.
    room: usize,
    used: usize,
    row: Vec<RunbookText>,
    rows: Vec<Vec<RunbookText>>,
}

impl Wrapper {
    /// A word, and the blanks before it.
    fn word(&mut self, blanks: &mut (String, RunbookInk), word: &mut Vec<(String, RunbookInk)>) {
        if word.is_empty() {
            return;
        }
        let wide = word.iter().map(|(text, _)| text.width()).sum::<usize>();
        let before = blanks.0.len();
        let is_first = self.rows.is_empty() && self.used == 0;
        if self.used + before + wide <= self.room {
            if before > 0 && (self.used > 0 || is_first) {
                self.add(&blanks.0, blanks.1);
            }
        } else if self.used > 0 && wide <= self.columns {
            self.next();
        } else if before > 0 && self.used + before < self.room {
            self.add(&blanks.0, blanks.1);
        }
        blanks.0.clear();
        for (text, ink) in word.drain(..) {
            if self.used + text.width() <= self.room {
                self.add(&text, ink);
            } else {
                self.letters(&text, ink);
            }
        }
    }

    /// What no row has room for.
    fn letters(&mut self, text: &str, ink: RunbookInk) {
        let mut part = String::new();
        let mut wide = 0;
        for cluster in text.graphemes(true) {
            if self.used + wide + cluster.width() > self.room && self.used + wide > 0 {
                self.add(&part, ink);
                self.next();
                part.clear();
                wide = 0;
            }
            wide += cluster.width();
            part.push_str(cluster);
        }
        self.add(&part, ink);
    }

    fn add(&mut self, text: &str, ink: RunbookInk) {
        if text.is_empty() {
            return;
        }
        self.used += text.width();
        match self.row.last_mut() {
            Some((last, of)) if *of == ink => {
                let joined = [last.as_str(), text].concat();
                *last = SafeText::whole(&joined).into_owned();
            }
            _ => self.row.push((SafeText::whole(text).into_owned(), ink)),
        }
    }

    fn next(&mut self) {
        self.rows.push(std::mem::take(&mut self.row));
        (self.used, self.room) = (0, self.columns);
    }
}
