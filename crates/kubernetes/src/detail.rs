//! The object that somebody looks at: its row again, with what the row leaves out.

use super::decode::{FromWire, NoRow};
use super::deployments::{self, sorted};
use super::intern::{Intern, message};
use super::pods;
use super::wire::meta::{ObjectMeta, Pair};
use super::wire::{apps, core};
use model::deployments::DeploymentRow;
use model::detail::{Detail, DetailRow};
use model::meta::{Meta, Row};
use model::pods::{Condition, PodRow};
use text::Outside;

/// kubectl's copy of the whole object: long, and it may hold what a Secret's owner did not mean to show.
const LAST_APPLIED: &str = "kubectl.kubernetes.io/last-applied-configuration";

/// A pod under the eye; its model type is [`Detail`].
#[derive(Debug)]
pub(crate) struct PodDetail(pub(crate) Detail);

/// A Deployment under the eye; its model type is [`Detail`].
#[derive(Debug)]
pub(crate) struct DeploymentDetail(pub(crate) Detail);

impl FromWire for PodDetail {
    type Wire = core::Pod;

    fn from_wire(wire: core::Pod, intern: &mut Intern) -> Result<(Self, String), NoRow> {
        let meta = wire.metadata.clone().unwrap_or_default();
        let conditions = wire.status.iter().flat_map(|status| &status.conditions);
        let conditions = conditions
            .map(|wire| (intern.share(&wire.kind), pods::condition(wire, intern)))
            .collect();
        let (row, version) = PodRow::from_wire(wire, intern)?;
        Ok((
            PodDetail(detail(
                &meta,
                conditions,
                DetailRow::Pod(Box::new(row)),
                intern,
            )),
            version,
        ))
    }
}

impl FromWire for DeploymentDetail {
    type Wire = apps::Deployment;

    fn from_wire(wire: apps::Deployment, intern: &mut Intern) -> Result<(Self, String), NoRow> {
        let meta = wire.metadata.clone().unwrap_or_default();
        let conditions = wire.status.iter().flat_map(|status| &status.conditions);
        let conditions = conditions
            .map(|wire| {
                (
                    intern.share(&wire.kind),
                    deployments::condition(wire, intern),
                )
            })
            .collect();
        let (row, version) = DeploymentRow::from_wire(wire, intern)?;
        Ok((
            DeploymentDetail(detail(
                &meta,
                conditions,
                DetailRow::Deployment(Box::new(row)),
                intern,
            )),
            version,
        ))
    }
}

impl Row for PodDetail {
    fn meta(&self) -> &Meta {
        self.0.meta()
    }
}

impl Row for DeploymentDetail {
    fn meta(&self) -> &Meta {
        self.0.meta()
    }
}

fn detail(
    meta: &ObjectMeta,
    conditions: Box<[(Outside, Condition)]>,
    row: DetailRow,
    intern: &mut Intern,
) -> Detail {
    Detail {
        labels: sorted(&meta.labels, intern),
        annotations: annotations(&meta.annotations),
        conditions,
        row,
    }
}

fn annotations(pairs: &[Pair]) -> Box<[(Outside, Outside)]> {
    let shown = pairs.iter().filter(|pair| pair.key != LAST_APPLIED);
    let mut sorted: Vec<_> = shown
        .map(|pair| {
            (
                Outside::from(pair.key.as_str()),
                message(&pair.value).unwrap_or_else(|| Outside::from("")),
            )
        })
        .collect();
    sorted.sort();
    sorted.into()
}
