//! A frame, and what makes one impossible.

use bytes::{Buf, Bytes, BytesMut};

use crate::wire::meta::ListMeta;

/// Longest frame kept. etcd refuses objects over 1.5 MB, an API server over 3 MB.
pub(crate) const FRAME_BYTES: usize = 8 << 20;
/// A length prefix past this is not a frame of anybody's: the stream is out of step.
pub(super) const PLAUSIBLE_BYTES: usize = 256 << 20;

/// One piece of a body.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Frame {
    /// A watch event, or one object of a list.
    One(Bytes),
    /// One was longer than [`FRAME_BYTES`] and was skipped.
    TooBig,
    /// The metadata of a list.
    Meta(ListMeta),
}

/// The body is not what its `Content-Type` says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Garbage;

/// Throws away `length` bytes: those that are here, and as many as are `left` later.
pub(super) fn skip(buffer: &mut BytesMut, left: &mut usize, length: usize) {
    let now = length.min(buffer.len());
    buffer.advance(now);
    *left = length - now;
}
