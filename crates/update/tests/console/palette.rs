//! The palette and the keymaps: everything is found by its letters, and every keymap reaches everything.

mod strong;

use harness::console::Console;
use harness::fixtures::{alerts, outage};
use harness::writing::checkout;
use keys::action::Danger;
use keys::keymap::{BUILT_IN, Keymap, Place, written};
use model::cluster::{Kind, Scope};
use model::message::{Effect, Want, Watch};
use model::screen::{Overlay, Pane};
use model::settings::Settings;

fn open(text: &str) -> Console {
    let mut console = Console::live(80, 24, outage());
    console.deployments(vec![checkout(2)]);
    console.type_keys(":");
    console.type_text(text);
    console
}

#[test]
fn the_palette_shows_what_fits_with_its_key() {
    let console = open("tline");
    assert!(
        console.shows("timeline-pane  to the timeline"),
        "{}",
        console.screen()
    );
    insta::assert_snapshot!(open("note").screen());
}

#[test]
fn enter_does_the_best() {
    let mut console = open("timeline-pane");
    console.type_keys("enter");
    assert_eq!(console.model.screen.focus, Pane::Timeline);
    assert!(console.model.screen.overlays.is_empty());
    console.type_keys(":");
    console.type_text("quit");
    console.type_keys("enter");
    assert!(console.effects.contains(&Effect::Quit));
}

#[test]
fn what_cannot_be_done_now_stays_with_its_reason() {
    let settings = Settings {
        is_read_only: true,
        ..Settings::default()
    };
    let mut console = Console::with(80, 24, settings, Scope::Namespace("shop".into()));
    console.connect();
    console.list(outage());
    console.type_keys(":");
    console.type_text("restart");
    assert!(
        console.shows("not now: read-only: started with"),
        "{}",
        console.screen()
    );
    console.type_keys("enter");
    assert!(console.shows("restart: read-only"), "{}", console.screen());
    assert!(
        console
            .effects
            .iter()
            .all(|effect| !matches!(effect, Effect::Write(_)))
    );
}

#[test]
fn a_pod_is_found_by_letters_in_their_order_though_a_filter_hides_it() {
    let mut console = Console::live(80, 24, outage());
    console.type_keys("/");
    console.type_text("cart");
    console.type_keys("enter :");
    console.type_text("paym aaa");
    assert!(
        console.shows("payment-6b8d-aaaaa  shop"),
        "{}",
        console.screen()
    );
    console.type_keys("enter");
    let cursor = console.model.screen.pods.cursor.as_ref().unwrap();
    assert_eq!(&*cursor.uid, "payment-6b8d-aaaaa");
    assert!(console.shows("4 sick / 7"), "{}", console.screen());
}

#[test]
fn a_workload_narrows_the_panes_to_itself() {
    let mut console = open("deployment checkout");
    console.type_keys("enter");
    assert!(
        console.shows("of deployment/checkout 2 sick / 2 here"),
        "{}",
        console.screen()
    );
    console.type_keys("esc");
    assert!(console.shows("4 sick / 7"));
}

/// Whatever stood on the cursor's line before: a write is about what was chosen.
#[test]
fn a_write_after_a_workload_was_chosen_is_about_that_workload() {
    for (name, key, filter) in [
        ("checkout", "x r", ""),
        ("cart", "x r", ""),
        ("payment", "x s", "checkout"),
    ] {
        let mut console = Console::live(120, 40, outage());
        let rows = ["cart", "checkout", "payment"].map(|name| {
            let mut row = checkout(2);
            (row.uid, row.name) = (format!("uid-{name}").into(), name.into());
            row
        });
        console.deployments(rows.into());
        console.type_keys("4 g");
        if !filter.is_empty() {
            console.type_keys("/");
            console.type_text(filter);
            console.type_keys("enter");
        }
        console.type_keys(":");
        console.type_text(&format!("deployment {name}"));
        console.type_keys(&format!("enter {key}"));
        let dialog = console.model.screen.dialog().expect(name);
        assert_eq!(dialog.target.name.raw(), name, "{}", console.screen());
    }
}

#[test]
fn a_context_is_chosen_and_namespaces_are_asked_for_while_it_is_open() {
    let mut console = open("");
    let asks = |want: &Want| matches!(want.what, Watch::Table(Kind::Namespace, _));
    assert!(console.wants().iter().any(asks));
    console.type_text("context lab");
    console.type_keys("enter");
    assert_eq!(console.model.cluster.context.raw(), "lab");
    assert!(!console.wants().iter().any(asks));
}

#[test]
fn strange_letters_find_nothing_and_break_nothing() {
    for text in ["zzzqqq", "数数", "!^$'", "\u{202e}x"] {
        let mut console = open(text);
        console.buffer();
        console.type_keys("enter esc");
    }
    let mut console = open("zzzqqq");
    assert!(
        console.shows("nothing has these letters"),
        "{}",
        console.screen()
    );
    console.type_keys("enter down page-down enter esc");
    assert!(!matches!(
        console.model.screen.overlays.last(),
        Some(Overlay::Palette(_))
    ));
}

#[test]
fn every_keymap_reaches_every_action_and_has_no_conflict() {
    let default = Keymap::load(&[]).unwrap();
    for (name, text) in BUILT_IN {
        let keymap =
            Keymap::load(&[(name, text)]).unwrap_or_else(|error| panic!("{name}: {error}"));
        for &place in Place::ALL {
            for (action, _) in default.bindings(place) {
                assert!(
                    keymap.chord_of(place, action).is_some(),
                    "{name}: {} has no key in {}",
                    action.name(),
                    place.name()
                );
            }
        }
        let writes = keymap.bindings(Place::Global).into_iter();
        let writes = writes.filter(|(action, _)| action.danger() == Danger::Write);
        for (action, chord) in writes {
            let chord = written(&chord);
            assert!(
                chord.starts_with("x "),
                "{name}: {} is {chord}",
                action.name()
            );
        }
    }
}

/// A board with a built-in keymap laid over the default.
fn hands(name: &str) -> Console {
    let (_, text) = BUILT_IN
        .into_iter()
        .find(|(known, _)| *known == name)
        .unwrap();
    let mut console = Console::live(120, 40, outage());
    console.deployments(vec![checkout(2)]);
    console.alerts(alerts());
    console.model.keymap = Keymap::load(&[(name, text)]).unwrap();
    console
}

fn cursor(console: &Console) -> &str {
    &console.model.screen.pods.cursor.as_ref().unwrap().uid
}

fn on_top(console: &Console) -> &'static str {
    match console.model.screen.overlays.last() {
        None => "nothing",
        Some(Overlay::Yaml(_)) => "YAML",
        Some(Overlay::Detail { .. }) => "a pod",
        Some(Overlay::Picker(_)) => "a choice",
        Some(_) => "something else",
    }
}

#[test]
fn every_key_for_hands_that_know_vim_does_what_vim_does() {
    let mut console = hands("vim");
    console.type_keys("j j j");
    let third = cursor(&console).to_owned();
    console.type_keys("ctrl-d");
    let last = cursor(&console).to_owned();
    console.type_keys("ctrl-u");
    let first = cursor(&console).to_owned();
    assert!(first != third && third != last);
    console.type_keys("G g g");
    assert_eq!(cursor(&console), first);
    console.type_keys("*");
    assert_ne!(cursor(&console), first, "to the next sick pod");
    console.type_keys("y y");
    assert!(matches!(console.effects.last(), Some(Effect::Copy(_))));
    console.type_keys("g d");
    assert!(console.model.screen.subject.is_some());
    console.type_keys("esc");
    for (keys, pane) in [
        ("h", Pane::Alerts),
        ("l", Pane::Pods),
        ("ctrl-w w", Pane::Logs),
        ("ctrl-w W", Pane::Pods),
    ] {
        console.type_keys(keys);
        assert_eq!(console.model.screen.focus, pane, "{keys}");
    }
    console.type_keys("ctrl-w o");
    assert!(console.model.screen.is_zoomed);
    console.type_keys("Z Z");
    assert_eq!(console.effects.last(), Some(&Effect::Quit));
}

#[test]
fn every_key_for_hands_that_know_k9s_does_what_k9s_does() {
    let mut console = hands("k9s");
    console.type_keys("j d");
    assert_eq!(on_top(&console), "a pod");
    console.type_keys("esc y");
    assert_eq!(on_top(&console), "YAML");
    console.type_keys("ctrl-r esc Y");
    assert!(matches!(console.effects.last(), Some(Effect::Copy(_))));
    console.type_keys("f");
    assert!(console.model.screen.subject.is_some());
    console.type_keys("esc 0");
    assert_eq!(on_top(&console), "a choice");
    console.type_keys("esc ctrl-w");
    assert!(console.model.screen.is_zoomed);
    console.type_keys("ctrl-w l");
    assert_eq!(console.model.screen.focus, Pane::Logs);
    console.type_keys("F");
    assert!(console.model.logs.shows_all);
    console.type_keys("4 D");
    assert!(!console.shows("means nothing"), "{}", console.screen());
}

#[test]
fn what_k9s_deletes_or_kills_by_one_key_is_no_key_here() {
    let mut console = hands("k9s");
    console.type_keys("j");
    for keys in ["ctrl-d", "ctrl-k"] {
        console.type_keys(keys);
        assert!(
            console.shows("means nothing here"),
            "{keys}: {}",
            console.screen()
        );
        assert_eq!(on_top(&console), "nothing");
    }
    let writes = |effect: &Effect| matches!(effect, Effect::Write(_));
    assert!(!console.effects.iter().any(writes));
}
