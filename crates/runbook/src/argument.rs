//! A word of a command line as it will be given to a program: text, places to fill in, and what only a shell could work out.

use crate::placeholder::Placeholder;

/// One word of a command, of which some parts may be missing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Argument {
    pieces: Vec<ArgumentPiece>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ArgumentPiece {
    /// What the program gets, quotes and escapes already taken off.
    Text(String),
    /// A place for the value of the [`Placeholder`] with this key, and how the document writes it.
    Missing { key: String, written: String },
    /// `$(..)`, `$HOME` and the like.
    Computed(String),
}

impl Argument {
    pub fn literal(text: impl Into<String>) -> Argument {
        let mut argument = Argument::default();
        argument.push(ArgumentPiece::Text(text.into()));
        argument
    }

    pub(crate) fn push(&mut self, piece: ArgumentPiece) {
        match (self.pieces.last_mut(), piece) {
            (_, ArgumentPiece::Text(text)) if text.is_empty() => {}
            (Some(ArgumentPiece::Text(before)), ArgumentPiece::Text(text)) => {
                before.push_str(&text);
            }
            (_, piece) => self.pieces.push(piece),
        }
    }

    pub fn pieces(&self) -> &[ArgumentPiece] {
        &self.pieces
    }

    /// Its text, when nothing in it is missing.
    pub fn text(&self) -> Option<&str> {
        match self.pieces.as_slice() {
            [] => Some(""),
            [ArgumentPiece::Text(text)] => Some(text),
            _ => None,
        }
    }

    /// The text that it begins with.
    pub(crate) fn head(&self) -> &str {
        match self.pieces.first() {
            Some(ArgumentPiece::Text(text)) => text,
            _ => "",
        }
    }

    /// As the document has it, without quotes: for a person, never for a shell.
    pub fn written(&self) -> String {
        fn of(piece: &ArgumentPiece) -> &str {
            match piece {
                ArgumentPiece::Text(text) | ArgumentPiece::Computed(text) => text.as_str(),
                ArgumentPiece::Missing { written, .. } => written.as_str(),
            }
        }
        self.pieces.iter().map(of).collect()
    }

    /// Is there a part that only a shell can work out?
    pub fn is_computed(&self) -> bool {
        let computed = |piece: &ArgumentPiece| matches!(piece, ArgumentPiece::Computed(_));
        self.pieces.iter().any(computed)
    }

    /// Splits at the first `separator` in its text.
    pub(crate) fn split_once(&self, separator: char) -> Option<(Argument, Argument)> {
        let (index, at) = self.pieces.iter().enumerate().find_map(|(index, piece)| {
            let ArgumentPiece::Text(text) = piece else {
                return None;
            };
            text.find(separator).map(|at| (index, at))
        })?;
        let ArgumentPiece::Text(text) = &self.pieces[index] else {
            return None;
        };
        let mut before = Argument::default();
        let mut after = Argument::default();
        for piece in &self.pieces[..index] {
            before.push(piece.clone());
        }
        before.push(ArgumentPiece::Text(text[..at].to_owned()));
        after.push(ArgumentPiece::Text(
            text[at + separator.len_utf8()..].to_owned(),
        ));
        for piece in &self.pieces[index + 1..] {
            after.push(piece.clone());
        }
        Some((before, after))
    }

    /// Without the first `bytes` of the text that it begins with.
    pub(crate) fn without_head(&self, bytes: usize) -> Argument {
        let mut rest = Argument::default();
        for (index, piece) in self.pieces.iter().enumerate() {
            match piece {
                ArgumentPiece::Text(text) if index == 0 => {
                    rest.push(ArgumentPiece::Text(text[bytes..].to_owned()));
                }
                other => rest.push(other.clone()),
            }
        }
        rest
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.pieces.is_empty()
    }

    /// Fills in what `value` knows.
    pub(crate) fn filled<'v>(&self, value: impl Fn(&str) -> Option<&'v str>) -> Argument {
        let mut filled = Argument::default();
        for piece in &self.pieces {
            let known = match piece {
                ArgumentPiece::Missing { key, .. } => value(key),
                _ => None,
            };
            filled.push(match known {
                Some(known) => ArgumentPiece::Text(known.to_owned()),
                None => piece.clone(),
            });
        }
        filled
    }
}

impl From<&Placeholder> for ArgumentPiece {
    fn from(placeholder: &Placeholder) -> Self {
        ArgumentPiece::Missing {
            key: placeholder.key.clone(),
            written: placeholder.written.raw().to_owned(),
        }
    }
}
