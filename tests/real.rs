//! The watch on a real control plane: what kubectl does, the tables show; what the server does to us, they survive.
//! What reached the server is read from its audit log.
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod harness;

use std::sync::OnceLock;

use harness::control_plane::ControlPlane;
use harness::watching::{Watching, flags};
use tokio::sync::{Mutex, MutexGuard};
use watchfloor::model::cluster::Scope;

/// One control plane for this binary: its tests stop and start parts of it, so they take turns.
async fn plane() -> Option<MutexGuard<'static, ControlPlane>> {
    static PLANE: OnceLock<Option<Mutex<ControlPlane>>> = OnceLock::new();
    let start = || ControlPlane::start().map(Mutex::new);
    Some(PLANE.get_or_init(start).as_ref()?.lock().await)
}

fn kubectl_lines(plane: &ControlPlane, namespace: &str) -> Vec<String> {
    let columns = r#"jsonpath={range .items[*]}{.metadata.namespace}/{.metadata.name} {.status.phase} {.status.conditions[?(@.type=="Ready")].status}{"\n"}{end}"#;
    let text = plane.kubectl(&["-n", namespace, "get", "pods", "-o", columns]);
    let mut lines: Vec<String> = text
        .lines()
        .map(|line| line.replace("True", "true").replace("False", "false"))
        .collect();
    lines.sort();
    lines
}

#[tokio::test(flavor = "multi_thread")]
async fn pods_that_come_and_go_are_seen_as_kubectl_sees_them() {
    let Some(plane) = plane().await else { return };
    plane.deploy("shop", "cart", 3);
    let mut watching = Watching::new(flags(&plane.kubeconfig("admin"))).await;
    watching.want(&Scope::Namespace("shop".into()));
    watching
        .until("three pods run", |seen| {
            seen.pods.is_live()
                && seen
                    .pod_lines()
                    .iter()
                    .filter(|line| line.ends_with("Running true"))
                    .count()
                    == 3
        })
        .await;
    plane.kubectl(&["-n", "shop", "scale", "deployment/cart", "--replicas=8"]);
    watching
        .until("eight pods run", |seen| {
            seen.pod_lines()
                .iter()
                .filter(|line| line.ends_with("Running true"))
                .count()
                == 8
        })
        .await;
    assert_eq!(watching.seen.pod_lines(), kubectl_lines(&plane, "shop"));
    plane.kubectl(&["-n", "shop", "delete", "deployment/cart"]);
    watching
        .until("all are gone", |seen| seen.pods.rows.is_empty())
        .await;
}
