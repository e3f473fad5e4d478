//! What can be taken back: as far as it is known, and not once more after it was.

use std::num::NonZeroU64;

use harness::console::Console;
use harness::writing::checkout;
use model::cluster::{Problem, ProblemClass};
use model::entry::{Draft, EntryId};
use model::kind::Kind;
use model::message::{Msg, WriteMsg};
use model::write::{Change, SeenValue, WriteAnswer, WriteId};

fn row(replicas: u32, version: u64) -> model::workload::WorkloadRow {
    let mut row = checkout(replicas);
    row.meta.version = NonZeroU64::new(version);
    row
}

fn silence() -> Problem {
    Problem {
        class: ProblemClass::Unreachable,
        what: "no answer within 30 s".into(),
        next: "look at the cluster".into(),
    }
}

fn value(value: &str) -> SeenValue {
    SeenValue::Value {
        value: Some(value.into()),
        resource_version: Some(30),
    }
}

/// How an unknown answer is read back: with it, or by a question of its own.
#[derive(Clone, Copy, Debug)]
enum ReadBack {
    AtOnce,
    Later,
}

fn unknown(console: &mut Console, write: WriteId, seen: SeenValue, read_back: ReadBack) {
    let problem = silence();
    match read_back {
        ReadBack::AtOnce => console.answered(
            write,
            WriteAnswer::Unknown {
                problem,
                seen: Some(seen),
            },
        ),
        ReadBack::Later => {
            console.answered(
                write,
                WriteAnswer::Unknown {
                    problem,
                    seen: None,
                },
            );
            console.advance(1_100);
            let intent = console.model.writes.orphans().next().unwrap().intent;
            console.send(Msg::Write(WriteMsg::ReadBack {
                intent,
                seen: Ok(seen),
            }));
        }
    }
}

/// Scaled from 3 to 5; the intent.
fn scaled() -> (Console, EntryId) {
    let mut console = Console::writing(checkout(3));
    console.type_keys("x s 5 enter");
    let write = console.say_yes();
    let intent = console.model.writes.done.last().map(|done| done.intent);
    assert_eq!(intent, None);
    console.applied(write, 20);
    console.deployments(vec![row(5, 20)]);
    let intent = console.model.writes.done.last().unwrap().intent.unwrap();
    console.saves();
    (console, intent)
}

fn undone(saves: &[Draft]) -> Option<EntryId> {
    let entry = saves
        .iter()
        .find(|draft| draft.kind == Kind::ActionUndone)?;
    entry.refers_to
}

fn drafts(console: &mut Console) -> Vec<Draft> {
    console
        .saves()
        .into_iter()
        .map(|(_, draft)| draft)
        .collect()
}

#[test]
fn an_undo_that_reads_back_as_wanted_was_done() {
    for read_back in [ReadBack::AtOnce, ReadBack::Later] {
        let (mut console, intent) = scaled();
        console.type_keys("x z");
        let undo = console.say_yes();
        unknown(&mut console, undo, value("3"), read_back);
        assert_eq!(undone(&drafts(&mut console)), Some(intent), "{read_back:?}");
        assert!(console.model.writes.done.is_empty(), "{read_back:?}");
        console.type_keys("x z");
        assert!(
            console.shows("nothing to undo"),
            "{read_back:?}: {}",
            console.screen()
        );
    }
}

#[test]
fn an_undo_that_reads_back_as_before_was_not() {
    for read_back in [ReadBack::AtOnce, ReadBack::Later] {
        for seen in ["5", "7"] {
            let (mut console, _) = scaled();
            console.type_keys("x z");
            let undo = console.say_yes();
            unknown(&mut console, undo, value(seen), read_back);
            assert_eq!(undone(&drafts(&mut console)), None, "{read_back:?}");
            assert_eq!(console.model.writes.done.len(), 1, "{read_back:?}");
        }
    }
}

#[test]
fn a_write_that_reads_back_as_wanted_can_be_undone_and_another_value_cannot() {
    for read_back in [ReadBack::AtOnce, ReadBack::Later] {
        for (seen, is_done) in [("5", true), ("3", false), ("4", false)] {
            let mut console = Console::writing(checkout(3));
            console.type_keys("x s 5 enter");
            let write = console.say_yes();
            unknown(&mut console, write, value(seen), read_back);
            console.deployments(vec![row(seen.parse().unwrap(), 30)]);
            console.type_keys("x z");
            let asks = console.shows("Scale checkout back 5 -> 3 in shop?");
            assert_eq!(asks, is_done, "{read_back:?} {seen}: {}", console.screen());
        }
    }
}

#[test]
fn an_undo_that_is_asked_again_is_still_that_undo() {
    let (mut console, intent) = scaled();
    console.type_keys("x z");
    let undo = console.say_yes();
    let seen = value("6");
    console.answered(undo, WriteAnswer::Changed { seen });
    console.deployments(vec![row(6, 31)]);
    assert!(
        console.shows("Scale checkout back 6 -> 3 in shop?"),
        "{}",
        console.screen()
    );
    assert!(
        console.shows("you had set 5: somebody changed it since"),
        "{}",
        console.screen()
    );
    console.saves();
    console.read_it();
    console.advance(1_000);
    let again = console.say_yes();
    assert_eq!(
        console.sent().last().unwrap().1,
        Change::Scale { from: 6, to: 3 }
    );
    console.applied(again, 40);
    assert_eq!(undone(&drafts(&mut console)), Some(intent));
    assert!(console.model.writes.done.is_empty());
}

#[test]
fn an_undo_of_a_write_that_healed_says_so_before_it_asks() {
    let mut row = checkout(3);
    (row.ready, row.available) = (1, 1);
    let mut console = Console::writing(row);
    console.alerts(Vec::new());
    console.type_keys("x s 5 enter");
    let write = console.say_yes();
    console.applied(write, 20);
    console.deployments(vec![self::row(5, 20)]);
    console.type_keys("x z");
    assert!(!console.shows("healed"), "{}", console.screen());
    console.type_keys("n");
    console.advance(180_000);
    let verdict = console.model.settings.shown(console.at.wall);
    let words = format!(
        "this write healed checkout (verdict {})",
        verdict.format("%H:%M:%S")
    );
    console.advance(60_000);
    console.type_keys("x z");
    assert!(console.shows(&words), "{words}: {}", console.screen());
    let at = |words: &str| console.line_with(words).unwrap();
    assert!(at(&words) < at("deployment "), "{}", console.screen());
    assert!(console.shows("Scale checkout back 5 -> 3 in shop?"));
}
