//! What kubectl does, the tables show.

use std::collections::BTreeMap;

use kubernetes::bodies;
use model::cluster::{Kind, ObjectRef, Scope};
use model::detail::DetailRow;
use model::message::Watch;
use model::pods::{ContainerState, PodRow};

use crate::plane;
use components::control_plane::ControlPlane;
use components::watching::{Seen, Watching, flags};

/// A namespace of the test's own.
fn namespace(plane: &ControlPlane, name: &str) -> Scope {
    plane.kubectl(&["create", "namespace", name]);
    Scope::Namespace(name.into())
}

fn running(seen: &Seen) -> usize {
    seen.pod_lines()
        .iter()
        .filter(|line| line.ends_with("Running true"))
        .count()
}

fn kubectl_lines(plane: &ControlPlane, namespace: &str) -> Vec<String> {
    let columns = r#"jsonpath={range .items[*]}{.metadata.namespace}/{.metadata.name} {.status.phase} {.status.conditions[?(@.type=="Ready")].status}{"\n"}{end}"#;
    let text = plane.kubectl(&["-n", namespace, "get", "pods", "-o", columns]);
    let words = text.replace("True", "true").replace("False", "false");
    let mut lines: Vec<String> = words.lines().map(str::to_owned).collect();
    lines.sort();
    lines
}

#[tokio::test(flavor = "multi_thread")]
async fn pods_that_come_and_go_are_seen_as_kubectl_sees_them() {
    let Some(plane) = plane::alone().await else {
        return;
    };
    let scope = namespace(&plane, "come-and-go");
    let mut watching = Watching::new(flags(&plane.kubeconfig("admin"))).await;
    watching.want(&scope);
    watching
        .until("the empty namespace is live", |seen| seen.pods.is_live())
        .await;
    plane.deploy("come-and-go", "cart", 3);
    watching
        .until("three pods run", |seen| running(seen) == 3)
        .await;
    plane.kubectl(&[
        "-n",
        "come-and-go",
        "scale",
        "deployment/cart",
        "--replicas=8",
    ]);
    watching
        .until("eight pods run, and the Deployment says so", |seen| {
            running(seen) == 8 && seen.deployments.rows().any(|row| row.ready == 8)
        })
        .await;
    assert_eq!(
        watching.seen.pod_lines(),
        kubectl_lines(&plane, "come-and-go")
    );
    plane.kubectl(&["-n", "come-and-go", "delete", "deployment/cart"]);
    watching
        .until("all are gone", |seen| {
            seen.pods.rows.is_empty() && seen.deployments.rows.is_empty()
        })
        .await;
    assert_eq!(watching.seen.pods.synced, 1, "one list, then only events");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_first_list_is_streamed_and_nothing_but_reads_and_reviews_reach_the_server() {
    let Some(plane) = plane::alone().await else {
        return;
    };
    let since = chrono::Utc::now();
    let mut watching = Watching::new(flags(&plane.kubeconfig("admin"))).await;
    watching.want(&Scope::All);
    watching
        .until("live, and told who we are", |seen| {
            seen.pods.is_live()
                && seen
                    .connection
                    .as_ref()
                    .is_some_and(|connection| connection.user.is_some())
        })
        .await;
    let connection = watching.seen.connection.clone().unwrap();
    assert_eq!(connection.user.unwrap().raw(), "admin");
    assert_eq!(
        (&*connection.context, connection.is_insecure),
        ("admin", false)
    );
    let mut audited = plane.audit(concat!("watchfloor/", env!("CARGO_PKG_VERSION"), " ("));
    audited.retain(|line| line.received >= since);
    assert!(
        audited
            .iter()
            .any(|line| line.verb == "watch" && line.uri.contains("sendInitialEvents=true"))
    );
    for line in &audited {
        let is_read = ["get", "list", "watch"].contains(&line.verb.as_str());
        assert!(is_read || line.uri.contains("/selfsubject"), "{line:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_broken_workload_shows_its_true_reason() {
    let Some(plane) = plane::alone().await else {
        return;
    };
    let scope = namespace(&plane, "broken");
    let mut watching = Watching::new(flags(&plane.kubeconfig("admin"))).await;
    watching.want(&scope);
    for fate in ["crash", "oom", "image-pull"] {
        let image = format!("--image=registry.example/fate:{fate}");
        plane.kubectl(&["-n", "broken", "create", "deployment", fate, &image]);
    }
    let of = |row: &PodRow, fate: &str| row.name.raw().starts_with(fate);
    let ended = |row: &PodRow| {
        let container = &row.containers[0];
        match &container.state {
            ContainerState::Terminated(end) => Some((end.exit_code, end.reason.clone())),
            ContainerState::Waiting { .. }
            | ContainerState::Running { .. }
            | ContainerState::Unknown => container
                .last
                .as_ref()
                .map(|end| (end.exit_code, end.reason.clone())),
        }
    };
    watching
        .until("crash ended badly", |seen| {
            seen.pods
                .rows()
                .any(|row| of(row, "crash") && ended(row).is_some_and(|(code, _)| code != 0))
        })
        .await;
    watching
        .until("oom was killed for memory", |seen| {
            let killed = |row: &PodRow| ended(row) == Some((137, Some("OOMKilled".into())));
            seen.pods.rows().any(|row| of(row, "oom") && killed(row))
        })
        .await;
    watching
        .until("the image cannot be pulled", |seen| {
            let waits = |row: &PodRow| {
                matches!(&row.containers[0].state, ContainerState::Waiting { reason, .. }
                    if ["ErrImagePull", "ImagePullBackOff"].contains(&reason.raw()))
            };
            seen.pods
                .rows()
                .any(|row| of(row, "image-pull") && waits(row))
        })
        .await;
    plane.kubectl(&["delete", "namespace", "broken", "--wait=false"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn one_object_is_seen_whole_with_its_events_and_its_end() {
    let Some(plane) = plane::alone().await else {
        return;
    };
    let scope = namespace(&plane, "whole");
    plane.deploy("whole", "cart", 1);
    let mut watching = Watching::new(flags(&plane.kubeconfig("admin"))).await;
    watching.want(&scope);
    watching.until("it runs", |seen| running(seen) == 1).await;
    let pod = watching.seen.pods.rows().next().unwrap().clone();
    let object = ObjectRef {
        kind: Kind::Pod,
        namespace: Some("whole".into()),
        name: pod.name.clone(),
        uid: pod.uid.clone(),
    };
    let detail = watching.wanted(Watch::Detail(object));
    watching.want_all([watching.pods(&scope), detail]);
    watching
        .until("its detail and the event of its scheduling", |seen| {
            let is_scheduled = |event: &model::events::EventRow| event.reason.raw() == "Scheduled";
            seen.detail.is_live() && seen.detail_events.rows().any(is_scheduled)
        })
        .await;
    let seen = watching.seen.detail.rows().next().unwrap();
    let DetailRow::Pod(row) = &seen.row else {
        panic!("not a pod")
    };
    assert_eq!(row.name, pod.name);
    assert!(
        seen.conditions
            .iter()
            .any(|(kind, ready)| kind.raw() == "Ready" && ready.is_true)
    );
    assert!(
        seen.labels
            .iter()
            .any(|(key, value)| (key.raw(), value.raw()) == ("app", "cart"))
    );
    plane.kubectl(&["-n", "whole", "delete", "deployment/cart"]);
    watching
        .until("it is gone", |seen| seen.detail.rows.is_empty())
        .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_same_list_as_json_and_as_protobuf_gives_equal_rows() {
    let Some(plane) = plane::alone().await else {
        return;
    };
    namespace(&plane, "encodings");
    plane.deploy("encodings", "well", 5);
    plane.kubectl(&[
        "-n",
        "encodings",
        "create",
        "deployment",
        "ill",
        "--image=registry.example/fate:crash",
    ]);
    plane.kubectl(&[
        "-n",
        "encodings",
        "wait",
        "--for=condition=Available",
        "deployment/well",
        "--timeout=60s",
    ]);
    for path in [
        "/api/v1/pods?resourceVersion=0",
        "/api/v1/pods?watch=1&sendInitialEvents=true&resourceVersionMatch=NotOlderThan&allowWatchBookmarks=true&timeoutSeconds=1",
    ] {
        let is_watch = path.contains("watch=1");
        let binary = if is_watch {
            "application/vnd.kubernetes.protobuf;stream=watch"
        } else {
            "application/vnd.kubernetes.protobuf"
        };
        // Pods of other tests may change between the two answers: rows of one version must be equal.
        let read = |accept: &'static str| {
            let (kind, body) = plane.raw(path, accept);
            assert!(
                kind.starts_with(accept.split(';').next().unwrap()),
                "{kind}"
            );
            let pods = if is_watch {
                bodies::watched_pods(&kind, &body)
            } else {
                bodies::listed_pods(&kind, &body)
            };
            let pods = pods.expect("a whole body");
            assert!(pods.unreadable.is_empty() && !pods.version.is_empty());
            let rows = pods
                .rows
                .into_iter()
                .map(|row| ((row.uid.clone(), row.version), row));
            rows.collect::<BTreeMap<_, _>>()
        };
        let (from_json, from_protobuf) = (read("application/json"), read(binary));
        let shared: Vec<_> = from_json
            .keys()
            .filter(|key| from_protobuf.contains_key(*key))
            .collect();
        assert!(shared.len() >= 5, "{} of {}", shared.len(), from_json.len());
        for key in shared {
            assert_eq!(from_json[key], from_protobuf[key]);
        }
    }
    plane.kubectl(&["delete", "namespace", "encodings", "--wait=false"]);
}
