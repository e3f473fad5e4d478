//! The open incident, and the entries that open and close one. An incident is what its entries say, nothing beside them.

use chrono::{DateTime, Utc};

use super::entry::{Actor, Draft, Entry, EntryId, IncidentId};
use super::kind::{Kind, Phase};
use super::severity::Severity;
use text::Outside;

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Incident {
    /// The entry that opened it.
    pub id: IncidentId,
    /// What it is called.
    pub title: Outside,
    /// How bad it is now.
    pub severity: Option<Severity>,
    pub opened_at: DateTime<Utc>,
    /// How far it is.
    pub phase: Phase,
}

impl Incident {
    /// The incident that this entry opens, if it opens one.
    pub fn opened_by(draft: &Draft) -> Option<Incident> {
        (draft.kind == Kind::PhaseChange && draft.phase == Some(Phase::Opened)).then(|| Incident {
            id: draft.id,
            title: draft.title.clone(),
            severity: draft.severity.clone(),
            opened_at: draft.occurred_at,
            phase: Phase::Opened,
        })
    }

    /// The incident after this entry of it; `None` once it is closed.
    #[must_use]
    pub fn after(mut self, draft: &Draft) -> Option<Incident> {
        if draft.incident != Some(self.id) || draft.id == self.id {
            return Some(self);
        }
        match (draft.kind, draft.phase) {
            (Kind::PhaseChange, Some(Phase::Closed)) => return None,
            (Kind::PhaseChange, Some(phase)) => self.phase = phase,
            (Kind::SeverityChange, _) => self.severity.clone_from(&draft.severity),
            _ => {}
        }
        Some(self)
    }

    /// The incident as these entries, oldest first, leave it, although it may be closed.
    pub fn told_by(entries: &[Entry]) -> Option<Incident> {
        let mut incident = entries
            .iter()
            .find_map(|entry| Incident::opened_by(&entry.draft))?;
        for entry in entries {
            match incident.clone().after(&entry.draft) {
                Some(next) => incident = next,
                None => incident.phase = Phase::Closed,
            }
        }
        Some(incident)
    }
}

/// The entry that opens an incident.
pub fn opening(
    id: EntryId,
    at: DateTime<Utc>,
    actor: Actor,
    title: Outside,
    severity: Severity,
) -> Draft {
    Draft {
        incident: Some(id),
        phase: Some(Phase::Opened),
        severity: Some(severity),
        ..Draft::new(id, at, actor, Kind::PhaseChange, title)
    }
}

/// The entry that closes an incident, with words on how it ended.
pub fn closing(
    id: EntryId,
    at: DateTime<Utc>,
    actor: Actor,
    incident: &Incident,
    words: &str,
) -> Draft {
    let title = if words.trim().is_empty() {
        "incident closed".into()
    } else {
        Outside::from(format!("incident closed: {}", words.trim()))
    };
    Draft {
        incident: Some(incident.id),
        phase: Some(Phase::Closed),
        severity: incident.severity.clone(),
        ..Draft::new(id, at, actor, Kind::PhaseChange, title)
    }
}
