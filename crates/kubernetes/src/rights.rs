//! What to show when the wanted scope is forbidden: a namespace that is not. There is no question "which namespaces may
//! I see?", so the likely ones are asked for, one review each.

use std::sync::Arc;

use serde_json::json;

use super::cluster::Cluster;
use model::cluster::Scope;
use model::message::{ClusterMsg, Msg};
use text::Outside;

/// Reviews at most, for one refusal.
const ASKED_MAX: usize = 8;
/// May we do this there?
pub(crate) const ACCESS_REVIEW: &str = "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews";

/// Finds a namespace where pods may be listed, and proposes it.
pub(crate) async fn narrow(cluster: Arc<Cluster>, refused: Scope, epoch: u32) {
    for namespace in candidates(&cluster) {
        if refused == Scope::Namespace(Outside::from(namespace.as_str()))
            || !may_list_pods(&cluster, &namespace).await
        {
            continue;
        }
        // By now the server may know its roles, which it did not when it had just started.
        let asked_for = refused.namespace().unwrap_or_default();
        if may_list_pods(&cluster, asked_for).await {
            return;
        }
        let user = cluster.user().await;
        let who = user.as_ref().map_or("this user", Outside::raw);
        let place = match &refused {
            Scope::All => "all namespaces".to_owned(),
            Scope::Namespace(name) => name.raw().to_owned(),
        };
        let words = Outside::new(format!(
            "showing {namespace}: listing pods in {place} is forbidden to {who}"
        ));
        let scope = Scope::Namespace(Outside::new(namespace));
        let _ = cluster
            .messages
            .send(Msg::Cluster(ClusterMsg::Narrowed {
                epoch,
                scope,
                words,
            }))
            .await;
        return;
    }
}

async fn may_list_pods(cluster: &Cluster, namespace: &str) -> bool {
    let body = json!({
        "apiVersion": "authorization.k8s.io/v1", "kind": "SelfSubjectAccessReview",
        "spec": {"resourceAttributes": {"verb": "list", "resource": "pods", "namespace": namespace}},
    });
    let answer = cluster.review(ACCESS_REVIEW, &body).await;
    answer.is_some_and(|answer| answer["status"]["allowed"].as_bool() == Some(true))
}

/// The context's namespace, those of other contexts of this cluster, and then the words of the context's and the
/// user's name: `shop-only`, `dev/shop`, `kate@shop` often hold it.
fn candidates(cluster: &Cluster) -> Vec<String> {
    let entry = &cluster.entry;
    let mut found: Vec<String> = entry
        .namespace
        .iter()
        .chain(&cluster.likely_namespaces)
        .cloned()
        .collect();
    for name in [Some(entry.context.as_ref()), entry.user.as_deref()]
        .into_iter()
        .flatten()
    {
        let cuts = name.match_indices(|c: char| "-_/@:.".contains(c));
        let ends = cuts.map(|(at, _)| &name[..at]).chain([name]);
        let starts = name
            .match_indices(['/', '@', ':'])
            .map(|(at, _)| &name[at + 1..]);
        found.extend(ends.chain(starts).map(str::to_lowercase));
    }
    found.push("default".into());
    let mut distinct = Vec::new();
    for name in found {
        if is_namespace(&name) && !distinct.contains(&name) {
            distinct.push(name);
        }
    }
    distinct.truncate(ASKED_MAX);
    distinct
}

/// RFC 1123 label: what a namespace may be called.
fn is_namespace(name: &str) -> bool {
    let is_inner = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
    (1..=63).contains(&name.len())
        && name.bytes().all(is_inner)
        && !name.starts_with('-')
        && !name.ends_with('-')
}
