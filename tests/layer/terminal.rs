//! The terminal layer by itself: shows the size and what is typed. `q` quits, `p`, `t` and `k` panic here, in another thread and
//! in a task, `h` hangs for ever, `c` copies, `s` runs a shell command on the real terminal, `b` draws as much as fits,
//! `a` asks whether it is shown, Ctrl-Z stops. With MOUSE in its environment it takes the mouse.

use std::process::{Command, ExitCode};

use keys::key::Key;
use ratatui::buffer::Buffer;
use ratatui::style::Style;
use terminal::{
    self, Drawn, Events, GONE_STATUS, Options, Profile, Signal, Terminal, TerminalEvent,
};
use text::SafeText;

/// What is shown.
#[derive(Default)]
struct State {
    size: (u16, u16),
    last: String,
    hangs: bool,
    typed: usize,
    flood: Option<char>,
    asks: bool,
    answers: usize,
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    let crash_directory = std::env::var_os("HOME").map(Into::into);
    let options = Options {
        profile: Profile::detect(),
        mouse: std::env::var_os("MOUSE").is_some(),
        crash_directory,
    };
    match terminal::enter(options) {
        Ok((terminal, events)) => run(terminal, events).await,
        Err(error) => {
            eprintln!("terminal: {error}");
            ExitCode::from(terminal::EnterError::EXIT_STATUS)
        }
    }
}

async fn run(mut terminal: Terminal, mut events: Events) -> ExitCode {
    let mut state = State {
        size: terminal.size(),
        ..State::default()
    };
    loop {
        if let Drawn::Written(_) = terminal.draw(state.asks, |buffer| draw(&state, buffer)) {
            state.asks = false;
        }
        if state.hangs {
            loop {
                std::thread::park();
            }
        }
        let Some(event) = events.next().await else {
            return ExitCode::FAILURE;
        };
        let mut next = Some(event);
        // All that has come is followed before the next frame.
        while let Some(event) = next {
            if let Some(status) = follow(event, &mut state, &mut terminal) {
                return ExitCode::from(status);
            }
            next = events.try_next();
        }
    }
}

/// Follows one event; gives the exit status when it ends the program.
fn follow(event: TerminalEvent, state: &mut State, terminal: &mut Terminal) -> Option<u8> {
    match event {
        TerminalEvent::Key { key, alone } => {
            state.typed += 1;
            state.last = format!("key {key}{}", if alone { "" } else { " (not alone)" });
            return obey(key, state, terminal);
        }
        TerminalEvent::Paste { text, cut_bytes } => {
            state.last = format!("paste {} cut {cut_bytes}", text.shown())
        }
        TerminalEvent::Mouse(mouse) => {
            state.last = format!("mouse {:?} {} {}", mouse.gesture, mouse.column, mouse.row)
        }
        TerminalEvent::Resize { columns, rows } => state.size = (columns, rows),
        TerminalEvent::FrameWritten(_) => {}
        TerminalEvent::Report(report) => {
            state.answers += usize::from(terminal.answered(report).is_some());
            state.last = format!("{} answered", state.answers);
        }
        TerminalEvent::Resumed => {
            state.size = terminal.size();
            state.last = "resumed".into();
        }
        TerminalEvent::Signal(Signal::Stop) => stop(terminal, state),
        TerminalEvent::Signal(signal) => return Some(signal.exit_status()),
        TerminalEvent::Gone => return Some(GONE_STATUS),
        TerminalEvent::Crashed => return Some(101),
    }
    None
}

fn obey(key: Key, state: &mut State, terminal: &mut Terminal) -> Option<u8> {
    if key == Key::ctrl('z') {
        stop(terminal, state);
    }
    match key.typed()? {
        'q' => return Some(0),
        'p' => panic!("a panic of the UI \u{1b}[31m\u{202e}"),
        'k' => drop(tokio::task::spawn_blocking(|| panic!("a panic in a task"))),
        't' => drop(std::thread::spawn(|| panic!("a panic elsewhere"))),
        'a' => state.asks = true,
        'h' => state.hangs = true,
        'c' => drop(terminal.copy("hello")),
        'b' => state.flood = Some(if state.flood == Some('#') { '%' } else { '#' }),
        's' => {
            terminal.suspend();
            let _ = Command::new("sh")
                .args(["-c", "echo \"which word?\"; read word; echo \"got $word\""])
                .status();
            return terminal.resume().is_err().then_some(1);
        }
        _ => {}
    }
    None
}

fn stop(terminal: &mut Terminal, state: &mut State) {
    if !terminal.stop().unwrap_or(false) {
        state.last = "no shell to come back to".into();
    }
}

fn draw(state: &State, buffer: &mut Buffer) {
    let area = buffer.area;
    let mut line = |row: u16, text: &str| {
        if row < area.height {
            // A typed character comes from outside too.
            buffer.set_string(0, row, SafeText::from(text).as_str(), Style::new());
        }
    };
    if let Some(character) = state.flood {
        for row in 1..area.height {
            line(row, &character.to_string().repeat(usize::from(area.width)));
        }
    }
    line(
        0,
        &format!(
            "size {}x{}, typed {}, {}{}   ",
            state.size.0,
            state.size.1,
            state.typed,
            state.last,
            if state.hangs { ", hangs" } else { "" }
        ),
    );
}
