//! What was already seen when a log is asked for again: `sinceTime` is exact to the second, so the lines of that second come
//! twice. They are skipped as a sequence, not as a set: two equal lines are two lines.

use std::collections::VecDeque;
use std::sync::Arc;

use super::split::RawLine;
use model::logs::{LogLine, Marker, Nanos, Segment};

/// Of the last second so much is remembered; segments are shared with the model.
const SEEN_BYTES_MAX: usize = 32 << 20;
/// So far ahead a line is looked for when it is not the next one: a rotation takes whole files from the front, no more.
const AHEAD_MAX: usize = 4_096;

/// The segments that hold the last second of a stream.
#[derive(Clone, Debug, Default)]
pub(crate) struct Seen {
    segments: VecDeque<Arc<Segment>>,
    bytes: usize,
    last: Option<Nanos>,
    is_truncated: bool,
}

impl Seen {
    pub(crate) fn push(&mut self, segment: &Arc<Segment>) {
        let Some(last) = printed(segment).last().map(|line| line.at) else {
            return;
        };
        self.last = Some(last);
        self.bytes += segment.bytes();
        self.segments.push_back(Arc::clone(segment));
        let is_over =
            |segment: &Arc<Segment>| printed(segment).all(|line| line.at.second() < last.second());
        while self.segments.front().is_some_and(is_over) {
            self.pop();
        }
        while self.bytes > SEEN_BYTES_MAX && self.segments.len() > 1 {
            self.pop();
            self.is_truncated = true;
        }
    }

    fn pop(&mut self) {
        if let Some(segment) = self.segments.pop_front() {
            self.bytes -= segment.bytes();
        }
    }

    /// The last line of the stream.
    pub(crate) fn last(&self) -> Option<Nanos> {
        self.last
    }

    /// What is to be skipped of an answer that begins with the second of the last line.
    pub(crate) fn skip(&self) -> Option<Skip> {
        let last = self.last?;
        let mut lines = Vec::new();
        for segment in &self.segments {
            for (number, line) in segment.lines().iter().enumerate() {
                if !line.is_marker() && line.at.second() >= last.second() {
                    lines.push((Arc::clone(segment), number));
                }
            }
        }
        Some(Skip {
            lines,
            next: 0,
            has_begun: false,
            is_gap_told: false,
            last,
            is_truncated: self.is_truncated,
        })
    }
}

fn printed(segment: &Segment) -> impl DoubleEndedIterator<Item = &LogLine> {
    segment.lines().iter().filter(|line| !line.is_marker())
}

/// Lines that come again.
#[derive(Clone, Debug)]
pub(crate) struct Skip {
    lines: Vec<(Arc<Segment>, usize)>,
    next: usize,
    /// A line of the new answer was judged.
    has_begun: bool,
    is_gap_told: bool,
    last: Nanos,
    is_truncated: bool,
}

/// What a line of the new answer is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Verdict {
    Seen,
    /// Not seen before; what lies between it and the last line seen is not known to be whole.
    AfterGap {
        from: Nanos,
    },
    /// Not seen before.
    New,
}

impl Skip {
    /// All that was seen has come again: whatever comes now is new, and nothing is missing.
    pub(crate) fn is_over(&self) -> bool {
        self.next == self.lines.len()
    }

    /// The last line seen, when nothing came again and nobody was told: it was rotated away, with what stood behind it.
    pub(crate) fn absence(&mut self) -> Option<Nanos> {
        let is_known = self.has_begun || std::mem::replace(&mut self.is_gap_told, true);
        (!is_known).then_some(self.last)
    }

    pub(crate) fn judge(&mut self, line: &RawLine<'_>) -> Verdict {
        if self.is_over() {
            return Verdict::New;
        }
        self.has_begun = true;
        let text = kept(line);
        let ahead = self.lines[self.next..].iter().take(AHEAD_MAX);
        let found = ahead.enumerate().find(|(_, (segment, number))| {
            let known = &segment.lines()[*number];
            let is_same = line.at.is_none_or(|at| at == known.at) && segment.text(known) == text;
            is_same && cut_of(known) == line.cut
        });
        if let Some((ahead, _)) = found {
            self.next += ahead + 1;
            return Verdict::Seen;
        }
        match line.at {
            Some(at) if at > self.last => {
                self.next = self.lines.len();
                if self.is_gap_told {
                    return Verdict::New;
                }
                Verdict::AfterGap { from: self.last }
            }
            Some(at) if self.is_truncated && at <= self.first_at() => Verdict::Seen,
            Some(_) | None => Verdict::New,
        }
    }

    fn first_at(&self) -> Nanos {
        self.lines
            .first()
            .map_or(self.last, |(segment, number)| segment.lines()[*number].at)
    }
}

fn cut_of(line: &LogLine) -> u64 {
    match line.marker.as_deref() {
        Some(Marker::Cut { bytes }) => *bytes,
        _ => 0,
    }
}

/// The text as a segment holds it.
fn kept(line: &RawLine<'_>) -> String {
    match std::str::from_utf8(line.text) {
        Ok(text) if text.is_ascii() => text.to_owned(),
        _ => text::Outside::from_bytes(line.text).raw().to_owned(),
    }
}
