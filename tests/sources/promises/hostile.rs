//! Promise 6: cluster text cannot speak to the terminal.

use emulator::Options;
use emulator::faults::Rule;
use model::cluster::{Health, Problem, ProblemClass, Scope};
use model::message::{TableChange, WatchChange};
use model::pods::{ContainerState, PodRow};
use model::settings::Settings;
use text::Outside;

use crate::bed::{Bed, STREAM, json};
use components::oracle::is_hidden;
use components::pty::Launch;
use harness::console::Console;
use harness::fixtures::{back_off, crashing};

/// What a terminal would obey, hide or turn around.
fn vectors() -> Vec<String> {
    let mut vectors: Vec<String> = [
        "\x1b[31mX",
        "\x1b[8mhidden",
        "\x1b[2J\x1b[1;1H",
        "\x1b[?1049l\x1bc\x1b[?25l\x1b[5i",
        "\x1b]0;pwn\x07",
        "\x1b]2;x\x1b\\",
        "\x1b[21t\x1b[6n\x1b[c\x1b[>0q",
        "\x1b]10;?\x07\x1bP$qm\x1b\\\x1bP+q544e\x1b\\",
        "\x1b]52;c;cm0gLXJmIH4K\x07",
        "\x1b]8;;http://evil\x1b\\text\x1b]8;;\x1b\\",
        "\x1b]8;;file:///etc/passwd",
        "\x1b]1337;File=x\x1b]50;x\x1b_G\x1b\\\x1b^x\x1bX",
        "\u{9b}31m\u{9d}0;x\u{9c}",
        "real error\rall good",
        "ok\u{8}\u{8}NO\u{7f}\0\u{7}",
        "\u{b}\u{c}\u{e}\u{f}\tx\ny",
        "\u{202e}gnp.exe\u{202c}\u{2066}x\u{2069}\u{200f}\u{61c}",
        "prod\u{200b}pr\u{ad}od\u{feff}\u{2060}\u{e0041}\u{3164}\u{115f}",
        "\u{2028}\u{2029}\u{fff9}\u{fe0f}👩\u{200d}👧",
        "\u{fdfd}\u{301}lonely",
        "[red]{{.x}}%s%n$(id)`id`",
    ]
    .map(str::to_owned)
    .into();
    vectors.push(format!("a{}", "\u{301}".repeat(10_000)));
    vectors.push("\u{7}".repeat(1_000));
    vectors.push("\u{e47}".repeat(30_000));
    vectors
}

/// A pod that says this wherever a pod can say something.
fn saying(vector: &str) -> PodRow {
    let said = || Some(Outside::from(vector));
    let mut pod = crashing("checkout-7d9f-x2k", 1, "Error");
    pod.name = vector.into();
    pod.namespace = vector.into();
    pod.node = said();
    (pod.reason, pod.message) = (said(), said());
    if let Some(ready) = &mut pod.ready {
        (ready.reason, ready.message) = (said(), said());
    }
    let container = &mut pod.containers[0];
    container.name = vector.into();
    container.image = vector.into();
    container.state = ContainerState::Waiting {
        reason: vector.into(),
        message: said(),
    };
    if let Some(last) = &mut container.last {
        (last.reason, last.message) = (said(), said());
    }
    pod
}

fn assert_harmless(console: &Console, vector: &str) {
    let (columns, rows) = console.model.screen.size;
    for cell in &console.buffer().content {
        let symbol = cell.symbol();
        assert!(
            !symbol.chars().any(|c| c.is_control() || is_hidden(c)),
            "{symbol:?} of {vector:?} at {columns}x{rows}"
        );
        assert!(symbol.len() <= 32, "{} bytes in a cell", symbol.len());
    }
}

#[test]
fn hostile_text_is_shown_and_never_obeyed_wherever_it_comes_from() {
    for vector in vectors() {
        for (columns, rows) in [(80, 24), (200, 50)] {
            let mut console = Console::with(columns, rows, Settings::default(), Scope::All);
            console.connect();
            console.model.cluster.context = Outside::from(vector.as_str());
            let pod = saying(&vector);
            let uid = pod.uid.to_string();
            console.list(vec![pod.clone()]);
            assert_harmless(&console, &vector);
            console.type_keys("g enter");
            console.look(pod);
            let mut event = back_off(&uid);
            event.reason = vector.as_str().into();
            event.message = vector.as_str().into();
            let change = WatchChange::Batch {
                rows: vec![event],
                gone: Vec::new(),
                unreadable: vec![vector.as_str().into()],
            };
            console.table(TableChange::DetailEvents(uid.as_str().into(), change));
            for keys in ["page-down", "page-down", "esc"] {
                assert_harmless(&console, &vector);
                console.type_keys(keys);
            }
            let problem = Problem {
                class: ProblemClass::Refused,
                what: vector.as_str().into(),
                next: "look".into(),
            };
            console.pods(WatchChange::Health(Health::Stopped { problem }));
            assert_harmless(&console, &vector);
            console.model.cluster.limit = Some(vector.as_str().into());
            assert_harmless(&console, &vector);
        }
    }
}

/// A server that lies about the names, nodes and reasons of all its pods; the judge reads every byte that reaches the terminal.
#[tokio::test(flavor = "multi_thread")]
async fn a_lying_server_reaches_the_terminal_as_text_only() {
    let bed = Bed::of(&Options::default(), None).await;
    let vectors = vectors();
    let events = bed.stream().await;
    let lies: Vec<String> = events
        .iter()
        .zip(vectors.iter().cycle())
        .map(|(event, vector)| lie(event, vector))
        .collect();
    bed.script([
        Rule::next(STREAM, json(lies.concat())),
        Rule::always(STREAM, crate::bed::status(503, None)),
        Rule::always("/pods?watch=1", emulator::faults::Fault::HangAt(0)),
    ])
    .await;
    let kubeconfig = bed.kubeconfig();
    let shown = tokio::task::spawn_blocking(move || {
        let mut pty = Launch::console(&["--kubeconfig", kubeconfig.to_str().unwrap()]).start();
        pty.wait_for_text("^[[31mX");
        pty.press("j enter");
        pty.wait_for_text("Events, latest first");
        pty.press("esc q");
        assert!(pty.wait_for_end().success());
        pty.assert_clean();
        pty.assert_given_back();
    });
    shown.await.unwrap();
}

/// The event with this in the place of every word that a person reads.
fn lie(event: &str, vector: &str) -> String {
    let mut event: serde_json::Value = serde_json::from_str(event).unwrap();
    if event["type"] != "BOOKMARK" {
        let object = &mut event["object"];
        object["metadata"]["name"] = vector.into();
        object["spec"]["nodeName"] = vector.into();
        object["status"]["reason"] = vector.into();
        object["status"]["message"] = vector.into();
    }
    format!("{event}\n")
}
