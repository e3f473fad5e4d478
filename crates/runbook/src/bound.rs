//! What gives a placeholder its value, as far as the document itself says.

use crate::Runbook;
use crate::placeholder::{Placeholder, key};

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum BoundBy {
    /// An earlier line, or the placeholder itself.
    Document,
    /// A question of the front matter's `inputs`.
    Input,
    /// A label of the front matter's `match`: whatever fits the document has it.
    Label,
}

/// None leaves it to what is selected when the document is walked, or to a person.
pub fn bound_by(runbook: &Runbook, placeholder: &Placeholder) -> Option<BoundBy> {
    if placeholder.fallback.is_some() || placeholder.assigned_on.is_some() {
        return Some(BoundBy::Document);
    }
    let is_named = |name: &str| noun(&key(name)) == noun(&placeholder.key);
    let matter = &runbook.front_matter;
    if matter.inputs.iter().any(|input| is_named(input.name.raw())) {
        return Some(BoundBy::Input);
    }
    let mut labels = matter.matches.iter();
    labels
        .any(|(label, _)| is_named(label.raw()))
        .then_some(BoundBy::Label)
}

/// `pod-name` asks for what the label `pod` has.
fn noun(key: &str) -> &str {
    match key.strip_suffix("-name").unwrap_or(key) {
        "ns" => "namespace",
        noun => noun,
    }
}
