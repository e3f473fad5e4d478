//! The watchdog thread: hears every signal and sees the terminal go, tells the UI, and ends the process itself when the UI
//! does not. It waits on nobody.

use std::io::{self, Read as _, Write as _};
use std::os::unix::net::UnixStream;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::time::{Duration, Instant};

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::io::Errno;
use signal_hook::consts::{SIGCONT, SIGHUP, SIGINT, SIGQUIT, SIGTERM, SIGTSTP, SIGWINCH};
use tokio::sync::mpsc::UnboundedSender;

use super::screen::{self, Screen};
use super::{Signal, TerminalEvent};

/// From the terminal's end to ours when nothing answers: under the promised second, with room for a loaded machine.
const GONE_PATIENCE: Duration = Duration::from_millis(700);

/// What an orderly exit may take after a signal: closing the timeline is two syncs of a slow disk.
const SIGNAL_PATIENCE: Duration = Duration::from_secs(3);

/// After a panic in another thread nothing is left to wait for but the last note on disk.
const CRASH_PATIENCE: Duration = Duration::from_secs(1);

/// Exit status of a panic, as Rust has it.
const CRASH_STATUS: i32 = 101;

/// Exit status of a process that a signal ended, less the signal's number.
const SIGNAL_STATUS: i32 = 128;

const SIGNALS: [i32; 7] = [SIGINT, SIGQUIT, SIGTERM, SIGHUP, SIGTSTP, SIGCONT, SIGWINCH];

/// What other threads set for the watchdog, and read of it.
#[derive(Clone)]
pub(super) struct Handle(Arc<Shared>);

struct Shared {
    crashed: AtomicBool,
    wake: UnixStream,
}

impl Handle {
    /// A thread has panicked and the screen is left: the process must end.
    pub(super) fn crashed(&self) {
        self.0.crashed.store(true, Ordering::SeqCst);
        let _ = (&self.0.wake).write(&[0]);
    }
}

/// Flags between the watchdog and the UI, each set by one and cleared by the other.
#[derive(Clone, Default)]
pub(super) struct Flags {
    /// A resize was announced and not yet taken.
    pub(super) resize_announced: Arc<AtomicBool>,
    /// Somebody else stopped us and the shell wrote on the screen: draw everything.
    pub(super) repaint: Arc<AtomicBool>,
}

pub(super) struct Watchdog {
    screen: Screen,
    notices: UnboundedSender<TerminalEvent>,
    flags: Flags,
    continued: SyncSender<()>,
    shared: Arc<Shared>,
    awake: UnixStream,
    signals: Vec<(i32, UnixStream)>,
    deadline: Option<(Instant, i32)>,
    gone: bool,
}

impl Watchdog {
    /// Takes the signals over; from here on none of them ends the process by itself. Also gives what says that the process
    /// was continued after a stop.
    pub(super) fn new(
        screen: Screen,
        notices: UnboundedSender<TerminalEvent>,
        flags: Flags,
    ) -> io::Result<(Self, Handle, Receiver<()>)> {
        let (wake, awake) = UnixStream::pair()?;
        wake.set_nonblocking(true)?;
        awake.set_nonblocking(true)?;
        let mut signals = Vec::new();
        for signal in SIGNALS {
            let (raised, received) = UnixStream::pair()?;
            received.set_nonblocking(true)?;
            signal_hook::low_level::pipe::register(signal, raised)?;
            signals.push((signal, received));
        }
        let (continued, was_continued) = sync_channel(1);
        let shared = Arc::new(Shared {
            crashed: AtomicBool::new(false),
            wake,
        });
        let handle = Handle(Arc::clone(&shared));
        let deadline = None;
        let watchdog = Watchdog {
            screen,
            notices,
            flags,
            continued,
            shared,
            awake,
            signals,
            deadline,
            gone: false,
        };
        Ok((watchdog, handle, was_continued))
    }

    /// Runs as long as the process.
    pub(super) fn run(mut self) {
        loop {
            let left = self
                .deadline
                .map(|(at, status)| (at.saturating_duration_since(Instant::now()), status));
            if let Some((left, status)) = left
                && left.is_zero()
            {
                self.end(status);
            }
            let ready = self.wait(left.map(|(left, _)| left));
            drain(&self.awake);
            if self.shared.crashed.swap(false, Ordering::SeqCst) {
                let _ = self.notices.send(TerminalEvent::Crashed);
                self.by(CRASH_PATIENCE, CRASH_STATUS);
            }
            for signal in ready {
                self.signal(signal);
            }
        }
    }

    /// Waits for a signal, for the terminal's end or for time; gives the signals that came.
    fn wait(&mut self, left: Option<Duration>) -> Vec<i32> {
        let keyboard = screen::keyboard();
        let mut sources: Vec<PollFd<'_>> = Vec::with_capacity(SIGNALS.len() + 2);
        sources.push(PollFd::new(&self.awake, PollFlags::IN));
        sources.extend(
            self.signals
                .iter()
                .map(|(_, pipe)| PollFd::new(pipe, PollFlags::IN)),
        );
        if !self.gone {
            // No events asked for: a hang-up is always reported.
            sources.push(PollFd::new(&keyboard, PollFlags::empty()));
        }
        let left = left.and_then(|left| Timespec::try_from(left + Duration::from_millis(1)).ok());
        match poll(&mut sources, left.as_ref()) {
            Ok(_) | Err(Errno::INTR) => {}
            Err(_) => std::thread::sleep(Duration::from_millis(10)),
        }
        let is_ready: Vec<bool> = sources
            .iter()
            .map(|source| !source.revents().is_empty())
            .collect();
        drop(sources);
        let mut ready = Vec::new();
        for ((signal, pipe), _) in self
            .signals
            .iter()
            .zip(&is_ready[1..])
            .filter(|(_, is_ready)| **is_ready)
        {
            drain(pipe);
            ready.push(*signal);
        }
        if !self.gone && is_ready.last() == Some(&true) {
            self.terminal_is_gone();
        }
        ready
    }

    fn signal(&mut self, signal: i32) {
        match signal {
            SIGHUP => self.terminal_is_gone(),
            SIGWINCH => {
                if !self.flags.resize_announced.swap(true, Ordering::SeqCst) {
                    let (columns, rows) = screen::size();
                    let _ = self.notices.send(TerminalEvent::Resize { columns, rows });
                }
            }
            SIGCONT => self.was_continued(),
            SIGTSTP if self.screen.is_entered() => {
                drop(self.notices.send(TerminalEvent::Signal(Signal::Stop)));
            }
            // A child has the terminal: we stop with it.
            SIGTSTP => drop(signal_hook::low_level::emulate_default_handler(SIGTSTP)),
            // Ctrl-C and Ctrl-\ in a child's cooked terminal are the child's.
            SIGINT | SIGQUIT if !self.screen.is_entered() && self.deadline.is_none() => {}
            _ => self.fatal(signal),
        }
    }

    /// INT, QUIT, TERM. The second one does not wait any more.
    fn fatal(&mut self, signal: i32) {
        let status = SIGNAL_STATUS + signal;
        if self.deadline.is_some_and(|(_, before)| before == status) {
            self.end(status);
        }
        let name = match signal {
            SIGINT => Signal::Interrupt,
            SIGQUIT => Signal::Quit,
            _ => Signal::Terminate,
        };
        let _ = self.notices.send(TerminalEvent::Signal(name));
        self.by(SIGNAL_PATIENCE, status);
    }

    fn terminal_is_gone(&mut self) {
        if !self.gone {
            self.gone = true;
            let _ = self.notices.send(TerminalEvent::Gone);
        }
        self.by(GONE_PATIENCE, SIGNAL_STATUS + SIGHUP);
    }

    /// After a stop that we did not arrange the terminal is the shell's: take it again.
    fn was_continued(&mut self) {
        if self.screen.is_entered() {
            let _ = self.screen.enter();
            self.flags.repaint.store(true, Ordering::SeqCst);
            let _ = self.notices.send(TerminalEvent::Resumed);
        } else {
            let _ = self.continued.try_send(());
        }
    }

    /// The process ends no later than `patience` from now.
    fn by(&mut self, patience: Duration, status: i32) {
        let at = Instant::now() + patience;
        self.deadline = Some(
            self.deadline
                .filter(|(earlier, _)| *earlier <= at)
                .unwrap_or((at, status)),
        );
    }

    /// At once, without destructors: whoever holds a lock holds it for good.
    fn end(&self, status: i32) -> ! {
        self.screen.leave();
        signal_hook::low_level::exit(status)
    }
}

fn drain(mut pipe: &UnixStream) {
    let mut bytes = [0; 64];
    while matches!(pipe.read(&mut bytes), Ok(length) if length > 0) {}
}
