//! The rollouts pane and the rollback from the keyboard: keys and messages in, screen and effects out.

mod recorded;
mod recovered;
mod refused;
mod scaled;
mod screens;
mod verdict;

use harness::console::Console;
use harness::fixtures::versioned;
use harness::rollouts::{console, history, plan, read, roll_back_web, rolling};
use harness::writing::with_deployment;
use model::message::{ClusterEffect, Effect, Read};
use model::write::{Change, SeenValue, WriteAnswer};
use std::num::NonZeroU64;

fn asked(console: &Console) -> usize {
    let is_question = |effect: &&Effect| {
        matches!(
            effect,
            Effect::Cluster(ClusterEffect::Read {
                what: Read::History { .. },
                ..
            })
        )
    };
    console.effects.iter().filter(is_question).count()
}

#[test]
fn a_rollback_is_asked_for_with_the_last_good_revision_preselected() {
    let mut console = console(80, 24);
    console.type_keys("g x b");
    read(&mut console, "uid-checkout", &history());
    assert_eq!(plan(&console), Some((42, 40)), "r41 is only a restart");
}

#[test]
fn a_rollback_goes_to_the_selected_revision_and_is_undone_by_one_key() {
    let mut console = console(80, 24);
    console.type_keys("g j j j j x b");
    read(&mut console, "uid-checkout", &history());
    let write = console.say_yes();
    let sent = console.sent().pop().unwrap().1;
    let Change::Rollback(rollback) = &sent else {
        panic!("{sent:?}");
    };
    assert_eq!(
        (rollback.from.revision, rollback.to.revision),
        (Some(42), Some(39))
    );
    console.applied(write, 20);
    console.type_keys("x z");
    assert_eq!(plan(&console), Some((39, 42)));
    console.say_yes();
    assert!(
        console
            .sent()
            .pop()
            .unwrap()
            .1
            .stands(Some(&history().template.digest))
    );
}

/// What was rolled back to is the newest revision by then, and what is gone forward to is not new.
#[test]
fn the_undo_of_a_rollback_names_the_revision_that_stands() {
    let mut console = console(120, 40);
    console.type_keys("g j j j j x b");
    read(&mut console, "uid-checkout", &history());
    let write = console.say_yes();
    console.applied(write, 20);
    let row = with_deployment(rolling(), |fields| fields.revision = Some(43));
    console.deployments(vec![versioned(row, 30)]);
    console.type_keys("x z");
    assert_eq!(plan(&console), Some((43, 42)));
    assert!(
        console.shows("Roll checkout forward to r42 again in shop?"),
        "{}",
        console.screen()
    );
    assert!(console.shows("r42 becomes r44"), "{}", console.screen());
}

#[test]
fn what_stands_is_no_revision_to_go_back_to() {
    let mut console = console(80, 24);
    console.type_keys("g j x b");
    read(&mut console, "uid-checkout", &history());
    assert_eq!(plan(&console), None);
    assert!(console.shows("that is the present revision"));
}

#[test]
fn a_paused_deployment_is_not_rolled_back() {
    let mut console = console(120, 40);
    let row = with_deployment(rolling(), |fields| fields.is_paused = true);
    console.deployments(vec![versioned(row, 11)]);
    console.type_keys("z");
    assert!(console.shows("PAUSED: 2 updated"));
    assert!(console.shows("until somebody resumes it"));
    console.type_keys("g x b");
    assert!(console.shows("checkout is paused: it cannot be rolled back"));
}

#[test]
fn revisions_that_come_too_late_open_nothing() {
    let mut console = console(80, 24);
    console.type_keys("g x b");
    console.advance(16_000);
    read(&mut console, "uid-checkout", &history());
    assert_eq!(plan(&console), None);
}

#[test]
fn a_template_that_somebody_changed_is_said_and_nothing_is_asked_by_itself() {
    let mut console = console(80, 24);
    console.type_keys("g x b");
    read(&mut console, "uid-checkout", &history());
    console.type_keys("enter");
    let write = console.say_yes();
    let seen = SeenValue::Value {
        value: Some("0123456789ab".into()),
        resource_version: Some(30),
    };
    console.answered(write, WriteAnswer::Changed { seen });
    assert!(console.shows("somebody else changed the template"));
    console.advance(2_000);
    assert!(console.model.screen.overlays.is_empty());
}

#[test]
fn the_broken_pod_of_a_rolled_back_statefulset_is_asked_about_once_by_itself() {
    let mut console = console(80, 24);
    roll_back_web(&mut console);
    console.read_it();
    console.type_keys("n");
    console.advance(5_000);
    assert!(console.model.screen.overlays.is_empty(), "once");
    console.type_keys("x p");
    assert!(console.shows("Delete pod web-2 in shop?"));
    console.say_yes();
    assert!(matches!(
        console.sent().pop().unwrap().1,
        Change::Replace { pod, .. } if pod.raw() == "web-2"
    ));
}

#[test]
fn revisions_are_read_once_for_each_revision_and_only_for_what_is_shown() {
    let mut console = console(80, 24);
    console.advance(60_000);
    assert_eq!(asked(&console), 1, "of checkout; web is well");
    let row = with_deployment(rolling(), |fields| fields.revision = Some(43));
    let mut row = versioned(row, 11);
    console.deployments(vec![row.clone()]);
    assert_eq!(asked(&console), 2);
    row.version = NonZeroU64::new(12);
    console.deployments(vec![row]);
    assert_eq!(asked(&console), 2, "it is still being asked");
}

#[test]
fn the_cursor_stays_on_its_revision_when_the_order_changes() {
    let mut console = console(80, 24);
    console.type_keys("g j j");
    let before = console.model.screen.rollouts.cursor.clone().unwrap().uid;
    assert_eq!(&*before, "rs-41#41");
    console.type_keys("s s S");
    console.advance(2_000);
    let after = console.model.screen.rollouts.cursor.clone().unwrap().uid;
    assert_eq!(before, after);
}

#[test]
fn a_revision_that_is_rolled_back_to_moves_to_the_top() {
    let mut console = console(120, 40);
    let mut back = history();
    let mut again = back.revisions.remove(2);
    again.number = 43;
    back.template = again.template.clone();
    back.revisions.insert(0, again);
    read(&mut console, "uid-checkout", &back);
    console.type_keys("z");
    console.advance(2_000);
    let screen = console.screen();
    let place = |text: &str| {
        screen
            .find(text)
            .unwrap_or_else(|| panic!("{text}: {screen}"))
    };
    assert!(place("    r43 1.9.1") < place("    r42 1.9.2"));
    assert!(!console.shows("r40 1.9.1"));
    console.type_keys("g j j d");
    assert!(
        console.shows("Difference: checkout r43 -> r42"),
        "{}",
        console.screen()
    );
}

#[test]
fn a_filter_says_what_it_hides_and_enter_turns_revisions_round() {
    let mut console = console(80, 24);
    console.type_keys("g enter");
    console.advance(2_000);
    assert!(!console.shows("restart of r40"));
    console.type_keys("/");
    console.type_text("web");
    console.type_keys("enter");
    console.advance(2_000);
    assert!(console.shows("1 here, 1 hidden"));
}
