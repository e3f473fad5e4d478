//! Reviews of oneself: who am I, may I, what may I.

use http::StatusCode;
use prost::Message;
use serde_json::{Value, json};

use super::super::render::protobuf::{MAGIC, messages as m};
use super::answer::{self, Answer};
use super::request::Asked;
use super::resources::Resource;
use super::status::Status;
use super::users::{ResourceAttributes, User};

/// Answers a review.
pub fn answer(resource: &Resource, asked: &Asked, user: User) -> Result<Answer, Status> {
    if asked.method != http::Method::POST {
        return Err(Status::method_not_allowed());
    }
    let mut value =
        json!({"kind": resource.kind, "apiVersion": resource.api_version(), "metadata": {}});
    match resource.kind {
        "SelfSubjectReview" => {
            value["status"] = json!({"userInfo": {"username": user.name(), "uid": user.name(), "groups": user.groups()}});
        }
        "SelfSubjectRulesReview" => {
            let sent: Value = serde_json::from_slice(&asked.body).unwrap_or_default();
            let namespace = sent
                .pointer("/spec/namespace")
                .and_then(Value::as_str)
                .unwrap_or("default");
            value["spec"] = json!({});
            value["status"] = json!({"resourceRules": rules(user, namespace), "nonResourceRules": [], "incomplete": false});
        }
        _ => {
            let attributes = attributes(asked)?;
            value["status"] = json!({"allowed": allowed(user, &attributes)});
            value["spec"] = json!({"resourceAttributes": attributes});
        }
    }
    Ok(answer::json(StatusCode::CREATED, &value))
}

/// kubectl sends these as protobuf, others as JSON.
fn attributes(asked: &Asked) -> Result<Value, Status> {
    let Some(envelope) = asked.body.strip_prefix(MAGIC) else {
        let sent: Value = serde_json::from_slice(&asked.body).map_err(|error| {
            Status::bad_request(format!(
                "couldn't get version/kind; json parse error: {error}"
            ))
        })?;
        return Ok(sent
            .pointer("/spec/resourceAttributes")
            .cloned()
            .unwrap_or(json!({})));
    };
    let review = m::Unknown::decode(envelope)
        .and_then(|unknown| m::AccessReview::decode(unknown.raw.as_slice()));
    let review = review.map_err(|error| Status::bad_request(error.to_string()))?;
    let a = review
        .spec
        .and_then(|spec| spec.resource_attributes)
        .unwrap_or_default();
    let all = json!({"namespace": a.namespace, "verb": a.verb, "group": a.group, "version": a.version, "resource": a.resource, "subresource": a.subresource, "name": a.name});
    let mut said = all;
    if let Value::Object(fields) = &mut said {
        fields.retain(|_, value| *value != json!(""));
    }
    Ok(said)
}

fn allowed(user: User, attributes: &Value) -> bool {
    let text = |field: &str| {
        attributes
            .get(field)
            .and_then(Value::as_str)
            .unwrap_or_default()
    };
    user.may(&ResourceAttributes {
        verb: text("verb"),
        group: text("group"),
        resource: text("resource"),
        subresource: text("subresource"),
        namespace: text("namespace"),
    })
}

fn rules(user: User, namespace: &str) -> Value {
    let rule = |verbs: &[&str], groups: &[&str], resources: &[&str]| json!({"verbs": verbs, "apiGroups": groups, "resources": resources});
    let itself = rule(
        &["create"],
        &["authorization.k8s.io", "authentication.k8s.io"],
        &[
            "selfsubjectaccessreviews",
            "selfsubjectrulesreviews",
            "selfsubjectreviews",
        ],
    );
    let read = rule(
        &["get", "list", "watch"],
        &["", "apps", "autoscaling"],
        &[
            "pods",
            "pods/log",
            "events",
            "namespaces",
            "deployments",
            "deployments/scale",
            "replicasets",
            "horizontalpodautoscalers",
        ],
    );
    let write = rule(
        &["create", "delete", "deletecollection", "patch", "update"],
        &["", "apps"],
        &["pods", "deployments", "deployments/scale"],
    );
    match user {
        User::Admin => json!([rule(&["*"], &["*"], &["*"])]),
        User::Viewer => json!([itself, read]),
        User::ShopOnly if namespace == "shop" => json!([itself, read, write]),
        User::ShopOnly | User::Nobody => json!([itself]),
    }
}
