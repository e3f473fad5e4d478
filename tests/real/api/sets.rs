//! `StatefulSet`s, `DaemonSet`s and their revisions: the same on the emulated cluster and on the real one.

use k8s_openapi::api::apps::v1::{ControllerRevision, DaemonSet, StatefulSet};
use serde_json::{Value, json};

use super::{Case, Cluster, answers, client, decode, squeezed, write_documents};

fn manifest(kind: &str, name: &str, spec: &Value) -> Value {
    let labels = json!({"app": name});
    let template = json!({"metadata": {"labels": labels}, "spec": {"containers": [{"name": "app", "image": "registry.example/fate:one"}]}});
    let mut spec = spec.clone();
    spec["selector"] = json!({"matchLabels": labels});
    spec["template"] = template;
    json!({"apiVersion": "apps/v1", "kind": kind, "metadata": {"name": name, "namespace": "sets", "annotations": {"kubernetes.io/change-cause": "first"}}, "spec": spec})
}

fn write_manifests(cluster: &Cluster) {
    let rolling = json!({"replicas": 3, "serviceName": "db"});
    let on_delete =
        json!({"replicas": 2, "serviceName": "od", "updateStrategy": {"type": "OnDelete"}});
    let parallel = json!({"replicas": 3, "serviceName": "par", "podManagementPolicy": "Parallel"});
    let list = [
        json!({"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "sets"}}),
        manifest("StatefulSet", "db", &rolling),
        manifest("StatefulSet", "od", &on_delete),
        manifest("StatefulSet", "par", &parallel),
        manifest("DaemonSet", "agent", &json!({})),
        manifest(
            "DaemonSet",
            "slow",
            &json!({"updateStrategy": {"type": "OnDelete"}}),
        ),
    ];
    write_documents(cluster, "sets.yaml", &list);
}

const CREATED: &[Case<'static>] = &[
    (
        "create -f sets.yaml",
        0,
        &[
            "namespace/sets created",
            "statefulset.apps/db created",
            "statefulset.apps/par created",
            "daemonset.apps/agent created",
        ],
    ),
    (
        "-n sets rollout status statefulset/db --timeout=60s",
        0,
        &["partitioned roll out complete: 3 new pods have been updated..."],
    ),
    (
        "-n sets rollout status statefulset/od --timeout=60s",
        1,
        &["error: rollout status is only available for RollingUpdate strategy type"],
    ),
    (
        "-n sets rollout status statefulset/par --timeout=60s",
        0,
        &["partitioned roll out complete: 3 new pods have been updated..."],
    ),
    (
        "-n sets rollout status daemonset/agent --timeout=60s",
        0,
        &["daemon set \"agent\" successfully rolled out"],
    ),
    ("-n sets get sts db", 0, &["NAME READY AGE\ndb 3/3 "]),
    (
        "-n sets get sts db -o wide",
        0,
        &["CONTAINERS IMAGES", "app registry.example/fate:one"],
    ),
    (
        "-n sets get ds agent",
        0,
        &[
            "NAME DESIRED CURRENT READY UP-TO-DATE AVAILABLE NODE SELECTOR AGE\nagent 4 4 4 4 4 <none> ",
        ],
    ),
    (
        "-n sets get controllerrevisions -l app=db",
        0,
        &[
            "NAME CONTROLLER REVISION AGE\ndb-",
            " statefulset.apps/db 1 ",
        ],
    ),
    (
        "-n sets get controllerrevisions -l app=agent",
        0,
        &["agent-", " daemonset.apps/agent 1 "],
    ),
    (
        "-n sets get pods -l app=db -o name",
        0,
        &["pod/db-0\npod/db-1\npod/db-2\n"],
    ),
    (
        "-n sets get pod db-1 -o jsonpath={.metadata.labels.statefulset\\.kubernetes\\.io/pod-name}:{.metadata.labels.apps\\.kubernetes\\.io/pod-index}:{.spec.hostname}:{.metadata.generateName}",
        0,
        &["db-1:1:db-1:db-"],
    ),
    (
        "-n sets get pods -l app=agent -o jsonpath={.items[*].metadata.labels.pod-template-generation}",
        0,
        &["1 1 1 1"],
    ),
    (
        "-n sets rollout history statefulset/db",
        0,
        &["statefulset.apps/db\nREVISION CHANGE-CAUSE\n1 first\n"],
    ),
    (
        "-n sets rollout history daemonset/agent",
        0,
        &["daemonset.apps/agent\nREVISION CHANGE-CAUSE\n1 first\n"],
    ),
    (
        "-n sets patch statefulset/db -p '{\"spec\":{\"serviceName\":\"other\"}}'",
        1,
        &[
            "The StatefulSet \"db\" is invalid: spec: Forbidden: updates to statefulset spec for fields other than 'replicas', 'ordinals', 'template',",
        ],
    ),
    (
        "-n sets patch daemonset/agent -p '{\"spec\":{\"updateStrategy\":{\"rollingUpdate\":{\"maxUnavailable\":0}}}}'",
        1,
        &[
            "The DaemonSet \"agent\" is invalid: spec.updateStrategy.rollingUpdate.maxUnavailable: Required value: cannot be 0 when maxSurge is 0",
        ],
    ),
    (
        "-n sets scale daemonset/agent --replicas=1",
        1,
        &["could not find the requested resource"],
    ),
    (
        "-n sets scale statefulset/db --replicas=2",
        0,
        &["statefulset.apps/db scaled"],
    ),
    ("-n sets wait pod/db-2 --for=delete --timeout=60s", 0, &[]),
    (
        "-n sets scale statefulset/db --replicas=3 --dry-run=server",
        0,
        &["statefulset.apps/db scaled (server dry run)"],
    ),
    (
        "-n sets get statefulset db -o jsonpath={.spec.replicas}/{.status.replicas}",
        0,
        &["2/2"],
    ),
    (
        "-n sets scale statefulset/db --replicas=3",
        0,
        &["statefulset.apps/db scaled"],
    ),
    (
        "-n sets rollout restart statefulset/db",
        0,
        &["statefulset.apps/db restarted"],
    ),
    (
        "-n sets rollout status statefulset/db --timeout=60s",
        0,
        &["partitioned roll out complete: 3 new pods have been updated..."],
    ),
    (
        "-n sets rollout undo statefulset/db --to-revision=9",
        1,
        &["error: unable to find specified revision 9 in history"],
    ),
    (
        "-n sets rollout undo statefulset/db",
        0,
        &["statefulset.apps/db rolled back"],
    ),
    (
        "-n sets rollout status statefulset/db --timeout=60s",
        0,
        &["partitioned roll out complete: 3 new pods have been updated..."],
    ),
    // The first template is the third revision now.
    (
        "-n sets rollout history statefulset/db",
        0,
        &["REVISION CHANGE-CAUSE\n2 first\n3 first\n"],
    ),
    (
        "-n sets rollout undo statefulset/db --to-revision=3",
        0,
        &["statefulset.apps/db skipped rollback (current template already matches revision 3)"],
    ),
];

fn kubectl(cluster: &Cluster, arguments: &str) {
    let output = cluster.run("admin", &format!("-n sets {arguments}"));
    assert!(
        output.status.success(),
        "{arguments}: {}",
        squeezed(&output)
    );
}

fn pods(cluster: &Cluster, app: &str, is_true: impl Fn(&[Vec<&str>]) -> bool) {
    let arguments = format!("-n sets get pods -l app={app} --no-headers");
    cluster.until(&arguments, |text| {
        let rows: Vec<Vec<&str>> = text
            .lines()
            .map(|line| line.split_whitespace().collect())
            .collect();
        is_true(&rows)
    });
}

fn word<'a>(rows: &[Vec<&'a str>], name: &str) -> &'a str {
    let row = rows.iter().find(|row| row[0] == name);
    row.map_or("", |row| row[2])
}

fn image_of(cluster: &Cluster, pod: &str) -> String {
    let path = "-o jsonpath={.spec.containers[0].image}";
    cluster.until(&format!("-n sets get pod {pod} {path}"), |_| true)
}

/// Under `OrderedReady` a broken pod blocks the set: going back does not heal it until somebody deletes it.
fn a_broken_pod_blocks_an_ordered_set(cluster: &Cluster) {
    kubectl(
        cluster,
        "set image statefulset/db app=registry.example/fate:crash",
    );
    pods(cluster, "db", |rows| {
        word(rows, "db-2") == "CrashLoopBackOff"
    });
    kubectl(cluster, "rollout undo statefulset/db");
    cluster.until(
        "-n sets get statefulset db -o jsonpath={.status.observedGeneration}={.metadata.generation}",
        |text| text.split_once('=').is_some_and(|(seen, wanted)| seen == wanted),
    );
    let status = cluster.run(
        "admin",
        "-n sets rollout status statefulset/db --timeout=4s",
    );
    assert_eq!(status.status.code(), Some(1), "{}", squeezed(&status));
    assert_eq!(image_of(cluster, "db-2"), "registry.example/fate:crash");
    kubectl(cluster, "delete pod db-2 --timeout=60s");
    kubectl(cluster, "rollout status statefulset/db --timeout=60s");
    assert_eq!(image_of(cluster, "db-2"), "registry.example/fate:one");
}

/// Under Parallel going back replaces the broken pod by itself.
fn a_parallel_set_heals_by_going_back(cluster: &Cluster) {
    kubectl(
        cluster,
        "set image statefulset/par app=registry.example/fate:crash",
    );
    pods(cluster, "par", |rows| {
        word(rows, "par-2") == "CrashLoopBackOff"
    });
    kubectl(cluster, "rollout undo statefulset/par");
    kubectl(cluster, "rollout status statefulset/par --timeout=60s");
    assert_eq!(image_of(cluster, "par-2"), "registry.example/fate:one");
}

fn a_partition_keeps_the_lower_ordinals(cluster: &Cluster) {
    kubectl(
        cluster,
        "patch statefulset/db -p '{\"spec\":{\"updateStrategy\":{\"rollingUpdate\":{\"partition\":2}}}}'",
    );
    kubectl(
        cluster,
        "set image statefulset/db app=registry.example/fate:two",
    );
    kubectl(cluster, "rollout status statefulset/db --timeout=60s");
    let images: Vec<String> = (0..3)
        .map(|at| image_of(cluster, &format!("db-{at}")))
        .collect();
    assert_eq!(
        images,
        ["one", "one", "two"].map(|tag| format!("registry.example/fate:{tag}"))
    );
    let path = "-n sets get statefulset db -o jsonpath={.status.currentReplicas}/{.status.updatedReplicas}";
    cluster.until(path, |text| text == "2/1");
}

fn nothing_happens_on_delete_until_a_pod_is_deleted(cluster: &Cluster) {
    pods(cluster, "od", |rows| {
        rows.len() == 2 && rows.iter().all(|row| row[1] == "1/1")
    });
    kubectl(
        cluster,
        "set image statefulset/od app=registry.example/fate:two",
    );
    cluster.until(
        "-n sets get controllerrevisions -l app=od --no-headers",
        |text| text.lines().count() == 2,
    );
    assert_eq!(image_of(cluster, "od-1"), "registry.example/fate:one");
    kubectl(cluster, "delete pod od-1 --timeout=60s");
    pods(cluster, "od", |rows| {
        rows.len() == 2 && rows.iter().all(|row| row[1] == "1/1")
    });
    assert_eq!(image_of(cluster, "od-1"), "registry.example/fate:two");
    assert_eq!(image_of(cluster, "od-0"), "registry.example/fate:one");
}

/// Its broken pods are replaced without regard to `maxUnavailable`: going back heals.
fn a_daemon_set_breaks_one_node_and_heals_by_going_back(cluster: &Cluster) {
    kubectl(
        cluster,
        "set image daemonset/agent app=registry.example/fate:crash",
    );
    pods(cluster, "agent", |rows| {
        let broken = rows
            .iter()
            .filter(|row| row[2] == "CrashLoopBackOff")
            .count();
        let serving = rows.iter().filter(|row| row[1] == "1/1").count();
        (broken, serving) == (1, 3)
    });
    let status = cluster.run(
        "admin",
        "-n sets rollout status daemonset/agent --timeout=1s",
    );
    let said = squeezed(&status);
    assert_eq!(status.status.code(), Some(1), "{said}");
    assert!(
        said.contains("1 out of 4 new pods have been updated"),
        "{said}"
    );
    kubectl(cluster, "rollout undo daemonset/agent");
    kubectl(cluster, "rollout status daemonset/agent --timeout=60s");
    let history = squeezed(&cluster.run("admin", "-n sets rollout history daemonset/agent"));
    assert!(history.contains("2 first\n3 first\n"), "{history}");
    kubectl(
        cluster,
        "set image daemonset/slow app=registry.example/fate:two",
    );
    cluster.until("-n sets get daemonset slow --no-headers", |text| {
        let words: Vec<&str> = text.split_whitespace().collect();
        words[1..6] == ["4", "4", "4", "0", "4"]
    });
}

/// What is in a revision: a strategic merge patch that puts the whole template back.
async fn a_revision_holds_its_template(cluster: &Cluster) {
    let (server, token) = cluster.access("admin");
    let get = |accept: &'static str| {
        client()
            .get(format!(
                "{server}/apis/apps/v1/namespaces/sets/controllerrevisions?labelSelector=app%3Dagent"
            ))
            .bearer_auth(&token)
            .header("accept", accept)
            .send()
    };
    let list: Value = get("application/json").await.unwrap().json().await.unwrap();
    let item = &list["items"][0];
    let template = &item["data"]["spec"]["template"];
    assert_eq!(template["$patch"], "replace");
    assert_eq!(template["metadata"]["labels"], json!({"app": "agent"}));
    assert_eq!(
        item["metadata"]["labels"]["controller-revision-hash"],
        item["metadata"]["name"].as_str().unwrap()["agent-".len()..]
    );
    assert_eq!(item["metadata"]["ownerReferences"][0]["kind"], "DaemonSet");
    let binary = get("application/vnd.kubernetes.protobuf").await.unwrap();
    let bytes = binary.bytes().await.unwrap();
    assert!(bytes.starts_with(b"k8s\0"));
    assert!(
        bytes
            .windows(10)
            .any(|part| part == b"\"$patch\":\"".as_slice()),
        "the template is in the binary form as JSON"
    );
}

fn objects_decode(cluster: &Cluster) {
    assert!(decode::<StatefulSet>(cluster, "statefulsets") >= 3);
    assert!(decode::<DaemonSet>(cluster, "daemonsets") >= 2);
    assert!(decode::<ControllerRevision>(cluster, "controllerrevisions") >= 7);
}

fn what_is_deleted_takes_its_pods_along(cluster: &Cluster) {
    kubectl(cluster, "delete statefulset,daemonset --all --timeout=60s");
    cluster.until("-n sets get pods,controllerrevisions", str::is_empty);
}

pub async fn all(cluster: &Cluster) {
    tokio::task::block_in_place(|| {
        write_manifests(cluster);
        answers(cluster, "admin", CREATED);
        a_broken_pod_blocks_an_ordered_set(cluster);
        a_parallel_set_heals_by_going_back(cluster);
        a_partition_keeps_the_lower_ordinals(cluster);
        nothing_happens_on_delete_until_a_pod_is_deleted(cluster);
        a_daemon_set_breaks_one_node_and_heals_by_going_back(cluster);
        objects_decode(cluster);
    });
    a_revision_holds_its_template(cluster).await;
    tokio::task::block_in_place(|| what_is_deleted_takes_its_pods_along(cluster));
}
