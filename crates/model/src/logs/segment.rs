//! What a log stream delivers: immutable segments of lines, each with the time that the node gave it. Never a whole log.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::filter::Filter;
use crate::meta::Uid;
use crate::redact;
use text::{Outside, SafeText};

/// A segment is sealed when its text reaches this: small enough to be let go one by one, large enough to cost no message
/// a line.
pub const SEGMENT_BYTES_MAX: usize = 256 << 10;
/// A longer line is cut: container runtimes split at 16 KB, so nothing ordinary comes near.
pub const LINE_BYTES_MAX: usize = 32 << 10;

/// Which log: one container of one pod, or the instance of it that ended before.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct StreamId {
    pub namespace: Outside,
    /// Name of the pod.
    pub pod: Outside,
    /// Uid of the pod: a new one of the same name is another stream.
    pub uid: Uid,
    pub container: Outside,
    /// The instance before the present one, and only that.
    pub is_previous: bool,
}

/// Nanoseconds since the Unix epoch: what the time of a line is exact to.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
#[serde(transparent)]
pub struct Nanos(pub i64);

impl Nanos {
    /// As a UTC time.
    pub fn utc(self) -> DateTime<Utc> {
        DateTime::from_timestamp_nanos(self.0)
    }

    /// The whole second it lies in.
    pub fn second(self) -> i64 {
        self.0.div_euclid(1_000_000_000)
    }

    /// Milliseconds from `earlier`; 0 when that is later.
    pub fn since_ms(self, earlier: Nanos) -> u64 {
        u64::try_from(self.0.saturating_sub(earlier.0) / 1_000_000).unwrap_or(0)
    }
}

impl From<DateTime<Utc>> for Nanos {
    fn from(time: DateTime<Utc>) -> Self {
        Nanos(time.timestamp_nanos_opt().unwrap_or(0))
    }
}

/// What is said in place of lines, or about one. Lines are never lost without one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Marker {
    /// The line is longer than what is kept of it.
    Cut {
        /// Bytes of it that are not here.
        bytes: u64,
    },
    /// What was printed between these two moments may be missing: the log was rotated away while nobody was connected.
    Gap {
        /// The last line before.
        from: Nanos,
        /// The first line after.
        until: Nanos,
    },
    /// From here on another instance of the container speaks.
    Restarted {
        /// Restarts of the container now.
        restarts: u32,
        /// From the last line before to the first line after, in milliseconds.
        after_ms: u64,
        /// The last lines of the instance before may be missing.
        is_tail_missing: bool,
    },
    /// Nothing more is read: the pod is gone, or its container is done.
    Ended,
    /// Lines that came and could not be kept.
    Dropped { lines: u64 },
    /// Others took its place among those that are followed. What it prints is read when it has one again.
    SetAside,
}

/// One line, or a marker between lines.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LogLine {
    /// When the node took it from the container.
    pub at: Nanos,
    start: u32,
    end: u32,
    /// Said about this line, or in place of one.
    pub marker: Option<Box<Marker>>,
}

impl LogLine {
    /// It is no line of the container: only the marker speaks.
    pub fn is_marker(&self) -> bool {
        self.marker
            .as_deref()
            .is_some_and(|marker| !matches!(marker, Marker::Cut { .. }))
    }
}

/// Lines of one stream in the order in which they were printed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Segment {
    pub stream: Arc<StreamId>,
    text: Outside,
    lines: Box<[LogLine]>,
}

impl Segment {
    /// The lines, markers among them.
    pub fn lines(&self) -> &[LogLine] {
        &self.lines
    }

    /// The original text of a line of this segment; empty for one of another.
    pub fn text(&self, line: &LogLine) -> &str {
        self.text
            .raw()
            .get(line.start as usize..line.end as usize)
            .unwrap_or_default()
    }

    /// SHA-256 of a line's original bytes, in hex: what an evidence is checked by.
    pub fn sha256(&self, line: &LogLine) -> String {
        use sha2::{Digest, Sha256};
        use std::fmt::Write as _;
        let bytes = Outside::from(self.text(line));
        Sha256::digest(bytes.raw_bytes())
            .iter()
            .fold(String::new(), |mut hex, byte| {
                let _ = write!(hex, "{byte:02x}");
                hex
            })
    }

    /// What a person may see of a line.
    pub fn shown(&self, line: &LogLine) -> SafeText<'_> {
        SafeText::from(self.text(line))
    }

    /// Lines that the container printed.
    pub fn printed(&self) -> u64 {
        self.lines.iter().filter(|line| !line.is_marker()).count() as u64
    }

    /// Markers in place of lines.
    pub fn markers(&self) -> usize {
        self.lines.iter().filter(|line| line.is_marker()).count()
    }

    /// Lines that its markers say could not be kept.
    pub fn dropped(&self) -> u64 {
        let dropped = |line: &LogLine| match line.marker.as_deref() {
            Some(Marker::Dropped { lines }) => *lines,
            _ => 0,
        };
        self.lines.iter().map(dropped).sum()
    }

    /// Whether a line passes: by its text without colours, or by what stands of it in the end.
    pub fn passes(&self, line: &LogLine, filter: &Filter) -> bool {
        let text = self.text(line);
        let (plain, last) = (text::without_colours(text), text::last_state(text));
        filter.matches(&[Some(&*plain), last.as_deref()].into_iter().flatten())
    }

    /// The numbers of the lines that pass, and of all markers: what is missing might have passed.
    pub fn matching(&self, filter: &Filter) -> Vec<u32> {
        let lines = self.lines.iter().zip(0..);
        lines
            .filter(|(line, _)| line.is_marker() || self.passes(line, filter))
            .map(|(_, number)| number)
            .collect()
    }

    /// The same lines without their secrets, of which one may reach over several lines.
    #[must_use]
    pub fn redacted(&self) -> Segment {
        let texts: Vec<&str> = self.lines.iter().map(|line| self.text(line)).collect();
        let secrets = redact::spans(&texts.join("\n"));
        let mut clean = OpenSegment::default();
        let mut start = 0;
        for (line, text) in self.lines.iter().zip(texts) {
            let from = clean.text.len();
            clean.text.push_str(&redact::cut(text, start, &secrets));
            clean.push(line.at, from, line.marker.clone());
            start += text.len() + 1;
        }
        clean.seal(&self.stream)
    }

    /// What it takes in memory.
    pub fn bytes(&self) -> usize {
        self.text.raw().len() + self.lines.len() * size_of::<LogLine>() + size_of::<Segment>()
    }
}

/// A segment that is being filled.
#[derive(Clone, Debug, Default)]
pub struct OpenSegment {
    text: String,
    lines: Vec<LogLine>,
}

impl OpenSegment {
    /// Adds a line; bytes that are not UTF-8 are kept (see [`Outside::from_bytes`]). `cut_bytes` of it are not here.
    pub fn line(&mut self, at: Nanos, bytes: &[u8], cut_bytes: u64) {
        let start = self.text.len();
        match plain(bytes) {
            Some(text) => self.text.push_str(text),
            None => self.text.push_str(Outside::from_bytes(bytes).raw()),
        }
        let marker = (cut_bytes > 0).then(|| Box::new(Marker::Cut { bytes: cut_bytes }));
        self.push(at, start, marker);
    }

    /// Adds a marker between lines.
    pub fn marker(&mut self, at: Nanos, marker: Marker) {
        let start = self.text.len();
        self.push(at, start, Some(Box::new(marker)));
    }

    fn push(&mut self, at: Nanos, start: usize, marker: Option<Box<Marker>>) {
        let place = |offset: usize| u32::try_from(offset).unwrap_or(u32::MAX);
        self.lines.push(LogLine {
            at,
            start: place(start),
            end: place(self.text.len()),
            marker,
        });
    }

    /// Nothing in it.
    pub fn is_empty(&self) -> bool {
        self.lines.is_empty()
    }

    /// It should be sealed before anything is added.
    pub fn is_full(&self) -> bool {
        self.text.len() >= SEGMENT_BYTES_MAX
    }

    /// Closes it for good, and begins anew.
    pub fn seal(&mut self, stream: &Arc<StreamId>) -> Segment {
        let text = Outside::from(self.text.as_str());
        self.text.clear();
        Segment {
            stream: Arc::clone(stream),
            text,
            lines: std::mem::take(&mut self.lines).into(),
        }
    }
}

/// The bytes as they are, where no byte has to be held as something else: those of plane 16 begin with 0xF4.
fn plain(bytes: &[u8]) -> Option<&str> {
    if bytes.is_ascii() || memchr::memchr(0xF4, bytes).is_none() {
        return std::str::from_utf8(bytes).ok();
    }
    None
}
