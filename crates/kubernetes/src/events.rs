//! An Event from the wire to its row.

use super::decode::{NoRow, Row};
use super::intern::{Intern, message};
use super::wire::core;
use super::wire::meta::seconds;
use model::events::EventRow;
use model::pods::Uid;
use text::Outside;

impl Row for EventRow {
    type Wire = core::Event;

    fn from_wire(wire: core::Event, intern: &mut Intern) -> Result<(EventRow, String), NoRow> {
        let mut meta = wire.metadata.ok_or(NoRow)?;
        if meta.uid.is_empty() {
            return Err(NoRow);
        }
        let version = std::mem::take(&mut meta.resource_version);
        let about = wire.involved_object.unwrap_or_default();
        let series = wire.series.unwrap_or_default();
        let first = seconds(wire.first_timestamp)
            .or(seconds(wire.event_time))
            .or(seconds(meta.creation_timestamp));
        let last = seconds(series.last_observed_time)
            .or(seconds(wire.last_timestamp))
            .or(first);
        let row = EventRow {
            uid: meta.uid.as_str().into(),
            namespace: intern.share(&meta.namespace),
            resource_version: version.parse().ok(),
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
        };
        Ok((row, version))
    }

    fn uid(&self) -> &Uid {
        &self.uid
    }

    fn version(&self) -> Option<u64> {
        self.resource_version
    }
}
