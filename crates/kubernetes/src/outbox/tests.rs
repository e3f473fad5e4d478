//! What a slow loop gets of a fast watch.
#![allow(clippy::unwrap_used, clippy::expect_used)]

use std::num::NonZeroU64;

use super::*;
use model::message::{ClusterMsg, TableChange};
use model::meta::Meta;
use model::nodes::NodeRow;
use model::pods::{Condition, ContainerRow, ContainerState, Phase, PodRow, Termination};

fn pod(uid: &str, version: u64, exit_code: Option<i32>) -> PodRow {
    let state = match exit_code {
        Some(exit_code) => ContainerState::Terminated(Box::new(Termination {
            exit_code,
            ..Termination::default()
        })),
        None => ContainerState::Running { since: None },
    };
    let container = ContainerRow {
        name: "app".into(),
        image: "app:1".into(),
        role: model::pods::ContainerRole::Main,
        is_ready: exit_code.is_none(),
        restarts: 0,
        state,
        last: None,
        resources: None,
    };
    PodRow {
        meta: Meta {
            uid: uid.into(),
            namespace: "shop".into(),
            name: uid.into(),
            version: NonZeroU64::new(version),
            created: None,
        },
        deleted: None,
        owner: None,
        template_hash: None,
        node: None,
        phase: Phase::Running,
        reason: None,
        message: None,
        ready: None,
        unscheduled: None,
        extras: None,
        containers: Box::new([container]),
        passed: None,
    }
}

fn outbox(places: usize) -> (Outbox<PodRow>, mpsc::Receiver<Msg>) {
    let (channel, messages) = mpsc::channel(places);
    let wrap = |change| {
        Msg::Cluster(ClusterMsg::Table {
            epoch: 1,
            change: TableChange::Pods(change),
        })
    };
    (Outbox::new(channel, Box::new(wrap)), messages)
}

fn batch<R>(rows: Vec<R>) -> WatchChange<R> {
    WatchChange::Batch {
        rows,
        gone: Vec::new(),
        unreadable: Vec::new(),
    }
}

/// Everything that waits, as it is sent when there is room again.
async fn drained(
    outbox: &mut Outbox<PodRow>,
    messages: &mut mpsc::Receiver<Msg>,
) -> Vec<WatchChange<PodRow>> {
    let mut changes = Vec::new();
    loop {
        while let Ok(Msg::Cluster(ClusterMsg::Table {
            change: TableChange::Pods(change),
            ..
        })) = messages.try_recv()
        {
            changes.push(change);
        }
        if !outbox.is_waiting() {
            return changes;
        }
        let place = outbox.place().await.unwrap();
        outbox.send(place);
    }
}

fn rows(changes: &[WatchChange<PodRow>]) -> Vec<&PodRow> {
    let mut all = Vec::new();
    for change in changes {
        if let WatchChange::Batch { rows, .. } = change {
            all.extend(rows);
        }
    }
    all
}

#[tokio::test]
async fn while_nobody_reads_only_the_latest_row_of_each_object_is_kept() {
    let (mut outbox, mut messages) = outbox(1);
    outbox.put(WatchChange::Begin { generation: 1 });
    for version in 1..=10_000 {
        outbox.put(batch(vec![pod(
            &format!("u{}", version % 10),
            version,
            None,
        )]));
    }
    let changes = drained(&mut outbox, &mut messages).await;
    let rows = rows(&changes);
    assert_eq!(rows.len(), 10);
    assert!(rows.iter().all(|row| row.version > NonZeroU64::new(9_990)));
}

#[tokio::test]
async fn a_brief_crash_that_was_folded_away_is_still_told() {
    let (mut outbox, mut messages) = outbox(1);
    outbox.put(WatchChange::Begin { generation: 1 });
    for (version, exit_code) in [(1, None), (2, Some(137)), (3, None), (4, None)] {
        outbox.put(batch(vec![pod("u", version, exit_code)]));
    }
    let changes = drained(&mut outbox, &mut messages).await;
    let rows = rows(&changes);
    assert_eq!((rows.len(), rows[0].version), (1, NonZeroU64::new(4)));
    assert_eq!(rows[0].passed.as_ref().unwrap().version, NonZeroU64::new(2));
}

#[tokio::test]
async fn a_list_ends_after_its_rows_a_deletion_comes_after_its_row_and_health_last() {
    let (mut outbox, mut messages) = outbox(1);
    outbox.put(WatchChange::Begin { generation: 1 });
    let many = (0..=BATCH_ROWS * 2)
        .map(|at| pod(&format!("u{at}"), 1, None))
        .collect();
    outbox.put(WatchChange::Batch {
        rows: many,
        gone: vec!["u3".into()],
        unreadable: vec!["odd".into()],
    });
    outbox.put(WatchChange::Health(Health::Connecting));
    outbox.put(WatchChange::Synced { generation: 1 });
    let changes = drained(&mut outbox, &mut messages).await;
    let kinds: Vec<_> = changes
        .iter()
        .map(|change| match change {
            WatchChange::Begin { .. } => "begin".to_owned(),
            WatchChange::Batch {
                rows,
                gone,
                unreadable,
            } => format!("{} {} {}", rows.len(), gone.len(), unreadable.len()),
            WatchChange::Synced { .. } => "synced".to_owned(),
            WatchChange::Health(_) => "health".to_owned(),
        })
        .collect();
    assert_eq!(
        kinds,
        ["begin", "512 0 0", "512 0 0", "1 1 1", "synced", "health"]
    );
}

#[tokio::test]
async fn a_new_list_replaces_what_was_left_of_the_one_before() {
    let (mut outbox, mut messages) = outbox(1);
    for generation in 1..=50 {
        outbox.put(WatchChange::Begin { generation });
        outbox.put(batch(vec![pod("u", u64::from(generation), None)]));
        outbox.put(WatchChange::Synced { generation });
    }
    assert!(outbox.parts.len() <= 3);
    let changes = drained(&mut outbox, &mut messages).await;
    assert_eq!(
        changes.last(),
        Some(&WatchChange::Synced { generation: 50 })
    );
}

fn node(version: u64, is_ready: bool) -> NodeRow {
    NodeRow {
        meta: pod("node-1", version, None).meta,
        ready: Some(Condition {
            is_true: is_ready,
            since: None,
            reason: None,
            message: None,
        }),
        pressures: Box::new([]),
        is_cordoned: false,
        taints: Box::new([]),
        labels: Box::new([]),
    }
}

#[test]
fn a_sign_of_life_of_a_node_wakes_nobody() {
    let (channel, mut messages) = mpsc::channel(8);
    let wrap = |change| {
        Msg::Cluster(ClusterMsg::Table {
            epoch: 1,
            change: TableChange::Nodes(change),
        })
    };
    let mut outbox = Outbox::new(channel, Box::new(wrap));
    let mut told = |outbox: &mut Outbox<NodeRow>, rows: Vec<NodeRow>| {
        outbox.put(batch(rows));
        let is_told = outbox.is_waiting();
        while outbox.is_waiting() {
            outbox.send(outbox.channel.clone().try_reserve_owned().unwrap());
        }
        while messages.try_recv().is_ok() {}
        is_told
    };
    assert!(told(&mut outbox, vec![node(1, true)]));
    assert!(!told(&mut outbox, vec![node(2, true), node(3, true)]));
    assert!(told(&mut outbox, vec![node(4, false)]));
    assert!(told(&mut outbox, vec![node(5, true)]), "back again");
    outbox.put(WatchChange::Begin { generation: 2 });
    assert!(
        told(&mut outbox, vec![node(5, true)]),
        "a list has every row"
    );
}
