//! What Enter does in the palette: only what the typed words begin; a cluster or a namespace only by its own words.

use super::open;
use harness::console::Console;
use model::cluster::{NamespaceRow, Scope};
use model::message::{Effect, TableChange, WatchChange};
use model::meta::Meta;
use model::screen::{Overlay, Pane};

fn is_open(console: &Console) -> bool {
    matches!(
        console.model.screen.overlays.last(),
        Some(Overlay::Palette(_))
    )
}

fn namespaces(console: &mut Console, names: &[&str]) {
    let rows = names.iter().map(|name| NamespaceRow {
        meta: Meta {
            uid: format!("uid-ns-{name}").into(),
            namespace: "".into(),
            name: (*name).into(),
            version: std::num::NonZeroU64::new(1),
            created: None,
        },
        is_terminating: false,
    });
    let rows = rows.collect();
    console.table(TableChange::Namespaces(WatchChange::Begin {
        generation: 1,
    }));
    console.table(TableChange::Namespaces(WatchChange::Batch {
        rows,
        gone: Vec::new(),
        unreadable: Vec::new(),
    }));
    console.table(TableChange::Namespaces(WatchChange::Synced {
        generation: 1,
    }));
}

#[test]
fn letters_in_their_order_are_found_but_not_done_by_the_first_enter() {
    for text in [
        "tline", "rstrt", "scle", "qit", "ckout", "imeline", "ause", "",
    ] {
        let mut console = open(text);
        console.type_keys("enter");
        assert!(is_open(&console), "{text}: {}", console.screen());
        assert!(
            console.shows("enter again for"),
            "{text}: {}",
            console.screen()
        );
        assert!(!console.effects.contains(&Effect::Quit));
        console.type_keys("enter");
        assert!(!is_open(&console), "{text}: {}", console.screen());
    }
}

#[test]
fn another_letter_asks_anew() {
    let mut console = open("tlin");
    console.type_keys("enter e enter");
    assert!(is_open(&console));
    console.type_keys("enter");
    assert_eq!(console.model.screen.focus, Pane::Timeline);
}

#[test]
fn the_beginning_of_each_word_is_done_at_once_and_so_is_a_line_that_was_moved_to() {
    for text in [
        "timeline",
        "time",
        "timeline-pane",
        "pane time",
        "TIME",
        "t p tim",
    ] {
        let mut console = open(text);
        console.type_keys("enter");
        assert_eq!(console.model.screen.focus, Pane::Timeline, "{text}");
    }
    let mut console = open("tline");
    console.type_keys("down up enter");
    assert!(!is_open(&console), "{}", console.screen());
}

#[test]
fn what_begins_with_the_words_comes_before_what_only_has_the_letters() {
    let console = open("log");
    let first = console.screen();
    let line = first.lines().find(|line| line.contains("action")).unwrap();
    assert!(line.contains("logs") || line.contains("login"), "{first}");
}

#[test]
fn no_letters_but_the_words_ctx_and_context_switch_the_cluster() {
    for text in [
        "lab",
        "la",
        "l a b",
        "lb",
        "cntxt lab",
        "staging",
        "contextlab",
        "use lab",
    ] {
        let mut console = open(text);
        console.type_keys("enter enter down enter enter esc esc");
        assert_eq!(console.model.cluster.context.raw(), "staging-eu", "{text}");
    }
    assert!(open("lab").shows("ctx lab"), "{}", open("lab").screen());
    for text in [
        "ctx lab",
        "context lab",
        "CTX lab",
        "contexts lab",
        "ctx la",
    ] {
        let mut console = open(text);
        console.type_keys("enter");
        assert_eq!(console.model.cluster.context.raw(), "lab", "{text}");
    }
    for text in ["ctx lb", "ctx ab", "ctx zzz", "ctx lab x"] {
        let mut console = open(text);
        console.type_keys("enter enter");
        assert_eq!(console.model.cluster.context.raw(), "staging-eu", "{text}");
    }
}

#[test]
fn where_several_contexts_begin_so_enter_asks_which() {
    let mut console = open("");
    console.model.cluster.contexts = vec!["prod-eu".into(), "prod-us".into(), "prod".into()];
    console.type_text("ctx prod-");
    console.type_keys("enter");
    assert_eq!(console.model.cluster.context.raw(), "staging-eu");
    assert!(
        console.shows("enter again for prod-eu"),
        "{}",
        console.screen()
    );
    console.type_keys("backspace enter");
    assert_eq!(
        console.model.cluster.context.raw(),
        "prod",
        "the whole name"
    );
}

#[test]
fn no_letters_but_the_words_ns_and_namespace_switch_the_namespace() {
    let shop = Scope::Namespace("shop".into());
    for text in ["payments", "pay", "kube", "all", "all namespaces"] {
        let mut console = open("");
        namespaces(&mut console, &["kube-system", "payments", "shop"]);
        console.type_text(text);
        console.type_keys("enter enter esc esc");
        assert_eq!(console.model.cluster.scope, shop, "{text}");
    }
    for (text, scope) in [
        ("ns payments", Scope::Namespace("payments".into())),
        ("namespace pay", Scope::Namespace("payments".into())),
        ("ns system", Scope::Namespace("kube-system".into())),
        ("ns all", Scope::All),
    ] {
        let mut console = open("");
        namespaces(&mut console, &["kube-system", "payments", "shop"]);
        console.type_text(text);
        console.type_keys("enter");
        assert_eq!(
            console.model.cluster.scope,
            scope,
            "{text}: {}",
            console.screen()
        );
    }
}

#[test]
fn ns_and_ctx_alone_open_their_lists() {
    for text in ["ns", "namespace", "ctx", "context", "ctx "] {
        let mut console = open(text);
        console.type_keys("enter");
        let top = console.model.screen.overlays.last();
        assert!(
            matches!(top, Some(Overlay::Picker(_))),
            "{text}: {}",
            console.screen()
        );
    }
}

#[test]
fn a_kind_without_a_view_says_so_with_the_kubectl_line_that_shows_it() {
    for (text, line) in [
        ("svc", "kubectl --context staging-eu -n shop get services"),
        (
            "services",
            "kubectl --context staging-eu -n shop get services",
        ),
        (
            "service",
            "kubectl --context staging-eu -n shop get services",
        ),
        ("cm", "kubectl --context staging-eu -n shop get configmaps"),
        (
            "ingress",
            "kubectl --context staging-eu -n shop get ingresses",
        ),
        (
            "cronjobs",
            "kubectl --context staging-eu -n shop get cronjobs",
        ),
        (
            "hpa",
            "kubectl --context staging-eu -n shop get horizontalpodautoscalers",
        ),
        (
            "pvc",
            "kubectl --context staging-eu -n shop get persistentvolumeclaims",
        ),
        ("pv", "kubectl --context staging-eu get persistentvolumes"),
        ("nodes", "kubectl --context staging-eu get nodes"),
        (
            "secrets",
            "kubectl --context staging-eu -n shop get secrets",
        ),
        (
            "certificates",
            "kubectl --context staging-eu -n shop get certificates",
        ),
    ] {
        let mut console = Console::live(160, 50, harness::fixtures::outage());
        console.type_keys(":");
        console.type_text(text);
        assert!(
            console.shows("kubectl --context staging-eu"),
            "{text}: {}",
            console.screen()
        );
        console.type_keys("enter");
        assert!(console.shows(line), "{text}: {}", console.screen());
        assert!(console.shows("no view"), "{text}: {}", console.screen());
        assert!(is_open(&console), "{text}");
    }
    let mut console = Console::live(80, 24, harness::fixtures::outage());
    console.type_keys(":");
    console.type_text("ingress");
    console.type_keys("enter");
    insta::assert_snapshot!(console.screen());
}

#[test]
fn in_all_namespaces_the_kubectl_line_asks_for_all() {
    let mut console = Console::with(160, 50, model::settings::Settings::default(), Scope::All);
    console.connect();
    console.type_keys(":");
    console.type_text("svc");
    assert!(
        console.shows("kubectl --context staging-eu get services -A"),
        "{}",
        console.screen()
    );
}

#[test]
fn the_kinds_that_have_a_view_lead_to_it() {
    for (text, pane) in [
        ("po", Pane::Pods),
        ("pods", Pane::Pods),
        ("pod", Pane::Pods),
        ("deploy", Pane::Rollouts),
        ("deployments", Pane::Rollouts),
        ("sts", Pane::Rollouts),
        ("ds", Pane::Rollouts),
    ] {
        let mut console = open(text);
        console.type_keys("enter");
        assert_eq!(
            console.model.screen.focus,
            pane,
            "{text}: {}",
            console.screen()
        );
    }
}
