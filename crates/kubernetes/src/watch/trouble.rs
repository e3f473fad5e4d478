//! What failures and refusals mean for a watch: who waits, who lists again, who stops.

use super::{
    FORBIDDEN_MS, INTERNAL_ERRORS_MAX, Output, Phase, REFUSED_MS, Request, SHORT_MS, Server, Watch,
};
use crate::backoff::pause_ms;
use crate::problem;
use crate::refusal::{Class, Refusal};
use model::cluster::{Health, PollReason, Problem, ProblemClass};
use model::meta::Row;
use model::time::At;

impl Watch {
    /// No answer, or a body that broke off.
    pub(super) fn failed<R: Row>(&mut self, now: At, problem: Problem, out: &mut Vec<Output<R>>) {
        let lived = now.mono_ms.saturating_sub(self.opened_ms);
        match self.phase {
            Phase::Watching { .. } if lived >= SHORT_MS => self.attempt = 0,
            Phase::Listing {
                is_stream: true, ..
            } => self.plain_once = true,
            _ => {}
        }
        self.probe_ms = None;
        if problem.class == ProblemClass::Unauthorized {
            // Nothing was sent: there are no credentials to send.
            return self.stopped(now, problem, out);
        }
        out.push(Output::Server(Server::Failing));
        self.rest(now, problem, None, out);
    }

    /// For a person to log in; a slow try sees whether one did.
    fn stopped<R: Row>(&mut self, now: At, problem: Problem, out: &mut Vec<Output<R>>) {
        self.phase = Phase::Resting {
            until_ms: now.mono_ms + REFUSED_MS,
        };
        self.report(Health::Stopped { problem }, out);
    }

    /// Waits after a failure, and says so.
    pub(super) fn rest<R: Row>(
        &mut self,
        now: At,
        problem: Problem,
        pause: Option<u64>,
        out: &mut Vec<Output<R>>,
    ) {
        let pause = pause.unwrap_or_else(|| pause_ms(self.attempt, &mut self.random));
        self.attempt += 1;
        self.phase = Phase::Resting {
            until_ms: now.mono_ms + pause,
        };
        self.report(
            Health::Stale {
                heard: self.heard,
                problem,
                retry: Some(now.plus_ms(pause)),
            },
            out,
        );
    }

    pub(super) fn refused<R: Row>(&mut self, now: At, refusal: &Refusal, out: &mut Vec<Output<R>>) {
        let asked = match &self.phase {
            Phase::Asking { request, .. } => request.clone(),
            Phase::Listing {
                is_stream: false, ..
            } => Request::List {
                version: String::new(),
            },
            Phase::Listing {
                is_stream: true,
                timeout_s,
            } => Request::Stream {
                version: String::new(),
                timeout_s: *timeout_s,
            },
            Phase::Watching { timeout_s } => Request::Watch {
                version: String::new(),
                timeout_s: *timeout_s,
            },
            Phase::Resting { .. } => Request::Probe,
        };
        self.probe_ms = None;
        let verb = if matches!(asked, Request::Watch { .. } | Request::Stream { .. }) {
            "watch"
        } else {
            "list"
        };
        let problem = problem::refused(&format!("{verb} {}", self.plan.what), refusal);
        out.push(Output::Server(match refusal.class() {
            Class::Failing => Server::Failing,
            Class::Throttled => Server::Throttled(refusal.retry_after_ms().unwrap_or(1_000)),
            Class::Unauthorized
            | Class::Forbidden
            | Class::Expired
            | Class::NotUnderstood
            | Class::Other => Server::Alive,
        }));
        match refusal.class() {
            Class::Unauthorized => self.unauthorized(now, problem, out),
            Class::Forbidden => self.forbidden(now, &asked, problem, out),
            Class::Expired => self.expired(now, &asked, problem, out),
            Class::NotUnderstood if matches!(asked, Request::Stream { .. }) => {
                self.no_streams(now, out);
            }
            Class::Throttled => self.rest(now, problem, refusal.retry_after_ms(), out),
            Class::Failing => self.server_failed(now, &asked, problem, out),
            Class::NotUnderstood | Class::Other => {
                self.needs_list = true;
                self.rest(now, problem, None, out);
            }
        }
    }

    /// Once the client is built anew; then it is for a person to log in, and a slow try sees whether one did.
    fn unauthorized<R: Row>(&mut self, now: At, problem: Problem, out: &mut Vec<Output<R>>) {
        self.logins += 1;
        if self.logins == 1 {
            out.push(Output::Login);
            return self.rest(now, problem, None, out);
        }
        self.stopped(now, problem, out);
    }

    /// `watch` forbidden: is `list` allowed? `list` forbidden: for a person to be granted the right, and a slow try sees whether
    /// it was.
    fn forbidden<R: Row>(
        &mut self,
        now: At,
        asked: &Request,
        problem: Problem,
        out: &mut Vec<Output<R>>,
    ) {
        self.needs_list = true;
        if matches!(asked, Request::Stream { .. } | Request::Watch { .. }) {
            self.polling = Some(PollReason::Forbidden);
            return self.send(now, out);
        }
        self.polling = None;
        let is_repeated = matches!(self.reported, Some(Health::Stopped { .. }));
        let pause = if is_repeated {
            REFUSED_MS
        } else {
            FORBIDDEN_MS
        };
        self.phase = Phase::Resting {
            until_ms: now.mono_ms + pause,
        };
        self.report(Health::Stopped { problem }, out);
    }

    /// Lists at least as new as what is known; when even that is refused, the newest there is.
    fn expired<R: Row>(
        &mut self,
        now: At,
        asked: &Request,
        problem: Problem,
        out: &mut Vec<Output<R>>,
    ) {
        self.needs_list = true;
        if !matches!(asked, Request::Watch { .. }) {
            self.is_version_lost = true;
        }
        let lived = now.mono_ms.saturating_sub(self.opened_ms);
        if matches!(asked, Request::Watch { .. }) && lived >= SHORT_MS {
            self.attempt = 0;
        }
        let pause = if self.attempt == 0 { Some(0) } else { None };
        self.rest(now, problem, pause, out);
        if pause.is_some() {
            self.ask(now, out);
        }
    }

    pub(super) fn no_streams<R: Row>(&mut self, now: At, out: &mut Vec<Output<R>>) {
        self.plan.streams = false;
        out.push(Output::NoStreams);
        self.send(now, out);
    }

    /// 5xx, or an internal error in mid-watch: resumes, and reads the list again when that does not help.
    fn server_failed<R: Row>(
        &mut self,
        now: At,
        asked: &Request,
        problem: Problem,
        out: &mut Vec<Output<R>>,
    ) {
        self.internal_errors += 1;
        if matches!(asked, Request::Stream { .. }) {
            self.plain_once = true;
        }
        if self.internal_errors > INTERNAL_ERRORS_MAX {
            self.needs_list = true;
            self.internal_errors = 0;
        }
        self.rest(now, problem, None, out);
    }
}
