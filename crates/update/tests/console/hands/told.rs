//! What was done is said, whole, where the eye is.

use harness::console::{Console, text};
use harness::fixtures::outage;
use model::kind::Kind;
use model::message::{Effect, Input, Msg, StoreEffect, StoreMsg};
use model::screen::Pane;

fn open(columns: u16, rows: u16) -> Console {
    let mut console = Console::live(columns, rows, outage());
    console.send(Msg::Store(StoreMsg::Opened(Box::default())));
    console.save_all();
    console
}

/// What the screen says, however it is broken into lines.
fn says(console: &Console, words: &str) -> bool {
    let shown = text(&console.buffer());
    let squeezed = |text: &str| text.split_whitespace().collect::<String>();
    squeezed(&shown).contains(&squeezed(words))
}

#[test]
fn a_note_is_called_saved_in_the_status_line_once_the_store_says_so() {
    for pane in Pane::ALL {
        let mut console = open(80, 24);
        console.type_keys(&pane.digit().to_string());
        console.type_keys("m");
        console.type_text("paged the database team");
        console.type_keys("ctrl-s");
        assert!(!console.shows("note saved"), "{}", console.screen());
        console.save_all();
        assert!(
            console.shows("note saved on the timeline"),
            "{}: {}",
            pane.title(),
            console.screen()
        );
    }
}

#[test]
fn a_line_is_called_pinned_once_the_store_says_so() {
    let mut console = Console::board(120, 40);
    console.type_keys("3 k b");
    let is_pin = |effect: &Effect| match effect {
        Effect::Store(StoreEffect::Save { draft, .. }) => draft.kind == Kind::LogPin,
        _ => false,
    };
    assert!(console.effects.iter().any(is_pin));
    assert!(
        !console.shows("pinned to the timeline"),
        "{}",
        console.screen()
    );
    console.save_all();
    assert!(
        console.shows("pinned to the timeline"),
        "{}",
        console.screen()
    );
}

#[test]
fn the_path_of_an_export_is_shown_whole() {
    let path = "/home/kate/.local/state/watchfloor/exports/of-a-long-night/incident-2026-03-01-0324-checkout-5xx-of-the-shop.md";
    for (columns, rows) in [(80, 24), (120, 40), (60, 20)] {
        let mut console = open(columns, rows);
        let words = format!("written to {path}");
        console.send(Msg::Input(Input::Done(words.as_str().into())));
        assert!(says(&console, &words), "{}", console.screen());
        // Whatever it hides for that long, the header and the panes' frames stay whole.
        assert!(console.shows("2 Pods"), "{}", console.screen());
        console.advance(9_000);
        assert!(!console.shows("written to"), "{}", console.screen());
    }
}

#[test]
fn a_long_error_is_shown_whole() {
    let words = "nothing was exported: /home/kate/.local/state/watchfloor/exports/incident-2026-03-01-0324-checkout-5xx.md: \
                 no space is left on the device; free some space, then try again";
    let mut console = open(80, 24);
    console.send(Msg::Input(Input::Failed(words.into())));
    assert!(says(&console, words), "{}", console.screen());
    insta::assert_snapshot!(console.screen());
}
