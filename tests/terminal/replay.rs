//! What was recorded in a real terminal is replayed in the shell: the same screens, the same effects.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::time::{Duration, Instant};

use components::pty::{Launch, PATIENCE, Pty};
use rustix::process::Signal;

/// An outage, recorded by [`the_bad_deploy_is_recorded`] when this variable is set.
const RENEW: &str = "WATCHFLOOR_RENEW_RECORDING";

/// A file that is kept beside this test.
fn kept(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/terminal/recordings")
        .join(name)
}

fn run(arguments: &[&str], file: &Path) -> Output {
    Command::new(env!("CARGO_BIN_EXE_watchfloor"))
        .arg("replay")
        .arg(file)
        .args(arguments)
        .env_clear()
        .env("HOME", file.parent().unwrap())
        .output()
        .unwrap()
}

/// What a replay prints, when every effect is the recorded one.
fn replay(arguments: &[&str], file: &Path) -> String {
    let output = run(arguments, file);
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{said}");
    assert_eq!(said, "");
    String::from_utf8(output.stdout).unwrap()
}

/// What a replay says on standard error, and its status.
fn said(arguments: &[&str], file: &Path) -> (String, Option<i32>) {
    let output = run(arguments, file);
    (
        String::from_utf8(output.stderr).unwrap(),
        output.status.code(),
    )
}

/// The console on the bad deploy, recorded into `bad-deploy.jsonl` of its home.
fn recorded() -> (Pty, PathBuf) {
    let console = Launch::console(&["demo", "--pods", "0", "--record", "bad-deploy.jsonl"])
        .size(80, 24)
        .env("USER", "kate")
        .start();
    let path = console.home().join("bad-deploy.jsonl");
    (console, path)
}

/// The screen as it was before the console gave the terminal back.
fn last_screen(console: &Pty) -> String {
    let raw = console.look(|seen| seen.raw.clone());
    let leave = b"\x1b[?1049l";
    let end = raw.windows(leave.len()).rposition(|part| part == leave);
    let cells = |count| std::num::NonZeroU16::new(count).unwrap();
    let mut terminal = vt100::Parser::new(cells(24), cells(80), 0);
    terminal.process(&raw[..end.unwrap()]);
    let lines = terminal.screen().rows(0, 80);
    lines.fold(String::new(), |text, line| text + line.trim_end() + "\n")
}

#[test]
fn the_bad_deploy_is_recorded_and_its_replay_ends_in_the_same_screen() {
    let (mut console, path) = recorded();
    console.wait_for_text("CrashLoopBackOff");
    console.wait_for_text("HighErrorRate");
    console.press("i");
    console.wait_for_text("Open an incident");
    console.send("P1 checkout answers 5xx");
    console.press("enter");
    console.wait_for_text("incident open");
    console.press("2 g enter");
    console.wait_for_text("last ended  OOMKilled at");
    console.press("esc m");
    console.wait_for_text("ctrl-s save");
    console.send("r42 crashes, DB_PASSWORD=hunter2 is not it");
    console.press("ctrl-s");
    console.wait_for_text("✎ r42 crashes");
    console.press("q q");
    assert!(console.wait_for_end().success());

    let recording = fs::read_to_string(&path).unwrap();
    assert!(!recording.contains("hunter2"));
    assert_eq!(replay(&[], &path), last_screen(&console));
    let all = replay(&["--all"], &path);
    assert!(all.starts_with("--- frame 1 at "), "{all}");
    assert!(all.contains("Open an incident") && all.ends_with(&replay(&[], &path)));
    assert!(replay(&["--frame", "1"], &path).lines().count() == 24);
    assert_eq!(replay(&["--at", "0s"], &path), replay(&[], &path));

    if std::env::var_os(RENEW).is_some() {
        let host = rustix::system::uname();
        let host = format!("\"host\":{:?}", host.nodename());
        let recording = recording.replace(&host, "\"host\":\"bastion\"");
        fs::write(kept("bad-deploy.jsonl"), recording).unwrap();
        let screen = replay(&[], &kept("bad-deploy.jsonl"));
        fs::write(kept("bad-deploy.txt"), screen).unwrap();
    }
}

#[test]
fn a_recorded_outage_is_replayed_to_its_kept_screen() {
    let screen = replay(&[], &kept("bad-deploy.jsonl"));
    let right = fs::read_to_string(kept("bad-deploy.txt")).unwrap();
    assert!(
        screen == right,
        "it is now:\n{screen}\nIf that is meant, record it anew: {RENEW}=1 cargo test --test terminal replay"
    );
}

#[test]
fn an_effect_that_changed_is_named_with_its_line() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("changed.jsonl");
    let text = fs::read_to_string(kept("bad-deploy.jsonl")).unwrap();
    let line = text
        .lines()
        .position(|line| line.contains(r#""Save""#))
        .unwrap()
        + 1;
    let changed: Vec<String> = text
        .lines()
        .enumerate()
        .map(|(at, text)| {
            let is_chosen = at + 1 == line;
            let renamed = text.replacen("\"kind\":\"phase.change", "\"kind\":\"phase.chosen", 1);
            if is_chosen { renamed } else { text.to_owned() }
        })
        .collect();
    fs::write(&path, changed.join("\n") + "\n").unwrap();
    let (words, status) = said(&[], &path);
    assert_eq!(status, Some(1), "{words}");
    for part in [
        &format!("line {line}, effect "),
        "at /Store/Save/draft/kind: expected \"phase.chosen",
        "found \"phase.change",
    ] {
        assert!(words.contains(part), "no {part:?} in: {words}");
    }
}

#[test]
fn a_console_that_was_killed_leaves_a_recording_that_can_be_replayed() {
    let (mut console, path) = recorded();
    console.wait_for_text("CrashLoopBackOff");
    let end = Instant::now() + PATIENCE;
    while !fs::read_to_string(&path).is_ok_and(|text| text.contains("{\"frame\":")) {
        assert!(Instant::now() < end, "no frame is in the recording");
        console.listen_for(Duration::from_millis(20));
    }
    console.signal(Signal::KILL);
    console.wait_for_end();
    let text = fs::read_to_string(&path).unwrap();
    let whole = text.rfind('\n').unwrap() + 1;
    fs::write(&path, text[..whole].to_owned() + "{\"message\":{\"at\":").unwrap();
    let output = run(&[], &path);
    let words = String::from_utf8(output.stderr).unwrap();
    assert!(output.status.success(), "{words}");
    assert!(words.contains("was not written to its end"), "{words}");
    assert!(String::from_utf8(output.stdout).unwrap().contains("DEMO"));
}

#[test]
fn what_cannot_be_replayed_or_recorded_is_said() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("kubeconfig");
    fs::write(&file, "apiVersion: v1\nkind: Config\n").unwrap();
    let (words, status) = said(&[], &file);
    assert_eq!(status, Some(1));
    assert!(words.contains("kubeconfig is not a recording"), "{words}");
    let (words, _) = said(&[], &folder.path().join("nowhere"));
    assert!(words.contains("cannot open"), "{words}");
    let (words, status) = said(&["--frame", "100000"], &kept("bad-deploy.jsonl"));
    assert_eq!(status, Some(2));
    assert!(words.contains("there is no frame 100000"), "{words}");
    let (words, status) = said(&["--frame", "1", "--all"], &kept("bad-deploy.jsonl"));
    assert_eq!(status, Some(2));
    assert!(words.contains("cannot be used with"), "{words}");

    let there = file.to_str().unwrap();
    let mut console = Launch::console(&["demo", "--pods", "0", "--record", there]).start();
    assert_eq!(console.wait_for_end().exit_code(), 1);
    assert!(
        console.text().contains("is there already"),
        "{}",
        console.text()
    );
    assert_eq!(
        fs::read_to_string(&file).unwrap(),
        "apiVersion: v1\nkind: Config\n"
    );
}
