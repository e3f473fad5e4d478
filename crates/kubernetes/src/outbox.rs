//! What one watch has to tell, until the bounded channel takes it: the latest row of each uid, in order, and nothing
//! twice. A row that is folded away leaves its worst state in the row that stays.

#[cfg(test)]
mod tests;

use std::collections::{HashMap, VecDeque};

use foldhash::fast::RandomState;
use tokio::sync::mpsc;

use super::fold::Fold;
use super::heartbeats::Heartbeats;
use model::cluster::Health;
use model::message::{Msg, WatchChange};
use model::meta::Uid;
use text::Outside;

/// Rows in one message: applied in well under the 4 ms that the loop gives to the world between two frames.
const BATCH_ROWS: usize = 512;
/// Names of unreadable objects kept for one message.
const UNREADABLE_MAX: usize = 100;

/// Makes a message of a change.
pub(crate) type Wrap<R> = Box<dyn Fn(WatchChange<R>) -> Msg + Send>;

pub(crate) struct Outbox<R> {
    channel: mpsc::Sender<Msg>,
    wrap: Wrap<R>,
    parts: VecDeque<Part<R>>,
    health: Option<Health>,
    heartbeats: Heartbeats<R>,
}

enum Part<R> {
    Begin(u32),
    Synced(u32),
    Rows(Rows<R>),
}

struct Rows<R> {
    waiting: VecDeque<R>,
    /// Rows already sent from the front: positions in `index` count from the first row ever.
    sent: usize,
    index: HashMap<Uid, usize, RandomState>,
    gone: Vec<Uid>,
    unreadable: Vec<Outside>,
}

impl<R: Fold> Outbox<R> {
    pub(crate) fn new(channel: mpsc::Sender<Msg>, wrap: Wrap<R>) -> Outbox<R> {
        Outbox {
            channel,
            wrap,
            parts: VecDeque::new(),
            health: None,
            heartbeats: Heartbeats::new(),
        }
    }

    /// Takes a change and sends what the channel takes at once, if it is worth a message.
    pub(crate) fn put(&mut self, change: WatchChange<R>) {
        let Some(change) = self.heartbeats.without(change) else {
            return;
        };
        match change {
            WatchChange::Begin { generation } => {
                // The new list will hold every row again: what is left of the one before would only be overwritten.
                self.parts.clear();
                self.parts.push_back(Part::Begin(generation));
            }
            WatchChange::Synced { generation } => self.parts.push_back(Part::Synced(generation)),
            WatchChange::Health(health) => self.health = Some(health),
            WatchChange::Batch {
                rows,
                gone,
                unreadable,
            } => self.put_rows(rows, gone, unreadable),
        }
        while self.is_worth_a_message() {
            let Ok(place) = self.channel.clone().try_reserve_owned() else {
                return;
            };
            self.send(place);
        }
    }

    pub(crate) fn is_waiting(&self) -> bool {
        !self.parts.is_empty() || self.health.is_some()
    }

    /// A place in the channel; `None` when nobody listens any more.
    pub(crate) fn place(&self) -> impl Future<Output = Option<mpsc::OwnedPermit<Msg>>> + use<R> {
        let channel = self.channel.clone();
        async move { channel.reserve_owned().await.ok() }
    }

    /// Sends one message.
    pub(crate) fn send(&mut self, place: mpsc::OwnedPermit<Msg>) {
        if let Some(msg) = self.next() {
            place.send(msg);
        }
    }

    fn is_worth_a_message(&self) -> bool {
        match self.parts.front() {
            Some(Part::Rows(rows)) => rows.waiting.len() >= BATCH_ROWS || self.parts.len() > 1,
            Some(Part::Begin(_) | Part::Synced(_)) => true,
            None => false,
        }
    }

    fn put_rows(&mut self, new: Vec<R>, gone: Vec<Uid>, unreadable: Vec<Outside>) {
        if !matches!(self.parts.back(), Some(Part::Rows(_))) {
            self.parts.push_back(Part::Rows(Rows::new()));
        }
        if let Some(Part::Rows(rows)) = self.parts.back_mut() {
            rows.put(new);
            rows.gone.extend(gone);
            rows.unreadable.extend(unreadable);
            rows.unreadable.truncate(UNREADABLE_MAX);
        }
    }

    fn next(&mut self) -> Option<Msg> {
        let change = match self.parts.pop_front() {
            Some(Part::Begin(generation)) => WatchChange::Begin { generation },
            Some(Part::Synced(generation)) => WatchChange::Synced { generation },
            Some(Part::Rows(mut rows)) => {
                let change = rows.take();
                if !rows.is_empty() {
                    self.parts.push_front(Part::Rows(rows));
                }
                change
            }
            None => WatchChange::Health(self.health.take()?),
        };
        Some((self.wrap)(change))
    }
}

impl<R: Fold> Rows<R> {
    fn new() -> Rows<R> {
        Rows {
            waiting: VecDeque::new(),
            sent: 0,
            index: HashMap::default(),
            gone: Vec::new(),
            unreadable: Vec::new(),
        }
    }

    fn is_empty(&self) -> bool {
        self.waiting.is_empty() && self.gone.is_empty() && self.unreadable.is_empty()
    }

    fn put(&mut self, new: Vec<R>) {
        for mut row in new {
            let end = self.sent + self.waiting.len();
            let at = *self.index.entry(row.meta().uid.clone()).or_insert(end);
            let waiting = at
                .checked_sub(self.sent)
                .and_then(|at| self.waiting.get_mut(at));
            if let Some(waiting) = waiting {
                std::mem::swap(waiting, &mut row);
                waiting.fold(row);
            } else {
                self.index.insert(row.meta().uid.clone(), end);
                self.waiting.push_back(row);
            }
        }
    }

    /// One message worth of rows; the deletions go with the last of them, since a row may be waiting for its own.
    fn take(&mut self) -> WatchChange<R> {
        let count = self.waiting.len().min(BATCH_ROWS);
        let rows: Vec<R> = self.waiting.drain(..count).collect();
        self.sent += count;
        if !self.waiting.is_empty() {
            return WatchChange::Batch {
                rows,
                gone: Vec::new(),
                unreadable: Vec::new(),
            };
        }
        self.index.clear();
        let (gone, unreadable) = (
            std::mem::take(&mut self.gone),
            std::mem::take(&mut self.unreadable),
        );
        WatchChange::Batch {
            rows,
            gone,
            unreadable,
        }
    }
}
