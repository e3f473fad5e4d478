//! What a server behind a Service answers.

use http::StatusCode;

pub(super) struct Reply {
    pub(super) code: StatusCode,
    pub(super) content_type: &'static str,
    pub(super) body: String,
}

impl Reply {
    pub(super) fn json(value: &serde_json::Value) -> Self {
        Self {
            code: StatusCode::OK,
            content_type: "application/json",
            body: value.to_string(),
        }
    }

    /// An error as both servers word it: a JSON string or a plain text.
    pub(super) fn text(code: StatusCode, text: impl Into<String>) -> Self {
        Self {
            code,
            content_type: "text/plain; charset=utf-8",
            body: text.into(),
        }
    }
}
