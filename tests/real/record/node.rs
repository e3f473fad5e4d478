//! A node that is lost and comes back: its own conditions say when.

use chrono::{DateTime, Utc};
use model::kind::Kind;
use serde_json::Value;

use super::{AGREED, Shift};

/// The controller gives a node 40 s, and some more where it is slow.
const LOST: std::time::Duration = std::time::Duration::from_secs(180);

#[tokio::test(flavor = "multi_thread")]
async fn a_node_that_is_lost_is_told_as_its_conditions_say() {
    let Some(plane) = crate::plane::alone().await else {
        return;
    };
    let name = "record-node";
    let kubectl = |arguments: &[&str]| plane.kubectl(&[&["-n", name], arguments].concat());
    plane.kubectl(&["create", "namespace", name]);
    plane.deploy(name, "checkout", 2);
    kubectl(&["rollout", "status", "deployment/checkout", "--timeout=60s"]);
    let ready = [
        "wait",
        "--for=condition=Ready",
        "nodes",
        "--all",
        "--timeout=120s",
    ];
    plane.kubectl(&ready);
    let mut shift = Box::pin(Shift::begin(&plane, name)).await;
    shift.until_ready(2).await;
    let incident = shift.open("nodes go").await;
    plane.part("stop", &["kwok"]);
    shift
        .rig
        .until_within(LOST, "all nodes are told as lost", |rig| {
            let titles = rig.titles(Kind::Event);
            let lost =
                |title: &&String| title.starts_with("node ") && !title.contains("ready again");
            titles.iter().filter(lost).count() >= 4
                && rig
                    .titles(Kind::PodTransition)
                    .iter()
                    .any(|title| title.contains("node lost"))
        })
        .await;
    let nodes: Value =
        serde_json::from_str(&plane.kubectl(&["get", "nodes", "-o", "json"])).unwrap();
    plane.part("start", &["kwok"]);
    plane.kubectl(&ready);
    shift
        .rig
        .until_within(LOST, "they are told as ready again", |rig| {
            let titles = rig.titles(Kind::Event);
            let back =
                |title: &&String| title.starts_with("node ") && title.contains("ready again");
            titles.iter().filter(back).count() >= 4
        })
        .await;
    shift.close("they are back").await;

    let told = shift.end().read(incident);
    told.assert_own();
    told.assert_tells(&[]);
    for node in nodes["items"].as_array().unwrap() {
        let node_name = node["metadata"]["name"].as_str().unwrap();
        let conditions = node["status"]["conditions"].as_array().unwrap();
        let ready = conditions
            .iter()
            .find(|one| one["type"] == "Ready")
            .unwrap();
        assert_ne!(ready["status"], "True");
        let since: DateTime<Utc> = ready["lastTransitionTime"]
            .as_str()
            .unwrap()
            .parse()
            .unwrap();
        let about: Vec<_> = told
            .entries
            .iter()
            .filter(|entry| {
                entry.0["target"]["kind"] == "Node" && entry.0["target"]["name"] == node_name
            })
            .collect();
        assert_eq!(about.len(), 2, "lost and back: {told}");
        assert!((about[0].at() - since).abs() <= AGREED, "{since} {told}");
        assert!(!about[0].word("title").contains("ready again"), "{told}");
        assert!(about[1].word("title").contains("ready again"), "{told}");
    }
    // No other workload is there, and it was on those nodes.
    for entry in told
        .entries
        .iter()
        .filter(|entry| entry.word("kind") == "pod.transition")
    {
        assert_eq!(entry.0["target"]["name"], "checkout", "{told}");
    }
}
