//! Screens as pictures: keys and messages in, golden text and runs of styles out. Frozen in time and size.

mod board;
mod footer;
mod themes;
mod yaml;

use harness::console::Console;
use harness::fixtures::{alerts, crashing, outage, pod};
use model::cluster::{Connection, Health, Kind, Problem, ProblemClass, Scope};
use model::message::{ClusterMsg, Effect, Input, Msg, Watch, WatchChange};
use model::screen::Overlay;
use model::settings::Settings;
use view::theme::Theme;

fn unreachable() -> Problem {
    Problem {
        class: ProblemClass::Unreachable,
        what: "watch pods in shop: 10.0.0.1:6443 refuses the connection".into(),
        next: "r tries now".into(),
    }
}

#[test]
fn the_outage_at_80x24() {
    let mut console = Console::live(80, 24, outage());
    console.alerts(alerts());
    insta::assert_snapshot!(console.screen());
}

#[test]
fn the_outage_at_120x40() {
    let mut console = Console::live(120, 40, outage());
    console.alerts(alerts());
    insta::assert_snapshot!(console.screen());
}

#[test]
fn the_outage_without_colour_in_ascii() {
    let mut console = Console::live(80, 24, outage());
    console.alerts(alerts());
    console.theme = Theme {
        has_colour: false,
        is_ascii: true,
        ..Theme::default()
    };
    console.type_keys("g j");
    let screen = console.screen();
    // The sign of a cut is translated where bytes are made.
    assert!(screen.replace('…', "").is_ascii(), "{screen}");
    insta::assert_snapshot!(screen);
}

#[test]
fn a_stale_table_keeps_its_rows_and_says_so() {
    let mut console = Console::live(80, 24, outage());
    let heard = Some(console.at);
    console.advance(75_000);
    let retry = Some(console.at.plus_ms(3_000));
    console.pods(WatchChange::Health(Health::Stale {
        heard,
        problem: unreachable(),
        retry,
    }));
    insta::assert_snapshot!(console.screen());
}

#[test]
fn no_pods_is_said_only_after_a_complete_answer() {
    let mut console = Console::new(80, 24);
    assert!(!console.shows("no pods"));
    console.pods(WatchChange::Health(Health::Stale {
        heard: None,
        problem: unreachable(),
        retry: None,
    }));
    assert!(!console.shows("no pods") && console.shows("not known"));
    console.list(Vec::new());
    assert!(console.shows("there are no pods here"));
}

#[test]
fn a_filter_says_what_it_hides() {
    let mut console = Console::live(80, 24, outage());
    console.type_keys("/");
    console.type_text("check !oom");
    assert!(
        console.shows("2 sick / 2 here, 2 sick / 5 hidden"),
        "{}",
        console.screen()
    );
    console.type_keys("enter");
    insta::assert_snapshot!(console.screen());
    console.type_keys("esc");
    assert!(console.shows("4 sick / 7"));
}

#[test]
fn help_lists_every_key() {
    let mut console = Console::live(80, 24, outage());
    console.type_keys("?");
    insta::assert_snapshot!(console.screen());
}

#[test]
fn a_chord_shows_what_may_follow() {
    let mut console = Console::live(80, 24, outage());
    console.type_keys("x");
    assert!(
        console.shows("act: ") && console.shows("s scale"),
        "{}",
        console.screen()
    );
    console.type_keys("esc");
    assert!(!console.shows("act: "));
}

#[test]
fn the_cursor_stays_on_its_object_and_its_line() {
    let mut console = Console::live(80, 24, outage());
    console.type_keys("g j j");
    let name = console.model.screen.pods.cursor.clone().unwrap().uid;
    let line = console.line_with(&name).unwrap();
    console.advance(5_000);
    // Two new pods sort above it.
    console.upsert(vec![
        crashing("aaa-1-x", 1, "Error"),
        crashing("aab-1-x", 1, "Error"),
    ]);
    console.advance(5_000);
    assert_eq!(console.model.screen.pods.cursor.clone().unwrap().uid, name);
    // The list is shorter than the screen, so the top cannot move: the object is what counts.
    assert!(console.line_with(&name).unwrap() >= line);
}

#[test]
fn the_selected_line_keeps_its_place_in_a_long_list() {
    let pods = (0..200).map(|n| pod(&format!("web-1-{n:03}"))).collect();
    let mut console = Console::live(80, 24, pods);
    console.type_keys("page-down page-down j j");
    let name = console.model.screen.pods.cursor.clone().unwrap().uid;
    let line = console.line_with(&name);
    console.advance(5_000);
    console.upsert(
        (0..7)
            .map(|n| crashing(&format!("aaa-1-{n}"), 1, "Error"))
            .collect(),
    );
    console.advance(5_000);
    assert_eq!(console.line_with(&name), line, "{}", console.screen());
}

#[test]
fn the_order_holds_still_for_a_second_after_a_key() {
    let mut console = Console::live(80, 24, outage());
    console.type_keys("g");
    console.upsert(vec![crashing("aaa-1-x", 1, "Error")]);
    console.gone("cart-55c9-lk2");
    assert!(
        !console.shows("aaa-1-x") && console.shows("gone"),
        "{}",
        console.screen()
    );
    console.advance(1_100);
    assert!(
        console.shows("aaa-1-x") && !console.shows("cart-55c9-lk2"),
        "{}",
        console.screen()
    );
}

#[test]
fn an_action_never_falls_on_the_neighbour_of_a_vanished_pod() {
    let mut console = Console::live(80, 24, outage());
    console.type_keys("g j j");
    let name = console.model.screen.pods.cursor.clone().unwrap().uid;
    console.advance(2_000);
    console.gone(&name);
    console.advance(2_000);
    console.type_keys("y");
    assert!(
        !console
            .effects
            .iter()
            .any(|effect| matches!(effect, Effect::Copy(_)))
    );
    assert!(console.shows("press again"), "{}", console.screen());
}

#[test]
fn what_the_rights_hide_is_said_in_the_edge_of_the_pane() {
    let mut console = Console::with(80, 24, Settings::default(), Scope::All);
    console.connect();
    let words = "showing shop: listing pods in all namespaces is forbidden to shop-only".into();
    console.send(Msg::Cluster(ClusterMsg::Narrowed {
        epoch: 0,
        scope: Scope::Namespace("shop".into()),
        words,
    }));
    console.list(outage());
    insta::assert_snapshot!(console.screen());
}

#[test]
fn a_refusal_is_told_with_all_its_words() {
    let mut console = Console::new(80, 24);
    let what = "list pods in all namespaces: forbidden (403): pods is forbidden: User \"nobody\" cannot list resource \"pods\" at the cluster scope";
    let problem = Problem {
        class: ProblemClass::Forbidden,
        what: what.into(),
        next: "w chooses another namespace".into(),
    };
    console.pods(WatchChange::Health(Health::Stopped { problem }));
    insta::assert_snapshot!(console.screen());
}

#[test]
fn another_context_opens_on_its_own_namespace() {
    let mut console = Console::live(80, 24, outage());
    console.type_keys("c down enter");
    assert!(!console.shows("checkout"), "{}", console.screen());
    console.connect();
    assert!(
        console
            .wants()
            .iter()
            .any(|want| want.what == Watch::Table(Kind::Pod, Scope::Namespace("shop".into())))
    );
}

/// Whom one talks to is said once for each context.
#[test]
fn a_context_that_is_gone_back_to_is_where_it_was_left_and_can_be_written_to() {
    let connected = |console: &mut Console, context: &str| {
        console.send(Msg::Cluster(ClusterMsg::Connected(Connection {
            context: context.into(),
            user: Some(format!("user-of-{context}").into()),
            namespace: Some("own".into()),
            ..harness::console::connection()
        })));
    };
    let scope = |console: &Console| console.model.cluster.scope.clone();
    let own = Scope::Namespace("own".into());
    let mut console = Console::live(120, 40, outage());
    let first = scope(&console);
    for round in 0..2 {
        console.type_keys(":");
        console.type_text("ctx lab");
        console.type_keys("enter");
        if round == 0 {
            assert!(console.model.write_ban(None).is_some(), "not known yet");
            connected(&mut console, "lab");
        }
        assert_eq!(scope(&console), own, "round {round}");
        assert_eq!(console.model.write_ban(None), None, "round {round}");
        assert!(console.shows("user-of-lab"), "{}", console.screen());
        console.type_keys(":");
        console.type_text("ctx staging-eu");
        console.type_keys("enter");
        assert_eq!(scope(&console), first, "round {round}");
        assert_eq!(console.model.write_ban(None), None, "round {round}");
        assert!(console.shows("kate"), "{}", console.screen());
    }
    console.type_keys(":");
    console.type_text("ctx staging-eu");
    console.type_keys("enter");
    assert_eq!(scope(&console), Scope::Namespace("shop".into()), "its own");
}

#[test]
fn times_are_shown_in_the_displayed_zone() {
    let zone = chrono::FixedOffset::east_opt(2 * 3600).unwrap();
    let settings = Settings {
        zone,
        ..Settings::default()
    };
    let console = Console::with(80, 24, settings, Scope::All);
    assert!(console.shows("05:24+02:00"), "{}", console.screen());
}

#[test]
fn escape_and_a_key_that_a_slow_link_brings_together_are_two_keys() {
    let mut console = Console::live(80, 24, outage());
    console.type_keys("g enter");
    assert!(!console.model.screen.overlays.is_empty());
    console.type_keys("alt-m");
    let overlays = console.model.screen.overlays.as_slice();
    assert!(
        matches!(overlays, [Overlay::Note(_)]),
        "{}",
        console.screen()
    );
}

#[test]
fn a_pod_is_looked_at_whole() {
    let mut console = Console::live(80, 24, outage());
    console.type_keys("g enter");
    let object = console
        .model
        .cluster
        .detail
        .as_ref()
        .unwrap()
        .object
        .clone();
    assert!(
        console
            .wants()
            .iter()
            .any(|want| want.what == Watch::Detail(object.clone()))
    );
    console.look(crashing("checkout-7d9f-q8w", 137, "OOMKilled"));
    insta::assert_snapshot!(console.screen());
    console.type_keys("page-down");
    assert!(
        console.shows("BackOff x12: Back-off restarting failed container"),
        "{}",
        console.screen()
    );
    console.type_keys("esc");
    assert!(
        !console
            .wants()
            .iter()
            .any(|want| matches!(want.what, Watch::Detail(_)))
    );
}

#[test]
fn every_size_is_drawn_without_a_panic() {
    for (columns, rows) in [
        (1, 1),
        (2, 2),
        (5, 3),
        (20, 5),
        (79, 13),
        (80, 14),
        (200, 60),
        (500, 200),
        (0, 0),
    ] {
        let mut console = Console::live(columns, rows, outage());
        for keys in [
            "j", "z", "?", "esc", "w", "esc", "/", "a", "esc", "enter", "esc", "tab",
        ] {
            console.type_keys(keys);
            console.buffer();
        }
        console.send(Msg::Input(Input::Resize {
            columns: rows,
            rows: columns,
        }));
        console.buffer();
    }
}

#[test]
fn quiet_wakes_only_at_the_minute() {
    let mut console = Console::live(80, 24, vec![pod("web-1-a")]);
    console.advance(60_000);
    let wake = update::next_wake(&console.model).unwrap();
    assert_eq!(wake.wall.timestamp() % 60, 0, "{wake:?}");
    assert!(wake.mono_ms > console.at.mono_ms);
}
