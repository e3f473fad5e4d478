//! Text to tokens, one command line at a time.

use std::ops::Range;

use super::compound::Open;
use super::operator::is_word_end;
use super::{NESTING_MAX, Operator, Part, Piece, Quote, ShellFault, Statement, Token, Word};

/// Longest name in double braces or in brackets.
const MARKED_BYTES_MAX: usize = 60;

/// Reads the command line that begins at `start`.
pub(crate) fn statement(text: &str, start: usize) -> Result<Statement, ShellFault> {
    Lexer::new(text, start, 0).statement(None)
}

pub(super) struct Lexer<'a> {
    pub(super) text: &'a str,
    pub(super) at: usize,
    pub(super) depth: usize,
    pub(super) tokens: Vec<Token>,
    pub(super) open: Vec<Open>,
    pub(super) is_compound: bool,
    /// Does a command begin at the next word?
    pub(super) at_command: bool,
    /// Here-documents whose bodies come behind this line: delimiter, whether it was quoted, whether tabs are dropped.
    pub(super) awaited: Vec<(String, bool, bool)>,
    comment: Option<String>,
}

impl<'a> Lexer<'a> {
    pub(super) fn new(text: &'a str, at: usize, depth: usize) -> Self {
        Lexer {
            text,
            at,
            depth,
            tokens: Vec::new(),
            open: Vec::new(),
            is_compound: false,
            at_command: true,
            awaited: Vec::new(),
            comment: None,
        }
    }

    pub(super) fn peek(&self) -> Option<char> {
        self.text[self.at..].chars().next()
    }

    pub(super) fn rest(&self) -> &'a str {
        &self.text[self.at..]
    }

    pub(super) fn take(&mut self) -> Option<char> {
        let next = self.peek()?;
        self.at += next.len_utf8();
        Some(next)
    }

    pub(super) fn take_if(&mut self, prefix: &str) -> bool {
        let has = self.rest().starts_with(prefix);
        if has {
            self.at += prefix.len();
        }
        has
    }

    pub(super) fn skip_blanks(&mut self) {
        loop {
            if self.rest().starts_with([' ', '\t']) {
                self.at += 1;
            } else if !self.take_if("\\\n") {
                return;
            }
        }
    }

    /// Up to the end of the line, or to `closing` in `$(..)`.
    pub(super) fn statement(mut self, closing: Option<char>) -> Result<Statement, ShellFault> {
        if self.depth > NESTING_MAX {
            return Err(ShellFault::TooDeep);
        }
        loop {
            self.skip_blanks();
            let Some(next) = self.peek() else {
                self.check_end(closing)?;
                break;
            };
            match next {
                '\n' => {
                    self.at += 1;
                    self.here_documents()?;
                    let goes_on = self.open.last().is_some() || closing.is_some();
                    if !goes_on && !self.is_continued() {
                        break;
                    }
                    self.newline();
                }
                '#' => self.read_comment(),
                ')' if closing == Some(')') && self.open.is_empty() => {
                    self.at += 1;
                    break;
                }
                _ if self.operator()? => {}
                _ => self.word_token()?,
            }
        }
        Ok(Statement {
            tokens: self.tokens,
            comment: self.comment,
            end: self.at,
            is_compound: self.is_compound,
        })
    }

    fn check_end(&mut self, closing: Option<char>) -> Result<(), ShellFault> {
        if let Some((delimiter, ..)) = self.awaited.first() {
            return Err(ShellFault::UnfinishedHereDocument(delimiter.clone()));
        }
        if let Some(open) = self.open.last() {
            return Err(ShellFault::UnfinishedCompound(open.closer()));
        }
        match closing {
            Some(_) => Err(ShellFault::UnfinishedExpansion),
            None => Ok(()),
        }
    }

    /// Does the last operator ask for a command on the next line?
    fn is_continued(&self) -> bool {
        let last = self.tokens.last();
        matches!(
            last,
            Some(Token::Operator(
                Operator::Pipe | Operator::And | Operator::Or
            ))
        )
    }

    fn newline(&mut self) {
        self.comment = None;
        let is_after_word = matches!(
            self.tokens.last(),
            Some(Token::Word(_) | Token::Redirect(_))
        );
        if is_after_word {
            self.tokens.push(Token::Operator(Operator::Then));
        }
        self.at_command = true;
    }

    fn read_comment(&mut self) {
        let line = self.rest();
        let end = line.find('\n').unwrap_or(line.len());
        self.comment = Some(line[1..end].trim().to_owned());
        self.at += end;
    }

    fn word_token(&mut self) -> Result<(), ShellFault> {
        let word = self.word()?;
        let is_in_test = self.open.last() == Some(&super::compound::Open::Test);
        if (self.at_command || is_in_test) && self.reserved(&word)? {
            return Ok(());
        }
        if !is_assignment(&word) {
            self.at_command = false;
        }
        self.tokens.push(Token::Word(word));
        Ok(())
    }

    /// The bytes of `{{ name }}` or `[your name]` that stands here, its blanks included.
    fn marked_length(&self, pieces: &[Piece]) -> usize {
        let rest = self.rest();
        let (inner, close) = match (rest.strip_prefix("{{"), rest.strip_prefix('[')) {
            (Some(inner), _) => (inner, "}}"),
            (None, Some(inner)) => (inner, "]"),
            (None, None) => return 0,
        };
        let Some(name) = inner.find(close).map(|end| &inner[..end]) else {
            return 0;
        };
        let is_bracket = close == "]";
        let is_words = name.starts_with(|one: char| one.is_ascii_alphabetic())
            && name
                .chars()
                .all(|one| one.is_alphanumeric() || " -_".contains(one));
        let is_open = !is_bracket
            || is_words && (pieces.is_empty() || self.text[..self.at].ends_with(['=', '/']));
        let is_short =
            name.len() <= MARKED_BYTES_MAX && !name.contains(['\n', '\'', '"', ';', '|']);
        if !is_open || !is_short || self.is_in_test() {
            return 0;
        }
        rest.len() - inner.len() + name.len() + close.len()
    }

    /// One word, never empty.
    pub(super) fn word(&mut self) -> Result<Word, ShellFault> {
        let start = self.at;
        let mut pieces = Vec::new();
        while let Some(next) = self.peek() {
            match next {
                '\'' => self.single_quoted(&mut pieces)?,
                '"' => self.double_quoted(&mut pieces)?,
                '\\' => self.escape(&mut pieces),
                '$' | '`' => self.expansion(&mut pieces, Quote::Bare)?,
                '<' if self.angle(&mut pieces, Quote::Bare) => {}
                '{' | '[' if self.marked_length(&pieces) > 0 => {
                    let end = self.at + self.marked_length(&pieces);
                    while self.at < end {
                        self.text_piece(&mut pieces, Quote::Bare);
                    }
                }
                '(' if is_array(&pieces) => self.array(&mut pieces)?,
                _ if is_word_end(next) && (!self.is_in_test() || is_test_end(&pieces)) => break,
                _ => self.text_piece(&mut pieces, Quote::Bare),
            }
        }
        if start == self.at {
            let what = self.take().unwrap_or(' ');
            return Err(ShellFault::Unexpected(what.to_string()));
        }
        Ok(Word {
            pieces,
            span: start..self.at,
        })
    }

    /// Takes one character as it stands, joined to the text before it.
    pub(super) fn text_piece(&mut self, pieces: &mut Vec<Piece>, quote: Quote) {
        let start = self.at;
        let Some(next) = self.take() else { return };
        if let Some(last) = pieces.last_mut() {
            let joins = last.quote == quote && last.span.end == start;
            if let (true, Part::Text(text)) = (joins, &mut last.part) {
                text.push(next);
                last.span.end = self.at;
                return;
            }
        }
        push(pieces, Part::Text(next.to_string()), quote, start..self.at);
    }

    fn escape(&mut self, pieces: &mut Vec<Piece>) {
        let start = self.at;
        self.at += 1;
        match self.take() {
            Some('\n') => {}
            Some(escaped) => {
                let part = Part::Escaped(escaped.to_string());
                push(pieces, part, Quote::Bare, start..self.at);
            }
            None => push(
                pieces,
                Part::Escaped("\\".into()),
                Quote::Bare,
                start..self.at,
            ),
        }
    }
}

pub(super) fn push(pieces: &mut Vec<Piece>, part: Part, quote: Quote, span: Range<usize>) {
    pieces.push(Piece { part, quote, span });
}

fn is_test_end(pieces: &[Piece]) -> bool {
    matches!(pieces, [Piece { part: Part::Text(text), .. }] if text == "]]")
}

fn is_array(pieces: &[Piece]) -> bool {
    matches!(pieces, [Piece { part: Part::Text(text), quote: Quote::Bare, .. }] if text.ends_with('='))
}

/// Is it `NAME=..`?
pub(crate) fn is_assignment(word: &Word) -> bool {
    let Some(Piece {
        part: Part::Text(text),
        quote: Quote::Bare,
        ..
    }) = word.pieces.first()
    else {
        return false;
    };
    text.split_once('=')
        .is_some_and(|(name, _)| is_name(name.strip_suffix('+').unwrap_or(name)))
}

/// Is it the name of a variable?
pub(crate) fn is_name(text: &str) -> bool {
    let mut characters = text.chars();
    let starts = |first: char| first == '_' || first.is_ascii_alphabetic();
    characters.next().is_some_and(starts)
        && characters.all(|one| one == '_' || one.is_ascii_alphanumeric())
}
