//! What kind of value a placeholder wants, by its name and by what stands before it.

use super::key;

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum PlaceholderKind {
    Namespace,
    Pod,
    Deployment,
    StatefulSet,
    DaemonSet,
    Service,
    Node,
    Container,
    /// Another object of Kubernetes, or one whose kind nothing tells.
    Object,
    Context,
    Host,
    Number,
    Version,
    Url,
    /// A password or a token: never shown, never kept.
    Secret,
    Free,
}

impl PlaceholderKind {
    /// Is it the name of an object of Kubernetes?
    pub(super) fn is_object(self) -> bool {
        match self {
            PlaceholderKind::Namespace
            | PlaceholderKind::Pod
            | PlaceholderKind::Deployment
            | PlaceholderKind::StatefulSet
            | PlaceholderKind::DaemonSet
            | PlaceholderKind::Service
            | PlaceholderKind::Node
            | PlaceholderKind::Container
            | PlaceholderKind::Object => true,
            PlaceholderKind::Context
            | PlaceholderKind::Host
            | PlaceholderKind::Number
            | PlaceholderKind::Version
            | PlaceholderKind::Url
            | PlaceholderKind::Secret
            | PlaceholderKind::Free => false,
        }
    }
}

/// Parts of names, the more telling ones first.
const PARTS: &[(&[&str], PlaceholderKind)] = &[
    (
        &["password", "passwd", "token", "apikey", "credentials"],
        PlaceholderKind::Secret,
    ),
    (&["url", "uri", "endpoint", "link"], PlaceholderKind::Url),
    (
        &["namespace", "ns", "namespaces"],
        PlaceholderKind::Namespace,
    ),
    (&["container"], PlaceholderKind::Container),
    (
        &[
            "replicas", "number", "count", "port", "pid", "lines", "seconds", "minutes", "num",
            "n", "size", "percent",
        ],
        PlaceholderKind::Number,
    ),
    (&["version", "tag", "release-tag"], PlaceholderKind::Version),
    (
        &[
            "hostname", "host", "ip", "address", "server", "domain", "fqdn",
        ],
        PlaceholderKind::Host,
    ),
    (&["node", "nodename"], PlaceholderKind::Node),
    (&["pod", "podname", "pods"], PlaceholderKind::Pod),
    (
        &["deployment", "deploy", "deploymentname"],
        PlaceholderKind::Deployment,
    ),
    (&["statefulset", "sts"], PlaceholderKind::StatefulSet),
    (&["daemonset", "ds"], PlaceholderKind::DaemonSet),
    (&["service", "svc"], PlaceholderKind::Service),
    (&["context"], PlaceholderKind::Context),
    (
        &[
            "job",
            "cronjob",
            "pvc",
            "pv",
            "configmap",
            "secret",
            "ingress",
            "hpa",
            "pdb",
            "crd",
            "vm",
            "release",
            "resource",
            "object",
            "volume",
            "claim",
            "storageclass",
            "cluster",
        ],
        PlaceholderKind::Object,
    ),
];

/// By the name alone.
pub(super) fn by_name(written: &str) -> PlaceholderKind {
    if is_version(written) {
        return PlaceholderKind::Version;
    }
    let key = key(written);
    let parts: Vec<&str> = key.split('-').collect();
    if parts.last() == Some(&"revision") {
        return PlaceholderKind::Number;
    }
    let has = |names: &[&str]| names.iter().any(|name| parts.contains(name));
    let of = |is_named: &dyn Fn(&[&str]) -> bool| {
        let found = PARTS.iter().find(|(names, _)| is_named(names));
        found.map(|(_, kind)| *kind)
    };
    // The last part is the noun: `node-port` is a port.
    let last = parts.last().copied().unwrap_or("");
    let found = of(&|names| names.contains(&last)).or_else(|| of(&has));
    let is_identity = matches!(parts.last(), Some(&"id" | &"path" | &"file" | &"query"));
    match found {
        Some(kind) if kind.is_object() && is_identity => PlaceholderKind::Free,
        None if is_identity => PlaceholderKind::Free,
        Some(kind) => kind,
        None => by_joined_name(&key),
    }
}

/// `dbhost`, `mypod`: a name without a separator.
fn by_joined_name(key: &str) -> PlaceholderKind {
    const ENDS: &[(&str, PlaceholderKind)] = &[
        ("namespace", PlaceholderKind::Namespace),
        ("pod", PlaceholderKind::Pod),
        ("podname", PlaceholderKind::Pod),
        ("node", PlaceholderKind::Node),
        ("host", PlaceholderKind::Host),
        ("container", PlaceholderKind::Container),
        ("deployment", PlaceholderKind::Deployment),
    ];
    let found = ENDS.iter().find(|(end, _)| key.ends_with(end));
    found.map_or(PlaceholderKind::Free, |(_, kind)| *kind)
}

/// By the flag or the word before it, and by the text before it in its own word.
pub(super) fn by_place(previous: Option<&str>, before: &str) -> Option<PlaceholderKind> {
    let flag = before
        .strip_suffix('=')
        .or(previous.filter(|_| before.is_empty()));
    let kind = match flag? {
        "-n" | "--namespace" | "namespace" | "namespaces" | "ns" => PlaceholderKind::Namespace,
        "-c" | "--container" => PlaceholderKind::Container,
        "--context" => PlaceholderKind::Context,
        "--replicas" | "--tail" | "--to-revision" | "--revision" | "--port" | "-p" => {
            PlaceholderKind::Number
        }
        "pod" | "pods" | "po" => PlaceholderKind::Pod,
        "deployment" | "deployments" | "deploy" => PlaceholderKind::Deployment,
        "statefulset" | "statefulsets" | "sts" => PlaceholderKind::StatefulSet,
        "daemonset" | "daemonsets" | "ds" => PlaceholderKind::DaemonSet,
        "service" | "services" | "svc" => PlaceholderKind::Service,
        "node" | "nodes" | "no" | "drain" | "cordon" | "uncordon" => PlaceholderKind::Node,
        _ => return None,
    };
    Some(kind)
}

/// `deployment/` before it.
pub(super) fn by_prefix(before: &str) -> Option<PlaceholderKind> {
    let kind = before.strip_suffix('/')?;
    let kind = kind.rsplit(['=', '/', ' ']).next().unwrap_or(kind);
    by_place(Some(kind), "")
}

/// `v1.2.3`, `x.y.z` and the like.
pub(super) fn is_version(written: &str) -> bool {
    let bare = written.trim_start_matches(['v', 'V']);
    matches!(bare, "1.2.3" | "x.y.z" | "X.Y.Z" | "x.x.x" | "X.X.X")
}
