//! What happened before the start, and each rollout while the console runs: told once, with its true time.

use std::num::NonZeroU64;

use harness::console::Console;
use harness::fixtures::{ago, back_off, crashing, named, outage, pod, versioned};
use harness::writing::{checkout, with_deployment};
use model::cluster::{Health, Problem, ProblemClass};
use model::entry::Draft;
use model::events::EventRow;
use model::kind::Kind;
use model::message::{
    ClusterEffect, ClusterMsg, Effect, Msg, Read, ReadAnswer, StoreEffect, StoreMsg, TableChange,
    WatchChange,
};
use model::meta::Meta;
use model::owner::Owner;
use model::pods::{Condition, PodRow};
use model::revision_list::{RevisionKind, RevisionList, RevisionRow};
use model::workload::WorkloadRow;

const IMAGE: &str = "registry.example/shop/checkout";

/// `shop/checkout` at this revision, `new` of six pods updated.
fn rolling(revision: u64, tag: &str, new: u32) -> WorkloadRow {
    let row = WorkloadRow {
        images: Box::new([format!("{IMAGE}:{tag}").into()]),
        updated: new,
        available: 6,
        ..checkout(6)
    };
    with_deployment(row, |fields| fields.revision = Some(revision))
}

fn set(revision: u64, tag: &str, hash: &str, age_s: i64) -> RevisionRow {
    RevisionRow {
        meta: Meta {
            uid: format!("set-{revision}").into(),
            namespace: "shop".into(),
            name: format!("checkout-{hash}").into(),
            version: NonZeroU64::new(1),
            created: ago(age_s),
        },
        owner: Some(Owner {
            kind: "Deployment".into(),
            name: "checkout".into(),
        }),
        number: Some(revision),
        is_reused: false,
        was: None,
        change_cause: Some(format!("release {tag}").into()),
        restarted_at: None,
        images: Box::new([format!("{IMAGE}:{tag}").into()]),
        made_by: None,
    }
}

fn warnings(console: &mut Console, rows: Vec<EventRow>) {
    let batch = WatchChange::Batch {
        rows,
        gone: Vec::new(),
        unreadable: Vec::new(),
    };
    for change in [
        WatchChange::Begin { generation: 1 },
        batch,
        WatchChange::Synced { generation: 1 },
    ] {
        console.table(TableChange::Warnings(change));
    }
}

/// The first complete list of Deployments.
fn first(console: &mut Console, rows: Vec<WorkloadRow>) {
    let heard = console.at;
    for change in [
        WatchChange::Begin { generation: 1 },
        WatchChange::Batch {
            rows,
            gone: Vec::new(),
            unreadable: Vec::new(),
        },
        WatchChange::Synced { generation: 1 },
        WatchChange::Health(Health::Live { heard }),
    ] {
        console.table(TableChange::Deployments(change));
    }
}

/// Answers the one open question.
fn answer(console: &mut Console, listed: Result<Vec<RevisionRow>, Problem>) {
    answer_of(console, "shop", listed);
}

fn answer_of(console: &mut Console, namespace: &str, listed: Result<Vec<RevisionRow>, Problem>) {
    let epoch = console.model.cluster.epoch;
    let list = RevisionList {
        namespace: namespace.into(),
        kind: RevisionKind::ReplicaSet,
    };
    console.send(Msg::Cluster(ClusterMsg::Read {
        epoch,
        answer: ReadAnswer::Revisions(list, listed),
    }));
}

fn questions(console: &Console) -> Vec<Vec<String>> {
    let asked = console.effects.iter().filter_map(|effect| match effect {
        Effect::Cluster(ClusterEffect::Read {
            what: Read::Revisions { workloads, .. },
            ..
        }) => Some(workloads),
        _ => None,
    });
    asked
        .map(|names| {
            names
                .iter()
                .map(|owner| owner.name.raw().to_owned())
                .collect()
        })
        .collect()
}

fn reported(console: &Console) -> Vec<&Draft> {
    let appended = console.effects.iter().filter_map(|effect| match effect {
        Effect::Store(StoreEffect::Append(drafts)) => Some(drafts),
        _ => None,
    });
    appended.flatten().collect()
}

fn the<'a>(console: &'a Console, words: &str) -> &'a Draft {
    let found: Vec<_> = reported(console)
        .into_iter()
        .filter(|draft| draft.title.contains(words))
        .collect();
    let titles: Vec<_> = reported(console)
        .iter()
        .map(|draft| draft.title.raw().to_owned())
        .collect();
    assert_eq!(found.len(), 1, "{words} in {titles:?}");
    found[0]
}

fn is_backfilled(draft: &Draft) -> bool {
    draft.tags.iter().any(|tag| tag.raw() == "backfilled")
}

/// The outage, seen for the first time: warnings first, then Deployments.
fn opened() -> Console {
    let mut console = Console::live(80, 24, outage());
    let mut event = back_off("checkout-7d9f-x2k");
    event.first = ago(600);
    warnings(&mut console, vec![event]);
    first(&mut console, vec![rolling(42, "1.9.2", 2)]);
    console
}

fn forbidden() -> Problem {
    Problem {
        class: ProblemClass::Forbidden,
        what: "list replicasets in shop: forbidden (403)".into(),
        next: "ask for the right to do this".into(),
    }
}

#[test]
fn a_rollout_before_the_start_is_told_at_its_true_time_beside_the_first_crash() {
    let mut console = opened();
    assert_eq!(questions(&console), [["checkout"]]);
    let sets = vec![
        set(41, "1.9.1", "5c5c", 3 * 86_400),
        set(42, "1.9.2", "7d9f", 628),
    ];
    answer(&mut console, Ok(sets));
    let rollout = the(&console, "rollout r42");
    assert_eq!(
        rollout.title.raw(),
        "rollout r42 of checkout: 1.9.1 -> 1.9.2 (release 1.9.2), 28 s before the first known crash"
    );
    assert_eq!(Some(rollout.occurred_at), ago(628).unwrap().utc());
    assert!(is_backfilled(rollout) && rollout.kind == Kind::Rollout);
    let change = rollout.change.as_ref().unwrap();
    assert_eq!(
        (change.revision_from, change.revision_to),
        (Some(41), Some(42))
    );
    assert_eq!(
        change.before.as_ref().unwrap().raw(),
        format!("{IMAGE}:1.9.1")
    );
}

#[test]
fn a_rollout_that_was_stuck_before_the_start_is_told_so_at_its_true_time() {
    let mut console = Console::live(80, 24, Vec::new());
    warnings(&mut console, Vec::new());
    let gave_up = Condition {
        is_true: false,
        since: ago(90),
        reason: Some("ProgressDeadlineExceeded".into()),
        message: None,
    };
    let stuck = with_deployment(rolling(42, "1.9.2", 2), |fields| {
        fields.progressing = Some(gave_up);
    });
    first(&mut console, vec![stuck]);
    answer(&mut console, Ok(vec![set(42, "1.9.2", "7d9f", 690)]));
    console.advance(1_000);
    let begun = the(&console, "rollout r42 of checkout: 1.9.2");
    let end = the(
        &console,
        "rollout r42 of checkout: stuck, Kubernetes gave up after 600 s",
    );
    assert_eq!(end.refers_to, Some(begun.id));
    assert_eq!(Some(end.occurred_at), ago(90).unwrap().utc());
}

#[test]
fn crashes_and_warnings_before_the_start_are_one_entry_for_each_workload_and_reason() {
    let console = opened();
    let crash = the(&console, "first known crash");
    assert_eq!(Some(crash.occurred_at), ago(600).unwrap().utc());
    assert!(
        crash
            .title
            .contains("checkout: first known crash: how it ended is not known, the last time exit 137 OOM; by now 2 pods, 12 restarts"),
        "{:?}",
        crash.title
    );
    let warning = the(
        &console,
        "checkout: BackOff x12 in 9 min 48 s: Back-off restarting failed container app",
    );
    assert_eq!(warning.kind, Kind::Event);
    assert!(is_backfilled(crash) && is_backfilled(warning));
    assert_eq!(warning.ended_at, ago(12).unwrap().utc());
}

#[test]
fn without_an_event_the_crash_is_only_the_first_known_one() {
    let mut console = Console::live(80, 24, vec![crashing("checkout-7d9f-x2k", 1, "Error")]);
    warnings(&mut console, Vec::new());
    first(&mut console, vec![checkout(1)]);
    let crash = the(&console, "first known crash: exit 1;");
    assert_eq!(Some(crash.occurred_at), ago(12).unwrap().utc());
}

/// The entry about the first crash of these pods, without an Event.
fn crash_of(pods: Vec<PodRow>) -> String {
    let mut console = Console::live(80, 24, pods);
    warnings(&mut console, Vec::new());
    first(&mut console, vec![checkout(2)]);
    the(&console, "crash: ").title.raw().to_owned()
}

/// A pod that crashed so often, the last time so many seconds ago.
fn crashed(name: &str, exit_code: i32, restarts: u32, ago_s: i64) -> PodRow {
    let mut pod = crashing(name, exit_code, "Error");
    let container = &mut pod.containers[0];
    container.restarts = restarts;
    container.last.as_mut().unwrap().finished = ago(ago_s);
    pod
}

#[test]
fn the_first_crash_is_told_with_its_own_reason_or_as_not_known() {
    // Each crashed once: the earlier one is the first.
    let pods = [
        crashed("checkout-7d9f-a", 137, 1, 12),
        crashed("checkout-7d9f-b", 1, 1, 100),
    ];
    let crash = crash_of(pods.clone().into());
    assert_eq!(
        crash,
        "checkout: first crash: exit 1; by now 2 pods, 2 restarts"
    );
    // One crashed before that, nobody knows when.
    let [often, once] = pods;
    let often = |created| PodRow {
        meta: model::meta::Meta {
            created: ago(created),
            ..often.meta.clone()
        },
        ..crashed("checkout-7d9f-a", 137, 6, 12)
    };
    let crash = crash_of(vec![often(840), once.clone()]);
    assert_eq!(
        crash,
        "checkout: first known crash: exit 1; by now 2 pods, 7 restarts"
    );
    // Unless it was not there yet.
    let crash = crash_of(vec![often(90), once]);
    assert_eq!(
        crash,
        "checkout: first crash: exit 1; by now 2 pods, 7 restarts"
    );
    // An Event says when it was backed off, which is not after the first time, and not how it ended.
    let mut console = Console::live(80, 24, vec![crashed("checkout-7d9f-a", 137, 6, 12)]);
    let mut event = back_off("checkout-7d9f-a");
    event.first = ago(600);
    warnings(&mut console, vec![event]);
    first(&mut console, vec![checkout(1)]);
    let crash = the(&console, "first known crash");
    assert_eq!(
        crash.title.raw(),
        "checkout: first known crash: how it ended is not known, the last time exit 137 (SIGKILL); by now 1 pod, 6 restarts"
    );
}

#[test]
fn the_first_of_several_that_crash_at_once_gives_the_time_and_the_reason() {
    let mut console = Console::live(80, 24, vec![pod("checkout-7d9f-a"), pod("checkout-7d9f-b")]);
    warnings(&mut console, Vec::new());
    first(&mut console, vec![checkout(2)]);
    let at = |exit_code, name: &str, ago_s| {
        let mut pod = versioned(crashed(name, exit_code, 1, ago_s), 2);
        pod.ready.as_mut().unwrap().since = ago(ago_s);
        pod
    };
    console.upsert(vec![
        at(137, "checkout-7d9f-a", 1),
        at(1, "checkout-7d9f-b", 3),
    ]);
    console.advance(2_000);
    let sick = the(&console, "checkout: 2 pods crashing");
    assert_eq!(Some(sick.occurred_at), ago(3).unwrap().utc());
    assert!(sick.title.raw().ends_with(", exit 1"), "{:?}", sick.title);
}

#[test]
fn what_never_comes_is_waited_for_only_five_seconds() {
    let mut console = Console::live(80, 24, outage());
    assert_eq!(reported(&console).len(), 1, "already sick at start");
    console.advance(5_100);
    the(&console, "first known crash");
}

#[test]
fn what_is_well_and_not_rolling_is_not_asked_about() {
    let mut console = Console::live(80, 24, Vec::new());
    warnings(&mut console, Vec::new());
    first(&mut console, vec![checkout(6)]);
    assert!(questions(&console).is_empty() && reported(&console).is_empty());
}

#[test]
fn a_missing_right_is_said_and_the_rest_goes_on() {
    let mut console = opened();
    answer(&mut console, Err(forbidden()));
    assert!(
        console.shows("when shop was rolled out is not known: list replicasets in shop: forbidden")
    );
    the(&console, "first known crash");
    console.deployments(vec![rolling(43, "1.9.3", 0)]);
    answer(&mut console, Err(forbidden()));
    the(&console, "rollout r43 of checkout: 1.9.2 -> 1.9.3");
}

#[test]
fn a_rollout_while_the_console_runs_is_told_once_with_its_images_and_its_end() {
    let mut console = Console::live(80, 24, Vec::new());
    warnings(&mut console, Vec::new());
    first(&mut console, vec![rolling(41, "1.9.1", 6)]);
    console.deployments(vec![rolling(42, "1.9.2", 0)]);
    let sets = vec![set(41, "1.9.1", "5c5c", 900), set(42, "1.9.2", "7d9f", 0)];
    answer(&mut console, Ok(sets));
    console.deployments(vec![rolling(42, "1.9.2", 3)]);
    let seen = the(
        &console,
        "rollout r42 of checkout: 1.9.1 -> 1.9.2 (release 1.9.2)",
    );
    assert!(!is_backfilled(seen));
    let id = seen.id;
    console.deployments(vec![rolling(42, "1.9.2", 6)]);
    console.deployments(vec![rolling(42, "1.9.2", 6)]);
    let end = the(&console, "rollout r42 of checkout: done, 6 of 6 available");
    assert_eq!(end.refers_to, Some(id));
}

#[test]
fn a_rollout_whose_pods_cannot_live_is_told_as_failing_once() {
    let mut console = Console::live(80, 24, Vec::new());
    warnings(&mut console, Vec::new());
    first(&mut console, vec![rolling(41, "1.9.1", 6)]);
    console.deployments(vec![rolling(42, "1.9.2", 1)]);
    answer(&mut console, Ok(vec![set(42, "1.9.2", "7d9f", 0)]));
    console.upsert(vec![crashing("checkout-7d9f-x2k", 1, "Error")]);
    console.upsert(vec![crashing("checkout-7d9f-q8w", 1, "Error")]);
    console.advance(1_100);
    the(
        &console,
        "rollout r42 of checkout: failing, checkout-7d9f-q8w CrashLoopBackOff",
    );
}

#[test]
fn a_revision_that_the_server_has_not_at_hand_is_looked_for_again() {
    let mut console = opened();
    answer(&mut console, Ok(vec![set(41, "1.9.1", "5c5c", 900)]));
    assert_eq!(questions(&console).len(), 1);
    console.advance(2_100);
    assert_eq!(questions(&console).len(), 2);
    answer(&mut console, Ok(vec![set(42, "1.9.2", "7d9f", 60)]));
    the(&console, "rollout r42 of checkout: 1.9.2 (release 1.9.2)");
}

#[test]
fn a_rollback_is_not_told_at_the_time_of_its_old_replica_set() {
    let mut console = opened();
    let back = RevisionRow {
        is_reused: true,
        was: Some(40),
        ..set(42, "1.9.0", "7d9f", 9 * 86_400)
    };
    answer(&mut console, Ok(vec![set(41, "1.9.1", "5c5c", 900), back]));
    let rollout = the(
        &console,
        "rollout r42 of checkout: rolled back to r40, 1.9.2",
    );
    assert!(rollout.occurred_at > ago(60).unwrap().utc().unwrap());
    assert!(rollout.body.as_ref().unwrap().contains("not known"));
}

#[test]
fn many_namespaces_are_asked_four_at_a_time() {
    let mut console = Console::live(80, 24, Vec::new());
    warnings(&mut console, Vec::new());
    let rows = (0..20).map(|number| {
        let mut row = named(rolling(2, "1", 1), &number.to_string());
        row.namespace = format!("team-{number:02}").into();
        row
    });
    first(&mut console, rows.collect());
    assert_eq!(questions(&console).len(), 4);
    let mut row = set(2, "1", "7d9f", 60);
    row.meta.namespace = "team-00".into();
    answer_of(&mut console, "team-00", Ok(vec![row]));
    assert_eq!(questions(&console).len(), 5);
}

/// Pods of a rollout that was done long before are missing, and come back: nothing was rolled out.
#[test]
fn pods_that_come_back_end_no_rollout() {
    let mut console = Console::live(80, 24, vec![crashing("checkout-7d9f-x2k", 1, "Error")]);
    warnings(&mut console, Vec::new());
    let done = Condition {
        is_true: true,
        since: ago(3 * 86_400),
        reason: Some("NewReplicaSetAvailable".into()),
        message: None,
    };
    let of = |available: u32| {
        let row = with_deployment(rolling(1, "1.9.1", 6), |fields| {
            fields.progressing = Some(done.clone());
        });
        WorkloadRow { available, ..row }
    };
    first(&mut console, vec![of(5)]);
    answer(&mut console, Ok(vec![set(1, "1.9.1", "7d9f", 3 * 86_400)]));
    console.advance(2_000);
    console.deployments(vec![of(6)]);
    console.advance(2_000);
    let ends: Vec<_> = reported(&console)
        .into_iter()
        .filter(|draft| draft.rollout_end().is_some())
        .collect();
    assert!(ends.is_empty(), "{ends:?}");
}

/// Its ReplicaSet is older than the rollback; the console knows when it asked for it.
#[test]
fn a_rollback_of_this_console_is_told_at_the_time_of_its_own_result() {
    let mut console = Console::live(80, 24, Vec::new());
    console.send(Msg::Store(StoreMsg::Opened(Box::default())));
    warnings(&mut console, Vec::new());
    first(&mut console, vec![rolling(42, "1.9.2", 6)]);
    console.type_keys("4 g x b");
    harness::rollouts::read(&mut console, "uid-checkout", &harness::rollouts::history());
    console.type_keys("enter");
    let write = console.say_yes();
    console.applied(write, 20);
    let applied = console.at.wall;
    console.save_all();
    console.advance(5_000);
    console.take_effects();
    console.deployments(vec![rolling(43, "1.9.1", 2)]);
    let back = RevisionRow {
        is_reused: true,
        was: Some(40),
        ..set(43, "1.9.1", "5c5c", 9 * 86_400)
    };
    answer(&mut console, Ok(vec![set(42, "1.9.2", "7d9f", 900), back]));
    let rollout = the(&console, "rollout r43 of checkout: rolled back to r40");
    assert_eq!((rollout.occurred_at, &rollout.body), (applied, &None));
}
