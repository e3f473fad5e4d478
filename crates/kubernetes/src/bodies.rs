//! Whole bodies of answers, decoded as the watch decodes them: for measurements and for comparing encodings.

use super::decode::{self, Encoding, FromWire, Item};
use super::frames::{Frame, Framer};
use super::intern::Intern;
use super::wire::Wire;
use super::wire::core;
use model::detail::Detail;
use model::events::EventRow;
use model::nodes::NodeRow;
use model::pods::PodRow;
use text::Outside;

/// What a body holds.
#[derive(Debug, PartialEq)]
pub struct Body<R> {
    /// In the order of the body.
    pub rows: Vec<R>,
    /// Names of what could not be decoded.
    pub unreadable: Vec<Outside>,
    /// `resourceVersion` of the list, or of the last bookmark.
    pub version: String,
}

/// The pods of a list's body; `None` when the body is not what `content_type` says.
pub fn listed_pods(content_type: &str, body: &[u8]) -> Option<Body<PodRow>> {
    listed::<core::Pod, _>(content_type, body)
}

/// The Events of a list's body.
pub fn listed_events(content_type: &str, body: &[u8]) -> Option<Body<EventRow>> {
    listed::<core::Event, _>(content_type, body)
}

/// The nodes of a list's body.
pub fn listed_nodes(content_type: &str, body: &[u8]) -> Option<Body<NodeRow>> {
    listed::<core::Node, _>(content_type, body)
}

/// The pods of a list's body, each as its page has it.
pub fn listed_details(content_type: &str, body: &[u8]) -> Option<Body<Detail>> {
    listed::<core::Pod, _>(content_type, body)
}

fn listed<W: Wire, R: FromWire<W>>(content_type: &str, body: &[u8]) -> Option<Body<R>> {
    let encoding = Encoding::of(content_type)?;
    let framer = Framer::list(encoding == Encoding::Protobuf);
    decode_all(framer, body, |frame, intern| {
        decode::listed::<W, R>(encoding, frame, intern)
    })
}

/// The pods of a watch's body; deletions are left out.
pub fn watched_pods(content_type: &str, body: &[u8]) -> Option<Body<PodRow>> {
    let encoding = Encoding::of(content_type)?;
    let framer = Framer::watch(encoding == Encoding::Protobuf);
    decode_all(framer, body, |frame, intern| {
        decode::event::<core::Pod, _>(encoding, frame, intern)
    })
}

/// Bytes of one read, as a connection gives them.
const CHUNK_BYTES: usize = 16 << 10;

fn decode_all<R>(
    mut framer: Framer,
    body: &[u8],
    item_of: impl Fn(&bytes::Bytes, &mut Intern) -> Item<R>,
) -> Option<Body<R>> {
    let mut read = Body {
        rows: Vec::new(),
        unreadable: Vec::new(),
        version: String::new(),
    };
    let mut intern = Intern::default();
    for chunk in body.chunks(CHUNK_BYTES) {
        framer.push(chunk);
        while let Some(frame) = framer.next().ok()? {
            match frame {
                Frame::One(frame) => read.put(item_of(&frame, &mut intern)),
                Frame::TooBig => read.unreadable.push(Outside::from("?")),
                Frame::Meta(meta) => read.version = meta.resource_version,
            }
        }
    }
    (!framer.is_cut()).then_some(read)
}

impl<R> Body<R> {
    fn put(&mut self, item: Item<R>) {
        match item {
            Item::Applied(row, _) => self.rows.push(row),
            Item::Unreadable(name) => self.unreadable.push(name),
            Item::Bookmark { version, .. } => self.version = version,
            Item::Deleted(..) | Item::Error(_) | Item::Strange => {}
        }
    }
}
