//! What a stream makes of the bytes of an answer: lines that were not seen before, and the markers that stand before them.

use std::sync::Arc;

use super::super::seen::{Skip, Verdict};
use super::super::split::RawLine;
use super::{Heading, Output, Stream};
use model::logs::{Marker, Nanos};
use model::time::At;

impl Stream {
    pub(super) fn read(&mut self, now: At, bytes: &[u8]) {
        let mut splitter = std::mem::take(&mut self.splitter);
        splitter.push(bytes, |line| self.take(now, &line));
        self.splitter = splitter;
    }

    pub(super) fn take(&mut self, now: At, line: &RawLine<'_>) {
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

    /// The present instance prints nothing so far: what is missing before it is said all the same.
    pub(super) fn tell_missing(&mut self, now: At) {
        let asked = (!self.is_previous).then_some(self.asked);
        let heading = self
            .heading
            .take_if(|heading| heading.is_tail_missing && Some(heading.instance) == asked);
        let wall = Nanos::from(now.wall);
        let at = self.latest.map_or(wall, |latest| latest.max(wall));
        if let Some(heading) = heading {
            return self.begin_instance(now, at, heading);
        }
        let from = self.skip.as_mut().and_then(Skip::absence);
        if let Some(from) = from.filter(|_| !self.is_previous) {
            self.filling.marker(at, Marker::Gap { from, until: at });
            self.filling_since_ms.get_or_insert(now.mono_ms);
        }
    }

    fn begin_instance(&mut self, now: At, at: Nanos, heading: Heading) {
        self.instance = heading.instance;
        // Without a line before it there is nothing that it follows, but there may be something that was never read.
        if self.latest.is_some() || heading.is_tail_missing {
            let marker = Marker::Restarted {
                restarts: heading.instance,
                after_ms: self.latest.map_or(0, |latest| at.since_ms(latest)),
                is_tail_missing: heading.is_tail_missing,
            };
            self.filling.marker(at, marker);
            self.filling_since_ms.get_or_insert(now.mono_ms);
        }
    }

    pub(super) fn seal(&mut self) {
        self.filling_since_ms = None;
        if !self.filling.is_empty() {
            let segment = Arc::new(self.filling.seal(&self.plan.stream));
            self.seen.push(&segment);
            self.out.push(Output::Lines(segment));
        }
    }

    /// The answer is over before its end: half a line comes again.
    pub(super) fn lose(&mut self) {
        self.splitter.clear();
        self.close_ms = None;
        self.seal();
        self.is_whole = false;
    }

    pub(super) fn head(&mut self, instance: u32, is_tail_missing: bool) {
        let is_tail_missing =
            is_tail_missing || self.heading.is_some_and(|heading| heading.is_tail_missing);
        self.heading = Some(Heading {
            instance,
            is_tail_missing,
        });
    }
}
