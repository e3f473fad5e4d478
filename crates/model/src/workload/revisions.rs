//! The revisions of one workload: what each was, how long it was current, and which of them to go back to. Guesses are
//! marked as such; what nobody knows is `None`.

use serde::{Deserialize, Serialize};

use super::{KindFields, WorkloadRow};
use crate::meta::Uid;
use crate::templates::Template;
use crate::time::Seconds;
use text::Outside;

/// A revision that was current for so long has proved itself: Kubernetes' own deadline for a rollout.
pub const PROVED_S: u64 = 600;

/// One revision: a `ReplicaSet` of a Deployment, else a ControllerRevision.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Revision {
    /// Uid of the `ReplicaSet` or ControllerRevision.
    pub uid: Uid,
    pub name: Outside,
    /// Number; of one that was rolled back to the latest.
    pub number: u64,
    /// When its template was first rolled out.
    pub created: Option<Seconds>,
    /// Annotation `kubernetes.io/change-cause`.
    pub change_cause: Option<Outside>,
    /// Images of its containers, in order.
    pub images: Box<[Outside]>,
    pub template: Template,
    /// Annotations that go back to the Deployment with it, as kubectl does; none for the other kinds.
    pub annotations: Box<[(Outside, Outside)]>,
}

/// What moves when a workload gets another revision, as far as its own row says it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RevisionId {
    /// Of a Deployment: the annotation of its controller.
    Number(u64),
    /// Of a `StatefulSet`: `status.updateRevision`.
    Name(Outside),
    /// Of a `DaemonSet`: `status.observedGeneration`, which moves for other reasons too.
    Generation(i64),
}

impl RevisionId {
    /// `None` before the controller has seen the workload.
    pub fn of(row: &WorkloadRow) -> Option<RevisionId> {
        match &row.of_kind {
            KindFields::Deployment(fields) => fields.revision.map(RevisionId::Number),
            KindFields::StatefulSet(fields) => fields.update_revision.clone().map(RevisionId::Name),
            KindFields::DaemonSet => {
                let generation = row.observed_generation;
                (generation > 0).then_some(RevisionId::Generation(generation))
            }
        }
    }
}

/// A workload and its revisions, as they were read together.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct History {
    /// The template as it stands.
    pub template: Template,
    /// `spec.paused`.
    pub is_paused: bool,
    /// Annotations that a rollback would replace; none for other kinds than a Deployment.
    pub annotations: Box<[(Outside, Outside)]>,
    /// The latest first.
    pub revisions: Vec<Revision>,
}

/// How long a revision was current.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum InUse {
    /// It is, since then; `None` when nobody knows since when.
    Now(Option<Seconds>),
    /// For so many seconds.
    For(u64),
    Unknown,
}

impl History {
    /// Its place in the list of what stands now.
    pub fn current(&self) -> Option<usize> {
        let is_it = |revision: &Revision| revision.template.digest == self.template.digest;
        self.revisions.iter().position(is_it)
    }

    /// The number of what stands now.
    pub fn current_number(&self) -> Option<u64> {
        self.current().map(|at| self.revisions[at].number)
    }

    /// It was rolled back to: an older number was created after it.
    pub fn is_reused(&self, at: usize) -> bool {
        let created = self.revisions[at].created;
        let older = self.revisions.iter().skip(at + 1);
        created.is_some() && older.into_iter().any(|older| older.created > created)
    }

    /// When it became current.
    pub fn began(&self, at: usize) -> Option<Seconds> {
        let created = self.revisions[at].created;
        created.filter(|_| !self.is_reused(at))
    }

    /// How long it was current. It ended when the first one came that is younger.
    pub fn in_use(&self, at: usize, now: Seconds) -> InUse {
        let began = self.began(at);
        if self.current() == Some(at) {
            return InUse::Now(began);
        }
        let Some(began) = began else {
            return InUse::Unknown;
        };
        let younger = self.revisions.iter().filter_map(|other| other.created);
        let ended = younger.filter(|created| *created > began).min();
        match ended {
            Some(ended) => InUse::For(seconds(ended.unix() - began.unix())),
            // A revision that was rolled back to has followed it, nobody knows when.
            None if at > 0 => InUse::Unknown,
            None => InUse::For(seconds(now.unix() - began.unix())),
        }
    }

    /// The number of which it is only a restart: nothing but the time of the restart differs.
    pub fn restart_of(&self, at: usize) -> Option<u64> {
        let revision = &self.revisions[at];
        let same = self.revisions.iter().enumerate().filter(|(other, known)| {
            *other != at
                && known.template.base == revision.template.base
                && (known.created, known.number) < (revision.created, revision.number)
        });
        same.map(|(_, known)| known)
            .min_by_key(|known| (known.created, known.number))
            .map(|known| known.number)
    }

    /// Those that can be gone back to.
    pub fn candidates(&self) -> Vec<usize> {
        let other = |at: &usize| self.revisions[*at].template.digest != self.template.digest;
        (0..self.revisions.len()).filter(other).collect()
    }

    /// The one to go back to unless somebody chooses: the latest that proved itself, is no restart, and is more than a
    /// restart away from what stands; else the latest that may be.
    pub fn last_good(&self, now: Seconds) -> Option<usize> {
        let other = |at: &usize| self.revisions[*at].template.base != self.template.base;
        let candidates = || {
            (0..self.revisions.len())
                .filter(other)
                .filter(|at| self.restart_of(*at).is_none())
        };
        let proved = candidates().find(|at| self.held_with_restarts(*at, now) >= PROVED_S);
        proved.or_else(|| candidates().next())
    }

    /// Its restarts ran the same code.
    fn held_with_restarts(&self, at: usize, now: Seconds) -> u64 {
        let base = &self.revisions[at].template.base;
        let same =
            (0..self.revisions.len()).filter(|other| self.revisions[*other].template.base == *base);
        same.map(|at| match self.in_use(at, now) {
            InUse::For(seconds) => seconds,
            InUse::Now(_) | InUse::Unknown => 0,
        })
        .sum()
    }
}

fn seconds(count: i64) -> u64 {
    u64::try_from(count).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn revision(number: u64, created: i64, image: &str, restarted: Option<&str>) -> Revision {
        let mut template = json!({"metadata": {}, "spec": {"containers": [{"image": image}]}});
        if let Some(at) = restarted {
            template["metadata"]["annotations"] = json!({crate::templates::RESTARTED_AT: at});
        }
        let template = Template::of(&template);
        Revision {
            uid: format!("rs-{number}").as_str().into(),
            name: format!("checkout-{number}").into(),
            number,
            created: Some(Seconds::new(created)),
            change_cause: None,
            images: template.images(),
            template,
            annotations: Box::default(),
        }
    }

    fn history(revisions: Vec<Revision>) -> History {
        History {
            template: revisions[0].template.clone(),
            is_paused: false,
            annotations: Box::default(),
            revisions,
        }
    }

    fn good(history: &History) -> Option<u64> {
        let at = history.last_good(Seconds::new(100_000))?;
        Some(history.revisions[at].number)
    }

    #[test]
    fn the_last_one_that_held_is_preselected_not_the_last_one() {
        let history = history(vec![
            revision(42, 90_100, "c", None),
            revision(41, 90_000, "b", None),
            revision(40, 10_000, "a", None),
        ]);
        assert_eq!(good(&history), Some(40));
        assert_eq!(history.in_use(1, Seconds::new(100_000)), InUse::For(100));
    }

    #[test]
    fn the_previous_one_is_preselected_where_none_held() {
        let history = history(vec![
            revision(3, 130, "c", None),
            revision(2, 120, "b", None),
            revision(1, 110, "a", None),
        ]);
        assert_eq!(good(&history), Some(2));
    }

    #[test]
    fn a_restart_is_marked_and_never_preselected_and_what_it_ran_proves_the_other() {
        let history = history(vec![
            revision(42, 90_000, "b", None),
            revision(41, 10_100, "a", Some("2026")),
            revision(40, 10_000, "a", None),
        ]);
        assert_eq!(history.restart_of(1), Some(40));
        assert_eq!(history.restart_of(2), None);
        assert_eq!(good(&history), Some(40));
    }

    #[test]
    fn a_restart_of_the_bad_one_does_not_make_the_bad_one_good() {
        let history = history(vec![
            revision(42, 99_000, "b", Some("2026")),
            revision(41, 50_000, "b", None),
            revision(40, 10_000, "a", None),
        ]);
        assert_eq!(good(&history), Some(40));
    }

    #[test]
    fn one_that_was_rolled_back_to_has_a_beginning_that_nobody_knows() {
        let history = history(vec![
            revision(43, 10_000, "a", None),
            revision(42, 50_000, "b", None),
        ]);
        assert!(history.is_reused(0));
        assert_eq!(history.in_use(0, Seconds::new(60_000)), InUse::Now(None));
        assert_eq!(history.in_use(1, Seconds::new(60_000)), InUse::Unknown);
    }
}
