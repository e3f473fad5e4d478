//! The writer thread: the only one that writes to the terminal, so that a reader who stops reading stops nobody else.

use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::Receiver;

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::io::Errno;
use tokio::sync::mpsc::UnboundedSender;

use super::TerminalEvent;
use super::paint::SYNC_END;
use super::screen::{self, Order, Screen};

/// Bytes of one write: between two of them the writer can be told to hurry, and after a flush of the terminal's queue
/// (4 KB on Linux) the rest of one fits.
const WRITE_BYTES_MAX: usize = 1024;

/// How long to wait for room when somebody has made the terminal non-blocking.
const ROOM_PATIENCE: Timespec = Timespec {
    tv_sec: 0,
    tv_nsec: 50_000_000,
};

/// The slot of one frame between the UI and the writer: taken from the hand-over until the last byte is written.
#[derive(Clone, Default)]
pub(super) struct Slot(Arc<AtomicBool>);

impl Slot {
    /// Takes the slot if it is free.
    pub(super) fn is_taken(&self) -> bool {
        self.0.load(Ordering::SeqCst)
    }

    pub(super) fn take(&self) {
        self.0.store(true, Ordering::SeqCst);
    }

    fn free(&self) {
        self.0.store(false, Ordering::SeqCst);
    }
}

/// Why bytes were not written to their end.
enum Cut {
    Hurried,
    Gone,
}

/// Runs until every sender is gone.
pub(super) fn run(
    orders: &Receiver<Order>,
    screen: &Screen,
    slot: &Slot,
    notices: &UnboundedSender<TerminalEvent>,
) {
    let mut cut = false;
    while let Ok(order) = orders.recv() {
        match order {
            Order::Frame { number, bytes } => {
                // A frame that was handed over before the screen was left must not be painted over the shell.
                let written = if screen.is_entered() {
                    write(&bytes, || screen.is_hurried())
                } else {
                    Err(Cut::Hurried)
                };
                slot.free();
                match written {
                    Ok(()) => drop(notices.send(TerminalEvent::FrameWritten(number))),
                    Err(Cut::Hurried) => cut = true,
                    Err(Cut::Gone) => {
                        let _ = rustix::io::write(screen::output(), SYNC_END);
                        let _ = notices.send(TerminalEvent::Gone);
                    }
                }
            }
            Order::Bytes(bytes) => cut = write(&bytes, || screen.is_hurried()).is_err(),
            Order::Leave(done) => {
                let _ = write(&screen::way_out(cut), || false);
                cut = false;
                let _ = done.send(());
            }
        }
    }
}

/// Writes all of it, in pieces; stops between two of them when told to hurry.
fn write(bytes: &[u8], hurried: impl Fn() -> bool) -> Result<(), Cut> {
    let mut rest = bytes;
    while !rest.is_empty() {
        if hurried() {
            return Err(Cut::Hurried);
        }
        match rustix::io::write(screen::output(), &rest[..rest.len().min(WRITE_BYTES_MAX)]) {
            Ok(written) => rest = &rest[written..],
            Err(Errno::INTR) => {}
            Err(Errno::AGAIN) => wait_for_room(),
            Err(error) => {
                tracing::warn!(error = %io::Error::from(error), "writing to the terminal");
                return Err(Cut::Gone);
            }
        }
    }
    Ok(())
}

fn wait_for_room() {
    let output = screen::output();
    let _ = poll(
        &mut [PollFd::new(&output, PollFlags::OUT)],
        Some(&ROOM_PATIENCE),
    );
}
