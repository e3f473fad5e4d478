//! The resources of the emulated API: those that the world holds, and those that are only ever empty so that clients find them.

use super::super::world::object::Kind;

/// A resource of the API.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Resource {
    /// Group; empty for the core.
    pub group: &'static str,
    pub version: &'static str,
    /// Name in paths.
    pub plural: &'static str,
    /// Kind of its objects.
    pub kind: &'static str,
    /// Whether its objects live in namespaces.
    pub namespaced: bool,
    pub short: &'static [&'static str],
    pub subresources: &'static [&'static str],
    /// Whether it is part of `all`.
    pub in_all: bool,
    /// What the world holds of it.
    pub stored: Option<Kind>,
}

/// What can be done with what clients make; with the others all but the first.
const VERBS: &[&str] = &[
    "create",
    "delete",
    "deletecollection",
    "get",
    "list",
    "patch",
    "update",
    "watch",
];

impl Resource {
    /// `plural.group`, as messages name it.
    pub fn qualified(&self) -> String {
        if self.group.is_empty() {
            self.plural.to_owned()
        } else {
            format!("{}.{}", self.plural, self.group)
        }
    }

    /// `group/version`.
    pub fn api_version(&self) -> String {
        if self.group.is_empty() {
            self.version.to_owned()
        } else {
            format!("{}/{}", self.group, self.version)
        }
    }

    /// Whether objects of it can be posted only: reviews.
    pub fn is_review(&self) -> bool {
        matches!(self.group, "authorization.k8s.io" | "authentication.k8s.io")
    }

    /// What can be done with it.
    pub fn verbs(&self) -> &'static [&'static str] {
        match (self.is_review(), self.stored) {
            (true, _) => &["create"],
            (
                false,
                Some(
                    Kind::Deployment
                    | Kind::StatefulSet
                    | Kind::DaemonSet
                    | Kind::Service
                    | Kind::Autoscaler
                    | Kind::Budget,
                ),
            ) => VERBS,
            (false, Some(Kind::Namespace)) => &["create", "delete", "get", "list", "watch"],
            (false, Some(_)) => &VERBS[1..],
            (false, None) if self.group == METRICS => &["get", "list"],
            (false, None) => &["get", "list", "watch"],
        }
    }
}

const fn stored(
    group: &'static str,
    plural: &'static str,
    kind: &'static str,
    short: &'static [&'static str],
    stored: Kind,
) -> Resource {
    let (version, namespaced) = ("v1", !matches!(stored, Kind::Namespace | Kind::Node));
    Resource {
        group,
        version,
        plural,
        kind,
        namespaced,
        short,
        subresources: &[],
        in_all: !matches!(stored, Kind::Namespace | Kind::Node | Kind::Event),
        stored: Some(stored),
    }
}

const fn empty(
    group: &'static str,
    version: &'static str,
    plural: &'static str,
    kind: &'static str,
    short: &'static [&'static str],
) -> Resource {
    Resource {
        group,
        version,
        plural,
        kind,
        namespaced: true,
        short,
        subresources: &[],
        in_all: !group.is_empty(),
        stored: None,
    }
}

const fn review(group: &'static str, plural: &'static str, kind: &'static str) -> Resource {
    Resource {
        group,
        version: "v1",
        plural,
        kind,
        namespaced: false,
        short: &[],
        subresources: &[],
        in_all: false,
        stored: None,
    }
}

const fn metrics(plural: &'static str, kind: &'static str, namespaced: bool) -> Resource {
    Resource {
        group: METRICS,
        version: "v1beta1",
        plural,
        kind,
        namespaced,
        short: &[],
        subresources: &[],
        in_all: false,
        stored: None,
    }
}

/// The group of what pods and nodes use.
pub const METRICS: &str = "metrics.k8s.io";

/// All resources; `kubectl get` takes the first of several with the same name.
pub const RESOURCES: &[Resource] = &[
    Resource {
        subresources: &["log"],
        ..stored("", "pods", "Pod", &["po"], Kind::Pod)
    },
    stored("", "namespaces", "Namespace", &["ns"], Kind::Namespace),
    stored("", "nodes", "Node", &["no"], Kind::Node),
    stored("", "events", "Event", &["ev"], Kind::Event),
    Resource {
        subresources: &["proxy"],
        ..stored("", "services", "Service", &["svc"], Kind::Service)
    },
    empty("", "v1", "configmaps", "ConfigMap", &["cm"]),
    empty("", "v1", "secrets", "Secret", &[]),
    empty("", "v1", "endpoints", "Endpoints", &["ep"]),
    empty("", "v1", "resourcequotas", "ResourceQuota", &["quota"]),
    empty("", "v1", "limitranges", "LimitRange", &["limits"]),
    Resource {
        subresources: &["scale"],
        ..stored(
            "apps",
            "deployments",
            "Deployment",
            &["deploy"],
            Kind::Deployment,
        )
    },
    stored(
        "apps",
        "replicasets",
        "ReplicaSet",
        &["rs"],
        Kind::ReplicaSet,
    ),
    Resource {
        subresources: &["scale"],
        ..stored(
            "apps",
            "statefulsets",
            "StatefulSet",
            &["sts"],
            Kind::StatefulSet,
        )
    },
    stored("apps", "daemonsets", "DaemonSet", &["ds"], Kind::DaemonSet),
    Resource {
        in_all: false,
        ..stored(
            "apps",
            "controllerrevisions",
            "ControllerRevision",
            &[],
            Kind::ControllerRevision,
        )
    },
    empty("batch", "v1", "jobs", "Job", &[]),
    empty("batch", "v1", "cronjobs", "CronJob", &["cj"]),
    Resource {
        version: "v2",
        ..stored(
            "autoscaling",
            "horizontalpodautoscalers",
            "HorizontalPodAutoscaler",
            &["hpa"],
            Kind::Autoscaler,
        )
    },
    Resource {
        in_all: false,
        ..stored(
            "policy",
            "poddisruptionbudgets",
            "PodDisruptionBudget",
            &["pdb"],
            Kind::Budget,
        )
    },
    Resource {
        in_all: false,
        ..stored(
            "discovery.k8s.io",
            "endpointslices",
            "EndpointSlice",
            &[],
            Kind::EndpointSlice,
        )
    },
    metrics("pods", "PodMetrics", true),
    metrics("nodes", "NodeMetrics", false),
    review(
        "authorization.k8s.io",
        "selfsubjectaccessreviews",
        "SelfSubjectAccessReview",
    ),
    review(
        "authorization.k8s.io",
        "selfsubjectrulesreviews",
        "SelfSubjectRulesReview",
    ),
    review(
        "authentication.k8s.io",
        "selfsubjectreviews",
        "SelfSubjectReview",
    ),
];

/// The resource of a path.
pub fn find(group: &str, version: &str, plural: &str) -> Option<&'static Resource> {
    RESOURCES
        .iter()
        .find(|r| r.group == group && r.version == version && r.plural == plural)
}

/// The groups but the core, each with its version, in discovery's order.
pub fn groups() -> Vec<(&'static str, &'static str)> {
    let mut groups: Vec<(&str, &str)> = vec![];
    for resource in RESOURCES.iter().filter(|r| !r.group.is_empty()) {
        if !groups.contains(&(resource.group, resource.version)) {
            groups.push((resource.group, resource.version));
        }
    }
    groups
}
