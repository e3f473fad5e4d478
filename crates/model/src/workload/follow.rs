//! What becomes of a write, judged from the rows that are watched anyway: how its rollout goes on is judged as everywhere,
//! then it has to hold. Pure: rows and a time in, a verdict out.

use std::collections::BTreeSet;

use super::WorkloadRow;
use super::baseline::{Baseline, PodCounts, Steady};
use super::failure::{Refusal, RolloutEvidence};
use super::progress::{FOLLOW_MS, FollowState, RolloutNews, RolloutProgress};
use super::status::RolloutStatus;
use crate::Model;
use crate::kind::RolloutEnd;
use crate::pods::PodRow;
use crate::sick::{self, Circumstances};
use crate::time::{At, Seconds, spelt};
use crate::write::Change;
use text::Outside;

mod evidence;
mod successor;
mod verdict;

use evidence::already_so;
pub use verdict::Verdict;
use verdict::{over, verdict_of, waits_for_deletion, worse};

/// All pods have to stay available for this long before there is a verdict.
pub const HOLD_MS: u64 = 180_000;
/// Alerts that fired before the write are waited for this long after it is done: their rules look back over minutes.
const ALERTS_MS: u64 = 600_000;

/// The following of one write.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Follow {
    change: Change,
    /// The scope in which it is watched: elsewhere its rows are not seen.
    pub epoch: u32,
    baseline: Baseline,
    version: Option<u64>,
    /// How it goes on since the server applied the change.
    pub progress: RolloutProgress,
    /// What was so before the write and is not held against it, in words.
    pub before: Option<Outside>,
    /// It is not seen, or not yet: what is seen next has to hold anew.
    is_blind: bool,
}

/// What is seen at a moment.
pub struct FollowView<'a, P> {
    pub now: At,
    /// Now, by the server's clock.
    pub server_now: Seconds,
    /// The workload; `None` when a complete list does not have it.
    pub row: Option<&'a WorkloadRow>,
    /// Why the server creates no pod for it, if it does not.
    pub refusal: Option<&'a Refusal>,
    /// Names of the alerts about it that fire; `None` when that is not known.
    pub alerts: &'a dyn Fn(&WorkloadRow) -> Option<BTreeSet<Outside>>,
    /// Alerts about others that are over, in words.
    pub stopped: Option<Outside>,
    /// What its pods are judged by.
    pub circumstances: Circumstances<'a>,
    pub pods: P,
}

impl Follow {
    /// Begins: the server applied `change`, and its workload has this resourceVersion since. `baseline` is what was
    /// seen before.
    pub fn new(
        change: Change,
        epoch: u32,
        baseline: Baseline,
        version: Option<u64>,
        now: At,
    ) -> Self {
        Follow {
            change,
            epoch,
            baseline,
            version,
            progress: RolloutProgress::new(now),
            before: None,
            is_blind: true,
        }
    }

    /// Nothing is seen of it for a while.
    pub fn lose_sight(&mut self) {
        self.is_blind = true;
    }

    /// Since when it is followed.
    pub fn since(&self) -> At {
        self.progress.since
    }

    /// When the server applied the change, by its clock.
    pub fn applied(&self, now: At, server_now: Seconds) -> Seconds {
        before(server_now, now.since_ms(self.since()))
    }

    /// Looks at the alerts; those about others that are over since the write, in words.
    pub fn look_at_alerts(&mut self, model: &Model) -> Option<Outside> {
        self.baseline.others.look(model);
        self.baseline.others.stopped(model, self.since())
    }

    /// Looks at what is seen now; says what is new.
    pub fn step<'a, P>(&mut self, view: FollowView<'a, P>) -> Option<Verdict>
    where
        P: Iterator<Item = &'a PodRow>,
    {
        let now = view.now;
        if std::mem::take(&mut self.is_blind) {
            self.progress.begin_anew(now);
        }
        let Some(row) = view.row else {
            return Some(over("the workload is gone".into(), false));
        };
        if let Change::Replace { pod, uid } = &self.change {
            let (pod, uid) = (pod.clone(), uid.clone());
            return self.replaced(row, view, &pod, &uid);
        }
        if !self.is_after(row) {
            return self.give_up(now);
        }
        if let Some(words) = self.superseded(row) {
            return Some(over(words, false));
        }
        if row.is_on_delete() && row.is_observed() && !matches!(self.change, Change::Scale { .. }) {
            self.progress.count(row, now);
            return Some(waits_for_deletion(row));
        }
        let refusal = self.refusal(row, &view);
        let (server_now, alerts, stopped) = (view.server_now, view.alerts, view.stopped);
        let applied = self.applied(now, server_now);
        let circumstances = view.circumstances.after(applied);
        let pods: Vec<&PodRow> = view.pods.collect();
        let (failed, failed_before) = self.broken(row, &pods, (applied, server_now));
        self.before = already_so(&failed_before);
        let evidence = RolloutEvidence {
            failed_pod: failed,
            refusal,
        };
        let status = RolloutStatus::of(row, Some(&evidence));
        let FollowState::Holding { since, .. } = self.progress.state else {
            return match self.progress.step(&status, now) {
                Some(news) if news.end == RolloutEnd::Done => Some(self.done(row, now)),
                Some(news) => Some(verdict_of(&news).with(self.before.as_ref())),
                None => self.give_up(now),
            };
        };
        if !status.is_done() || evidence.failed_pod.is_some() {
            return Some(worse(row, evidence.failed_pod, since, now));
        }
        self.progress.count(row, now);
        self.hold(now, &|held_ms| {
            let restarted = restarted_since(&pods, before(server_now, held_ms));
            let is_sick = |pod: &&&PodRow| {
                let diagnosis = sick::diagnose(pod, &circumstances, server_now);
                diagnosis.sickness.is_some() && Some(&pod.name) != restarted.as_ref()
            };
            Steady {
                counts: PodCounts {
                    available: row.available(),
                    wanted: row.wanted(),
                },
                minutes: held_ms / 60_000,
                sick: pods
                    .iter()
                    .filter(is_sick)
                    .map(|pod| pod.name.clone())
                    .collect(),
                stopped: stopped.clone(),
                alerts: alerts(row),
                restarted,
            }
        })
    }

    /// When the state, or a text about it, changes by itself.
    pub fn due(&self, now: At) -> Option<At> {
        let second = now.plus_ms(1_000 - u64::from(now.wall.timestamp_subsec_millis()) % 1_000);
        match &self.progress.state {
            FollowState::Holding {
                since,
                claimed: None,
            } => Some(since.plus_ms(HOLD_MS)),
            FollowState::Holding {
                since,
                claimed: Some(_),
            } => Some(since.plus_ms(ALERTS_MS)),
            FollowState::Waiting
            | FollowState::Moving
            | FollowState::Failing { .. }
            | FollowState::Stuck { .. } => Some(second),
        }
    }

    fn is_after(&self, row: &WorkloadRow) -> bool {
        match (self.version, row.resource_version()) {
            (Some(applied), Some(seen)) => seen >= applied,
            _ => self.has_value(row),
        }
    }

    fn has_value(&self, row: &WorkloadRow) -> bool {
        match &self.change {
            Change::Scale { to, .. } => row.wanted() == *to,
            Change::Restart { at, .. } => row.restarted_at() == Some(at),
            Change::Rollback(rollback) => {
                row.images() == &*rollback.to.images
                    && row.restarted_at() == rollback.to.restarted_at.as_ref()
            }
            Change::Replace { .. } => true,
        }
    }

    fn superseded(&self, row: &WorkloadRow) -> Option<Outside> {
        if self.has_value(row) {
            return None;
        }
        let news = match &self.change {
            Change::Scale { .. } => {
                RolloutNews::superseded(format!("{} replicas are wanted now", row.wanted()))
            }
            Change::Restart { .. } | Change::Rollback(_) | Change::Replace { .. } => {
                RolloutNews::another_revision()
            }
        };
        Some(verdict_of(&news).words)
    }

    /// It holds for as many milliseconds as `steady` is asked about.
    fn hold(&mut self, now: At, steady: &dyn Fn(u64) -> Steady) -> Option<Verdict> {
        let FollowState::Holding { since, claimed } = &self.progress.state else {
            return None;
        };
        let (since, claimed) = (*since, claimed.clone());
        let held_ms = now.since_ms(since);
        if held_ms < HOLD_MS {
            return None;
        }
        let claim = self.baseline.claim(&steady(held_ms));
        let is_over = !claim.may_change || held_ms >= ALERTS_MS;
        if !is_over && claimed.is_some() {
            return None;
        }
        if !is_over {
            let claimed = Some(claim.words.clone());
            self.progress.state = FollowState::Holding { since, claimed };
        }
        Some(Verdict {
            words: claim.words,
            compared: Some(claim.compared),
            is_good: claim.is_good,
            is_healed: claim.is_healed,
            is_over,
        })
    }

    fn done(&mut self, row: &WorkloadRow, now: At) -> Verdict {
        let took = spelt(now.since_ms(self.since()));
        if row.wanted() == 0 {
            return over(format!("done after {took}: no pod is left").into(), true);
        }
        self.progress.state = FollowState::Holding {
            since: now,
            claimed: None,
        };
        Verdict {
            words: format!(
                "done after {took}: {} of {} available; has to hold for 3 min",
                row.available(),
                row.wanted()
            )
            .into(),
            compared: None,
            is_good: true,
            is_healed: false,
            is_over: false,
        }
    }

    fn give_up(&self, now: At) -> Option<Verdict> {
        (now.since_ms(self.since()) >= FOLLOW_MS)
            .then(|| Verdict::given_up("nothing came of it in an hour"))
    }
}

/// So many milliseconds before a moment.
fn before(moment: Seconds, ms: u64) -> Seconds {
    Seconds::new(moment.unix() - i64::try_from(ms / 1_000).unwrap_or(0))
}

/// A pod whose container ended badly since then.
fn restarted_since(pods: &[&PodRow], since: Seconds) -> Option<Outside> {
    let has_ended = |pod: &&&PodRow| {
        let end = sick::last_termination(pod).and_then(|(_, end)| end.finished);
        pod.deleted.is_none() && end.is_some_and(|end| end > since)
    };
    pods.iter().find(has_ended).map(|pod| pod.name.clone())
}

#[cfg(test)]
mod tests;
