//! What Alertmanager says, how fresh that is, and what of it is on the timeline already. Never calm after an error: "no
//! alerts" needs an answer that says so.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::alert::{self, AlertRow, Silence};
use super::cluster::Health;
use super::meta::Uid;
use super::observed::BlindSpan;
use super::watched::Watched;
use text::Outside;

mod origin;
mod record;

pub use origin::{AlertId, AlertKey, AlertOrigin, SOURCE};
pub use record::{AlertEnd, AlertRecord, Firing};

/// Everything about alerts.
#[derive(Clone, Debug)]
pub struct Alerts {
    /// The context that these belong to: with another one they begin anew.
    pub context: Outside,
    /// Whom we ask, in words; `None` when nobody is configured.
    pub place: Option<Outside>,
    /// The alerts, the loudest first.
    pub watched: Watched<AlertRow>,
    pub generation: u32,
    /// Silences by id.
    pub silences: BTreeMap<Outside, Silence>,
    pub about: Option<AlertmanagerStatus>,
    /// Its clock less ours, in seconds, where it is known.
    pub skew_s: Option<i64>,
    /// What is on the timeline.
    pub record: AlertRecord,
    /// While Alertmanager is silent.
    pub blind: Option<BlindSpan>,
    /// Whether an alert that fires when all is well does.
    pub proof: Proof,
    loudest: Option<Uid>,
}

/// The alert named [`alert::WATCHDOG`] always fires, where there is one: it proves that alerts arrive here.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Proof {
    /// There never was one here.
    #[default]
    None,
    Fires,
    /// It did, and does no more: calm says nothing now.
    Gone,
}

/// What Alertmanager says about itself.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AlertmanagerStatus {
    pub version: Outside,
    /// When it started: it knows nothing of alerts before, until they are sent again.
    pub started: Option<DateTime<Utc>>,
    /// Members of its cluster, itself included; they may know different alerts.
    pub peers: u32,
    /// How it stands with them, in its own word: `ready`, `settling`, or `disabled` when it is alone.
    pub gossip: Outside,
}

/// One whole answer.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct AlertsAnswer {
    /// Alerts, each fingerprint once.
    pub alerts: Vec<AlertRow>,
    /// Silences, or why they are not known.
    pub silences: Option<Vec<Silence>>,
    /// About itself, where it was asked and answered.
    pub about: Option<AlertmanagerStatus>,
    /// Its clock less ours, in seconds, where the answer bore a `Date`.
    pub skew_s: Option<i64>,
    /// Alerts that could not be read.
    pub unreadable: Vec<Outside>,
}

impl Alerts {
    /// Nothing known yet about the alerts of this context.
    pub fn of(context: Outside) -> Alerts {
        Alerts {
            context,
            place: None,
            watched: Watched::default(),
            generation: 0,
            silences: BTreeMap::new(),
            about: None,
            skew_s: None,
            record: AlertRecord::default(),
            blind: None,
            proof: Proof::None,
            loudest: None,
        }
    }

    /// What many frames ask of one answer.
    pub fn weigh(&mut self) {
        let rows = || self.watched.table.rows();
        let has_watchdog = rows().any(|alert| alert.name.raw() == alert::WATCHDOG);
        self.proof = match (has_watchdog, self.proof) {
            (true, _) => Proof::Fires,
            (false, Proof::None) => Proof::None,
            (false, Proof::Fires | Proof::Gone) => Proof::Gone,
        };
        let firing = rows().filter(|alert| alert.is_firing());
        let loudest =
            firing.min_by_key(|alert| (alert.rank, std::cmp::Reverse(alert.starts_at), &alert.uid));
        self.loudest = loudest.map(|alert| alert.uid.clone());
    }

    /// How many fire; `None` when no answer has ever come.
    pub fn firing(&self) -> Option<usize> {
        self.watched
            .is_complete
            .then(|| self.watched.table.counts().sick)
    }

    /// The answer is of now: only then is nothing firing good news.
    pub fn is_fresh(&self) -> bool {
        matches!(self.watched.health, Health::Live { .. }) && self.watched.is_complete
    }

    /// Nobody is configured, so nobody was asked.
    pub fn is_unconfigured(&self) -> bool {
        self.place.is_none() && matches!(self.watched.health, Health::Stopped { .. })
    }

    /// The loudest alert: the first line of the pane whatever filters it.
    pub fn loudest(&self) -> Option<&AlertRow> {
        self.watched.table.get(self.loudest.as_ref()?)
    }

    /// The silences that hold an alert back, as far as they are known.
    pub fn silencing<'a>(&'a self, alert: &'a AlertRow) -> impl Iterator<Item = &'a Silence> {
        alert
            .silenced_by
            .iter()
            .filter_map(|id| self.silences.get(id))
    }

    /// The alerts that hold this one back, as far as they are known.
    pub fn inhibiting<'a>(&'a self, alert: &'a AlertRow) -> impl Iterator<Item = &'a AlertRow> {
        alert
            .inhibited_by
            .iter()
            .filter_map(|id| self.watched.table.get(&Uid::from(id.raw())))
    }
}
