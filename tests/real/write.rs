//! Writes on a real control plane: what is confirmed at the keyboard reaches the server once, is followed to its verdict,
//! and stands in the server's audit log exactly as on the timeline.

use components::control_plane::{ControlPlane, eventually};
use components::rig::Rig;
use model::kind::Kind;
use model::screen::Overlay;
use model::settings::Settings;

/// With a Deployment in a namespace of the test.
fn plane(namespace: &str, replicas: u32) -> Option<&'static ControlPlane> {
    let plane = crate::plane::shared()?;
    plane.kubectl(&["create", "namespace", namespace]);
    plane.deploy(namespace, "checkout", replicas);
    Some(plane)
}

async fn rig(plane: &ControlPlane, namespace: &str, pods: usize) -> Rig {
    let mut rig = Rig::new(&plane.kubeconfig("admin"), namespace, Settings::default()).await;
    rig.ready(pods).await;
    rig
}

/// Each write has exactly one intent, each intent with result "applied" exactly one write.
fn assert_audited(plane: &ControlPlane, rig: &Rig, namespace: &str, applied: usize) {
    assert_eq!(rig.intents("applied").1, applied, "applied by the timeline");
    eventually("the audit log has all writes", || {
        plane.writes(namespace) >= applied
    });
    assert_eq!(plane.writes(namespace), applied, "writes by the audit log");
}

fn replicas(plane: &ControlPlane, namespace: &str) -> String {
    let path = "jsonpath={.spec.replicas}";
    plane.kubectl(&["-n", namespace, "get", "deployment", "checkout", "-o", path])
}

#[tokio::test(flavor = "multi_thread")]
async fn a_scale_to_nothing_and_back_is_followed_to_its_verdict() {
    let Some(plane) = plane("scaled", 2) else {
        return;
    };
    let mut rig = rig(plane, "scaled", 2).await;
    rig.type_keys("x s 4 enter");
    rig.say_yes().await;
    rig.until_told(Kind::ActionResult, "2 -> 4 in scaled: applied")
        .await;
    rig.until_told(Kind::ActionVerdict, "done after").await;
    assert_eq!(replicas(plane, "scaled"), "4");
    rig.type_keys("x s 0 enter");
    rig.say_yes().await;
    rig.say_yes().await;
    rig.until_told(Kind::ActionVerdict, "no pod is left").await;
    // A zero is absent on the wire: the way back tests for that.
    rig.type_keys("x z");
    rig.say_yes().await;
    rig.until_told(Kind::ActionResult, "0 -> 4 in scaled: applied")
        .await;
    rig.until_told(Kind::ActionUndone, "undone").await;
    assert_eq!(replicas(plane, "scaled"), "4");
    assert_audited(plane, &rig, "scaled", 3);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_restart_makes_new_pods_and_a_second_one_tests_the_first() {
    let Some(plane) = plane("restarted", 2) else {
        return;
    };
    let mut rig = rig(plane, "restarted", 2).await;
    for times in 1..=2 {
        rig.ready(2).await;
        rig.type_keys("x r");
        rig.say_yes().await;
        rig.until("applied", |rig| rig.intents("applied") == (times, times))
            .await;
        rig.until("done", |rig| {
            let is_done = |title: &str| title.contains("done after");
            rig.recorded
                .iter()
                .filter(|draft| is_done(draft.title.raw()))
                .count()
                == times
        })
        .await;
    }
    let history = plane.kubectl(&[
        "-n",
        "restarted",
        "rollout",
        "history",
        "deployment/checkout",
    ]);
    assert!(
        history.lines().any(|line| line.starts_with('3')),
        "{history}"
    );
    assert_audited(plane, &rig, "restarted", 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_kubectl_changed_between_dialog_and_yes_is_shown_and_asked_again() {
    let Some(plane) = plane("contested", 2) else {
        return;
    };
    let mut rig = rig(plane, "contested", 2).await;
    rig.type_keys("x s 5 enter");
    plane.kubectl(&[
        "-n",
        "contested",
        "scale",
        "deployment/checkout",
        "--replicas=3",
    ]);
    rig.say_yes().await;
    rig.until_told(Kind::ActionResult, "not applied: replicas is 3 now, not 2")
        .await;
    assert_eq!(replicas(plane, "contested"), "3");
    rig.until("it is asked again", |rig| {
        matches!(rig.model.screen.overlays.last(), Some(Overlay::Dialog(_)))
    })
    .await;
    rig.type_keys("enter");
    rig.say_yes().await;
    rig.until_told(Kind::ActionResult, "3 -> 5 in contested: applied")
        .await;
    assert_eq!(replicas(plane, "contested"), "5");
    assert_eq!(rig.intents("not-applied"), (2, 1));
    assert_audited(plane, &rig, "contested", 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_pod_that_crashes_fails_the_write_at_once() {
    let Some(plane) = plane("crashes", 2) else {
        return;
    };
    let mut rig = rig(plane, "crashes", 2).await;
    rig.type_keys("x s 3 enter");
    plane.kubectl(&[
        "-n",
        "crashes",
        "set",
        "image",
        "deployment/checkout",
        "*=registry.example/fate:crash",
    ]);
    rig.say_yes().await;
    rig.until_told(Kind::ActionVerdict, "failing: checkout-")
        .await;
    assert_audited(plane, &rig, "crashes", 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn read_only_opens_no_dialog_and_the_server_sees_no_write() {
    let Some(plane) = plane("watched", 1) else {
        return;
    };
    let settings = Settings {
        is_read_only: true,
        ..Settings::default()
    };
    let mut rig = Rig::new(&plane.kubeconfig("admin"), "watched", settings).await;
    rig.ready(1).await;
    for keys in ["x s", "x r", "x z", "A"] {
        rig.type_keys(keys);
        let status = rig.model.screen.status.clone().unwrap();
        assert!(
            status.text.contains("--read-only"),
            "{keys}: {}",
            status.text.raw()
        );
    }
    assert_eq!(plane.writes("watched"), 0);
}
