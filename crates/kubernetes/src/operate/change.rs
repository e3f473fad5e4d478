//! The requests that change a cluster, and no others: PATCH of a workload, DELETE of a pod, their dry runs. No other file
//! builds one. Repeats nothing but what the server said it did not apply.

use std::time::{Duration, Instant};

use http::header::{ACCEPT, CONTENT_TYPE};
use http::{Method, Request};
use kube::client::Body;
use serde_json::{Value, json};

use super::answer::{self, Outcome};
use super::read_back::{self, ServerState};
use super::{patch, path};
use crate::client::Answer as Response;
use crate::client::verdict;
use crate::cluster::Cluster;
use crate::problem::problem;
use model::cluster::{Problem, ProblemClass};
use model::write::{Change, Confirmed, Receipt, Target, WriteAnswer};

/// Tries of one write in all. Only a failed test with an unchanged value is tried again.
const TRIES: u32 = 5;
/// A write that has not come through by then is not tried again.
const DEADLINE: Duration = Duration::from_secs(20);
/// Between two tries: whoever writes at the same time is done by then.
const PAUSE: Duration = Duration::from_millis(200);
/// What the server's `managedFields` and audit log call us.
const FIELD_MANAGER: &str = "watchfloor";

/// Why there is no answer to a write.
pub(super) enum NotAnswered {
    /// It never left this machine.
    NotSent(Problem),
    /// It may have arrived.
    Unknown(Problem),
}

/// A write, ready to be sent.
struct ChangeRequest {
    /// `PATCH` or `DELETE`.
    method: http::Method,
    /// Path and query.
    path: String,
    /// Of the body.
    content_type: &'static str,
    body: Value,
}

/// The write. The receipt is the proof that it was recorded, or that somebody went on without.
pub(super) async fn send(cluster: &Cluster, confirmed: &Confirmed, _: Receipt) -> WriteAnswer {
    let (target, change) = (confirmed.target(), confirmed.change());
    let end = Instant::now() + DEADLINE;
    // How the old value stands on the wire is known for a number; the annotation may lack its parent, and a template is
    // tested in the server's own words.
    let mut state = match change {
        Change::Scale { .. } | Change::Restart { from: Some(_), .. } | Change::Replace { .. } => {
            None
        }
        Change::Restart { from: None, .. } | Change::Rollback(_) => {
            match read_back::read(cluster, target, change).await {
                Ok(state) => Some(state),
                Err(problem) => {
                    return WriteAnswer::Refused {
                        status: None,
                        problem,
                    };
                }
            }
        }
    };
    let mut tries = 0;
    loop {
        if let Some(state) = &state
            && !state.is_as_shown(target, change)
        {
            return WriteAnswer::Changed {
                seen: state.seen(target, change),
            };
        }
        tries += 1;
        let asked = request(target, change, state.as_ref(), false);
        let outcome = match write(cluster, asked).await {
            Ok(response) => answer::outcome(response).await,
            Err(NotAnswered::NotSent(problem)) => Outcome::Refused {
                status: None,
                problem,
            },
            Err(NotAnswered::Unknown(problem)) => Outcome::Unknown(problem),
        };
        let (status, refusal) = match outcome {
            Outcome::Applied { resource_version } => {
                return WriteAnswer::Applied {
                    resource_version,
                    tries,
                };
            }
            Outcome::Refused { status, problem } => {
                return WriteAnswer::Refused { status, problem };
            }
            Outcome::Unknown(problem) => {
                let seen = read_back::read(cluster, target, change).await.ok();
                return WriteAnswer::Unknown {
                    problem,
                    seen: seen.map(|state| state.seen(target, change)),
                };
            }
            Outcome::NotApplied { status, problem } => (status, problem),
        };
        match read_back::read(cluster, target, change).await {
            Ok(now) if tries < TRIES && Instant::now() < end => state = Some(now),
            Ok(now) if !now.is_as_shown(target, change) => {
                return WriteAnswer::Changed {
                    seen: now.seen(target, change),
                };
            }
            Ok(_) | Err(_) => {
                return WriteAnswer::Refused {
                    status: Some(status),
                    problem: refusal,
                };
            }
        }
        tokio::time::sleep(PAUSE).await;
    }
}

/// The same request with `dryRun=All`: the server admits it, and changes nothing.
pub(super) async fn dry_run(
    cluster: &Cluster,
    target: &Target,
    change: &Change,
    state: Option<&ServerState>,
) -> Result<Response, NotAnswered> {
    write(cluster, request(target, change, state, true)).await
}

/// The write. `state` is the object as it was last read, if it was; a rollback is nothing without it.
fn request(
    target: &Target,
    change: &Change,
    state: Option<&ServerState>,
    is_dry_run: bool,
) -> ChangeRequest {
    let object = path::object(target, change);
    let dry_run = if is_dry_run { "&dryRun=All" } else { "" };
    if let Change::Replace { uid, .. } = change {
        return deletion(object, uid, is_dry_run);
    }
    let scale = match change {
        Change::Scale { .. } => "/scale",
        Change::Restart { .. } | Change::Rollback(_) | Change::Replace { .. } => "",
    };
    ChangeRequest {
        method: Method::PATCH,
        path: format!("{object}{scale}?fieldManager={FIELD_MANAGER}{dry_run}"),
        content_type: "application/json-patch+json",
        body: Value::Array(patch::of(target, change, state)),
    }
}

/// The API server does not look at the query of a DELETE that has a body: a dry run that said so only there would delete.
fn deletion(path: String, uid: &str, is_dry_run: bool) -> ChangeRequest {
    let mut body = json!({
        "apiVersion": "v1", "kind": "DeleteOptions", "preconditions": {"uid": uid},
    });
    if is_dry_run {
        body["dryRun"] = json!(["All"]);
    }
    ChangeRequest {
        method: Method::DELETE,
        path: if is_dry_run {
            format!("{path}?dryRun=All")
        } else {
            path
        },
        content_type: "application/json",
        body,
    }
}

/// One PATCH or DELETE.
async fn write(cluster: &Cluster, asked: ChangeRequest) -> Result<Response, NotAnswered> {
    let Some(pass) = cluster.pass().await else {
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
