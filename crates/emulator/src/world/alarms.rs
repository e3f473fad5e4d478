//! The emulated Prometheus and Alertmanager: alerts pending, firing and resolved, silences, all by the world's own time.

use std::collections::BTreeMap;

use regex::Regex;

use super::object::{Labels, Millis, Uid};
use super::rules::{Finding, RULES, Rule};
use super::{Timer, World};

/// How often rules are evaluated.
pub const EVALUATE_MS: Millis = 15_000;
/// Silences kept at most: nobody makes more by hand.
const SILENCES_MAX: usize = 1_000;
/// A matcher's pattern compiles to no more than this many bytes.
const PATTERN_MAX: usize = 64 * 1_024;

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Alarm {
    /// The rule behind it.
    pub rule: Rule,
    /// What it found last.
    pub finding: Finding,
    /// Since when it is true.
    pub active: Millis,
    /// Since when it fires; none while it is pending.
    pub fired: Option<Millis>,
}

/// What labels a silence is for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Matcher {
    pub name: String,
    /// Value or pattern.
    pub value: String,
    /// The value is a pattern.
    pub is_regex: bool,
    /// It is to match, not to differ.
    pub is_equal: bool,
}

impl Matcher {
    /// Whether labels match. A pattern is anchored; one that does not compile matches nothing.
    pub fn takes(&self, labels: &Labels) -> bool {
        let found = labels.get(&self.name).map_or("", String::as_str);
        let same = if self.is_regex {
            pattern(&self.value).is_some_and(|pattern| pattern.is_match(found))
        } else {
            found == self.value
        };
        same == self.is_equal
    }

    /// Whether it can match at all.
    pub fn is_sound(&self) -> bool {
        !self.name.is_empty() && (!self.is_regex || pattern(&self.value).is_some())
    }
}

fn pattern(text: &str) -> Option<Regex> {
    let anchored = format!("^(?:{text})$");
    let builder = regex::RegexBuilder::new(&anchored)
        .size_limit(PATTERN_MAX)
        .build();
    builder.ok()
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Silence {
    /// Its id, a UUID.
    pub id: String,
    /// All have to match.
    pub matchers: Vec<Matcher>,
    pub starts: Millis,
    pub ends: Millis,
    pub updated: Millis,
    pub author: String,
    pub comment: String,
}

impl Silence {
    /// `pending`, `active` or `expired`.
    pub fn state(&self, now: Millis) -> &'static str {
        match (now >= self.ends, now >= self.starts) {
            (true, _) => "expired",
            (false, true) => "active",
            (false, false) => "pending",
        }
    }
}

/// Alerts and silences.
#[derive(Default)]
pub struct Alarms {
    active: BTreeMap<Labels, Alarm>,
    silences: BTreeMap<String, Silence>,
    /// When the rules were last evaluated; none while they are not.
    pub evaluated: Option<Millis>,
    /// When they were first.
    pub started: Option<Millis>,
}

impl Alarms {
    /// All alerts, pending ones among them.
    pub fn all(&self) -> impl Iterator<Item = &Alarm> {
        self.active.values()
    }

    pub fn silences(&self) -> impl Iterator<Item = &Silence> {
        self.silences.values()
    }

    pub fn silence(&self, id: &str) -> Option<&Silence> {
        self.silences.get(id)
    }

    /// The active silences that match labels.
    pub fn silenced_by(&self, labels: &Labels, now: Millis) -> Vec<String> {
        let active = self.silences.values();
        active
            .filter(|silence| silence.state(now) == "active")
            .filter(|silence| silence.matchers.iter().all(|matcher| matcher.takes(labels)))
            .map(|silence| silence.id.clone())
            .collect()
    }
}

impl World {
    /// Begins to evaluate the rules. Without that there are no alerts.
    pub fn watch_rules(&mut self) {
        if self.alarms.evaluated.is_none() {
            self.evaluate();
        }
    }

    pub(super) fn evaluate(&mut self) {
        let now = self.now;
        self.watch_database();
        self.watch_loads();
        let mut active = BTreeMap::new();
        for rule in RULES {
            for finding in rule.findings(self) {
                let known = self.alarms.active.remove(&finding.labels);
                let since = known.as_ref().map_or(now, |alarm| alarm.active);
                let fired = known.and_then(|alarm| alarm.fired);
                let fired = fired.or_else(|| (now - since >= rule.wait_ms).then_some(now));
                let labels = finding.labels.clone();
                let alarm = Alarm {
                    rule: *rule,
                    finding,
                    active: since,
                    fired,
                };
                active.insert(labels, alarm);
            }
        }
        self.alarms.active = active;
        self.alarms.evaluated = Some(now);
        self.alarms.started.get_or_insert(now);
        let next = now + EVALUATE_MS - now.rem_euclid(EVALUATE_MS);
        self.agenda.insert((next, Timer::Rules));
    }

    /// Stores a silence. With the same matchers and the same start an id is kept, as Alertmanager does; else the old one expires.
    ///
    /// # Errors
    /// The id is unknown, or there are too many.
    pub fn put_silence(&mut self, mut silence: Silence) -> Result<String, String> {
        let now = self.now;
        silence.updated = now;
        if !silence.id.is_empty() {
            let Some(before) = self.alarms.silences.get_mut(&silence.id) else {
                return Err(format!("silence {} not found", silence.id));
            };
            let same_start = before.starts / 1_000 == silence.starts / 1_000;
            if before.matchers == silence.matchers && same_start && before.state(now) != "expired" {
                silence.starts = before.starts;
                *before = silence;
                return Ok(before.id.clone());
            }
            before.ends = before.ends.min(now);
        }
        if self.alarms.silences.len() >= SILENCES_MAX {
            return Err("too many silences".to_owned());
        }
        silence.id = Uid(self.rng.u128(..)).to_string();
        silence.starts = silence.starts.max(now);
        let id = silence.id.clone();
        self.alarms.silences.insert(id.clone(), silence);
        Ok(id)
    }

    /// Ends a silence; false when it is not there or over.
    pub fn expire_silence(&mut self, id: &str) -> bool {
        let now = self.now;
        let found = self.alarms.silences.get_mut(id);
        let Some(silence) = found.filter(|silence| silence.state(now) != "expired") else {
            return false;
        };
        (silence.ends, silence.updated) = (now, now);
        silence.starts = silence.starts.min(now);
        true
    }
}
