//! Writes a recording, on a thread of its own: the loop hands over what happens and never waits. What ends a recording early is
//! said in the status line, and the console goes on.
//!
//! The thread keeps a state of its own, made from the messages without their secrets: the effects that it writes are those a
//! replay has to come to.

use std::fs::{File, OpenOptions};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, SyncSender, TryRecvError, TrySendError, channel, sync_channel};
use std::time::Duration;

use serde::Serialize;
use thiserror::Error;

use journal::store::directory::open_private;
use model::Model;
use model::message::{Input, Msg};
use model::time::At;

use super::recording::{self, BYTES_MAX, Line, Start};
use super::redaction;
use super::typed::{Handed, Typed};

/// So many messages may wait for the disk; more, and the recording ends before it costs the console its memory.
const QUEUE_MAX: usize = 4_096;

/// Takes what the recorder has to say to the user.
pub type Say = Arc<dyn Fn(Msg) + Send + Sync>;

/// The loop's end of a recording.
pub struct Recorder {
    queue: Option<SyncSender<Handed>>,
    done: Receiver<()>,
    say: Say,
    was_typing: bool,
}

/// Why a recording ended before the console.
#[derive(Debug, Error)]
enum Stop {
    #[error("it has grown to {} MB", .0 >> 20)]
    Long(u64),
    #[error("{0}")]
    Disk(#[from] io::Error),
    #[error("a message cannot be written: {0}")]
    Form(#[from] serde_json::Error),
    #[error("the disk is too slow for it")]
    Slow,
}

/// Creates the file of a recording, readable by this user alone. Nothing is ever overwritten.
///
/// # Errors
/// It cannot be created; in words.
pub fn create(path: &Path) -> Result<File, String> {
    open_private(path, OpenOptions::new().write(true).create_new(true)).map_err(|error| {
        let path = path.display();
        match error.kind() {
            io::ErrorKind::AlreadyExists => {
                format!(
                    "{path} is there already, and a recording overwrites nothing: name another file"
                )
            }
            _ => format!("cannot record into {path}: {error}"),
        }
    })
}

impl Recorder {
    /// Records into a file that [`create`] made.
    ///
    /// # Errors
    /// The system gives no thread.
    pub fn start(file: File, path: PathBuf, start: Start, say: Say) -> io::Result<Recorder> {
        Recorder::bounded(file, path, start, say, BYTES_MAX)
    }

    /// The same, ended by a smaller file.
    ///
    /// # Errors
    /// The system gives no thread.
    pub fn bounded(
        file: File,
        path: PathBuf,
        start: Start,
        say: Say,
        bytes_max: u64,
    ) -> io::Result<Recorder> {
        let (queue, received) = sync_channel(QUEUE_MAX);
        let (finished, done) = channel();
        let report = say.clone();
        std::thread::Builder::new()
            .name("recorder".into())
            .spawn(move || {
                let ended = Writer::begin(file, &start, bytes_max)
                    .and_then(|mut writer| writer.run(&received));
                if let Err(stop) = ended {
                    report(stopped(&stop, &path));
                }
                finished.send(()).ok(); // nobody may be waiting any more
            })?;
        Ok(Recorder {
            queue: Some(queue),
            done,
            say,
            was_typing: false,
        })
    }

    /// A message is about to be taken into this state.
    pub fn before(&mut self, model: &Model) {
        self.was_typing = model.screen.takes_text();
    }

    /// A message was taken into the state, which is now this.
    pub fn message(&mut self, at: At, msg: Msg, model: &Model) {
        self.send(Handed::Message {
            at,
            msg: Box::new(msg),
            was_typing: self.was_typing,
            is_typing: model.screen.takes_text(),
        });
    }

    /// The state was drawn.
    pub fn frame(&mut self) {
        self.send(Handed::Frame);
    }

    /// The console ends.
    pub fn leave(&mut self, at: At) {
        self.send(Handed::Leave(at));
    }

    fn send(&mut self, sent: Handed) {
        let Some(queue) = &self.queue else {
            return;
        };
        match queue.try_send(sent) {
            Ok(()) => {}
            Err(TrySendError::Full(_)) => {
                self.queue = None;
                (self.say)(failed(&Stop::Slow.to_string()));
            }
            // It has said why.
            Err(TrySendError::Disconnected(_)) => self.queue = None,
        }
    }

    /// Writes what waits and ends; false when that took longer than `deadline`.
    pub fn close(self, deadline: Duration) -> bool {
        drop(self.queue);
        self.done.recv_timeout(deadline).is_ok()
    }
}

fn stopped(stop: &Stop, path: &Path) -> Msg {
    failed(&format!(
        "{stop}; {} holds what came before",
        path.display()
    ))
}

fn failed(why: &str) -> Msg {
    Msg::Input(Input::Failed(
        format!("the recording has ended: {why}").into(),
    ))
}

/// The thread's end.
struct Writer {
    file: BufWriter<File>,
    bytes: u64,
    bytes_max: u64,
    model: Model,
    typed: Typed,
    frames: u32,
}

impl Writer {
    fn begin(file: File, start: &Start, bytes_max: u64) -> Result<Writer, Stop> {
        let start = redaction::value(start)?;
        let mut writer = Writer {
            file: BufWriter::new(file),
            bytes: 0,
            bytes_max,
            model: start.model(),
            typed: Typed::default(),
            frames: 0,
        };
        writer.write(&start)?;
        Ok(writer)
    }

    fn run(&mut self, received: &Receiver<Handed>) -> Result<(), Stop> {
        loop {
            let sent = match received.try_recv() {
                Ok(sent) => sent,
                Err(TryRecvError::Empty) => {
                    // Nothing more for now: what was written outlives a kill.
                    self.file.flush()?;
                    match received.recv() {
                        Ok(sent) => sent,
                        Err(_) => break,
                    }
                }
                Err(TryRecvError::Disconnected) => break,
            };
            self.on_sent(sent)?;
        }
        for held in self.typed.release() {
            self.record(held)?;
        }
        Ok(self.file.flush()?)
    }

    fn on_sent(&mut self, sent: Handed) -> Result<(), Stop> {
        let (is_held, is_last) = match &sent {
            Handed::Message {
                was_typing,
                is_typing,
                ..
            } => (*was_typing, !is_typing),
            Handed::Frame => (self.typed.is_holding(), false),
            Handed::Leave(_) => (self.typed.is_holding(), true),
        };
        if !is_held {
            return self.record(sent);
        }
        let mut due = self.typed.hold(sent);
        if is_last {
            due.extend(self.typed.release());
        }
        due.into_iter().try_for_each(|sent| self.record(sent))
    }

    fn record(&mut self, sent: Handed) -> Result<(), Stop> {
        let line = match sent {
            Handed::Message { at, msg, .. } => {
                let msg = redaction::message(*msg)?;
                let effects = update::update(&mut self.model, at, msg.clone());
                Line::Message {
                    at,
                    msg: Box::new(msg),
                    effects: recording::effects(&effects)?,
                }
            }
            Handed::Frame => {
                self.frames += 1;
                Line::Frame(self.frames)
            }
            Handed::Leave(at) => {
                let effects = update::leave(&mut self.model, at);
                Line::Leave {
                    at,
                    effects: recording::effects(&effects)?,
                }
            }
        };
        self.write(&line)
    }

    fn write(&mut self, line: &impl Serialize) -> Result<(), Stop> {
        let mut text = serde_json::to_vec(line)?;
        text.push(b'\n');
        if self.bytes + text.len() as u64 > self.bytes_max {
            let stop = Stop::Long(self.bytes_max);
            serde_json::to_writer(&mut self.file, &Line::Stopped(stop.to_string()))?;
            self.file.write_all(b"\n")?;
            self.file.flush()?;
            return Err(stop);
        }
        self.bytes += text.len() as u64;
        self.file.write_all(&text)?;
        Ok(())
    }
}
