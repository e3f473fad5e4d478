//! What a write changes, with the value it was shown with: the request tests for it. Words of it for the card, the
//! timeline and the shell.

mod kubectl;
mod point;

use serde::{Deserialize, Serialize};

pub(crate) use self::kubectl::quoted;
pub use self::point::{Point, Rollback};
use crate::asked::{RequestedChange, TemplateRef};
use crate::cluster::Kind;
use crate::meta::Uid;
use text::Outside;

/// What a pod that is not there, or is on its way out, has as a value.
const GONE: &str = "gone";

/// What is changed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Change {
    /// `spec.replicas`, through the scale subresource.
    Scale { from: u32, to: u32 },
    /// `kubectl.kubernetes.io/restartedAt` of the pod template: new pods, one after the other.
    Restart {
        from: Option<Outside>,
        /// As wanted: RFC 3339.
        at: Outside,
    },
    /// `spec.template`, put back to what another revision had.
    Rollback(Box<Rollback>),
    /// A pod is deleted, so that its controller makes it anew from the present template.
    Replace {
        pod: Outside,
        /// Its uid: a successor of the same name is never hit.
        uid: Uid,
    },
}

impl Change {
    /// The request in short, as the timeline has it.
    pub fn request(&self, kind: Kind) -> String {
        let plural = kind.plural();
        match self {
            Change::Scale { .. } => format!("PATCH {plural}/scale"),
            Change::Restart { .. } => format!("PATCH {plural}"),
            Change::Rollback(_) => format!("PATCH {plural} spec.template"),
            Change::Replace { .. } => "DELETE pods".to_owned(),
        }
    }

    /// `scale checkout 3 -> 0`.
    pub fn title(&self, name: &Outside) -> String {
        match self {
            Change::Scale { from, to } => format!("scale {} {from} -> {to}", name.raw()),
            Change::Restart { .. } => format!("restart {}", name.raw()),
            Change::Rollback(rollback) => format!(
                "roll back {} {} -> {}",
                name.raw(),
                rollback.from.name(),
                rollback.to.name()
            ),
            Change::Replace { pod, .. } => format!("delete pod {} of {}", pod.raw(), name.raw()),
        }
    }

    /// The value before, in the words of the timeline.
    pub fn before(&self) -> Option<Outside> {
        match self {
            Change::Scale { from, .. } => Some(from.to_string().into()),
            Change::Restart { from, .. } => from.clone(),
            Change::Rollback(rollback) => Some(rollback.from.words()),
            Change::Replace { pod, uid } => Some(format!("{} {uid}", pod.raw()).into()),
        }
    }

    /// The value after, in the words of the timeline.
    pub fn after(&self) -> Outside {
        match self {
            Change::Scale { to, .. } => to.to_string().into(),
            Change::Restart { at, .. } => at.clone(),
            Change::Rollback(rollback) => rollback.to.words(),
            Change::Replace { .. } => GONE.into(),
        }
    }

    /// Is this value of the server the one that was shown?
    pub fn was(&self, value: Option<&Outside>) -> bool {
        match self {
            Change::Scale { .. } | Change::Restart { .. } => value == self.before().as_ref(),
            Change::Rollback(rollback) => value == Some(&rollback.from.template.digest),
            Change::Replace { uid, .. } => value.is_some_and(|value| value.raw() == &**uid),
        }
    }

    /// Is this value of the server the one that is wanted?
    pub fn stands(&self, value: Option<&Outside>) -> bool {
        match self {
            Change::Scale { .. } | Change::Restart { .. } => value == Some(&self.after()),
            Change::Rollback(rollback) => value == Some(&rollback.to.template.digest),
            Change::Replace { .. } => value.is_some_and(|value| value.raw() == GONE),
        }
    }

    /// The value of a pod on the server: its uid while it is there and not on its way out.
    pub fn pod_value(uid: Option<&str>) -> Outside {
        uid.unwrap_or(GONE).into()
    }

    /// What an intent of the timeline has as a value.
    pub fn asked(&self) -> RequestedChange {
        let template = |point: &Point| TemplateRef {
            revision: point.revision,
            digest: point.template.digest.clone(),
        };
        match self {
            Change::Scale { from, to } => RequestedChange::Scale {
                from: *from,
                to: *to,
            },
            Change::Restart { from, at } => RequestedChange::Restart {
                from: from.clone(),
                at: at.clone(),
            },
            Change::Rollback(rollback) => RequestedChange::Rollback {
                from: template(&rollback.from),
                to: template(&rollback.to),
            },
            Change::Replace { pod, uid } => RequestedChange::DeletePod {
                pod: pod.clone(),
                uid: uid.clone().into(),
            },
        }
    }

    /// The change of an intent. Of a template only the digest is known.
    pub fn of(asked: &RequestedChange) -> Change {
        let point = |template: &TemplateRef| Point::known_by(template.revision, &template.digest);
        match asked {
            RequestedChange::Scale { from, to } => Change::Scale {
                from: *from,
                to: *to,
            },
            RequestedChange::Restart { from, at } => Change::Restart {
                from: from.clone(),
                at: at.clone(),
            },
            RequestedChange::Rollback { from, to } => Change::Rollback(Box::new(Rollback {
                from: point(from),
                to: point(to),
            })),
            RequestedChange::DeletePod { pod, uid } => Change::Replace {
                pod: pod.clone(),
                uid: uid.raw().into(),
            },
        }
    }

    /// A change by the words of an intent of a version that stored no value.
    pub fn read(request: &str, before: Option<&Outside>, after: &Outside) -> Option<Change> {
        if request == "DELETE pods" {
            let (pod, uid) = before?.raw().rsplit_once(' ')?;
            return Some(Change::Replace {
                pod: pod.into(),
                uid: uid.into(),
            });
        }
        let what = request.strip_prefix("PATCH ")?;
        if what.ends_with("/scale") {
            return Some(Change::Scale {
                from: before?.raw().parse().ok()?,
                to: after.raw().parse().ok()?,
            });
        }
        if what.ends_with(" spec.template") {
            let (from, to) = (Point::read(before?)?, Point::read(after)?);
            return Some(Change::Rollback(Box::new(Rollback { from, to })));
        }
        Some(Change::Restart {
            from: before.cloned(),
            at: after.clone(),
        })
    }
}

#[cfg(test)]
mod tests;
