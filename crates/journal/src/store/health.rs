//! What the store says of itself: what is wrong, how much waits, what was lost, and that a write to the disk hangs.

use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant};

use super::outbox::Outbox;
use super::slow::{SLOW, Watch};
use super::{Say, problem};
use model::journal::{StoreFailure, StoreHealth, StoreProblem};
use model::message::StoreMsg;
use text::Outside;

/// What failed is tried again after this.
const RETRY: Duration = Duration::from_secs(2);

/// How the store stands, and whom to tell.
pub(super) struct Reporter {
    /// Where answers go.
    say: Say,
    /// Machine entries that found the queue of requests full.
    overflow: Arc<AtomicU32>,
    watch: Watch<StoreHealth>,
    problem: Option<StoreProblem>,
    notice: Option<Outside>,
    said: Option<StoreHealth>,
    /// When what failed is tried again.
    pub retry: Option<Instant>,
}

impl Reporter {
    pub(super) fn new(say: Say, overflow: Arc<AtomicU32>) -> io::Result<Reporter> {
        let tell = say.clone();
        let watch = Watch::start(SLOW, move |health| tell(StoreMsg::Health(health)))?;
        Ok(Reporter {
            say,
            overflow,
            watch,
            problem: None,
            notice: None,
            said: None,
            retry: None,
        })
    }

    pub(super) fn say(&self, msg: StoreMsg) {
        (self.say)(msg);
    }

    /// Something failed and is tried again.
    pub(super) fn fail(&mut self, problem: StoreProblem) {
        self.problem = Some(problem);
        self.retry = Some(Instant::now() + RETRY);
    }

    /// What failed works again.
    pub(super) fn recover(&mut self) {
        self.problem = None;
        self.retry = None;
    }

    /// Why the timeline is not open.
    pub(super) fn problem(&self) -> StoreProblem {
        self.problem.clone().unwrap_or_else(|| {
            problem::new(
                StoreFailure::Io,
                "the timeline is not open",
                "it is tried again by itself",
            )
        })
    }

    /// Something to know once.
    pub(super) fn notice(&mut self, words: &str) {
        self.notice = Some(Outside::from(words));
    }

    /// Does `write`, of which it is said that it hangs when it takes too long.
    pub(super) fn timed<R>(&mut self, outbox: &Outbox, write: impl FnOnce() -> R) -> R {
        let slow = StoreHealth {
            problem: Some(slow()),
            waiting: u32::try_from(outbox.len()).unwrap_or(u32::MAX),
            ..self.health(outbox)
        };
        let (result, was_said) = self.watch.over(slow, write);
        if was_said {
            self.said = None; // what was said since is no longer true
        }
        result
    }

    /// How the store stands.
    pub(super) fn health(&self, outbox: &Outbox) -> StoreHealth {
        let waiting = if self.problem.is_some() {
            outbox.len()
        } else {
            0
        };
        StoreHealth {
            problem: self.problem.clone(),
            waiting: u32::try_from(waiting).unwrap_or(u32::MAX),
            lost: outbox
                .lost()
                .saturating_add(self.overflow.load(Ordering::Relaxed)),
            notice: self.notice.clone(),
        }
    }

    /// Says how the store stands if that has changed.
    pub(super) fn say_health(&mut self, outbox: &Outbox) {
        let health = self.health(outbox);
        if self.said.as_ref() != Some(&health) {
            self.said = Some(health.clone());
            self.say(StoreMsg::Health(health));
        }
    }
}

fn slow() -> StoreProblem {
    problem::new(
        StoreFailure::Slow,
        "a write to the disk takes longer than 2 s",
        "it goes on by itself; nothing is lost unless the console ends first",
    )
}
