//! Cuts a JSON list into its items while it arrives.

use bytes::{Buf, BytesMut};
use memchr::memchr2;

use super::frame::{FRAME_BYTES, Frame, Garbage};

/// Finds the objects of `items` by depth and quotes alone: the objects themselves are parsed by serde later.
#[derive(Debug, Default)]
pub(super) struct JsonList {
    /// Next byte to look at.
    at: usize,
    depth: u32,
    in_string: bool,
    /// Where the object that is being cut out begins.
    start: Option<usize>,
    /// Where the last string at depth 1 began: it may be a key.
    key: Option<(usize, usize)>,
    part: Part,
    is_too_big: bool,
    is_done: bool,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Part {
    #[default]
    Other,
    Metadata,
    Items,
}

impl JsonList {
    pub(super) fn is_complete(&self) -> bool {
        self.is_done
    }

    pub(super) fn next(&mut self, buffer: &mut BytesMut) -> Result<Option<Frame>, Garbage> {
        while self.at < buffer.len() {
            if self.in_string {
                self.pass_string(buffer);
                continue;
            }
            let byte = buffer[self.at];
            self.at += 1;
            match byte {
                b'"' => {
                    self.in_string = true;
                    if self.depth == 1 {
                        self.key = Some((self.at, self.at));
                    }
                }
                b':' if self.depth == 1 => self.part = self.part_of(buffer),
                b',' if self.depth == 1 => self.part = Part::Other,
                b'{' | b'[' => self.open(byte),
                b'}' | b']' => {
                    if let Some(frame) = self.close(buffer)? {
                        return Ok(Some(frame));
                    }
                }
                b' ' | b'\n' | b'\r' | b'\t' => {}
                _ if self.depth == 0 => return Err(Garbage),
                _ => {}
            }
        }
        self.shed(buffer);
        Ok(None)
    }

    fn open(&mut self, byte: u8) {
        let begins = byte == b'{'
            && matches!(
                (self.part, self.depth),
                (Part::Items, 2) | (Part::Metadata, 1)
            );
        if begins {
            self.start = Some(self.at - 1);
        }
        self.depth += 1;
    }

    fn close(&mut self, buffer: &mut BytesMut) -> Result<Option<Frame>, Garbage> {
        self.depth = self.depth.checked_sub(1).ok_or(Garbage)?;
        self.is_done = self.depth == 0;
        let ends = matches!(
            (self.part, self.depth),
            (Part::Items, 2) | (Part::Metadata, 1)
        );
        let Some(start) = self.start.take_if(|_| ends) else {
            return Ok(None);
        };
        let mut object = buffer.split_to(self.at);
        self.at = 0;
        let is_too_big = object.len() - start > FRAME_BYTES;
        if std::mem::take(&mut self.is_too_big) || is_too_big {
            return Ok(Some(Frame::TooBig));
        }
        object.advance(start);
        let object = object.freeze();
        if self.part == Part::Metadata {
            return Ok(Some(Frame::Meta(
                serde_json::from_slice(&object).map_err(|_| Garbage)?,
            )));
        }
        Ok(Some(Frame::One(object)))
    }

    fn pass_string(&mut self, buffer: &[u8]) {
        let Some(found) = memchr2(b'"', b'\\', &buffer[self.at..]) else {
            self.at = buffer.len();
            return;
        };
        if buffer[self.at + found] == b'\\' {
            // The escaped byte may not be here yet: `at` then lies past the end until more comes.
            self.at += found + 2;
        } else {
            if let Some((start, _)) = self.key.filter(|_| self.depth == 1) {
                self.key = Some((start, self.at + found));
            }
            self.at += found + 1;
            self.in_string = false;
        }
    }

    fn part_of(&self, buffer: &[u8]) -> Part {
        match self.key.and_then(|(start, end)| buffer.get(start..end)) {
            Some(b"items") => Part::Items,
            Some(b"metadata") => Part::Metadata,
            _ => Part::Other,
        }
    }

    /// Drops what will not be needed again: everything outside of a key or an object, and an object that is too big.
    fn shed(&mut self, buffer: &mut BytesMut) {
        if self.start.is_some() && buffer.len() > FRAME_BYTES {
            self.is_too_big = true;
            self.start = Some(0);
        } else if self.start.is_some() || (self.depth == 1 && buffer.len() < FRAME_BYTES) {
            return;
        }
        let passed = self.at.min(buffer.len());
        buffer.advance(passed);
        self.at -= passed;
        self.key = None;
    }
}
