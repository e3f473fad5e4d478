//! A `StatefulSet` from the wire to its row.

use super::decode::{FromWire, NoRow};
use super::deployments::{CHANGE_CAUSE, RESTARTED_AT, count, images, labels, sorted};
use super::intern::{Intern, message};
use super::wire::apps;
use model::statefulsets::StatefulSetRow;

impl FromWire for StatefulSetRow {
    type Wire = apps::StatefulSet;

    fn from_wire(wire: apps::StatefulSet, intern: &mut Intern) -> Result<(Self, String), NoRow> {
        let meta = wire.metadata.ok_or(NoRow)?;
        let spec = wire.spec.unwrap_or_default();
        let status = wire.status.unwrap_or_default();
        let template = spec.template.unwrap_or_default();
        let strategy = spec.update_strategy.unwrap_or_default();
        let row = StatefulSetRow {
            meta: meta.of_row(intern)?,
            generation: meta.generation,
            observed_generation: status.observed_generation,
            change_cause: meta.annotation(CHANGE_CAUSE).and_then(message),
            replicas: count(spec.replicas.unwrap_or(1)),
            is_on_delete: strategy.kind == "OnDelete",
            partition: strategy
                .rolling_update
                .map_or(0, |rolling| count(rolling.partition)),
            is_parallel: spec.pod_management_policy == "Parallel",
            restarted_at: template.annotation(RESTARTED_AT).and_then(message),
            images: images(&template, intern),
            labels: labels(&template, intern),
            selector: sorted(&spec.selector.unwrap_or_default().match_labels, intern),
            current: count(status.replicas),
            updated: count(status.updated_replicas),
            ready: count(status.ready_replicas),
            available: count(status.available_replicas),
            current_revision: intern.share_some(&status.current_revision),
            update_revision: intern.share_some(&status.update_revision),
        };
        Ok((row, meta.resource_version))
    }
}
