//! Which alerts the timeline tells of, and when one that is no longer there has really ended: an Alertmanager that was
//! restarted has forgotten its alerts, and members of a cluster know different ones.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, TimeDelta, Utc};

use super::super::alert::AlertRow;
use super::{AlertId, AlertmanagerStatus};
use crate::meta::Uid;
use text::Outside;

/// Alerts that were told as over and may come back: more say nothing more.
const OVER_MAX: usize = 1_000;

/// Two senders of one alert began at different moments; Alertmanager may turn to the other one's when it restarts.
const SAME_START_S: i64 = 60;

/// An `endsAt` in the far future says nothing: Prometheus sends again each minute, with four minutes to live.
const LONGEST_LIFE_S: i64 = 600;

const MARGIN_S: i64 = 30;

/// Of alerts told as so many of one name this many are remembered one by one: more than any cluster has.
const CROWD_MAX: usize = 20_000;

/// What the timeline tells of the alerts of one context.
#[derive(Clone, Debug, Default)]
pub struct AlertRecord {
    /// What earlier consoles wrote was looked through.
    pub has_begun: bool,
    /// Answers before that.
    pub answers: u32,
    /// Told as firing and not as over, by fingerprint.
    pub firing: BTreeMap<Uid, Firing>,
    /// Told as over, by fingerprint: it fires on when it comes back with the same start.
    pub over: BTreeMap<Uid, Firing>,
    /// Silences told of.
    pub silences: BTreeSet<Outside>,
    /// Told by an earlier console only as so many of one name: when, and the places in `firing` that they take.
    pub crowd: BTreeMap<Outside, Vec<(DateTime<Utc>, Uid)>>,
}

/// One alert that the timeline tells of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Firing {
    /// What its entries are called by.
    pub id: AlertId,
    pub name: Outside,
    /// `labels.namespace`.
    pub namespace: Outside,
    /// [`AlertRow::object`]; `None` also when only an earlier console saw it.
    pub object: Option<Outside>,
    pub starts_at: Option<DateTime<Utc>>,
    /// It was told together with others of its name.
    pub is_grouped: bool,
    /// The silences that held it back when it was last seen.
    pub silenced_by: Box<[Outside]>,
    /// When it was last seen, by our clock; `None` when only an earlier console saw it.
    pub seen: Option<DateTime<Utc>>,
    /// The time of the entry that tells of it: what lasts is counted from there.
    pub told: Option<DateTime<Utc>>,
    ends_at: Option<DateTime<Utc>>,
    /// Start of the Alertmanager that had it.
    instance: Option<DateTime<Utc>>,
    /// The first answer without it.
    absent: Option<DateTime<Utc>>,
}

impl AlertRecord {
    /// It is told as over.
    pub fn end(&mut self, uid: Uid, firing: Firing) {
        self.over.insert(uid, firing);
        if self.over.len() > OVER_MAX {
            self.over.pop_first();
        }
    }

    /// It was told as over, and is there as if it had never ended.
    pub fn comes_back(&mut self, alert: &AlertRow) -> Option<Firing> {
        let over = self.over.remove(&alert.uid)?;
        (over.starts_at == alert.starts_at).then_some(over)
    }

    /// An earlier console told at `told` that `count` alerts of this name fire; which, it did not say.
    pub fn record_group(&mut self, count: usize, entries: DateTime<Utc>, firing: &Firing) {
        let (AlertId::Known(first) | AlertId::Again { key: first, .. }) = &firing.id else {
            return;
        };
        for number in 0..count.min(CROWD_MAX) {
            let id = AlertId::Counted {
                count,
                first: first.clone(),
                number,
            };
            let uid: Uid = id.to_string().into();
            let one = Firing {
                id,
                is_grouped: true,
                ..firing.clone()
            };
            let crowd = self.crowd.entry(firing.name.clone()).or_default();
            crowd.push((entries, uid.clone()));
            self.firing.insert(uid, one);
        }
    }

    /// So many of those are over, as an earlier console told.
    pub fn crowd_over(&mut self, name: &Outside, count: usize) {
        let Some(crowd) = self.crowd.get_mut(name) else {
            return;
        };
        for (_, uid) in crowd.drain(..count.min(crowd.len())) {
            self.firing.remove(&uid);
        }
    }

    /// One of those that were told as so many: it has a face now.
    pub fn is_of_crowd(&mut self, alert: &AlertRow, seen: &Firing) -> bool {
        let Some(crowd) = self.crowd.get_mut(&alert.name) else {
            return false;
        };
        let is_older = |(entries, _): &(DateTime<Utc>, Uid)| {
            alert.starts_at.is_none_or(|start| start <= *entries)
        };
        while let Some(at) = crowd.iter().position(is_older) {
            let (_, uid) = crowd.swap_remove(at);
            if self.firing.remove(&uid).is_some() {
                let known = Firing {
                    is_grouped: true,
                    ..seen.clone()
                };
                self.firing.insert(alert.uid.clone(), known);
                return true;
            }
        }
        false
    }
}

/// How an alert ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AlertEnd {
    pub firing: Firing,
    /// When it was first missed.
    pub at: DateTime<Utc>,
}

impl Firing {
    /// As it is seen now.
    pub fn seen(
        alert: &AlertRow,
        now: DateTime<Utc>,
        about: Option<&AlertmanagerStatus>,
    ) -> Firing {
        Firing {
            id: AlertId::Known(alert.key()),
            name: alert.name.clone(),
            namespace: alert.namespace.clone(),
            object: alert.object().cloned(),
            starts_at: alert.starts_at,
            is_grouped: false,
            silenced_by: alert.silenced_by.clone(),
            seen: Some(now),
            told: None,
            ends_at: alert.ends_at,
            instance: about.and_then(|about| about.started),
            absent: None,
        }
    }

    /// As an earlier console wrote it.
    pub fn told_before(
        id: AlertId,
        name: Outside,
        namespace: Outside,
        told: DateTime<Utc>,
    ) -> Firing {
        Firing {
            starts_at: id.starts_at(),
            id,
            name,
            namespace,
            object: None,
            is_grouped: false,
            silenced_by: Box::default(),
            seen: None,
            told: Some(told),
            ends_at: None,
            instance: None,
            absent: None,
        }
    }

    /// The same firing, although its start may have moved a little.
    pub fn is_same(&self, alert: &AlertRow) -> bool {
        match (self.starts_at, alert.starts_at) {
            (Some(known), Some(start)) => (start - known).num_seconds() <= SAME_START_S,
            (None, _) | (_, None) => true,
        }
    }

    /// It is still there; the timeline goes on calling it what it did.
    pub fn renew(&mut self, seen: Firing) {
        *self = Firing {
            id: self.id.clone(),
            is_grouped: self.is_grouped,
            told: self.told,
            ..seen
        };
    }

    /// The first answer without it, by Alertmanager's clock: the end of one that is over.
    pub fn absent_since(&self) -> Option<DateTime<Utc>> {
        self.absent
    }

    /// Is over, as far as one can know at `now` from an answer of `about` that came without it: at once, unless that
    /// Alertmanager has just started and has forgotten its alerts; then when nobody can have sent it again.
    pub fn missed(
        &mut self,
        now: DateTime<Utc>,
        about: Option<&AlertmanagerStatus>,
    ) -> Option<DateTime<Utc>> {
        let instance = about.and_then(|about| about.started);
        let first = *self.absent.get_or_insert(now);
        let may_speak = match instance {
            Some(started) => {
                let is_the_same = self.seen.is_some() && self.instance == Some(started);
                is_the_same || (now - started).num_seconds() > LONGEST_LIFE_S
            }
            // It does not say who it is: what an earlier console saw, another one may have had.
            None => self.seen.is_some(),
        };
        let last = self.seen.unwrap_or(first);
        let cap = last + TimeDelta::seconds(LONGEST_LIFE_S);
        let end = match self.seen {
            Some(_) => self.ends_at.map_or(cap, |end| end.min(cap)),
            None => first + TimeDelta::seconds(LONGEST_LIFE_S / 5),
        };
        let has_expired = now > end + TimeDelta::seconds(MARGIN_S);
        (may_speak || has_expired).then_some(first)
    }
}
