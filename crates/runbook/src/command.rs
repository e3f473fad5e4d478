//! One command of a step: which program, through which wrappers, into which filters, and what the console would do natively.

mod filter;
mod guarded;
mod inside;
mod pane;
mod read;
mod wrapper;

use crate::argument::Argument;
use crate::compose::ComposeCall;
use crate::docker::DockerAction;
use crate::http::HttpCheck;
use crate::kubectl::KubectlCall;
use crate::risk::Risk;
use crate::sql::SqlStatement;

pub use filter::PipeFilter;
pub use guarded::GuardedReason;
pub(crate) use inside::risk_inside;
pub(crate) use read::understand;
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
    /// A query for a monitoring system.
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

impl StepClass {
    pub fn word(self) -> &'static str {
        match self {
            StepClass::Kubectl => "kubectl",
            StepClass::Docker => "docker",
            StepClass::Compose => "docker compose",
            StepClass::Http => "http",
            StepClass::Sql => "sql",
            StepClass::Query => "query",
            StepClass::Script => "script",
            StepClass::Prose => "prose",
        }
    }
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
