//! Three clocks: what a cluster or Alertmanager stamped is as old as it says, whatever the local clock shows.

use proptest::prelude::*;

use chrono::TimeDelta;
use harness::console::Console;
use harness::fixtures::{ago, not_ready, outage};
use model::entry::Draft;
use model::kind::Kind;
use model::message::{Effect, Msg, StoreEffect, StoreMsg};
use update::next_wake;

/// What each pane shows when it has the screen to itself, but for the header; and the page of a pod. The timeline shows
/// the local time of what happened.
fn panes(console: &mut Console) -> String {
    let mut panes = Vec::new();
    for keys in ["1 z", "2 z", "3 z", "4 z", "2 g enter"] {
        console.type_keys(keys);
        let screen = console.screen();
        panes.extend(
            screen
                .lines()
                .skip(1)
                .filter(|line| !line.starts_with("style r1 "))
                .map(str::to_owned),
        );
        console.type_keys(if keys.ends_with('z') { "z" } else { "esc" });
    }
    panes.join("\n")
}

fn row(console: &Console, name: &str) -> String {
    let line = console.line_with(name).unwrap();
    let screen = console.screen();
    screen.lines().nth(line).unwrap().to_owned()
}

fn recorded(console: &Console) -> Vec<Draft> {
    let appended = console.effects.iter().filter_map(|effect| match effect {
        Effect::Store(StoreEffect::Append(drafts)) => Some(drafts.clone()),
        _ => None,
    });
    appended.flatten().collect()
}

#[test]
fn ages_and_sickness_go_by_the_servers_clock() {
    for skew_s in [-1_200, 1_200] {
        let pods = vec![not_ready("web-1-a", 300), not_ready("web-1-b", 30)];
        let console = Console::skewed(80, 24, pods, skew_s);
        assert!(console.shows("1 sick / 2"), "{}", console.screen());
        assert!(
            row(&console, "web-1-a").contains("not ready for 5m"),
            "{}",
            console.screen()
        );
        assert!(
            !row(&console, "web-1-b").contains("not ready for"),
            "{}",
            console.screen()
        );
    }
}

#[test]
fn a_skew_over_30_s_is_said_beside_the_clock() {
    for (skew_s, words) in [
        (1_200, "clock 20m behind 03:04Z"),
        (-900, "clock 15m ahead 03:39Z"),
        (31, "clock 31s behind 03:23Z"),
        (30, "live"),
        (-30, "live"),
    ] {
        let console = Console::skewed(80, 24, outage(), skew_s);
        assert!(
            row(&console, "staging-eu").contains(words),
            "{}",
            console.screen()
        );
        assert_eq!(
            console.shows("clock "),
            words != "live",
            "{}",
            console.screen()
        );
        assert!(console.shows("live"), "{}", console.screen());
    }
}

#[test]
fn a_clock_that_is_heard_late_judges_all_anew() {
    for skew_s in [-1_200, 1_200] {
        let mut console = Console::new(80, 24);
        console.local_clock(-skew_s);
        console.connect();
        console.list(vec![not_ready("web-1-a", 300), not_ready("web-1-b", 30)]);
        assert!(!console.shows("1 sick / 2"), "{}", console.screen());
        assert!(!console.shows("clock "), "nothing is claimed");
        console.clock("staging-eu", skew_s);
        assert!(console.shows("1 sick / 2"), "{}", console.screen());
        assert!(
            row(&console, "web-1-a").contains("not ready for 5m"),
            "{}",
            console.screen()
        );
        // And the other one when it is its time.
        console.advance(40_000);
        assert!(console.shows("2 sick / 2"), "{}", console.screen());
    }
}

#[test]
fn the_clock_of_another_context_is_kept_for_it() {
    let mut console = Console::live(80, 24, outage());
    let before = console.screen();
    console.clock("lab", 1_200);
    assert_eq!(console.screen(), before);
}

#[test]
fn entries_stand_in_local_time_with_the_offset_beside_them() {
    let begun = |skew_s: Option<i64>| {
        let mut console = match skew_s {
            Some(skew_s) => Console::skewed(80, 24, outage(), skew_s),
            None => Console::live(80, 24, outage()),
        };
        console.send(Msg::Store(StoreMsg::Opened(Box::default())));
        console.alerts(harness::fixtures::alerts());
        console.advance(6_000);
        recorded(&console)
    };
    let right = begun(None);
    assert!(right.iter().any(|draft| draft.kind == Kind::AlertFired));
    let crash = |drafts: &[Draft]| {
        let mut drafts = drafts.iter();
        drafts
            .find(|draft| draft.title.raw().contains("crash:"))
            .cloned()
            .unwrap()
    };
    assert_eq!(Some(crash(&right).occurred_at), ago(12).unwrap().utc());
    assert!(
        right.iter().all(|draft| draft.clock_offset_ms.is_none()),
        "not known"
    );
    for skew_s in [-1_200, 0, 1_200] {
        let drafts = begun(Some(skew_s));
        assert_eq!(drafts.len(), right.len());
        for (draft, right) in drafts.iter().zip(&right) {
            let server = draft.occurred_at + TimeDelta::seconds(skew_s);
            let differs_ms = (server - right.occurred_at).num_milliseconds().abs();
            assert!(differs_ms < 100, "{} {server}", draft.title.raw());
            assert_eq!(draft.title, right.title);
            assert_eq!(draft.origin, right.origin);
            assert_eq!(
                draft.clock_offset_ms,
                Some(skew_s * 1_000),
                "{}",
                draft.title.raw()
            );
        }
    }
}

/// Draws only when the console said that something changes, as the loop does, and compares with what there is to see.
#[test]
fn an_age_in_minutes_changes_when_the_servers_minute_does() {
    for skew_s in [-1_225, 0, 40, 1_225] {
        let mut console = Console::skewed(80, 24, vec![not_ready("web-1-a", 300)], skew_s);
        console.advance(10_000);
        let mut drawn = console.screen();
        for _ in 0..240 {
            let next = console.at.plus_ms(1_000);
            let mut is_due = false;
            while let Some(wake) =
                next_wake(&console.model).filter(|wake| wake.mono_ms <= next.mono_ms)
            {
                is_due = true;
                console.at = wake;
                console.send(Msg::Tick);
            }
            console.at = next;
            console.model.now = next;
            if is_due {
                drawn = console.screen();
            }
            assert_eq!(drawn, console.screen(), "skew {skew_s}");
        }
        assert!(console.shows("not ready for 9m"), "{drawn}");
    }
}

#[test]
fn the_page_of_an_entry_says_how_far_the_clocks_were_apart() {
    for (skew_s, words) in [
        (1_200, "the cluster's was 20m ahead"),
        (-1_200, "the cluster's was 20m behind"),
        (0, ""),
    ] {
        let mut console = Console::skewed(120, 40, outage(), skew_s).with_board();
        console.type_keys("5 g enter");
        assert!(console.shows(" Alert fires "), "{}", console.screen());
        assert!(console.shows(words), "{}", console.screen());
        assert_eq!(console.shows("the cluster's was"), skew_s != 0);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(12))]

    /// And a drawn age changes when the console said that it would, not between.
    #[test]
    fn the_board_is_the_same_for_any_skew(skew_s in -100_000..100_000_i64, waits in 1..12_usize) {
        let mut right = Console::skewed(120, 40, outage(), 0).with_board();
        let mut console = Console::skewed(120, 40, outage(), skew_s).with_board();
        prop_assert_eq!(panes(&mut console), panes(&mut right));
        console.type_keys("2 z");
        for _ in 0..waits {
            console.advance(0);
            let before = console.screen();
            let wake = next_wake(&console.model).unwrap();
            let wait_ms = wake.mono_ms.saturating_sub(console.at.mono_ms);
            console.at = console.at.plus_ms(wait_ms.saturating_sub(1));
            console.model.now = console.at;
            prop_assert_eq!(&console.screen(), &before, "it changed before its time");
            console.advance(1);
        }
        console.type_keys("z");
        right.advance(console.at.mono_ms - right.at.mono_ms);
        prop_assert_eq!(panes(&mut console), panes(&mut right));
    }
}
