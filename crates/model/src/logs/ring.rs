//! The kept part of all followed logs: segments bounded by bytes, their lines in one order by time. What is let go is
//! counted, and what somebody is reading is let go last.

#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, VecDeque};
use std::ops::RangeInclusive;
use std::sync::Arc;

use super::places::{LinePlace, Places};
use super::segment::{LogLine, Marker, Nanos, OpenSegment, Segment, StreamId};

/// Text and line records that are kept: about 400,000 lines of 130 bytes, whatever the cluster prints.
pub const RING_BYTES_MAX: usize = 64 << 20;

#[derive(Clone, Debug, Default)]
pub struct Ring {
    /// By number, from `first` on; `None` where one was let go before its time.
    held: VecDeque<Option<StoredSegment>>,
    first: u32,
    bytes: usize,
    order: Places,
    /// The latest key of each stream: its next line comes behind.
    latest: BTreeMap<Arc<StreamId>, i64>,
    /// Lines let go at the old end, or counted as dropped there.
    let_go: u64,
    /// What was let go behind the lines that somebody reads, and the number of the marker that says so.
    hole: Option<(u32, u64)>,
    printed: u64,
    dropped: u64,
    /// Markers among the lines that are held.
    markers: usize,
}

/// What adding a segment did.
#[derive(Clone, Debug, Default)]
pub struct PushResult {
    /// Where its lines are.
    pub places: Vec<LinePlace>,
    /// Numbers and last keys of the segments that had to go for it.
    pub gone: Vec<(u32, i64)>,
    /// A marker that stands for those of them that came behind what somebody reads.
    pub hole: Option<LinePlace>,
}

#[derive(Clone, Debug)]
struct StoredSegment {
    segment: Arc<Segment>,
    /// Key of the last line of the stream before this segment.
    floor: i64,
    low: i64,
    high: i64,
}

impl Ring {
    /// Adds a segment. Lines whose keys are in `read` stay as long as anything else can go.
    pub fn push(
        &mut self,
        segment: Arc<Segment>,
        read: Option<&RangeInclusive<i64>>,
    ) -> PushResult {
        self.printed += segment.printed();
        self.dropped += segment.dropped();
        let floor = self
            .latest
            .get(&segment.stream)
            .copied()
            .unwrap_or(i64::MIN);
        let places = self.hold(segment, floor);
        if let (Some(last), Some(held)) = (places.last(), self.held.back().and_then(Option::as_ref))
        {
            self.latest
                .insert(Arc::clone(&held.segment.stream), last.key);
        }
        self.order.insert(places.clone());
        let mut pushed = PushResult {
            places,
            ..PushResult::default()
        };
        while self.bytes > RING_BYTES_MAX {
            let Some(number) = self.expendable(read) else {
                break;
            };
            self.let_go(number, read, &mut pushed);
        }
        pushed
    }

    fn hold(&mut self, segment: Arc<Segment>, floor: i64) -> Vec<LinePlace> {
        let number = self
            .first
            .wrapping_add(u32::try_from(self.held.len()).unwrap_or(0));
        let places: Vec<LinePlace> = keys(&segment, floor)
            .zip(0..)
            .map(|(key, line)| LinePlace {
                key,
                segment: number,
                line,
            })
            .collect();
        self.bytes += segment.bytes();
        self.markers += segment.markers();
        let (low, high) = (
            places.first().map_or(floor, |place| place.key),
            places.last().map_or(floor, |place| place.key),
        );
        self.held.push_back(Some(StoredSegment {
            segment,
            floor,
            low,
            high,
        }));
        places
    }

    /// The oldest segment that nobody reads; the newest is never expendable.
    fn expendable(&self, read: Option<&RangeInclusive<i64>>) -> Option<u32> {
        let newest = self.held.len().saturating_sub(1);
        let is_read = |held: &StoredSegment| {
            read.is_some_and(|read| held.low <= *read.end() && held.high >= *read.start())
        };
        let hole = self.hole.map(|(number, _)| number);
        let found = self
            .held
            .iter()
            .take(newest)
            .zip(self.first..)
            .find(|(held, number)| {
                Some(*number) != hole && held.as_ref().is_some_and(|held| !is_read(held))
            });
        found.map(|(_, number)| number)
    }

    fn let_go(&mut self, number: u32, read: Option<&RangeInclusive<i64>>, pushed: &mut PushResult) {
        let at = number.wrapping_sub(self.first) as usize;
        let Some(held) = self.held.get_mut(at).and_then(Option::take) else {
            return;
        };
        self.bytes -= held.segment.bytes();
        self.markers -= held.segment.markers();
        self.order.remove(number, held.high);
        let lines = held.segment.printed() + held.segment.dropped();
        match read {
            // Behind what is read: the place says what is missing.
            Some(read) if held.low > *read.end() => {
                pushed.hole = self.widen_hole(&held, lines).or(pushed.hole);
            }
            _ => self.let_go += lines,
        }
        while self.held.front().is_some_and(Option::is_none) {
            self.held.pop_front();
            self.first = self.first.wrapping_add(1);
        }
        pushed.gone.push((number, held.high));
    }

    /// Counts lines in the marker of the hole; gives its place when it is new.
    fn widen_hole(&mut self, held: &StoredSegment, lines: u64) -> Option<LinePlace> {
        let known = self.hole.and_then(|(number, before)| {
            let at = number.wrapping_sub(self.first) as usize;
            self.held
                .get(at)
                .and_then(Option::as_ref)
                .map(|held| (number, at, held.low, before))
        });
        let stream = &held.segment.stream;
        let sealed = |count| {
            let mut filling = OpenSegment::default();
            filling.marker(held.segment.lines()[0].at, Marker::Dropped { lines: count });
            Arc::new(filling.seal(stream))
        };
        if let Some((number, at, low, before)) = known {
            let count = before + lines;
            self.hole = Some((number, count));
            self.held[at] = Some(StoredSegment {
                segment: sealed(count),
                floor: low,
                low,
                high: low,
            });
            None
        } else {
            let number = self
                .first
                .wrapping_add(u32::try_from(self.held.len()).unwrap_or(0));
            let places = self.hold(sealed(lines), held.low);
            let place = places.first().copied();
            self.order.insert(places);
            self.hole = Some((number, lines));
            place
        }
    }

    /// Nobody holds the ring back any more: a later hole is another one.
    pub fn close_hole(&mut self) {
        self.hole = None;
    }

    /// The line at a place, with its segment.
    pub fn line(&self, place: LinePlace) -> Option<(&Arc<Segment>, &LogLine)> {
        let segment = &self.held_at(place.segment)?.segment;
        Some((segment, segment.lines().get(place.line as usize)?))
    }

    fn held_at(&self, number: u32) -> Option<&StoredSegment> {
        self.held
            .get(number.wrapping_sub(self.first) as usize)?
            .as_ref()
    }

    /// The places of these lines of a segment, if it is still here.
    pub fn places(&self, number: u32, lines: &[u32]) -> Vec<LinePlace> {
        let Some(held) = self.held_at(number) else {
            return Vec::new();
        };
        let mut wanted = lines.iter().copied().peekable();
        keys(&held.segment, held.floor)
            .zip(0..)
            .filter(|(_, line)| wanted.next_if_eq(line).is_some())
            .map(|(key, line)| LinePlace {
                key,
                segment: number,
                line,
            })
            .collect()
    }

    /// All lines by time.
    pub fn order(&self) -> &Places {
        &self.order
    }

    /// The segments with their numbers, the newest first.
    pub fn newest_first(&self) -> impl Iterator<Item = (u32, &Arc<Segment>)> {
        let numbered = self.held.iter().enumerate().rev();
        numbered.filter_map(|(at, held)| {
            let number = self.first.wrapping_add(u32::try_from(at).ok()?);
            Some((number, &held.as_ref()?.segment))
        })
    }

    /// What it takes in memory.
    pub fn bytes(&self) -> usize {
        self.bytes
    }

    /// Lines that came.
    pub fn printed(&self) -> u64 {
        self.printed
    }

    /// Lines that markers of streams say did not come.
    pub fn dropped(&self) -> u64 {
        self.dropped
    }

    /// Markers among the lines that are held.
    pub fn markers(&self) -> usize {
        self.markers
    }

    /// The streams that have said something.
    pub fn speakers(&self) -> impl Iterator<Item = &StreamId> {
        self.latest.keys().map(AsRef::as_ref)
    }

    /// The time of the last line of a stream, whether it is held or not.
    pub fn latest(&self, stream: &StreamId) -> Option<Nanos> {
        self.latest.get(stream).copied().map(Nanos)
    }

    /// Lines that came and were let go at the old end.
    pub fn let_go_lines(&self) -> u64 {
        self.let_go
    }
}

/// The key of each line: its time, and never before the line before it.
fn keys(segment: &Segment, floor: i64) -> impl Iterator<Item = i64> {
    segment.lines().iter().scan(floor, |latest, line| {
        *latest = line.at.0.max(*latest);
        Some(*latest)
    })
}
