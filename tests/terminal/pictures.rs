//! The board during each outage of the demo: recorded once in a real terminal, replayed in four sizes; and the pictures of
//! the README, made of the same frames.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Once;

use components::pty::{Launch, Pty};
use components::svg::svg;
use ratatui::buffer::Buffer;
use runtime::replay::replay;

/// Set, the outages are recorded anew, and frames and pictures made of that.
const RENEW_RECORDING: &str = "WATCHFLOOR_RENEW_RECORDING";
/// Set, frames and pictures are made anew of the recordings.
const RENEW_PICTURES: &str = "WATCHFLOOR_RENEW_PICTURES";
const RECORDED: (u16, u16) = (200, 60);
const SIZES: [(u16, u16); 4] = [(80, 24), (120, 40), (160, 50), (200, 60)];
/// Of the README's pictures.
const PICTURE: (u16, u16) = (120, 40);
/// The dialog of the rollback asks this.
const QUESTION: &str = "Roll checkout back r42 -> r41 in shop?";

/// An outage of the demo: what is seen of it, its title, keys that select what it is about, and a line of its log.
struct Outage {
    scenario: &'static str,
    seen: &'static [&'static str],
    title: &'static str,
    keys: &'static str,
    log: &'static str,
}

const OUTAGES: [Outage; 4] = [
    Outage {
        scenario: "bad-deploy",
        seen: &["HighErrorRate", "CrashLoopBackOff", "r42 1.9.2"],
        title: "P1 checkout answers 5xx",
        keys: "2 g",
        log: "exhausted",
    },
    Outage {
        scenario: "out-of-memory",
        seen: &["ContainerOOMKilled", "OOMKilled at"],
        title: "P1 catalog is killed for its memory",
        keys: "2 g",
        log: "heap",
    },
    Outage {
        scenario: "connection-pool",
        seen: &["HighErrorRate payment", "Postgres"],
        title: "P1 the shop answers 5xx",
        keys: "1 g",
        log: "HighErrorRate",
    },
    Outage {
        scenario: "stuck-rollout",
        seen: &["KubeDeploymentRolloutStuck", "ImagePullBackOff"],
        title: "P3 frontend does not get its release",
        keys: "2 g",
        log: "Logs pod/frontend",
    },
];

fn kept(name: &str) -> PathBuf {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    root.join("tests/terminal/recordings").join(name)
}

fn is_set(variable: &str) -> bool {
    std::env::var_os(variable).is_some()
}

fn recording(scenario: &str) -> PathBuf {
    static RECORDED_ANEW: Once = Once::new();
    if is_set(RENEW_RECORDING) {
        RECORDED_ANEW.call_once(|| OUTAGES.iter().for_each(record));
    }
    path(scenario)
}

fn path(scenario: &str) -> PathBuf {
    kept(&format!("board-{scenario}.jsonl"))
}

/// Somebody opens an incident, looks at what it is about and writes a note; after the bad deploy a rollback is asked for.
fn record(outage: &Outage) {
    let name = "board.jsonl";
    let arguments = [
        "demo",
        "--scenario",
        outage.scenario,
        "--pods",
        "0",
        "--record",
        name,
    ];
    let mut console = Launch::console(&arguments)
        .size(RECORDED.0, RECORDED.1)
        .env("USER", "kate")
        .start();
    for text in outage.seen {
        console.wait_for_text(text);
    }
    console.press("i");
    console.wait_for_text("Open an incident");
    console.send(outage.title);
    console.press("enter");
    console.wait_for_text("incident open");
    console.press(outage.keys);
    console.wait_for_text(outage.log);
    note(&mut console, "paged the team, looking at it");
    if outage.scenario == "bad-deploy" {
        // The lines of the panes move a second after the last key.
        console.wait_for_text("! CrashLoopBackOff (checkout");
        console.press("4 g x b");
        console.wait_for_text("Roll back checkout in shop?");
        console.press("enter");
        console.wait_for_text(QUESTION);
        console.wait_for("answers of all checks", |seen| {
            !seen.text().contains("asking")
        });
        console.press("esc esc");
    }
    console.press("q q");
    assert!(console.wait_for_end().success());
    let host = rustix::system::uname();
    let host = format!("\"host\":{:?}", host.nodename());
    let text = fs::read_to_string(console.home().join(name)).unwrap();
    let text = text.replace(&host, "\"host\":\"bastion\"");
    fs::write(path(outage.scenario), text).unwrap();
}

fn note(console: &mut Pty, words: &str) {
    console.press("m");
    console.wait_for_text("ctrl-s save");
    console.send(words);
    console.press("ctrl-s");
    console.wait_for_text(&format!("✎ {}", &words[..10]));
}

/// Text and cells of the frames of an outage, had the terminal been of this size.
fn frames(scenario: &str, (columns, rows): (u16, u16)) -> Vec<(String, Buffer)> {
    let text = fs::read_to_string(recording(scenario)).unwrap();
    let size = |columns: u16, rows: u16| format!("{{\"columns\":{columns},\"rows\":{rows}}}");
    let recorded = size(RECORDED.0, RECORDED.1);
    assert!(text.contains(&recorded));
    let text = text.replace(&recorded, &size(columns, rows));
    let mut frames = Vec::new();
    replay(text.as_bytes(), |frame| {
        frames.push((frame.text(), frame.buffer()))
    })
    .unwrap();
    frames
}

/// The last frame before a rollback was asked for.
fn board(scenario: &str, size: (u16, u16)) -> (String, Buffer) {
    let frames = frames(scenario, size).into_iter();
    let asks = |text: &str| {
        [" act: ", "reading the revisions", "╭ Roll", "again leaves"]
            .iter()
            .any(|part| text.contains(part))
    };
    let frames = frames.take_while(|(text, _)| !asks(text));
    frames.last().expect("a frame")
}

fn hold(path: &Path, right: &str) {
    if is_set(RENEW_RECORDING) || is_set(RENEW_PICTURES) {
        fs::write(path, right).unwrap();
    }
    let kept = fs::read_to_string(path).unwrap_or_default();
    let name = path.display();
    assert!(
        kept == right,
        "{name} is another now:\n{right}\nIf that is meant: {RENEW_PICTURES}=1 cargo test --test terminal pictures"
    );
}

#[test]
fn each_outage_looks_as_it_did_in_every_size() {
    for outage in &OUTAGES {
        for (columns, rows) in SIZES {
            let (text, _) = board(outage.scenario, (columns, rows));
            assert!(text.contains("00:00:0"), "no clock of the incident: {text}");
            let name = format!("board-{}-{columns}x{rows}.txt", outage.scenario);
            hold(&kept(&name), &text);
        }
    }
}

#[test]
fn the_pictures_of_the_readme_are_frames_of_the_bad_deploy() {
    let assets = Path::new(env!("CARGO_MANIFEST_DIR")).join("assets");
    let (text, buffer) = board("bad-deploy", PICTURE);
    assert!(!text.contains("not open yet"), "{text}");
    let title = "The board of watchfloor during an outage: alerts, sick pods first, rollouts, logs and the timeline";
    hold(&assets.join("board.svg"), &svg(&buffer, title));

    let asks = |(text, _): &(String, Buffer)| text.contains(QUESTION);
    let mut frames = frames("bad-deploy", PICTURE).into_iter();
    let (_, buffer) = frames.rfind(asks).expect("the dialog");
    let title = "The dialog before a rollback: what changes, what was checked, the kubectl line that does the same";
    hold(&assets.join("rollback.svg"), &svg(&buffer, title));
}
