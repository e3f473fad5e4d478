//! Pods that no node takes: which label, taint, resource or claim, and on how many nodes.

use super::*;
use model::message::{TableChange, WatchChange};

fn unplaced(name: &str, reason: &str, message: &str, spec: &Value) -> Value {
    let mut pod = pod(
        name,
        &json!({
            "metadata": {"creationTimestamp": ago(300)},
            "status": {"phase": "Pending", "conditions": [condition("PodScheduled", "False", 300, reason, message)]},
        }),
    );
    pod["spec"]["nodeName"] = Value::Null;
    lay(&mut pod, &json!({"spec": spec}));
    pod["spec"].as_object_mut().unwrap().remove("nodeName");
    pod
}

fn node(name: &str, labels: &Value) -> Value {
    let ready = condition("Ready", "True", 9_000, "KubeletReady", "");
    json!({"metadata": {"name": name, "uid": name, "labels": labels}, "status": {"conditions": [ready]}})
}

fn nodes(console: &mut Console) {
    let nodes = [
        node("n1", &json!({"disktype": "hdd", "zone": "a"})),
        node("n2", &json!({"disktype": "hdd", "zone": "b"})),
        node("n3", &json!({"zone": "b"})),
        node("n4", &json!({})),
    ];
    console.nodes(read(bodies::listed_nodes, &nodes));
}

const PREEMPTION: &str =
    "preemption: 0/4 nodes are available: 4 Preemption is not helpful for scheduling.";

#[test]
fn the_label_the_resource_and_the_taint_are_named_with_their_nodes() {
    let label = format!(
        "0/4 nodes are available: 4 node(s) didn't match Pod's node affinity/selector. {PREEMPTION}"
    );
    let cpu = format!(
        "0/4 nodes are available: 1 node(s) had untolerated taint {{gpu: true}}, 3 Insufficient cpu. {PREEMPTION}"
    );
    let zone = json!({"affinity": {"nodeAffinity": {"requiredDuringSchedulingIgnoredDuringExecution": {"nodeSelectorTerms": [
        {"matchExpressions": [{"key": "zone", "operator": "In", "values": ["c", "d"]}]},
    ]}}}});
    let pods = [
        unplaced(
            "a-label",
            "Unschedulable",
            &label,
            &json!({"nodeSelector": {"disktype": "ssd", "zone": "b"}}),
        ),
        unplaced("b-zone", "Unschedulable", &label, &zone),
        unplaced("c-cpu", "Unschedulable", &cpu, &json!({})),
        unplaced(
            "d-both",
            "Unschedulable",
            &label,
            &json!({"nodeSelector": {"disktype": "hdd", "zone": "a"}}),
        ),
        unplaced(
            "e-other",
            "Unschedulable",
            "no nodes available to schedule pods",
            &json!({}),
        ),
    ];
    let mut console = seen(&pods, &[]);
    nodes(&mut console);
    says(&console, "a-label", &["disktype=ssd on 0 of 4 nodes"]);
    says(&console, "b-zone", &["zone=c|d on 0 of 4 nodes"]);
    says(
        &console,
        "c-cpu",
        &["too little cpu on 3 of 4 nodes, taint gpu=true on 1 of 4 nodes"],
    );
    says(
        &console,
        "d-both",
        &["zone=a on 1 of 4 nodes, disktype=hdd on 2 of 4 nodes"],
    );
    says(
        &console,
        "e-other",
        &["no nodes available to schedule pods"],
    );
}

#[test]
fn the_whole_sentence_of_the_scheduler_is_one_key_away() {
    let taints: Vec<String> = (0..40)
        .map(|at| format!("1 node(s) had untolerated taint {{pool: number-{at}}}"))
        .collect();
    let sentence = format!(
        "0/40 nodes are available: {}. {PREEMPTION}",
        taints.join(", ")
    );
    let wire = unplaced("a-pod", "Unschedulable", &sentence, &json!({}));
    let detail = read(bodies::listed_details, std::slice::from_ref(&wire)).remove(0);
    let mut console = seen(&[wire], &[]);
    console.type_keys("g enter");
    console.table(TableChange::Detail(
        "a-pod".into(),
        WatchChange::Batch {
            rows: vec![detail],
            gone: Vec::new(),
            unreadable: Vec::new(),
        },
    ));
    let page = console.screen().replace(['│', '\n'], " ");
    let words: Vec<&str> = page.split_whitespace().collect();
    assert!(
        words
            .join(" ")
            .contains("number-39}. preemption: 0/4 nodes are available"),
        "{}",
        console.screen()
    );
}

#[test]
fn the_event_of_the_claim_says_why_a_volume_is_not_there() {
    let unbound = format!(
        "0/4 nodes are available: pod has unbound immediate PersistentVolumeClaims. {PREEMPTION}"
    );
    let claim =
        json!({"volumes": [{"name": "data", "persistentVolumeClaim": {"claimName": "data-db-0"}}]});
    let quiet =
        json!({"volumes": [{"name": "data", "persistentVolumeClaim": {"claimName": "quiet"}}]});
    let own = json!({"volumes": [{"name": "scratch", "ephemeral": {"volumeClaimTemplate": {}}}]});
    let pods = [
        unplaced("a-db", "Unschedulable", &unbound, &claim),
        unplaced("b-own", "Unschedulable", &unbound, &own),
        unplaced("c-calm", "Unschedulable", &unbound, &json!({})),
        unplaced(
            "d-cpu",
            "Unschedulable",
            "0/4 nodes are available: 4 Insufficient cpu.",
            &claim,
        ),
        unplaced("e-quiet", "Unschedulable", &unbound, &quiet),
    ];
    let missing = r#"storageclass.storage.k8s.io "fast" not found"#;
    let full = r#"failed to provision volume with StorageClass "slow": rpc error: code = ResourceExhausted desc = quota of disks exceeded"#;
    let events = [
        event(
            ("PersistentVolumeClaim", "data-db-0"),
            "ProvisioningFailed",
            missing,
            (9, 20),
        ),
        event(
            ("PersistentVolumeClaim", "b-own-scratch"),
            "ProvisioningFailed",
            full,
            (2, 20),
        ),
    ];
    let console = seen(&pods, &events);
    says(&console, "a-db", &[missing, "(claim data-db-0)"]);
    says(
        &console,
        "b-own",
        &["quota of disks exceeded (claim b-own-scratch)"],
    );
    says(&console, "d-cpu", &["too little cpu on 4 of 4 nodes"]);
    says(
        &console,
        "e-quiet",
        &["claim quiet not bound: 0/4 nodes are available"],
    );
    says(
        &console,
        "c-calm",
        &["unbound immediate PersistentVolumeClaims"],
    );
}

#[test]
fn a_pod_behind_a_scheduling_gate_waits_and_is_not_sick() {
    let blocked = "Scheduling is blocked due to non-empty scheduling gates";
    let gates =
        json!({"schedulingGates": [{"name": "example.com/quota"}, {"name": "example.com/gang"}]});
    let pods = [unplaced("a-gated", "SchedulingGated", blocked, &gates)];
    let mut console = seen(&pods, &[]);
    console.advance(600_000);
    says(
        &console,
        "a-gated",
        &[
            "SchedulingGated",
            "waits for gate example.com/quota, example.com/gang",
        ],
    );
    assert_eq!(counts(&console), (0, 1));
    assert!(console.shows("1 gated"), "{}", console.screen());
}
