//! A pod template: kept as the JSON it came as, with a real API server's defaults, shared by every pod made from it.

use std::sync::Arc;

use serde_json::value::RawValue;
use serde_json::{Map, Value, json};

use super::object::Labels;

/// The label that tells the `ReplicaSet`s of one Deployment apart.
pub const HASH_LABEL: &str = "pod-template-hash";

/// Letters that Kubernetes uses in generated names: no vowels, so no words.
const SAFE: &[u8] = b"bcdfghjklmnpqrstvwxz2456789";

/// A container of a template, as far as behaviour goes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Container {
    pub name: Arc<str>,
    pub image: Arc<str>,
}

/// A pod template.
#[derive(Clone, Debug)]
pub struct Template {
    /// `metadata.labels`.
    pub labels: Arc<Labels>,
    /// `metadata.annotations`.
    pub annotations: Arc<Labels>,
    /// `spec`, with defaults.
    pub spec: Map<String, Value>,
    /// The containers in `spec`.
    pub containers: Vec<Container>,
    /// The fields of `spec`, rendered once.
    pub rendered: Vec<(String, Box<RawValue>)>,
}

impl PartialEq for Template {
    fn eq(&self, other: &Self) -> bool {
        self.labels == other.labels
            && self.annotations == other.annotations
            && self.spec == other.spec
    }
}

impl Template {
    /// Reads `spec.template` of a workload.
    ///
    /// # Errors
    /// The path and what is wrong with it, as an API server words it.
    pub fn from_value(value: &Value) -> Result<Self, String> {
        let mut spec = match value.get("spec") {
            Some(Value::Object(spec)) => spec.clone(),
            _ => Map::new(),
        };
        let list = spec
            .get_mut("containers")
            .and_then(Value::as_array_mut)
            .filter(|list| !list.is_empty());
        let list = list.ok_or("spec.template.spec.containers: Required value")?;
        let mut containers = Vec::with_capacity(list.len());
        for (i, container) in list.iter_mut().enumerate() {
            let text = |field: &str| match container.get(field).and_then(Value::as_str) {
                Some(text) if !text.is_empty() => Ok(Arc::from(text)),
                _ => Err(format!(
                    "spec.template.spec.containers[{i}].{field}: Required value"
                )),
            };
            containers.push(Container {
                name: text("name")?,
                image: text("image")?,
            });
            default_container(container);
        }
        for (name, value) in [
            ("dnsPolicy", json!("ClusterFirst")),
            ("restartPolicy", json!("Always")),
            ("schedulerName", json!("default-scheduler")),
            ("securityContext", json!({})),
            ("terminationGracePeriodSeconds", json!(30)),
        ] {
            spec.entry(name).or_insert(value);
        }
        Ok(Self::assemble(
            labels(value.pointer("/metadata/labels")),
            labels(value.pointer("/metadata/annotations")),
            spec,
            containers,
        ))
    }

    fn assemble(
        labels: Labels,
        annotations: Labels,
        spec: Map<String, Value>,
        containers: Vec<Container>,
    ) -> Self {
        let rendered = spec
            .iter()
            .filter_map(|(name, value)| {
                Some((name.clone(), serde_json::value::to_raw_value(value).ok()?))
            })
            .collect();
        Self {
            labels: Arc::new(labels),
            annotations: Arc::new(annotations),
            spec,
            containers,
            rendered,
        }
    }

    /// The JSON of `spec.template`.
    pub fn to_value(&self) -> Value {
        let mut metadata = json!({"labels": *self.labels});
        if !self.annotations.is_empty() {
            metadata["annotations"] = json!(*self.annotations);
        }
        json!({"metadata": metadata, "spec": self.spec})
    }

    /// The same template with the hash among its labels, as a `ReplicaSet` holds it.
    #[must_use]
    pub fn with_hash(&self, hash: &str) -> Self {
        let mut own = self.clone();
        Arc::make_mut(&mut own.labels).insert(HASH_LABEL.to_owned(), hash.to_owned());
        own
    }

    /// Whether both are the same revision: equal but for the hash.
    pub fn same_revision(&self, other: &Self) -> bool {
        let plain = |l: &Labels| {
            l.iter()
                .filter(|(k, _)| *k != HASH_LABEL)
                .map(|(k, v)| (k.clone(), v.clone()))
                .collect::<Labels>()
        };
        self.annotations == other.annotations
            && self.spec == other.spec
            && plain(&self.labels) == plain(&other.labels)
    }

    /// A short name for the template's content.
    pub fn hash(&self) -> String {
        let text = self.to_value().to_string();
        let hash = text.bytes().fold(0x811c_9dc5_u32, |h, b| {
            (h ^ u32::from(b)).wrapping_mul(0x0100_0193)
        });
        hash.to_string()
            .bytes()
            .map(|b| char::from(SAFE[usize::from(b) % SAFE.len()]))
            .collect()
    }
}

/// A generated name's ending of `length` letters.
pub fn suffix(rng: &mut fastrand::Rng, length: usize) -> String {
    (0..length)
        .map(|_| char::from(SAFE[rng.usize(..SAFE.len())]))
        .collect()
}

/// Reads a map of strings; anything else is no map.
pub fn labels(value: Option<&Value>) -> Labels {
    let pairs = value.and_then(Value::as_object).into_iter().flatten();
    pairs
        .filter_map(|(k, v)| Some((k.clone(), v.as_str()?.to_owned())))
        .collect()
}

fn default_container(container: &mut Value) {
    for (name, value) in [
        ("imagePullPolicy", "IfNotPresent"),
        ("terminationMessagePath", "/dev/termination-log"),
        ("terminationMessagePolicy", "File"),
    ] {
        if container.get(name).is_none() {
            container[name] = json!(value);
        }
    }
    if container.get("resources").is_none() {
        container["resources"] = json!({});
    }
    for port in container
        .get_mut("ports")
        .and_then(Value::as_array_mut)
        .into_iter()
        .flatten()
    {
        if port.get("protocol").is_none() {
            port["protocol"] = json!("TCP");
        }
    }
}
