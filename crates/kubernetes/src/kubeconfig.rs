//! The kubeconfig, read once at start, with errors that say what, where and what to do. kube's own say "failed to load
//! current context" and leave the rest to the reader.

mod entry;
pub(crate) mod fields;
mod proxy;
#[cfg(test)]
mod tests;

use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use kube::Config;
use kube::config::{KubeConfigOptions, Kubeconfig, KubeconfigError};

use super::problem::causes;
use super::problem::problem;
pub(crate) use entry::{Entry, host_and_port};
use model::cluster::{Problem, ProblemClass};

/// The name of the only context there is inside a pod.
const IN_CLUSTER: &str = "in-cluster";
/// Names at least this similar (Jaro-Winkler, 0 to 1) are offered for an unknown one.
const SIMILAR: f64 = 0.7;
/// So many of them at most.
const OFFERS_MAX: usize = 3;

/// Where contexts come from.
#[derive(Clone, Debug)]
pub(crate) enum Contexts {
    /// One or more kubeconfig files, merged.
    Files {
        merged: Box<Kubeconfig>,
        /// For words only.
        paths: String,
    },
    /// The service account of the pod we run in.
    InCluster,
}

impl Contexts {
    /// Reads the files: `--kubeconfig`, else `$KUBECONFIG`, else `~/.kube/config`, else the pod's service account.
    pub(crate) fn read(flag: Option<&Path>) -> Result<Contexts, Problem> {
        if let Some(path) = flag {
            return read_all(&[&path.to_owned()]);
        }
        let candidates = candidates();
        let present: Vec<&PathBuf> = candidates.iter().filter(|path| path.exists()).collect();
        if present.is_empty() {
            return nothing_to_read(&candidates);
        }
        read_all(&present)
    }

    /// All context names, sorted.
    pub(crate) fn names(&self) -> Vec<Arc<str>> {
        match self {
            Contexts::InCluster => vec![IN_CLUSTER.into()],
            Contexts::Files { merged, .. } => {
                let mut names: Vec<Arc<str>> = merged
                    .contexts
                    .iter()
                    .map(|context| context.name.as_str().into())
                    .collect();
                names.sort();
                names
            }
        }
    }

    /// Namespaces that other contexts of the same cluster name.
    pub(crate) fn namespaces_of(&self, cluster: &str) -> Vec<String> {
        let Contexts::Files { merged, .. } = self else {
            return Vec::new();
        };
        let contexts = merged
            .contexts
            .iter()
            .filter_map(|named| named.context.as_ref());
        contexts
            .filter(|context| context.cluster == cluster)
            .filter_map(|context| context.namespace.clone())
            .collect()
    }

    /// The named context, else the current one.
    pub(crate) async fn resolve(&self, name: Option<&str>) -> Result<Entry, Problem> {
        match self {
            Contexts::InCluster => in_cluster(),
            Contexts::Files { merged, paths } => resolve(merged, paths, name).await,
        }
    }
}

fn candidates() -> Vec<PathBuf> {
    match std::env::var_os("KUBECONFIG").filter(|value| !value.is_empty()) {
        Some(list) => std::env::split_paths(&list)
            .filter(|path| !path.as_os_str().is_empty())
            .collect(),
        None => directories::BaseDirs::new()
            .map(|dirs| dirs.home_dir().join(".kube/config"))
            .into_iter()
            .collect(),
    }
}

fn nothing_to_read(candidates: &[PathBuf]) -> Result<Contexts, Problem> {
    if std::env::var_os("KUBERNETES_SERVICE_HOST").is_some() {
        return Ok(Contexts::InCluster);
    }
    let looked: Vec<&PathBuf> = candidates.iter().collect();
    let what = format!(
        "no kubeconfig: {} does not exist, and this is not a pod",
        join(&looked)
    );
    Err(problem(
        ProblemClass::Refused,
        what,
        "name one with --kubeconfig FILE or KUBECONFIG, or try `watchfloor demo`",
    ))
}

fn join(paths: &[&PathBuf]) -> String {
    paths
        .iter()
        .map(|path| path.display().to_string())
        .collect::<Vec<_>>()
        .join(", ")
}

fn broken(what: String) -> Problem {
    problem(
        ProblemClass::Refused,
        what,
        "repair the file, or name another with --kubeconfig FILE",
    )
}

/// As kubectl merges them: the first file that sets something wins, and a file may set nothing.
fn read_all(paths: &[&PathBuf]) -> Result<Contexts, Problem> {
    let mut merged = Kubeconfig::default();
    for path in paths {
        merged = merged
            .merge(read_file(path)?)
            .map_err(|error| broken(format!("{}: {}", path.display(), causes(&error))))?;
    }
    let is_unset =
        merged.clusters.is_empty() && merged.contexts.is_empty() && merged.auth_infos.is_empty();
    if is_unset {
        let names = join(paths);
        let files = match paths {
            [_] => format!("the kubeconfig {names}"),
            _ => format!("each of the kubeconfigs {names}"),
        };
        let is_empty = merged.current_context.is_none() && merged.kind.is_none();
        let lacks = if is_empty {
            "is empty"
        } else {
            "names no cluster and no context"
        };
        return Err(broken(format!("{files} {lacks}")));
    }
    Ok(Contexts::Files {
        merged: Box::new(merged),
        paths: join(paths),
    })
}

/// Read once: it may be a pipe, as in `--kubeconfig <(command)`.
fn read_file(path: &Path) -> Result<Kubeconfig, Problem> {
    let mut config = Kubeconfig::read_from(path).map_err(|error| match error {
        KubeconfigError::ReadConfig(error, _) if error.kind() != io::ErrorKind::InvalidData => {
            let next = "name an existing kubeconfig with --kubeconfig FILE or KUBECONFIG, or try `watchfloor demo`";
            let what = format!("cannot read the kubeconfig {}: {error}", path.display());
            problem(ProblemClass::Refused, what, next)
        }
        error => {
            // The lines that follow quote the file: there may be a token in them.
            let words = causes(&error);
            broken(format!(
                "the kubeconfig {} is malformed: {}",
                path.display(),
                words.lines().next().unwrap_or_default()
            ))
        }
    })?;
    config.current_context = config.current_context.filter(|name| !name.is_empty());
    Ok(config)
}

async fn resolve(merged: &Kubeconfig, paths: &str, name: Option<&str>) -> Result<Entry, Problem> {
    let Some(name) = name.or(merged.current_context.as_deref()) else {
        let what = format!("{paths} sets no current-context, and none was named");
        return Err(problem(
            ProblemClass::Refused,
            what,
            &format!("name one with --context: {}", offer(merged, "")),
        ));
    };
    let named = merged.contexts.iter().find(|context| context.name == name);
    let Some(context) = named.and_then(|named| named.context.clone()) else {
        let what = format!("no context `{name}` in {paths}");
        return Err(problem(
            ProblemClass::Refused,
            what,
            &format!("did you mean {}?", offer(merged, name)),
        ));
    };
    if !merged
        .clusters
        .iter()
        .any(|cluster| cluster.name == context.cluster)
    {
        return Err(broken(format!(
            "context `{name}` names the cluster `{}`, which is not in {paths}",
            context.cluster
        )));
    }
    let options = KubeConfigOptions {
        context: Some(name.to_owned()),
        ..Default::default()
    };
    let merged = fields::put_right(merged, &context)?;
    let mut clusters = merged.clusters.iter();
    let cluster = clusters.find(|named| named.name == context.cluster);
    let proxy_url = cluster.and_then(|named| named.cluster.as_ref()?.proxy_url.clone());
    let mut config = Config::from_custom_kubeconfig(merged, &options)
        .await
        .map_err(|error| broken(format!("context `{name}` in {paths}: {}", causes(&error))))?;
    if config.root_cert.as_ref().is_some_and(Vec::is_empty) {
        return Err(broken(format!(
            "cluster `{}`: certificate-authority holds no PEM certificate",
            context.cluster
        )));
    }
    config.proxy_url = proxy::of(proxy_url.as_deref(), &context.cluster, &config.cluster_url)?;
    let namespace = context
        .namespace
        .clone()
        .filter(|namespace| !namespace.is_empty());
    Ok(Entry {
        context: name.into(),
        cluster: context.cluster,
        namespace,
        user: context.user,
        config,
    })
}

/// Names like `wrong`; all of them when none is.
fn offer(merged: &Kubeconfig, wrong: &str) -> String {
    let mut names: Vec<&str> = merged
        .contexts
        .iter()
        .map(|context| context.name.as_str())
        .collect();
    names.sort_by(|a, b| strsim::jaro_winkler(b, wrong).total_cmp(&strsim::jaro_winkler(a, wrong)));
    let similar = names
        .iter()
        .filter(|name| strsim::jaro_winkler(name, wrong) >= SIMILAR)
        .count();
    let shown = if similar == 0 {
        names.len().min(OFFERS_MAX * 3)
    } else {
        similar.min(OFFERS_MAX)
    };
    match shown {
        0 => "(it has none)".into(),
        shown => names[..shown].join(", "),
    }
}

fn in_cluster() -> Result<Entry, Problem> {
    let config = Config::incluster().map_err(|error| {
        let what = format!(
            "in a pod, but without a usable service account: {}",
            causes(&error)
        );
        problem(
            ProblemClass::Refused,
            what,
            "mount a service account token, or name a kubeconfig with --kubeconfig FILE",
        )
    })?;
    let namespace = Some(config.default_namespace.clone());
    Ok(Entry {
        context: IN_CLUSTER.into(),
        cluster: IN_CLUSTER.into(),
        namespace,
        user: None,
        config,
    })
}
