//! Cuts a binary list into its items while it arrives.

use bytes::{Buf, BytesMut};

use super::frame::{FRAME_BYTES, Frame, Garbage, PLAUSIBLE_BYTES, skip};
use crate::wire::MAGIC;

/// `k8s\0`, then `runtime.Unknown` with the list in field 2; in the list, metadata is field 1 and items field 2.
#[derive(Debug, Default)]
pub(super) struct BinaryList {
    seen_magic: bool,
    /// Bytes of the list that are still to come; `None` outside of it.
    inside: Option<usize>,
    is_done: bool,
}

impl BinaryList {
    pub(super) fn is_complete(&self) -> bool {
        self.is_done || self.inside == Some(0)
    }

    pub(super) fn next(
        &mut self,
        buffer: &mut BytesMut,
        skip_left: &mut usize,
    ) -> Result<Option<Frame>, Garbage> {
        if !self.seen_magic {
            if buffer.len() < MAGIC.len() {
                return Ok(None);
            }
            if !buffer.starts_with(MAGIC) {
                return Err(Garbage);
            }
            buffer.advance(MAGIC.len());
            self.seen_magic = true;
        }
        loop {
            if self.inside == Some(0) {
                self.inside = None;
                self.is_done = true;
            }
            let Some((field, head, length)) = head(buffer)? else {
                return Ok(None);
            };
            if self.inside.is_none() && field == 2 && !self.is_done {
                buffer.advance(head);
                self.inside = Some(length);
                continue;
            }
            if length > PLAUSIBLE_BYTES || self.inside.is_some_and(|inside| head + length > inside)
            {
                return Err(Garbage);
            }
            let is_item = self.inside.is_some() && field == 2;
            if length > FRAME_BYTES {
                buffer.advance(head);
                skip(buffer, skip_left, length);
                self.inside = self.inside.map(|inside| inside - head - length);
                if is_item {
                    return Ok(Some(Frame::TooBig));
                }
                return Ok(None);
            }
            if buffer.len() < head + length {
                return Ok(None);
            }
            buffer.advance(head);
            let body = buffer.split_to(length).freeze();
            let was_inside = self.inside.is_some();
            self.inside = self.inside.map(|inside| inside - head - length);
            match field {
                1 if was_inside => {
                    return Ok(Some(Frame::Meta(
                        prost::Message::decode(body).map_err(|_| Garbage)?,
                    )));
                }
                2 if is_item => return Ok(Some(Frame::One(body))),
                _ => {}
            }
        }
    }
}

/// Field number, length of tag and length prefix, and length of the body of the field at the front. All fields of an
/// envelope and of a list are length-delimited.
fn head(buffer: &[u8]) -> Result<Option<(u64, usize, usize)>, Garbage> {
    let Some((tag, tag_bytes)) = varint(buffer)? else {
        return Ok(None);
    };
    let Some((length, length_bytes)) = varint(&buffer[tag_bytes..])? else {
        return Ok(None);
    };
    if tag & 7 != 2 {
        return Err(Garbage);
    }
    let length = usize::try_from(length).map_err(|_| Garbage)?;
    Ok(Some((tag >> 3, tag_bytes + length_bytes, length)))
}

fn varint(buffer: &[u8]) -> Result<Option<(u64, usize)>, Garbage> {
    let mut value = 0;
    for (at, byte) in buffer.iter().enumerate().take(10) {
        value |= u64::from(byte & 0x7f) << (7 * at).min(63);
        if byte & 0x80 == 0 {
            return Ok(Some((value, at + 1)));
        }
    }
    if buffer.len() >= 10 {
        Err(Garbage)
    } else {
        Ok(None)
    }
}
