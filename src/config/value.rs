//! The types of the settings, each with the words it is written with.

use std::str::FromStr;

/// Which colours may be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Palette {
    /// The terminal's own 16.
    Sixteen,
    /// 24 bits, the same on every terminal.
    True,
    /// 256 colours that differ for eyes that confuse red and green.
    Safe,
    /// None.
    Mono,
}

/// Whether only ASCII is drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ascii {
    /// When the locale is not UTF-8.
    Auto,
    /// Yes.
    Always,
    /// No, whatever the locale says.
    Never,
}

/// The zone in which times are typed and shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Zone {
    /// UTC.
    Utc,
    /// That of this machine.
    Local,
    /// A fixed offset.
    Offset {
        /// East of Greenwich.
        minutes: i16,
    },
}

/// How much goes into the log file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum LogLevel {
    /// Failures only.
    Error,
    /// And what may become one.
    Warn,
    /// And what happened.
    Info,
    /// And why.
    Debug,
    /// Everything.
    Trace,
}

/// Words of [`Palette`].
pub(super) const PALETTES: &[(&str, Palette)] = &[
    ("16", Palette::Sixteen),
    ("truecolor", Palette::True),
    ("safe", Palette::Safe),
    ("mono", Palette::Mono),
];

/// Words of [`Ascii`].
pub(super) const ASCII: &[(&str, Ascii)] = &[
    ("auto", Ascii::Auto),
    ("true", Ascii::Always),
    ("false", Ascii::Never),
];

/// Words of a switch. A file has the first two without quotes.
pub(super) const SWITCH: &[(&str, bool)] = &[("true", true), ("false", false)];

/// Words of [`LogLevel`].
pub(super) const LEVELS: &[(&str, LogLevel)] = &[
    ("error", LogLevel::Error),
    ("warn", LogLevel::Warn),
    ("info", LogLevel::Info),
    ("debug", LogLevel::Debug),
    ("trace", LogLevel::Trace),
];

impl LogLevel {
    /// As it is written.
    pub fn name(self) -> &'static str {
        LEVELS
            .iter()
            .find(|(_, level)| *level == self)
            .map_or("info", |(name, _)| name)
    }
}

impl FromStr for Zone {
    type Err = ();

    fn from_str(text: &str) -> Result<Zone, ()> {
        match text {
            "UTC" | "utc" | "Z" => return Ok(Zone::Utc),
            "local" => return Ok(Zone::Local),
            _ => {}
        }
        let sign = match text.chars().next() {
            Some('+') => 1,
            Some('-') => -1,
            _ => return Err(()),
        };
        let (hours, minutes) = text[1..].split_once(':').ok_or(())?;
        if hours.len() != 2 || minutes.len() != 2 {
            return Err(());
        }
        let (hours, minutes): (i16, i16) = (
            hours.parse().map_err(|_| ())?,
            minutes.parse().map_err(|_| ())?,
        );
        // The widest offsets in use are +14:00 and -12:00.
        if !(0..=14).contains(&hours) || !(0..=59).contains(&minutes) {
            return Err(());
        }
        Ok(Zone::Offset {
            minutes: sign * (hours * 60 + minutes),
        })
    }
}
