//! Minutes in which a source is silent: told as what they are, and nothing is concluded from them.

use harness::console::Console;
use harness::fixtures::{ago, alerts, crashing, not_ready, outage, pod};
use harness::writing::checkout;
use model::cluster::{Health, Problem, ProblemClass, Scope};
use model::entry::{Draft, EntryTarget};
use model::journal::Opening;
use model::kind::Kind;
use model::message::{AlertsMsg, ClusterMsg, Effect, Msg, StoreEffect, StoreMsg, WatchChange};

fn problem(what: &str) -> Problem {
    Problem {
        class: ProblemClass::Unreachable,
        what: what.into(),
        next: "r tries now".into(),
    }
}

fn falls_silent(console: &mut Console) {
    let heard = Some(console.at);
    console.advance(75_000);
    let retry = Some(console.at.plus_ms(3_000));
    let problem = problem("10.0.0.1:6443 does not answer");
    console.pods(WatchChange::Health(Health::Stale {
        heard,
        problem,
        retry,
    }));
}

fn speaks_again(console: &mut Console) {
    let heard = console.at;
    console.pods(WatchChange::Health(Health::Live { heard }));
}

fn alertmanager_fails(console: &mut Console) {
    console.send(Msg::Alerts(AlertsMsg::Failed {
        context: "staging-eu".into(),
        problem: problem("no whole answer within 10 s"),
        retry: console.at.plus_ms(3_000),
    }));
}

fn appended(console: &Console) -> Vec<Draft> {
    let appended = console.effects.iter().filter_map(|effect| match effect {
        Effect::Store(StoreEffect::Append(drafts)) => Some(drafts),
        _ => None,
    });
    appended.flatten().cloned().collect()
}

fn silences(console: &Console) -> Vec<Draft> {
    let drafts = appended(console).into_iter();
    drafts
        .filter(|draft| draft.title.contains("nothing known"))
        .collect()
}

fn titles(drafts: &[Draft]) -> Vec<&str> {
    drafts.iter().map(|draft| draft.title.raw()).collect()
}

/// A watch that goes on where it broke off is live before what it has missed arrives.
#[test]
fn what_was_well_before_a_silence_must_stay_so_after_it() {
    let told = |console: &Console| {
        let drafts = appended(console);
        let titles = titles(&drafts).into_iter();
        titles.filter(|title| title.contains("no longer")).count()
    };
    let mut console = Console::writing(checkout(3));
    console.upsert(vec![crashing("checkout-7d9f-a", 1, "Error")]);
    console.advance(60_000);
    console.upsert(vec![pod("checkout-7d9f-a")]);
    console.pods(WatchChange::Health(Health::Stale {
        heard: Some(console.at),
        problem: problem("the answer broke off"),
        retry: None,
    }));
    console.advance(60_000);
    speaks_again(&mut console);
    console.advance(29_000);
    assert_eq!(told(&console), 0, "{:?}", titles(&appended(&console)));
    console.advance(2_000);
    assert_eq!(told(&console), 1);
}

#[test]
fn a_silent_api_server_is_one_entry_with_its_span_when_it_speaks_again() {
    let mut console = Console::live(80, 24, outage());
    console.advance(60_000);
    let heard = console.at;
    falls_silent(&mut console);
    console.advance(30_000);
    assert!(silences(&console).is_empty(), "it is not over");
    speaks_again(&mut console);
    speaks_again(&mut console);
    let told = silences(&console);
    assert_eq!(
        titles(&told),
        ["nothing known 03:25:10 - 03:26:55: API server silent (10.0.0.1:6443 does not answer)"]
    );
    assert_eq!(
        (told[0].kind, told[0].occurred_at, told[0].ended_at),
        (
            Kind::Event,
            heard.wall,
            Some(console.at.wall - chrono::TimeDelta::milliseconds(1))
        )
    );
}

#[test]
fn a_silent_alertmanager_is_one_entry_and_ends_no_alert() {
    let mut console = Console::live(80, 24, Vec::new());
    console.send(Msg::Store(StoreMsg::Opened(Box::default())));
    console.alerts(alerts());
    console.advance(30_000);
    alertmanager_fails(&mut console);
    console.advance(600_000);
    alertmanager_fails(&mut console);
    let is_over = |draft: &Draft| draft.kind == Kind::AlertResolved;
    assert!(!appended(&console).iter().any(is_over));
    console.alerts(alerts());
    assert_eq!(
        titles(&silences(&console)),
        [
            "nothing known of alerts 03:24:10 - 03:34:40: Alertmanager silent (no whole answer within 10 s)"
        ]
    );
    assert!(!appended(&console).iter().any(is_over));
}

#[test]
fn what_never_spoke_was_not_known_before_either() {
    let mut console = Console::new(80, 24);
    console.connect();
    alertmanager_fails(&mut console);
    console.pods(WatchChange::Health(Health::Stale {
        heard: None,
        problem: problem("10.0.0.1:6443 refuses the connection"),
        retry: None,
    }));
    console.advance(60_000);
    console.list(Vec::new());
    console.alerts(Vec::new());
    assert!(silences(&console).is_empty());
}

#[test]
fn silence_that_nobody_waits_for_any_more_is_told_by_then() {
    let mut console = Console::live(80, 24, outage());
    console.send(Msg::Store(StoreMsg::Opened(Box::default())));
    console.alerts(alerts());
    falls_silent(&mut console);
    alertmanager_fails(&mut console);
    console.type_keys("q");
    assert_eq!(
        titles(&silences(&console)),
        [
            "nothing known 03:24:10 - 03:25:25, when the console stopped: API server silent (10.0.0.1:6443 does not answer)",
            "nothing known of alerts 03:24:10 - 03:25:25, when the console stopped: Alertmanager silent (no whole answer within 10 s)",
        ]
    );
    let mut console = Console::live(80, 24, outage());
    falls_silent(&mut console);
    let epoch = console.model.cluster.epoch;
    console.send(Msg::Cluster(ClusterMsg::Narrowed {
        epoch,
        scope: Scope::Namespace("cart".into()),
        words: "only cart may be read".into(),
    }));
    assert_eq!(
        titles(&silences(&console)),
        [
            "nothing known 03:24:10 - 03:25:25, and another scope is watched since: API server silent (10.0.0.1:6443 does not answer)"
        ]
    );
}

/// A container that crashed is news for ten minutes; after that the pod counts as well.
#[test]
fn nothing_turns_well_or_sick_while_the_server_is_silent() {
    let mut restarted = pod("checkout-7d9f-x2k");
    restarted.containers[0].restarts = 1;
    restarted.containers[0].last = crashing("checkout-7d9f-x2k", 1, "Error").containers[0]
        .last
        .clone();
    // Not ready since half a minute: sick in another half.
    let mut console = Console::live(80, 24, vec![restarted, not_ready("search-77aa-zzz", 30)]);
    falls_silent(&mut console);
    console.effects.clear();
    console.advance(900_000);
    assert_eq!(titles(&appended(&console)), [""; 0]);
    speaks_again(&mut console);
    console.advance(60_000);
    let told = appended(&console);
    assert!(
        titles(&told)
            .iter()
            .any(|title| title.starts_with("checkout: no longer crashing")),
        "{:?}",
        titles(&told)
    );
}

#[test]
fn a_write_has_to_hold_for_three_minutes_that_were_seen() {
    let mut console = Console::writing(checkout(3));
    console.type_keys("x s 5 enter");
    let write = console.say_yes();
    console.applied(write, 20);
    let mut row = checkout(5);
    row.meta.version = std::num::NonZeroU64::new(21);
    console.deployments(vec![row]);
    falls_silent(&mut console);
    console.titles();
    console.advance(300_000);
    speaks_again(&mut console);
    console.advance(170_000);
    assert_eq!(console.titles(), [""; 0]);
    console.advance(10_000);
    assert_eq!(
        console.titles(),
        [
            "action.verdict: scale checkout 3 -> 5 in shop: stable: 5 of 5 available for 3 min; alerts not known"
        ]
    );
}

/// What another console watches now, and what a console started in `shop` says of the time before.
fn started(watched: Vec<EntryTarget>, is_end_unknown: bool) -> String {
    let mut console = Console::live(80, 24, Vec::new());
    console.send(Msg::Store(StoreMsg::Opened(Box::new(Opening {
        last_recorded: Some("2026-03-01T03:12:00Z".parse().unwrap()),
        is_end_unknown,
        watched,
        ..Opening::default()
    }))));
    let start = appended(&console);
    let start = start.iter().find(|draft| draft.kind == Kind::ConsoleStart);
    start.unwrap().title.raw().to_owned()
}

#[test]
fn what_another_console_watched_is_no_gap() {
    let of = |context: &str, namespace: Option<&str>| EntryTarget {
        context: Some(context.into()),
        namespace: namespace.map(Into::into),
        ..EntryTarget::default()
    };
    for watched in [of("staging-eu", None), of("staging-eu", Some("shop"))] {
        assert_eq!(
            started(vec![watched], true),
            "console started on staging-eu"
        );
    }
    for watched in [of("lab", None), of("staging-eu", Some("cart"))] {
        assert_eq!(
            started(vec![watched], false),
            "console started on staging-eu; nothing observed 03:12:00 - 03:24:10"
        );
    }
    assert_eq!(
        started(Vec::new(), true),
        "console started on staging-eu; nothing recorded 03:12:00 - 03:24:10: the console before did not say when it stopped"
    );
}

#[test]
fn spans_count_from_when_the_pod_was_sick_not_from_when_it_was_watched() {
    let mut console = Console::live(80, 24, vec![not_ready("search-77aa-zzz", 200)]);
    console.advance(60_000);
    console.effects.clear();
    let mut well = pod("search-77aa-zzz");
    well.ready.as_mut().unwrap().since = ago(-60);
    console.upsert(vec![well]);
    console.advance(31_000);
    assert_eq!(
        titles(&appended(&console)),
        ["search: no longer unready, 1 pod over 4 min 20 s"]
    );
}

#[test]
fn two_consoles_call_one_fact_the_same() {
    let seen = |late_ms: u64| {
        let mut console = Console::live(80, 24, vec![pod("search-77aa-zzz")]);
        console.advance(120_000 + late_ms);
        let mut sick = not_ready("search-77aa-zzz", -10);
        sick.version = std::num::NonZeroU64::new(2);
        console.upsert(vec![sick]);
        console.advance(30_000);
        let mut well = pod("search-77aa-zzz");
        well.version = std::num::NonZeroU64::new(3);
        well.ready.as_mut().unwrap().since = ago(-150);
        console.upsert(vec![well]);
        console.advance(31_000);
        let drafts = appended(&console);
        assert_eq!(drafts.len(), 2, "{:?}", titles(&drafts));
        let origins = drafts.into_iter().map(|draft| draft.origin.unwrap());
        origins.collect::<Vec<_>>()
    };
    assert_eq!(seen(0), seen(700));
}

#[test]
fn a_sick_workload_is_given_to_the_disk_within_two_seconds() {
    let mut console = Console::live(80, 24, Vec::new());
    console.upsert(vec![crashing("checkout-7d9f-x2k", 1, "Error")]);
    console.advance(1_700);
    assert_eq!(
        titles(&appended(&console)),
        ["checkout: 1 pod crashing: CrashLoopBackOff, exit 1"]
    );
}
