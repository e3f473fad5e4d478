//! What separates commands, and where their input comes from and their output goes.

use super::lexer::Lexer;
use super::{Operator, Part, Quote, Redirect, RedirectKind, ShellFault, Token, Word};

/// Does it end a word that is not quoted?
pub(super) fn is_word_end(next: char) -> bool {
    matches!(
        next,
        ' ' | '\t' | '\n' | '|' | '&' | ';' | '<' | '>' | '(' | ')'
    )
}

const OPERATORS: &[(&str, Operator)] = &[
    ("&&", Operator::And),
    ("||", Operator::Or),
    ("|&", Operator::Pipe),
    ("|", Operator::Pipe),
    (";;", Operator::Then),
    (";", Operator::Then),
    ("&", Operator::Background),
];

const KINDS: &[(&str, RedirectKind)] = &[
    ("&>>", RedirectKind::Append),
    ("&>", RedirectKind::Write),
    ("<<<", RedirectKind::HereString),
    ("<<-", RedirectKind::HereDocument),
    ("<<", RedirectKind::HereDocument),
    (">>", RedirectKind::Append),
    (">&", RedirectKind::Duplicate),
    ("<&", RedirectKind::Duplicate),
    (">|", RedirectKind::Write),
    ("<>", RedirectKind::Read),
    (">", RedirectKind::Write),
    ("<", RedirectKind::Read),
];

impl Lexer<'_> {
    /// Takes an operator or a redirection, if one stands here.
    pub(super) fn operator(&mut self) -> Result<bool, ShellFault> {
        if self.is_in_test() {
            return Ok(false);
        }
        if self.redirect()? {
            return Ok(true);
        }
        if self.rest().starts_with(['(', ')']) {
            self.parenthesis()?;
            return Ok(true);
        }
        let Some((text, operator)) = OPERATORS
            .iter()
            .find(|(text, _)| self.rest().starts_with(text))
        else {
            return Ok(false);
        };
        let is_after_command = !self.at_command
            || matches!(
                self.tokens.last(),
                Some(Token::Redirect(_) | Token::Word(_))
            );
        let is_ended = matches!(
            self.tokens.last(),
            Some(Token::Operator(Operator::Close) | Token::Reserved(_))
        );
        if !is_after_command && !is_ended && *text != ";" && *text != ";;" {
            return Err(ShellFault::Unexpected((*text).to_owned()));
        }
        self.at += text.len();
        self.tokens.push(Token::Operator(*operator));
        self.at_command = true;
        Ok(true)
    }

    fn redirect(&mut self) -> Result<bool, ShellFault> {
        let start = self.at;
        let digits = self.rest().bytes().take_while(u8::is_ascii_digit).count();
        let descriptor = self.rest()[..digits].parse().ok();
        self.at += digits;
        let is_placeholder = digits == 0 && self.is_angle();
        if is_placeholder || self.rest().starts_with("<(") || self.rest().starts_with(">(") {
            if !is_placeholder && digits == 0 {
                return self.process_substitution();
            }
            self.at = start;
            return Ok(false);
        }
        let found = KINDS.iter().find(|(text, _)| self.rest().starts_with(text));
        let Some((text, kind)) = found else {
            self.at = start;
            return Ok(false);
        };
        self.at += text.len();
        self.skip_blanks();
        if self
            .peek()
            .is_none_or(|next| is_word_end(next) && !self.is_angle())
        {
            return Err(ShellFault::MissingTarget);
        }
        let target = self.word()?;
        if *kind == RedirectKind::HereDocument {
            let is_literal = target.bare().is_none();
            let delimiter = target.literal().ok_or(ShellFault::MissingTarget)?;
            self.awaited.push((delimiter, is_literal, *text == "<<-"));
        }
        self.tokens.push(Token::Redirect(Redirect {
            descriptor,
            kind: *kind,
            target,
        }));
        Ok(true)
    }

    /// `<(..)` is a word that only a shell can give.
    fn process_substitution(&mut self) -> Result<bool, ShellFault> {
        let start = self.at;
        self.at += 2;
        let inner = Lexer::new(self.text, self.at, self.depth + 1).statement(Some(')'))?;
        self.at = inner.end;
        let mut word = Word {
            pieces: Vec::new(),
            span: start..self.at,
        };
        super::lexer::push(
            &mut word.pieces,
            Part::Computed {
                text: self.text[start..self.at].to_owned(),
                inside: inner.tokens,
            },
            Quote::Bare,
            start..self.at,
        );
        self.at_command = false;
        self.tokens.push(Token::Word(word));
        Ok(true)
    }
}
