//! The number of a scale: only what is plainly one, and what is far from the present one is asked again.

use harness::console::Console;
use harness::fixtures::versioned;
use harness::writing::checkout;
use model::message::{Input, Msg};
use model::write::Change;

fn typed(from: u32, text: &str) -> Console {
    let mut console = Console::writing(checkout(from));
    console.type_keys("x s");
    console.type_text(text);
    console
}

/// Everything up to a yes; what was sent.
fn answered(console: &mut Console) -> Option<Change> {
    console.type_keys("enter");
    console.read_it();
    console.type_keys("y");
    let (token, draft) = console.saves().pop()?;
    console.saved(token, draft);
    console.sent().pop().map(|(_, change, _)| change)
}

#[test]
fn what_is_no_plain_number_is_refused_in_words_and_never_read_as_another() {
    for text in [
        "1x-5",
        "1-5",
        "-5",
        "+5",
        "5.0",
        "1e2",
        "0x5",
        "5 5",
        " 5",
        "5 ",
        "1,5",
        "5k",
        "٣",
        "５",
        "five",
        "100000",
        "123456",
        "99999999999",
        "007",
        "5\u{301}",
    ] {
        let mut console = typed(3, text);
        console.type_keys("enter");
        assert!(console.shows("! "), "{text}: {}", console.screen());
        assert!(
            !console.shows("Scale checkout 3 ->"),
            "{text}: {}",
            console.screen()
        );
        assert_eq!(answered(&mut console), None, "{text}");
    }
}

#[test]
fn what_was_typed_wrong_is_seen_and_can_be_erased() {
    let mut console = typed(3, "1x");
    assert!(console.shows("3 -> 1x_"), "{}", console.screen());
    assert!(console.shows("only digits"), "{}", console.screen());
    console.type_keys("backspace backspace 5");
    assert_eq!(
        answered(&mut console),
        Some(Change::Scale { from: 3, to: 5 })
    );
}

#[test]
fn a_paste_is_refused_in_words() {
    for text in ["5", "1x-5", "5\n"] {
        let mut console = typed(3, "");
        console.send(Msg::Input(Input::Paste(text.into())));
        assert!(
            console.shows("a paste is no answer: type it"),
            "{}",
            console.screen()
        );
        assert!(console.shows("3 -> 3"), "{}", console.screen());
    }
}

#[test]
fn a_count_far_from_the_present_one_is_asked_again() {
    for (from, to, is_asked_again) in [
        (3, 9, false),
        (3, 10, true),
        (9, 3, false),
        (9, 2, true),
        (10, 3, true),
        (2, 200, true),
        (1, 3, false),
        (1, 4, true),
        (0, 3, false),
        (0, 4, true),
        (3, 0, true),
        (1, 0, true),
    ] {
        let mut console = typed(from, &to.to_string());
        let sent = answered(&mut console);
        assert_eq!(
            sent.is_none(),
            is_asked_again,
            "{from} -> {to}: {}",
            console.screen()
        );
        if is_asked_again {
            assert!(
                console.shows("Really "),
                "{from} -> {to}: {}",
                console.screen()
            );
            // The key that was held down answers nothing.
            console.type_keys("y");
            assert!(console.saves().is_empty());
            console.say_yes();
            assert_eq!(console.sent()[0].1, Change::Scale { from, to });
        }
    }
}

#[test]
fn the_way_back_is_asked_once_however_far_it_is() {
    let mut console = typed(4, "0");
    assert!(answered(&mut console).is_none());
    let write = console.say_yes();
    console.applied(write, 20);
    console.deployments(vec![versioned(checkout(0), 30)]);
    console.type_keys("x z");
    console.say_yes();
    let undone = Change::Scale { from: 0, to: 4 };
    assert_eq!(
        console.sent().pop().unwrap().1,
        undone,
        "{}",
        console.screen()
    );
}

#[test]
fn a_count_far_away_is_asked_again_in_words_of_its_own() {
    let mut console = typed(2, "20");
    console.type_keys("enter");
    console.read_it();
    console.type_keys("y");
    insta::assert_snapshot!(console.screen());
}

#[test]
fn it_opens_with_the_present_number_to_be_overwritten_and_nothing_to_confirm() {
    for opening in ["", "3"] {
        let mut console = typed(3, opening);
        assert!(console.shows("3 -> 3"), "{}", console.screen());
        assert!(console.shows("no change yet"), "{}", console.screen());
        assert!(
            !console.shows("pods end") && !console.shows("kubectl    "),
            "{}",
            console.screen()
        );
        if opening.is_empty() {
            insta::assert_snapshot!(console.screen());
        }
        console.type_keys("enter");
        assert!(!console.shows("Scale checkout 3"), "{}", console.screen());
        console.read_it();
        console.type_keys("y");
        assert!(console.saves().is_empty());
    }
    let mut console = typed(3, "");
    console.type_text("5");
    assert!(console.shows("3 -> 5_"), "{}", console.screen());
    assert!(!console.shows("no change yet"), "{}", console.screen());
}
