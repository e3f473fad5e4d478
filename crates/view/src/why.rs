//! Why a pod is as it is, in one line: what a person needs comes first, since lists cut the end. The row says most of it;
//! nodes and Events the rest.

mod parts;

use model::Model;
use model::changes::outdated;
use model::events::EventRow;
use model::nodes::NodeRow;
use model::pods::{ContainerRole, ContainerRow, ContainerState, Phase, PodRow, Termination};
use model::sick::{self, Diagnosis, Sickness, image, placement};
use model::time::Seconds;
use text::{Outside, SafeText};

use crate::words;
use parts::{listed, message, readiness_gate, said};

/// An Event that was not seen for so long says when that was.
const OLD_EVENT_S: u64 = 600;
/// Nothing where there is nothing to explain.
pub fn why(model: &Model, pod: &PodRow, diagnosis: &Diagnosis<'_>) -> SafeText<'static> {
    let reason = Reason { model, pod };
    let words = match diagnosis.sickness {
        Some(sickness) => reason.of_sickness(sickness, diagnosis.culprit),
        None => reason.of_well(),
    };
    words.unwrap_or_else(|| SafeText::from(""))
}

struct Reason<'a> {
    model: &'a Model,
    pod: &'a PodRow,
}

type Words = Option<SafeText<'static>>;

impl Reason<'_> {
    /// What is not sick and still has something to say.
    fn of_well(&self) -> Words {
        let pod = self.pod;
        if pod.deleted.is_some() {
            return self.finalizers().or_else(|| self.eviction());
        }
        if pod.phase == Phase::Failed {
            return self.over();
        }
        if pod.is_gated() {
            return Some(self.scheduling_gates());
        }
        if let Some(changed) = outdated(self.model, pod) {
            let words = Outside::from(changed.words());
            return Some(words.shown().into_owned());
        }
        // What is still young may already be known not to succeed.
        if pod.unscheduled.is_some() {
            return Some(self.unscheduled());
        }
        if pod.phase == Phase::Pending {
            return self.start();
        }
        let past = sick::past(pod, Seconds::from(self.model.server_now()));
        past.map(|(container, end)| self.ended(container, end))
    }

    fn of_sickness(&self, sickness: Sickness, culprit: Option<&ContainerRow>) -> Words {
        match sickness {
            Sickness::LeftOver => self.over(),
            Sickness::Crashing if self.pod.phase == Phase::Failed => self.over(),
            Sickness::Crashing | Sickness::Restarted => self.crash(),
            Sickness::CannotStart => culprit.and_then(|container| self.cannot_start(container)),
            Sickness::Unschedulable => Some(self.unscheduled()),
            Sickness::NotReady => Some(self.not_ready()),
            Sickness::Slow => Some(self.start().unwrap_or_else(|| {
                let age = self.age(self.pod.created);
                SafeText::from(format!("starting for {age}"))
            })),
            Sickness::StuckTerminating => Some(self.terminating()),
            Sickness::NodeLost => Some(self.node_lost()),
        }
    }

    fn age(&self, moment: Option<Seconds>) -> String {
        let age = |moment| words::age(moment, self.model.server_now());
        moment.map_or("0s".to_owned(), age)
    }

    /// How it ended for good, and when.
    fn over(&self) -> Words {
        let end = self.pod.reason.is_none();
        let ended = sick::last_termination(self.pod).filter(|_| end);
        ended
            .map(|(container, end)| self.ended(container, end))
            .or_else(|| {
                self.pod
                    .message
                    .as_ref()
                    .map(|words| words.shown().into_owned())
            })
    }

    /// `exit 1, 3d ago: why`, with the container's name where there are others.
    fn ended(&self, container: &ContainerRow, end: &Termination) -> SafeText<'static> {
        let is_main = |one: &&ContainerRow| one.role == ContainerRole::Main;
        let is_alone = self.pod.containers.iter().filter(is_main).count() == 1
            && container.role == ContainerRole::Main;
        let name = if is_alone {
            String::new()
        } else {
            format!("{}: ", container.name.shown())
        };
        let how = words::termination(container, end);
        let ago = end
            .finished
            .map_or(String::new(), |at| format!(", {} ago", self.age(Some(at))));
        SafeText::from(format!("{name}{how}{ago}{}", message(end)))
    }

    fn crash(&self) -> Words {
        let last = sick::last_termination(self.pod).or_else(|| sick::last_end(self.pod));
        last.map(|(container, end)| {
            let cluster = &self.model.cluster;
            let how = words::termination(container, end);
            let how = match cluster.killing_probe(self.pod, &container.name, end) {
                Some(probe) => format!("killed by its {probe} probe, {how}"),
                None => how.to_string(),
            };
            SafeText::from(format!("{how}{}", message(end)))
        })
    }

    fn cannot_start(&self, container: &ContainerRow) -> Words {
        let ContainerState::Waiting { reason, message } = &container.state else {
            return None;
        };
        let said = message.as_ref();
        if image::is_pull(reason) {
            let class = said.and_then(image::class);
            let event = || self.model.cluster.failed_pull(self.pod);
            let class = class.or_else(|| image::class(&event()?.message));
            if let Some(class) = class {
                return Some(SafeText::from(format!(
                    "{class}: {}",
                    container.image.shown()
                )));
            }
        }
        said.map(|words| words.shown().into_owned())
    }

    fn unscheduled(&self) -> SafeText<'static> {
        let condition = self.pod.unscheduled.as_ref();
        let Some(sentence) = condition.and_then(|condition| condition.message.as_ref()) else {
            return SafeText::from("no node takes it");
        };
        if let Some(words) = self.unbound(sentence) {
            return words;
        }
        let nodes = &self.model.cluster.serving.nodes;
        let nodes = nodes.is_complete.then_some(&nodes.table);
        let words = placement::words(self.pod, sentence, nodes);
        let words = words.as_ref().unwrap_or(sentence);
        words.shown().into_owned()
    }

    /// Of a sentence about claims: what the Events of a claim say, else the names that the sentence leaves out.
    fn unbound(&self, sentence: &Outside) -> Words {
        if !placement::is_about_claims(sentence) {
            return None;
        }
        if let Some((claim, event)) = self.model.cluster.unbound_claim(self.pod) {
            let why = event.cause();
            let words = format!("{} (claim {})", why.shown(), claim.shown());
            return Some(SafeText::from(words));
        }
        let claims: Vec<&Outside> = self.pod.extras.as_ref()?.claims.iter().collect();
        let is_unbound = placement::is_unbound(sentence) && !claims.is_empty();
        is_unbound.then(|| {
            let claims = listed(&claims);
            SafeText::from(format!("claim {claims} not bound: {}", sentence.shown()))
        })
    }

    fn scheduling_gates(&self) -> SafeText<'static> {
        let gates = self
            .pod
            .extras
            .as_ref()
            .map(|extras| &extras.scheduling_gates);
        let gates: Vec<&Outside> = gates.into_iter().flatten().collect();
        SafeText::from(format!("waits for gate {}", listed(&gates)))
    }

    fn not_ready(&self) -> SafeText<'static> {
        let gate = self.pod.extras.as_ref();
        let gate = gate.and_then(|extras| extras.readiness_gate.as_ref());
        let containers = || {
            let all = self.pod.containers.iter();
            all.filter(|container| container.role != ContainerRole::Init)
        };
        let is_sidecar = |one: &&ContainerRow| one.role == ContainerRole::Sidecar;
        let main = containers().filter(|one| !is_sidecar(one));
        let mut in_order = main.chain(containers().filter(is_sidecar));
        let ended = in_order.find_map(|container| match &container.state {
            ContainerState::Terminated(end) => Some((container, end)),
            ContainerState::Waiting { .. }
            | ContainerState::Running { .. }
            | ContainerState::Unknown => None,
        });
        if let Some((container, end)) = ended {
            return self.ended(container, end);
        }
        if let Some(gate) = gate.filter(|_| containers().all(|container| container.is_ready)) {
            return readiness_gate(gate);
        }
        let since = self.pod.ready.as_ref().and_then(|ready| ready.since);
        SafeText::from(format!("not ready for {}", self.age(since)))
    }

    /// Volumes and the sandbox come before the first container: once one has run, what was said of them is over.
    fn start(&self) -> Words {
        let waits = |container: &ContainerRow| {
            matches!(
                container.state,
                ContainerState::Waiting { .. } | ContainerState::Unknown
            )
        };
        if !self.pod.containers.iter().all(waits) {
            return None;
        }
        let event = self.model.cluster.holds_up_start(self.pod)?;
        Some(SafeText::from(format!(
            "{} ({})",
            event.cause().shown(),
            self.event(event)
        )))
    }

    /// `FailedMount x14`, and when that was, if it is long ago.
    fn event(&self, event: &EventRow) -> String {
        let count = if event.count > 1 {
            format!(" x{}", event.count)
        } else {
            String::new()
        };
        let is_old = |last: &Seconds| last.age_s(self.model.server_now()) > OLD_EVENT_S;
        let ago = event.last.filter(is_old);
        let ago = ago.map_or(String::new(), |last| {
            format!(", {} ago", self.age(Some(last)))
        });
        format!("{}{count}{ago}", event.reason.shown())
    }

    fn terminating(&self) -> SafeText<'static> {
        let late = format!("{} past its grace period", self.age(self.pod.deleted));
        SafeText::from(match self.finalizers() {
            Some(finalizers) => format!("{finalizers}, {late}"),
            None => late,
        })
    }

    /// What keeps a pod that is being deleted.
    fn finalizers(&self) -> Words {
        let finalizers: Vec<&Outside> = self.pod.finalizers().iter().collect();
        (!finalizers.is_empty())
            .then(|| SafeText::from(format!("finalizer {}", listed(&finalizers))))
    }

    fn eviction(&self) -> Words {
        let why = self.pod.eviction()?;
        Some(SafeText::from(format!("evicted: {}", why.shown())))
    }

    fn node_lost(&self) -> SafeText<'static> {
        let node = self.model.cluster.circumstances().failed_node(self.pod);
        let name = self.pod.node.as_ref().map(Outside::shown);
        let name = name.unwrap_or(SafeText::from("its node"));
        let failure = node.map_or("does not answer", NodeRow::failure);
        let ready = node.and_then(|node| node.ready.as_ref());
        let since = ready.and_then(|ready| ready.since);
        let since = since.map_or(String::new(), |at| format!(" for {}", self.age(Some(at))));
        let why = ready.map_or(String::new(), said);
        SafeText::from(format!("{name} {failure}{since}{why}"))
    }
}
