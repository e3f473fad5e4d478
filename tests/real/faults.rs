//! What the server does to us, the tables survive.

use std::time::{Duration, Instant};

use model::cluster::{Health, Kind, ProblemClass, Scope};

use crate::plane;
use components::relay::Relay;
use components::watching::{Watching, flags};

/// How long the control plane's own parts may take to come back.
const CONTROLLERS: Duration = Duration::from_secs(180);
/// A bookmark is missed after 75 s, its absence probed for 5 s; a busy machine is slower.
const SILENCE: Duration = Duration::from_secs(150);
/// How long the API server stays away.
const OUTAGE: Duration = Duration::from_secs(30);

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_forgot_where_the_watch_was_is_listed_again() {
    let Some(plane) = plane::alone().await else {
        return;
    };
    plane.kubectl(&["create", "namespace", "forgotten"]);
    plane.deploy("forgotten", "cart", 2);
    let mut watching = Watching::new(flags(&plane.kubeconfig("admin"))).await;
    watching.want(&Scope::Namespace("forgotten".into()));
    watching
        .until("two pods run", |seen| {
            seen.pods
                .rows()
                .filter(|row| row.ready.as_ref().is_some_and(|ready| ready.is_true))
                .count()
                == 2
        })
        .await;
    // Other namespaces move the version on; ours does not hear of it.
    for round in 0..3 {
        plane.kubectl(&[
            "-n",
            "default",
            "create",
            "deployment",
            &format!("noise-{round}"),
            "--image=registry.example/noise:1",
        ]);
    }
    plane.kubectl(&[
        "-n",
        "default",
        "wait",
        "--for=condition=Available",
        "deployment/noise-2",
        "--timeout=60s",
    ]);
    plane.part("compact", &[]);
    plane.part("restart", &["apiserver"]);
    plane.kubectl(&["-n", "forgotten", "delete", "pod", "--all", "--wait=false"]);
    watching
        .until("listed again, live, with two other pods that run", |seen| {
            let pods = &seen.pods;
            let ready = pods
                .rows()
                .filter(|row| row.ready.as_ref().is_some_and(|ready| ready.is_true))
                .count();
            pods.is_live() && pods.synced >= 2 && pods.rows.len() == 2 && ready == 2
        })
        .await;
}

/// Events have no watch cache: their old versions are gone as soon as etcd has forgotten them.
#[tokio::test(flavor = "multi_thread")]
async fn events_that_were_forgotten_while_the_wire_was_cut_are_listed_again() {
    let Some(plane) = plane::alone().await else {
        return;
    };
    plane.kubectl(&["create", "namespace", "noisy"]);
    let (relay, kubeconfig) = Relay::before(&plane.kubeconfig("admin")).await;
    let mut watching = Watching::new(flags(&kubeconfig)).await;
    let noisy = Scope::Namespace("noisy".into());
    watching.want_all([watching.table(Kind::Event, &noisy)]);
    watching.until("live", |seen| seen.warnings.is_live()).await;
    let lists = watching.seen.warnings.synced;
    relay.die();
    // No pod of it can be placed: the scheduler warns.
    plane.deploy("noisy", "placed-nowhere", 1);
    plane.kubectl(&[
        "-n",
        "noisy",
        "patch",
        "deployment",
        "placed-nowhere",
        "--patch",
        r#"{"spec":{"template":{"spec":{"nodeSelector":{"kubernetes.io/hostname":"nowhere"}}}}}"#,
    ]);
    plane.kubectl_until(&[
        "-n",
        "noisy",
        "wait",
        "event",
        "--field-selector=reason=FailedScheduling",
        "--for=jsonpath={.type}=Warning",
        "--timeout=5s",
    ]);
    plane.part("compact", &[]);
    relay.cut();
    watching
        .until("listed again, with the warning", |seen| {
            seen.warnings.is_live()
                && seen.warnings.synced > lists
                && !seen.warnings.rows.is_empty()
        })
        .await;
    assert!(
        !watching
            .seen
            .warnings
            .healths
            .iter()
            .any(|health| matches!(health, Health::Stopped { .. }))
    );
}

/// A firewall that forgot the connection sends neither data nor an end.
#[tokio::test(flavor = "multi_thread")]
async fn a_wire_that_went_dead_is_noticed_said_and_left_for_a_new_one() {
    let Some(plane) = plane::alone().await else {
        return;
    };
    plane.kubectl(&["create", "namespace", "dead"]);
    plane.deploy("dead", "cart", 1);
    let (relay, kubeconfig) = Relay::before(&plane.kubeconfig("admin")).await;
    let mut watching = Watching::new(flags(&kubeconfig)).await;
    watching.want(&Scope::Namespace("dead".into()));
    watching
        .until("a pod", |seen| {
            seen.pods.is_live() && seen.pods.rows.len() == 1
        })
        .await;
    relay.die();
    watching
        .until_within(SILENCE, "the pods are stale", |seen| seen.pods.is_stale())
        .await;
    assert_eq!(watching.seen.pods.rows.len(), 1, "rows stay");
    relay.cut();
    watching
        .until("live on a new connection", |seen| {
            seen.pods.is_live() && seen.pods.rows.len() == 1
        })
        .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_stays_away_leaves_the_rows_is_called_stale_is_asked_once_a_second_at_most_and_is_found_again()
 {
    let Some(plane) = plane::alone().await else {
        return;
    };
    plane.kubectl(&["create", "namespace", "away"]);
    plane.deploy("away", "cart", 3);
    let mut watching = Watching::new(flags(&plane.kubeconfig("admin"))).await;
    let scope = Scope::Namespace("away".into());
    let warnings = watching.table(Kind::Event, &scope);
    let namespaces = watching.table(Kind::Namespace, &Scope::All);
    watching.want_all([
        watching.pods(&scope),
        watching.deployments(&scope),
        warnings,
        namespaces,
    ]);
    watching
        .until("everything is live", |seen| {
            seen.pods.is_live()
                && seen.deployments.is_live()
                && seen.namespaces.is_live()
                && seen.warnings.is_live()
                && seen.pods.rows.len() == 3
        })
        .await;
    plane.part("stop", &["apiserver"]);
    let (before, _) = watching.source.requests();
    let stopped = Instant::now();
    watching
        .until("all four are stale", |seen| {
            seen.pods.is_stale()
                && seen.deployments.is_stale()
                && seen.namespaces.is_stale()
                && seen.warnings.is_stale()
        })
        .await;
    let rest = OUTAGE.saturating_sub(stopped.elapsed());
    watching.listen_for(rest).await;
    let (after, _) = watching.source.requests();
    let asked = after - before;
    assert!(asked >= 3, "it never tried");
    assert!(
        asked <= stopped.elapsed().as_secs() + 1,
        "{asked} requests in {:?}",
        stopped.elapsed()
    );
    assert_eq!(watching.seen.pods.rows.len(), 3, "rows stay");
    let Some(Health::Stale {
        heard: Some(_),
        problem,
        retry: Some(_),
    }) = &watching.seen.pods.health
    else {
        panic!("{:?}", watching.seen.pods.health)
    };
    assert_eq!(problem.class, ProblemClass::Unreachable);
    plane.part("start", &["apiserver"]);
    watching
        .until("everything is live again", |seen| {
            seen.pods.is_live()
                && seen.deployments.is_live()
                && seen.namespaces.is_live()
                && seen.warnings.is_live()
        })
        .await;
    plane.kubectl(&["-n", "away", "scale", "deployment/cart", "--replicas=5"]);
    // The controllers have to find the server again first; their patience is longer than ours.
    watching
        .until_within(CONTROLLERS, "five pods", |seen| seen.pods.rows.len() == 5)
        .await;
}
