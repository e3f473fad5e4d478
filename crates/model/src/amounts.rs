//! Amounts of CPU and memory: read as Kubernetes writes them, and written as short as they are true.

use serde::{Deserialize, Serialize};

const KIB: u64 = 1 << 10;
const MIB: u64 = 1 << 20;
const GIB: u64 = 1 << 30;

/// CPU and memory, each as far as it is set or known.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Amounts {
    /// Thousandths of a core.
    pub cpu_milli: Option<u32>,
    pub memory_bytes: Option<u64>,
}

/// `resources` of a container. Shared: the pods of one workload have the same.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Resources {
    pub requests: Amounts,
    pub limits: Amounts,
}

/// An amount of memory that was set, exactly: `256Mi`, `1500Mi`, `256M`.
pub fn exact_memory(bytes: u64) -> String {
    const SHORT: u64 = 100_000;
    let units = [
        (GIB, "Gi"),
        (MIB, "Mi"),
        (1_000_000_000, "G"),
        (1_000_000, "M"),
        (KIB, "Ki"),
        (1_000, "k"),
    ];
    let fits = |unit: u64| bytes >= unit && bytes.is_multiple_of(unit) && bytes / unit < SHORT;
    let unit = units.into_iter().find(|(unit, _)| fits(*unit));
    unit.map_or(bytes.to_string(), |(unit, name)| {
        format!("{}{name}", bytes / unit)
    })
}

/// An amount of memory that was measured, rounded: `131Mi`, `12Gi`.
pub fn about_memory(bytes: u64) -> String {
    let round = |unit: u64| (bytes + unit / 2) / unit;
    match bytes {
        0..MIB => format!("{}Ki", round(KIB)),
        _ if bytes < 10 * GIB => format!("{}Mi", round(MIB)),
        _ => format!("{}Gi", round(GIB)),
    }
}

/// `35m`, `2`, `1.5`.
pub fn cpu(milli: u32) -> String {
    match milli {
        0..1_000 => format!("{milli}m"),
        _ if milli.is_multiple_of(1_000) => (milli / 1_000).to_string(),
        _ => {
            let exact = format!("{}.{:03}", milli / 1_000, milli % 1_000);
            exact.trim_end_matches('0').to_owned()
        }
    }
}

/// More digits than any amount that is shown has; what is longer is not read.
const DIGITS_MAX: usize = 18;

/// A Kubernetes quantity in thousandths, rounded up as the API does:
/// <https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/quantity/>. `None` of what is none.
pub fn thousandths(quantity: &str) -> Option<u128> {
    let quantity = quantity.trim();
    let end = quantity
        .find(|character: char| !character.is_ascii_digit() && character != '.')
        .unwrap_or(quantity.len());
    let (number, suffix) = quantity.split_at(end);
    let (whole, fraction) = number.split_once('.').unwrap_or((number, ""));
    if number.len() > DIGITS_MAX || (whole.is_empty() && fraction.is_empty()) {
        return None;
    }
    let digits: u128 = format!("{whole}{fraction}").parse().ok()?;
    let scale = 10u128.pow(u32::try_from(fraction.len()).ok()?);
    let (factor, divisor) = factor(suffix)?;
    Some((digits * factor).div_ceil(scale * divisor))
}

/// What a suffix makes of a number, in thousandths: times this, through that.
fn factor(suffix: &str) -> Option<(u128, u128)> {
    let binary = |power: u32| Some((1_000 << (10 * power), 1));
    let decimal = |power: u32| Some((10u128.pow(power), 1));
    match suffix {
        "" => decimal(3),
        "n" => Some((1, 1_000_000)),
        "u" => Some((1, 1_000)),
        "m" => Some((1, 1)),
        "k" => decimal(6),
        "M" => decimal(9),
        "G" => decimal(12),
        "T" => decimal(15),
        "P" => decimal(18),
        "E" => decimal(21),
        "Ki" => binary(1),
        "Mi" => binary(2),
        "Gi" => binary(3),
        "Ti" => binary(4),
        "Pi" => binary(5),
        "Ei" => binary(6),
        exponent => {
            let power: i32 = exponent.strip_prefix(['e', 'E'])?.parse().ok()?;
            match power + 3 {
                power @ 0..=24 => decimal(power.unsigned_abs()),
                power @ -12..0 => Some((1, 10u128.pow(power.unsigned_abs()))),
                _ => None,
            }
        }
    }
}

impl Amounts {
    /// From quantities as they are written; what cannot be read is not known.
    pub fn read(cpu: Option<&str>, memory: Option<&str>) -> Self {
        let milli = |text: &str| u32::try_from(thousandths(text)?).ok();
        let bytes = |text: &str| u64::try_from(thousandths(text)?.div_ceil(1_000)).ok();
        Amounts {
            cpu_milli: cpu.and_then(milli),
            memory_bytes: memory.and_then(bytes),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quantities_are_read_as_kubernetes_reads_them() {
        for (text, expected) in [
            ("0", Some(0)),
            ("1", Some(1_000)),
            ("100m", Some(100)),
            ("1500m", Some(1_500)),
            ("0.5", Some(500)),
            (".5", Some(500)),
            ("1.", Some(1_000)),
            ("35123456n", Some(36)),
            ("250u", Some(1)),
            ("2k", Some(2_000_000)),
            ("1e3", Some(1_000_000)),
            ("1E-3", Some(1)),
            ("1Ki", Some(1_024_000)),
            ("256Mi", Some(268_435_456_000)),
            ("1.5Gi", Some(1_610_612_736_000)),
            ("8E", Some(8_000_000_000_000_000_000_000)),
            ("", None),
            ("Mi", None),
            ("-1", None),
            ("1.2.3", None),
            ("12x", None),
            ("1e99", None),
            ("99999999999999999999999", None),
        ] {
            assert_eq!(thousandths(text), expected, "{text}");
        }
    }

    #[test]
    fn what_was_set_is_said_exactly_and_what_was_measured_is_rounded() {
        for (bytes, exact, about) in [
            (256 * MIB, "256Mi", "256Mi"),
            (1_500 * MIB, "1500Mi", "1500Mi"),
            (2 * GIB, "2Gi", "2048Mi"),
            (256_000_000, "256M", "244Mi"),
            (130 * MIB + 400_000, "136714880", "130Mi"),
            (12 * GIB, "12Gi", "12Gi"),
            (512 * KIB, "512Ki", "512Ki"),
            (1_000, "1k", "1Ki"),
            (7, "7", "0Ki"),
        ] {
            assert_eq!(
                (exact_memory(bytes).as_str(), about_memory(bytes).as_str()),
                (exact, about)
            );
        }
        assert_eq!(
            [cpu(35), cpu(1_000), cpu(1_500), cpu(0)],
            ["35m", "1", "1.5", "0m"]
        );
    }
}
