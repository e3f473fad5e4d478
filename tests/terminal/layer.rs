//! The terminal layer by itself (`tests/layer/terminal.rs`) in a pseudo terminal: what it promises whatever stands on it, hanging and
//! panicking included.

use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use components::pty::{Launch, Pty, Seen};
use rustix::process::Signal;

/// The promise: the process is gone within a second of its terminal. The allowance is for a loaded test machine.
const GONE_WITHIN: Duration = Duration::from_millis(1000 + 500);

/// The terminal layer with nothing behind it (`tests/layer/terminal.rs`): for what the console itself never does, such as hang.
fn layer_path() -> PathBuf {
    components::built("examples/terminal")
}

fn layer() -> Launch {
    Launch::program(layer_path(), &[])
}

fn started(launch: Launch) -> Pty {
    let pty = launch.start();
    pty.wait_for_text("size ");
    pty
}

/// How long the program outlived its terminal.
fn outlived(pty: &mut Pty) -> Duration {
    let gone = Instant::now();
    pty.hang_up();
    pty.wait_for_end();
    pty.ended_at().unwrap().saturating_duration_since(gone)
}

#[test]
fn it_starts_draws_and_gives_the_terminal_back_on_quit() {
    let mut pty = started(layer());
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
        let mut pty = started(layer());
        pty.signal(signal);
        assert_eq!(pty.wait_for_end().exit_code(), status, "{signal:?}");
        pty.assert_given_back();
    }
}

#[test]
fn a_signal_ends_a_program_that_hangs_and_gives_the_terminal_back() {
    let mut pty = started(layer());
    pty.press("h");
    pty.wait_for_text("hangs");
    pty.signal(Signal::TERM);
    assert_eq!(pty.wait_for_end().exit_code(), 143);
    pty.assert_given_back();
}

#[test]
fn a_second_signal_does_not_wait() {
    let mut pty = started(layer());
    pty.press("h");
    pty.wait_for_text("hangs");
    let first = Instant::now();
    // Two at once may be heard as one: so again until it is gone, well before its patience of three seconds.
    while !pty.look(Seen::is_given_back) && first.elapsed() < Duration::from_secs(2) {
        pty.signal(Signal::INT);
    }
    assert_eq!(pty.wait_for_end().exit_code(), 130);
    assert!(
        first.elapsed() < Duration::from_secs(2),
        "{:?}",
        first.elapsed()
    );
    pty.assert_given_back();
}

#[test]
fn a_panic_gives_the_terminal_back_and_leaves_a_report_that_only_its_owner_reads() {
    use std::os::unix::fs::PermissionsExt as _;
    for (key, said) in [
        ("p", "a panic of the UI ^[[31m<U+202E>"),
        ("t", "a panic elsewhere"),
    ] {
        let mut pty = started(layer());
        pty.press(key);
        assert_eq!(pty.wait_for_end().exit_code(), 101);
        pty.assert_given_back();
        assert!(pty.text().contains(said), "{}", pty.text());
        let report = std::fs::read_dir(pty.home()).unwrap().find_map(|entry| {
            let path = entry.unwrap().path();
            path.file_name()
                .unwrap()
                .to_str()
                .unwrap()
                .starts_with("crash-")
                .then_some(path)
        });
        let report = report.expect("a crash report");
        assert_eq!(
            std::fs::metadata(&report).unwrap().permissions().mode() & 0o777,
            0o600
        );
        let text = std::fs::read_to_string(&report).unwrap();
        assert!(text.contains(said) && !text.contains('\u{1b}'), "{text}");
    }
}

#[test]
fn a_panic_in_a_task_is_reported_and_neither_shown_nor_the_end() {
    let mut pty = started(layer());
    pty.press("k");
    let reported = || {
        let mut entries = std::fs::read_dir(pty.home()).unwrap();
        entries.any(|entry| {
            let path = entry.unwrap().path();
            std::fs::read_to_string(path).is_ok_and(|text| text.contains("a panic in a task"))
        })
    };
    let asked = Instant::now();
    while !reported() {
        assert!(asked.elapsed() < components::pty::PATIENCE, "no report");
        pty.listen_for(Duration::from_millis(20));
    }
    pty.press("z");
    pty.wait_for_text("key z");
    assert!(!pty.look(|seen| seen.text().contains("panic")));
    pty.press("q");
    assert!(pty.wait_for_end().success());
    pty.assert_given_back();
}

#[test]
fn it_is_gone_within_a_second_of_its_terminal() {
    let mut pty = started(layer());
    let outlived = outlived(&mut pty);
    assert!(outlived < GONE_WITHIN, "{outlived:?}");
}

#[test]
fn it_is_gone_within_a_second_even_when_it_hangs() {
    let mut pty = started(layer());
    pty.press("h");
    pty.wait_for_text("hangs");
    let outlived = outlived(&mut pty);
    assert!(outlived < GONE_WITHIN, "{outlived:?}");
}

#[test]
fn it_is_gone_within_a_second_where_hangups_are_ignored_or_go_to_a_parent() {
    let layer = layer_path();
    for line in ["trap '' HUP; exec \"$0\"", "trap '' HUP; \"$0\"; exit 0"] {
        let mut pty = started(Launch::program(
            "/bin/sh",
            &["-c", line, layer.to_str().unwrap()],
        ));
        pty.press("h");
        pty.wait_for_text("hangs");
        let outlived = outlived(&mut pty);
        assert!(outlived < GONE_WITHIN, "{line}: {outlived:?}");
    }
}

#[test]
fn a_reader_who_stops_reading_stops_only_the_drawing() {
    let mut pty = started(layer().size(500, 200));
    pty.read_output(false);
    // Each of these is a frame of 100 KB: the second already finds the slot taken.
    for _ in 0..50 {
        pty.press("b");
    }
    pty.press("x");
    pty.read_output(true);
    pty.wait_for_text("typed 51, key x");
    let frames = pty.look(|seen| seen.oracle.judge().frames);
    assert!(
        frames < 20,
        "{frames} frames: they were queued instead of skipped"
    );
    pty.press("q");
    assert!(pty.wait_for_end().success());
    pty.assert_given_back();
}

#[test]
fn a_signal_gives_the_terminal_back_even_when_nobody_reads() {
    let mut pty = started(layer().size(500, 200));
    pty.read_output(false);
    pty.press("b b b b");
    let asked = Instant::now();
    pty.signal(Signal::TERM);
    assert_eq!(pty.wait_for_end().exit_code(), 143);
    assert!(
        asked.elapsed() < Duration::from_secs(2),
        "{:?}",
        asked.elapsed()
    );
    pty.read_output(true);
    pty.wait_for_end();
    pty.assert_given_back();
}

#[test]
fn control_z_gives_the_terminal_to_the_shell_and_fg_brings_a_fresh_screen() {
    let mut pty = Launch::program("/bin/bash", &["--norc", "--noprofile", "-i"]).start();
    pty.wait_for_text("$ ");
    pty.send(format!("{}\r", layer_path().display()));
    pty.wait_for_text("size 120x40");
    for by_key in [true, false] {
        if by_key {
            pty.press("ctrl-z");
        } else {
            let child = child_of(pty.pid());
            Command::new("kill")
                .args(["-TSTP", &child])
                .status()
                .unwrap();
        }
        pty.wait_for("shell", |seen| {
            is_shell(seen) && seen.text().contains("Stopped")
        });
        pty.send("echo back-$((40+2))\r");
        pty.wait_for_text("back-42");
        pty.resize(100, 30);
        pty.send("fg\r");
        pty.wait_for_text("size 100x30");
        pty.wait_for_text("resumed");
        pty.resize(120, 40);
        pty.wait_for_text("size 120x40");
        assert!(
            !pty.text().contains("back-42"),
            "the shell's text shines through:\n{}",
            pty.text()
        );
    }
    pty.press("q");
    pty.wait_for("prompt", |seen| {
        is_shell(seen) && seen.text().trim_end().ends_with('$')
    });
    pty.send("exit\r");
    pty.wait_for_end();
}

#[test]
fn a_stop_that_we_did_not_arrange_ends_in_a_whole_screen() {
    let mut pty = started(layer());
    pty.signal(Signal::STOP);
    pty.signal(Signal::CONT);
    pty.wait_for_text("resumed");
    pty.press("q");
    assert!(pty.wait_for_end().success());
    pty.assert_given_back();
}

#[test]
fn without_a_shell_control_z_says_so_and_goes_on() {
    let mut pty = started(layer());
    pty.press("ctrl-z");
    pty.wait_for_text("no shell to come back to");
}

/// As in a container that was entered from outside: the ids of the session and of its group are 0 there.
#[test]
fn control_z_says_so_as_well_where_the_session_began_outside_its_pid_namespace() {
    let namespace = ["--user", "--map-root-user", "--pid", "--fork"];
    let can = Command::new("unshare").args(namespace).arg("true").status();
    if !can.is_ok_and(|status| status.success()) {
        eprintln!("skipped: no PID namespace of our own here");
        return;
    }
    let program = layer_path();
    let arguments = [&namespace[..], &[program.to_str().unwrap()]].concat();
    let mut pty = started(Launch::program("unshare", &arguments));
    pty.press("ctrl-z");
    pty.wait_for_text("no shell to come back to");
}

#[test]
fn a_child_gets_the_real_terminal_and_every_key_typed_meanwhile() {
    let mut pty = started(layer());
    pty.press("s");
    pty.wait_for_text("which word?");
    pty.assert_given_back();
    pty.send("word\r");
    pty.wait_for_text("resumed");
    assert!(pty.look(|seen| String::from_utf8_lossy(&seen.raw).contains("got word")));
    pty.press("x");
    pty.wait_for_text("typed 2, key x");
}

#[test]
fn any_size_from_one_cell_up_and_a_storm_of_them_is_no_panic() {
    let mut pty = started(layer());
    for round in 0..300_u16 {
        pty.resize(1 + round * 37 % 500, 1 + round * 53 % 200);
    }
    for (columns, rows) in [(1, 1), (1, 200), (500, 1), (2, 2), (500, 200), (100, 30)] {
        pty.resize(columns, rows);
    }
    pty.wait_for_text("size 100x30");
    pty.press("q");
    assert!(pty.wait_for_end().success());
    pty.assert_given_back();
}

#[test]
fn keys_that_come_together_are_not_alone_and_a_paste_is_no_key() {
    let mut pty = started(layer());
    pty.send("xy");
    pty.wait_for_text("typed 2, key y (not alone)");
    pty.send("z");
    pty.wait_for("key alone", |seen| {
        seen.text().contains("typed 3, key z ") && !seen.text().contains("(not alone)")
    });
    pty.send("\x1b");
    pty.wait_for_text("typed 4, key esc");
    pty.send("\x1b[200~qqq\x1b[201~");
    pty.wait_for_text("typed 4, paste qqq cut 0");
}

#[test]
fn a_terminal_is_asked_behind_a_frame_and_its_answer_is_no_key() {
    let mut pty = started(layer());
    // Nobody asked for these.
    pty.send("\x1b[5;5R\x1b[24;80R");
    pty.wait_for_text("typed 0, 0 answered");
    pty.press("a");
    pty.wait_for_text("typed 1, 1 answered");
    pty.press("a");
    pty.wait_for_text("typed 2, 2 answered");
}

#[test]
fn an_unread_terminal_answers_when_it_is_read_again() {
    let mut pty = started(layer());
    pty.read_output(false);
    pty.press("a");
    // The frame is in the kernel: what is typed is taken, and no answer comes.
    pty.press("x x x x");
    pty.send("\x1b[3;3R");
    pty.read_output(true);
    pty.wait_for_text("typed 5, 1 answered");
}

#[test]
fn an_answer_that_comes_in_pieces_types_nothing() {
    let mut pty = started(layer().mute());
    pty.press("a");
    pty.wait_for("question", |seen| seen.raw.ends_with(b"\x1b[2;1H\x1b[6n"));
    pty.send("\x1b[2;");
    // Longer than after Escape: the rest of a key would have been given up.
    pty.listen_for(Duration::from_millis(300));
    pty.send("1R");
    pty.wait_for_text("typed 1, 1 answered");
    pty.press("x");
    pty.wait_for_text("typed 2, key x");
}

#[test]
fn megabytes_of_noise_on_the_keyboard_are_survived() {
    let mut pty = started(layer());
    let mut noise = fastrand::Rng::with_seed(7);
    // Nothing that the example obeys: the noise is to be survived, not to quit or hang it.
    let mut byte = move || {
        std::iter::repeat_with(|| noise.u8(..))
            .find(|byte| !b"aqpthcsb\x1a".contains(byte))
            .unwrap()
    };
    for _ in 0..32 {
        let chunk: Vec<u8> = std::iter::repeat_with(&mut byte).take(64 * 1024).collect();
        pty.send(chunk);
    }
    // Whatever the noise left open (a sequence, an answer, a paste) ends here.
    pty.send("\x07\x1b\\\x1b[201~");
    pty.wait_for_frame();
    pty.signal(Signal::TERM);
    assert_eq!(pty.wait_for_end().exit_code(), 143);
    pty.assert_given_back();
}

#[test]
fn only_a_yank_reaches_the_clipboard() {
    let mut pty = started(layer());
    pty.send("\x1b[200~\x1b]52;c;cm0=\x07\x1b[201~");
    pty.wait_for_text("^[]52;c;cm0=^G");
    assert_eq!(pty.look(|seen| seen.oracle.judge().copied.len()), 0);
    pty.press("c");
    pty.wait_for("copy", |seen| seen.oracle.judge().copied == ["aGVsbG8="]);
}

#[test]
fn without_utf8_only_ascii_is_written() {
    let mut pty = started(layer().env("LANG", "C"));
    pty.send("\x1b[200~é실─\x1b[201~");
    pty.wait_for_text("paste ???- cut 0");
    assert!(pty.look(|seen| seen.raw.is_ascii()));
}

#[test]
fn without_a_terminal_there_is_one_clear_line() {
    let run = Command::new(layer_path())
        .env("TERM", "xterm")
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .output()
        .unwrap();
    assert_eq!(run.status.code(), Some(2));
    let said = String::from_utf8(run.stderr).unwrap();
    assert!(
        said.contains("standard input is not a terminal") && said.lines().count() == 1,
        "{said}"
    );
    assert!(run.stdout.is_empty());
}

#[test]
fn a_dumb_terminal_gets_one_clear_line() {
    for launch in [layer().env("TERM", "dumb"), layer().without_env("TERM")] {
        let mut pty = launch.start();
        assert_eq!(pty.wait_for_end().exit_code(), 2);
        assert!(
            pty.text().contains("cannot show a full screen"),
            "{}",
            pty.text()
        );
        pty.assert_given_back();
    }
}

/// The shell has the screen; it brackets pastes itself.
fn is_shell(seen: &Seen) -> bool {
    let screen = seen.terminal.screen();
    !screen.alternate_screen() && !screen.hide_cursor()
}

/// The first child of a process, as `ps` tells.
fn child_of(pid: u32) -> String {
    let run = Command::new("ps")
        .args(["-o", "pid=", "--ppid", &pid.to_string()])
        .output()
        .unwrap();
    String::from_utf8(run.stdout)
        .unwrap()
        .split_whitespace()
        .next()
        .expect("a child")
        .to_owned()
}
