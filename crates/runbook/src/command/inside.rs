//! Commands inside `$(..)`.

use super::StepCommand;
use super::read::understand;
use crate::placeholder::Collector;
use crate::risk::{Risk, of_command};
use crate::shell::{self, Part, ShellLine, SimpleCommand};

/// `NAME=$(..)` and `export NAME=$(..)`, when the command inside is native.
pub(super) fn captured(
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
