//! A team's Markdown document as blocks to draw and steps to walk. Pure, and it never fails: what is not understood is said as a
//! problem or as a refused step. It never expands, runs or fetches anything.

mod argument;
mod bind;
mod block;
mod bound;
mod command;
mod compose;
mod docker;
mod document;
mod fence;
mod find;
mod flags;
mod front_matter;
mod http;
mod kubectl;
mod lint;
mod placeholder;
mod problem;
mod risk;
mod shell;
mod source;
mod sql;
mod step;
mod steps;
mod tally;

use text::Outside;

pub use argument::{Argument, ArgumentPiece};
pub use bind::{BindFault, BoundCommand, BoundStep, ShellScript, Values, bind, missing};
pub use block::{
    Block, BlockKind, CodeBlock, ColumnSide, ListItem, SpanStyle, TextSpan, plain_text,
};
pub use bound::{BoundBy, bound_by};
pub use command::{GuardedReason, Joint, Native, PipeFilter, StepClass, StepCommand, Wrapper};
pub use compose::{ComposeAction, ComposeCall};
pub use docker::DockerAction;
pub use document::DEPTH_MAX;
pub use find::{
    FoundBy, FoundRunbook, IndexedRunbook, RunbookQuestion, RunbookSearch, UrlRewrite,
    WORKLOAD_ANNOTATION, find, percent_decoded,
};
pub use front_matter::{FrontMatter, RunbookInput};
pub use http::HttpCheck;
pub use kubectl::{
    ApplyVerb, KubectlAction, KubectlCall, KubectlExec, KubectlLogs, ObjectName, Objects,
    RolloutVerb,
};
pub use lint::{LintFinding, LintKind, LocalLink, lint, local_links};
pub use placeholder::{
    Placeholder, PlaceholderKind, PlaceholderPlace, PlaceholderStyle, ValueFault,
};
pub use problem::{RunbookFault, RunbookProblem, SourceLines};
pub use risk::Risk;
pub use shell::{Quote, ShellFault};
pub use source::{DOCUMENT_BYTES_MAX, LINE_BYTES_MAX};
pub use sql::SqlStatement;
pub use step::{RunbookStep, StepBody, StepFault, StepRunner};
pub use steps::STEPS_MAX;
pub use tally::Tally;

/// Is a word one of a list with blanks between?
fn is_listed(list: &str, word: &str) -> bool {
    let is_blank = |at: Option<&u8>| at.is_none_or(|one| *one == b' ');
    let list_bytes = list.as_bytes();
    !word.is_empty()
        && list.match_indices(word).any(|(at, _)| {
            let before = at.checked_sub(1).and_then(|at| list_bytes.get(at));
            is_blank(before) && is_blank(list_bytes.get(at + word.len()))
        })
        && !word.contains(' ')
}

/// A document, read.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Runbook {
    /// Of the front matter, else the first heading.
    pub title: Option<Outside>,
    pub front_matter: FrontMatter,
    pub blocks: Vec<Block>,
    pub steps: Vec<RunbookStep>,
    pub line_count: usize,
    pub problems: Vec<RunbookProblem>,
}

/// Reads a document, whatever its bytes are.
pub fn parse(bytes: &[u8]) -> Runbook {
    let mut problems = Vec::new();
    let source = source::Source::read(bytes, &mut problems);
    let (front_matter, start) = front_matter::read(&source, &mut problems);
    let blocks = document::read(&source, start, &mut problems);
    let steps = steps::gather(&blocks, &mut problems);
    let heading = blocks.iter().find_map(|block| match &block.kind {
        BlockKind::Heading { spans, .. } => Some(Outside::new(plain_text(spans))),
        _ => None,
    });
    Runbook {
        title: front_matter.title.clone().or(heading),
        front_matter,
        blocks,
        steps,
        line_count: source.line_count(),
        problems,
    }
}
