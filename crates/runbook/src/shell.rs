//! The shell's word grammar as data: quotes, escapes, expansions, redirections, lists and compound commands, with the source
//! place of each piece. Nothing is expanded and nothing is run. `shlex` splits words and knows no expansion, and a shell's own
//! parser takes `<pod-name>` for two redirections; so the placeholders of documents are part of this grammar.

mod compound;
mod expansion;
mod here_document;
mod lexer;
mod line;
mod operator;
mod quoted;

use std::fmt;
use std::ops::Range;

pub(crate) use lexer::statement;
pub(crate) use line::{Pipeline, ShellLine, SimpleCommand, assigned_name, pipelines, read};
pub(crate) use quoted::angle_name;

/// How deep `$(..)` and compound commands may stand in each other.
pub(crate) const NESTING_MAX: usize = 16;

/// What surrounds a piece of a word.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Quote {
    Bare,
    Single,
    Double,
    /// In the body of a here-document whose expansions count.
    Here,
    /// In the body of a here-document that is taken as it stands.
    HereLiteral,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Part {
    /// Stands in the source exactly as here.
    Text(String),
    /// One escaped character, or an escape sequence already replaced.
    Escaped(String),
    /// `$NAME` or `${NAME}`, with what `:-` gives it.
    Variable {
        name: String,
        fallback: Option<String>,
    },
    /// `<name>`.
    Angle(String),
    /// What a shell would have to work out, with the commands inside.
    Computed { text: String, inside: Vec<Token> },
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Piece {
    pub part: Part,
    pub quote: Quote,
    pub span: Range<usize>,
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Word {
    pub pieces: Vec<Piece>,
    pub span: Range<usize>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Operator {
    Pipe,
    And,
    Or,
    Then,
    Background,
    Open,
    Close,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum RedirectKind {
    Read,
    Write,
    Append,
    /// Onto another descriptor, as in `2>&1`.
    Duplicate,
    HereDocument,
    HereString,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Redirect {
    pub descriptor: Option<u32>,
    pub kind: RedirectKind,
    pub target: Word,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Token {
    Word(Word),
    Redirect(Redirect),
    Operator(Operator),
    /// A reserved word where a command begins, as `for`.
    Reserved(String),
}

/// One command line, over as many source lines as it takes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Statement {
    pub tokens: Vec<Token>,
    /// What stands behind a `#` on its last line.
    pub comment: Option<String>,
    /// Where the next one begins.
    pub end: usize,
    pub is_compound: bool,
}

/// Why a line is no command line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ShellFault {
    UnfinishedQuote(char),
    UnfinishedExpansion,
    UnfinishedCompound(&'static str),
    UnfinishedHereDocument(String),
    Unexpected(String),
    MissingTarget,
    TooDeep,
}

impl fmt::Display for ShellFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            ShellFault::UnfinishedQuote(quote) => write!(f, "the quote {quote} is not closed"),
            ShellFault::UnfinishedExpansion => {
                f.write_str("an expansion that begins with $ or ` is not closed")
            }
            ShellFault::UnfinishedCompound(closer) => write!(f, "{closer} is missing"),
            ShellFault::UnfinishedHereDocument(delimiter) => {
                write!(f, "the here-document is not ended by {delimiter}")
            }
            ShellFault::Unexpected(what) => write!(f, "{what} is not expected here"),
            ShellFault::MissingTarget => f.write_str("a redirection names no file"),
            ShellFault::TooDeep => write!(f, "commands are nested more than {NESTING_MAX} deep"),
        }
    }
}

impl Word {
    /// Its text, when nothing in it has to be worked out or filled in.
    pub(crate) fn literal(&self) -> Option<String> {
        let mut text = String::new();
        for piece in &self.pieces {
            match &piece.part {
                Part::Text(part) | Part::Escaped(part) => text.push_str(part),
                Part::Variable { .. } | Part::Angle(_) | Part::Computed { .. } => return None,
            }
        }
        Some(text)
    }

    /// Its text, when no quote and no escape is in it: what may be a reserved word or an assignment.
    pub(crate) fn bare(&self) -> Option<&str> {
        match self.pieces.as_slice() {
            [
                Piece {
                    part: Part::Text(text),
                    quote: Quote::Bare,
                    ..
                },
            ] => Some(text),
            _ => None,
        }
    }
}
