//! An answer that is not Alertmanager's, in words: a login page, a wrong address, a server that fails. Whom was asked is
//! said where these words are shown.

use crate::problem::problem;
use model::cluster::{Problem, ProblemClass};

/// Of a redirection's target this much is said: where it leads, never the tokens in its query.
const TARGET_CHARS: usize = 80;

/// The head of an answer.
#[derive(Debug, Default)]
pub(super) struct Head {
    pub(super) status: u16,
    pub(super) content_type: String,
    /// Where a redirection leads.
    pub(super) location: Option<String>,
    /// `Content-Length`.
    pub(super) length: Option<u64>,
}

impl Head {
    pub(super) fn is_success(&self) -> bool {
        (200..300).contains(&self.status)
    }
}

/// What is wrong with an answer that is none. `said` is the first line of its body.
pub(super) fn refused(head: &Head, said: &str, is_proxied: bool) -> Problem {
    let colon = if said.is_empty() { "" } else { ": " };
    let answered = format!("answered {}{colon}{said}", head.status);
    match head.status {
        300..=399 => redirected(head),
        401 if is_proxied => problem(
            ProblemClass::Unauthorized,
            "does not accept these credentials (401)",
            "log in again (action login); one that asks for a password of its own needs a url and a file with credentials",
        ),
        401 => problem(
            ProblemClass::Unauthorized,
            "does not accept these credentials (401)",
            "name a file with credentials under [alertmanager]: basic-file, bearer-file or headers-file",
        ),
        403 if is_proxied => problem(
            ProblemClass::Forbidden,
            answered,
            "ask for the right to get services/proxy in its namespace, or configure a url",
        ),
        403 => problem(
            ProblemClass::Forbidden,
            answered,
            "these credentials may not read alerts",
        ),
        404 if is_proxied => problem(
            ProblemClass::Refused,
            answered,
            "is the name of the Service right (`kubectl get services` in its namespace), and the path behind its port?",
        ),
        404 | 405 | 410 => problem(
            ProblemClass::Refused,
            answered,
            "is this an Alertmanager of version 0.16 or newer, and the path before /api/v2 right?",
        ),
        400 if said.contains("HTTPS server") => {
            problem(ProblemClass::Refused, answered, "write https:// in its url")
        }
        429 => problem(
            ProblemClass::Throttled,
            answered,
            "asked again in a minute by itself",
        ),
        503 if is_proxied => problem(
            ProblemClass::ServerError,
            answered,
            "has the Service this port, and a pod that is ready (`kubectl get endpointslices` in its namespace)? asked again by itself",
        ),
        500.. => problem(
            ProblemClass::ServerError,
            answered,
            "what is shown is old; asked again by itself",
        ),
        _ => problem(
            ProblemClass::BadAnswer,
            answered,
            "is this the address of an Alertmanager?",
        ),
    }
}

fn redirected(head: &Head) -> Problem {
    let target = head.location.as_deref().unwrap_or("nowhere");
    let target = target.split(['?', '#']).next().unwrap_or_default();
    let target = crate::intern::cut(target, TARGET_CHARS);
    problem(
        ProblemClass::BadAnswer,
        format!(
            "redirects ({}) to {target}, perhaps a login page; not followed",
            head.status
        ),
        "configure the address behind the login with its credentials, or service = \"namespace/name:port\"",
    )
}

/// A good status and a body that is something else.
pub(super) fn not_json(what: &str) -> Problem {
    problem(
        ProblemClass::BadAnswer,
        what.to_owned(),
        "is this the address of an Alertmanager, and not of a login page or another server?",
    )
}

/// More than is read.
pub(super) fn too_long(limit: usize) -> Problem {
    problem(
        ProblemClass::BadAnswer,
        format!(
            "its answer is longer than {} MB; the rest was not read",
            limit >> 20
        ),
        "is this the address of an Alertmanager? so many alerts fit no screen",
    )
}

/// No answer in time.
pub(super) fn too_late(seconds: u64) -> Problem {
    problem(
        ProblemClass::Unreachable,
        format!("no whole answer within {seconds} s"),
        "what is shown is old; asked again by itself",
    )
}

/// A plain answer to a greeting in TLS.
pub(super) fn no_tls(server: &str) -> Problem {
    problem(
        ProblemClass::Refused,
        format!("TLS: {server} does not speak it"),
        "write http:// in its url, when nobody else is on the way",
    )
}

/// A certificate by nobody whom we trust, or of another name.
pub(super) fn distrusted(why: &str) -> Problem {
    problem(
        ProblemClass::Refused,
        format!("TLS: {why}"),
        "is its certificate authority named in ca-file, and the host in the url the one in its certificate?",
    )
}

/// No connection, or one that broke.
pub(super) fn unreachable(why: &str) -> Problem {
    problem(
        ProblemClass::Unreachable,
        why.to_owned(),
        "what is shown is old; asked again by itself",
    )
}
