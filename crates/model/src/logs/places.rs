//! Lines of many segments in one order by time, as places: what is drawn is a slice of it. Lines of one stream never change
//! their order, lines with the same time stay as they came.

use std::collections::VecDeque;

/// Where a line is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LinePlace {
    /// Its time, but never before that of an earlier line of its stream: clocks of nodes step back.
    pub key: i64,
    /// Number of its segment in the ring.
    pub segment: u32,
    /// Number within the segment.
    pub line: u32,
}

/// Places by time.
#[derive(Clone, Debug, Default)]
pub struct Places(VecDeque<LinePlace>);

impl Places {
    pub fn len(&self) -> usize {
        self.0.len()
    }

    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The one at this line of the order.
    pub fn at(&self, index: usize) -> Option<LinePlace> {
        self.0.get(index).copied()
    }

    /// At which line of the order it is; else where it would be.
    pub fn index_of(&self, place: LinePlace) -> Result<usize, usize> {
        let first = self.0.partition_point(|known| known.key < place.key);
        let mut index = first;
        while let Some(known) = self.0.get(index).filter(|known| known.key == place.key) {
            if *known == place {
                return Ok(index);
            }
            index += 1;
        }
        Err(first)
    }

    /// Adds places that are sorted by key: behind those with the same key.
    pub(super) fn insert(&mut self, new: Vec<LinePlace>) {
        let Some(first) = new.first() else { return };
        if self.0.back().is_none_or(|last| last.key <= first.key) {
            self.0.extend(new);
            return;
        }
        let from = self.0.partition_point(|known| known.key <= first.key);
        let mut later = self.0.split_off(from).into_iter().peekable();
        for place in new {
            while let Some(known) = later.next_if(|known| known.key <= place.key) {
                self.0.push_back(known);
            }
            self.0.push_back(place);
        }
        self.0.extend(later);
    }

    /// Takes out all lines of a segment whose keys end with `high`.
    pub(super) fn remove(&mut self, segment: u32, high: i64) {
        let end = self.0.partition_point(|known| known.key <= high);
        let stay: Vec<LinePlace> = self
            .0
            .drain(..end)
            .filter(|known| known.segment != segment)
            .collect();
        stay.into_iter()
            .rev()
            .for_each(|place| self.0.push_front(place));
    }

    pub(super) fn clear(&mut self) {
        self.0.clear();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn place(key: i64, segment: u32, line: u32) -> LinePlace {
        LinePlace { key, segment, line }
    }

    fn keys(places: &Places) -> Vec<(i64, u32)> {
        places
            .0
            .iter()
            .map(|place| (place.key, place.segment))
            .collect()
    }

    #[test]
    fn what_comes_late_stands_where_its_time_is_and_behind_its_equals() {
        let mut places = Places::default();
        places.insert(vec![
            place(1, 0, 0),
            place(3, 0, 1),
            place(3, 0, 2),
            place(9, 0, 3),
        ]);
        places.insert(vec![
            place(0, 1, 0),
            place(3, 1, 1),
            place(5, 1, 2),
            place(10, 1, 3),
        ]);
        assert_eq!(
            keys(&places),
            [
                (0, 1),
                (1, 0),
                (3, 0),
                (3, 0),
                (3, 1),
                (5, 1),
                (9, 0),
                (10, 1)
            ]
        );
        assert_eq!(places.index_of(place(3, 1, 1)), Ok(4));
        assert_eq!(places.index_of(place(3, 7, 1)), Err(2));
    }

    #[test]
    fn a_segment_leaves_and_takes_no_other_line_with_it() {
        let mut places = Places::default();
        places.insert(vec![place(1, 0, 0), place(4, 0, 1)]);
        places.insert(vec![place(2, 1, 0), place(8, 1, 1)]);
        places.remove(0, 4);
        assert_eq!(keys(&places), [(2, 1), (8, 1)]);
    }
}
