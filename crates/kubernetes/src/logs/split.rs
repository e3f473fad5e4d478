//! Bytes of a log, cut at any place, into lines and the time before each. A line is never held longer than what is kept of
//! it, however long it is.

use model::logs::{LINE_BYTES_MAX, Nanos};

/// Room for the time before the text.
const STAMP_BYTES_MAX: usize = 40;
/// What is held of one line.
const HELD_BYTES_MAX: usize = LINE_BYTES_MAX + STAMP_BYTES_MAX;

/// Holds the line that is not whole yet.
#[derive(Clone, Debug, Default)]
pub(crate) struct Splitter {
    held: Vec<u8>,
    /// Bytes of it that are not held.
    cut: u64,
}

/// One line of an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct RawLine<'a> {
    /// The time before it, where there was one.
    pub(crate) at: Option<Nanos>,
    pub(crate) text: &'a [u8],
    /// Bytes behind `text` that are not here.
    pub(crate) cut: u64,
}

impl Splitter {
    /// Gives each line that ends in `chunk`.
    pub(crate) fn push(&mut self, mut chunk: &[u8], mut each: impl FnMut(RawLine<'_>)) {
        while let Some(end) = memchr::memchr(b'\n', chunk) {
            let (line, rest) = (&chunk[..end], &chunk[end + 1..]);
            if self.is_empty() {
                let held = line.len().min(HELD_BYTES_MAX);
                each(raw(&line[..held], (line.len() - held) as u64));
            } else {
                self.hold(line);
                each(raw(&self.held, self.cut));
                self.clear();
            }
            chunk = rest;
        }
        self.hold(chunk);
    }

    /// The answer ended as it should: what has no line feed is a line all the same.
    pub(crate) fn end(&mut self, each: impl FnOnce(RawLine<'_>)) {
        if !self.is_empty() {
            each(raw(&self.held, self.cut));
        }
        self.clear();
    }

    /// The answer broke off: half a line comes again, whole.
    pub(crate) fn clear(&mut self) {
        self.held.clear();
        self.cut = 0;
    }

    fn is_empty(&self) -> bool {
        self.held.is_empty() && self.cut == 0
    }

    fn hold(&mut self, bytes: &[u8]) {
        let room = HELD_BYTES_MAX - self.held.len();
        let held = bytes.len().min(room);
        self.held.extend_from_slice(&bytes[..held]);
        self.cut += (bytes.len() - held) as u64;
    }
}

fn raw(line: &[u8], cut: u64) -> RawLine<'_> {
    let (at, text) = stamped(line);
    let text = if cut == 0 {
        text.strip_suffix(b"\r").unwrap_or(text)
    } else {
        text
    };
    let kept = text.len().min(LINE_BYTES_MAX);
    RawLine {
        at,
        text: &text[..kept],
        cut: cut + (text.len() - kept) as u64,
    }
}

/// Splits off the time as `timestamps=true` puts it before each line: RFC 3339 with up to nine digits of a second, in any
/// zone, and one space. A line without it (the kubelet's own words) is text as a whole.
fn stamped(line: &[u8]) -> (Option<Nanos>, &[u8]) {
    let at = || -> Option<(Nanos, usize)> {
        let number = |from: usize, digits: usize| {
            line.get(from..from + digits)?
                .iter()
                .try_fold(0i64, |number, byte| {
                    byte.is_ascii_digit()
                        .then(|| number * 10 + i64::from(byte - b'0'))
                })
        };
        let sign = |at: usize, wanted: u8| line.get(at).filter(|byte| **byte == wanted);
        sign(4, b'-')
            .and(sign(7, b'-'))
            .and(sign(10, b'T'))
            .and(sign(13, b':'))
            .and(sign(16, b':'))?;
        let days = days(number(0, 4)?, number(5, 2)?, number(8, 2)?)?;
        let mut seconds =
            days * 86_400 + number(11, 2)? * 3_600 + number(14, 2)? * 60 + number(17, 2)?;
        let (mut end, mut nanos) = (19, 0);
        if line.get(end) == Some(&b'.') {
            let digits = line[end + 1..]
                .iter()
                .take_while(|byte| byte.is_ascii_digit())
                .count();
            nanos =
                number(end + 1, digits.min(9))? * 10i64.pow(9 - u32::try_from(digits.min(9)).ok()?);
            end += 1 + digits;
        }
        match line.get(end)? {
            b'Z' => end += 1,
            sign @ (b'+' | b'-') => {
                let offset = number(end + 1, 2)? * 3_600 + number(end + 4, 2)? * 60;
                seconds -= if *sign == b'+' { offset } else { -offset };
                end += 6;
            }
            _ => return None,
        }
        let at = seconds.checked_mul(1_000_000_000)?.checked_add(nanos)?;
        (line.get(end).is_none_or(|byte| *byte == b' ')).then_some((Nanos(at), end))
    };
    match at() {
        Some((at, end)) => (Some(at), line.get(end + 1..).unwrap_or_default()),
        None => (None, line),
    }
}

/// Days since 1970-01-01, Howard Hinnant's `days_from_civil`; `None` for what is no date.
fn days(year: i64, month: i64, day: i64) -> Option<i64> {
    if !(1..=12).contains(&month) || !(1..=31).contains(&day) {
        return None;
    }
    let year = if month <= 2 { year - 1 } else { year };
    let of_era = year.rem_euclid(400);
    let of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    Some(
        year.div_euclid(400) * 146_097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year
            - 719_468,
    )
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn lines(splitter: &mut Splitter, chunk: &[u8]) -> Vec<(Option<i64>, Vec<u8>, u64)> {
        let mut lines = Vec::new();
        splitter.push(chunk, |line| {
            lines.push((line.at.map(|at| at.0), line.text.to_vec(), line.cut));
        });
        lines
    }

    #[test]
    fn a_time_is_read_in_every_form_and_what_is_none_is_text() {
        for (line, nanos, text) in [
            (
                "2026-03-01T03:24:08.120000001Z x",
                Some(1_772_335_448_120_000_001),
                "x",
            ),
            (
                "2026-03-01T05:24:08.12+02:00 x  y",
                Some(1_772_335_448_120_000_000),
                "x  y",
            ),
            (
                "2026-02-28T22:54:08-04:30 ",
                Some(1_772_335_448_000_000_000),
                "",
            ),
            ("2000-02-29T00:00:00Z", Some(951_782_400_000_000_000), ""),
            ("2026-13-01T03:24:08Z x", None, "2026-13-01T03:24:08Z x"),
            ("2026-03-01T03:24:08 x", None, "2026-03-01T03:24:08 x"),
            (
                "unable to retrieve container logs for containerd://x",
                None,
                "unable to retrieve container logs for containerd://x",
            ),
            ("", None, ""),
        ] {
            assert_eq!(
                lines(&mut Splitter::default(), format!("{line}\n").as_bytes()),
                [(nanos, text.as_bytes().to_vec(), 0)],
                "{line}"
            );
        }
    }

    proptest! {
        #[test]
        fn cut_at_any_byte_it_is_the_same(body in proptest::collection::vec(prop_oneof![Just(b'\n'), any::<u8>()], 0..200), cuts in proptest::collection::vec(0usize..200, 0..9)) {
            let whole = lines(&mut Splitter::default(), &body);
            let mut cuts: Vec<usize> = cuts.into_iter().map(|cut| cut.min(body.len())).chain([0, body.len()]).collect();
            cuts.sort_unstable();
            let mut splitter = Splitter::default();
            let pieces: Vec<_> = cuts.windows(2).flat_map(|pair| lines(&mut splitter, &body[pair[0]..pair[1]])).collect();
            prop_assert_eq!(whole, pieces);
        }
    }

    #[test]
    fn a_line_of_64_mb_is_cut_and_never_held() {
        let mut splitter = Splitter::default();
        let piece = vec![b'x'; 1 << 20];
        assert!(lines(&mut splitter, b"2026-03-01T03:24:08Z ").is_empty());
        for _ in 0..64 {
            assert!(lines(&mut splitter, &piece).is_empty());
            assert!(
                splitter.held.capacity() <= 4 * HELD_BYTES_MAX,
                "{}",
                splitter.held.capacity()
            );
        }
        let found = lines(&mut splitter, b"\nnext\n");
        assert_eq!(
            (found[0].1.len(), found[0].2),
            (LINE_BYTES_MAX, (64 << 20) - LINE_BYTES_MAX as u64)
        );
        assert_eq!(found[1].1, b"next");
        let mut at_once = vec![b'y'; 3 * LINE_BYTES_MAX];
        at_once.push(b'\n');
        assert_eq!(
            lines(&mut Splitter::default(), &at_once)[0].2,
            2 * LINE_BYTES_MAX as u64
        );
    }

    #[test]
    fn what_has_no_line_feed_is_a_line_only_when_the_answer_ended_well() {
        let mut splitter = Splitter::default();
        lines(&mut splitter, b"half a li");
        splitter.clear();
        let mut last = Vec::new();
        splitter.push(b"the last words", |_| {});
        splitter.end(|line| last = line.text.to_vec());
        assert_eq!(last, b"the last words");
    }
}
