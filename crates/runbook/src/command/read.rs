//! A pipeline of the shell to one command.

use super::inside::captured;
use super::{GuardedReason, Joint, Native, PipeFilter, StepClass, StepCommand, filter, wrapper};
use crate::argument::Argument;
use crate::placeholder::{Collector, WordPlace};
use crate::risk::{Risk, of_command};
use crate::shell::{Operator, Pipeline, Quote, Redirect, RedirectKind, SimpleCommand};
use crate::{compose, docker, http, kubectl, sql};

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
        .filter_map(|word| {
            collector
                .argument(word, WordPlace::default())
                .split_once('=')
        })
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

impl StepCommand {
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
        let target = collector.argument(&redirect.target, WordPlace::default());
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
    pub(super) fn settle(&mut self) {
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
        let is_plain = matches!(self.native, Some(Native::Assign { .. }) | None);
        if !is_plain && !self.environment.is_empty() && self.guarded.is_none() {
            let why = "its environment is set for it alone";
            self.guarded = Some(GuardedReason::NotNative(why.into()));
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
}
