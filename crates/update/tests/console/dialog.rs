//! A dialog is on top of everything, there is at most one, and a yes counts only for a dialog that was on the screen: each
//! overlay with each write, and with each answer that may come late.

use std::num::NonZeroU64;

use harness::console::Console;
use harness::fixtures;
use harness::logging::nanos;
use harness::rollouts::{history, plan, read, statefulset, waiting};
use model::kind::Kind;
use model::screen::{Overlay, OverlayKind};
use model::write::{SeenValue, WriteAnswer, WriteId};
use ratatui::buffer::Buffer;
use view::layout;

/// An overlay, the keys that open it from the panes, and what it does with the keys of a write.
const OVERLAYS: [(&str, &str, Takes); 21] = [
    ("the panes", "2 g", Takes::Writes),
    ("the help", "2 g ?", Takes::Writes),
    ("a pod's page", "2 g enter", Takes::Writes),
    ("the help over a YAML", "2 g Y ?", Takes::Writes),
    ("a difference", "4 g j j j enter", Takes::Writes),
    ("the YAML of a pod", "2 g Y", Takes::Nothing),
    ("the YAML over a page", "2 g enter Y", Takes::Nothing),
    ("a runbook", "2 g R", Takes::Nothing),
    ("the runbooks that fit", "1 g R", Takes::Text),
    ("an alert", "1 g enter", Takes::Undo),
    ("an entry", "5 g enter", Takes::Undo),
    ("what changed", "2 g !", Takes::Undo),
    ("a line of a log", "3 g enter", Takes::Writes),
    ("a filter", "2 g /", Takes::Text),
    ("the namespaces", "2 g w", Takes::Text),
    ("the contexts", "2 g c", Takes::Text),
    ("the palette", "2 g :", Takes::Text),
    ("a search in a YAML", "2 g Y /", Takes::Text),
    ("a note", "2 g m", Takes::Text),
    ("a note over a page", "2 g enter m", Takes::Text),
    ("an incident", "2 g i", Takes::Text),
];
const WRITES: [&str; 5] = ["x s", "x r", "x b", "x p", "x z"];
const STEPS: usize = 3_000;
const STEPS_OF_ONE: usize = 60;
const SEED: u64 = 20_260_301;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Takes {
    /// The keys of a write mean the selected object.
    Writes,
    /// No object is selected there; what was done can be undone all the same.
    Undo,
    /// It is read; writes are for the pane below it.
    Nothing,
    /// Letters are text.
    Text,
}

/// A rollout that can be rolled back, a write that can be undone, an alert and an entry.
pub(super) fn console() -> Console {
    let mut console = harness::rollouts::console(80, 24);
    console.alerts(fixtures::alerts());
    console.type_keys("2 g m");
    console.type_text("paged the database team");
    console.type_keys("ctrl-s");
    let (token, draft) = console.saves().pop().unwrap();
    console.saved(token, draft);
    scaled(&mut console);
    logged(&mut console);
    console.saves();
    console
}

/// The log of the first pod is followed, and has a line.
fn logged(console: &mut Console) {
    console.type_keys("2 g o");
    let follow = console.followed().remove(0);
    let line = b"{\"level\":\"error\",\"message\":\"no connection\"}";
    console.say(follow.stream.as_ref().clone(), |filling| {
        filling.line(nanos(0), line, 0);
    });
    console.type_keys("2 g");
}

/// A scale of `checkout` that was applied.
fn scaled(console: &mut Console) {
    console.type_keys("2 g x s 8 enter");
    let write = console.say_yes();
    console.applied(write, 20);
    let mut row = harness::rollouts::rolling();
    (row.meta.version, row.wanted) = (NonZeroU64::new(20), 8);
    console.deployments(vec![row]);
}

fn opened(name: &str, keys: &str) -> Console {
    let mut console = console();
    console.type_keys(keys);
    console.runbooks_answer();
    let is_open = !console.model.screen.overlays.is_empty();
    assert_eq!(is_open, name != "the panes", "{name}");
    console
}

fn dialogs(console: &Console) -> usize {
    let overlays = console.model.screen.overlays.iter();
    overlays
        .filter(|overlay| matches!(overlay, Overlay::Dialog(_)))
        .count()
}

/// At most one dialog, on top, and the screen shows it.
fn check(console: &mut Console, what: &str) {
    let overlays = &console.model.screen.overlays;
    let is_on_top = matches!(overlays.last(), Some(Overlay::Dialog(_)));
    assert_eq!(dialogs(console), usize::from(is_on_top), "{what}");
    if !is_on_top {
        return;
    }
    let whole = console.buffer();
    let overlays = std::mem::take(&mut console.model.screen.overlays);
    let bare = console.buffer();
    console
        .model
        .screen
        .overlays
        .extend(overlays.last().cloned());
    let alone = console.buffer();
    console.model.screen.overlays = overlays;
    let card: Vec<usize> = (0..alone.content.len())
        .filter(|at| alone.content[*at] != bare.content[*at])
        .collect();
    let shows = |buffer: &Buffer| {
        card.iter()
            .all(|at| buffer.content[*at] == alone.content[*at])
    };
    assert!(card.len() > 100, "{what}: the dialog is not drawn");
    assert!(shows(&whole), "{what}: something lies over the dialog");
}

fn intents(console: &mut Console) -> usize {
    let saves = console.saves();
    saves
        .iter()
        .filter(|(_, draft)| draft.kind == Kind::ActionIntent)
        .count()
}

fn revisions(console: &mut Console) {
    read(console, "uid-checkout", &history());
}

#[test]
fn every_write_key_over_every_overlay_asks_on_top_once_or_not_at_all() {
    for (name, keys, takes) in OVERLAYS {
        for write in WRITES {
            let what = format!("{write} over {name}");
            let mut console = opened(name, keys);
            let requests = console.sent().len();
            for round in ["first", "second"] {
                console.type_keys(write);
                check(&mut console, &format!("{what}, {round}"));
                revisions(&mut console);
                check(&mut console, &format!("{what}, {round}, revisions"));
                // A Deployment replaces its pods by itself.
                let asks = match takes {
                    Takes::Writes => write != "x p",
                    Takes::Undo => write == "x z",
                    Takes::Nothing | Takes::Text => false,
                };
                assert_eq!(dialogs(&console), usize::from(asks), "{what}, {round}");
            }
            console.advance(2_000);
            console.type_keys("enter y");
            assert_eq!(intents(&mut console), 0, "{what}: nobody has seen it");
            let was_asked = dialogs(&console) == 1;
            console.type_keys("esc");
            if was_asked {
                assert!(console.shows("nothing was sent"), "{what}");
                check(&mut console, &what);
                assert_eq!(dialogs(&console), 0, "{what}: asks again");
            }
            console.frame_shown();
            console.advance(2_000);
            console.type_keys("y");
            assert_eq!(intents(&mut console), 0, "{what}: said no");
            assert_eq!(console.sent().len(), requests, "{what}");
        }
    }
}

#[test]
fn revisions_that_come_late_ask_on_top_of_a_page_and_never_while_text_is_typed() {
    for (name, keys, takes) in OVERLAYS {
        let mut console = console();
        console.type_keys("2 g x b x b");
        console.type_keys(keys);
        console.runbooks_answer();
        let before = console.model.screen.overlays.len();
        revisions(&mut console);
        check(&mut console, name);
        revisions(&mut console);
        check(&mut console, name);
        let is_asked = takes != Takes::Text;
        assert_eq!(dialogs(&console), usize::from(is_asked), "{name}");
        assert_eq!(
            console.model.screen.overlays.len(),
            before + usize::from(is_asked),
            "{name}"
        );
        if !is_asked {
            assert!(console.shows("rollback: "), "{name}: says nothing");
        }
        console.type_keys("esc esc esc esc");
        assert_eq!(dialogs(&console), 0, "{name}");
    }
}

#[test]
fn an_open_dialog_keeps_its_place_whatever_is_pressed_and_whatever_comes() {
    for write in ["x s", "x r", "x b", "x z"] {
        for (name, keys, _) in OVERLAYS {
            let what = format!("{name} over {write}");
            let mut console = console();
            console.type_keys("2 g x b 2 g");
            console.type_keys(write);
            revisions(&mut console);
            check(&mut console, &what);
            assert_eq!(dialogs(&console), 1, "{what}");
            for key in keys.split_whitespace() {
                console.type_keys(key);
                check(&mut console, &what);
                assert_eq!(dialogs(&console), 1, "{what}");
            }
            revisions(&mut console);
            offer(&mut console);
            console.advance(2_000);
            check(&mut console, &what);
            assert_eq!(dialogs(&console), 1, "{what}");
        }
    }
}

#[test]
fn a_question_that_comes_by_itself_waits_for_every_overlay() {
    for (name, keys, _) in OVERLAYS.into_iter().skip(1) {
        let mut console = console();
        console.type_keys("2 g x s 7 enter");
        let write = console.say_yes();
        console.type_keys(keys);
        somebody_else_changed_it(&mut console, write);
        check(&mut console, name);
        assert_eq!(dialogs(&console), 0, "{name}");
        while dialogs(&console) == 0 {
            assert!(!console.model.screen.overlays.is_empty(), "{name}");
            console.type_keys("esc");
            check(&mut console, name);
        }
    }
}

/// Its dialog would open in another context, where nobody asked for it.
#[test]
fn a_question_that_waits_is_dropped_with_its_context() {
    let mut console = console();
    console.type_keys("2 g x s 7 enter");
    let write = console.say_yes();
    console.type_keys("c");
    somebody_else_changed_it(&mut console, write);
    console.type_keys("up enter");
    assert_eq!(console.model.cluster.context.raw(), "lab");
    assert_eq!(dialogs(&console), 0);
}

#[test]
fn a_thousand_keys_and_answers_in_any_order_never_hide_a_dialog() {
    let mut dice = fastrand::Rng::with_seed(SEED);
    let mut console = console();
    let mut keys: Vec<&str> = OVERLAYS
        .iter()
        .flat_map(|(_, keys, _)| keys.split_whitespace())
        .collect();
    for _ in 0..4 {
        keys.extend(WRITES);
        keys.extend([
            "y", "y", "y", "enter", "esc", "esc", "esc", "2 g x r", "2 g x b",
        ]);
    }
    let (mut shown, mut asked, mut said_yes) = (None, 0, 0);
    let mut last = WriteId(0);
    for step in 0..STEPS {
        if step % STEPS_OF_ONE == 0 {
            // A namespace or a context that was chosen on the way has nothing to write to.
            (console, last, shown) = (self::console(), WriteId(0), None);
        }
        match dice.u32(..10) {
            0 => revisions(&mut console),
            1 => somebody_else_changed_it(&mut console, last),
            2 => offer(&mut console),
            3 | 4 => {
                console.frame_shown();
                shown = layout::question(&console.model);
                console.advance(u64::from(dice.u32(1..2_400)));
            }
            _ => {
                let key = keys[dice.usize(..keys.len())];
                let question = layout::question(&console.model);
                let before = dialogs(&console);
                console.type_keys(key);
                asked += dialogs(&console).saturating_sub(before);
                for (token, draft) in console.saves() {
                    if draft.kind == Kind::ActionIntent {
                        assert_eq!(key, "y");
                        assert_eq!(question, shown, "step {step}: nobody has seen it");
                        said_yes += 1;
                    }
                    console.saved(token, draft);
                }
                if let Some((write, _, _)) = console.sent().last() {
                    last = *write;
                }
            }
        }
        check(&mut console, &format!("step {step}"));
    }
    assert!(asked > 30 && said_yes > 2, "{asked} asked, {said_yes} yes");
}

fn somebody_else_changed_it(console: &mut Console, write: WriteId) {
    let seen = SeenValue::Value {
        value: Some("4".into()),
        resource_version: Some(30),
    };
    console.answered(write, WriteAnswer::Changed { seen });
}

/// A StatefulSet's pod that a rollback would wait for.
fn offer(console: &mut Console) {
    let pod = waiting(
        harness::rollouts::of_web("web-2", "web-2bad"),
        "CrashLoopBackOff",
    );
    console.upsert(vec![pod]);
    statefulset(console, harness::rollouts::web());
}

#[test]
fn the_rollback_over_a_pods_page_is_the_one_that_is_shown() {
    let mut console = opened("a pod's page", "2 g enter");
    console.type_keys("x b");
    revisions(&mut console);
    assert_eq!(plan(&console), Some((42, 40)));
    assert!(console.shows("Roll back"));
}

/// Whoever adds an overlay adds it to the table that all tests here go through.
#[test]
fn every_kind_of_overlay_is_among_those_that_are_tried() {
    let opened: Vec<OverlayKind> = OVERLAYS
        .iter()
        .filter_map(|(name, keys, _)| {
            let console = opened(name, keys);
            console.model.screen.overlays.last().map(OverlayKind::from)
        })
        .collect();
    for kind in OverlayKind::ALL {
        let is_dialog = *kind == OverlayKind::Dialog;
        assert!(is_dialog || opened.contains(kind), "{kind:?} is not tried");
    }
}
