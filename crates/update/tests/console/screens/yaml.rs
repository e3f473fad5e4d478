//! An object as YAML: read, searched, copied, and what is said when it cannot be read.

use model::cluster::{Kind, ObjectRef, Problem, ProblemClass};
use model::message::{ClusterEffect, ClusterMsg, Effect, Input, Msg, Read, ReadAnswer};
use model::screen::Overlay;
use model::yaml::{Document, LeftOut};
use view::theme::Theme;

use harness::console::Console;
use harness::fixtures::{alerts, outage};
use harness::writing::checkout;

const TEXT: &str = "apiVersion: v1
kind: Pod
metadata:
  annotations:
    note: \"\\u001b[31mred \\u202e\"
  labels:
    app: checkout
    pod-template-hash: 7d9f
  name: checkout-7d9f-q8w
  namespace: shop
spec:
  containers:
  - args:
    - --pool=20
    - --database=postgres://checkout@db.shop.svc.cluster.local:5432/checkout?sslmode=verify-full&application_name=checkout
    image: registry.example/shop/checkout:1.9.2
    name: app
    resources:
      limits:
        memory: 256Mi
  nodeName: node-1
  restartPolicy: Always
status:
  containerStatuses:
  - image: registry.example/shop/checkout:1.9.2
    lastState:
      terminated:
        exitCode: 1
        reason: Error
    name: app
    ready: false
    restartCount: 6
    state:
      waiting:
        message: back-off 40s
        reason: CrashLoopBackOff
  phase: Running
  qosClass: Burstable
";

/// The second pod is asked for.
fn asked(columns: u16, rows: u16) -> Console {
    let mut console = Console::live(columns, rows, outage());
    console.alerts(alerts());
    console.type_keys("g Y");
    console
}

fn question(console: &Console) -> ObjectRef {
    let asked = console
        .effects
        .iter()
        .rev()
        .find_map(|effect| match effect {
            Effect::Cluster(ClusterEffect::Read {
                what: Read::Yaml(object),
                ..
            }) => Some(object.clone()),
            _ => None,
        });
    asked.expect("nothing was asked")
}

fn answer(console: &mut Console, read: Result<Document, Problem>) {
    let (epoch, object) = (console.model.cluster.epoch, question(console).uid);
    let read = read.map(Box::new);
    console.send(Msg::Cluster(ClusterMsg::Read {
        epoch,
        answer: ReadAnswer::Yaml(object, read),
    }));
}

fn document(text: &str) -> Document {
    Document {
        text: text.into(),
        left_out: vec![LeftOut::ManagedFields, LeftOut::LastApplied],
    }
}

fn read(columns: u16, rows: u16) -> Console {
    let mut console = asked(columns, rows);
    answer(&mut console, Ok(document(TEXT)));
    console
}

fn forbidden() -> Problem {
    Problem {
        class: ProblemClass::Forbidden,
        what: "read pod/checkout-7d9f-q8w: the server answered 403: pods \"checkout-7d9f-q8w\" is forbidden: User \
               \"kate\" cannot get resource \"pods\" in API group \"\" in the namespace \"shop\""
            .into(),
        next: "ask for the right to do this".into(),
    }
}

#[test]
fn a_pod_as_yaml() {
    for (columns, rows) in [(80, 24), (120, 40)] {
        let console = read(columns, rows);
        let name = format!("a_pod_as_yaml_at_{columns}x{rows}");
        insta::assert_snapshot!(name, console.screen());
    }
}

#[test]
fn a_search_stands_in_the_title_and_its_matches_are_marked_without_colour_too() {
    let mut console = read(80, 24);
    console.theme = Theme {
        has_colour: false,
        is_ascii: true,
        ..Theme::default()
    };
    console.type_keys("/");
    console.type_text("image");
    console.type_keys("enter n");
    insta::assert_snapshot!(console.screen());
}

#[test]
fn it_is_asked_for_once_and_said_to_be_read_until_it_is_there() {
    let mut console = asked(80, 24);
    assert!(console.shows("reading it"), "{}", console.screen());
    let object = question(&console);
    assert_eq!(
        (object.kind, object.name.raw()),
        (Kind::Pod, "checkout-7d9f-q8w")
    );
    answer(&mut console, Ok(document(TEXT)));
    assert!(
        console.shows("kind: Pod") && !console.shows("reading"),
        "{}",
        console.screen()
    );
    let asks = |effect: &&Effect| {
        matches!(
            effect,
            Effect::Cluster(ClusterEffect::Read {
                what: Read::Yaml(_),
                ..
            })
        )
    };
    assert_eq!(console.effects.iter().filter(asks).count(), 1);
}

#[test]
fn why_it_cannot_be_read_is_told_with_all_its_words() {
    let mut console = asked(80, 24);
    answer(&mut console, Err(forbidden()));
    insta::assert_snapshot!(console.screen());
}

#[test]
fn what_was_read_stays_when_it_cannot_be_read_again() {
    let mut console = read(80, 24);
    console.type_keys("r");
    assert!(console.shows("reading") && console.shows("kind: Pod"));
    let gone = Problem {
        class: ProblemClass::Refused,
        what: "pod/checkout-7d9f-q8w is gone from the cluster (404)".into(),
        next: "nothing is left to read".into(),
    };
    answer(&mut console, Err(gone));
    assert!(
        console.shows("kind: Pod") && console.shows("now: pod/checkout-7d9f-q8w is gone"),
        "{}",
        console.screen()
    );
}

#[test]
fn n_goes_round_the_matches_and_esc_gives_up_the_search_then_the_page() {
    let mut console = read(80, 24);
    console.type_keys("/");
    console.type_text("image");
    assert!(console.shows("/image_ 1 of 2"), "{}", console.screen());
    console.type_keys("enter n");
    assert!(console.shows("/image 2 of 2"), "{}", console.screen());
    console.type_keys("n");
    assert!(
        console.shows("1 of 2") && console.shows("round the end"),
        "{}",
        console.screen()
    );
    console.type_keys("N");
    assert!(console.shows("2 of 2"));
    console.type_keys("esc");
    assert!(console.shows("kind") || console.shows("image"));
    assert!(!console.shows("/image"), "{}", console.screen());
    console.type_keys("esc");
    assert!(console.model.screen.overlays.is_empty());
    assert!(
        console.model.screen.pods.filter.is_empty(),
        "the search was no filter of the pods"
    );
}

#[test]
fn a_search_that_is_given_up_while_it_is_typed_changes_nothing() {
    let mut console = read(80, 24);
    console.type_keys("/");
    console.type_text("nowhere");
    assert!(console.shows("/nowhere_ not found"), "{}", console.screen());
    console.type_keys("esc");
    assert!(
        console.shows("kind: Pod") && !console.shows("nowhere"),
        "{}",
        console.screen()
    );
}

#[test]
fn the_whole_text_is_copied() {
    let mut console = read(80, 24);
    console.type_keys("G y");
    assert_eq!(console.effects.last(), Some(&Effect::Copy(TEXT.into())));
}

#[test]
fn the_last_line_is_the_end_and_one_key_up_leaves_it() {
    let mut console = read(80, 24);
    console.type_keys("G");
    assert!(console.shows("qosClass: Burstable") && !console.shows("kind: Pod"));
    console.type_keys("j j j page-down k");
    assert!(
        !console.shows("qosClass: Burstable"),
        "{}",
        console.screen()
    );
    console.type_keys("g");
    assert!(console.shows("kind: Pod"));
}

#[test]
fn another_size_keeps_the_line_that_is_read() {
    let mut console = read(80, 24);
    console.type_keys("page-down");
    let first = |console: &Console| {
        let screen = console.screen();
        let line = screen.lines().nth(2).unwrap().to_owned();
        line.trim_matches(['│', ' ']).to_owned()
    };
    let before = first(&console);
    for (columns, rows) in [(60, 20), (80, 24)] {
        console.send(Msg::Input(Input::Resize { columns, rows }));
        assert_eq!(first(&console), before);
    }
}

#[test]
fn what_an_object_says_is_shown_and_never_obeyed() {
    let mut console = asked(80, 24);
    let hostile = "a: \u{1b}]0;owned\u{7}\u{9b}2J\u{202e}\u{200b}\n".repeat(30);
    answer(&mut console, Ok(document(&hostile)));
    console.buffer();
    assert!(console.shows("owned"), "{}", console.screen());
    console.type_keys("/");
    console.type_text("owned");
    console.buffer();
    console.type_keys("enter y");
    assert_eq!(console.effects.last(), Some(&Effect::Copy(hostile.into())));
}

#[test]
fn an_answer_to_another_question_is_not_shown() {
    let mut console = asked(80, 24);
    let (epoch, object) = (console.model.cluster.epoch, question(&console).uid);
    let read = || Ok(Box::new(document(TEXT)));
    for (epoch, object) in [(epoch + 1, object), (epoch, "another".into())] {
        console.send(Msg::Cluster(ClusterMsg::Read {
            epoch,
            answer: ReadAnswer::Yaml(object, read()),
        }));
        assert!(console.shows("reading it"), "{}", console.screen());
    }
    console.type_keys("esc");
    answer(&mut console, Ok(document(TEXT)));
    assert!(!console.shows("kind: Pod"));
}

#[test]
fn keys_of_the_panes_below_do_nothing_unseen() {
    let mut console = read(80, 24);
    let (focus, sort) = (console.model.screen.focus, console.model.screen.pods.sort);
    for key in ["s", "S", "5", "tab", "z", "l", "o", "w", "d", "space"] {
        console.type_keys(key);
        assert!(
            console.shows("closes this first"),
            "{key}: {}",
            console.screen()
        );
        assert_eq!(console.model.screen.overlays.len(), 1, "{key}");
    }
    assert_eq!(console.model.screen.focus, focus);
    assert_eq!(
        (
            console.model.screen.pods.sort,
            console.model.screen.is_zoomed
        ),
        (sort, false)
    );
}

#[test]
fn the_page_of_a_pod_leads_to_its_yaml_and_back() {
    let mut console = Console::live(80, 24, outage());
    console.type_keys("g enter Y");
    assert!(matches!(
        console.model.screen.overlays.last(),
        Some(Overlay::Yaml(_))
    ));
    console.type_keys("esc");
    assert!(matches!(
        console.model.screen.overlays.last(),
        Some(Overlay::Detail { .. })
    ));
}

#[test]
fn an_alert_leads_to_the_one_object_that_it_is_about() {
    let mut console = Console::live(120, 40, outage());
    console.deployments(vec![checkout(2)]);
    console.alerts(alerts());
    console.type_keys("1 g j Y");
    let object = question(&console);
    assert_eq!(
        (object.kind, object.name.raw()),
        (Kind::Pod, "checkout-7d9f-x2k")
    );
}

#[test]
fn where_nothing_is_selected_nothing_is_asked() {
    let mut console = Console::live(80, 24, Vec::new());
    console.type_keys("Y");
    assert!(
        console.shows("there is no pod to select"),
        "{}",
        console.screen()
    );
    console.type_keys("5 Y");
    assert!(console.shows("2 goes to the pods"), "{}", console.screen());
    assert!(
        console.model.screen.overlays.is_empty()
            && console.effects.iter().all(|effect| !matches!(
                effect,
                Effect::Cluster(ClusterEffect::Read {
                    what: Read::Yaml(_),
                    ..
                })
            ))
    );
}
