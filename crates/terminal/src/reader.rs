//! The reader thread: waits for the keyboard and for its wake pipe at once, so that it can be parked while a child owns the
//! keyboard, and marks the keys that came alone in their read.

use std::collections::VecDeque;
use std::io::{self, Read as _, Write as _};
use std::os::unix::net::UnixStream;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::time::{Duration, Instant};

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::io::Errno;
use tokio::sync::mpsc::error::TrySendError;
use tokio::sync::mpsc::{Sender, UnboundedSender};

use super::decode::{Decoder, Typed};
use super::report::Awaited;
use super::{TerminalEvent, screen};

/// How long after an Escape the rest of a sequence may come: several times what a bad link adds between two packets of one
/// key, and still quick for a hand.
const ESCAPE_PATIENCE: Timespec = Timespec {
    tv_sec: 0,
    tv_nsec: 50_000_000,
};

/// The same for the head of what may be a report that the terminal was asked for: given up too early its rest would be keys.
const REPORT_PATIENCE: Timespec = Timespec {
    tv_sec: 2,
    tv_nsec: 0,
};

/// How often a full queue of keys is tried again; meanwhile the keyboard waits in the kernel.
const QUEUE_PATIENCE: Timespec = Timespec {
    tv_sec: 0,
    tv_nsec: 10_000_000,
};

/// Silence in an open paste after which Ctrl-C, alone, breaks it off.
const PASTE_SILENCE: Duration = Duration::from_secs(2);

/// How long parking may take: the reader is either waiting or busy for microseconds.
const PARK_PATIENCE: Duration = Duration::from_millis(500);

const READ_BYTES: usize = 4096;
const CTRL_C: &[u8] = &[0x03];

/// Parks and wakes the reader from the UI thread.
pub(super) struct Handle {
    parked: Arc<AtomicBool>,
    wake: UnixStream,
    asleep: Receiver<()>,
}

impl Handle {
    /// Returns when the reader will read no byte until [`Handle::unpark`].
    pub(super) fn park(&self) {
        while self.asleep.try_recv().is_ok() {}
        self.parked.store(true, Ordering::SeqCst);
        self.wake();
        let _ = self.asleep.recv_timeout(PARK_PATIENCE);
    }

    /// Lets it read again; what was unfinished is forgotten.
    pub(super) fn unpark(&self) {
        self.parked.store(false, Ordering::SeqCst);
        self.wake();
    }

    fn wake(&self) {
        let _ = (&self.wake).write(&[0]);
    }
}

/// The reader's own side.
pub(super) struct Reader {
    parked: Arc<AtomicBool>,
    wake: UnixStream,
    asleep: SyncSender<()>,
    typed: Sender<TerminalEvent>,
    notices: UnboundedSender<TerminalEvent>,
    queue: VecDeque<TerminalEvent>,
    decoder: Decoder,
    report: Awaited,
    /// The mouse was asked for; what another program left switched on means nothing.
    has_mouse: bool,
    last_read: Instant,
    /// What the decoder still waits with came in one read with something else.
    crowded: bool,
}

impl Reader {
    pub(super) fn new(
        typed: Sender<TerminalEvent>,
        notices: UnboundedSender<TerminalEvent>,
        report: Awaited,
        has_mouse: bool,
    ) -> io::Result<(Self, Handle)> {
        let (wake, awake) = UnixStream::pair()?;
        wake.set_nonblocking(true)?;
        awake.set_nonblocking(true)?;
        let parked = Arc::new(AtomicBool::new(false));
        let (asleep, sleeping) = sync_channel(1);
        let handle = Handle {
            parked: Arc::clone(&parked),
            wake,
            asleep: sleeping,
        };
        let reader = Reader {
            parked,
            wake: awake,
            asleep,
            typed,
            notices,
            queue: VecDeque::new(),
            decoder: Decoder::default(),
            report,
            has_mouse,
            last_read: Instant::now(),
            crowded: false,
        };
        Ok((reader, handle))
    }

    /// Runs until the terminal or the UI is gone.
    pub(super) fn run(mut self) {
        let mut buffer = [0; READ_BYTES];
        loop {
            if self.parked.load(Ordering::SeqCst) {
                self.decoder = Decoder::default();
                let _ = self.asleep.try_send(());
            }
            match self.wait() {
                Waited::Keyboard => {}
                Waited::Nothing if self.queue.is_empty() => {
                    let typed = self.decoder.give_up();
                    self.take(typed, false);
                    continue;
                }
                Waited::Nothing | Waited::Woken => continue,
                Waited::Over => return,
            }
            match rustix::io::read(screen::keyboard(), &mut buffer) {
                Ok(0) => return drop(self.notices.send(TerminalEvent::Gone)),
                Ok(length) => self.read(&buffer[..length]),
                Err(Errno::INTR | Errno::AGAIN) => {}
                Err(error) => {
                    tracing::warn!(error = %io::Error::from(error), "reading from the terminal");
                    return drop(self.notices.send(TerminalEvent::Gone));
                }
            }
        }
    }

    /// Waits for whatever comes first, and empties the queue and the wake pipe on the way.
    fn wait(&mut self) -> Waited {
        if !self.deliver() {
            return Waited::Over;
        }
        let listens = self.queue.is_empty() && !self.parked.load(Ordering::SeqCst);
        let patience = match () {
            () if !self.queue.is_empty() => Some(&QUEUE_PATIENCE),
            () if self.report.is_so() && self.decoder.may_be_report() => Some(&REPORT_PATIENCE),
            () if self.decoder.is_waiting() => Some(&ESCAPE_PATIENCE),
            () => None,
        };
        let keyboard = screen::keyboard();
        let mut sources = vec![PollFd::new(&self.wake, PollFlags::IN)];
        if listens {
            sources.push(PollFd::new(&keyboard, PollFlags::IN));
        }
        match poll(&mut sources, patience) {
            Ok(0) => return Waited::Nothing,
            Err(Errno::INTR) => return Waited::Woken,
            Err(_) => return Waited::Over,
            Ok(_) => {}
        }
        let woken = !sources[0].revents().is_empty();
        let typed = sources
            .get(1)
            .is_some_and(|source| !source.revents().is_empty());
        if woken {
            // Nobody holds the other end any more: the UI is gone.
            return if self.drain_wake_pipe() {
                Waited::Woken
            } else {
                Waited::Over
            };
        }
        if typed {
            Waited::Keyboard
        } else {
            Waited::Woken
        }
    }

    fn drain_wake_pipe(&mut self) -> bool {
        let mut bytes = [0; 64];
        loop {
            match self.wake.read(&mut bytes) {
                Ok(0) => return false,
                Ok(_) => {}
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => return true,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(_) => return false,
            }
        }
    }

    /// The bytes of one read. A key is alone when it is all that they were.
    fn read(&mut self, bytes: &[u8]) {
        let silent = self.last_read.elapsed() > PASTE_SILENCE;
        self.last_read = Instant::now();
        let typed = if bytes == CTRL_C && silent && self.decoder.is_pasting() {
            self.decoder.break_off_paste()
        } else {
            self.decoder.feed(bytes)
        };
        let more = bytes.len() == READ_BYTES || self.decoder.is_waiting();
        self.take(typed, more);
    }

    fn take(&mut self, typed: Vec<Typed>, more: bool) {
        let mut typed = typed;
        typed.retain(|typed| self.has_mouse || !matches!(typed, Typed::Mouse(_)));
        let alone = typed.len() == 1 && !more && !self.crowded;
        self.crowded = more && !typed.is_empty();
        self.queue
            .extend(typed.into_iter().map(|typed| match typed {
                Typed::Key(key) => TerminalEvent::Key { key, alone },
                Typed::Paste { text, cut_bytes } => TerminalEvent::Paste { text, cut_bytes },
                Typed::Report(report) => TerminalEvent::Report(report),
                Typed::Mouse(mouse) => TerminalEvent::Mouse(mouse),
            }));
    }

    /// Hands over what fits; false when nobody takes it any more. Never waits: a full queue must not keep us from parking.
    fn deliver(&mut self) -> bool {
        while let Some(event) = self.queue.pop_front() {
            match self.typed.try_send(event) {
                Ok(()) => {}
                Err(TrySendError::Full(event)) => {
                    self.queue.push_front(event);
                    return true;
                }
                Err(TrySendError::Closed(_)) => return false,
            }
        }
        true
    }
}

enum Waited {
    Keyboard,
    Woken,
    Nothing,
    Over,
}
