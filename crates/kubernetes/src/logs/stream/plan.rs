//! What a stream makes of a change of its plan: its container restarts, runs, loses its place or gets one, is gone; or
//! somebody asks to try now.

use super::{LAST_WORDS_MS, Output, Phase, Stream};
use crate::backoff::FLOOR_MS;
use model::logs::{LogFollow, Marker};
use model::time::At;

impl Stream {
    pub(super) fn replan(&mut self, now: At, plan: LogFollow) {
        let was_running = self.plan.is_running;
        let is_newer = plan.restarts > self.plan.restarts;
        let was_set_aside = std::mem::replace(&mut self.plan, plan).is_set_aside;
        if self.is_retired || self.phase == Phase::Done {
            return;
        }
        match (was_set_aside, self.plan.is_set_aside) {
            (false, true) => return self.set_aside(now),
            (true, false) => return self.soon(now),
            (true, true) => return,
            (false, false) => {}
        }
        match self.phase {
            // What is asked for may be answered by either instance: ask anew, knowing which.
            Phase::Asking { .. } if is_newer => {
                self.out.push(Output::Close);
                self.soon(now);
            }
            Phase::Open { .. } if is_newer => {
                self.close_ms.get_or_insert(now.mono_ms + LAST_WORDS_MS);
            }
            Phase::Resting { .. } if is_newer || self.plan.is_running && !was_running => {
                self.soon(now);
            }
            Phase::Resting { .. } | Phase::Asking { .. } | Phase::Open { .. } | Phase::Done => {}
        }
    }

    /// A request under way may be one that the server lost while it started: it is made anew.
    pub(super) fn retry(&mut self, now: At) {
        if self.plan.is_set_aside || self.is_retired {
            return;
        }
        match self.phase {
            Phase::Resting { .. } if !self.plan.stream.is_previous => self.soon(now),
            Phase::Asking { .. } => {
                self.out.push(Output::Close);
                self.unanswered = 0;
                self.soon(now);
            }
            Phase::Resting { .. } | Phase::Open { .. } | Phase::Done => {}
        }
    }

    /// Reads no further, and remembers where it was.
    fn set_aside(&mut self, now: At) {
        if matches!(self.phase, Phase::Asking { .. } | Phase::Open { .. }) {
            self.out.push(Output::Close);
            self.lose();
        }
        if let Some(latest) = self.latest {
            let at = latest.max(now.wall.into());
            self.filling.marker(at, Marker::SetAside);
            self.seal();
        }
        self.phase = Phase::Resting { until_ms: None };
    }

    /// Asks at once, but for the floor between two requests.
    fn soon(&mut self, now: At) {
        self.attempt = 0;
        let until = now.mono_ms.max(self.asked_ms + FLOOR_MS);
        self.phase = Phase::Resting {
            until_ms: Some(until),
        };
    }

    pub(super) fn retire(&mut self, now: At) {
        self.is_retired = true;
        match self.phase {
            Phase::Resting { .. } | Phase::Done => self.finish(now),
            Phase::Asking { .. } | Phase::Open { .. } => {
                self.close_ms.get_or_insert(now.mono_ms + LAST_WORDS_MS);
            }
        }
    }
}
