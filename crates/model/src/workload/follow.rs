//! What becomes of a write, judged from the rows that are watched anyway: kubectl decides *done*, *failing* is ours and
//! immediate, then it has to hold. Pure: rows and a time in, a verdict out.

use std::collections::BTreeSet;

use super::baseline::{Baseline, Counts, Steady};
use super::failure::{FailedPod, Refusal};
use super::{KindFields, WorkloadRow};
use crate::pods::{PodRow, Uid};
use crate::sick;
use crate::time::{At, Seconds};
use crate::write::Change;
use text::Outside;

/// All pods have to stay available for this long before there is a verdict.
pub const HOLD_MS: u64 = 180_000;
/// Alerts that fired before the write are waited for this long after it is done: their rules look back over minutes.
const ALERTS_MS: u64 = 600_000;
/// Without any progress for this long a rollout is stuck, where Kubernetes itself has no deadline.
pub const STUCK_MS: u64 = 180_000;
/// What fails or stands still is watched for this long, then no more.
pub const FOLLOW_MS: u64 = 3_600_000;
/// Different reasons that are reported of one rollout.
const REPORTED_MAX: usize = 8;
/// `progressDeadlineSeconds` of this size means none:
/// <https://pkg.go.dev/k8s.io/api/apps/v1#DeploymentSpec>.
const NO_DEADLINE_S: u32 = i32::MAX as u32;

/// How many pods are where.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Progress {
    pub wanted: u32,
    /// Of the new revision.
    pub updated: u32,
    pub available: u32,
    /// Of older revisions, not gone yet.
    pub old: u32,
    pub ready: u32,
}

/// How it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FollowState {
    /// The controller has not taken it up yet.
    Waiting,
    /// On its way.
    Moving,
    /// A new pod cannot live.
    Failing {
        /// Which, and why.
        why: Outside,
        since: At,
        /// When Kubernetes gives up, if nothing moves until then.
        gives_up: Option<At>,
    },
    /// Nothing has moved for three minutes.
    Stuck {
        /// Why no pod is created, if that is the reason.
        why: Option<Outside>,
    },
    /// Done; has to hold.
    Holding {
        since: At,
        /// What was said when it had held; alerts that fired before may still end.
        claimed: Option<Outside>,
    },
}

/// A verdict for the timeline.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct News {
    /// In words, without the workload's name.
    pub words: Outside,
    pub is_good: bool,
    /// Nothing more will come.
    pub is_over: bool,
}

/// The following of one write.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Follow {
    change: Change,
    /// The scope in which it is watched: elsewhere its rows are not seen.
    pub epoch: u32,
    baseline: Baseline,
    version: Option<u64>,
    applied: At,
    progressed: At,
    /// Counts of the last row.
    pub progress: Progress,
    /// How it stands.
    pub state: FollowState,
    reported: Vec<Outside>,
}

/// What is seen at a moment.
pub struct View<'a, P> {
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
            applied: now,
            progressed: now,
            progress: Progress::default(),
            state: FollowState::Waiting,
            reported: Vec::new(),
        }
    }

    /// Since when it is followed.
    pub fn since(&self) -> At {
        self.applied
    }

    /// Looks at what is seen now; says what is new.
    pub fn step<'a, P>(&mut self, view: View<'a, P>) -> Option<News>
    where
        P: Iterator<Item = &'a PodRow>,
    {
        let now = view.now;
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
        self.count(row, now);
        if row.is_on_delete() && row.is_observed() && !matches!(self.change, Change::Scale { .. }) {
            return Some(waits_for_deletion(row));
        }
        if row.is_done() {
            return self.hold(row, view);
        }
        if let FollowState::Holding { since, .. } = self.state {
            let broken = self.broken(row, view.pods, view.server_now);
            return Some(worse(row, broken, since, now));
        }
        if row.is_given_up() {
            return Some(over(self.exceeded(row), false));
        }
        if let Some(refusal) = self.refusal(row, &view) {
            return self.refused(&refusal, now);
        }
        let broken = self.broken(row, view.pods, view.server_now);
        self.judge(row, broken, now)
    }

    /// A deleted pod is back when one of its name that is another one is ready.
    fn replaced<'a, P>(
        &mut self,
        row: &'a WorkloadRow,
        view: View<'a, P>,
        name: &Outside,
        uid: &Uid,
    ) -> Option<News>
    where
        P: Iterator<Item = &'a PodRow>,
    {
        let (now, server_now) = (view.now, view.server_now);
        self.count(row, now);
        let after = seconds(now.since_ms(self.applied));
        // A DaemonSet gives the successor another name.
        let is_it = |pod: &&PodRow| {
            let has_place = pod.name == *name || row.of_kind == KindFields::DaemonSet;
            has_place && pod.uid != *uid && !self.baseline.pods.contains(&pod.uid)
        };
        let successor = view.pods.filter(|pod| pod.deleted.is_none()).find(is_it);
        let Some(pod) = successor else {
            return self.judge(row, None, now);
        };
        if pod.ready.as_ref().is_some_and(|ready| ready.is_true) {
            let words = format!("{} is back and ready after {after}", pod.name.raw());
            return Some(over(words.into(), true));
        }
        self.judge(row, FailedPod::of(pod, false, server_now), now)
    }

    /// When the state, or a text about it, changes by itself.
    pub fn due(&self, now: At) -> Option<At> {
        let second = now.plus_ms(1_000 - u64::from(now.wall.timestamp_subsec_millis()) % 1_000);
        match &self.state {
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
        Some(match &self.change {
            Change::Scale { .. } => format!(
                "changed again since: {} replicas are wanted now",
                row.wanted()
            )
            .into(),
            Change::Restart { .. } | Change::Rollback(_) | Change::Replace { .. } => {
                "changed again since: another revision is rolled out".into()
            }
        })
    }

    fn count(&mut self, row: &WorkloadRow, now: At) {
        let progress = Progress {
            wanted: row.wanted(),
            updated: row.updated(),
            available: row.available(),
            old: row.current().saturating_sub(row.updated()),
            ready: row.ready(),
        };
        let before = self.progress;
        let has_moved = match row.of_kind {
            KindFields::Deployment(_) => {
                progress.updated > before.updated
                    || progress.available > before.available
                    || progress.old < before.old
            }
            KindFields::StatefulSet(_) | KindFields::DaemonSet => progress.ready > before.ready,
        };
        if has_moved {
            self.progressed = now;
        }
        self.progress = progress;
    }

    fn judge(&mut self, row: &WorkloadRow, broken: Option<FailedPod>, now: At) -> Option<News> {
        let is_taken_up = row.is_observed();
        match broken {
            Some(broken) => {
                let gives_up = self.gives_up(row);
                self.state = FollowState::Failing {
                    why: broken.words.clone(),
                    since: now,
                    gives_up,
                };
                let words = format!("failing: {}", broken.words.raw());
                self.report(&broken.reason, words.into())
            }
            None if now.since_ms(self.progressed) >= STUCK_MS => {
                self.state = FollowState::Stuck { why: None };
                let what = match row.of_kind {
                    KindFields::Deployment(_) => "nothing moved",
                    KindFields::StatefulSet(_) | KindFields::DaemonSet => "no pod became ready",
                };
                let words = format!(
                    "stuck: {what} for 3 min, {} of {} available",
                    self.progress.available, self.progress.wanted
                );
                self.report(&"stuck".into(), words.into())
            }
            None => {
                // A crash loop runs for a moment between two crashes: it stays failing until something moves.
                let is_loop = matches!(&self.state, FollowState::Failing { since, .. } if self.progressed <= *since);
                if !is_loop {
                    self.state = if is_taken_up {
                        FollowState::Moving
                    } else {
                        FollowState::Waiting
                    };
                }
                self.give_up(now)
            }
        }
    }

    /// No pod of this write can be created. An Event from before the write proves nothing about it.
    fn refusal<P>(&self, row: &WorkloadRow, view: &View<'_, P>) -> Option<Refusal> {
        let since_s = i64::try_from(view.now.since_ms(self.applied) / 1_000).unwrap_or(0);
        let applied = Seconds::new(view.server_now.unix() - since_s);
        let is_after = |refusal: &&Refusal| match refusal.last {
            Some(last) => last > applied,
            None => row.is_observed(),
        };
        view.refusal.filter(is_after).cloned()
    }

    fn refused(&mut self, refusal: &Refusal, now: At) -> Option<News> {
        let why: Outside = refusal.words().into();
        if now.since_ms(self.progressed) >= STUCK_MS {
            self.state = FollowState::Stuck {
                why: Some(why.clone()),
            };
            let words = format!(
                "stuck: {} for 3 min, {} of {} available",
                why.raw(),
                self.progress.available,
                self.progress.wanted
            );
            return self
                .give_up(now)
                .or_else(|| self.report(&"stuck".into(), words.into()));
        }
        self.state = FollowState::Failing {
            why: why.clone(),
            since: now,
            gives_up: None,
        };
        let words = format!("failing: {}", why.raw());
        self.report(&"refused".into(), words.into())
    }

    fn hold<'a, P>(&mut self, row: &'a WorkloadRow, view: View<'a, P>) -> Option<News>
    where
        P: Iterator<Item = &'a PodRow>,
    {
        let now = view.now;
        let FollowState::Holding { since, claimed } = &self.state else {
            return Some(self.done(row, now));
        };
        let (since, claimed) = (*since, claimed.clone());
        let held_ms = now.since_ms(since);
        let began =
            Seconds::new(view.server_now.unix() - i64::try_from(held_ms / 1_000).unwrap_or(0));
        let pods: Vec<&PodRow> = view.pods.collect();
        let broken = self.broken(row, pods.iter().copied(), view.server_now);
        if broken.is_some() {
            return Some(worse(row, broken, since, now));
        }
        if held_ms < HOLD_MS {
            return None;
        }
        let claim = self.baseline.claim(&Steady {
            counts: Counts {
                available: row.available(),
                wanted: row.wanted(),
            },
            minutes: held_ms / 60_000,
            restarted: restarted_since(&pods, began),
            alerts: (view.alerts)(row),
        });
        let is_over = !claim.may_change || held_ms >= ALERTS_MS;
        if !is_over && claimed.is_some() {
            return None;
        }
        if !is_over {
            let claimed = Some(claim.words.clone());
            self.state = FollowState::Holding { since, claimed };
        }
        Some(News {
            words: claim.words,
            is_good: claim.is_good,
            is_over,
        })
    }

    fn done(&mut self, row: &WorkloadRow, now: At) -> News {
        let took = seconds(now.since_ms(self.applied));
        if row.wanted() == 0 {
            return over(format!("done after {took}: no pod is left").into(), true);
        }
        self.state = FollowState::Holding {
            since: now,
            claimed: None,
        };
        News {
            words: format!(
                "done after {took}: {} of {} available; has to hold for 3 min",
                row.available(),
                row.wanted()
            )
            .into(),
            is_good: true,
            is_over: false,
        }
    }

    fn exceeded(&self, row: &WorkloadRow) -> Outside {
        let why = match &self.state {
            FollowState::Failing { why, .. } => format!("; {}", why.raw()),
            FollowState::Waiting
            | FollowState::Moving
            | FollowState::Stuck { .. }
            | FollowState::Holding { .. } => String::new(),
        };
        let after = row
            .deployment()
            .map_or(0, |fields| fields.progress_deadline_s);
        format!(
            "stuck: Kubernetes gave up after {after} s without progress (ProgressDeadlineExceeded){why}"
        )
        .into()
    }

    fn gives_up(&self, row: &WorkloadRow) -> Option<At> {
        let fields = row.deployment()?;
        let has_deadline = fields.progress_deadline_s < NO_DEADLINE_S
            && fields
                .progressing
                .as_ref()
                .and_then(|condition| condition.reason.as_ref())
                .is_none_or(|reason| reason.raw() != "NewReplicaSetAvailable");
        has_deadline.then(|| {
            self.progressed
                .plus_ms(u64::from(fields.progress_deadline_s) * 1_000)
        })
    }

    fn give_up(&self, now: At) -> Option<News> {
        (now.since_ms(self.applied) >= FOLLOW_MS).then(|| {
            over(
                "not followed any further: nothing came of it in an hour".into(),
                false,
            )
        })
    }

    fn report(&mut self, reason: &Outside, words: Outside) -> Option<News> {
        if self.reported.contains(reason) || self.reported.len() >= REPORTED_MAX {
            return None;
        }
        self.reported.push(reason.clone());
        Some(News {
            words,
            is_good: false,
            is_over: false,
        })
    }

    /// A pod of this write that cannot live. After a scale the old pods count too, but for those that
    /// a scale down has still to end.
    fn broken<'a>(
        &self,
        row: &WorkloadRow,
        pods: impl Iterator<Item = &'a PodRow>,
        now: Seconds,
    ) -> Option<FailedPod> {
        let counts_old = match self.change {
            Change::Scale { from, to } => to > from || row.current() <= row.wanted(),
            Change::Restart { .. } | Change::Rollback(_) | Change::Replace { .. } => false,
        };
        pods.filter(|pod| pod.deleted.is_none())
            .filter(|pod| counts_old || !self.baseline.pods.contains(&pod.uid))
            .find_map(|pod| FailedPod::of(pod, false, now))
    }
}

/// `OnDelete`: nothing more comes of it by itself.
fn waits_for_deletion(row: &WorkloadRow) -> News {
    let old = row.current().saturating_sub(row.updated());
    let words = format!(
        "applied; OnDelete: nothing happens until pods are deleted, {old} of {} have the old template",
        row.current()
    );
    over(words.into(), true)
}

/// A pod whose container ended badly since then.
fn restarted_since(pods: &[&PodRow], since: Seconds) -> Option<Outside> {
    let has_ended = |pod: &&&PodRow| {
        let end = sick::last_termination(pod).and_then(|(_, end)| end.finished);
        pod.deleted.is_none() && end.is_some_and(|end| end > since)
    };
    pods.iter().find(has_ended).map(|pod| pod.name.clone())
}

fn worse(row: &WorkloadRow, broken: Option<FailedPod>, since: At, now: At) -> News {
    let held = seconds(now.since_ms(since));
    let why = broken.map_or_else(
        || format!("{} of {} available", row.available(), row.wanted()),
        |failed| failed.words.raw().to_owned(),
    );
    over(format!("worse again after {held}: {why}").into(), false)
}

fn over(words: Outside, is_good: bool) -> News {
    News {
        words,
        is_good,
        is_over: true,
    }
}

/// `12 s`, `2 min 5 s`.
fn seconds(ms: u64) -> String {
    match ms / 1_000 {
        seconds @ 0..60 => format!("{seconds} s"),
        seconds => format!("{} min {} s", seconds / 60, seconds % 60),
    }
}

#[cfg(test)]
mod tests;
