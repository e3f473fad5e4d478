//! One alert and one silence as Alertmanager has them (API v2), with what can be read off their labels.
//! Field meanings: <https://github.com/prometheus/alertmanager/blob/main/api/v2/openapi.yaml>.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::alerts::AlertKey;
use super::meta::{Meta, row};
use super::table::{SortKey, Standing};
use crate::filter::{Filter, field};
use crate::link::Subject;
use text::Outside;

/// The alert that always fires, by the custom of kube-prometheus.
pub const WATCHDOG: &str = "Watchdog";

/// Alerts that prove that alerting works, or only serve to inhibit others: they fire when all is well.
const BACKGROUND: [&str; 2] = [WATCHDOG, "InfoInhibitor"];

/// Annotations by convention.
const KNOWN_ANNOTATIONS: [&str; 5] = [
    "summary",
    "message",
    "description",
    "runbook_url",
    "runbook",
];

/// Bits of the start time in the sort key, in seconds: enough until the year 36812.
const START_BITS: u32 = 40;

/// A label or annotation: name and value.
pub type Pair = (Outside, Outside);

/// One alert. The same fingerprint in several groups or receivers is one row.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AlertRow {
    /// Its uid is `fingerprint`: a hash of the labels, the same after a restart of Alertmanager. Its name is
    /// `labels.alertname` and its namespace `labels.namespace`, else empty.
    pub meta: Meta,
    /// `labels`, sorted by name.
    pub labels: Box<[Pair]>,
    /// `annotations`, sorted by name.
    pub annotations: Box<[Pair]>,
    /// Labels and annotations beyond those that are kept.
    pub left_out: u32,
    /// `labels.severity` in its own words; empty without one.
    pub severity: Outside,
    /// What that means.
    pub rank: Rank,
    /// `startsAt`: since when it fires, by whoever sent it.
    pub starts_at: Option<DateTime<Utc>>,
    /// `endsAt`: it counts as resolved from then on unless it is sent again.
    pub ends_at: Option<DateTime<Utc>>,
    /// Whether anybody is told of it.
    pub state: AlertState,
    /// `status.silencedBy`: ids of silences.
    pub silenced_by: Box<[Outside]>,
    /// `status.inhibitedBy`: fingerprints of alerts.
    pub inhibited_by: Box<[Outside]>,
    /// `receivers`: who is told, by name.
    pub receivers: Box<[Outside]>,
    /// `generatorURL`: the query in whoever sent it.
    pub generator_url: Option<Outside>,
}

row!(AlertRow);

/// Whether anybody is told of an alert, the loudest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum AlertState {
    /// It fires and is sent on.
    Firing,
    /// Alertmanager has not yet looked at it.
    Unprocessed,
    /// Held back because a greater alert fires.
    Inhibited,
    /// Held back by a person.
    Silenced,
    /// Held back by the time of day (Alertmanager 0.28).
    Muted,
}

impl AlertState {
    pub fn word(self) -> &'static str {
        match self {
            AlertState::Firing => "firing",
            AlertState::Unprocessed => "new",
            AlertState::Inhibited => "inhibited",
            AlertState::Silenced => "silenced",
            AlertState::Muted => "muted",
        }
    }

    /// Somebody should look: nothing holds it back.
    pub fn is_loud(self) -> bool {
        match self {
            AlertState::Firing | AlertState::Unprocessed => true,
            AlertState::Inhibited | AlertState::Silenced | AlertState::Muted => false,
        }
    }
}

/// What a severity means, the worst first. The alert keeps its own word beside it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Rank {
    Critical,
    Error,
    /// Should be looked at.
    Warning,
    /// No severity, or a word that nobody here knows.
    Unknown,
    /// Nothing to be done.
    Info,
}

impl Rank {
    /// The meaning of a severity label, whatever its case.
    pub fn of(severity: &str) -> Rank {
        match severity.to_ascii_lowercase().as_str() {
            "critical" | "crit" | "page" | "emergency" | "fatal" | "disaster" | "alert" | "p0"
            | "p1" | "sev0" | "sev1" => Rank::Critical,
            "error" | "major" | "high" | "p2" | "sev2" => Rank::Error,
            "warning" | "warn" | "minor" | "medium" | "ticket" | "p3" | "sev3" => Rank::Warning,
            "info" | "informational" | "information" | "none" | "low" | "notice" | "debug"
            | "p4" | "sev4" => Rank::Info,
            _ => Rank::Unknown,
        }
    }

    /// One glyph and its ASCII form; the severity's own word stands beside it.
    pub fn glyph(self) -> (char, char) {
        match self {
            Rank::Critical => ('‼', '!'),
            Rank::Error => ('▲', '^'),
            Rank::Warning => ('!', 'w'),
            Rank::Unknown => ('?', '?'),
            Rank::Info => ('·', '.'),
        }
    }
}

/// Of what an alert is about, the narrowest names that an alert carries come first.
const ABOUT: [&str; 12] = [
    "pod",
    "deployment",
    "statefulset",
    "daemonset",
    "job_name",
    "persistentvolumeclaim",
    "horizontalpodautoscaler",
    "service",
    "app",
    "node",
    "job",
    "instance",
];

impl AlertRow {
    /// Name of what it is about, if a label tells.
    pub fn object(&self) -> Option<&Outside> {
        ABOUT.iter().find_map(|label| self.label(label))
    }

    /// The value of a label.
    pub fn label(&self, name: &str) -> Option<&Outside> {
        value(&self.labels, name)
    }

    /// The value of an annotation.
    pub fn annotation(&self, name: &str) -> Option<&Outside> {
        value(&self.annotations, name)
    }

    /// What it is about in one line, by who wrote the rule.
    pub fn summary(&self) -> Option<&Outside> {
        ["summary", "message", "description"]
            .iter()
            .find_map(|name| self.annotation(name))
    }

    /// Where it is written what to do.
    pub fn runbook(&self) -> Option<&Outside> {
        ["runbook_url", "runbook"]
            .iter()
            .find_map(|name| self.annotation(name))
    }

    /// The annotations that have no meaning of their own here.
    pub fn other_annotations(&self) -> impl Iterator<Item = &Pair> {
        let is_other = |(name, _): &&Pair| !KNOWN_ANNOTATIONS.contains(&name.raw());
        self.annotations.iter().filter(is_other)
    }

    /// Fires when all is well: shown apart, never counted.
    pub fn is_background(&self) -> bool {
        BACKGROUND.contains(&self.name.raw())
    }

    /// Counted as firing.
    pub fn is_firing(&self) -> bool {
        self.state.is_loud() && !self.is_background()
    }

    /// Worth an entry: what only proves that alerting works, or is held back by a greater alert, is not.
    pub fn is_reported(&self) -> bool {
        let is_heard = match self.state {
            AlertState::Firing | AlertState::Unprocessed | AlertState::Silenced => true,
            AlertState::Inhibited | AlertState::Muted => false,
        };
        is_heard && !self.is_background()
    }

    /// What this firing is called, over restarts of Alertmanager and of the console.
    pub fn key(&self) -> AlertKey {
        let starts_ms = self
            .starts_at
            .map_or(0, |starts_at| starts_at.timestamp_millis());
        AlertKey {
            fingerprint: self.uid.to_string(),
            starts_ms,
        }
    }
}

fn value<'a>(pairs: &'a [Pair], name: &str) -> Option<&'a Outside> {
    let place = pairs
        .binary_search_by(|(known, _)| known.raw().cmp(name))
        .ok()?;
    Some(&pairs[place].1)
}

/// Alerts stand by what holds them back, then by severity, then the latest first; those that only prove that alerting
/// works stand last.
pub fn stand_alert(alert: &AlertRow, filter: &Filter, subject: Option<&Subject>) -> Standing {
    let hush = match alert.state {
        AlertState::Firing | AlertState::Unprocessed => 0,
        AlertState::Inhibited => 1,
        AlertState::Silenced => 2,
        AlertState::Muted => 3,
    };
    let class = i64::from(alert.is_background()) * 64 + hush * 8 + alert.rank as i64;
    let start = alert
        .starts_at
        .map_or(0, |at| at.timestamp().clamp(0, (1 << START_BITS) - 1));
    let texts = alert.labels.iter().flat_map(|(name, value)| [name, value]);
    let state = [alert.state.word()];
    let fields = texts
        .map(field)
        .chain(state)
        .chain(alert.summary().map(field));
    Standing {
        key: SortKey::Number((class << START_BITS) + (1 << START_BITS) - start),
        is_sick: alert.is_firing(),
        is_listed: subject.is_none_or(|subject| subject.is_meant_by(&alert.labels))
            && (filter.is_empty() || filter.matches(&fields)),
        aside: None,
        due: None,
    }
}

/// A silence: who holds alerts back, until when and why.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Silence {
    pub id: Outside,
    pub author: Outside,
    pub comment: Outside,
    /// The matchers as they are written in Alertmanager: `alertname="X"`.
    pub matchers: Outside,
    pub starts_at: Option<DateTime<Utc>>,
    pub ends_at: Option<DateTime<Utc>>,
    /// `status.state` is `active`.
    pub is_active: bool,
}
