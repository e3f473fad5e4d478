//! What becomes of a write, judged from the rows that are watched anyway: how its rollout goes on is judged as everywhere,
//! then it has to hold. Pure: rows and a time in, a verdict out.

use std::collections::BTreeSet;

use super::WorkloadRow;
use super::baseline::{Baseline, PodCounts, Steady};
use super::failure::{FailedPod, Refusal, RolloutEvidence};
use super::progress::{FOLLOW_MS, FollowState, RolloutNews, RolloutProgress};
use super::status::RolloutStatus;
use crate::cluster::Kind;
use crate::kind::RolloutEnd;
use crate::pods::{PodRow, Uid};
use crate::sick;
use crate::time::{At, Seconds, spelt};
use crate::write::Change;
use text::Outside;

mod verdict;

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
        let (server_now, alerts) = (view.server_now, view.alerts);
        let pods: Vec<&PodRow> = view.pods.collect();
        let evidence = RolloutEvidence {
            failed_pod: self.broken(row, &pods, server_now),
            refusal,
        };
        let status = RolloutStatus::of(row, Some(&evidence));
        let FollowState::Holding { since, .. } = self.progress.state else {
            return match self.progress.step(&status, now) {
                Some(news) if news.end == RolloutEnd::Done => Some(self.done(row, now)),
                Some(news) => Some(verdict_of(&news)),
                None => self.give_up(now),
            };
        };
        if !status.is_done() || evidence.failed_pod.is_some() {
            return Some(worse(row, evidence.failed_pod, since, now));
        }
        self.progress.count(row, now);
        self.hold(now, &|held_ms| Steady {
            counts: PodCounts {
                available: row.available(),
                wanted: row.wanted(),
            },
            minutes: held_ms / 60_000,
            restarted: restarted_since(&pods, before(server_now, held_ms)),
            alerts: alerts(row),
        })
    }

    /// A deleted pod is back when one of its name that is another one is ready.
    fn replaced<'a, P>(
        &mut self,
        row: &'a WorkloadRow,
        view: FollowView<'a, P>,
        name: &Outside,
        uid: &Uid,
    ) -> Option<Verdict>
    where
        P: Iterator<Item = &'a PodRow>,
    {
        let (now, server_now) = (view.now, view.server_now);
        self.progress.count(row, now);
        let after = spelt(now.since_ms(self.since()));
        // A DaemonSet gives the successor another name.
        let is_it = |pod: &&PodRow| {
            let has_place = pod.name == *name || row.kind() == Kind::DaemonSet;
            has_place && pod.uid != *uid && !self.baseline.pods.contains(&pod.uid)
        };
        let successor = view.pods.filter(|pod| pod.deleted.is_none()).find(is_it);
        let is_ready = |pod: &&PodRow| pod.ready.as_ref().is_some_and(|ready| ready.is_true);
        if let Some(pod) = successor.filter(is_ready) {
            let words = format!("{} is back and ready after {after}", pod.name.raw());
            return Some(over(words.into(), true));
        }
        let failed = successor.and_then(|pod| FailedPod::of(pod, false, server_now));
        match self.progress.judge(row, failed.as_ref(), now) {
            Some(news) => Some(verdict_of(&news)),
            None => self.give_up(now),
        }
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

    /// No pod of this write can be created. An Event from before the write proves nothing about it.
    fn refusal<P>(&self, row: &WorkloadRow, view: &FollowView<'_, P>) -> Option<Refusal> {
        let applied = before(view.server_now, view.now.since_ms(self.since()));
        let is_after = |refusal: &&Refusal| match refusal.last {
            Some(last) => last > applied,
            None => row.is_observed(),
        };
        let refusal = view.refusal.filter(is_after)?;
        Some(refusal.judged_from(applied, view.server_now))
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
            is_over: false,
        }
    }

    fn give_up(&self, now: At) -> Option<Verdict> {
        (now.since_ms(self.since()) >= FOLLOW_MS)
            .then(|| Verdict::given_up("nothing came of it in an hour"))
    }

    /// A pod of this write that cannot live. After a scale the old pods count too, but for those that
    /// a scale down has still to end.
    fn broken(&self, row: &WorkloadRow, pods: &[&PodRow], now: Seconds) -> Option<FailedPod> {
        let counts_old = match self.change {
            Change::Scale { from, to } => to > from || row.current() <= row.wanted(),
            Change::Restart { .. } | Change::Rollback(_) | Change::Replace { .. } => false,
        };
        pods.iter()
            .filter(|pod| pod.deleted.is_none())
            .filter(|pod| counts_old || !self.baseline.pods.contains(&pod.uid))
            .find_map(|pod| FailedPod::of(pod, false, now))
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
