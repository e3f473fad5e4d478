//! Kinds of objects by the names that kubectl takes: some have a pane, the others the kubectl line that lists them.

use super::{PaletteGoal, PaletteLine, action_line};
use crate::Model;
use crate::cluster::Scope;
use crate::write::change::quoted;
use keys::action::Action;
use text::Outside;

/// Plural, singular and short names; those that are in no namespace. The built-in kinds of `kubectl api-resources`.
const KINDS: &[(&str, &str, &[&str], bool)] = &[
    ("configmaps", "configmap", &["cm"], true),
    ("cronjobs", "cronjob", &["cj"], true),
    (
        "customresourcedefinitions",
        "customresourcedefinition",
        &["crd", "crds"],
        false,
    ),
    ("endpoints", "endpoint", &["ep"], true),
    ("endpointslices", "endpointslice", &[], true),
    ("events", "event", &["ev"], true),
    (
        "horizontalpodautoscalers",
        "horizontalpodautoscaler",
        &["hpa"],
        true,
    ),
    ("ingresses", "ingress", &["ing"], true),
    ("ingressclasses", "ingressclass", &[], false),
    ("jobs", "job", &[], true),
    ("leases", "lease", &[], true),
    ("limitranges", "limitrange", &["limits"], true),
    ("networkpolicies", "networkpolicy", &["netpol"], true),
    ("nodes", "node", &["no"], false),
    (
        "persistentvolumeclaims",
        "persistentvolumeclaim",
        &["pvc"],
        true,
    ),
    ("persistentvolumes", "persistentvolume", &["pv"], false),
    (
        "poddisruptionbudgets",
        "poddisruptionbudget",
        &["pdb"],
        true,
    ),
    ("priorityclasses", "priorityclass", &["pc"], false),
    ("replicasets", "replicaset", &["rs"], true),
    (
        "replicationcontrollers",
        "replicationcontroller",
        &["rc"],
        true,
    ),
    ("resourcequotas", "resourcequota", &["quota"], true),
    ("rolebindings", "rolebinding", &[], true),
    ("roles", "role", &[], true),
    ("clusterrolebindings", "clusterrolebinding", &[], false),
    ("clusterroles", "clusterrole", &[], false),
    ("secrets", "secret", &[], true),
    ("serviceaccounts", "serviceaccount", &["sa"], true),
    ("services", "service", &["svc"], true),
    ("storageclasses", "storageclass", &["sc"], false),
    (
        "validatingwebhookconfigurations",
        "validatingwebhookconfiguration",
        &[],
        false,
    ),
    (
        "mutatingwebhookconfigurations",
        "mutatingwebhookconfiguration",
        &[],
        false,
    ),
];
/// A kind is offered from so many letters of its name on.
const LETTERS: usize = 3;

/// What was named: a kind, or the pane that shows it; and kinds whose name begins so.
pub(super) fn offers(model: &Model, typed: &str) -> (Vec<PaletteLine>, Vec<PaletteLine>) {
    let typed = typed.trim().to_lowercase();
    if let Some(pane) = pane(&typed) {
        let line = PaletteLine {
            is_meant: true,
            ..action_line(model, pane)
        };
        return (vec![line], Vec::new());
    }
    let (mut named, mut others) = (Vec::new(), Vec::new());
    for (plural, singular, short, is_namespaced) in KINDS {
        let is_named = [plural, singular].iter().any(|name| **name == typed)
            || short.contains(&typed.as_str());
        let begins = typed.len() >= LETTERS && plural.starts_with(&typed);
        if is_named {
            named.push(kind(model, plural, *is_namespaced));
        } else if begins {
            others.push(kind(model, plural, *is_namespaced));
        }
    }
    (named, others)
}

fn pane(typed: &str) -> Option<Action> {
    match typed {
        "po" | "pod" | "pods" => Some(Action::PodsPane),
        "deploy" | "deployment" | "deployments" | "sts" | "statefulset" | "statefulsets" | "ds"
        | "daemonset" | "daemonsets" => Some(Action::RolloutsPane),
        _ => None,
    }
}

fn kind(model: &Model, plural: &'static str, is_namespaced: bool) -> PaletteLine {
    let line = kubectl(model, plural, is_namespaced);
    PaletteLine {
        goal: PaletteGoal::Kind,
        what: "kind",
        name: plural.into(),
        note: "".into(),
        ban: Some(format!("no view; {line}")),
        is_meant: true,
    }
}

/// The line that lists what this console has no name for, when it can be the name of a kind.
pub fn line(model: &Model, typed: &str) -> Option<String> {
    let typed = typed.trim();
    let is_name = |character: char| character.is_ascii_alphanumeric() || "-.".contains(character);
    let is_kind = typed.len() >= LETTERS && typed.chars().all(is_name) && !typed.starts_with('-');
    is_kind.then(|| kubectl(model, &typed.to_lowercase(), true))
}

fn kubectl(model: &Model, plural: &str, is_namespaced: bool) -> String {
    let context = quoted(&model.cluster.context);
    let of = |namespace: &Outside| format!(" -n {}", quoted(namespace));
    let (namespace, all) = match &model.cluster.scope {
        Scope::Namespace(namespace) if is_namespaced => (of(namespace), ""),
        Scope::All if is_namespaced => (String::new(), " -A"),
        Scope::Namespace(_) | Scope::All => (String::new(), ""),
    };
    format!("kubectl --context {context}{namespace} get {plural}{all}")
}
