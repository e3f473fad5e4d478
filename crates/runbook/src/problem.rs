//! What a document could not be taken at its word for. Reading goes on behind each of them.

use std::fmt;

/// Where something stands, counted from 1, the last line included.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct SourceLines {
    pub first: usize,
    pub last: usize,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RunbookProblem {
    pub lines: SourceLines,
    pub fault: RunbookFault,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RunbookFault {
    /// More than is read; how many bytes were left out.
    TooLong {
        left_out_bytes: usize,
    },
    TooManySteps,
    LineTooLong,
    /// Quotes and lists in each other, or signs of them, deeper than is shown.
    TooDeep,
    NotUtf8,
    Utf16,
    Binary,
    FrontMatter(String),
    FrontMatterOpen,
}

impl fmt::Display for RunbookFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            RunbookFault::TooLong { left_out_bytes } => write!(f, "the document is too long: its last {left_out_bytes} bytes are not read"),
            RunbookFault::TooManySteps => f.write_str("the document has too many steps: the last ones are not read"),
            RunbookFault::LineTooLong => f.write_str("a line is too long: its end is not read"),
            RunbookFault::TooDeep => f.write_str("quotes and lists stand too deep in each other: what is in them is shown without them"),
            RunbookFault::NotUtf8 => f.write_str("the text is not UTF-8: such bytes are shown as \\xHH"),
            RunbookFault::Utf16 => f.write_str("the text was UTF-16"),
            RunbookFault::Binary => f.write_str("this is no text: it holds NUL bytes, and is not read"),
            RunbookFault::FrontMatter(why) => write!(f, "the front matter is not understood: {why}"),
            RunbookFault::FrontMatterOpen => f.write_str("the front matter has no end: --- is missing"),
        }
    }
}
