//! Blocks to steps: the lines of fences, commands in running text, items of checklists.

mod inline;

use std::collections::BTreeMap;

use text::{Outside, SafeText};

use crate::block::{Block, BlockKind, CodeBlock, ListItem, TextSpan, plain_text};
use crate::command::{Native, StepClass, StepCommand, understand};
use crate::fence::{self, COMMAND_BYTES_MAX, FenceCommand, FenceKind};
use crate::http::HttpCheck;
use crate::placeholder::{Collector, Known};
use crate::problem::{RunbookFault, RunbookProblem, SourceLines};
use crate::risk::Risk;
use crate::shell::{self, ShellLine, Statement};
use crate::sql::SqlStatement;
use crate::step::{RunbookStep, StepBody, StepFault};

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
            let step = match &command.kind {
                FenceKind::Shell(statement) => {
                    self.shell_step(&command.text, command.lines, title, statement)
                }
                FenceKind::Sql | FenceKind::Query | FenceKind::Request => {
                    self.free_step(&command, title)
                }
            };
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

    fn shell_step(
        &self,
        text: &str,
        lines: SourceLines,
        title: Option<String>,
        statement: &Result<Statement, shell::ShellFault>,
    ) -> RunbookStep {
        let refused = |fault| StepBody::Refused(fault);
        let mut collector = Collector {
            known: Some(&self.known),
            ..Collector::default()
        };
        let body = match statement {
            _ if hides(text) => refused(StepFault::HiddenCharacters),
            _ if text.len() > COMMAND_BYTES_MAX => refused(StepFault::TooLong),
            Err(fault) => refused(StepFault::Shell(fault.clone())),
            Ok(statement) => commands(statement, &mut collector),
        };
        let class = class_of(&body, text);
        let risk = match &body {
            StepBody::Commands(commands) | StepBody::Script(commands) => commands
                .iter()
                .map(|command| command.risk)
                .max()
                .unwrap_or(Risk::Unknown),
            StepBody::Checklist { .. } | StepBody::Refused(_) => Risk::Unknown,
        };
        self.step(text, lines, title, class, risk, body, collector)
    }

    /// A statement, a query or a request: text that no shell reads.
    fn free_step(&self, command: &FenceCommand, title: Option<String>) -> RunbookStep {
        let mut collector = Collector {
            known: Some(&self.known),
            ..Collector::default()
        };
        let is_sql = matches!(command.kind, FenceKind::Sql);
        let argument = collector.free_text(&command.text);
        let (class, native) = match &command.kind {
            FenceKind::Sql => (
                StepClass::Sql,
                Native::Sql(SqlStatement {
                    client: Vec::new(),
                    statement: argument,
                }),
            ),
            FenceKind::Request => {
                let method = command.text.split(' ').next().unwrap_or("GET").to_owned();
                let url = argument
                    .split_once(' ')
                    .map_or(argument.clone(), |(_, url)| {
                        url.split_once(' ').map_or(url.clone(), |(url, _)| url)
                    });
                (StepClass::Http, Native::Http(HttpCheck::of(method, url)))
            }
            FenceKind::Query | FenceKind::Shell(_) => (StepClass::Query, Native::Query(argument)),
        };
        let body = if hides(&command.text) {
            StepBody::Refused(StepFault::HiddenCharacters)
        } else {
            StepBody::Commands(vec![StepCommand::of(class, native)])
        };
        let risk = if is_sql {
            crate::sql::risk(&command.text)
        } else {
            body_risk(&body)
        };
        self.step(
            &command.text,
            command.lines,
            title,
            class,
            risk,
            body,
            collector,
        )
    }

    #[allow(
        clippy::too_many_arguments,
        reason = "the one place that makes a step of its parts"
    )]
    fn step(
        &self,
        text: &str,
        lines: SourceLines,
        title: Option<String>,
        class: StepClass,
        risk: Risk,
        body: StepBody,
        collector: Collector<'_>,
    ) -> RunbookStep {
        RunbookStep {
            lines,
            text: Outside::new(text),
            title: title.map(Outside::new),
            path: self.path(),
            class,
            risk,
            body,
            placeholders: collector.placeholders,
        }
    }
}

fn body_risk(body: &StepBody) -> Risk {
    match body {
        StepBody::Commands(commands) | StepBody::Script(commands) => commands
            .iter()
            .map(|command| command.risk)
            .max()
            .unwrap_or(Risk::Unknown),
        StepBody::Checklist { .. } | StepBody::Refused(_) => Risk::Unknown,
    }
}

fn commands(statement: &Statement, collector: &mut Collector<'_>) -> StepBody {
    let line = shell::read(statement);
    if line.is_compound {
        collector.local.extend(ShellLine::assigned_names(statement));
        collector.statement(statement);
        let all = line
            .pipelines
            .iter()
            .filter_map(|pipeline| understand(pipeline, collector))
            .collect();
        return StepBody::Script(all);
    }
    let mut commands: Vec<StepCommand> = Vec::new();
    for pipeline in &line.pipelines {
        let Some(command) = understand(pipeline, collector) else {
            continue;
        };
        // What one part of a line assigns counts for the parts behind it.
        if let Some(Native::Assign { name, .. }) =
            command.native.as_ref().filter(|_| line.pipelines.len() > 1)
        {
            collector.local.insert(name.clone());
        }
        commands.push(command);
    }
    if commands.is_empty() {
        return StepBody::Refused(StepFault::Shell(shell::ShellFault::Unexpected(
            "the end of the line".into(),
        )));
    }
    let computed = crate::command::risk_inside(&line);
    if let Some(first) = commands.first_mut() {
        first.risk = first.risk.max(computed);
    }
    StepBody::Commands(commands)
}

/// The class of the gravest command that is not a plain program.
fn class_of(body: &StepBody, text: &str) -> StepClass {
    match body {
        StepBody::Commands(commands) => commands
            .iter()
            .map(|command| command.class)
            .min()
            .unwrap_or(StepClass::Script),
        StepBody::Script(_) => StepClass::Script,
        StepBody::Checklist { .. } => StepClass::Prose,
        StepBody::Refused(_) => class_by_word(text),
    }
}

fn class_by_word(text: &str) -> StepClass {
    let first = text.split_whitespace().next().unwrap_or("");
    match first {
        _ if crate::kubectl::is_kubectl(first) => StepClass::Kubectl,
        _ if crate::compose::is_compose(first) || text.starts_with("docker compose ") => {
            StepClass::Compose
        }
        _ if crate::docker::is_docker(first) => StepClass::Docker,
        "curl" | "wget" => StepClass::Http,
        _ => StepClass::Script,
    }
}

/// Are there characters in it that a terminal would not show as themselves?
fn hides(text: &str) -> bool {
    text.lines().any(|line| {
        let line = line.replace('\t', " ");
        SafeText::whole(&line).as_str() != line
    })
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
