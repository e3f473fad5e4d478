//! What several kinds have as protobuf: metadata, selector, template, numbers.

use super::super::super::world::object::{Amount, Labels, Meta, Millis};
use super::super::super::world::template::Template;
use super::messages as m;
use serde_json::Value;

pub(super) fn time(at: Millis) -> m::Time {
    m::Time {
        seconds: at.div_euclid(1_000),
        nanos: 0,
    }
}

pub(super) fn map(labels: &Labels) -> std::collections::BTreeMap<String, String> {
    labels.clone()
}

pub(super) fn meta(meta: &Meta) -> m::ObjectMeta {
    let owner = meta.owner.as_ref().map(|owner| m::OwnerReference {
        kind: owner.kind.name().to_owned(),
        name: owner.name.to_string(),
        uid: owner.uid.to_string(),
        api_version: owner.kind.api_version().to_owned(),
        controller: Some(true),
        block_owner_deletion: Some(true),
    });
    m::ObjectMeta {
        name: meta.key.name.to_string(),
        namespace: meta.key.namespace.to_string(),
        uid: meta.uid.to_string(),
        resource_version: meta.version.to_string(),
        generation: i64::try_from(meta.generation).unwrap_or(i64::MAX),
        creation_timestamp: Some(time(meta.created)),
        deletion_timestamp: meta.deletion.map(|d| time(d.at)),
        deletion_grace_period_seconds: meta.deletion.map(|d| i64::from(d.grace_s)),
        labels: map(&meta.labels),
        annotations: map(&meta.annotations),
        owner_references: owner.into_iter().collect(),
    }
}

pub(super) fn containers(template: &Template) -> Vec<m::Container> {
    let specs = template.spec.get("containers");
    template
        .containers
        .iter()
        .enumerate()
        .map(|(at, c)| m::Container {
            name: c.name.to_string(),
            image: c.image.to_string(),
            resources: specs.and_then(|specs| specs.get(at)?.get("resources").map(resources)),
        })
        .collect()
}

fn resources(value: &Value) -> m::ResourceRequirements {
    let amounts = |name: &str| {
        let found = value.get(name).and_then(Value::as_object);
        let amounts = found.into_iter().flatten();
        amounts
            .map(|(name, text)| {
                let text = text.as_str().map_or(text.to_string(), str::to_owned);
                (name.clone(), m::Quantity { text })
            })
            .collect()
    };
    m::ResourceRequirements {
        limits: amounts("limits"),
        requests: amounts("requests"),
    }
}

pub(super) fn amount(amount: Amount) -> m::IntOrString {
    match amount {
        Amount::Count(n) => m::IntOrString {
            kind: 0,
            int: int(n),
            text: String::new(),
        },
        Amount::Percent(p) => m::IntOrString {
            kind: 1,
            int: 0,
            text: format!("{p}%"),
        },
    }
}

pub(super) fn int(n: u32) -> i32 {
    i32::try_from(n).unwrap_or(i32::MAX)
}

pub(super) fn selector(labels: &Labels) -> m::LabelSelector {
    m::LabelSelector {
        match_labels: map(labels),
    }
}

pub(super) fn template(template: &Template) -> m::PodTemplateSpec {
    m::PodTemplateSpec {
        metadata: Some(m::ObjectMeta {
            labels: map(&template.labels),
            annotations: map(&template.annotations),
            ..m::ObjectMeta::default()
        }),
        spec: Some(m::PodSpec {
            containers: containers(template),
            restart_policy: "Always".to_owned(),
            node_name: String::new(),
        }),
    }
}
