//! `ConfigMaps` and Secrets from the wire to their rows, by metadata alone; autoscalers; and what a template reads.

use std::collections::BTreeSet;

use super::decode::FromWire;
use super::intern::Intern;
use super::wire::NoRow;
use super::wire::autoscaling::HorizontalPodAutoscaler;
use super::wire::meta::{Bare, seconds};
use super::wire::template::{ByName, TemplateSpec};
use model::configs::{AutoscalerRow, ConfigNames, ConfigRow};
use model::meta::Meta;
use model::owner::Owner;
use text::Outside;

impl FromWire<Bare> for ConfigRow {
    fn from_wire(wire: Bare, intern: &mut Intern) -> Result<(ConfigRow, String), NoRow> {
        let meta = wire.metadata.filter(|meta| !meta.uid.is_empty());
        let meta = meta.ok_or(NoRow)?;
        let row = ConfigRow {
            meta: Meta {
                uid: meta.uid.as_str().into(),
                namespace: intern.share(&meta.namespace),
                name: intern.share(&meta.name),
                version: meta.resource_version.parse().ok(),
                created: seconds(meta.creation_timestamp),
            },
        };
        Ok((row, meta.resource_version))
    }
}

impl FromWire<HorizontalPodAutoscaler> for AutoscalerRow {
    fn from_wire(
        wire: HorizontalPodAutoscaler,
        intern: &mut Intern,
    ) -> Result<(AutoscalerRow, String), NoRow> {
        let meta = wire.metadata.ok_or(NoRow)?;
        let spec = wire.spec.unwrap_or_default();
        let target = spec.scale_target_ref.unwrap_or_default();
        let count = |number: i32| u32::try_from(number).unwrap_or(0);
        let row = AutoscalerRow {
            meta: meta.of_row(intern)?,
            target: Owner {
                kind: target.kind.as_str().into(),
                name: intern.share(&target.name),
            },
            min: spec.min_replicas.map_or(1, count),
            max: count(spec.max_replicas),
        };
        Ok((row, meta.resource_version))
    }
}

/// The `ConfigMaps` and Secrets that the pods of a template read.
pub(super) fn reads(spec: &TemplateSpec, intern: &mut Intern) -> Option<Box<ConfigNames>> {
    let (mut configmaps, mut secrets) = (BTreeSet::new(), BTreeSet::new());
    let mut add = |names: &mut BTreeSet<Outside>, one: Option<&ByName>| {
        let name = one.and_then(|one| one.reference.as_ref());
        names.extend(name.and_then(|name| intern.share_some(&name.name)));
    };
    for container in spec.containers.iter().chain(&spec.init_containers) {
        for from in container
            .env
            .iter()
            .filter_map(|one| one.value_from.as_ref())
        {
            add(&mut configmaps, from.config_map_key_ref.as_ref());
            add(&mut secrets, from.secret_key_ref.as_ref());
        }
        for from in &container.env_from {
            add(&mut configmaps, from.config_map_ref.as_ref());
            add(&mut secrets, from.secret_ref.as_ref());
        }
    }
    let sources = || spec.volumes.iter().filter_map(|one| one.source.as_ref());
    for source in sources() {
        add(&mut configmaps, source.config_map.as_ref());
        for projection in source.projected.iter().flat_map(|one| &one.sources) {
            add(&mut configmaps, projection.config_map.as_ref());
            add(&mut secrets, projection.secret.as_ref());
        }
    }
    let mounted = sources().filter_map(|source| source.secret.as_ref());
    secrets.extend(mounted.filter_map(|secret| intern.share_some(&secret.secret_name)));
    let names = ConfigNames {
        configmaps: configmaps.into_iter().collect(),
        secrets: secrets.into_iter().collect(),
    };
    (names != ConfigNames::default()).then(|| Box::new(names))
}
