//! The columns of the pods pane: names take what they need, the reasons what is left over.

use model::Model;
use model::cluster::Scope;

/// A column on the screen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Field {
    Namespace,
    Name,
    Ready,
    Status,
    Why,
    Restarts,
    Age,
    Memory,
    Cpu,
    Image,
    Node,
}

impl Field {
    /// What stands above it in so many columns.
    pub(super) fn head(self, columns: u16) -> &'static str {
        match self {
            Field::Namespace if columns < 9 => "NS",
            Field::Namespace => "NAMESPACE",
            Field::Name => "POD",
            Field::Ready => "READY",
            Field::Status => "STATUS",
            Field::Why => "WHY",
            Field::Restarts => "RESTARTS",
            Field::Age => "AGE",
            Field::Memory => "MEM/LIMIT",
            Field::Cpu => "CPU/LIMIT",
            Field::Image => "IMAGE",
            Field::Node => "NODE",
        }
    }
}

/// The sign and the cursor before the first column.
const SIGNS: u16 = 2;
/// Below this width there is no room for the whole word of a state.
const NARROWEST: u16 = 36;
/// Columns of a state.
const STATUS: u16 = 18;
/// Below this width no reason stands beside the state: three letters of it help nobody.
const REASON_COLUMNS: u16 = 60;
/// What is good to know has to leave so much to the reasons.
const REASON_LEAST: u16 = 28;
/// Most reasons are no longer than this.
const REASON_USUAL: u16 = 40;
/// Widths of names go up in such steps: the columns stand still while lines go by.
const NAME_STEP: u16 = 4;
/// Narrowest column of names that is worth its place.
const NAME_LEAST: u16 = 14;
const NAMESPACE_LEAST: u16 = 4;
/// With fewer columns for both, a namespace would take from the name what tells pods apart.
const NAMESPACE_NEEDS: u16 = 12;

/// After name and state: columns, and the least width of the pane that has room for them.
const USUAL: [(Field, u16, u16); 3] = [
    (Field::Restarts, 9, 56),
    (Field::Age, 4, 46),
    (Field::Ready, 5, 90),
];
/// Good to know, the first before the others.
const LUXURIES: [(Field, u16); 2] = [(Field::Image, 18), (Field::Node, 16)];

/// What pods use of what they may is asked of another server: only on a screen that the pods have for themselves.
const USAGE: [(Field, u16); 2] = [(Field::Memory, 14), (Field::Cpu, 10)];

/// In which order they stand.
const ORDER: [Field; 11] = [
    Field::Namespace,
    Field::Name,
    Field::Ready,
    Field::Status,
    Field::Why,
    Field::Restarts,
    Field::Age,
    Field::Memory,
    Field::Cpu,
    Field::Image,
    Field::Node,
];

/// Columns with their widths for a pane of so many columns.
pub(super) fn columns(model: &Model, width: u16) -> Vec<(Field, u16)> {
    let status = if width < NARROWEST { 12 } else { STATUS };
    let mut columns = vec![(Field::Status, status)];
    let usual = USUAL.into_iter().filter(|(_, _, needs)| width >= *needs);
    columns.extend(usual.map(|(field, columns, _)| (field, columns)));
    let taken: u16 = columns.iter().map(|(_, columns)| columns + 1).sum();
    let has_reason = width >= REASON_COLUMNS;
    // Each column ends with a blank, the last one does not.
    let rest = (width + 1).saturating_sub(SIGNS + taken + u16::from(has_reason));
    let most = if has_reason { rest * 2 / 3 } else { rest };
    let identity = identity(model, most);
    let used: u16 = identity.iter().map(|(_, columns)| columns + 1).sum();
    let mut reason = rest.saturating_sub(used);
    columns.extend(identity);
    let usage = USAGE.into_iter().filter(|_| model.screen.is_zoomed);
    for (field, needs) in usage.chain(LUXURIES) {
        if has_reason && reason >= needs + 1 + REASON_LEAST {
            reason -= needs + 1;
            columns.push((field, needs));
        }
    }
    if has_reason {
        columns.push((Field::Why, reason));
    }
    let place = |field: &Field| ORDER.iter().position(|one| one == field);
    columns.sort_by_key(|(field, _)| place(field));
    columns
}

/// Namespace and name in at most so many columns, their blanks included.
fn identity(model: &Model, most: u16) -> Vec<(Field, u16)> {
    let names = &model.screen.pods.names;
    let name = names.name.next_multiple_of(NAME_STEP).max(NAME_LEAST);
    let has_namespace = model.cluster.scope == Scope::All && most >= NAMESPACE_NEEDS;
    if !has_namespace {
        return vec![(Field::Name, name.min(most.saturating_sub(1)))];
    }
    let namespace = names.namespace.next_multiple_of(NAME_STEP);
    let namespace = namespace.max(NAMESPACE_LEAST);
    let room = most - 2;
    // What one does not need the other has; where both want more, the name has two thirds.
    let namespace = namespace.min((room / 3).max(room.saturating_sub(name)));
    let name = name.min(room - namespace);
    vec![(Field::Namespace, namespace), (Field::Name, name)]
}

/// Is what pods use among the columns that are drawn?
pub(crate) fn shows_usage(model: &Model, width: u16) -> bool {
    let is_usage = |field: &Field| matches!(field, Field::Memory | Field::Cpu);
    columns(model, width)
        .iter()
        .any(|(field, _)| is_usage(field))
}

/// Columns in which the pane, frame included, lacks nothing that matters.
pub(crate) fn wanted(model: &Model) -> u16 {
    let identity = identity(model, u16::MAX / 2);
    let usual = USUAL.map(|(_, columns, _)| columns).into_iter();
    let fixed = usual.chain([STATUS, REASON_USUAL]);
    let columns = fixed.chain(identity.into_iter().map(|(_, columns)| columns));
    columns.fold(SIGNS + 1, |sum, columns| sum.saturating_add(columns + 1))
}
