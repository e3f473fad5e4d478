//! A cursor is there from the start, on the sickest; nobody has to place it, and it moves under nobody's finger.

use harness::console::Console;
use harness::fixtures::{crashing, named, outage, pod, versioned};
use harness::rollouts::{history, read};
use harness::writing::checkout;
use model::message::Watch;
use model::screen::Pane;

use super::super::dialog;

fn on(console: &Console) -> Option<&str> {
    let cursor = console.model.screen.pods.cursor.as_ref();
    cursor.map(|cursor| &*cursor.uid)
}

/// Everything that names the selected line, and nothing that needs more than a key.
const KEYS: [&str; 12] = [
    "enter", "Y", "o", "l", "y", "n", "j", "x s", "x r", "x b", "x p", "d",
];

#[test]
fn no_key_is_wasted_in_any_pane_right_after_the_start() {
    for pane in Pane::ALL {
        for keys in KEYS {
            let mut console = harness::rollouts::console(120, 40);
            console.alerts(harness::fixtures::alerts());
            for list in [
                &mut console.model.screen.alerts,
                &mut console.model.screen.pods,
                &mut console.model.screen.rollouts,
            ] {
                *list = model::screen::List::default();
            }
            console.advance(2_000);
            console.type_keys(&pane.digit().to_string());
            console.type_keys(keys);
            read(&mut console, "uid-checkout", &history());
            assert!(
                !console.shows("press again") && !console.shows("nothing was selected"),
                "{keys} in {}: {}",
                pane.title(),
                console.screen()
            );
        }
    }
}

#[test]
fn the_cursor_is_on_the_sickest_from_the_start_and_its_log_is_open() {
    let mut console = Console::live(120, 40, outage());
    assert_eq!(on(&console), Some("checkout-7d9f-q8w"));
    console.advance(1_000);
    let follows = |console: &Console, name: &str| {
        let wants = console.wants();
        wants.iter().any(|want| match &want.what {
            Watch::Logs(follow) => follow.stream.pod.raw() == name,
            _ => false,
        })
    };
    assert!(
        follows(&console, "checkout-7d9f-q8w"),
        "{}",
        console.screen()
    );
    console.type_keys("enter");
    assert!(
        console.shows("Pod shop/checkout-7d9f-q8w"),
        "{}",
        console.screen()
    );
}

#[test]
fn a_cursor_that_nobody_moved_goes_to_what_turns_sick_and_hides_nothing_above_it() {
    let well: Vec<_> = (0..60)
        .map(|number| pod(&format!("web-1-{number:03}")))
        .collect();
    let mut console = Console::live(80, 24, well);
    assert_eq!(on(&console), Some("web-1-000"));
    console.upsert(vec![versioned(crashing("web-1-030", 1, "Error"), 2)]);
    assert_eq!(on(&console), Some("web-1-030"));
    console.advance(2_000);
    // As long as it is sick it stays selected, and what comes above it is seen.
    console.upsert(vec![versioned(crashing("web-1-005", 1, "Error"), 2)]);
    console.advance(2_000);
    assert_eq!(on(&console), Some("web-1-030"));
    assert!(console.shows("web-1-005"), "{}", console.screen());
    console.upsert(vec![versioned(pod("web-1-030"), 3)]);
    console.advance(2_000);
    assert_eq!(on(&console), Some("web-1-005"));
}

#[test]
fn what_somebody_moved_to_is_left_for_nothing_and_its_neighbour_is_never_taken_for_it() {
    let mut console = Console::live(80, 24, outage());
    console.type_keys("j j");
    let chosen = on(&console).unwrap().to_owned();
    assert_eq!(chosen, "cart-55c9-lk2");
    console.upsert(vec![versioned(crashing("aaa-1-zzz", 1, "Error"), 2)]);
    console.advance(2_000);
    assert_eq!(on(&console), Some(chosen.as_str()));
    console.gone(&chosen);
    console.advance(120_000);
    assert_ne!(on(&console), None);
    console.type_keys("enter");
    assert!(console.model.screen.overlays.is_empty());
    assert!(console.shows("is gone"), "{}", console.screen());
    console.type_keys("enter");
    assert_eq!(console.model.screen.overlays.len(), 1);
}

#[test]
fn what_was_acted_on_and_is_gone_is_not_followed_by_its_neighbour() {
    let mut console = Console::live(80, 24, outage());
    console.deployments(vec![
        named(checkout(1), "cart"),
        named(checkout(2), "search"),
    ]);
    console.type_keys("g j j enter esc");
    console.gone("cart-55c9-lk2");
    console.advance(120_000);
    console.type_keys("x r");
    assert!(
        console.model.screen.overlays.is_empty(),
        "{}",
        console.screen()
    );
}

#[test]
fn the_first_that_fits_a_filter_is_selected_and_so_is_the_first_of_another_namespace() {
    let mut console = Console::live(80, 24, outage());
    console.type_keys("j j /");
    console.type_text("frontend");
    console.type_keys("enter");
    assert_eq!(on(&console), Some("frontend-5c7f-bbbbb"));
    console.type_keys("y");
    assert!(console.shows("copied"), "{}", console.screen());
    let mut console = dialog::console();
    console.type_keys("w");
    console.type_text("all");
    console.type_keys("enter");
    assert_eq!(on(&console), None, "nothing is listed yet");
    console.list(outage());
    console.advance(1_100);
    assert_eq!(on(&console), Some("checkout-7d9f-q8w"));
}
