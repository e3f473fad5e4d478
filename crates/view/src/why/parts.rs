//! Parts of the words about a pod: conditions, gates, messages.

use model::pods::{Condition, ReadinessGate, Termination};
use text::{Outside, SafeText};

/// `: reason: message` as far as a condition has them.
pub(super) fn said(condition: &Condition) -> String {
    let parts = [&condition.reason, &condition.message];
    let parts = parts.into_iter().flatten();
    let parts: Vec<String> = parts.map(|words| format!(": {}", words.shown())).collect();
    parts.concat()
}

/// What it says first, its long name last.
pub(super) fn readiness_gate(gate: &ReadinessGate) -> SafeText<'static> {
    let name = gate.name.shown();
    let Some(condition) = &gate.condition else {
        return SafeText::from(format!("readiness gate not set: {name}"));
    };
    let words = condition.message.as_ref().or(condition.reason.as_ref());
    SafeText::from(match words {
        Some(words) => format!("{} (readiness gate {name})", words.shown()),
        None => format!("readiness gate is false: {name}"),
    })
}

pub(super) fn message(end: &Termination) -> String {
    let message = end.message.as_ref();
    message.map_or(String::new(), |message| format!(": {}", message.shown()))
}

pub(super) fn listed(names: &[&Outside]) -> String {
    let names: Vec<String> = names.iter().map(|name| name.shown().to_string()).collect();
    names.join(", ")
}
