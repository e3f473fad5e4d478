//! What the terminal says to the UI.

use keys::key::Key;
use keys::mouse::Mouse;
use text::Outside;

use super::report::Report;

/// A signal that is for the UI to follow; the watchdog follows the fatal ones itself if the UI does not.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Signal {
    /// SIGINT: quit.
    Interrupt,
    /// SIGQUIT: quit.
    Quit,
    /// SIGTERM: quit.
    Terminate,
    /// SIGTSTP: call [`Terminal::stop`](super::Terminal::stop).
    Stop,
}

impl Signal {
    /// What a process that followed this signal exits with.
    pub fn exit_status(self) -> u8 {
        match self {
            Signal::Interrupt => 130,
            Signal::Quit => 131,
            Signal::Terminate => 143,
            Signal::Stop => 148,
        }
    }
}

/// Exit status after [`TerminalEvent::Gone`].
pub const GONE_STATUS: u8 = 129;

/// What the terminal says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TerminalEvent {
    Key {
        key: Key,
        /// Nothing else came in the same read: only such a key may confirm.
        alone: bool,
    },
    /// Bracketed paste, one insert whatever is in it.
    Paste {
        /// At most [`PASTE_BYTES_MAX`](super::PASTE_BYTES_MAX) of it, line ends as `\n`.
        text: Outside,
        /// What was over that and is lost.
        cut_bytes: usize,
    },
    /// What the mouse did, where it was asked for.
    Mouse(Mouse),
    /// A new size in cells.
    Resize { columns: u16, rows: u16 },
    /// This frame, and so every one before it, was fully written: the kernel has it, whoever reads it.
    FrameWritten(u64),
    /// The terminal says where its cursor is; see [`Terminal::answered`](super::Terminal::answered).
    Report(Report),
    /// The terminal is gone: leave at once. The process ends within a second in any case.
    Gone,
    /// A signal came.
    Signal(Signal),
    /// Back from a stop, with whatever size the terminal has now; the next frame is drawn whole.
    Resumed,
    /// Another thread panicked; the terminal is given back and the process ends within a second.
    Crashed,
}
