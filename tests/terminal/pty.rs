//! The console itself in a pseudo terminal: it starts, works on a cluster that does not answer, and gives the terminal back on
//! every way out.

use std::fs;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use components::pty::{Launch, Pty, Seen};
use rustix::process::Signal;
use tempfile::TempDir;

/// The promise: the process is gone within a second of its terminal. The allowance is for a loaded test machine.
const GONE_WITHIN: Duration = Duration::from_millis(1000 + 500);

/// A cluster that refuses every connection: port 9 is "discard", which nobody serves any more.
const KUBECONFIG: &str = "
apiVersion: v1
kind: Config
current-context: nowhere
contexts: [{name: nowhere, context: {cluster: nowhere, user: nobody, namespace: shop}}]
clusters: [{name: nowhere, cluster: {server: 'http://127.0.0.1:9'}}]
users: [{name: nobody, user: {}}]
";

/// The console on that cluster, before it is started.
struct Console {
    folder: TempDir,
}

impl Console {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("config"), KUBECONFIG).unwrap();
        Console { folder }
    }

    fn kubeconfig(&self) -> String {
        self.folder
            .path()
            .join("config")
            .to_str()
            .unwrap()
            .to_owned()
    }

    fn launch(&self) -> Launch {
        Launch::console(&["--kubeconfig", &self.kubeconfig()])
    }

    /// Started, with its panes on the screen.
    fn start(&self) -> Pty {
        started(self.launch())
    }
}

fn started(launch: Launch) -> Pty {
    let pty = launch.start();
    pty.wait_for_text("nowhere");
    pty
}

#[test]
fn it_starts_answers_keys_and_gives_the_terminal_back_on_quit() {
    let console = Console::new();
    let mut pty = console.start();
    pty.wait_for_text("Pods");
    pty.press("?");
    pty.wait_for_text("leave the console");
    pty.press("esc");
    pty.wait_for("panes alone", |seen| {
        !seen.text().contains("leave the console")
    });
    pty.press("q");
    assert!(pty.wait_for_end().success());
    pty.assert_given_back();
}

#[test]
fn what_could_not_be_saved_is_shown_as_such_and_printed_at_the_end() {
    let console = Console::new();
    // A file stands where the state directory should be.
    let launch = console.launch().env("XDG_STATE_HOME", console.kubeconfig());
    let mut pty = started(launch);
    pty.press("m");
    pty.wait_for_text("its title");
    pty.send("paged the database team");
    pty.wait_for_text("NOT ON DISK");
    pty.press("ctrl-s");
    pty.wait_for_text("NOT SAVED paged");
    pty.press("q");
    pty.wait_for_end();
    let text = pty.text();
    assert!(text.contains("could not be saved"), "{text}");
    assert!(text.contains("note  paged the database team"), "{text}");
    pty.assert_given_back();
}

#[test]
fn every_ending_signal_gives_the_terminal_back() {
    let console = Console::new();
    for (signal, status) in [
        (Signal::TERM, 143),
        (Signal::INT, 130),
        (Signal::QUIT, 131),
        (Signal::HUP, 129),
    ] {
        let mut pty = console.start();
        pty.signal(signal);
        assert_eq!(pty.wait_for_end().exit_code(), status, "{signal:?}");
        pty.assert_given_back();
    }
}

#[test]
fn control_c_twice_leaves() {
    let console = Console::new();
    let mut pty = console.start();
    pty.press("ctrl-c ctrl-c");
    assert!(pty.wait_for_end().success());
    pty.assert_given_back();
}

#[test]
fn it_is_gone_within_a_second_of_its_terminal_even_where_hangups_are_ignored() {
    let console = Console::new();
    let program = env!("CARGO_BIN_EXE_watchfloor");
    for line in [
        "exec \"$0\" --kubeconfig \"$1\"",
        "trap '' HUP; exec \"$0\" --kubeconfig \"$1\"",
    ] {
        let mut pty = started(Launch::program(
            "/bin/sh",
            &["-c", line, program, &console.kubeconfig()],
        ));
        let gone = Instant::now();
        pty.hang_up();
        pty.wait_for_end();
        let outlived = pty.ended_at().unwrap().saturating_duration_since(gone);
        assert!(outlived < GONE_WITHIN, "{line}: {outlived:?}");
    }
}

#[test]
fn control_z_gives_the_terminal_to_the_shell_and_fg_brings_a_fresh_screen() {
    let console = Console::new();
    let mut pty = Launch::program("/bin/bash", &["--norc", "--noprofile", "-i"]).start();
    pty.wait_for_text("$ ");
    pty.send(format!(
        "{} --kubeconfig {}\r",
        env!("CARGO_BIN_EXE_watchfloor"),
        console.kubeconfig()
    ));
    pty.wait_for_text("Pods");
    pty.press("ctrl-z");
    pty.wait_for("shell", |seen| {
        is_shell(seen) && seen.text().contains("Stopped")
    });
    pty.send("echo back-$((40+2))\r");
    pty.wait_for_text("back-42");
    pty.resize(100, 30);
    pty.send("fg\r");
    pty.wait_for("fresh screen", |seen| {
        let text = seen.text();
        seen.terminal.screen().alternate_screen()
            && text.contains("Pods")
            && !text.contains("back-42")
    });
    let widest = pty.text().lines().map(|line| line.chars().count()).max();
    assert_eq!(
        widest,
        Some(100),
        "drawn for the size that the terminal has now"
    );
    pty.press("q");
    pty.wait_for("prompt", |seen| {
        is_shell(seen) && seen.text().trim_end().ends_with('$')
    });
    pty.send("exit\r");
    pty.wait_for_end();
}

#[test]
fn a_reader_who_stops_reading_does_not_keep_it_from_leaving() {
    let console = Console::new();
    let mut pty = started(console.launch().size(500, 200));
    pty.read_output(false);
    for _ in 0..40 {
        pty.press("? esc");
    }
    let asked = Instant::now();
    pty.signal(Signal::TERM);
    assert_eq!(pty.wait_for_end().exit_code(), 143);
    assert!(
        asked.elapsed() < Duration::from_secs(4),
        "{:?}",
        asked.elapsed()
    );
    pty.read_output(true);
    pty.wait_for_end();
    pty.assert_given_back();
}

#[test]
fn any_size_from_one_cell_up_and_a_storm_of_them_is_no_panic() {
    let console = Console::new();
    let mut pty = console.start();
    for keys in ["2", "?"] {
        pty.press(keys);
        for round in 0..200_u16 {
            pty.resize(1 + round * 37 % 500, 1 + round * 53 % 200);
        }
        for (columns, rows) in [(1, 1), (1, 200), (500, 1), (2, 2), (20, 5), (500, 200)] {
            // Counted before: the frame may be there before anybody waits for it, and nothing else moves on one cell.
            let before = pty.look(|seen| seen.oracle.judge().frames);
            pty.resize(columns, rows);
            pty.wait_for("frame of the new size", |seen| {
                seen.oracle.judge().frames > before
            });
        }
    }
    pty.press("esc");
    pty.resize(100, 30);
    pty.wait_for_text("Pods");
    pty.press("q");
    assert!(pty.wait_for_end().success());
    pty.assert_given_back();
}

#[test]
fn under_no_color_not_one_colour_is_set() {
    let console = Console::new();
    let mut colored = console.start();
    colored.press("q");
    assert!(colored.wait_for_end().success());
    assert!(
        colored.look(|seen| seen.oracle.judge().colors) > 0,
        "this test could not fail"
    );
    let mut plain = started(console.launch().env("NO_COLOR", "1"));
    plain.press("q");
    assert!(plain.wait_for_end().success());
    assert_eq!(plain.look(|seen| seen.oracle.judge().colors), 0);
}

#[test]
fn without_utf8_only_ascii_is_written() {
    let console = Console::new();
    let mut pty = started(console.launch().env("LANG", "C"));
    pty.press("?");
    pty.wait_for_text("leave the console");
    pty.wait_for_text("+----");
    assert!(pty.look(|seen| seen.raw.is_ascii()));
}

#[test]
fn without_a_terminal_or_on_a_dumb_one_there_is_one_clear_line() {
    let console = Console::new();
    let run = Command::new(env!("CARGO_BIN_EXE_watchfloor"))
        .args(["--kubeconfig", &console.kubeconfig()])
        .env("TERM", "xterm")
        .env("XDG_STATE_HOME", console.folder.path())
        .stdin(Stdio::null())
        .output()
        .unwrap();
    assert_eq!(run.status.code(), Some(2));
    let said = String::from_utf8(run.stderr).unwrap();
    assert!(
        said.contains("is not a terminal") && said.lines().count() == 1,
        "{said}"
    );
    assert!(run.stdout.is_empty());
    let mut pty = console.launch().env("TERM", "dumb").start();
    assert_eq!(pty.wait_for_end().exit_code(), 2);
    assert!(
        pty.text().contains("cannot show a full screen"),
        "{}",
        pty.text()
    );
}

#[test]
fn half_a_megabyte_of_noise_on_the_keyboard_is_survived() {
    let console = Console::new();
    let mut pty = console.start();
    let mut noise = fastrand::Rng::with_seed(11);
    // The noise is to be survived, not to leave: no `q`, no Ctrl-C, no Ctrl-Z, no login on the real terminal.
    let mut byte = move || {
        std::iter::repeat_with(|| noise.u8(..))
            .find(|byte| !b"qL\x03\x1a".contains(byte))
            .unwrap()
    };
    for _ in 0..8 {
        let chunk: Vec<u8> = std::iter::repeat_with(&mut byte).take(64 * 1024).collect();
        pty.send(chunk);
    }
    pty.signal(Signal::TERM);
    assert_eq!(pty.wait_for_end().exit_code(), 143);
    pty.assert_given_back();
}

/// The shell has the screen; it brackets pastes itself.
fn is_shell(seen: &Seen) -> bool {
    let screen = seen.terminal.screen();
    !screen.alternate_screen() && !screen.hide_cursor()
}

/// The demo on a small screen, with a pod selected whose workload is known.
fn demo(launch: Launch) -> Pty {
    let mut pty = launch.size(80, 24).start();
    pty.wait_for_text("3 sick / 32");
    pty.wait_for_text("CrashLoopBackOff");
    pty.press("j");
    let question = "estart checkout in shop?";
    pty.press_until("x r", "dialog", |seen| seen.text().contains(question));
    pty.press("n");
    pty.wait_for("end of it", |seen| !seen.text().contains(question));
    pty
}

fn is_applied(seen: &Seen) -> bool {
    seen.text().contains("restart checkout in shop: applied")
}

#[test]
fn a_yes_does_not_count_while_nobody_reads_the_terminal() {
    let mut pty = demo(Launch::console(&["demo"]));
    pty.read_output(false);
    pty.press("x r");
    // Longer than a dialog has to be on the screen: all of it is in the kernel's buffer.
    pty.listen_for(Duration::from_secs(1));
    pty.press("y");
    pty.listen_for(Duration::from_secs(1));
    pty.read_output(true);
    pty.wait_for_text("too early");
    pty.press_until("y", "end of the dialog", is_applied);
    // The intent and its result: the yes that nobody could give left nothing.
    let entries = pty.text().matches("restart checkout in shop").count();
    assert_eq!(entries, 2, "{}", pty.text());
}

#[test]
fn a_terminal_that_answers_nothing_gets_the_name_typed_instead() {
    let mut pty = demo(Launch::console(&["demo"]).mute());
    pty.press("x r");
    pty.wait_for_text("estart checkout in shop?");
    pty.press("y");
    pty.wait_for_text("type the deployment's name");
    pty.send("checkout");
    pty.wait_for_text("checkout_");
    pty.press("enter");
    pty.press_until("y", "end of the dialog", is_applied);
    // It is known now: the next one begins with the name.
    pty.press("x r");
    pty.wait_for_text("type the deployment's name");
}
