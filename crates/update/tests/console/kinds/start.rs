//! Pods that do not start: what holds them up stands in the row.

use super::*;
use model::message::{TableChange, WatchChange};

/// Placed two minutes ago, its container waits for this.
fn creating(name: &str, state: &Value) -> Value {
    pod(
        name,
        &json!({
            "metadata": {"creationTimestamp": ago(120)},
            "status": {
                "phase": "Pending",
                "conditions": [condition("PodScheduled", "True", 120, "", ""), condition("Ready", "False", 120, "", "")],
                "containerStatuses": [container("app", state, &json!({}), 0)],
            },
        }),
    )
}

#[test]
fn a_volume_that_cannot_be_mounted_is_named_in_the_row() {
    let starting = waiting("ContainerCreating", "");
    let names = ["a-secret", "b-attach", "c-sandbox", "d-calm", "e-old"];
    let pods = names.map(|name| creating(name, &starting));
    let mount = r#"MountVolume.SetUp failed for volume "creds" : secret "shop-db" not found"#;
    let timed_out = "Unable to attach or mount volumes: unmounted volumes=[creds], unattached volumes=[creds]: timed out waiting for the condition";
    let attach = r#"Multi-Attach error for volume "pvc-7" Volume is already used by pod(s) db-0"#;
    let sandbox = r#"Failed to create pod sandbox: rpc error: code = Unknown desc = failed to setup network for sandbox "77": plugin type="calico" failed"#;
    let events = [
        event(("Pod", "a-secret"), "FailedMount", mount, (14, 20)),
        event(("Pod", "a-secret"), "FailedMount", timed_out, (2, 5)),
        event(("Pod", "b-attach"), "FailedAttachVolume", attach, (3, 20)),
        event(
            ("Pod", "c-sandbox"),
            "FailedCreatePodSandBox",
            sandbox,
            (9, 20),
        ),
        event(("Pod", "e-old"), "FailedMount", mount, (2, 1_200)),
    ];
    let console = seen(&pods, &events);
    says(
        &console,
        "a-secret",
        &[r#"secret "shop-db" not found (FailedMount x14)"#],
    );
    says(
        &console,
        "b-attach",
        &["Multi-Attach error", "(FailedAttachVolume x3)"],
    );
    says(
        &console,
        "c-sandbox",
        &[
            r#"failed to setup network for sandbox "77""#,
            "(FailedCreatePodSandBox x9)",
        ],
    );
    says(&console, "d-calm", &["starting for 2m"]);
    says(&console, "e-old", &["(FailedMount x2, 20m ago)"]);
}

#[test]
fn the_words_come_with_their_event_and_go_with_it() {
    let pods = [creating("a-secret", &waiting("ContainerCreating", ""))];
    let mount = r#"MountVolume.SetUp failed for volume "creds" : secret "shop-db" not found"#;
    let events = [event(("Pod", "a-secret"), "FailedMount", mount, (14, 20))];
    let mut console = seen(&pods, &events);
    says(&console, "a-secret", &["shop-db"]);
    let events = console.model.cluster.warnings.table.rows();
    let gone: Vec<_> = events.map(|event| event.uid.clone()).collect();
    console.table(TableChange::Warnings(WatchChange::Batch {
        rows: Vec::new(),
        gone,
        unreadable: Vec::new(),
    }));
    says(&console, "a-secret", &["starting for 2m"]);
    let events = [event(("Pod", "a-secret"), "FailedMount", mount, (14, 20))];
    console.warnings(read(bodies::listed_events, &events));
    says(&console, "a-secret", &["shop-db"]);
    for change in [
        WatchChange::Begin { generation: 2 },
        WatchChange::Synced { generation: 2 },
    ] {
        console.table(TableChange::Warnings(change));
    }
    says(&console, "a-secret", &["starting for 2m"]);
}

#[test]
fn events_about_other_things_explain_nothing() {
    let pods = [creating("a-pod", &waiting("ContainerCreating", ""))];
    let mount = r#"MountVolume.SetUp failed for volume "creds" : secret "shop-db" not found"#;
    let mut namesake = event(("Pod", "a-pod"), "FailedMount", mount, (14, 20));
    namesake["involvedObject"]["uid"] = json!("the pod of that name before it");
    let mut events = vec![
        event(
            ("ReplicaSet", "a-pod"),
            "FailedCreate",
            "quota exceeded",
            (3, 20),
        ),
        event(
            ("Pod", "a-pod"),
            "FailedScheduling",
            "0/4 nodes are available",
            (3, 110),
        ),
        namesake,
    ];
    events.extend((0..500).map(|at| {
        event(
            ("Pod", &format!("other-{at}")),
            "FailedMount",
            mount,
            (1, 20),
        )
    }));
    let console = seen(&pods, &events);
    says(&console, "a-pod", &["starting for 2m"]);
}

#[test]
fn what_was_said_of_volumes_is_over_once_a_container_has_run() {
    let mut pod = creating("a-pod", &waiting("PodInitializing", ""));
    lay(
        &mut pod,
        &json!({
            "spec": {"initContainers": [{"name": "wait", "image": "w:1"}]},
            "status": {"initContainerStatuses": [container("wait", &running(100), &json!({}), 0)]},
        }),
    );
    let mount = r#"MountVolume.SetUp failed for volume "creds" : secret "shop-db" not found"#;
    let events = [event(("Pod", "a-pod"), "FailedMount", mount, (3, 115))];
    says(
        &seen(&[pod], &events),
        "a-pod",
        &["Init:0/1", "starting for 2m"],
    );
}

#[test]
fn a_container_without_a_reason_yet_is_pending() {
    let mut young = creating("b-young", &json!({"waiting": {}}));
    lay(
        &mut young,
        &json!({"metadata": {"creationTimestamp": ago(20)}}),
    );
    let mut bare = creating("c-bare", &json!({}));
    lay(&mut bare, &json!({"status": {"containerStatuses": null}}));
    let pods = [creating("a-empty", &json!({"waiting": {}})), young, bare];
    let console = seen(&pods, &[]);
    for name in ["a-empty", "b-young", "c-bare"] {
        says(&console, name, &["Pending"]);
    }
    says(&console, "a-empty", &["starting for 2m"]);
    assert_eq!(counts(&console), (2, 3), "the young one may still start");
}
