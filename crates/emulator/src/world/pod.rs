//! A pod and its life: a small state machine driven by time, playing scheduler, kubelet and container at once.

use std::sync::Arc;

use super::object::{Meta, Millis};
use super::template::Template;

/// The first wait of a crash loop or of a failed pull (kubelet: `MaxContainerBackOff` and its base).
const BACK_OFF_FIRST_MS: Millis = 10_000;
/// The longest wait (kubelet: 5 minutes).
const BACK_OFF_MAX_MS: Millis = 300_000;
/// How often a failing readiness probe is reported again.
const PROBE_MS: Millis = 10_000;
/// How long a failed pull is shown as such before the back-off is.
const PULL_ERROR_MS: Millis = 2_000;
/// How long a dead container is shown as terminated before its restart or back-off.
const CRASHED_MS: Millis = 1_000;
/// How long a container serves before its share of the load has filled its memory.
const HUNGRY_MS: std::ops::Range<Millis> = 55_000..95_000;
/// A container that ran this long starts its back-off anew (kubelet: 10 minutes).
const BACK_OFF_RESET_MS: Millis = 600_000;

/// What an image does once it is to run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Behaviour {
    /// Runs and becomes ready.
    Healthy,
    /// Exits with 1 some seconds after its start, again and again.
    Crash,
    /// Is killed for its memory (137), again and again.
    OutOfMemory,
    /// Now one, now the other: a leak that sometimes hits its own limit first.
    Leaky,
    /// Serves, fills its memory with its share of the load and is killed (137), unless there are pods enough to share the load.
    Hungry,
    /// Cannot be pulled.
    ImagePull,
    /// Runs, but its readiness probe fails.
    NeverReady,
}

/// Where a pod is in its life.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stage {
    /// No node yet.
    Unscheduled,
    Creating,
    PullError,
    PullBackOff,
    /// Running, not ready.
    Running,
    /// Running and ready.
    Ready,
    /// Terminated a moment ago.
    Crashed,
    BackOff,
}

/// How a container ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ended {
    pub code: i32,
    /// `OOMKilled` rather than `Error` or `Completed`.
    pub oom: bool,
    /// Start of that instance.
    pub started: Millis,
    pub finished: Millis,
}

impl Ended {
    /// `reason` of the terminated state.
    pub fn reason(self) -> &'static str {
        match (self.oom, self.code) {
            (true, _) => "OOMKilled",
            (false, 0) => "Completed",
            (false, _) => "Error",
        }
    }
}

/// A pod. Of its containers `culprit` follows the stage; the others run as soon as it does.
#[derive(Clone, Debug, PartialEq)]
pub struct Pod {
    pub meta: Meta,
    /// What it was made from.
    pub template: Arc<Template>,
    /// Number of its node, once scheduled.
    pub node: Option<u16>,
    /// The only node it may run on, if any.
    pub pinned: Option<u16>,
    /// The last three bytes of `10.x.y.z`.
    pub ip: u32,
    /// Index of the container that has the fate.
    pub culprit: u8,
    /// What its image does.
    pub behaviour: Behaviour,
    /// Where it is in its life.
    pub stage: Stage,
    /// When the kubelet first saw it.
    pub seen: Millis,
    /// Since when it is in this stage.
    pub since: Millis,
    /// Start of the running (or last) instance; 0 before the first.
    pub started: Millis,
    /// Last change of the Ready condition.
    pub ready_changed: Millis,
    /// Restarts of the culprit.
    pub restarts: u32,
    /// Failures in a row, for the back-off.
    pub failures: u8,
    /// The instance that ended last.
    pub ended: Option<Ended>,
    /// The one before it.
    pub ended_before: Option<Ended>,
    /// When something happens next.
    pub due: Option<Millis>,
}

/// Something worth an Event.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Note {
    /// `type` is Warning.
    pub warning: bool,
    pub reason: &'static str,
    pub message: String,
}

fn normal(reason: &'static str, message: String) -> Note {
    Note {
        warning: false,
        reason,
        message,
    }
}

fn warning(reason: &'static str, message: String) -> Note {
    Note {
        warning: true,
        reason,
        message,
    }
}

impl Pod {
    /// Whether its Ready condition is true.
    pub fn is_ready(&self) -> bool {
        self.stage == Stage::Ready
    }

    /// Whether a controller counts it: it is not being deleted.
    pub fn is_active(&self) -> bool {
        self.meta.deletion.is_none()
    }

    /// `namespace_name(uid)`, as the kubelet writes it.
    pub fn full_name(&self) -> String {
        format!(
            "{}_{}({})",
            self.meta.key.name, self.meta.key.namespace, self.meta.uid
        )
    }

    /// The wait before the next attempt, in milliseconds, after `failures` in a row.
    pub fn back_off(&self) -> Millis {
        let doublings = u32::from(self.failures.saturating_sub(1)).min(5);
        (BACK_OFF_FIRST_MS << doublings).min(BACK_OFF_MAX_MS)
    }

    fn container(&self) -> (&str, &str) {
        let container = &self.template.containers[usize::from(self.culprit)];
        (&container.name, &container.image)
    }

    fn enter(&mut self, stage: Stage, now: Millis, next: Option<Millis>) {
        if (stage == Stage::Ready) != self.is_ready() {
            self.ready_changed = now;
        }
        self.stage = stage;
        self.since = now;
        self.due = next.map(|wait| now + wait);
    }

    /// Lives through what is due at `now`; tells what is worth an Event. The caller has given it a node, and says whether its
    /// workload has pods enough for its load.
    pub fn step(&mut self, now: Millis, relieved: bool, rng: &mut fastrand::Rng) -> Vec<Note> {
        match self.stage {
            Stage::Unscheduled => {
                self.seen = now;
                self.enter(Stage::Creating, now, Some(rng.i64(300..1_200)));
                vec![]
            }
            Stage::Creating | Stage::PullBackOff if self.behaviour == Behaviour::ImagePull => {
                self.fail_pull(now)
            }
            Stage::PullError => self.back_off_pull(now),
            Stage::Creating | Stage::PullBackOff | Stage::BackOff => self.start(now, rng),
            Stage::Running if self.behaviour == Behaviour::Healthy => {
                self.enter(Stage::Ready, now, None);
                vec![]
            }
            Stage::Running if self.behaviour == Behaviour::Hungry => {
                self.enter(Stage::Ready, now, Some(rng.i64(HUNGRY_MS)));
                vec![]
            }
            Stage::Ready if self.behaviour == Behaviour::Hungry && relieved => {
                // Its memory stays where it is: looked at again, should the others go.
                self.due = Some(now + rng.i64(HUNGRY_MS));
                vec![]
            }
            Stage::Running if self.behaviour == Behaviour::NeverReady => {
                self.due = Some(now + PROBE_MS);
                vec![warning(
                    "Unhealthy",
                    "Readiness probe failed: HTTP probe failed with statuscode: 503".to_owned(),
                )]
            }
            Stage::Running | Stage::Ready => {
                self.crash(now, rng);
                vec![]
            }
            Stage::Crashed if self.failures <= 1 => self.start(now, rng),
            Stage::Crashed => self.back_off_crash(now),
        }
    }

    fn fail_pull(&mut self, now: Millis) -> Vec<Note> {
        self.failures = self.failures.saturating_add(1);
        self.enter(Stage::PullError, now, Some(PULL_ERROR_MS));
        let image = self.container().1;
        vec![
            normal("Pulling", format!("Pulling image \"{image}\"")),
            warning(
                "Failed",
                format!("Failed to pull image \"{image}\": {}", self.pull_error()),
            ),
            warning("Failed", "Error: ErrImagePull".to_owned()),
        ]
    }

    /// The runtime's words for an image that is not there.
    pub fn pull_error(&self) -> String {
        let image = self.container().1;
        format!(
            "rpc error: code = NotFound desc = failed to pull and unpack image \"{image}\": failed to resolve reference \"{image}\": {image}: not found"
        )
    }

    fn back_off_pull(&mut self, now: Millis) -> Vec<Note> {
        self.enter(Stage::PullBackOff, now, Some(self.back_off()));
        vec![
            normal(
                "BackOff",
                format!("Back-off pulling image \"{}\"", self.container().1),
            ),
            warning("Failed", "Error: ImagePullBackOff".to_owned()),
        ]
    }

    fn start(&mut self, now: Millis, rng: &mut fastrand::Rng) -> Vec<Note> {
        if self.ended.is_some() {
            self.restarts += 1;
        }
        self.started = now;
        let wait = match self.behaviour {
            Behaviour::Healthy | Behaviour::Hungry => rng.i64(800..2_500),
            Behaviour::NeverReady => PROBE_MS,
            Behaviour::Crash | Behaviour::OutOfMemory | Behaviour::Leaky | Behaviour::ImagePull => {
                rng.i64(4_000..9_000)
            }
        };
        self.enter(Stage::Running, now, Some(wait));
        let (name, image) = self.container();
        vec![
            normal(
                "Pulled",
                format!("Container image \"{image}\" already present on machine"),
            ),
            normal("Created", format!("Created container: {name}")),
            normal("Started", format!("Started container {name}")),
        ]
    }

    /// Ends the running instance as its fate says.
    pub fn crash(&mut self, now: Millis, rng: &mut fastrand::Rng) {
        let oom = match self.behaviour {
            Behaviour::OutOfMemory | Behaviour::Hungry => true,
            Behaviour::Leaky => rng.u8(..3) == 0,
            Behaviour::Healthy
            | Behaviour::Crash
            | Behaviour::ImagePull
            | Behaviour::NeverReady => false,
        };
        if now - self.started > BACK_OFF_RESET_MS {
            self.failures = 0;
        }
        self.failures = self.failures.saturating_add(1);
        self.ended_before = self.ended.replace(Ended {
            code: if oom { 137 } else { 1 },
            oom,
            started: self.started,
            finished: now,
        });
        self.enter(Stage::Crashed, now, Some(CRASHED_MS));
    }

    fn back_off_crash(&mut self, now: Millis) -> Vec<Note> {
        // The first restart was immediate and is not part of the doubling.
        self.failures -= 1;
        let wait = self.back_off();
        self.failures += 1;
        self.enter(Stage::BackOff, now, Some(wait));
        let message = format!(
            "Back-off restarting failed container {} in pod {}",
            self.container().0,
            self.full_name()
        );
        vec![warning("BackOff", message)]
    }
}
