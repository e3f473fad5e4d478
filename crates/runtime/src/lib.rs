//! The core of the loop: one message through model, clusters and store. Knows no terminal; whoever owns one drives it.

mod recorder;
pub mod recording;
mod redaction;
pub mod replay;
pub mod runbooks;
mod typed;

use std::collections::{BTreeMap, BTreeSet};
use std::time::{Duration, Instant};

use tokio::sync::mpsc;
use tokio::time::sleep_until;

use journal::store::Store;
use kubernetes::Source;
use kubernetes::clock::Clock;
use model::Model;
use model::cluster::Problem;
use model::journal::Token;
use model::message::{Effect, Msg, Want};
use model::time::At;
use model::timeline::Pending;

pub use recorder::{Recorder, Say, create};
pub use runbooks::{RunbookFolders, RunbookReader};

/// The clock on the screen changes each minute in any case.
const LONGEST_TICK_MS: u64 = 60_000;
/// A wake-up in the past comes at once, but never as a spin.
const SHORTEST_TICK: Duration = Duration::from_millis(1);

/// What a message goes through.
pub struct Runtime {
    pub model: Model,
    /// All that talks to clusters.
    pub source: Source,
    /// What the clusters say.
    pub world: mpsc::Receiver<Msg>,
    /// The timeline on disk; `None` when the system gave it no thread.
    pub store: Option<Store>,
    /// The folders of runbooks.
    pub runbooks: RunbookReader,
    /// What the store and errands beside the loop say; no more than was asked of them, so it needs no bound.
    pub answers: mpsc::UnboundedReceiver<Msg>,
    /// What time it is.
    pub clock: Clock,
    /// Writes down what happens, when that was asked for.
    pub recorder: Option<Recorder>,
    /// What the clusters were last asked to keep running.
    pub wants: BTreeSet<Want>,
}

/// What comes next.
#[derive(Debug)]
pub enum Next {
    /// An answer to something that was asked for.
    Answer(Msg),
    /// From a cluster.
    World(Msg),
    /// Nothing, and a text on the screen changes by itself.
    Tick,
    /// Nothing until the moment that was given.
    Nothing,
}

/// What is left when the loop has ended.
pub struct Left {
    /// Still has to be closed.
    pub store: Option<Store>,
    /// Still has to be closed.
    pub recorder: Option<Recorder>,
    /// What the store has yet to say.
    pub answers: mpsc::UnboundedReceiver<Msg>,
    /// What was given to it and not acknowledged.
    pub pending: BTreeMap<Token, Pending>,
}

impl Runtime {
    /// One message: state, what should run, effects. Returns the effects that need more than clusters and store.
    pub fn take(&mut self, msg: Msg) -> Vec<Effect> {
        let at = self.clock.now();
        let recorded = self.recorder.as_mut().map(|recorder| {
            recorder.before(&self.model);
            msg.clone()
        });
        let effects = update::update(&mut self.model, at, msg);
        if let (Some(recorder), Some(msg)) = (&mut self.recorder, recorded) {
            recorder.message(at, msg, &self.model);
        }
        let wants = update::wants(&self.model);
        if wants != self.wants {
            self.source.reconcile(&wants);
            self.wants = wants;
        }
        self.run(effects)
    }

    /// The record says that nobody watches any more, however the end came.
    pub fn leave(&mut self) {
        let at = self.clock.now();
        let effects = update::leave(&mut self.model, at);
        if let Some(recorder) = &mut self.recorder {
            recorder.leave(at);
        }
        drop(self.run(effects));
    }

    /// The state was drawn: a replay has this frame.
    pub fn on_frame(&mut self) {
        if let Some(recorder) = &mut self.recorder {
            recorder.frame();
        }
    }

    /// Waits for what comes first, at most until this moment.
    pub async fn next(&mut self, until: Option<Instant>) -> Next {
        let tick = self.next_tick();
        let wake = until.map_or(tick, |until| until.min(tick));
        tokio::select! {
            biased;
            Some(msg) = self.answers.recv() => Next::Answer(msg),
            Some(msg) = self.world.recv() => Next::World(msg),
            () = sleep_until(wake.into()) => {
                if Instant::now() >= tick { Next::Tick } else { Next::Nothing }
            }
        }
    }

    /// Runs the credential plugin of the present context on the real terminal, and starts the watches anew.
    ///
    /// # Errors
    /// There is none, or it failed. The watches were stopped with the old credentials, so they are started in any case.
    pub async fn login(&mut self) -> Result<(), Problem> {
        let context = self.model.cluster.context.clone();
        self.source.login(context.raw()).await
    }

    /// The watches were stopped with the old credentials: starts them.
    pub fn restart(&mut self) {
        self.source.reconcile(&self.wants);
    }

    /// Stops what talks to clusters.
    pub fn close(self) -> Left {
        drop(self.source);
        Left {
            store: self.store,
            recorder: self.recorder,
            answers: self.answers,
            pending: self.model.timeline.pending,
        }
    }

    pub fn now(&self) -> At {
        self.clock.now()
    }

    fn next_tick(&self) -> Instant {
        let wait_ms = update::next_wake(&self.model)
            .map_or(LONGEST_TICK_MS, |at| at.since_ms(self.clock.now()));
        Instant::now() + self.clock.wait(wait_ms).max(SHORTEST_TICK)
    }

    fn run(&mut self, effects: Vec<Effect>) -> Vec<Effect> {
        let mut others = Vec::new();
        for effect in effects {
            match effect {
                Effect::Cluster(effect) => self.source.run(&effect),
                // The task goes on by itself; what it has to say comes as a message.
                Effect::Write(effect) => drop(self.source.write(effect)),
                Effect::Logs(effect) => self.source.logs(effect),
                Effect::Runbook(effect) => self.runbooks.run(effect),
                Effect::Store(effect) => {
                    if let Some(store) = &self.store {
                        store.run(effect);
                    }
                }
                Effect::Quit
                | Effect::Suspend
                | Effect::Redraw
                | Effect::Login
                | Effect::Copy(_)
                | Effect::Export => others.push(effect),
            }
        }
        others
    }
}
