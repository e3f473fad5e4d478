//! What others change becomes an entry: from what to what, when, and by whom, as far as that is known.

mod causes;
mod configs;
mod deletions;
mod nodes;
mod page;
mod serving;

use harness::changes::{manager, namespace, stale};
use harness::console::Console;
use harness::fixtures::{named, versioned};
use harness::rollouts::template;
use harness::writing::{checkout, with_deployment};
use model::changes::{ChangeField, FieldManager};
use model::message::{TableChange, WatchChange};
use model::workload::WorkloadRow;

fn paused(is_paused: bool, version: u64) -> WorkloadRow {
    let row = with_deployment(checkout(3), |fields| fields.is_paused = is_paused);
    versioned(row, version)
}

fn now(console: &Console) -> i64 {
    console.at.wall.timestamp()
}

#[test]
fn a_pause_and_its_end_are_entries_with_who_did_it_where_that_is_known() {
    let mut console = Console::writing(checkout(3));
    console.deployments(vec![paused(true, 11)]);
    let at = now(&console) - 2;
    console.managed_by(vec![manager("kubectl-rollout", at)]);
    let drafts = console.appended();
    let [draft] = &drafts[..] else {
        panic!("{drafts:?}");
    };
    assert_eq!(
        draft.title.raw(),
        "Deployment checkout paused in shop, by kubectl-rollout"
    );
    assert_eq!(draft.occurred_at.timestamp(), at);
    let change = draft.change.as_ref().unwrap();
    let words = (change.before.as_ref(), change.after.as_ref());
    assert_eq!(words, (Some(&"not paused".into()), Some(&"paused".into())));
    console.advance(60_000);
    console.deployments(vec![paused(false, 12)]);
    console.managed_by(vec![]);
    assert_eq!(
        console.told(),
        ["change.config: Deployment checkout resumed in shop, by whom is not known"]
    );
}

#[test]
fn who_wrote_something_else_at_that_time_is_not_taken_for_who_did_it() {
    let mut console = Console::writing(checkout(3));
    console.deployments(vec![versioned(checkout(0), 12)]);
    let at = now(&console);
    let writer = FieldManager {
        owns_field: false,
        ..manager("kubectl-set", at)
    };
    console.managed_by(vec![writer]);
    assert_eq!(
        console.told(),
        ["change.scale: scale checkout 3 -> 0 in shop, by whom is not known"]
    );
}

#[test]
fn a_manager_of_long_ago_did_not_do_it() {
    let mut console = Console::writing(checkout(3));
    console.deployments(vec![versioned(checkout(5), 11)]);
    let long_ago = now(&console) - 3_600;
    console.managed_by(vec![manager("helm", long_ago)]);
    let drafts = console.appended();
    assert_eq!(
        drafts[0].title.raw(),
        "scale checkout 3 -> 5 in shop, by whom is not known"
    );
    assert_eq!(drafts[0].occurred_at.timestamp(), now(&console));
    assert!(drafts[0].body.as_ref().unwrap().raw().contains("audit log"));
}

#[test]
fn controllers_are_called_by_the_name_that_people_know() {
    for (name, words) in [
        ("argocd-controller", "Argo CD (argocd-controller)"),
        ("kustomize-controller", "Flux (kustomize-controller)"),
        ("helm-controller", "Flux (helm-controller)"),
        ("kubectl-edit", "kubectl-edit"),
        (
            "kube-controller-manager",
            "a controller of Kubernetes (kube-controller-manager)",
        ),
    ] {
        let mut console = Console::writing(checkout(3));
        console.deployments(vec![paused(true, 11)]);
        let at = now(&console);
        console.managed_by(vec![manager(name, at)]);
        assert_eq!(
            console.told(),
            [format!(
                "change.config: Deployment checkout paused in shop, by {words}"
            )]
        );
    }
}

#[test]
fn the_time_of_another_clock_is_brought_to_ours() {
    let mut console = Console::writing(checkout(3));
    console.clock("staging-eu", 3_600);
    console.deployments(vec![versioned(checkout(5), 11)]);
    let at = now(&console);
    console.managed_by(vec![manager("kubectl-edit", at + 3_600 - 2)]);
    let drafts = console.appended();
    assert_eq!(
        drafts[0].title.raw(),
        "scale checkout 3 -> 5 in shop, by kubectl-edit"
    );
    assert_eq!(drafts[0].occurred_at.timestamp(), at - 2);
}

#[test]
fn images_of_a_paused_deployment_are_told_although_nothing_is_rolled_out() {
    let mut console = Console::writing(paused(true, 10));
    console.deployments(vec![WorkloadRow {
        images: template("1.9.2", "fast", false).images(),
        ..paused(true, 11)
    }]);
    let at = now(&console);
    console.managed_by(vec![manager("kubectl-set", at)]);
    assert_eq!(
        console.told(),
        [
            "change.image: images of checkout in shop none -> registry.example/shop/checkout:1.9.2, while it is paused, by kubectl-set"
        ]
    );
}

#[test]
fn what_happened_while_nothing_was_heard_is_between_two_times() {
    let mut console = Console::writing(checkout(3));
    let heard = console.at;
    let health = WatchChange::Health(stale(heard));
    console.table(TableChange::Deployments(health));
    console.advance(90_000);
    console.relisted(
        2,
        vec![versioned(checkout(0), 11)],
        TableChange::Deployments,
    );
    console.managed_by(vec![]);
    let drafts = console.appended();
    assert_eq!(
        drafts[0].title.raw(),
        "scale checkout 3 -> 0 in shop, by whom is not known, between 03:24:10Z and 03:25:40Z"
    );
    assert_eq!(drafts[0].occurred_at, heard.wall);
    assert_eq!(drafts[0].ended_at.unwrap().timestamp(), now(&console));
    // The silence is over: what comes now is of this moment.
    console.deployments(vec![versioned(checkout(3), 12)]);
    console.managed_by(vec![]);
    assert_eq!(
        console.told(),
        ["change.scale: scale checkout 0 -> 3 in shop, by whom is not known"]
    );
}

#[test]
fn the_server_may_know_the_time_of_what_happened_in_a_silence() {
    let mut console = Console::writing(checkout(3));
    let heard = console.at;
    console.table(TableChange::Deployments(WatchChange::Health(stale(heard))));
    console.advance(300_000);
    console.relisted(
        2,
        vec![versioned(checkout(0), 11)],
        TableChange::Deployments,
    );
    let at = heard.wall.timestamp() + 60;
    console.managed_by(vec![manager("kubectl-edit", at)]);
    let drafts = console.appended();
    assert_eq!(
        drafts[0].title.raw(),
        "scale checkout 3 -> 0 in shop, by kubectl-edit"
    );
    assert_eq!(drafts[0].occurred_at.timestamp(), at);
}

#[test]
fn what_is_as_it_was_after_a_silence_is_not_told() {
    let mut console = Console::writing(checkout(3));
    let heard = console.at;
    console.table(TableChange::Deployments(WatchChange::Health(stale(heard))));
    console.advance(90_000);
    console.relisted(
        2,
        vec![versioned(checkout(3), 14)],
        TableChange::Deployments,
    );
    console.advance(60_000);
    assert_eq!(console.told(), [""; 0]);
}

#[test]
fn a_new_workload_is_no_change_and_one_that_is_gone_is() {
    let mut console = Console::writing(checkout(3));
    console.deployments(vec![named(checkout(2), "cart")]);
    console.advance(30_000);
    assert_eq!(console.told(), [""; 0]);
    console.went("uid-cart", TableChange::Deployments);
    assert_eq!(
        console.told(),
        ["change.deletion: Deployment cart deleted in shop, by whom is not known"]
    );
}

#[test]
fn a_second_change_before_the_answer_is_told_too() {
    let mut console = Console::writing(checkout(3));
    console.deployments(vec![versioned(checkout(0), 11)]);
    console.deployments(vec![versioned(checkout(2), 12)]);
    let at = now(&console);
    console.managers(
        &"uid-checkout".into(),
        ChangeField::Replicas,
        Some(vec![manager("kubectl-edit", at)]),
    );
    assert_eq!(
        console.told(),
        [
            "change.scale: scale checkout 3 -> 0 in shop, by whom is not known",
            "change.scale: scale checkout 0 -> 2 in shop, by kubectl-edit",
        ]
    );
}

#[test]
fn a_namespace_that_goes_is_said_once_and_not_for_each_of_its_objects() {
    let mut console = Console::writing(checkout(3));
    console.relisted(1, vec![namespace("shop", false)], TableChange::Namespaces);
    console.changed(vec![namespace("shop", true)], TableChange::Namespaces);
    console.went("uid-checkout", TableChange::Deployments);
    for name in ["checkout-7d9f-a", "checkout-7d9f-b"] {
        console.gone(name);
    }
    console.advance(10_000);
    assert_eq!(
        console.told(),
        ["change.deletion: namespace shop is being deleted, by whom is not known"]
    );
}

#[test]
fn too_many_changes_at_once_are_counted() {
    let mut console = Console::writing(checkout(3));
    let rows = (0..200).map(|number| named(checkout(2), &format!("w{number}")));
    console.deployments(rows.collect());
    for number in 0..200 {
        console.went(&format!("uid-w{number}"), TableChange::Deployments);
    }
    let told = console.told();
    assert_eq!(told.len(), 60, "{told:?}");
    console.advance(61_000);
    assert_eq!(
        console.told(),
        ["event: 140 more changes since 03:24:10Z are not recorded one by one: too many at once"]
    );
}
