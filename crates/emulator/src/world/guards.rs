//! What watches over workloads: the controllers of `HorizontalPodAutoscaler`s and of `PodDisruptionBudget`s.

use std::sync::Arc;

use chrono::{DateTime, SecondsFormat};
use serde_json::{Value, json};

use super::World;
use super::object::{Described, Key, Kind, Millis, Object};

/// How often an autoscaler syncs (`--horizontal-pod-autoscaler-sync-period`).
const AUTOSCALE_MS: Millis = 15_000;
/// The utilization that the emulated load always has: an autoscaler is content with it.
const UTILIZATION: u64 = 41;

/// One sync of an autoscaler: it keeps its target between minimum and maximum, and does nothing at 0. It acts at its own times only.
pub(super) fn autoscale(world: &mut World, key: &Key) {
    let Some(Object::Autoscaler(scaler)) = world.get(Kind::Autoscaler, key).cloned() else {
        return;
    };
    let spec = |field: &str| scaler.spec.get(field).and_then(Value::as_u64).unwrap_or(1);
    let (least, most) = (spec("minReplicas"), spec("maxReplicas"));
    let Some((target, replicas)) = target(world, &scaler) else {
        let condition = (
            "AbleToScale",
            "False",
            "FailedGetScale",
            "the HPA controller was unable to get the target's current scale",
        );
        return report(world, &scaler, (0, 0), &[condition]);
    };
    let wanted = if replicas == 0 {
        0
    } else {
        replicas.clamp(least, most)
    };
    let able = (
        "AbleToScale",
        "True",
        "ReadyForNewScale",
        "recommended size matches current size",
    );
    let off = (
        "ScalingActive",
        "False",
        "ScalingDisabled",
        "scaling is disabled since the replica count of the target is zero",
    );
    let on = (
        "ScalingActive",
        "True",
        "ValidMetricFound",
        "the HPA was able to successfully calculate a replica count from cpu resource utilization (percentage of request)",
    );
    let early = world.now().rem_euclid(AUTOSCALE_MS);
    if wanted != replicas && early == 0 {
        resize(world, target, wanted);
    } else if wanted != replicas {
        world.look_at(world.now() + AUTOSCALE_MS - early, Kind::Autoscaler, key);
    }
    report(
        world,
        &scaler,
        (replicas, wanted),
        &[able, if replicas == 0 { off } else { on }],
    );
}

/// The workload that an autoscaler scales, and its size.
fn target(world: &World, scaler: &Described) -> Option<(Object, u64)> {
    let reference = scaler.spec.get("scaleTargetRef")?;
    let key = Key::new(
        Arc::clone(&scaler.meta.key.namespace),
        reference["name"].as_str()?,
    );
    let kind = match reference["kind"].as_str()? {
        "Deployment" => Kind::Deployment,
        "StatefulSet" => Kind::StatefulSet,
        _ => return None,
    };
    let object = world.get(kind, &key)?.clone();
    let replicas = match &object {
        Object::Deployment(d) => d.replicas,
        Object::StatefulSet(set) => set.replicas,
        _ => return None,
    };
    Some((object, u64::from(replicas)))
}

fn resize(world: &mut World, mut target: Object, replicas: u64) {
    let replicas = u32::try_from(replicas).unwrap_or(u32::MAX);
    match &mut target {
        Object::Deployment(d) => Arc::make_mut(d).replicas = replicas,
        Object::StatefulSet(set) => Arc::make_mut(set).replicas = replicas,
        _ => return,
    }
    world.write(target);
}

type Word = (&'static str, &'static str, &'static str, &'static str);

fn report(
    world: &mut World,
    scaler: &Arc<Described>,
    (current, desired): (u64, u64),
    words: &[Word],
) {
    let conditions: Vec<Value> = words
        .iter()
        .map(|word| condition(&scaler.status, word, world.now()))
        .collect();
    let mut status = json!({"currentReplicas": current, "desiredReplicas": desired, "conditions": conditions, "currentMetrics": null});
    if current > 0 {
        status["currentMetrics"] = json!([{"type": "Resource", "resource": {"name": "cpu", "current": {"averageUtilization": UTILIZATION, "averageValue": "41m"}}}]);
    }
    if status != scaler.status {
        let mut changed = (**scaler).clone();
        changed.status = status;
        world.put(Object::Autoscaler(Arc::new(changed)));
    }
}

/// A condition, with the time of its last change kept.
fn condition(before: &Value, (kind, status, reason, message): &Word, now: Millis) -> Value {
    let known = before["conditions"].as_array().into_iter().flatten();
    let same = known
        .clone()
        .find(|c| c["type"] == **kind && c["status"] == **status);
    let changed = same.map_or_else(|| json!(time(now)), |c| c["lastTransitionTime"].clone());
    json!({"type": kind, "status": status, "reason": reason, "message": message, "lastTransitionTime": changed})
}

fn time(at: Millis) -> String {
    let at = DateTime::from_timestamp_millis(at).unwrap_or_default();
    at.to_rfc3339_opts(SecondsFormat::Secs, true)
}

/// One sync of the disruption controller.
pub(super) fn budget(world: &mut World, key: &Key) {
    let Some(Object::Budget(budget)) = world.get(Kind::Budget, key).cloned() else {
        return;
    };
    let selector = budget.selector().unwrap_or_default();
    let pods = world.pods_matching(&key.namespace, &selector);
    let expected = pods.iter().filter(|pod| pod.is_active()).count() as u64;
    let healthy = pods
        .iter()
        .filter(|pod| pod.is_active() && pod.is_ready())
        .count() as u64;
    let desired = match (
        share(&budget.spec["minAvailable"], expected),
        share(&budget.spec["maxUnavailable"], expected),
    ) {
        (Some(least), _) => least,
        (None, Some(most)) => expected.saturating_sub(most),
        (None, None) => expected,
    };
    let allowed = healthy.saturating_sub(desired);
    let word = if allowed > 0 {
        ("DisruptionAllowed", "True", "SufficientPods", "")
    } else {
        ("DisruptionAllowed", "False", "InsufficientPods", "")
    };
    let status = json!({"observedGeneration": budget.meta.generation, "disruptionsAllowed": allowed, "currentHealthy": healthy, "desiredHealthy": desired, "expectedPods": expected,
        "conditions": [condition(&budget.status, &word, world.now())]});
    if status != budget.status {
        let mut changed = (*budget).clone();
        changed.status = status;
        world.put(Object::Budget(Arc::new(changed)));
    }
}

/// A number of pods, absolute or of the expected ones, rounded up.
fn share(value: &Value, expected: u64) -> Option<u64> {
    match value {
        Value::String(text) => {
            let percent: u64 = text.strip_suffix('%')?.parse().ok()?;
            Some((expected * percent).div_ceil(100))
        }
        value => value.as_u64(),
    }
}
