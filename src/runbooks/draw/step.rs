//! What is said of a step below its line: number, class, risk, what the console would do, the values that it needs.

use runbook::{
    BoundBy, Joint, Placeholder, RunbookStep, StepBody, StepCommand, StepRunner, bound_by,
};

use super::Page;

/// How far the words of a step stand to the right of its text.
const INDENT: &str = "  ";

impl Page<'_> {
    /// The steps that end before or on this line of the document and are not drawn yet.
    pub(super) fn steps_up_to(&mut self, line: usize) {
        while let Some(step) = self.runbook.steps.get(self.next_step) {
            // An item goes on with what is below it, and is done before that.
            let end = match step.body {
                StepBody::Checklist { .. } => step.lines.first,
                StepBody::Commands(_) | StepBody::Script(_) | StepBody::Refused(_) => {
                    step.lines.last
                }
            };
            if end > line {
                return;
            }
            self.next_step += 1;
            self.step(self.next_step, step);
        }
    }

    fn step(&mut self, number: usize, step: &RunbookStep) {
        let sign = format!("[{number}] ");
        let rest = " ".repeat(sign.len());
        let before = self.margin.clone();
        self.margin.push_str(INDENT);
        self.mark = Some(format!("{}{sign}", self.margin));
        self.margin.push_str(&rest);
        for words in said(step) {
            self.paragraph(&words);
        }
        let values: Vec<String> = step
            .placeholders
            .iter()
            .map(|placeholder| self.value(placeholder))
            .collect();
        if !values.is_empty() {
            self.paragraph(&format!("values: {}", values.join("; ")));
        }
        self.margin = before;
    }

    fn value(&self, placeholder: &Placeholder) -> String {
        let written = placeholder.written.raw();
        let fallback = placeholder.fallback.as_ref();
        match bound_by(self.runbook, placeholder) {
            Some(BoundBy::Document) => match (fallback, placeholder.assigned_on) {
                (Some(value), _) => format!("{written} is {}", value.raw()),
                (None, Some(line)) => format!("{written} of line {line}"),
                (None, None) => written.to_owned(),
            },
            Some(BoundBy::Input) => format!("{written} asked for"),
            Some(BoundBy::Label) => format!("{written} of the label"),
            None => format!("{written} open"),
        }
    }
}

fn said(step: &RunbookStep) -> Vec<String> {
    let head = match &step.body {
        StepBody::Checklist { .. } => "by hand".to_owned(),
        _ => format!("{}, {}", step.class.word(), step.risk.word()),
    };
    let mut lines = match step.commands() {
        [] => vec![head],
        [command] => vec![format!("{head}: {}", command.words())],
        commands => {
            let each = commands.iter().map(joined);
            std::iter::once(head).chain(each).collect()
        }
    };
    if let Some(reason) = step.reason() {
        let who = match step.runner() {
            StepRunner::Nobody => "refused",
            StepRunner::Console | StepRunner::GuardedProcess | StepRunner::Person => {
                "as a guarded process"
            }
        };
        lines.push(format!("{who}: {reason}"));
    }
    if let Some(prompt) = &step.typed_at {
        lines.push(format!("typed at {}", prompt.raw()));
    }
    lines
}

fn joined(command: &StepCommand) -> String {
    let joint = match command.joint {
        Joint::First => "first",
        Joint::IfDone => "if done",
        Joint::IfFailed => "if failed",
        Joint::Then => "then",
    };
    format!("{joint} {}", command.words())
}
