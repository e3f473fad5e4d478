//! The write ladder from the keyboard: keys and messages in, screen and effects out.

use std::num::NonZeroU64;

use harness::console::Console;
use harness::writing::{checkout, with_deployment};
use model::cluster::{Problem, ProblemClass};
use model::entry::Draft;
use model::journal::Opening;
use model::kind::Kind;
use model::message::{Effect, Input, Msg, StoreMsg, WriteEffect, WriteMsg};
use model::screen::Overlay;
use model::settings::Settings;
use model::write::preflight::{Autoscaler, Check, CheckResult};
use model::write::{Change, SeenValue, WriteAnswer, WriteId};
use view::layout;

fn is_asking(console: &Console) -> bool {
    matches!(
        console.model.screen.overlays.last(),
        Some(Overlay::Dialog(_))
    )
}

fn found(console: &mut Console, change: &Change, check: Check, finding: CheckResult) {
    console.send(Msg::Write(WriteMsg::Found {
        write: WriteId(1),
        change: change.clone(),
        check,
        finding,
    }));
}

fn unreachable() -> Problem {
    Problem {
        class: ProblemClass::Unreachable,
        what: "no answer within 30 s".into(),
        next: "look at the cluster".into(),
    }
}

fn scaled(to: u32) -> Change {
    Change::Scale { from: 3, to }
}

#[test]
fn a_scale_is_asked_with_everything_that_speaks_against_it() {
    let mut console = Console::writing(checkout(3));
    console.type_keys("x s 0 enter");
    let change = scaled(0);
    let scaler = Autoscaler {
        name: "checkout".into(),
        min: 2,
        max: 6,
    };
    found(
        &mut console,
        &change,
        Check::Permission,
        CheckResult::Good("you may patch deployments/scale here".into()),
    );
    found(
        &mut console,
        &change,
        Check::Autoscaler,
        CheckResult::Autoscalers(vec![scaler]),
    );
    found(
        &mut console,
        &change,
        Check::Manager,
        CheckResult::Warn("Argo CD (shop) manages it and may put this back at once".into()),
    );
    insta::assert_snapshot!(console.screen());
}

#[test]
fn a_restart_is_asked_for_and_checks_time_out_in_their_place() {
    let mut console = Console::writing(checkout(1));
    console.type_keys("x r");
    console.advance(3_000);
    insta::assert_snapshot!(console.screen());
}

#[test]
fn a_protected_scope_is_read_only_until_it_is_armed_and_then_wants_the_name() {
    let settings = Settings {
        protected: vec!["*staging*".to_owned()],
        ..Settings::default()
    };
    let mut console = Console::writing_with(checkout(3), settings);
    console.type_keys("x r");
    assert!(!is_asking(&console));
    assert!(
        console.shows("restart: read-only: context staging-eu is protected (*staging*); A arms")
    );
    console.type_keys("A");
    assert!(console.titles()[0].starts_with("decision: armed writes in staging-eu / shop"));
    console.type_keys("x r");
    console.type_text("checkou");
    console.type_keys("enter");
    console.read_it();
    insta::assert_snapshot!(console.screen());
    console.type_text("t");
    console.type_keys("enter");
    console.say_yes();
}

#[test]
fn the_guard_is_told_what_a_protected_scope_refuses() {
    let settings = Settings {
        protected: vec!["shop".to_owned()],
        ..Settings::default()
    };
    let mut console = Console::with(
        80,
        24,
        settings,
        model::cluster::Scope::Namespace("shop".into()),
    );
    console.connect();
    console.type_keys("A A");
    let reported: Vec<bool> = console
        .effects
        .iter()
        .filter_map(|effect| match effect {
            Effect::Cluster(model::message::ClusterEffect::SetReadOnly(is_read_only)) => {
                Some(*is_read_only)
            }
            _ => None,
        })
        .collect();
    assert_eq!(reported, [true, false, true]);
}

#[test]
fn nothing_is_sent_before_its_intent_is_on_disk() {
    let mut console = Console::writing(checkout(3));
    console.type_keys("x s 5 enter");
    console.read_it();
    console.type_keys("y");
    assert!(console.sent().is_empty());
    let (token, draft) = console.saves().pop().unwrap();
    assert_eq!(draft.kind, Kind::ActionIntent);
    assert_eq!(
        draft
            .command
            .as_ref()
            .unwrap()
            .typed
            .as_ref()
            .unwrap()
            .raw(),
        "kubectl --context staging-eu -n shop scale deployment/checkout --current-replicas=3 --replicas=5"
    );
    console.saved(token, draft);
    assert_eq!(console.sent(), [(WriteId(1), scaled(5), true)]);
    assert!(!is_asking(&console));
}

#[test]
fn a_write_without_a_record_needs_a_second_yes() {
    let mut console = Console::writing(checkout(3));
    console.type_keys("x s 5 enter");
    console.read_it();
    console.type_keys("y");
    let (token, _) = console.saves().pop().unwrap();
    console.not_saved(token);
    console.type_keys("y");
    assert!(console.sent().is_empty());
    console.read_it();
    insta::assert_snapshot!(console.screen());
    console.type_keys("y");
    assert_eq!(console.sent(), [(WriteId(1), scaled(5), false)]);
}

#[test]
fn a_disk_that_does_not_answer_is_asked_about_after_two_seconds() {
    let mut console = Console::writing(checkout(3));
    console.type_keys("x s 5 enter");
    console.read_it();
    console.type_keys("y");
    console.advance(1_999);
    assert!(!console.shows("WITHOUT"));
    console.advance(2);
    assert!(console.shows("Go on WITHOUT a record?"));
}

#[test]
fn a_withdrawn_write_is_closed_on_the_timeline_and_never_sent() {
    let mut console = Console::writing(checkout(3));
    console.type_keys("x s 5 enter");
    console.read_it();
    console.type_keys("y");
    let (token, draft) = console.saves().pop().unwrap();
    console.type_keys("esc");
    let (_, result) = console.saves().pop().unwrap();
    assert_eq!(
        (result.kind, result.refers_to),
        (Kind::ActionResult, Some(draft.id))
    );
    console.saved(token, draft);
    assert!(console.sent().is_empty());
}

#[test]
fn typed_ahead_crowded_or_pasted_keys_are_no_answer() {
    let mut console = Console::writing(checkout(3));
    console.type_keys("x r y");
    console.advance(2_000);
    console.type_keys("y");
    console.frame_shown();
    console.advance(2_000);
    console.type_crowded("y");
    console.send(Msg::Input(Input::Paste("y".into())));
    console.type_keys("enter space enter");
    assert!(console.saves().is_empty());
    console.advance(2_000);
    console.type_keys("y");
    assert_eq!(console.saves().len(), 1);
}

#[test]
fn a_terminal_that_does_not_say_what_it_shows_gets_the_name_typed() {
    let mut console = Console::writing(checkout(3));
    console.type_keys("x r");
    let question = layout::question(&console.model).unwrap();
    console.send(Msg::Input(Input::FrameWritten(question)));
    console.advance(3_000);
    console.type_keys("y");
    assert!(console.shows("too early: your terminal has not shown it yet"));
    console.send(Msg::Input(Input::FrameUnanswered(question)));
    console.advance(2_000);
    console.type_keys("y enter");
    assert!(console.shows("that is not its name"));
    insta::assert_snapshot!(console.screen());
    console.type_keys("backspace");
    console.type_text("checkout");
    console.type_keys("enter");
    console.advance(2_000);
    console.type_keys("y");
    assert!(console.saves().is_empty(), "no frame with it was written");
    let question = layout::question(&console.model).unwrap();
    console.send(Msg::Input(Input::FrameWritten(question)));
    console.advance(2_000);
    console.type_keys("y");
    assert_eq!(console.saves().len(), 1);
    console.type_keys("esc x s 5 enter");
    assert!(console.shows("type the deployment's name"), "known by now");
    console.type_text("checkout");
    console.type_keys("enter");
    console.say_yes();
    // That one was answered again.
    console.type_keys("x r");
    assert!(console.shows("Restart checkout in shop?") && !console.shows("name:"));
}

#[test]
fn a_dialog_that_something_else_hid_has_to_be_shown_again() {
    let mut console = Console::writing(checkout(3));
    console.type_keys("x r");
    console.frame_shown();
    console.send(Msg::Input(Input::Resumed));
    console.advance(2_000);
    console.type_keys("y");
    assert!(console.saves().is_empty());
    console.read_it();
    console.type_keys("y");
    assert_eq!(console.saves().len(), 1);
}

#[test]
fn a_yes_on_a_window_too_small_to_read_does_not_count() {
    let mut console = Console::writing(checkout(3));
    console.send(Msg::Input(Input::Resize {
        columns: 40,
        rows: 9,
    }));
    console.type_keys("x r");
    console.read_it();
    console.type_keys("y");
    assert!(console.saves().is_empty());
}

#[test]
fn a_write_is_followed_until_it_has_held_and_can_be_undone() {
    let mut console = Console::writing(checkout(3));
    console.type_keys("x s 5 enter");
    let write = console.say_yes();
    console.applied(write, 20);
    let mut row = checkout(5);
    (row.version, row.available, row.updated) = (NonZeroU64::new(21), 4, 5);
    console.deployments(vec![row.clone()]);
    insta::assert_snapshot!(console.screen());
    (row.version, row.available) = (NonZeroU64::new(22), 5);
    console.deployments(vec![row]);
    console.advance(180_000);
    let titles = console.titles();
    assert_eq!(titles.len(), 3, "{titles:?}");
    assert_eq!(
        titles[0],
        "action.result: scale checkout 3 -> 5 in shop: applied"
    );
    assert!(titles[1].contains("done after 0 s: 5 of 5 available"));
    assert!(titles[2].contains("stable: 5 of 5 available for 3 min"));
    console.type_keys("x z");
    assert!(console.shows("Scale checkout back 5 -> 3 in shop?"));
    let undo = console.say_yes();
    assert_eq!(console.sent()[1].1, Change::Scale { from: 5, to: 3 });
    console.applied(undo, 30);
    assert!(
        console
            .titles()
            .iter()
            .any(|title| title.starts_with("action.undone"))
    );
    console.type_keys("x z");
    assert!(console.shows("nothing to undo"));
}

#[test]
fn a_restart_has_no_inverse_and_says_so() {
    let mut console = Console::writing(checkout(3));
    console.type_keys("x r");
    let write = console.say_yes();
    console.applied(write, 20);
    console.type_keys("x z");
    assert!(!is_asking(&console));
    assert!(console.shows("a restart has no inverse"));
}

#[test]
fn what_somebody_else_changed_is_shown_and_asked_again() {
    let mut console = Console::writing(checkout(3));
    console.type_keys("x s 5 enter");
    let write = console.say_yes();
    let seen = SeenValue::Value {
        value: Some("4".into()),
        resource_version: Some(12),
    };
    console.answered(write, WriteAnswer::Changed { seen });
    let (_, result) = console.saves().pop().unwrap();
    assert_eq!(result.tags[0].raw(), "not-applied");
    assert!(console.shows("not applied: replicas is 4 now, not 3"));
    console.type_keys("enter");
    console.read_it();
    console.type_keys("y");
    assert!(
        console.saves().is_empty(),
        "it opened by itself a moment ago"
    );
    console.advance(1_100);
    console.say_yes();
    assert_eq!(console.sent()[1].1, Change::Scale { from: 4, to: 5 });
}

#[test]
fn an_answer_that_never_came_is_unknown_read_back_and_never_sent_again() {
    let mut console = Console::writing(checkout(3));
    console.type_keys("x s 5 enter");
    let write = console.say_yes();
    let problem = unreachable();
    console.answered(
        write,
        WriteAnswer::Unknown {
            problem: problem.clone(),
            seen: None,
        },
    );
    assert!(console.shows("UNKNOWN"));
    console.advance(1_100);
    let asked = |console: &Console| {
        let is_asked =
            |effect: &&Effect| matches!(effect, Effect::Write(WriteEffect::ReadBack { .. }));
        console.effects.iter().filter(is_asked).count()
    };
    assert_eq!(asked(&console), 1);
    let intent = console.model.writes.orphans().next().unwrap().intent;
    let seen = Err(problem);
    console.send(Msg::Write(WriteMsg::ReadBack { intent, seen }));
    console.advance(30_100);
    assert_eq!(asked(&console), 2);
    let seen = Ok(SeenValue::Value {
        value: Some("5".into()),
        resource_version: Some(12),
    });
    console.send(Msg::Write(WriteMsg::ReadBack { intent, seen }));
    let (_, result) = console.saves().pop().unwrap();
    assert_eq!(result.refers_to, Some(intent));
    assert!(result.title.contains("read back: it stands as wanted"));
    assert_eq!(console.sent().len(), 1);
}

#[test]
fn an_intent_of_a_console_that_died_is_read_back_and_closed_not_repeated() {
    let mut before = Console::writing(checkout(3));
    before.type_keys("x s 5 enter");
    before.read_it();
    before.type_keys("y");
    let (_, draft) = before.saves().pop().unwrap();
    let intent = draft.id;
    let entry = model::entry::Entry {
        recorded_at: before.at.wall,
        draft,
        writer: "gone".into(),
        seq: 1,
        hash: "".into(),
    };
    let mut console = Console::writing(checkout(3));
    console.send(Msg::Store(StoreMsg::Opened(Box::new(Opening {
        unknown_intents: vec![entry],
        ..Opening::default()
    }))));
    let asked = console.effects.iter().any(|effect| {
        matches!(effect, Effect::Write(WriteEffect::ReadBack { change, .. }) if *change == scaled(5))
    });
    assert!(asked);
    let seen = Ok(SeenValue::Value {
        value: Some("3".into()),
        resource_version: Some(12),
    });
    console.send(Msg::Write(WriteMsg::ReadBack { intent, seen }));
    let (_, result) = console.saves().pop().unwrap();
    assert_eq!(result.refers_to, Some(intent));
    assert!(
        result
            .title
            .contains("UNKNOWN whether it was sent; read back: it stands as before")
    );
    assert!(console.sent().is_empty());
}

/// What a console that starts now asks about this intent.
fn asked_about(draft: &Draft) -> Option<Change> {
    let mut console = Console::writing(checkout(3));
    let entry = harness::fixtures::stored(draft);
    console.send(Msg::Store(StoreMsg::Opened(Box::new(Opening {
        unknown_intents: vec![entry],
        ..Opening::default()
    }))));
    console.effects.iter().find_map(|effect| match effect {
        Effect::Write(WriteEffect::ReadBack { change, .. }) => Some(change.clone()),
        _ => None,
    })
}

#[test]
fn an_open_intent_is_judged_by_its_value_whatever_its_words_say() {
    let mut before = Console::writing(checkout(3));
    before.type_keys("x s 5 enter");
    before.read_it();
    before.type_keys("y");
    let (_, mut draft) = before.saves().pop().unwrap();
    let words = draft.change.as_mut().unwrap();
    (words.before, words.after) = (Some("three".into()), Some("five [+3 bytes]".into()));
    draft.command.as_mut().unwrap().verb = None;
    assert_eq!(asked_about(&draft), Some(scaled(5)));
}

/// Before the value stood beside the words, the words were all there was.
#[test]
fn an_open_intent_of_an_older_version_is_judged_by_its_words() {
    let mut before = Console::writing(checkout(3));
    before.type_keys("x s 5 enter");
    before.read_it();
    before.type_keys("y");
    let (_, mut draft) = before.saves().pop().unwrap();
    let change =
        r#"{"before":"3","after":"5","diff":null,"revision_from":null,"revision_to":null}"#;
    draft.change = Some(serde_json::from_str(change).unwrap());
    assert_eq!(asked_about(&draft), Some(scaled(5)));
}

#[test]
fn a_pod_of_something_else_says_what_it_belongs_to() {
    let mut console = Console::writing(checkout(3));
    let mut other = harness::fixtures::pod("web-0");
    other.owner = Some(model::owner::Owner {
        kind: "Job".into(),
        name: "web".into(),
    });
    console.upsert(vec![other]);
    console.advance(2_000);
    console.type_keys("G x r");
    assert!(!is_asking(&console));
    assert!(console.shows("web-0 belongs to Job web"));
}

#[test]
fn a_paused_deployment_is_not_restarted() {
    let row = with_deployment(checkout(3), |fields| fields.is_paused = true);
    let mut console = Console::writing(row);
    console.type_keys("x r");
    assert!(!is_asking(&console));
    assert!(console.shows("checkout is paused"));
}

#[test]
fn the_kubectl_line_is_copied_from_the_card() {
    let mut console = Console::writing(checkout(3));
    console.type_keys("x r ctrl-y");
    assert!(console.effects.contains(&Effect::Copy(
        "kubectl --context staging-eu -n shop rollout restart deployment/checkout".into()
    )));
}
