//! The mouse: a click gives a pane the keys and selects its line, the wheel scrolls, and no dialog hears of it.

use harness::console::Console;
use harness::fixtures::pod;
use harness::writing::checkout;
use keys::mouse::{Gesture, Mouse};
use model::message::{Input, Msg};
use model::screen::{Overlay, Pane};

use super::super::dialog;

fn send(console: &mut Console, gesture: Gesture, column: usize, row: usize) {
    let (column, row) = (u16::try_from(column).unwrap(), u16::try_from(row).unwrap());
    console.send(Msg::Input(Input::Mouse(Mouse {
        gesture,
        column,
        row,
    })));
}

/// The cell at which these words begin on the screen.
fn cell(console: &Console, words: &str) -> (usize, usize) {
    let text = harness::console::text(&console.buffer());
    let mut lines = text.lines().enumerate();
    let found = lines.find_map(|(row, line)| {
        let at = line.find(words)?;
        Some((line[..at].chars().count(), row))
    });
    found.unwrap_or_else(|| panic!("{words} is not on the screen:\n{text}"))
}

fn click(console: &mut Console, words: &str) {
    let (column, row) = cell(console, words);
    send(console, Gesture::Click, column, row);
}

#[test]
fn a_click_gives_the_pane_the_keys_and_selects_the_line() {
    let mut console = Console::board(120, 40);
    for (words, pane) in [
        ("search-77aa-zzz", Pane::Pods),
        ("Watchdog always fires", Pane::Alerts),
        ("ERROR pool exhausted", Pane::Logs),
        ("5 Timeline", Pane::Timeline),
        ("● checkout ", Pane::Rollouts),
    ] {
        click(&mut console, words);
        assert_eq!(
            console.model.screen.focus,
            pane,
            "{words}: {}",
            console.screen()
        );
    }
    let selected = console.model.screen.pods.cursor.as_ref().unwrap();
    assert_eq!(&*selected.uid, "search-77aa-zzz");
    console.type_keys("2 enter");
    assert!(
        console.shows("Pod shop/search-77aa-zzz"),
        "{}",
        console.screen()
    );
}

#[test]
fn the_line_of_the_worst_alert_stands_for_its_pane() {
    let mut console = Console::board(80, 24);
    click(&mut console, "HighErrorRate");
    assert_eq!(console.model.screen.focus, Pane::Alerts);
}

#[test]
fn a_click_where_nothing_stands_selects_nothing_else() {
    let mut console = Console::board(120, 40);
    console.type_keys("2 g j");
    let before = console.model.screen.pods.cursor.clone();
    let (column, row) = cell(&console, "payment-6b8d-aaaaa");
    send(&mut console, Gesture::Click, column, row + 3);
    for (column, row) in [(0, 0), (119, 39), (500, 500)] {
        send(&mut console, Gesture::Click, column, row);
    }
    assert_eq!(console.model.screen.pods.cursor, before);
}

#[test]
fn the_wheel_scrolls_the_pane_under_it_and_a_page() {
    let pods = (0..90).map(|number| pod(&format!("web-1-{number:03}")));
    let mut console = Console::live(80, 24, pods.collect());
    let (column, row) = cell(&console, "web-1-003");
    for _ in 0..20 {
        send(&mut console, Gesture::WheelDown, column, row);
    }
    assert!(console.shows("web-1-060"), "{}", console.screen());
    for _ in 0..20 {
        send(&mut console, Gesture::WheelUp, column, row);
    }
    assert!(console.shows("web-1-000"), "{}", console.screen());
    console.type_keys("?");
    let before = console.screen();
    send(&mut console, Gesture::WheelDown, column, row);
    assert_ne!(console.screen(), before);
}

#[test]
fn a_dialog_hears_of_no_click_and_no_wheel() {
    for keys in ["x s", "x r", "x s 9 enter"] {
        let mut console = Console::writing(checkout(3));
        console.type_keys(keys);
        if console.model.screen.dialog().unwrap().question().is_some() {
            console.read_it();
        }
        // No check is answered any more: nothing changes by time alone.
        console.advance(10_000);
        let before = console.screen();
        for row in 0..24 {
            for column in (0..80).step_by(3) {
                for gesture in [Gesture::Click, Gesture::WheelUp, Gesture::WheelDown] {
                    send(&mut console, gesture, column, row);
                }
            }
        }
        assert!(
            console.saves().is_empty() && console.sent().is_empty(),
            "{keys}"
        );
        assert_eq!(console.screen(), before, "{keys}");
    }
}

#[test]
fn what_is_typed_or_read_takes_no_click() {
    for keys in ["m", "i", "/", ":", "w", "g enter", "g Y", "?"] {
        let mut console = dialog::console();
        console.type_keys(keys);
        let (before, focus) = (console.screen(), console.model.screen.focus);
        for row in [1, 8, 12, 20] {
            send(&mut console, Gesture::Click, 40, row);
        }
        assert_eq!(console.screen(), before, "{keys}");
        assert_eq!(console.model.screen.focus, focus, "{keys}");
    }
}

#[test]
fn a_click_ends_a_chord_that_was_begun() {
    let mut console = Console::writing(checkout(3));
    console.type_keys("x");
    click(&mut console, "checkout-7d9f-b");
    console.type_keys("r");
    let top = console.model.screen.overlays.last();
    assert!(!matches!(top, Some(Overlay::Dialog(_))));
}

#[test]
fn a_click_selects_the_line_of_a_log_and_the_entry_of_the_timeline() {
    let mut console = Console::board(120, 40);
    click(&mut console, "WARN  pool 18/20");
    console.type_keys("y");
    let copied = |console: &Console, words: &str| {
        console.effects.iter().any(|effect| match effect {
            model::message::Effect::Copy(text) => text.raw().contains(words),
            _ => false,
        })
    };
    assert!(copied(&console, "pool 18/20"), "{}", console.screen());
    // Wrapped, every row of it is the line.
    console.type_keys("W G");
    let long = format!("ERROR {}endofit", "x".repeat(90));
    let pod = console.followed_pods().remove(0);
    console.log(&pod, &[(60_000, &long), (61_000, "INFO last")]);
    click(&mut console, "endofit");
    console.type_keys("y");
    assert!(copied(&console, "endofit"), "{}", console.screen());

    let mut console = Console::board(160, 50);
    for title in ["first", "second", "third"] {
        console.type_keys("m");
        console.type_text(title);
        console.type_keys("ctrl-s");
        console.save_all();
    }
    click(&mut console, "second");
    console.type_keys("y");
    assert!(copied(&console, "second"), "{}", console.screen());
    let (column, row) = cell(&console, "third");
    send(&mut console, Gesture::Click, column, row);
    console.type_keys("enter");
    assert!(
        matches!(
            console.model.screen.overlays.last(),
            Some(Overlay::Entry(_))
        ),
        "{}",
        console.screen()
    );
}
