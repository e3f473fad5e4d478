//! `StatefulSet`s, `DaemonSet`s and their revisions as JSON.

use serde_json::{Value, json};

use super::super::super::world::daemon_set::{DaemonSet, DaemonUpdate};
use super::super::super::world::revision::ControllerRevision;
use super::super::super::world::stateful_set::{StatefulSet, StatefulUpdate};
use super::meta::{amount, meta, without_zeros};

pub(super) fn stateful(set: &StatefulSet) -> Value {
    let update = match set.update {
        StatefulUpdate::OnDelete => json!({"type": "OnDelete"}),
        StatefulUpdate::Rolling { partition } => {
            json!({"type": "RollingUpdate", "rollingUpdate": {"partition": partition}})
        }
    };
    let mut spec = without_zeros(json!({"minReadySeconds": set.min_ready_s}));
    spec["replicas"] = json!(set.replicas);
    spec["selector"] = json!({"matchLabels": *set.selector});
    spec["template"] = set.template.to_value();
    spec["serviceName"] = json!(*set.service);
    spec["podManagementPolicy"] = json!(if set.parallel {
        "Parallel"
    } else {
        "OrderedReady"
    });
    spec["updateStrategy"] = update;
    spec["revisionHistoryLimit"] = json!(set.history_limit);
    spec["persistentVolumeClaimRetentionPolicy"] =
        json!({"whenDeleted": "Retain", "whenScaled": "Retain"});
    let s = &set.status;
    let mut status = without_zeros(
        json!({"observedGeneration": s.observed, "readyReplicas": s.ready, "currentReplicas": s.current, "updatedReplicas": s.updated}),
    );
    status["replicas"] = json!(s.replicas);
    status["availableReplicas"] = json!(s.available);
    if s.observed > 0 {
        status["currentRevision"] = json!(*s.current_revision);
        status["updateRevision"] = json!(*s.update_revision);
        status["collisionCount"] = json!(0);
    }
    json!({"metadata": meta(&set.meta), "spec": spec, "status": status})
}

pub(super) fn daemon(set: &DaemonSet) -> Value {
    let update = match set.update {
        DaemonUpdate::OnDelete => json!({"type": "OnDelete"}),
        DaemonUpdate::Rolling { unavailable } => {
            json!({"type": "RollingUpdate", "rollingUpdate": {"maxUnavailable": amount(unavailable), "maxSurge": 0}})
        }
    };
    let mut spec = without_zeros(json!({"minReadySeconds": set.min_ready_s}));
    spec["selector"] = json!({"matchLabels": *set.selector});
    spec["template"] = set.template.to_value();
    spec["updateStrategy"] = update;
    spec["revisionHistoryLimit"] = json!(set.history_limit);
    let s = &set.status;
    let missing = s.desired.saturating_sub(s.available);
    let mut status = without_zeros(
        json!({"observedGeneration": s.observed, "updatedNumberScheduled": s.updated, "numberAvailable": s.available, "numberUnavailable": missing}),
    );
    status["currentNumberScheduled"] = json!(s.current);
    status["numberMisscheduled"] = json!(0);
    status["desiredNumberScheduled"] = json!(s.desired);
    status["numberReady"] = json!(s.ready);
    json!({"metadata": meta(&set.meta), "spec": spec, "status": status})
}

pub(super) fn revision(revision: &ControllerRevision) -> Value {
    json!({"metadata": meta(&revision.meta), "data": data(revision), "revision": revision.revision})
}

/// A strategic merge patch that puts the template back.
pub(in super::super) fn data(revision: &ControllerRevision) -> Value {
    let mut template = revision.template.to_value();
    template["$patch"] = json!("replace");
    json!({"spec": {"template": template}})
}
