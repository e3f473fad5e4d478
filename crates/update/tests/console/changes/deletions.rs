//! Pods that somebody deletes, told apart from those that their workload, its node or this console ends.

use harness::console::Console;
use harness::fixtures::{ago, pod, versioned};
use harness::serving::node;
use harness::writing::checkout;
use model::message::{TableChange, WatchChange};
use model::pods::{Condition, Phase, PodExtras, PodRow};
use model::workload::WorkloadRow;

fn ending(name: &str) -> PodRow {
    PodRow {
        deleted: ago(-30),
        ..versioned(pod(name), 2)
    }
}

/// What is told of the first pod when this comes before and after it begins to end.
fn told(before: impl FnOnce(&mut Console), after: impl FnOnce(&mut Console)) -> Vec<String> {
    let mut console = Console::writing(checkout(3));
    before(&mut console);
    console.upsert(vec![ending("checkout-7d9f-a")]);
    after(&mut console);
    console.advance(1_000);
    console.gone("checkout-7d9f-a");
    console.advance(10_000);
    let told = console.told().into_iter();
    told.filter(|told| told.contains("deleted")).collect()
}

fn nothing(_: &mut Console) {}

#[test]
fn a_pod_that_its_workload_had_no_reason_to_end_was_deleted() {
    assert_eq!(
        told(nothing, nothing),
        ["change.deletion: pod checkout-7d9f-a of checkout deleted in shop, by whom is not known"]
    );
}

#[test]
fn what_replaces_it_is_no_reason() {
    let replaced = |console: &mut Console| {
        let row = WorkloadRow {
            available: 2,
            ready: 2,
            ..versioned(checkout(3), 12)
        };
        console.deployments(vec![row]);
        console.upsert(vec![pod("checkout-7d9f-d")]);
    };
    assert_eq!(told(nothing, replaced).len(), 1);
}

/// The Deployment is seen before its pods, and its revisions are not read yet.
#[test]
fn pods_of_another_revision_that_run_now_have_replaced_those_that_are_gone() {
    let of = |name: &str, hash: &str| PodRow {
        template_hash: Some(hash.into()),
        ..versioned(pod(name), 2)
    };
    let tell = |hash: &str| {
        let mut console = Console::writing(checkout(3));
        console.upsert(vec![
            of("checkout-7d9f-a", "7d9f"),
            of("checkout-5c5c-b", hash),
        ]);
        let deleted = ending("checkout-7d9f-a");
        console.upsert(vec![PodRow {
            template_hash: Some("7d9f".into()),
            ..versioned(deleted, 3)
        }]);
        console.advance(1_000);
        console.gone("checkout-7d9f-a");
        console.advance(10_000);
        let told = console.told().into_iter();
        told.filter(|told| told.contains("deleted")).count()
    };
    assert_eq!(tell("7d9f"), 1, "of the same revision: somebody deleted it");
    assert_eq!(tell("5c5c"), 0);
}

#[test]
fn several_of_a_workload_are_one_entry() {
    let mut console = Console::writing(checkout(3));
    for name in ["checkout-7d9f-a", "checkout-7d9f-b"] {
        console.upsert(vec![ending(name)]);
    }
    // Killed at once: it is never seen to end.
    console.gone("checkout-7d9f-c");
    console.advance(6_000);
    let drafts = console.appended();
    let draft = drafts
        .iter()
        .find(|draft| draft.title.raw().contains("deleted"));
    let draft = draft.expect("no entry");
    assert_eq!(
        draft.title.raw(),
        "3 pods of checkout deleted in shop, by whom is not known"
    );
    let body = draft.body.as_ref().unwrap().raw();
    assert!(
        body.contains("checkout-7d9f-a, checkout-7d9f-b, checkout-7d9f-c"),
        "{body}"
    );
}

#[test]
fn what_a_rollout_or_a_scale_ends_is_not_told_in_whichever_order_it_is_seen() {
    let rolled = |console: &mut Console| {
        let mut row = versioned(checkout(3), 12);
        (row.generation, row.observed_generation) = (5, 5);
        row.updated = 1;
        console.deployments(vec![row]);
    };
    assert_eq!(told(rolled, nothing), [""; 0]);
    assert_eq!(told(nothing, rolled), [""; 0]);
    let scaled = |console: &mut Console| {
        let row = WorkloadRow {
            current: 3,
            generation: 5,
            observed_generation: 5,
            ..versioned(checkout(2), 12)
        };
        console.deployments(vec![row]);
    };
    assert_eq!(told(scaled, nothing), [""; 0]);
    assert_eq!(told(nothing, scaled), [""; 0]);
}

#[test]
fn a_pod_of_a_failed_node_is_not_deleted_by_anybody() {
    let failed = |console: &mut Console| console.nodes(vec![node("node-1", false, &[])]);
    assert_eq!(told(failed, nothing), [""; 0]);
    let well = |console: &mut Console| console.nodes(vec![node("node-1", true, &[])]);
    assert_eq!(told(well, nothing).len(), 1);
}

#[test]
fn a_pod_that_is_over_and_a_workload_that_goes_say_nothing_of_their_own() {
    let over = |console: &mut Console| {
        let pod = PodRow {
            phase: Phase::Failed,
            ..versioned(pod("checkout-7d9f-a"), 2)
        };
        console.upsert(vec![pod]);
    };
    assert_eq!(told(over, nothing), [""; 0]);
    let gone = |console: &mut Console| console.went("uid-checkout", TableChange::Deployments);
    assert_eq!(
        told(nothing, gone),
        ["change.deletion: Deployment checkout deleted in shop, by whom is not known"]
    );
}

#[test]
fn a_pod_without_an_owner_was_deleted() {
    let bare = |console: &mut Console| {
        let mut bare = pod("debug-7d9f-a");
        bare.owner = None;
        console.upsert(vec![bare]);
    };
    let gone = |console: &mut Console| console.gone("debug-7d9f-a");
    let told = told(bare, gone);
    assert!(
        told.contains(
            &"change.deletion: pod debug-7d9f-a deleted in shop, by whom is not known".to_owned()
        ),
        "{told:?}"
    );
}

#[test]
fn pods_that_a_list_after_a_silence_does_not_have_are_told_with_the_silence() {
    let mut console = Console::writing(checkout(3));
    let heard = console.at;
    let health = harness::changes::stale(heard);
    console.pods(WatchChange::Health(health));
    console.advance(60_000);
    let pods = ["checkout-7d9f-b", "checkout-7d9f-c"].map(pod).to_vec();
    console.relisted(2, pods, TableChange::Pods);
    console.advance(6_000);
    let told = console.told().into_iter();
    let told: Vec<String> = told.filter(|told| told.contains("deleted")).collect();
    assert_eq!(
        told,
        [
            "change.deletion: pod checkout-7d9f-a of checkout deleted in shop, by whom is not known, between 03:24:10Z and 03:25:10Z"
        ]
    );
}

#[test]
fn a_pod_that_the_kubelet_has_evicted_is_called_so_with_its_reason() {
    let mut console = Console::writing(checkout(3));
    let evicted = PodRow {
        phase: Phase::Failed,
        reason: Some("Evicted".into()),
        message: Some("The node was low on resource: memory. ".into()),
        ..versioned(pod("checkout-7d9f-a"), 2)
    };
    console.upsert(vec![evicted]);
    console.advance(10_000);
    console.gone("checkout-7d9f-a");
    console.advance(10_000);
    let told = console.told();
    let told: Vec<&String> = told
        .iter()
        .filter(|told| told.contains("checkout-7d9f-a"))
        .collect();
    assert_eq!(
        told,
        [
            "change.deletion: pod checkout-7d9f-a of checkout evicted in shop: The node was low on resource: memory."
        ]
    );
}

/// `kubectl drain`: the condition comes first, then the pod ends.
#[test]
fn a_pod_that_is_ended_through_the_eviction_api_is_called_evicted_with_the_reason() {
    let disrupted = |name: &str, reason: &str| PodRow {
        extras: Some(Box::new(PodExtras {
            disruption: Some(Condition {
                is_true: true,
                since: ago(1),
                reason: Some(reason.into()),
                message: Some("Eviction API: evicting".into()),
            }),
            ..PodExtras::default()
        })),
        ..versioned(pod(name), 2)
    };
    let mut console = Console::writing(checkout(3));
    let first = disrupted("checkout-7d9f-a", "EvictionByEvictionAPI");
    console.upsert(vec![first.clone()]);
    console.upsert(vec![PodRow {
        deleted: ago(-30),
        ..versioned(first, 3)
    }]);
    assert!(
        console.shows("evicted: through the evi"),
        "{}",
        console.screen()
    );
    // This one is never seen to end.
    console.upsert(vec![disrupted("checkout-7d9f-b", "EvictionByEvictionAPI")]);
    console.gone("checkout-7d9f-b");
    console.upsert(vec![disrupted("checkout-7d9f-c", "PreemptionByScheduler")]);
    console.gone("checkout-7d9f-c");
    console.gone("checkout-7d9f-a");
    console.advance(10_000);
    let told = console.told().into_iter();
    let told: Vec<String> = told.filter(|told| told.starts_with("change.")).collect();
    assert_eq!(
        told,
        [
            "change.deletion: 2 pods of checkout evicted in shop: through the eviction API, as by kubectl drain \
             (EvictionByEvictionAPI)",
            "change.deletion: pod checkout-7d9f-c of checkout evicted in shop: to make room for a pod of higher priority \
             (PreemptionByScheduler)",
        ]
    );
}
