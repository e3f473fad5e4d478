//! How a rollout goes on since a moment, judged from the rows that are watched anyway: the follow of a write and the timeline
//! share it. The phase decides; what passes with time alone is counted here.

use super::WorkloadRow;
use super::failure::{FailedPod, Refusal, STUCK_S};
use super::status::{RolloutPhase, RolloutStatus};
use crate::cluster::Kind;
use crate::kind::RolloutEnd;
use crate::time::At;
use text::Outside;

/// Without any progress for this long a rollout is stuck.
pub const STUCK_MS: u64 = STUCK_S.unsigned_abs() * 1_000;
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

/// What is new about a rollout.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RolloutNews {
    pub end: RolloutEnd,
    /// In words, without the workload's name.
    pub words: Outside,
    /// In a word: what tells it from other news of the same end.
    pub reason: Outside,
    /// Nothing more will come.
    pub is_over: bool,
}

/// A rollout since a moment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RolloutProgress {
    pub since: At,
    progressed: At,
    /// Counts of the last row.
    pub counts: Progress,
    pub state: FollowState,
    reported: Vec<Outside>,
}

impl RolloutProgress {
    pub fn new(now: At) -> Self {
        RolloutProgress {
            since: now,
            progressed: now,
            counts: Progress::default(),
            state: FollowState::Waiting,
            reported: Vec::new(),
        }
    }

    /// It was out of sight: neither that it held nor that nothing moved is known of that time.
    pub fn begin_anew(&mut self, now: At) {
        self.progressed = now;
        if let FollowState::Holding { since, .. } = &mut self.state {
            *since = now;
        }
    }

    /// Looks at how it stands now; says what is new.
    pub fn step(&mut self, status: &RolloutStatus<'_>, now: At) -> Option<RolloutNews> {
        let row = status.row();
        self.count(row, now);
        match status.phase {
            RolloutPhase::Complete | RolloutPhase::SwitchedOff | RolloutPhase::OnDelete => {
                Some(done(status))
            }
            RolloutPhase::Paused if status.is_done() => Some(done(status)),
            RolloutPhase::Stuck | RolloutPhase::Failing => {
                match (status.given_up(), status.refusal()) {
                    (Some(words), _) => Some(self.given_up(&words, status.failed_pod())),
                    (None, Some(refusal)) => self.refused(refusal, now),
                    (None, None) => self.judge(row, status.failed_pod(), now),
                }
            }
            RolloutPhase::Paused => {
                // Nothing is to move.
                self.progressed = now;
                self.judge(row, status.failed_pod(), now)
            }
            RolloutPhase::Short | RolloutPhase::Rolling => {
                self.judge(row, status.failed_pod(), now)
            }
        }
    }

    /// When nothing has moved for too long, unless something moves until then.
    pub fn due(&self) -> At {
        self.progressed.plus_ms(STUCK_MS)
    }

    pub(super) fn count(&mut self, row: &WorkloadRow, now: At) {
        let counts = Progress {
            wanted: row.wanted(),
            updated: row.updated(),
            available: row.available(),
            old: row.current().saturating_sub(row.updated()),
            ready: row.ready(),
        };
        let before = self.counts;
        let has_moved = if row.kind() == Kind::Deployment {
            counts.updated > before.updated
                || counts.available > before.available
                || counts.old < before.old
        } else {
            counts.ready > before.ready
        };
        if has_moved {
            self.progressed = now;
        }
        self.counts = counts;
    }

    /// By a pod that cannot live, or else by how long nothing has moved.
    pub(super) fn judge(
        &mut self,
        row: &WorkloadRow,
        failed: Option<&FailedPod>,
        now: At,
    ) -> Option<RolloutNews> {
        match failed {
            Some(failed) => {
                self.state = FollowState::Failing {
                    why: failed.words.clone(),
                    since: now,
                    gives_up: self.gives_up(row),
                };
                self.report(RolloutEnd::Failing, &failed.reason, failed.words.clone())
            }
            None if now.since_ms(self.progressed) >= STUCK_MS => {
                self.state = FollowState::Stuck { why: None };
                let what = if row.kind() == Kind::Deployment {
                    "nothing moved"
                } else {
                    "no pod became ready"
                };
                let words = format!("{what} for 3 min, {}", available(row));
                self.report(RolloutEnd::Stuck, &"stuck".into(), words.into())
            }
            None => {
                // A crash loop runs for a moment between two crashes: it stays failing until something moves.
                let is_loop = matches!(&self.state, FollowState::Failing { since, .. } if self.progressed <= *since);
                if !is_loop {
                    self.state = if row.is_observed() {
                        FollowState::Moving
                    } else {
                        FollowState::Waiting
                    };
                }
                None
            }
        }
    }

    fn refused(&mut self, refusal: &Refusal, now: At) -> Option<RolloutNews> {
        let why: Outside = refusal.words().into();
        if refusal.is_stuck {
            let counts = self.counts;
            let words = format!(
                "{} for 3 min, {} of {} available",
                why.raw(),
                counts.available,
                counts.wanted
            );
            self.state = FollowState::Stuck { why: Some(why) };
            return self.report(RolloutEnd::Stuck, &"stuck".into(), words.into());
        }
        self.state = FollowState::Failing {
            why: why.clone(),
            since: now,
            gives_up: None,
        };
        self.report(RolloutEnd::Failing, &"refused".into(), why)
    }

    fn given_up(&self, words: &str, failed: Option<&FailedPod>) -> RolloutNews {
        let before = match &self.state {
            FollowState::Failing { why, .. } => Some(why),
            FollowState::Waiting
            | FollowState::Moving
            | FollowState::Stuck { .. }
            | FollowState::Holding { .. } => None,
        };
        let why = failed.map(|failed| &failed.words).or(before);
        let why = why.map_or(String::new(), |why| format!("; {}", why.raw()));
        RolloutNews {
            end: RolloutEnd::Stuck,
            words: format!("{words}{why}").into(),
            reason: "deadline".into(),
            is_over: true,
        }
    }

    fn gives_up(&self, row: &WorkloadRow) -> Option<At> {
        let deadline_s = row.progress_deadline_s()?;
        let has_deadline = deadline_s < NO_DEADLINE_S
            && row
                .progressing()
                .and_then(|condition| condition.reason.as_ref())
                .is_none_or(|reason| reason.raw() != "NewReplicaSetAvailable");
        has_deadline.then(|| self.progressed.plus_ms(u64::from(deadline_s) * 1_000))
    }

    fn report(&mut self, end: RolloutEnd, reason: &Outside, words: Outside) -> Option<RolloutNews> {
        if self.reported.contains(reason) || self.reported.len() >= REPORTED_MAX {
            return None;
        }
        self.reported.push(reason.clone());
        Some(RolloutNews {
            end,
            words,
            reason: reason.clone(),
            is_over: false,
        })
    }
}

impl RolloutNews {
    /// Something else is wanted now.
    pub fn superseded(words: String) -> RolloutNews {
        RolloutNews {
            end: RolloutEnd::Superseded,
            words: words.into(),
            reason: "superseded".into(),
            is_over: true,
        }
    }

    /// A newer one has taken its place.
    pub fn another_revision() -> RolloutNews {
        RolloutNews::superseded("another revision is rolled out".to_owned())
    }
}

/// With what stays old on purpose.
fn done(status: &RolloutStatus<'_>) -> RolloutNews {
    let stays: Vec<String> = status.stays_old().collect();
    let words = [vec![available(status.row())], stays].concat().join("; ");
    RolloutNews {
        end: RolloutEnd::Done,
        words: words.into(),
        reason: "done".into(),
        is_over: true,
    }
}

fn available(row: &WorkloadRow) -> String {
    format!("{} of {} available", row.available(), row.wanted())
}
