//! Where a workload stands in the list, and what finds it.

use super::RolloutColumn;
use crate::filter::{Filter, field};
use crate::link::Subject;
use crate::table::{SortKey, Standing};
use crate::workload::WorkloadRow;
use crate::workload::revisions::History;
use crate::workload::status::RolloutPhase;

pub(super) fn includes(subject: &Subject, row: &WorkloadRow) -> bool {
    subject.includes_workload(&row.kind().into(), row.namespace(), row.name())
}

/// Place and filter of a workload, and with it of its revisions.
pub(super) fn standing(
    row: &WorkloadRow,
    phase: RolloutPhase,
    column: RolloutColumn,
    (filter, subject): (&Filter, Option<&Subject>),
    history: Option<&History>,
) -> Standing {
    let key = match column {
        RolloutColumn::Phase => SortKey::Rank(phase as u8),
        RolloutColumn::Name => SortKey::Name(row.namespace().clone(), row.name().clone()),
        RolloutColumn::Kind => SortKey::Rank(row.kind() as u8),
    };
    let fixed = [
        field(row.name()),
        field(row.namespace()),
        row.kind().word(),
        phase.word(),
    ];
    let images = row.images().iter().map(field);
    let cause = row.change_cause().into_iter().map(field);
    let revisions = history.iter().flat_map(|history| history.revisions.iter());
    let numbers: Vec<String> = revisions
        .clone()
        .map(|one| format!("r{}", one.number))
        .collect();
    let of_revisions = revisions.flat_map(|one| one.images.iter().chain(&one.change_cause));
    let of_revisions = of_revisions
        .map(field)
        .chain(numbers.iter().map(String::as_str));
    let fields = fixed
        .into_iter()
        .chain(images)
        .chain(cause)
        .chain(of_revisions);
    let passes = filter.is_empty() || filter.matches(&fields);
    Standing {
        key,
        is_sick: phase.is_sick(),
        is_listed: passes && subject.is_none_or(|subject| includes(subject, row)),
        aside: None,
        due: None,
    }
}
