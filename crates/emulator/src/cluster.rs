//! The task that owns the world: it lets time pass, and answers those who ask.

use std::time::Duration;

use chrono::{DateTime, Utc};
use tokio::sync::{mpsc, oneshot, watch};
use tokio::time::{Instant, sleep_until};

use super::faults::Faults;
use super::world::World;
use super::world::object::Millis;

/// Questions that wait at most: each client waits for its own answer, so that is a bound on clients.
const ASKS_MAX: usize = 1_024;
/// The world moves no more often than this: finer steps would only cost.
const STEP: Duration = Duration::from_millis(10);
/// Load that is late by more than this is left out: a server that only catches up answers nobody.
const CHURN_LATE_MS: Millis = 100;

/// What the task owns.
pub struct State {
    /// The emulated cluster.
    pub world: World,
    /// What is to go wrong, and what was asked so far.
    pub faults: Faults,
}

type Ask = Box<dyn FnOnce(&mut State) + Send>;

/// Asks the task, which ends when the last of these is dropped.
#[derive(Clone)]
pub struct Cluster {
    asks: mpsc::Sender<Ask>,
    version: watch::Receiver<u64>,
    time: Time,
}

/// The world's time: tokio's, or so many times as fast.
#[derive(Clone, Copy, Debug)]
struct Time {
    begun: Instant,
    first: Millis,
    speed: u32,
}

impl Time {
    fn now(self) -> Millis {
        let lived = self.begun.elapsed().saturating_mul(self.speed);
        self.first + Millis::try_from(lived.as_millis()).unwrap_or(Millis::MAX)
    }

    fn until(self, at: Millis) -> Instant {
        let ms = u64::try_from(at - self.first).unwrap_or(0);
        self.begun + Duration::from_millis(ms) / self.speed
    }
}

/// The task has ended: the server is being shut down.
#[derive(Clone, Copy, Debug, thiserror::Error)]
#[error("the emulated cluster has been shut down")]
pub struct Gone;

impl Cluster {
    /// Starts the task. The world's time runs with tokio's clock from where it is now, so many times as fast.
    pub fn start(world: World, speed: u32) -> Self {
        let time = Time {
            begun: Instant::now(),
            first: world.now(),
            speed: speed.max(1),
        };
        let (asks, receiver) = mpsc::channel(ASKS_MAX);
        let (versions, version) = watch::channel(world.version());
        tokio::spawn(run(
            State {
                world,
                faults: Faults::default(),
            },
            receiver,
            versions,
            time,
        ));
        Self {
            asks,
            version,
            time,
        }
    }

    /// Runs a question inside the task and brings back its answer.
    ///
    /// # Errors
    /// The task has ended.
    pub async fn ask<T: Send + 'static>(
        &self,
        question: impl FnOnce(&mut State) -> T + Send + 'static,
    ) -> Result<T, Gone> {
        let (answer, answered) = oneshot::channel();
        let ask: Ask = Box::new(move |state| {
            answer.send(question(state)).ok();
        });
        self.asks.send(ask).await.map_err(|_| Gone)?;
        answered.await.map_err(|_| Gone)
    }

    /// How long the world takes for that much of its own time.
    pub fn lasting(&self, time: Duration) -> Duration {
        time / self.time.speed
    }

    /// The world's time, which may not be the machine's: whoever reads a `Date` reckons ages with it.
    pub fn date(&self) -> Option<DateTime<Utc>> {
        DateTime::from_timestamp_millis(self.time.now())
    }

    /// Tells of each new resourceVersion.
    pub fn versions(&self) -> watch::Receiver<u64> {
        self.version.clone()
    }
}

/// The present time as the world counts it.
pub fn wall() -> Millis {
    Utc::now().timestamp_millis()
}

async fn run(
    mut state: State,
    mut asks: mpsc::Receiver<Ask>,
    versions: watch::Sender<u64>,
    time: Time,
) {
    loop {
        let due = state.world.next_due();
        let next = due.map(|at| time.until(at).max(Instant::now() + STEP));
        tokio::select! {
            biased;
            ask = asks.recv() => {
                let Some(ask) = ask else { return };
                live(&mut state.world, time.now());
                ask(&mut state);
                // What the answer changed reaches its controllers and watches at once.
                live(&mut state.world, time.now());
            }
            () = sleep_until(next.unwrap_or_else(Instant::now)), if next.is_some() => live(&mut state.world, time.now()),
        }
        versions.send_if_modified(|version| {
            std::mem::replace(version, state.world.version()) != state.world.version()
        });
    }
}

fn live(world: &mut World, now: Millis) {
    world.shed_churn(now - CHURN_LATE_MS);
    world.advance(now);
}
