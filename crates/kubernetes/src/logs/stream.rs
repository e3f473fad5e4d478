//! One log stream, sans-IO: bytes, failures and the time go in; requests, segments and states come out. Nothing here sends,
//! sleeps or reads a clock. No line is lost without a marker: reconnects skip what was seen, restarts are completed from
//! the instance before.

mod answer;
mod lines;
mod plan;

use std::sync::Arc;

use bytes::Bytes;

use super::seen::{Seen, Skip};
use super::split::Splitter;
use crate::backoff::pause_ms;
use crate::refusal::Refusal;
use crate::watch::Server;
use model::cluster::Problem;
use model::logs::{LogFollow, Marker, Nanos, OpenSegment, Segment, StreamState};
use model::time::At;

/// A segment that began to fill is sealed after this: what a person still sees as at once.
const SEAL_MS: u64 = 50;
/// Lines of each container that are read at first, as kubectl's own users do with `--tail`.
pub(crate) const TAIL_LINES: u32 = 1_000;
/// An answer that lasted this long came from a server that works.
const LASTING_MS: u64 = 2_000;
/// A request without an answer for this long is made anew: a server that was starting when it came may have lost it ...
pub(crate) const HEAD_MS: u64 = 10_000;
/// ... and each time after twice as long, up to this: a container that prints nothing looks just the same.
pub(crate) const HEAD_MS_MAX: u64 = 300_000;
/// The old instance is gone; its stream gets this long to say its last words.
const LAST_WORDS_MS: u64 = 5_000;

#[derive(Debug)]
pub(crate) enum Input {
    Start,
    /// The request has passed the gates.
    Sent,
    /// The head of a good answer came.
    Opened,
    /// A piece of its body.
    Bytes(Bytes),
    /// The body ended as it should.
    Ended,
    /// No answer, or the body broke off.
    Broken(Problem),
    /// An answer that is not 2xx.
    Refused(Refusal),
    /// The moment of [`Stream::wake`].
    Wake,
    /// What the pods say about the container.
    Plan(LogFollow),
    /// A person, or a server that came back, asks to try now.
    Retry,
    /// The pod is gone: read what still comes, ask nothing more.
    Retire,
}

/// What is to be done.
#[derive(Debug, PartialEq)]
pub(crate) enum Output {
    /// Ask; one answer at a time.
    Send(Ask),
    /// Give up the answer.
    Close,
    /// Lines for the model.
    Lines(Arc<Segment>),
    /// How it stands now.
    State(StreamState),
    /// What this says about the server's logs.
    Server(Server),
    /// Credentials were refused.
    Login,
    /// It is over.
    Done,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Ask {
    /// The instance before the present one; such an answer ends by itself.
    pub(crate) is_previous: bool,
    /// `sinceTime`, whole seconds.
    pub(crate) since_s: Option<i64>,
    pub(crate) tail: Option<u32>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Phase {
    /// Asks again at this moment, or when something changes.
    Resting {
        until_ms: Option<u64>,
    },
    Asking {
        /// Without an answer by then it asks anew.
        until_ms: Option<u64>,
    },
    Open {
        since_ms: u64,
        is_proven: bool,
    },
    Done,
}

/// Said before the next line, once it comes: another instance speaks.
#[derive(Clone, Copy, Debug)]
struct Heading {
    instance: u32,
    is_tail_missing: bool,
}

/// See the file.
pub(crate) struct Stream {
    plan: LogFollow,
    phase: Phase,
    /// The instance whose lines came last, by the count of restarts.
    instance: u32,
    /// Its log was read to its end: it will not print any more.
    is_whole: bool,
    /// The answer under way is that of the instance before the newest.
    is_previous: bool,
    /// The instance that was asked for.
    asked: u32,
    /// The present instance has been asked for once: from then on nothing is left out.
    is_begun: bool,
    attempt: u32,
    /// Requests in a row that had no answer.
    unanswered: u32,
    asked_ms: u64,
    /// Give up the answer at this moment: its container is gone.
    close_ms: Option<u64>,
    is_retired: bool,
    heading: Option<Heading>,
    splitter: Splitter,
    skip: Option<Skip>,
    filling: OpenSegment,
    filling_since_ms: Option<u64>,
    seen: Seen,
    latest: Option<Nanos>,
    random: fastrand::Rng,
    out: Vec<Output>,
}

impl Stream {
    pub(crate) fn new(plan: LogFollow, seed: u64) -> Stream {
        let is_before = plan.begins_before && plan.restarts > 0;
        Stream {
            instance: plan.restarts - u32::from(is_before),
            is_whole: !is_before,
            plan,
            phase: Phase::Resting { until_ms: None },
            is_previous: false,
            asked: 0,
            is_begun: false,
            attempt: 0,
            unanswered: 0,
            asked_ms: 0,
            close_ms: None,
            is_retired: false,
            heading: None,
            splitter: Splitter::default(),
            skip: None,
            filling: OpenSegment::default(),
            filling_since_ms: None,
            seen: Seen::default(),
            latest: None,
            random: fastrand::Rng::with_seed(seed),
            out: Vec::new(),
        }
    }

    /// When `Wake` is due.
    pub(crate) fn wake(&self) -> Option<u64> {
        let of_phase = match self.phase {
            Phase::Resting { until_ms } | Phase::Asking { until_ms } => until_ms,
            Phase::Open {
                since_ms,
                is_proven: false,
            } => Some(since_ms + LASTING_MS),
            Phase::Open { .. } | Phase::Done => None,
        };
        let seal = self.filling_since_ms.map(|since| since + SEAL_MS);
        [of_phase, seal, self.close_ms].into_iter().flatten().min()
    }

    pub(crate) fn step(&mut self, now: At, input: Input) -> Vec<Output> {
        match input {
            Input::Start => self.go_on(now),
            Input::Sent => {
                let patience_ms = (HEAD_MS << self.unanswered.min(8)).min(HEAD_MS_MAX);
                let until_ms = Some(now.mono_ms + patience_ms);
                self.phase = Phase::Asking { until_ms };
            }
            Input::Opened => {
                self.unanswered = 0;
                self.phase = Phase::Open {
                    since_ms: now.mono_ms,
                    is_proven: false,
                };
                self.is_begun |= !self.is_previous;
                self.tell(StreamState::Following);
            }
            Input::Bytes(bytes) => self.read(now, &bytes),
            Input::Ended => self.ended(now),
            Input::Broken(problem) => self.broken(now, problem),
            Input::Refused(refusal) => self.refused(now, &refusal),
            Input::Wake => self.woken(now),
            Input::Plan(plan) => self.replan(now, plan),
            Input::Retry => self.retry(now),
            Input::Retire => self.retire(now),
        }
        std::mem::take(&mut self.out)
    }

    /// Asks for what is missing: the end of the instance before, or the present one from where it was left.
    fn go_on(&mut self, now: At) {
        if self.is_retired {
            return self.finish(now);
        }
        let newest = self.plan.restarts;
        let before = newest.saturating_sub(1);
        let is_behind = newest > self.instance;
        self.is_previous =
            self.plan.stream.is_previous || is_behind && (before > self.instance || !self.is_whole);
        if is_behind && !self.is_previous {
            self.head(newest, false);
        } else if is_behind && before > self.instance {
            self.head(before, before > self.instance + 1 || !self.is_whole);
        }
        self.asked = if self.is_previous && is_behind {
            before
        } else {
            newest
        };
        // What it prints from now on is to be read.
        self.is_whole &= self.asked != self.instance;
        self.splitter.clear();
        self.skip = self.seen.skip();
        let resumed = self.seen.last().map(Nanos::second);
        self.phase = Phase::Asking { until_ms: None };
        self.asked_ms = now.mono_ms;
        self.out.push(Output::Send(Ask {
            is_previous: self.is_previous,
            since_s: resumed.or(self.plan.since.map(model::time::Seconds::unix)),
            tail: (!self.is_begun).then_some(TAIL_LINES),
        }));
    }

    fn woken(&mut self, now: At) {
        let is_due = |moment: Option<u64>| moment.is_some_and(|moment| moment <= now.mono_ms);
        if is_due(self.filling_since_ms.map(|since| since + SEAL_MS)) {
            self.seal();
        }
        if is_due(self.close_ms) {
            self.out.push(Output::Close);
            self.lose();
            return self.go_on(now);
        }
        match &mut self.phase {
            Phase::Resting { until_ms } if is_due(*until_ms) => self.go_on(now),
            Phase::Asking { until_ms } if is_due(*until_ms) => {
                self.unanswered += 1;
                self.out.push(Output::Close);
                self.go_on(now);
            }
            Phase::Open {
                since_ms,
                is_proven,
            } if !*is_proven && is_due(Some(*since_ms + LASTING_MS)) => {
                *is_proven = true;
                self.attempt = 0;
                self.out.push(Output::Server(Server::Alive));
                self.tell_missing(now);
            }
            Phase::Resting { .. } | Phase::Open { .. } | Phase::Asking { .. } | Phase::Done => {}
        }
    }

    fn rest(&mut self, now: At, may_come: bool) {
        let until_ms = may_come.then(|| now.mono_ms + pause_ms(self.attempt, &mut self.random));
        self.attempt += 1;
        self.phase = Phase::Resting { until_ms };
    }

    fn finish(&mut self, now: At) {
        self.phase = Phase::Done;
        let is_told = self.plan.is_set_aside;
        if let Some(latest) = self.latest.filter(|_| self.is_retired && !is_told) {
            let at = latest.max(now.wall.into());
            self.filling.marker(at, Marker::Ended);
        }
        self.seal();
        self.tell(StreamState::Ended);
        self.out.push(Output::Done);
    }

    fn tell(&mut self, state: StreamState) {
        self.out.push(Output::State(state));
    }
}
