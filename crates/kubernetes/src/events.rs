//! An Event from the wire to its row.

use super::decode::FromWire;
use super::intern::{Intern, message};
use super::wire::NoRow;
use super::wire::core;
use super::wire::meta::seconds;
use model::events::EventRow;
use text::Outside;

impl FromWire<core::Event> for EventRow {
    fn from_wire(wire: core::Event, intern: &mut Intern) -> Result<(EventRow, String), NoRow> {
        let meta = wire.metadata.ok_or(NoRow)?;
        let about = wire.involved_object.unwrap_or_default();
        let series = wire.series.unwrap_or_default();
        let first = seconds(wire.first_timestamp)
            .or(seconds(wire.event_time))
            .or(seconds(meta.creation_timestamp));
        let last = seconds(series.last_observed_time)
            .or(seconds(wire.last_timestamp))
            .or(first);
        let row = EventRow {
            meta: meta.of_row(intern)?,
            is_warning: wire.kind != "Normal",
            reason: intern.share(&wire.reason),
            message: message(&wire.message).unwrap_or_else(|| Outside::from("")),
            count: u32::try_from(series.count.max(wire.count))
                .unwrap_or(0)
                .max(1),
            first,
            last,
            object_kind: intern.share(&about.kind),
            object_name: Outside::from(about.name.as_str()),
            object_uid: about.uid.as_str().into(),
            container: container(&about.field_path).and_then(|name| intern.share_some(name)),
        };
        Ok((row, meta.resource_version))
    }
}

/// The name in `spec.containers{app}` or `spec.initContainers{wait}`.
fn container(field_path: &str) -> Option<&str> {
    let (_, name) = field_path.split_once('{')?;
    name.strip_suffix('}')
}
