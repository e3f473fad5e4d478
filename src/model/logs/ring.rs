//! The kept part of all followed logs: segments bounded by bytes, their lines in one order by time. What is let go is
//! counted, and what somebody is reading is let go last.

use std::collections::{BTreeMap, VecDeque};
use std::ops::RangeInclusive;
use std::sync::Arc;

use super::places::{Place, Places};
use super::segment::{Filling, Line, Marker, Segment, StreamId};

/// Text and line records that are kept: about 400,000 lines of 130 bytes, whatever the cluster prints.
pub const RING_BYTES_MAX: usize = 64 << 20;

/// The ring.
#[derive(Clone, Debug, Default)]
pub struct Ring {
    /// By number, from `first` on; `None` where one was let go before its time.
    held: VecDeque<Option<Held>>,
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
}

#[derive(Clone, Debug)]
struct Held {
    segment: Arc<Segment>,
    /// Key of the last line of the stream before this segment.
    floor: i64,
    low: i64,
    high: i64,
}

impl Ring {
    /// Adds a segment and gives the places of its lines. Lines whose keys are in `read` stay as long as anything else can
    /// go. The numbers of segments that had to go are given too.
    pub fn push(
        &mut self,
        segment: Arc<Segment>,
        read: Option<&RangeInclusive<i64>>,
    ) -> (Vec<Place>, Vec<(u32, i64)>) {
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
        let mut gone = Vec::new();
        while self.bytes > RING_BYTES_MAX {
            let Some(number) = self.expendable(read) else {
                break;
            };
            gone.extend(self.let_go(number, read));
        }
        (places, gone)
    }

    fn hold(&mut self, segment: Arc<Segment>, floor: i64) -> Vec<Place> {
        let number = self
            .first
            .wrapping_add(u32::try_from(self.held.len()).unwrap_or(0));
        let places: Vec<Place> = keys(&segment, floor)
            .zip(0..)
            .map(|(key, line)| Place {
                key,
                segment: number,
                line,
            })
            .collect();
        self.bytes += segment.bytes();
        let (low, high) = (
            places.first().map_or(floor, |place| place.key),
            places.last().map_or(floor, |place| place.key),
        );
        self.held.push_back(Some(Held {
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
        let is_read = |held: &Held| {
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

    fn let_go(&mut self, number: u32, read: Option<&RangeInclusive<i64>>) -> Option<(u32, i64)> {
        let at = number.wrapping_sub(self.first) as usize;
        let held = self.held.get_mut(at)?.take()?;
        self.bytes -= held.segment.bytes();
        self.order.remove(number, held.high);
        let lines = held.segment.printed() + held.segment.dropped();
        match read {
            // Behind what is read: the place says what is missing.
            Some(read) if held.low > *read.end() => self.widen_hole(&held, lines),
            _ => self.let_go += lines,
        }
        while self.held.front().is_some_and(Option::is_none) {
            self.held.pop_front();
            self.first = self.first.wrapping_add(1);
        }
        Some((number, held.high))
    }

    fn widen_hole(&mut self, held: &Held, lines: u64) {
        let known = self.hole.and_then(|(number, before)| {
            let at = number.wrapping_sub(self.first) as usize;
            self.held
                .get(at)
                .and_then(Option::as_ref)
                .map(|held| (number, at, held.low, before))
        });
        let stream = &held.segment.stream;
        let sealed = |count| {
            let mut filling = Filling::default();
            filling.marker(held.segment.lines()[0].at, Marker::Dropped { lines: count });
            Arc::new(filling.seal(stream))
        };
        if let Some((number, at, low, before)) = known {
            let count = before + lines;
            self.hole = Some((number, count));
            self.held[at] = Some(Held {
                segment: sealed(count),
                floor: low,
                low,
                high: low,
            });
        } else {
            let number = self
                .first
                .wrapping_add(u32::try_from(self.held.len()).unwrap_or(0));
            let places = self.hold(sealed(lines), held.low);
            self.order.insert(places);
            self.hole = Some((number, lines));
        }
    }

    /// Nobody holds the ring back any more: a later hole is another one.
    pub fn close_hole(&mut self) {
        self.hole = None;
    }

    /// The line at a place, with its segment.
    pub fn line(&self, place: Place) -> Option<(&Segment, &Line)> {
        let held = self.held_at(place.segment)?;
        Some((
            &held.segment,
            held.segment.lines().get(place.line as usize)?,
        ))
    }

    fn held_at(&self, number: u32) -> Option<&Held> {
        self.held
            .get(number.wrapping_sub(self.first) as usize)?
            .as_ref()
    }

    /// The places of these lines of a segment, if it is still here.
    pub fn places(&self, number: u32, lines: &[u32]) -> Vec<Place> {
        let Some(held) = self.held_at(number) else {
            return Vec::new();
        };
        let mut wanted = lines.iter().copied().peekable();
        keys(&held.segment, held.floor)
            .zip(0..)
            .filter(|(_, line)| wanted.next_if_eq(line).is_some())
            .map(|(key, line)| Place {
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

#[cfg(test)]
mod tests {
    use super::super::segment::Nanos;
    use super::*;

    fn stream(pod: &str) -> Arc<StreamId> {
        Arc::new(StreamId {
            namespace: "shop".into(),
            pod: pod.into(),
            uid: pod.into(),
            container: "app".into(),
            is_previous: false,
        })
    }

    fn segment(pod: &str, lines: &[(i64, &str)]) -> Arc<Segment> {
        let mut filling = Filling::default();
        for (at, text) in lines {
            filling.line(Nanos(*at), text.as_bytes(), 0);
        }
        Arc::new(filling.seal(&stream(pod)))
    }

    fn texts(ring: &Ring) -> Vec<&str> {
        (0..ring.order().len())
            .filter_map(|index| ring.line(ring.order().at(index)?))
            .map(|(segment, line)| match line.marker.as_deref() {
                Some(Marker::Dropped { .. }) => "(dropped)",
                _ => segment.text(line),
            })
            .collect()
    }

    #[test]
    fn lines_of_many_streams_stand_by_time_and_a_clock_that_steps_back_changes_no_order() {
        let mut ring = Ring::default();
        ring.push(segment("a", &[(10, "a1"), (30, "a2")]), None);
        ring.push(segment("b", &[(20, "b1"), (5, "b2"), (40, "b3")]), None);
        assert_eq!(texts(&ring), ["a1", "b1", "b2", "a2", "b3"]);
        ring.push(segment("a", &[(25, "a3")]), None);
        assert_eq!(texts(&ring), ["a1", "b1", "b2", "a2", "a3", "b3"]);
    }

    fn big(pod: &str, at: i64) -> Arc<Segment> {
        let text = "x".repeat(8 << 20);
        segment(pod, &[(at, &text)])
    }

    #[test]
    fn what_does_not_fit_goes_the_oldest_first_and_is_counted() {
        let mut ring = Ring::default();
        for at in 0..20 {
            ring.push(big("a", at), None);
        }
        assert!(ring.bytes() <= RING_BYTES_MAX);
        assert_eq!(ring.order().len() as u64 + ring.let_go_lines(), 20);
        assert_eq!(ring.order().at(0).map(|place| place.key), Some(13));
        assert_eq!(
            ring.newest_first().next().map(|(number, _)| number),
            Some(19)
        );
    }

    #[test]
    fn what_somebody_reads_stays_and_a_marker_counts_what_went_behind_it() {
        let mut ring = Ring::default();
        ring.push(segment("a", &[(0, "before")]), None);
        ring.push(segment("a", &[(1, "read")]), None);
        for at in 2..30 {
            ring.push(big("a", at), Some(&(1..=1)));
        }
        let texts = texts(&ring);
        assert_eq!(texts[..2], ["read", "(dropped)"]);
        assert_eq!(ring.let_go_lines(), 1);
        let dropped: u64 = ring
            .newest_first()
            .map(|(_, segment)| segment.dropped())
            .sum();
        let kept = texts.iter().filter(|text| text.starts_with('x')).count() as u64;
        assert_eq!(dropped + kept, 28);
    }

    #[test]
    fn found_lines_of_a_segment_get_the_places_that_they_have_in_the_order() {
        let mut ring = Ring::default();
        ring.push(segment("a", &[(10, "a1"), (3, "a2"), (30, "a3")]), None);
        let places = ring.places(0, &[1, 2]);
        let indices: Vec<_> = places
            .iter()
            .map(|place| ring.order().index_of(*place))
            .collect();
        assert_eq!(indices, [Ok(1), Ok(2)]);
        assert!(ring.places(7, &[0]).is_empty());
    }
}
