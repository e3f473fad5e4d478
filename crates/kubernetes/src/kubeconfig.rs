//! The kubeconfig, read once at start, with errors that say what, where and what to do. kube's own say "failed to load
//! current context" and leave the rest to the reader.

mod entry;
mod proxy;
#[cfg(test)]
mod tests;

use std::path::{Path, PathBuf};
use std::sync::Arc;

use kube::Config;
use kube::config::{KubeConfigOptions, Kubeconfig};

use super::client::causes;
use super::problem::problem;
pub(crate) use entry::Entry;
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
            return Ok(Contexts::Files {
                merged: Box::new(read_file(path)?),
                paths: path.display().to_string(),
            });
        }
        let candidates = candidates();
        let present: Vec<&PathBuf> = candidates.iter().filter(|path| path.exists()).collect();
        if present.is_empty() {
            return nothing_to_read(&candidates);
        }
        let mut merged = Kubeconfig::default();
        for path in &present {
            let file = read_file(path)?;
            merged = merged
                .merge(file)
                .map_err(|error| broken(format!("{}: {}", path.display(), causes(&error))))?;
        }
        Ok(Contexts::Files {
            merged: Box::new(merged),
            paths: join(&present),
        })
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

fn read_file(path: &Path) -> Result<Kubeconfig, Problem> {
    let text = std::fs::read(path).map_err(|error| {
        let next = "name an existing kubeconfig with --kubeconfig FILE or KUBECONFIG, or try `watchfloor demo`";
        problem(ProblemClass::Refused, format!("cannot read the kubeconfig {}: {error}", path.display()), next)
    })?;
    if text.iter().all(u8::is_ascii_whitespace) {
        return Err(broken(format!(
            "the kubeconfig {} is empty",
            path.display()
        )));
    }
    let config = Kubeconfig::read_from(path).map_err(|error| {
        // The lines that follow quote the file: there may be a token in them.
        let words = causes(&error);
        broken(format!(
            "the kubeconfig {} is malformed: {}",
            path.display(),
            words.lines().next().unwrap_or_default()
        ))
    })?;
    if config.clusters.is_empty() && config.contexts.is_empty() && config.auth_infos.is_empty() {
        return Err(broken(format!(
            "the kubeconfig {} names no cluster and no context",
            path.display()
        )));
    }
    Ok(config)
}

async fn resolve(merged: &Kubeconfig, paths: &str, name: Option<&str>) -> Result<Entry, Problem> {
    let current = merged
        .current_context
        .as_deref()
        .filter(|name| !name.is_empty());
    let Some(name) = name.or(current) else {
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
    let mut config = Config::from_custom_kubeconfig(merged.clone(), &options)
        .await
        .map_err(|error| broken(format!("context `{name}` in {paths}: {}", causes(&error))))?;
    config.proxy_url = proxy::of(merged, &context.cluster, &config.cluster_url)?;
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
