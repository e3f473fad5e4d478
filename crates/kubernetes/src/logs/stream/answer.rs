//! How an answer ends: as it should, broken off, or refused; and what is asked because of it.

use super::{Output, Phase, Stream};
use crate::problem;
use crate::refusal::{Class, Refusal};
use crate::watch::Server;
use model::cluster::{Problem, ProblemClass};
use model::logs::StreamState;
use model::time::At;

/// So often a failing server is asked for the instance before, then it goes on without.
const PREVIOUS_TRIES: u32 = 3;

impl Stream {
    pub(super) fn ended(&mut self, now: At) {
        let mut splitter = std::mem::take(&mut self.splitter);
        splitter.end(|line| self.take(now, &line));
        self.close_ms = None;
        self.seal();
        // The last line seen did not come again: what stood behind it was rotated away with it.
        let is_cut_off = self.skip.as_ref().is_some_and(|skip| !skip.is_over());
        // Of a container that runs, the next line may have been printed already.
        self.is_whole = self.is_previous || !self.plan.is_running && !is_cut_off;
        let was_short = matches!(
            self.phase,
            Phase::Open {
                is_proven: false,
                ..
            }
        );
        if self.plan.stream.is_previous || self.is_retired {
            return self.finish(now);
        }
        if self.is_previous && is_cut_off && self.heading.is_none() {
            self.head(self.asked + 1, true);
        }
        self.instance = self.asked.max(self.instance);
        if self.plan.restarts > self.instance {
            return self.go_on(now);
        }
        // A container that ends at once does so once; a server that ends every answer at once is not to be asked by all.
        if was_short && self.plan.is_running && self.attempt > 0 {
            self.out.push(Output::Server(Server::Suspect));
        }
        self.tell(StreamState::Ended);
        let is_running = self.plan.is_running;
        self.rest(now, is_running);
    }

    pub(super) fn broken(&mut self, now: At, problem: Problem) {
        self.lose();
        if matches!(self.phase, Phase::Open { .. }) {
            self.out.push(Output::Server(Server::Suspect));
        }
        self.lost(now, problem, None);
    }

    fn lost(&mut self, now: At, problem: Problem, pause_ms: Option<u64>) {
        if self.is_retired {
            return self.finish(now);
        }
        self.rest(now, true);
        if let (
            Phase::Resting {
                until_ms: Some(until),
            },
            Some(pause),
        ) = (&mut self.phase, pause_ms)
        {
            *until = (*until).max(now.mono_ms + pause);
        }
        let retry = match self.phase {
            Phase::Resting { until_ms } => until_ms.map(|until| now.plus_ms(until - now.mono_ms)),
            Phase::Asking { .. } | Phase::Open { .. } | Phase::Done => None,
        };
        self.tell(StreamState::Lost { problem, retry });
    }

    pub(super) fn refused(&mut self, now: At, refusal: &Refusal) {
        let action = format!(
            "read the log of {}/{} in {}",
            self.plan.stream.pod.raw(),
            self.plan.stream.container.raw(),
            self.plan.stream.namespace.raw()
        );
        let problem = problem::refused(&action, refusal);
        let is_final = match refusal.class() {
            // A server that just started refuses for a moment what it has allowed before.
            Class::Forbidden => !self.is_begun,
            Class::Other | Class::NotUnderstood => true,
            Class::Failing => self.is_previous && self.attempt >= PREVIOUS_TRIES,
            Class::Unauthorized | Class::Expired | Class::Throttled => false,
        };
        let is_forbidden = problem.class == ProblemClass::Forbidden;
        if self.is_previous && is_final && !is_forbidden && !self.plan.stream.is_previous {
            return self.no_previous(now);
        }
        if refusal.class() == Class::Unauthorized {
            self.out.push(Output::Login);
        }
        if !is_final {
            return self.lost(now, problem, refusal.retry_after_ms());
        }
        if self.is_retired {
            return self.finish(now);
        }
        let may_come = !is_forbidden && self.plan.is_running;
        self.tell(if is_forbidden {
            StreamState::Stopped { problem }
        } else {
            StreamState::Waiting {
                words: refusal.message.as_str().into(),
            }
        });
        self.rest(now, may_come);
    }

    /// The instance before is not to be had: what it said last is not known.
    fn no_previous(&mut self, now: At) {
        let is_unread = self.asked > self.instance || !self.is_whole;
        let is_tail_missing = self.latest.is_some() && is_unread;
        self.instance = self.asked.max(self.instance);
        self.is_whole = true;
        self.head(self.asked + 1, is_tail_missing);
        self.go_on(now);
    }
}
