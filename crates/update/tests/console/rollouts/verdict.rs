//! The verdict of a write: what was broken before it, what is well now, and what nobody knows.

use std::num::NonZeroU64;

use model::alert::AlertRow;
use model::cluster::{Health, Problem, ProblemClass};
use model::kind::ActorKind;
use model::message::{Effect, Msg, StoreEffect, StoreMsg, TableChange, WatchChange};
use model::pods::PodRow;
use model::write::WriteId;

use harness::console::Console;
use harness::fixtures::{alert, crashing, pod};
use harness::serving::service;
use harness::writing::checkout;

const SHOP: (&str, &str) = ("namespace", "shop");

fn high_error_rate() -> AlertRow {
    alert(
        "HighErrorRate",
        "critical",
        14,
        &[SHOP, ("deployment", "checkout")],
    )
}

fn of_payment() -> AlertRow {
    alert(
        "HighLatency",
        "critical",
        14,
        &[SHOP, ("deployment", "payment")],
    )
}

/// A restart of `checkout` in a console that shows so many of three available, these pods, and these alerts if it was told
/// any; then the rollout is done.
fn restarted(
    available: u32,
    pods: Vec<PodRow>,
    alerts: Option<Vec<AlertRow>>,
) -> (Console, WriteId) {
    let mut row = checkout(3);
    (row.ready, row.available) = (available, available);
    let mut console = Console::writing(row);
    if !pods.is_empty() {
        console.list(pods);
        console.type_keys("g");
    }
    if let Some(alerts) = alerts {
        console.alerts(alerts);
    }
    console.effects.clear();
    console.type_keys("x r");
    let write = console.say_yes();
    console.applied(write, 20);
    console.restarted(21);
    (console, write)
}

/// It has held for so long; the rows and the alerts are of now. The verdicts that were written.
fn holds_for(console: &mut Console, ms: u64) -> Vec<String> {
    console.advance(ms);
    let verdicts = console.titles().into_iter();
    let title = "action.verdict: restart checkout in shop: ";
    verdicts
        .filter_map(|verdict| verdict.strip_prefix(title).map(str::to_owned))
        .collect()
}

#[test]
fn a_restart_of_what_was_well_heals_nothing() {
    let (mut console, _) = restarted(3, Vec::new(), Some(vec![of_payment()]));
    assert_eq!(
        holds_for(&mut console, 180_000),
        ["stable: 3 of 3 available for 3 min"]
    );
}

#[test]
fn a_restart_of_the_wrong_service_says_which_alerts_still_fire() {
    let alerts = vec![high_error_rate(), of_payment()];
    let (mut console, _) = restarted(3, Vec::new(), Some(alerts));
    assert_eq!(
        holds_for(&mut console, 180_000),
        ["stable: 3 of 3 available for 3 min; HighErrorRate still fires"]
    );
    assert!(
        console.shows("HighErrorRate still fires"),
        "{}",
        console.screen()
    );
    assert_eq!(
        holds_for(&mut console, 420_000),
        ["stable: 3 of 3 available for 10 min; HighErrorRate still fires"]
    );
    assert_eq!(holds_for(&mut console, 420_000), [""; 0]);
}

#[test]
fn it_is_healed_when_the_alert_ends_after_it() {
    let (mut console, _) = restarted(3, Vec::new(), Some(vec![high_error_rate()]));
    holds_for(&mut console, 240_000);
    console.alerts(vec![of_payment()]);
    assert_eq!(
        holds_for(&mut console, 1_000),
        ["healed: 3 of 3 available for 4 min; HighErrorRate no longer fires"]
    );
}

#[test]
fn pods_that_were_missing_and_are_back_are_healed() {
    let (mut console, _) = restarted(1, Vec::new(), Some(Vec::new()));
    assert_eq!(
        holds_for(&mut console, 180_000),
        ["healed: 3 of 3 available for 3 min, 1 of 3 before"]
    );
}

#[test]
fn pods_that_restarted_before_and_do_not_any_more_are_healed() {
    let mut restarting = pod("checkout-7d9f-a");
    restarting.containers[0].restarts = 4;
    restarting.containers[0].last = crashing("checkout-7d9f-a", 137, "OOMKilled").containers[0]
        .last
        .clone();
    let (mut console, _) = restarted(3, vec![restarting], Some(Vec::new()));
    assert_eq!(
        holds_for(&mut console, 180_000),
        ["healed: 3 of 3 available for 3 min, 1 pod was sick before"]
    );
}

#[test]
fn a_pod_that_restarts_while_it_should_hold_is_not_healed() {
    let (mut console, _) = restarted(1, Vec::new(), Some(Vec::new()));
    console.advance(60_000);
    let mut again = crashing("checkout-8e0a-a", 1, "Error");
    let state = pod("checkout-8e0a-a").containers[0].state.clone();
    again.ready = pod("checkout-8e0a-a").ready;
    again.containers[0].state = state;
    let last = again.containers[0].last.as_mut().unwrap();
    last.finished = Some(console.at.wall.into());
    console.upsert(vec![again]);
    assert_eq!(
        holds_for(&mut console, 120_000),
        ["stable: 3 of 3 available for 3 min; checkout-8e0a-a restarted since"]
    );
}

#[test]
fn nothing_is_said_of_alerts_that_are_not_known() {
    let (mut console, _) = restarted(3, Vec::new(), None);
    assert_eq!(
        holds_for(&mut console, 180_000),
        ["stable: 3 of 3 available for 3 min; alerts not known"]
    );
    let (mut console, _) = restarted(1, Vec::new(), None);
    assert_eq!(
        holds_for(&mut console, 180_000),
        ["healed: 3 of 3 available for 3 min, 1 of 3 before; alerts not known"]
    );
}

#[test]
fn an_alert_that_was_lost_from_sight_is_neither_firing_nor_over() {
    let (mut console, _) = restarted(3, Vec::new(), Some(vec![high_error_rate()]));
    console.alerts_fail();
    assert_eq!(
        holds_for(&mut console, 180_000),
        ["stable: 3 of 3 available for 3 min; alerts not known"]
    );
}

#[test]
fn an_alert_that_began_after_the_write_is_said() {
    let (mut console, _) = restarted(3, Vec::new(), Some(Vec::new()));
    console.alerts(vec![high_error_rate()]);
    assert_eq!(
        holds_for(&mut console, 180_000),
        ["stable: 3 of 3 available for 3 min; HighErrorRate fires now"]
    );
    // What was not known before may have fired then.
    let (mut console, _) = restarted(1, Vec::new(), None);
    console.alerts(vec![high_error_rate()]);
    assert_eq!(
        holds_for(&mut console, 180_000),
        ["stable: 3 of 3 available for 3 min; HighErrorRate fires"]
    );
}

fn stale() -> Health {
    Health::Stale {
        heard: None,
        problem: Problem {
            class: ProblemClass::Unreachable,
            what: "10.0.0.1:6443 does not answer".into(),
            next: "r tries now".into(),
        },
        retry: None,
    }
}

#[test]
fn what_fired_before_and_is_not_known_any_more_is_not_healed() {
    let (mut console, _) = restarted(1, Vec::new(), Some(vec![high_error_rate()]));
    console.alerts_fail();
    assert_eq!(
        holds_for(&mut console, 180_000),
        ["stable: 3 of 3 available for 3 min; alerts not known"]
    );
    // It is told when they are known again.
    console.alerts(vec![of_payment()]);
    assert_eq!(
        holds_for(&mut console, 420_000),
        ["healed: 3 of 3 available for 3 min, 1 of 3 before; HighErrorRate no longer fires"]
    );
}

/// A scale of `checkout`, of which three of six are available.
fn scaled_to(replicas: u32, pods: Vec<PodRow>) -> Console {
    let mut row = checkout(6);
    (row.ready, row.available) = (3, 3);
    let mut console = Console::writing(row);
    if !pods.is_empty() {
        console.list(pods);
        console.type_keys("g");
    }
    console.alerts(Vec::new());
    console.effects.clear();
    console.type_keys("x s");
    console.type_text(&replicas.to_string());
    console.type_keys("enter");
    let write = console.say_yes();
    console.applied(write, 20);
    console.list(
        ["checkout-7d9f-a", "checkout-7d9f-b", "checkout-7d9f-c"]
            .map(pod)
            .into(),
    );
    console.gone("checkout-7d9f-d");
    let mut row = checkout(replicas);
    row.meta.version = NonZeroU64::new(21);
    (row.generation, row.observed_generation) = (5, 5);
    console.deployments(vec![row]);
    console.titles();
    console
}

fn scale_verdicts(console: &mut Console) -> Vec<String> {
    console.advance(180_000);
    let all = console.titles();
    all.into_iter()
        .filter(|title| title.starts_with("action.verdict"))
        .filter_map(|title| Some(title.split_once("in shop: ")?.1.to_owned()))
        .collect()
}

#[test]
fn that_fewer_pods_are_wanted_heals_none() {
    let mut console = scaled_to(3, Vec::new());
    assert_eq!(
        scale_verdicts(&mut console),
        ["stable: 3 of 3 available for 3 min"]
    );
    let mut pods: Vec<PodRow> = ["checkout-7d9f-a", "checkout-7d9f-b", "checkout-7d9f-c"]
        .map(pod)
        .into();
    pods.push(crashing("checkout-7d9f-d", 1, "Error"));
    let mut console = scaled_to(3, pods);
    assert_eq!(
        scale_verdicts(&mut console),
        ["stable: 3 of 3 available for 3 min"]
    );
    let mut console = scaled_to(7, Vec::new());
    assert_eq!(
        scale_verdicts(&mut console),
        ["healed: 7 of 7 available for 3 min, 3 of 6 before"]
    );
}

#[test]
fn a_rollout_on_its_way_was_nothing_broken() {
    let mut row = checkout(3);
    (row.ready, row.available, row.updated, row.current) = (2, 2, 1, 3);
    let mut console = Console::writing(row);
    console.alerts(Vec::new());
    console.advance(2_000);
    console.effects.clear();
    console.type_keys("x r");
    let write = console.say_yes();
    console.applied(write, 20);
    console.restarted(21);
    assert_eq!(
        holds_for(&mut console, 180_000),
        ["stable: 3 of 3 available for 3 min"]
    );
}

#[test]
fn rows_that_were_stale_when_it_was_sent_prove_nothing_broken() {
    let mut row = checkout(3);
    (row.ready, row.available) = (1, 1);
    let mut console = Console::writing(row);
    console.alerts(Vec::new());
    console.table(TableChange::Deployments(WatchChange::Health(stale())));
    console.table(TableChange::Pods(WatchChange::Health(stale())));
    console.effects.clear();
    console.type_keys("x r");
    let write = console.say_yes();
    console.applied(write, 20);
    let heard = console.at;
    console.pods(WatchChange::Health(Health::Live { heard }));
    console.restarted(21);
    assert_eq!(
        holds_for(&mut console, 180_000),
        ["stable: 3 of 3 available for 3 min"]
    );
}

#[test]
fn before_and_after_stand_in_the_entry() {
    let (mut console, _) = restarted(1, Vec::new(), Some(vec![high_error_rate()]));
    console.advance(180_000);
    let verdicts = console.saves();
    let (_, verdict) = verdicts.last().unwrap();
    assert_eq!(
        verdict.body.as_ref().unwrap().raw(),
        "before: 1 of 3 available; alerts about it: HighErrorRate\n\
         after: 3 of 3 available for 3 min; alerts about it: HighErrorRate"
    );
    assert!(verdict.is_interim());
    assert_eq!(verdict.actor.kind, ActorKind::Console);
    console.alerts(Vec::new());
    console.advance(420_000);
    let verdicts = console.saves();
    let (_, verdict) = verdicts.last().unwrap();
    assert_eq!(
        verdict.body.as_ref().unwrap().raw(),
        "before: 1 of 3 available; alerts about it: HighErrorRate\n\
         after: 3 of 3 available for 3 min; no alert about it fires"
    );
    assert!(!verdict.is_interim());
}

/// The outage of the exhausted pool: the pods are well, requests fail, and it is not checkout that holds the connections.
#[test]
fn a_wrong_restart_of_an_exhausted_pool_is_never_healed() {
    let of_service = |name, service| alert(name, "critical", 14, &[SHOP, ("service", service)]);
    let all = || {
        vec![
            of_service("HighErrorRate", "checkout"),
            of_service("PostgresConnectionsExhausted", "orders-db"),
        ]
    };
    let mut console = Console::writing(checkout(3));
    console.services(["checkout", "payment", "orders-db"].map(service).into());
    console.alerts(all());
    let restart = |console: &mut Console| {
        console.effects.clear();
        console.type_keys("x r");
        let write = console.say_yes();
        console.applied(write, 20);
        console.restarted(21);
    };
    restart(&mut console);
    for _ in 0..40 {
        console.advance(30_000);
        console.alerts(all());
        assert!(!console.shows("healed"), "{}", console.screen());
    }
    assert_eq!(
        holds_for(&mut console, 0),
        [
            "stable: 3 of 3 available for 3 min; HighErrorRate still fires",
            "stable: 3 of 3 available for 10 min; HighErrorRate still fires"
        ]
    );
    // Which workload is behind a Service is no longer known: that ends no alert.
    let mut console = Console::writing(checkout(3));
    console.services(vec![service("checkout")]);
    console.alerts(all());
    restart(&mut console);
    console.table(TableChange::Services(WatchChange::Batch {
        rows: Vec::new(),
        gone: vec!["service-checkout".into()],
        unreadable: Vec::new(),
    }));
    console.table(TableChange::Services(WatchChange::Health(stale())));
    assert_eq!(
        holds_for(&mut console, 180_000),
        ["stable: 3 of 3 available for 3 min; alerts not known"]
    );
}

#[test]
fn a_console_that_stops_before_the_verdict_says_that_there_is_none() {
    let (mut console, _) = restarted(3, Vec::new(), Some(Vec::new()));
    console.send(Msg::Store(StoreMsg::Opened(Box::default())));
    console.effects.clear();
    console.type_keys("q q");
    let appended = console.effects.iter().filter_map(|effect| match effect {
        Effect::Store(StoreEffect::Append(drafts)) => Some(drafts),
        _ => None,
    });
    let titles: Vec<&str> = appended.flatten().map(|draft| draft.title.raw()).collect();
    assert_eq!(
        titles,
        [
            "restart checkout in shop: not followed any further: the console stopped",
            "console stopped"
        ]
    );
}
