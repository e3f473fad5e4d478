//! A pod template as the console keeps it: canonical text to compare and to send, lines to read, and what differs between
//! two of them. Changes nothing and asks nobody.

use std::fmt::Write as _;

use serde::{Deserialize, Serialize};
use serde_json::Value;
use sha2::{Digest, Sha256};
use similar::{ChangeTag, TextDiff};

use super::yaml;
use text::Outside;

/// Where `kubectl rollout restart` writes.
pub const RESTARTED_AT: &str = "kubectl.kubernetes.io/restartedAt";
/// What the Deployment controller adds to the labels of a `ReplicaSet`'s template.
const TEMPLATE_HASH: &str = "pod-template-hash";
/// Characters of a digest: enough to tell the templates of one workload apart.
const DIGEST_CHARS: usize = 12;

/// One pod template.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Template {
    /// As JSON, keys sorted, without what a controller adds to it. Empty when only the digest is known.
    pub json: Outside,
    /// The first characters of the SHA-256 of `json`.
    pub digest: Outside,
    /// The same without the time of a restart: equal for revisions that differ in nothing else.
    pub base: Outside,
}

/// A line of a difference.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Differing {
    /// Where it stands.
    pub side: Side,
    pub text: Outside,
}

/// Where a line of a difference stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    Before,
    After,
    Both,
    /// Equal lines are left out here.
    Gap,
}

impl Template {
    /// Of `spec.template` as the server has it.
    pub fn of(template: &Value) -> Template {
        let mut template = template.clone();
        if let Some(fields) = template.as_object_mut() {
            // The directive of a `ControllerRevision`, whose data is a strategic merge patch.
            fields.remove("$patch");
        }
        if let Some(metadata) = template["metadata"].as_object_mut() {
            if metadata.get("creationTimestamp") == Some(&Value::Null) {
                metadata.remove("creationTimestamp");
            }
            if let Some(labels) = metadata.get_mut("labels").and_then(Value::as_object_mut) {
                labels.remove(TEMPLATE_HASH);
            }
        }
        if template["metadata"].is_null()
            && let Some(fields) = template.as_object_mut()
        {
            fields.remove("metadata");
        }
        let json = template.to_string();
        let digest = digest(&json);
        let base = without_restart(template);
        Template {
            digest,
            base,
            json: json.into(),
        }
    }

    /// One of which only the digest is known.
    pub fn known_by(digest: Outside) -> Template {
        Template {
            json: "".into(),
            base: digest.clone(),
            digest,
        }
    }

    /// As a value, to be sent.
    pub fn value(&self) -> Value {
        serde_json::from_str(self.json.raw()).unwrap_or_default()
    }

    /// As YAML; as JSON if that cannot be written.
    pub fn lines(&self) -> String {
        yaml::text(&self.value()).unwrap_or_else(|_| self.json.raw().to_owned())
    }

    /// Images of its containers, in order.
    pub fn images(&self) -> Box<[Outside]> {
        let value = self.value();
        let containers = value["spec"]["containers"].as_array();
        containers
            .into_iter()
            .flatten()
            .map(|container| container["image"].as_str().unwrap_or_default().into())
            .collect()
    }

    /// When it was restarted.
    pub fn restarted_at(&self) -> Option<Outside> {
        let at = &self.value()["metadata"]["annotations"][RESTARTED_AT];
        at.as_str().map(Outside::from)
    }
}

/// What differs, with so many equal lines around it.
pub fn diff(before: &Template, after: &Template, around: usize) -> Vec<Differing> {
    let (before, after) = (before.lines(), after.lines());
    let diff = TextDiff::from_lines(before.as_str(), after.as_str());
    let mut lines = Vec::new();
    for (at, group) in diff.grouped_ops(around).iter().enumerate() {
        if at > 0 {
            lines.push(Differing {
                side: Side::Gap,
                text: "".into(),
            });
        }
        for change in group.iter().flat_map(|op| diff.iter_changes(op)) {
            lines.push(Differing {
                side: match change.tag() {
                    ChangeTag::Delete => Side::Before,
                    ChangeTag::Insert => Side::After,
                    ChangeTag::Equal => Side::Both,
                },
                text: change.value().trim_end_matches('\n').into(),
            });
        }
    }
    lines
}

fn without_restart(mut template: Value) -> Outside {
    if let Some(metadata) = template["metadata"].as_object_mut() {
        let annotations = metadata.get_mut("annotations");
        let left = annotations.and_then(Value::as_object_mut).map(|all| {
            all.remove(RESTARTED_AT);
            all.len()
        });
        if left == Some(0) {
            metadata.remove("annotations");
        }
    }
    if template["metadata"].is_null()
        && let Some(fields) = template.as_object_mut()
    {
        fields.remove("metadata");
    }
    digest(&template.to_string())
}

fn digest(text: &str) -> Outside {
    let mut hex = String::new();
    for byte in Sha256::digest(text.as_bytes()) {
        let _ = write!(hex, "{byte:02x}");
    }
    hex.truncate(DIGEST_CHARS);
    hex.into()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn template(image: &str, restarted: Option<&str>, hash: Option<&str>) -> Template {
        let mut value = json!({
            "metadata": {"labels": {"app": "checkout"}, "creationTimestamp": null},
            "spec": {"containers": [{"name": "app", "image": image, "args": ["-v", "8080"], "env": [{"name": "A", "value": "1"}]}]},
        });
        if let Some(at) = restarted {
            value["metadata"]["annotations"] = json!({RESTARTED_AT: at});
        }
        if let Some(hash) = hash {
            value["metadata"]["labels"][TEMPLATE_HASH] = json!(hash);
        }
        Template::of(&value)
    }

    #[test]
    fn what_a_controller_adds_makes_no_difference() {
        assert_eq!(
            template("a:1", None, Some("7d9f")),
            template("a:1", None, None)
        );
        let mut data = template("a:1", None, None).value();
        data["$patch"] = json!("replace");
        assert_eq!(Template::of(&data), template("a:1", None, None));
    }

    #[test]
    fn a_restart_is_another_template_on_the_same_base() {
        let (plain, again) = (
            template("a:1", None, None),
            template("a:1", Some("2026"), None),
        );
        assert_ne!(plain.digest, again.digest);
        assert_eq!(plain.base, again.base);
        assert_ne!(plain.base, template("a:2", None, None).base);
        assert_eq!(again.restarted_at(), Some("2026".into()));
    }

    #[test]
    fn a_template_is_read_as_yaml() {
        assert_eq!(
            template("a:1", None, None).lines(),
            "metadata:\n  labels:\n    app: checkout\nspec:\n  containers:\n  - args:\n    - -v\n    - \"8080\"\n    env:\n    - name: A\n      value: \"1\"\n    image: a:1\n    name: app\n"
        );
    }

    #[test]
    fn a_difference_shows_both_sides_and_leaves_equal_lines_out() {
        let lines = diff(
            &template("a:1", None, None),
            &template("a:2", None, None),
            0,
        );
        let lines: Vec<(Side, &str)> = lines
            .iter()
            .map(|line| (line.side, line.text.raw()))
            .collect();
        assert_eq!(
            lines,
            [
                (Side::Before, "    image: a:1"),
                (Side::After, "    image: a:2")
            ]
        );
    }
}
