//! The two ends of a rollback: a template with its place among the revisions.

use serde::{Deserialize, Serialize};

use crate::rollouts::tags;
use crate::templates::Template;
use crate::workload::revisions::{History, Revision};
use text::Outside;

/// From which template to which.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rollback {
    pub from: Point,
    pub to: Point,
}

/// A template with its place among the revisions.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Point {
    /// Number of the revision, where known.
    pub revision: Option<u64>,
    pub template: Template,
    /// Images of its containers.
    pub images: Box<[Outside]>,
    /// The restart annotation of the template.
    pub restarted_at: Option<Outside>,
    /// Annotations that go with it; none for other kinds than a Deployment.
    pub annotations: Box<[(Outside, Outside)]>,
    /// Its `ReplicaSet` or ControllerRevision, where known: what pods say they were made from.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub made_by: Option<Outside>,
}

impl Point {
    pub fn now(history: &History) -> Point {
        Point {
            revision: history.current_number(),
            images: history.template.images(),
            restarted_at: history.template.restarted_at(),
            template: history.template.clone(),
            annotations: history.annotations.clone(),
            made_by: None,
        }
    }

    pub fn of(revision: &Revision) -> Point {
        Point {
            revision: Some(revision.number),
            images: revision.images.clone(),
            restarted_at: revision.template.restarted_at(),
            template: revision.template.clone(),
            annotations: revision.annotations.clone(),
            made_by: Some(revision.name.clone()),
        }
    }

    /// `r41`, or what else is known of it.
    pub fn name(&self) -> String {
        match self.revision {
            Some(revision) => format!("r{revision}"),
            None => format!("template {}", self.template.digest.raw()),
        }
    }

    /// `r41 1.9.1 3fa9c2d1e0b4`: for the timeline.
    pub(super) fn words(&self) -> Outside {
        let digest = self.template.digest.raw();
        format!("{} {} {digest}", self.name(), tags(&self.images)).into()
    }

    pub(super) fn read(words: &Outside) -> Option<Point> {
        let first = words.raw().split(' ').next()?;
        let digest = words.raw().rsplit(' ').next()?;
        let revision = first
            .strip_prefix('r')
            .and_then(|number| number.parse().ok());
        Some(Point::known_by(revision, &digest.into()))
    }

    pub(super) fn known_by(revision: Option<u64>, digest: &Outside) -> Point {
        Point {
            revision,
            template: Template::known_by(digest.clone()),
            images: Box::default(),
            restarted_at: None,
            annotations: Box::default(),
            made_by: None,
        }
    }
}
