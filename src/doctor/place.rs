//! The terminal the doctor was asked from: asked by its environment and its size alone, nothing is sent to it.

use std::io::IsTerminal;

use model::finding::Finding;
use terminal::Profile;

/// Everything the console promises to show at once needs this much.
const SIZE: (u16, u16) = (80, 24);

/// How the terminal stands.
pub fn terminal() -> Vec<Finding> {
    let profile = Profile::detect();
    let variable = |name: &str| std::env::var(name).unwrap_or_default();
    let mut findings = Vec::new();
    if !std::io::stdin().is_terminal() || !std::io::stdout().is_terminal() {
        findings.push(Finding::lessened(
            "terminal",
            "input or output is not a terminal here, so its size is not known",
            "ask again without a pipe, where the console will run (over SSH: ssh -t)",
        ));
    } else if let Ok(size) = rustix::termios::tcgetwinsize(std::io::stdout()) {
        let words = format!("{} columns, {} rows", size.ws_col, size.ws_row);
        findings.push(if size.ws_col < SIZE.0 || size.ws_row < SIZE.1 {
            let next = format!("make the window at least {}x{}", SIZE.0, SIZE.1);
            Finding::lessened("terminal", words, next)
        } else {
            Finding::good("terminal", words)
        });
    }
    findings.push(kind(&profile, &variable("TERM")));
    findings.push(if profile.utf8 && profile.signs {
        Finding::good("characters", "the locale is UTF-8")
    } else if profile.utf8 {
        let words =
            "the fonts of the Linux console have few signs: frames and signs are drawn with ASCII";
        Finding::good("characters", words)
    } else {
        Finding::lessened(
            "characters",
            "the locale is not UTF-8: drawn with ASCII alone",
            "if the terminal can do it, export LC_ALL=C.UTF-8",
        )
    });
    let colours = if profile.color {
        "16 colours"
    } else {
        "no colours (NO_COLOR)"
    };
    findings.push(Finding::good("colours", colours));
    if !variable("TMUX").is_empty() {
        findings.push(Finding::good(
            "tmux",
            "inside tmux; copying needs `set -g set-clipboard on` there",
        ));
    }
    if !variable("STY").is_empty() {
        findings.push(Finding::lessened(
            "screen",
            "inside GNU screen, which does not pass on what is copied",
            "select with the mouse instead, or use tmux",
        ));
    }
    findings
}

fn kind(profile: &Profile, term: &str) -> Finding {
    if profile.cursor {
        return Finding::good("TERM", term);
    }
    let words = match term {
        "" => "TERM is not set: no full screen can be shown".to_owned(),
        term => format!("TERM={term} cannot show a full screen"),
    };
    Finding::bad(
        "TERM",
        words,
        "set TERM to what your terminal is, for example xterm-256color",
    )
}
