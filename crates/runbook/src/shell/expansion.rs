//! `$NAME`, `${NAME}`, `$(..)`, `` `..` ``, `$((..))`, `$'..'` and arrays.

use super::lexer::{Lexer, is_name, push};
use super::{NESTING_MAX, Part, Piece, Quote, ShellFault};

impl Lexer<'_> {
    pub(super) fn expansion(
        &mut self,
        pieces: &mut Vec<Piece>,
        quote: Quote,
    ) -> Result<(), ShellFault> {
        let start = self.at;
        if self.rest().starts_with('`') {
            return self.backticks(pieces, quote);
        }
        let after = &self.rest()[1..];
        if after.starts_with("((") {
            let end = after.find("))").ok_or(ShellFault::UnfinishedExpansion)?;
            self.at += 1 + end + 2;
            self.push_computed(pieces, quote, start, Vec::new());
            return Ok(());
        }
        if after.starts_with('(') {
            let inner = Lexer::new(self.text, self.at + 2, self.depth + 1).statement(Some(')'))?;
            self.at = inner.end;
            self.push_computed(pieces, quote, start, inner.tokens);
            return Ok(());
        }
        if after.starts_with('{') {
            return self.braced(pieces, quote);
        }
        if after.starts_with('\'') && quote == Quote::Bare {
            return self.ansi_quoted(pieces);
        }
        let length = name_length(after);
        if length > 0 {
            self.at += 1 + length;
            let part = Part::Variable {
                name: after[..length].to_owned(),
                fallback: None,
            };
            push(pieces, part, quote, start..self.at);
            return Ok(());
        }
        if after.starts_with(|one: char| one.is_ascii_digit() || "@*#?$!-".contains(one)) {
            self.at += 2;
            self.push_computed(pieces, quote, start, Vec::new());
            return Ok(());
        }
        // A dollar on its own, as in `$<name>` or at the end.
        self.text_piece(pieces, quote);
        Ok(())
    }

    fn push_computed(
        &self,
        pieces: &mut Vec<Piece>,
        quote: Quote,
        start: usize,
        inside: Vec<super::Token>,
    ) {
        let text = self.text[start..self.at].to_owned();
        push(
            pieces,
            Part::Computed { text, inside },
            quote,
            start..self.at,
        );
    }

    fn braced(&mut self, pieces: &mut Vec<Piece>, quote: Quote) -> Result<(), ShellFault> {
        let start = self.at;
        let inner = &self.rest()[2..];
        let mut depth = 1_usize;
        let end = inner
            .char_indices()
            .find(|(_, one)| {
                match one {
                    '{' => depth += 1,
                    '}' => depth -= 1,
                    _ => {}
                }
                depth == 0
            })
            .map(|(at, _)| at)
            .ok_or(ShellFault::UnfinishedExpansion)?;
        let content = &inner[..end];
        self.at += 2 + end + 1;
        let length = name_length(content);
        let (name, operator) = content.split_at(length);
        let fallback = operator
            .strip_prefix(":-")
            .or_else(|| operator.strip_prefix(":="));
        let is_plain =
            operator.is_empty() || operator.starts_with(":?") || operator.starts_with('?');
        // `${top-user}` is a name with a hyphen in documents; a shell would read a default.
        let is_hyphenated = !name.is_empty()
            && content.len() <= 60
            && content
                .chars()
                .all(|one| one.is_alphanumeric() || "-_ .".contains(one));
        let part = if !name.is_empty() && (is_plain || fallback.is_some()) {
            Part::Variable {
                name: name.to_owned(),
                fallback: fallback.map(str::to_owned),
            }
        } else if is_hyphenated {
            Part::Variable {
                name: content.to_owned(),
                fallback: None,
            }
        } else {
            self.push_computed(pieces, quote, start, Vec::new());
            return Ok(());
        };
        push(pieces, part, quote, start..self.at);
        Ok(())
    }

    fn backticks(&mut self, pieces: &mut Vec<Piece>, quote: Quote) -> Result<(), ShellFault> {
        let start = self.at;
        if self.depth + 1 > NESTING_MAX {
            return Err(ShellFault::TooDeep);
        }
        let inner = &self.rest()[1..];
        let mut is_escaped = false;
        let end = inner
            .char_indices()
            .find(|(_, one)| {
                let is_end = *one == '`' && !is_escaped;
                is_escaped = *one == '\\' && !is_escaped;
                is_end
            })
            .map(|(at, _)| at)
            .ok_or(ShellFault::UnfinishedExpansion)?;
        let inside = &self.text[..start + 1 + end];
        let tokens = Lexer::new(inside, start + 1, self.depth + 1)
            .statement(None)?
            .tokens;
        self.at += 1 + end + 1;
        self.push_computed(pieces, quote, start, tokens);
        Ok(())
    }

    fn ansi_quoted(&mut self, pieces: &mut Vec<Piece>) -> Result<(), ShellFault> {
        let start = self.at;
        self.at += 2;
        let mut text = String::new();
        loop {
            match self.take() {
                None => return Err(ShellFault::UnfinishedQuote('\'')),
                Some('\'') => break,
                Some('\\') => match self.take() {
                    Some('n') => text.push('\n'),
                    Some('t') => text.push('\t'),
                    Some(other) => text.push(other),
                    None => return Err(ShellFault::UnfinishedQuote('\'')),
                },
                Some(other) => text.push(other),
            }
        }
        push(pieces, Part::Escaped(text), Quote::Single, start..self.at);
        Ok(())
    }

    /// The values of `NAME=(..)`.
    pub(super) fn array(&mut self, pieces: &mut Vec<Piece>) -> Result<(), ShellFault> {
        let start = self.at;
        let inner = Lexer::new(self.text, self.at + 1, self.depth + 1).statement(Some(')'))?;
        self.at = inner.end;
        self.push_computed(pieces, Quote::Bare, start, inner.tokens);
        Ok(())
    }
}

fn name_length(text: &str) -> usize {
    let length = text
        .bytes()
        .take_while(|one| *one == b'_' || one.is_ascii_alphanumeric())
        .count();
    if is_name(&text[..length]) { length } else { 0 }
}
