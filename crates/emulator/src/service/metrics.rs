//! `metrics.k8s.io/v1beta1`: what pods and nodes use, as the metrics server answers it.

use http::StatusCode;
use serde_json::{Value, json};

use super::super::cluster::{Cluster, State};
use super::super::render;
use super::super::usage::{self, Usage, WINDOW_MS};
use super::super::world::World;
use super::super::world::object::{Kind, Object};
use super::super::world::pod::{Pod, Stage};
use super::answer::{self, Answer};
use super::request::{Asked, Target};
use super::selector::Selection;
use super::status::Status;

/// Answers a list or a single object; only reads are offered.
pub async fn answer(cluster: &Cluster, target: &Target, asked: &Asked) -> Result<Answer, Status> {
    if asked.method != http::Method::GET {
        return Err(Status::method_not_allowed());
    }
    let selection = Selection::parse(
        target.namespace.as_deref(),
        asked.query.text("labelSelector"),
        "",
        None,
    )?;
    let (owned, resource) = (target.clone(), target.resource);
    let read = move |state: &mut State| {
        if resource.namespaced {
            pods(&state.world, &selection, owned.name.as_deref())
        } else {
            nodes(&state.world, owned.name.as_deref())
        }
    };
    let mut items = cluster.ask(read).await?;
    let typed = |item: &mut Value| {
        item["kind"] = json!(resource.kind);
        item["apiVersion"] = json!(resource.api_version());
    };
    let value = match &target.name {
        Some(name) if items.is_empty() => return Err(Status::not_found(resource, name)),
        Some(_) => {
            let mut item = items.remove(0);
            typed(&mut item);
            item
        }
        None => {
            json!({"kind": format!("{}List", resource.kind), "apiVersion": resource.api_version(), "metadata": {}, "items": items})
        }
    };
    Ok(answer::json(StatusCode::OK, &value))
}

fn used(usage: Usage) -> Value {
    json!({"cpu": format!("{}n", usage.cpu_nanos), "memory": format!("{}Ki", usage.memory_kib)})
}

fn pods(world: &World, selection: &Selection, name: Option<&str>) -> Vec<Value> {
    let all = world.list(Kind::Pod, selection.namespace.as_deref(), None);
    all.filter(|object| selection.takes(object))
        .filter(|object| name.is_none_or(|name| name == &*object.meta().key.name))
        .filter_map(|object| match object {
            // Who does not run is not measured.
            Object::Pod(pod) if matches!(pod.stage, Stage::Running | Stage::Ready) => {
                Some(measured(world, pod))
            }
            _ => None,
        })
        .collect()
}

fn measured(world: &World, pod: &Pod) -> Value {
    let at = world.now() - world.now().rem_euclid(WINDOW_MS);
    let names = pod.template.containers.iter().enumerate();
    let containers: Vec<Value> = names
        .map(|(number, container)| {
            let usage = usage::of_container(pod, number, at);
            json!({"name": *container.name, "usage": used(usage)})
        })
        .collect();
    let key = &pod.meta.key;
    json!({"metadata": {"name": *key.name, "namespace": *key.namespace, "creationTimestamp": render::time(at), "labels": *pod.meta.labels},
        "timestamp": render::time(at), "window": "15s", "containers": containers})
}

fn nodes(world: &World, name: Option<&str>) -> Vec<Value> {
    let at = world.now() - world.now().rem_euclid(WINDOW_MS);
    usage::of_nodes(world)
        .into_iter()
        .filter(|(node, _)| name.is_none_or(|name| name == node))
        .map(|(node, usage)| {
            json!({"metadata": {"name": node, "creationTimestamp": render::time(at)}, "timestamp": render::time(at), "window": "15s", "usage": used(usage)})
        })
        .collect()
}
