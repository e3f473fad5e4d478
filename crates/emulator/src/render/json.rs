//! Objects as JSON, with the fields that a real API server gives them.

pub(in super::super) mod meta;
mod network;
pub(super) mod sets;

use serde::Serialize;
use serde::ser::{SerializeMap, Serializer};
use serde_json::{Value, json};

use super::super::world::events::node_name;
use super::super::world::object::{
    Condition, Deployment, Event, Kind, Labels, Object, Owner, ReplicaSet, Strategy,
};
use super::super::world::pod::{Ended, Pod};
use super::pod_status::{ContainerStatus, State};
use super::time;
use meta::{MetaJson, amount, meta, without_zeros};

/// The JSON of an object, with or without `kind` and `apiVersion` (items of a list have none).
pub fn object(object: &Object, typed: bool) -> Vec<u8> {
    let bytes = match object {
        Object::Pod(pod) => serde_json::to_vec(&PodJson { pod, typed }),
        other => serde_json::to_vec(&untyped(other, typed)),
    };
    bytes.unwrap_or_default()
}

/// The same as a value, to patch or to read fields from.
pub fn value(object: &Object) -> Value {
    serde_json::from_slice(&self::object(object, true)).unwrap_or_default()
}

fn untyped(object: &Object, typed: bool) -> Value {
    let mut value = match object {
        Object::Namespace(o) => {
            json!({"metadata": meta(&o.meta), "spec": {"finalizers": ["kubernetes"]}, "status": {"phase": "Active"}})
        }
        Object::Node(o) => network::node(o),
        Object::Service(o) | Object::Autoscaler(o) | Object::Budget(o) => {
            network::described(object.kind(), o)
        }
        Object::EndpointSlice(o) => network::slice(o),
        Object::Deployment(o) => deployment(o),
        Object::StatefulSet(o) => sets::stateful(o),
        Object::DaemonSet(o) => sets::daemon(o),
        Object::ControllerRevision(o) => sets::revision(o),
        Object::ReplicaSet(o) => replica_set(o),
        Object::Event(o) => event(o),
        Object::Pod(pod) => json!(PodJson { pod, typed }),
    };
    if typed {
        value["kind"] = json!(object.kind().name());
        value["apiVersion"] = json!(object.kind().api_version());
    }
    value
}

/// A pod is written straight from its fields: lists hold tens of thousands.
struct PodJson<'a> {
    pod: &'a Pod,
    typed: bool,
}

impl Serialize for PodJson<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        if self.typed {
            map.serialize_entry("kind", "Pod")?;
            map.serialize_entry("apiVersion", "v1")?;
        }
        map.serialize_entry("metadata", &MetaJson(&self.pod.meta))?;
        map.serialize_entry("spec", &SpecJson(self.pod))?;
        map.serialize_entry("status", &StatusJson(self.pod))?;
        map.end()
    }
}

struct SpecJson<'a>(&'a Pod);

impl Serialize for SpecJson<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        for (name, value) in &self.0.template.rendered {
            map.serialize_entry(name, value)?;
        }
        let stateful = |owner: &Owner| owner.kind == Kind::StatefulSet;
        if self.0.meta.owner.as_deref().is_some_and(stateful) {
            map.serialize_entry("hostname", &*self.0.meta.key.name)?;
        }
        if let Some(node) = self.0.node {
            map.serialize_entry("nodeName", &node_name(node))?;
        }
        if !self.0.template.spec.contains_key("serviceAccountName") {
            map.serialize_entry("serviceAccountName", "default")?;
        }
        map.serialize_entry("enableServiceLinks", &true)?;
        map.serialize_entry("priority", &0)?;
        map.end()
    }
}

struct StatusJson<'a>(&'a Pod);

impl Serialize for StatusJson<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let pod = self.0;
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("phase", pod.phase())?;
        let conditions: Vec<Value> = pod
            .conditions()
            .iter()
            .map(|c| condition(c.kind, c.met, c.changed, c.reason, pod))
            .collect();
        map.serialize_entry("conditions", &conditions)?;
        if let Some(node) = pod.node {
            map.serialize_entry(
                "hostIP",
                &format!("192.168.{}.{}", node / 250, node % 250 + 1),
            )?;
            map.serialize_entry("startTime", &time(pod.seen))?;
            map.serialize_entry(
                "containerStatuses",
                &pod.container_statuses()
                    .iter()
                    .map(container_status)
                    .collect::<Vec<_>>(),
            )?;
        }
        if let Some(address) = pod.address() {
            map.serialize_entry("podIP", &address)?;
            map.serialize_entry("podIPs", &[json!({"ip": address})])?;
        }
        map.serialize_entry("qosClass", "BestEffort")?;
        map.end()
    }
}

fn condition(kind: &str, met: bool, changed: i64, reason: Option<&str>, pod: &Pod) -> Value {
    let mut value = json!({"type": kind, "status": if met { "True" } else { "False" }, "lastProbeTime": null, "lastTransitionTime": time(changed)});
    if let Some(reason) = reason {
        value["reason"] = json!(reason);
        value["message"] = json!(unready_message(reason, pod));
    }
    value
}

/// The words of a condition that is not met.
pub(super) fn unready_message(reason: &str, pod: &Pod) -> String {
    if reason == "Unschedulable" {
        return "no nodes available to schedule pods".to_owned();
    }
    let statuses = pod.container_statuses();
    let names: Vec<&str> = statuses
        .iter()
        .filter(|c| !c.ready)
        .map(|c| c.name)
        .collect();
    format!("containers with unready status: [{}]", names.join(" "))
}

/// The digest under which an image runs.
pub(super) fn image_id(image: &str) -> String {
    format!("{image}@sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef")
}

fn container_status(status: &ContainerStatus<'_>) -> Value {
    let running = matches!(status.state, State::Running(_));
    let pulled = !matches!(
        status.state,
        State::Waiting("ContainerCreating" | "ErrImagePull" | "ImagePullBackOff", _)
    );
    json!({
        "name": status.name, "image": status.image, "imageID": if pulled { image_id(status.image) } else { String::new() },
        "ready": status.ready, "started": running, "restartCount": status.restarts, "state": state(&status.state),
        "lastState": status.last.map_or(json!({}), |ended| json!({"terminated": terminated(ended)})),
    })
}

fn state(state: &State) -> Value {
    match state {
        State::Waiting(reason, message) if message.is_empty() => {
            json!({"waiting": {"reason": reason}})
        }
        State::Waiting(reason, message) => {
            json!({"waiting": {"reason": reason, "message": message}})
        }
        State::Running(since) => json!({"running": {"startedAt": time(*since)}}),
        State::Terminated(ended) => json!({"terminated": terminated(*ended)}),
    }
}

fn terminated(ended: Ended) -> Value {
    json!({"exitCode": ended.code, "reason": ended.reason(), "startedAt": time(ended.started), "finishedAt": time(ended.finished)})
}

fn deployment(d: &Deployment) -> Value {
    let strategy = match d.strategy {
        Strategy::Recreate => json!({"type": "Recreate"}),
        Strategy::Rolling { surge, unavailable } => {
            json!({"type": "RollingUpdate", "rollingUpdate": {"maxSurge": amount(surge), "maxUnavailable": amount(unavailable)}})
        }
    };
    let mut spec = without_zeros(json!({"minReadySeconds": d.min_ready_s, "paused": d.paused}));
    spec["replicas"] = json!(d.replicas);
    spec["selector"] = json!({"matchLabels": *d.selector});
    spec["template"] = d.template.to_value();
    spec["strategy"] = strategy;
    spec["revisionHistoryLimit"] = json!(d.history_limit);
    spec["progressDeadlineSeconds"] = json!(d.deadline_s);
    let s = &d.status;
    let unavailable = d.replicas.max(s.replicas).saturating_sub(s.available);
    let mut status = without_zeros(
        json!({"observedGeneration": s.observed, "replicas": s.replicas, "updatedReplicas": s.updated, "readyReplicas": s.ready,
        "availableReplicas": s.available, "unavailableReplicas": unavailable}),
    );
    if !s.conditions.is_empty() {
        status["conditions"] = s.conditions.iter().map(deployment_condition).collect();
    }
    json!({"metadata": meta(&d.meta), "spec": spec, "status": status})
}

fn deployment_condition(c: &Condition) -> Value {
    json!({"type": c.kind, "status": c.status, "reason": c.reason, "message": c.message, "lastUpdateTime": time(c.updated), "lastTransitionTime": time(c.changed)})
}

fn replica_set(set: &ReplicaSet) -> Value {
    let spec = json!({"replicas": set.replicas, "selector": {"matchLabels": *set.selector}, "template": set.template.to_value()});
    let s = set.status;
    let mut status = without_zeros(
        json!({"fullyLabeledReplicas": s.replicas, "readyReplicas": s.ready, "availableReplicas": s.available, "observedGeneration": s.observed}),
    );
    status["replicas"] = json!(s.replicas);
    json!({"metadata": meta(&set.meta), "spec": spec, "status": status})
}

fn event(e: &Event) -> Value {
    let mut object = json!({"kind": e.kind.name(), "namespace": *e.object.namespace, "name": *e.object.name, "uid": e.object_uid.to_string(), "apiVersion": e.kind.api_version()});
    if !e.field.is_empty() {
        object["fieldPath"] = json!(e.field);
    }
    let mut source = json!({"component": e.component});
    if !e.host.is_empty() {
        source["host"] = json!(*e.host);
    }
    json!({"metadata": meta(&e.meta), "involvedObject": object, "reason": e.reason, "message": e.message, "source": source, "firstTimestamp": time(e.first),
        "lastTimestamp": time(e.last), "count": e.count, "type": if e.warning { "Warning" } else { "Normal" }, "eventTime": null, "reportingComponent": e.component, "reportingInstance": *e.host})
}

/// `/scale` of a workload that can be scaled. At 0 replicas the field is absent, as on a real server.
pub fn scale(object: &Object) -> Option<Value> {
    let (m, replicas, present, selector) = match object {
        Object::Deployment(d) => (&d.meta, d.replicas, d.status.replicas, &d.selector),
        Object::StatefulSet(s) => (&s.meta, s.replicas, s.status.replicas, &s.selector),
        Object::ReplicaSet(s) => (&s.meta, s.replicas, s.status.replicas, &s.selector),
        Object::Namespace(_)
        | Object::Node(_)
        | Object::DaemonSet(_)
        | Object::ControllerRevision(_)
        | Object::Pod(_)
        | Object::Service(_)
        | Object::EndpointSlice(_)
        | Object::Autoscaler(_)
        | Object::Budget(_)
        | Object::Event(_) => return None,
    };
    let metadata = json!({"name": *m.key.name, "namespace": *m.key.namespace, "uid": m.uid.to_string(), "resourceVersion": m.version.to_string(), "creationTimestamp": time(m.created)});
    Some(
        json!({"kind": "Scale", "apiVersion": "autoscaling/v1", "metadata": metadata,
        "spec": without_zeros(json!({"replicas": replicas})), "status": {"replicas": present, "selector": selector_text(selector)}}),
    )
}

/// Labels as a selector is printed.
pub fn selector_text(labels: &Labels) -> String {
    labels
        .iter()
        .map(|(k, v)| format!("{k}={v}"))
        .collect::<Vec<_>>()
        .join(",")
}
