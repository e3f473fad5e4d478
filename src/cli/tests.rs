//! What people type, and what is understood.
#![allow(clippy::unwrap_used, clippy::expect_used)]

use std::time::Duration;

use chrono::{DateTime, FixedOffset, Utc};
use clap::CommandFactory;

use super::*;

fn read(line: &str) -> Cli {
    Cli::read(line.split_whitespace()).unwrap()
}

fn refused(line: &str) -> String {
    Cli::read(line.split_whitespace())
        .expect_err(line)
        .to_string()
}

fn utc(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

#[test]
fn the_definition_holds_together() {
    Cli::command().debug_assert();
}

#[test]
fn kubectls_flags_mean_what_they_mean_there() {
    let cli = read(
        "watchfloor --kubeconfig k --context c -n shop --as jane --request-timeout 1m30s --read-only",
    );
    assert_eq!(cli.access.kubeconfig, Some("k".into()));
    assert_eq!(cli.access.context.as_deref(), Some("c"));
    assert_eq!(cli.console.namespace.as_deref(), Some("shop"));
    assert_eq!(cli.access.act_as.as_deref(), Some("jane"));
    assert_eq!(
        cli.access.request_timeout,
        Some(Timeout(Some(Duration::from_secs(90))))
    );
    assert!(cli.console.read_only);
    assert!(read("watchfloor -A").console.all_namespaces);
}

#[test]
fn options_before_a_command_count_for_it() {
    let Some(Command::Doctor(doctor)) =
        read("watchfloor --context a -n shop --ascii doctor --context b").command
    else {
        panic!("not the doctor");
    };
    assert_eq!(doctor.access.context.as_deref(), Some("b"));
    assert_eq!(doctor.console.namespace.as_deref(), Some("shop"));
    assert!(read("watchfloor demo --ascii").general.ascii);
    let Some(Command::Demo(demo)) = read("watchfloor --read-only demo --pods 7").command else {
        panic!("not the demo");
    };
    assert!(demo.console.read_only);
    assert_eq!(demo.world.pods, 7);
    let Some(Command::Demo(demo)) = read("watchfloor --record f demo").command else {
        panic!("not the demo");
    };
    assert_eq!(demo.recording.record, Some("f".into()));
}

#[test]
fn an_option_that_would_be_ignored_is_refused() {
    assert!(refused("watchfloor --context prod demo").contains("--context means nothing"));
    assert!(refused("watchfloor -n shop verify").contains("--namespace means nothing"));
    assert!(refused("watchfloor -n shop -A").contains("cannot be used with"));
    assert!(refused("watchfloor export --incident x --since 1h").contains("cannot be used with"));
    assert!(refused("watchfloor --record f doctor").contains("--record means nothing"));
    assert!(refused("watchfloor --record f replay g").contains("--record means nothing"));
    assert!(refused("watchfloor --contxt a").contains("--context"));
}

#[test]
fn the_emulated_cluster_is_served_with_its_own_kubeconfig() {
    let line =
        "watchfloor demo serve --port 0 --kubeconfig f --pods 10 --churn 5/s --log-rate 2 --seed 9";
    let Some(Command::Demo(Demo {
        command: Some(DemoCommand::Serve(serve)),
        ..
    })) = read(line).command
    else {
        panic!("not serve");
    };
    assert_eq!(serve.kubeconfig, PathBuf::from("f"));
    assert_eq!(
        serve.world,
        World {
            seed: 9,
            pods: 10,
            churn: Rate { per_second: 5.0 },
            log_rate: Rate { per_second: 2.0 }
        }
    );
}

#[test]
fn a_note_needs_no_quotes() {
    let Some(Command::Note(note)) = read("watchfloor note --severity P1 paged the team").command
    else {
        panic!("not a note");
    };
    assert_eq!(note.text.join(" "), "paged the team");
    assert_eq!(note.severity.as_deref(), Some("P1"));
}

#[test]
fn a_moment_is_understood_in_the_displayed_zone() {
    let now = utc("2026-03-01T03:24:00Z");
    let east = FixedOffset::east_opt(2 * 3600).unwrap();
    for (typed, meant) in [
        ("90m", "2026-03-01T01:54:00Z"),
        ("1h30m", "2026-03-01T01:54:00Z"),
        ("2d", "2026-02-27T03:24:00Z"),
        ("05:00", "2026-03-01T03:00:00Z"),
        ("06:00", "2026-02-28T04:00:00Z"),
        ("2026-02-28", "2026-02-27T22:00:00Z"),
        ("2026-02-28T02:50", "2026-02-28T00:50:00Z"),
        ("2026-02-28T02:50Z", "2026-02-28T02:50:00Z"),
        ("2026-02-28T02:50+01:00", "2026-02-28T01:50:00Z"),
        ("2026-02-28T02:50:10.5Z", "2026-02-28T02:50:10.500Z"),
    ] {
        let moment: Moment = typed.parse().unwrap();
        assert_eq!(moment.resolve(now, east), Some(utc(meant)), "{typed}");
    }
}

#[test]
fn a_value_that_is_none_says_how_to_write_one() {
    for typed in ["", "90", "soon", "25:00", "2026-13-01", "1h-", "9999999d"] {
        let said = typed.parse::<Moment>().expect_err(typed);
        assert!(said.contains("ago"), "{typed}: {said}");
    }
    for typed in ["", "x/s", "-1/s", "5/h", "inf", "NaN", "1e9"] {
        assert!(typed.parse::<Rate>().is_err(), "{typed}");
    }
    for typed in ["", "10", "0", "0s"] {
        assert_eq!(
            typed.parse::<Timeout>().is_ok(),
            !typed.is_empty(),
            "{typed}"
        );
    }
    assert_eq!("0".parse(), Ok(Timeout(None)));
    assert!("10x".parse::<Timeout>().is_err());
    assert!("3000h".parse::<Timeout>().is_err());
}

#[test]
fn runbooks_are_listed_shown_and_checked_without_a_cluster() {
    let line =
        "watchfloor runbook list f --alert A --label a=b --label c=d=e --runbook-url https://u";
    let Some(Command::Runbook(RunbookArguments {
        command: RunbookCommand::List(list),
    })) = read(line).command
    else {
        panic!("not the list");
    };
    assert_eq!(list.folder, Some("f".into()));
    assert_eq!(
        list.label,
        [("a".into(), "b".into()), ("c".into(), "d=e".into())]
    );
    assert!(refused("watchfloor runbook list --label x").contains("NAME=VALUE"));
    assert!(refused("watchfloor runbook list --label =x").contains("NAME=VALUE"));
    assert!(refused("watchfloor -n shop runbook lint f").contains("--namespace means nothing"));
    let Some(Command::Runbook(RunbookArguments {
        command: RunbookCommand::Lint(lint),
    })) = read("watchfloor runbook lint --json a b").command
    else {
        panic!("not the check");
    };
    assert!(lint.json && lint.places.len() == 2);
}
