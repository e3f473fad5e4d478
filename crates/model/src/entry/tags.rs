//! What an entry says by its kind and its tags.

use super::Draft;
use crate::kind::{ActorKind, Kind, Outcome, Phase, RolloutEnd};

/// The tag of a verdict that is not the last one of its write.
pub const INTERIM: &str = "interim";

/// The tag of what happened before the console that tells of it looked.
pub const BACKFILLED: &str = "backfilled";

impl Draft {
    /// How a rollout ended, when the entry tells of it.
    pub fn rollout_end(&self) -> Option<RolloutEnd> {
        let is_end = self.kind == Kind::Rollout && self.refers_to.is_some();
        is_end.then(|| self.tagged(RolloutEnd::from_word)).flatten()
    }

    /// The phase that began with it, where its title does not say so.
    pub fn untold_phase(&self) -> Option<Phase> {
        let says = |phase: &Phase| {
            let title = self.title.raw().strip_prefix("incident ");
            title.is_some_and(|title| title.starts_with(phase.word()))
        };
        self.phase.filter(|phase| !says(phase))
    }

    /// Said by a person. What a write led to is told by the console, although versions before this one named its person.
    pub fn is_by_person(&self) -> bool {
        let is_told = matches!(
            self.kind,
            Kind::ActionResult | Kind::ActionVerdict | Kind::ActionUndone
        );
        self.actor.kind == ActorKind::Human && !is_told
    }

    /// It happened before the console that tells of it looked.
    pub fn is_backfilled(&self) -> bool {
        self.tags.iter().any(|tag| tag.raw() == BACKFILLED)
    }

    /// A verdict after which another one was to come.
    pub fn is_interim(&self) -> bool {
        self.tags.iter().any(|tag| tag.raw() == INTERIM)
    }

    /// What the server answered to a write, when the entry tells of it.
    pub fn outcome(&self) -> Option<Outcome> {
        let is_result = self.kind == Kind::ActionResult;
        is_result.then(|| self.tagged(Outcome::from_word)).flatten()
    }

    fn tagged<T>(&self, known: fn(&str) -> Option<T>) -> Option<T> {
        self.tags.iter().find_map(|tag| known(tag.raw()))
    }
}
