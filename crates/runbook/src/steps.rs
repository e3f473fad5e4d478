//! Blocks to steps: the lines of fences, commands in running text, items of checklists.

mod inline;
mod make;

use std::collections::BTreeMap;

use text::Outside;

use crate::block::{Block, BlockKind, CodeBlock, ListItem, TextSpan, plain_text};
use crate::command::{Native, StepClass};
use crate::fence::{self, FenceKind};
use crate::placeholder::Known;
use crate::problem::{RunbookFault, RunbookProblem, SourceLines};
use crate::risk::Risk;
use crate::step::{RunbookStep, StepBody};

/// Steps of one document: nobody walks more.
pub const STEPS_MAX: usize = 2_000;

/// Longest title of a step.
const TITLE_CHARACTERS_MAX: usize = 200;

#[derive(Default)]
struct Gatherer {
    steps: Vec<RunbookStep>,
    headings: Vec<(u8, Outside)>,
    known: BTreeMap<String, Known>,
    left_out: Option<SourceLines>,
}

/// All steps of a document, in its order.
pub(crate) fn gather(blocks: &[Block], problems: &mut Vec<RunbookProblem>) -> Vec<RunbookStep> {
    let mut gatherer = Gatherer::default();
    gatherer.blocks(blocks, None);
    if let Some(lines) = gatherer.left_out {
        problems.push(RunbookProblem {
            lines,
            fault: RunbookFault::TooManySteps,
        });
    }
    gatherer.steps
}

impl Gatherer {
    fn blocks(&mut self, blocks: &[Block], item: Option<&str>) {
        let mut lead = item.map(str::to_owned);
        for block in blocks {
            match &block.kind {
                BlockKind::Heading { level, spans, .. } => {
                    self.headings.retain(|(above, _)| above < level);
                    self.headings
                        .push((*level, Outside::new(plain_text(spans).trim())));
                    lead = None;
                }
                BlockKind::Paragraph(spans) => {
                    self.paragraph(spans, block.lines);
                    let text = plain_text(spans);
                    lead = Some(text.trim().to_owned()).filter(|text| !text.is_empty());
                }
                BlockKind::Code(code) => self.code(code, lead.as_deref()),
                BlockKind::List {
                    first_number,
                    items,
                } => self.list(items, first_number.is_some()),
                BlockKind::Quote(inner) => self.blocks(inner, None),
                BlockKind::Table { rows, .. } => {
                    for row in rows {
                        for cell in row {
                            self.inline(
                                cell,
                                row.first().map_or(cell.as_slice(), Vec::as_slice),
                                block.lines,
                            );
                        }
                    }
                }
                BlockKind::Rule => lead = None,
            }
        }
    }

    fn paragraph(&mut self, spans: &[TextSpan], lines: SourceLines) {
        self.inline(spans, spans, lines);
    }

    /// Commands that stand in running text as code.
    fn inline(&mut self, spans: &[TextSpan], title: &[TextSpan], lines: SourceLines) {
        for span in spans.iter().filter(|span| span.style.is_code) {
            let Some(statement) = inline::command(span.text.raw()) else {
                continue;
            };
            let title = Some(shortened(&plain_text(title)));
            let step = self.shell_step(span.text.raw(), lines, title, &Ok(statement));
            if inline::is_meant(&step) {
                self.push(step);
            }
        }
    }

    fn list(&mut self, items: &[ListItem], is_numbered: bool) {
        let is_contents = items.iter().all(|item| is_link_alone(&item.blocks));
        for item in items {
            let lead = item.blocks.iter().find_map(|block| match &block.kind {
                BlockKind::Paragraph(spans) => Some(plain_text(spans)),
                _ => None,
            });
            let is_check = (is_numbered || item.ticked.is_some()) && !is_contents;
            let at = self.steps.len();
            self.blocks(&item.blocks, lead.as_deref());
            let has_commands = self.steps[at..]
                .iter()
                .any(|step| !matches!(step.body, StepBody::Checklist { .. }));
            let Some(text) = lead.filter(|_| is_check && !has_commands) else {
                continue;
            };
            let step = RunbookStep {
                lines: item.lines,
                text: Outside::new(text.trim()),
                title: Some(Outside::new(shortened(&text))),
                path: self.path(),
                typed_at: None,
                class: StepClass::Prose,
                risk: Risk::Read,
                body: StepBody::Checklist {
                    ticked: item.ticked,
                },
                placeholders: Vec::new(),
            };
            if self.has_room(item.lines) {
                self.steps.insert(at, step);
            }
        }
    }

    fn path(&self) -> Vec<Outside> {
        self.headings
            .iter()
            .map(|(_, heading)| heading.clone())
            .collect()
    }

    fn code(&mut self, code: &CodeBlock, lead: Option<&str>) {
        for command in fence::read(code) {
            let title = command.title.clone().or_else(|| lead.map(shortened));
            if self.steps.len() >= STEPS_MAX {
                self.left_out.get_or_insert(command.lines);
                return;
            }
            let mut step = match &command.kind {
                FenceKind::Shell(statement) => {
                    self.shell_step(&command.text, command.lines, title, statement)
                }
                FenceKind::Sql | FenceKind::Query | FenceKind::Request => {
                    self.free_step(&command, title)
                }
            };
            step.typed_at = command.typed_at.clone().map(Outside::new);
            self.push(step);
        }
    }

    fn has_room(&mut self, lines: SourceLines) -> bool {
        let has_room = self.steps.len() < STEPS_MAX;
        if !has_room {
            self.left_out.get_or_insert(lines);
        }
        has_room
    }

    fn push(&mut self, step: RunbookStep) {
        if !self.has_room(step.lines) {
            return;
        }
        for command in step.commands() {
            let (name, value) = match &command.native {
                Some(Native::Assign { name, value }) => (name, value.text().map(str::to_owned)),
                Some(Native::Capture { name, .. }) => (name, None),
                _ => continue,
            };
            self.known.insert(
                name.clone(),
                Known {
                    line: step.lines.first,
                    value,
                },
            );
        }
        self.steps.push(step);
    }
}

fn is_link_alone(blocks: &[Block]) -> bool {
    let is_link = |block: &Block| match &block.kind {
        BlockKind::Paragraph(spans) => spans.iter().all(|span| {
            span.link
                .as_ref()
                .is_some_and(|link| link.raw().starts_with('#'))
                || span.text.raw().trim().is_empty()
        }),
        BlockKind::List { items, .. } => items.iter().all(|item| is_link_alone(&item.blocks)),
        _ => false,
    };
    !blocks.is_empty() && blocks.iter().all(is_link)
}

fn shortened(text: &str) -> String {
    let words: Vec<&str> = text.split_whitespace().collect();
    words.join(" ").chars().take(TITLE_CHARACTERS_MAX).collect()
}
