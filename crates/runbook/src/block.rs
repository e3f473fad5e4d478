//! A document as blocks to draw: no HTML, and text from outside as what it is.

use text::Outside;

use crate::problem::SourceLines;

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Block {
    pub lines: SourceLines,
    pub kind: BlockKind,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum BlockKind {
    Heading {
        level: u8,
        anchor: String,
        spans: Vec<TextSpan>,
    },
    Paragraph(Vec<TextSpan>),
    /// `first_number` of an ordered list.
    List {
        first_number: Option<u64>,
        items: Vec<ListItem>,
    },
    Code(CodeBlock),
    Table {
        columns: Vec<ColumnSide>,
        head: Vec<Vec<TextSpan>>,
        rows: Vec<Vec<Vec<TextSpan>>>,
    },
    Quote(Vec<Block>),
    Rule,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ListItem {
    pub lines: SourceLines,
    /// Of a task list: whether it is ticked.
    pub ticked: Option<bool>,
    pub blocks: Vec<Block>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CodeBlock {
    /// The first word of the info string, in lower case; empty when there is none.
    pub language: Outside,
    /// What else the info string says.
    pub attributes: Outside,
    pub text: Outside,
    /// The line of the document on which its text begins.
    pub text_line: usize,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ColumnSide {
    None,
    Left,
    Centre,
    Right,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TextSpan {
    pub text: Outside,
    pub style: SpanStyle,
    /// The address that it leads to; an image has one as well.
    pub link: Option<Outside>,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct SpanStyle {
    pub is_strong: bool,
    pub is_emphasis: bool,
    pub is_struck: bool,
    pub is_code: bool,
    pub is_image: bool,
}

/// The text of spans, without their styles.
pub fn plain_text(spans: &[TextSpan]) -> String {
    spans.iter().map(|span| span.text.raw()).collect()
}
