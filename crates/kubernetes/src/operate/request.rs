//! One request of a write or beside it, through the gate of its server.

use std::time::Duration;

use http::Request;
use http::header::{ACCEPT, CONTENT_TYPE};
use kube::client::Body;

use super::answer::{Standing, json, refusal};
use super::patch::{self, Asked};
use crate::client::Answer as Response;
use crate::cluster::Cluster;
use crate::paths::segment;
use crate::problem::{problem, unreachable};
use crate::request::verdict;
use model::cluster::{Problem, ProblemClass};
use model::write::{Change, Target};

/// A failing server lets one request through at a time; a write does not queue for longer than this.
const GATE: Duration = Duration::from_secs(5);

/// The workload, or the pod that is written to, as it stands now.
pub(super) async fn read(
    cluster: &Cluster,
    target: &Target,
    change: &Change,
) -> Result<Standing, Problem> {
    let path = patch::object(target, change);
    let response = get(cluster, &path).await?;
    let (status, body) = json(response).await?;
    match status {
        200 => Ok(Standing::Object(body)),
        404 => Ok(Standing::Gone),
        status => Err(refusal("read it back", status, &body)),
    }
}

/// One GET, in JSON.
pub(crate) async fn get(cluster: &Cluster, path: &str) -> Result<Response, Problem> {
    let Ok(pass) = tokio::time::timeout(GATE, cluster.gate.pass()).await else {
        return Err(unreachable("the server fails: nothing was sent"));
    };
    let response = cluster.client().get(path, "application/json").await;
    cluster.gate.report(verdict(&response), Some(pass));
    response
}

/// Why there is no answer to a write.
pub(super) enum NotAnswered {
    /// It never left this machine.
    NotSent(Problem),
    /// It may have arrived.
    Unknown(Problem),
}

/// One PATCH or DELETE.
pub(super) async fn write(cluster: &Cluster, asked: Asked) -> Result<Response, NotAnswered> {
    let Ok(pass) = tokio::time::timeout(GATE, cluster.gate.pass()).await else {
        let what = "the server fails: the request was not sent";
        return Err(NotAnswered::NotSent(problem(
            ProblemClass::Unreachable,
            what,
            "try again when it answers",
        )));
    };
    let request = Request::builder()
        .method(asked.method)
        .uri(&asked.path)
        .header(ACCEPT, "application/json")
        .header(CONTENT_TYPE, asked.content_type)
        .body(Body::from(asked.body.to_string().into_bytes()));
    let response = cluster.client().send(&asked.path, request).await;
    cluster.gate.report(verdict(&response), Some(pass));
    response.map_err(|problem| match problem.class {
        ProblemClass::Refused | ProblemClass::Unauthorized | ProblemClass::BadAnswer => {
            NotAnswered::NotSent(problem)
        }
        ProblemClass::Unreachable
        | ProblemClass::Forbidden
        | ProblemClass::Throttled
        | ProblemClass::ServerError => NotAnswered::Unknown(problem),
    })
}

/// `/apis/GROUP/namespaces/NAMESPACE/PLURAL`.
pub(super) fn namespaced(group: &str, target: &Target, plural: &str) -> String {
    let namespace = segment(target.namespace.raw());
    format!("/apis/{group}/namespaces/{namespace}/{plural}")
}
