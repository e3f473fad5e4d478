//! A refusal of the API server, sorted by what has to be done about it.

use super::backoff::CEILING_MS;
use super::wire::meta::Status;

/// An answer that is not 2xx, or an ERROR event of a watch.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Refusal {
    /// HTTP status, or `code` of the event.
    pub(crate) code: u16,
    /// `reason` of the `Status`, such as `Expired`; empty when the body was none.
    pub(crate) reason: String,
    /// The server's words.
    pub(crate) message: String,
    /// The request's resourceVersion is ahead of what this server has seen.
    pub(crate) is_version_ahead: bool,
    /// `Retry-After` in seconds, where it was a number.
    pub(crate) retry_after_s: Option<u64>,
}

/// What has to be done about it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Class {
    /// Credentials: log in again.
    Unauthorized,
    Forbidden,
    /// The resourceVersion is too old or too new for the server: read the list again.
    Expired,
    /// The request is not understood: an older server, or one that lacks a feature.
    NotUnderstood,
    /// Wait as long as the server says.
    Throttled,
    /// The server fails.
    Failing,
    /// Anything else, 404 among them.
    Other,
}

impl Refusal {
    /// From the ERROR event of a watch.
    pub(crate) fn from_status(status: Status) -> Refusal {
        let details = status.details.unwrap_or_default();
        Refusal {
            code: u16::try_from(status.code).unwrap_or(0),
            reason: status.reason,
            message: status.message,
            is_version_ahead: details.causes.iter().any(|cause| {
                cause.reason == "ResourceVersionTooLarge"
                    || cause.message == "Too large resource version"
            }),
            retry_after_s: u64::try_from(details.retry_after_seconds)
                .ok()
                .filter(|seconds| *seconds > 0),
        }
    }

    /// What has to be done.
    pub(crate) fn class(&self) -> Class {
        match (self.code, self.reason.as_str()) {
            (410, _) | (_, "Expired" | "Gone") => Class::Expired,
            _ if self.is_version_ahead => Class::Expired,
            (401, _) => Class::Unauthorized,
            (403, _) => Class::Forbidden,
            (429, _) => Class::Throttled,
            (400 | 406 | 415 | 422, _) => Class::NotUnderstood,
            (500.., _) => Class::Failing,
            _ => Class::Other,
        }
    }

    /// How long to wait, when the server said so: at least a second, at most the ceiling.
    pub(crate) fn retry_after_ms(&self) -> Option<u64> {
        self.retry_after_s
            .map(|seconds| seconds.saturating_mul(1_000).clamp(1_000, CEILING_MS))
    }
}
