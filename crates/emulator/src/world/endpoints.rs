//! `EndpointSlice`s: which pods stand behind a Service, by the rules of the real controller (k8s.io/endpointslice).

use std::net::Ipv4Addr;
use std::sync::Arc;

use serde_json::Value;

use super::World;
use super::events::node_name;
use super::object::{Described, Key, Kind, Labels, Meta, Object, Owner, Uid};
use super::pod::Pod;
use super::template::suffix;

/// Endpoints of one slice (the real controller's `--max-endpoints-per-slice`).
const SLICE_MAX: usize = 100;

/// A pod behind a Service.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Endpoint {
    pub address: Ipv4Addr,
    pub pod: Arc<str>,
    pub uid: Uid,
    pub node: String,
    /// Passes its readiness probe, and is not being deleted.
    pub ready: bool,
    /// Passes its readiness probe.
    pub serving: bool,
    /// Is being deleted.
    pub terminating: bool,
}

/// A port of a slice.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SlicePort {
    /// Name; empty for none.
    pub name: String,
    pub port: u64,
}

#[derive(Clone, Debug, PartialEq)]
pub struct EndpointSlice {
    pub meta: Meta,
    pub ports: Vec<SlicePort>,
    /// Endpoints, by pod.
    pub endpoints: Vec<Endpoint>,
}

/// Brings the slices of one Service up to date.
pub(super) fn sync(world: &mut World, key: &Key) {
    let Some(Object::Service(service)) = world.get(Kind::Service, key).cloned() else {
        return;
    };
    let Some(selector) = service.selector().filter(|selector| !selector.is_empty()) else {
        return;
    };
    let pods = world.pods_matching(&key.namespace, &selector);
    let first = pods.first();
    let ports = ports(&service, first.map(|pod| &**pod));
    let endpoints: Vec<Endpoint> = pods.iter().filter_map(|pod| endpoint(pod)).collect();
    let present = world.slices_of(service.meta.uid);
    let mut chunks: Vec<Vec<Endpoint>> = endpoints.chunks(SLICE_MAX).map(<[_]>::to_vec).collect();
    if chunks.is_empty() {
        chunks.push(vec![]);
    }
    for slice in present.iter().skip(chunks.len()) {
        world.remove(Kind::EndpointSlice, &slice.meta.key);
    }
    for (at, endpoints) in chunks.into_iter().enumerate() {
        let mut slice = match present.get(at) {
            Some(slice) => (**slice).clone(),
            None => unborn(world, &service),
        };
        if present.get(at).is_some() && slice.endpoints == endpoints && slice.ports == ports {
            continue;
        }
        slice.meta.generation += 1;
        (slice.ports, slice.endpoints) = (ports.clone(), endpoints);
        world.put(Object::EndpointSlice(Arc::new(slice)));
    }
}

fn endpoint(pod: &Pod) -> Option<Endpoint> {
    let (ready, active) = (pod.is_ready(), pod.is_active());
    Some(Endpoint {
        address: pod.address()?,
        pod: Arc::clone(&pod.meta.key.name),
        uid: pod.meta.uid,
        node: node_name(pod.node?),
        ready: ready && active,
        serving: ready,
        terminating: !active,
    })
}

/// The ports of a Service as its pods have them.
fn ports(service: &Described, pod: Option<&Pod>) -> Vec<SlicePort> {
    let sent = service.spec.get("ports").and_then(Value::as_array);
    sent.into_iter()
        .flatten()
        .filter_map(|port| {
            let number = match &port["targetPort"] {
                Value::String(name) => named_port(pod?, name)?,
                number => number.as_u64().or_else(|| port["port"].as_u64())?,
            };
            Some(SlicePort {
                name: port["name"].as_str().unwrap_or_default().to_owned(),
                port: number,
            })
        })
        .collect()
}

fn named_port(pod: &Pod, name: &str) -> Option<u64> {
    let containers = pod.template.spec.get("containers")?.as_array()?;
    let mut ports = containers
        .iter()
        .filter_map(|container| container["ports"].as_array())
        .flatten();
    ports.find(|port| port["name"] == name)?["containerPort"].as_u64()
}

fn unborn(world: &mut World, service: &Described) -> EndpointSlice {
    let key = &service.meta.key;
    let name = format!("{}-{}", key.name, suffix(&mut world.rng, 5));
    let mut labels: Labels = (*service.meta.labels).clone();
    labels.extend([
        (
            "kubernetes.io/service-name".to_owned(),
            key.name.to_string(),
        ),
        (
            "endpointslice.kubernetes.io/managed-by".to_owned(),
            "endpointslice-controller.k8s.io".to_owned(),
        ),
    ]);
    let owner = Owner {
        kind: Kind::Service,
        name: Arc::clone(&key.name),
        uid: service.meta.uid,
    };
    let key = Key::new(Arc::clone(&key.namespace), name);
    let mut meta = world.new_meta(key, Arc::new(labels), Some(Arc::new(owner)));
    meta.generated = true;
    EndpointSlice {
        meta,
        ports: vec![],
        endpoints: vec![],
    }
}

impl World {
    /// The slices of a Service, by name.
    pub fn slices_of(&self, service: Uid) -> Vec<Arc<EndpointSlice>> {
        let owned = self.owned_by(service);
        owned
            .filter_map(|object| match object {
                Object::EndpointSlice(slice) => Some(Arc::clone(slice)),
                _ => None,
            })
            .collect()
    }

    /// The pods of a namespace with all of some labels, by name.
    pub fn pods_matching(&self, namespace: &str, selector: &Labels) -> Vec<Arc<Pod>> {
        self.list(Kind::Pod, Some(namespace), None)
            .filter(|object| is_selected(selector, &object.meta().labels))
            .filter_map(|object| self.pod(&object.meta().key).cloned())
            .collect()
    }
}

/// Whether labels have all that a selector asks for.
pub(super) fn is_selected(selector: &Labels, labels: &Labels) -> bool {
    selector
        .iter()
        .all(|(name, value)| labels.get(name) == Some(value))
}
