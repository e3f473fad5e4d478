//! Single objects: GET, POST, PUT, PATCH, DELETE, `/scale`, dry runs. All of one request happens at one moment of the world.

use std::sync::Arc;

use http::{Method, StatusCode};
use serde_json::{Value, json};

use super::super::cluster::{Cluster, State};
use super::super::render::json as render;
use super::super::world::World;
use super::super::world::object::{Deletion, Described, Key, Kind, Millis, Object};
use super::answer::{self, Answer, Form};
use super::request::{Asked, Target};
use super::resources::Resource;
use super::selector::Selection;
use super::status::Status;
use super::{decode, encode, patch};

/// What a request for one object comes to.
enum Outcome {
    Object(StatusCode, Box<Object>),
    Value(Value),
    Status(Status),
}

/// What is asked of one object.
#[derive(Clone, Copy)]
struct Request<'a> {
    resource: &'a Resource,
    kind: Kind,
    key: &'a Key,
    asked: &'a Asked,
}

/// Answers a request for one object, or the making or deletion of some.
pub async fn answer(cluster: &Cluster, target: &Target, asked: &Asked) -> Result<Answer, Status> {
    let form = Form::negotiate(&asked.accept, target.resource.stored, false)?;
    let (owned, request) = (target.clone(), asked.clone());
    let act = move |state: &mut State| {
        (
            perform(&mut state.world, &owned, &request),
            state.world.now(),
        )
    };
    let (outcome, now) = cluster.ask(act).await?;
    Ok(match outcome? {
        Outcome::Object(code, object) => {
            let bytes = encode::one(
                target.resource,
                &object,
                form,
                asked.query.text("includeObject"),
                now,
            );
            answer::whole(code, "application/json", bytes)
        }
        Outcome::Value(value) => answer::json(StatusCode::OK, &value),
        Outcome::Status(status) => answer::status(&status, &asked.accept),
    })
}

fn perform(world: &mut World, target: &Target, asked: &Asked) -> Result<Outcome, Status> {
    let resource = target.resource;
    let name = target.name.as_deref().unwrap_or_default();
    let Some(kind) = resource.stored else {
        return Err(if asked.method == Method::GET {
            Status::not_found(resource, name)
        } else {
            Status::method_not_allowed()
        });
    };
    let key = Key::new(target.namespace.as_deref().unwrap_or_default(), name);
    let request = Request {
        resource,
        kind,
        key: &key,
        asked,
    };
    match (
        asked.method.as_str(),
        target.subresource.as_deref(),
        name.is_empty(),
    ) {
        ("POST", None, true) => create(world, request),
        ("DELETE", None, true) => delete_all(world, target, kind, asked),
        ("DELETE", None, false) => delete(world, request),
        ("GET", None | Some("status"), false) => Ok(Outcome::Object(
            StatusCode::OK,
            Box::new(find(world, request)?.clone()),
        )),
        ("PUT" | "PATCH", Some("status"), false) if kind == Kind::Node => change(world, request),
        ("PUT" | "PATCH", None, false) => change(world, request),
        (_, Some("scale"), false) if resource.subresources.contains(&"scale") => {
            scale(world, request)
        }
        (_, Some(_), _) => Err(Status::no_such_resource()),
        _ => Err(Status::method_not_allowed()),
    }
}

fn find<'a>(world: &'a World, request: Request<'_>) -> Result<&'a Object, Status> {
    world
        .get(request.kind, request.key)
        .ok_or_else(|| Status::not_found(request.resource, &request.key.name))
}

/// What was sent, as JSON: protobuf is read for reviews only.
fn body(asked: &Asked) -> Result<Value, Status> {
    if asked.content_type == "application/vnd.kubernetes.protobuf" {
        return Err(Status::unsupported_media_type());
    }
    serde_json::from_slice(&asked.body)
        .map_err(|error| Status::bad_request(format!("error decoding patch: {error}")))
}

/// The object after a PUT or a PATCH, as JSON.
fn changed(before: Value, asked: &Asked) -> Result<Value, Status> {
    let sent = body(asked)?;
    if asked.method == Method::PUT {
        return Ok(sent);
    }
    let mut after = before;
    match asked.content_type.as_str() {
        "application/merge-patch+json" => json_patch::merge(&mut after, &sent),
        "application/strategic-merge-patch+json" | "application/apply-patch+yaml" => {
            patch::strategic(&mut after, sent);
        }
        "application/json-patch+json" => {
            patch::json_patch(&mut after, sent).map_err(|_| Status::unprocessable())?;
        }
        _ => return Err(Status::unsupported_media_type()),
    }
    Ok(after)
}

fn change(world: &mut World, request: Request<'_>) -> Result<Outcome, Status> {
    if world.get(request.kind, request.key).is_none()
        && request.asked.content_type == "application/apply-patch+yaml"
    {
        return create(world, request);
    }
    let before = find(world, request)?.clone();
    let after = changed(render::value(&before), request.asked)?;
    decode::check_identity(request.resource, before.meta(), &after)?;
    let wanted = match &before {
        Object::Deployment(d) => {
            Object::Deployment(Arc::new(decode::deployment(request.resource, d, &after)?))
        }
        Object::StatefulSet(set) => Object::StatefulSet(Arc::new(decode::sets::stateful(
            request.resource,
            set,
            &after,
        )?)),
        Object::DaemonSet(set) => Object::DaemonSet(Arc::new(decode::sets::daemon(
            request.resource,
            set,
            &after,
        )?)),
        Object::Service(o) | Object::Autoscaler(o) | Object::Budget(o) => {
            let wanted = decode::described::changed(request.resource, request.kind, o, &after)?;
            described(request.kind, wanted)
        }
        Object::Node(node) => {
            let mut wanted = (**node).clone();
            decode::apply_meta(&mut wanted.meta, &after);
            wanted.unschedulable = after.pointer("/spec/unschedulable") == Some(&json!(true));
            wanted.conditions = decode::described::node_conditions(&after, world.now());
            Object::Node(Arc::new(wanted))
        }
        Object::Pod(_)
        | Object::ReplicaSet(_)
        | Object::ControllerRevision(_)
        | Object::EndpointSlice(_)
        | Object::Namespace(_)
        | Object::Event(_) => {
            let mut changed = before.clone();
            decode::apply_meta(changed.meta_mut(), &after);
            changed
        }
    };
    let object = store(world, &before, wanted, request.asked.is_dry_run());
    Ok(Outcome::Object(StatusCode::OK, Box::new(object)))
}

fn described(kind: Kind, object: Described) -> Object {
    let object = Arc::new(object);
    match kind {
        Kind::Autoscaler => Object::Autoscaler(object),
        Kind::Budget => Object::Budget(object),
        _ => Object::Service(object),
    }
}

/// Stores an object unless nothing changed or it is only tried.
fn store(world: &mut World, before: &Object, wanted: Object, dry_run: bool) -> Object {
    let wanted = world.as_next(wanted);
    if wanted == *before || dry_run {
        return wanted;
    }
    world.write(wanted)
}

fn create(world: &mut World, request: Request<'_>) -> Result<Outcome, Status> {
    let mut sent = body(request.asked)?;
    if !request.key.name.is_empty() {
        sent["metadata"]["name"] = json!(*request.key.name);
    }
    let name = sent
        .pointer("/metadata/name")
        .and_then(Value::as_str)
        .unwrap_or_default()
        .to_owned();
    let own = Key::new(Arc::clone(&request.key.namespace), name.as_str());
    if world.get(request.kind, &own).is_some() {
        return Err(Status::exists(request.resource, &name));
    }
    if request.kind == Kind::Namespace {
        decode::required_name(request.resource, &sent)?;
        if !request.asked.is_dry_run() {
            world.add_namespace(&name);
        }
        let made = world.get(request.kind, &own).cloned();
        let made = made.unwrap_or_else(|| world.unborn_namespace(&name));
        return Ok(Outcome::Object(StatusCode::CREATED, Box::new(made)));
    }
    let new = new_workload(world, request, &sent)?;
    let made = if request.asked.is_dry_run() {
        world.as_next(new)
    } else {
        world.write(new)
    };
    Ok(Outcome::Object(StatusCode::CREATED, Box::new(made)))
}

fn new_workload(world: &mut World, request: Request<'_>, sent: &Value) -> Result<Object, Status> {
    let Request { resource, kind, .. } = request;
    let namespace = &*request.key.namespace;
    let has_namespace = world
        .get(Kind::Namespace, &Key::new("", namespace))
        .is_some();
    if resource.verbs().contains(&"create") && !has_namespace {
        let namespaces = Resource {
            group: "",
            plural: "namespaces",
            ..*resource
        };
        return Err(Status::not_found(&namespaces, namespace));
    }
    match kind {
        Kind::Deployment => {
            let (new, paused) = decode::new_deployment(resource, namespace, sent)?;
            let mut unborn = world.unborn(new);
            unborn.paused = paused;
            Ok(Object::Deployment(Arc::new(unborn)))
        }
        Kind::StatefulSet => {
            let set = decode::sets::new_stateful(resource, world, namespace, sent)?;
            Ok(Object::StatefulSet(Arc::new(set)))
        }
        Kind::DaemonSet => {
            let set = decode::sets::new_daemon(resource, world, namespace, sent)?;
            Ok(Object::DaemonSet(Arc::new(set)))
        }
        Kind::Service | Kind::Autoscaler | Kind::Budget => {
            let new = decode::described::new(resource, world, (kind, namespace), sent)?;
            Ok(described(kind, new))
        }
        Kind::Namespace
        | Kind::Node
        | Kind::ControllerRevision
        | Kind::EndpointSlice
        | Kind::ReplicaSet
        | Kind::Pod
        | Kind::Event => Err(Status::method_not_allowed()),
    }
}

fn scale(world: &mut World, request: Request<'_>) -> Result<Outcome, Status> {
    let before = find(world, request)?.clone();
    let present = render::scale(&before).ok_or_else(Status::no_such_resource)?;
    if request.asked.method == Method::GET {
        return Ok(Outcome::Value(present));
    }
    if !matches!(request.asked.method, Method::PUT | Method::PATCH) {
        return Err(Status::method_not_allowed());
    }
    let after = changed(present, request.asked)?;
    decode::check_identity(request.resource, before.meta(), &after)?;
    let spec = after.get("spec").unwrap_or(&Value::Null);
    let replicas = decode::number(request.resource, &request.key.name, spec, "replicas", 0)?;
    let mut wanted = before.clone();
    match &mut wanted {
        Object::Deployment(d) => Arc::make_mut(d).replicas = replicas,
        Object::StatefulSet(set) => Arc::make_mut(set).replicas = replicas,
        Object::Namespace(_)
        | Object::Node(_)
        | Object::DaemonSet(_)
        | Object::ControllerRevision(_)
        | Object::ReplicaSet(_)
        | Object::Pod(_)
        | Object::Service(_)
        | Object::EndpointSlice(_)
        | Object::Autoscaler(_)
        | Object::Budget(_)
        | Object::Event(_) => return Err(Status::no_such_resource()),
    }
    let stored = store(world, &before, wanted, request.asked.is_dry_run());
    let value = render::scale(&stored).ok_or_else(Status::no_such_resource)?;
    Ok(Outcome::Value(value))
}

/// `DeleteOptions`, from the body or the parameters. A body that is not JSON asks for nothing special.
fn grace(asked: &Asked, options: &Value) -> Option<u32> {
    let seconds = options.get("gracePeriodSeconds").and_then(Value::as_u64);
    seconds
        .and_then(|s| u32::try_from(s).ok())
        .or_else(|| asked.query.number("gracePeriodSeconds"))
}

fn delete(world: &mut World, request: Request<'_>) -> Result<Outcome, Status> {
    let options: Value = serde_json::from_slice(&request.asked.body).unwrap_or_default();
    let object = find(world, request)?.clone();
    let uid = object.meta().uid.to_string();
    if let Some(wanted) = options
        .pointer("/preconditions/uid")
        .and_then(Value::as_str)
        .filter(|wanted| **wanted != uid)
    {
        let why = format!(
            "Precondition failed: UID in precondition: {wanted}, UID in object meta: {uid}"
        );
        return Err(Status::conflict(request.resource, &request.key.name, &why));
    }
    let grace = grace(request.asked, &options);
    let dry_run = request.asked.is_dry_run() || options.pointer("/dryRun/0").is_some();
    if !dry_run {
        world.delete(request.kind, request.key, grace);
    }
    match (request.kind, world.get(request.kind, request.key)) {
        (Kind::Pod, Some(stopping)) if !dry_run => {
            Ok(Outcome::Object(StatusCode::OK, Box::new(stopping.clone())))
        }
        (Kind::Pod, _) => Ok(Outcome::Object(
            StatusCode::OK,
            Box::new(stopping(object, world.now(), grace.unwrap_or(30))),
        )),
        (_, _) => Ok(Outcome::Status(Status::deleted(
            request.resource,
            &request.key.name,
            uid,
        ))),
    }
}

fn stopping(mut object: Object, now: Millis, grace_s: u32) -> Object {
    object.meta_mut().deletion = Some(Deletion {
        at: now + Millis::from(grace_s) * 1_000,
        grace_s,
    });
    object
}

fn delete_all(
    world: &mut World,
    target: &Target,
    kind: Kind,
    asked: &Asked,
) -> Result<Outcome, Status> {
    let query = &asked.query;
    let selection = Selection::parse(
        target.namespace.as_deref(),
        query.text("labelSelector"),
        query.text("fieldSelector"),
        Some(kind),
    )?;
    let options: Value = serde_json::from_slice(&asked.body).unwrap_or_default();
    let found: Vec<Key> = world
        .list(kind, target.namespace.as_deref(), None)
        .filter(|o| selection.takes(o))
        .map(|o| o.meta().key.clone())
        .collect();
    if !asked.is_dry_run() {
        for key in &found {
            world.delete(kind, key, grace(asked, &options));
        }
    }
    Ok(Outcome::Status(Status::deleted(
        target.resource,
        "",
        String::new(),
    )))
}
