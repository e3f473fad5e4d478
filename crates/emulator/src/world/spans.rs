//! When something was so: spans of time, of which the last may still go on. Only the end ever grows, so whatever is said of the
//! past stays true.

use std::sync::Arc;

use super::object::Millis;

/// Spans, oldest first; cheap to clone.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Spans(Arc<Vec<(Millis, Option<Millis>)>>);

impl Spans {
    /// Says whether it is so from now on.
    pub fn set(&mut self, is_so: bool, now: Millis) {
        if is_so == self.goes_on() {
            return;
        }
        let spans = Arc::make_mut(&mut self.0);
        match spans.last_mut() {
            Some((_, end)) if !is_so => *end = Some(now),
            _ => spans.push((now, None)),
        }
    }

    /// Whether it is so.
    pub fn goes_on(&self) -> bool {
        self.0.last().is_some_and(|(_, end)| end.is_none())
    }

    /// Whether it was so at a moment.
    pub fn holds_at(&self, at: Millis) -> bool {
        let mut spans = self.0.iter();
        spans.any(|(start, end)| *start <= at && end.is_none_or(|end| at < end))
    }

    /// For how long it was so between two moments.
    pub fn lasted(&self, from: Millis, until: Millis) -> Millis {
        let each = self.0.iter().map(|(start, end)| {
            let end = end.unwrap_or(until).min(until);
            (end - from.max(*start)).max(0)
        });
        each.sum()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_said_of_the_past_stays_true() {
        let mut spans = Spans::default();
        spans.set(true, 10);
        spans.set(true, 15);
        assert!(spans.holds_at(10) && spans.holds_at(99) && !spans.holds_at(9));
        assert_eq!(spans.lasted(0, 30), 20);
        spans.set(false, 40);
        spans.set(true, 50);
        assert!(spans.holds_at(39) && !spans.holds_at(40) && spans.goes_on());
        assert_eq!((spans.lasted(0, 30), spans.lasted(20, 60)), (20, 30));
    }
}
