//! Values as people type them: a moment, a rate, a time-out.

use std::fmt;
use std::str::FromStr;
use std::time::Duration;

use chrono::{DateTime, Days, FixedOffset, NaiveDate, NaiveDateTime, NaiveTime, TimeDelta, Utc};

/// A year: beyond it a typing mistake is likelier than an intention.
const AGO_MAX_S: u64 = 366 * 24 * 3600;

/// A day: no request is worth more.
const TIMEOUT_MAX_S: f64 = 86_400.0;

/// Changes or lines each second that the emulated cluster takes on.
const RATE_MAX: f64 = 1_000_000.0;

/// A moment as it is typed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Moment {
    /// `90m`: so long ago.
    Ago(Duration),
    /// `02:50`: the last time it was that late in the displayed zone.
    Clock(NaiveTime),
    /// `2026-03-01` or `2026-03-01T02:50`, in the displayed zone.
    Local(NaiveDateTime),
    /// `2026-03-01T02:50Z`, with its own zone.
    At(DateTime<Utc>),
}

impl Moment {
    /// The moment itself, seen from `now` in the displayed zone. `None` beyond the calendar.
    pub fn resolve(self, now: DateTime<Utc>, zone: FixedOffset) -> Option<DateTime<Utc>> {
        let local = |time: NaiveDateTime| {
            time.and_local_timezone(zone)
                .single()
                .map(|time| time.with_timezone(&Utc))
        };
        match self {
            Moment::Ago(time) => now.checked_sub_signed(TimeDelta::from_std(time).ok()?),
            Moment::At(time) => Some(time),
            Moment::Local(time) => local(time),
            Moment::Clock(time) => {
                let today = now.with_timezone(&zone).date_naive();
                let moment = local(today.and_time(time))?;
                if moment <= now {
                    return Some(moment);
                }
                local(today.checked_sub_days(Days::new(1))?.and_time(time))
            }
        }
    }
}

impl FromStr for Moment {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        if let Some(time) = duration(text) {
            return match time.as_secs() {
                0..=AGO_MAX_S => Ok(Moment::Ago(time)),
                _ => Err("more than a year ago".to_owned()),
            };
        }
        if let Ok(time) = DateTime::parse_from_rfc3339(text)
            .or_else(|_| DateTime::parse_from_str(text, "%Y-%m-%dT%H:%M%#z"))
        {
            return Ok(Moment::At(time.with_timezone(&Utc)));
        }
        if let Some(text) = text.strip_suffix(['Z', 'z'])
            && let Ok(time) = NaiveDateTime::parse_from_str(text, "%Y-%m-%dT%H:%M")
        {
            return Ok(Moment::At(time.and_utc()));
        }
        for form in [
            "%Y-%m-%dT%H:%M:%S",
            "%Y-%m-%dT%H:%M",
            "%Y-%m-%d %H:%M:%S",
            "%Y-%m-%d %H:%M",
        ] {
            if let Ok(time) = NaiveDateTime::parse_from_str(text, form) {
                return Ok(Moment::Local(time));
            }
        }
        if let Ok(day) = NaiveDate::parse_from_str(text, "%Y-%m-%d") {
            return Ok(Moment::Local(day.and_time(NaiveTime::MIN)));
        }
        for form in ["%H:%M:%S", "%H:%M"] {
            if let Ok(time) = NaiveTime::parse_from_str(text, form) {
                return Ok(Moment::Clock(time));
            }
        }
        Err("write 90m, 2h or 3d ago, 02:50, or 2026-03-01T02:50Z".to_owned())
    }
}

/// So many each second.
#[derive(Clone, Copy, Debug, Default, PartialEq, PartialOrd)]
pub struct Rate {
    /// Not negative, finite.
    pub per_second: f64,
}

impl FromStr for Rate {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let (number, seconds) = match text.split_once('/') {
            None | Some((_, "s")) => (text.split('/').next().unwrap_or(text), 1.0),
            Some((number, "m")) => (number, 60.0),
            Some(_) => return Err("write a number each second, such as 50/s".to_owned()),
        };
        match number.parse::<f64>() {
            Ok(count) if (0.0..=RATE_MAX).contains(&count) => Ok(Rate {
                per_second: count / seconds,
            }),
            Ok(_) => Err(format!("between 0 and {RATE_MAX}/s")),
            Err(_) => Err("write a number each second, such as 50/s".to_owned()),
        }
    }
}

impl fmt::Display for Rate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/s", self.per_second)
    }
}

/// A time-out as kubectl takes it: `10s`, `1m30s`, seconds without a unit; `None` for 0, which never gives up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Timeout(pub Option<Duration>);

impl FromStr for Timeout {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let time = match text.parse::<u32>() {
            Ok(seconds) => Duration::from_secs(seconds.into()),
            Err(_) => {
                duration(text).ok_or("write a number with a unit, such as 10s, 1m or 500ms")?
            }
        };
        if time.as_secs_f64() > TIMEOUT_MAX_S {
            return Err("more than a day".to_owned());
        }
        Ok(Timeout((!time.is_zero()).then_some(time)))
    }
}

/// `1h30m`, `10s`, `500ms`, `2d`: numbers, each with its unit.
pub fn duration(text: &str) -> Option<Duration> {
    let mut rest = text;
    let mut total = 0.0;
    while !rest.is_empty() {
        let digits = rest.find(|c: char| !c.is_ascii_digit() && c != '.')?;
        let number: f64 = rest[..digits].parse().ok()?;
        rest = &rest[digits..];
        let unit = &rest[..rest
            .find(|c: char| !c.is_ascii_alphabetic())
            .unwrap_or(rest.len())];
        rest = &rest[unit.len()..];
        total += number
            * match unit {
                "ms" => 0.001,
                "s" => 1.0,
                "m" => 60.0,
                "h" => 3_600.0,
                "d" => 86_400.0,
                "w" => 604_800.0,
                _ => return None,
            };
    }
    (!text.is_empty())
        .then(|| Duration::try_from_secs_f64(total).ok())
        .flatten()
}
