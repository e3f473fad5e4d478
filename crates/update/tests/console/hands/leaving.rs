//! Leaving in the middle of something says so once.

use harness::console::Console;
use harness::writing::checkout;
use model::message::{Effect, Msg, StoreMsg};

fn has_left(console: &Console) -> bool {
    console.effects.contains(&Effect::Quit)
}

fn incident() -> Console {
    let mut console = Console::writing(checkout(3));
    console.send(Msg::Store(StoreMsg::Opened(Box::default())));
    console.type_keys("i");
    console.type_text("P1 checkout 5xx");
    console.type_keys("enter");
    console.save_all();
    console
}

#[test]
fn nothing_holds_back_who_leaves_nothing_open() {
    let mut console = Console::writing(checkout(3));
    console.type_keys("q");
    assert!(has_left(&console));
}

#[test]
fn an_open_incident_is_said_once_and_the_second_key_leaves() {
    let mut console = incident();
    console.type_keys("q");
    assert!(!has_left(&console));
    assert!(
        console.shows("checkout 5xx") && console.shows("q again leaves"),
        "{}",
        console.screen()
    );
    // However long somebody takes to read it.
    console.advance(60_000);
    console.type_keys("q");
    assert!(has_left(&console));
}

#[test]
fn who_goes_on_working_is_told_anew() {
    let mut console = incident();
    console.type_keys("q j q");
    assert!(!has_left(&console));
    console.type_keys("q");
    assert!(has_left(&console));
}

#[test]
fn a_write_without_a_verdict_is_said_once_and_one_that_is_over_is_not() {
    let mut console = Console::writing(checkout(3));
    console.type_keys("x s 5 enter");
    let write = console.say_yes();
    console.type_keys("q");
    assert!(!has_left(&console), "it is being sent");
    assert!(console.shows("scale of checkout"), "{}", console.screen());
    console.type_keys("esc");
    console.applied(write, 20);
    console.type_keys("q");
    assert!(!has_left(&console), "it is being followed");
    assert!(
        console.shows("scale of checkout") && console.shows("q again leaves"),
        "{}",
        console.screen()
    );
    console.type_keys("esc");
    let mut row = checkout(5);
    row.meta.version = std::num::NonZeroU64::new(21);
    console.deployments(vec![row]);
    console.advance(400_000);
    console.type_keys("q");
    assert!(has_left(&console));
}

#[test]
fn the_palette_leaves_as_the_key_does() {
    let mut console = incident();
    for is_second in [false, true] {
        console.type_keys(":");
        console.type_text("quit");
        console.type_keys("enter");
        assert_eq!(has_left(&console), is_second);
    }
}

#[test]
fn ctrl_c_twice_leaves_whatever_is_open() {
    let mut console = incident();
    console.type_keys("ctrl-c ctrl-c");
    assert!(has_left(&console));
}
