//! Bytes of any kind to text with lines.

use std::borrow::Cow;

use text::Outside;

use crate::problem::{RunbookFault, RunbookProblem, SourceLines};

/// Longest document that is read whole: a hundred times a long runbook.
pub const DOCUMENT_BYTES_MAX: usize = 2 * 1024 * 1024;

/// Longest line that is read: a line of a runbook is read by people.
pub const LINE_BYTES_MAX: usize = 64 * 1024;

/// How many signs of quotes and lists one line may begin with.
const LINE_MARKERS_MAX: usize = 64;

#[derive(Debug)]
pub(crate) struct Source {
    pub text: String,
    starts: Vec<usize>,
}

impl Source {
    pub(crate) fn read(bytes: &[u8], problems: &mut Vec<RunbookProblem>) -> Source {
        let mut say = |fault: RunbookFault| {
            problems.push(RunbookProblem {
                lines: SourceLines { first: 1, last: 1 },
                fault,
            })
        };
        let kept = &bytes[..bytes.len().min(DOCUMENT_BYTES_MAX)];
        if kept.len() < bytes.len() {
            say(RunbookFault::TooLong {
                left_out_bytes: bytes.len() - kept.len(),
            });
        }
        let text = match utf16(kept) {
            Some(text) => {
                say(RunbookFault::Utf16);
                Cow::Owned(text)
            }
            None if kept.contains(&0) => {
                say(RunbookFault::Binary);
                Cow::Borrowed("")
            }
            None => utf8(kept, kept.len() < bytes.len(), &mut say),
        };
        let text = text.trim_start_matches('\u{feff}').replace("\r\n", "\n");
        let (text, left_out) = bounded(text);
        problems.extend(left_out);
        let starts = std::iter::once(0)
            .chain(text.match_indices('\n').map(|(at, _)| at + 1))
            .collect();
        Source { text, starts }
    }

    /// The line, from 1, in which a byte stands.
    pub(crate) fn line(&self, at: usize) -> usize {
        self.starts.partition_point(|start| *start <= at).max(1)
    }

    pub(crate) fn lines(&self, range: std::ops::Range<usize>) -> SourceLines {
        let text = &self.text[range.clone()];
        let end = range.start + text.trim_end().len().max(1);
        SourceLines {
            first: self.line(range.start),
            last: self.line(end - 1),
        }
    }

    pub(crate) fn line_count(&self) -> usize {
        self.starts.len()
    }
}

fn utf16(bytes: &[u8]) -> Option<String> {
    let read = |units: fn([u8; 2]) -> u16| {
        let units: Vec<u16> = bytes[2..]
            .chunks_exact(2)
            .map(|pair| units([pair[0], pair[1]]))
            .collect();
        String::from_utf16_lossy(&units)
    };
    match bytes.get(..2)? {
        [0xff, 0xfe] => Some(read(u16::from_le_bytes)),
        [0xfe, 0xff] => Some(read(u16::from_be_bytes)),
        _ => None,
    }
}

fn utf8<'b>(bytes: &'b [u8], is_cut: bool, say: &mut impl FnMut(RunbookFault)) -> Cow<'b, str> {
    match std::str::from_utf8(bytes) {
        Ok(text) => Cow::Borrowed(text),
        Err(error) if is_cut && error.error_len().is_none() => {
            let text = std::str::from_utf8(&bytes[..error.valid_up_to()]);
            Cow::Borrowed(text.unwrap_or_default())
        }
        Err(_) => {
            say(RunbookFault::NotUtf8);
            Cow::Owned(Outside::from_bytes(bytes).raw().to_owned())
        }
    }
}

/// Signs of quotes and lists that a line begins with.
fn markers(line: &str) -> usize {
    let mut count = 0;
    let mut rest = line.trim_start();
    loop {
        let next = rest.strip_prefix('>').or_else(|| {
            let marker = rest.strip_prefix(['-', '*', '+'])?;
            marker.starts_with([' ', '\t']).then_some(marker)
        });
        let Some(next) = next else {
            return count;
        };
        count += 1;
        rest = next.trim_start_matches([' ', '\t']);
    }
}

/// The text without what of a line nests deeper, or is longer, than anything that is read; and what was left out where.
fn bounded(text: String) -> (String, Vec<RunbookProblem>) {
    let is_ruler = |line: &str| line.trim().chars().all(|one| "-* ".contains(one));
    let is_deep = |line: &str| markers(line) > LINE_MARKERS_MAX && !is_ruler(line);
    let is_plain = |line: &str| line.len() <= LINE_BYTES_MAX && !is_deep(line);
    if text.lines().all(is_plain) {
        return (text, Vec::new());
    }
    let mut problems: Vec<RunbookProblem> = Vec::new();
    let mut kept = String::with_capacity(text.len());
    for (index, line) in text.split_inclusive('\n').enumerate() {
        let number = index + 1;
        let lines = SourceLines {
            first: number,
            last: number,
        };
        let mut say = |fault: RunbookFault| {
            // One of a kind is enough to look there.
            if !problems.iter().any(|problem| problem.fault == fault) {
                problems.push(RunbookProblem { lines, fault });
            }
        };
        let mut line = line;
        if is_deep(line) {
            say(RunbookFault::TooDeep);
            line = line.trim_start_matches([' ', '\t', '>', '-', '*', '+']);
        }
        if line.len() <= LINE_BYTES_MAX {
            kept.push_str(line);
            continue;
        }
        say(RunbookFault::LineTooLong);
        let mut end = LINE_BYTES_MAX;
        while !line.is_char_boundary(end) {
            end -= 1;
        }
        kept.push_str(&line[..end]);
        kept.push('\n');
    }
    (kept, problems)
}
