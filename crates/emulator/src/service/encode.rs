//! Objects and watch events as bytes, with the scripted damage that a test may ask for.

use prost::Message;
use serde_json::{Value, json};

use super::super::faults::Fault;
use super::super::render::protobuf::{self, messages as m};
use super::super::render::{json as render, table};
use super::super::world::object::{Kind, Millis, Object};
use super::answer::Form;
use super::resources::Resource;
use super::status::Status;

/// The version of metadata alone.
pub(super) const META: &str = "meta.k8s.io/v1";

/// Damage to the objects of an answer, and an early end of a watch.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Damage {
    undecodable: Option<usize>,
    big: Option<usize>,
    /// A watch ends after so many events.
    pub end_after: Option<usize>,
    /// A watch begins with one line or frame of so many bytes.
    pub long_line: Option<usize>,
    /// A watch begins with a frame that cannot be, and ends.
    pub broken_frame: bool,
}

impl Damage {
    /// The part of a fault that concerns objects.
    pub fn of(fault: Option<&Fault>) -> Self {
        let mut damage = Self::default();
        match fault {
            Some(Fault::Undecodable(at)) => damage.undecodable = Some(*at),
            Some(Fault::BigObject(bytes)) => damage.big = Some(*bytes),
            Some(Fault::EndAfter(events)) => damage.end_after = Some(*events),
            Some(Fault::LongLine(bytes)) => damage.long_line = Some(*bytes),
            Some(Fault::BrokenFrame) => damage.broken_frame = true,
            Some(
                Fault::Status { .. }
                | Fault::Html
                | Fault::Raw { .. }
                | Fault::Half
                | Fault::CutAt(_)
                | Fault::HangAt(_)
                | Fault::Blocks(_)
                | Fault::Delay(_),
            )
            | None => {}
        }
        damage
    }

    /// The object that stands at this place, without envelope.
    pub fn object(&self, at: usize, object: &Object, form: Form, typed: bool) -> Vec<u8> {
        if self.undecodable == Some(at) {
            return if form == Form::Protobuf {
                vec![0x0a, 0x02, 0xff, 0xff]
            } else {
                br#"{"metadata":5}"#.to_vec()
            };
        }
        let big = self.big.filter(|_| at == 0).map(|bytes| {
            let mut big = object.clone();
            big.meta_mut()
                .annotate("demo.watchfloor/big", &"x".repeat(bytes));
            big
        });
        let object = big.as_ref().unwrap_or(object);
        match form {
            Form::Protobuf => protobuf::object(object),
            Form::Metadata => metadata_of(object),
            Form::Json | Form::Table => render::object(object, typed),
        }
    }
}

/// `meta.k8s.io/v1` of one object.
fn metadata_of(object: &Object) -> Vec<u8> {
    let metadata = render::meta::meta(object.meta());
    let partial =
        json!({"kind": "PartialObjectMetadata", "apiVersion": META, "metadata": metadata});
    partial.to_string().into_bytes()
}

fn table_of(resource: &Resource, meta: &Value, rows: &[Value], columns: bool) -> Value {
    let columns = if columns {
        table::columns(resource.stored)
    } else {
        Value::Null
    };
    json!({"kind": "Table", "apiVersion": "meta.k8s.io/v1", "metadata": meta, "columnDefinitions": columns, "rows": rows})
}

/// One object, as asked for.
pub fn one(
    resource: &Resource,
    object: &Object,
    form: Form,
    include: &str,
    now: Millis,
) -> Vec<u8> {
    match form {
        Form::Table => {
            let meta = json!({"resourceVersion": object.meta().version.to_string()});
            table_of(resource, &meta, &[table::row(object, now, include)], true)
                .to_string()
                .into_bytes()
        }
        Form::Metadata => metadata_of(object),
        Form::Json | Form::Protobuf => render::object(object, true),
    }
}

/// The events of one watch, in its form.
pub struct Events {
    /// The resource watched.
    pub resource: &'static Resource,
    pub form: Form,
    /// `includeObject` of a table.
    pub include: String,
    pub damage: Damage,
    sent: usize,
}

impl Events {
    /// A watch that has sent nothing yet.
    pub fn new(resource: &'static Resource, form: Form, include: &str, damage: Damage) -> Self {
        Self {
            resource,
            form,
            include: include.to_owned(),
            damage,
            sent: 0,
        }
    }

    /// Whether the scripted number of events has been sent.
    pub fn is_over(&self) -> bool {
        self.damage.end_after.is_some_and(|end| self.sent >= end)
    }

    /// An event about an object.
    pub fn object(&mut self, kind: &str, object: &Object, now: Millis) -> Vec<u8> {
        let (at, stored) = (self.sent, object.kind());
        self.sent += 1;
        match self.form {
            Form::Protobuf => frame(
                kind,
                protobuf::envelope(
                    stored.api_version(),
                    stored.name(),
                    self.damage.object(at, object, self.form, true),
                ),
            ),
            Form::Json | Form::Metadata => {
                line(kind, &self.damage.object(at, object, self.form, true))
            }
            Form::Table => {
                let meta = json!({"resourceVersion": object.meta().version.to_string()});
                let table = table_of(
                    self.resource,
                    &meta,
                    &[table::row(object, now, &self.include)],
                    at == 0,
                );
                line(kind, table.to_string().as_bytes())
            }
        }
    }

    /// A bookmark; the one that ends the initial events says so.
    pub fn bookmark(&mut self, version: u64, ends_initial: bool) -> Vec<u8> {
        let end = ("k8s.io/initial-events-end".to_owned(), "true".to_owned());
        if self.form == Form::Protobuf {
            let annotations = ends_initial.then_some(end).into_iter().collect();
            let metadata = m::ObjectMeta {
                resource_version: version.to_string(),
                annotations,
                ..m::ObjectMeta::default()
            };
            let raw = m::Pod {
                metadata: Some(metadata),
                spec: None,
                status: None,
            }
            .encode_to_vec();
            return frame(
                "BOOKMARK",
                protobuf::envelope(&self.resource.api_version(), self.resource.kind, raw),
            );
        }
        let mut meta = json!({"resourceVersion": version.to_string()});
        if ends_initial {
            meta["annotations"] = json!({end.0: end.1});
        }
        let object = if self.form == Form::Table {
            table_of(self.resource, &meta, &[], false)
        } else if self.form == Form::Metadata {
            json!({"kind": "PartialObjectMetadata", "apiVersion": META, "metadata": meta})
        } else {
            json!({"kind": self.resource.kind, "apiVersion": self.resource.api_version(), "metadata": meta, "spec": self.empty_spec(), "status": {}})
        };
        line("BOOKMARK", object.to_string().as_bytes())
    }

    /// Generated types write their required fields even when empty.
    fn empty_spec(&self) -> Value {
        match self.resource.stored {
            Some(Kind::Pod) => json!({"containers": null}),
            Some(Kind::StatefulSet) => {
                json!({"selector": null, "serviceName": "", "template": {"metadata": {}, "spec": {"containers": null}}, "updateStrategy": {}})
            }
            Some(Kind::DaemonSet) => {
                json!({"selector": null, "template": {"metadata": {}, "spec": {"containers": null}}, "updateStrategy": {}})
            }
            Some(Kind::Deployment | Kind::ReplicaSet) => {
                json!({"selector": null, "template": {"metadata": {}, "spec": {"containers": null}}})
            }
            Some(
                Kind::Namespace
                | Kind::Node
                | Kind::ControllerRevision
                | Kind::Service
                | Kind::EndpointSlice
                | Kind::Autoscaler
                | Kind::Budget
                | Kind::Event,
            )
            | None => json!({}),
        }
    }

    /// The last event of a watch that failed.
    pub fn error(&self, status: &Status) -> Vec<u8> {
        if self.form == Form::Protobuf {
            frame("ERROR", status.to_protobuf())
        } else {
            line("ERROR", status.to_value().to_string().as_bytes())
        }
    }

    /// A line or frame longer than any client should take.
    pub fn long(&self, bytes: usize) -> Vec<u8> {
        if self.form == Form::Protobuf {
            return frame("ADDED", vec![b'x'; bytes]);
        }
        let name = "x".repeat(bytes);
        line(
            "ADDED",
            format!(r#"{{"metadata":{{"name":"{name}"}}}}"#).as_bytes(),
        )
    }

    /// The begin of something that never comes.
    pub fn broken(&self) -> Vec<u8> {
        if self.form == Form::Protobuf {
            [&[0xff; 4], protobuf::MAGIC].concat()
        } else {
            br#"{"type":"ADDED","object":{"metadata":{"na"#.to_vec()
        }
    }
}

fn line(kind: &str, object: &[u8]) -> Vec<u8> {
    [
        br#"{"type":""#,
        kind.as_bytes(),
        br#"","object":"#,
        object,
        b"}\n",
    ]
    .concat()
}

fn frame(kind: &str, raw: Vec<u8>) -> Vec<u8> {
    let event = m::WatchEvent {
        kind: kind.to_owned(),
        object: Some(m::RawExtension { raw }),
    };
    let length = u32::try_from(event.encoded_len()).unwrap_or(u32::MAX);
    let mut bytes = length.to_be_bytes().to_vec();
    event.encode(&mut bytes).ok();
    bytes
}
