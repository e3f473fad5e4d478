//! A replica count that somebody else changed: who did it, when, and that nothing is healed by it.

use model::changes::{ChangeField, FieldManager};
use model::entry::Draft;
use model::message::{ClusterEffect, ClusterMsg, Effect, Msg, Read, ReadAnswer, StoreEffect};
use model::time::Seconds;
use model::workload::WorkloadRow;

use harness::console::Console;
use harness::fixtures::{crashing, pod, versioned};
use harness::writing::checkout;

fn scaled(replicas: u32, version: u64) -> WorkloadRow {
    versioned(checkout(replicas), version)
}

fn asked(console: &Console) -> usize {
    let is_question = |effect: &&Effect| {
        matches!(
            effect,
            Effect::Cluster(ClusterEffect::Read {
                what: Read::Managers(..),
                ..
            })
        )
    };
    console.effects.iter().filter(is_question).count()
}

fn answer(console: &mut Console, name: &str) {
    let epoch = console.model.cluster.epoch;
    let at = Some(Seconds::new(console.at.wall.timestamp() - 3));
    let manager = FieldManager {
        name: name.into(),
        at,
        owns_field: true,
        subresource: Some("scale".into()),
    };
    console.send(Msg::Cluster(ClusterMsg::Read {
        epoch,
        answer: ReadAnswer::Managers(
            "uid-checkout".into(),
            ChangeField::Replicas,
            Some(vec![manager]),
        ),
    }));
}

fn drafts(console: &mut Console) -> Vec<Draft> {
    let effects = console.take_effects().into_iter();
    let appended = effects.filter_map(|effect| match effect {
        Effect::Store(StoreEffect::Append(drafts)) => Some(drafts),
        _ => None,
    });
    appended.flatten().collect()
}

fn titles(console: &mut Console) -> Vec<String> {
    drafts(console)
        .iter()
        .map(|draft| format!("{}: {}", draft.kind.word(), draft.title.raw()))
        .collect()
}

#[test]
fn scaled_to_nothing_from_outside_is_an_entry_with_who_and_when_and_no_rollout() {
    let mut console = Console::writing(checkout(3));
    console.deployments(vec![scaled(0, 11)]);
    assert_eq!(asked(&console), 1);
    answer(&mut console, "kubectl");
    let drafts = drafts(&mut console);
    let [draft] = &drafts[..] else {
        panic!("{drafts:?}");
    };
    assert_eq!(
        format!("{}: {}", draft.kind.word(), draft.title.raw()),
        "change.scale: scale checkout 3 -> 0 in shop, by kubectl"
    );
    assert_eq!(
        draft.occurred_at.timestamp(),
        console.at.wall.timestamp() - 3
    );
    console.advance(300_000);
    assert_eq!(titles(&mut console), [""; 0]);
    console.type_keys("4 z");
    assert!(console.shows("switched off"), "{}", console.screen());
    assert!(!console.shows("● checkout"));
}

#[test]
fn what_crashed_before_it_was_switched_off_is_not_called_well() {
    let mut console = Console::writing(checkout(3));
    console.upsert(vec![crashing("checkout-7d9f-a", 1, "Error")]);
    console.advance(60_000);
    console.take_effects();
    console.deployments(vec![scaled(0, 11)]);
    for name in ["checkout-7d9f-a", "checkout-7d9f-b", "checkout-7d9f-c"] {
        console.gone(name);
    }
    console.advance(60_000);
    let titles = titles(&mut console);
    assert!(
        titles.contains(
            &"pod.transition: checkout: switched off, 1 pod had been crashing for 15 min"
                .to_owned()
        ),
        "{titles:?}"
    );
    assert!(!titles.iter().any(|title| title.contains("no longer")));
}

#[test]
fn what_was_well_for_a_moment_is_not_said_to_have_been_switched_off_then() {
    let mut console = Console::writing(checkout(3));
    console.upsert(vec![crashing("checkout-7d9f-a", 1, "Error")]);
    console.advance(60_000);
    console.take_effects();
    console.upsert(vec![pod("checkout-7d9f-a")]);
    console.advance(10_000);
    console.deployments(vec![scaled(0, 11)]);
    for name in ["checkout-7d9f-a", "checkout-7d9f-b", "checkout-7d9f-c"] {
        console.gone(name);
    }
    console.advance(60_000);
    let titles = titles(&mut console);
    let told = "pod.transition: checkout: no longer crashing, 1 pod over 15 min; whether for good is not known: switched off soon after";
    assert!(titles.contains(&told.to_owned()), "{titles:?}");
}

#[test]
fn what_was_switched_off_and_on_again_is_not_called_well() {
    let mut console = Console::writing(checkout(3));
    console.upsert(vec![crashing("checkout-7d9f-a", 1, "Error")]);
    console.advance(60_000);
    console.take_effects();
    console.deployments(vec![scaled(0, 11)]);
    for name in ["checkout-7d9f-a", "checkout-7d9f-b", "checkout-7d9f-c"] {
        console.gone(name);
    }
    console.advance(10_000);
    console.deployments(vec![scaled(3, 12)]);
    console.advance(60_000);
    let titles = titles(&mut console);
    let told = "pod.transition: checkout: switched off, 1 pod had been crashing for 15 min";
    assert!(titles.contains(&told.to_owned()), "{titles:?}");
}

#[test]
fn who_did_it_may_not_be_known() {
    let mut console = Console::writing(checkout(3));
    console.deployments(vec![scaled(0, 11)]);
    console.advance(16_000);
    assert_eq!(
        titles(&mut console),
        ["change.scale: scale checkout 3 -> 0 in shop, by whom is not known"]
    );
}

#[test]
fn what_an_autoscaler_does_all_day_is_no_entry_but_switching_off_is() {
    let mut console = Console::writing(checkout(3));
    console.deployments(vec![scaled(5, 11)]);
    answer(&mut console, "kube-controller-manager");
    assert_eq!(titles(&mut console), [""; 0]);
    console.deployments(vec![scaled(0, 12)]);
    answer(&mut console, "kube-controller-manager");
    assert_eq!(
        titles(&mut console),
        ["change.scale: scale checkout 5 -> 0 in shop, by an autoscaler (kube-controller-manager)"]
    );
}

#[test]
fn our_own_scale_is_not_told_twice() {
    let mut console = Console::writing(checkout(3));
    console.type_keys("x s 5 enter");
    let write = console.say_yes();
    console.deployments(vec![scaled(5, 20)]);
    console.applied(write, 20);
    assert_eq!(asked(&console), 0);
}
