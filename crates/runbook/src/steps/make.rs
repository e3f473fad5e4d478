//! One line of a document to its step.

use text::{Outside, SafeText};

use super::Gatherer;
use crate::command::{Native, StepClass, StepCommand, understand};
use crate::fence::{COMMAND_BYTES_MAX, FenceCommand, FenceKind};
use crate::http::HttpCheck;
use crate::placeholder::Collector;
use crate::problem::SourceLines;
use crate::risk::Risk;
use crate::shell::{self, ShellLine, Statement};
use crate::sql::SqlStatement;
use crate::step::{RunbookStep, StepBody, StepFault};

impl Gatherer {
    pub(super) fn shell_step(
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
        self.step(text, lines, title, body, collector)
    }

    /// A statement, a query or a request: text that no shell reads.
    pub(super) fn free_step(&self, command: &FenceCommand, title: Option<String>) -> RunbookStep {
        let mut collector = Collector {
            known: Some(&self.known),
            ..Collector::default()
        };
        let is_too_long = command.text.len() > COMMAND_BYTES_MAX;
        let text = if is_too_long { "" } else { &command.text };
        let argument = collector.free_text(text);
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
        let body = if is_too_long {
            StepBody::Refused(StepFault::TooLong)
        } else if hides(&command.text) {
            StepBody::Refused(StepFault::HiddenCharacters)
        } else {
            StepBody::Commands(vec![StepCommand::of(class, native)])
        };
        let step = self.step(&command.text, command.lines, title, body, collector);
        RunbookStep { class, ..step }
    }

    fn step(
        &self,
        text: &str,
        lines: SourceLines,
        title: Option<String>,
        body: StepBody,
        collector: Collector<'_>,
    ) -> RunbookStep {
        RunbookStep {
            lines,
            text: Outside::new(text),
            title: title.map(Outside::new),
            path: self.path(),
            typed_at: None,
            class: class_of(&body, text),
            risk: body_risk(&body),
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
