//! Enters the full screen and gives the terminal back as it was: the same bytes for a quit, a panic, a signal and a child
//! that needs the real terminal.

use std::os::fd::BorrowedFd;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::time::Duration;

use crossterm::cursor::{Hide, Show};
use crossterm::event::{DisableBracketedPaste, DisableMouseCapture, EnableBracketedPaste};
use crossterm::queue;
use crossterm::style::{Attribute, SetAttribute};
use crossterm::terminal::{EnterAlternateScreen, LeaveAlternateScreen};
use rustix::termios::{
    OptionalActions, QueueSelector, Termios, tcflush, tcgetattr, tcgetwinsize, tcsetattr,
};

use super::paint;

/// How long the writer may take to write what leaves the screen before what is queued in front of it is thrown away. Together with the
/// second try it stays well under the second in which the process must be gone.
const LEAVE_PATIENCE: Duration = Duration::from_millis(250);

/// A terminal that says 0x0 (a serial line) is taken for the classic one.
const SIZE_UNKNOWN: (u16, u16) = (80, 24);

/// Beyond this nothing is drawn: half a million cells are 40 MB of buffers.
const SIZE_MAX: (u16, u16) = (1000, 500);

/// Presses and the wheel (1000), without moves, written so that no position is cut off (1006):
/// <https://invisible-island.net/xterm/ctlseqs/ctlseqs.html#h2-Mouse-Tracking>.
const MOUSE: &[u8] = b"\x1b[?1000h\x1b[?1006h";

/// What the writer can be asked for.
pub(super) enum Order {
    /// A frame, already rendered. At most one is on its way: see [`super::writer::Slot`].
    Frame { number: u64, bytes: Vec<u8> },
    /// What enters the screen.
    Bytes(Vec<u8>),
    /// What leaves the screen; says when it is written.
    Leave(Sender<()>),
}

/// The keyboard side.
pub(super) fn keyboard() -> BorrowedFd<'static> {
    rustix::stdio::stdin()
}

/// The screen side.
pub(super) fn output() -> BorrowedFd<'static> {
    rustix::stdio::stdout()
}

/// Columns and rows, now.
pub(super) fn size() -> (u16, u16) {
    match tcgetwinsize(output()) {
        Ok(size) if size.ws_col > 0 && size.ws_row > 0 => {
            (size.ws_col.min(SIZE_MAX.0), size.ws_row.min(SIZE_MAX.1))
        }
        _ => SIZE_UNKNOWN,
    }
}

/// The terminal as it was found, and whether it is ours now. Every thread that may have to give it back has one.
#[derive(Clone)]
pub(super) struct Screen(Arc<Inner>);

struct Inner {
    found: Termios,
    raw: Termios,
    has_mouse: bool,
    entered: AtomicBool,
    hurry: AtomicBool,
    orders: Sender<Order>,
}

impl Screen {
    /// Remembers how the terminal is set; changes nothing yet.
    pub(super) fn new(has_mouse: bool) -> std::io::Result<(Self, Receiver<Order>)> {
        let found = tcgetattr(keyboard())?;
        let mut raw = found.clone();
        raw.make_raw();
        let (orders, receiver) = channel();
        let inner = Inner {
            found,
            raw,
            has_mouse,
            entered: AtomicBool::new(false),
            hurry: AtomicBool::new(false),
            orders,
        };
        Ok((Screen(Arc::new(inner)), receiver))
    }

    /// Raw mode, alternate screen, bracketed paste, no cursor, the mouse where it was asked for. Also when it is ours already: after a stop by somebody else
    /// the shell has put its own settings on it.
    pub(super) fn enter(&self) -> std::io::Result<()> {
        tcsetattr(keyboard(), OptionalActions::Now, &self.0.raw)?;
        self.0.entered.store(true, Ordering::SeqCst);
        let mut bytes = Vec::new();
        queue!(bytes, EnterAlternateScreen, EnableBracketedPaste, Hide)?;
        if self.0.has_mouse {
            bytes.extend_from_slice(MOUSE);
        }
        self.order(Order::Bytes(bytes));
        Ok(())
    }

    /// Gives the terminal back, once; bounded in time even when nobody reads our output.
    pub(super) fn leave(&self) {
        if !self.0.entered.swap(false, Ordering::SeqCst) {
            return;
        }
        let (done, written) = channel();
        self.order(Order::Leave(done));
        let mut result = written.recv_timeout(LEAVE_PATIENCE);
        if result == Err(RecvTimeoutError::Timeout) {
            // The reader of our output has stopped: what waits for it goes, so that what leaves the screen fits into the queue.
            self.0.hurry.store(true, Ordering::SeqCst);
            let _ = tcflush(output(), QueueSelector::OFlush);
            result = written.recv_timeout(LEAVE_PATIENCE);
        }
        if result == Err(RecvTimeoutError::Disconnected) {
            let _ = rustix::io::write(output(), &way_out(true));
        }
        // Keys that nobody has read were meant for this screen, not for the shell.
        let _ = tcflush(keyboard(), QueueSelector::IFlush);
        let _ = tcsetattr(keyboard(), OptionalActions::Now, &self.0.found);
        self.0.hurry.store(false, Ordering::SeqCst);
    }

    /// Is the terminal ours?
    pub(super) fn is_entered(&self) -> bool {
        self.0.entered.load(Ordering::SeqCst)
    }

    /// Is the writer to cut the frame that it is in?
    pub(super) fn is_hurried(&self) -> bool {
        self.0.hurry.load(Ordering::SeqCst)
    }

    /// Hands something to the writer; it outlives every screen but its own panic.
    pub(super) fn order(&self, order: Order) {
        let _ = self.0.orders.send(order);
    }
}

/// The bytes that give the terminal back. `cut` when a frame may have been left in mid-sequence: CAN ends that.
pub(super) fn way_out(cut: bool) -> Vec<u8> {
    let mut bytes = if cut { vec![0x18] } else { Vec::new() };
    bytes.extend_from_slice(paint::SYNC_END);
    // Writing into memory cannot fail.
    let _ = queue!(
        bytes,
        SetAttribute(Attribute::Reset),
        DisableMouseCapture,
        DisableBracketedPaste,
        LeaveAlternateScreen,
        Show
    );
    bytes
}
