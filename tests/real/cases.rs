//! Kinds of trouble as a real API server, scheduler and controllers word them. What only a kubelet can bring about is patched
//! into the status of pods that nothing else touches.

use chrono::{SecondsFormat, TimeDelta, Utc};
use components::control_plane::ControlPlane;
use components::rig::Rig;
use model::message::{Input, Msg};
use model::settings::Settings;
use serde_json::{Value, json};

/// So many seconds ago, as the API has it.
fn ago(seconds: i64) -> String {
    (Utc::now() - TimeDelta::seconds(seconds)).to_rfc3339_opts(SecondsFormat::Secs, true)
}

/// Creates an object; again, while its namespace has no service account yet.
pub fn create(plane: &ControlPlane, object: &Value) {
    let file = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(file.path(), object.to_string()).unwrap();
    plane.kubectl_until(&["create", "-f", &file.path().display().to_string()]);
}

/// A pod on `node-1` that nothing plays the kubelet for. `spec` is laid over its own.
fn pod(plane: &ControlPlane, namespace: &str, name: &str, spec: &Value, meta: &Value) {
    let mut object = json!({
        "apiVersion": "v1", "kind": "Pod",
        "metadata": {"name": name, "namespace": namespace, "annotations": {"control-plane/hands-off": "yes"}},
        "spec": {
            "nodeName": "node-1", "terminationGracePeriodSeconds": 1,
            "containers": [{"name": "app", "image": "registry.example/shop/app:1"}],
        },
    });
    for (under, over) in [("spec", spec), ("metadata", meta)] {
        for (key, value) in over.as_object().into_iter().flatten() {
            object[under][key] = value.clone();
        }
    }
    create(plane, &object);
}

fn status(plane: &ControlPlane, namespace: &str, name: &str, status: &Value) {
    let patch = json!({"status": status}).to_string();
    let patch = [
        "patch",
        "pod",
        name,
        "--subresource=status",
        "--type=merge",
        "-p",
        &patch,
    ];
    plane.kubectl(&[&["-n", namespace], &patch[..]].concat());
}

fn condition(kind: &str, status: &str, reason: &str, message: &str) -> Value {
    json!({"type": kind, "status": status, "lastTransitionTime": ago(660), "reason": reason, "message": message})
}

fn container(name: &str, state: &Value, last: &Value, restarts: u32) -> Value {
    let is_running = state.get("running").is_some();
    json!({
        "name": name, "image": "registry.example/shop/app:1", "imageID": "x", "state": state, "lastState": last,
        "ready": is_running, "started": is_running, "restartCount": restarts,
    })
}

fn running() -> Value {
    json!({"running": {"startedAt": ago(60)}})
}

fn ended(exit_code: i32, reason: &str, seconds: i64) -> Value {
    json!({"terminated": {
        "exitCode": exit_code, "reason": reason, "startedAt": ago(seconds + 60), "finishedAt": ago(seconds),
    }})
}

/// A warning about a pod, seen last so long ago.
fn warn(
    plane: &ControlPlane,
    namespace: &str,
    pod: &str,
    words: (&str, &str),
    (count, seconds): (u32, i64),
) {
    let uid = "jsonpath={.metadata.uid}";
    let uid = plane.kubectl(&["-n", namespace, "get", "pod", pod, "-o", uid]);
    let (reason, message) = words;
    create(
        plane,
        &json!({
            "apiVersion": "v1", "kind": "Event",
            "metadata": {"name": format!("{pod}.{}", reason.to_lowercase()), "namespace": namespace},
            "involvedObject": {
                "apiVersion": "v1", "kind": "Pod", "namespace": namespace, "name": pod, "uid": uid,
                "fieldPath": "spec.containers{app}",
            },
            "reason": reason, "message": message, "type": "Warning", "count": count,
            "firstTimestamp": ago(seconds + 300), "lastTimestamp": ago(seconds), "source": {"component": "kubelet"},
        }),
    );
}

/// The pods pane of this namespace alone, so wide that no word is cut.
async fn board(plane: &ControlPlane, namespace: &str) -> Rig {
    let mut rig = Rig::new(&plane.kubeconfig("admin"), namespace, Settings::default()).await;
    rig.take(Msg::Input(Input::Resize {
        columns: 260,
        rows: 50,
    }));
    rig.until("the pods are listed", Rig::is_live).await;
    rig.type_keys("2 z");
    rig
}

/// Waits until the row of a pod says all of this.
async fn says(rig: &mut Rig, pod: &str, words: &[&str]) {
    let is_said = |rig: &Rig| {
        let screen = rig.screen();
        let mut row = screen.lines().filter(|line| line.contains(pod));
        row.any(|row| words.iter().all(|words| row.contains(words)))
    };
    let what = format!("{pod} says {words:?}");
    rig.until(&what, is_said).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_kubelet_says_of_a_pod_stands_in_its_row() {
    let Some(plane) = crate::plane::shared() else {
        return;
    };
    let here = "kubelet-words";
    plane.kubectl(&["create", "namespace", here]);
    let plain = json!({});
    let sidecar =
        json!({"initContainers": [{"name": "proxy", "image": "p:1", "restartPolicy": "Always"}]});
    let gates = json!({"readinessGates": [{"conditionType": "lb.example/shop"}]});
    let two =
        json!({"containers": [{"name": "c0", "image": "a:1"}, {"name": "c1", "image": "a:1"}]});
    for (name, spec) in [
        ("job-done", &sidecar),
        ("gate", &gates),
        ("empty", &plain),
        ("two", &two),
        ("killed", &plain),
        ("mount", &plain),
        ("pull", &plain),
    ] {
        pod(plane, here, name, spec, &plain);
    }
    let unready = condition("Ready", "False", "ContainersNotReady", "");
    status(
        plane,
        here,
        "job-done",
        &json!({
            "phase": "Succeeded", "conditions": [condition("Ready", "False", "PodCompleted", "")],
            "initContainerStatuses": [container("proxy", &ended(137, "Error", 300), &plain, 0)],
            "containerStatuses": [container("app", &ended(0, "Completed", 301), &plain, 0)],
        }),
    );
    let codes = "Health checks failed with these codes: [503]";
    status(
        plane,
        here,
        "gate",
        &json!({
            "phase": "Running", "containerStatuses": [container("app", &running(), &plain, 0)],
            "conditions": [
                condition("Ready", "False", "ReadinessGatesNotReady", "not True"),
                condition("lb.example/shop", "False", "ResponseCodeMismatch", codes),
            ],
        }),
    );
    status(
        plane,
        here,
        "empty",
        &json!({
            "phase": "Pending", "containerStatuses": [container("app", &json!({"waiting": {}}), &plain, 0)],
        }),
    );
    status(
        plane,
        here,
        "two",
        &json!({
            "phase": "Running", "conditions": [unready],
            "containerStatuses": [
                container("c0", &ended(1, "Error", 3_000), &plain, 0),
                container("c1", &running(), &plain, 0),
            ],
        }),
    );
    status(
        plane,
        here,
        "killed",
        &json!({
            "phase": "Running", "conditions": [condition("Ready", "True", "", "")],
            "containerStatuses": [container("app", &running(), &ended(137, "Error", 62), 1)],
        }),
    );
    let creating = json!({"waiting": {"reason": "ContainerCreating"}});
    status(
        plane,
        here,
        "mount",
        &json!({
            "phase": "Pending", "containerStatuses": [container("app", &creating, &plain, 0)],
        }),
    );
    let limit = "429 Too Many Requests: toomanyrequests: You have reached your pull rate limit";
    status(
        plane,
        here,
        "pull",
        &json!({"phase": "Pending", "containerStatuses": [container(
            "app", &json!({"waiting": {"reason": "ErrImagePull", "message": limit}}), &plain, 0,
        )]}),
    );
    let mut rig = board(plane, here).await;
    says(&mut rig, "job-done", &["Completed"]).await;
    says(&mut rig, "gate", &[codes, "lb.example/shop"]).await;
    says(&mut rig, "empty", &["Pending"]).await;
    says(&mut rig, "two", &["Error", "c0: exit 1, 50m ago"]).await;
    says(&mut rig, "killed", &["exit 137 (SIGKILL)"]).await;
    says(&mut rig, "mount", &["ContainerCreating"]).await;
    says(
        &mut rig,
        "pull",
        &["rate limit: registry.example/shop/app:1"],
    )
    .await;
    let mount = r#"MountVolume.SetUp failed for volume "creds" : secret "shop-db" not found"#;
    warn(plane, here, "mount", ("FailedMount", mount), (14, 5));
    says(
        &mut rig,
        "mount",
        &[r#"secret "shop-db" not found (FailedMount x14)"#],
    )
    .await;
    let probe = "Liveness probe failed: HTTP probe failed with statuscode: 503";
    warn(plane, here, "killed", ("Unhealthy", probe), (3, 65));
    says(
        &mut rig,
        "killed",
        &["killed by its liveness probe, exit 137"],
    )
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_scheduler_and_a_claim_say_stands_in_the_row() {
    let Some(plane) = crate::plane::shared() else {
        return;
    };
    let here = "unplaced";
    plane.kubectl(&["create", "namespace", here]);
    create(
        plane,
        &json!({
            "apiVersion": "v1", "kind": "PersistentVolumeClaim", "metadata": {"name": "data", "namespace": here},
            "spec": {
                "accessModes": ["ReadWriteOnce"], "storageClassName": "fast",
                "resources": {"requests": {"storage": "1Gi"}},
            },
        }),
    );
    let app = |resources: Value| json!([{"name": "app", "image": "app:1", "resources": resources}]);
    for (name, spec) in [
        (
            "gated",
            json!({"schedulingGates": [{"name": "example.com/quota"}]}),
        ),
        (
            "claim",
            json!({"volumes": [{"name": "data", "persistentVolumeClaim": {"claimName": "data"}}]}),
        ),
        ("label", json!({"nodeSelector": {"disktype": "ssd"}})),
        (
            "large",
            json!({"containers": app(json!({"requests": {"cpu": "1000"}}))}),
        ),
    ] {
        let mut spec = spec;
        spec["nodeName"] = Value::Null;
        pod(plane, here, name, &spec, &json!({}));
    }
    let mut rig = board(plane, here).await;
    says(
        &mut rig,
        "gated",
        &["SchedulingGated", "waits for gate example.com/quota"],
    )
    .await;
    // A pod is unschedulable at once, and sick after a minute.
    for (name, words) in [
        (
            "claim",
            r#"storageclass.storage.k8s.io "fast" not found (claim data)"#,
        ),
        ("label", "disktype=ssd on 0 of 4 nodes"),
        ("large", "too little cpu on 4 of 4 nodes"),
    ] {
        let is_said = |rig: &Rig| rig.screen().contains(words);
        rig.until(&format!("{name} is unschedulable"), |rig| {
            rig.screen().contains("Unschedulable")
        })
        .await;
        rig.until_within(
            std::time::Duration::from_secs(120),
            &format!("{name} says {words}"),
            is_said,
        )
        .await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_finalizer_is_named_at_the_pod_that_it_keeps() {
    let Some(plane) = crate::plane::shared() else {
        return;
    };
    let here = "kept";
    plane.kubectl(&["create", "namespace", here]);
    let finalizers = json!({"finalizers": ["queue.example/reporter"]});
    pod(plane, here, "kept-pod", &json!({}), &finalizers);
    let running = json!({"phase": "Running", "containerStatuses": [container("app", &running(), &json!({}), 0)]});
    status(plane, here, "kept-pod", &running);
    plane.kubectl(&["-n", here, "delete", "pod", "kept-pod", "--wait=false"]);
    let mut rig = board(plane, here).await;
    says(
        &mut rig,
        "kept-pod",
        &["Terminating", "finalizer queue.example/reporter"],
    )
    .await;
    rig.type_keys("g enter");
    rig.until("the page names it", |rig| {
        let screen = rig.screen();
        screen.contains("Finalizers") && screen.contains("queue.example/reporter")
    })
    .await;
    let none = r#"{"metadata": {"finalizers": null}}"#;
    plane.kubectl(&[
        "-n",
        here,
        "patch",
        "pod",
        "kept-pod",
        "--type=merge",
        "-p",
        none,
    ]);
}

#[tokio::test(flavor = "multi_thread")]
async fn left_overs_of_a_complete_deployment_are_counted_and_folded() {
    let Some(plane) = crate::plane::shared() else {
        return;
    };
    let here = "left-overs";
    plane.kubectl(&["create", "namespace", here]);
    plane.deploy(here, "spot", 3);
    let mut rig = board(plane, here).await;
    rig.ready(3).await;
    let set = |path: &str| plane.kubectl(&["-n", here, "get", "rs", "-l", "app=spot", "-o", path]);
    let (name, uid) = (
        set("jsonpath={.items[0].metadata.name}"),
        set("jsonpath={.items[0].metadata.uid}"),
    );
    let hash = name.rsplit('-').next().unwrap().to_owned();
    // Its controller leaves alone what is over already, and would delete or release what is not.
    let owned = json!({"metadata": {
        "labels": {"app": "spot", "pod-template-hash": hash},
        "ownerReferences": [
            {"apiVersion": "apps/v1", "kind": "ReplicaSet", "name": name, "uid": uid, "controller": true},
        ],
    }});
    for (at, reason) in ["Terminated", "NodeAffinity", "OutOfcpu"]
        .into_iter()
        .enumerate()
    {
        let name = format!("{name}-old{at}");
        pod(plane, here, &name, &json!({}), &json!({}));
        let ready = condition("Ready", "False", "PodFailed", "");
        let message = format!("the words of {reason}");
        let over =
            json!({"phase": "Failed", "reason": reason, "message": message, "conditions": [ready]});
        status(plane, here, &name, &over);
        let owned = owned.to_string();
        plane.kubectl(&[
            "-n",
            here,
            "patch",
            "pod",
            &name,
            "--type=merge",
            "-p",
            &owned,
        ]);
    }
    rig.until("three are left over and none is sick", |rig| {
        let screen = rig.screen();
        screen.contains("0 sick / 6") && screen.contains("3 left over") && !screen.contains("-old0")
    })
    .await;
    rig.type_keys("/ l e f t enter");
    says(&mut rig, "-old2", &["OutOfcpu", "the words of OutOfcpu"]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_node_that_stops_answering_is_named_at_its_pods() {
    let Some(plane) = crate::plane::alone().await else {
        return;
    };
    let here = "node-lost";
    plane.kubectl(&["create", "namespace", here]);
    plane.deploy(here, "web", 2);
    let mut rig = board(&plane, here).await;
    rig.ready(2).await;
    plane.part("stop", &["kwok"]);
    let patience = std::time::Duration::from_secs(180);
    rig.until_within(patience, "the node is named", |rig| {
        let screen = rig.screen();
        screen.contains("does not answer for") && screen.contains("sick / 2")
    })
    .await;
    plane.part("start", &["kwok"]);
    let nodes = [
        "wait",
        "--for=condition=Ready",
        "nodes",
        "--all",
        "--timeout=120s",
    ];
    plane.kubectl(&nodes);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_namespace_that_is_not_there_is_said_in_the_header() {
    let Some(plane) = crate::plane::shared() else {
        return;
    };
    let mut rig = board(plane, "no-such-namespace").await;
    rig.until("it is said", |rig| {
        rig.screen().contains("no such namespace")
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_port_that_no_container_has_is_not_served() {
    let Some(plane) = crate::plane::shared() else {
        return;
    };
    let here = "service-ports";
    plane.kubectl(&["create", "namespace", here]);
    let template = json!({
        "metadata": {"labels": {"app": "store"}},
        "spec": {"containers": [{
            "name": "app", "image": "registry.example/store:1",
            "ports": [{"containerPort": 8080, "name": "web"}],
        }]},
    });
    create(
        plane,
        &json!({
            "apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": "store", "namespace": here},
            "spec": {"replicas": 2, "selector": {"matchLabels": {"app": "store"}}, "template": template},
        }),
    );
    let service = |name: &str, app: &str, ports: Value| {
        create(
            plane,
            &json!({
                "apiVersion": "v1", "kind": "Service", "metadata": {"name": name, "namespace": here},
                "spec": {"selector": {"app": app}, "ports": ports},
            }),
        );
    };
    let named = json!([{"port": 80, "targetPort": "http"}]);
    let good = json!([
        {"port": 80, "name": "a", "targetPort": "web"}, {"port": 81, "name": "b", "targetPort": 9},
    ]);
    let half = json!([
        {"port": 80, "name": "a", "targetPort": "web"}, {"port": 81, "name": "b", "targetPort": "prom"},
    ]);
    service("store-name", "store", named);
    service("store-half", "store", half);
    service("store-typo", "stroe", json!([{"port": 80}]));
    service("store-good", "store", good);
    let mut rig = board(plane, here).await;
    let words = [
        "store-name 0/2 ready (no container has port http)",
        "store-half 2/2 ready (no container has port prom)",
        "store-typo no endpoints",
    ];
    let is_said = |rig: &Rig| words.iter().all(|words| rig.screen().contains(words));
    rig.until("the Services that do not serve are named", is_said)
        .await;
    assert!(!rig.screen().contains("store-good"), "{}", rig.screen());
}
