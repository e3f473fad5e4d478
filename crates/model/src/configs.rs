//! What pods read and what scales them: `ConfigMaps` and Secrets by their metadata alone, autoscalers by their limits.

use serde::{Deserialize, Serialize};

use super::cluster::Kind;
use super::meta::{Meta, row};
use super::owner::Owner;
use super::watched::Watched;
use text::Outside;

/// A `ConfigMap` or a Secret. What it holds is never asked for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ConfigRow {
    pub meta: Meta,
}

row!(ConfigRow);

/// <https://kubernetes.io/docs/reference/kubernetes-api/workload-resources/horizontal-pod-autoscaler-v2/>
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AutoscalerRow {
    pub meta: Meta,
    /// `spec.scaleTargetRef`.
    pub target: Owner,
    /// `spec.minReplicas` (1 when absent).
    pub min: u32,
    /// `spec.maxReplicas`.
    pub max: u32,
}

row!(AutoscalerRow);

/// The `ConfigMaps` and Secrets that the pods of a template read, by name, sorted: as volumes and as environment.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ConfigNames {
    pub configmaps: Box<[Outside]>,
    pub secrets: Box<[Outside]>,
}

/// The tables of them.
#[derive(Clone, Debug, Default)]
pub struct Configs {
    pub configmaps: Watched<ConfigRow>,
    pub secrets: Watched<ConfigRow>,
    pub autoscalers: Watched<AutoscalerRow>,
}

impl ConfigNames {
    /// Those of one of the two kinds.
    pub fn of(&self, kind: Kind) -> &[Outside] {
        match kind {
            Kind::ConfigMap => &self.configmaps,
            Kind::Secret => &self.secrets,
            _ => &[],
        }
    }
}
