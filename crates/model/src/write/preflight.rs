//! The lines of the card that are asked of the server while it is open. A late answer changes a line's words, never its
//! place, and never blocks: after three seconds it is "not known", and is recorded so.

use serde::{Deserialize, Serialize};

use super::Change;
use crate::time::At;
use text::Outside;

/// A check that has not answered by then is "not known".
pub const PATIENCE_MS: u64 = 3_000;

/// What is checked; one line of the card each, in this order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Check {
    Permission,
    /// The same patch with `dryRun=All`.
    DryRun,
    /// The selected pod, or its `ReplicaSet`, belongs to the workload.
    Owner,
    /// Whether a `HorizontalPodAutoscaler` scales it.
    Autoscaler,
    /// Whether Argo CD, Flux or Helm owns it.
    Manager,
}

impl Check {
    /// All, in the order of the card.
    pub const ALL: [Check; 5] = [
        Check::Permission,
        Check::DryRun,
        Check::Owner,
        Check::Autoscaler,
        Check::Manager,
    ];

    /// The word before its line.
    pub fn word(self) -> &'static str {
        match self {
            Check::Permission => "allowed",
            Check::DryRun => "dry run",
            Check::Owner => "pod of",
            Check::Autoscaler => "scaler",
            Check::Manager => "owner",
        }
    }
}

/// What a check found.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum CheckResult {
    /// Nothing against it.
    Good(Outside),
    /// To be known before saying yes.
    Warn(Outside),
    /// It will fail, or hit what was not meant.
    Bad(Outside),
    /// The server did not say.
    NotKnown(Outside),
    /// These autoscalers scale it: the words depend on the number that is wanted.
    Autoscalers(Vec<Autoscaler>),
}

/// A `HorizontalPodAutoscaler` that scales the workload.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Autoscaler {
    pub name: Outside,
    /// `spec.minReplicas` (1 when absent).
    pub min: u32,
    /// `spec.maxReplicas`.
    pub max: u32,
}

/// How a line weighs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Weight {
    /// Still being asked.
    Open,
    /// Nothing against it.
    Good,
    /// To be known.
    Warn,
    Bad,
    NotKnown,
}

/// The findings so far.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Checks {
    since: At,
    dry_run: Option<(Change, At)>,
    found: Vec<(Check, CheckResult)>,
}

impl Checks {
    /// All are asked now, but the dry run when the number is not chosen yet.
    pub fn asked(since: At) -> Self {
        Checks {
            since,
            dry_run: None,
            found: Vec::new(),
        }
    }

    /// The dry run is asked, or asked again for another number.
    pub fn dry_run_asked(&mut self, change: Change, since: At) {
        self.dry_run = Some((change, since));
        self.found.retain(|(check, _)| *check != Check::DryRun);
    }

    /// An answer; a dry run of what is not wanted any more is dropped.
    pub fn found(&mut self, check: Check, change: &Change, finding: CheckResult) {
        let is_of_now = self
            .dry_run
            .as_ref()
            .is_some_and(|(asked, _)| asked == change);
        if check == Check::DryRun && !is_of_now {
            return;
        }
        self.found.retain(|(known, _)| *known != check);
        self.found.push((check, finding));
    }

    /// The line of a check.
    pub fn line(&self, check: Check, change: &Change, now: At) -> (Weight, Outside) {
        let found = self.found.iter().find(|(known, _)| *known == check);
        if let Some((_, finding)) = found {
            return finding.line(change);
        }
        let since = match check {
            Check::DryRun => self.dry_run.as_ref().map(|(_, since)| *since),
            Check::Permission | Check::Owner | Check::Autoscaler | Check::Manager => {
                Some(self.since)
            }
        };
        match since {
            None => (Weight::Open, "once it is chosen".into()),
            Some(since) if now.since_ms(since) < PATIENCE_MS => (Weight::Open, "asking".into()),
            Some(_) => (Weight::NotKnown, "not known: no answer within 3 s".into()),
        }
    }

    /// When an open line gives up.
    pub fn due(&self, now: At) -> Option<At> {
        [
            Some(self.since),
            self.dry_run.as_ref().map(|(_, since)| *since),
        ]
        .into_iter()
        .flatten()
        .map(|since| since.plus_ms(PATIENCE_MS))
        .filter(|due| due.mono_ms > now.mono_ms)
        .min_by_key(|due| due.mono_ms)
    }
}

impl CheckResult {
    fn line(&self, change: &Change) -> (Weight, Outside) {
        match self {
            CheckResult::Good(words) => (Weight::Good, words.clone()),
            CheckResult::Warn(words) => (Weight::Warn, words.clone()),
            CheckResult::Bad(words) => (Weight::Bad, words.clone()),
            CheckResult::NotKnown(words) => (
                Weight::NotKnown,
                format!("not known: {}", words.raw()).into(),
            ),
            CheckResult::Autoscalers(scalers) => match (scalers.first(), change) {
                (None, _) => (Weight::Good, "no autoscaler".into()),
                (Some(scaler), Change::Scale { to, .. }) => {
                    (Weight::Warn, scaler.against(*to).into())
                }
                (
                    Some(scaler),
                    Change::Restart { .. } | Change::Rollback(_) | Change::Replace { .. },
                ) => (Weight::Good, format!("HPA {}", scaler.words()).into()),
            },
        }
    }
}

impl Autoscaler {
    fn words(&self) -> String {
        format!("{} keeps {} to {}", self.name.raw(), self.min, self.max)
    }

    /// <https://kubernetes.io/docs/concepts/workloads/autoscaling/horizontal-pod-autoscale/#implicit-maintenance-mode-deactivation>
    fn against(&self, to: u32) -> String {
        let name = self.name.raw();
        if to == 0 && self.min > 0 {
            format!("scale to 0 switches HPA {name} off until someone scales up")
        } else if to < self.min {
            format!(
                "HPA {name} will scale it up again: its minimum is {}",
                self.min
            )
        } else if to > self.max {
            format!(
                "HPA {name} will scale it down again: its maximum is {}",
                self.max
            )
        } else {
            format!("HPA {} and may change it again", self.words())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::DateTime;

    fn at(mono_ms: u64) -> At {
        At {
            mono_ms: 0,
            wall: DateTime::UNIX_EPOCH,
        }
        .plus_ms(mono_ms)
    }

    #[test]
    fn a_check_without_an_answer_is_not_known_after_three_seconds() {
        let checks = Checks::asked(at(0));
        let change = Change::Scale { from: 3, to: 5 };
        let weight = |now| checks.line(Check::Owner, &change, at(now)).0;
        assert_eq!(
            (weight(2_999), weight(3_000)),
            (Weight::Open, Weight::NotKnown)
        );
    }

    #[test]
    fn a_late_answer_still_takes_its_line() {
        let mut checks = Checks::asked(at(0));
        let change = Change::Scale { from: 3, to: 5 };
        checks.found(Check::Manager, &change, CheckResult::Warn("Argo CD".into()));
        assert_eq!(
            checks.line(Check::Manager, &change, at(9_000)),
            (Weight::Warn, "Argo CD".into())
        );
    }

    #[test]
    fn what_an_autoscaler_does_depends_on_the_number() {
        let scaler = Autoscaler {
            name: "checkout".into(),
            min: 2,
            max: 6,
        };
        let words: Vec<String> = [0, 1, 4, 9]
            .into_iter()
            .map(|to| scaler.against(to))
            .collect();
        assert_eq!(
            words,
            [
                "scale to 0 switches HPA checkout off until someone scales up",
                "HPA checkout will scale it up again: its minimum is 2",
                "HPA checkout keeps 2 to 6 and may change it again",
                "HPA checkout will scale it down again: its maximum is 6",
            ]
        );
    }
}
