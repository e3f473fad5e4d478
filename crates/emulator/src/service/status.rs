//! `Status`: every answer that is not an object, worded as a real API server words it.

use http::StatusCode;
use prost::Message;
use serde_json::{Value, json};

use super::super::render::protobuf::{self, messages as m};
use super::resources::Resource;

/// A Status to answer with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Status {
    pub code: StatusCode,
    pub reason: &'static str,
    pub message: String,
    /// `details`, if any.
    pub details: Option<Box<Details>>,
}

/// `details` of a Status.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Details {
    /// Name of the object.
    pub name: String,
    pub group: String,
    /// Its resource (or kind, when it is invalid).
    pub kind: String,
    pub uid: String,
    /// Reason, message and field.
    pub causes: Vec<(&'static str, String, String)>,
    pub retry_after_s: i32,
}

fn of(resource: &Resource, name: &str) -> Details {
    Details {
        name: name.to_owned(),
        group: resource.group.to_owned(),
        kind: resource.plural.to_owned(),
        ..Details::default()
    }
}

impl Status {
    /// A Status without details.
    pub fn new(code: StatusCode, reason: &'static str, message: impl Into<String>) -> Self {
        Self {
            code,
            reason,
            message: message.into(),
            details: None,
        }
    }

    fn with(mut self, details: Details) -> Self {
        self.details = Some(Box::new(details));
        self
    }

    /// 404 for an object.
    pub fn not_found(resource: &Resource, name: &str) -> Self {
        let message = format!("{} \"{name}\" not found", resource.qualified());
        Self::new(StatusCode::NOT_FOUND, "NotFound", message).with(of(resource, name))
    }

    /// 404 for a path.
    pub fn no_such_resource() -> Self {
        Self::new(
            StatusCode::NOT_FOUND,
            "NotFound",
            "the server could not find the requested resource",
        )
        .with(Details::default())
    }

    /// 409: the resourceVersion or uid is another one.
    pub fn conflict(resource: &Resource, name: &str, why: &str) -> Self {
        let message = format!(
            "Operation cannot be fulfilled on {} \"{name}\": {why}",
            resource.qualified()
        );
        Self::new(StatusCode::CONFLICT, "Conflict", message).with(of(resource, name))
    }

    /// 409: the name is taken.
    pub fn exists(resource: &Resource, name: &str) -> Self {
        let message = format!("{} \"{name}\" already exists", resource.qualified());
        Self::new(StatusCode::CONFLICT, "AlreadyExists", message).with(of(resource, name))
    }

    /// 422 for a field.
    pub fn invalid(resource: &Resource, name: &str, field: &str, why: &str) -> Self {
        let kind = if resource.group.is_empty() {
            resource.kind.to_owned()
        } else {
            format!("{}.{}", resource.kind, resource.group)
        };
        let reason = if why.starts_with("Required") {
            "FieldValueRequired"
        } else {
            "FieldValueInvalid"
        };
        let details = Details {
            kind: resource.kind.to_owned(),
            causes: vec![(reason, why.to_owned(), field.to_owned())],
            ..of(resource, name)
        };
        Self::new(
            StatusCode::UNPROCESSABLE_ENTITY,
            "Invalid",
            format!("{kind} \"{name}\" is invalid: {field}: {why}"),
        )
        .with(details)
    }

    /// 422 for a parameter of a list or watch.
    pub fn list_options(field: &str, why: &str) -> Self {
        let details = Details {
            group: "meta.k8s.io".to_owned(),
            kind: "ListOptions".to_owned(),
            causes: vec![("FieldValueForbidden", why.to_owned(), field.to_owned())],
            ..Details::default()
        };
        let message = format!("ListOptions.meta.k8s.io \"\" is invalid: {field}: {why}");
        Self::new(StatusCode::UNPROCESSABLE_ENTITY, "Invalid", message).with(details)
    }

    /// 422 for a JSON Patch that cannot be applied, a failed `test` among them: the message is generic.
    pub fn unprocessable() -> Self {
        Self::new(
            StatusCode::UNPROCESSABLE_ENTITY,
            "Invalid",
            "the server rejected our request due to an error in our request",
        )
        .with(Details::default())
    }

    pub fn bad_request(message: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, "BadRequest", message)
    }

    pub fn unauthorized() -> Self {
        Self::new(StatusCode::UNAUTHORIZED, "Unauthorized", "Unauthorized")
    }

    pub fn forbidden(resource: &Resource, name: &str, subject: &str) -> Self {
        let what = if name.is_empty() {
            resource.qualified()
        } else {
            format!("{} \"{name}\"", resource.qualified())
        };
        Self::new(
            StatusCode::FORBIDDEN,
            "Forbidden",
            format!("{what} is forbidden: {subject}"),
        )
        .with(of(resource, name))
    }

    pub fn method_not_allowed() -> Self {
        let message = "the server does not allow this method on the requested resource";
        Self::new(StatusCode::METHOD_NOT_ALLOWED, "MethodNotAllowed", message)
            .with(Details::default())
    }

    pub fn not_acceptable() -> Self {
        let message = "only the following media types are accepted: application/json, application/yaml, application/vnd.kubernetes.protobuf";
        Self::new(StatusCode::NOT_ACCEPTABLE, "NotAcceptable", message)
    }

    pub fn unsupported_media_type() -> Self {
        Self::new(
            StatusCode::UNSUPPORTED_MEDIA_TYPE,
            "UnsupportedMediaType",
            "415: Unsupported Media Type",
        )
        .with(Details::default())
    }

    /// 410, in answer to a watch or a page from a version that is forgotten.
    pub fn expired(message: String) -> Self {
        Self::new(StatusCode::GONE, "Expired", message)
    }

    /// 504, in answer to a version that is not there yet.
    pub fn too_large_version(asked: u64, current: u64) -> Self {
        let cause = (
            "ResourceVersionTooLarge",
            "Too large resource version".to_owned(),
            String::new(),
        );
        let details = Details {
            causes: vec![cause],
            retry_after_s: 1,
            ..Details::default()
        };
        let message = format!("Timeout: Too large resource version: {asked}, current: {current}");
        Self::new(StatusCode::GATEWAY_TIMEOUT, "Timeout", message).with(details)
    }

    /// 200, in answer to the deletion of what goes at once.
    pub fn deleted(resource: &Resource, name: &str, uid: String) -> Self {
        Self::new(StatusCode::OK, "", "").with(Details {
            uid,
            ..of(resource, name)
        })
    }

    /// A Status of the given code for scripted faults.
    pub fn of_code(code: u16) -> Self {
        let code = StatusCode::from_u16(code).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        match code.as_u16() {
            401 => Self::unauthorized(),
            403 => Self::new(
                code,
                "Forbidden",
                "forbidden: User \"demo\" cannot do this now",
            ),
            410 => {
                Self::expired("The resourceVersion for the provided watch is too old.".to_owned())
            }
            429 => Self::new(
                code,
                "TooManyRequests",
                "the server has received too many requests and has asked us to try again later",
            ),
            503 => Self::new(
                code,
                "ServiceUnavailable",
                "the server is currently unable to handle the request",
            ),
            504 => Self::new(
                code,
                "Timeout",
                "the server was unable to return a response in the time allotted",
            ),
            _ => Self::new(
                code,
                "InternalError",
                "an error on the server has prevented the request from succeeding",
            ),
        }
    }

    fn outcome(&self) -> &'static str {
        if self.code.is_success() {
            "Success"
        } else {
            "Failure"
        }
    }

    pub fn to_value(&self) -> Value {
        let mut value =
            json!({"kind": "Status", "apiVersion": "v1", "metadata": {}, "status": self.outcome()});
        for (field, text) in [("message", self.message.as_str()), ("reason", self.reason)] {
            if !text.is_empty() {
                value[field] = json!(text);
            }
        }
        if let Some(details) = &self.details {
            value["details"] = details.to_value();
        }
        if !self.code.is_success() {
            value["code"] = json!(self.code.as_u16());
        }
        value
    }

    /// As protobuf, with its envelope.
    pub fn to_protobuf(&self) -> Vec<u8> {
        let details = self.details.as_ref().map(|d| m::StatusDetails {
            name: d.name.clone(),
            group: d.group.clone(),
            kind: d.kind.clone(),
            causes: d
                .causes
                .iter()
                .map(|(reason, message, field)| m::StatusCause {
                    reason: (*reason).to_owned(),
                    message: message.clone(),
                    field: field.clone(),
                })
                .collect(),
            retry_after_seconds: d.retry_after_s,
            uid: d.uid.clone(),
        });
        let status = m::Status {
            metadata: Some(m::ListMeta::default()),
            status: self.outcome().to_owned(),
            message: self.message.clone(),
            reason: self.reason.to_owned(),
            details,
            code: i32::from(self.code.as_u16()),
        };
        protobuf::envelope("v1", "Status", status.encode_to_vec())
    }
}

impl Details {
    fn to_value(&self) -> Value {
        let mut value = json!({});
        for (field, text) in [
            ("name", &self.name),
            ("group", &self.group),
            ("kind", &self.kind),
            ("uid", &self.uid),
        ] {
            if !text.is_empty() {
                value[field] = json!(text);
            }
        }
        if !self.causes.is_empty() {
            let cause = |(reason, message, field): &(&str, String, String)| {
                let mut cause = json!({"reason": reason, "message": message});
                if !field.is_empty() {
                    cause["field"] = json!(field);
                }
                cause
            };
            value["causes"] = self.causes.iter().map(cause).collect();
        }
        if self.retry_after_s > 0 {
            value["retryAfterSeconds"] = json!(self.retry_after_s);
        }
        value
    }
}
