//! The terminal: entered, drawn on, listened to, and always given back. Everything that blocks stands in a thread of its own;
//! the UI thread never writes to the terminal and never waits for it.
//!
//! Threads: a writer with a slot of one frame, a reader that can be parked, and a watchdog that hears signals and ends the
//! process when its terminal is gone.

mod crash;
mod decode;
mod event;
mod guard;
mod paint;
mod profile;
mod reader;
mod report;
mod screen;
mod watchdog;
mod writer;

use std::path::PathBuf;
use std::sync::atomic::Ordering;
use std::sync::mpsc::Receiver;
use std::{io, thread};

use base64::Engine as _;
use nix::unistd::{getpgrp, getsid};
use ratatui::buffer::Buffer;
use rustix::process::kill_current_process_group;
use rustix::termios::isatty;
use thiserror::Error;
use tokio::sync::mpsc;

pub use crash::keep_tasks_quiet;
pub use decode::PASTE_BYTES_MAX;
pub use event::{GONE_STATUS, Signal, TerminalEvent};
pub use profile::Profile;
pub use report::Report;

use paint::Painter;
use report::Reports;
use screen::{Order, Screen};
use writer::Slot;

/// Keys that may wait for the UI; behind them the keyboard waits in the kernel.
const TYPED_MAX: usize = 1024;

/// What one yank may put on the clipboard: the most that common terminals take in one OSC 52 (100,000 bytes of base64).
pub const COPY_BYTES_MAX: usize = 74_994;

/// How to enter.
#[derive(Clone, Debug)]
pub struct Options {
    /// What may be sent to this terminal.
    pub profile: Profile,
    /// Clicks and the wheel are asked for; the terminal's own selection then needs Shift.
    pub mouse: bool,
    /// Where a crash report goes; none is written without.
    pub crash_directory: Option<PathBuf>,
}

/// Why there is no screen. Each is one line for the user and exit status [`EnterError::EXIT_STATUS`].
#[derive(Debug, Error)]
pub enum EnterError {
    /// Input or output is not a terminal.
    #[error(
        "{0} is not a terminal; the console needs one (for plain output see `watchfloor export`, `timeline` and `doctor`)"
    )]
    NotATerminal(&'static str),
    /// `TERM` says that nothing can be drawn.
    #[error(
        "TERM={0:?} cannot show a full screen; set TERM to what your terminal is, for example xterm-256color"
    )]
    Dumb(String),
    /// The terminal cannot be set.
    #[error("the terminal cannot be set up: {0}")]
    Io(#[from] io::Error),
}

impl EnterError {
    /// Exit status of the process: a wrong use, not a failure.
    pub const EXIT_STATUS: u8 = 2;
}

/// What came of a frame.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Drawn {
    /// On its way; [`TerminalEvent::FrameWritten`] follows with this number.
    Written(u64),
    /// The screen shows this already; nothing is written.
    Unchanged,
    /// The frame before is still on its way (or a child has the screen): nothing was drawn. Draw when it is written.
    Busy,
}

/// More than [`COPY_BYTES_MAX`] was to be copied.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[error("{bytes} bytes are more than a terminal takes ({COPY_BYTES_MAX})")]
pub struct TooLongToCopy {
    pub bytes: usize,
}

/// The full screen. Dropping it gives the terminal back.
pub struct Terminal {
    screen: Screen,
    slot: Slot,
    painter: Painter,
    frames: u64,
    reports: Reports,
    copy: Option<Vec<u8>>,
    reader: reader::Handle,
    flags: watchdog::Flags,
    continued: Receiver<()>,
    notices: mpsc::UnboundedSender<TerminalEvent>,
}

/// What the terminal says, in order of urgency: signals and the terminal's own state before keys.
pub struct Events {
    urgent: mpsc::UnboundedReceiver<TerminalEvent>,
    typed: mpsc::Receiver<TerminalEvent>,
    flags: watchdog::Flags,
}

/// Enters the full screen. From here on a panic, a signal or the terminal's end is followed as the module says.
pub fn enter(options: Options) -> Result<(Terminal, Events), EnterError> {
    for (file, name) in [
        (screen::keyboard(), "standard input"),
        (screen::output(), "standard output"),
    ] {
        if !isatty(file) {
            return Err(EnterError::NotATerminal(name));
        }
    }
    if !options.profile.cursor {
        return Err(EnterError::Dumb(std::env::var("TERM").unwrap_or_default()));
    }
    let (screen, orders) = Screen::new(options.mouse)?;
    let (notices, urgent) = mpsc::unbounded_channel();
    let (typed_sender, typed) = mpsc::channel(TYPED_MAX);
    let flags = watchdog::Flags::default();
    let slot = Slot::default();
    let (watchdog, watchdog_handle, continued) =
        watchdog::Watchdog::new(screen.clone(), notices.clone(), flags.clone())?;
    let reports = Reports::default();
    let (reader, reader_handle) = reader::Reader::new(
        typed_sender,
        notices.clone(),
        reports.awaited(),
        options.mouse,
    )?;
    crash::install(screen.clone(), watchdog_handle, options.crash_directory);
    thread::Builder::new()
        .name("terminal-watchdog".into())
        .spawn(move || watchdog.run())?;
    let (writer_screen, writer_slot, writer_notices) =
        (screen.clone(), slot.clone(), notices.clone());
    thread::Builder::new()
        .name("terminal-writer".into())
        .spawn(move || writer::run(&orders, &writer_screen, &writer_slot, &writer_notices))?;
    screen.enter()?;
    let terminal = Terminal {
        screen,
        slot,
        painter: Painter::new(!options.profile.utf8, options.profile.scrolls),
        frames: 0,
        reports,
        copy: None,
        reader: reader_handle,
        flags: flags.clone(),
        continued,
        notices,
    };
    thread::Builder::new()
        .name("terminal-reader".into())
        .spawn(move || reader.run())?;
    Ok((
        terminal,
        Events {
            urgent,
            typed,
            flags,
        },
    ))
}

impl Terminal {
    /// Columns and rows, now.
    pub fn size(&self) -> (u16, u16) {
        screen::size()
    }

    /// Draws the latest state and hands the difference to the writer. Does not call `draw` while the frame before is still
    /// on its way, so that what is drawn next is the latest state then. With `asks` the terminal is asked for a report behind
    /// the frame, even behind one that changes nothing.
    pub fn draw(&mut self, asks: bool, draw: impl FnOnce(&mut Buffer)) -> Drawn {
        if self.slot.is_taken() || !self.screen.is_entered() {
            return Drawn::Busy;
        }
        if self.flags.repaint.swap(false, Ordering::SeqCst) {
            self.painter.forget();
        }
        let (columns, rows) = screen::size();
        let mut bytes = self.painter.frame(columns, rows, draw);
        if let Some(copy) = self.copy.take() {
            bytes.splice(0..0, copy);
        }
        if asks {
            let question = self.reports.ask(self.frames + 1, columns, rows);
            bytes.extend_from_slice(&question);
        }
        if bytes.is_empty() {
            return Drawn::Unchanged;
        }
        self.frames += 1;
        self.slot.take();
        self.screen.order(Order::Frame {
            number: self.frames,
            bytes,
        });
        Drawn::Written(self.frames)
    }

    /// The frame that the terminal has read, if this is its answer to what it was asked last.
    pub fn answered(&mut self, report: Report) -> Option<u64> {
        self.reports.answered(report)
    }

    /// Something else wrote on the screen: the next frame erases it and draws everything.
    pub fn redraw(&mut self) {
        self.painter.forget();
    }

    /// Puts text on the user's clipboard, across SSH too (OSC 52), with the next frame. Only for what the user yanked.
    pub fn copy(&mut self, text: &str) -> Result<(), TooLongToCopy> {
        if text.len() > COPY_BYTES_MAX {
            return Err(TooLongToCopy { bytes: text.len() });
        }
        let encoded = base64::engine::general_purpose::STANDARD.encode(text);
        self.copy = Some(format!("\x1b]52;c;{encoded}\x07").into_bytes());
        Ok(())
    }

    /// Gives the real terminal to a child: the screen is left, no key is read, Ctrl-C is the child's.
    pub fn suspend(&mut self) {
        self.reader.park();
        self.screen.leave();
        self.reports.forget();
    }

    /// Takes the terminal back after [`Terminal::suspend`]; the next frame is drawn whole in the size of that moment.
    pub fn resume(&mut self) -> io::Result<()> {
        self.screen.enter()?;
        self.painter.forget();
        self.reader.unpark();
        let _ = self.notices.send(TerminalEvent::Resumed);
        Ok(())
    }

    /// Ctrl-Z: gives the terminal back, stops the whole job and returns after `fg`. False, and nothing happened, when no
    /// shell is there that could continue us.
    pub fn stop(&mut self) -> io::Result<bool> {
        if getsid(None)? == getpgrp() {
            return Ok(false);
        }
        self.suspend();
        while self.continued.try_recv().is_ok() {}
        kill_current_process_group(rustix::process::Signal::STOP)?;
        // The signal may reach another thread first: what says that it is over is SIGCONT.
        let _ = self.continued.recv();
        self.resume()?;
        Ok(true)
    }
}

impl Drop for Terminal {
    fn drop(&mut self) {
        self.screen.leave();
    }
}

impl Events {
    /// The next event; can be dropped and called again without a loss. `None` when every thread of the terminal has ended.
    pub async fn next(&mut self) -> Option<TerminalEvent> {
        let event = tokio::select! {
            biased;
            Some(event) = self.urgent.recv() => event,
            Some(event) = self.typed.recv() => event,
            else => return None,
        };
        Some(self.taken(event))
    }

    /// An event that is there already.
    pub fn try_next(&mut self) -> Option<TerminalEvent> {
        let event = self
            .urgent
            .try_recv()
            .or_else(|_| self.typed.try_recv())
            .ok()?;
        Some(self.taken(event))
    }

    /// A storm of resizes is one event with the size of the moment in which it is taken.
    fn taken(&self, event: TerminalEvent) -> TerminalEvent {
        match event {
            TerminalEvent::Resize { .. } => {
                self.flags.resize_announced.store(false, Ordering::SeqCst);
                let (columns, rows) = screen::size();
                TerminalEvent::Resize { columns, rows }
            }
            other => other,
        }
    }
}
