//! `StatefulSet`s, `DaemonSet`s and their revisions as protobuf. Numbers: `generated.proto` of k8s.io/api v0.34, apps/v1.

use super::super::super::world::daemon_set::{DaemonSet, DaemonUpdate};
use super::super::super::world::revision::ControllerRevision;
use super::super::super::world::stateful_set::{StatefulSet, StatefulUpdate};
use super::super::json;
use super::messages as m;
use super::meta::{amount, int, meta, selector, template};

#[derive(Clone, PartialEq, prost::Message)]
pub struct Partition {
    #[prost(int32, optional, tag = "1")]
    pub partition: Option<i32>,
}

#[derive(Clone, PartialEq, prost::Message)]
pub struct StatefulUpdateStrategy {
    #[prost(string, tag = "1")]
    pub kind: String,
    #[prost(message, optional, tag = "2")]
    pub rolling_update: Option<Partition>,
}

#[derive(Clone, PartialEq, prost::Message)]
pub struct StatefulSetSpec {
    #[prost(int32, optional, tag = "1")]
    pub replicas: Option<i32>,
    #[prost(message, optional, tag = "2")]
    pub selector: Option<m::LabelSelector>,
    #[prost(message, optional, tag = "3")]
    pub template: Option<m::PodTemplateSpec>,
    #[prost(string, tag = "5")]
    pub service_name: String,
    #[prost(string, tag = "6")]
    pub pod_management_policy: String,
    #[prost(message, optional, tag = "7")]
    pub update_strategy: Option<StatefulUpdateStrategy>,
    #[prost(int32, optional, tag = "8")]
    pub revision_history_limit: Option<i32>,
    #[prost(int32, tag = "9")]
    pub min_ready_seconds: i32,
}

#[derive(Clone, PartialEq, prost::Message)]
pub struct StatefulSetStatus {
    #[prost(int64, tag = "1")]
    pub observed_generation: i64,
    #[prost(int32, tag = "2")]
    pub replicas: i32,
    #[prost(int32, tag = "3")]
    pub ready_replicas: i32,
    #[prost(int32, tag = "4")]
    pub current_replicas: i32,
    #[prost(int32, tag = "5")]
    pub updated_replicas: i32,
    #[prost(string, tag = "6")]
    pub current_revision: String,
    #[prost(string, tag = "7")]
    pub update_revision: String,
    #[prost(int32, optional, tag = "9")]
    pub collision_count: Option<i32>,
    #[prost(int32, tag = "11")]
    pub available_replicas: i32,
}

pub type StatefulSetMessage = m::Object<StatefulSetSpec, StatefulSetStatus>;
pub type DaemonSetMessage = m::Object<DaemonSetSpec, DaemonSetStatus>;

#[derive(Clone, PartialEq, prost::Message)]
pub struct DaemonSetSpec {
    #[prost(message, optional, tag = "1")]
    pub selector: Option<m::LabelSelector>,
    #[prost(message, optional, tag = "2")]
    pub template: Option<m::PodTemplateSpec>,
    #[prost(message, optional, tag = "3")]
    pub update_strategy: Option<m::UpdateStrategy>,
    #[prost(int32, tag = "4")]
    pub min_ready_seconds: i32,
    #[prost(int32, optional, tag = "6")]
    pub revision_history_limit: Option<i32>,
}

#[derive(Clone, PartialEq, prost::Message)]
pub struct DaemonSetStatus {
    #[prost(int32, tag = "1")]
    pub current_number_scheduled: i32,
    #[prost(int32, tag = "2")]
    pub number_misscheduled: i32,
    #[prost(int32, tag = "3")]
    pub desired_number_scheduled: i32,
    #[prost(int32, tag = "4")]
    pub number_ready: i32,
    #[prost(int64, tag = "5")]
    pub observed_generation: i64,
    #[prost(int32, tag = "6")]
    pub updated_number_scheduled: i32,
    #[prost(int32, tag = "7")]
    pub number_available: i32,
    #[prost(int32, tag = "8")]
    pub number_unavailable: i32,
}

#[derive(Clone, PartialEq, prost::Message)]
pub struct RevisionMessage {
    #[prost(message, optional, tag = "1")]
    pub metadata: Option<m::ObjectMeta>,
    #[prost(message, optional, tag = "2")]
    pub data: Option<m::RawExtension>,
    #[prost(int64, tag = "3")]
    pub revision: i64,
}

fn long(n: u64) -> i64 {
    i64::try_from(n).unwrap_or(i64::MAX)
}

pub(super) fn stateful(set: &StatefulSet) -> StatefulSetMessage {
    let update = match set.update {
        StatefulUpdate::OnDelete => StatefulUpdateStrategy {
            kind: "OnDelete".to_owned(),
            rolling_update: None,
        },
        StatefulUpdate::Rolling { partition } => StatefulUpdateStrategy {
            kind: "RollingUpdate".to_owned(),
            rolling_update: Some(Partition {
                partition: Some(int(partition)),
            }),
        },
    };
    let policy = if set.parallel {
        "Parallel"
    } else {
        "OrderedReady"
    };
    let s = &set.status;
    StatefulSetMessage {
        metadata: Some(meta(&set.meta)),
        spec: Some(StatefulSetSpec {
            replicas: Some(int(set.replicas)),
            selector: Some(selector(&set.selector)),
            template: Some(template(&set.template)),
            service_name: set.service.to_string(),
            pod_management_policy: policy.to_owned(),
            update_strategy: Some(update),
            revision_history_limit: Some(int(set.history_limit)),
            min_ready_seconds: int(set.min_ready_s),
        }),
        status: Some(StatefulSetStatus {
            observed_generation: long(s.observed),
            replicas: int(s.replicas),
            ready_replicas: int(s.ready),
            current_replicas: int(s.current),
            updated_replicas: int(s.updated),
            current_revision: s.current_revision.to_string(),
            update_revision: s.update_revision.to_string(),
            collision_count: (s.observed > 0).then_some(0),
            available_replicas: int(s.available),
        }),
    }
}

pub(super) fn daemon(set: &DaemonSet) -> DaemonSetMessage {
    let update = match set.update {
        DaemonUpdate::OnDelete => m::UpdateStrategy {
            kind: "OnDelete".to_owned(),
            rolling_update: None,
        },
        DaemonUpdate::Rolling { unavailable } => m::UpdateStrategy {
            kind: "RollingUpdate".to_owned(),
            rolling_update: Some(m::RollingUpdate {
                max_unavailable: Some(amount(unavailable)),
                max_surge: Some(m::IntOrString::default()),
            }),
        },
    };
    let s = set.status;
    DaemonSetMessage {
        metadata: Some(meta(&set.meta)),
        spec: Some(DaemonSetSpec {
            selector: Some(selector(&set.selector)),
            template: Some(template(&set.template)),
            update_strategy: Some(update),
            min_ready_seconds: int(set.min_ready_s),
            revision_history_limit: Some(int(set.history_limit)),
        }),
        status: Some(DaemonSetStatus {
            current_number_scheduled: int(s.current),
            number_misscheduled: 0,
            desired_number_scheduled: int(s.desired),
            number_ready: int(s.ready),
            observed_generation: long(s.observed),
            updated_number_scheduled: int(s.updated),
            number_available: int(s.available),
            number_unavailable: int(s.desired.saturating_sub(s.available)),
        }),
    }
}

pub(super) fn revision(revision: &ControllerRevision) -> RevisionMessage {
    RevisionMessage {
        metadata: Some(meta(&revision.meta)),
        data: Some(m::RawExtension {
            raw: json::sets::data(revision).to_string().into_bytes(),
        }),
        revision: long(revision.revision),
    }
}
