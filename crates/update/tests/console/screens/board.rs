//! The whole board in its sizes and states, as pictures frozen in time.

use model::cluster::{Health, Problem, ProblemClass, Scope};
use model::message::{AlertsMsg, Input, Msg, StoreMsg, TableChange, WatchChange};
use model::screen::Pane;
use model::settings::Settings;
use view::theme::Theme;

use harness::console::Console;
use harness::fixtures::{alert, outage, pod};
use harness::rollouts;
use harness::serving::{node, service, slice};
use harness::writing::checkout;

#[test]
fn a_calm_board() {
    for (columns, rows) in [(80, 24), (120, 40), (160, 50), (200, 60)] {
        let names = [
            "cart-55c9-lk2",
            "checkout-7d9f-q8w",
            "frontend-5c7f-bbbbb",
            "payment-6b8d-aaaaa",
        ];
        let mut console = Console::live(columns, rows, names.map(pod).to_vec());
        console.send(Msg::Store(StoreMsg::Opened(Box::default())));
        console.save_all();
        console.deployments(vec![checkout(2)]);
        console.no_other_workloads();
        console.services(vec![service("checkout")]);
        console.endpoints(vec![slice("checkout", &[("checkout-7d9f-q8w", true)])]);
        console.nodes(vec![node("node-1", true, &[]), node("node-2", true, &[])]);
        console.alerts(vec![alert("Watchdog", "none", 9_000, &[])]);
        console.advance(1_500);
        console.save_all();
        insta::assert_snapshot!(format!("calm_at_{columns}x{rows}"), console.screen());
    }
}

#[test]
fn the_board() {
    for (columns, rows) in [(80, 24), (80, 50), (120, 40), (160, 50), (200, 60)] {
        let console = Console::board(columns, rows);
        insta::assert_snapshot!(format!("the_board_at_{columns}x{rows}"), console.screen());
    }
}

#[test]
fn each_pane_alone() {
    for (key, name) in [
        ("1", "alerts"),
        ("2", "pods"),
        ("3", "logs"),
        ("4", "rollouts"),
        ("5", "timeline"),
    ] {
        let mut console = Console::board(80, 24);
        console.type_keys(key);
        console.type_keys("z");
        console.advance(1_500);
        console.print();
        insta::assert_snapshot!(format!("only_the_{name}_at_80x24"), console.screen());
    }
}

#[test]
fn the_board_without_colour_in_ascii() {
    let mut console = Console::board(120, 40);
    console.theme = Theme {
        has_colour: false,
        is_ascii: true,
        ..Theme::default()
    };
    let screen = console.screen();
    assert!(screen.replace('…', "").is_ascii(), "{screen}");
    insta::assert_snapshot!(screen);
}

#[test]
fn the_board_narrowed_to_an_alert_says_what_it_hides() {
    for (columns, rows) in [(80, 24), (120, 40)] {
        let mut console = Console::board(columns, rows);
        console.type_keys("1 g l");
        console.advance(10_000);
        insta::assert_snapshot!(format!("narrowed_at_{columns}x{rows}"), console.screen());
    }
}

#[test]
fn a_board_of_which_nothing_is_fresh() {
    for (columns, rows) in [(80, 24), (120, 40)] {
        let mut console = Console::board(columns, rows);
        let heard = Some(console.at);
        console.advance(75_000);
        let retry = Some(console.at.plus_ms(3_000));
        let problem = |what: &str| Problem {
            class: ProblemClass::Unreachable,
            what: what.into(),
            next: "r tries now".into(),
        };
        console.pods(WatchChange::Health(Health::Stale {
            heard,
            problem: problem("watch pods in shop: 10.0.0.1:6443 does not answer"),
            retry,
        }));
        console.send(Msg::Alerts(AlertsMsg::Failed {
            context: "staging-eu".into(),
            problem: problem("no whole answer within 10 s"),
            retry: console.at.plus_ms(10_000),
        }));
        insta::assert_snapshot!(format!("stale_at_{columns}x{rows}"), console.screen());
    }
}

#[test]
fn what_does_not_serve_stands_above_the_pods() {
    let mut console = Console::live(80, 24, outage());
    console.services(vec![service("checkout"), service("cart")]);
    console.endpoints(vec![
        slice("checkout", &[("checkout-7d9f-x2k", false)]),
        slice("cart", &[]),
    ]);
    console.nodes(vec![
        node("node-1", false, &[]),
        node("node-2", true, &["MemoryPressure"]),
    ]);
    insta::assert_snapshot!("not_serving_at_80x24", console.screen());
    console.send(Msg::Input(Input::Resize {
        columns: 120,
        rows: 40,
    }));
    insta::assert_snapshot!("not_serving_at_120x40", console.screen());
}

#[test]
fn forbidden_nodes_and_services_are_told_in_the_edge_of_the_pods() {
    let mut console = Console::board(120, 40);
    let forbidden = |what: &str| Health::Stopped {
        problem: Problem {
            class: ProblemClass::Forbidden,
            what: format!("{what}: forbidden (403)").into(),
            next: "ask for the right".into(),
        },
    };
    console.table(TableChange::Nodes(WatchChange::Health(forbidden(
        "list nodes",
    ))));
    console.table(TableChange::Services(WatchChange::Health(forbidden(
        "list services in shop",
    ))));
    insta::assert_snapshot!(console.screen());
}

#[test]
fn every_row_of_the_help_is_on_one_of_its_pages() {
    let mut console = Console::board(80, 24);
    console.type_keys("?");
    let mut pages = vec![console.screen()];
    loop {
        console.type_keys("page-down");
        let page = console.screen();
        if pages.last() == Some(&page) {
            break;
        }
        pages.push(page);
    }
    insta::assert_snapshot!(pages.join("\n"));
}

#[test]
fn the_clock_of_an_incident_and_the_banners_are_never_cut() {
    let title = "P1 checkout answers 5xx to every second request from Europe since the deploy of 03:10, and payment times out";
    for columns in [60, 80, 120, 200] {
        for is_read_only in [false, true] {
            let settings = Settings {
                is_read_only,
                is_demo: true,
                ..Settings::default()
            };
            let mut console = Console::with(columns, 24, settings, Scope::All);
            console.model.cluster.context =
                "arn:aws:eks:eu-west-1:123456789012:cluster/staging-eu".into();
            console.list(outage());
            console.send(Msg::Store(StoreMsg::Opened(Box::default())));
            console.type_keys("i");
            console.type_text(title);
            console.type_keys("enter");
            console.save_all();
            console.advance(62_000);
            let screen = console.screen();
            let header = screen.lines().next().unwrap();
            for words in ["DEMO", " P1 ", "00:01:02", "● live", "03:25:12Z"] {
                assert!(header.contains(words), "{words:?} at {columns}: {header}");
            }
            assert_eq!(header.contains("READ-ONLY"), is_read_only, "{header}");
            assert!(header.contains("u · ") || columns < 80, "{header}");
            if columns >= 120 {
                let shown = header
                    .split(" P1  ")
                    .nth(1)
                    .unwrap()
                    .split('…')
                    .next()
                    .unwrap();
                let rest = title.trim_start_matches("P1 ").strip_prefix(shown).unwrap();
                assert!(shown.len() > 8 && rest.starts_with([' ', ',']), "{header}");
            }
        }
    }
}

#[test]
fn the_worst_rollout_is_in_sight_where_the_pane_is_not() {
    let mut console = rollouts::console(80, 24);
    console.upsert(vec![rollouts::waiting(
        rollouts::of_revision("checkout-42-x", 42),
        "ImagePullBackOff",
    )]);
    console.type_keys("2");
    console.advance(2_000);
    assert!(
        !console.shows("5 Timeline") || console.shows("4 Rollouts"),
        "{}",
        console.screen()
    );
    console.type_keys("5");
    insta::assert_snapshot!("worst_rollout_at_80x24", console.screen());
    assert!(
        console.shows("checkout FAILING: ImagePullBackOff (checkout-42-x)"),
        "{}",
        console.screen()
    );
}

#[test]
fn a_terminal_too_small_for_anything_says_the_most_severe_first() {
    for (columns, rows) in [(40, 10), (30, 6), (20, 3)] {
        let console = Console::board(columns, rows);
        insta::assert_snapshot!(format!("tiny_at_{columns}x{rows}"), console.screen());
    }
}

#[test]
fn a_storm_of_sizes_ends_with_the_screen_of_the_last() {
    let mut console = Console::board(120, 40);
    let right = console.screen();
    for at in 0..300_u16 {
        let (columns, rows) = (at * 37 % 211, at * 23 % 67);
        console.send(Msg::Input(Input::Resize { columns, rows }));
        if at % 7 == 0 {
            console.type_keys(["j", "z", "z", "k"][usize::from(at / 7 % 4)]);
        }
        console.buffer();
    }
    let (columns, rows) = (120, 40);
    console.send(Msg::Input(Input::Resize { columns, rows }));
    console.type_keys("2 g");
    console.model.screen.is_zoomed = false;
    console.advance(100);
    let cut = |screen: &str| {
        screen
            .lines()
            .take(3)
            .map(str::to_owned)
            .collect::<Vec<_>>()
    };
    assert_eq!(cut(&console.screen())[1], cut(&right)[1]);
    assert_eq!(console.screen().lines().count(), right.lines().count());
}

/// What is usual on a night of an outage is read without a key.
#[test]
fn alerts_and_entries_of_usual_length_are_whole_on_a_board() {
    let shop = ("namespace", "shop");
    let pod = ("pod", "checkout-6bdd76497b-2wstj");
    for (columns, rows) in [(120, 40), (160, 50), (200, 60)] {
        let mut console = Console::live(columns, rows, outage());
        console.send(Msg::Store(StoreMsg::Opened(Box::default())));
        let (orders, checkout) = (("service", "orders-db"), ("deployment", "checkout"));
        console.alerts(vec![
            alert("KubePodCrashLooping", "warning", 9, &[shop, pod]),
            alert(
                "PostgresConnectionsExhausted",
                "critical",
                14,
                &[shop, orders],
            ),
            alert(
                "KubeDeploymentReplicasMismatch",
                "warning",
                5,
                &[shop, checkout],
            ),
        ]);
        console.save_all();
        console.advance(2_000);
        for words in [
            "KubePodCrashLooping checkout-6bdd76497b-2wstj",
            "PostgresConnectionsExhausted orders-db",
            "KubeDeploymentReplicasMismatch checkout",
        ] {
            assert!(console.shows(words), "{words}: {}", console.screen());
        }
        let body = view::layout::of(&console.model).body(Pane::Timeline);
        let buffer = console.buffer();
        let rows = (body.y..body.bottom()).map(|y| {
            let cells = (body.x..body.right()).map(|x| buffer[(x, y)].symbol());
            cells.collect::<String>().trim().to_owned()
        });
        let shown = rows.collect::<Vec<_>>().join(" ");
        for title in [
            "KubePodCrashLooping of checkout-6bdd76497b-2wstj fires",
            "PostgresConnectionsExhausted of orders-db fires",
        ] {
            assert!(shown.contains(title), "{title}: {shown}");
        }
    }
}
