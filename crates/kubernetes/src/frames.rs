//! Cuts a body that is still arriving into frames: watch events, or the items of a list. Sans-IO; holds at most one
//! frame, and skips one that is too big instead of buffering it.

use bytes::{Buf, BytesMut};
use memchr::memchr;

use binary_list::BinaryList;
use frame::{FRAME_BYTES, PLAUSIBLE_BYTES, skip};
pub(crate) use frame::{Frame, Garbage};
use json_list::JsonList;

mod binary_list;
mod frame;
mod json_list;
#[cfg(test)]
mod tests;

/// How a body is cut.
#[derive(Debug)]
enum Cut {
    /// A length of 4 bytes, then the event.
    BinaryWatch,
    /// One line for each event.
    Lines,
    /// The envelope of a binary object with a list inside.
    BinaryList(BinaryList),
    /// `{"metadata": {..}, "items": [{..}, ..]}`.
    JsonList(JsonList),
}

/// Cuts one body.
#[derive(Debug)]
pub(crate) struct Framer {
    cut: Cut,
    buffer: BytesMut,
    /// Bytes at the front of the buffer that were already searched.
    searched: usize,
    /// Bytes still to be thrown away.
    skip: usize,
    /// Throwing away up to the next line end.
    skip_line: bool,
}

impl Framer {
    /// For a watch.
    pub(crate) fn watch(is_binary: bool) -> Framer {
        Framer::new(if is_binary {
            Cut::BinaryWatch
        } else {
            Cut::Lines
        })
    }

    /// For a list.
    pub(crate) fn list(is_binary: bool) -> Framer {
        Framer::new(if is_binary {
            Cut::BinaryList(BinaryList::default())
        } else {
            Cut::JsonList(JsonList::default())
        })
    }

    fn new(cut: Cut) -> Framer {
        Framer {
            cut,
            buffer: BytesMut::new(),
            searched: 0,
            skip: 0,
            skip_line: false,
        }
    }

    /// More of the body.
    pub(crate) fn push(&mut self, chunk: &[u8]) {
        let skipped = self.skip.min(chunk.len());
        self.skip -= skipped;
        self.buffer.extend_from_slice(&chunk[skipped..]);
    }

    /// The body ended: is something left that was no whole frame?
    pub(crate) fn is_cut(&self) -> bool {
        let rest = self.buffer.iter().any(|byte| !byte.is_ascii_whitespace());
        match &self.cut {
            Cut::BinaryWatch | Cut::Lines => rest || self.skip > 0 || self.skip_line,
            Cut::BinaryList(list) => !list.is_complete(),
            Cut::JsonList(list) => !list.is_complete(),
        }
    }

    /// The next whole frame.
    pub(crate) fn next(&mut self) -> Result<Option<Frame>, Garbage> {
        match &mut self.cut {
            Cut::BinaryWatch => self.next_binary(),
            Cut::Lines => Ok(self.next_line()),
            Cut::BinaryList(list) => list.next(&mut self.buffer, &mut self.skip),
            Cut::JsonList(list) => list.next(&mut self.buffer),
        }
    }

    fn next_binary(&mut self) -> Result<Option<Frame>, Garbage> {
        let Some(prefix) = self.buffer.first_chunk::<4>() else {
            return Ok(None);
        };
        let length = u32::from_be_bytes(*prefix) as usize;
        if length > PLAUSIBLE_BYTES {
            return Err(Garbage);
        }
        if length > FRAME_BYTES {
            self.buffer.advance(4);
            skip(&mut self.buffer, &mut self.skip, length);
            return Ok(Some(Frame::TooBig));
        }
        if self.buffer.len() < 4 + length {
            return Ok(None);
        }
        self.buffer.advance(4);
        Ok(Some(Frame::One(self.buffer.split_to(length).freeze())))
    }

    fn next_line(&mut self) -> Option<Frame> {
        loop {
            let Some(end) = memchr(b'\n', &self.buffer[self.searched..]) else {
                self.searched = self.buffer.len();
                if self.searched > FRAME_BYTES || self.skip_line {
                    let is_first = !std::mem::replace(&mut self.skip_line, true);
                    self.buffer.clear();
                    self.searched = 0;
                    return is_first.then_some(Frame::TooBig);
                }
                return None;
            };
            let line = self.buffer.split_to(self.searched + end + 1).freeze();
            self.searched = 0;
            if std::mem::take(&mut self.skip_line) || line.iter().all(u8::is_ascii_whitespace) {
                continue;
            }
            return Some(if line.len() > FRAME_BYTES {
                Frame::TooBig
            } else {
                Frame::One(line)
            });
        }
    }
}
