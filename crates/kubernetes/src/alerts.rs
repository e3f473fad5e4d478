//! Asks Alertmanager again and again, never twice at once, and tells what it said or why it said nothing. Reads only.

mod asker;
mod decode;
mod examine;
mod refused;
mod route;

use std::sync::Arc;
use std::time::Duration;

use super::cluster::Cluster;
use crate::alertmanager::{Alertmanager, Alertmanagers};
use asker::Asker;
pub(super) use asker::unconfigured;
use model::alerts::AlertsAnswer;
use model::cluster::{Problem, ProblemClass};
use model::message::{AlertsMsg, Msg};
use text::Outside;

pub(super) use examine::examine;

/// Part of the interval added at random: many consoles must not ask in step.
const SPREAD: u64 = 10;
/// Between two rounds of questions, whoever asks for the second one.
const FLOOR_MS: u64 = 2_000;
/// Until the next question to one that answers "too often" (429).
const THROTTLED: Duration = Duration::from_secs(60);

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
    outcome: &Result<AlertsAnswer, Problem>,
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
