//! Containers that somebody added to look into a pod: on its page and in its logs, and no word about how the pod is.

use model::logs::LogFollow;
use model::pods::{ContainerRole, ContainerRow, ContainerState, PodExtras, PodRow, Termination};

use harness::console::Console;
use harness::fixtures::{ago, pod};

/// A well pod with an init container, a sidecar, and an ephemeral container in this state.
fn debugged(state: ContainerState) -> PodRow {
    let mut row = pod("web-1-a");
    let app = row.containers[0].clone();
    let one = |name: &str, role, state| ContainerRow {
        name: name.into(),
        image: format!("registry.example/{name}:1").into(),
        role,
        state,
        ..app.clone()
    };
    let running = || ContainerState::Running { since: ago(30) };
    let done = ContainerState::Terminated(Box::default());
    row.containers = Box::new([
        one("migrate", ContainerRole::Init, done),
        one("proxy", ContainerRole::Sidecar, running()),
        app.clone(),
    ]);
    let debugger = ContainerRow {
        is_ready: false,
        ..one("debugger-x", ContainerRole::Ephemeral, state)
    };
    row.extras = Some(Box::new(PodExtras {
        ephemeral: Box::new([debugger]),
        ..PodExtras::default()
    }));
    row
}

fn failed() -> ContainerState {
    ContainerState::Terminated(Box::new(Termination {
        exit_code: 1,
        reason: Some("Error".into()),
        finished: ago(20),
        ..Termination::default()
    }))
}

#[test]
fn it_is_followed_with_the_others_and_alone_by_a_key() {
    for state in [ContainerState::Running { since: ago(30) }, failed()] {
        let mut console = Console::live(120, 40, vec![debugged(state)]);
        console.type_keys("j o");
        let names = |console: &Console| -> Vec<String> {
            let followed = console.followed();
            let name = |follow: &LogFollow| follow.stream.container.raw().to_owned();
            followed.iter().map(name).collect()
        };
        assert_eq!(names(&console), ["app", "debugger-x", "proxy"]);
        let mut seen = Vec::new();
        for _ in 0..5 {
            console.type_keys("C");
            seen.push(names(&console).join(" "));
        }
        assert_eq!(
            seen,
            [
                "migrate",
                "proxy",
                "app",
                "debugger-x",
                "app debugger-x proxy"
            ]
        );
    }
}

#[test]
fn the_page_tells_the_kinds_of_containers_apart() {
    let row = debugged(ContainerState::Running { since: ago(30) });
    let mut console = Console::live(120, 60, vec![row.clone()]);
    console.type_keys("j enter");
    console.look(row);
    let place = |words: &str| {
        let line = console.line_with(words);
        line.unwrap_or_else(|| panic!("{words}\n{}", console.screen()))
    };
    assert!(place("Init container") < place("migrate"));
    assert!(place("Sidecar") < place("proxy"));
    let head = place("Ephemeral container");
    assert!(head < place("debugger-x") && head < place("registry.example/debugger-x:1"));
    assert!(console.shows("running for 3"), "{}", console.screen());
    assert!(!console.shows("not ready"), "{}", console.screen());
}

#[test]
fn how_it_ended_is_no_trouble_of_the_pod() {
    let waiting = ContainerState::Waiting {
        reason: "ImagePullBackOff".into(),
        message: None,
    };
    for state in [failed(), waiting, ContainerState::Unknown] {
        let console = Console::live(120, 40, vec![debugged(state)]);
        assert!(console.shows("0 sick / 1"), "{}", console.screen());
        assert!(console.shows("Running"), "{}", console.screen());
    }
}
