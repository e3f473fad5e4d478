//! What an entry about an alert or a silence is called by its source: the same fact has the same origin, whichever console
//! writes it, and an end is matched with its beginning by it.
//!
//! On disk: `fired/FINGERPRINT/START`, `fired/again/TIMES/FINGERPRINT/START`, `fired/group/COUNT/FINGERPRINT/START`, the same
//! with `resolved`, `silenced/ID`, `unsilenced/ID`; START is in milliseconds since 1970, 0 when it is not known.

use std::fmt;
use std::str::FromStr;

use chrono::{DateTime, Utc};

use crate::entry::Draft;
use text::Outside;

/// Source of the entries.
pub const SOURCE: &str = "alertmanager";

const FIRED: &str = "fired/";
const RESOLVED: &str = "resolved/";
const SILENCED: &str = "silenced/";
const UNSILENCED: &str = "unsilenced/";
const GROUP: &str = "group/";
const AGAIN: &str = "again/";

/// One firing of one alert.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct AlertKey {
    pub fingerprint: String,
    /// Milliseconds since 1970; 0 when it is not known.
    pub starts_ms: i64,
}

/// Which alert an entry is about.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum AlertId {
    Known(AlertKey),
    /// It was missing in an answer, was told as over, and fires on since the same start.
    Again {
        /// How often that has happened.
        times: u32,
        key: AlertKey,
    },
    /// One of so many that an earlier console counted without saying which.
    Counted {
        /// How many there were.
        count: usize,
        /// The first of them.
        first: AlertKey,
        /// Which, counted from 0.
        number: usize,
    },
}

/// The origin of an entry about alerts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AlertOrigin {
    Fired(AlertId),
    /// So many of one name fire, this one first.
    FiredMany(usize, AlertId),
    /// One is over.
    Resolved(AlertId),
    /// So many of one name are over, this one first.
    ResolvedMany(usize, AlertId),
    /// A silence holds some back.
    Silenced(Outside),
    /// A silence has ended.
    Unsilenced(Outside),
}

impl AlertOrigin {
    /// The origin of this entry, when it is one about alerts.
    pub fn of(draft: &Draft) -> Option<AlertOrigin> {
        let origin = draft.origin.as_ref()?;
        let is_ours = draft.source.as_deref() == Some(SOURCE);
        is_ours.then(|| origin.raw().parse().ok()).flatten()
    }

    /// How many alerts the entry tells of.
    pub fn count(&self) -> usize {
        match self {
            AlertOrigin::FiredMany(count, _) | AlertOrigin::ResolvedMany(count, _) => *count,
            AlertOrigin::Fired(_)
            | AlertOrigin::Resolved(_)
            | AlertOrigin::Silenced(_)
            | AlertOrigin::Unsilenced(_) => 1,
        }
    }

    /// What the origin of every entry about many that fire begins with.
    pub fn fired_many() -> String {
        format!("{FIRED}{GROUP}")
    }
}

impl AlertId {
    /// The same alert when it fires on after it was told as over.
    #[must_use]
    pub fn again(&self) -> AlertId {
        let times = match self {
            AlertId::Again { times, .. } => times.saturating_add(1),
            AlertId::Known(_) | AlertId::Counted { .. } => 1,
        };
        AlertId::Again {
            times,
            key: self.key().clone(),
        }
    }

    /// Of one alert, not of one of so many.
    pub fn fingerprint(&self) -> Option<&str> {
        match self {
            AlertId::Known(key) | AlertId::Again { key, .. } => Some(&key.fingerprint),
            AlertId::Counted { .. } => None,
        }
    }

    fn key(&self) -> &AlertKey {
        match self {
            AlertId::Known(key)
            | AlertId::Again { key, .. }
            | AlertId::Counted { first: key, .. } => key,
        }
    }

    /// When it began, of many the first of them.
    pub fn starts_at(&self) -> Option<DateTime<Utc>> {
        let starts_ms = self.key().starts_ms;
        let known = (starts_ms != 0).then_some(starts_ms);
        known.and_then(DateTime::from_timestamp_millis)
    }
}

impl fmt::Display for AlertKey {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{}/{}", self.fingerprint, self.starts_ms)
    }
}

impl fmt::Display for AlertId {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            AlertId::Known(key) => key.fmt(out),
            AlertId::Again { times, key } => write!(out, "{AGAIN}{times}/{key}"),
            AlertId::Counted {
                count,
                first,
                number,
            } => write!(out, "{GROUP}{count}/{first}/{number}"),
        }
    }
}

impl fmt::Display for AlertOrigin {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            AlertOrigin::Fired(id) => write!(out, "{FIRED}{id}"),
            AlertOrigin::FiredMany(count, first) => write!(out, "{FIRED}{GROUP}{count}/{first}"),
            AlertOrigin::Resolved(id) => write!(out, "{RESOLVED}{id}"),
            AlertOrigin::ResolvedMany(count, first) => {
                write!(out, "{RESOLVED}{GROUP}{count}/{first}")
            }
            AlertOrigin::Silenced(id) => write!(out, "{SILENCED}{}", id.raw()),
            AlertOrigin::Unsilenced(id) => write!(out, "{UNSILENCED}{}", id.raw()),
        }
    }
}

/// The text is no origin of an entry about alerts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not the origin of an entry about alerts")]
pub struct NoOrigin;

impl FromStr for AlertKey {
    type Err = NoOrigin;

    fn from_str(text: &str) -> Result<Self, NoOrigin> {
        let (fingerprint, starts_ms) = text.rsplit_once('/').ok_or(NoOrigin)?;
        Ok(AlertKey {
            fingerprint: fingerprint.to_owned(),
            starts_ms: starts_ms.parse().map_err(|_| NoOrigin)?,
        })
    }
}

impl FromStr for AlertId {
    type Err = NoOrigin;

    fn from_str(text: &str) -> Result<Self, NoOrigin> {
        if let Some(again) = text.strip_prefix(AGAIN) {
            let (times, key) = again.split_once('/').ok_or(NoOrigin)?;
            return Ok(AlertId::Again {
                times: times.parse().map_err(|_| NoOrigin)?,
                key: key.parse()?,
            });
        }
        let Some(group) = text.strip_prefix(GROUP) else {
            return text.parse().map(AlertId::Known);
        };
        let (count, rest) = group.split_once('/').ok_or(NoOrigin)?;
        if rest.starts_with(GROUP) {
            return Err(NoOrigin); // so many, of whom the first is one of a count
        }
        let (first, number) = rest.rsplit_once('/').ok_or(NoOrigin)?;
        Ok(AlertId::Counted {
            count: count.parse().map_err(|_| NoOrigin)?,
            first: first.parse()?,
            number: number.parse().map_err(|_| NoOrigin)?,
        })
    }
}

impl FromStr for AlertOrigin {
    type Err = NoOrigin;

    fn from_str(text: &str) -> Result<Self, NoOrigin> {
        if let Some(id) = text.strip_prefix(SILENCED) {
            return Ok(AlertOrigin::Silenced(id.into()));
        }
        if let Some(id) = text.strip_prefix(UNSILENCED) {
            return Ok(AlertOrigin::Unsilenced(id.into()));
        }
        let (is_over, alerts) = match (text.strip_prefix(FIRED), text.strip_prefix(RESOLVED)) {
            (Some(alerts), _) => (false, alerts),
            (None, Some(alerts)) => (true, alerts),
            (None, None) => return Err(NoOrigin),
        };
        let one = if is_over {
            AlertOrigin::Resolved
        } else {
            AlertOrigin::Fired
        };
        if let Ok(id) = alerts.parse() {
            return Ok(one(id));
        }
        let many = if is_over {
            AlertOrigin::ResolvedMany
        } else {
            AlertOrigin::FiredMany
        };
        let group = alerts.strip_prefix(GROUP).ok_or(NoOrigin)?;
        let (count, first) = group.split_once('/').ok_or(NoOrigin)?;
        Ok(many(count.parse().map_err(|_| NoOrigin)?, first.parse()?))
    }
}

#[cfg(test)]
mod tests;
