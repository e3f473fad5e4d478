//! The world's objects as the API answers them: JSON, protobuf, and the tables that kubectl prints.

pub mod json;
pub mod pod_status;
pub mod protobuf;
pub mod table;

use chrono::{DateTime, SecondsFormat, Utc};

use super::world::object::Millis;

/// RFC 3339 with whole seconds, as `metav1.Time` is written.
pub fn time(at: Millis) -> String {
    instant(at).to_rfc3339_opts(SecondsFormat::Secs, true)
}

fn instant(at: Millis) -> DateTime<Utc> {
    DateTime::from_timestamp_millis(at).unwrap_or_default()
}

/// An age as kubectl words it (`k8s.io/apimachinery/pkg/util/duration.HumanDuration`).
pub fn age(ms: Millis) -> String {
    let s = ms.max(0) / 1_000;
    let (m, h, d) = (s / 60, s / 3_600, s / 86_400);
    let pair = |big: i64, big_unit: &str, small: i64, small_unit: &str| match small {
        0 => format!("{big}{big_unit}"),
        small => format!("{big}{big_unit}{small}{small_unit}"),
    };
    match (s, m, h, d) {
        (0..=119, ..) => format!("{s}s"),
        (_, 0..=9, ..) => pair(m, "m", s % 60, "s"),
        (_, 10..=179, ..) => format!("{m}m"),
        (_, _, 0..=7, _) => pair(h, "h", m % 60, "m"),
        (_, _, 8..=47, _) => format!("{h}h"),
        (_, _, 48..=191, _) => pair(d, "d", h % 24, "h"),
        (_, _, _, 0..=729) => format!("{d}d"),
        _ => pair(d / 365, "y", d % 365, "d"),
    }
}

#[cfg(test)]
mod tests {
    use super::age;

    #[test]
    fn an_age_reads_as_kubectl_prints_it() {
        let cases = [
            (0, "0s"),
            (119, "119s"),
            (120, "2m"),
            (125, "2m5s"),
            (660, "11m"),
            (10_800, "3h"),
            (11_000, "3h3m"),
            (180_000, "2d2h"),
            (3 * 86_400, "3d"),
            (9 * 86_400, "9d"),
        ];
        for (seconds, text) in cases {
            assert_eq!(age(seconds * 1_000), text, "{seconds} s");
        }
    }
}
