//! One thing to do: a command line of the document, or an item of a checklist.

use text::Outside;

use crate::command::{GuardedReason, StepClass, StepCommand};
use crate::placeholder::Placeholder;
use crate::problem::SourceLines;
use crate::risk::Risk;
use crate::shell::ShellFault;

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RunbookStep {
    pub lines: SourceLines,
    /// The command without its prompt, or the item's text.
    pub text: Outside,
    /// The comment above or behind it, or what leads to it.
    pub title: Option<Outside>,
    /// The headings that it stands under, the highest first.
    pub path: Vec<Outside>,
    /// The prompt of another host or of a container, where the document shows one: the line is meant for there.
    pub typed_at: Option<Outside>,
    pub class: StepClass,
    pub risk: Risk,
    pub body: StepBody,
    pub placeholders: Vec<Placeholder>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum StepBody {
    Commands(Vec<StepCommand>),
    /// A loop, a condition, a group or a function: run whole or not at all. Its commands are for its risk alone.
    Script(Vec<StepCommand>),
    /// Done by hand.
    Checklist {
        ticked: Option<bool>,
    },
    Refused(StepFault),
}

/// Why a line is not run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum StepFault {
    Shell(ShellFault),
    /// It holds characters that do not show as what they are.
    HiddenCharacters,
    TooLong,
}

/// Who does a step.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum StepRunner {
    Console,
    GuardedProcess,
    Person,
    /// Nobody: the line is not understood.
    Nobody,
}

impl StepRunner {
    pub fn words(self) -> &'static str {
        match self {
            StepRunner::Console => "by the console",
            StepRunner::GuardedProcess => "as a guarded process",
            StepRunner::Person => "by hand",
            StepRunner::Nobody => "refused",
        }
    }
}

impl StepFault {
    pub fn words(&self) -> String {
        match self {
            StepFault::Shell(fault) => fault.to_string(),
            StepFault::HiddenCharacters => "it holds characters that do not show".into(),
            StepFault::TooLong => "it is too long".into(),
        }
    }
}

impl RunbookStep {
    pub fn runner(&self) -> StepRunner {
        match &self.body {
            StepBody::Commands(commands) if commands.iter().all(StepCommand::is_native) => {
                StepRunner::Console
            }
            StepBody::Commands(_) | StepBody::Script(_) => StepRunner::GuardedProcess,
            StepBody::Checklist { .. } => StepRunner::Person,
            StepBody::Refused(_) => StepRunner::Nobody,
        }
    }

    pub fn commands(&self) -> &[StepCommand] {
        match &self.body {
            StepBody::Commands(commands) | StepBody::Script(commands) => commands,
            StepBody::Checklist { .. } | StepBody::Refused(_) => &[],
        }
    }

    /// Why it is no work of the console alone.
    pub fn reason(&self) -> Option<String> {
        match &self.body {
            StepBody::Commands(commands) => commands
                .iter()
                .find_map(|command| command.guarded.as_ref())
                .map(GuardedReason::words),
            StepBody::Script(_) => Some(GuardedReason::Script.words()),
            StepBody::Checklist { .. } => None,
            StepBody::Refused(fault) => Some(fault.words()),
        }
    }
}

impl StepCommand {
    pub fn is_native(&self) -> bool {
        self.native.is_some() && self.guarded.is_none()
    }
}
