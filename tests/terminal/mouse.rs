//! The mouse in a real terminal: only on request, and off again on every way out.

use components::pty::{Launch, Pty, Seen};
use rustix::process::Signal;
use vt100::{MouseProtocolEncoding, MouseProtocolMode};

fn layer(has_mouse: bool) -> Pty {
    let launch = Launch::program(components::built("examples/terminal"), &[]);
    let pty = if has_mouse {
        launch.with_mouse().env("MOUSE", "1").start()
    } else {
        launch.start()
    };
    pty.wait_for_text("size ");
    pty
}

fn is_on(seen: &Seen) -> bool {
    let screen = seen.terminal.screen();
    screen.mouse_protocol_mode() == MouseProtocolMode::PressRelease
        && screen.mouse_protocol_encoding() == MouseProtocolEncoding::Sgr
}

#[test]
fn it_is_switched_off_on_every_way_out() {
    for key in ["q", "p", "t"] {
        let mut pty = layer(true);
        assert!(pty.look(is_on), "{key}");
        pty.press(key);
        pty.wait_for_end();
        pty.assert_given_back();
    }
    for signal in [Signal::TERM, Signal::INT, Signal::QUIT, Signal::HUP] {
        let mut pty = layer(true);
        pty.signal(signal);
        pty.wait_for_end();
        pty.assert_given_back();
    }
    let mut pty = layer(true);
    pty.press("h");
    pty.wait_for_text("hangs");
    pty.signal(Signal::TERM);
    pty.wait_for_end();
    pty.assert_given_back();
}

#[test]
fn a_child_has_no_mouse_of_ours_and_afterwards_it_is_on_again() {
    let mut pty = layer(true);
    pty.press("s");
    pty.wait_for_text("which word?");
    pty.assert_given_back();
    pty.send("word\r");
    pty.wait_for_text("resumed");
    assert!(pty.look(is_on));
    pty.press("q");
    pty.wait_for_end();
    pty.assert_given_back();
}

#[test]
fn clicks_and_the_wheel_come_beside_keys_and_pastes() {
    let mut pty = layer(true);
    pty.send("\x1b[<0;5;3M");
    pty.wait_for_text("mouse Click 4 2");
    pty.send("\x1b[<0;5;3m\x1b[<65;120;40M");
    pty.wait_for_text("mouse WheelDown 119 39");
    pty.press("x");
    pty.wait_for_text("typed 1, key x");
    pty.send("\x1b[200~\x1b[<0;5;3M\x1b[201~");
    pty.wait_for_text("paste ^[[<0;5;3M");
}

#[test]
fn it_is_off_by_default_and_what_another_program_left_on_types_nothing() {
    let mut pty = layer(false);
    assert!(!pty.look(is_on));
    pty.send("\x1b[<0;5;3M\x1b[<65;120;40M");
    pty.press("x");
    pty.wait_for_text("typed 1, key x");
    let console = Launch::console(&["demo"]).size(80, 24).start();
    console.wait_for_text("CrashLoopBackOff");
    assert!(!console.look(is_on));
}

#[test]
fn a_click_in_the_console_selects_a_pod_and_confirms_nothing() {
    let launch = Launch::console(&["demo"]).size(80, 24).with_mouse();
    let mut pty = launch.env("WATCHFLOOR_MOUSE", "true").start();
    pty.wait_for_text("3 sick / 32");
    pty.wait_for_text("CrashLoopBackOff");
    assert!(pty.look(is_on));
    // The first line of pods that are well, below three that are sick.
    pty.send("\x1b[<0;10;9M");
    pty.press_until("x r", "dialog", |seen| {
        seen.text().contains("estart cart in shop?")
    });
    for row in 1..=24 {
        pty.send(format!("\x1b[<0;10;{row}M\x1b[<64;10;{row}M"));
    }
    pty.press("n");
    pty.wait_for_text("nothing was sent");
    pty.press("q");
    assert!(pty.wait_for_end().success());
    pty.assert_given_back();
}

#[test]
fn control_l_erases_the_screen_and_draws_everything() {
    let erased = |seen: &Seen| {
        let raw = String::from_utf8_lossy(&seen.raw).into_owned();
        raw.matches("\x1b[2J").count()
    };
    let mut pty = Launch::console(&["demo"]).size(80, 24).start();
    pty.wait_for_text("CrashLoopBackOff");
    for keys in ["ctrl-l", "/ ctrl-l", "esc m ctrl-l", "esc"] {
        let before = pty.look(erased);
        pty.press(keys);
        if keys.contains('l') {
            pty.wait_for("whole frame", |seen| erased(seen) > before);
            pty.wait_for_text("sick /");
        }
    }
    pty.press("q");
    assert!(pty.wait_for_end().success());
}
