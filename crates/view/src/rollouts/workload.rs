//! The line of a workload: how its rollout stands.

use super::columns::{NARROW, Pieces, fitted};
use crate::theme::{Glyph, Role, Theme};
use model::Model;
use model::cluster::{Kind, Scope};
use model::rollouts::tags;
use model::workload::WorkloadRow;
use model::workload::revisions::History;
use model::workload::status::RolloutPhase;
use text::{Outside, SafeText};

/// Panes narrower than this have a short name.
const WIDE: u16 = 100;
/// Columns of a name in a wide pane.
const NAME_WIDE: usize = 30;
/// Of a name with its namespace elsewhere.
const NAME_ALL: usize = 20;
/// Of a name elsewhere.
const NAME: usize = 14;
/// Of a name where there is no room for sentences.
const NAME_NARROW: usize = 12;
/// Columns of the revision in a wide pane.
const REVISION_WIDE: usize = 16;
const REVISION: usize = 11;
/// Where there is no room for sentences.
const REVISION_NARROW: usize = 9;

pub(super) fn pieces(
    model: &Model,
    row: &WorkloadRow,
    history: Option<&History>,
    (cursor, width): (&str, u16),
    theme: &Theme,
) -> Pieces {
    let status = model.rollout_list.status(row);
    let (glyph, role) = sign(status.phase);
    let (is_narrow, is_wide) = (width < NARROW, width >= WIDE);
    let dim = theme.style(Role::Dim);
    let cursor = SafeText::from(format!("{}{cursor}", theme.glyph(glyph)));
    let mut pieces = vec![
        (cursor, theme.style(role)),
        (name(model, row, is_narrow, is_wide), theme.style(role)),
    ];
    if !is_narrow {
        pieces.push((SafeText::from(format!("{:<6} ", short(row.kind()))), dim));
    }
    let columns = match (is_narrow, is_wide) {
        (true, _) => REVISION_NARROW,
        (_, true) => REVISION_WIDE,
        (_, false) => REVISION,
    };
    let revision = fitted(&revision(row, history).shown(), columns);
    pieces.push((revision, theme.style(Role::Text)));
    let counts = format!("{}/{} ", row.ready(), row.wanted());
    if is_narrow {
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

fn name(model: &Model, row: &WorkloadRow, is_narrow: bool, is_wide: bool) -> SafeText<'static> {
    let (text, columns) = match model.cluster.scope {
        Scope::All => {
            let text = format!("{}/{}", row.namespace().shown(), row.name().shown());
            (SafeText::from(text), NAME_ALL)
        }
        Scope::Namespace(_) => (row.name().shown().into_owned(), NAME),
    };
    let columns = match (is_narrow, is_wide) {
        (true, _) => NAME_NARROW,
        (_, true) => NAME_WIDE,
        (_, false) => columns,
    };
    fitted(&text, columns)
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
        | Kind::Node => "deploy",
    }
}
