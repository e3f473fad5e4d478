//! The list and watch of one table, sans-IO: inputs and the time go in, requests and changes come out. Nothing here
//! sends, sleeps or reads a clock; [`super::watch_driver`] does.
//!
//! The rules are client-go's (`tools/cache/reflector.go` and its tests), but for two: reconnects have a floor whatever
//! a watch delivered, and every state that is not live is told to the person who looks.

mod buffered;
mod ledger;
mod rules;
#[cfg(test)]
mod tests;
mod trouble;
mod vocabulary;

use super::backoff::FLOOR_MS;
use super::problem;
use ledger::Ledger;
use model::cluster::{Health, PollReason, Problem};
use model::message::WatchChange;
use model::meta::Row;
use model::time::At;
pub(crate) use vocabulary::{Input, Output, Plan, ProbeFailure, Request, Server};

/// No word for this long on a watch that has sent bookmarks (each minute; 80 s were measured once): ask.
const SILENCE_WITH_BOOKMARKS_MS: u64 = 75_000;
/// No word for this long on a watch without bookmarks: ask.
const SILENCE_MS: u64 = 60_000;
/// What is shown is called stale when a question is open for this long.
const ANSWER_MS: u64 = 5_000;
/// A question open for this long has failed; so has a list that stands still for this long.
const PATIENCE_MS: u64 = 30_000;
/// A streamed list that is silent for this long before its end comes from a server that does not know streamed lists.
const STREAM_PATIENCE_MS: u64 = 10_000;
/// A watch that ends sooner than this ended badly, whatever it delivered.
const SHORT_MS: u64 = 10_000;
/// Between two lists where `watch` is forbidden.
const POLL_MS: u64 = 15_000;
/// Between two tries with credentials or rights that were refused: they may have been renewed or granted meanwhile.
const REFUSED_MS: u64 = 60_000;
/// The first try after a 403 on a list: a server that just started, or a right that was just granted, refuses for a moment.
const FORBIDDEN_MS: u64 = 5_000;
/// A watch that opened after failures is live when it has lasted this long, or brought something; a failing server is well again
/// when a watch has lasted this long.
const PROOF_MS: u64 = 2_000;
/// A wait shorter than this is not worth a word.
const SHORT_WAIT_MS: u64 = 2_000;
/// While the first list arrives, its count is told at most this often.
const PROGRESS_MS: u64 = 100;
/// Internal errors in a row after which the list is read again instead of resuming.
const INTERNAL_ERRORS_MAX: u32 = 3;
/// Shortest time asked for a watch; the longest is twice that. client-go's.
const WATCH_S: u64 = 300;

#[derive(Debug, PartialEq, Eq)]
enum Phase {
    Resting {
        until_ms: u64,
    },
    Asking {
        request: Request,
        sent_ms: Option<u64>,
    },
    /// Rows of a list arrive.
    Listing {
        is_stream: bool,
        /// `timeoutSeconds` of a stream.
        timeout_s: u64,
    },
    Watching {
        timeout_s: u64,
    },
}

/// The state of one watch.
#[derive(Debug)]
pub(crate) struct Watch {
    plan: Plan,
    phase: Phase,
    random: fastrand::Rng,
    ledger: Ledger,
    /// The last complete resourceVersion; empty before the first list.
    version: String,
    /// The server does not know [`Watch::version`] any more: list without one.
    is_version_lost: bool,
    /// The next request is a list, streamed or not.
    needs_list: bool,
    /// The next list is a plain one, although streams are known.
    plain_once: bool,
    /// Why the list is read again and again instead of watched.
    polling: Option<PollReason>,
    stalls: buffered::Stalls,
    has_bookmarks: bool,
    /// The open watch has brought something.
    is_fed: bool,
    generation: u32,
    listed: u32,
    /// Failures since the last good spell.
    attempt: u32,
    internal_errors: u32,
    logins: u32,
    /// Event types of a later version.
    strange: u64,
    /// The open watch has lasted: the server is told to be alive.
    is_proven: bool,
    asked_ms: u64,
    opened_ms: u64,
    /// When the open probe was asked for.
    probe_ms: Option<u64>,
    /// Last word of the server about this table, after a complete list.
    heard: Option<At>,
    /// Last byte of a list.
    moved_ms: u64,
    reported: Option<Health>,
    progress_told_ms: u64,
}

impl Watch {
    /// A watch that has not begun. `seed` spreads its pauses.
    pub(crate) fn new(plan: Plan, seed: u64) -> Watch {
        Watch {
            plan,
            phase: Phase::Resting { until_ms: 0 },
            random: fastrand::Rng::with_seed(seed),
            ledger: Ledger::default(),
            version: String::new(),
            is_version_lost: false,
            needs_list: true,
            plain_once: false,
            polling: None,
            stalls: buffered::Stalls::default(),
            has_bookmarks: false,
            is_fed: false,
            generation: 0,
            listed: 0,
            attempt: 0,
            internal_errors: 0,
            logins: 0,
            strange: 0,
            is_proven: false,
            asked_ms: 0,
            opened_ms: 0,
            probe_ms: None,
            heard: None,
            moved_ms: 0,
            reported: None,
            progress_told_ms: 0,
        }
    }

    /// How many event types were not known.
    pub(crate) fn strange(&self) -> u64 {
        self.strange
    }

    /// A request is open that was not answered yet.
    pub(crate) fn is_asking(&self) -> bool {
        matches!(self.phase, Phase::Asking { .. })
    }

    /// When [`Input::Wake`] is due, in monotonic milliseconds.
    pub(crate) fn wake(&self) -> Option<u64> {
        match &self.phase {
            Phase::Resting { until_ms } => Some(*until_ms),
            Phase::Asking { request, sent_ms } => {
                sent_ms.map(|sent| sent + self.patience_for(request))
            }
            Phase::Listing { is_stream, .. } => Some(
                self.moved_ms
                    + if *is_stream {
                        STREAM_PATIENCE_MS
                    } else {
                        PATIENCE_MS
                    },
            ),
            Phase::Watching { .. } if !self.is_proven => Some(self.opened_ms + PROOF_MS),
            Phase::Watching { .. } => match self.probe_ms {
                Some(sent) => Some(sent + self.patience_for(&Request::Probe)),
                None => Some(self.last_heard_ms() + self.silence_ms()),
            },
        }
    }

    /// One input, at one time.
    pub(crate) fn step<R: Row>(&mut self, now: At, input: Input<R>) -> Vec<Output<R>> {
        let mut out = Vec::new();
        match input {
            Input::Start => {
                if self.plan.is_buffered {
                    self.poll_for_now(now);
                }
                self.report(Health::Connecting, &mut out);
                self.ask(now, &mut out);
            }
            Input::Wake => self.woken(now, &mut out),
            Input::Retry if matches!(self.phase, Phase::Resting { .. }) => {
                self.ask(now, &mut out);
            }
            Input::Retry => {}
            Input::Buffered => self.on_buffered(now, &mut out),
            Input::Sent => self.sent(now),
            Input::Held(retry, why) => self.on_held(now, retry, why, &mut out),
            Input::Opened => self.opened(now, &mut out),
            Input::Refused(refusal) => self.refused(now, &refusal, &mut out),
            Input::Failed(problem) | Input::Broken(problem) => self.failed(now, problem, &mut out),
            Input::Items(items) => self.items(now, items, &mut out),
            Input::Version(version) => self.version = version,
            Input::Ended => self.ended(now, &mut out),
            Input::Probed(answer) => self.probed(now, answer, &mut out),
        }
        out
    }

    /// The open watch has lasted: the server is well again, and a table that was in trouble is live.
    fn proven<R: Row>(&mut self, now: At, out: &mut Vec<Output<R>>) {
        self.is_proven = true;
        out.push(Output::Server(Server::Alive));
        if matches!(
            self.reported,
            Some(Health::Stale { .. } | Health::Stopped { .. } | Health::Connecting)
        ) {
            self.live(now, out);
        }
    }

    fn last_heard_ms(&self) -> u64 {
        self.heard
            .map_or(self.opened_ms, |heard| heard.mono_ms.max(self.opened_ms))
    }

    fn silence_ms(&self) -> u64 {
        if self.has_bookmarks {
            SILENCE_WITH_BOOKMARKS_MS
        } else {
            SILENCE_MS
        }
    }

    /// Asks now, or as soon as the floor allows.
    fn ask<R: Row>(&mut self, now: At, out: &mut Vec<Output<R>>) {
        let earliest = if self.generation == 0 && self.attempt == 0 {
            0
        } else {
            self.asked_ms + FLOOR_MS
        };
        if now.mono_ms < earliest {
            self.phase = Phase::Resting { until_ms: earliest };
            return;
        }
        self.send(now, out);
    }

    fn send<R: Row>(&mut self, now: At, out: &mut Vec<Output<R>>) {
        self.asked_ms = now.mono_ms;
        let request = self.next_request(now);
        self.phase = Phase::Asking {
            request: request.clone(),
            sent_ms: None,
        };
        out.push(Output::Send(request));
    }

    fn next_request(&mut self, now: At) -> Request {
        let timeout_s = WATCH_S + self.random.u64(..WATCH_S);
        let version = if self.is_version_lost {
            String::new()
        } else {
            self.version.clone()
        };
        if !self.needs_list {
            return Request::Watch { version, timeout_s };
        }
        let is_plain =
            std::mem::take(&mut self.plain_once) || !self.plan.streams || self.polls(now);
        if !is_plain {
            return Request::Stream { version, timeout_s };
        }
        let is_first = version.is_empty() && !self.is_version_lost;
        Request::List {
            version: if is_first { "0".into() } else { version },
        }
    }

    fn sent(&mut self, now: At) {
        if let Phase::Asking { sent_ms, .. } = &mut self.phase {
            *sent_ms = Some(now.mono_ms);
        }
    }

    fn on_held<R: Row>(
        &mut self,
        now: At,
        retry: At,
        why: Option<Problem>,
        out: &mut Vec<Output<R>>,
    ) {
        let is_live = matches!(self.reported, Some(Health::Live { .. }));
        if is_live && retry.since_ms(now) < SHORT_WAIT_MS {
            return;
        }
        let problem = match &self.reported {
            Some(Health::Stale { problem, .. }) => problem.clone(),
            Some(Health::Stopped { .. }) => return,
            _ => why.unwrap_or_else(|| {
                let what = format!("watch {}: the server does not answer", self.plan.what);
                problem::unreachable(what)
            }),
        };
        self.report(
            Health::Stale {
                heard: self.heard,
                problem,
                retry: Some(retry),
            },
            out,
        );
    }

    fn opened<R: Row>(&mut self, now: At, out: &mut Vec<Output<R>>) {
        let Phase::Asking { request, .. } = &self.phase else {
            return;
        };
        self.is_proven = false;
        self.opened_ms = now.mono_ms;
        self.moved_ms = now.mono_ms;
        self.has_bookmarks = false;
        self.is_fed = false;
        self.logins = 0;
        match request {
            Request::Watch { timeout_s, .. } => {
                self.phase = Phase::Watching {
                    timeout_s: *timeout_s,
                };
                if self.attempt == 0 {
                    self.live(now, out);
                }
            }
            Request::Stream { timeout_s, .. } => {
                self.phase = Phase::Listing {
                    is_stream: true,
                    timeout_s: *timeout_s,
                };
                self.begin(out);
            }
            Request::List { .. } | Request::Probe => {
                self.phase = Phase::Listing {
                    is_stream: false,
                    timeout_s: 0,
                };
                self.begin(out);
            }
        }
    }

    fn begin<R: Row>(&mut self, out: &mut Vec<Output<R>>) {
        self.generation += 1;
        self.listed = 0;
        out.push(Output::Report(WatchChange::Begin {
            generation: self.generation,
        }));
    }

    /// The list is whole.
    fn synced<R: Row>(&mut self, now: At, out: &mut Vec<Output<R>>) {
        self.ledger.sweep(self.generation, &self.version);
        self.needs_list = false;
        self.is_version_lost = false;
        out.push(Output::Report(WatchChange::Synced {
            generation: self.generation,
        }));
        if let Some(reason) = self.polling {
            out.push(Output::Server(Server::Alive));
            self.attempt = 0;
            self.heard = Some(now);
            self.report(Health::Polling { heard: now, reason }, out);
        } else {
            self.live(now, out);
        }
    }

    fn live<R: Row>(&mut self, now: At, out: &mut Vec<Output<R>>) {
        self.heard = Some(now);
        // Said once: each report would wake the loop, and nothing that is drawn of a live table depends on its age.
        if !matches!(self.reported, Some(Health::Live { .. })) {
            self.report(Health::Live { heard: now }, out);
        }
    }

    fn report<R: Row>(&mut self, health: Health, out: &mut Vec<Output<R>>) {
        if self.reported.as_ref() != Some(&health) {
            self.reported = Some(health.clone());
            out.push(Output::Report(WatchChange::Health(health)));
        }
    }
}
