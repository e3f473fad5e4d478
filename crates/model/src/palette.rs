//! The palette: actions, namespaces, contexts, pods and workloads, found by a few letters. Made from the action table and
//! from what is known of the cluster; what cannot be done now is offered with the reason.

use nucleo_matcher::pattern::{CaseMatching, Normalization, Pattern};
use nucleo_matcher::{Config, Matcher, Utf32Str};

use super::Model;
use super::pods::Uid;
use keys::action::{Action, Danger};
use keys::keymap::Place;
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
    /// Why it cannot be done now.
    pub ban: Option<String>,
}

impl Palette {
    /// What is offered for what was typed, the best first.
    pub fn offers(&self, model: &Model) -> Vec<PaletteLine> {
        let mut offers = actions(model);
        offers.extend(places(model));
        if self.text.trim().chars().count() >= OBJECT_CHARS {
            offers.extend(objects(model));
        }
        let pattern = Pattern::parse(&self.text, CaseMatching::Ignore, Normalization::Smart);
        let mut matcher = Matcher::new(Config::DEFAULT);
        let mut characters = Vec::new();
        let typed = self.text.to_lowercase();
        let mut score = |offer: &PaletteLine| {
            let name = format!("{} {}", offer.name.raw(), offer.what);
            let by_name = pattern.score(Utf32Str::new(&name, &mut characters), &mut matcher);
            // Of what stands beside the name whole words must fit: letters in order are in every sentence.
            let fits = || {
                let words = format!("{name} {}", offer.note.raw()).to_lowercase();
                typed.split_whitespace().all(|word| words.contains(word))
            };
            by_name.or_else(|| fits().then_some(0))
        };
        let scored = offers
            .into_iter()
            .filter_map(|offer| Some((score(&offer)?, offer)));
        let mut scored: Vec<(u32, PaletteLine)> = scored.collect();
        // Stable: equals stay in the order of actions, places, objects.
        scored.sort_by_key(|(score, _)| std::cmp::Reverse(*score));
        scored.truncate(OFFERS_MAX);
        scored.into_iter().map(|(_, offer)| offer).collect()
    }
}

/// Actions that have a meaning outside of dialogs and editors.
fn actions(model: &Model) -> Vec<PaletteLine> {
    let own = Action::ALL.iter().filter(|action| is_general(**action));
    own.map(|action| PaletteLine {
        goal: PaletteGoal::Action(*action),
        what: "action",
        name: action.name().into(),
        note: action.description().into(),
        ban: ban(model, *action),
    })
    .collect()
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

/// Why an action cannot be done now, as far as that is known before anything is asked.
pub fn ban(model: &Model, action: Action) -> Option<String> {
    if action.danger() == Danger::Write
        && let Some(ban) = model.write_ban(None)
    {
        return Some(ban);
    }
    let words = match action {
        Action::Undo if model.writes.done.is_empty() => "nothing was written from this console",
        Action::IncidentOpen if model.timeline.incident.is_some() => "an incident is open",
        Action::IncidentClose if model.timeline.incident.is_none() => "no incident is open",
        Action::Arm if model.settings.is_read_only => "started with --read-only",
        _ => return None,
    };
    Some(words.to_owned())
}

fn places(model: &Model) -> Vec<PaletteLine> {
    let place = |goal, what, name: Outside, note: &str| PaletteLine {
        goal,
        what,
        name,
        note: note.into(),
        ban: None,
    };
    let all = place(
        PaletteGoal::Namespace(None),
        "namespace",
        "all namespaces".into(),
        "watch it",
    );
    let table = &model.cluster.namespaces.table;
    let namespaces = (0..table.len()).filter_map(|line| table.row_at(line));
    let namespaces = namespaces.map(|(row, _)| {
        let goal = PaletteGoal::Namespace(Some(row.name.clone()));
        place(goal, "namespace", row.name.clone(), "watch it")
    });
    let contexts = model.cluster.contexts.iter();
    let contexts = contexts.map(|name| {
        let name = Outside::from(name.clone());
        place(
            PaletteGoal::Context(name.clone()),
            "context",
            name,
            "use it",
        )
    });
    std::iter::once(all)
        .chain(namespaces)
        .chain(contexts)
        .collect()
}

fn objects(model: &Model) -> Vec<PaletteLine> {
    let workloads = model.cluster.workloads().map(|workload| PaletteLine {
        goal: PaletteGoal::Workload(workload.uid().clone()),
        what: workload.kind().kubectl(),
        name: workload.name().clone(),
        note: workload.namespace().clone(),
        ban: None,
    });
    let pods = model.cluster.pods.table.rows().map(|pod| PaletteLine {
        goal: PaletteGoal::Pod(pod.uid.clone()),
        what: "pod",
        name: pod.name.clone(),
        note: pod.namespace.clone(),
        ban: None,
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
        | PaletteGoal::Workload(_) => None,
    }
}
