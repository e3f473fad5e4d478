//! The incident that entries are filed under: also one that is still being saved, and one that another console opened or closed.

use model::Model;
use model::entry::{Entry, IncidentId};
use model::incident::Incident;
use model::kind::{Kind, Phase};

/// The open incident; while none is, the one whose opening was given to the store.
pub(super) fn id(model: &Model) -> Option<IncidentId> {
    let timeline = &model.timeline;
    let mut pending = timeline.pending.values();
    timeline
        .incident
        .as_ref()
        .map(|incident| incident.id)
        .or_else(|| pending.find_map(|pending| Some(Incident::opened_by(&pending.draft)?.id)))
}

/// Takes over what another console did with an incident. One of ours that is not on disk gives way: the store refuses it.
pub(super) fn adopt(model: &mut Model, entry: &Entry) {
    let timeline = &mut model.timeline;
    if entry.draft.kind != Kind::PhaseChange || timeline.entry(entry.draft.id).is_some() {
        return;
    }
    let open = timeline.incident.as_ref();
    if let Some(incident) = Incident::opened_by(&entry.draft) {
        let is_on_disk = open.is_some_and(|open| timeline.entry(open.id).is_some());
        if !is_on_disk {
            let words = format!(
                "another console opened the incident: {}",
                incident.title.raw()
            );
            timeline.incident = Some(incident);
            model.say(words);
        }
    } else if entry.draft.phase == Some(Phase::Closed)
        && open.is_some_and(|open| entry.draft.incident == Some(open.id))
    {
        model.say("another console closed the incident");
    }
}
