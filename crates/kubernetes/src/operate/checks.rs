//! The lines of the card that the server has to be asked for. None of them changes anything; the dry run, which `change`
//! builds, is refused by the read-only guard all the same.

use serde_json::{Value, json};

use super::change::{self, NotAnswered};
use super::path;
use super::read_back;
use crate::cluster::Cluster;
use model::cluster::Kind;
use model::write::preflight::{Autoscaler, CheckResult};
use model::write::{Change, FoundThrough, Target};
use text::Outside;

const ACCESS_REVIEW: &str = "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews";

/// May we? <https://kubernetes.io/docs/reference/kubernetes-api/authorization-resources/self-subject-access-review-v1/>
pub(super) async fn permission(cluster: &Cluster, target: &Target, change: &Change) -> CheckResult {
    let plural = target.kind.plural();
    let (verb, group, resource, subresource, name) = match change {
        Change::Scale { .. } => ("patch", "apps", plural, "scale", &target.name),
        Change::Restart { .. } | Change::Rollback(_) => ("patch", "apps", plural, "", &target.name),
        Change::Replace { pod, .. } => ("delete", "", "pods", "", pod),
    };
    let what = match subresource {
        "" => format!("{verb} {resource}"),
        subresource => format!("{verb} {resource}/{subresource}"),
    };
    let body = json!({
        "apiVersion": "authorization.k8s.io/v1", "kind": "SelfSubjectAccessReview",
        "spec": {"resourceAttributes": {
            "verb": verb, "group": group, "resource": resource, "subresource": subresource,
            "namespace": target.namespace.raw(), "name": name.raw(),
        }},
    });
    let Some(answer) = cluster.review(ACCESS_REVIEW, &body).await else {
        return CheckResult::NotKnown("no answer to the review".into());
    };
    if answer["status"]["allowed"].as_bool() == Some(true) {
        return CheckResult::Good(format!("you may {what} here").into());
    }
    let why = answer["status"]["reason"].as_str().unwrap_or_default();
    let why = if why.is_empty() {
        String::new()
    } else {
        format!(": {why}")
    };
    CheckResult::Bad(format!("you may not {what} here{why}").into())
}

/// The same patch with `dryRun=All`: admission included.
pub(super) async fn dry_run(cluster: &Cluster, target: &Target, change: &Change) -> CheckResult {
    let state = match change {
        Change::Scale { .. } | Change::Replace { .. } => None,
        Change::Restart { .. } | Change::Rollback(_) => {
            read_back::read(cluster, target, change).await.ok()
        }
    };
    if let Some(state) = &state
        && matches!(change, Change::Rollback(_))
        && !state.is_as_shown(target, change)
    {
        return CheckResult::Bad("it is not any more as shown: it would not be applied".into());
    }
    let answer = change::dry_run(cluster, target, change, state.as_ref()).await;
    let response = match answer {
        Ok(response) => response,
        Err(NotAnswered::NotSent(problem) | NotAnswered::Unknown(problem)) => {
            return CheckResult::NotKnown(problem.what);
        }
    };
    match response.json().await {
        Ok((200, _)) => CheckResult::Good("the server would accept it".into()),
        Ok((409 | 422, body))
            if body["details"]["causes"]
                .as_array()
                .is_none_or(Vec::is_empty) =>
        {
            CheckResult::Bad("it is not any more as shown: it would not be applied".into())
        }
        Ok((status, body)) => {
            let said = body["message"].as_str().unwrap_or("no reason given");
            CheckResult::Bad(format!("the server would answer {status}: {said}").into())
        }
        Err(problem) => CheckResult::NotKnown(problem.what),
    }
}

/// Does the pod, or its ReplicaSet, belong to this workload? Names only suggest it.
pub(super) async fn owner(
    cluster: &Cluster,
    target: &Target,
    through: Option<&FoundThrough>,
) -> CheckResult {
    let (path, what) = match through {
        None => return CheckResult::Good("none: the workload itself was selected".into()),
        Some(FoundThrough::ReplicaSet(name)) => (
            path::beside(target, Kind::ReplicaSet, name.raw()),
            format!("ReplicaSet {}", name.raw()),
        ),
        Some(FoundThrough::Pod(name)) => (path::pod(target, name.raw()), name.raw().to_owned()),
    };
    let object = match object(cluster, &path).await {
        Ok(object) => object,
        Err(why) => return CheckResult::NotKnown(why),
    };
    let owners = object["metadata"]["ownerReferences"].as_array();
    let controller = owners
        .into_iter()
        .flatten()
        .find(|owner| owner["controller"].as_bool() == Some(true));
    match controller {
        Some(owner) if owner["uid"].as_str() == Some(&*target.uid) => {
            CheckResult::Good(format!("{what}, which this {} owns", target.kind.word()).into())
        }
        Some(owner) => CheckResult::Bad(
            format!(
                "the pod belongs to {} {}, not to this {}",
                owner["kind"].as_str().unwrap_or("?"),
                owner["name"].as_str().unwrap_or("?"),
                target.kind.word()
            )
            .into(),
        ),
        None => CheckResult::Bad(format!("{what} belongs to nothing").into()),
    }
}

/// The autoscalers of the namespace that name this workload.
pub(super) async fn autoscaler(cluster: &Cluster, target: &Target) -> CheckResult {
    let list = match object(cluster, &path::autoscalers(target)).await {
        Ok(list) => list,
        Err(why) => return CheckResult::NotKnown(why),
    };
    let items = list["items"].as_array();
    let scalers = items
        .into_iter()
        .flatten()
        .filter(|item| is_for(item, target));
    CheckResult::Autoscalers(scalers.filter_map(scaler).collect())
}

fn is_for(autoscaler: &Value, target: &Target) -> bool {
    let wanted = &autoscaler["spec"]["scaleTargetRef"];
    wanted["kind"].as_str() == Some(target.kind.word())
        && wanted["name"].as_str() == Some(target.name.raw())
}

fn scaler(item: &Value) -> Option<Autoscaler> {
    let count = |name: &str| {
        item["spec"][name]
            .as_u64()
            .and_then(|n| u32::try_from(n).ok())
    };
    Some(Autoscaler {
        name: item["metadata"]["name"].as_str()?.into(),
        min: count("minReplicas").unwrap_or(1),
        max: count("maxReplicas").unwrap_or(u32::MAX),
    })
}

/// Argo CD, Flux or Helm: they may put the old value back.
pub(super) async fn manager(cluster: &Cluster, target: &Target) -> CheckResult {
    match object(cluster, &path::workload(target)).await {
        Ok(object) => managed(&object),
        Err(why) => CheckResult::NotKnown(why),
    }
}

/// Signs that a tool leaves on what it manages: (where, key, tool, what the value names, does it revert by itself).
const SIGNS: [(&str, &str, &str, bool); 6] = [
    (
        "annotations",
        "argocd.argoproj.io/tracking-id",
        "Argo CD",
        true,
    ),
    ("labels", "argocd.argoproj.io/instance", "Argo CD", true),
    ("labels", "kustomize.toolkit.fluxcd.io/name", "Flux", true),
    ("labels", "helm.toolkit.fluxcd.io/name", "Flux", true),
    ("annotations", "meta.helm.sh/release-name", "Helm", false),
    ("labels", "app.kubernetes.io/managed-by", "", false),
];

/// Field managers of the same tools, for objects without their labels.
const WRITERS: [(&str, &str); 5] = [
    ("argocd-controller", "Argo CD"),
    ("argocd-application-controller", "Argo CD"),
    ("kustomize-controller", "Flux"),
    ("helm-controller", "Flux"),
    ("helm", "Helm"),
];

fn managed(object: &Value) -> CheckResult {
    let metadata = &object["metadata"];
    let sign = SIGNS.iter().find_map(|(place, key, tool, reverts)| {
        Some((metadata[place][key].as_str()?, *tool, *reverts))
    });
    if let Some((value, tool, reverts)) = sign {
        let words = match (tool, reverts) {
            ("", _) => format!("{value} manages it: its next run may put this back"),
            (tool, true) => format!("{tool} ({value}) manages it and may put this back at once"),
            (tool, false) => {
                format!("{tool} ({value}) manages it: its next upgrade may put this back")
            }
        };
        return CheckResult::Warn(words.into());
    }
    let fields = metadata["managedFields"].as_array();
    let writer = fields.into_iter().flatten().find_map(|entry| {
        let name = entry["manager"].as_str()?;
        WRITERS.iter().find(|(manager, _)| *manager == name)
    });
    match writer {
        Some((manager, tool)) => {
            CheckResult::Warn(format!("{tool} ({manager}) writes it and may put this back").into())
        }
        None => CheckResult::Good("no sign of Argo CD, Flux or Helm".into()),
    }
}

async fn object(cluster: &Cluster, path: &str) -> Result<Value, Outside> {
    let response = cluster.get(path).await.map_err(|problem| problem.what)?;
    match response.json().await.map_err(|problem| problem.what)? {
        (200, object) => Ok(object),
        (403, _) => Err("you may not read it".into()),
        (404, _) => Err("the server has none".into()),
        (status, _) => Err(format!("the server answered {status}").into()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_manages_a_deployment_is_told_by_its_marks() {
        for (object, expected) in [
            (
                json!({"metadata": {"annotations": {"argocd.argoproj.io/tracking-id": "shop:apps"}}}),
                "Argo CD (shop:apps) manages it and may put this back at once",
            ),
            (
                json!({"metadata": {"labels": {"kustomize.toolkit.fluxcd.io/name": "shop"}}}),
                "Flux (shop) manages it and may put this back at once",
            ),
            (
                json!({"metadata": {"labels": {"app.kubernetes.io/managed-by": "Helm"},
                       "annotations": {"meta.helm.sh/release-name": "shop"}}}),
                "Helm (shop) manages it: its next upgrade may put this back",
            ),
            (
                json!({"metadata": {"managedFields": [{"manager": "kubectl"}, {"manager": "kustomize-controller"}]}}),
                "Flux (kustomize-controller) writes it and may put this back",
            ),
        ] {
            assert_eq!(managed(&object), CheckResult::Warn(expected.into()));
        }
        assert!(matches!(
            managed(&json!({"metadata": {}})),
            CheckResult::Good(_)
        ));
    }
}
