//! What a stream has for the model while the channel is full. Bounded: the server is held back first, and when that has
//! lasted, the oldest lines go and are counted: an incident needs what is printed now.

use std::collections::VecDeque;
use std::sync::Arc;

use model::logs::{Marker, OpenSegment, Segment};
use model::message::LogsMsg;

/// So much waits: half a second of a container that floods.
const QUEUE_BYTES_MAX: usize = 4 << 20;
/// Held back for so long, a log is too old to be worth waiting for.
const STUCK_MS: u64 = 2_000;

/// See the file.
#[derive(Debug)]
pub(crate) struct Queue {
    session: u32,
    waiting: VecDeque<LogsMsg>,
    bytes: usize,
    stuck_since_ms: Option<u64>,
    /// Lines that went, said before the next that stays.
    dropped: u64,
}

impl Queue {
    pub(crate) fn new(session: u32) -> Queue {
        Queue {
            session,
            waiting: VecDeque::new(),
            bytes: 0,
            stuck_since_ms: None,
            dropped: 0,
        }
    }

    pub(crate) fn put(&mut self, now_ms: u64, msg: LogsMsg) {
        self.bytes += bytes(&msg);
        self.waiting.push_back(msg);
        if self.bytes <= QUEUE_BYTES_MAX {
            return;
        }
        let since = *self.stuck_since_ms.get_or_insert(now_ms);
        if now_ms.saturating_sub(since) < STUCK_MS {
            return;
        }
        while self.bytes > QUEUE_BYTES_MAX {
            let oldest = self
                .waiting
                .iter()
                .position(|msg| matches!(msg, LogsMsg::Lines { .. }));
            let Some(LogsMsg::Lines { segment, .. }) =
                oldest.and_then(|at| self.waiting.remove(at))
            else {
                return;
            };
            self.bytes -= segment.bytes();
            self.dropped += segment.printed() + segment.dropped();
        }
    }

    /// Whether more of the answer may be read; else at which moment it may be at the latest.
    pub(crate) fn held_until(&self, now_ms: u64) -> Option<u64> {
        if self.bytes <= QUEUE_BYTES_MAX {
            return None;
        }
        let until = self.stuck_since_ms? + STUCK_MS;
        (until > now_ms).then_some(until)
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.waiting.is_empty()
    }

    /// The next message; one that says what is missing comes before the lines behind it.
    pub(crate) fn next(&mut self) -> Option<LogsMsg> {
        if let Some(LogsMsg::Lines { segment, .. }) = self.waiting.front()
            && self.dropped > 0
        {
            let marker = dropped(segment, std::mem::take(&mut self.dropped));
            return Some(LogsMsg::Lines {
                session: self.session,
                segment: Arc::new(marker),
            });
        }
        let msg = self.waiting.pop_front()?;
        self.bytes -= bytes(&msg);
        if self.bytes <= QUEUE_BYTES_MAX {
            self.stuck_since_ms = None;
        }
        Some(msg)
    }
}

fn bytes(msg: &LogsMsg) -> usize {
    match msg {
        LogsMsg::Lines { segment, .. } => segment.bytes(),
        LogsMsg::Stream { .. } | LogsMsg::Found { .. } => 0,
    }
}

fn dropped(before: &Segment, lines: u64) -> Segment {
    let mut filling = OpenSegment::default();
    let at = before
        .lines()
        .first()
        .map(|line| line.at)
        .unwrap_or_default();
    filling.marker(at, Marker::Dropped { lines });
    filling.seal(&before.stream)
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::logs::{Nanos, StreamId};

    fn lines(number: i64) -> LogsMsg {
        let stream = Arc::new(StreamId {
            namespace: "shop".into(),
            pod: "a".into(),
            uid: "a".into(),
            container: "app".into(),
            is_previous: false,
        });
        let mut filling = OpenSegment::default();
        for line in 0..1_000 {
            filling.line(Nanos(number * 1_000 + line), &[b'x'; 200], 0);
        }
        LogsMsg::Lines {
            session: 1,
            segment: Arc::new(filling.seal(&stream)),
        }
    }

    fn drain(queue: &mut Queue) -> (u64, u64) {
        let (mut printed, mut dropped) = (0, 0);
        while let Some(msg) = queue.next() {
            if let LogsMsg::Lines { segment, .. } = msg {
                printed += segment.printed();
                dropped += segment.dropped();
            }
        }
        (printed, dropped)
    }

    #[test]
    fn nothing_goes_while_the_server_is_held_back() {
        let mut queue = Queue::new(1);
        for number in 0..40 {
            queue.put(100, lines(number));
        }
        assert_eq!(queue.held_until(100), Some(100 + STUCK_MS));
        assert_eq!(drain(&mut queue), (40_000, 0));
        assert_eq!(queue.held_until(200), None);
    }

    #[test]
    fn when_it_has_lasted_the_oldest_go_and_every_line_is_counted() {
        let mut queue = Queue::new(1);
        for number in 0..100 {
            queue.put(
                100 + 100 * u64::try_from(number).unwrap_or(0),
                lines(number),
            );
        }
        assert!(queue.bytes <= QUEUE_BYTES_MAX);
        let (printed, dropped) = drain(&mut queue);
        assert!(
            dropped > 0 && printed + dropped == 100_000,
            "{printed} + {dropped}"
        );
    }
}
