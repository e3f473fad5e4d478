//! The fields of a dialog and its yes.
#![allow(clippy::unwrap_used)]
use super::*;
use chrono::DateTime;

fn at(ms: u64) -> At {
    At {
        mono_ms: 0,
        wall: DateTime::UNIX_EPOCH,
    }
    .plus_ms(ms)
}

fn key(name: &str) -> Key {
    name.parse().unwrap()
}

fn asked(proposal: Proposal) -> Dialog {
    let target = Target {
        context: "dev".into(),
        kind: crate::cluster::Kind::Deployment,
        namespace: "shop".into(),
        name: "checkout".into(),
        uid: "u1".into(),
    };
    Dialog::new(WriteId(1), target, proposal, at(0), Some(key("r")))
}

fn restart() -> Dialog {
    asked(Proposal::Restart { from: None })
}

fn shown(mut dialog: Dialog, ms: u64) -> Dialog {
    see(&mut dialog, ms);
    dialog
}

fn see(dialog: &mut Dialog, ms: u64) {
    let question = dialog.question().unwrap();
    dialog.frame_shown(question, at(ms));
}

fn is_yes(dialog: &mut Dialog, ms: u64, name: &str, alone: bool) -> bool {
    matches!(dialog.press(at(ms), key(name), alone, true), Press::Yes(_))
}

#[test]
fn a_yes_counts_after_the_frame_was_shown_for_a_while() {
    assert!(is_yes(&mut shown(restart(), 10), 310, "y", true));
    assert!(!is_yes(&mut shown(restart(), 10), 309, "y", true));
    assert!(!is_yes(&mut restart(), 60_000, "y", true));
}

#[test]
fn a_yes_counts_only_alone_and_not_by_the_key_that_opened_it() {
    assert!(!is_yes(&mut shown(restart(), 10), 1_000, "y", false));
    assert!(!is_yes(&mut shown(restart(), 10), 1_000, "r", true));
}

#[test]
fn a_key_held_down_never_becomes_a_yes() {
    let mut dialog = shown(restart(), 10);
    let repeats = std::iter::once(200).chain((0..100).map(|repeat| 860 + 33 * repeat));
    for ms in repeats {
        assert!(!is_yes(&mut dialog, ms, "y", true), "at {ms}");
    }
}

#[test]
fn zero_replicas_are_asked_about_twice() {
    let mut dialog = asked(Proposal::scale(3));
    dialog.type_character('0', at(100));
    assert!(dialog.go(true, at(200)));
    see(&mut dialog, 210);
    assert!(matches!(
        dialog.press(at(600), key("y"), true, true),
        Press::Asked
    ));
    see(&mut dialog, 610);
    assert!(!is_yes(&mut dialog, 1_000, "y", true));
    assert!(is_yes(&mut dialog, 2_100, "y", true));
}

#[test]
fn the_field_is_never_filled_with_zero_and_the_first_digit_replaces_the_count() {
    assert!(matches!(Proposal::scale(0), Proposal::Scale { typed, .. } if typed.is_empty()));
    let mut dialog = asked(Proposal::scale(3));
    for character in ['1', '2'] {
        dialog.type_character(character, at(100));
    }
    assert_eq!(
        dialog.change(at(0)),
        Some(Change::Scale { from: 3, to: 12 })
    );
    for _ in 0..20 {
        dialog.nudge(-1, at(100));
    }
    assert_eq!(dialog.change(at(0)), Some(Change::Scale { from: 3, to: 1 }));
}

#[test]
fn what_is_no_number_is_kept_as_it_was_typed_and_is_no_change() {
    let mut dialog = asked(Proposal::scale(3));
    for character in "1y2".chars() {
        dialog.type_character(character, at(100));
    }
    assert_eq!(dialog.change(at(0)), None);
    assert!(dialog.remark.is_some() && !dialog.go(true, at(200)));
    dialog.erase(at(300));
    dialog.erase(at(300));
    assert_eq!(dialog.change(at(0)), Some(Change::Scale { from: 3, to: 1 }));
}

#[test]
fn a_protected_scope_wants_the_name() {
    let mut dialog = restart().protected();
    for character in "checkou".chars() {
        dialog.type_character(character, at(100));
    }
    assert!(!dialog.go(true, at(200)));
    assert!(dialog.remark.is_some());
    dialog.type_character('t', at(300));
    assert!(dialog.go(true, at(400)));
}

#[test]
fn the_count_it_has_already_is_no_change() {
    let mut dialog = asked(Proposal::scale(3));
    assert!(!dialog.go(true, at(100)));
    assert_eq!(dialog.field, Field::Replicas);
}

#[test]
fn a_frame_that_was_only_written_is_no_evidence_until_the_terminal_is_known_to_answer_nothing() {
    let mut dialog = restart();
    let question = dialog.question().unwrap();
    dialog.frame_written(question, at(10));
    assert!(!is_yes(&mut dialog, 2_000, "y", true));
    dialog.unanswered(at(3_000));
    assert_eq!(dialog.field, Field::Name);
    assert!(!is_yes(&mut dialog, 5_000, "y", true));
    for character in "checkout".chars() {
        dialog.type_character(character, at(6_000));
    }
    assert!(dialog.go(true, at(6_100)));
    dialog.frame_written(question, at(6_200));
    assert!(!is_yes(&mut dialog, 8_000, "y", true), "another question");
    let question = dialog.question().unwrap();
    dialog.frame_written(question, at(8_100));
    assert!(is_yes(&mut dialog, 10_000, "y", true));
}

#[test]
fn the_answer_to_another_question_is_no_evidence() {
    let mut dialog = restart();
    let before = dialog.question().unwrap();
    dialog.unseen();
    dialog.frame_shown(before, at(10));
    assert!(!is_yes(&mut dialog, 2_000, "y", true));
}

#[test]
fn the_name_is_asked_for_after_the_first_yes_too() {
    let mut dialog = asked(Proposal::scale(3));
    dialog.type_character('0', at(100));
    dialog.go(true, at(200));
    see(&mut dialog, 210);
    dialog.press(at(600), key("y"), true, true);
    dialog.unanswered(at(4_000));
    assert_eq!((&dialog.step, dialog.field), (&Step::Zero, Field::Name));
    for character in "checkout".chars() {
        dialog.type_character(character, at(5_000));
    }
    assert!(dialog.go(true, at(5_100)));
    assert_eq!((&dialog.step, dialog.field), (&Step::Zero, Field::Question));
}
