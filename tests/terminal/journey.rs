//! The bad deploy from the keyboard alone, in a real terminal: diagnosed, scaled, restarted, noted, exported; the Markdown
//! tells it.

use std::fs;
use std::path::PathBuf;

use components::pty::{Launch, Pty};

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
    console.wait_for_text("last ended  exit");
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
        "first crash",
        "scale checkout 6 -> 7 in shop",
        "restart checkout in shop",
        "revision 42 crashes: rolling back next",
        "kubectl --context demo -n shop scale deployment/checkout",
        "kate",
    ] {
        assert!(markdown.contains(told), "no {told:?} in:\n{markdown}");
    }

    console.press("q");
    assert_eq!(console.wait_for_end().exit_code(), 0);
    console.assert_given_back();
}
