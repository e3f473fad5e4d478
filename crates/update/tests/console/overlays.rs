//! Every kind of overlay with everything that can be pressed: what it takes, what it lets through, and how it closes.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use harness::console::{Console, text};
use harness::rollouts::{history, read};
use keys::action::Action;
use keys::keymap::{Keymap, Place};
use model::message::{Effect, Input, Msg};
use model::screen::{Overlay, OverlayKind, Pane};

use super::dialog;

/// Begins a chord of the test's own for each action, in each place: no key of the built-in keymap.
const PREFIX: &str = "ctrl-x";
const LETTERS: &str =
    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789!%&()*+,-./:;<=>?@[]";

/// The keys that open it from the pods.
fn keys_of(kind: OverlayKind) -> &'static str {
    match kind {
        OverlayKind::Help => "2 g ?",
        OverlayKind::Filter => "2 g /",
        OverlayKind::Picker => "2 g w",
        OverlayKind::Palette => "2 g :",
        OverlayKind::Note => "2 g m",
        OverlayKind::Incident => "2 g i",
        OverlayKind::Dialog => "2 g x r",
        OverlayKind::Diff => "4 g j j j enter",
        OverlayKind::Entry => "5 g enter",
        OverlayKind::Alert => "1 g enter",
        OverlayKind::Changes => "2 g !",
        OverlayKind::Yaml => "2 g Y",
        OverlayKind::LogLine => "3 g enter",
        OverlayKind::Detail => "2 g enter",
        OverlayKind::Runbook => "2 g R",
        OverlayKind::RunbookChoice => "1 g R",
    }
}

/// What can be on the screen, by name, with the keys that bring it there.
fn places() -> Vec<(String, &'static str)> {
    let panes = Pane::ALL.iter().map(|pane| {
        let keys = ["1 g", "2 g", "3 g", "4 g", "5 g"][*pane as usize];
        (format!("{} pane", pane.title()), keys)
    });
    let overlays = OverlayKind::ALL;
    let overlays = overlays
        .iter()
        .map(|kind| (format!("{kind:?}"), keys_of(*kind)));
    let stacks = [
        ("Picker of contexts", "2 g c"),
        ("Filter over Yaml", "2 g Y /"),
        ("Help over Yaml", "2 g Y ?"),
        ("Filter over Runbook", "2 g R /"),
    ];
    let stacks = stacks.map(|(name, keys)| (name.to_owned(), keys));
    panes.chain(overlays).chain(stacks).collect()
}

/// A keymap in which every action has a key in every place.
fn keymap() -> Keymap {
    let mut rows = String::new();
    for place in Place::ALL {
        let _ = writeln!(rows, "[{}]", place.name());
        for (action, letter) in Action::ALL.iter().zip(LETTERS.chars()) {
            let _ = writeln!(rows, "\"{PREFIX} {letter}\" = \"{}\"", action.name());
        }
    }
    Keymap::load(&[("every.toml", &rows)]).unwrap()
}

fn opened(keys: &str, keymap: &Keymap) -> Console {
    let mut console = dialog::console();
    console.type_keys(keys);
    read(&mut console, "uid-checkout", &history());
    console.runbooks_answer();
    console.model.screen.status = None;
    console.model.keymap = keymap.clone();
    let millis = u64::from(console.at.wall.timestamp_subsec_millis());
    console.advance(1_000 - millis);
    console.take_effects();
    console
}

/// The first words of what is printed for debugging.
fn word(debug: &str, words: usize) -> String {
    let mut words_of = debug.split(|character: char| !character.is_alphanumeric());
    let words: Vec<&str> = words_of
        .by_ref()
        .filter(|word| !word.is_empty())
        .take(words)
        .collect();
    words.join(" ")
}

fn overlays(console: &Console) -> String {
    let overlays = console.model.screen.overlays.iter();
    let names: Vec<String> = overlays
        .map(|overlay| word(&format!("{overlay:?}"), 1))
        .collect();
    if names.is_empty() {
        return "panes".to_owned();
    }
    names.join(" ")
}

/// The panes and what lies over them, without header and footer.
fn middle(console: &Console) -> String {
    let screen = text(&console.buffer());
    let lines: Vec<&str> = screen.lines().collect();
    lines[1..lines.len() - 1].join("\n")
}

/// What changes when this is done.
fn outcome(console: &mut Console, press: impl FnOnce(&mut Console)) -> String {
    let (before, focus, screen) = (
        overlays(console),
        console.model.screen.focus,
        middle(console),
    );
    press(console);
    let mut parts = Vec::new();
    let after = overlays(console);
    if after != before {
        parts.push(format!("-> {after}"));
    }
    if console.model.screen.focus != focus {
        parts.push(format!("focus on {}", console.model.screen.focus.title()));
    }
    let effects = console.take_effects();
    let effects = effects.iter().map(|effect| match effect {
        Effect::Store(_) | Effect::Write(_) | Effect::Cluster(_) | Effect::Runbook(_) => {
            word(&format!("{effect:?}"), 2)
        }
        _ => word(&format!("{effect:?}"), 1),
    });
    parts.extend(effects);
    if let Some(status) = &console.model.screen.status {
        let sign = if status.is_error { "!" } else { "" };
        parts.push(format!("{sign}\"{}\"", status.text.raw()));
    }
    if parts.is_empty() && middle(console) != screen {
        parts.push("draws".to_owned());
    }
    if parts.is_empty() {
        parts.push("nothing".to_owned());
    }
    parts.join(", ")
}

#[test]
fn every_action_key_and_paste_over_every_overlay() {
    let keymap = keymap();
    let mut table = String::new();
    for (name, keys) in places() {
        let mut outcomes: BTreeMap<String, Vec<&str>> = BTreeMap::new();
        let mut add = |name, press: &dyn Fn(&mut Console)| {
            let outcome = outcome(&mut opened(keys, &keymap), press);
            outcomes.entry(outcome).or_default().push(name);
        };
        for (action, letter) in Action::ALL.iter().zip(LETTERS.chars()) {
            add(action.name(), &|console| {
                console.type_keys(&format!("{PREFIX} {letter}"))
            });
        }
        for key in ["Q", "backspace", "left", "alt-q"] {
            add(key, &|console| console.type_keys(key));
        }
        add("paste", &|console| {
            console.send(Msg::Input(Input::Paste("pasted\nwords".into())));
        });
        let _ = writeln!(table, "{name}");
        for (outcome, names) in outcomes {
            let _ = writeln!(table, "  {outcome}: {}", names.join(" "));
        }
    }
    assert!(Action::ALL.len() <= LETTERS.len());
    insta::assert_snapshot!(table);
}

#[test]
fn every_overlay_is_drawn_has_a_footer_of_its_own_and_closes_with_esc() {
    let keymap = Keymap::load(&[]).unwrap();
    for kind in OverlayKind::ALL {
        let mut console = opened(keys_of(*kind), &keymap);
        let on_top = console.model.screen.overlays.last();
        assert_eq!(on_top.map(OverlayKind::from), Some(*kind));
        let lower = |console: &Console| text(&console.buffer()).lines().last().map(str::to_owned);
        let (drawn, footer) = (middle(&console), lower(&console));
        let overlays: Vec<Overlay> = std::mem::take(&mut console.model.screen.overlays);
        assert_ne!(drawn, middle(&console), "{kind:?} is not drawn");
        assert_ne!(
            footer,
            lower(&console),
            "{kind:?} has the footer of the pane"
        );
        console.model.screen.overlays = overlays;
        console.type_keys("esc");
        assert!(console.model.screen.overlays.is_empty(), "{kind:?} stays");
    }
}
