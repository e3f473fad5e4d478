//! `ConfigMaps`, Secrets and autoscalers: what changed of those that pods on the board read, and whose pods are older.

use harness::changes::{autoscaler, config, manager, reading};
use harness::console::{Console, text};
use harness::fixtures::{ago, crashing, pod, versioned};
use harness::writing::checkout;
use model::cluster::{Health, Kind, Problem, ProblemClass};
use model::message::{TableChange, Watch, WatchChange};
use model::pods::{ContainerState, PodRow};

fn watching() -> Console {
    let mut console = Console::writing(reading(checkout(3), &["settings"], &["key"]));
    console.relisted(
        1,
        vec![config("settings", 1), config("other", 1)],
        TableChange::ConfigMaps,
    );
    console.relisted(1, vec![config("key", 1)], TableChange::Secrets);
    console.relisted(1, vec![autoscaler(2, 10, 1)], TableChange::Autoscalers);
    console.advance(60_000);
    console.take_effects();
    console
}

fn now(console: &Console) -> i64 {
    console.at.wall.timestamp()
}

#[test]
fn a_configmap_that_pods_read_changes() {
    let mut console = watching();
    console.changed(vec![config("settings", 2)], TableChange::ConfigMaps);
    let at = now(&console) - 1;
    console.managed_by(vec![manager("kubectl-edit", at)]);
    let drafts = console.appended();
    assert_eq!(
        drafts[0].title.raw(),
        "ConfigMap settings changed in shop, used by checkout, by kubectl-edit"
    );
    assert_eq!(drafts[0].occurred_at.timestamp(), at);
    assert_eq!(drafts[0].change, None);
    console.changed(vec![config("key", 2)], TableChange::Secrets);
    console.managed_by(vec![]);
    assert_eq!(
        console.told(),
        ["change.config: Secret key changed in shop, used by checkout, by whom is not known"]
    );
    console.went("config-settings", TableChange::ConfigMaps);
    assert_eq!(
        console.told(),
        ["change.deletion: ConfigMap settings deleted in shop, by whom is not known"]
    );
}

#[test]
fn one_that_nothing_on_the_board_reads_says_nothing() {
    let mut console = watching();
    console.changed(vec![config("other", 2)], TableChange::ConfigMaps);
    console.went("config-other", TableChange::ConfigMaps);
    // The same name, but a Secret.
    console.changed(vec![config("settings", 2)], TableChange::Secrets);
    console.changed(vec![config("settings", 3)], TableChange::Secrets);
    // Seen again as it was.
    console.changed(vec![config("settings", 1)], TableChange::ConfigMaps);
    console.advance(60_000);
    assert_eq!(console.told(), [""; 0]);
    assert_eq!(console.questions(), []);
}

#[test]
fn limits_of_an_autoscaler_change() {
    let mut console = watching();
    console.changed(vec![autoscaler(2, 3, 2)], TableChange::Autoscalers);
    let at = now(&console);
    console.managed_by(vec![manager("argocd-controller", at)]);
    let drafts = console.appended();
    assert_eq!(
        drafts[0].title.raw(),
        "limits of HPA scaler 2..10 pods -> 2..3 pods in shop, by Argo CD (argocd-controller)"
    );
    assert_eq!(
        drafts[0].change.as_ref().unwrap().before,
        Some("2..10 pods".into())
    );
    console.changed(vec![autoscaler(2, 3, 3)], TableChange::Autoscalers);
    assert_eq!(console.questions(), []);
}

#[test]
fn a_pod_that_started_before_is_marked_and_one_that_started_after_is_not() {
    let mut console = watching();
    assert!(!console.shows("started before"));
    console.changed(vec![config("settings", 2)], TableChange::ConfigMaps);
    assert!(
        console.shows("started before ConfigMap"),
        "{}",
        console.screen()
    );
    console.type_keys("enter");
    let seen: PodRow = pod("checkout-7d9f-a");
    console.look(seen);
    assert!(
        console.shows("started before ConfigMap settings changed, 0s ago"),
        "{}",
        console.screen()
    );
    console.type_keys("esc");
    for name in ["checkout-7d9f-a", "checkout-7d9f-b", "checkout-7d9f-c"] {
        let mut young = versioned(pod(name), 2);
        young.containers[0].state = ContainerState::Running { since: ago(-120) };
        console.upsert(vec![young]);
    }
    assert!(!console.shows("started before"), "{}", console.screen());
}

#[test]
fn what_pods_read_stands_next_to_the_workload_itself() {
    let mut console = watching();
    console.send(model::message::Msg::Input(model::message::Input::Resize {
        columns: 120,
        rows: 40,
    }));
    console.changed(vec![config("settings", 2)], TableChange::ConfigMaps);
    console.managed_by(vec![]);
    console.changed(vec![autoscaler(2, 3, 2)], TableChange::Autoscalers);
    console.managed_by(vec![]);
    console.keep();
    let mut sick = versioned(crashing("checkout-7d9f-a", 1, "Error"), 2);
    sick.created = ago(3 * 86_400);
    sick.ready.as_mut().unwrap().since = None;
    sick.containers[0].last.as_mut().unwrap().finished = ago(-70);
    console.upsert(vec![sick]);
    console.advance(6_000);
    console.type_keys("!");
    let page = text(&console.buffer());
    for line in [
        "limits of HPA scaler 2..10 pods -> 2..3 pods in shop, by whom is not known [itself]",
        "ConfigMap settings changed in shop, used by checkout, by whom is not known [its configuration]",
    ] {
        assert!(page.contains(line), "{page}");
    }
    // It reads it no more: the change is one of its namespace.
    console.deployments(vec![versioned(reading(checkout(3), &[], &["key"]), 12)]);
    let page = text(&console.buffer());
    assert!(
        page.contains("used by checkout, by whom is not known [its namespace]"),
        "{page}"
    );
}

#[test]
fn what_may_not_be_read_is_said_where_changes_are_and_nowhere_else() {
    let mut console = watching();
    let limits = console.model.cluster.limits().len();
    let problem = Problem {
        class: ProblemClass::Forbidden,
        what: "list secrets in shop: forbidden (403)".into(),
        next: "ask for the right".into(),
    };
    console.table(TableChange::Secrets(WatchChange::Health(Health::Stopped {
        problem,
    })));
    assert_eq!(console.model.cluster.limits().len(), limits);
    console.type_keys("!");
    assert!(
        console.shows("Secrets: not watched (forbidden)"),
        "{}",
        console.screen()
    );
    assert!(!console.shows("ConfigMaps: not watched"));
}

#[test]
fn they_are_watched_in_the_scope_alone_and_after_the_pods() {
    let kinds = [Kind::ConfigMap, Kind::Secret, Kind::HorizontalPodAutoscaler];
    let mut console = Console::new(80, 24);
    console.connect();
    let scopes = |console: &Console| {
        let wants = console.wants().into_iter();
        let scopes = wants.filter_map(|want| match want.what {
            Watch::Table(kind, scope) if kinds.contains(&kind) => Some(scope),
            _ => None,
        });
        scopes.collect::<Vec<_>>()
    };
    assert_eq!(scopes(&console), []);
    console.list(vec![pod("checkout-7d9f-a")]);
    let shop = model::cluster::Scope::Namespace("shop".into());
    assert_eq!(scopes(&console), [shop.clone(), shop.clone(), shop]);
}
