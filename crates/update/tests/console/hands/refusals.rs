//! A key that does nothing says why and what to do next, in every pane and in every state in which it can be refused.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use harness::console::{Console, text};
use harness::fixtures::{alerts, outage};
use harness::rollouts::{history, read};
use harness::writing::checkout;
use keys::action::Action;
use keys::keymap::Place;
use model::cluster::Scope;
use model::message::{Msg, StoreMsg};
use model::screen::Pane;
use model::settings::Settings;

use super::super::dialog;

/// What a key found out, which is no refusal: there is nothing else to do.
const ANSWERS: [&str; 7] = [
    "no sick pod here",
    "no firing alert here",
    "nothing rolls, and nothing is short of pods",
    "copied",
    "narrowed to",
    "logs follow the selected pod again",
    "Ctrl-C again within a second leaves",
];

fn shop(settings: Settings) -> Console {
    Console::with(120, 40, settings, Scope::Namespace("shop".into()))
}

type State = (&'static str, fn() -> Console);

/// States in which keys are refused.
const STATES: [State; 9] = [
    ("before anything is known", || shop(Settings::default())),
    ("with --read-only, not connected", || shop(read_only())),
    ("where there is nothing", || {
        let mut console = shop(Settings::default());
        console.connect();
        console.list(Vec::new());
        console.alerts(Vec::new());
        console
    }),
    ("behind a filter that fits nothing", || {
        let mut console = Console::live(120, 40, outage());
        console.type_keys("/");
        console.type_text("zzz");
        console.type_keys("enter");
        console
    }),
    ("with --read-only", || filled(read_only())),
    ("in a protected scope", || {
        filled(Settings {
            protected: vec!["*staging*".to_owned()],
            ..Settings::default()
        })
    }),
    (FULL, dialog::console),
    ("when the selected pod is gone", || {
        let mut console = Console::live(120, 40, outage());
        console.type_keys("j");
        let selected = console.model.screen.pods.cursor.clone().unwrap();
        console.gone(&selected.uid);
        console.advance(120_000);
        console
    }),
    ("in an incident", || {
        let mut console = Console::live(120, 40, outage());
        console.send(Msg::Store(StoreMsg::Opened(Box::default())));
        console.type_keys("i");
        console.type_text("P1 checkout 5xx");
        console.type_keys("enter");
        console.save_all();
        console
    }),
];
const FULL: &str = "on a full board";

fn read_only() -> Settings {
    Settings {
        is_read_only: true,
        ..Settings::default()
    }
}

fn filled(settings: Settings) -> Console {
    let mut console = shop(settings);
    console.connect();
    console.list(outage());
    console.deployments(vec![checkout(2)]);
    console.alerts(alerts());
    console
}

/// Everything that can be pressed over the panes, and the pages that can lie over them.
fn chords() -> Vec<(Action, String)> {
    let keymap = keys::keymap::Keymap::load(&[]).unwrap();
    let general = Action::ALL.iter().copied();
    general
        .filter_map(|action| Some((action, keymap.chord_of(Place::Global, action)?)))
        .collect()
}

fn above_the_footer(console: &Console) -> String {
    let screen = text(&console.buffer());
    let mut lines: Vec<&str> = screen.lines().collect();
    lines.pop();
    lines.join("\n")
}

/// What a key says that does nothing else; the same console can be asked again then.
fn refusal(console: &mut Console, chord: &str) -> Option<String> {
    let (before, focus) = (above_the_footer(console), console.model.screen.focus);
    let overlays = console.model.screen.overlays.len();
    console.model.screen.status = None;
    console.take_effects();
    console.type_keys(chord);
    read(console, "uid-checkout", &history());
    let screen = &console.model.screen;
    let is_same = screen.overlays.len() == overlays && screen.focus == focus;
    let words = screen.status.as_ref()?.text.raw().to_owned();
    // What is said takes as many lines as it needs: the panes below it come back.
    let status = console.model.screen.status.take();
    let is_nothing = is_same && console.effects.is_empty() && above_the_footer(console) == before;
    console.model.screen.status = status;
    is_nothing.then_some(words)
}

/// A console in this state, with the keys at a pane, or at what these keys lay over it.
fn at(made: fn() -> Console, pane: Pane, over: &str) -> Console {
    let mut console = made();
    console.type_keys("esc");
    console.type_keys(&pane.digit().to_string());
    console.type_keys(over);
    console
}

#[test]
fn every_refusal_says_what_to_do_next() {
    let mut refusals: BTreeSet<String> = BTreeSet::new();
    let mut without = String::new();
    // What lies over the panes refuses the same whatever is below it.
    let covered = ["enter", "?"].into_iter().map(|over| (over, FULL));
    let bare = STATES.iter().map(|(name, _)| ("", *name));
    for (over, name) in bare.chain(covered) {
        let (state, made) = STATES.iter().find(|(known, _)| *known == name).unwrap();
        for pane in Pane::ALL {
            let mut console = at(*made, *pane, over);
            for (action, chord) in chords() {
                let Some(words) = refusal(&mut console, &chord) else {
                    console = at(*made, *pane, over);
                    continue;
                };
                let is_answer = ANSWERS.iter().any(|answer| words.starts_with(answer));
                if !is_answer && !words.contains("; ") {
                    let (action, pane) = (action.name(), pane.title());
                    let _ = writeln!(without, "{action} in {pane} {over} {state}: {words}");
                }
                refusals.insert(words);
            }
        }
    }
    let all: Vec<String> = refusals.into_iter().collect();
    assert!(without.is_empty(), "{without}");
    insta::assert_snapshot!(all.join("\n"));
}
