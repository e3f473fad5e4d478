//! `Outside` and `SafeText`: the only way for text from outside to reach the screen. Never shows a control, bidi or
//! zero-width character as itself, and never deletes one.

mod cell;
mod characters;
mod not_utf8;
mod pattern;
mod rendered;
mod sanitise;

use std::borrow::Cow;
use std::fmt;
use std::sync::Arc;

use arcstr::ArcStr;
use serde::{Deserialize, Serialize};
use unicode_segmentation::UnicodeSegmentation;
use unicode_width::UnicodeWidthStr;

pub use cell::may_be_written;
pub use pattern::fits;
pub use rendered::{
    Colour, Rendered, Rendition, in_colours, last_state, rendered, without_colours,
};

/// Longest piece of one line that is ever prepared for the screen: sixteen rows of the widest terminal (500 columns).
/// What lies behind it is said as `<+N bytes>`; the original stays whole.
pub const SHOWN_BYTES_MAX: usize = 8 * 1024;

/// Text that came from outside this program, kept exactly as it came. It has no `Display`: see [`Outside::shown`].
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Outside(ArcStr);

/// Text that a terminal may be given: one line, no control, format or zero-width character in it.
///
/// Every way to make one passes through the sanitiser, so that the type itself is the proof.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct SafeText<'a>(Cow<'a, str>);

impl Outside {
    /// Keeps `text` as it is.
    pub fn new(text: impl Into<ArcStr>) -> Self {
        Outside(text.into())
    }

    /// Keeps `bytes` that should be UTF-8 and may not be. [`Outside::raw_bytes`] gives back exactly these bytes: each one
    /// that is not UTF-8 is kept as a character of its own, shown as `\xHH`.
    pub fn from_bytes(bytes: &[u8]) -> Self {
        Outside(not_utf8::escape(bytes).into())
    }

    /// The original, for requests, the store and exports. Never for the screen.
    pub fn raw(&self) -> &str {
        &self.0
    }

    /// The original bytes of what came through [`Outside::from_bytes`]; else the bytes of [`Outside::raw`].
    pub fn raw_bytes(&self) -> Cow<'_, [u8]> {
        not_utf8::unescape(&self.0)
    }

    /// What a person may see of it, on one line: a line feed shows as `^J`. Borrowed when nothing had to change.
    pub fn shown(&self) -> SafeText<'_> {
        SafeText(sanitise::line(&self.0, SHOWN_BYTES_MAX))
    }

    /// What a person may see of it, line by line: a line feed ends a line, a carriage return before it is dropped.
    pub fn lines(&self) -> impl Iterator<Item = SafeText<'_>> {
        self.0
            .lines()
            .map(|line| SafeText(sanitise::line(line, SHOWN_BYTES_MAX)))
    }

    /// Is there nothing in it?
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Searches the original, so that a marker on the screen is never what was found.
    pub fn contains(&self, needle: &str) -> bool {
        memchr::memmem::find(self.0.as_bytes(), needle.as_bytes()).is_some()
    }

    /// Are there letters of more than one script in it, as in a Latin word with one Cyrillic letter? A confirmation says so.
    pub fn mixes_scripts(&self) -> bool {
        characters::mixes_scripts(&self.0)
    }
}

impl From<&str> for Outside {
    fn from(text: &str) -> Self {
        Outside::new(text)
    }
}

impl From<String> for Outside {
    fn from(text: String) -> Self {
        Outside::new(text)
    }
}

impl From<Arc<str>> for Outside {
    fn from(text: Arc<str>) -> Self {
        Outside::new(text)
    }
}

impl From<ArcStr> for Outside {
    fn from(text: ArcStr) -> Self {
        Outside(text)
    }
}

impl<'a> SafeText<'a> {
    /// All of a text, however long it is: for a page of what is bounded itself.
    pub fn whole(text: &'a str) -> SafeText<'a> {
        SafeText(sanitise::line(text, usize::MAX))
    }
}

impl SafeText<'_> {
    /// The text, ready to be drawn.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Columns that it takes on the screen.
    pub fn width(&self) -> usize {
        if self.0.is_ascii() {
            return self.0.len();
        }
        self.0.width()
    }

    /// At most `columns` of it; when something had to go, the last column is `…`.
    #[must_use]
    pub fn truncated(&self, columns: usize) -> SafeText<'_> {
        if self.0.len() <= columns {
            return SafeText(Cow::Borrowed(&self.0));
        }
        let Some(room) = columns.checked_sub(1) else {
            return SafeText(Cow::Borrowed(""));
        };
        // One more than fits: what follows may join the last of them, and takes no column from them.
        if self.0.as_bytes()[..=columns].is_ascii() {
            return SafeText(Cow::Owned([&self.0[..room], "…"].concat()));
        }
        if self.width() <= columns {
            return SafeText(Cow::Borrowed(&self.0));
        }
        let mut used = 0;
        let kept = self.0.graphemes(true).take_while(|cluster| {
            used += cluster.width();
            used <= room
        });
        SafeText(Cow::Owned(kept.chain(["…"]).collect()))
    }

    /// At most `columns` of it, ended with `…` behind a whole word where that leaves half of it or more.
    #[must_use]
    pub fn at_words(&self, columns: usize) -> SafeText<'_> {
        let cut = self.truncated(columns);
        if cut.0.len() == self.0.len() {
            return cut;
        }
        let kept = cut.0.trim_end_matches('…');
        let is_between = self.0[kept.len()..].starts_with(' ');
        let end = if is_between {
            Some(kept.len())
        } else {
            kept.rfind(' ')
        };
        let whole = end.map(|end| kept[..end].trim_end_matches([' ', ',', ';', ':', '·']));
        match whole.filter(|whole| whole.width() * 2 >= columns) {
            Some(whole) => SafeText(Cow::Owned(format!("{whole}…"))),
            None => cut,
        }
    }

    /// Joins words of ours and text from outside: `SafeText::concat([&"scale ".into(), &name, &"?".into()])`.
    pub fn concat<'b>(parts: impl IntoIterator<Item = &'b SafeText<'b>>) -> SafeText<'static> {
        SafeText(Cow::Owned(
            parts.into_iter().map(SafeText::as_str).collect(),
        ))
    }

    /// The same, free of what it was borrowed from.
    pub fn into_owned(self) -> SafeText<'static> {
        SafeText(Cow::Owned(self.0.into_owned()))
    }
}

impl fmt::Display for SafeText<'_> {
    /// Width and precision count columns, not characters; text is set to the left unless asked otherwise.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = match f.precision() {
            Some(columns) => self.truncated(columns),
            None => SafeText(Cow::Borrowed(self.as_str())),
        };
        let free = f.width().unwrap_or(0).saturating_sub(text.width());
        let before = match f.align() {
            Some(fmt::Alignment::Right) => free,
            Some(fmt::Alignment::Center) => free / 2,
            Some(fmt::Alignment::Left) | None => 0,
        };
        write!(f, "{:before$}", "")?;
        f.write_str(text.as_str())?;
        write!(f, "{:after$}", "", after = free - before)
    }
}

/// For the program's own words; they pass the sanitiser all the same.
impl<'a> From<&'a str> for SafeText<'a> {
    fn from(text: &'a str) -> Self {
        SafeText(sanitise::line(text, SHOWN_BYTES_MAX))
    }
}

/// For lines put together from our own words and numbers; they pass the sanitiser all the same.
impl From<String> for SafeText<'static> {
    fn from(text: String) -> Self {
        match sanitise::line(&text, SHOWN_BYTES_MAX) {
            Cow::Borrowed(_) => SafeText(Cow::Owned(text)),
            Cow::Owned(safe) => SafeText(Cow::Owned(safe)),
        }
    }
}

/// Lets a ratatui `Span` or `Line` be made from it.
impl<'a> From<SafeText<'a>> for Cow<'a, str> {
    fn from(text: SafeText<'a>) -> Self {
        text.0
    }
}

#[cfg(test)]
mod tests;
