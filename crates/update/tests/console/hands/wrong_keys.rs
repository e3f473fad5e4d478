//! A key that means nothing where it is pressed says so, and what the keys there do.

use harness::console::Console;
use harness::fixtures::{alert, outage};
use harness::rollouts::{history, read};
use harness::writing::checkout;
use model::message::{Effect, Msg, StoreEffect, StoreMsg};
use model::write::dialog::Proposal;

fn open() -> Console {
    let mut console = Console::live(80, 24, outage());
    console.send(Msg::Store(StoreMsg::Opened(Box::default())));
    console.save_all();
    console
}

#[track_caller]
fn says(console: &Console, words: &str) {
    assert!(console.shows(words), "{words}: {}", console.screen());
}

#[test]
fn a_chord_that_was_begun_is_left_without_a_word() {
    for keys in ["x esc", "x ctrl-c"] {
        let mut console = open();
        console.type_keys(keys);
        assert!(!console.shows("means nothing"), "{}", console.screen());
        assert!(console.model.screen.pending.is_empty());
    }
    let mut console = open();
    console.type_keys("z x esc");
    assert!(console.model.screen.is_zoomed, "it leaves the chord alone");
}

#[test]
fn the_logs_of_an_alert_about_no_object_are_refused_in_words_about_it() {
    let mut console = open();
    console.alerts(vec![alert("Watchdog", "none", 9_000, &[])]);
    for key in ["o", "l", "Y"] {
        console.type_keys("1 g");
        console.type_keys(key);
        says(
            &console,
            "Watchdog: its labels name no object; enter shows it whole",
        );
        assert!(
            !console.shows("nothing is narrowed"),
            "{}",
            console.screen()
        );
    }
}

#[test]
fn a_key_that_answers_no_question_says_so() {
    let mut console = Console::writing(checkout(3));
    console.type_keys("x r k");
    says(&console, "k is no answer");
    console.type_keys("n x s 5 enter enter");
    says(&console, "enter is no answer");
}

#[test]
fn a_key_that_a_line_or_a_note_does_not_know_says_what_works_there() {
    let mut console = open();
    console.type_keys("i ctrl-s");
    says(
        &console,
        "ctrl-s does nothing here: enter accepts, esc goes back",
    );
    console.type_keys("esc m ctrl-u");
    says(
        &console,
        "ctrl-u does nothing here: ctrl-s saves, esc goes back",
    );
}

#[test]
fn what_is_asked_of_the_servers_is_said() {
    let mut console = open();
    console.type_keys("r");
    says(&console, "asked again: what is watched is tried at once");
    console.type_keys("L");
    says(&console, "signing in again");
}

#[test]
fn a_note_with_a_time_that_no_clock_shows_is_not_saved() {
    for time in ["@25:99", "@24:00", "@3:60", "@0314", "@03.14", "@3:14pm"] {
        let mut console = open();
        console.type_keys("m");
        console.type_text(&format!("{time} paged the database team"));
        says(
            &console,
            &format!("{time} is no time; such as @03:14 or @03:14:07"),
        );
        console.type_keys("ctrl-s");
        let is_saved = console
            .effects
            .iter()
            .any(|effect| matches!(effect, Effect::Store(StoreEffect::Save { .. })));
        assert!(!is_saved, "{time}");
        says(&console, &format!("not saved: {time} is no time"));
        says(&console, "paged the database team");
    }
    for title in ["@alice paged", "@2nd try"] {
        let mut console = open();
        console.type_keys("m");
        console.type_text(title);
        assert!(!console.shows("is no time"), "{}", console.screen());
    }
    let mut console = open();
    console.type_keys("i");
    console.type_text("P1 @25:99 checkout 5xx");
    says(&console, "@25:99 is no time; such as @03:14 or @03:14:07");
    console.type_keys("enter");
    console.save_all();
    assert!(console.model.timeline.incident.is_none());
}

#[test]
fn a_scale_says_how_a_number_is_given() {
    let mut console = Console::writing(checkout(3));
    console.type_keys("x s");
    says(&console, "digits, or up and down");
    console.type_keys("5");
    says(&console, "digits, or up and down");
    console.type_keys("enter");
    assert!(
        !console.shows("digits, or up and down"),
        "{}",
        console.screen()
    );
}

#[test]
fn revisions_are_chosen_by_the_keys_that_move_everywhere() {
    let mut console = harness::rollouts::console(80, 24);
    console.type_keys("2 g x b");
    read(&mut console, "uid-checkout", &history());
    let chosen = |console: &Console| match &console.model.screen.dialog().unwrap().proposal {
        Proposal::Rollback(plan) => plan.chosen,
        other => panic!("{other:?}"),
    };
    let first = chosen(&console);
    says(&console, "up/down or k/j choose");
    console.type_keys("j");
    assert_eq!(chosen(&console), first + 1, "{}", console.screen());
    console.type_keys("k");
    assert_eq!(chosen(&console), first);
    console.type_keys("w");
    says(&console, "w chooses nothing: up/down or k/j do");
}
