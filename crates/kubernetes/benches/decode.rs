//! Decoding 10,000 pods of 7 KB as a watch and as a list, in both encodings, into rows. The floor beside them reads every
//! byte once.
#![allow(clippy::unwrap_used)]

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use kubernetes::bodies::{listed_pods, watched_pods};
use serde_json::{Value, json};

const PODS: usize = 10_000;
/// `managedFields` of a pod that a kubelet reports on: a quarter of its size, and skipped by both decoders.
const MANAGED_FIELDS: usize = 1_800;
const JSON: &str = "application/json";
const PROTOBUF: &str = "application/vnd.kubernetes.protobuf";

/// Field `number`, length-delimited.
fn field(number: u32, body: &[u8]) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(body.len() + 8);
    prost::encoding::encode_varint(u64::from(number << 3 | 2), &mut bytes);
    prost::encoding::encode_varint(body.len() as u64, &mut bytes);
    bytes.extend_from_slice(body);
    bytes
}

fn number(number: u32, value: u64) -> Vec<u8> {
    let mut bytes = Vec::new();
    prost::encoding::encode_varint(u64::from(number << 3), &mut bytes);
    prost::encoding::encode_varint(value, &mut bytes);
    bytes
}

fn message(fields: &[Vec<u8>]) -> Vec<u8> {
    fields.concat()
}

fn pair(key: &str, value: &str) -> Vec<u8> {
    message(&[field(1, key.as_bytes()), field(2, value.as_bytes())])
}

fn name(at: usize) -> String {
    format!("checkout-7d9f8b6c5d-{at:05}")
}

fn uid(at: usize) -> String {
    format!("5c6e1a52-0000-4000-8000-{at:012}")
}

fn binary_pod(at: usize) -> Vec<u8> {
    let started = number(1, 1_700_000_000);
    let env: Vec<Vec<u8>> = (0..20)
        .map(|n| field(7, &pair(&format!("SETTING_{n}"), &"v".repeat(60))))
        .collect();
    let container = |name: &str| {
        let image = format!("registry.example/{name}:1.9.2");
        message(&[
            field(1, name.as_bytes()),
            field(2, image.as_bytes()),
            env.concat(),
        ])
    };
    let status = |name: &str| {
        let state = field(2, &field(1, &started));
        message(&[
            field(1, name.as_bytes()),
            field(2, &state),
            number(4, 1),
            number(5, 3),
            field(7, &[b'i'; 90]),
            field(8, &[b'c'; 76]),
        ])
    };
    let condition = |kind: &str| {
        message(&[
            field(1, kind.as_bytes()),
            field(2, b"True"),
            field(4, &started),
        ])
    };
    let owner = message(&[
        field(1, b"ReplicaSet"),
        field(3, b"checkout-7d9f8b6c5d"),
        number(6, 1),
    ]);
    let meta = message(&[
        field(1, name(at).as_bytes()),
        field(3, format!("team-{:02}", at % 50).as_bytes()),
        field(5, uid(at).as_bytes()),
        field(6, (100_000 + at).to_string().as_bytes()),
        field(8, &started),
        field(11, &pair("app", "checkout")),
        field(11, &pair("pod-template-hash", "7d9f8b6c5d")),
        field(13, &owner),
        field(17, &[b'm'; MANAGED_FIELDS]),
    ]);
    let spec = message(&[
        field(1, &[b'v'; 600]),
        field(2, &container("app")),
        field(2, &container("proxy")),
        field(10, format!("node-{}", at % 100).as_bytes()),
    ]);
    let status = message(&[
        field(1, b"Running"),
        field(2, &condition("PodScheduled")),
        field(2, &condition("Ready")),
        field(8, &status("app")),
        field(8, &status("proxy")),
    ]);
    message(&[field(1, &meta), field(2, &spec), field(3, &status)])
}

fn json_pod(at: usize) -> Value {
    let since = "2023-11-14T22:13:20Z";
    let env: Vec<Value> = (0..20)
        .map(|n| json!({"name": format!("SETTING_{n}"), "value": "v".repeat(60)}))
        .collect();
    let container = |name: &str| json!({"name": name, "image": format!("registry.example/{name}:1.9.2"), "env": env});
    let status = |name: &str| json!({"name": name, "state": {"running": {"startedAt": since}}, "ready": true, "restartCount": 3, "imageID": "i".repeat(90), "containerID": "c".repeat(76)});
    let condition =
        |kind: &str| json!({"type": kind, "status": "True", "lastTransitionTime": since});
    json!({
        "metadata": {
            "name": name(at), "namespace": format!("team-{:02}", at % 50), "uid": uid(at), "resourceVersion": (100_000 + at).to_string(),
            "creationTimestamp": since, "labels": {"app": "checkout", "pod-template-hash": "7d9f8b6c5d"},
            "ownerReferences": [{"kind": "ReplicaSet", "name": "checkout-7d9f8b6c5d", "controller": true}],
            "managedFields": "m".repeat(MANAGED_FIELDS),
        },
        "spec": {"volumes": "v".repeat(600), "containers": [container("app"), container("proxy")], "nodeName": format!("node-{}", at % 100)},
        "status": {"phase": "Running", "conditions": [condition("PodScheduled"), condition("Ready")], "containerStatuses": [status("app"), status("proxy")]},
    })
}

fn enveloped(object: &[u8]) -> Vec<u8> {
    [b"k8s\0", &field(2, object)[..]].concat()
}

fn binary_watch() -> Vec<u8> {
    let mut body = Vec::new();
    for at in 0..PODS {
        let event = message(&[
            field(1, b"ADDED"),
            field(2, &field(1, &enveloped(&binary_pod(at)))),
        ]);
        body.extend_from_slice(&u32::try_from(event.len()).unwrap().to_be_bytes());
        body.extend_from_slice(&event);
    }
    body
}

fn binary_list() -> Vec<u8> {
    let mut list = field(1, &field(2, b"200000"));
    (0..PODS).for_each(|at| list.extend_from_slice(&field(2, &binary_pod(at))));
    enveloped(&list)
}

fn json_watch() -> Vec<u8> {
    let line = |at| format!("{}\n", json!({"type": "ADDED", "object": json_pod(at)}));
    (0..PODS).map(line).collect::<String>().into_bytes()
}

fn json_list() -> Vec<u8> {
    let items: Vec<Value> = (0..PODS).map(json_pod).collect();
    json!({"kind": "PodList", "metadata": {"resourceVersion": "200000"}, "items": items})
        .to_string()
        .into_bytes()
}

type Decode = fn(&str, &[u8]) -> Option<kubernetes::bodies::Body<model::pods::PodRow>>;

fn decode(criterion: &mut Criterion) {
    let bodies: [(&str, &str, Vec<u8>, Decode); 4] = [
        ("watch/protobuf", PROTOBUF, binary_watch(), watched_pods),
        ("watch/json", JSON, json_watch(), watched_pods),
        ("list/protobuf", PROTOBUF, binary_list(), listed_pods),
        ("list/json", JSON, json_list(), listed_pods),
    ];
    let mut group = criterion.benchmark_group("decode 10,000 pods");
    group.sample_size(20);
    for (name, kind, body, decode) in &bodies {
        assert_eq!(decode(kind, body).unwrap().rows.len(), PODS, "{name}");
        group.throughput(Throughput::Bytes(body.len() as u64));
        group.bench_function(format!("{name}/floor"), |bencher| {
            bencher.iter(|| {
                body.iter()
                    .fold(0u64, |sum, byte| sum.wrapping_add(u64::from(*byte)))
            });
        });
        group.bench_function(*name, |bencher| bencher.iter(|| decode(kind, body)));
    }
    group.finish();
}

criterion_group!(benches, decode);
criterion_main!(benches);
