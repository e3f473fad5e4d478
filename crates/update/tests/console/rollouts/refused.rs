//! Pods that the server does not let be created: said by the Events of the controllers, in row, write and timeline.

use std::num::NonZeroU64;

use model::cluster::Health;
use model::events::EventRow;
use model::message::{Effect, StoreEffect, TableChange, WatchChange};
use model::meta::Meta;
use model::pods::{Condition, PodRow};
use model::time::Seconds;
use model::workload::WorkloadRow;

use harness::console::Console;
use harness::fixtures::versioned;
use harness::rollouts::{agent, daemonset, of_web, statefulset, web};
use harness::writing::{checkout, with_deployment};

const QUOTA: &str = "exceeded quota: small, requested: pods=1, used: pods=2, limited: pods=2";

/// A console of 120 columns on the rollouts pane, with these pods.
fn console(pods: Vec<PodRow>) -> Console {
    let mut console = Console::live(120, 40, pods);
    console.type_keys("4 z");
    console.effects.clear();
    console
}

/// A StatefulSet of three of which two are there.
fn short(version: u64) -> WorkloadRow {
    WorkloadRow {
        current: 2,
        updated: 2,
        ready: 2,
        available: 2,
        ..versioned(web(), version)
    }
}

fn event(console: &Console, kind: &str, name: &str, message: &str, age_s: i64) -> EventRow {
    let now = console.at.wall.timestamp();
    EventRow {
        meta: Meta::plain(
            format!("event-{name}-{age_s}").into(),
            "shop".into(),
            format!("{name}.{age_s}").into(),
        ),
        is_warning: true,
        reason: "FailedCreate".into(),
        message: message.into(),
        count: 4,
        first: Some(Seconds::new(now - age_s)),
        last: Some(Seconds::new(now)),
        object_kind: kind.into(),
        object_name: name.into(),
        object_uid: format!("uid-{name}").into(),
        container: None,
    }
}

/// `kind: title` of all that was to be saved since the last time.
fn titles(console: &mut Console) -> Vec<String> {
    let drafts = console
        .take_effects()
        .into_iter()
        .flat_map(|effect| match effect {
            Effect::Store(StoreEffect::Save { draft, .. }) => vec![*draft],
            Effect::Store(StoreEffect::Append(drafts)) => drafts,
            _ => Vec::new(),
        });
    drafts
        .map(|draft| format!("{}: {}", draft.kind.word(), draft.title.raw()))
        .collect()
}

fn warn(console: &mut Console, rows: Vec<EventRow>) {
    let change = WatchChange::Batch {
        rows,
        gone: Vec::new(),
        unreadable: Vec::new(),
    };
    console.table(TableChange::Warnings(change));
    console.advance(1_100);
}

fn refuse_web(console: &mut Console, age_s: i64) {
    let message = format!(
        "create Pod web-2 in StatefulSet web failed error: pods \"web-2\" is forbidden: {QUOTA}"
    );
    let event = event(console, "StatefulSet", "web", &message, age_s);
    warn(console, vec![event]);
}

fn web_pods() -> Vec<PodRow> {
    vec![of_web("web-0", "web-1"), of_web("web-1", "web-1")]
}

/// A DaemonSet of which no pod is there.
fn daemon(console: &mut Console) {
    let row = WorkloadRow {
        current: 0,
        updated: 0,
        ready: 0,
        available: 0,
        ..agent()
    };
    daemonset(console, row);
}

#[test]
fn a_statefulset_whose_pods_a_quota_refuses_is_sick_at_once_and_stuck_after_three_minutes() {
    let mut console = console(web_pods());
    statefulset(&mut console, short(11));
    refuse_web(&mut console, 0);
    assert!(
        console.shows("FAILING: 2 updated, 2 available"),
        "{}",
        console.screen()
    );
    assert!(console.shows(&format!("no new pod: {QUOTA}")));
    assert!(console.shows("1 sick / 1"));
    let words = format!("pod.transition: web: failing, no new pod: {QUOTA}");
    assert!(titles(&mut console).contains(&words));
    console.advance(180_000);
    assert!(
        console.shows("STUCK: 2 updated, 2 available"),
        "{}",
        console.screen()
    );
    let words =
        format!("pod.transition: web: stuck, no new pod: {QUOTA} for 3 min, 2 of 3 available");
    assert_eq!(titles(&mut console), [words]);
    let mut whole = web();
    whole.meta.version = NonZeroU64::new(12);
    console.upsert(vec![of_web("web-2", "web-1")]);
    statefulset(&mut console, whole);
    console.advance(1_100);
    assert!(console.shows("0 sick / 1") && !console.shows("no new pod"));
    assert_eq!(
        titles(&mut console),
        ["pod.transition: web: pods are created again, 3 of 3 available"]
    );
}

#[test]
fn a_daemonset_whose_pods_a_webhook_denies_is_sick() {
    let mut console = console(Vec::new());
    daemon(&mut console);
    let message =
        "Error creating: admission webhook \"freeze.example\" denied the request: change freeze";
    let event = event(&console, "DaemonSet", "agent", message, 0);
    warn(&mut console, vec![event]);
    assert!(
        console.shows("FAILING: 0 updated, 0 available"),
        "{}",
        console.screen()
    );
    assert!(console.shows(
        "no new pod: admission webhook \"freeze.example\" denied the request: change freeze"
    ));
}

#[test]
fn pods_that_violate_pod_security_are_said_with_what_they_violate() {
    let mut console = console(Vec::new());
    daemon(&mut console);
    let why = "violates PodSecurity \"restricted:latest\": allowPrivilegeEscalation != false";
    let message = format!("Error creating: pods \"agent-x2\" is forbidden: {why}");
    let event = event(&console, "DaemonSet", "agent", &message, 0);
    warn(&mut console, vec![event]);
    assert!(
        console.shows(&format!("no new pod: {why}")),
        "{}",
        console.screen()
    );
}

#[test]
fn an_event_from_before_the_newest_pod_proves_nothing() {
    let mut console = console(web_pods());
    let mut late = of_web("web-1", "web-1");
    late.created = Some(Seconds::new(console.at.wall.timestamp() + 30));
    console.upsert(vec![late]);
    statefulset(&mut console, short(11));
    refuse_web(&mut console, 0);
    assert!(!console.shows("no new pod"), "{}", console.screen());
    assert!(console.shows("rolling: 2 updated, 2 available"));
}

#[test]
fn an_event_about_what_has_all_its_pods_proves_nothing() {
    let mut console = console(web_pods());
    statefulset(&mut console, web());
    refuse_web(&mut console, 600);
    assert!(console.shows("0 sick / 1") && !console.shows("no new pod"));
    assert_eq!(titles(&mut console), [""; 0]);
}

#[test]
fn what_was_refused_before_the_start_is_stuck_at_once() {
    let mut console = console(web_pods());
    statefulset(&mut console, short(11));
    refuse_web(&mut console, 400);
    assert!(console.shows("STUCK: 2 updated"), "{}", console.screen());
    let titles = titles(&mut console);
    assert!(
        titles
            .iter()
            .any(|title| title.starts_with("pod.transition: web: stuck, ")),
        "{titles:?}"
    );
}

#[test]
fn a_job_whose_pods_are_refused_is_on_the_timeline() {
    let mut console = console(Vec::new());
    statefulset(&mut console, web());
    let message = format!("Error creating: pods \"backup-x\" is forbidden: {QUOTA}");
    let event = event(&console, "Job", "backup", &message, 0);
    warn(&mut console, vec![event]);
    assert_eq!(
        titles(&mut console),
        [format!(
            "pod.transition: backup: failing, no new pod: {QUOTA}"
        )]
    );
}

#[test]
fn a_deployment_whose_pods_are_refused_is_on_the_timeline() {
    let mut console = console(Vec::new());
    let mut row = checkout(3);
    (row.current, row.updated, row.ready, row.available) = (2, 2, 2, 2);
    let failure = Condition {
        is_true: true,
        since: Some(Seconds::new(console.at.wall.timestamp())),
        reason: Some("FailedCreate".into()),
        message: Some(format!("pods \"checkout-9\" is forbidden: {QUOTA}").into()),
    };
    let row = with_deployment(row, |fields| {
        fields.replica_failure = Some(Box::new(failure));
    });
    console.deployments(vec![row]);
    console.advance(1_100);
    assert!(console.shows("FAILING: 2 updated"), "{}", console.screen());
    let titles = titles(&mut console);
    assert!(
        titles.contains(&format!(
            "pod.transition: checkout: failing, no new pod: {QUOTA}"
        )),
        "{titles:?}"
    );
    console.advance(180_000);
    assert!(console.shows("STUCK: 2 updated"), "{}", console.screen());
}

/// `web` is scaled from two to three by us, and the third pod is refused.
fn scaled() -> Console {
    let mut console = Console::live(120, 40, web_pods());
    let two = WorkloadRow {
        wanted: 2,
        ..short(11)
    };
    statefulset(&mut console, two);
    console.type_keys("4 g x s 3 enter");
    let write = console.say_yes();
    console.applied(write, 12);
    console.advance(2_000);
    let mut three = short(12);
    (three.generation, three.observed_generation) = (5, 5);
    statefulset(&mut console, three);
    titles(&mut console);
    console
}

#[test]
fn a_write_whose_new_pods_are_refused_is_failing_at_once_in_the_words_of_the_pane() {
    let mut console = scaled();
    refuse_web(&mut console, 0);
    assert!(
        console.shows("FAILING: no new pod: exceeded quota: small,"),
        "{}",
        console.screen()
    );
    let words = format!("action.verdict: scale web 2 -> 3 in shop: failing: no new pod: {QUOTA}");
    assert!(titles(&mut console).contains(&words));
    console.advance(180_000);
    assert!(console.shows("STUCK"), "{}", console.screen());
    let titles = titles(&mut console);
    let words = format!("stuck: no new pod: {QUOTA} for 3 min, 2 of 3 available");
    assert!(
        titles.iter().any(|title| title.ends_with(&words)),
        "{titles:?}"
    );
}

#[test]
fn a_refusal_from_before_the_write_is_not_the_writes() {
    let mut console = scaled();
    let mut before = event(&console, "StatefulSet", "web", QUOTA, 600);
    before.last = Some(Seconds::new(console.at.wall.timestamp() - 60));
    warn(&mut console, vec![before]);
    assert!(
        !console.shows("FAILING: no new pod"),
        "{}",
        console.screen()
    );
}

#[test]
fn warnings_that_are_not_known_prove_nothing() {
    let mut console = console(web_pods());
    statefulset(&mut console, short(11));
    let heard = console.at;
    let change = WatchChange::Health(Health::Live { heard });
    console.table(TableChange::Warnings(change));
    console.advance(300_000);
    assert!(
        console.shows("rolling: 2 updated, 2 available"),
        "{}",
        console.screen()
    );
}
