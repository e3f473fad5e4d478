//! Pods that run and are not ready, or are to be gone and are not: who keeps them.

use super::*;
use harness::rollouts::{agent, daemonset};
use model::message::{TableChange, WatchChange};

/// Its containers run and are ready; the pod is not, since 11 minutes.
fn gated(name: &str, conditions: &[Value]) -> Value {
    let mut all = vec![condition(
        "Ready",
        "False",
        660,
        "ReadinessGatesNotReady",
        "some gate",
    )];
    all.extend(conditions.iter().cloned());
    pod(
        name,
        &json!({
            "spec": {"readinessGates": [{"conditionType": "lb.example/a"}, {"conditionType": "lb.example/b"}]},
            "status": {"conditions": all, "containerStatuses": [container("app", &running(700), &json!({}), 0)]},
        }),
    )
}

#[test]
fn a_readiness_gate_is_named_with_its_words() {
    let first = condition("lb.example/a", "True", 600, "Healthy", "");
    let second = condition(
        "lb.example/b",
        "False",
        600,
        "ResponseCodeMismatch",
        "Health checks failed with these codes: [503]",
    );
    let wordless = condition("lb.example/b", "False", 600, "", "");
    let pods = [
        gated("a-unhealthy", &[first.clone(), second]),
        gated("b-missing", std::slice::from_ref(&first)),
        gated("c-wordless", &[first, wordless]),
    ];
    let console = seen(&pods, &[]);
    says(
        &console,
        "a-unhealthy",
        &[
            "Health checks failed with these codes: [503]",
            "lb.example/b",
        ],
    );
    says(&console, "b-missing", &["not set", "lb.example/b"]);
    says(&console, "c-wordless", &["is false", "lb.example/b"]);
    assert!(!row(&console, "a-unhealthy").contains("lb.example/a"));
}

#[test]
fn a_gate_is_not_blamed_while_a_container_is_not_ready() {
    let mut pod = gated("a-pod", &[]);
    pod["status"]["containerStatuses"][0]["ready"] = json!(false);
    says(&seen(&[pod], &[]), "a-pod", &["not ready for 11m"]);
}

#[test]
fn the_finalizer_that_keeps_a_pod_stands_in_row_and_page() {
    let deleted = |seconds: i64| json!({"deletionTimestamp": ago(seconds), "finalizers": ["queue.example/reporter"]});
    let done = json!({"phase": "Succeeded", "containerStatuses": [container("app", &ended(0, "Completed", 400), &json!({}), 0)]});
    let pods = [
        pod(
            "a-runs",
            &json!({"metadata": deleted(300), "status": {"phase": "Running"}}),
        ),
        pod("b-done", &json!({"metadata": deleted(300), "status": done})),
        pod(
            "c-young",
            &json!({"metadata": deleted(5), "status": {"phase": "Running"}}),
        ),
        pod(
            "d-free",
            &json!({"metadata": {"deletionTimestamp": ago(300)}}),
        ),
    ];
    let mut console = seen(&pods, &[]);
    says(
        &console,
        "a-runs",
        &[
            "Terminating",
            "finalizer queue.example/reporter, 5m past its grace period",
        ],
    );
    says(
        &console,
        "b-done",
        &[
            "Completed",
            "finalizer queue.example/reporter, 5m past its grace period",
        ],
    );
    says(
        &console,
        "c-young",
        &["Terminating", "finalizer queue.example/reporter"],
    );
    says(&console, "d-free", &["5m past its grace period"]);
    assert_eq!(counts(&console), (3, 4));
    let detail = read(bodies::listed_details, &pods[..1]).remove(0);
    console.type_keys("g enter");
    assert_eq!(
        console
            .model
            .cluster
            .detail
            .as_ref()
            .unwrap()
            .object
            .name
            .raw(),
        "a-runs"
    );
    console.table(TableChange::Detail(
        "a-runs".into(),
        WatchChange::Batch {
            rows: vec![detail],
            gone: Vec::new(),
            unreadable: Vec::new(),
        },
    ));
    assert!(
        console.shows("Finalizers") && console.shows("  queue.example/reporter"),
        "{}",
        console.screen()
    );
}

/// A node, not ready since four minutes for this reason.
fn node(name: &str, status: &str, reason: &str, message: &str) -> Value {
    let ready = condition("Ready", status, 240, reason, message);
    json!({"metadata": {"name": name, "uid": name}, "status": {"conditions": [ready]}})
}

const SILENT: &str = "Kubelet stopped posting node status.";

#[test]
fn a_node_that_does_not_answer_is_named_at_its_pods() {
    let unready = |name: &str, node: &str| {
        pod(
            name,
            &json!({
                "spec": {"nodeName": node},
                "status": {
                    "conditions": [condition("Ready", "False", 200, "", "")],
                    "containerStatuses": [container("app", &running(3_000), &json!({}), 0)],
                },
            }),
        )
    };
    let pods = [
        unready("a-gone", "node-3"),
        unready("b-ill", "node-4"),
        unready("c-own", "node-5"),
    ];
    let mut console = seen(&pods, &[]);
    says(&console, "a-gone", &["not ready for 4m"]);
    let nodes = [
        node("node-3", "Unknown", "NodeStatusUnknown", SILENT),
        node(
            "node-4",
            "False",
            "KubeletNotReady",
            "container runtime network not ready",
        ),
        node("node-5", "True", "KubeletReady", ""),
    ];
    console.nodes(read(bodies::listed_nodes, &nodes));
    says(&console, "a-gone", &["node-3 does not answer for 4m"]);
    says(
        &console,
        "b-ill",
        &["node-4 not ready for 4m: KubeletNotReady: container runtime network not ready"],
    );
    says(&console, "c-own", &["not ready for 4m"]);
    let well = [node("node-3", "True", "KubeletReady", "")];
    console.nodes(read(bodies::listed_nodes, &well));
    says(&console, "a-gone", &["not ready for 4m"]);
    assert!(!row(&console, "a-gone").contains("node-3 does not"));
}

#[test]
fn a_rollout_of_a_daemon_set_that_stands_on_a_node_names_it() {
    let of_agent = |name: &str, node: &str, ready: &str, over: Value| {
        let mut pod = pod(
            name,
            &json!({
                "metadata": {"ownerReferences": [{"kind": "DaemonSet", "name": "agent", "controller": true}]},
                "spec": {"nodeName": node},
                "status": {
                    "conditions": [condition("Ready", ready, 200, "", "")],
                    "containerStatuses": [container("app", &running(3_000), &json!({}), 0)],
                },
            }),
        );
        lay(&mut pod, &over);
        pod
    };
    let going = json!({"metadata": {"deletionTimestamp": ago(100)}});
    let pods = [
        of_agent("agent-a", "node-3", "False", going),
        of_agent("agent-b", "node-5", "True", json!({})),
    ];
    let mut console = seen(&pods, &[]);
    let mut row = agent();
    (row.wanted, row.current, row.updated) = (2, 2, 1);
    (row.ready, row.available) = (1, 1);
    daemonset(&mut console, row);
    console.type_keys("4");
    console.advance(2_000);
    assert!(!console.shows("node-3 does not answer"));
    let nodes = [
        node("node-3", "Unknown", "NodeStatusUnknown", SILENT),
        node("node-5", "True", "KubeletReady", ""),
    ];
    console.nodes(read(bodies::listed_nodes, &nodes));
    console.advance(2_000);
    assert!(
        console.shows("node-3 does not answer (old agent-a)"),
        "{}",
        console.screen()
    );
    let well = [node("node-3", "True", "KubeletReady", "")];
    console.nodes(read(bodies::listed_nodes, &well));
    console.advance(2_000);
    assert!(
        !console.shows("node-3 does not answer"),
        "{}",
        console.screen()
    );
}
