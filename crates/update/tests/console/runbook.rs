//! A runbook that fits: looked for, chosen, read.

mod page;

use harness::console::Console;
use harness::fixtures::{alert, alerts, outage};
use harness::runbooks::{DOCUMENT, answer, fitting, offer, several};
use model::alert::AlertRow;
use model::message::{Input, Msg, RunbookAnswer, RunbookMsg};
use model::runbook::RunbookPage;
use model::screen::{OverlayKind, OverlayState};

fn console() -> Console {
    let mut console = Console::live(80, 24, outage());
    console.alerts(alerts());
    console.take_effects();
    console
}

fn overlays(console: &Console) -> Vec<OverlayKind> {
    let overlays = console.model.screen.overlays.iter();
    overlays.map(OverlayKind::from).collect()
}

/// An alert that names its document.
fn naming(url: &str) -> AlertRow {
    let mut row = alert(
        "HighErrorRate",
        "critical",
        14,
        &[("namespace", "shop"), ("deployment", "checkout")],
    );
    row.annotations = vec![("runbook_url".into(), url.into())].into();
    row
}

fn labels(console: &Console) -> Vec<String> {
    let (_, question) = console.runbook_question().unwrap();
    let labels = question.labels.iter();
    labels
        .map(|(name, value)| format!("{}={}", name.raw(), value.raw()))
        .collect()
}

#[test]
fn an_alert_asks_by_its_name_its_labels_and_the_address_of_its_runbook() {
    let mut console = console();
    console.alerts(vec![naming("https://docs.example/oncall/high-error-rate")]);
    console.type_keys("1 g R");
    let (_, question) = console.runbook_question().unwrap();
    assert_eq!(question.alert.as_ref().unwrap().raw(), "HighErrorRate");
    let addresses: Vec<_> = question.addresses.iter().map(text::Outside::raw).collect();
    assert_eq!(addresses, ["https://docs.example/oncall/high-error-rate"]);
    assert!(labels(&console).contains(&"deployment=checkout".to_owned()));
    assert!(console.shows("looking for what fits"));
}

#[test]
fn a_pod_asks_by_what_it_is_and_by_what_fires_about_it() {
    let mut console = console();
    console.alerts(vec![naming("checkout.md")]);
    console.type_keys("2 g R");
    let labels = labels(&console);
    for wanted in [
        "namespace=shop",
        "deployment=checkout",
        "alertname=HighErrorRate",
    ] {
        assert!(
            labels.iter().any(|label| label == wanted),
            "{wanted}: {labels:?}"
        );
    }
    assert!(
        labels
            .iter()
            .any(|label| label.starts_with("pod=checkout-"))
    );
    let (_, question) = console.runbook_question().unwrap();
    assert_eq!(question.addresses.len(), 1);
}

#[test]
fn a_workload_asks_by_its_name_and_kind() {
    let mut console = Console::writing(harness::writing::checkout(3));
    console.type_keys("4 g R");
    let labels = labels(&console);
    assert!(
        labels.contains(&"deployment=checkout".to_owned()),
        "{labels:?}"
    );
    assert!(labels.contains(&"namespace=shop".to_owned()), "{labels:?}");
}

#[test]
fn one_that_fits_opens_at_once() {
    let mut console = console();
    console.type_keys("2 g R");
    console.runbooks_found(Ok(fitting()));
    assert_eq!(
        console.runbook_read().unwrap().1.path.raw(),
        "oncall/high-error-rate.md"
    );
    assert!(console.shows("reading it"));
    console.runbook_comes(DOCUMENT.as_bytes());
    assert!(console.shows("When to use: Errors, minutes after a release"));
    console.type_keys("esc");
    assert_eq!(overlays(&console), []);
}

#[test]
fn of_several_one_is_chosen_and_closing_it_leads_back_to_the_list() {
    let mut console = console();
    console.type_keys("1 g R");
    console.runbooks_found(Ok(several()));
    insta::assert_snapshot!(console.screen());
    console.type_text("every");
    assert!(!console.shows("A release fails"));
    console.type_keys("enter");
    assert_eq!(
        console.runbook_read().unwrap().1.path.raw(),
        "complete-outage.md"
    );
    console.runbook_comes(b"# Everything fails\n");
    assert_eq!(
        overlays(&console),
        [OverlayKind::RunbookChoice, OverlayKind::Runbook]
    );
    console.type_keys("esc");
    assert_eq!(overlays(&console), [OverlayKind::RunbookChoice]);
    console.type_keys("esc");
    assert_eq!(overlays(&console), []);
}

#[test]
fn when_none_fits_it_says_where_it_looked_and_offers_all() {
    let mut console = console();
    console.type_keys("1 g R");
    console.runbooks_found(Ok(answer(vec![offer("a.md", "Something else", None)])));
    assert!(console.shows("no runbook fits: looked in /srv/runbooks for a file named"));
    assert!(console.shows("None fits. Which runbook?") && console.shows("Something else"));
}

#[test]
fn without_a_folder_it_says_how_to_configure_one() {
    let mut console = console();
    console.type_keys("2 g R");
    console.runbooks_found(Ok(RunbookAnswer::default()));
    let screen = console.screen();
    assert!(
        screen.contains("no folder of runbooks is known"),
        "{screen}"
    );
    assert!(screen.contains("folders = [\"~/runbooks\"]"), "{screen}");
    assert_eq!(overlays(&console), []);
    // A folder without documents is something else.
    console.type_keys("2 g R");
    console.runbooks_found(Ok(answer(Vec::new())));
    assert!(console.shows("there is no runbook in /srv/runbooks"));
    assert_eq!(overlays(&console), []);
}

#[test]
fn what_could_not_be_read_is_named() {
    let mut console = console();
    console.type_keys("2 g R");
    let unread = vec!["/srv/secret: Permission denied".into(), "b".into()];
    console.runbooks_found(Ok(RunbookAnswer {
        unread,
        ..several()
    }));
    assert!(console.shows("not read: /srv/secret: Permission denied, and 1 more"));
}

#[test]
fn a_document_that_cannot_be_read_closes_its_page_and_says_why() {
    let mut console = console();
    console.type_keys("2 g R");
    console.runbooks_found(Ok(fitting()));
    let request = console.runbook_read().unwrap().0;
    let read = Err("big.md is too large to be read as a runbook".into());
    console.send(Msg::Runbook(RunbookMsg::Read { request, read }));
    assert!(console.shows("big.md is too large to be read as a runbook; R looks again"));
    assert_eq!(overlays(&console), []);
}

#[test]
fn an_answer_to_a_page_that_is_closed_lays_nothing_over_the_panes() {
    let mut console = console();
    console.type_keys("2 g R esc");
    let before = console.screen();
    console.runbooks_found(Ok(fitting()));
    assert_eq!(overlays(&console), []);
    assert_eq!(console.screen(), before);
    assert!(console.runbook_read().is_none());
}

#[test]
fn a_page_that_is_read_again_keeps_its_place_and_its_text_when_that_fails() {
    let mut console = console();
    console.type_keys("2 g");
    console.reading(DOCUMENT.as_bytes());
    console.type_keys("j j r");
    let (request, before) = (console.runbook_read().unwrap().0, console.screen());
    let read = Err("it is gone".into());
    console.send(Msg::Runbook(RunbookMsg::Read { request, read }));
    assert!(console.shows("it is gone"));
    assert_eq!(overlays(&console), [OverlayKind::Runbook]);
    console.type_keys("r");
    console.runbook_comes(format!("{DOCUMENT}\nmore\n").as_bytes());
    let page = console
        .model
        .screen
        .overlays
        .last()
        .and_then(RunbookPage::of);
    assert!(page.unwrap().top.line > 0);
    assert!(before.lines().nth(5) == console.screen().lines().nth(5));
}

#[test]
fn the_palette_opens_it_and_a_page_asks_for_its_own_object() {
    let mut console = console();
    console.type_keys("2 g :");
    console.type_text("runbook");
    console.type_keys("enter");
    assert!(console.runbook_question().is_some());
    let mut console = self::console();
    console.alerts(vec![naming("x.md")]);
    console.type_keys("1 g enter R");
    let (_, question) = console.runbook_question().unwrap();
    assert!(question.alert.is_some());
    // A paste types into the list alone.
    console.runbooks_found(Ok(several()));
    console.send(Msg::Input(Input::Paste("every".into())));
    assert!(console.shows("/every_"));
}
