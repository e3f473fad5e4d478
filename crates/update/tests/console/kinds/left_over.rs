//! What is left of pods that were replaced: counted and folded while their workload has what it wants.

use super::*;
use harness::fixtures::{crashing, named};
use harness::writing::checkout;
use model::workload::WorkloadRow;

/// Failed for a reason of its own that long ago.
fn failed(name: &str, reason: &str, message: &str, seconds: i64) -> Value {
    let app = container("app", &ended(137, "Error", seconds), &json!({}), 0);
    let is_rejected = reason.starts_with("OutOf") || reason == "NodeAffinity";
    let statuses = if is_rejected { json!([]) } else { json!([app]) };
    pod(
        name,
        &json!({
            "metadata": {
                "labels": {"pod-template-hash": "d87"}, "creationTimestamp": ago(seconds + 600),
                "ownerReferences": [{"kind": "ReplicaSet", "name": "spot-d87", "controller": true}],
            },
            "status": {
                "phase": "Failed", "reason": reason, "message": message, "containerStatuses": statuses,
                "conditions": [condition("Ready", "False", seconds, "PodFailed", "")],
            },
        }),
    )
}

/// One of each kind, a few minutes old.
fn all() -> Vec<Value> {
    let kinds = [
        (
            "Terminated",
            "Pod was terminated in response to imminent node shutdown.",
        ),
        ("NodeShutdown", "Pod was rejected: node is shutting down"),
        (
            "NodeAffinity",
            "Pod was rejected: Predicate NodeAffinity failed",
        ),
        (
            "OutOfcpu",
            "Pod was rejected: Node didn't have enough resource: cpu",
        ),
        (
            "OutOfmemory",
            "Pod was rejected: Node didn't have enough resource: memory",
        ),
        ("Evicted", "The node was low on resource: memory."),
        (
            "UnexpectedAdmissionError",
            "Allocate failed due to no healthy devices present",
        ),
        ("Preempting", "Preempted in order to admit critical pod"),
    ];
    let each = (0..).zip(kinds);
    each.map(|(at, (reason, message))| failed(&format!("spot-d87-{at}"), reason, message, 120))
        .collect()
}

/// Deployment `spot` with so many of three pods available.
fn spot(available: u32, version: u64) -> WorkloadRow {
    let mut row = harness::fixtures::versioned(named(checkout(3), "spot"), version);
    (row.wanted, row.current, row.updated) = (3, 3, 3);
    (row.ready, row.available) = (available, available);
    row
}

#[test]
fn what_is_left_of_a_workload_that_is_complete_is_counted_and_folded() {
    let mut pods = rows(&all());
    pods.push(crashing("checkout-7d9f-x2k", 1, "Error"));
    let mut console = Console::live(120, 40, pods);
    console.deployments(vec![spot(3, 1)]);
    assert!(console.shows("1 sick / 9"), "{}", console.screen());
    assert!(console.shows("8 left over"), "{}", console.screen());
    assert!(!console.shows("spot-d87"), "{}", console.screen());
    console.type_keys("2 z /");
    console.type_text("left-over");
    console.type_keys("enter");
    says(
        &console,
        "spot-d87-0",
        &["Terminated", "Pod was terminated in response"],
    );
    says(
        &console,
        "spot-d87-3",
        &["OutOfcpu", "Pod was rejected: Node didn't have"],
    );
    console.type_keys("esc");
    assert!(!console.shows("spot-d87"), "{}", console.screen());
}

#[test]
fn it_never_stands_above_live_trouble() {
    let mut pods = rows(&all());
    pods.push(crashing("zz-7d9f-x2k", 1, "Error"));
    let mut console = Console::live(220, 40, pods);
    console.type_keys("2 z");
    console.deployments(vec![spot(1, 1)]);
    let live = console.line_with("zz-7d9f-x2k").unwrap();
    assert_eq!(counts(&console), (8, 9), "the evicted one never counts");
    assert!(
        live < console.line_with("spot-d87-0").unwrap(),
        "{}",
        console.screen()
    );
    says(
        &console,
        "spot-d87-3",
        &["OutOfcpu", "enough resource: cpu"],
    );
    console.deployments(vec![spot(3, 2)]);
    assert_eq!(counts(&console), (1, 9), "the workload has its pods again");
    console.advance(2_000);
    assert!(!console.shows("spot-d87-0"), "{}", console.screen());
    console.deployments(vec![spot(2, 3)]);
    assert_eq!(counts(&console), (8, 9));
    console.advance(600_000);
    assert_eq!(
        counts(&console),
        (1, 9),
        "after ten minutes they say nothing about now"
    );
}

#[test]
fn pods_that_completed_when_their_node_went_are_folded_too() {
    let mut completed = failed("spot-d87-0", "", "", 86_400);
    lay(&mut completed, &json!({"status": {"phase": "Succeeded"}}));
    let mut console = seen(&[completed], &[]);
    console.deployments(vec![spot(3, 1)]);
    console.advance(2_000);
    assert!(
        console.shows("1 left over") && !console.shows("spot-d87"),
        "{}",
        console.screen()
    );
}

#[test]
fn a_pod_that_nothing_replaces_is_not_left_over() {
    let mut alone = failed(
        "alone",
        "OutOfcpu",
        "Pod was rejected: Node didn't have enough resource: cpu",
        120,
    );
    alone["metadata"]["ownerReferences"] = json!([]);
    let mut console = seen(&[alone], &[]);
    console.deployments(vec![spot(3, 1)]);
    says(&console, "alone", &["OutOfcpu", "enough resource: cpu"]);
    assert_eq!(counts(&console), (1, 1));
}
