//! The pane's states as pictures, frozen in time and size.

use model::alert::{AlertRow, AlertState, Silence};
use model::cluster::{Problem, ProblemClass};
use model::message::{AlertsMsg, Msg};
use view::theme::Theme;

use harness::console::Console;
use harness::fixtures::{alert, alerts, outage};

const SIZES: [(u16, u16); 2] = [(80, 24), (120, 40)];

/// The alerts pane with the focus, in each size.
fn pictures(name: &str, prepare: impl Fn(&mut Console)) {
    for (columns, rows) in SIZES {
        let mut console = Console::live(columns, rows, outage());
        prepare(&mut console);
        console.type_keys("1");
        insta::assert_snapshot!(format!("{name}_at_{columns}x{rows}"), console.screen());
    }
}

fn silenced() -> (Vec<AlertRow>, Vec<Silence>) {
    let mut all = alerts();
    all[0].annotations = Box::new([
        (
            "description".into(),
            "7% of requests fail.\nThe database refuses connections.".into(),
        ),
        (
            "runbook_url".into(),
            "https://runbooks.example/HighErrorRate".into(),
        ),
        ("summary".into(), "5xx above 5% on checkout".into()),
    ]);
    all[1].state = AlertState::Silenced;
    all[1].silenced_by = Box::new(["id-1".into()]);
    let mut slow = alert(
        "SlowRequests",
        "warning",
        12,
        &[("namespace", "shop"), ("service", "checkout")],
    );
    slow.state = AlertState::Inhibited;
    slow.inhibited_by = Box::new(["HighErrorRate-".into()]);
    all.push(slow);
    let silence = Silence {
        id: "id-1".into(),
        author: "kate".into(),
        comment: "rolled back, waits for the restart".into(),
        matchers: "alertname=\"KubePodCrashLooping\"".into(),
        starts_at: "2026-03-01T03:20:00Z".parse().ok(),
        ends_at: "2026-03-01T04:20:00Z".parse().ok(),
        is_active: true,
    };
    (all, vec![silence])
}

fn failed(console: &mut Console, what: &str, next: &str) {
    console.advance(75_000);
    let retry = console.at.plus_ms(10_000);
    console.send(Msg::Alerts(AlertsMsg::Failed {
        context: "staging-eu".into(),
        problem: Problem {
            class: ProblemClass::BadAnswer,
            what: what.into(),
            next: next.into(),
        },
        retry,
    }));
}

const LOGIN: &str =
    "redirects (302) to https://login.example/start, perhaps a login page; not followed";

#[test]
fn firing_silenced_and_inhibited() {
    pictures("firing_silenced_and_inhibited", |console| {
        let (all, silences) = silenced();
        console.alerts_with(all, silences);
    });
}

#[test]
fn none_after_an_answer() {
    pictures("none_after_an_answer", |console| console.alerts(Vec::new()));
}

#[test]
fn stale_after_an_error() {
    pictures("stale_after_an_error", |console| {
        console.alerts(alerts());
        failed(
            console,
            "no whole answer within 10 s",
            "asked again by itself",
        );
    });
}

#[test]
fn none_before_an_error_is_not_calm() {
    pictures("none_before_an_error_is_not_calm", |console| {
        console.alerts(Vec::new());
        failed(
            console,
            "no whole answer within 10 s",
            "asked again by itself",
        );
    });
}

#[test]
fn a_login_page_instead_of_an_answer() {
    pictures("a_login_page_instead_of_an_answer", |console| {
        console.send(Msg::Alerts(AlertsMsg::Asking {
            context: "staging-eu".into(),
            place: "https://alertmanager.example".into(),
        }));
        failed(console, LOGIN, "configure the address behind the login");
    });
}

#[test]
fn nobody_configured() {
    pictures("nobody_configured", |console| {
        console.send(Msg::Alerts(AlertsMsg::Unconfigured {
            context: "staging-eu".into(),
            problem: Problem {
                class: ProblemClass::Refused,
                what: "no Alertmanager configured".into(),
                next: "write [alertmanager] with url = \"https://alertmanager.example:9093\" into config.toml".into(),
            },
        }));
    });
}

#[test]
fn asked_for_the_first_time() {
    pictures("asked_for_the_first_time", |console| {
        console.send(Msg::Alerts(AlertsMsg::Asking {
            context: "staging-eu".into(),
            place: "monitoring/alertmanager:9093 through the API server".into(),
        }));
    });
}

#[test]
fn new_muted_and_unreadable() {
    pictures("new_muted_and_unreadable", |console| {
        let mut all = alerts();
        all[0].state = AlertState::Unprocessed;
        all[1].state = AlertState::Muted;
        all.push(alert("", "", 3, &[("namespace", "shop")]));
        console.alerts_answered(all, Vec::new(), vec!["{\"labels\":5}".into()]);
    });
}

#[test]
fn no_alert_passes_the_filter() {
    pictures("no_alert_passes_the_filter", |console| {
        console.alerts(alerts());
        console.type_keys("1 /");
        console.type_text("nothing like it");
        console.type_keys("enter");
    });
}

#[test]
fn the_watchdog_is_gone() {
    pictures("the_watchdog_is_gone", |console| {
        console.alerts(alerts());
        console.alerts(Vec::new());
        console.advance(5_000);
    });
}

#[test]
fn an_old_alert_whole_and_one_that_is_gone() {
    for (columns, rows) in SIZES {
        let mut console = Console::live(columns, rows, outage());
        console.alerts(alerts());
        console.type_keys("1 g enter");
        failed(
            &mut console,
            LOGIN,
            "configure the address behind the login",
        );
        insta::assert_snapshot!(
            format!("an_old_alert_whole_at_{columns}x{rows}"),
            console.screen()
        );
        console.alerts(Vec::new());
        insta::assert_snapshot!(
            format!("an_alert_that_is_gone_at_{columns}x{rows}"),
            console.screen()
        );
    }
}

#[test]
fn the_pane_alone_has_room_for_the_summary() {
    for (columns, rows) in SIZES {
        let mut console = Console::live(columns, rows, outage());
        let (all, silences) = silenced();
        console.alerts_with(all, silences);
        console.type_keys("1 z");
        insta::assert_snapshot!(format!("zoomed_at_{columns}x{rows}"), console.screen());
    }
}

#[test]
fn an_alert_whole() {
    for (columns, rows) in SIZES {
        let mut console = Console::live(columns, rows, outage());
        let (all, silences) = silenced();
        console.alerts_with(all, silences);
        console.type_keys("1 g enter");
        insta::assert_snapshot!(
            format!("an_alert_whole_at_{columns}x{rows}"),
            console.screen()
        );
        console.type_keys("esc j enter");
        console.type_keys("esc j enter");
        insta::assert_snapshot!(
            format!("a_silenced_alert_whole_at_{columns}x{rows}"),
            console.screen()
        );
    }
}

#[test]
fn alerts_without_colour_in_ascii() {
    let plain = Theme {
        has_colour: false,
        is_ascii: true,
        ..Theme::default()
    };
    for (columns, rows) in SIZES {
        let mut console = Console::live(columns, rows, outage());
        console.theme = plain;
        let (all, silences) = silenced();
        console.alerts_with(all, silences);
        console.type_keys("1");
        let screen = console.screen();
        assert!(screen.replace('…', "").is_ascii(), "{screen}");
        insta::assert_snapshot!(format!("plain_at_{columns}x{rows}"), screen);
    }
}

#[test]
fn a_filter_of_alerts_says_what_it_hides() {
    let mut console = Console::live(120, 40, outage());
    console.alerts(alerts());
    console.type_keys("1 /");
    console.type_text("crash");
    assert!(
        console.shows("1 firing here, 1 elsewhere")
            && console.shows("2 hidden")
            && console.shows("/crash"),
        "{}",
        console.screen()
    );
    console.type_keys("enter esc");
    assert!(console.shows("2 firing"));
}
