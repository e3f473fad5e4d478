//! What an answer to a write proves: applied, not applied, refused, or nothing at all. Sends nothing.

use serde_json::Value;

use super::read_back::version;
use crate::client::Answer as Response;
use crate::problem::refusal;
use model::cluster::Problem;

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
    let body = match response.json().await {
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
