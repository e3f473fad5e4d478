//! Who made a change, judged by what the server keeps of it in `metadata.managedFields`.
//! <https://kubernetes.io/docs/reference/using-api/server-side-apply/#field-management>

use serde::{Deserialize, Serialize};

use super::ChangeMoment;
use crate::time::Seconds;
use text::Outside;

/// A manager whose time is so much earlier than the change was seen did not make it: a watch that is this late is silent.
const LATE_S: i64 = 90;
/// Its time may be so much later: the clock of the server is known by the second, and may be off by some.
const EARLY_S: i64 = 5;
/// A field whose manager can be asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum ChangeField {
    /// `spec.replicas`.
    Replicas,
    /// `spec.paused`.
    Paused,
    /// `spec.template`.
    Template,
    /// `spec.unschedulable`.
    Unschedulable,
    /// `spec.taints`.
    Taints,
    /// `spec.minReplicas`.
    MinReplicas,
    /// `spec.maxReplicas`.
    MaxReplicas,
    /// `data` and `binaryData`.
    Content,
}

/// Who wrote to an object, as the server keeps it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FieldManager {
    /// Such as `kubectl-edit`.
    pub name: Outside,
    pub at: Option<Seconds>,
    /// It owns the field that was asked about.
    pub owns_field: bool,
    /// It wrote through a subresource, such as `status`.
    pub subresource: Option<Outside>,
}

/// Who made a change, as far as the server says it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ChangeAuthor {
    Manager(FieldManager),
    /// The object was read, and the server keeps nobody for it.
    Nobody,
    /// It could not be read, or there is nothing to ask.
    NotKnown,
}

impl ChangeField {
    /// Where it is in `fieldsV1`: any of these.
    pub fn paths(self) -> &'static [&'static [&'static str]] {
        match self {
            ChangeField::Replicas => &[&["f:spec", "f:replicas"]],
            ChangeField::Paused => &[&["f:spec", "f:paused"]],
            ChangeField::Template => &[&["f:spec", "f:template"]],
            ChangeField::Unschedulable => &[&["f:spec", "f:unschedulable"]],
            ChangeField::Taints => &[&["f:spec", "f:taints"]],
            ChangeField::MinReplicas => &[&["f:spec", "f:minReplicas"]],
            ChangeField::MaxReplicas => &[&["f:spec", "f:maxReplicas"]],
            ChangeField::Content => &[&["f:data"], &["f:binaryData"], &["f:stringData"]],
        }
    }

    /// As the API names it.
    pub fn words(self) -> &'static str {
        match self {
            ChangeField::Replicas => "spec.replicas",
            ChangeField::Paused => "spec.paused",
            ChangeField::Template => "spec.template",
            ChangeField::Unschedulable => "spec.unschedulable",
            ChangeField::Taints => "spec.taints",
            ChangeField::MinReplicas => "spec.minReplicas",
            ChangeField::MaxReplicas => "spec.maxReplicas",
            ChangeField::Content => "data",
        }
    }
}

impl ChangeAuthor {
    /// The latest manager of the field whose time fits the change, or that has none: a field is owned by who set it last, and the
    /// server gives those who write by a subresource no time. Who else wrote to the object at that time proves nothing: a
    /// count that is set by the scale subresource has no manager, and somebody may have set the image a moment before (seen on
    /// 1.34). `span` is in the server's time.
    pub fn of(managers: &[FieldManager], span: ChangeSpan) -> ChangeAuthor {
        let times = span.from_s - LATE_S..=span.until_s + EARLY_S;
        let fits = |manager: &&FieldManager| {
            let at = manager.at.map(Seconds::unix);
            manager.owns_field && at.is_none_or(|at| times.contains(&at))
        };
        let latest = managers.iter().filter(fits).max_by_key(|one| one.at);
        latest.map_or(ChangeAuthor::Nobody, |manager| {
            ChangeAuthor::Manager(manager.clone())
        })
    }

    /// Who, for a title: `by kubectl-edit`.
    pub fn words(&self) -> String {
        match self {
            ChangeAuthor::Manager(manager) => format!("by {}", manager.known_name()),
            ChangeAuthor::Nobody | ChangeAuthor::NotKnown => "by whom is not known".to_owned(),
        }
    }

    pub fn manager(&self) -> Option<&FieldManager> {
        match self {
            ChangeAuthor::Manager(manager) => Some(manager),
            ChangeAuthor::Nobody | ChangeAuthor::NotKnown => None,
        }
    }
}

/// A moment by the server's clock, in seconds since the epoch: from when to when it may have been.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ChangeSpan {
    pub from_s: i64,
    pub until_s: i64,
}

impl ChangeSpan {
    /// The server's clock is `skew_s` ahead.
    pub fn of(moment: &ChangeMoment, skew_s: i64) -> ChangeSpan {
        let seen = moment.seen.wall.timestamp();
        let after = moment.after.map_or(seen, |at| at.wall.timestamp());
        ChangeSpan {
            from_s: after.saturating_add(skew_s),
            until_s: seen.saturating_add(skew_s),
        }
    }
}

/// The controller that sets replica counts for autoscalers: it does that all day long.
const CONTROLLERS: &str = "kube-controller-manager";

impl FieldManager {
    /// Controllers that people know by another name are called by both.
    pub fn known_name(&self) -> String {
        let name = self.name.raw();
        let known = match name {
            "argocd-controller" | "argocd-application-controller" => "Argo CD",
            "kustomize-controller" | "helm-controller" => "Flux",
            "helm" => "Helm",
            CONTROLLERS if self.is_autoscaler() => "an autoscaler",
            CONTROLLERS => "a controller of Kubernetes",
            _ => return name.to_owned(),
        };
        format!("{known} ({name})")
    }

    /// The only controller of Kubernetes that sets the count of a workload is that of autoscalers.
    pub fn is_autoscaler(&self) -> bool {
        let by_scale = self.subresource.as_ref();
        self.name.raw() == CONTROLLERS
            && by_scale.is_some_and(|subresource| subresource.raw() == "scale")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_owns_the_field_made_the_change_unless_the_time_says_otherwise() {
        let manager = |name: &str, at: Option<i64>, owns_field| FieldManager {
            name: name.into(),
            at: at.map(Seconds::new),
            owns_field,
            subresource: None,
        };
        let span = ChangeSpan {
            from_s: 1_000,
            until_s: 1_002,
        };
        let of = |managers: &[FieldManager]| ChangeAuthor::of(managers, span).words();
        let set = manager("kubectl-set", Some(1_001), false);
        assert_eq!(
            of(&[manager("kubectl", None, true), set.clone()]),
            "by kubectl"
        );
        assert_eq!(
            of(&[manager("kubectl-edit", Some(1_001), true)]),
            "by kubectl-edit"
        );
        assert_eq!(
            of(&[manager("helm", Some(10), true)]),
            "by whom is not known"
        );
        assert_eq!(of(&[set]), "by whom is not known");
    }
}
