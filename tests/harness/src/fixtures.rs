//! Pods as the tests need them, built from a well one.

use std::num::NonZeroU64;
use std::ops::DerefMut;

use std::sync::Arc;

use chrono::{DateTime, TimeDelta, Utc};
use model::alert::{AlertRow, AlertState, Rank};
use model::entry::{Draft, Entry};
use model::events::EventRow;
use model::meta::Meta;
use model::owner::Owner;
use model::pods::{
    Condition, ContainerRole, ContainerRow, ContainerState, Phase, PodRow, Termination,
};
use model::time::Seconds;
use text::Outside;

use super::console::START;

/// So many seconds before the tests' start, as a row has it.
#[allow(clippy::unnecessary_wraps)]
pub fn ago(seconds: i64) -> Option<Seconds> {
    let start: chrono::DateTime<chrono::Utc> = START.parse().unwrap();
    Some(Seconds::new(start.timestamp() - seconds))
}

/// A running, ready pod of Deployment `shop/<app>`, three days old. Its uid is its name.
pub fn pod(name: &str) -> PodRow {
    let (workload, _) = name.rsplit_once('-').unwrap();
    let app = workload.split('-').next().unwrap();
    PodRow {
        meta: Meta {
            uid: name.into(),
            namespace: "shop".into(),
            name: name.into(),
            version: NonZeroU64::new(1),
            created: ago(3 * 86_400),
        },
        deleted: None,
        owner: Some(Owner {
            kind: "ReplicaSet".into(),
            name: workload.into(),
        }),
        template_hash: workload.rsplit('-').next().map(Into::into),
        node: Some("node-1".into()),
        phase: Phase::Running,
        reason: None,
        message: None,
        ready: Some(Condition {
            is_true: true,
            since: ago(3 * 86_400),
            reason: None,
            message: None,
        }),
        unscheduled: None,
        extras: None,
        containers: Box::new([ContainerRow {
            name: "app".into(),
            image: format!("registry.example/shop/{app}:1.9.1").into(),
            role: ContainerRole::Main,
            is_ready: true,
            restarts: 0,
            state: ContainerState::Running {
                since: ago(3 * 86_400),
            },
            last: None,
            resources: None,
        }]),
        passed: None,
    }
}

/// The row at this `resourceVersion`.
pub fn versioned<R: DerefMut<Target = Meta>>(mut row: R, version: u64) -> R {
    row.version = NonZeroU64::new(version);
    row
}

/// The row as one of another object, `uid-<name>`.
pub fn named<R: DerefMut<Target = Meta>>(mut row: R, name: &str) -> R {
    (row.uid, row.name) = (format!("uid-{name}").into(), name.into());
    row
}

/// In a crash loop: ended with this code and reason 12 s ago, for the sixth time.
pub fn crashing(name: &str, exit_code: i32, reason: &str) -> PodRow {
    let mut pod = pod(name);
    pod.created = ago(840);
    pod.ready = Some(Condition {
        is_true: false,
        since: ago(840),
        reason: Some("ContainersNotReady".into()),
        message: None,
    });
    let container = &mut pod.containers[0];
    container.is_ready = false;
    container.restarts = 6;
    container.state = ContainerState::Waiting {
        reason: "CrashLoopBackOff".into(),
        message: Some("back-off 40s".into()),
    };
    container.last = Some(Box::new(Termination {
        exit_code,
        reason: Some(reason.into()),
        started: ago(20),
        finished: ago(12),
        ..Termination::default()
    }));
    pod
}

/// Its image cannot be had.
pub fn image_pull(name: &str) -> PodRow {
    let mut pod = pod(name);
    pod.created = ago(300);
    pod.phase = Phase::Pending;
    pod.ready = Some(Condition {
        is_true: false,
        since: ago(300),
        reason: None,
        message: None,
    });
    let container = &mut pod.containers[0];
    container.is_ready = false;
    let message = "Back-off pulling image \"registry.example/shop/cart:nope\"";
    container.state = ContainerState::Waiting {
        reason: "ImagePullBackOff".into(),
        message: Some(message.into()),
    };
    pod
}

/// Runs, but its probe fails since `seconds`.
pub fn not_ready(name: &str, seconds: i64) -> PodRow {
    let mut pod = pod(name);
    pod.ready = Some(Condition {
        is_true: false,
        since: ago(seconds),
        reason: Some("ContainersNotReady".into()),
        message: None,
    });
    pod.containers[0].is_ready = false;
    pod
}

/// The night of the tests: two pods of checkout crash, cart cannot be pulled, the rest is well.
pub fn outage() -> Vec<PodRow> {
    vec![
        pod("payment-6b8d-aaaaa"),
        pod("frontend-5c7f-bbbbb"),
        crashing("checkout-7d9f-x2k", 137, "OOMKilled"),
        crashing("checkout-7d9f-q8w", 1, "Error"),
        image_pull("cart-55c9-lk2"),
        not_ready("search-77aa-zzz", 200),
        pod("frontend-5c7f-ccccc"),
    ]
}

/// What the kubelet says of a crash loop.
pub fn back_off(object: &str) -> EventRow {
    EventRow {
        meta: Meta {
            uid: "event-1".into(),
            namespace: "shop".into(),
            name: format!("{object}.1").into(),
            version: NonZeroU64::new(1),
            created: None,
        },
        is_warning: true,
        reason: "BackOff".into(),
        message: "Back-off restarting failed container app".into(),
        count: 12,
        first: ago(600),
        last: ago(12),
        object_kind: "Pod".into(),
        object_name: object.into(),
        object_uid: object.into(),
        container: None,
    }
}

/// An alert with these labels beside its name and severity, firing since so many minutes before [`super::console::START`].
pub fn alert(name: &str, severity: &str, minutes: i64, labels: &[(&str, &str)]) -> AlertRow {
    let start: DateTime<Utc> = super::console::START.parse().unwrap();
    let mut pairs: Vec<(Outside, Outside)> = labels
        .iter()
        .chain(&[("alertname", name), ("severity", severity)])
        .map(|(name, value)| (Outside::from(*name), Outside::from(*value)))
        .collect();
    pairs.sort();
    let label = |wanted: &str| {
        let found = pairs.iter().find(|(name, _)| name.raw() == wanted);
        found.map_or(Outside::from(""), |(_, value)| value.clone())
    };
    AlertRow {
        meta: Meta::plain(
            format!("{name}-{}", label("pod").raw()).into(),
            label("namespace"),
            name.into(),
        ),
        severity: severity.into(),
        rank: Rank::of(severity),
        labels: pairs.into(),
        annotations: Box::default(),
        left_out: 0,
        starts_at: Some(start - TimeDelta::minutes(minutes)),
        ends_at: Some(start + TimeDelta::minutes(4)),
        state: AlertState::Firing,
        silenced_by: Box::default(),
        inhibited_by: Box::default(),
        receivers: Box::new(["on-call".into()]),
        generator_url: None,
    }
}

/// What Alertmanager says about the outage.
pub fn alerts() -> Vec<AlertRow> {
    let shop = ("namespace", "shop");
    vec![
        alert(
            "HighErrorRate",
            "critical",
            14,
            &[shop, ("service", "checkout")],
        ),
        alert(
            "KubePodCrashLooping",
            "warning",
            9,
            &[shop, ("pod", "checkout-7d9f-x2k")],
        ),
        alert("Watchdog", "none", 9_000, &[]),
    ]
}

/// The draft as a store gives it back.
pub fn stored(draft: &Draft) -> Entry {
    Entry {
        draft: draft.clone(),
        recorded_at: draft.occurred_at,
        writer: "w".into(),
        seq: 1,
        hash: Arc::from("0"),
    }
}
