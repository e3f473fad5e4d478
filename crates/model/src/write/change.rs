//! What a write changes, with the value it was shown with: the request tests for it. Words of it for the card, the
//! timeline and the shell.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};

use super::Target;
use crate::asked::{Asked, TemplateRef};
use crate::cluster::Kind;
use crate::pods::Uid;
use crate::rollouts::tags;
use crate::templates::Template;
use crate::workload::revisions::{History, Revision};
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
}

impl Point {
    pub fn now(history: &History) -> Point {
        Point {
            revision: history.current_number(),
            images: history.template.images(),
            restarted_at: history.template.restarted_at(),
            template: history.template.clone(),
            annotations: history.annotations.clone(),
        }
    }

    pub fn of(revision: &Revision) -> Point {
        Point {
            revision: Some(revision.number),
            images: revision.images.clone(),
            restarted_at: revision.template.restarted_at(),
            template: revision.template.clone(),
            annotations: revision.annotations.clone(),
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
    fn words(&self) -> Outside {
        let digest = self.template.digest.raw();
        format!("{} {} {digest}", self.name(), tags(&self.images)).into()
    }

    fn read(words: &Outside) -> Option<Point> {
        let first = words.raw().split(' ').next()?;
        let digest = words.raw().rsplit(' ').next()?;
        let revision = first
            .strip_prefix('r')
            .and_then(|number| number.parse().ok());
        Some(Point::known_by(revision, &digest.into()))
    }

    fn known_by(revision: Option<u64>, digest: &Outside) -> Point {
        Point {
            revision,
            template: Template::known_by(digest.clone()),
            images: Box::default(),
            restarted_at: None,
            annotations: Box::default(),
        }
    }
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
    pub fn asked(&self) -> Asked {
        let template = |point: &Point| TemplateRef {
            revision: point.revision,
            digest: point.template.digest.clone(),
        };
        match self {
            Change::Scale { from, to } => Asked::Scale {
                from: *from,
                to: *to,
            },
            Change::Restart { from, at } => Asked::Restart {
                from: from.clone(),
                at: at.clone(),
            },
            Change::Rollback(rollback) => Asked::Rollback {
                from: template(&rollback.from),
                to: template(&rollback.to),
            },
            Change::Replace { pod, uid } => Asked::DeletePod {
                pod: pod.clone(),
                uid: uid.clone().into(),
            },
        }
    }

    /// The change of an intent. Of a template only the digest is known.
    pub fn of(asked: &Asked) -> Change {
        let point = |template: &TemplateRef| Point::known_by(template.revision, &template.digest);
        match asked {
            Asked::Scale { from, to } => Change::Scale {
                from: *from,
                to: *to,
            },
            Asked::Restart { from, at } => Change::Restart {
                from: from.clone(),
                at: at.clone(),
            },
            Asked::Rollback { from, to } => Change::Rollback(Box::new(Rollback {
                from: point(from),
                to: point(to),
            })),
            Asked::DeletePod { pod, uid } => Change::Replace {
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

    /// The line that does the same with kubectl: the way out when we fail.
    pub fn kubectl(&self, target: &Target) -> Outside {
        let (context, namespace) = (quoted(&target.context), quoted(&target.namespace));
        let object = format!("{}/{}", target.kind.kubectl(), quoted(&target.name));
        let what = match self {
            Change::Scale { from, to } => {
                format!("scale {object} --current-replicas={from} --replicas={to}")
            }
            Change::Restart { .. } => format!("rollout restart {object}"),
            Change::Rollback(rollback) => match rollback.to.revision {
                Some(revision) => format!("rollout undo {object} --to-revision={revision}"),
                None => format!("rollout undo {object}"),
            },
            Change::Replace { pod, .. } => format!("delete pod {}", quoted(pod)),
        };
        format!("kubectl --context {context} -n {namespace} {what}").into()
    }
}

/// A word for a POSIX shell. A NUL, which no shell can be given, stays: left out, another name would stand there.
fn quoted(word: &Outside) -> Cow<'_, str> {
    let quoter = shlex::Quoter::new().allow_nul(true);
    quoter.quote(word.raw()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn target(context: &str) -> Target {
        Target {
            context: context.into(),
            kind: Kind::Deployment,
            namespace: "shop".into(),
            name: "checkout".into(),
            uid: "u1".into(),
        }
    }

    fn point(revision: u64, digest: &str) -> Point {
        Point {
            revision: Some(revision),
            template: Template::known_by(digest.into()),
            images: Box::default(),
            restarted_at: None,
            annotations: Box::default(),
        }
    }

    fn changes() -> [Change; 4] {
        [
            Change::Scale { from: 3, to: 0 },
            Change::Restart {
                from: None,
                at: "2026-01-02T03:04:05Z".into(),
            },
            Change::Rollback(Box::new(Rollback {
                from: point(42, "bad"),
                to: point(41, "good"),
            })),
            Change::Replace {
                pod: "web-2".into(),
                uid: "u2".into(),
            },
        ]
    }

    #[test]
    fn the_kubectl_line_is_safe_to_paste() {
        let change = Change::Scale { from: 3, to: 5 };
        assert_eq!(
            change.kubectl(&target("prod-eu")).raw(),
            "kubectl --context prod-eu -n shop scale deployment/checkout --current-replicas=3 --replicas=5"
        );
        assert!(
            change
                .kubectl(&target("x; rm -rf ~ 'y'"))
                .raw()
                .contains(r#"--context "x; rm -rf ~ 'y'" -n"#)
        );
    }

    #[test]
    fn each_change_has_its_kubectl_line() {
        let target = Target {
            kind: Kind::StatefulSet,
            ..target("dev")
        };
        let lines = changes().map(|change| change.kubectl(&target).raw()[29..].to_owned());
        assert_eq!(
            lines,
            [
                " scale statefulset/checkout --current-replicas=3 --replicas=0",
                " rollout restart statefulset/checkout",
                " rollout undo statefulset/checkout --to-revision=41",
                " delete pod web-2",
            ]
        );
    }

    #[test]
    fn a_change_is_read_back_from_its_intent() {
        for change in changes() {
            let request = change.request(Kind::DaemonSet);
            let read = Change::read(&request, change.before().as_ref(), &change.after());
            assert_eq!(read, Some(change));
        }
    }

    #[test]
    fn a_rollback_is_recognised_by_its_templates() {
        let [.., rollback, _] = changes();
        assert!(rollback.was(Some(&"bad".into())) && !rollback.was(Some(&"good".into())));
        assert!(rollback.stands(Some(&"good".into())) && !rollback.stands(None));
    }
}
