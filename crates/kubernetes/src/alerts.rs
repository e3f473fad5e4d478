//! Asks Alertmanager again and again, never twice at once, and tells what it said or why it said nothing. Reads only.

mod decode;
mod examine;
mod refused;
mod way;

use std::sync::Arc;
use std::time::Duration;

use super::cluster::Cluster;
use super::problem::problem;
use crate::alertmanager::{Alertmanager, Alertmanagers};
use decode::Decoder;
use model::alerts::Answer;
use model::cluster::{Problem, ProblemClass};
use model::message::{AlertsMsg, Msg};
use text::Outside;
use way::Way;

pub(super) use examine::examine;

/// Part of the interval added at random: many consoles must not ask in step.
const SPREAD: u64 = 10;
/// Between two rounds of questions, whoever asks for the second one.
const FLOOR_MS: u64 = 2_000;
/// Until the next question to one that answers "too often" (429).
const THROTTLED: Duration = Duration::from_secs(60);

/// The three questions, below the base of Alertmanager.
const GROUPS: &str = "/api/v2/alerts/groups";
const SILENCES: &str = "/api/v2/silences";
const STATUS: &str = "/api/v2/status";

/// What to write where.
const HOW: &str = "write [alertmanager] with url = \"https://alertmanager.example:9093\" or service = \"monitoring/alertmanager:9093\" into config.toml, or start with --alertmanager";

/// Runs until it is dropped.
pub(super) async fn run(context: Arc<str>, cluster: Arc<Cluster>, configured: &Alertmanagers) {
    let say = |msg| cluster.messages.send(Msg::Alerts(msg));
    let Some(alertmanager) = configured.of(&context) else {
        let problem = unconfigured(configured);
        let _ = say(AlertsMsg::Unconfigured { context, problem }).await;
        return;
    };
    let asking = AlertsMsg::Asking {
        context: Arc::clone(&context),
        place: Outside::from(alertmanager.place.words()),
    };
    if say(asking).await.is_err() {
        return;
    }
    let mut random = fastrand::Rng::new();
    let mut asker = Asker::new(alertmanager, &cluster);
    let mut nudges = cluster.gate.subscribe();
    let mut nudged = nudges.borrow_and_update().nudges;
    loop {
        let asked_ms = cluster.clock.now().mono_ms;
        let outcome = asker.ask().await;
        let next_ms = next_ms(alertmanager, &outcome, asked_ms, &mut random);
        let context = Arc::clone(&context);
        let msg = match outcome {
            Ok(answer) => AlertsMsg::Answered {
                context,
                answer: Box::new(answer),
            },
            Err(problem) => AlertsMsg::Failed {
                context,
                problem,
                retry: cluster.clock.at(next_ms),
            },
        };
        if say(msg).await.is_err() {
            return;
        }
        let soonest_ms = asked_ms.max(cluster.clock.now().mono_ms) + FLOOR_MS;
        cluster.clock.until(soonest_ms).await;
        // A person asks for a try now, or the API server is back.
        let nudge = nudges.wait_for(|standing| standing.nudges != nudged);
        tokio::select! {
            () = cluster.clock.until(next_ms) => {}
            standing = nudge => match standing {
                Ok(standing) => nudged = standing.nudges,
                Err(_) => return,
            },
        }
    }
}

/// Counted from the question: one that is answered late does not make the next one later.
fn next_ms(
    alertmanager: &Alertmanager,
    outcome: &Result<Answer, Problem>,
    asked_ms: u64,
    random: &mut fastrand::Rng,
) -> u64 {
    let interval = match outcome {
        Err(problem) if problem.class == ProblemClass::Throttled => {
            THROTTLED.max(alertmanager.interval)
        }
        Ok(_) | Err(_) => alertmanager.interval,
    };
    let interval_ms = u64::try_from(interval.as_millis()).unwrap_or(u64::MAX);
    asked_ms + interval_ms + random.u64(0..=interval_ms / SPREAD)
}

/// Nobody to ask.
pub(super) fn unconfigured(configured: &Alertmanagers) -> Problem {
    match &configured.fault {
        Some(fault) => problem(
            ProblemClass::Refused,
            format!("no Alertmanager is asked: {fault}"),
            "put that right and start again",
        ),
        None => problem(ProblemClass::Refused, "no Alertmanager configured", HOW),
    }
}

/// One Alertmanager, and what is kept between two questions.
pub(super) struct Asker<'a> {
    way: Way<'a>,
    decoder: Decoder,
}

impl<'a> Asker<'a> {
    /// Asks nothing yet.
    pub(super) fn new(alertmanager: &'a Alertmanager, cluster: &'a Cluster) -> Self {
        Asker {
            way: Way::new(alertmanager, cluster),
            decoder: Decoder::default(),
        }
    }

    /// One whole answer. Alerts come first: an Alertmanager that started after them says so in its status.
    pub(super) async fn ask(&mut self) -> Result<Answer, Problem> {
        self.way.prepare()?;
        let body = self.way.get(GROUPS).await?;
        let mut answer = self
            .decoder
            .groups(&body)
            .map_err(|what| refused::not_json(&what))?;
        drop(body);
        // Without these two the alerts are still the truth, and do not wait long for them.
        let (silences, status) = tokio::join!(self.way.get(SILENCES), self.way.get(STATUS));
        answer.silences = silences.ok().and_then(|body| decode::silences(&body));
        answer.about = status.ok().and_then(|body| decode::about(&body));
        Ok(answer)
    }
}
