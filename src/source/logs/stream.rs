//! One log stream, sans-IO: bytes, failures and the time go in; requests, segments and states come out. Nothing here sends,
//! sleeps or reads a clock. No line is lost without a marker: reconnects skip what was seen, restarts are completed from
//! the instance before.

use std::sync::Arc;

use bytes::Bytes;

use super::seen::{Seen, Skip, Verdict};
use super::split::{RawLine, Splitter};
use crate::model::cluster::{Problem, ProblemClass};
use crate::model::logs::{Filling, Follow, Marker, Nanos, Segment, StreamState};
use crate::model::time::At;
use crate::source::backoff::{Dice, FLOOR_MS, pause_ms};
use crate::source::problem;
use crate::source::refusal::{Class, Refusal};
use crate::source::watch::Server;

/// A segment that began to fill is sealed after this: what a person still sees as at once.
const SEAL_MS: u64 = 50;
/// Lines of each container that are read at first, as kubectl's own users do with `--tail`.
pub(crate) const TAIL_LINES: u32 = 1_000;
/// An answer that lasted this long came from a server that works.
const LASTING_MS: u64 = 2_000;
/// So often a failing server is asked for the instance before, then it goes on without.
const PREVIOUS_TRIES: u32 = 3;
/// The old instance is gone; its stream gets this long to say its last words.
const LAST_WORDS_MS: u64 = 5_000;

/// What happened.
#[derive(Debug)]
pub(crate) enum Input {
    /// The beginning.
    Start,
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
    Plan(Follow),
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

/// One request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Ask {
    /// The instance before the present one; such an answer ends by itself.
    pub(crate) is_previous: bool,
    /// `sinceTime`, whole seconds.
    pub(crate) since_s: Option<i64>,
    /// `tailLines`.
    pub(crate) tail: Option<u32>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Phase {
    /// Asks again at this moment, or when something changes.
    Resting {
        until_ms: Option<u64>,
    },
    Asking,
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
    plan: Follow,
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
    asked_ms: u64,
    /// Give up the answer at this moment: its container is gone.
    close_ms: Option<u64>,
    is_retired: bool,
    heading: Option<Heading>,
    splitter: Splitter,
    skip: Option<Skip>,
    filling: Filling,
    filling_since_ms: Option<u64>,
    seen: Seen,
    latest: Option<Nanos>,
    dice: Dice,
    out: Vec<Output>,
}

impl Stream {
    pub(crate) fn new(plan: Follow, seed: u64) -> Stream {
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
            asked_ms: 0,
            close_ms: None,
            is_retired: false,
            heading: None,
            splitter: Splitter::default(),
            skip: None,
            filling: Filling::default(),
            filling_since_ms: None,
            seen: Seen::default(),
            latest: None,
            dice: Dice::new(seed),
            out: Vec::new(),
        }
    }

    /// When `Wake` is due.
    pub(crate) fn wake(&self) -> Option<u64> {
        let of_phase = match self.phase {
            Phase::Resting { until_ms } => until_ms,
            Phase::Open {
                since_ms,
                is_proven: false,
            } => Some(since_ms + LASTING_MS),
            Phase::Open { .. } | Phase::Asking | Phase::Done => None,
        };
        let seal = self.filling_since_ms.map(|since| since + SEAL_MS);
        [of_phase, seal, self.close_ms].into_iter().flatten().min()
    }

    pub(crate) fn step(&mut self, now: At, input: Input) -> Vec<Output> {
        match input {
            Input::Start => self.go_on(now),
            Input::Opened => {
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
            return self.finish();
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
        self.splitter.clear();
        self.skip = self.seen.skip();
        let resumed = self.seen.last().map(Nanos::second);
        self.phase = Phase::Asking;
        self.asked_ms = now.mono_ms;
        self.out.push(Output::Send(Ask {
            is_previous: self.is_previous,
            since_s: resumed.or(self.plan.since.map(|since| since.0)),
            tail: (!self.is_begun).then_some(TAIL_LINES),
        }));
    }

    fn head(&mut self, instance: u32, is_tail_missing: bool) {
        let is_tail_missing =
            is_tail_missing || self.heading.is_some_and(|heading| heading.is_tail_missing);
        self.heading = Some(Heading {
            instance,
            is_tail_missing,
        });
    }

    fn read(&mut self, now: At, bytes: &[u8]) {
        let mut splitter = std::mem::take(&mut self.splitter);
        splitter.push(bytes, |line| self.take(now, &line));
        self.splitter = splitter;
    }

    fn take(&mut self, now: At, line: &RawLine<'_>) {
        let verdict = self
            .skip
            .as_mut()
            .map_or(Verdict::New, |skip| skip.judge(line));
        if self.skip.as_ref().is_some_and(Skip::is_over) {
            self.skip = None;
        }
        let at = line.at.or(self.latest).unwrap_or_else(|| now.wall.into());
        // What stands before the lines of a later instance is no word for those of an earlier one.
        let heading = self.heading.take_if(|heading| {
            heading.instance == self.asked && (verdict != Verdict::Seen || !self.is_previous)
        });
        match (verdict, heading) {
            (Verdict::Seen, None) => return,
            (Verdict::Seen, Some(heading)) => {
                // Its lines came while another instance was expected: of that one nobody knows what was missed.
                let heading = Heading {
                    is_tail_missing: true,
                    ..heading
                };
                return self.begin_instance(now, at, heading);
            }
            (Verdict::AfterGap { .. } | Verdict::New, Some(heading)) => {
                self.begin_instance(now, at, heading);
            }
            (Verdict::AfterGap { from }, None) => {
                self.filling.marker(at, Marker::Gap { from, until: at });
            }
            (Verdict::New, None) => {}
        }
        self.is_whole = false;
        self.latest = Some(at);
        self.filling.line(at, line.text, line.cut);
        self.filling_since_ms.get_or_insert(now.mono_ms);
        if self.filling.is_full() {
            self.seal();
        }
    }

    fn begin_instance(&mut self, now: At, at: Nanos, heading: Heading) {
        self.instance = heading.instance;
        // Without a line before it there is nothing that it follows.
        if let Some(latest) = self.latest {
            let marker = Marker::Restarted {
                restarts: heading.instance,
                after_ms: at.since_ms(latest),
                is_tail_missing: heading.is_tail_missing,
            };
            self.filling.marker(at, marker);
            self.filling_since_ms.get_or_insert(now.mono_ms);
        }
    }

    fn seal(&mut self) {
        self.filling_since_ms = None;
        if !self.filling.is_empty() {
            let segment = Arc::new(self.filling.seal(&self.plan.stream));
            self.seen.push(&segment);
            self.out.push(Output::Lines(segment));
        }
    }

    fn ended(&mut self, now: At) {
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
            return self.finish();
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

    fn broken(&mut self, now: At, problem: Problem) {
        self.lose();
        if matches!(self.phase, Phase::Open { .. }) {
            self.out.push(Output::Server(Server::Suspect));
        }
        self.lost(now, problem, None);
    }

    /// The answer is over before its end: half a line comes again.
    fn lose(&mut self) {
        self.splitter.clear();
        self.close_ms = None;
        self.seal();
        self.is_whole = false;
    }

    fn lost(&mut self, now: At, problem: Problem, pause_ms: Option<u64>) {
        if self.is_retired {
            return self.finish();
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
            Phase::Asking | Phase::Open { .. } | Phase::Done => None,
        };
        self.tell(StreamState::Lost { problem, retry });
    }

    fn refused(&mut self, now: At, refusal: &Refusal) {
        let action = format!(
            "read the log of {}/{} in {}",
            self.plan.stream.pod.raw(),
            self.plan.stream.container.raw(),
            self.plan.stream.namespace.raw()
        );
        let problem = problem::refused(&action, refusal);
        let is_final = match refusal.class() {
            Class::Forbidden | Class::Other | Class::NotUnderstood => true,
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
            return self.finish();
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
            Phase::Open {
                since_ms,
                is_proven,
            } if !*is_proven && is_due(Some(*since_ms + LASTING_MS)) => {
                *is_proven = true;
                self.attempt = 0;
                self.out.push(Output::Server(Server::Alive));
            }
            Phase::Resting { .. } | Phase::Open { .. } | Phase::Asking | Phase::Done => {}
        }
    }

    fn replan(&mut self, now: At, plan: Follow) {
        let was_running = self.plan.is_running;
        let is_newer = plan.restarts > self.plan.restarts;
        self.plan = plan;
        match self.phase {
            // What is asked for may be answered by either instance: ask anew, knowing which.
            Phase::Asking if is_newer => {
                self.out.push(Output::Close);
                self.soon(now);
            }
            Phase::Open { .. } if is_newer => {
                self.close_ms.get_or_insert(now.mono_ms + LAST_WORDS_MS);
            }
            Phase::Resting { .. } if is_newer || self.plan.is_running && !was_running => {
                self.soon(now);
            }
            Phase::Resting { .. } | Phase::Asking | Phase::Open { .. } | Phase::Done => {}
        }
    }

    fn retry(&mut self, now: At) {
        if matches!(self.phase, Phase::Resting { .. }) && !self.plan.stream.is_previous {
            self.soon(now);
        }
    }

    /// Asks at once, but for the floor between two requests.
    fn soon(&mut self, now: At) {
        self.attempt = 0;
        let until = now.mono_ms.max(self.asked_ms + FLOOR_MS);
        self.phase = Phase::Resting {
            until_ms: Some(until),
        };
    }

    fn rest(&mut self, now: At, may_come: bool) {
        let until_ms = may_come.then(|| now.mono_ms + pause_ms(self.attempt, &mut self.dice));
        self.attempt += 1;
        self.phase = Phase::Resting { until_ms };
    }

    fn retire(&mut self, now: At) {
        self.is_retired = true;
        match self.phase {
            Phase::Resting { .. } | Phase::Done => self.finish(),
            Phase::Asking | Phase::Open { .. } => {
                self.close_ms.get_or_insert(now.mono_ms + LAST_WORDS_MS);
            }
        }
    }

    fn finish(&mut self) {
        self.phase = Phase::Done;
        self.tell(StreamState::Ended);
        self.out.push(Output::Done);
    }

    fn tell(&mut self, state: StreamState) {
        self.out.push(Output::State(state));
    }
}
