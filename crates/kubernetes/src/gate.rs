//! The gate that all requests of one cluster pass. While the server answers it stands open. While the server fails,
//! one request at a time passes, at a growing distance: that one is the probe, and the others wait on it.

#[cfg(test)]
mod tests;

use tokio::sync::{Semaphore, SemaphorePermit, watch};

use super::backoff::pause_ms;
use super::clock::Clock;
use super::watch::Server;

/// Between two requests against a failing server, at least.
const FAILING_FLOOR_MS: u64 = 1_000;
/// When the server answers again, the waiting watches come back spread over this time.
const SPREAD_MS: u64 = 500;

/// How the server stands.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct GateState {
    /// Something on the way holds streams back.
    pub(crate) is_buffered: bool,
    /// Requests are held.
    pub(crate) is_failing: bool,
    /// When the next one passes.
    pub(crate) next_ms: u64,
    attempt: u32,
    /// Counts what every resting watch should take as a sign to try: the server came back, or a person asked.
    pub(crate) nudges: u32,
}

/// See the file.
#[derive(Debug)]
pub(crate) struct Gate {
    clock: Clock,
    state: watch::Sender<GateState>,
    turn: Semaphore,
}

/// The right to send one request. Held until it is known how the server took it.
#[derive(Debug)]
pub(crate) struct Pass<'a> {
    turn: Option<SemaphorePermit<'a>>,
}

impl Gate {
    pub(crate) fn new(clock: Clock) -> Gate {
        Gate {
            clock,
            state: watch::Sender::new(GateState::default()),
            turn: Semaphore::new(1),
        }
    }

    /// To hear of changes.
    pub(crate) fn subscribe(&self) -> watch::Receiver<GateState> {
        self.state.subscribe()
    }

    /// Waits until a request may be sent.
    pub(crate) async fn pass(&self) -> Pass<'_> {
        let mut state = self.state.subscribe();
        if !state.borrow_and_update().is_failing {
            return Pass { turn: None };
        }
        let turn = loop {
            tokio::select! {
                turn = self.turn.acquire() => break turn.ok(),
                _ = state.changed() => {
                    if !state.borrow_and_update().is_failing {
                        let spread = fastrand::u64(..SPREAD_MS);
                        self.clock.until(self.clock.now().mono_ms + spread).await;
                        return Pass { turn: None };
                    }
                }
            }
        };
        loop {
            let now = *state.borrow_and_update();
            if !now.is_failing {
                return Pass { turn: None };
            }
            tokio::select! {
                () = self.clock.until(now.next_ms) => return Pass { turn },
                _ = state.changed() => {}
            }
        }
    }

    /// What an answer says about the server. `pass` is that of the request, if it is the first word about it.
    pub(crate) fn report(&self, server: Server, pass: Option<Pass<'_>>) {
        let was_probe = pass.as_ref().is_some_and(|pass| pass.turn.is_some());
        let now_ms = self.clock.now().mono_ms;
        self.state.send_if_modified(|state| match server {
            Server::Alive => {
                let was_failing = std::mem::take(&mut state.is_failing);
                state.attempt = 0;
                state.nudges += u32::from(was_failing);
                was_failing
            }
            Server::Buffered => !std::mem::replace(&mut state.is_buffered, true),
            Server::Heard if state.is_failing && was_probe => {
                // The others wait for the proof, at the pace of a server that has just failed.
                state.attempt = 0;
                state.next_ms = now_ms + FAILING_FLOOR_MS;
                true
            }
            Server::Heard => false,
            Server::Suspect | Server::Failing if state.is_failing && !was_probe => false,
            Server::Suspect | Server::Failing => {
                let mut random = fastrand::Rng::with_seed(now_ms);
                state.next_ms = now_ms + pause_ms(state.attempt, &mut random).max(FAILING_FLOOR_MS);
                state.attempt += 1;
                state.is_failing = true;
                true
            }
            Server::Throttled(pause) => {
                state.next_ms = state.next_ms.max(now_ms + pause);
                state.is_failing = true;
                true
            }
        });
        drop(pass);
    }

    /// A person asks for a try now.
    pub(crate) fn retry_now(&self) {
        let now_ms = self.clock.now().mono_ms;
        self.state.send_modify(|state| {
            state.next_ms = state.next_ms.min(now_ms + FAILING_FLOOR_MS);
            state.attempt = 0;
            state.nudges += 1;
        });
    }
}
