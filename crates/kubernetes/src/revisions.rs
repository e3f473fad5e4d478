//! A workload with all its revisions, templates included, read together when somebody looks at it or wants to go back.
//! Nothing is tried again by itself.

use serde_json::Value;

use super::cluster::Cluster;
use super::paths::{self, segment};
use super::problem::{problem, refusal};
use super::workloads::{CHANGE_CAUSE, REVISION};
use model::cluster::{Kind, ObjectRef, Problem, ProblemClass};
use model::meta::Uid;
use model::revision_list::RevisionKind;
use model::templates::Template;
use model::time::Seconds;
use model::workload::revisions::{History, Revision};
use text::Outside;

/// Annotations that stay with the Deployment when it is rolled back; all others are the revision's:
/// <https://github.com/kubernetes/kubectl/blob/master/pkg/polymorphichelpers/rollback.go>.
const STAY: [&str; 6] = [
    "kubectl.kubernetes.io/last-applied-configuration",
    REVISION,
    "deployment.kubernetes.io/revision-history",
    "deployment.kubernetes.io/desired-replicas",
    "deployment.kubernetes.io/max-replicas",
    "deprecated.deployment.rollback.to",
];

/// Reads a workload and its revisions.
pub(super) async fn read(
    cluster: &Cluster,
    workload: &ObjectRef,
    selector: &[(Outside, Outside)],
) -> Result<History, Problem> {
    let namespace = workload.namespace.as_ref().map(Outside::raw);
    let labels: Vec<String> = selector
        .iter()
        .map(|(key, value)| format!("{}={}", key.raw(), value.raw()))
        .collect();
    let labels = segment(&labels.join(","));
    let revisions = paths::collection(RevisionKind::of(workload.kind).kind(), namespace);
    let objects = format!("{revisions}?labelSelector={labels}");
    let own = paths::object(workload.kind, namespace, workload.name.raw());
    let (object, list) = futures::try_join!(
        object(cluster, &own, workload.kind.word()),
        object(cluster, &objects, "revisions"),
    )?;
    if object["metadata"]["uid"].as_str() != Some(&*workload.uid) {
        let what = format!("another {} has its name now", workload.kind.word());
        return Err(problem(ProblemClass::Refused, what, "look again"));
    }
    Ok(history_of(workload, &object, &list))
}

async fn object(cluster: &Cluster, path: &str, what: &str) -> Result<Value, Problem> {
    match cluster.get(path).await?.json().await? {
        (200, body) => Ok(body),
        (status, body) => Err(refusal(&format!("read the {what}"), status, &body)),
    }
}

fn history_of(workload: &ObjectRef, object: &Value, list: &Value) -> History {
    let is_deployment = workload.kind == Kind::Deployment;
    let items = list["items"].as_array();
    let own = items
        .into_iter()
        .flatten()
        .filter(|item| is_controlled_by(item, &workload.uid));
    let mut revisions: Vec<Revision> = own
        .filter_map(|item| {
            if is_deployment {
                of_replica_set(item)
            } else {
                of_controller_revision(item)
            }
        })
        .collect();
    revisions.sort_by(|a, b| (b.number, &b.name).cmp(&(a.number, &a.name)));
    History {
        template: Template::of(&object["spec"]["template"]),
        is_paused: object["spec"]["paused"].as_bool() == Some(true),
        annotations: if is_deployment {
            going(object)
        } else {
            Box::default()
        },
        revisions,
    }
}

fn is_controlled_by(item: &Value, uid: &Uid) -> bool {
    let owners = item["metadata"]["ownerReferences"].as_array();
    owners.into_iter().flatten().any(|owner| {
        owner["controller"].as_bool() == Some(true) && owner["uid"].as_str() == Some(uid)
    })
}

fn of_replica_set(item: &Value) -> Option<Revision> {
    let number = item["metadata"]["annotations"][REVISION].as_str()?;
    let template = Template::of(&item["spec"]["template"]);
    revision(item, number.parse().ok()?, template, going(item))
}

fn of_controller_revision(item: &Value) -> Option<Revision> {
    let template = &item["data"]["spec"]["template"];
    let number = item["revision"].as_u64()?;
    template.as_object()?;
    revision(item, number, Template::of(template), Box::default())
}

fn revision(
    item: &Value,
    number: u64,
    template: Template,
    annotations: Box<[(Outside, Outside)]>,
) -> Option<Revision> {
    let metadata = &item["metadata"];
    let created = metadata["creationTimestamp"].as_str()?;
    let created = chrono::DateTime::parse_from_rfc3339(created).ok();
    Some(Revision {
        uid: metadata["uid"].as_str()?.into(),
        name: metadata["name"].as_str()?.into(),
        number,
        created: created.map(|at| Seconds::new(at.timestamp())),
        change_cause: metadata["annotations"][CHANGE_CAUSE]
            .as_str()
            .and_then(super::intern::message),
        images: template.images(),
        template,
        annotations,
    })
}

/// Annotations that a rollback takes from here.
fn going(object: &Value) -> Box<[(Outside, Outside)]> {
    let all = object["metadata"]["annotations"].as_object();
    all.into_iter()
        .flatten()
        .filter(|(key, _)| !STAY.contains(&key.as_str()))
        .filter_map(|(key, value)| Some((key.as_str().into(), value.as_str()?.into())))
        .collect()
}

/// The annotations of the Deployment after a rollback: those that stay, and the revision's.
pub(super) fn annotations_after(object: &Value, of_revision: &[(Outside, Outside)]) -> Value {
    let now = object["metadata"]["annotations"].as_object();
    let staying = now
        .into_iter()
        .flatten()
        .filter(|(key, _)| STAY.contains(&key.as_str()))
        .map(|(key, value)| (key.clone(), value.clone()));
    let coming = of_revision
        .iter()
        .map(|(key, value)| (key.raw().to_owned(), Value::from(value.raw())));
    Value::Object(staying.chain(coming).collect())
}
