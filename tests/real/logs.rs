//! Logs through a real API server: by line number, of a pod and of a workload merged, while the server restarts; the instance
//! before; and who may not read them.

use std::fmt::Write as _;
use std::fs::OpenOptions;
use std::io::Write as _;

use chrono::Utc;
use model::settings::Settings;
use serde_json::json;

use crate::plane;
use components::control_plane::{ControlPlane, eventually};
use components::rig::Rig;

const CRASH: &str = "registry.example/fate:crash";

/// Appends numbered lines to a log as a container runtime does.
fn print(plane: &ControlPlane, file: &str, numbers: std::ops::Range<u32>) {
    let mut lines = String::new();
    for number in numbers {
        let at = Utc::now().to_rfc3339_opts(chrono::SecondsFormat::Nanos, true);
        writeln!(lines, "{at} stdout F {file} line {number}").unwrap();
    }
    let file = plane.folder().join(format!("{file}.log"));
    let mut file = OpenOptions::new()
        .append(true)
        .create(true)
        .open(file)
        .unwrap();
    file.write_all(lines.as_bytes()).unwrap();
}

/// StatefulSet `web` in `shop`: the one whose pods have logs of their own.
fn stateful_set(plane: &ControlPlane) {
    let labels = json!({"app": "web"});
    let set = json!({
        "apiVersion": "apps/v1", "kind": "StatefulSet", "metadata": {"name": "web", "namespace": "shop"},
        "spec": {
            "replicas": 3, "serviceName": "web", "selector": {"matchLabels": labels},
            "template": {"metadata": {"labels": labels}, "spec": {"containers": [{"name": "app", "image": "registry.example/web:1.0.0"}]}},
        },
    });
    let file = plane.folder().join("web.json");
    std::fs::write(&file, set.to_string()).unwrap();
    plane.kubectl(&["apply", "-f", file.to_str().unwrap()]);
    plane.kubectl(&[
        "-n",
        "shop",
        "rollout",
        "status",
        "statefulset/web",
        "--timeout=60s",
    ]);
}

/// The lines on screen and above it, in their order; markers in brackets.
fn listed(rig: &Rig) -> Vec<String> {
    let ring = &rig.model.logs.ring;
    let text = |index: usize| {
        let (segment, line) = ring.line(ring.order().at(index)?)?;
        Some(match line.marker.as_deref() {
            None => segment.text(line).to_owned(),
            Some(marker) => format!("[{marker:?}]"),
        })
    };
    (0..ring.order().len()).filter_map(text).collect()
}

fn numbered(file: &str, numbers: std::ops::Range<u32>) -> Vec<String> {
    numbers
        .map(|number| format!("{file} line {number}"))
        .collect()
}

async fn until_printed(rig: &mut Rig, lines: u64) {
    let what = format!("{lines} lines are there");
    let are_there = |rig: &Rig| rig.model.logs.ring.printed() >= lines;
    rig.until(&what, are_there).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn logs_of_a_workload_and_of_a_pod_are_whole_through_a_restart_of_the_server() {
    let Some(plane) = plane::alone().await else {
        return;
    };
    let files = ["web-0", "web-1", "web-2"];
    stateful_set(&plane);
    let mut rig = Rig::new(&plane.kubeconfig("viewer"), "shop", Settings::default()).await;
    rig.until("the pods are there", |rig| {
        rig.model.cluster.pods.table.len() >= 3
    })
    .await;
    let select = |rig: &mut Rig| {
        rig.type_keys("2 g");
        while !rig.model.screen.pods.cursor.as_ref().is_some_and(|cursor| {
            let pod = rig.model.cluster.pods.table.get(&cursor.uid);
            pod.is_some_and(|pod| pod.name.raw() == "web-0")
        }) {
            rig.type_keys("j");
        }
    };
    select(&mut rig);
    rig.type_keys("o o");
    assert_eq!(rig.model.logs.members.len(), 3);
    for round in 0..50 {
        for file in files {
            print(&plane, file, round * 2..round * 2 + 2);
        }
    }
    until_printed(&mut rig, 300).await;
    plane.part("stop", &["apiserver"]);
    for file in files {
        print(&plane, file, 100..200);
    }
    plane.part("start", &["apiserver"]);
    for file in files {
        print(&plane, file, 200..300);
    }
    until_printed(&mut rig, 900).await;
    let merged = listed(&rig);
    for file in files {
        let of_file = merged.iter().filter(|line| line.starts_with(file)).cloned();
        assert_eq!(
            of_file.collect::<Vec<_>>(),
            numbered(file, 0..300),
            "{file}"
        );
    }
    assert_eq!(merged.len(), 900, "and no marker: nothing is missing");
    let first = |line: &str| merged.iter().position(|known| known == line).unwrap();
    assert!(
        first("web-0 line 2") > first("web-2 line 1"),
        "by time, not by pod"
    );
    select(&mut rig);
    rig.type_keys("o");
    until_printed(&mut rig, 300).await;
    plane.part("restart", &["apiserver"]);
    print(&plane, "web-0", 300..400);
    until_printed(&mut rig, 400).await;
    assert_eq!(listed(&rig), numbered("web-0", 0..400));
    plane.kubectl(&["-n", "shop", "delete", "statefulset/web", "--wait=true"]);
    rig.until("its end is said", |rig| {
        listed(rig).last().is_some_and(|line| line == "[Ended]")
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_instance_before_of_a_crashed_pod_is_read_with_a_key() {
    let Some(plane) = plane::alone().await else {
        return;
    };
    plane.kubectl(&["create", "namespace", "crashed"]);
    plane.kubectl(&[
        "-n",
        "crashed",
        "create",
        "deployment",
        "web",
        &format!("--image={CRASH}"),
    ]);
    print(&plane, "previous", 0..5);
    let path = "jsonpath={.items[*].status.containerStatuses[*].lastState.terminated.exitCode}";
    eventually("it has crashed", || {
        plane.kubectl(&["-n", "crashed", "get", "pods", "-o", path]) == "1"
    });
    let mut rig = Rig::new(&plane.kubeconfig("viewer"), "crashed", Settings::default()).await;
    rig.until("the pod is there", |rig| {
        rig.model.cluster.pods.table.len() == 1
    })
    .await;
    rig.type_keys("2 g o P");
    until_printed(&mut rig, 5).await;
    assert_eq!(listed(&rig), numbered("previous", 0..5));
    assert!(rig.screen().contains("instance before"), "{}", rig.screen());
    plane.kubectl(&["delete", "namespace", "crashed", "--wait=false"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_ephemeral_container_is_on_the_page_of_its_pod_and_in_the_logs() {
    let Some(plane) = plane::alone().await else {
        return;
    };
    plane.kubectl(&["create", "namespace", "looked-into"]);
    plane.deploy("looked-into", "web", 1);
    let mut rig = Rig::new(
        &plane.kubeconfig("viewer"),
        "looked-into",
        Settings::default(),
    )
    .await;
    rig.until("the pod is there", |rig| {
        rig.model.cluster.pods.table.len() == 1
    })
    .await;
    rig.type_keys("2 g o");
    let name = plane.kubectl(&["-n", "looked-into", "get", "pods", "-o", "name"]);
    plane.kubectl(&[
        "-n",
        "looked-into",
        "debug",
        name.trim(),
        "--image=registry.example/toolbox:1",
        "--container=debugger",
        "--attach=false",
    ]);
    print(&plane, "container", 0..3);
    rig.until("it speaks beside the other one", |rig| {
        let speakers = rig.model.logs.ring.speakers();
        let names: Vec<&str> = speakers.map(|stream| stream.container.raw()).collect();
        names.contains(&"debugger") && names.len() == 2
    })
    .await;
    rig.type_keys("2 enter");
    rig.until("the page has it", |rig| {
        let screen = rig.screen();
        screen.contains("Ephemeral container") && screen.contains("registry.example/toolbox:1")
    })
    .await;
    plane.kubectl(&["delete", "namespace", "looked-into", "--wait=false"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn who_may_not_read_logs_is_told_and_reads_them_once_it_is_allowed() {
    let Some(plane) = plane::alone().await else {
        return;
    };
    plane.kubectl(&["create", "namespace", "quiet"]);
    plane.deploy("quiet", "web", 1);
    let grant = |name: &str, resource: &str| {
        let (verbs, resource) = ("--verb=get,list,watch", format!("--resource={resource}"));
        plane.kubectl(&["-n", "quiet", "create", "role", name, verbs, &resource]);
        let role = format!("--role={name}");
        plane.kubectl(&[
            "-n",
            "quiet",
            "create",
            "rolebinding",
            name,
            &role,
            "--user=nobody",
        ]);
    };
    grant("sees", "pods");
    plane.kubectl_until(&[
        "-n",
        "quiet",
        "auth",
        "can-i",
        "list",
        "pods",
        "--as=nobody",
    ]);
    print(&plane, "container", 0..3);
    let mut rig = Rig::new(&plane.kubeconfig("nobody"), "quiet", Settings::default()).await;
    rig.until("the pod runs", |rig| {
        let mut pods = rig.model.cluster.pods.table.rows();
        pods.next()
            .is_some_and(|pod| pod.ready.as_ref().is_some_and(|ready| ready.is_true))
    })
    .await;
    rig.type_keys("2 g o");
    rig.until("the refusal is told", |rig| {
        let screen = rig.screen();
        screen.contains("forbidden (403)") && screen.contains("pods/log")
    })
    .await;
    let asked = |plane: &ControlPlane| {
        let of_logs = plane.audit("watchfloor").into_iter();
        of_logs
            .filter(|line| line.stage == "ResponseComplete" && line.uri.contains("/log?"))
            .filter(|line| line.uri.contains("/namespaces/quiet/pods/"))
            .count()
    };
    eventually("the audit log is written", || asked(&plane) > 0);
    assert_eq!(asked(&plane), 1, "it was asked again unbidden");
    grant("reads", "pods/log");
    plane.kubectl_until(&[
        "-n",
        "quiet",
        "auth",
        "can-i",
        "get",
        "pods",
        "--subresource=log",
        "--as=nobody",
    ]);
    rig.type_keys("r");
    until_printed(&mut rig, 3).await;
    plane.kubectl(&["delete", "namespace", "quiet", "--wait=false"]);
}
