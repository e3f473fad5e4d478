//! The line of a workload: how its rollout stands.

use super::columns::{NARROW, Pieces, fitted};
use super::with_name;
use crate::names;
use crate::theme::{Glyph, Role, Theme};
use model::Model;
use model::cluster::{Kind, Scope};
use model::rollouts::tags;
use model::workload::WorkloadRow;
use model::workload::revisions::History;
use model::workload::status::RolloutPhase;
use text::{Outside, SafeText};

/// From this width on the revision has room for long tags.
const WIDE: u16 = 100;
/// Names go up in such steps: the columns stand still while lines go by.
const NAME_STEP: u16 = 4;
/// Narrowest column of names.
const NAME_LEAST: u16 = 12;
/// Columns of the revision in a wide pane.
const REVISION_WIDE: usize = 16;
const REVISION: usize = 11;
/// Where there is no room for sentences.
const REVISION_NARROW: usize = 9;
/// Number of the revision alone, where namespaces take the rest.
const REVISION_NUMBER: usize = 5;
/// Sign and cursor.
const SIGNS: u16 = 2;
/// `deploy `, and `12/12 ready `.
const KIND_AND_COUNTS: u16 = 18;
/// `5/6 switched off`, as much of it as tells the phase.
const PHASE_NARROW: u16 = 13;

/// Widths for all lines of workloads.
pub(super) struct Columns {
    is_narrow: bool,
    /// Nothing where the namespace is part of the name, or known.
    namespace: usize,
    name: usize,
    revision: usize,
}

impl Columns {
    pub(super) fn new(model: &Model, width: u16) -> Columns {
        let is_everywhere = model.cluster.scope == Scope::All;
        let is_narrow = width < NARROW;
        let revision = match (is_narrow, width >= WIDE) {
            (true, _) if is_everywhere => REVISION_NUMBER,
            (true, _) => REVISION_NARROW,
            (_, true) => REVISION_WIDE,
            (_, false) => REVISION,
        };
        let names = &model.screen.rollouts.names;
        let step = |columns: u16| columns.next_multiple_of(NAME_STEP);
        let fixed = SIGNS + u16::try_from(revision).unwrap_or(0) + 2;
        let (namespace, name) = if is_narrow {
            let whole = if is_everywhere {
                names.namespace + 1 + names.name
            } else {
                names.name
            };
            let most = width.saturating_sub(fixed + PHASE_NARROW);
            (0, step(whole).clamp(most.min(NAME_LEAST), most))
        } else {
            // The sentence beside it has half of what is left.
            let most = (width - fixed - KIND_AND_COUNTS) / 2;
            let name = step(names.name).max(NAME_LEAST);
            let namespace = step(names.namespace).min((most / 3).max(most.saturating_sub(name)));
            let namespace = if is_everywhere { namespace } else { 0 };
            (namespace, name.min(most - namespace))
        };
        Columns {
            is_narrow,
            namespace: namespace.into(),
            name: name.into(),
            revision,
        }
    }

    /// Namespaces and names as they are drawn: no two workloads look the same.
    pub(super) fn names(&self, model: &Model, rows: &[&WorkloadRow]) -> Vec<SafeText<'static>> {
        let is_joined = self.is_narrow && model.cluster.scope == Scope::All;
        let name = |row: &&WorkloadRow| {
            let has_twin = rows.iter().any(|other| {
                other.kind() != row.kind()
                    && (other.namespace(), other.name()) == (row.namespace(), row.name())
            });
            let namespace = if is_joined {
                format!("{}/", row.namespace().shown())
            } else {
                String::new()
            };
            // Elsewhere the kind has a column.
            let kind = if self.is_narrow && has_twin {
                format!(" {}", short(row.kind()))
            } else {
                String::new()
            };
            SafeText::from(format!("{namespace}{}{kind}", row.name().shown()))
        };
        let texts: Vec<_> = rows.iter().map(|row| (name(row), self.name)).collect();
        let names = names::distinct(&texts).into_iter();
        let names = names.map(|name| fitted(&name, self.name));
        if self.namespace == 0 {
            return names.collect();
        }
        let texts = rows
            .iter()
            .map(|row| (row.namespace().shown(), self.namespace));
        let namespaces = names::distinct(&texts.collect::<Vec<_>>());
        let both = namespaces.iter().zip(names);
        both.map(|(namespace, name)| {
            SafeText::from(format!("{}{name}", fitted(namespace, self.namespace)))
        })
        .collect()
    }
}

pub(super) fn pieces(
    model: &Model,
    row: &WorkloadRow,
    history: Option<&History>,
    (cursor, name, columns): (&str, &SafeText<'static>, &Columns),
    theme: &Theme,
) -> Pieces {
    let status = model.rollout_list.status(row);
    let (glyph, role) = sign(status.phase);
    let dim = theme.style(Role::Dim);
    let cursor = SafeText::from(format!("{}{cursor}", theme.glyph(glyph)));
    let mut pieces = vec![
        (cursor, theme.style(role)),
        (name.clone(), theme.style(role)),
    ];
    if !columns.is_narrow {
        pieces.push((SafeText::from(format!("{:<6} ", short(row.kind()))), dim));
    }
    let revision = fitted(&revision(row, history).shown(), columns.revision);
    pieces.push((revision, theme.style(Role::Text)));
    let counts = format!("{}/{} ", row.ready(), row.wanted());
    if columns.is_narrow {
        let word = status.phase.word();
        pieces.push((SafeText::from(format!("{counts}{word}")), theme.style(role)));
    } else {
        let counts = format!("{:<10}", format!("{counts}ready"));
        let words = status.words();
        pieces.push((SafeText::from(counts), theme.style(role)));
        pieces.push((SafeText::from(words), theme.style(role)));
    }
    pieces
}

/// Name, phase and why it does not go on, in so many columns.
pub(super) fn worst(model: &Model, row: &WorkloadRow, room: usize, theme: &Theme) -> Pieces {
    let status = model.rollout_list.status(row);
    let (glyph, role) = sign(status.phase);
    let name = match model.cluster.scope {
        Scope::All => SafeText::from(format!(
            "{}/{}",
            row.namespace().shown(),
            row.name().shown()
        )),
        Scope::Namespace(_) => row.name().shown().into_owned(),
    };
    let name = names::shortened(&name, room / 3);
    let reason = model.rollout_list.reasons(row).into_iter().next();
    let words = reason.map_or(SafeText::from(status.words()), |reason| {
        SafeText::from(format!("{}: {}", status.phase.word(), reason.shown()))
    });
    let head = SafeText::from(format!("{} {name} ", theme.glyph(glyph)));
    let words = with_name(&words, room.saturating_sub(head.width()));
    vec![(head, theme.style(role)), (words, theme.style(role))]
}

fn sign(phase: RolloutPhase) -> (Glyph, Role) {
    match phase {
        RolloutPhase::Stuck | RolloutPhase::Failing | RolloutPhase::Short => {
            (Glyph::Sick, Role::Bad)
        }
        RolloutPhase::Rolling | RolloutPhase::Paused | RolloutPhase::OnDelete => {
            (Glyph::Moving, Role::Warn)
        }
        RolloutPhase::SwitchedOff => (Glyph::Finished, Role::Dim),
        RolloutPhase::Complete => (Glyph::Well, Role::Text),
    }
}

/// `r42 1.9.2`; what has no number yet goes without.
fn revision(row: &WorkloadRow, history: Option<&History>) -> Outside {
    let of_row = row.deployment().and_then(|fields| fields.revision);
    // The row is followed, the revisions are read now and then.
    let number = of_row.or(history.and_then(History::current_number));
    let number = number.map_or(String::new(), |number| format!("r{number} "));
    Outside::from(format!("{number}{}", tags(row.images())))
}

/// As kubectl shortens them.
fn short(kind: Kind) -> &'static str {
    match kind {
        Kind::StatefulSet => "sts",
        Kind::DaemonSet => "ds",
        Kind::Deployment
        | Kind::Pod
        | Kind::ReplicaSet
        | Kind::ControllerRevision
        | Kind::Event
        | Kind::Namespace
        | Kind::Service
        | Kind::EndpointSlice
        | Kind::ConfigMap
        | Kind::Secret
        | Kind::HorizontalPodAutoscaler
        | Kind::Node => "deploy",
    }
}
