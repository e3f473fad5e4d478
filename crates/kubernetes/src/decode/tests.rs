//! The same objects in both encodings give the same rows, and one bad object hides no other.
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod configs;
mod placement;
mod workloads;

use proptest::prelude::*;
use prost::Message;
use serde_json::{Value, json};

use super::*;
use crate::wire::apps::Deployment;
use crate::wire::core::{
    Condition, Container, ContainerState, ContainerStatus, EphemeralContainer, Event, Node,
    NodeSpec, NodeStatus, ObjectReference, Pod, PodSpec, PodStatus, Running, Service, ServicePort,
    ServiceSpec, Taint, Terminated, Waiting,
};
use crate::wire::discovery::{Endpoint, EndpointConditions, EndpointPort, EndpointSlice};
use crate::wire::int_or_string::IntOrString;
use crate::wire::meta::{ObjectMeta, OwnerReference, Pair, RawExtension, Time};
use crate::wire::quantities::{Quantity, QuantityPair, ResourceRequirements};
use model::endpoints::EndpointSliceRow;
use model::events::EventRow;
use model::nodes::NodeRow;
use model::pods::PodRow;
use model::services::ServiceRow;
use model::workload::WorkloadRow;

/// What JSON calls a field that is absent in protobuf when it is empty.
fn object(fields: &[(&str, Value)]) -> Value {
    let is_there = |value: &Value| match value {
        Value::Null => false,
        Value::String(text) => !text.is_empty(),
        Value::Array(items) => !items.is_empty(),
        Value::Object(_) | Value::Bool(_) | Value::Number(_) => true,
    };
    let there = fields.iter().filter(|(_, value)| is_there(value));
    Value::Object(
        there
            .map(|(name, value)| ((*name).to_owned(), value.clone()))
            .collect(),
    )
}

fn time(time: Option<Time>) -> Value {
    let time = time.and_then(|time| chrono::DateTime::from_timestamp(time.seconds, 0));
    time.map_or(Value::Null, |time| {
        json!(time.to_rfc3339_opts(chrono::SecondsFormat::Secs, true))
    })
}

fn map(pairs: &[Pair]) -> Value {
    Value::Object(
        pairs
            .iter()
            .map(|pair| (pair.key.clone(), json!(pair.value)))
            .collect(),
    )
}

fn meta(meta: &ObjectMeta) -> Value {
    let owners = meta.owner_references.iter();
    let owners = owners.map(|owner| json!({"kind": owner.kind, "name": owner.name, "controller": owner.controller, "uid": "x"}));
    object(&[
        ("name", json!(meta.name)),
        ("namespace", json!(meta.namespace)),
        ("uid", json!(meta.uid)),
        ("resourceVersion", json!(meta.resource_version)),
        ("generation", json!(meta.generation)),
        ("creationTimestamp", time(meta.creation_timestamp)),
        ("deletionTimestamp", time(meta.deletion_timestamp)),
        (
            "deletionGracePeriodSeconds",
            json!(meta.deletion_grace_period_seconds),
        ),
        ("labels", map(&meta.labels)),
        ("annotations", map(&meta.annotations)),
        ("ownerReferences", owners.collect()),
        ("finalizers", json!(meta.finalizers)),
        (
            "managedFields",
            json!([{"manager": "kubelet", "fieldsV1": {"f:status": {}}}]),
        ),
    ])
}

fn containers(containers: &[Container]) -> Value {
    let one = |container: &Container| {
        object(&[
            ("name", json!(container.name)),
            ("image", json!(container.image)),
            ("restartPolicy", json!(container.restart_policy)),
            ("env", json!([{"name": "A", "value": "B"}])),
            (
                "resources",
                container.resources.as_ref().map_or(Value::Null, resources),
            ),
        ])
    };
    containers.iter().map(one).collect()
}

fn ephemeral(all: &[EphemeralContainer]) -> Value {
    let containers_of: Vec<Container> =
        all.iter().filter_map(|one| one.container.clone()).collect();
    let mut all = containers(&containers_of);
    for one in all.as_array_mut().unwrap() {
        one["targetContainerName"] = json!("a");
    }
    all
}

fn state(state: Option<&ContainerState>) -> Value {
    let Some(state) = state else {
        return Value::Null;
    };
    let waiting = state.waiting.as_ref().map_or(Value::Null, |waiting| {
        object(&[
            ("reason", json!(waiting.reason)),
            ("message", json!(waiting.message)),
        ])
    });
    let running = state.running.as_ref().map_or(Value::Null, |running| {
        object(&[("startedAt", time(running.started_at))])
    });
    let terminated = state.terminated.as_ref().map_or(Value::Null, |end| {
        object(&[
            ("exitCode", json!(end.exit_code)),
            ("signal", json!(end.signal)),
            ("reason", json!(end.reason)),
            ("message", json!(end.message)),
            ("startedAt", time(end.started_at)),
            ("finishedAt", time(end.finished_at)),
        ])
    });
    object(&[
        ("waiting", waiting),
        ("running", running),
        ("terminated", terminated),
    ])
}

fn statuses(statuses: &[ContainerStatus]) -> Value {
    let one = |status: &ContainerStatus| {
        object(&[
            ("name", json!(status.name)),
            ("state", state(status.state.as_ref())),
            ("lastState", state(status.last_state.as_ref())),
            ("ready", json!(status.ready)),
            ("restartCount", json!(status.restart_count)),
        ])
    };
    statuses.iter().map(one).collect()
}

fn conditions(all: impl IntoIterator<Item = Condition>) -> Value {
    let one = |condition: Condition| {
        object(&[
            ("type", json!(condition.kind)),
            ("status", json!(condition.status)),
            ("reason", json!(condition.reason)),
            ("message", json!(condition.message)),
            ("lastTransitionTime", time(condition.last_transition_time)),
        ])
    };
    all.into_iter().map(one).collect()
}

fn pod_json(pod: &Pod) -> Value {
    let (spec, status) = (
        pod.spec.clone().unwrap_or_default(),
        pod.status.clone().unwrap_or_default(),
    );
    json!({
        "metadata": meta(&pod.metadata.clone().unwrap_or_default()),
        "spec": object(&[
            ("initContainers", containers(&spec.init_containers)),
            ("containers", containers(&spec.containers)),
            ("ephemeralContainers", ephemeral(&spec.ephemeral_containers)),
            ("nodeName", json!(spec.node_name)),
            ("volumes", json!([{"name": "data"}])),
        ]),
        "status": object(&[
            ("phase", json!(status.phase)),
            ("conditions", conditions(status.conditions)),
            ("message", json!(status.message)),
            ("reason", json!(status.reason)),
            ("initContainerStatuses", statuses(&status.init_container_statuses)),
            ("containerStatuses", statuses(&status.container_statuses)),
            ("ephemeralContainerStatuses", statuses(&status.ephemeral_container_statuses)),
        ]),
    })
}

fn word() -> impl Strategy<Value = String> {
    prop_oneof![
        Just(String::new()),
        "[a-z]{1,8}",
        Just("é\u{202e}\u{1b}[31m".to_owned()),
        "\\PC{0,600}"
    ]
}

fn at() -> impl Strategy<Value = Option<Time>> {
    prop::option::of((1..4_000_000_000i64).prop_map(|seconds| Time { seconds }))
}

fn pairs() -> impl Strategy<Value = Vec<Pair>> {
    let key = prop_oneof![
        Just("pod-template-hash".to_owned()),
        Just("deployment.kubernetes.io/revision".to_owned()),
        Just("deployment.kubernetes.io/revision-history".to_owned()),
        Just("kubernetes.io/change-cause".to_owned()),
        Just("kubectl.kubernetes.io/restartedAt".to_owned()),
        "[a-z]{1,6}",
    ];
    prop::collection::btree_map(key, prop_oneof![word(), Just("42".to_owned())], 0..4).prop_map(
        |map| {
            map.into_iter()
                .map(|(key, value)| Pair { key, value })
                .collect()
        },
    )
}

prop_compose! {
    fn some_meta()(
        (name, namespace, uid) in ("[a-z]{1,20}", word(), "[a-f0-9-]{36}"),
        version in prop_oneof!["[0-9]{1,12}", "[a-z]{3}"],
        (generation, grace) in (0..9i64, prop::option::of(0..99i64)),
        (creation_timestamp, deletion_timestamp) in (at(), at()),
        (labels, annotations) in (pairs(), pairs()),
        owners in prop::collection::vec((word(), word(), any::<bool>()), 0..3),
        finalizers in prop::collection::vec("[a-z./]{1,12}", 0..3),
    ) -> ObjectMeta {
        ObjectMeta {
            name, namespace, uid, resource_version: version, generation, creation_timestamp, deletion_timestamp,
            deletion_grace_period_seconds: grace, labels, annotations,
            owner_references: owners.into_iter().map(|(kind, name, controller)| OwnerReference { kind, name, controller }).collect(),
            finalizers,
        }
    }
}

fn some_state() -> impl Strategy<Value = Option<ContainerState>> {
    let waiting = (word(), word()).prop_map(|(reason, message)| Waiting { reason, message });
    let running = at().prop_map(|started_at| Running { started_at });
    let ended = (any::<i32>(), 0..32i32, word(), word(), at(), at());
    let ended = ended.prop_map(
        |(exit_code, signal, reason, message, started_at, finished_at)| Terminated {
            exit_code,
            signal,
            reason,
            message,
            started_at,
            finished_at,
        },
    );
    let parts = (
        prop::option::of(waiting),
        prop::option::of(running),
        prop::option::of(ended),
    );
    prop::option::of(
        parts.prop_map(|(waiting, running, terminated)| ContainerState {
            waiting,
            running,
            terminated,
        }),
    )
}

fn some_resources() -> impl Strategy<Value = Option<ResourceRequirements>> {
    let text = prop_oneof![
        Just("100m"),
        Just("256Mi"),
        Just("1.5"),
        Just("2e3"),
        Just("x")
    ];
    let quantities = || {
        let pair = (prop_oneof![Just("cpu"), Just("memory")], text.clone());
        prop::collection::btree_map(pair.0, pair.1, 0..3).prop_map(|pairs| {
            let pairs = pairs.into_iter();
            let pair = |(key, text): (&str, &str)| QuantityPair {
                key: key.to_owned(),
                value: Some(Quantity {
                    text: text.to_owned(),
                }),
            };
            pairs.map(pair).collect::<Vec<_>>()
        })
    };
    let both = (quantities(), quantities());
    prop::option::of(both.prop_map(|(limits, requests)| ResourceRequirements { limits, requests }))
}

fn resources(resources: &ResourceRequirements) -> Value {
    let of = |pairs: &[QuantityPair]| -> Value {
        let pairs = pairs.iter();
        let pair = |pair: &QuantityPair| {
            let text = pair.value.as_ref().map(|value| value.text.clone());
            (pair.key.clone(), json!(text))
        };
        Value::Object(pairs.map(pair).collect())
    };
    json!({"limits": of(&resources.limits), "requests": of(&resources.requests)})
}

fn some_containers() -> impl Strategy<Value = Vec<Container>> {
    let policy = prop_oneof![Just(String::new()), Just("Always".to_owned())];
    let one = ("[a-c]", word(), policy, some_resources());
    let one = one.prop_map(|(name, image, restart_policy, resources)| Container {
        name,
        image,
        restart_policy,
        resources,
    });
    prop::collection::vec(one, 0..3)
}

fn some_statuses() -> impl Strategy<Value = Vec<ContainerStatus>> {
    let one = (
        "[a-c]",
        some_state(),
        some_state(),
        any::<bool>(),
        -1..50i32,
    );
    let one = one.prop_map(
        |(name, state, last_state, ready, restart_count)| ContainerStatus {
            name,
            state,
            last_state,
            ready,
            restart_count,
        },
    );
    prop::collection::vec(one, 0..3)
}

fn kinds() -> impl Strategy<Value = (String, String)> {
    let kind = prop_oneof![
        Just("Ready"),
        Just("PodScheduled"),
        Just("Progressing"),
        Just("Available"),
        Just("ReplicaFailure")
    ];
    let status = prop_oneof![Just("True"), Just("False"), Just("Unknown")];
    (kind, status).prop_map(|(kind, status)| (kind.to_owned(), status.to_owned()))
}

prop_compose! {
    fn some_pod()(
        metadata in some_meta(),
        (init_containers, containers, node_name) in (some_containers(), some_containers(), word()),
        (added, ephemeral_container_statuses) in (some_containers(), some_statuses()),
        phase in prop_oneof![Just("Pending"), Just("Running"), Just("Failed"), Just("Succeeded"), Just("Later")],
        (message, reason) in (word(), word()),
        conditions in prop::collection::vec((kinds(), word(), word(), at()), 0..4),
        (init_container_statuses, container_statuses) in (some_statuses(), some_statuses()),
    ) -> Pod {
        let conditions = conditions.into_iter().map(|((kind, status), reason, message, last_transition_time)| Condition {
            kind, status, last_transition_time, reason, message,
        });
        Pod {
            metadata: Some(metadata),
            spec: Some(PodSpec {
                init_containers, containers, node_name,
                ephemeral_containers: added.into_iter().map(EphemeralContainer::from).collect(),
                ..PodSpec::default()
            }),
            status: Some(PodStatus {
                phase: phase.into(), conditions: conditions.collect(), message, reason, init_container_statuses, container_statuses,
                ephemeral_container_statuses,
            }),
        }
    }
}

/// `k8s\0`, then `runtime.Unknown` with the object in field 2.
fn enveloped(wire: &impl Message) -> Bytes {
    let unknown = Unknown {
        raw: wire.encode_to_vec().into(),
    };
    [MAGIC, &unknown.encode_to_vec()].concat().into()
}

fn binary_event(kind: &str, wire: &impl Message) -> Bytes {
    let object = Some(RawExtension {
        raw: enveloped(wire),
    });
    WatchEvent {
        kind: kind.into(),
        object,
    }
    .encode_to_vec()
    .into()
}

fn json_event(kind: &str, object: &Value) -> Bytes {
    json!({"type": kind, "object": object})
        .to_string()
        .into_bytes()
        .into()
}

fn both<W: Wire, R: FromWire<W>>(wire: &W, json: &Value) -> (Item<R>, Item<R>) {
    let mut intern = Intern::default();
    (
        event::<W, R>(
            Encoding::Protobuf,
            &binary_event("MODIFIED", wire),
            &mut intern,
        ),
        event::<W, R>(Encoding::Json, &json_event("MODIFIED", json), &mut intern),
    )
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(300) })]

    #[test]
    fn a_pod_in_json_and_in_protobuf_gives_equal_rows(pod in some_pod()) {
        let (binary, json) = both::<_, PodRow>(&pod, &pod_json(&pod));
        prop_assert!(matches!(&binary, Item::Applied(..)));
        prop_assert_eq!(binary, json);
    }

    #[test]
    fn no_bytes_make_a_decoder_panic(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        let frame = Bytes::from(bytes);
        for encoding in [Encoding::Protobuf, Encoding::Json] {
            let _ = event::<Pod, PodRow>(encoding, &frame, &mut Intern::default());
            let _ = listed::<Deployment, WorkloadRow>(encoding, &frame, &mut Intern::default());
        }
    }
}

fn named(name: &str, labels: &[(&str, &str)]) -> ObjectMeta {
    let pair = |(key, value): &(&str, &str)| Pair {
        key: (*key).to_owned(),
        value: (*value).to_owned(),
    };
    ObjectMeta {
        name: name.to_owned(),
        namespace: "shop".to_owned(),
        uid: format!("uid-{name}"),
        resource_version: "7".to_owned(),
        labels: labels.iter().map(pair).collect(),
        ..ObjectMeta::default()
    }
}

fn service_port(name: &str, port: i32, target: IntOrString) -> ServicePort {
    ServicePort {
        name: name.to_owned(),
        port,
        target_port: Some(target),
    }
}

#[test]
fn a_service_gives_equal_rows_in_both_encodings() {
    let selector = [("tier", "web"), ("app", "checkout")].map(|(key, value)| Pair {
        key: key.to_owned(),
        value: value.to_owned(),
    });
    let wire = Service {
        metadata: Some(named("checkout", &[])),
        spec: Some(ServiceSpec {
            selector: selector.to_vec(),
            kind: "ClusterIP".to_owned(),
            ports: vec![
                service_port(
                    "web",
                    80,
                    IntOrString {
                        kind: IntOrString::NAME,
                        name: "http".to_owned(),
                        ..IntOrString::default()
                    },
                ),
                service_port(
                    "admin",
                    81,
                    IntOrString {
                        number: 8081,
                        ..IntOrString::default()
                    },
                ),
            ],
        }),
        status: None,
    };
    let json = json!({
        "metadata": meta(wire.metadata.as_ref().unwrap()),
        "spec": {"selector": map(&selector), "type": "ClusterIP", "clusterIP": "10.0.0.1",
            "ports": [{"name": "web", "port": 80, "targetPort": "http"}, {"name": "admin", "port": 81, "targetPort": 8081}]},
    });
    let (binary, json) = both::<_, ServiceRow>(&wire, &json);
    assert_eq!(binary, json);
    let Item::Applied(row, _) = binary else {
        panic!("{binary:?}");
    };
    assert!(row.has_selector() && row.selector[0].0 == Outside::from("app"));
    let targets = row.ports.iter().map(|port| port.target.clone());
    assert_eq!(targets.collect::<Vec<_>>(), [Some("http".into()), None]);
}

#[test]
fn an_endpoint_slice_gives_equal_rows_in_both_encodings() {
    let endpoint = |pod: &str, ready| Endpoint {
        conditions: Some(EndpointConditions { ready }),
        target_ref: Some(ObjectReference {
            kind: "Pod".to_owned(),
            namespace: "shop".to_owned(),
            name: pod.to_owned(),
            uid: "u".to_owned(),
            ..ObjectReference::default()
        }),
    };
    let wire = EndpointSlice {
        metadata: Some(named(
            "checkout-x1",
            &[("kubernetes.io/service-name", "checkout")],
        )),
        endpoints: vec![endpoint("a", Some(false)), endpoint("b", None)],
        ports: vec![EndpointPort {
            name: "web".to_owned(),
        }],
        address_type: "IPv4".to_owned(),
    };
    let target = |pod: &str| json!({"kind": "Pod", "namespace": "shop", "name": pod, "uid": "u"});
    let json = json!({
        "metadata": meta(wire.metadata.as_ref().unwrap()),
        "addressType": "IPv4",
        "ports": [{"name": "web", "port": 8080, "protocol": "TCP"}],
        "endpoints": [
            {"addresses": ["10.0.0.1"], "conditions": {"ready": false}, "targetRef": target("a")},
            {"addresses": ["10.0.0.2"], "conditions": {}, "targetRef": target("b")},
        ],
    });
    let (binary, json) = both::<_, EndpointSliceRow>(&wire, &json);
    assert_eq!(binary, json);
    let Item::Applied(row, _) = binary else {
        panic!("{binary:?}");
    };
    assert_eq!(row.service, Some("checkout".into()));
    assert!(!row.endpoints[0].is_ready && row.endpoints[1].is_ready);
}

#[test]
fn a_node_gives_equal_rows_in_both_encodings() {
    let since = Some(Time {
        seconds: 1_772_335_000,
    });
    let one = |kind: &str, status: &str| Condition {
        kind: kind.to_owned(),
        status: status.to_owned(),
        last_transition_time: since,
        ..Condition::default()
    };
    let taint = |key: &str, value: &str| Taint {
        key: key.to_owned(),
        value: value.to_owned(),
        effect: "NoSchedule".to_owned(),
    };
    let all = vec![
        one("MemoryPressure", "True"),
        one("DiskPressure", "False"),
        one("Ready", "Unknown"),
    ];
    let wire = Node {
        metadata: Some(named("node-1", &[])),
        spec: Some(NodeSpec {
            unschedulable: true,
            taints: vec![
                taint("gpu", "true"),
                taint("node.kubernetes.io/unschedulable", ""),
                taint("dedicated", ""),
            ],
        }),
        status: Some(NodeStatus {
            conditions: all.clone(),
        }),
    };
    let json = json!({
        "metadata": meta(wire.metadata.as_ref().unwrap()),
        "spec": {"unschedulable": true, "taints": [
            {"key": "gpu", "value": "true", "effect": "NoSchedule"},
            {"key": "node.kubernetes.io/unschedulable", "effect": "NoSchedule"},
            {"key": "dedicated", "effect": "NoSchedule"},
        ]},
        "status": {"conditions": conditions(all)},
    });
    let (binary, json) = both::<_, NodeRow>(&wire, &json);
    assert_eq!(binary, json);
    let Item::Applied(row, _) = binary else {
        panic!("{binary:?}");
    };
    assert!(!row.is_ready() && row.is_cordoned);
    assert_eq!(*row.pressures, ["MemoryPressure".into()]);
    let set = ["gpu=true:NoSchedule".into(), "dedicated:NoSchedule".into()];
    assert_eq!(*row.taints, set);
}

#[test]
fn an_event_of_the_cluster_gives_equal_rows_in_both_encodings() {
    let wire = Event {
        metadata: Some(ObjectMeta {
            name: "x.17".into(),
            namespace: "shop".into(),
            uid: "u".into(),
            resource_version: "9".into(),
            ..ObjectMeta::default()
        }),
        involved_object: Some(ObjectReference {
            kind: "Pod".into(),
            namespace: "shop".into(),
            name: "x".into(),
            uid: "p".into(),
            field_path: "spec.containers{app}".to_owned(),
        }),
        reason: "BackOff".into(),
        message: "Back-off restarting".into(),
        first_timestamp: Some(Time { seconds: 100 }),
        last_timestamp: Some(Time { seconds: 200 }),
        count: 7,
        kind: "Warning".into(),
        event_time: None,
        series: None,
    };
    let json = json!({
        "metadata": {"name": "x.17", "namespace": "shop", "uid": "u", "resourceVersion": "9", "creationTimestamp": null},
        "involvedObject": {"kind": "Pod", "namespace": "shop", "name": "x", "uid": "p", "fieldPath": "spec.containers{app}"},
        "reason": "BackOff", "message": "Back-off restarting", "type": "Warning", "count": 7, "eventTime": null, "series": null,
        "firstTimestamp": "1970-01-01T00:01:40Z", "lastTimestamp": "1970-01-01T00:03:20Z",
    });
    let (binary, from_json) = both::<_, EventRow>(&wire, &json);
    assert_eq!(binary, from_json);
    assert!(matches!(binary, Item::Applied(row, _) if row.count == 7 && row.is_warning));
}

#[test]
fn lists_that_are_null_are_empty() {
    let json = json!({"metadata": {"uid": "u", "name": "x", "labels": null, "ownerReferences": null},
        "spec": {"containers": null}, "status": {"conditions": null, "containerStatuses": null}});
    let item = event::<Pod, PodRow>(
        Encoding::Json,
        &json_event("ADDED", &json),
        &mut Intern::default(),
    );
    assert!(matches!(item, Item::Applied(row, _) if row.containers.is_empty()));
}

#[test]
fn an_object_that_cannot_be_decoded_is_told_by_its_name() {
    let odd = json!({"metadata": {"uid": "u", "name": "odd", "namespace": "shop"}, "spec": {"containers": 5}});
    let nameless = json!({"metadata": 5});
    let mut intern = Intern::default();
    let item = event::<Pod, PodRow>(Encoding::Json, &json_event("ADDED", &odd), &mut intern);
    assert_eq!(item, Item::Unreadable("shop/odd".into()));
    let item = event::<Pod, PodRow>(Encoding::Json, &json_event("ADDED", &nameless), &mut intern);
    assert_eq!(item, Item::Unreadable("?".into()));
    let no_uid = Pod {
        metadata: Some(ObjectMeta {
            name: "x".into(),
            ..ObjectMeta::default()
        }),
        ..Pod::default()
    };
    let item = event::<Pod, PodRow>(
        Encoding::Protobuf,
        &binary_event("ADDED", &no_uid),
        &mut intern,
    );
    assert_eq!(item, Item::Unreadable("x".into()));
}

#[test]
fn bookmarks_errors_and_unknown_types_are_what_they_say() {
    let mut intern = Intern::default();
    let mut of = |kind: &str, object: Value| {
        event::<Pod, PodRow>(Encoding::Json, &json_event(kind, &object), &mut intern)
    };
    let end = json!({"metadata": {"resourceVersion": "9", "annotations": {"k8s.io/initial-events-end": "true"}}});
    assert_eq!(
        of("BOOKMARK", end),
        Item::Bookmark {
            version: "9".into(),
            ends_initial: true
        }
    );
    let mark = json!({"metadata": {"resourceVersion": "9"}});
    assert_eq!(
        of("BOOKMARK", mark),
        Item::Bookmark {
            version: "9".into(),
            ends_initial: false
        }
    );
    let expired = json!({"kind": "Status", "code": 410, "reason": "Expired", "message": "too old", "metadata": {}});
    assert!(
        matches!(of("ERROR", expired), Item::Error(status) if status.code == 410 && status.reason == "Expired")
    );
    assert_eq!(of("WEIRD", json!({})), Item::Strange);
}

#[test]
fn only_what_an_api_server_answers_is_decoded() {
    assert_eq!(
        Encoding::of("application/json; charset=utf-8"),
        Some(Encoding::Json)
    );
    assert_eq!(
        Encoding::of("application/vnd.kubernetes.protobuf;stream=watch"),
        Some(Encoding::Protobuf)
    );
    assert_eq!(Encoding::of("text/html"), None);
    assert_eq!(Encoding::of(""), None);
}
