//! The questions to one Alertmanager, and why there is nobody to ask.

use super::decode::{self, Decoder};
use super::refused;
use super::route::Route;
use crate::alertmanager::{Alertmanager, Alertmanagers};
use crate::cluster::Cluster;
use crate::problem::problem;
use model::alerts::AlertsAnswer;
use model::cluster::{Problem, ProblemClass};

/// The three questions, below the base of Alertmanager.
const GROUPS: &str = "/api/v2/alerts/groups";
const SILENCES: &str = "/api/v2/silences";
pub(super) const STATUS: &str = "/api/v2/status";

/// What to write where.
const HOW: &str = "write [alertmanager] with url = \"https://alertmanager.example:9093\" or service = \"monitoring/alertmanager:9093\" into config.toml, or start with --alertmanager";

/// Nobody to ask.
pub(crate) fn unconfigured(configured: &Alertmanagers) -> Problem {
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
    route: Route<'a>,
    decoder: Decoder,
}

impl<'a> Asker<'a> {
    /// Asks nothing yet.
    pub(super) fn new(alertmanager: &'a Alertmanager, cluster: &'a Cluster) -> Self {
        Asker {
            route: Route::new(alertmanager, cluster),
            decoder: Decoder::default(),
        }
    }

    /// One whole answer. Alerts come first: an Alertmanager that started after them says so in its status.
    pub(super) async fn ask(&mut self) -> Result<AlertsAnswer, Problem> {
        self.route.prepare()?;
        let (body, skew_s) = self.route.get_dated(GROUPS).await?;
        let mut answer = self
            .decoder
            .groups(&body)
            .map_err(|what| refused::not_json(&what))?;
        drop(body);
        answer.skew_s = skew_s;
        // Without these two the alerts are still the truth, and do not wait long for them.
        let (silences, status) = tokio::join!(self.route.get(SILENCES), self.route.get(STATUS));
        answer.silences = silences.ok().and_then(|body| decode::silences(&body));
        answer.about = status.ok().and_then(|body| decode::about(&body));
        Ok(answer)
    }
}
