//! A proxy that passes answers on in large blocks: a list that ends comes through, a stream stands still or comes late. Then the table
//! is read again and again instead, and says so.

use super::{ANSWER_MS, Output, Phase, Request, STREAM_PATIENCE_MS, Server, Watch};
use crate::problem;
use model::cluster::{Health, PollReason};
use model::meta::Row;
use model::time::At;

/// Streams that stood still while a list came through, after which the table is polled: one alone may have lost its connection.
const STALLS_MAX: u32 = 2;
/// Until a stream is tried again: the way to the server may have changed.
const AGAIN_MS: u64 = 600_000;

/// Streamed lists that stood still before their end.
#[derive(Debug, Default)]
pub(super) struct Stalls {
    /// What had come of the last one, until a plain list shows how much there was.
    last: Option<Stall>,
    /// In a row, with less than there was.
    count: u32,
    /// When the next stream is tried, if polling has begun.
    again_ms: u64,
}

#[derive(Debug)]
enum Stall {
    /// Not even the head of the answer. An API server sends it at once.
    NoHead,
    /// So many rows.
    Rows(u32),
}

impl Watch {
    /// A streamed list stands still: a plain one shows whether the server has no end marks, or something holds the stream back.
    pub(super) fn stalled<R: Row>(&mut self, now: At, out: &mut Vec<Output<R>>) {
        out.push(Output::Close);
        self.stalls.last = Some(match self.phase {
            Phase::Listing { .. } => Stall::Rows(self.listed),
            Phase::Resting { .. } | Phase::Asking { .. } | Phase::Watching { .. } => {
                self.report_no_head(out);
                Stall::NoHead
            }
        });
        self.plain_once = true;
        self.send(now, out);
    }

    fn report_no_head<R: Row>(&mut self, out: &mut Vec<Output<R>>) {
        if matches!(self.reported, Some(Health::Polling { .. })) {
            return;
        }
        let what = format!(
            "watch {}: the server does not answer for {} s",
            self.plan.what,
            STREAM_PATIENCE_MS / 1_000
        );
        let stale = Health::Stale {
            heard: self.heard,
            problem: problem::unreachable(what),
            retry: None,
        };
        self.report(stale, out);
    }

    /// A plain list is whole, after a stream that stood still.
    pub(super) fn judge_stall<R: Row>(&mut self, now: At, out: &mut Vec<Output<R>>) {
        let Some(stall) = self.stalls.last.take() else {
            return;
        };
        let is_held_back = match stall {
            Stall::NoHead => true,
            Stall::Rows(rows) => rows < self.listed,
        };
        if !is_held_back {
            self.plan.streams = false;
            out.push(Output::NoStreams);
            return;
        }
        self.stalls.count += 1;
        self.stalls.again_ms = now.mono_ms;
        self.polling = Some(PollReason::Buffered);
        if self.stalls.count >= STALLS_MAX {
            self.stalls.again_ms += AGAIN_MS;
            out.push(Output::Server(Server::Buffered));
        }
    }

    /// A stream came through to its end.
    pub(super) fn streams_flow(&mut self) {
        self.stalls = Stalls::default();
        if self.polling == Some(PollReason::Buffered) {
            self.polling = None;
        }
    }

    /// Another table has found that streams are held back. One that has brought something by itself goes on.
    pub(super) fn on_buffered<R: Row>(&mut self, now: At, out: &mut Vec<Output<R>>) {
        let is_silent = match self.phase {
            Phase::Watching { .. } => !self.is_fed,
            Phase::Asking {
                request: Request::Watch { .. },
                ..
            } => true,
            Phase::Asking { .. } | Phase::Listing { .. } | Phase::Resting { .. } => false,
        };
        if !is_silent || self.polling.is_some() {
            return;
        }
        out.push(Output::Close);
        self.probe_ms = None;
        self.poll_for_now(now);
        self.needs_list = true;
        self.send(now, out);
    }

    /// Streams are known to be held back.
    pub(super) fn poll_for_now(&mut self, now: At) {
        self.stalls.again_ms = now.mono_ms + AGAIN_MS;
        self.polling = Some(PollReason::Buffered);
    }

    /// The next list is a plain one, since streams are forbidden or held back.
    pub(super) fn polls(&self, now: At) -> bool {
        match self.polling {
            Some(PollReason::Forbidden) => true,
            Some(PollReason::Buffered) => now.mono_ms < self.stalls.again_ms,
            None => false,
        }
    }

    /// How long a request may be without an answer: first the rows are called stale, then the question is given up.
    pub(super) fn patience_for(&self, request: &Request) -> u64 {
        match (request, &self.reported) {
            // Whether a stream comes through is tried beside rows that are read again anyway.
            (Request::Stream { .. }, Some(Health::Polling { .. })) => STREAM_PATIENCE_MS,
            (_, Some(Health::Live { .. } | Health::Polling { .. })) => ANSWER_MS,
            (Request::Stream { .. }, _) => STREAM_PATIENCE_MS,
            _ => super::PATIENCE_MS,
        }
    }
}
