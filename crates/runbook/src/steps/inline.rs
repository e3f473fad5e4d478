//! Commands in running text: `kubectl get pods` is one, `kubectl logs` alone is only spoken of.

use crate::command::{Native, StepClass, StepCommand};
use crate::fence::COMMAND_BYTES_MAX;
use crate::risk::is_program;
use crate::shell::{self, Statement};
use crate::step::{RunbookStep, StepBody};

/// Reads the code of a text as a command, if it begins as one.
pub(super) fn command(code: &str) -> Option<Statement> {
    let first = code.split_whitespace().next()?;
    if code.len() > COMMAND_BYTES_MAX || code.contains('\n') || code.split_whitespace().count() < 2
    {
        return None;
    }
    let name = first.rsplit('/').next().unwrap_or(first);
    let is_path = first.starts_with("./");
    if !(is_path || is_program(name) && !first.starts_with('/')) {
        return None;
    }
    shell::statement(code, 0)
        .ok()
        .filter(|statement| statement.end == code.len() && !statement.is_compound)
}

/// Is it more than a name that the text speaks of?
pub(super) fn is_meant(step: &RunbookStep) -> bool {
    let StepBody::Commands(commands) = &step.body else {
        return false;
    };
    let Some(first) = commands.first() else {
        return false;
    };
    match (step.class, &first.native) {
        (_, Some(Native::Assign { .. } | Native::Capture { .. })) => false,
        (_, Some(_)) => true,
        (StepClass::Script, None) => is_whole(first),
        (_, None) => first.arguments.len() >= 4,
    }
}

fn is_whole(command: &StepCommand) -> bool {
    let words = &command.arguments[1.min(command.arguments.len())..];
    let is_signed = words.iter().any(|word| {
        word.head().starts_with('-') || word.written().contains(['/', '<', '$', '_', '.'])
    });
    command.arguments.len() >= 3 && is_signed
        || command
            .arguments
            .first()
            .is_some_and(|program| program.head().starts_with("./"))
}
