//! Promise 2: the cursor is on an object, not on a row.

use proptest::prelude::*;

use harness::console::Console;
use harness::fixtures::{crashing, not_ready, pod, versioned};

/// Pods at the start: many more than lines on the screen.
const PODS: u16 = 120;
/// Lines of the screen.
const ROWS: u16 = 24;
/// Keys that move the cursor or the order.
const KEYS: [&str; 10] = [
    "j",
    "k",
    "page-down",
    "page-up",
    "g",
    "G",
    "n",
    "N",
    "s",
    "S",
];

#[derive(Clone, Debug)]
enum Step {
    Key(usize),
    Sick(u16),
    Well(u16),
    NotReady(u16),
    Gone(u16),
    /// Milliseconds pass: the order moves a second after a key.
    Wait(u64),
}

fn step() -> impl Strategy<Value = Step> {
    // Some names are not there at the start: those pods come.
    let any = || 0..PODS + 40;
    prop_oneof![
        3 => (0..KEYS.len()).prop_map(Step::Key),
        4 => any().prop_map(Step::Sick),
        3 => any().prop_map(Step::Well),
        2 => any().prop_map(Step::NotReady),
        2 => any().prop_map(Step::Gone),
        4 => (0..4_000u64).prop_map(Step::Wait),
    ]
}

fn name(number: u16) -> String {
    format!("web-1-{number:03}")
}

/// The selected object, and the line of the screen on which it stands.
fn selected(console: &Console) -> Option<(String, Option<usize>)> {
    let cursor = console.model.screen.pods.cursor.as_ref()?;
    Some((cursor.uid.to_string(), console.line_with(&cursor.uid)))
}

/// Lines of the pane above the selected one.
fn above(console: &Console) -> usize {
    let cursor = console.model.screen.pods.cursor.as_ref();
    cursor.map_or(0, |cursor| cursor.screen_line)
}

/// There are rows enough for the selected one to have so many above it, and the rest of the screen below.
fn is_long_enough(console: &Console, above: usize) -> bool {
    let table = &console.model.cluster.pods.table;
    let cursor = console.model.screen.pods.cursor.as_ref().unwrap();
    let line = table.line_of(&cursor.uid);
    line.is_some_and(|line| line >= above && table.len() - (line - above) >= usize::from(ROWS))
}

fn change(console: &mut Console, step: &Step, version: u64) {
    let row = match step {
        Step::Sick(number) => crashing(&name(*number), 1, "Error"),
        Step::Well(number) => pod(&name(*number)),
        Step::NotReady(number) => not_ready(&name(*number), 200),
        Step::Gone(number) => return console.gone(&name(*number)),
        Step::Wait(ms) => return console.advance(*ms),
        Step::Key(_) => return,
    };
    console.upsert(vec![versioned(row, version)]);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 40, ..ProptestConfig::default() })]

    #[test]
    fn whatever_happens_to_the_rows_the_selected_object_stays_and_keeps_its_line(
        start in 0..PODS,
        steps in prop::collection::vec(step(), 1..60),
    ) {
        let mut console = Console::live(80, ROWS, (0..PODS).map(|number| pod(&name(number))).collect());
        for _ in 0..start / 10 {
            console.type_keys("page-down j");
        }
        console.type_keys("j");
        let mut before = selected(&console);
        for (version, step) in (2..).zip(&steps) {
            if let Step::Key(key) = step {
                console.type_keys(KEYS[*key]);
                before = selected(&console);
                continue;
            }
            let above = above(&console);
            change(&mut console, step, version);
            let after = selected(&console);
            let is_there = |uid: &str| {
                let table = &console.model.cluster.pods.table;
                table.get(&uid.into()).is_some() || table.line_of(&uid.into()).is_some()
            };
            let Some((uid, _)) = &after else {
                prop_assert!(before.is_none(), "deselected by {:?}", step);
                continue;
            };
            // What is gone has a successor, and the pod of the same name comes before all others.
            let lost = console.model.screen.pods.lost.as_ref();
            let is_namesake = lost.is_some_and(|lost| lost.of.name.raw() == uid);
            if is_namesake || before.as_ref().is_none_or(|(uid, _)| !is_there(uid)) {
                before = after;
                continue;
            }
            let was = before.as_ref().map(|(uid, _)| uid);
            prop_assert_eq!(Some(uid), was, "another object was selected by {:?}", step);
            if is_long_enough(&console, above) {
                prop_assert_eq!(&after, &before, "it moved by {:?}\n{}", step, console.screen());
            } else {
                before = after;
            }
        }
    }
}
