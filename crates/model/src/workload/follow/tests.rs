#![allow(clippy::unwrap_used)]
use std::num::NonZeroU64;

use chrono::DateTime;

use super::*;
use crate::cluster::Scope;
use crate::meta::Meta;
use crate::owner::Owner;
use crate::pods::{Condition, ContainerRole, ContainerRow, ContainerState, Phase};
use crate::watched::Cluster;
use crate::workload::{DeploymentFields, KindFields, UpdateStrategy};

fn at(second: u64) -> At {
    At {
        mono_ms: 0,
        wall: DateTime::UNIX_EPOCH,
    }
    .plus_ms(second * 1_000)
}

fn deployment(progressing: Option<Condition>) -> DeploymentFields {
    DeploymentFields {
        revision: Some(2),
        is_paused: false,
        progress_deadline_s: 600,
        progressing,
        replica_failure: None,
    }
}

fn row(replicas: u32, updated: u32, available: u32, current: u32) -> WorkloadRow {
    WorkloadRow {
        meta: Meta {
            uid: "u1".into(),
            namespace: "shop".into(),
            name: "checkout".into(),
            version: NonZeroU64::new(100),
            created: None,
        },
        generation: 7,
        observed_generation: 7,
        change_cause: None,
        restarted_at: Some("now".into()),
        images: Box::default(),
        selector: Box::default(),
        labels: Box::default(),
        wanted: replicas,
        current,
        updated,
        ready: available,
        available,
        strategy: UpdateStrategy::RollingUpdate,
        reads: None,
        of_kind: KindFields::Deployment(deployment(None)),
    }
}

fn pod(uid: &str, waiting: Option<&str>) -> PodRow {
    let state = waiting.map_or(ContainerState::Running { since: None }, |reason| {
        ContainerState::Waiting {
            reason: reason.into(),
            message: None,
        }
    });
    PodRow {
        meta: Meta {
            uid: uid.into(),
            namespace: "shop".into(),
            name: format!("checkout-{uid}").into(),
            version: None,
            created: Some(Seconds::new(0)),
        },
        deleted: None,
        owner: Some(Owner {
            kind: "ReplicaSet".into(),
            name: "checkout-h".into(),
        }),
        template_hash: Some("h".into()),
        node: None,
        phase: Phase::Running,
        reason: None,
        message: None,
        ready: None,
        unscheduled: None,
        extras: None,
        containers: Box::new([ContainerRow {
            name: "app".into(),
            image: "x".into(),
            role: ContainerRole::Main,
            is_ready: false,
            restarts: 0,
            state,
            last: None,
            resources: None,
        }]),
        passed: None,
    }
}

fn baseline() -> Baseline {
    Baseline {
        pods: BTreeSet::from(["old".into()]),
        ..Baseline::default()
    }
}

fn restart() -> Follow {
    let change = Change::Restart {
        from: None,
        at: "now".into(),
    };
    Follow::new(change, 0, baseline(), Some(100), at(0))
}

fn scale(to: u32) -> Follow {
    let change = Change::Scale { from: 3, to };
    Follow::new(change, 0, baseline(), Some(100), at(0))
}

fn step(follow: &mut Follow, second: u64, row: &WorkloadRow, pods: &[PodRow]) -> Option<String> {
    let cluster = Cluster::new("staging".into(), Scope::All);
    let view = FollowView {
        now: at(second),
        server_now: Seconds::new(i64::try_from(second).unwrap()),
        row: Some(row),
        refusal: None,
        alerts: &|_| None,
        stopped: None,
        circumstances: cluster.circumstances(),
        pods: pods.iter(),
    };
    let news = follow.step(view)?;
    let end = if news.is_over { " (over)" } else { "" };
    Some(format!("{}{end}", news.words.raw()))
}

#[test]
fn a_rollout_is_done_as_kubectl_says_and_stable_when_it_held() {
    let mut follow = restart();
    assert_eq!(step(&mut follow, 1, &row(3, 1, 3, 4), &[]), None);
    assert_eq!(follow.progress.state, FollowState::Moving);
    assert_eq!(
        step(&mut follow, 9, &row(3, 3, 3, 3), &[]).unwrap(),
        "done after 9 s: 3 of 3 available; has to hold for 3 min"
    );
    assert_eq!(step(&mut follow, 188, &row(3, 3, 3, 3), &[]), None);
    assert_eq!(
        step(&mut follow, 189, &row(3, 3, 3, 3), &[]).unwrap(),
        "stable: 3 of 3 available for 3 min; alerts not known (over)"
    );
}

#[test]
fn what_breaks_while_it_should_hold_is_worse_again() {
    let mut follow = restart();
    step(&mut follow, 9, &row(3, 3, 3, 3), &[]);
    let crashing = [pod("new", Some("CrashLoopBackOff"))];
    assert_eq!(
        step(&mut follow, 69, &row(3, 3, 2, 3), &crashing).unwrap(),
        "worse again after 1 min: checkout-new CrashLoopBackOff (over)"
    );
}

#[test]
fn rows_from_before_the_write_prove_nothing() {
    let mut follow = restart();
    let mut before = row(3, 3, 3, 3);
    before.meta.version = NonZeroU64::new(99);
    before.restarted_at = None;
    assert_eq!(step(&mut follow, 1, &before, &[]), None);
    assert_eq!(follow.progress.state, FollowState::Waiting);
}

#[test]
fn an_unobserved_generation_is_not_done() {
    let mut follow = restart();
    let mut early = row(3, 3, 3, 3);
    early.observed_generation = 6;
    assert_eq!(step(&mut follow, 1, &early, &[]), None);
    assert_eq!(follow.progress.state, FollowState::Waiting);
}

#[test]
fn a_new_pod_that_crashes_fails_at_once_and_is_reported_once() {
    let mut follow = restart();
    let rolling = row(3, 1, 3, 4);
    let crashing = [pod("new", Some("CrashLoopBackOff"))];
    assert_eq!(
        step(&mut follow, 5, &rolling, &crashing).unwrap(),
        "failing: checkout-new CrashLoopBackOff"
    );
    let FollowState::Failing { gives_up, .. } = &follow.progress.state else {
        panic!("{:?}", follow.progress.state)
    };
    assert_eq!(gives_up.unwrap(), at(605));
    assert_eq!(step(&mut follow, 9, &rolling, &[pod("new", None)]), None);
    assert!(matches!(follow.progress.state, FollowState::Failing { .. }));
    assert_eq!(step(&mut follow, 15, &rolling, &crashing), None);
}

#[test]
fn an_old_pod_that_crashes_is_not_the_restarts_failure() {
    let mut follow = restart();
    let crashing = [pod("old", Some("CrashLoopBackOff"))];
    assert_eq!(step(&mut follow, 5, &row(3, 1, 2, 4), &crashing), None);
    assert_eq!(follow.progress.state, FollowState::Moving);
}

#[test]
fn a_pod_that_no_node_takes_fails_after_a_minute() {
    let mut follow = scale(5);
    let mut waiting = pod("new", None);
    waiting.unscheduled = Some(Box::new(Condition {
        is_true: false,
        since: Some(Seconds::new(2)),
        reason: None,
        message: Some("0/3 nodes are available".into()),
    }));
    let pods = [waiting];
    assert_eq!(step(&mut follow, 61, &row(5, 5, 4, 5), &pods), None);
    assert_eq!(
        step(&mut follow, 62, &row(5, 5, 4, 5), &pods).unwrap(),
        "failing: no node takes checkout-new: 0/3 nodes are available"
    );
}

#[test]
fn the_deadline_of_kubernetes_ends_it() {
    let mut follow = restart();
    let mut late = row(3, 1, 3, 4);
    late.of_kind = KindFields::Deployment(deployment(Some(Condition {
        is_true: false,
        since: None,
        reason: Some("ProgressDeadlineExceeded".into()),
        message: None,
    })));
    let words = step(&mut follow, 600, &late, &[]).unwrap();
    assert!(words.starts_with("stuck: Kubernetes gave up") && words.ends_with("(over)"));
}

#[test]
fn a_scale_without_a_deadline_is_stuck_after_three_minutes() {
    let mut follow = scale(5);
    assert_eq!(step(&mut follow, 1, &row(5, 4, 4, 4), &[]), None);
    assert_eq!(step(&mut follow, 180, &row(5, 4, 4, 4), &[]), None);
    assert_eq!(
        step(&mut follow, 181, &row(5, 4, 4, 4), &[]).unwrap(),
        "stuck: nothing moved for 3 min, 4 of 5 available"
    );
    assert_eq!(step(&mut follow, 182, &row(5, 4, 4, 4), &[]), None);
}

#[test]
fn scaled_to_nothing_is_over_when_no_pod_is_left() {
    let mut follow = scale(0);
    assert_eq!(step(&mut follow, 1, &row(0, 1, 1, 1), &[]), None);
    assert_eq!(
        step(&mut follow, 4, &row(0, 0, 0, 0), &[]).unwrap(),
        "done after 4 s: no pod is left (over)"
    );
}

#[test]
fn a_change_by_somebody_else_ends_it() {
    let mut follow = scale(5);
    assert_eq!(
        step(&mut follow, 1, &row(9, 5, 5, 5), &[]).unwrap(),
        "superseded: 9 replicas are wanted now (over)"
    );
}
