//! The bad deploy from the keyboard alone, in a real terminal: diagnosed, scaled, restarted, noted, exported; the Markdown
//! tells it.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use rustix::process::Signal;

use components::pty::{Launch, Pty};
use components::sqlite;

/// Answers yes as a person does: again when the dialog took the first for type-ahead.
fn confirm(console: &mut Pty, question: &str) {
    console.wait_for_text(question);
    console.press_until("y", "end of the dialog", |seen| {
        !seen.text().contains(question)
    });
}

fn exported(console: &Pty) -> String {
    let exports = console.home().join("state/watchfloor/demo/exports");
    let files: Vec<PathBuf> = fs::read_dir(exports)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    assert_eq!(files.len(), 1, "{files:?}");
    fs::read_to_string(&files[0]).unwrap()
}

#[test]
fn the_bad_deploy_is_worked_on_and_told_from_the_keyboard_alone() {
    let mut console = Launch::console(&["demo"])
        .size(80, 24)
        .env("USER", "kate")
        .start();
    console.wait_for_text("3 sick / 32");
    console.wait_for_text("CrashLoopBackOff");

    console.press("i");
    console.wait_for_text("Open an incident");
    console.send("P1 checkout answers 5xx");
    console.press("enter");
    console.wait_for_text("incident open");

    console.press("j enter");
    console.wait_for_text("last ended  ");
    console.press("page-down");
    console.wait_for_text("Back-off restarting failed container");
    console.press("esc");

    console.press("x s");
    console.wait_for_text("replicas   6");
    console.press("backspace 7 enter");
    confirm(&mut console, "Scale checkout 6 -> 7 in shop?");
    console.wait_for_text("scale checkout 6 -> 7 in shop: applied");

    console.press("x r");
    confirm(&mut console, "estart checkout in shop?");
    console.wait_for_text("restart checkout in shop: applied");

    console.press("m");
    console.wait_for_text("ctrl-s save");
    console.send("revision 42 crashes: rolling back next");
    console.press("ctrl-s");
    console.wait_for_text("✎ revision 42 crashes");

    console.press("e");
    console.wait_for_text("written to");
    let markdown = exported(&console);
    for told in [
        "checkout answers 5xx",
        "rollout r42 of checkout: 1.9.1 -> 1.9.2",
        "first known crash",
        "scale checkout 6 -> 7 in shop",
        "restart checkout in shop",
        "revision 42 crashes: rolling back next",
        "kubectl --context demo -n shop scale deployment/checkout",
        "kate",
    ] {
        assert!(markdown.contains(told), "no {told:?} in:\n{markdown}");
    }

    // An incident is open: that is said first.
    console.press("q q");
    assert_eq!(console.wait_for_end().exit_code(), 0);
    console.assert_given_back();
}

/// `watchfloor note` beside the console, on the same timeline.
fn note_from_the_shell(home: &Path, text: &str) -> Output {
    let config = home.join("note-config/watchfloor");
    fs::create_dir_all(&config).unwrap();
    let state = home.join("state/watchfloor/demo");
    let setting = format!("state-dir = '{}'\n", state.display());
    fs::write(config.join("config.toml"), setting).unwrap();
    Command::new(env!("CARGO_BIN_EXE_watchfloor"))
        .args(["note", text])
        .env("XDG_CONFIG_HOME", home.join("note-config"))
        .output()
        .unwrap()
}

/// An older SQLite that believes itself alone with the file carries the journal over and deletes it. It must never have reason to.
#[test]
fn every_note_is_there_after_exports_a_foreign_reader_and_kill_9() {
    let Some(sqlite3) = sqlite::find() else {
        return;
    };
    let mut console = Launch::console(&["demo"]).start();
    console.wait_for_text("3 sick / 32");
    let file = console.home().join("state/watchfloor/demo/timeline.db");
    let note = |console: &mut Pty, text: &str| {
        console.press("m");
        console.wait_for_text("ctrl-s save");
        console.send(text);
        console.press("ctrl-s");
        console.wait_for_text(&format!("✎ {text}"));
    };
    for round in 1..=3 {
        note(&mut console, &format!("kept {round}"));
        console.press("e");
        let exports = console.home().join("state/watchfloor/demo/exports");
        console.wait_for("export", |_| {
            fs::read_dir(&exports).is_ok_and(|files| files.count() == round)
        });
        console.wait_for_text("written to");
        sqlite3.ask(&file, "select count(*) from entry");
        note(&mut console, &format!("after {round}"));
        let shell = note_from_the_shell(console.home(), &format!("shell {round}"));
        assert!(shell.status.success(), "{shell:?}");
        sqlite3.ask(&file, "select count(*) from entry");
    }
    console.signal(Signal::KILL);
    console.wait_for_end();
    let titles = sqlite3.ask(
        &file,
        "select title from entry where kind = 'note' order by place",
    );
    let titles: BTreeSet<&str> = titles.lines().collect();
    let expected = (1..=3)
        .flat_map(|round| ["kept", "after", "shell"].map(|which| format!("{which} {round}")));
    for title in expected {
        assert!(
            titles.contains(title.as_str()),
            "{title:?} is gone: {titles:?}"
        );
    }
}

/// The export is behind the note on the way to the disk, however fast the keys come.
#[test]
fn an_export_right_after_a_note_has_the_note() {
    let mut console = Launch::console(&["demo"]).start();
    console.wait_for_text("3 sick / 32");
    for round in 1..=5 {
        console.press("m");
        console.wait_for_text("ctrl-s save");
        console.send(format!("quick {round}"));
        console.press("ctrl-s e");
        let exports = console.home().join("state/watchfloor/demo/exports");
        let newest = || {
            let mut files: Vec<PathBuf> = fs::read_dir(&exports)
                .into_iter()
                .flatten()
                .map(|entry| entry.unwrap().path())
                .collect();
            files.sort();
            (files.len() == round).then(|| fs::read_to_string(files.last().unwrap()).unwrap())
        };
        console.wait_for("whole export", |_| {
            newest().is_some_and(|text| text.contains(&format!("quick {round}")))
        });
    }
}
