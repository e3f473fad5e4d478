//! Promises 7 and 9: the terminal comes back, and the console works at 3 a.m. over a bad link. Every way out, every signal and every
//! blocked reader are tried in `tests/terminal.rs` and `tests/pty.rs`; here it is the demo that a stranger tries first.

use std::time::{Duration, Instant};

use rustix::process::Signal;

use components::pty::{Launch, Pty};

/// How long nothing may be written: nothing that is on the screen changes within a minute.
const QUIET: Duration = Duration::from_secs(10);
/// What was said at the start is gone after this long.
const SETTLED: Duration = Duration::from_secs(10);

fn demo(arguments: &[&str]) -> Launch {
    Launch::console(&[&["demo", "--pods", "0"], arguments].concat())
}

mod promise_7_the_terminal_comes_back {
    use super::{Signal, demo};

    #[test]
    fn the_demo_gives_the_terminal_back_when_it_is_ended() {
        let mut pty = demo(&[]).start();
        pty.wait_for_text("CrashLoopBackOff");
        pty.signal(Signal::TERM);
        assert_eq!(pty.wait_for_end().exit_code(), 143);
        pty.assert_given_back();
    }
}

mod promise_9_a_bad_link {
    use super::{Instant, QUIET, SETTLED, demo, listen_within_a_minute};

    #[test]
    fn a_small_screen_without_colour_or_utf8_shows_the_outage() {
        let mut pty = demo(&["--ascii"]).size(80, 24).env("NO_COLOR", "1").start();
        pty.wait_for_text("CrashLoopBackOff");
        pty.press("?");
        pty.wait_for_text("leave the console");
        pty.press("esc q");
        assert!(pty.wait_for_end().success());
        assert_eq!(pty.look(|seen| seen.oracle.judge().colors), 0);
        assert!(pty.look(|seen| seen.raw.is_ascii()));
        let widest = pty.text().lines().map(str::len).max();
        assert!(widest <= Some(80));
    }

    #[test]
    fn while_nothing_happens_not_one_byte_is_written_between_two_minutes() {
        let mut pty = demo(&["--scenario", "healthy"]).size(80, 24).start();
        pty.wait_for_text("live");
        let started = Instant::now();
        pty.listen_for(SETTLED);
        assert!(started.elapsed() >= SETTLED);
        listen_within_a_minute(&pty, QUIET);
        let before = pty.look(|seen| seen.raw.len());
        pty.listen_for(QUIET);
        let written = pty.look(|seen| {
            String::from_utf8_lossy(&seen.raw[before..])
                .escape_debug()
                .to_string()
        });
        assert_eq!(written, "");
        pty.press("q");
        assert!(pty.wait_for_end().success());
    }
}

/// Waits until this much of the present minute is left.
fn listen_within_a_minute(pty: &Pty, needed: Duration) {
    let second = u64::try_from(chrono::Utc::now().timestamp() % 60).unwrap();
    // A second on either side: the frame of the minute takes a moment.
    if second < 1 || second + needed.as_secs() + 1 >= 60 {
        pty.listen_for(Duration::from_secs(62 - second));
    }
}
