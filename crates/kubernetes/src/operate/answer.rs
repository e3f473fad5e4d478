//! What an answer to a write proves: applied, not applied, refused, or nothing at all. Sends nothing.

use serde_json::Value;

use crate::client::Answer as Response;
use crate::problem::problem;
use model::cluster::{Problem, ProblemClass};
use model::templates::{RESTARTED_AT, Template};
use model::write::{Change, Seen, Target};
use text::Outside;

/// What one answer proves.
pub(super) enum Outcome {
    /// The server did it.
    Applied {
        /// Of the object after it.
        resource_version: Option<u64>,
    },
    /// The server did not: a test failed, or another writer was faster.
    NotApplied { status: u16, problem: Problem },
    /// The server will not.
    Refused {
        status: Option<u16>,
        problem: Problem,
    },
    /// It may have done it.
    Unknown(Problem),
}

/// Judges an answer. A 5xx proves nothing: etcd may have taken the write before it timed out.
pub(super) async fn outcome(response: Response) -> Outcome {
    let status = response.status.as_u16();
    let body = match json(response).await {
        Ok((_, body)) => body,
        Err(_) if (200..300).contains(&status) => {
            return Outcome::Applied {
                resource_version: None,
            };
        }
        Err(problem) => return Outcome::Unknown(problem),
    };
    judge(status, &body)
}

fn judge(status: u16, body: &Value) -> Outcome {
    let words = || refusal("the write", status, body);
    match status {
        200..300 if body["metadata"].is_object() => Outcome::Applied {
            resource_version: version(body),
        },
        409 => Outcome::NotApplied {
            status,
            problem: words(),
        },
        // A failed test has no causes; a value that breaks the object's rules has.
        422 if body["details"]["causes"]
            .as_array()
            .is_none_or(Vec::is_empty) =>
        {
            Outcome::NotApplied {
                status,
                problem: words(),
            }
        }
        400..500 => Outcome::Refused {
            status: Some(status),
            problem: words(),
        },
        // 5xx, or something between here and the server that answers instead of it.
        _ => Outcome::Unknown(words()),
    }
}

/// Status and body; a body that is no JSON is null.
pub(crate) async fn json(response: Response) -> Result<(u16, Value), Problem> {
    let status = response.status.as_u16();
    let bytes = response.bytes().await?;
    Ok((status, serde_json::from_slice(&bytes).unwrap_or_default()))
}

/// A refusal in words. Nothing is tried again by itself.
pub(crate) fn refusal(action: &str, status: u16, body: &Value) -> Problem {
    let said = body["message"].as_str().unwrap_or_default();
    let (class, next) = match status {
        401 => (
            ProblemClass::Unauthorized,
            "log in again (action login), then ask again",
        ),
        403 => (ProblemClass::Forbidden, "ask for the right to do this"),
        429 => (
            ProblemClass::Throttled,
            "the server is throttling: ask again in a while",
        ),
        500.. => (ProblemClass::ServerError, "look at what the cluster shows"),
        _ => (ProblemClass::Refused, "nothing was changed"),
    };
    let what = if said.is_empty() {
        format!("{action}: the server answered {status}")
    } else {
        format!("{action}: the server answered {status}: {said}")
    };
    problem(class, what, next)
}

fn version(body: &Value) -> Option<u64> {
    body["metadata"]["resourceVersion"].as_str()?.parse().ok()
}

/// The workload, or its pod, as the server has it now.
pub(super) enum Standing {
    Object(Value),
    Gone,
}

impl Standing {
    /// The object, if there is one.
    pub(super) fn object(&self) -> Option<&Value> {
        match self {
            Standing::Object(object) => Some(object),
            Standing::Gone => None,
        }
    }

    /// Can the annotation be added without its parent?
    pub(super) fn has_template_annotations(&self) -> bool {
        match self {
            Standing::Object(object) => {
                object["spec"]["template"]["metadata"]["annotations"].is_object()
            }
            Standing::Gone => false,
        }
    }

    /// Is it the same object, with the value that was shown, and may it be written?
    pub(super) fn is_as_shown(&self, target: &Target, change: &Change) -> bool {
        let is_paused = match self {
            Standing::Object(object) => object["spec"]["paused"].as_bool() == Some(true),
            Standing::Gone => false,
        };
        let is_barred = is_paused && matches!(change, Change::Restart { .. } | Change::Rollback(_));
        match self.seen(target, change) {
            Seen::Value { value, .. } => change.was(value.as_ref()) && !is_barred,
            Seen::Gone | Seen::Replaced => false,
        }
    }

    /// The value that is written, as it is now.
    pub(super) fn seen(&self, target: &Target, change: &Change) -> Seen {
        if let Change::Replace { .. } = change {
            return self.pod_seen();
        }
        let Standing::Object(object) = self else {
            return Seen::Gone;
        };
        if object["metadata"]["uid"].as_str() != Some(&*target.uid) {
            return Seen::Replaced;
        }
        let value = match change {
            Change::Scale { .. } => {
                Some(object["spec"]["replicas"].as_u64().unwrap_or(0).to_string())
            }
            Change::Restart { .. } => {
                let annotations = &object["spec"]["template"]["metadata"]["annotations"];
                annotations[RESTARTED_AT].as_str().map(str::to_owned)
            }
            Change::Rollback(_) => {
                let template = Template::of(&object["spec"]["template"]);
                Some(template.digest.raw().to_owned())
            }
            Change::Replace { .. } => None,
        };
        Seen::Value {
            value: value.map(Outside::from),
            resource_version: version(object),
        }
    }

    /// A pod on its way out is as good as gone.
    fn pod_seen(&self) -> Seen {
        let there = self
            .object()
            .filter(|pod| pod["metadata"]["deletionTimestamp"].is_null());
        Seen::Value {
            value: Some(Change::pod_value(
                there.and_then(|pod| pod["metadata"]["uid"].as_str()),
            )),
            resource_version: None,
        }
    }
}
