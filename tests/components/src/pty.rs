//! The real program in a pseudo terminal: keys in, screen out, every byte judged. Nothing here sleeps for luck: each wait is
//! for a condition, with a deadline.

use std::fmt::Write as _;
use std::fs::File;
use std::io::Write as _;
use std::num::NonZeroU16;
use std::os::unix::net::UnixStream;
use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use filedescriptor::FileDescriptor;
use portable_pty::{CommandBuilder, ExitStatus, MasterPty, PtySize, native_pty_system};
use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::io::Errno;
use rustix::process::{Pid, Signal, kill_process};

use super::oracle::Oracle;

/// Long enough for a loaded machine; only a failing test waits for it.
pub const PATIENCE: Duration = Duration::from_secs(90);
/// A person presses a key again after so long; sooner, and a dialog takes it for a key held down.
const SECOND_PRESS: Duration = Duration::from_millis(1_300);

/// How often a full keyboard queue is looked at again.
const ROOM_PATIENCE: Timespec = Timespec {
    tv_sec: 0,
    tv_nsec: 20_000_000,
};

/// Bytes kept of what was written, for assertions on the raw stream.
const RAW_BYTES_MAX: usize = 16 * 1024 * 1024;

/// How to start a program.
pub struct Launch {
    program: PathBuf,
    arguments: Vec<String>,
    environment: Vec<(String, Option<String>)>,
    columns: u16,
    rows: u16,
    is_mute: bool,
    takes_mouse: bool,
}

impl Launch {
    /// The console, in a terminal of 120x40 that speaks UTF-8 and colour, with directories of its own.
    pub fn console(arguments: &[&str]) -> Self {
        Launch::program(super::program(), arguments)
    }

    /// Any program.
    pub fn program(program: impl AsRef<Path>, arguments: &[&str]) -> Self {
        Launch {
            program: program.as_ref().to_owned(),
            arguments: arguments.iter().map(ToString::to_string).collect(),
            environment: Vec::new(),
            columns: 120,
            rows: 40,
            is_mute: false,
            takes_mouse: false,
        }
    }

    /// A terminal that answers no question.
    pub fn mute(mut self) -> Self {
        self.is_mute = true;
        self
    }

    /// The program may ask for the mouse.
    pub fn with_mouse(mut self) -> Self {
        self.takes_mouse = true;
        self
    }

    /// Terminal size in cells.
    pub fn size(mut self, columns: u16, rows: u16) -> Self {
        (self.columns, self.rows) = (columns, rows);
        self
    }

    /// Sets a variable.
    pub fn env(mut self, name: &str, value: impl Into<String>) -> Self {
        self.environment.push((name.to_owned(), Some(value.into())));
        self
    }

    /// Removes a variable that would be set.
    pub fn without_env(mut self, name: &str) -> Self {
        self.environment.push((name.to_owned(), None));
        self
    }

    /// Starts it in a home directory of its own, which is gone with the [`Pty`].
    pub fn start(self) -> Pty {
        let home = tempfile::tempdir().unwrap();
        let size = PtySize {
            rows: self.rows,
            cols: self.columns,
            pixel_width: 0,
            pixel_height: 0,
        };
        let pair = native_pty_system().openpty(size).unwrap();
        let found = format!("{:?}", pair.master.get_termios());
        let mut command = CommandBuilder::new(&self.program);
        command.args(&self.arguments);
        command.cwd(home.path());
        command.env_clear();
        for (name, value) in self.variables(home.path()) {
            match value {
                Some(value) => command.env(name, value),
                None => command.env_remove(name),
            }
        }
        let mut child = pair.slave.spawn_command(command).unwrap();
        drop(pair.slave);
        let pid = Pid::from_raw(i32::try_from(child.process_id().unwrap()).unwrap()).unwrap();
        let (ended, exit) = channel();
        std::thread::spawn(move || {
            let _ = ended.send((child.wait().unwrap(), Instant::now()));
        });
        let shared = Arc::new(Shared::new(
            self.columns,
            self.rows,
            self.is_mute,
            self.takes_mouse,
        ));
        // Both handles share one description, so both must take what is there and never wait.
        let file = || {
            let mut master = FileDescriptor::dup(&pair.master.as_raw_fd().unwrap()).unwrap();
            master.set_non_blocking(true).unwrap();
            master.as_file().unwrap()
        };
        let (wake, awake) = UnixStream::pair().unwrap();
        let reader = spawn_reader(file(), awake, Arc::clone(&shared));
        Pty {
            keyboard: Some(file()),
            master: Some(pair.master),
            reader: Some(reader),
            wake,
            shared,
            pid,
            exit,
            status: None,
            found,
            home,
        }
    }

    fn variables(&self, home: &Path) -> Vec<(String, Option<String>)> {
        let mut variables: Vec<(String, Option<String>)> = [
            ("TERM", "xterm-256color"),
            ("LANG", "C.UTF-8"),
            ("USER", "kate"),
            ("SHELL", "/bin/sh"),
            ("PS1", "$ "),
        ]
        .into_iter()
        .map(|(name, value)| (name.to_owned(), Some(value.to_owned())))
        .collect();
        let folders = [
            ("HOME", ""),
            ("XDG_CONFIG_HOME", "config"),
            ("XDG_STATE_HOME", "state"),
            ("XDG_DATA_HOME", "data"),
            ("XDG_CACHE_HOME", "cache"),
        ];
        for (name, folder) in folders {
            variables.push((
                name.to_owned(),
                Some(home.join(folder).to_str().unwrap().to_owned()),
            ));
        }
        for name in ["PATH", "KUBEBUILDER_ASSETS"] {
            variables.push((name.to_owned(), std::env::var(name).ok()));
        }
        variables.extend(self.environment.iter().cloned());
        variables
    }
}

/// What the reading thread and the test share.
struct Shared {
    seen: Mutex<Seen>,
    changed: Condvar,
}

/// Everything written so far, as a screen, as bytes and as judged.
pub struct Seen {
    pub terminal: vt100::Parser<Answers>,
    pub oracle: Oracle,
    pub raw: Vec<u8>,
    /// When the last bytes came.
    pub at: Instant,
    paused: bool,
    closing: bool,
    closed: bool,
}

/// What the terminal answers to the questions of the program, on its keyboard.
#[derive(Default)]
pub struct Answers {
    is_mute: bool,
    bytes: Vec<u8>,
}

impl vt100::Callbacks for Answers {
    /// Where is the cursor? Row and column, from 1: <https://vt100.net/docs/vt510-rm/CPR.html>.
    fn unhandled_csi(
        &mut self,
        screen: &mut vt100::Screen,
        first: Option<u8>,
        _second: Option<u8>,
        parameters: &[&[u16]],
        last: char,
    ) {
        if (first, parameters, last) == (None, &[&[6][..]][..], 'n') && !self.is_mute {
            let (row, column) = screen.cursor_position();
            let answer = format!("\x1b[{};{}R", row + 1, column + 1);
            self.bytes.extend_from_slice(answer.as_bytes());
        }
    }
}

impl Shared {
    fn new(columns: u16, rows: u16, is_mute: bool, takes_mouse: bool) -> Self {
        let answers = Answers {
            is_mute,
            bytes: Vec::new(),
        };
        let terminal = vt100::Parser::new_with_callbacks(cells(rows), cells(columns), 0, answers);
        let seen = Seen {
            terminal,
            oracle: Oracle::new(takes_mouse),
            raw: Vec::new(),
            at: Instant::now(),
            paused: false,
            closing: false,
            closed: false,
        };
        Shared {
            seen: Mutex::new(seen),
            changed: Condvar::new(),
        }
    }

    fn lock(&self) -> MutexGuard<'_, Seen> {
        // A failed wait has already said why; its guard must not hide that.
        self.seen.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Seen {
    /// The screen as lines of text.
    pub fn text(&self) -> String {
        self.terminal.screen().contents()
    }

    /// The modes that a shell needs are back: main screen, cursor shown, no paste brackets, no mouse.
    pub fn is_given_back(&self) -> bool {
        let screen = self.terminal.screen();
        !screen.alternate_screen()
            && !screen.hide_cursor()
            && !screen.bracketed_paste()
            && screen.mouse_protocol_mode() == vt100::MouseProtocolMode::None
    }
}

/// A running program in its terminal. Dropping it ends the program and fails the test if a byte was not allowed.
pub struct Pty {
    master: Option<Box<dyn MasterPty + Send>>,
    keyboard: Option<File>,
    reader: Option<JoinHandle<()>>,
    wake: UnixStream,
    shared: Arc<Shared>,
    pid: Pid,
    exit: Receiver<(ExitStatus, Instant)>,
    status: Option<(ExitStatus, Instant)>,
    found: String,
    home: tempfile::TempDir,
}

impl Pty {
    /// Types bytes as they are; returns when the kernel has them all.
    pub fn send(&mut self, bytes: impl AsRef<[u8]>) {
        let keyboard = self.keyboard.as_ref().expect("the terminal is still there");
        let deadline = Instant::now() + PATIENCE;
        let mut rest = bytes.as_ref();
        while !rest.is_empty() {
            assert!(
                !self.shared.lock().closed,
                "the program ended while it was typed to; the screen:\n{}",
                self.text()
            );
            assert!(
                Instant::now() < deadline,
                "it does not read its keyboard; the screen:\n{}",
                self.text()
            );
            match rustix::io::write(keyboard, rest) {
                Ok(written) => rest = &rest[written..],
                Err(Errno::AGAIN) => {
                    let _ = poll(
                        &mut [PollFd::new(keyboard, PollFlags::OUT)],
                        Some(&ROOM_PATIENCE),
                    );
                }
                Err(error) => panic!("typing: {error}"),
            }
        }
    }

    /// Presses keys by the names of the keymap, with a space between them: `"x s 3 enter"`.
    pub fn press(&mut self, keys: &str) {
        for key in keys.split(' ') {
            self.send(bytes_of(key));
        }
    }

    /// Waits until the screen is so; `what` says it in words for the failure.
    pub fn wait_for(&self, what: &str, is_so: impl FnMut(&Seen) -> bool) {
        assert!(
            self.comes(PATIENCE, is_so),
            "no {what} in {PATIENCE:?}; the screen:\n{}",
            self.text()
        );
    }

    /// Presses keys again and again, as a person does whose first press was not taken, until the screen is so.
    pub fn press_until(&mut self, keys: &str, what: &str, mut is_so: impl FnMut(&Seen) -> bool) {
        let deadline = Instant::now() + PATIENCE;
        while Instant::now() < deadline {
            self.press(keys);
            if self.comes(SECOND_PRESS, &mut is_so) {
                return;
            }
        }
        panic!("no {what} in {PATIENCE:?}; the screen:\n{}", self.text());
    }

    /// Does the screen become so in time?
    fn comes(&self, patience: Duration, mut is_so: impl FnMut(&Seen) -> bool) -> bool {
        let deadline = Instant::now() + patience;
        let mut seen = self.shared.lock();
        while !is_so(&seen) {
            let left = deadline.saturating_duration_since(Instant::now());
            assert!(
                !seen.closed,
                "the program ended; the screen:\n{}",
                seen.text()
            );
            if left.is_zero() {
                return false;
            }
            (seen, _) = self.shared.changed.wait_timeout(seen, left).unwrap();
        }
        true
    }

    /// Waits until the screen shows this text.
    pub fn wait_for_text(&self, text: &str) {
        self.wait_for(&format!("{text:?}"), |seen| seen.text().contains(text));
    }

    /// Waits until one more frame is complete than now.
    pub fn wait_for_frame(&self) {
        let before = self.look(|seen| seen.oracle.judge().frames);
        self.wait_for("new frame", |seen| seen.oracle.judge().frames > before);
    }

    /// Reads what the program writes for so long, whatever it is.
    pub fn listen_for(&self, time: Duration) {
        let end = Instant::now() + time;
        let mut seen = self.shared.lock();
        while let left = end.saturating_duration_since(Instant::now())
            && !left.is_zero()
        {
            (seen, _) = self.shared.changed.wait_timeout(seen, left).unwrap();
        }
    }

    /// Looks at what was written so far.
    pub fn look<R>(&self, look: impl FnOnce(&Seen) -> R) -> R {
        look(&self.shared.lock())
    }

    /// The screen as lines of text, now.
    pub fn text(&self) -> String {
        self.look(Seen::text)
    }

    /// Changes the size; the program gets SIGWINCH.
    pub fn resize(&mut self, columns: u16, rows: u16) {
        let mut seen = self.shared.lock();
        seen.terminal
            .screen_mut()
            .set_size(cells(rows), cells(columns));
        let size = PtySize {
            rows,
            cols: columns,
            pixel_width: 0,
            pixel_height: 0,
        };
        self.master
            .as_ref()
            .expect("the terminal is still there")
            .resize(size)
            .unwrap();
    }

    /// Sends a signal to the program alone; nothing when it has ended.
    pub fn signal(&self, signal: Signal) {
        let _ = kill_process(self.pid, signal);
    }

    /// Process id.
    pub fn pid(&self) -> u32 {
        self.pid.as_raw_nonzero().get().unsigned_abs()
    }

    /// Stops or goes on reading what the program writes.
    pub fn read_output(&mut self, read: bool) {
        self.shared.lock().paused = !read;
        self.wake.write_all(&[0]).unwrap();
    }

    /// The terminal vanishes, as when an SSH connection drops: every handle of its master side is closed.
    pub fn hang_up(&mut self) {
        self.shared.lock().closing = true;
        let _ = self.wake.write_all(&[0]);
        if let Some(reader) = self.reader.take() {
            reader.join().unwrap();
        }
        self.keyboard = None;
        self.master = None;
    }

    /// Waits for the program's end. Everything that it wrote has been read then, unless the terminal was taken away.
    pub fn wait_for_end(&mut self) -> ExitStatus {
        if self.status.is_none() {
            match self.exit.recv_timeout(PATIENCE) {
                Ok(status) => self.status = Some(status),
                Err(RecvTimeoutError::Timeout) => panic!(
                    "still running after {PATIENCE:?}; the screen:\n{}",
                    self.text()
                ),
                Err(RecvTimeoutError::Disconnected) => {
                    unreachable!("the waiting thread sends before it ends")
                }
            }
        }
        if self.master.is_some() && !self.shared.lock().paused {
            let (seen, timeout) = self
                .shared
                .changed
                .wait_timeout_while(self.shared.lock(), PATIENCE, |seen| !seen.closed)
                .unwrap();
            assert!(
                !timeout.timed_out(),
                "a child still holds the terminal; the screen:\n{}",
                seen.text()
            );
        }
        self.status.clone().unwrap().0
    }

    /// When the program ended.
    pub fn ended_at(&self) -> Option<Instant> {
        self.status.as_ref().map(|(_, at)| *at)
    }

    /// The line settings are as they were found.
    pub fn line_is_given_back(&self) -> bool {
        format!("{:?}", self.master.as_ref().unwrap().get_termios()) == self.found
    }

    /// Fails unless modes and line settings are as a shell needs them.
    pub fn assert_given_back(&self) {
        let raw = self.look(|seen| {
            String::from_utf8_lossy(&seen.raw[seen.raw.len().saturating_sub(400)..])
                .escape_debug()
                .to_string()
        });
        assert!(
            self.look(Seen::is_given_back),
            "the screen's modes are not given back; last bytes: {raw}"
        );
        assert!(
            self.line_is_given_back(),
            "the line settings are not given back"
        );
    }

    /// The home directory of the program; its state is in `state` there.
    pub fn home(&self) -> &Path {
        self.home.path()
    }

    /// Fails if a byte was written that is not on the oracle's list.
    pub fn assert_clean(&self) {
        let faults = self.look(|seen| seen.oracle.judge().faults.clone());
        assert!(faults.is_empty(), "written to the terminal: {faults:#?}");
    }
}

impl Drop for Pty {
    fn drop(&mut self) {
        if self.status.is_none() && self.exit.try_recv().is_err() {
            let _ = kill_process(self.pid, Signal::KILL);
        }
        self.hang_up();
        if !std::thread::panicking() {
            self.assert_clean();
        }
    }
}

fn cells(number: u16) -> NonZeroU16 {
    NonZeroU16::new(number).expect("a terminal has at least one cell")
}

fn spawn_reader(file: File, wake: UnixStream, shared: Arc<Shared>) -> JoinHandle<()> {
    std::thread::spawn(move || {
        let mut buffer = vec![0; 64 * 1024];
        let mut answers = Vec::new();
        loop {
            let (paused, closing) = {
                let mut seen = shared.lock();
                answers.append(&mut seen.terminal.callbacks_mut().bytes);
                (seen.paused, seen.closing)
            };
            if let Ok(written) = rustix::io::write(&file, &answers) {
                answers.drain(..written);
            }
            if closing {
                break;
            }
            let mut sources = vec![PollFd::new(&wake, PollFlags::IN)];
            if !paused {
                sources.push(PollFd::new(&file, PollFlags::IN));
            }
            let patience = (!answers.is_empty()).then_some(&ROOM_PATIENCE);
            let _ = poll(&mut sources, patience);
            let woken = !sources[0].revents().is_empty();
            let written = sources
                .get(1)
                .is_some_and(|source| !source.revents().is_empty());
            if woken {
                let _ = rustix::io::read(&wake, &mut [0; 64][..]);
            }
            if written {
                let length = match rustix::io::read(&file, &mut buffer[..]) {
                    Ok(length @ 1..) => length,
                    Err(Errno::AGAIN) => continue,
                    Ok(0) | Err(_) => break,
                };
                shared.lock().take(&buffer[..length]);
                shared.changed.notify_all();
            }
        }
        shared.lock().closed = true;
        shared.changed.notify_all();
    })
}

impl Seen {
    fn take(&mut self, bytes: &[u8]) {
        self.terminal.process(bytes);
        self.oracle.read(bytes);
        self.raw.extend_from_slice(bytes);
        if self.raw.len() > RAW_BYTES_MAX {
            self.raw.drain(..RAW_BYTES_MAX / 2);
        }
        self.at = Instant::now();
    }
}

/// What a terminal sends for a key.
fn bytes_of(key: &str) -> Vec<u8> {
    use keys::key::{Code, Key};
    let parsed: Key = key.parse().unwrap_or_else(|error| panic!("{error}"));
    let mut bytes = String::new();
    if parsed.alt {
        bytes.push('\u{1b}');
    }
    match parsed.code {
        Code::Char(character) if parsed.ctrl => bytes.push(char::from(character as u8 & 0x1F)),
        Code::Char(character) => bytes.push(character),
        Code::Function(number @ 1..=4) => {
            write!(bytes, "\x1bO{}", char::from(b'O' + number)).unwrap()
        }
        Code::Enter => bytes.push('\r'),
        // In the form that no following key can turn into another one.
        Code::Esc => bytes.push_str("\x1b[27u"),
        Code::Tab if parsed.shift => bytes.push_str("\x1b[Z"),
        Code::Tab => bytes.push('\t'),
        Code::Backspace => bytes.push('\u{7f}'),
        Code::Delete => bytes.push_str("\x1b[3~"),
        Code::Up => bytes.push_str("\x1b[A"),
        Code::Down => bytes.push_str("\x1b[B"),
        Code::Right => bytes.push_str("\x1b[C"),
        Code::Left => bytes.push_str("\x1b[D"),
        Code::Home => bytes.push_str("\x1b[H"),
        Code::End => bytes.push_str("\x1b[F"),
        Code::PageUp => bytes.push_str("\x1b[5~"),
        Code::PageDown => bytes.push_str("\x1b[6~"),
        Code::Function(_) => panic!("{key}: no bytes for it here"),
    }
    bytes.into_bytes()
}
