//! A list as bytes, piece by piece: where its form allows that, a large one is on its way before its end is rendered.

use std::ops::ControlFlow;

use prost::Message;
use prost::encoding::{WireType, encode_key, encode_varint};
use serde_json::{Value, json};

use super::super::render::protobuf::{self, messages as m};
use super::super::render::table;
use super::super::world::object::{Millis, Object};
use super::answer::Form;
use super::encode::{Damage, META};
use super::resources::Resource;

/// Objects of one piece: some hundred kilobytes, so that a piece costs little beside its objects.
const PIECE_OBJECTS: usize = 128;

/// A page of a list.
pub struct Page {
    pub objects: Vec<Object>,
    /// `resourceVersion` of the list.
    pub version: u64,
    /// `continue`, empty at the end.
    pub next: String,
    pub remaining: Option<usize>,
    /// When it was read.
    pub now: Millis,
}

/// A page and how it was asked for.
pub struct Listing {
    /// The resource listed.
    pub resource: &'static Resource,
    /// What of it.
    pub page: Page,
    pub form: Form,
    /// `includeObject` of a table.
    pub include: String,
    pub damage: Damage,
}

/// `PodList` and its like, without their items.
#[derive(Clone, PartialEq, prost::Message)]
struct Head {
    #[prost(message, optional, tag = "1")]
    metadata: Option<m::ListMeta>,
}

/// Field number of a list's items.
const ITEMS: u32 = 2;
/// Field number of `runtime.Unknown`'s raw bytes.
const RAW: u32 = 2;

impl Listing {
    /// Renders all pieces in order, until somebody has had enough of them.
    pub fn render(&self, send: impl FnMut(Vec<u8>) -> ControlFlow<()>) -> ControlFlow<()> {
        match self.form {
            Form::Protobuf => self.render_binary(send),
            Form::Json | Form::Table | Form::Metadata => self.render_text(send),
        }
    }

    fn render_text(&self, mut send: impl FnMut(Vec<u8>) -> ControlFlow<()>) -> ControlFlow<()> {
        send(self.text_head())?;
        for (number, objects) in self.page.objects.chunks(PIECE_OBJECTS).enumerate() {
            let mut piece = vec![];
            for (object, at) in objects.iter().zip(number * PIECE_OBJECTS..) {
                if at > 0 {
                    piece.push(b',');
                }
                piece.extend(self.text_item(at, object));
            }
            send(piece)?;
        }
        send(b"]}\n".to_vec())
    }

    fn text_head(&self) -> Vec<u8> {
        let (kind, version) = match self.form {
            Form::Metadata => ("PartialObjectMetadata", META.to_owned()),
            Form::Json | Form::Table | Form::Protobuf => {
                (self.resource.kind, self.resource.api_version())
            }
        };
        let mut meta = json!({"resourceVersion": self.page.version.to_string()});
        if !self.page.next.is_empty() {
            meta["continue"] = json!(self.page.next);
        }
        if let Some(remaining) = self.page.remaining {
            meta["remainingItemCount"] = json!(remaining);
        }
        let head = if self.form == Form::Table {
            let columns: Value = table::columns(self.resource.stored);
            format!(
                r#"{{"kind":"Table","apiVersion":"meta.k8s.io/v1","metadata":{meta},"columnDefinitions":{columns},"rows":["#
            )
        } else {
            format!(r#"{{"kind":"{kind}List","apiVersion":"{version}","metadata":{meta},"items":["#)
        };
        head.into_bytes()
    }

    fn text_item(&self, at: usize, object: &Object) -> Vec<u8> {
        if self.form == Form::Table {
            let row = table::row(object, self.page.now, &self.include);
            row.to_string().into_bytes()
        } else {
            self.damage.object(at, object, self.form, false)
        }
    }

    /// The length of the whole stands before the first item: all items are rendered before anything is sent.
    fn render_binary(&self, mut send: impl FnMut(Vec<u8>) -> ControlFlow<()>) -> ControlFlow<()> {
        let mut pieces = Vec::with_capacity(self.page.objects.len() / PIECE_OBJECTS + 1);
        for (number, objects) in self.page.objects.chunks(PIECE_OBJECTS).enumerate() {
            let mut piece = vec![];
            for (object, at) in objects.iter().zip(number * PIECE_OBJECTS..) {
                let raw = self.damage.object(at, object, self.form, false);
                encode_key(ITEMS, WireType::LengthDelimited, &mut piece);
                encode_varint(raw.len() as u64, &mut piece);
                piece.extend(raw);
            }
            pieces.push(piece);
        }
        send(self.binary_head(pieces.iter().map(Vec::len).sum()))?;
        pieces.into_iter().try_for_each(send)
    }

    fn binary_head(&self, items_bytes: usize) -> Vec<u8> {
        let metadata = m::ListMeta {
            resource_version: self.page.version.to_string(),
            next: self.page.next.clone(),
            remaining_item_count: self.page.remaining.and_then(|n| i64::try_from(n).ok()),
        };
        let list = Head {
            metadata: Some(metadata),
        };
        let kind = format!("{}List", self.resource.kind);
        let mut head = protobuf::envelope(&self.resource.api_version(), &kind, vec![]);
        encode_key(RAW, WireType::LengthDelimited, &mut head);
        encode_varint((list.encoded_len() + items_bytes) as u64, &mut head);
        head.extend(list.encode_to_vec());
        head
    }
}
