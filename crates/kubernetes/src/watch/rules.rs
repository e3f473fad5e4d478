//! What events, ends and silences mean for a watch.

use super::{
    ANSWER_MS, Input, Output, PATIENCE_MS, POLL_MS, PROGRESS_MS, Phase, ProbeFailure, Request,
    SHORT_MS, STREAM_PATIENCE_MS, Server, Watch,
};
use crate::decode::Item;
use crate::problem;
use crate::refusal::Refusal;
use model::cluster::Health;
use model::message::WatchChange;
use model::meta::Row;
use model::meta::Uid;
use model::time::At;
use text::Outside;

/// What a set of items comes to: told as one batch.
struct Batch<R> {
    rows: Vec<R>,
    gone: Vec<Uid>,
    unreadable: Vec<Outside>,
}

impl Watch {
    pub(super) fn items<R: Row>(&mut self, now: At, items: Vec<Item<R>>, out: &mut Vec<Output<R>>) {
        let mut batch = Batch {
            rows: Vec::with_capacity(items.len()),
            gone: Vec::new(),
            unreadable: Vec::new(),
        };
        let mut end = None;
        let mut is_synced = false;
        for item in items {
            match item {
                Item::Applied(row, version) => self.applied(row, version, &mut batch),
                Item::Deleted(row, version) => {
                    self.moved_to(version);
                    if self.ledger.delete(row.meta(), self.generation) {
                        batch.gone.push(row.meta().uid.clone());
                    }
                }
                Item::Bookmark {
                    version,
                    ends_initial,
                } => {
                    if ends_initial {
                        self.version = version;
                        is_synced = true;
                    } else {
                        self.moved_to(version);
                    }
                    self.has_bookmarks = true;
                }
                Item::Error(status) => {
                    end = Some(Refusal::from_status(status));
                    break;
                }
                Item::Unreadable(name) => batch.unreadable.push(name),
                Item::Strange => self.strange += 1,
            }
        }
        self.moved_ms = now.mono_ms;
        self.is_fed = true;
        if !(batch.rows.is_empty() && batch.gone.is_empty() && batch.unreadable.is_empty()) {
            let Batch {
                rows,
                gone,
                unreadable,
            } = batch;
            out.push(Output::Report(WatchChange::Batch {
                rows,
                gone,
                unreadable,
            }));
        }
        self.after_items(now, is_synced, out);
        if let Some(refusal) = end {
            out.push(Output::Close);
            self.refused(now, &refusal, out);
        }
    }

    fn applied<R: Row>(&mut self, row: R, version: String, batch: &mut Batch<R>) {
        if let Phase::Listing { is_stream, .. } = self.phase {
            // A streamed list may be followed by news before its end is marked: the ledger sorts both.
            self.listed += 1;
            if is_stream {
                self.internal_errors = 0;
            }
            self.ledger.list(row.meta(), self.generation);
            batch.rows.push(row);
        } else {
            self.internal_errors = 0;
            self.moved_to(version);
            if self.ledger.admit(row.meta(), self.generation) {
                batch.rows.push(row);
            }
        }
    }

    /// Resume from here. Within a list the objects come in any order: only its end counts.
    fn moved_to(&mut self, version: String) {
        let is_older = matches!((version.parse::<u64>(), self.version.parse::<u64>()), (Ok(new), Ok(old)) if new < old);
        if !version.is_empty() && !is_older {
            self.version = version;
        }
    }

    fn after_items<R: Row>(&mut self, now: At, is_synced: bool, out: &mut Vec<Output<R>>) {
        match self.phase {
            Phase::Listing {
                is_stream: true,
                timeout_s,
            } if is_synced => {
                self.phase = Phase::Watching { timeout_s };
                self.streams_flow();
                self.synced(now, out);
            }
            Phase::Listing { .. } if self.heard.is_none() => self.tell_progress(now, out),
            Phase::Watching { .. } => self.live(now, out),
            Phase::Listing { .. } | Phase::Resting { .. } | Phase::Asking { .. } => {}
        }
    }

    fn tell_progress<R: Row>(&mut self, now: At, out: &mut Vec<Output<R>>) {
        if now.mono_ms >= self.progress_told_ms + PROGRESS_MS
            || !matches!(self.reported, Some(Health::Listing { .. }))
        {
            self.progress_told_ms = now.mono_ms;
            self.report(Health::Listing { rows: self.listed }, out);
        }
    }

    /// The body ended cleanly.
    pub(super) fn ended<R: Row>(&mut self, now: At, out: &mut Vec<Output<R>>) {
        match self.phase {
            Phase::Listing {
                is_stream: false, ..
            } => {
                self.judge_stall(now, out);
                self.synced(now, out);
                self.needs_list = self.polling.is_some();
                if self.polls(now) {
                    self.phase = Phase::Resting {
                        until_ms: now.mono_ms + POLL_MS,
                    };
                } else {
                    self.send(now, out);
                }
            }
            Phase::Listing {
                is_stream: true, ..
            } => {
                let what = format!(
                    "list {}: the server ended the list before its end",
                    self.plan.what
                );
                self.failed(now, problem::bad_answer(what), out);
            }
            Phase::Watching { timeout_s } => self.watch_ended(now, timeout_s, out),
            Phase::Resting { .. } | Phase::Asking { .. } => {}
        }
    }

    fn watch_ended<R: Row>(&mut self, now: At, timeout_s: u64, out: &mut Vec<Output<R>>) {
        self.probe_ms = None;
        let lived = now.mono_ms.saturating_sub(self.opened_ms);
        if lived >= SHORT_MS {
            self.attempt = 0;
            if lived < timeout_s * 900 {
                out.push(Output::Server(Server::Suspect));
            }
            return self.ask(now, out);
        }
        let what = format!(
            "watch {}: the server ended it after {} ms",
            self.plan.what, lived
        );
        out.push(Output::Server(Server::Suspect));
        self.rest(now, problem::unreachable(what), None, out);
    }

    pub(super) fn woken<R: Row>(&mut self, now: At, out: &mut Vec<Output<R>>) {
        if self.wake().is_none_or(|due| now.mono_ms < due) {
            return;
        }
        match self.phase {
            Phase::Resting { .. } => self.ask(now, out),
            Phase::Asking {
                request: Request::Stream { .. },
                sent_ms: Some(sent),
            } if now.mono_ms >= sent + STREAM_PATIENCE_MS => self.stalled(now, out),
            Phase::Asking { sent_ms, .. } => {
                self.unanswered(now, sent_ms.unwrap_or(now.mono_ms), out);
            }
            Phase::Listing {
                is_stream: true, ..
            } if !self.has_bookmarks => self.stalled(now, out),
            Phase::Listing { .. } => {
                out.push(Output::Close);
                let what = format!(
                    "list {}: nothing more came for {} s",
                    self.plan.what,
                    PATIENCE_MS / 1_000
                );
                self.failed(now, problem::unreachable(what), out);
            }
            Phase::Watching { .. } if !self.is_proven => self.proven(now, out),
            Phase::Watching { .. } => match self.probe_ms {
                Some(sent) => self.unanswered(now, sent, out),
                None if self.has_bookmarks => {
                    // The watch says nothing though it should: asking for it anew is the probe.
                    out.push(Output::Close);
                    self.ask(now, out);
                }
                None => {
                    self.probe_ms = Some(now.mono_ms);
                    out.push(Output::Send(Request::Probe));
                }
            },
        }
    }

    fn unanswered<R: Row>(&mut self, now: At, sent_ms: u64, out: &mut Vec<Output<R>>) {
        let open_ms = now.mono_ms.saturating_sub(sent_ms);
        let what = format!(
            "watch {}: the server does not answer for {} s",
            self.plan.what,
            open_ms / 1_000
        );
        if open_ms >= PATIENCE_MS {
            out.push(Output::Close);
            self.failed(now, problem::unreachable(what), out);
        } else if open_ms >= ANSWER_MS {
            self.report(
                Health::Stale {
                    heard: self.heard,
                    problem: problem::unreachable(what),
                    retry: None,
                },
                out,
            );
        }
    }

    pub(super) fn probed<R: Row>(
        &mut self,
        now: At,
        answer: Result<(), ProbeFailure>,
        out: &mut Vec<Output<R>>,
    ) {
        if self.probe_ms.take().is_none() {
            return;
        }
        match answer {
            Ok(()) => {
                out.push(Output::Server(Server::Alive));
                self.live(now, out);
            }
            Err(trouble) => {
                out.push(Output::Close);
                let input = match trouble {
                    ProbeFailure::Refused(refusal) => Input::Refused(refusal),
                    ProbeFailure::Failed(problem) => Input::Failed(problem),
                };
                out.extend(self.step(now, input));
            }
        }
    }
}
