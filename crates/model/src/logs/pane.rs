//! The logs pane: what is followed, how each stream stands, what is read, found and hidden.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::RangeInclusive;
use std::sync::Arc;

use super::places::{LinePlace, Places};
use super::ring::Ring;
use super::segment::{LogLine, Segment, StreamId};
use super::{LogFollow, StreamState};
use crate::cluster::Problem;
use crate::filter::Filter;
use crate::link::Subject;
use crate::meta::Uid;
use crate::pods::ContainerRow;
use crate::sideways::Sideways;
use crate::time::{At, Seconds};
use text::Outside;

/// Streams at once: each is a connection of its own (HTTP/1.1), and nobody reads more.
pub const STREAMS_MAX: usize = 24;
/// Streams that wait for a place among those: a task each, without a connection.
pub const SET_ASIDE_MAX: usize = 100;
/// A selection that rested so long is followed.
pub const REST_MS: u64 = 300;
/// Lines on each side of the one under the cursor that are not let go: more than the tallest screen has.
const READ_LINES: usize = 250;

/// The line under the cursor, and the line of the pane on which it stays.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LineCursor {
    pub place: LinePlace,
    /// Its line on the screen.
    pub screen_line: usize,
}

/// The pane's state.
#[derive(Clone, Debug, Default)]
pub struct Logs {
    /// Counts targets: what belongs to an older one is dropped.
    pub session: u32,
    /// Epoch of the cluster that it belongs to.
    pub epoch: u32,
    /// What is followed.
    pub target: Option<Subject>,
    /// Chosen by a key: the selection of the pods does not move it.
    pub is_held: bool,
    /// The selection, and since when it rests there.
    pub resting: Option<(Subject, At)>,
    /// Nothing before this moment is read: the target is an alert's, and began to fire a little later.
    pub since: Option<Seconds>,
    /// Pods of the target.
    pub members: BTreeSet<Uid>,
    /// The pods have changed since `followed` was chosen.
    pub is_outdated: bool,
    /// The streams that should run, with what the pods say.
    pub followed: Vec<LogFollow>,
    /// Streams of the target that were followed and lost their place to others, the latest last.
    pub set_aside: Vec<LogFollow>,
    /// Containers of the target that could be followed.
    pub candidates: usize,
    /// Those of them that are in trouble and have no place.
    pub troubled_outside: usize,
    /// Only this container.
    pub container: Option<Outside>,
    /// The instances before the present ones, and only those.
    pub is_previous: bool,
    /// The containers of the instances before, as they were known when those were first followed.
    pub ends: BTreeMap<Arc<StreamId>, ContainerRow>,
    /// How each stream stands.
    pub states: BTreeMap<Arc<StreamId>, StreamState>,
    /// Namespaces whose logs may not be read.
    pub refused: BTreeMap<Outside, Problem>,
    pub ring: Ring,
    /// Lines that pass the filter.
    pub matches: Places,
    /// Counts searches: an answer to an older one is dropped.
    pub generation: u32,
    /// Older lines are still being searched.
    pub is_searching: bool,
    /// A search is to be sent.
    pub wants_search: bool,
    /// Lines that do not pass are shown too.
    pub shows_all: bool,
    /// The line that is read; `None` follows the newest.
    pub cursor: Option<LineCursor>,
    /// Lines that had come when the pane stopped following.
    pub printed_before: u64,
    /// Long lines take more than one line of the screen.
    pub is_wrapped: bool,
    /// How far its lines are moved while they are cut.
    pub sideways: Sideways,
    /// Times are not shown.
    pub hides_times: bool,
}

impl Logs {
    /// The lines that are shown, by time.
    pub fn listed(&self, filter: &Filter) -> &Places {
        if filter.is_empty() || self.shows_all {
            self.ring.order()
        } else {
            &self.matches
        }
    }

    /// Lines that came since the pane stopped following.
    pub fn unread(&self) -> u64 {
        match self.cursor {
            Some(_) => self.ring.printed() - self.printed_before,
            None => 0,
        }
    }

    /// Pods that are followed.
    pub fn followed_pods(&self) -> usize {
        let pods: BTreeSet<&Uid> = self
            .followed
            .iter()
            .map(|follow| &follow.stream.uid)
            .collect();
        pods.len()
    }

    /// More than one stream speaks, or has spoken.
    pub fn has_many_streams(&self) -> bool {
        let mut streams = self.speakers();
        streams
            .next()
            .is_some_and(|first| streams.any(|stream| stream != first))
    }

    /// More than one container speaks, or has spoken.
    pub fn has_many_containers(&self) -> bool {
        let mut names = self.speakers().map(|stream| &stream.container);
        names
            .next()
            .is_some_and(|first| names.any(|name| name != first))
    }

    fn speakers(&self) -> impl Iterator<Item = &StreamId> {
        let followed = self.followed.iter().map(|follow| follow.stream.as_ref());
        followed.chain(self.ring.speakers())
    }

    /// The index of the line under the cursor among those shown; else that of the next one.
    pub fn cursor_index(&self, filter: &Filter) -> Option<usize> {
        let listed = self.listed(filter);
        let place = self.cursor?.place;
        let index = listed.index_of(place).unwrap_or_else(|next| next);
        Some(index.min(listed.len().saturating_sub(1)))
    }

    /// The line at a place.
    pub fn line(&self, place: LinePlace) -> Option<(&Arc<Segment>, &LogLine)> {
        self.ring.line(place)
    }

    /// The matching line after or before the one that is read, markers passed over; and whether the end was gone round.
    pub fn next_match(&self, is_forward: bool) -> Option<(LinePlace, bool)> {
        let matches = &self.matches;
        let from = self.cursor.map(|cursor| matches.index_of(cursor.place));
        let is_line =
            |place: &LinePlace| self.line(*place).is_some_and(|(_, line)| !line.is_marker());
        let find = |mut indices: &mut dyn Iterator<Item = usize>| {
            let mut places = (&mut indices).filter_map(|index| matches.at(index));
            places.find(is_line)
        };
        let all = matches.len();
        let ahead = if is_forward {
            let first = match from {
                Some(Ok(at)) => at + 1,
                Some(Err(next)) => next,
                None => all,
            };
            find(&mut (first..all))
        } else {
            let end = from.map_or(all, |from| from.unwrap_or_else(|next| next));
            find(&mut (0..end).rev())
        };
        let round = || {
            if is_forward {
                find(&mut (0..all))
            } else {
                find(&mut (0..all).rev())
            }
        };
        ahead
            .map(|place| (place, false))
            .or_else(|| round().map(|place| (place, true)))
    }

    /// What somebody reads, by key: it is let go last.
    pub fn read_span(&self, filter: &Filter) -> Option<RangeInclusive<i64>> {
        let index = self.cursor_index(filter)?;
        let listed = self.listed(filter);
        let first = listed
            .at(index.saturating_sub(READ_LINES))
            .or(listed.at(0))?;
        let last = listed.at((index + READ_LINES).min(listed.len() - 1))?;
        Some(first.key..=last.key)
    }

    /// Takes a segment in: its lines, those that pass the filter, and what has to go for it.
    pub fn take(&mut self, segment: &Arc<Segment>, filter: &Filter) {
        let read = self.read_span(filter);
        if read.is_none() {
            self.ring.close_hole();
        }
        let pushed = self.ring.push(Arc::clone(segment), read.as_ref());
        if !filter.is_empty() {
            let passing = segment.matching(filter);
            let new = passing
                .into_iter()
                .filter_map(|line| pushed.places.get(line as usize).copied());
            self.matches.insert(new.collect());
            self.matches.insert(pushed.hole.into_iter().collect());
        }
        for (number, high) in pushed.gone {
            self.matches.remove(number, high);
        }
    }

    /// How many lines pass the filter, as far as they were searched.
    pub fn matching_lines(&self) -> usize {
        self.matches.len().saturating_sub(self.ring.markers())
    }

    /// Takes in what a search found in a segment, if that is still here.
    pub fn found(&mut self, number: u32, lines: &[u32]) {
        self.matches.insert(self.ring.places(number, lines));
    }

    /// Nothing is found any more; answers to older searches are dropped.
    pub fn forget_matches(&mut self) {
        self.matches.clear();
        self.generation = self.generation.wrapping_add(1);
        (self.is_searching, self.wants_search) = (false, false);
    }

    /// Follows something else: nothing of before stays but how it is shown.
    pub fn begin(&mut self, target: Option<Subject>, since: Option<Seconds>, epoch: u32) {
        *self = Logs {
            session: self.session.wrapping_add(1),
            epoch,
            is_outdated: target.is_some(),
            target,
            since,
            is_held: self.is_held,
            generation: self.generation.wrapping_add(1),
            shows_all: self.shows_all,
            is_wrapped: self.is_wrapped,
            sideways: self.sideways,
            hides_times: self.hides_times,
            ..Logs::default()
        };
    }
}
