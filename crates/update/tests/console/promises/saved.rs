//! Promise 4: nothing acknowledged is lost. That what is acknowledged survives `kill -9`, a full disk and a read-only one is tried
//! on real disks in `tests/store/`; here is what the screen says of it.

use model::journal::{StoreFailure, StoreHealth, StoreProblem, Token};
use model::message::{Effect, Msg, StoreEffect, StoreMsg};

use harness::console::Console;
use harness::fixtures::outage;
use harness::writing::checkout;

fn full() -> StoreProblem {
    StoreProblem {
        class: StoreFailure::Full,
        what: "timeline.db: the disk is full".into(),
        next: "free some space".into(),
    }
}

/// A console with a note that was sent to the store, and the token of it.
fn noted() -> (Console, Token) {
    let mut console = Console::live(100, 30, outage());
    console.send(Msg::Store(StoreMsg::Opened(Box::default())));
    console.effects.clear();
    console.type_keys("m");
    console.type_text("rolled back by hand");
    console.type_keys("ctrl-s");
    let token = console.effects.iter().find_map(|effect| match effect {
        Effect::Store(StoreEffect::Save { token, .. }) => Some(*token),
        _ => None,
    });
    (console, token.expect("nothing was to be saved"))
}

#[test]
fn a_note_is_not_called_saved_before_the_disk_has_it() {
    let (mut console, _) = noted();
    assert!(!console.shows("saved"), "{}", console.screen());
    console.advance(2_100);
    assert!(
        console.shows("NOT SAVED YET rolled back by hand"),
        "{}",
        console.screen()
    );
}

#[test]
fn what_cannot_be_saved_is_said_loudly_and_for_as_long_as_it_waits() {
    let (mut console, token) = noted();
    console.send(Msg::Store(StoreMsg::NotSaved {
        token,
        problem: full(),
        is_waiting: true,
    }));
    console.send(Msg::Store(StoreMsg::Health(StoreHealth {
        problem: Some(full()),
        waiting: 1,
        ..StoreHealth::default()
    })));
    for ms in [0, 10_000, 600_000] {
        console.advance(ms);
        for words in [
            "NOT SAVED: 1",
            "NOT SAVED rolled back by hand",
            "the disk is full",
            "free some space",
        ] {
            assert!(console.shows(words), "{words}\n{}", console.screen());
        }
    }
}

#[test]
fn a_write_without_a_record_needs_a_second_yes_that_was_read() {
    let mut console = Console::writing(checkout(3));
    console.type_keys("x s 5 enter");
    console.read_it();
    console.type_keys("y");
    let (token, _) = console.saves().pop().unwrap();
    console.not_saved(token);
    assert!(console.shows("WITHOUT a record"), "{}", console.screen());
    console.type_keys("y");
    assert!(console.sent().is_empty(), "the first yes was taken twice");
    console.read_it();
    console.type_keys("y");
    assert_eq!(console.sent().len(), 1);
}
