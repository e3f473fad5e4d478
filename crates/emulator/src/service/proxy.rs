//! The service proxy: requests to a Service by way of the API server. Alertmanager and Prometheus answer; nothing else listens.

mod alertmanager;
mod prometheus;
mod reply;

use http::StatusCode;

use super::super::cluster::{Cluster, State};
use super::super::scenario::MONITORING;
use super::super::world::World;
use super::super::world::object::{Key, Kind, Object};
use super::answer::{self, Answer};
use super::request::{Asked, Target};
use super::status::Status;
use reply::Reply;

/// Answers a proxied request.
pub async fn answer(cluster: &Cluster, target: &Target, asked: &Asked) -> Result<Answer, Status> {
    let (owned, request) = (target.clone(), asked.clone());
    let serve = move |state: &mut State| reply(&mut state.world, &owned, &request);
    let reply = cluster.ask(serve).await??;
    Ok(answer::whole(reply.code, reply.content_type, reply.body))
}

fn reply(world: &mut World, target: &Target, asked: &Asked) -> Result<Reply, Status> {
    let asked_for = target.name.as_deref().unwrap_or_default();
    let namespace = target.namespace.as_deref().unwrap_or_default();
    let (name, port) = split(asked_for);
    let service = world
        .get(Kind::Service, &Key::new(namespace, name))
        .cloned();
    let Some(Object::Service(service)) = service else {
        return Err(Status::not_found(target.resource, name));
    };
    let ports = service.spec["ports"].as_array().into_iter().flatten();
    let mut known = ports.map(|p| {
        (
            p["port"].to_string(),
            p["name"].as_str().unwrap_or_default(),
        )
    });
    if !port.is_empty() && !known.any(|(number, named)| number == port || named == port) {
        let why = format!("no service port {port} found for service \"{name}\"");
        return Err(Status::new(
            StatusCode::SERVICE_UNAVAILABLE,
            "ServiceUnavailable",
            why,
        ));
    }
    let slices = world.slices_of(service.meta.uid);
    if !slices
        .iter()
        .flat_map(|slice| &slice.endpoints)
        .any(|endpoint| endpoint.ready)
    {
        let why = format!("no endpoints available for service \"{name}\"");
        return Err(Status::new(
            StatusCode::SERVICE_UNAVAILABLE,
            "ServiceUnavailable",
            why,
        ));
    }
    let path = rest(&asked.path);
    match (namespace, name) {
        (MONITORING, "alertmanager") => Ok(alertmanager::reply(world, &path, asked)),
        (MONITORING, "prometheus") => Ok(prometheus::reply(world, &path, asked)),
        _ => {
            let why = "error trying to reach service: connect: connection refused";
            Err(Status::new(
                StatusCode::SERVICE_UNAVAILABLE,
                "ServiceUnavailable",
                why,
            ))
        }
    }
}

/// `[scheme:]name[:port]`.
fn split(text: &str) -> (&str, &str) {
    let parts: Vec<&str> = text.split(':').collect();
    match parts.as_slice() {
        [_, name, port] | [name, port] => (name, port),
        _ => (text, ""),
    }
}

/// What comes after `/proxy`.
fn rest(path: &str) -> String {
    let (_, rest) = path.split_once("/proxy").unwrap_or(("", ""));
    rest.trim_matches('/').to_owned()
}
