//! What pods may use and do use: in the wide list, on the page, and in the words of an OOM kill.

use super::*;
use keys::action::Action;
use keys::keymap::Place;
use model::amounts::Amounts;
use model::cluster::{Problem, ProblemClass};
use model::message::{ClusterMsg, Msg, Watch};
use model::usage::PodUsage;

fn with_resources(name: &str, resources: &Value, ended: &Value) -> Value {
    let app = container("app", &running(60), ended, 1);
    let ready = condition("Ready", "True", 50, "", "");
    let mut pod = pod(
        name,
        &json!({"status": {"conditions": [ready], "containerStatuses": [app]}}),
    );
    pod["spec"]["containers"][0]["resources"] = resources.clone();
    pod
}

fn limited(name: &str) -> Value {
    let resources = json!({"requests": {"cpu": "100m", "memory": "128Mi"}, "limits": {"cpu": "1500m", "memory": "256Mi"}});
    with_resources(name, &resources, &ended(137, "OOMKilled", 62))
}

fn free(name: &str) -> Value {
    with_resources(name, &json!({}), &ended(137, "OOMKilled", 62))
}

fn asked(console: &Console) -> Vec<String> {
    let wants = console.wants().into_iter();
    wants
        .filter_map(|want| match want.what {
            Watch::Usage(namespace) => Some(namespace.raw().to_owned()),
            _ => None,
        })
        .collect()
}

fn answer(console: &mut Console, answer: Result<Vec<PodUsage>, Problem>) {
    let epoch = console.model.cluster.epoch;
    console.send(Msg::Cluster(ClusterMsg::Usage {
        epoch,
        namespace: "shop".into(),
        answer,
    }));
}

fn used(name: &str, cpu: &str, memory: &str) -> PodUsage {
    let amounts = Amounts::read(Some(cpu), Some(memory));
    PodUsage {
        name: name.into(),
        containers: vec![("app".into(), amounts)],
    }
}

fn zoomed() -> Console {
    let mut console = seen(&[limited("a-lim"), free("b-free")], &[]);
    console.send(Msg::Input(model::message::Input::Resize {
        columns: 160,
        rows: 50,
    }));
    console
}

#[test]
fn after_an_oom_kill_the_limit_stands_in_the_row() {
    let console = seen(&[limited("a-lim"), free("b-free")], &[]);
    says(&console, "a-lim", &["OOMKilled at 256Mi limit"]);
    says(&console, "b-free", &["exit 137 OOM"]);
    let mut narrow = console;
    narrow.type_keys("z");
    narrow.send(Msg::Input(model::message::Input::Resize {
        columns: 80,
        rows: 24,
    }));
    says(&narrow, "a-lim", &["OOM"]);
    assert!(
        row(&narrow, "a-lim").contains("256Mi"),
        "{}",
        narrow.screen()
    );
}

#[test]
fn use_is_asked_for_only_while_it_is_shown() {
    let mut console = zoomed();
    assert_eq!(asked(&console), ["shop"]);
    answer(&mut console, Ok(vec![used("a-lim", "35m", "131Mi")]));
    console.type_keys("z");
    assert!(asked(&console).is_empty());
    assert!(
        console.model.cluster.measured.namespaces.is_empty(),
        "old by the time it is shown again"
    );
    console.type_keys("enter");
    assert_eq!(asked(&console), ["shop"], "the page of a pod");
    console.type_keys("esc");
    assert!(asked(&console).is_empty());
    let mut narrow = seen(&[limited("a-lim")], &[]);
    narrow.send(Msg::Input(model::message::Input::Resize {
        columns: 80,
        rows: 24,
    }));
    assert!(asked(&narrow).is_empty(), "{}", narrow.screen());
}

#[test]
fn the_wide_list_has_use_and_limit_of_each_pod() {
    let mut console = zoomed();
    says(&console, "a-lim", &["?/256Mi", "?/1.5"]);
    let free = used("b-free", "1250000000n", "12Gi");
    answer(
        &mut console,
        Ok(vec![used("a-lim", "35123456n", "134000Ki"), free]),
    );
    says(&console, "a-lim", &["131Mi/256Mi", "36m/1.5"]);
    says(&console, "b-free", &["12Gi", "1.25"]);
    assert!(!row(&console, "b-free").contains("12Gi/"));
    insta::assert_snapshot!(console.screen());
}

#[test]
fn what_is_not_measured_is_not_known_and_said_once() {
    for what in [
        "metrics.k8s.io is not served here",
        "reading metrics.k8s.io is forbidden",
    ] {
        let mut console = zoomed();
        let problem = Problem {
            class: ProblemClass::Refused,
            what: what.into(),
            next: "look at it with: kubectl top pods".into(),
        };
        answer(&mut console, Err(problem));
        let screen = console.screen();
        assert_eq!(screen.matches(what).count(), 1, "{screen}");
        assert!(screen.contains("is not known"), "{screen}");
        says(&console, "a-lim", &["?/256Mi"]);
        let quit = console.model.keymap.chord_of(Place::Global, Action::Quit);
        assert!(quit.is_some() && console.model.screen.status.is_none());
    }
}

#[test]
fn a_pod_that_is_not_among_the_measured_has_no_use_of_another() {
    let mut console = zoomed();
    answer(&mut console, Ok(vec![used("other", "35m", "131Mi")]));
    says(&console, "a-lim", &["?/256Mi"]);
    let epoch = console.model.cluster.epoch + 1;
    console.send(Msg::Cluster(ClusterMsg::Usage {
        epoch,
        namespace: "shop".into(),
        answer: Ok(vec![used("a-lim", "35m", "131Mi")]),
    }));
    says(&console, "a-lim", &["?/256Mi"]);
}

#[test]
fn the_page_of_a_pod_has_use_limits_and_requests_of_each_container() {
    let mut console = zoomed();
    console.type_keys("enter");
    let pod = console
        .model
        .cluster
        .pods
        .table
        .rows()
        .next()
        .unwrap()
        .clone();
    console.look(pod);
    assert!(
        console.shows("memory      use not known yet, limit 256Mi, request 128Mi"),
        "{}",
        console.screen()
    );
    answer(&mut console, Ok(vec![used("a-lim", "35m", "131Mi")]));
    assert!(
        console.shows("memory      131Mi used, limit 256Mi, request 128Mi"),
        "{}",
        console.screen()
    );
    assert!(
        console.shows("cpu         35m used, limit 1.5, request 100m"),
        "{}",
        console.screen()
    );
}
