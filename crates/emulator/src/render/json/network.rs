//! Services, `EndpointSlice`s, nodes, autoscalers and budgets as JSON.

use serde_json::{Value, json};

use super::super::super::world::endpoints::{Endpoint, EndpointSlice};
use super::super::super::world::node::{Node, NodeCondition};
use super::super::super::world::object::{Described, Kind};
use super::super::time;
use super::meta::meta;

pub(super) fn described(kind: Kind, object: &Described) -> Value {
    let status = match (kind, &object.status) {
        (Kind::Service, _) => json!({"loadBalancer": {}}),
        (Kind::Autoscaler, Value::Null) => json!({"desiredReplicas": 0, "currentMetrics": null}),
        (_, Value::Null) => {
            json!({"disruptionsAllowed": 0, "currentHealthy": 0, "desiredHealthy": 0, "expectedPods": 0})
        }
        (_, status) => status.clone(),
    };
    json!({"metadata": meta(&object.meta), "spec": object.spec, "status": status})
}

pub(super) fn slice(slice: &EndpointSlice) -> Value {
    let ports: Vec<Value> = slice
        .ports
        .iter()
        .map(|port| json!({"name": port.name, "protocol": "TCP", "port": port.port}))
        .collect();
    let endpoints = match slice.endpoints.as_slice() {
        [] => Value::Null,
        endpoints => endpoints
            .iter()
            .map(|one| endpoint(one, &slice.meta.key.namespace))
            .collect(),
    };
    json!({"metadata": meta(&slice.meta), "addressType": "IPv4", "endpoints": endpoints, "ports": ports})
}

fn endpoint(endpoint: &Endpoint, namespace: &str) -> Value {
    json!({"addresses": [endpoint.address], "nodeName": endpoint.node,
        "conditions": {"ready": endpoint.ready, "serving": endpoint.serving, "terminating": endpoint.terminating},
        "targetRef": {"kind": "Pod", "namespace": namespace, "name": *endpoint.pod, "uid": endpoint.uid.to_string()}})
}

pub(super) fn node(node: &Node) -> Value {
    let room = json!({"cpu": "64", "memory": "256Gi", "pods": "1k"});
    let conditions: Vec<Value> = node.conditions.iter().map(condition).collect();
    let spec = if node.unschedulable {
        json!({"unschedulable": true, "taints": [{"key": "node.kubernetes.io/unschedulable", "effect": "NoSchedule"}]})
    } else {
        json!({})
    };
    json!({"metadata": meta(&node.meta), "spec": spec, "status": {"capacity": room, "allocatable": room, "conditions": conditions,
        "addresses": [{"type": "InternalIP", "address": "192.168.0.1"}, {"type": "Hostname", "address": *node.meta.key.name}],
        "nodeInfo": {"machineID": "", "systemUUID": "", "bootID": "", "kernelVersion": "6.12.0", "osImage": "watchfloor demo", "containerRuntimeVersion": "containerd://2.1.4", "kubeletVersion": "v1.34.4", "kubeProxyVersion": "", "operatingSystem": "linux", "architecture": "amd64"}}})
}

fn condition(c: &NodeCondition) -> Value {
    json!({"type": c.kind, "status": c.status, "reason": c.reason, "message": c.message, "lastHeartbeatTime": time(c.changed), "lastTransitionTime": time(c.changed)})
}
