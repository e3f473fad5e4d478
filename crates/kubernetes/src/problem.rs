//! Failures in words for a person: what happened, to what, and what to do next.

use serde_json::Value;

use super::refusal::{Class, Refusal};
use model::cluster::{Problem, ProblemClass};
use text::Outside;

/// The console's own next step where nobody can do anything.
pub(crate) const TRIED_AGAIN: &str = "rows stay as they were; tried again by itself";
/// What a person does about credentials that the server does not take.
pub(crate) const LOG_IN: &str =
    "log in again (action login), or renew them and it goes on by itself";

pub(crate) fn problem(class: ProblemClass, what: impl Into<Outside>, next: &str) -> Problem {
    Problem {
        class,
        what: what.into(),
        next: next.into(),
    }
}

/// No answer, or one that broke off.
pub(crate) fn unreachable(what: impl Into<Outside>) -> Problem {
    problem(ProblemClass::Unreachable, what, TRIED_AGAIN)
}

/// The answer is not what a Kubernetes API server says.
pub(crate) fn bad_answer(what: impl Into<Outside>) -> Problem {
    problem(
        ProblemClass::BadAnswer,
        what,
        "is `server` in the kubeconfig a Kubernetes API server, or a login page or proxy?",
    )
}

/// A refusal of a single request, which is not tried again by itself.
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

/// An answer that is not 2xx. `action` says what was asked, such as `list pods in shop`.
pub(crate) fn refused(action: &str, refusal: &Refusal) -> Problem {
    let said = if refusal.message.is_empty() {
        &refusal.reason
    } else {
        &refusal.message
    };
    let what = match said.as_str() {
        "" => format!("{action}: the server answered {}", refusal.code),
        said => format!("{action}: the server answered {}: {said}", refusal.code),
    };
    match refusal.class() {
        Class::Unauthorized => problem(
            ProblemClass::Unauthorized,
            format!(
                "{action}: the server does not accept these credentials (401); they may have expired"
            ),
            LOG_IN,
        ),
        Class::Forbidden => problem(
            ProblemClass::Forbidden,
            format!("{action}: forbidden (403): {said}"),
            "ask for the right to do this, or choose a namespace where you have it",
        ),
        Class::Throttled => problem(
            ProblemClass::Throttled,
            format!("{action}: the server is throttling (429)"),
            "waits as long as the server asks, at most 30 s",
        ),
        Class::Failing => problem(
            ProblemClass::ServerError,
            what,
            "rows stay as they were; tried again by itself",
        ),
        Class::Expired => problem(
            ProblemClass::ServerError,
            format!("{action}: the server no longer knows where this watch was (410)"),
            "the list is read again by itself",
        ),
        Class::NotUnderstood | Class::Other => problem(
            ProblemClass::Refused,
            what,
            "tried again by itself; the log has the whole answer",
        ),
    }
}

/// The whole chain of causes: kube's own words stop at "client error (Connect)".
pub(crate) fn causes(error: &dyn std::error::Error) -> String {
    let mut words = error.to_string();
    let mut cause = error.source();
    while let Some(next) = cause {
        let text = next.to_string();
        if !words.contains(&text) {
            words = format!("{words}: {text}");
        }
        cause = next.source();
    }
    words
}
