//! A fence of code to the commands in it: prompts taken off, comments as titles, output left out.

mod line;
mod prompt;
mod session;
mod statement;

use crate::block::CodeBlock;
use crate::problem::SourceLines;
use crate::shell::{self, ShellFault, Statement};
use crate::sql;
use crate::steps::STEPS_MAX;

use line::Look;

/// Longest command, over all its lines.
pub(crate) const COMMAND_BYTES_MAX: usize = 16 * 1024;

/// Longest title that is made of comments.
const TITLE_CHARACTERS_MAX: usize = 200;

pub(crate) struct FenceCommand {
    pub lines: SourceLines,
    pub text: String,
    pub title: Option<String>,
    pub kind: FenceKind,
    /// The prompt of another host or of a container that stands before it.
    pub typed_at: Option<String>,
}

pub(crate) enum FenceKind {
    Shell(Result<Statement, ShellFault>),
    Sql,
    Query,
    /// `GET /path`
    Request,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Language {
    Shell,
    /// Nothing says what it is: only what is surely a command is one.
    Untyped,
    Sql,
    Query,
    Request,
    Other,
}

fn language(name: &str) -> Language {
    let name = name.trim_start_matches(|one: char| !one.is_ascii_alphabetic());
    match name {
        "bash" | "sh" | "shell" | "zsh" | "console" | "shell-session" | "shellsession"
        | "sh-session" | "terminal" | "ksh" | "fish" | "shellscript" | "command" | "cli"
        | "bash-session" | "cmd" | "kubectl" => Language::Shell,
        "" | "text" | "txt" | "plaintext" | "plain" | "none" | "log" | "output" | "raw"
        | "code" | "nohighlight" => Language::Untyped,
        "sql" | "psql" | "mysql" | "postgres" | "postgresql" | "pgsql" | "plpgsql" => Language::Sql,
        "promql" | "logql" | "prometheus" | "metricsql" => Language::Query,
        "http" => Language::Request,
        _ => Language::Other,
    }
}

/// The commands of a fence, in the order in which they stand.
pub(crate) fn read(code: &CodeBlock) -> Vec<FenceCommand> {
    let text = code
        .text
        .raw()
        .replace(['\u{a0}', '\u{2007}', '\u{202f}'], " ");
    let mut fence = Fence {
        lines: text.split('\n').collect(),
        first_line: code.text_line,
        comments: Vec::new(),
        inherited: None,
        found: Vec::new(),
        is_typed: false,
    };
    let mut language = language(code.language.raw());
    // Some fences say YAML and hold commands.
    let is_mislabelled =
        matches!(language, Language::Other | Language::Sql) && fence.begins_with_command();
    if is_mislabelled {
        language = Language::Untyped;
    }
    match language {
        Language::Shell | Language::Untyped => {
            fence.is_typed = language == Language::Shell;
            if fence.is_session() {
                fence.read_session();
            } else {
                fence.read_plain();
            }
        }
        Language::Sql => fence.read_statements(true),
        Language::Query => fence.read_statements(false),
        Language::Request => fence.read_requests(),
        Language::Other => {}
    }
    fence.found
}

struct Fence<'t> {
    lines: Vec<&'t str>,
    first_line: usize,
    comments: Vec<String>,
    /// The title of the command before, as long as no empty line stands between.
    inherited: Option<String>,
    found: Vec<FenceCommand>,
    is_typed: bool,
}

impl Fence<'_> {
    fn begins_with_command(&self) -> bool {
        let is_aside =
            |line: &&str| line.is_empty() || comment(line).is_some() || line.starts_with("--");
        let mut lines = self.lines.iter().map(|line| line.trim());
        lines.find(|line| !is_aside(line)).is_some_and(|line| {
            let typed = prompt::typed(line).map_or(line, |(_, text)| text);
            line::is_certain(typed) || typed.starts_with("psql ") || typed.starts_with("pg_dump ")
        })
    }

    fn source_lines(&self, first: usize, last: usize) -> SourceLines {
        SourceLines {
            first: self.first_line + first,
            last: self.first_line + last,
        }
    }

    fn title(&mut self, trailing: Option<&str>) -> Option<String> {
        let above = (!self.comments.is_empty()).then(|| self.comments.join(" "));
        if above.is_some() {
            self.inherited.clone_from(&above);
        }
        self.comments.clear();
        let own = above.or_else(|| trailing.filter(|text| !text.is_empty()).map(str::to_owned));
        let title = own.or_else(|| self.inherited.clone())?;
        let title: String = title.chars().take(TITLE_CHARACTERS_MAX).collect();
        Some(title)
    }

    fn push(&mut self, first: usize, last: usize, text: &str, kind: FenceKind) {
        let trailing = match &kind {
            FenceKind::Shell(Ok(statement)) => statement.comment.clone(),
            _ => None,
        };
        let title = self.title(trailing.as_deref());
        let lines = self.source_lines(first, last);
        self.found.push(FenceCommand {
            lines,
            text: text.to_owned(),
            title,
            kind,
            typed_at: None,
        });
    }

    /// A line without a command: an empty one, or a comment. A comment may hold what to type next.
    fn take_aside(&mut self, at: usize) -> bool {
        let line = self.lines[at].trim();
        if line.is_empty() {
            self.inherited = None;
            return true;
        }
        let Some(comment) = comment(line) else {
            return false;
        };
        match to_type(comment) {
            Some(text) if sql::is_statement(text) => self.push(at, at, text, FenceKind::Sql),
            Some(text) if line::look(text, false) == Look::Program => {
                self.push(at, at, text, FenceKind::Shell(shell::statement(text, 0)))
            }
            _ => {
                if !comment.is_empty() {
                    self.comments.push(comment.to_owned());
                }
            }
        }
        true
    }

    fn read_plain(&mut self) {
        let knows_one = self
            .lines
            .iter()
            .any(|line| matches!(line::look(line.trim(), false), Look::Program));
        let mut at = 0;
        let mut is_behind_command = false;
        while at < self.lines.len() && self.found.len() <= STEPS_MAX {
            if self.take_aside(at) {
                is_behind_command = false;
                at += 1;
                continue;
            }
            let line = self.lines[at].trim();
            if sql::is_statement(line) {
                at = self.take_statement(at);
                continue;
            }
            if statement::is_query(line) {
                at = self.take_query(at);
                continue;
            }
            let is_command = match line::look(line, self.is_typed) {
                Look::Program => true,
                Look::Assignment => self.is_typed || knows_one,
                Look::Perhaps => self.is_typed && (!is_behind_command || line.contains(' ')),
                Look::Nothing => false,
            };
            if !is_command {
                self.comments.clear();
                is_behind_command = true;
                at += 1;
                continue;
            }
            at = self.take_command(at);
            is_behind_command = true;
        }
    }

    /// Takes the command that begins on a line; gives the line behind it.
    fn take_command(&mut self, at: usize) -> usize {
        let text = self.text_from(at);
        match shell::statement(&text, 0) {
            Ok(statement) => {
                let taken = text[..statement.end].trim_end_matches('\n').to_owned();
                let last = at + taken.matches('\n').count();
                let is_cut = statement.end == text.len() && text.len() >= COMMAND_BYTES_MAX;
                let kind = if is_cut {
                    Err(ShellFault::UnfinishedExpansion)
                } else {
                    Ok(statement)
                };
                self.push(at, last, &taken, FenceKind::Shell(kind));
                last + 1
            }
            Err(fault) => {
                let line = self.lines[at].trim().to_owned();
                self.push(at, at, &line, FenceKind::Shell(Err(fault)));
                at + 1
            }
        }
    }

    /// The fence from a line on, without the blanks that it begins with, as much as one command may hold.
    fn text_from(&self, at: usize) -> String {
        let mut text = String::new();
        for (index, line) in self.lines[at..].iter().enumerate() {
            if index > 0 {
                text.push('\n');
                text.push_str(line);
            } else {
                text.push_str(line.trim_start());
            }
            if text.len() > COMMAND_BYTES_MAX {
                let mut end = COMMAND_BYTES_MAX;
                while !text.is_char_boundary(end) {
                    end -= 1;
                }
                text.truncate(end);
                break;
            }
        }
        text
    }
}

/// What a comment says.
fn comment(line: &str) -> Option<&str> {
    let text = line
        .strip_prefix('#')
        .or_else(|| line.strip_prefix("// "))?;
    Some(text.trim_start_matches('#').trim())
}

/// `Then run: SELECT ..`: what a comment asks to type.
fn to_type(comment: &str) -> Option<&str> {
    let (before, text) = comment.split_once(": ")?;
    let last = before.rsplit(' ').next()?.to_ascii_lowercase();
    matches!(last.as_str(), "run" | "execute" | "type" | "enter").then(|| text.trim())
}
