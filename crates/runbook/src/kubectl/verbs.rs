//! The flags of each verb, as `kubectl VERB --help` lists them.

use crate::flags::Flags;

/// Flags that every verb takes.
pub(super) const COMMON: &str = "n/namespace= A/all-namespaces context= cluster= user= kubeconfig= s/server= token= as= as-group= as-uid= \
    request-timeout= v/v= insecure-skip-tls-verify cache-dir= certificate-authority= client-certificate= client-key= tls-server-name= \
    match-server-version warnings-as-errors h/help loglevel= username= password= profile= vmodule= config=";

const VERBS: &[(&str, &str)] = &[
    (
        "get",
        "o/output= w/watch watch-only l/selector= field-selector= sort-by= L/label-columns= show-labels show-kind no-headers f/filename= R/recursive k/kustomize= chunk-size= ignore-not-found raw= server-print subresource= template= allow-missing-template-keys output-watch-events show-managed-fields export",
    ),
    (
        "describe",
        "l/selector= f/filename= R/recursive k/kustomize= show-events chunk-size=",
    ),
    ("logs", LOGS),
    ("log", LOGS),
    ("top", TOP),
    (
        "events",
        "for= types= w/watch o/output= no-headers chunk-size= template=",
    ),
    (
        "scale",
        "replicas= current-replicas= resource-version= timeout= l/selector= all f/filename= dry-run? o/output= R/recursive",
    ),
    (
        "rollout",
        "l/selector= f/filename= revision= to-revision= w/watch timeout= dry-run? o/output= k/kustomize= R/recursive template=",
    ),
    (
        "exec",
        "i/stdin t/tty c/container= q/quiet f/filename= pod-running-timeout= p/pod=",
    ),
    (
        "rsh",
        "c/container= t/tty T/no-tty shell= timeout= f/filename=",
    ),
    (
        "delete",
        "l/selector= field-selector= all f/filename= R/recursive k/kustomize= force grace-period= now wait? timeout= cascade? ignore-not-found? dry-run? o/output= i/interactive raw=",
    ),
    ("apply", APPLY),
    ("create", APPLY),
    ("replace", APPLY),
    ("diff", APPLY),
    ("cordon", "l/selector= dry-run?"),
    ("uncordon", "l/selector= dry-run?"),
    (
        "drain",
        "l/selector= dry-run? ignore-daemonsets? delete-emptydir-data? delete-local-data? force? grace-period= timeout= disable-eviction? pod-selector= skip-wait-for-delete-timeout= chunk-size= ignore-errors",
    ),
    ("port-forward", "address= pod-running-timeout="),
    ("cp", "c/container= no-preserve retries="),
    (
        "rsync",
        "c/container= delete exclude= include= no-perms progress q/quiet strategy= w/watch compress",
    ),
    (
        "set",
        "l/selector= all c/containers= c/container= e/env= f/filename= dry-run? o/output= record? requests= limits= from= prefix= list overwrite local resolve keys= add remove type= name= t/type= m/mount-path= claim-name= configmap-name= secret-name= local",
    ),
    (
        "patch",
        "p/patch= patch-file= type= f/filename= dry-run? o/output= subresource= record? R/recursive local k/kustomize=",
    ),
    (
        "edit",
        "f/filename= o/output= R/recursive save-config subresource= validate? windows-line-endings output-patch",
    ),
    ("label", CHANGES),
    ("annotate", CHANGES),
    ("taint", CHANGES),
    (
        "wait",
        "for= timeout= l/selector= field-selector= all f/filename= o/output= R/recursive",
    ),
    ("auth", "list subresource= q/quiet no-headers o/output="),
    (
        "debug",
        "i/stdin t/tty image= image-pull-policy= c/container= target= copy-to= share-processes? profile= q/quiet env= same-node attach? arguments-only replace set-image= to-namespace= keep-labels keep-annotations f/filename= node-name= as-root as-user= one-container node-selector= o/output=",
    ),
    (
        "run",
        "i/stdin t/tty image= rm restart= env= l/labels= command port= expose overrides= dry-run? o/output= image-pull-policy= attach? q/quiet override-type= serviceaccount= limits= requests= wait pod-running-timeout= privileged",
    ),
    ("explain", "recursive api-version= output="),
    (
        "api-resources",
        "o/output= verbs= api-group= namespaced? no-headers sort-by= categories= cached",
    ),
    ("api-versions", ""),
    ("version", "client short o/output="),
    (
        "cluster-info",
        "o/output= output-directory= namespaces= pod-running-timeout=",
    ),
    (
        "config",
        "minify raw flatten merge o/output= current no-headers template=",
    ),
    (
        "whoami",
        "t/show-token show-console show-server show-context",
    ),
    ("project", "q/quiet short"),
    ("status", "suggest v"),
];

/// Flags that say who asks, or whom: the console asks as itself, the cluster of its context.
pub(super) const ELSEWHERE: &str = "as as-group as-uid kubeconfig server token cluster user certificate-authority \
    client-certificate client-key tls-server-name insecure-skip-tls-verify username password";

/// Flags by verb without which the line would ask for something else, and which no native action has.
const NOT_NATIVE: &[(&str, &str)] = &[
    ("apply", "prune force cascade raw edit grace-period timeout"),
    ("create", "edit raw"),
    ("replace", "force cascade raw grace-period subresource"),
    ("delete", "cascade raw interactive"),
    ("scale", "current-replicas resource-version"),
    ("drain", "pod-selector grace-period"),
    ("patch", "patch-file subresource local"),
    ("edit", "subresource output-patch"),
    (
        "set",
        "from local env keys add remove type name mount-path claim-name configmap-name secret-name containers",
    ),
    ("label", "local resource-version list"),
    ("annotate", "local resource-version list"),
    ("get", "subresource kustomize"),
    ("exec", "pod"),
    ("port-forward", "address"),
    ("rsync", "delete exclude include strategy watch"),
    (
        "run",
        "overrides override-type env expose port labels serviceaccount limits requests privileged restart",
    ),
    (
        "debug",
        "target copy-to share-processes profile env set-image to-namespace replace as-root as-user one-container node-selector",
    ),
    ("logs", "limit-bytes"),
];

/// The first flag that no native action has.
pub(super) fn not_native<'f>(path: &str, flags: &'f Flags) -> Option<&'f str> {
    let verb = path.split(' ').next().unwrap_or(path);
    if let Some(flag) = flags.first_of(ELSEWHERE) {
        return Some(flag);
    }
    let is_dry = is_dry(flags) && !matches!(verb, "apply" | "create" | "replace" | "diff");
    if is_dry {
        return Some("dry-run");
    }
    let grace = flags
        .text("grace-period")
        .is_some_and(|seconds| seconds != "0");
    if verb == "delete" && grace {
        return Some("grace-period");
    }
    let found = NOT_NATIVE.iter().find(|(of, _)| *of == verb);
    found.and_then(|(_, list)| flags.first_of(list))
}

pub(super) fn is_dry(flags: &Flags) -> bool {
    let value = flags.value("dry-run");
    value.is_some_and(|value| !matches!(value.text(), Some("none" | "false")))
}

const LOGS: &str = "f/follow p/previous c/container= all-containers? l/selector= tail= since= since-time= timestamps? limit-bytes= max-log-requests= prefix? ignore-errors pod-running-timeout= insecure-skip-tls-verify-backend all-pods? version=";
const TOP: &str = "l/selector= field-selector= containers? sort-by= no-headers sum use-protocol-buffers show-capacity show-swap";
const APPLY: &str = "f/filename= k/kustomize= R/recursive dry-run? server-side? force? force-conflicts? prune? l/selector= o/output= validate? wait? field-manager= all overwrite? prune-allowlist= prune-whitelist= record? save-config edit raw= grace-period= timeout= cascade? concurrency= openapi-patch? cached show-managed-fields template=";
const CHANGES: &str = "l/selector= field-selector= all overwrite? f/filename= dry-run? o/output= R/recursive resource-version= list record? local k/kustomize=";

pub(super) fn flags_of(path: &str) -> Option<&'static str> {
    VERBS
        .iter()
        .find(|(verb, _)| *verb == path)
        .map(|(_, flags)| *flags)
}
