//! Why an action cannot be done now, as far as that is known before anything is asked, and what to do about it.

use super::Model;
use keys::action::{Action, Danger};
use keys::keymap::Place;

impl Model {
    /// Why not; `None` when nothing is known that speaks against it.
    pub fn ban(&self, action: Action) -> Option<String> {
        if action.danger() == Danger::Write
            && let Some(ban) = self.write_ban(None)
        {
            return Some(ban);
        }
        let key = |action| self.key(action);
        let incident = self.timeline.incident.as_ref();
        match action {
            Action::Undo if self.writes.done.is_empty() => Some(format!(
                "nothing to undo; {}, {} and {} write",
                key(Action::Scale),
                key(Action::Restart),
                key(Action::Rollback)
            )),
            Action::IncidentOpen => incident.map(|open| {
                let (title, close) = (open.title.raw(), key(Action::IncidentClose));
                format!("the incident \"{title}\" is open; {close} closes it first")
            }),
            Action::IncidentClose if incident.is_none() => {
                let open = key(Action::IncidentOpen);
                Some(format!("no incident is open; {open} opens one"))
            }
            Action::Arm if self.settings.is_read_only => self.write_ban(None),
            _ => None,
        }
    }

    /// The key of an action over the panes, for a sentence; where it has none the palette does it.
    pub fn key(&self, action: Action) -> String {
        let of = |action| self.keymap.chord_of(Place::Global, action);
        let by_name = || {
            format!(
                "{} {}",
                of(Action::Palette).unwrap_or_default(),
                action.name()
            )
        };
        of(action).unwrap_or_else(by_name)
    }
}
