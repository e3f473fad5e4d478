//! What every object's JSON has: its metadata, and how values of several kinds are written.

use serde::Serialize;
use serde::ser::{SerializeMap, Serializer};
use serde_json::{Value, json};

use super::super::super::world::object::{Amount, Meta};
use super::super::time;

pub fn meta(meta: &Meta) -> Value {
    json!(MetaJson(meta))
}

pub(super) struct MetaJson<'a>(pub(super) &'a Meta);

impl Serialize for MetaJson<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let meta = self.0;
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("name", &*meta.key.name)?;
        let prefix = meta.key.name.rsplit_once('-').filter(|_| meta.generated);
        if let Some((prefix, _)) = prefix {
            map.serialize_entry("generateName", &format!("{prefix}-"))?;
        }
        if !meta.key.namespace.is_empty() {
            map.serialize_entry("namespace", &*meta.key.namespace)?;
        }
        map.serialize_entry("uid", &meta.uid.to_string())?;
        map.serialize_entry("resourceVersion", &meta.version.to_string())?;
        if meta.generation > 0 {
            map.serialize_entry("generation", &meta.generation)?;
        }
        map.serialize_entry("creationTimestamp", &time(meta.created))?;
        if let Some(deletion) = meta.deletion {
            map.serialize_entry("deletionTimestamp", &time(deletion.at))?;
            map.serialize_entry("deletionGracePeriodSeconds", &deletion.grace_s)?;
        }
        for (name, labels) in [("labels", &meta.labels), ("annotations", &meta.annotations)] {
            if !labels.is_empty() {
                map.serialize_entry(name, &**labels)?;
            }
        }
        if let Some(owner) = &meta.owner {
            let reference = json!({"apiVersion": owner.kind.api_version(), "kind": owner.kind.name(), "name": *owner.name, "uid": owner.uid.to_string(), "controller": true, "blockOwnerDeletion": true});
            map.serialize_entry("ownerReferences", &[reference])?;
        }
        map.end()
    }
}

/// Removes what the API leaves out when it is zero.
pub(super) fn without_zeros(mut value: Value) -> Value {
    if let Value::Object(fields) = &mut value {
        fields.retain(|_, field| field.as_u64() != Some(0) && *field != json!(false));
    }
    value
}

pub(super) fn amount(amount: Amount) -> Value {
    match amount {
        Amount::Count(n) => json!(n),
        Amount::Percent(p) => json!(format!("{p}%")),
    }
}
