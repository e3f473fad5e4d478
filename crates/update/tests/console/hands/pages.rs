//! Over a page keys mean the object of the page; the help goes back to the page from which it was asked for.

use harness::console::Console;
use harness::fixtures::{outage, versioned};
use harness::rollouts::{history, read};
use model::entry::{Actor, Draft, EntryTarget};
use model::kind::{ActorKind, Kind};
use model::message::{Effect, Msg};
use model::screen::Overlay;

use super::super::dialog;

fn on_top(console: &Console) -> String {
    let top = console.model.screen.overlays.last();
    let name = format!("{top:?}");
    name.split(['(', ' ']).nth(1).unwrap_or("panes").to_owned()
}

/// The page of the first pod, and the cursor of the pane below on another one.
fn elsewhere() -> Console {
    let mut console = Console::live(120, 40, outage());
    console.deployments(vec![harness::writing::checkout(2)]);
    console.type_keys("g enter");
    let other = model::screen::Cursor {
        uid: "frontend-5c7f-ccccc".into(),
        screen_line: 3,
    };
    console.model.screen.pods.cursor = Some(other);
    console
}

#[test]
fn a_page_is_what_the_keys_mean_whatever_is_selected_below_it() {
    let mut console = elsewhere();
    console.type_keys("y");
    assert_eq!(
        console.effects.last(),
        Some(&Effect::Copy("checkout-7d9f-q8w".into()))
    );
    let mut console = elsewhere();
    console.type_keys("l");
    assert!(
        console.shows("narrowed to pod/checkout-7d9f-q8w"),
        "{}",
        console.screen()
    );
    let mut console = elsewhere();
    console.type_keys("Y");
    assert!(console.shows("checkout-7d9f-q8w"), "{}", console.screen());
    for (keys, words) in [("x s", "Scale checkout"), ("x r", "Restart checkout")] {
        let mut console = elsewhere();
        console.type_keys(keys);
        assert!(console.shows(words), "{keys}: {}", console.screen());
    }
    let mut console = elsewhere();
    console.type_keys("x p");
    assert!(
        console.shows("checkout is a Deployment"),
        "{}",
        console.screen()
    );
    let mut console = elsewhere();
    console.type_keys("o");
    console.advance(1_000);
    let target = console.model.logs.target.as_ref().unwrap();
    assert_eq!(target.title.raw(), "pod/checkout-7d9f-q8w");
}

#[test]
fn a_page_whose_object_is_gone_says_so_and_nothing_below_it_is_meant() {
    for keys in ["y", "l", "x s", "x r", "x p", "o"] {
        let mut console = elsewhere();
        console.gone("checkout-7d9f-q8w");
        console.advance(120_000);
        console.take_effects();
        console.type_keys(keys);
        let writes = |effect: &Effect| matches!(effect, Effect::Write(_));
        assert!(!console.effects.iter().any(writes), "{keys}");
        assert!(!console.shows("frontend-5c7f-ccccc narrowed"), "{keys}");
        assert_ne!(on_top(&console), "Dialog", "{keys}: {}", console.screen());
        assert!(console.model.screen.subject.is_none(), "{keys}");
    }
}

#[test]
fn the_help_over_anything_goes_back_to_it() {
    for keys in [
        "2 g enter",
        "2 g Y",
        "1 g enter",
        "5 g enter",
        "4 g j j j enter",
        "",
    ] {
        for close in ["?", "esc", "q"] {
            let mut console = dialog::console();
            console.type_keys(keys);
            read(&mut console, "uid-checkout", &history());
            let before = on_top(&console);
            console.type_keys("?");
            assert_eq!(on_top(&console), "Help", "{keys}");
            console.type_keys(close);
            assert_eq!(on_top(&console), before, "{keys}, closed by {close}");
            assert!(!console.effects.contains(&Effect::Quit));
        }
    }
    let mut console = dialog::console();
    console.type_keys("? ?");
    assert!(console.model.screen.overlays.is_empty());
    console.type_keys("? ?");
    assert!(!matches!(
        console.model.screen.overlays.last(),
        Some(Overlay::Help(_))
    ));
}

#[test]
fn a_page_keeps_up_with_its_object() {
    let mut console = elsewhere();
    console.upsert(vec![versioned(
        harness::fixtures::pod("checkout-7d9f-q8w"),
        9,
    )]);
    console.type_keys("x r");
    assert!(console.shows("Restart checkout"), "{}", console.screen());
}

/// Opened from the list of changes: the pods pane below has another workload's pod selected.
#[test]
fn the_page_of_an_entry_means_what_it_is_about_or_nothing() {
    let opened = |name: Option<&str>, kind: Option<&str>| {
        let mut console = Console::live(120, 40, outage());
        let frontend = harness::fixtures::named(harness::writing::checkout(2), "frontend");
        console.deployments(vec![harness::writing::checkout(2), frontend]);
        console.send(Msg::Store(model::message::StoreMsg::Opened(Box::default())));
        console.save_all();
        let actor = Actor::of(ActorKind::Human);
        let id = console.model.timeline.ids.next(console.at.wall);
        let mut draft = Draft::new(id, console.at.wall, actor, Kind::Rollout, "it".into());
        draft.target = Some(EntryTarget {
            context: Some(console.model.cluster.context.clone()),
            namespace: Some("shop".into()),
            kind: kind.map(Into::into),
            name: name.map(Into::into),
            ..EntryTarget::default()
        });
        console.stored(vec![draft]);
        console.type_keys("2 g");
        let page = model::screen::EntryPage { id, top: 0 };
        console
            .model
            .screen
            .overlays
            .push(Overlay::Entry(Box::new(page)));
        console
    };
    for kind in [Some("Deployment"), None] {
        for (keys, words) in [
            ("x s", "Scale frontend"),
            ("x r", "Restart frontend"),
            ("l", "narrowed to deployment/frontend"),
        ] {
            let mut console = opened(Some("frontend"), kind);
            console.type_keys(keys);
            assert!(console.shows(words), "{keys}: {}", console.screen());
        }
    }
    let mut console = opened(Some("checkout-7d9f-q8w"), Some("Pod"));
    console.type_keys("x r");
    assert!(console.shows("Restart checkout"), "{}", console.screen());
    for (name, kind) in [
        (Some("gone"), Some("Deployment")),
        (Some("frontend"), Some("StatefulSet")),
        (Some("frontend"), Some("Node")),
        (None, None),
    ] {
        for keys in ["x s", "x r", "x b", "x p", "l", "o", "Y"] {
            let mut console = opened(name, kind);
            console.type_keys(keys);
            assert_eq!(
                on_top(&console),
                "Entry",
                "{keys} of {name:?}: {}",
                console.screen()
            );
            assert!(console.model.screen.subject.is_none(), "{keys}");
            assert!(
                console.shows("closes its page"),
                "{keys}: {}",
                console.screen()
            );
        }
    }
}

#[test]
fn the_page_of_an_entry_is_named_in_words_of_the_field() {
    for kind in model::kind::Kind::ALL {
        let mut console = Console::live(80, 24, harness::fixtures::outage());
        console.send(Msg::Store(model::message::StoreMsg::Opened(Box::default())));
        console.save_all();
        let actor = model::entry::Actor::of(model::kind::ActorKind::Human);
        let id = console.model.timeline.ids.next(console.at.wall);
        let draft = model::entry::Draft::new(id, console.at.wall, actor, *kind, "it".into());
        console.stored(vec![draft]);
        console.type_keys("5 enter");
        let screen = harness::console::text(&console.buffer());
        let title = screen.lines().nth(1).unwrap();
        assert!(!title.contains('.') && !title.contains("Entry"), "{title}");
        assert!(title.contains(kind.title()), "{title}");
    }
}
