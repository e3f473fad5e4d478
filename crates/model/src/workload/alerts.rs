//! Alerts beside a write: those about its workload, and of those about others which stopped after it, and when. That the write
//! ended them nobody knows.

use std::collections::{BTreeMap, BTreeSet};

use crate::Model;
use crate::alert::{AlertRow, Pair, Rank};
use crate::link::about::{NamedObject, about};
use crate::link::{self, Subject};
use crate::meta::Uid;
use crate::time::{At, spelt};
use crate::workload::WorkloadRow;
use text::Outside;

/// Alerts that are remembered, the loudest first.
const KEPT_MAX: usize = 1_000;
/// Those that are named; the others are counted.
const NAMED_MAX: usize = 2;

/// Alerts that fired when a write was sent, by fingerprint; none when that was not known.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct OtherAlerts {
    alerts: BTreeMap<Uid, OtherAlert>,
    /// The answer that was looked at last.
    answer: u32,
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct OtherAlert {
    rank: Rank,
    /// `HighErrorRate of checkout`.
    words: Outside,
    /// When it was missed first, if it is over.
    stopped: Option<At>,
}

impl OtherAlerts {
    /// Those that fire now and are not about the workload.
    pub fn of(model: &Model, row: Option<&WorkloadRow>) -> OtherAlerts {
        let mut others = OtherAlerts::default();
        if !model.alerts.is_fresh() {
            return others;
        }
        let subject = row.map(|row| link::of_workload(row, &model.cluster));
        let is_other = |alert: &&AlertRow| {
            let is_own = |subject: &Subject| subject.is_meant_by(&alert.labels);
            alert.is_firing() && alert.rank != Rank::Info && !subject.as_ref().is_some_and(is_own)
        };
        let alerts = model.alerts.watched.table.rows();
        let mut alerts: Vec<&AlertRow> = alerts.filter(is_other).collect();
        alerts.sort_by_key(|alert| (alert.rank, &alert.uid));
        others.alerts = alerts
            .into_iter()
            .take(KEPT_MAX)
            .map(|alert| (alert.uid.clone(), OtherAlert::of(alert)))
            .collect();
        others
    }

    /// Looks for those that are over, once for each answer. One that is missing in an answer need not be.
    pub fn look(&mut self, model: &Model) {
        let alerts = &model.alerts;
        if !alerts.is_fresh() || self.answer == alerts.generation {
            return;
        }
        self.answer = alerts.generation;
        for (uid, other) in &mut self.alerts {
            let is_there = alerts.watched.table.get(uid).is_some();
            other.stopped = if is_there || alerts.record.firing.contains_key(uid) {
                None
            } else {
                other.stopped.or(Some(end(model, uid)))
            };
        }
    }

    /// `stopped since: HighErrorRate of checkout (2 min after the write)`; `None` when none is over, as far as it is known.
    pub fn stopped(&self, model: &Model, write: At) -> Option<Outside> {
        let stopped = self.alerts.values();
        let mut stopped: Vec<(&OtherAlert, At)> = stopped
            .filter_map(|other| Some((other, other.stopped?)))
            .filter(|_| model.alerts.is_fresh())
            .collect();
        stopped.sort_by_key(|(other, at)| (other.rank, at.mono_ms, &other.words));
        let more = stopped.len().saturating_sub(NAMED_MAX);
        let named = stopped.iter().take(NAMED_MAX).map(|(other, at)| {
            let after = spelt(at.since_ms(write));
            format!("{} ({after} after the write)", other.words.raw())
        });
        let named: Vec<String> = named.collect();
        let more = (more > 0).then(|| format!(" and {more} more"));
        let words = format!("{}{}", named.join(", "), more.unwrap_or_default());
        (!named.is_empty()).then(|| format!("stopped since: {words}").into())
    }
}

impl OtherAlert {
    fn of(alert: &AlertRow) -> OtherAlert {
        let words = match alert.object() {
            Some(object) if !object.is_empty() => {
                format!("{} of {}", alert.name.raw(), object.raw()).into()
            }
            _ => alert.name.clone(),
        };
        OtherAlert {
            rank: alert.rank,
            words,
            stopped: None,
        }
    }
}

/// When an alert ended that is not there any more: as its entry says, where there is one.
fn end(model: &Model, uid: &Uid) -> At {
    let over = model.alerts.record.over.get(uid);
    let ended = over.and_then(|over| Some(model.of_alerts(over.absent_since()?)));
    let ago = ended.map_or(0, |ended| (model.now.wall - ended).num_milliseconds());
    let ago_ms = u64::try_from(ago).unwrap_or(0);
    At {
        mono_ms: model.now.mono_ms.saturating_sub(ago_ms),
        wall: ended.unwrap_or(model.now.wall),
    }
}

/// Names of the alerts about a workload that fire, silenced or not; `None` unless the last answer is of now, and when one
/// names a Service whose pods are not known. Those that ask for nothing are left out.
pub fn firing(model: &Model, row: &WorkloadRow) -> Option<BTreeSet<Outside>> {
    if !model.alerts.is_fresh() {
        return None;
    }
    let subject = link::of_workload(row, &model.cluster);
    let alerts = model.alerts.watched.table.rows();
    let alerts = alerts.filter(|alert| !alert.is_background() && alert.rank != Rank::Info);
    let services = &model.cluster.serving.services;
    let has_services = services.is_complete && services.health.is_current();
    let mut firing = BTreeSet::new();
    for alert in alerts {
        if subject.is_meant_by(&alert.labels) {
            firing.insert(alert.name.clone());
        } else if !has_services && may_be_behind(row, &alert.labels) {
            return None;
        }
    }
    Some(firing)
}

/// The alert is about a Service of its namespace, or of one that is not said.
fn may_be_behind(row: &WorkloadRow, labels: &[Pair]) -> bool {
    match about(labels) {
        Some(NamedObject::Service(namespace, _)) => {
            namespace.is_none_or(|namespace| namespace == *row.namespace())
        }
        _ => false,
    }
}
