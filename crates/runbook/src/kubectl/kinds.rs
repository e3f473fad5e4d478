//! The kinds of Kubernetes by their plural, singular and short names.

/// Plural, short names; the singular follows from the plural.
const KINDS: &[(&str, &[&str])] = &[
    ("pods", &["po"]),
    ("deployments", &["deploy"]),
    ("statefulsets", &["sts"]),
    ("daemonsets", &["ds"]),
    ("replicasets", &["rs"]),
    ("replicationcontrollers", &["rc"]),
    ("services", &["svc"]),
    ("endpoints", &["ep"]),
    ("endpointslices", &[]),
    ("ingresses", &["ing"]),
    ("ingressclasses", &[]),
    ("networkpolicies", &["netpol"]),
    ("nodes", &["no"]),
    ("namespaces", &["ns"]),
    ("events", &["ev"]),
    ("configmaps", &["cm"]),
    ("secrets", &[]),
    ("serviceaccounts", &["sa"]),
    ("persistentvolumes", &["pv"]),
    ("persistentvolumeclaims", &["pvc"]),
    ("storageclasses", &["sc"]),
    ("volumeattachments", &[]),
    ("volumesnapshots", &["vs"]),
    ("jobs", &[]),
    ("cronjobs", &["cj"]),
    ("horizontalpodautoscalers", &["hpa"]),
    ("poddisruptionbudgets", &["pdb"]),
    ("priorityclasses", &["pc"]),
    ("resourcequotas", &["quota"]),
    ("limitranges", &["limits"]),
    ("leases", &[]),
    ("roles", &[]),
    ("rolebindings", &[]),
    ("clusterroles", &[]),
    ("clusterrolebindings", &[]),
    ("customresourcedefinitions", &["crd", "crds"]),
    ("apiservices", &[]),
    ("certificatesigningrequests", &["csr"]),
    ("componentstatuses", &["cs"]),
    ("validatingwebhookconfigurations", &[]),
    ("mutatingwebhookconfigurations", &[]),
    ("csidrivers", &[]),
    ("csinodes", &[]),
    ("clusteroperators", &["co"]),
    ("clusterversions", &[]),
    ("machines", &[]),
    ("machinesets", &[]),
    ("machineconfigs", &["mc"]),
    ("machineconfigpools", &["mcp"]),
    ("deploymentconfigs", &["dc"]),
    ("routes", &[]),
    ("projects", &[]),
    ("builds", &[]),
    ("imagestreams", &["is"]),
];

/// The plural of a kind as a person types it; a kind that is not known stays as it is, in lower case.
pub(super) fn plural(typed: &str) -> String {
    let lower = typed.to_ascii_lowercase();
    let (bare, group) = lower
        .split_once('.')
        .map_or((lower.as_str(), ""), |(bare, group)| (bare, group));
    let found = KINDS.iter().find(|(plural, short)| {
        *plural == bare || short.contains(&bare) || singular(plural) == bare
    });
    match found {
        Some((plural, _)) if group.is_empty() || is_own_group(group) => (*plural).to_owned(),
        _ => lower,
    }
}

/// `apps`, `v1.apps`: groups that Kubernetes itself has.
fn is_own_group(group: &str) -> bool {
    let last = group.split('.').next_back().unwrap_or("");
    matches!(last, "apps" | "batch" | "v1" | "autoscaling" | "policy")
        || group.ends_with("networking.k8s.io")
        || group.ends_with("storage.k8s.io")
}

fn singular(plural: &str) -> &str {
    if let Some(stem) = ["sses", "sses"]
        .iter()
        .find_map(|_| plural.strip_suffix("es"))
        .filter(|stem| stem.ends_with("ss"))
    {
        return stem;
    }
    match plural {
        "networkpolicies" => "networkpolicy",
        "endpoints" => "endpoint",
        "componentstatuses" => "componentstatus",
        other => other.strip_suffix('s').unwrap_or(other),
    }
}

pub(crate) fn is_known(typed: &str) -> bool {
    let plural = plural(typed);
    KINDS.iter().any(|(known, _)| *known == plural)
}
