//! Which pods are sick, and in which words.

use super::*;

use crate::cluster::Scope;
use crate::meta::Meta;
use crate::pods::{Condition, Termination};
use crate::watched::Cluster;

const NOW: Seconds = Seconds::new(1_000_000);

/// Of a pod of which nothing is known but its row.
fn diagnose(pod: &PodRow, now: Seconds) -> Diagnosis<'_> {
    let cluster = Cluster::new("staging".into(), Scope::All);
    super::diagnose(pod, &cluster.circumstances(), now)
}

fn container(state: ContainerState) -> ContainerRow {
    let is_ready = matches!(state, ContainerState::Running { .. });
    ContainerRow {
        name: "app".into(),
        image: "shop:1".into(),
        role: ContainerRole::Main,
        is_ready,
        restarts: 0,
        state,
        last: None,
        resources: None,
    }
}

fn pod(age_s: i64, is_ready: bool, containers: Vec<ContainerRow>) -> PodRow {
    let since = Some(Seconds::new(NOW.unix() - age_s));
    PodRow {
        meta: Meta {
            uid: "u".into(),
            namespace: "shop".into(),
            name: "checkout-1".into(),
            version: None,
            created: since,
        },
        deleted: None,
        owner: None,
        template_hash: None,
        node: None,
        phase: Phase::Running,
        message: None,
        reason: None,
        ready: Some(Condition {
            is_true: is_ready,
            since,
            reason: None,
            message: None,
        }),
        unscheduled: None,
        extras: None,
        containers: containers.into(),
        passed: None,
    }
}

fn waiting(reason: &str) -> ContainerState {
    ContainerState::Waiting {
        reason: reason.into(),
        message: None,
    }
}

fn ended(exit_code: i32, ago_s: i64) -> Termination {
    Termination {
        exit_code,
        finished: Some(Seconds::new(NOW.unix() - ago_s)),
        ..Termination::default()
    }
}

#[test]
fn a_running_ready_pod_is_well_and_stays_so() {
    let pod = pod(
        5,
        true,
        vec![container(ContainerState::Running { since: None })],
    );
    let diagnosis = diagnose(&pod, NOW);
    assert_eq!(
        (diagnosis.sickness, diagnosis.due, diagnosis.status),
        (None, None, PodStatus::Ours("Running"))
    );
}

#[test]
fn a_crash_loop_and_an_image_error_are_sick_at_once() {
    let crash = pod(5, false, vec![container(waiting("CrashLoopBackOff"))]);
    assert_eq!(diagnose(&crash, NOW).sickness, Some(Sickness::Crashing));
    let image = pod(5, false, vec![container(waiting("ImagePullBackOff"))]);
    assert_eq!(diagnose(&image, NOW).sickness, Some(Sickness::CannotStart));
}

#[test]
fn creating_is_normal_for_a_minute_and_says_when_to_ask_again() {
    let mut young = pod(10, false, vec![container(waiting("ContainerCreating"))]);
    young.phase = Phase::Pending;
    let diagnosis = diagnose(&young, NOW);
    assert_eq!(
        (diagnosis.sickness, diagnosis.due),
        (None, Some(Seconds::new(NOW.unix() + 51)))
    );
    assert_eq!(
        diagnose(&young, Seconds::new(NOW.unix() + 51)).sickness,
        Some(Sickness::Slow)
    );
}

#[test]
fn a_restart_is_news_for_ten_minutes() {
    let mut up = container(ContainerState::Running { since: None });
    (up.restarts, up.last) = (1, Some(Box::new(ended(137, 100))));
    let pod = pod(5_000, true, vec![up]);
    assert_eq!(diagnose(&pod, NOW).sickness, Some(Sickness::Restarted));
    assert_eq!(
        diagnose(&pod, NOW).due,
        Some(Seconds::new(NOW.unix() + 501))
    );
    assert_eq!(
        diagnose(&pod, Seconds::new(NOW.unix() + 501)).sickness,
        None
    );
}

#[test]
fn not_ready_is_sick_after_a_minute() {
    let containers = || vec![container(ContainerState::Running { since: None })];
    assert_eq!(diagnose(&pod(30, false, containers()), NOW).sickness, None);
    assert_eq!(
        diagnose(&pod(61, false, containers()), NOW).sickness,
        Some(Sickness::NotReady)
    );
}

#[test]
fn a_termination_is_sick_thirty_seconds_after_its_grace() {
    let mut going = pod(
        5_000,
        false,
        vec![container(ContainerState::Running { since: None })],
    );
    going.deleted = Some(Seconds::new(NOW.unix() - 30));
    assert_eq!(diagnose(&going, NOW).sickness, None);
    assert_eq!(
        diagnose(&going, Seconds::new(NOW.unix() + 1)).sickness,
        Some(Sickness::StuckTerminating)
    );
}

#[test]
fn finished_and_evicted_pods_are_not_sick() {
    let mut done = pod(
        5_000,
        false,
        vec![container(ContainerState::Terminated(Box::new(ended(
            0, 100,
        ))))],
    );
    done.phase = Phase::Succeeded;
    assert_eq!(diagnose(&done, NOW).sickness, None);
    let mut evicted = pod(5_000, false, vec![]);
    (evicted.phase, evicted.reason) = (Phase::Failed, Some("Evicted".into()));
    assert_eq!(diagnose(&evicted, NOW).sickness, None);
}

#[test]
fn a_lost_node_is_told_apart() {
    let mut lost = pod(
        5_000,
        false,
        vec![container(ContainerState::Running { since: None })],
    );
    lost.reason = Some("NodeLost".into());
    assert_eq!(diagnose(&lost, NOW).sickness, Some(Sickness::NodeLost));
}

#[test]
fn an_init_container_speaks_first() {
    let mut init = container(waiting("CrashLoopBackOff"));
    init.role = ContainerRole::Init;
    let pod = pod(5, false, vec![init, container(waiting("PodInitializing"))]);
    let crash: Outside = "CrashLoopBackOff".into();
    assert_eq!(diagnose(&pod, NOW).status, PodStatus::Init(&crash));
    assert_eq!(diagnose(&pod, NOW).sickness, Some(Sickness::Crashing));
}
