//! The palette: actions, pods and workloads, found by a few letters; namespaces and contexts, by words of their own. Made from
//! the action table and from what is known of the cluster; what cannot be done now is offered with the reason.

mod fit;
mod kinds;
mod places;

use super::Model;
use super::meta::Uid;
use fit::Fitting;
use keys::action::Action;
use keys::keymap::Place;
pub use kinds::line as kubectl_line;
use places::Places;
use text::Outside;

/// Lines that are offered: more than a screen has.
const OFFERS_MAX: usize = 100;
/// Pods and workloads are offered from so many letters on: one letter fits all of 50,000.
const OBJECT_CHARS: usize = 2;

/// What was typed, and the selected line.
#[derive(Clone, Debug, Default)]
pub struct Palette {
    /// What was typed.
    pub text: String,
    /// Selected line among the matching ones.
    pub selected: usize,
    /// Somebody moved to that line: it is meant, whatever was typed.
    pub is_moved: bool,
    /// What was asked about, because the typed words do not begin its name: once more does it.
    pub asked: Option<PaletteGoal>,
}

/// What a line of the palette leads to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PaletteGoal {
    /// Does an action.
    Action(Action),
    /// Watches a namespace; `None` is all.
    Namespace(Option<Outside>),
    /// Uses a context.
    Context(Outside),
    /// Selects a pod.
    Pod(Uid),
    /// Narrows the panes to a workload.
    Workload(Uid),
    /// Nothing here: a kind without a view.
    Kind,
}

/// One line of the palette.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PaletteLine {
    /// Where it leads.
    pub goal: PaletteGoal,
    /// Such as `action` or `pod`.
    pub what: &'static str,
    pub name: Outside,
    /// What it does, or where it is.
    pub note: Outside,
    /// Why it is not done.
    pub ban: Option<String>,
    /// The typed words begin words of its name: it is what was meant.
    pub is_meant: bool,
}

impl Palette {
    /// What is offered for what was typed, the best first.
    pub fn offers(&self, model: &Model) -> Vec<PaletteLine> {
        if let Some((places, rest)) = Places::asked_for(&self.text) {
            return places.offers(model, rest);
        }
        let mut fitting = Fitting::new(&self.text);
        let mut offers = actions(model);
        if self.text.trim().chars().count() >= OBJECT_CHARS {
            offers.extend(objects(model));
        }
        let offers = offers.into_iter();
        let mut fits: Vec<_> = offers.filter_map(|offer| fitting.of(offer)).collect();
        // Stable: equals stay in the order of actions, places, objects.
        fits.sort_by_key(|(fit, _)| std::cmp::Reverse(*fit));
        let fits = fits.into_iter().map(|(_, offer)| offer);
        let (named, others) = kinds::offers(model, &self.text);
        let places = places::hints(model, &self.text);
        named
            .into_iter()
            .chain(fits.take(OFFERS_MAX))
            .chain(places)
            .chain(others)
            .collect()
    }
}

/// Actions that have a meaning outside of dialogs and editors.
fn actions(model: &Model) -> Vec<PaletteLine> {
    let own = Action::ALL.iter().filter(|action| is_general(**action));
    own.map(|action| action_line(model, *action)).collect()
}

fn action_line(model: &Model, action: Action) -> PaletteLine {
    PaletteLine {
        goal: PaletteGoal::Action(action),
        what: "action",
        name: action.name().into(),
        note: action.description().into(),
        ban: model.ban(action),
        is_meant: false,
    }
}

fn is_general(action: Action) -> bool {
    !matches!(
        action,
        Action::Palette
            | Action::Save
            | Action::Accept
            | Action::Confirm
            | Action::Refuse
            | Action::NextField
            | Action::PreviousField
            | Action::Severity0
            | Action::Severity1
            | Action::Severity2
            | Action::Severity3
            | Action::Severity4
    )
}

fn objects(model: &Model) -> Vec<PaletteLine> {
    let line = |goal, what, name: &Outside, namespace: &Outside| PaletteLine {
        goal,
        what,
        name: name.clone(),
        note: namespace.clone(),
        ban: None,
        is_meant: false,
    };
    let workloads = model.cluster.workloads().map(|workload| {
        let goal = PaletteGoal::Workload(workload.uid().clone());
        let kind = workload.kind().kubectl();
        line(goal, kind, workload.name(), workload.namespace())
    });
    let pods = model.cluster.pods.table.rows().map(|pod| {
        let goal = PaletteGoal::Pod(pod.uid.clone());
        line(goal, "pod", &pod.name, &pod.namespace)
    });
    workloads.chain(pods).collect()
}

/// The key of an action, to be learned.
pub fn chord(model: &Model, offer: &PaletteLine) -> Option<String> {
    match &offer.goal {
        PaletteGoal::Action(action) => model.keymap.chord_of(Place::Global, *action),
        PaletteGoal::Namespace(_)
        | PaletteGoal::Context(_)
        | PaletteGoal::Pod(_)
        | PaletteGoal::Workload(_)
        | PaletteGoal::Kind => None,
    }
}
