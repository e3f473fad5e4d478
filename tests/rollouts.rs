//! The rollouts pane and the rollback from the keyboard: keys and messages in, screen and effects out.
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod harness;

use harness::console::Console;
use harness::fixtures::{ago, pod};
use harness::writing::checkout;
use serde_json::json;
use watchfloor::message::{ClusterEffect, ClusterMsg, Effect, Msg, WatchChange};
use watchfloor::model::cluster::Health;
use watchfloor::model::deployments::DeploymentRow;
use watchfloor::model::pods::{ContainerState, Owner, PodRow};
use watchfloor::model::revisions::{History, Revision};
use watchfloor::model::screen::Overlay;
use watchfloor::model::settings::Settings;
use watchfloor::model::statefulsets::StatefulSetRow;
use watchfloor::model::templates::{RESTARTED_AT, Template};
use watchfloor::model::write::dialog::Sort;
use watchfloor::model::write::{Answer, Change, Seen};

const DAY: i64 = 86_400;

fn template(tag: &str, mode: &str, restarted: bool) -> Template {
    let mut template = json!({
        "metadata": {"labels": {"app": "checkout"}},
        "spec": {"containers": [{
            "name": "app", "image": format!("registry.example/shop/checkout:{tag}"),
            "env": [{"name": "MODE", "value": mode}, {"name": "POOL", "value": "20"}],
        }]},
    });
    if restarted {
        template["metadata"]["annotations"] = json!({RESTARTED_AT: "2026-02-28T10:00:00Z"});
    }
    Template::of(&template)
}

fn revision(number: u64, made: i64, template: Template, cause: Option<&str>) -> Revision {
    Revision {
        uid: format!("rs-{number}").as_str().into(),
        name: format!("checkout-{number}").into(),
        number,
        created: ago(made),
        change_cause: cause.map(Into::into),
        images: template.images(),
        template,
        annotations: Box::default(),
    }
}

/// r42 is new and bad, r41 a restart of r40, r39 was there for a month.
fn history() -> History {
    let bad = template("1.9.2", "fast", false);
    History {
        template: bad.clone(),
        is_paused: false,
        annotations: Box::default(),
        revisions: vec![
            revision(42, 840, bad, Some("release 1.9.2")),
            revision(41, DAY, template("1.9.1", "safe", true), None),
            revision(
                40,
                3 * DAY,
                template("1.9.1", "safe", false),
                Some("release 1.9.1"),
            ),
            revision(39, 33 * DAY, template("1.8.0", "safe", false), None),
        ],
    }
}

/// Two of six are new, and stuck; the old ones still serve.
fn rolling() -> DeploymentRow {
    DeploymentRow {
        revision: Some(42),
        images: template("1.9.2", "fast", false).images(),
        updated: 2,
        available: 5,
        ready: 5,
        current: 7,
        ..checkout(6)
    }
}

fn of_revision(name: &str, number: u64) -> PodRow {
    let mut pod = pod(name);
    pod.owner = Some(Owner {
        kind: "ReplicaSet".into(),
        name: format!("checkout-{number}").into(),
    });
    pod.template_hash = Some(number.to_string().as_str().into());
    pod
}

fn web() -> StatefulSetRow {
    StatefulSetRow {
        uid: "uid-web".into(),
        namespace: "shop".into(),
        name: "web".into(),
        resource_version: Some(10),
        created: ago(90 * DAY),
        generation: 4,
        observed_generation: 4,
        change_cause: None,
        replicas: 3,
        is_on_delete: false,
        partition: 0,
        is_parallel: false,
        restarted_at: None,
        images: Box::default(),
        selector: Box::default(),
        labels: Box::default(),
        current: 3,
        updated: 3,
        ready: 3,
        available: 3,
        current_revision: Some("web-1".into()),
        update_revision: Some("web-1".into()),
    }
}

fn read(console: &mut Console, workload: &str, history: &History) {
    let epoch = console.model.cluster.epoch;
    console.send(Msg::Cluster(ClusterMsg::History {
        epoch,
        workload: workload.into(),
        read: Ok(Box::new(history.clone())),
    }));
}

fn statefulset(console: &mut Console, row: StatefulSetRow) {
    let (epoch, heard) = (console.model.cluster.epoch, console.at);
    for change in [
        WatchChange::Batch {
            rows: vec![row],
            gone: Vec::new(),
            unreadable: Vec::new(),
        },
        WatchChange::Health(Health::Live { heard }),
    ] {
        console.send(Msg::Cluster(ClusterMsg::StatefulSets { epoch, change }));
    }
}

/// A rollout of `checkout` that is stuck, a StatefulSet that is well, and the rollouts pane.
fn console(columns: u16, rows: u16) -> Console {
    let scope = watchfloor::model::cluster::Scope::Namespace("shop".into());
    let mut console = Console::with(columns, rows, Settings::default(), scope);
    console.connect();
    let mut broken = of_revision("checkout-42-x", 42);
    broken.ready = None;
    let pods = ["a", "b", "c"].map(|name| of_revision(&format!("checkout-41-{name}"), 41));
    console.list(pods.into_iter().chain([broken]).collect());
    console.deployments(vec![rolling()]);
    statefulset(&mut console, web());
    let heard = console.at;
    let epoch = console.model.cluster.epoch;
    console.send(Msg::Cluster(ClusterMsg::DaemonSets {
        epoch,
        change: WatchChange::Health(Health::Live { heard }),
    }));
    console.type_keys("4");
    read(&mut console, "uid-checkout", &history());
    console.advance(2_000);
    console
}

fn plan(console: &Console) -> Option<(u64, u64)> {
    match console.model.screen.overlays.last() {
        Some(Overlay::Dialog(dialog)) => match &dialog.sort {
            Sort::Rollback(plan) => Some((plan.from.revision?, plan.chosen()?.point.revision?)),
            _ => None,
        },
        _ => None,
    }
}

fn asked(console: &Console) -> usize {
    let is_question =
        |effect: &&Effect| matches!(effect, Effect::Cluster(ClusterEffect::History { .. }));
    console.effects.iter().filter(is_question).count()
}

#[test]
fn a_rollout_under_way_stands_first_with_its_revisions() {
    insta::assert_snapshot!(console(80, 24).screen());
}

#[test]
fn the_rollouts_on_a_large_screen() {
    let mut console = console(120, 40);
    console.type_keys("z");
    insta::assert_snapshot!(console.screen());
}

#[test]
fn the_difference_of_two_revisions_at_80x24() {
    let mut console = console(80, 24);
    console.type_keys("g j d");
    assert!(console.shows("Difference: checkout r41 -> r42"));
    console.type_keys("esc j j d");
    insta::assert_snapshot!(console.screen());
}

#[test]
fn the_difference_of_two_revisions_at_120x40() {
    let mut console = console(120, 40);
    console.type_keys("g j j j j space k k k d");
    assert!(console.shows("Difference: checkout r39 -> r42"));
    insta::assert_snapshot!(console.screen());
}

#[test]
fn a_rollback_is_asked_for_with_the_last_good_revision_preselected() {
    let mut console = console(80, 24);
    console.type_keys("g x b");
    read(&mut console, "uid-checkout", &history());
    assert_eq!(plan(&console), Some((42, 40)), "r41 is only a restart");
    insta::assert_snapshot!(console.screen());
}

#[test]
fn the_card_of_a_rollback_shows_what_differs_at_80x24() {
    let mut console = console(80, 24);
    console.type_keys("g x b");
    read(&mut console, "uid-checkout", &history());
    console.type_keys("enter");
    console.read_it();
    insta::assert_snapshot!(console.screen());
}

#[test]
fn the_card_of_a_rollback_shows_what_differs_at_120x40() {
    let mut console = console(120, 40);
    console.type_keys("g x b");
    read(&mut console, "uid-checkout", &history());
    console.type_keys("enter");
    console.read_it();
    insta::assert_snapshot!(console.screen());
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

#[test]
fn what_stands_is_no_revision_to_go_back_to() {
    let mut console = console(80, 24);
    console.type_keys("g j x b");
    read(&mut console, "uid-checkout", &history());
    assert_eq!(plan(&console), None);
    assert!(console.shows("that is what stands"));
}

#[test]
fn a_paused_deployment_is_not_rolled_back() {
    let mut console = console(120, 40);
    let mut row = rolling();
    (row.is_paused, row.resource_version) = (true, Some(11));
    console.deployments(vec![row]);
    console.type_keys("z");
    assert!(console.shows("PAUSED until somebody resumes it"));
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
    let seen = Seen::Value {
        value: Some("0123456789ab".into()),
        resource_version: Some(30),
    };
    console.answered(write, Answer::Changed { seen });
    assert!(console.shows("somebody else changed the template"));
    console.advance(2_000);
    assert!(console.model.screen.overlays.is_empty());
}

#[test]
fn the_broken_pod_of_a_rolled_back_statefulset_is_asked_about_once_by_itself() {
    let mut console = console(80, 24);
    let mut broken = pod("web-2");
    broken.owner = Some(Owner {
        kind: "StatefulSet".into(),
        name: "web".into(),
    });
    broken.template_hash = Some("web-2bad".into());
    broken.ready = None;
    broken.containers[0].state = ContainerState::Waiting {
        reason: "CrashLoopBackOff".into(),
        message: None,
    };
    console.upsert(vec![broken]);
    let mut row = web();
    (row.updated, row.ready, row.available) = (1, 2, 2);
    row.update_revision = Some("web-2bad".into());
    statefulset(&mut console, row.clone());
    console.type_keys("/");
    console.type_text("web");
    console.type_keys("enter g x b");
    let bad = template("1.9.2", "fast", false);
    let history = History {
        template: bad.clone(),
        is_paused: false,
        annotations: Box::default(),
        revisions: vec![
            revision(2, 840, bad, None),
            revision(1, DAY, template("1.9.1", "safe", false), None),
        ],
    };
    read(&mut console, "uid-web", &history);
    let write = console.say_yes();
    console.applied(write, 20);
    (
        row.resource_version,
        row.generation,
        row.observed_generation,
    ) = (Some(21), 5, 5);
    row.images = history.revisions[1].images.clone();
    row.update_revision = Some("web-1".into());
    row.updated = 2;
    statefulset(&mut console, row);
    console.read_it();
    insta::assert_snapshot!(console.screen());
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
    let mut row = rolling();
    (row.revision, row.resource_version) = (Some(43), Some(11));
    console.deployments(vec![row.clone()]);
    assert_eq!(asked(&console), 2);
    row.resource_version = Some(12);
    console.deployments(vec![row]);
    assert_eq!(asked(&console), 2, "it is still being asked");
}

#[test]
fn the_cursor_stays_on_its_revision_when_the_order_changes() {
    let mut console = console(80, 24);
    console.type_keys("g j j");
    let before = console.model.screen.rollouts.cursor.clone().unwrap().uid;
    assert_eq!(&*before, "rs-41");
    console.type_keys("s s S");
    console.advance(2_000);
    let after = console.model.screen.rollouts.cursor.clone().unwrap().uid;
    assert_eq!(before, after);
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
    assert!(console.shows("1 here") && console.shows("1 hidden"));
}
