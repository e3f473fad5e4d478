//! A `DaemonSet` from the wire to its row.

use super::decode::{FromWire, NoRow};
use super::deployments::{CHANGE_CAUSE, RESTARTED_AT, count, images, labels, sorted};
use super::intern::{Intern, message};
use super::wire::apps;
use model::daemonsets::DaemonSetRow;

impl FromWire for DaemonSetRow {
    type Wire = apps::DaemonSet;

    fn from_wire(wire: apps::DaemonSet, intern: &mut Intern) -> Result<(Self, String), NoRow> {
        let meta = wire.metadata.ok_or(NoRow)?;
        let spec = wire.spec.unwrap_or_default();
        let status = wire.status.unwrap_or_default();
        let template = spec.template.unwrap_or_default();
        let row = DaemonSetRow {
            meta: meta.of_row(intern)?,
            generation: meta.generation,
            observed_generation: status.observed_generation,
            change_cause: meta.annotation(CHANGE_CAUSE).and_then(message),
            is_on_delete: spec
                .update_strategy
                .is_some_and(|strategy| strategy.kind == "OnDelete"),
            restarted_at: template.annotation(RESTARTED_AT).and_then(message),
            images: images(&template, intern),
            labels: labels(&template, intern),
            selector: sorted(&spec.selector.unwrap_or_default().match_labels, intern),
            wanted: count(status.desired_number_scheduled),
            current: count(status.current_number_scheduled),
            updated: count(status.updated_number_scheduled),
            ready: count(status.number_ready),
            available: count(status.number_available),
        };
        Ok((row, meta.resource_version))
    }
}
