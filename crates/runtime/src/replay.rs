//! Replays a recording: the same messages through the same rules, without clusters and store. Sends nothing, stores nothing.

use std::io::{BufRead, Read};

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use serde_json::Value;
use thiserror::Error;
use unicode_width::UnicodeWidthStr;

use model::Model;
use model::message::{Effect, Input, Msg};
use model::time::At;
use view::theme::Theme;

use super::recording::{self, FORMAT, Line, Start};

/// Longest line that is read: the list of a large cluster is far below it.
const LINE_BYTES_MAX: u64 = 64 << 20;
/// No terminal is larger, in columns and rows.
const SIZE_MAX: (u16, u16) = (1_000, 500);

/// A frame as it was drawn while the recording was made.
pub struct Frame<'a> {
    /// Counted from 1.
    pub number: u32,
    /// When the last message before it came.
    pub at: At,
    model: &'a Model,
    theme: Theme,
}

/// What a replay came to.
#[derive(Debug)]
pub struct Replayed {
    /// How it began.
    pub start: Start,
    /// The last message came then.
    pub end: At,
    /// So many messages were replayed.
    pub messages: u64,
    /// So many frames were drawn.
    pub frames: u32,
    /// Where the effects differ first.
    pub difference: Option<Difference>,
    /// The line that was not written to its end: the console was killed, or the disk was full.
    pub cut: Option<u64>,
    /// Why the recording ended before the console did.
    pub stopped: Option<String>,
}

/// Effects that are not those of the recording.
#[derive(Clone, Debug, PartialEq)]
pub struct Difference {
    /// Line of the recording, from 1.
    pub line: u64,
    /// Which effect of that line, from 1.
    pub effect: usize,
    /// As recorded; none when the recording has fewer.
    pub expected: Option<Value>,
    /// As computed now; none when there are fewer now.
    pub found: Option<Value>,
}

/// Why a file cannot be replayed.
#[derive(Debug, Error)]
pub enum Problem {
    /// It cannot be read.
    #[error("cannot be read: {0}")]
    Unreadable(#[from] std::io::Error),
    /// The first line does not begin a recording.
    #[error("is not a recording of watchfloor: its first line is none of one")]
    NoRecording,
    /// Another version made it.
    #[error(
        "was recorded in format {format} by watchfloor {version}; this one reads format {FORMAT}"
    )]
    Format {
        format: u64,
        /// The version that made it.
        version: String,
    },
    /// A line is none of this version's.
    #[error("line {line} is none of a recording by this version: {why}")]
    Line {
        /// Which, from 1.
        line: u64,
        why: String,
    },
}

impl Frame<'_> {
    /// The screen, cell by cell.
    pub fn buffer(&self) -> Buffer {
        let (columns, rows) = self.model.screen.size;
        let mut buffer = Buffer::empty(Rect::new(0, 0, columns, rows));
        view::draw(self.model, &self.theme, &mut buffer);
        buffer
    }

    /// The text of the screen, blanks at the ends of its lines cut.
    pub fn text(&self) -> String {
        let buffer = self.buffer();
        let columns = buffer.area.width;
        let mut text = String::new();
        for cells in buffer.content.chunks(usize::from(columns).max(1)) {
            let mut line = String::new();
            let mut covered = 0;
            for cell in cells {
                if covered == 0 {
                    line.push_str(cell.symbol());
                    covered = cell.symbol().width().max(1);
                }
                covered -= 1;
            }
            text.push_str(line.trim_end());
            text.push('\n');
        }
        text
    }
}

/// Replays all of it; `show` sees each frame in its turn.
///
/// # Errors
/// It is no recording, or a line before the last is none of one.
pub fn replay(
    mut recording: impl BufRead,
    mut show: impl FnMut(&Frame<'_>),
) -> Result<Replayed, Problem> {
    let start = start(&mut recording)?;
    let mut model = start.model();
    let mut replayed = Replayed {
        end: start.at,
        start,
        messages: 0,
        frames: 0,
        difference: None,
        cut: None,
        stopped: None,
    };
    let mut number = 1;
    while let Some(text) = line(&mut recording)? {
        number += 1;
        let (expected, effects) = match parse(&text, number)? {
            None => {
                replayed.cut = Some(number);
                break;
            }
            Some(Line::Message { at, msg, effects }) => {
                replayed.messages += 1;
                replayed.end = at;
                (effects, update::update(&mut model, at, *msg))
            }
            Some(Line::Leave { at, effects }) => {
                replayed.end = at;
                (effects, update::leave(&mut model, at))
            }
            Some(Line::Frame(frame)) => {
                replayed.frames = frame;
                show(&Frame {
                    number: frame,
                    at: replayed.end,
                    model: &model,
                    theme: replayed.start.theme,
                });
                continue;
            }
            Some(Line::Stopped(why)) => {
                replayed.stopped = Some(why);
                continue;
            }
        };
        if replayed.difference.is_none() {
            replayed.difference = compare(number, expected, &effects)?;
        }
    }
    Ok(replayed)
}

fn start(recording: &mut impl BufRead) -> Result<Start, Problem> {
    let text = line(recording)?.unwrap_or_default();
    let value: Value = serde_json::from_slice(&text).map_err(|_| Problem::NoRecording)?;
    let (Some(version), Some(format)) = (value["watchfloor"].as_str(), value["format"].as_u64())
    else {
        return Err(Problem::NoRecording);
    };
    if format != u64::from(FORMAT) {
        let version = version.to_owned();
        return Err(Problem::Format { format, version });
    }
    serde_json::from_value(value).map_err(|error| Problem::Line {
        line: 1,
        why: error.to_string(),
    })
}

/// The next line with its end; `None` after the last.
fn line(recording: &mut impl BufRead) -> Result<Option<Vec<u8>>, Problem> {
    let mut text = Vec::new();
    recording
        .by_ref()
        .take(LINE_BYTES_MAX)
        .read_until(b'\n', &mut text)?;
    Ok((!text.is_empty()).then_some(text))
}

/// `None` when it was not written to its end.
fn parse(text: &[u8], line: u64) -> Result<Option<Line>, Problem> {
    if !text.ends_with(b"\n") {
        return Ok(None);
    }
    let wrong = |why: String| Problem::Line { line, why };
    let parsed: Line = serde_json::from_slice(text).map_err(|error| wrong(error.to_string()))?;
    if let Line::Message { msg, .. } = &parsed
        && let Msg::Input(Input::Resize { columns, rows }) = **msg
        && (columns > SIZE_MAX.0 || rows > SIZE_MAX.1)
    {
        return Err(wrong(format!("no terminal has {columns}x{rows} cells")));
    }
    Ok(Some(parsed))
}

fn compare(
    line: u64,
    expected: Vec<Value>,
    effects: &[Effect],
) -> Result<Option<Difference>, Problem> {
    let found = recording::effects(effects).map_err(|error| Problem::Line {
        line,
        why: error.to_string(),
    })?;
    let count = expected.len().max(found.len());
    let (mut expected, mut found) = (expected.into_iter(), found.into_iter());
    let different = (1..=count).find_map(|effect| {
        let (expected, found) = (expected.next(), found.next());
        (expected != found).then_some(Difference {
            line,
            effect,
            expected,
            found,
        })
    });
    Ok(different)
}
