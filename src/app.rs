//! The loop: input, world or timer -> update -> source and store -> draw once. Decides nothing; on the UI thread, where
//! nothing waits for a send and nobody writes to the terminal.

mod effect;

use std::time::{Duration, Instant};

use tokio::sync::mpsc;

use journal::store::directory::StateDir;
use model::entry::EntryId;
use model::message::{Input, Msg};
use model::write::dialog::Question;
use runtime::{Left, Next, Runtime};
use terminal::{Drawn, Events, GONE_STATUS, Signal, Terminal, TerminalEvent};
use view::theme::Theme;

/// After input, messages of the world are taken for so long before the next look at the keyboard.
const WORLD_SLICE: Duration = Duration::from_millis(4);
/// Frames that only the world causes are at least so far apart; a frame for a key is drawn at once.
const WORLD_FRAME: Duration = Duration::from_millis(33);
/// A terminal that has not answered for so long from behind a dialog does not answer: several times the way there and back on
/// a bad link. In time of the clock on the wall, whatever the speed of a demo.
const ANSWER_PATIENCE: Duration = Duration::from_secs(3);
/// What a Rust program exits with after a panic.
const CRASHED_STATUS: u8 = 101;

/// What the loop works with.
pub struct App {
    /// State, clusters, store and clock.
    pub runtime: Runtime,
    /// Styles and glyphs.
    pub theme: Theme,
    /// The screen.
    pub terminal: Terminal,
    /// Keys and signals.
    pub events: Events,
    /// Where the timeline lives, for exports; `None` when it has no place.
    pub state: Option<StateDir>,
    /// Takes what the loop's own errands have to say.
    pub answer: mpsc::UnboundedSender<Msg>,
}

/// What is on the screen compared with the state.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Dirty {
    /// The same.
    No,
    /// The world moved on.
    ByWorld,
    /// A key was pressed, or time asked for it.
    Now,
}

struct Running {
    app: App,
    dirty: Dirty,
    last_frame: Instant,
    /// The frame before is still on its way: `FrameWritten` comes and brings us back to drawing.
    is_busy: bool,
    /// The question on the screen for which the terminal was asked whether it shows it.
    asked: Option<Asked>,
    exit: Option<u8>,
    /// The open incident, or the one that was closed last: its post-mortem is written once it is over, too.
    incident: Option<EntryId>,
}

/// The terminal was asked for an answer behind a frame that shows a question.
struct Asked {
    question: Question,
    /// Number of the frame.
    frame: u64,
    /// Until then an answer is waited for, once the frame is written.
    due: Option<Instant>,
    /// It may come before we hear that the frame is written.
    is_answered: bool,
}

/// Runs until the user leaves or the terminal does.
/// Returns the exit status and what has to be closed.
pub async fn run(app: App) -> (u8, Left) {
    let mut running = Running {
        app,
        dirty: Dirty::Now,
        last_frame: Instant::now(),
        is_busy: false,
        asked: None,
        exit: None,
        incident: None,
    };
    let (columns, rows) = running.app.terminal.size();
    running
        .take(Msg::Input(Input::Resize { columns, rows }))
        .await;
    loop {
        if let Some(status) = running.exit {
            running.app.runtime.leave();
            return (status, running.app.runtime.close());
        }
        running.draw();
        running.wait().await;
    }
}

impl Running {
    /// Waits for whatever comes first and takes it.
    async fn wait(&mut self) {
        let is_frame_owed = self.dirty == Dirty::ByWorld && !self.is_busy;
        let frame = is_frame_owed.then(|| self.last_frame + WORLD_FRAME);
        let answer = self.asked.as_ref().and_then(|asked| asked.due);
        let wake = frame.into_iter().chain(answer).min();
        tokio::select! {
            biased;
            event = self.app.events.next() => self.take_queued(event).await,
            next = self.app.runtime.next(wake) => match next {
                Next::Answer(msg) => self.take(msg).await,
                Next::World(msg) => self.take_world(msg).await,
                Next::Tick => self.take(Msg::Tick).await,
                Next::Nothing => {}
            }
        }
        if answer.is_some_and(|answer| Instant::now() >= answer) {
            self.no_answer().await;
        }
    }

    /// All queued input, in order.
    async fn take_queued(&mut self, first: Option<TerminalEvent>) {
        let mut next = first;
        if next.is_none() {
            self.exit = Some(GONE_STATUS);
        }
        while let Some(event) = next {
            self.take_event(event).await;
            if self.exit.is_some() {
                return;
            }
            next = self.app.events.try_next();
        }
    }

    async fn take_event(&mut self, event: TerminalEvent) {
        match event {
            TerminalEvent::Key { key, alone } => {
                self.take(Msg::Input(Input::Key { key, alone })).await
            }
            TerminalEvent::Paste { text, cut_bytes } => {
                self.take(Msg::Input(Input::Paste(text))).await;
                if cut_bytes > 0 {
                    self.fail(format!("the paste was cut: {cut_bytes} bytes too long"))
                        .await;
                }
            }
            TerminalEvent::Mouse(mouse) => self.take(Msg::Input(Input::Mouse(mouse))).await,
            TerminalEvent::Resize { columns, rows } => {
                // The cell that the answer would name may be gone.
                self.asked = None;
                self.take(Msg::Input(Input::Resize { columns, rows })).await
            }
            TerminalEvent::FrameWritten(number) => {
                self.is_busy = false;
                if let Some(asked) = self.asked.as_mut().filter(|asked| asked.frame == number) {
                    asked.due = (!asked.is_answered).then(|| Instant::now() + ANSWER_PATIENCE);
                    let question = asked.question;
                    self.take(Msg::Input(Input::FrameWritten(question))).await;
                }
            }
            TerminalEvent::Report(report) => {
                let frame = self.app.terminal.answered(report);
                let asked = self.asked.as_mut();
                if let Some(asked) = asked.filter(|asked| Some(asked.frame) == frame) {
                    (asked.due, asked.is_answered) = (None, true);
                    let question = asked.question;
                    self.take(Msg::Input(Input::FrameShown(question))).await;
                }
            }
            TerminalEvent::Resumed => {
                let (columns, rows) = self.app.terminal.size();
                self.take(Msg::Input(Input::Resize { columns, rows })).await;
                self.take(Msg::Input(Input::Resumed)).await;
            }
            TerminalEvent::Signal(Signal::Stop) => self.stop().await,
            TerminalEvent::Signal(signal) => self.exit = Some(signal.exit_status()),
            TerminalEvent::Gone => self.exit = Some(GONE_STATUS),
            TerminalEvent::Crashed => self.exit = Some(CRASHED_STATUS),
        }
    }

    /// The frame is in the kernel, and the terminal says nothing.
    async fn no_answer(&mut self) {
        if let Some(asked) = self.asked.as_mut().filter(|asked| asked.due.is_some()) {
            asked.due = None;
            let question = asked.question;
            self.take(Msg::Input(Input::FrameUnanswered(question)))
                .await;
        }
    }

    /// What the world said, for at most a slice of time.
    async fn take_world(&mut self, first: Msg) {
        let end = Instant::now() + WORLD_SLICE;
        let before = self.dirty;
        self.take(first).await;
        while Instant::now() < end && self.exit.is_none() {
            let Ok(msg) = self.app.runtime.world.try_recv() else {
                break;
            };
            self.take(msg).await;
        }
        self.dirty = if before == Dirty::Now {
            Dirty::Now
        } else {
            Dirty::ByWorld
        };
    }

    /// One message through all of it, then what needs the terminal.
    async fn take(&mut self, msg: Msg) {
        let effects = self.app.runtime.take(msg);
        self.dirty = Dirty::Now;
        if let Some(incident) = &self.app.runtime.model.timeline.incident {
            self.incident = Some(incident.id);
        }
        for effect in effects {
            self.run_effect(effect).await;
        }
    }

    fn draw(&mut self) {
        let is_due = match self.dirty {
            Dirty::No => false,
            Dirty::ByWorld => self.last_frame.elapsed() >= WORLD_FRAME,
            Dirty::Now => true,
        };
        if !is_due {
            return;
        }
        let (model, theme) = (&self.app.runtime.model, &self.app.theme);
        let question = view::layout::question(model);
        self.asked.take_if(|asked| question != Some(asked.question));
        let asks = question.filter(|_| self.asked.is_none());
        match self
            .app
            .terminal
            .draw(asks.is_some(), |buffer| view::draw(model, theme, buffer))
        {
            Drawn::Busy => self.is_busy = true,
            drawn @ (Drawn::Written(_) | Drawn::Unchanged) => {
                if let (Drawn::Written(frame), Some(question)) = (drawn, asks) {
                    self.asked = Some(Asked {
                        question,
                        frame,
                        due: None,
                        is_answered: false,
                    });
                }
                if matches!(drawn, Drawn::Written(_)) {
                    self.app.runtime.on_frame();
                }
                self.is_busy = matches!(drawn, Drawn::Written(_));
                self.dirty = Dirty::No;
                self.last_frame = Instant::now();
            }
        }
    }
}
