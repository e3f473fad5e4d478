//! What a pod's stage means in its status: phase, conditions, container states. The one reading that all renderings share.

use std::net::Ipv4Addr;

use super::super::world::object::Millis;
use super::super::world::pod::{Ended, Pod, Stage};

/// A container's state.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum State {
    /// Waiting for a reason, with a message.
    Waiting(&'static str, String),
    Running(Millis),
    Terminated(Ended),
}

/// The status of one container.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ContainerStatus<'a> {
    pub name: &'a str,
    pub image: &'a str,
    /// Passes its readiness probe.
    pub ready: bool,
    pub restarts: u32,
    pub state: State,
    /// How the instance before ended.
    pub last: Option<Ended>,
}

/// A condition of a pod.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PodCondition {
    pub kind: &'static str,
    pub met: bool,
    pub changed: Millis,
    /// `reason`, when not met.
    pub reason: Option<&'static str>,
}

impl Pod {
    /// `status.phase`.
    pub fn phase(&self) -> &'static str {
        match self.stage {
            Stage::Unscheduled | Stage::Creating | Stage::PullError | Stage::PullBackOff => {
                "Pending"
            }
            Stage::Running | Stage::Ready | Stage::Crashed | Stage::BackOff => "Running",
        }
    }

    /// `status.podIP`, once it has a sandbox.
    pub fn address(&self) -> Option<Ipv4Addr> {
        let [_, a, b, c] = self.ip.to_be_bytes();
        (!matches!(self.stage, Stage::Unscheduled | Stage::Creating))
            .then_some(Ipv4Addr::new(10, a, b, c))
    }

    /// `status.conditions`.
    pub fn conditions(&self) -> Vec<PodCondition> {
        let condition = |kind, met: bool, changed, reason: Option<&'static str>| PodCondition {
            kind,
            met,
            changed,
            reason: reason.filter(|_| !met),
        };
        if self.node.is_none() {
            return vec![condition(
                "PodScheduled",
                false,
                self.meta.created,
                Some("Unschedulable"),
            )];
        }
        let unready = Some("ContainersNotReady");
        vec![
            condition(
                "PodReadyToStartContainers",
                self.address().is_some(),
                self.seen,
                None,
            ),
            condition("Initialized", true, self.seen, None),
            condition("Ready", self.is_ready(), self.ready_changed, unready),
            condition(
                "ContainersReady",
                self.is_ready(),
                self.ready_changed,
                unready,
            ),
            condition("PodScheduled", true, self.seen, None),
        ]
    }

    /// `status.containerStatuses`.
    pub fn container_statuses(&self) -> Vec<ContainerStatus<'_>> {
        if self.node.is_none() {
            return vec![];
        }
        let containers = self.template.containers.iter().enumerate();
        containers
            .map(|(i, container)| {
                let culprit = i == usize::from(self.culprit);
                let state = if culprit {
                    self.culprit_state()
                } else {
                    self.other_state()
                };
                ContainerStatus {
                    name: &container.name,
                    image: &container.image,
                    ready: matches!(state, State::Running(_)) && (self.is_ready() || !culprit),
                    restarts: if culprit { self.restarts } else { 0 },
                    last: self.last_ended().filter(|_| culprit),
                    state,
                }
            })
            .collect()
    }

    /// How the instance before the present one ended.
    pub fn last_ended(&self) -> Option<Ended> {
        if self.stage == Stage::Crashed {
            self.ended_before
        } else {
            self.ended
        }
    }

    fn culprit_state(&self) -> State {
        let container = &self.template.containers[usize::from(self.culprit)];
        match self.stage {
            Stage::Unscheduled | Stage::Creating => {
                State::Waiting("ContainerCreating", String::new())
            }
            Stage::PullError => State::Waiting("ErrImagePull", self.pull_error()),
            Stage::PullBackOff => State::Waiting(
                "ImagePullBackOff",
                format!(
                    "Back-off pulling image \"{}\": ErrImagePull: {}",
                    container.image,
                    self.pull_error()
                ),
            ),
            Stage::Running | Stage::Ready => State::Running(self.started),
            Stage::Crashed => self
                .ended
                .map_or(State::Running(self.started), State::Terminated),
            Stage::BackOff => {
                let wait = render_wait(self.due.unwrap_or(self.since) - self.since);
                State::Waiting(
                    "CrashLoopBackOff",
                    format!(
                        "back-off {wait} restarting failed container={} pod={}",
                        container.name,
                        self.full_name()
                    ),
                )
            }
        }
    }

    fn other_state(&self) -> State {
        match self.stage {
            Stage::Unscheduled | Stage::Creating => {
                State::Waiting("ContainerCreating", String::new())
            }
            Stage::PullError
            | Stage::PullBackOff
            | Stage::Running
            | Stage::Ready
            | Stage::Crashed
            | Stage::BackOff => State::Running(self.seen + 1_000),
        }
    }

    /// kubectl's STATUS column.
    pub fn status_word(&self) -> &'static str {
        if self.meta.deletion.is_some() {
            return "Terminating";
        }
        match self.stage {
            Stage::Unscheduled => "Pending",
            Stage::Creating => "ContainerCreating",
            Stage::PullError => "ErrImagePull",
            Stage::PullBackOff => "ImagePullBackOff",
            Stage::Running | Stage::Ready => "Running",
            Stage::Crashed => self.ended.map_or("Error", Ended::reason),
            Stage::BackOff => "CrashLoopBackOff",
        }
    }
}

/// A wait as Go prints a duration: `10s`, `1m20s`, `5m0s`.
fn render_wait(ms: Millis) -> String {
    let s = ms / 1_000;
    if s < 60 {
        format!("{s}s")
    } else {
        format!("{}m{}s", s / 60, s % 60)
    }
}
