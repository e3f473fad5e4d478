//! The pods pane's own knowledge: its columns, how a pod sorts and filters in each.

use strum::VariantArray;

use super::cluster::{Kind, ObjectRef};
use super::filter::{Filter, field};
use super::link::Subject;

use super::pods::{Phase, PodRow};
use super::screen::List;
use super::sick::{self, Circumstances, Diagnosis, PodStatus};
use super::table::{Aside, SortKey, Standing};
use super::time::Seconds;

/// A column that the pods can be sorted by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, VariantArray)]
pub enum PodColumn {
    /// Sick first, the worst and latest on top.
    Sick,
    /// Namespace and name.
    Name,
    /// Most restarts first.
    Restarts,
    Age,
    Node,
}

impl PodColumn {
    /// In the order of the sort key.
    pub const ALL: &[PodColumn] = PodColumn::VARIANTS;

    /// The column a list is sorted by.
    pub fn of(list: &List) -> PodColumn {
        PodColumn::ALL[list.sort % PodColumn::ALL.len()]
    }

    /// For the pane's title.
    pub fn title(self) -> &'static str {
        match self {
            PodColumn::Sick => "sick first",
            PodColumn::Name => "by name",
            PodColumn::Restarts => "by restarts",
            PodColumn::Age => "by age",
            PodColumn::Node => "by node",
        }
    }
}

/// Sorts last among ranks.
const WELL: u8 = u8::MAX;
/// Sorts behind all that is sick, and before what is well.
const PAST: u8 = WELL - 1;

/// How a pod stands in the list at a moment.
pub fn stand(
    pod: &PodRow,
    column: PodColumn,
    (filter, subject): (&Filter, Option<&Subject>),
    circumstances: &Circumstances<'_>,
    now: Seconds,
) -> Standing {
    let diagnosis = sick::diagnose(pod, circumstances, now);
    let well = if pod.phase == Phase::Failed {
        PAST
    } else {
        WELL
    };
    let key = match column {
        PodColumn::Sick => {
            SortKey::Rank(diagnosis.sickness.map_or(well, |sickness| sickness as u8))
        }
        PodColumn::Name => SortKey::Name(pod.namespace.clone(), pod.name.clone()),
        PodColumn::Restarts => SortKey::Number(-i64::from(sick::restarts(pod).0)),
        PodColumn::Age => SortKey::Number(pod.created.map_or(0, |created| -created.unix())),
        PodColumn::Node => pod.node.clone().map_or(SortKey::None, SortKey::Text),
    };
    // What is left over is folded away until a filter asks for it.
    let passes = if filter.is_empty() {
        diagnosis.aside != Some(Aside::LeftOver)
    } else {
        passes(pod, &diagnosis, filter)
    };
    let is_listed = passes && subject.is_none_or(|subject| subject.includes_pod(pod));
    Standing {
        key,
        is_sick: diagnosis.sickness.is_some(),
        is_listed,
        aside: diagnosis.aside,
        due: diagnosis.due,
    }
}

fn passes(pod: &PodRow, diagnosis: &Diagnosis<'_>, filter: &Filter) -> bool {
    let aside = match diagnosis.aside {
        Some(Aside::LeftOver) => "left-over",
        Some(Aside::Gated) => "gated",
        None => "",
    };
    let status = match &diagnosis.status {
        PodStatus::Ours(word) => word,
        PodStatus::Theirs(word) | PodStatus::Init(word) => field(word),
        PodStatus::InitProgress(..) => "Init",
        PodStatus::Exit(_) => "ExitCode",
        PodStatus::Signal(_) => "Signal",
    };
    let images = pod
        .containers
        .iter()
        .map(|container| field(&container.image));
    let fixed = [
        field(&pod.name),
        field(&pod.namespace),
        pod.node.as_ref().map_or("", field),
        status,
        aside,
    ];
    filter.matches(&fixed.into_iter().chain(images))
}

impl PodRow {
    pub fn object(&self) -> ObjectRef {
        ObjectRef {
            kind: Kind::Pod,
            namespace: Some(self.namespace.clone()),
            name: self.name.clone(),
            uid: self.uid.clone(),
        }
    }
}
