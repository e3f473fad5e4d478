//! The form that opens or closes an incident says what it wants, and asks before it closes what is not over.

use harness::console::Console;
use harness::fixtures::{alert, alerts};
use harness::writing::checkout;
use model::alert::AlertRow;
use model::entry::Draft;
use model::kind::Phase;
use model::message::{Effect, Msg, StoreEffect, StoreMsg};

fn of_checkout() -> AlertRow {
    let labels = [("namespace", "shop"), ("deployment", "checkout")];
    alert("HighErrorRate", "critical", 14, &labels)
}

fn open() -> Console {
    let mut console = Console::writing(checkout(3));
    console.send(Msg::Store(StoreMsg::Opened(Box::default())));
    console.save_all();
    console
}

fn incident() -> Console {
    let mut console = open();
    console.type_keys("i");
    console.type_text("checkout 5xx");
    console.type_keys("alt-1 enter");
    console.save_all();
    assert!(console.model.timeline.incident.is_some());
    console
}

/// The entry that closes the incident, if it went to the store.
fn closing(console: &Console) -> Option<&Draft> {
    console.effects.iter().find_map(|effect| match effect {
        Effect::Store(StoreEffect::Save { draft, .. }) if draft.phase == Some(Phase::Closed) => {
            Some(&**draft)
        }
        _ => None,
    })
}

#[test]
fn the_form_says_what_a_severity_is_and_what_is_missing() {
    let mut console = open();
    console.type_keys("i");
    assert!(console.shows("how grave it is"), "{}", console.screen());
    assert!(
        console.shows("missing: a title, a severity"),
        "{}",
        console.screen()
    );
    console.type_text("checkout 5xx");
    assert!(console.shows("missing: a severity"), "{}", console.screen());
    insta::assert_snapshot!("a_severity_is_missing", console.screen());
    console.type_keys("enter");
    assert!(console.model.timeline.incident.is_none());
    assert!(console.shows("missing: a severity"), "{}", console.screen());
    console.type_keys("alt-1");
    assert!(!console.shows("missing:"), "{}", console.screen());
    console.type_keys("enter");
    console.save_all();
    let incident = console.model.timeline.incident.as_ref().unwrap();
    assert_eq!(incident.title.raw(), "checkout 5xx");
}

#[test]
fn an_incident_is_closed_at_once_when_all_is_over() {
    let mut console = incident();
    console.type_keys("I enter");
    assert!(closing(&console).is_some(), "{}", console.screen());
}

#[test]
fn an_incident_whose_alerts_fire_is_closed_after_one_question() {
    for (answer, is_closed) in [("y", true), ("n", false), ("esc", false), ("enter", false)] {
        let mut console = incident();
        console.alerts(alerts());
        console.save_all();
        console.type_keys("I");
        console.type_text("rolled back");
        console.type_keys("enter");
        assert!(closing(&console).is_none(), "{}", console.screen());
        assert!(
            console.shows("HighErrorRate still fires"),
            "{}",
            console.screen()
        );
        console.type_keys(answer);
        assert_eq!(closing(&console).is_some(), is_closed, "{answer}");
        if is_closed {
            let title = closing(&console).unwrap().title.raw();
            assert_eq!(title, "incident closed: rolled back");
        }
    }
}

#[test]
fn an_incident_with_a_write_that_is_followed_is_closed_after_one_question() {
    let mut console = incident();
    console.type_keys("x s 5 enter");
    let write = console.say_yes();
    console.applied(write, 20);
    console.type_keys("I enter");
    assert!(closing(&console).is_none(), "{}", console.screen());
    assert!(
        console.shows("the scale of checkout has no verdict yet"),
        "{}",
        console.screen()
    );
    insta::assert_snapshot!("a_write_is_still_followed", console.screen());
    console.type_keys("y");
    assert!(closing(&console).is_some());
}

#[test]
fn the_question_says_what_is_not_over_now_and_not_what_was_when_it_was_asked() {
    let mut console = incident();
    console.alerts(alerts());
    console.save_all();
    console.type_keys("I enter");
    assert!(
        console.shows("HighErrorRate still fires"),
        "{}",
        console.screen()
    );
    console.alerts(Vec::new());
    assert!(!console.shows("still fires"), "{}", console.screen());
    assert!(
        console.shows("all is over by now: close it?"),
        "{}",
        console.screen()
    );
    console.type_keys("y");
    assert!(closing(&console).is_some());
}

#[test]
fn a_write_with_a_verdict_is_not_said_to_have_none() {
    let mut console = incident();
    console.alerts(vec![of_checkout()]);
    console.type_keys("2 g x r");
    let write = console.say_yes();
    console.applied(write, 20);
    console.restarted(21);
    console.advance(60_000);
    console.type_keys("I enter");
    assert!(
        console.shows("the restart of checkout has no verdict yet"),
        "{}",
        console.screen()
    );
    console.advance(120_000);
    assert!(
        !console.shows("the restart of checkout has no verdict yet"),
        "{}",
        console.screen()
    );
    assert!(
        console
            .titles()
            .iter()
            .any(|title| title.contains("stable: 3 of 3")),
        "it is waited for the alert"
    );
    console.type_keys("n esc q");
    assert!(!console.shows("has no verdict yet"), "{}", console.screen());
}

#[test]
fn a_title_that_was_typed_is_kept_until_the_form_opens_again() {
    let mut console = open();
    console.type_keys("i");
    console.type_text("checkout 5xx");
    console.type_keys("alt-1 esc");
    assert!(
        console.shows("what was typed is kept; i opens it again"),
        "{}",
        console.screen()
    );
    console.type_keys("i");
    assert!(console.shows("> checkout 5xx_"), "{}", console.screen());
    console.type_keys("enter");
    console.save_all();
    assert!(console.model.timeline.incident.is_some());
    console.type_keys("I");
    assert!(!console.shows("checkout 5xx_"), "{}", console.screen());
    console.type_text("rolled back");
    console.type_keys("esc I");
    assert!(console.shows("> rolled back_"), "{}", console.screen());
    console.type_keys("enter");
    console.save_all();
    console.type_keys("i");
    assert!(!console.shows("rolled back_"), "{}", console.screen());
    console.type_keys("esc");
    assert!(!console.shows("what was typed"), "{}", console.screen());
}

#[test]
fn the_name_of_the_incident_ends_whole_in_the_title_of_its_close() {
    let mut console = open();
    console.type_keys("i");
    console.type_text(&"checkout answers 500 ".repeat(6));
    console.type_keys("alt-1 enter");
    console.save_all();
    console.type_keys("I");
    assert!(console.shows("\u{2026}\"? "), "{}", console.screen());
}
