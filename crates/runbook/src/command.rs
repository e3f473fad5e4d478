//! One command of a step: which program, through which wrappers, into which filters, and what the console would do natively.

mod filter;
mod wrapper;

use crate::argument::Argument;
use crate::compose::{self, ComposeCall};
use crate::docker::{self, DockerAction};
use crate::http::{self, HttpCheck};
use crate::kubectl::{self, KubectlCall};
use crate::placeholder::Collector;
use crate::risk::{Risk, of_command};
use crate::shell::{
    self, Operator, Part, Pipeline, Quote, Redirect, RedirectKind, ShellLine, SimpleCommand,
};
use crate::sql::{self, SqlStatement};

pub use filter::PipeFilter;
pub use wrapper::Wrapper;

/// How a command follows on the one before it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Joint {
    First,
    /// `&&`
    IfDone,
    /// `||`
    IfFailed,
    /// `;`, `&` or a new line.
    Then,
}

/// What the console can do by itself, without a process.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Native {
    Kubectl(KubectlCall),
    Docker(DockerAction),
    Compose(ComposeCall),
    Http(HttpCheck),
    Sql(SqlStatement),
    /// A query for a monitoring system, as PromQL.
    Query(Argument),
    /// `NAME=$(..)`: the output of a command that is native itself.
    Capture {
        name: String,
        command: Box<StepCommand>,
    },
    /// `NAME=value`: a value for the placeholders of later steps.
    Assign {
        name: String,
        value: Argument,
    },
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum StepClass {
    Kubectl,
    Docker,
    Compose,
    Http,
    Sql,
    /// A query of a monitoring system.
    Query,
    Script,
    Prose,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StepCommand {
    pub joint: Joint,
    pub wrappers: Vec<Wrapper>,
    /// `NAME=value` for this command alone.
    pub environment: Vec<(String, Argument)>,
    /// The program and its words, without wrappers, filters and redirections.
    pub arguments: Vec<Argument>,
    /// What its output goes through.
    pub filters: Vec<PipeFilter>,
    /// The file that its output goes into, and whether it is added at its end.
    pub save_to: Option<(Argument, bool)>,
    /// What it reads, as far as it stands in the document.
    pub input: Option<Argument>,
    pub class: StepClass,
    pub native: Option<Native>,
    /// Why it has to run as a process, when it has no native action or not by that alone.
    pub guarded: Option<GuardedReason>,
    pub risk: Risk,
}

/// Why a line runs as a guarded process, and not by the console itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum GuardedReason {
    /// A program without native actions.
    Program(String),
    /// A known program asked for what has no native action.
    NotNative(String),
    /// A part of the shell itself, as `cd`.
    Builtin(String),
    /// Its output goes through another program.
    Piped(String),
    /// Only a shell can work a part of it out.
    Computed,
    /// A loop, a condition, a group or a function.
    Script,
    /// It reads a file of this machine.
    ReadsFile,
}

impl GuardedReason {
    /// Does it take a shell, or would the words alone do?
    pub fn needs_shell(&self) -> bool {
        match self {
            GuardedReason::Program(_) | GuardedReason::NotNative(_) => false,
            GuardedReason::Builtin(_)
            | GuardedReason::Piped(_)
            | GuardedReason::Computed
            | GuardedReason::Script
            | GuardedReason::ReadsFile => true,
        }
    }

    pub fn words(&self) -> String {
        match self {
            GuardedReason::Program(program) => format!("{program} has no native action"),
            GuardedReason::NotNative(why) => why.clone(),
            GuardedReason::Builtin(name) => format!("{name} is a part of the shell"),
            GuardedReason::Piped(program) => format!("its output goes through {program}"),
            GuardedReason::Computed => "a part of it is worked out by a shell".into(),
            GuardedReason::Script => "it is a script of several commands".into(),
            GuardedReason::ReadsFile => "it reads a file of this machine".into(),
        }
    }
}

/// Understands the commands of a pipeline as one.
pub(crate) fn understand(
    pipeline: &Pipeline,
    collector: &mut Collector<'_>,
) -> Option<StepCommand> {
    let (first, more) = pipeline.commands.split_first()?;
    let joint = match pipeline.joined_by {
        None => Joint::First,
        Some(Operator::And) => Joint::IfDone,
        Some(Operator::Or) => Joint::IfFailed,
        Some(_) => Joint::Then,
    };
    let environment: Vec<(String, Argument)> = first
        .assignments
        .iter()
        .filter_map(|word| collector.argument(word, Default::default()).split_once('='))
        .map(|(name, value)| (name.written(), value))
        .collect();
    let words = collector.command(&first.words);
    let (wrappers, arguments) = wrapper::strip(words);
    let filters: Vec<PipeFilter> = more
        .iter()
        .map(|command| filter::read(command, collector))
        .collect();
    let mut command = StepCommand {
        joint,
        wrappers,
        environment,
        arguments,
        filters,
        save_to: None,
        input: None,
        class: StepClass::Script,
        native: None,
        guarded: None,
        risk: Risk::Unknown,
    };
    command.take_program(first);
    for redirect in pipeline
        .commands
        .iter()
        .flat_map(|command| &command.redirects)
    {
        command.take_redirect(redirect, collector);
    }
    if let Some((name, inner)) = captured(first, collector) {
        command.class = inner.class;
        command.guarded = None;
        command.native = Some(Native::Capture {
            name,
            command: Box::new(inner),
        });
    }
    command.settle();
    Some(command)
}

fn is_builtin(arguments: &[Argument]) -> bool {
    let program = arguments.first().and_then(Argument::text).unwrap_or("");
    matches!(
        program,
        "cd" | "export"
            | "source"
            | "."
            | "set"
            | "unset"
            | "alias"
            | "eval"
            | "read"
            | "trap"
            | "umask"
            | "ulimit"
            | "pushd"
            | "popd"
            | "[["
            | "declare"
            | "local"
            | "return"
            | "exit"
            | "shift"
    )
}

/// `NAME=$(..)` and `export NAME=$(..)`, when the command inside is native.
fn captured(
    command: &SimpleCommand,
    collector: &mut Collector<'_>,
) -> Option<(String, StepCommand)> {
    let word = match (command.assignments.as_slice(), command.words.as_slice()) {
        ([word], []) => word,
        ([], [export, word]) if export.bare() == Some("export") => word,
        _ => return None,
    };
    let name = shell::assigned_name(word)?;
    let inside = word.pieces.iter().filter_map(|piece| match &piece.part {
        Part::Computed { inside, .. } => Some(Some(inside)),
        Part::Text(text) if *text == format!("{name}=") => None,
        _ => Some(None),
    });
    let [Some(inside)] = inside.collect::<Vec<_>>()[..] else {
        return None;
    };
    let [pipeline] = &shell::pipelines(inside)[..] else {
        return None;
    };
    let inner = understand(pipeline, collector)?;
    (inner.is_native() && inner.risk == Risk::Read).then_some((name, inner))
}

/// The gravest command in `$(..)` of a line.
pub(crate) fn risk_inside(line: &ShellLine) -> Risk {
    let mut collector = Collector::default();
    let outer: usize = line
        .pipelines
        .iter()
        .map(|pipeline| pipeline.commands.len())
        .sum();
    let all = line.all_commands();
    if all.len() == outer {
        return Risk::Read;
    }
    let risks = all
        .iter()
        .filter(|command| !command.words.is_empty())
        .map(|command| of_command(&collector.command(&command.words)));
    risks
        .filter(|risk| *risk > Risk::Unknown)
        .max()
        .unwrap_or(Risk::Read)
}

impl StepCommand {
    /// One that is no command of a shell.
    pub(crate) fn of(class: StepClass, native: Native) -> StepCommand {
        let mut command = StepCommand {
            joint: Joint::First,
            wrappers: Vec::new(),
            environment: Vec::new(),
            arguments: Vec::new(),
            filters: Vec::new(),
            save_to: None,
            input: None,
            class,
            native: Some(native),
            guarded: None,
            risk: Risk::Unknown,
        };
        command.settle();
        command
    }

    fn take_program(&mut self, first: &SimpleCommand) {
        let Some(program) = self.arguments.first() else {
            self.take_assignment();
            return;
        };
        let Some(program) = program.text() else {
            self.guarded = Some(GuardedReason::NotNative("the program is left open".into()));
            return;
        };
        let name = program.rsplit('/').next().unwrap_or(program).to_owned();
        let rest = &self.arguments[1..];
        let is_compose =
            docker::is_docker(&name) && rest.first().and_then(Argument::text) == Some("compose");
        let (class, native) = if kubectl::is_kubectl(&name) {
            (StepClass::Kubectl, kubectl::read(rest).map(Native::Kubectl))
        } else if is_compose {
            (
                StepClass::Compose,
                compose::read(&rest[1..]).map(Native::Compose),
            )
        } else if compose::is_compose(&name) {
            (StepClass::Compose, compose::read(rest).map(Native::Compose))
        } else if docker::is_docker(&name) {
            (StepClass::Docker, docker::read(rest).map(Native::Docker))
        } else if matches!(name.as_str(), "curl" | "wget") {
            (StepClass::Http, http::read(&name, rest).map(Native::Http))
        } else if matches!(
            name.as_str(),
            "psql" | "mysql" | "mariadb" | "gitlab-psql" | "clickhouse-client"
        ) {
            let statement = sql::read(&self.arguments).map(Native::Sql);
            (
                StepClass::Sql,
                statement.ok_or_else(|| format!("{name} opens a session or reads a file")),
            )
        } else if name == "export" && matches!(rest, [one] if one.split_once('=').is_some()) {
            self.take_export();
            return;
        } else {
            (StepClass::Script, Err(String::new()))
        };
        self.class = class;
        match native {
            Ok(native) => self.native = Some(native),
            Err(why) if why.is_empty() => self.guarded = Some(GuardedReason::Program(name)),
            Err(why) => self.guarded = Some(GuardedReason::NotNative(why)),
        }
        let has_glob = first.words.iter().any(|word| {
            let bare = |piece: &crate::shell::Piece| matches!(&piece.part, crate::shell::Part::Text(text) if piece.quote == Quote::Bare && text.contains(['*', '?', '~']));
            word.pieces.iter().any(bare)
        });
        if self.native.is_none() && is_builtin(&self.arguments) {
            let name = self
                .arguments
                .first()
                .map(Argument::written)
                .unwrap_or_default();
            self.guarded = Some(GuardedReason::Builtin(name));
        }
        if has_glob && self.native.is_none() {
            self.guarded = Some(GuardedReason::Computed);
        }
    }

    fn take_assignment(&mut self) {
        match self.environment.pop() {
            Some((name, value)) if self.environment.is_empty() => {
                self.native = Some(Native::Assign { name, value })
            }
            Some(last) => {
                self.environment.push(last);
                self.guarded = Some(GuardedReason::Computed);
            }
            None => self.guarded = Some(GuardedReason::Computed),
        }
    }

    fn take_export(&mut self) {
        if let Some((name, value)) = self.arguments[1].split_once('=') {
            self.native = Some(Native::Assign {
                name: name.written(),
                value,
            });
        }
    }

    fn take_redirect(&mut self, redirect: &Redirect, collector: &mut Collector<'_>) {
        let target = collector.argument(&redirect.target, Default::default());
        let is_output = redirect.descriptor.is_none_or(|descriptor| descriptor == 1);
        match redirect.kind {
            RedirectKind::Duplicate => {}
            RedirectKind::Write | RedirectKind::Append
                if !is_output || target.text() == Some("/dev/null") => {}
            RedirectKind::Write | RedirectKind::Append => {
                self.save_to = Some((target, redirect.kind == RedirectKind::Append))
            }
            RedirectKind::HereDocument | RedirectKind::HereString => self.input = Some(target),
            RedirectKind::Read => self.guarded = Some(GuardedReason::ReadsFile),
        }
    }

    /// Risk, and whether the native action alone is what the line asks for.
    fn settle(&mut self) {
        let of_program = match &self.native {
            Some(Native::Kubectl(call)) => call.risk(),
            Some(Native::Docker(action)) => action.risk(),
            Some(Native::Compose(call)) => call.risk(),
            Some(Native::Http(check)) => check.risk(),
            Some(Native::Sql(statement)) => statement.risk(),
            Some(Native::Query(_)) => Risk::Read,
            Some(Native::Assign { .. }) => Risk::Local,
            Some(Native::Capture { command, .. }) => command.risk,
            None => of_command(&self.arguments),
        };
        let of_input = match (&self.input, self.class) {
            (Some(input), StepClass::Sql) => sql::risk(&input.written()),
            _ => Risk::Read,
        };
        let of_filters = self
            .filters
            .iter()
            .map(PipeFilter::risk)
            .max()
            .unwrap_or(Risk::Read);
        self.risk = if of_input > Risk::Read && of_program == Risk::Session {
            of_input
        } else {
            of_program.max(of_input)
        }
        .max(of_filters);
        let by_words = matches!(
            self.guarded,
            Some(GuardedReason::Program(_) | GuardedReason::NotNative(_))
        );
        if by_words && self.is_computed() {
            self.guarded = Some(GuardedReason::Computed);
        }
        if matches!(self.guarded, Some(GuardedReason::ReadsFile)) && self.class == StepClass::Sql {
            self.risk = Risk::Destructive;
        }
        if self.native.is_none() && self.save_to.is_some() {
            self.risk = self.risk.max(Risk::Local);
        }
        if self.guarded.is_some() || matches!(self.native, Some(Native::Capture { .. })) {
            return;
        }
        let foreign = self.filters.iter().find_map(PipeFilter::program);
        if let Some(program) = foreign {
            self.guarded = Some(GuardedReason::Piped(program.to_owned()));
        } else if self.is_computed() {
            self.guarded = Some(GuardedReason::Computed);
        }
    }

    fn is_computed(&self) -> bool {
        let values = self.environment.iter().map(|(_, value)| value);
        let assigned = match &self.native {
            Some(Native::Assign { value, .. }) => Some(value),
            _ => None,
        };
        self.arguments
            .iter()
            .chain(values)
            .chain(assigned)
            .any(Argument::is_computed)
    }

    /// What would be done, in one line for a person. It holds text of the document: it has to be made safe before it is shown.
    pub fn words(&self) -> String {
        let mut words = match &self.native {
            Some(Native::Kubectl(call)) => call.words(),
            Some(Native::Docker(action)) => action.words(),
            Some(Native::Compose(call)) => call.words(),
            Some(Native::Http(check)) => check.words(),
            Some(Native::Sql(statement)) => statement.words(),
            Some(Native::Query(query)) => query
                .written()
                .split_whitespace()
                .collect::<Vec<_>>()
                .join(" "),
            Some(Native::Assign { name, value }) => format!("{name} is {}", value.written()),
            Some(Native::Capture { name, command }) => {
                format!("{name} is the output of: {}", command.words())
            }
            None => {
                let written: Vec<String> = self.arguments.iter().map(Argument::written).collect();
                written.join(" ")
            }
        };
        for wrapper in &self.wrappers {
            words.push_str(" | ");
            words.push_str(&wrapper.words());
        }
        for filter in &self.filters {
            words.push_str(" | ");
            words.push_str(&filter.words());
        }
        if let Some((file, is_added)) = &self.save_to {
            words.push_str(if *is_added {
                " | added to "
            } else {
                " | saved to "
            });
            words.push_str(&file.written());
        }
        words
    }
}
