//! The loop: input, world or timer -> update -> source and store -> draw once. Decides nothing; on the UI thread, where
//! nothing waits for a send and nobody writes to the terminal.

use std::collections::{BTreeMap, BTreeSet};
use std::time::{Duration, Instant};

use tokio::sync::mpsc;
use tokio::time::sleep_until;

use journal::command;
use journal::store::Store;
use journal::store::directory::StateDir;
use kubernetes::Source;
use kubernetes::clock::Clock;
use model::Model;
use model::entry::EntryId;
use model::journal::Token;
use model::message::{Effect, Input, Msg, Want};
use model::time::At;
use model::timeline::Pending;
use model::write::WriteId;
use terminal::{Drawn, Events, GONE_STATUS, Signal, Terminal, TerminalEvent};
use view::theme::Theme;

/// After input, messages of the world are taken for so long before the next look at the keyboard.
const WORLD_SLICE: Duration = Duration::from_millis(4);
/// Frames that only the world causes are at least so far apart; a frame for a key is drawn at once.
const WORLD_FRAME: Duration = Duration::from_millis(33);
/// The clock on the screen changes each minute in any case.
const LONGEST_TICK_MS: u64 = 60_000;
/// A wake-up in the past comes at once, but never as a spin.
const SHORTEST_TICK: Duration = Duration::from_millis(1);
/// What a Rust program exits with after a panic.
const CRASHED_STATUS: u8 = 101;

/// What the loop works with.
pub struct App {
    /// The state.
    pub model: Model,
    /// Styles and glyphs.
    pub theme: Theme,
    /// The screen.
    pub terminal: Terminal,
    /// Keys and signals.
    pub events: Events,
    /// All that talks to clusters.
    pub source: Source,
    /// What the clusters say.
    pub world: mpsc::Receiver<Msg>,
    /// The timeline on disk; `None` when the system gave it no thread.
    pub store: Option<Store>,
    /// Where the timeline lives, for exports; `None` when it has no place.
    pub state: Option<StateDir>,
    /// What the store and the loop's own errands say; no more than was asked of them, so it needs no bound.
    pub answers: mpsc::UnboundedReceiver<Msg>,
    /// The other end of it.
    pub answer: mpsc::UnboundedSender<Msg>,
    /// What time it is.
    pub clock: Clock,
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
    wants: BTreeSet<Want>,
    dirty: Dirty,
    last_frame: Instant,
    /// The frame before is still on its way: `FrameWritten` comes and brings us back to drawing.
    is_busy: bool,
    /// The last frame that was handed over, and the question that it shows.
    asked: Option<(u64, Option<(WriteId, u32)>)>,
    exit: Option<u8>,
    /// The open incident, or the one that was closed last: its post-mortem is written once it is over, too.
    incident: Option<EntryId>,
}

/// What is left when the loop has ended.
pub struct Left {
    /// Exit status.
    pub status: u8,
    /// Still has to be closed.
    pub store: Option<Store>,
    /// What the store has yet to say.
    pub answers: mpsc::UnboundedReceiver<Msg>,
    /// What was given to it and not acknowledged.
    pub pending: BTreeMap<Token, Pending>,
}

/// Runs until the user leaves or the terminal does.
pub async fn run(app: App) -> Left {
    let mut running = Running {
        app,
        wants: BTreeSet::new(),
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
            running.leave().await;
            let App {
                model,
                store,
                answers,
                ..
            } = running.app;
            return Left {
                status,
                store,
                answers,
                pending: model.timeline.pending,
            };
        }
        running.draw();
        running.wait().await;
    }
}

impl Running {
    /// The record says that nobody watches any more, however the end came.
    async fn leave(&mut self) {
        let at = self.now();
        for effect in update::leave(&mut self.app.model, at) {
            self.run_effect(effect).await;
        }
    }

    /// Waits for whatever comes first and takes it.
    async fn wait(&mut self) {
        let tick = self.next_tick();
        let frame = self.last_frame + WORLD_FRAME;
        let is_frame_owed = self.dirty == Dirty::ByWorld && !self.is_busy;
        let wake = if is_frame_owed { tick.min(frame) } else { tick };
        tokio::select! {
            biased;
            event = self.app.events.next() => self.hear(event).await,
            Some(msg) = self.app.answers.recv() => self.take(msg).await,
            Some(msg) = self.app.world.recv() => self.take_world(msg).await,
            () = sleep_until(wake.into()) => {
                if Instant::now() >= tick {
                    self.take(Msg::Tick).await;
                }
            }
        }
    }

    fn next_tick(&self) -> Instant {
        let wait_ms = update::next_wake(&self.app.model)
            .map_or(LONGEST_TICK_MS, |at| at.since_ms(self.now()));
        Instant::now() + self.app.clock.wait(wait_ms).max(SHORTEST_TICK)
    }

    /// All queued input, in order.
    async fn hear(&mut self, first: Option<TerminalEvent>) {
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
            TerminalEvent::Resize { columns, rows } => {
                self.take(Msg::Input(Input::Resize { columns, rows })).await
            }
            TerminalEvent::FrameWritten(number) => {
                self.is_busy = false;
                let question = self.app.model.screen.question();
                if question.is_some() && self.asked == Some((number, question)) {
                    self.take(Msg::Input(Input::FrameShown)).await;
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

    /// What the world said, for at most a slice of time.
    async fn take_world(&mut self, first: Msg) {
        let end = Instant::now() + WORLD_SLICE;
        let before = self.dirty;
        self.take(first).await;
        while Instant::now() < end && self.exit.is_none() {
            let Ok(msg) = self.app.world.try_recv() else {
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

    /// One message: state, effects, wants.
    async fn take(&mut self, msg: Msg) {
        let at = self.now();
        let effects = update::update(&mut self.app.model, at, msg);
        self.dirty = Dirty::Now;
        if let Some(incident) = &self.app.model.timeline.incident {
            self.incident = Some(incident.id);
        }
        let wants = update::wants(&self.app.model);
        if wants != self.wants {
            self.app.source.reconcile(&wants);
            self.wants = wants;
        }
        for effect in effects {
            self.run_effect(effect).await;
        }
    }

    async fn run_effect(&mut self, effect: Effect) {
        match effect {
            Effect::Quit => self.exit = Some(0),
            Effect::Suspend => self.stop().await,
            Effect::Login => self.login().await,
            Effect::Copy(text) => {
                if let Err(error) = self.app.terminal.copy(text.raw()) {
                    self.fail(error.to_string()).await;
                }
            }
            Effect::Export => self.export(),
            Effect::Cluster(effect) => self.app.source.run(&effect),
            // The task goes on by itself; what it has to say comes as a message.
            Effect::Write(effect) => drop(self.app.source.write(effect)),
            Effect::Logs(effect) => self.app.source.logs(effect),
            Effect::Store(effect) => {
                if let Some(store) = &self.app.store {
                    store.run(effect);
                }
            }
        }
    }

    /// On a thread of its own: a disk that hangs must not hold the loop.
    fn export(&self) {
        let (state, answer) = (self.app.state.clone(), self.app.answer.clone());
        let (incident, now) = (self.incident, self.now().wall);
        tokio::task::spawn_blocking(move || {
            let done = match state.map(|dir| command::export_file(&dir, incident, now)) {
                Some(Ok(path)) => Input::Done(format!("written to {}", path.display()).into()),
                Some(Err(failure)) => {
                    Input::Failed(format!("nothing was exported: {failure}").into())
                }
                None => Input::Failed("nothing was exported: the timeline has no directory".into()),
            };
            // Nobody listens when the console is leaving.
            drop(answer.send(Msg::Input(done)));
        });
    }

    async fn stop(&mut self) {
        match self.app.terminal.stop() {
            Ok(true) => self.dirty = Dirty::Now,
            Ok(false) => {
                self.fail("no shell is there that could continue us".to_owned())
                    .await
            }
            Err(error) => self.fail(format!("cannot stop: {error}")).await,
        }
    }

    /// What the loop itself could not do is said like everything else: by a message.
    async fn fail(&mut self, words: String) {
        tracing::warn!(words);
        Box::pin(self.take(Msg::Input(Input::Failed(words.into())))).await;
    }

    /// The credential plugin gets the real terminal; the panes stay as they are meanwhile.
    async fn login(&mut self) {
        let context = self.app.model.cluster.context.clone();
        self.app.terminal.suspend();
        let result = self.app.source.login(context.raw()).await;
        if let Err(error) = self.app.terminal.resume() {
            tracing::error!(%error, "cannot take the terminal back");
            self.exit = Some(GONE_STATUS);
            return;
        }
        match result {
            Ok(()) => self.dirty = Dirty::Now,
            Err(problem) => {
                self.fail(format!("{}; {}", problem.what.raw(), problem.next))
                    .await
            }
        }
        // The watches were stopped with the old credentials: start them anew.
        self.app.source.reconcile(&self.wants);
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
        let (model, theme) = (&self.app.model, &self.app.theme);
        match self
            .app
            .terminal
            .draw(|buffer| view::draw(model, theme, buffer))
        {
            Drawn::Busy => self.is_busy = true,
            drawn @ (Drawn::Written(_) | Drawn::Unchanged) => {
                if let Drawn::Written(number) = drawn {
                    self.asked = Some((number, model.screen.question()));
                }
                self.is_busy = matches!(drawn, Drawn::Written(_));
                self.dirty = Dirty::No;
                self.last_frame = Instant::now();
            }
        }
    }

    fn now(&self) -> At {
        self.app.clock.now()
    }
}
