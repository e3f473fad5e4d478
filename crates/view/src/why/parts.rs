//! Parts of the words about a pod: conditions, gates, and what others say cut down to the cause.

use model::pods::{Condition, ReadinessGate, Termination};
use text::{Outside, SafeText};

/// What stands before the cause in the words of kubelet, controllers and runtimes.
const BEFORE_CAUSE: [&str; 4] = [
    "Failed to create pod sandbox: ",
    "Failed to pull image ",
    "Error: ",
    "rpc error: code = ",
];

/// `: reason: message` as far as a condition has them.
pub(super) fn said(condition: &Condition) -> String {
    let parts = [&condition.reason, &condition.message];
    let parts = parts.into_iter().flatten();
    parts.map(|words| format!(": {}", words.shown())).collect()
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

/// The end of a sentence that says what failed, for what, and then why.
pub(super) fn cause(words: &Outside) -> Outside {
    let mut rest = words.raw();
    for prefix in BEFORE_CAUSE {
        rest = rest.strip_prefix(prefix).unwrap_or(rest);
    }
    // `MountVolume.SetUp failed for volume "x" : why`
    if let Some((what, why)) = rest.split_once(" : ")
        && what.contains("failed for volume")
    {
        rest = why;
    }
    // `rpc error: code = Unknown desc = why`
    if let Some((_, why)) = rest.split_once("desc = ") {
        rest = why;
    }
    rest.into()
}
