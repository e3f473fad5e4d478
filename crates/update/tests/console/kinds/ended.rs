//! Containers that ended: by whom, with what, and when.

use super::*;
use model::message::{Msg, StoreMsg, TableChange, WatchChange};

fn not_ready(seconds: i64) -> Value {
    condition("Ready", "False", seconds, "ContainersNotReady", "")
}

/// Killed with this code and reason a minute ago, and up again.
fn killed(name: &str, exit_code: i32, reason: &str) -> Value {
    let app = container("app", &running(60), &ended(exit_code, reason, 62), 1);
    let ready = condition("Ready", "True", 50, "", "");
    pod(
        name,
        &json!({"status": {"conditions": [ready], "containerStatuses": [app]}}),
    )
}

fn unhealthy(pod: &str, probe: &str, seconds: i64) -> Value {
    let message = format!("{probe} probe failed: HTTP probe failed with statuscode: 503");
    let mut event = event(("Pod", pod), "Unhealthy", &message, (3, seconds));
    event["involvedObject"]["fieldPath"] = json!("spec.containers{app}");
    event
}

#[test]
fn exit_137_without_a_word_of_memory_is_sigkill_and_never_oom() {
    let pods = [
        killed("a-kill", 137, "Error"),
        killed("b-oom", 137, "OOMKilled"),
        killed("c-term", 143, "Error"),
    ];
    let console = seen(&pods, &[]);
    says(&console, "a-kill", &["exit 137 (SIGKILL)"]);
    says(&console, "b-oom", &["exit 137 OOM"]);
    says(&console, "c-term", &["exit 143 (SIGTERM)"]);
    assert!(!row(&console, "a-kill").contains("OOM"));
}

#[test]
fn a_container_that_its_probe_ended_says_so_when_the_events_do() {
    let pods = [
        killed("a-live", 137, "Error"),
        killed("b-start", 143, "Error"),
        killed("c-tidy", 0, "Completed"),
        killed("d-oom", 137, "OOMKilled"),
        killed("e-own", 1, "Error"),
    ];
    let events = [
        unhealthy("a-live", "Liveness", 95),
        unhealthy("b-start", "Startup", 70),
        unhealthy("c-tidy", "Liveness", 66),
        unhealthy("d-oom", "Liveness", 66),
        unhealthy("e-own", "Liveness", 66),
    ];
    let console = seen(&pods, &events);
    says(
        &console,
        "a-live",
        &["killed by its liveness probe, exit 137 (SIGKILL)"],
    );
    says(
        &console,
        "b-start",
        &["killed by its startup probe, exit 143 (SIGTERM)"],
    );
    says(
        &console,
        "c-tidy",
        &["killed by its liveness probe, exit 0"],
    );
    says(&console, "d-oom", &["exit 137 OOM"]);
    assert!(!row(&console, "d-oom").contains("probe") && !row(&console, "e-own").contains("probe"));
}

#[test]
fn no_probe_is_blamed_for_what_it_did_not_end() {
    let pods = [
        killed("a-ready", 137, "Error"),
        killed("b-after", 137, "Error"),
        killed("c-other", 137, "Error"),
        killed("d-before", 137, "Error"),
    ];
    let mut other = unhealthy("c-other", "Liveness", 66);
    other["involvedObject"]["fieldPath"] = json!("spec.containers{proxy}");
    let mut before = unhealthy("d-before", "Liveness", 66);
    before["involvedObject"]["uid"] = json!("the pod of that name before it");
    let events = [
        unhealthy("a-ready", "Readiness", 66),
        unhealthy("b-after", "Liveness", 20),
        other,
        before,
    ];
    let console = seen(&pods, &events);
    for name in ["a-ready", "b-after", "c-other", "d-before"] {
        assert!(
            !row(&console, name).contains("probe"),
            "{}",
            row(&console, name)
        );
    }
}

#[test]
fn a_job_with_a_sidecar_is_completed_whatever_became_of_the_sidecar() {
    let sidecar =
        json!({"initContainers": [{"name": "proxy", "image": "p:1", "restartPolicy": "Always"}]});
    let of = |phase: &str, exit: i32, reason: &str| {
        json!({"spec": sidecar, "status": {
            "phase": phase,
            "conditions": [condition("Ready", "False", 400, "PodCompleted", "")],
            "initContainerStatuses": [container("proxy", &ended(137, "Error", 390), &json!({}), 0)],
            "containerStatuses": [container("app", &ended(exit, reason, 400), &json!({}), 0)],
        }})
    };
    let pods = [
        pod("a-done", &of("Succeeded", 0, "Completed")),
        pod("b-bad", &of("Failed", 2, "Error")),
        pod("c-ending", &of("Running", 0, "Completed")),
    ];
    let console = seen(&pods, &[]);
    says(&console, "a-done", &["Completed"]);
    says(&console, "b-bad", &["Error", "exit 2, 7m ago"]);
    says(&console, "c-ending", &["Completed", "exit 0, 7m ago"]);
    assert!(!row(&console, "a-done").contains("137") && !row(&console, "b-bad").contains("137"));
}

#[test]
fn a_container_that_ended_beside_one_that_runs_is_named_with_its_exit_and_age() {
    let two = json!({"spec": {"containers": [{"name": "c0", "image": "a:1"}, {"name": "c1", "image": "a:1"}]}});
    let of = |exit: i32, reason: &str| {
        let mut over = two.clone();
        over["status"] = json!({
            "conditions": [not_ready(3_000)],
            "containerStatuses": [
                container("c0", &ended(exit, reason, 3_000), &json!({}), 0),
                container("c1", &running(3_100), &json!({}), 0),
            ],
        });
        over
    };
    let pods = [
        pod("a-crash", &of(1, "Error")),
        pod("b-done", &of(0, "Completed")),
    ];
    let console = seen(&pods, &[]);
    says(&console, "a-crash", &["Error", "c0: exit 1, 50m ago"]);
    says(&console, "b-done", &["NotReady", "c0: exit 0, 50m ago"]);
    assert_eq!(counts(&console), (2, 2));
}

#[test]
fn a_job_that_failed_days_ago_is_past_and_says_what_it_was() {
    let of = |seconds: i64| {
        json!({
            "metadata": {"ownerReferences": [{"kind": "Job", "name": "report", "controller": true}]},
            "status": {
                "phase": "Failed",
                "conditions": [condition("Ready", "False", seconds, "PodFailed", "")],
                "containerStatuses": [container("app", &ended(1, "Error", seconds), &json!({}), 0)],
            },
        })
    };
    let pods = [
        pod("a-old", &of(3 * 86_400)),
        pod("b-new", &of(1_200)),
        pod(
            "c-well",
            &json!({
                "status": {"conditions": [condition("Ready", "True", 900, "", "")], "containerStatuses": [container("app", &running(900), &json!({}), 0)]},
            }),
        ),
    ];
    let mut console = seen(&pods, &[]);
    says(&console, "a-old", &["Error", "exit 1, 3d ago"]);
    says(&console, "b-new", &["Error", "exit 1, 20m ago"]);
    let unmarked = |pod| row(&console, pod).replace('▸', " ");
    assert!(unmarked("a-old").contains("– a-old") && unmarked("b-new").contains("✗ b-new"));
    assert_eq!(counts(&console), (1, 3), "what is past is not sick");
    let line = |console: &Console, name: &str| console.line_with(name).unwrap();
    assert!(
        line(&console, "b-new") < line(&console, "a-old")
            && line(&console, "a-old") < line(&console, "c-well")
    );
    console.advance(45 * 60_000);
    assert_eq!(counts(&console), (0, 3), "an hour later it is past, too");
}

#[test]
fn the_page_of_a_pod_knows_who_killed_it_from_its_own_events() {
    let pods = [killed("a-live", 137, "Error")];
    let mut console = seen(&pods, &[]);
    console.type_keys("g enter");
    let detail = read(bodies::listed_details, &pods).remove(0);
    let batch = |rows| WatchChange::Batch {
        rows,
        gone: Vec::new(),
        unreadable: Vec::new(),
    };
    console.table(TableChange::Detail(
        "a-live".into(),
        WatchChange::Batch {
            rows: vec![detail],
            gone: Vec::new(),
            unreadable: Vec::new(),
        },
    ));
    assert!(!console.shows("killed by its"), "{}", console.screen());
    let message = "Container app failed liveness probe, will be restarted";
    let mut killing = event(("Pod", "a-live"), "Killing", message, (1, 63));
    killing["type"] = json!("Normal");
    let events = read(bodies::listed_events, &[killing]);
    console.table(TableChange::DetailEvents("a-live".into(), batch(events)));
    assert!(
        console.shows("killed by its liveness probe"),
        "{}",
        console.screen()
    );
}

/// All that a console with this pod gives to the timeline, from its start or from the moment when it falls ill.
fn recorded(exit_code: i32, reason: &str, is_there_at_start: bool) -> String {
    let sick = || harness::fixtures::crashing("checkout-7d9f-x2k", exit_code, reason);
    let first = if is_there_at_start {
        sick()
    } else {
        harness::fixtures::pod("checkout-7d9f-x2k")
    };
    let mut console = Console::live(80, 24, vec![first]);
    console.send(Msg::Store(StoreMsg::Opened(Box::default())));
    console.deployments(vec![harness::writing::checkout(1)]);
    console.advance(30_000);
    console.upsert(vec![harness::fixtures::versioned(sick(), 9)]);
    console.advance(30_000);
    format!("{:?}", console.effects)
}

#[test]
fn the_timeline_says_an_exit_as_the_row_does() {
    for (exit_code, reason, words) in [
        (137, "Error", "exit 137 (SIGKILL)"),
        (143, "Error", "exit 143 (SIGTERM)"),
        (139, "Error", "exit 139 (SIGSEGV)"),
        (137, "OOMKilled", "exit 137 OOM"),
        (1, "Error", "exit 1"),
        (128, "StartError", "exit 128 StartError"),
    ] {
        for is_there_at_start in [true, false] {
            let recorded = recorded(exit_code, reason, is_there_at_start);
            assert!(recorded.contains(words), "{words}: {recorded}");
            for wrong in ["Error", "OOMKilled"] {
                let wrong = format!("exit {exit_code} {wrong}");
                assert!(!recorded.contains(&wrong), "{wrong}: {recorded}");
            }
        }
    }
}
