//! Label and field selectors, as kubernetes.io/docs/concepts/overview/working-with-objects/labels describes them.

use serde_json::Value;

use super::super::render::json;
use super::super::world::events::node_name;
use super::super::world::object::{Kind, Labels, Object};
use super::status::Status;

#[derive(Clone, Debug, PartialEq, Eq)]
enum Term {
    In(String, Vec<String>),
    NotIn(String, Vec<String>),
    Exists(String),
    Absent(String),
}

/// What a list or a watch asks for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Selection {
    /// Namespace; none for all.
    pub namespace: Option<String>,
    labels: Vec<Term>,
    /// Path, value, and whether it is to be equal.
    fields: Vec<(String, String, bool)>,
}

impl Selection {
    /// Reads the two selectors of a request.
    ///
    /// # Errors
    /// A selector that cannot be parsed, or a field that cannot be selected by.
    pub fn parse(
        namespace: Option<&str>,
        labels: &str,
        fields: &str,
        kind: Option<Kind>,
    ) -> Result<Self, Status> {
        let labels = split(labels)
            .into_iter()
            .map(term)
            .collect::<Result<_, _>>()?;
        let fields = fields
            .split(',')
            .filter(|f| !f.is_empty())
            .map(|f| field(f, kind))
            .collect::<Result<_, _>>()?;
        Ok(Self {
            namespace: namespace.map(str::to_owned),
            labels,
            fields,
        })
    }

    /// Whether it selects by more than the namespace.
    pub fn is_narrow(&self) -> bool {
        !self.labels.is_empty() || !self.fields.is_empty()
    }

    /// Whether an object is selected.
    pub fn takes(&self, object: &Object) -> bool {
        let meta = object.meta();
        self.namespace
            .as_deref()
            .is_none_or(|ns| ns == &*meta.key.namespace)
            && self.labels.iter().all(|term| term.takes(&meta.labels))
            && self
                .fields
                .iter()
                .all(|(path, value, equal)| (field_of(object, path) == *value) == *equal)
    }
}

impl Term {
    fn takes(&self, labels: &Labels) -> bool {
        match self {
            Self::In(key, values) => labels.get(key).is_some_and(|v| values.contains(v)),
            Self::NotIn(key, values) => labels.get(key).is_none_or(|v| !values.contains(v)),
            Self::Exists(key) => labels.contains_key(key),
            Self::Absent(key) => !labels.contains_key(key),
        }
    }
}

/// At commas outside of parentheses.
fn split(text: &str) -> Vec<&str> {
    let mut depth = 0;
    let parts = text.split(|c| {
        depth += i32::from(c == '(') - i32::from(c == ')');
        c == ',' && depth == 0
    });
    parts
        .map(str::trim)
        .filter(|part| !part.is_empty())
        .collect()
}

fn term(text: &str) -> Result<Term, Status> {
    let key = |key: &str| {
        let key = key.trim();
        let fine = !key.is_empty()
            && key
                .chars()
                .all(|c| c.is_ascii_alphanumeric() || "-_./".contains(c));
        let odd = key.chars().next().unwrap_or(' ');
        if fine {
            Ok(key.to_owned())
        } else {
            Err(Status::bad_request(format!(
                "unable to parse requirement: found '{odd}', expected: identifier"
            )))
        }
    };
    if let Some((name, values)) = text.strip_suffix(')').and_then(|t| t.split_once('(')) {
        let values = values.split(',').map(|v| v.trim().to_owned()).collect();
        let name = name.trim_end();
        return match (name.strip_suffix(" notin"), name.strip_suffix(" in")) {
            (Some(name), _) => Ok(Term::NotIn(key(name)?, values)),
            (None, Some(name)) => Ok(Term::In(key(name)?, values)),
            (None, None) => Err(Status::bad_request(format!(
                "unable to parse requirement: found '{name}', expected: in, notin"
            ))),
        };
    }
    if let Some((name, value)) = text.split_once("!=") {
        return Ok(Term::NotIn(key(name)?, vec![value.trim().to_owned()]));
    }
    if let Some((name, value)) = text.split_once("==").or_else(|| text.split_once('=')) {
        return Ok(Term::In(key(name)?, vec![value.trim().to_owned()]));
    }
    match text.strip_prefix('!') {
        Some(name) => Ok(Term::Absent(key(name)?)),
        None => Ok(Term::Exists(key(text)?)),
    }
}

fn field(text: &str, kind: Option<Kind>) -> Result<(String, String, bool), Status> {
    let (path, value, equal) = match (
        text.split_once("!="),
        text.split_once("==").or_else(|| text.split_once('=')),
    ) {
        (Some((path, value)), _) => (path, value, false),
        (None, Some((path, value))) => (path, value, true),
        (None, None) => {
            return Err(Status::bad_request(format!(
                "invalid field selector: \"{text}\""
            )));
        }
    };
    let extra: &[&str] = match kind {
        Some(Kind::Pod) => &[
            "spec.nodeName",
            "spec.restartPolicy",
            "spec.schedulerName",
            "spec.serviceAccountName",
            "status.phase",
            "status.podIP",
        ],
        Some(Kind::Event) => &[
            "involvedObject.kind",
            "involvedObject.namespace",
            "involvedObject.name",
            "involvedObject.uid",
            "involvedObject.apiVersion",
            "involvedObject.fieldPath",
            "reason",
            "source",
            "type",
        ],
        Some(Kind::ReplicaSet) => &["status.replicas"],
        Some(Kind::Namespace) => &["status.phase"],
        Some(Kind::Service) => &["spec.clusterIP", "spec.type"],
        Some(Kind::Node) => &["spec.unschedulable"],
        Some(
            Kind::Deployment
            | Kind::StatefulSet
            | Kind::DaemonSet
            | Kind::ControllerRevision
            | Kind::EndpointSlice
            | Kind::Autoscaler
            | Kind::Budget,
        )
        | None => &[],
    };
    if matches!(path, "metadata.name" | "metadata.namespace") || extra.contains(&path) {
        return Ok((path.to_owned(), value.to_owned(), equal));
    }
    Err(Status::bad_request(format!(
        "field label not supported: {path}"
    )))
}

fn field_of(object: &Object, path: &str) -> String {
    match (path, object) {
        ("metadata.name", _) => object.meta().key.name.to_string(),
        ("metadata.namespace", _) => object.meta().key.namespace.to_string(),
        ("status.phase", Object::Pod(pod)) => pod.phase().to_owned(),
        ("spec.nodeName", Object::Pod(pod)) => pod.node.map_or(String::new(), node_name),
        ("type", Object::Event(e)) => if e.warning { "Warning" } else { "Normal" }.to_owned(),
        ("involvedObject.name", Object::Event(e)) => e.object.name.to_string(),
        ("involvedObject.uid", Object::Event(e)) => e.object_uid.to_string(),
        ("source", Object::Event(e)) => e.component.to_owned(),
        _ => match json::value(object).pointer(&format!("/{}", path.replace('.', "/"))) {
            Some(Value::String(text)) => text.clone(),
            Some(other) => other.to_string(),
            None => String::new(),
        },
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn a_label_selector_takes_what_the_api_says_it_takes() {
        let labels: Labels = [("app", "web"), ("tier", "front")]
            .into_iter()
            .map(|(k, v)| (k.to_owned(), v.to_owned()))
            .collect();
        let cases = [
            ("app=web", true),
            ("app==web", true),
            ("app!=web", false),
            ("app", true),
            ("!app", false),
            ("!other", true),
            ("app in (web, api)", true),
            ("app notin (web,api)", false),
            ("other notin (x)", true),
            ("app in (web),tier=front", true),
            ("app=web,tier=back", false),
            ("", true),
        ];
        for (text, taken) in cases {
            let selection = Selection::parse(None, text, "", None).unwrap();
            assert_eq!(
                selection.labels.iter().all(|t| t.takes(&labels)),
                taken,
                "{text}"
            );
        }
        assert!(Selection::parse(None, "!!", "", None).is_err());
        assert!(Selection::parse(None, "", "foo=b", None).is_err());
    }
}
