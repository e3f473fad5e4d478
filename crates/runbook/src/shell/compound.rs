//! Loops, conditions, groups and functions: only where they begin and end, since such a line is one step.

use super::lexer::Lexer;
use super::{NESTING_MAX, Operator, Part, Piece, Quote, ShellFault, Token, Word};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Open {
    Loop,
    If,
    Case,
    Brace,
    Parenthesis,
    Test,
}

impl Open {
    pub(super) fn closer(self) -> &'static str {
        match self {
            Open::Loop => "done",
            Open::If => "fi",
            Open::Case => "esac",
            Open::Brace => "}",
            Open::Parenthesis => ")",
            Open::Test => "]]",
        }
    }
}

impl Lexer<'_> {
    pub(super) fn is_in_test(&self) -> bool {
        self.open.last() == Some(&Open::Test) && !self.rest().starts_with([' ', '\n'])
    }

    /// Takes a reserved word where a command begins.
    pub(super) fn reserved(&mut self, word: &Word) -> Result<bool, ShellFault> {
        if self.open.last() == Some(&Open::Test) {
            if word.bare() == Some("]]") {
                self.open.pop();
                self.at_command = false;
            }
            self.tokens.push(Token::Word(word.clone()));
            return Ok(true);
        }
        let Some(text) = word.bare() else {
            return Ok(false);
        };
        let opened = match text {
            "for" | "while" | "until" | "select" => Some(Open::Loop),
            "if" => Some(Open::If),
            "case" => Some(Open::Case),
            "{" => Some(Open::Brace),
            "[[" => Some(Open::Test),
            _ => None,
        };
        if let Some(open) = opened {
            if self.open.len() >= NESTING_MAX {
                return Err(ShellFault::TooDeep);
            }
            self.open.push(open);
            self.is_compound |= open != Open::Test;
            if open == Open::Test {
                self.tokens.push(Token::Word(word.clone()));
                return Ok(true);
            }
            self.tokens.push(Token::Reserved(text.to_owned()));
            self.at_command = !matches!(text, "for" | "select" | "case");
            if !self.at_command {
                self.head()?;
            }
            return Ok(true);
        }
        if self.open.last().is_some_and(|open| open.closer() == text) {
            self.open.pop();
            self.tokens.push(Token::Reserved(text.to_owned()));
            self.at_command = false;
            return Ok(true);
        }
        let is_inner = matches!(text, "do" | "then" | "else" | "elif") && !self.open.is_empty();
        if is_inner || text == "!" {
            self.tokens.push(Token::Reserved(text.to_owned()));
            self.at_command = true;
            return Ok(true);
        }
        if matches!(text, "do" | "done" | "then" | "fi" | "esac" | "}") {
            return Err(ShellFault::Unexpected(text.to_owned()));
        }
        if text == "function" {
            self.is_compound = true;
        }
        Ok(false)
    }

    /// The words behind `for`, `select` and `case`, up to where a command begins.
    fn head(&mut self) -> Result<(), ShellFault> {
        self.skip_blanks();
        if self.rest().starts_with("((") {
            let end = self
                .rest()
                .find("))")
                .ok_or(ShellFault::UnfinishedExpansion)?;
            self.at += end + 2;
            return Ok(());
        }
        Ok(())
    }

    pub(super) fn parenthesis(&mut self) -> Result<(), ShellFault> {
        let is_open = self.rest().starts_with('(');
        if is_open && self.at_command && self.rest().starts_with("((") {
            let end = self
                .rest()
                .find("))")
                .ok_or(ShellFault::UnfinishedExpansion)?;
            let start = self.at;
            self.at += end + 2;
            let text = self.text[start..self.at].to_owned();
            let piece = Piece {
                part: Part::Computed {
                    text,
                    inside: Vec::new(),
                },
                quote: Quote::Bare,
                span: start..self.at,
            };
            self.is_compound = true;
            self.at_command = false;
            self.tokens.push(Token::Word(Word {
                pieces: vec![piece],
                span: start..self.at,
            }));
            return Ok(());
        }
        if is_open && !self.at_command && self.rest().starts_with("()") {
            // A function: its name was the word before.
            self.at += 2;
            self.is_compound = true;
            self.tokens.push(Token::Operator(Operator::Then));
            self.at_command = true;
            return Ok(());
        }
        if is_open {
            if !self.at_command {
                return Err(ShellFault::Unexpected("(".into()));
            }
            if self.open.len() >= NESTING_MAX {
                return Err(ShellFault::TooDeep);
            }
            self.at += 1;
            self.open.push(Open::Parenthesis);
            self.is_compound = true;
            self.tokens.push(Token::Operator(Operator::Open));
            return Ok(());
        }
        match self.open.last() {
            Some(Open::Parenthesis) => {
                self.open.pop();
                self.tokens.push(Token::Operator(Operator::Close));
                self.at_command = false;
            }
            Some(Open::Case) => {
                self.tokens.push(Token::Operator(Operator::Then));
                self.at_command = true;
            }
            _ => return Err(ShellFault::Unexpected(")".into())),
        }
        self.at += 1;
        Ok(())
    }
}
