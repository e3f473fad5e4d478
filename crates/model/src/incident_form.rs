//! The form that opens or closes an incident: what was typed, and what is missing.

use crate::note::ParsedText;
use crate::severity::Severity;
use keys::keymap::Place;

/// The form that opens or closes an incident.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IncidentForm {
    /// What was typed.
    pub text: String,
    /// Chosen by key.
    pub severity: Option<Severity>,
    /// It closes the open one.
    pub is_closing: bool,
    /// Whether to close it although not all was over is asked.
    pub is_asking: bool,
}

impl IncidentForm {
    /// What is not given yet of a new incident.
    pub fn missing(&self, said: &ParsedText) -> Vec<&'static str> {
        let has_severity = self.severity.is_some() || said.severity.is_some();
        let parts = [
            (said.title.is_empty(), "a title"),
            (!has_severity, "a severity"),
        ];
        let missing = parts.into_iter().filter(|(is_missing, _)| *is_missing);
        missing.map(|(_, word)| word).collect()
    }

    /// Where keys are looked up.
    pub fn place(&self) -> Place {
        if self.is_asking {
            Place::Dialog
        } else {
            Place::Line
        }
    }
}
