//! Quoted text and the placeholders that stand in it.

use super::lexer::{Lexer, push};
use super::{Part, Piece, Quote, ShellFault};

/// Longest text between `<` and `>` that is a placeholder.
const ANGLE_CHARACTERS_MAX: usize = 60;

impl Lexer<'_> {
    pub(super) fn single_quoted(&mut self, pieces: &mut Vec<Piece>) -> Result<(), ShellFault> {
        let start = self.at;
        self.at += 1;
        if self.rest().starts_with('\'') {
            self.at += 1;
            push(
                pieces,
                Part::Escaped(String::new()),
                Quote::Single,
                start..self.at,
            );
            return Ok(());
        }
        loop {
            match self.peek() {
                None => return Err(ShellFault::UnfinishedQuote('\'')),
                Some('\'') => break,
                Some('<') if self.angle(pieces, Quote::Single) => {}
                Some(_) => self.text_piece(pieces, Quote::Single),
            }
        }
        self.at += 1;
        Ok(())
    }

    pub(super) fn double_quoted(&mut self, pieces: &mut Vec<Piece>) -> Result<(), ShellFault> {
        let start = self.at;
        self.at += 1;
        if self.rest().starts_with('"') {
            self.at += 1;
            push(
                pieces,
                Part::Escaped(String::new()),
                Quote::Double,
                start..self.at,
            );
            return Ok(());
        }
        loop {
            match self.peek() {
                None => return Err(ShellFault::UnfinishedQuote('"')),
                Some('"') => break,
                Some('$' | '`') => self.expansion(pieces, Quote::Double)?,
                Some('\\') => self.escape_in_quotes(pieces),
                Some('<') if self.angle(pieces, Quote::Double) => {}
                Some(_) => self.text_piece(pieces, Quote::Double),
            }
        }
        self.at += 1;
        Ok(())
    }

    fn escape_in_quotes(&mut self, pieces: &mut Vec<Piece>) {
        let start = self.at;
        let mut characters = self.rest().chars().skip(1);
        match characters.next() {
            Some('\n') => self.at += 2,
            Some(escaped @ ('$' | '`' | '"' | '\\')) => {
                self.at += 2;
                let part = Part::Escaped(escaped.to_string());
                push(pieces, part, Quote::Double, start..self.at);
            }
            _ => self.text_piece(pieces, Quote::Double),
        }
    }

    /// Takes `<name>`, if it is one and not a redirection.
    pub(super) fn angle(&mut self, pieces: &mut Vec<Piece>, quote: Quote) -> bool {
        let Some(name) = angle_name(self.rest()) else {
            return false;
        };
        let start = self.at;
        self.at += name.len() + 2;
        push(pieces, Part::Angle(name.to_owned()), quote, start..self.at);
        true
    }

    pub(super) fn is_angle(&self) -> bool {
        angle_name(self.rest()).is_some()
    }
}

/// The text between `<` and `>` when a person would fill something in there.
pub(crate) fn angle_name(text: &str) -> Option<&str> {
    let inner = text.strip_prefix('<')?;
    let end = inner.find(['>', '\n', '<'])?;
    let name = &inner[..end];
    let is_closed = inner[end..].starts_with('>');
    let first = name.chars().next()?;
    let starts = first.is_alphabetic() || matches!(first, '_' | '{' | '$' | '#' | '%');
    let may_hold = |one: char| one.is_alphanumeric() || " -_./:|,'()#@*+{}$%=!?&[]".contains(one);
    let is_dots = name.chars().all(|one| one == '.') || name == "…" || name == "*";
    let is_named = starts
        && !name.ends_with([' ', '\t'])
        && name.chars().any(char::is_alphanumeric)
        && name.chars().all(may_hold);
    let is_short = name.chars().count() <= ANGLE_CHARACTERS_MAX;
    (is_closed && is_short && (is_named || is_dots)).then_some(name)
}
