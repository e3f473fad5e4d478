//! A step with values: words for a program, never text for a shell. Where only a shell can do a line, the values are variables of
//! its environment.

mod script;

use std::collections::BTreeMap;
use std::fmt;

use crate::argument::Argument;
use crate::command::{Joint, Native, PipeFilter, StepCommand};
use crate::placeholder::{Placeholder, ValueFault};
use crate::step::{RunbookStep, StepBody};

pub use script::ShellScript;

/// Values by the keys of placeholders.
pub type Values = BTreeMap<String, String>;

/// What runs, with nothing left open.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BoundStep {
    pub commands: Vec<BoundCommand>,
    /// Given when the line needs a shell: all of it, run by `sh -c`.
    pub script: Option<ShellScript>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BoundCommand {
    pub joint: Joint,
    /// The program and its words, for a process without a shell. Empty when the console does it natively without a program.
    pub words: Vec<String>,
    pub environment: Vec<(String, String)>,
    pub native: Option<Native>,
    pub filters: Vec<PipeFilter>,
    /// The file that its output goes into, and whether it is added at its end.
    pub save_to: Option<(String, bool)>,
    pub input: Option<String>,
}

/// Why a step does not run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum BindFault {
    /// Keys of placeholders without a value.
    Missing(Vec<String>),
    Refused {
        key: String,
        fault: ValueFault,
    },
    /// A value would go where a shell takes text as it stands.
    NoPlaceForValue {
        key: String,
    },
    /// With this value the words would mean something else than without.
    MeaningChanged,
    /// The line itself is not understood, or is done by hand.
    NothingToRun,
}

impl fmt::Display for BindFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            BindFault::Missing(keys) => write!(f, "no value for {}", keys.join(", ")),
            BindFault::Refused { key, fault } => write!(f, "the value for {key} {fault}"),
            BindFault::NoPlaceForValue { key } => {
                write!(f, "{key} stands where a shell takes text as it is")
            }
            BindFault::MeaningChanged => {
                f.write_str("with this value the line would mean something else")
            }
            BindFault::NothingToRun => f.write_str("there is nothing to run"),
        }
    }
}

/// The value of a placeholder: the given one, else what the document gives it.
fn value<'v>(placeholder: &'v Placeholder, values: &'v Values) -> Option<&'v str> {
    let given = values.get(&placeholder.key).map(String::as_str);
    given.or_else(|| placeholder.fallback.as_ref().map(text::Outside::raw))
}

/// Keys of the placeholders of a step that `values` leave open.
pub fn missing(step: &RunbookStep, values: &Values) -> Vec<String> {
    let open = step
        .placeholders
        .iter()
        .filter(|placeholder| value(placeholder, values).is_none());
    open.map(|placeholder| placeholder.key.clone()).collect()
}

/// Fills in the values. A step with one that is missing or not of its kind does not run.
pub fn bind(step: &RunbookStep, values: &Values) -> Result<BoundStep, BindFault> {
    let open = missing(step, values);
    if !open.is_empty() {
        return Err(BindFault::Missing(open));
    }
    let is_read_again = step.commands().iter().any(StepCommand::is_read_again);
    for placeholder in &step.placeholders {
        let Some(value) = value(placeholder, values) else {
            continue;
        };
        let checked = placeholder
            .kind
            .check(value, is_read_again || step.needs_shell());
        checked.map_err(|fault| BindFault::Refused {
            key: placeholder.key.clone(),
            fault,
        })?;
    }
    let known = |key: &str| {
        let placeholder = step
            .placeholders
            .iter()
            .find(|placeholder| placeholder.key == key)?;
        value(placeholder, values)
    };
    match &step.body {
        StepBody::Commands(commands) if !step.needs_shell() => {
            let bound: Result<Vec<_>, _> = commands
                .iter()
                .map(|command| command.bound(&known))
                .collect();
            Ok(BoundStep {
                commands: bound?,
                script: None,
            })
        }
        StepBody::Commands(_) | StepBody::Script(_) => {
            let script = script::of(step, &known)?;
            Ok(BoundStep {
                commands: Vec::new(),
                script: Some(script),
            })
        }
        StepBody::Checklist { .. } | StepBody::Refused(_) => Err(BindFault::NothingToRun),
    }
}

impl RunbookStep {
    /// Does the line take a shell, by what a process would have to do with it?
    pub fn needs_shell(&self) -> bool {
        match &self.body {
            StepBody::Script(_) => true,
            StepBody::Commands(commands) => commands.iter().any(|command| {
                let is_shaped = command.guarded.is_some()
                    && (!command.filters.is_empty()
                        || command.save_to.is_some()
                        || command.input.is_some());
                is_shaped
                    || command
                        .guarded
                        .as_ref()
                        .is_some_and(crate::command::GuardedReason::needs_shell)
            }),
            StepBody::Checklist { .. } | StepBody::Refused(_) => false,
        }
    }
}

impl StepCommand {
    /// Is a word of it read once more, as a script, a statement or a pattern?
    fn is_read_again(&self) -> bool {
        let holds = |argument: &Argument| {
            let open = argument.pieces().len() > 1;
            open && argument.written().contains([' ', '"', '\'', '{', '$', '('])
        };
        self.arguments.iter().any(holds)
            || matches!(self.native, Some(Native::Sql(_) | Native::Query(_)))
    }

    fn bound<'v>(
        &self,
        known: &impl Fn(&str) -> Option<&'v str>,
    ) -> Result<BoundCommand, BindFault> {
        let filled: Vec<Argument> = self
            .arguments
            .iter()
            .map(|argument| argument.filled(known))
            .collect();
        let native = match &self.native {
            Some(native) => Some(
                native
                    .filled(&filled, known)
                    .ok_or(BindFault::MeaningChanged)?,
            ),
            None => None,
        };
        let text = |argument: &Argument| {
            argument
                .text()
                .map(str::to_owned)
                .ok_or(BindFault::MeaningChanged)
        };
        let is_captured = matches!(native, Some(Native::Capture { .. }));
        let words: Result<Vec<String>, BindFault> =
            filled.iter().filter(|_| !is_captured).map(text).collect();
        let value = |argument: &Argument| text(&argument.filled(known));
        let environment: Result<Vec<(String, String)>, BindFault> = self
            .environment
            .iter()
            .map(|(name, given)| Ok((name.clone(), value(given)?)))
            .collect();
        let save_to = self
            .save_to
            .as_ref()
            .map(|(file, is_added)| Ok((value(file)?, *is_added)));
        Ok(BoundCommand {
            joint: self.joint,
            words: words?,
            environment: environment?,
            native,
            filters: self
                .filters
                .iter()
                .map(|filter| filter.filled(known))
                .collect(),
            save_to: save_to.transpose()?,
            input: self.input.as_ref().map(value).transpose()?,
        })
    }
}

impl Native {
    /// The same action with its values. Reading the filled words anew must give the same form of action, or a value has changed it.
    fn filled<'v>(
        &self,
        words: &[Argument],
        known: &impl Fn(&str) -> Option<&'v str>,
    ) -> Option<Native> {
        let rest = words.get(1..).unwrap_or_default();
        let filled = match self {
            Native::Kubectl(before) => {
                let call = crate::kubectl::read(rest).ok()?;
                if !call.is_of_form(before) {
                    return None;
                }
                Native::Kubectl(call)
            }
            Native::Docker(_) => Native::Docker(crate::docker::read(rest).ok()?),
            Native::Compose(_) if rest.first().and_then(Argument::text) == Some("compose") => {
                Native::Compose(crate::compose::read(&rest[1..]).ok()?)
            }
            Native::Compose(_) => Native::Compose(crate::compose::read(rest).ok()?),
            Native::Http(check) if words.is_empty() => {
                let mut check = check.clone();
                check.url = check.url.filled(known);
                Native::Http(check)
            }
            Native::Http(_) => Native::Http(crate::http::read(words.first()?.text()?, rest).ok()?),
            Native::Sql(sql) => Native::Sql(crate::sql::SqlStatement {
                client: sql
                    .client
                    .iter()
                    .map(|argument| argument.filled(known))
                    .collect(),
                statement: sql.statement.filled(known),
            }),
            Native::Query(query) => Native::Query(query.filled(known)),
            Native::Capture { name, command } => {
                let mut inner = command.as_ref().clone();
                inner.arguments = inner
                    .arguments
                    .iter()
                    .map(|argument| argument.filled(known))
                    .collect();
                inner.native = Some(inner.native.as_ref()?.filled(&inner.arguments, known)?);
                Native::Capture {
                    name: name.clone(),
                    command: Box::new(inner),
                }
            }
            Native::Assign { name, value } => Native::Assign {
                name: name.clone(),
                value: value.filled(known),
            },
        };
        (std::mem::discriminant(self) == std::mem::discriminant(&filled)).then_some(filled)
    }
}
