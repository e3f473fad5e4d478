//! What the labels of an alert say it is about: one object by name, the nearest to the trouble that they name.
//! The labels are those of the kubernetes-mixin and of kube-state-metrics:
//! <https://github.com/kubernetes/kube-state-metrics/tree/main/docs/metrics>.

use crate::owner::OwnerKind;
use text::Outside;

/// The exporter whose own labels (`instance`, `service`, `pod`, `container`) stand beside those of the object.
const EXPORTER: &str = "kube-state-metrics";

/// The object that an alert names. Whether there is such a one is another question.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NamedObject {
    Pod(Outside, Outside),
    /// `deployment`, `statefulset`, `daemonset` or `job_name`: kind, namespace, name.
    Workload(OwnerKind, Outside, Outside),
    Autoscaler(Outside, Outside),
    Claim(Outside, Outside),
    /// `container` of pods that are not named.
    Container(Outside, Outside),
    Node(Outside),
    /// `service`: found by its selector; an aggregation may have lost its namespace.
    Service(Option<Outside>, Outside),
    /// `app`: a label of pods, likewise.
    App(Option<Outside>, Outside),
    Namespace(Outside),
}

impl NamedObject {
    /// In words: `Deployment shop/checkout`.
    pub fn words(&self) -> String {
        let named = |kind: &str, space: &Outside, name: &Outside| {
            format!("{kind} {}/{}", space.raw(), name.raw())
        };
        let anywhere = |kind: &str, space: &Option<Outside>, name: &Outside| match space {
            Some(space) => named(kind, space, name),
            None => format!("{kind} {}", name.raw()),
        };
        match self {
            NamedObject::Pod(space, name) => named("pod", space, name),
            NamedObject::Workload(kind, space, name) => named(kind.word(), space, name),
            NamedObject::Autoscaler(space, name) => named("HorizontalPodAutoscaler", space, name),
            NamedObject::Claim(space, name) => named("PersistentVolumeClaim", space, name),
            NamedObject::Container(space, name) => named("container", space, name),
            NamedObject::Node(name) => format!("node {}", name.raw()),
            NamedObject::Service(space, name) => anywhere("Service", space, name),
            NamedObject::App(space, name) => anywhere("app", space, name),
            NamedObject::Namespace(space) => format!("namespace {}", space.raw()),
        }
    }
}

/// Reads the labels. `job` is the scrape job and never a Job; `instance` is an address, of an exporter more often than not.
pub fn about(labels: &[(Outside, Outside)]) -> Option<NamedObject> {
    let value = |name: &str| {
        let pair = labels.iter().find(|(known, _)| known.raw() == name);
        pair.map(|(_, value)| value)
            .filter(|value| !value.raw().is_empty())
    };
    let is_of_exporter = [value("job"), value("service")]
        .into_iter()
        .flatten()
        .any(|value| value.raw().contains(EXPORTER));
    // What the exporter says of itself is not what the alert is about.
    let own = |name: &str| {
        value(name).filter(|value| !(is_of_exporter && value.raw().contains(EXPORTER)))
    };
    let namespace = value("namespace");
    let within = |name: &str| namespace.cloned().zip(own(name).cloned());
    let workload = |label: &str, kind: OwnerKind| {
        within(label).map(|(namespace, name)| NamedObject::Workload(kind, namespace, name))
    };
    within("pod")
        .map(|(namespace, name)| NamedObject::Pod(namespace, name))
        .or_else(|| workload("deployment", OwnerKind::Deployment))
        .or_else(|| workload("statefulset", OwnerKind::StatefulSet))
        .or_else(|| workload("daemonset", OwnerKind::DaemonSet))
        .or_else(|| workload("job_name", OwnerKind::Job))
        .or_else(|| {
            within("horizontalpodautoscaler")
                .map(|(space, name)| NamedObject::Autoscaler(space, name))
        })
        .or_else(|| {
            within("persistentvolumeclaim").map(|(space, name)| NamedObject::Claim(space, name))
        })
        .or_else(|| within("container").map(|(space, name)| NamedObject::Container(space, name)))
        .or_else(|| own("node").cloned().map(NamedObject::Node))
        .or_else(|| {
            own("service").map(|name| NamedObject::Service(namespace.cloned(), name.clone()))
        })
        .or_else(|| own("app").map(|name| NamedObject::App(namespace.cloned(), name.clone())))
        .or_else(|| namespace.cloned().map(NamedObject::Namespace))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(labels: &[(&str, &str)]) -> String {
        let labels: Vec<_> = labels
            .iter()
            .map(|(name, value)| (Outside::from(*name), Outside::from(*value)))
            .collect();
        about(&labels).map_or("nothing".to_owned(), |about| about.words())
    }

    const KSM: (&str, &str) = ("job", "kube-state-metrics");
    const SHOP: (&str, &str) = ("namespace", "shop");

    #[test]
    fn labels_name_one_object_the_nearest_to_the_trouble() {
        let cases: &[(&[(&str, &str)], &str)] = &[
            (
                &[
                    SHOP,
                    ("pod", "checkout-7d9f-x2k"),
                    ("container", "app"),
                    KSM,
                ],
                "pod shop/checkout-7d9f-x2k",
            ),
            (
                &[SHOP, ("deployment", "checkout"), KSM],
                "Deployment shop/checkout",
            ),
            (&[SHOP, ("statefulset", "db")], "StatefulSet shop/db"),
            (&[SHOP, ("daemonset", "agent")], "DaemonSet shop/agent"),
            (&[SHOP, ("job_name", "backup-1"), KSM], "Job shop/backup-1"),
            (
                &[SHOP, ("horizontalpodautoscaler", "checkout")],
                "HorizontalPodAutoscaler shop/checkout",
            ),
            (
                &[SHOP, ("persistentvolumeclaim", "data-db-0"), ("node", "n1")],
                "PersistentVolumeClaim shop/data-db-0",
            ),
            (&[SHOP, ("container", "app")], "container shop/app"),
            (
                &[
                    ("node", "n1"),
                    ("instance", "10.0.0.1:9100"),
                    ("job", "node-exporter"),
                ],
                "node n1",
            ),
            (
                &[SHOP, ("service", "checkout"), ("job", "checkout")],
                "Service shop/checkout",
            ),
            (&[("service", "checkout")], "Service checkout"),
            (&[("app", "checkout"), SHOP], "app shop/checkout"),
            (&[SHOP, ("quota", "cpu")], "namespace shop"),
            (
                &[("alertname", "Watchdog"), ("severity", "none")],
                "nothing",
            ),
        ];
        for (labels, right) in cases {
            assert_eq!(of(labels), *right, "{labels:?}");
        }
    }

    #[test]
    fn what_the_exporter_says_of_itself_is_not_meant() {
        let own = [
            KSM,
            ("service", "kube-prometheus-stack-kube-state-metrics"),
            ("pod", "prom-kube-state-metrics-5c9-x1"),
            ("container", "kube-state-metrics"),
            ("instance", "10.1.2.3:8080"),
        ];
        let with = |more: &[(&'static str, &'static str)]| [own.as_slice(), more].concat();
        assert_eq!(
            of(&with(&[SHOP, ("deployment", "checkout")])),
            "Deployment shop/checkout"
        );
        assert_eq!(of(&with(&[("node", "n1")])), "node n1");
        assert_eq!(of(&with(&[])), "nothing");
    }

    #[test]
    fn the_scrape_job_and_the_address_are_no_objects() {
        assert_eq!(
            of(&[("job", "checkout"), ("instance", "10.0.0.9:8080")]),
            "nothing"
        );
        assert_eq!(of(&[("pod", "x"), ("job", "checkout")]), "nothing");
        assert_eq!(of(&[SHOP, ("pod", "")]), "namespace shop");
    }
}
