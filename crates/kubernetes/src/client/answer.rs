//! One answer: its head, and its body in whole.

use bytes::Bytes;
use http::header::{CONTENT_TYPE, DATE, LOCATION, RETRY_AFTER};
use http::{HeaderValue, Response, StatusCode};
use http_body_util::BodyExt;
use kube::client::Body;
use serde_json::Value;

use crate::decode::Encoding;
use crate::problem::unreachable;
use crate::refusal::Refusal;
use crate::watch::Server;
use model::cluster::{Problem, ProblemClass};

/// Longest body of a refusal that is read.
const REFUSAL_BYTES: usize = 64 << 10;
/// Longest body of a one-shot answer: etcd's objects are at most 1.5 MB.
const ANSWER_BYTES: usize = 8 << 20;

/// The head of an answer, with its body still to come.
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) content_type: String,
    pub(crate) retry_after_s: Option<u64>,
    /// Where a redirection leads.
    pub(crate) location: Option<String>,
    /// The server's clock, Unix seconds.
    pub(crate) date_s: Option<i64>,
    pub(crate) body: Body,
}

impl Answer {
    pub(super) fn of(response: Response<Body>) -> Answer {
        let (head, body) = response.into_parts();
        let text = |name| {
            head.headers
                .get(name)
                .and_then(|value: &HeaderValue| value.to_str().ok())
        };
        Answer {
            status: head.status,
            content_type: text(CONTENT_TYPE).unwrap_or_default().to_owned(),
            location: text(LOCATION).map(str::to_owned),
            retry_after_s: text(RETRY_AFTER).and_then(|text| text.trim().parse().ok()),
            date_s: text(DATE).and_then(date_s),
            body,
        }
    }

    /// The whole body of a one-shot answer, bounded.
    pub(crate) async fn bytes(self) -> Result<Bytes, Problem> {
        let bound = if self.status.is_success() {
            ANSWER_BYTES
        } else {
            REFUSAL_BYTES
        };
        let body = http_body_util::Limited::new(self.body, bound)
            .collect()
            .await;
        body.map(http_body_util::Collected::to_bytes)
            .map_err(|error| unreachable(format!("the answer broke off: {error}")))
    }

    /// Status and body; a body that is no JSON is null.
    pub(crate) async fn json(self) -> Result<(u16, Value), Problem> {
        let status = self.status.as_u16();
        let bytes = self.bytes().await?;
        Ok((status, serde_json::from_slice(&bytes).unwrap_or_default()))
    }
}

/// A `Date` in Unix seconds.
pub(crate) fn date_s(text: &str) -> Option<i64> {
    let date = chrono::DateTime::parse_from_rfc2822(text).ok()?;
    Some(date.timestamp())
}

/// What an answer says about the server.
pub(crate) fn verdict(answer: &Result<Answer, Problem>) -> Server {
    match answer {
        // Nothing was sent for want of credentials: that says nothing about the server.
        Err(problem) if problem.class == ProblemClass::Unauthorized => Server::Heard,
        Err(_) => Server::Failing,
        Ok(answer) if answer.status.as_u16() == 429 => {
            let refusal = Refusal {
                code: 429,
                retry_after_s: answer.retry_after_s,
                ..Refusal::default()
            };
            Server::Throttled(refusal.retry_after_ms().unwrap_or(1_000))
        }
        Ok(answer) if answer.status.is_server_error() => Server::Failing,
        // A login page, or a proxy: nothing behind it was reached.
        Ok(answer)
            if answer.status.is_success() && Encoding::of(&answer.content_type).is_none() =>
        {
            Server::Failing
        }
        Ok(_) => Server::Alive,
    }
}
