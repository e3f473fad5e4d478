//! What the API offers: versions, groups and resources in the old and the aggregated form, and as much `OpenAPI` as kubectl looks at.

use http::StatusCode;
use serde_json::{Map, Value, json};

use super::answer::{self, Answer};
use super::request::Asked;
use super::resources::{RESOURCES, Resource, groups};
use super::status::Status;

/// The version that the emulated server claims: the one it is checked against.
const VERSION: &str = "v1.34.4";
const AGGREGATED: &str = "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList";

/// Answers what is not about a resource.
pub fn answer(asked: &Asked) -> Result<Answer, Status> {
    let aggregated =
        asked.accept.contains("as=APIGroupDiscoveryList") && asked.accept.contains("v=v2");
    let parts: Vec<&str> = asked.path.split('/').filter(|p| !p.is_empty()).collect();
    let value = match parts.as_slice() {
        ["healthz" | "livez" | "readyz", ..] => {
            return Ok(answer::whole(
                StatusCode::OK,
                "text/plain; charset=utf-8",
                "ok",
            ));
        }
        ["version"] => version(),
        ["api"] if aggregated => {
            return Ok(answer::whole(
                StatusCode::OK,
                AGGREGATED,
                aggregate(&[("", "v1")]).to_string(),
            ));
        }
        ["apis"] if aggregated => {
            return Ok(answer::whole(
                StatusCode::OK,
                AGGREGATED,
                aggregate(&groups()).to_string(),
            ));
        }
        ["api"] => {
            json!({"kind": "APIVersions", "versions": ["v1"], "serverAddressByClientCIDRs": []})
        }
        ["apis"] => {
            json!({"kind": "APIGroupList", "apiVersion": "v1", "groups": groups().into_iter().map(group).collect::<Vec<_>>()})
        }
        ["apis", name] => {
            let found = groups().into_iter().find(|(group, _)| group == name);
            let mut value = group(found.ok_or_else(Status::no_such_resource)?);
            value["kind"] = json!("APIGroup");
            value["apiVersion"] = json!("v1");
            value
        }
        ["api", "v1"] => resource_list("", "v1"),
        ["apis", group, version] if groups().contains(&(group, version)) => {
            resource_list(group, version)
        }
        ["openapi", "v3"] => openapi_index(),
        ["openapi", "v3", "api", "v1"] => openapi("", "v1"),
        ["openapi", "v3", "apis", group, version] if groups().contains(&(group, version)) => {
            openapi(group, version)
        }
        _ => return Err(Status::no_such_resource()),
    };
    Ok(answer::json(StatusCode::OK, &value))
}

fn version() -> Value {
    json!({"major": "1", "minor": "34", "gitVersion": VERSION, "gitCommit": "", "gitTreeState": "", "buildDate": "1970-01-01T00:00:00Z", "goVersion": "", "compiler": "", "platform": "linux/amd64"})
}

fn group((name, version): (&str, &str)) -> Value {
    let preferred = json!({"groupVersion": format!("{name}/{version}"), "version": version});
    json!({"name": name, "versions": [preferred], "preferredVersion": preferred})
}

fn of<'a>(group: &'a str, version: &'a str) -> impl Iterator<Item = &'static Resource> + 'a {
    RESOURCES
        .iter()
        .filter(move |r| r.group == group && r.version == version)
}

fn singular(resource: &Resource) -> String {
    resource.kind.to_lowercase()
}

fn subresource_kind(name: &str, resource: &Resource) -> (&'static str, &'static str, &'static str) {
    if name == "scale" {
        ("autoscaling", "v1", "Scale")
    } else {
        ("", "", resource.kind)
    }
}

fn subresource_verbs(name: &str) -> &'static [&'static str] {
    if name == "scale" {
        &["get", "patch", "update"]
    } else {
        &["get"]
    }
}

fn resource_list(group: &str, version: &str) -> Value {
    let mut resources = vec![];
    for resource in of(group, version) {
        let mut value = json!({"name": resource.plural, "singularName": singular(resource), "namespaced": resource.namespaced, "kind": resource.kind, "verbs": resource.verbs()});
        if !resource.short.is_empty() {
            value["shortNames"] = json!(resource.short);
        }
        if resource.in_all {
            value["categories"] = json!(["all"]);
        }
        resources.push(value);
        for name in resource.subresources {
            let (group, version, kind) = subresource_kind(name, resource);
            let mut value = json!({"name": format!("{}/{name}", resource.plural), "singularName": "", "namespaced": resource.namespaced, "kind": kind, "verbs": subresource_verbs(name)});
            if !group.is_empty() {
                value["group"] = json!(group);
                value["version"] = json!(version);
            }
            resources.push(value);
        }
    }
    let full = if group.is_empty() {
        version.to_owned()
    } else {
        format!("{group}/{version}")
    };
    json!({"kind": "APIResourceList", "apiVersion": "v1", "groupVersion": full, "resources": resources})
}

fn aggregate(groups: &[(&str, &str)]) -> Value {
    let items: Vec<Value> = groups
        .iter()
        .map(|(group, version)| {
            let resources: Vec<Value> = of(group, version).map(aggregated).collect();
            let metadata = if group.is_empty() { json!({}) } else { json!({"name": group}) };
            json!({"metadata": metadata, "versions": [{"version": version, "resources": resources, "freshness": "Current"}]})
        })
        .collect();
    json!({"kind": "APIGroupDiscoveryList", "apiVersion": "apidiscovery.k8s.io/v2", "metadata": {}, "items": items})
}

fn aggregated(resource: &Resource) -> Value {
    let kind = |group: &str, version: &str, kind: &str| json!({"group": group, "version": version, "kind": kind});
    let mut value = json!({"resource": resource.plural, "responseKind": kind(resource.group, resource.version, resource.kind),
        "scope": if resource.namespaced { "Namespaced" } else { "Cluster" }, "singularResource": singular(resource), "verbs": resource.verbs()});
    if !resource.short.is_empty() {
        value["shortNames"] = json!(resource.short);
    }
    if resource.in_all {
        value["categories"] = json!(["all"]);
    }
    let subresources = resource.subresources.iter().map(|name| {
        let (group, version, of_kind) = subresource_kind(name, resource);
        json!({"subresource": name, "responseKind": kind(group, version, of_kind), "verbs": subresource_verbs(name)})
    });
    let subresources: Vec<Value> = subresources.collect();
    if !subresources.is_empty() {
        value["subresources"] = json!(subresources);
    }
    value
}

fn openapi_index() -> Value {
    let mut paths = Map::new();
    paths.insert(
        "api/v1".to_owned(),
        json!({"serverRelativeURL": "/openapi/v3/api/v1?hash=1"}),
    );
    for (group, version) in groups() {
        let path = format!("apis/{group}/{version}");
        paths.insert(
            path.clone(),
            json!({"serverRelativeURL": format!("/openapi/v3/{path}?hash=1")}),
        );
    }
    json!({"paths": paths})
}

/// kubectl looks here only whether the server validates fields by itself (`fieldValidation` on PATCH).
fn openapi(group: &str, version: &str) -> Value {
    let root = if group.is_empty() {
        format!("/api/{version}")
    } else {
        format!("/apis/{group}/{version}")
    };
    let mut paths = Map::new();
    for resource in of(group, version) {
        let place = if resource.namespaced {
            "/namespaces/{namespace}"
        } else {
            ""
        };
        let kind = json!({"group": group, "version": version, "kind": resource.kind});
        let patch = json!({"parameters": [{"name": "fieldValidation", "in": "query", "schema": {"type": "string"}}], "responses": {}, "x-kubernetes-group-version-kind": kind});
        paths.insert(
            format!("{root}{place}/{}/{{name}}", resource.plural),
            json!({"patch": patch}),
        );
    }
    json!({"openapi": "3.0.0", "info": {"title": "watchfloor demo", "version": VERSION}, "paths": paths, "components": {"schemas": {}}})
}
