//! The terminal layer by itself: shows the size and what is typed. `q` quits, `p` and `t` panic here and in another thread, `h`
//! hangs for ever, `c` copies, `s` runs a shell command on the real terminal, `b` draws as much as fits, Ctrl-Z stops.

use std::process::{Command, ExitCode};

use ratatui::buffer::Buffer;
use ratatui::style::Style;
use watchfloor::terminal::{
    self, Drawn, Events, GONE_STATUS, Options, Profile, Terminal, TerminalEvent,
};

/// What is shown.
#[derive(Default)]
struct State {
    size: (u16, u16),
    last: String,
    typed: usize,
    written: u64,
    busy: bool,
    flood: Option<char>,
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    let crash_directory = std::env::var_os("HOME").map(Into::into);
    let options = Options {
        profile: Profile::detect(),
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
        if terminal.draw(|buffer| draw(&state, buffer)) == Drawn::Busy {
            state.busy = true;
        }
        let Some(event) = events.next().await else {
            return ExitCode::FAILURE;
        };
        match event {
            TerminalEvent::Key { key, alone } => {
                state.typed += 1;
                state.last = format!("key {key}{}", if alone { "" } else { " (not alone)" });
                match key.to_string().as_str() {
                    "q" => return ExitCode::SUCCESS,
                    "p" => panic!("a panic of the UI \u{1b}[31m\u{202e}"),
                    "t" => drop(std::thread::spawn(|| panic!("a panic elsewhere"))),
                    "h" => loop {
                        std::thread::park();
                    },
                    "c" => drop(terminal.copy("hello")),
                    "b" => state.flood = Some(if state.flood == Some('#') { '%' } else { '#' }),
                    "s" => {
                        terminal.suspend();
                        let _ = Command::new("sh")
                            .args(["-c", "read word; echo \"got $word\""])
                            .status();
                        if terminal.resume().is_err() {
                            return ExitCode::FAILURE;
                        }
                    }
                    "ctrl-z" => stop(&mut terminal, &mut state),
                    _ => {}
                }
            }
            TerminalEvent::Paste { text, cut_bytes } => {
                state.last = format!("paste {} cut {cut_bytes}", text.shown());
            }
            TerminalEvent::Resize { columns, rows } => state.size = (columns, rows),
            TerminalEvent::FrameWritten(_) => {
                state.written += u64::from(std::mem::take(&mut state.busy))
            }
            TerminalEvent::Resumed => {
                state.size = terminal.size();
                state.last = "resumed".into();
            }
            TerminalEvent::Signal(terminal::Signal::Stop) => stop(&mut terminal, &mut state),
            TerminalEvent::Signal(signal) => return ExitCode::from(signal.exit_status()),
            TerminalEvent::Gone => return ExitCode::from(GONE_STATUS),
            TerminalEvent::Crashed => return ExitCode::from(101),
        }
    }
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
            buffer.set_string(0, row, text, Style::new());
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
            "size {}x{}, typed {}, {}   ",
            state.size.0, state.size.1, state.typed, state.last
        ),
    );
}
