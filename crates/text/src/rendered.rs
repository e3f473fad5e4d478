//! A line that was written for a terminal: its colours told apart from its text, and what a carriage return overwrote from
//! what stands last. No other escape sequence is understood: each stays text, and obeys nobody.
//!
//! Select Graphic Rendition: ECMA-48, 8.3.117; 256 colours and 24 bits: ITU-T T.416, 13.1.8. Carriage return and Erase in
//! Line: ECMA-48, 8.3.15 and 8.3.41.

mod colour;
mod overwritten;

use std::borrow::Cow;
use std::ops::Range;

use super::sanitise;
use super::{SHOWN_BYTES_MAX, SafeText};
pub use colour::Colour;

/// Parameters of one sequence are at most so long: two colours of 24 bits and all other attributes have room.
const PARAMETERS_BYTES_MAX: usize = 128;

/// How a piece of a line is to be drawn.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Rendition {
    /// `None`: as text without a colour.
    pub colour: Option<Colour>,
    /// Bold, or in reverse video.
    pub is_bold: bool,
    pub is_dim: bool,
    pub is_underlined: bool,
}

/// A line as a terminal would show it.
#[derive(Clone, Debug)]
pub struct Rendered<'a> {
    pub pieces: Vec<(Rendition, SafeText<'a>)>,
    /// How often its beginning was written: more than once in a line that carriage returns overwrote.
    pub states: usize,
}

/// The line as a terminal would show it. What its first so many bytes do not hold is counted at the end.
pub fn rendered(text: &str) -> Rendered<'_> {
    if memchr::memchr2(ESCAPE, b'\r', text.as_bytes()).is_none() {
        return Rendered {
            pieces: vec![(Rendition::default(), SafeText::from(text))],
            states: 1,
        };
    }
    let line = text.trim_end_matches('\r');
    if line.contains('\r') {
        return overwritten::rendered(line);
    }
    let (kept, cut) = sanitise::split_before(line, SHOWN_BYTES_MAX);
    let mut rendition = Rendition::default();
    let mut pieces = Vec::new();
    let mut sanitiser = sanitise::Line::default();
    for token in tokens(kept) {
        match token {
            Token::Rendition(parameters) => colour::apply(&mut rendition, parameters),
            Token::Text(text) => pieces.push((rendition, sanitiser.piece(text))),
        }
    }
    if cut > 0 {
        let words = format!("<+{cut} bytes>");
        pieces.push((Rendition::default(), SafeText(words.into())));
    }
    Rendered { pieces, states: 1 }
}

/// The text without its colours: what is searched.
pub fn without_colours(text: &str) -> Cow<'_, str> {
    if memchr::memchr(ESCAPE, text.as_bytes()).is_none() {
        return Cow::Borrowed(text);
    }
    let pieces = tokens(text).filter_map(|token| match token {
        Token::Rendition(_) => None,
        Token::Text(text) => Some(text),
    });
    Cow::Owned(pieces.collect())
}

/// Where a part of the text without its colours, in bytes of that, stands in the text itself; with the colours within it.
pub fn in_colours(text: &str, part: Range<usize>) -> Range<usize> {
    let (mut plain, mut place) = (0, 0..text.len());
    for token in tokens(text) {
        let Token::Text(piece) = token else { continue };
        let offset = piece.as_ptr().addr() - text.as_ptr().addr();
        if (plain..plain + piece.len()).contains(&part.start) {
            place.start = offset + part.start - plain;
        }
        if (plain + 1..=plain + piece.len()).contains(&part.end) {
            place.end = offset + part.end - plain;
        }
        plain += piece.len();
    }
    place
}

/// The text as it stands in the end, without its colours; `None` when nothing of it was overwritten.
pub fn last_state(text: &str) -> Option<String> {
    let line = text.trim_end_matches('\r');
    let is_overwritten = memchr::memchr(b'\r', line.as_bytes()).is_some();
    is_overwritten.then(|| {
        let pieces = overwritten::rendered(line).pieces;
        pieces.iter().map(|(_, text)| text.as_str()).collect()
    })
}

const ESCAPE: u8 = 0x1B;

enum Token<'a> {
    /// The parameters of a Select Graphic Rendition.
    Rendition(&'a str),
    Text(&'a str),
}

fn tokens(text: &str) -> impl Iterator<Item = Token<'_>> {
    let mut rest = text;
    std::iter::from_fn(move || {
        if let Some((parameters, after)) = rendition_at(rest) {
            rest = after;
            return Some(Token::Rendition(parameters));
        }
        if rest.is_empty() {
            return None;
        }
        let end = memchr::memchr_iter(ESCAPE, rest.as_bytes())
            .find(|at| rendition_at(&rest[*at..]).is_some());
        let (text, after) = rest.split_at(end.unwrap_or(rest.len()));
        rest = after;
        Some(Token::Text(text))
    })
}

/// The parameters of the Select Graphic Rendition with which a text begins, and what follows it. Private parameters and
/// intermediate bytes make another sequence of it.
fn rendition_at(text: &str) -> Option<(&str, &str)> {
    let (parameters, final_byte, after) = control_at(text)?;
    (final_byte == b'm').then_some((parameters, after))
}

/// The parameters and the last byte of the control sequence with which a text begins, and what follows it.
fn control_at(text: &str) -> Option<(&str, u8, &str)> {
    let parameters = text.strip_prefix("\x1b[")?;
    let is_parameter = |byte: &u8| matches!(byte, b'0'..=b'9' | b';' | b':');
    let mut bytes = parameters.bytes().take(PARAMETERS_BYTES_MAX + 1);
    let end = bytes.position(|byte| !is_parameter(&byte))?;
    let final_byte = *parameters.as_bytes().get(end)?;
    final_byte
        .is_ascii_alphabetic()
        .then(|| (&parameters[..end], final_byte, &parameters[end + 1..]))
}
