//! One line of any text -> the same line as a terminal may be given it. Shows what cannot be shown as a marker, counts
//! what is too much, deletes nothing in silence.

use std::borrow::Cow;
use std::fmt::Write as _;

use unicode_segmentation::UnicodeSegmentation;
use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

use super::{SafeText, characters, not_utf8};

/// Marks on one base: Vietnamese needs two, Biblical Hebrew four; more is a flood (CVE-2021-27135, CVE-2021-26937).
const MARKS_MAX: usize = 4;

/// Bytes of one cluster: a conjunct of four Devanagari consonants takes 21. It is also what one cell may cost on the wire.
pub(super) const CLUSTER_BYTES_MAX: usize = 32;

/// Tab stops, as every terminal has them.
pub(super) const TAB_COLUMNS: usize = 8;

/// Sanitises `text` up to `bytes_max` of it; what lies behind is counted.
///
/// One scan when the text is plain, and then it is borrowed. The scan stops at the first character that needs thought, and
/// only what follows is taken apart into clusters.
pub(super) fn line(text: &str, bytes_max: usize) -> Cow<'_, str> {
    let (kept, cut) = if text.len() > bytes_max {
        split_before(text, bytes_max)
    } else {
        (text, 0)
    };
    let plain = plain_prefix(kept);
    if plain == kept.len() && cut == 0 {
        return Cow::Borrowed(kept);
    }
    let mut out = String::with_capacity(kept.len() + 32);
    out.push_str(&kept[..plain]);
    let mut line = Line {
        out,
        ..Line::default()
    };
    for cluster in kept[plain..].graphemes(true) {
        line.push(cluster);
    }
    if cut > 0 {
        let _ = write!(line.out, "<+{cut} bytes>");
    } else if line.out == kept {
        return Cow::Borrowed(kept);
    }
    Cow::Owned(line.out)
}

/// Splits at the last character boundary not behind `at`; gives the head and the length of the tail.
pub(super) fn split_before(text: &str, mut at: usize) -> (&str, usize) {
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    (&text[..at], text.len() - at)
}

/// Length of the longest head that can be shown as it is and whose last cluster is whole.
fn plain_prefix(text: &str) -> usize {
    let mut at = 0;
    let mut last = 0;
    while at < text.len() {
        let ascii = printable_ascii_prefix(&text.as_bytes()[at..]);
        if ascii > 0 {
            at += ascii;
            last = at - 1;
            continue;
        }
        let Some(character) = text[at..]
            .chars()
            .next()
            .filter(|&c| characters::is_plain(c))
        else {
            // What follows may be a mark of the character before: that one goes with it.
            return last;
        };
        last = at;
        at += character.len_utf8();
    }
    text.len()
}

/// Length of the head made of printable ASCII; by blocks, which the compiler turns into vector instructions.
fn printable_ascii_prefix(bytes: &[u8]) -> usize {
    const BLOCK: usize = 32;
    let printable = |byte: &u8| byte.wrapping_sub(b' ') <= b'~' - b' ';
    let blocks = bytes
        .chunks_exact(BLOCK)
        .take_while(|block| block.iter().fold(true, |all, b| all & printable(b)))
        .count();
    let rest = &bytes[blocks * BLOCK..];
    blocks * BLOCK + rest.iter().take_while(|b| printable(b)).count()
}

/// The line so far. The column is counted only when a tab asks for it.
#[derive(Default)]
pub(super) struct Line {
    out: String,
    column_from: usize,
    column: usize,
}

impl Line {
    /// One more piece of the line, as it may be shown.
    pub(super) fn piece(&mut self, text: &str) -> SafeText<'static> {
        let start = self.out.len();
        for cluster in text.graphemes(true) {
            self.push(cluster);
        }
        SafeText(self.out[start..].to_owned().into())
    }

    fn push(&mut self, cluster: &str) {
        match cluster {
            "\t" => self.tab(),
            "\r\n" => self.out.push_str("^J"),
            _ if cluster.width() == 0 => cluster.chars().for_each(|c| self.marker(c)),
            _ => self.characters(cluster),
        }
    }

    /// A visible cluster: marks stay on their base as long as they are few and nothing unshowable came between.
    fn characters(&mut self, cluster: &str) {
        let (mut marks, mut dropped) = (0, 0);
        let mut base: Option<usize> = None;
        for character in cluster.chars() {
            let mark = characters::is_mark(character);
            marks += usize::from(mark);
            let unshowable =
                characters::is_unshowable(character) || not_utf8::byte_of(character).is_some();
            let Some(start) = base.filter(|_| !unshowable) else {
                if unshowable || mark || character.width() == Some(0) {
                    base = None;
                    self.marker(character);
                } else {
                    base = Some(self.out.len());
                    self.out.push(character);
                }
                continue;
            };
            if marks > MARKS_MAX
                || self.out.len() - start + character.len_utf8() > CLUSTER_BYTES_MAX
            {
                dropped += 1;
            } else {
                self.out.push(character);
            }
        }
        if dropped > 0 {
            let _ = write!(self.out, "<+{dropped}>");
        }
    }

    fn tab(&mut self) {
        self.column += self.out[self.column_from..].width();
        let spaces = TAB_COLUMNS - self.column % TAB_COLUMNS;
        self.out.extend(std::iter::repeat_n(' ', spaces));
        self.column += spaces;
        self.column_from = self.out.len();
    }

    /// The name of a character that has no shape of its own.
    fn marker(&mut self, character: char) {
        let code = u32::from(character);
        let _ = match character {
            '\0'..='\x1F' => write!(self.out, "^{}", char::from((code as u8) ^ 0x40)),
            '\x7F' => write!(self.out, "^?"),
            '\u{80}'..='\u{9F}' => write!(self.out, "<{code:02X}>"),
            _ => match not_utf8::byte_of(character) {
                Some(byte) => write!(self.out, "\\x{byte:02X}"),
                None => write!(self.out, "<U+{code:04X}>"),
            },
        };
    }
}
