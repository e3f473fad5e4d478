//! The real program in a pseudo terminal: it starts, works, and gives the terminal back whatever happens.
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod harness;

use harness::pty::Launch;
use rustix::process::Signal;
use std::path::PathBuf;

/// The terminal layer with nothing behind it (`examples/terminal.rs`): for what the console itself never does, such as hang.
fn layer() -> Launch {
    let folder = PathBuf::from(env!("CARGO_BIN_EXE_watchfloor"));
    Launch::program(folder.with_file_name("examples").join("terminal"), &[])
}

#[test]
fn it_starts_draws_and_gives_the_terminal_back_on_quit() {
    let mut pty = layer().start();
    pty.wait_for_text("size 120x40");
    pty.press("x");
    pty.wait_for_text("typed 1, key x");
    pty.press("q");
    assert!(pty.wait_for_end().success());
    pty.assert_given_back();
}

#[test]
fn every_ending_signal_gives_the_terminal_back() {
    for (signal, status) in [
        (Signal::TERM, 143),
        (Signal::INT, 130),
        (Signal::QUIT, 131),
        (Signal::HUP, 129),
    ] {
        let mut pty = layer().start();
        pty.wait_for_text("size 120x40");
        pty.signal(signal);
        assert_eq!(pty.wait_for_end().exit_code(), status, "{signal:?}");
        pty.assert_given_back();
    }
}
