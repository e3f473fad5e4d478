//! From a frame to a row, in the encoding that the answer's `Content-Type` names. One object that cannot be read never
//! hides the others: it becomes a name in `unreadable`.

#[cfg(test)]
mod tests;

use bytes::Bytes;
use serde::Deserialize;
use serde_json::value::RawValue;

use super::intern::Intern;
use super::wire::meta::{AnyObject, Status, Unknown, WatchEvent};
use super::wire::{MAGIC, NoRow, Wire};
use model::meta::Row;
use text::Outside;

/// Set on the bookmark that ends the initial events of a streamed list.
/// <https://kubernetes.io/docs/reference/using-api/api-concepts/#streaming-lists>
const INITIAL_END: &str = "k8s.io/initial-events-end";

/// A row that is made of an object of this type: a list or watch of them fills a table.
pub(crate) trait FromWire<W: Wire>: Row + Sized + Send + 'static {
    /// The row, and `metadata.resourceVersion` as it came.
    fn from_wire(wire: W, intern: &mut Intern) -> Result<(Self, String), NoRow>;
}

/// How a body is encoded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Encoding {
    /// `application/vnd.kubernetes.protobuf`.
    Protobuf,
    /// `application/json`.
    Json,
}

/// One watch event, or one object of a list.
#[derive(Debug, PartialEq)]
pub(crate) enum Item<R> {
    /// Added or modified; with its `resourceVersion` as text.
    Applied(R, String),
    /// Deleted; its last state.
    Deleted(R, String),
    /// Nothing but a `resourceVersion`.
    Bookmark {
        version: String,
        /// All initial events were sent.
        ends_initial: bool,
    },
    /// The server ends the watch and says why.
    Error(Status),
    /// An object that could not be decoded, or that was too big.
    Unreadable(Outside),
    /// An event type of a later version.
    Strange,
}

impl Encoding {
    /// From `Content-Type`; `None` for what no API server answers.
    pub(crate) fn of(content_type: &str) -> Option<Encoding> {
        let kind = content_type.split(';').next().unwrap_or_default().trim();
        match kind {
            "application/vnd.kubernetes.protobuf" => Some(Encoding::Protobuf),
            "application/json" => Some(Encoding::Json),
            _ => None,
        }
    }
}

/// One event of a watch.
pub(crate) fn event<W: Wire, R: FromWire<W>>(
    encoding: Encoding,
    frame: &Bytes,
    intern: &mut Intern,
) -> Item<R> {
    let parts = match encoding {
        Encoding::Protobuf => binary_event(frame),
        Encoding::Json => json_event(frame),
    };
    let Some((kind, object)) = parts else {
        return Item::Unreadable(Outside::from("?"));
    };
    match kind.as_str() {
        "ADDED" | "MODIFIED" => self::object::<W, R>(encoding, &object, intern, Item::Applied),
        "DELETED" => self::object::<W, R>(encoding, &object, intern, Item::Deleted),
        "BOOKMARK" => bookmark(encoding, &object),
        "ERROR" => Item::Error(parse(encoding, &object).unwrap_or_default()),
        _ => Item::Strange,
    }
}

/// One object of a list.
pub(crate) fn listed<W: Wire, R: FromWire<W>>(
    encoding: Encoding,
    frame: &Bytes,
    intern: &mut Intern,
) -> Item<R> {
    object::<W, R>(encoding, frame, intern, Item::Applied)
}

/// `metav1.Status` of a refusal; `None` when the body is something else.
pub(crate) fn status(content_type: &str, body: &Bytes) -> Option<Status> {
    parse::<Status>(Encoding::of(content_type)?, body).filter(|status| status.code != 0)
}

fn object<W: Wire, R: FromWire<W>>(
    encoding: Encoding,
    bytes: &Bytes,
    intern: &mut Intern,
    make: fn(R, String) -> Item<R>,
) -> Item<R> {
    let row = parse::<W>(encoding, bytes).and_then(|wire| R::from_wire(wire, intern).ok());
    match row {
        Some((row, version)) => make(row, version),
        None => Item::Unreadable(name_of(encoding, bytes)),
    }
}

/// What can still be said of an object that does not decode.
fn name_of(encoding: Encoding, bytes: &Bytes) -> Outside {
    let meta = parse::<AnyObject>(encoding, bytes)
        .and_then(|object| object.metadata)
        .unwrap_or_default();
    match (meta.namespace.as_str(), meta.name.as_str()) {
        (_, "") => Outside::from("?"),
        ("", name) => Outside::from(name),
        (namespace, name) => Outside::new(format!("{namespace}/{name}")),
    }
}

fn parse<W: Wire>(encoding: Encoding, bytes: &Bytes) -> Option<W> {
    match encoding {
        Encoding::Protobuf => W::decode(unwrapped(bytes)?).ok(),
        Encoding::Json => serde_json::from_slice(bytes).ok(),
    }
}

/// The object without its envelope; an item of a list has none.
fn unwrapped(bytes: &Bytes) -> Option<Bytes> {
    if !bytes.starts_with(MAGIC) {
        return Some(bytes.clone());
    }
    let unknown: Unknown = prost::Message::decode(bytes.slice(MAGIC.len()..)).ok()?;
    Some(unknown.raw)
}

fn binary_event(frame: &Bytes) -> Option<(String, Bytes)> {
    let event: WatchEvent = prost::Message::decode(frame.clone()).ok()?;
    Some((event.kind, event.object.unwrap_or_default().raw))
}

fn json_event(frame: &Bytes) -> Option<(String, Bytes)> {
    #[derive(Deserialize)]
    struct Event<'a> {
        #[serde(rename = "type")]
        kind: String,
        #[serde(borrow)]
        object: &'a RawValue,
    }
    let event: Event = serde_json::from_slice(frame).ok()?;
    Some((event.kind, frame.slice_ref(event.object.get().as_bytes())))
}

fn bookmark<R>(encoding: Encoding, bytes: &Bytes) -> Item<R> {
    let Some(meta) = parse::<AnyObject>(encoding, bytes).and_then(|object| object.metadata) else {
        return Item::Strange;
    };
    let ends_initial = meta.annotation(INITIAL_END) == Some("true");
    Item::Bookmark {
        version: meta.resource_version,
        ends_initial,
    }
}
