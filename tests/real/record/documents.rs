//! The exports of a shift as another program reads them, and what the requests of the audit log say beside them.

use chrono::{DateTime, TimeDelta, Utc};
use components::control_plane::Audited;
use journal::command::{self, Format, Part};
use journal::store::directory::StateDir;
use model::entry::IncidentId;
use serde_json::Value;

/// Between a request and the entry that tells of it.
pub const BLUR: TimeDelta = TimeDelta::seconds(5);

/// The server's times are whole seconds.
pub const SECOND: TimeDelta = TimeDelta::seconds(1);

/// The exports of a shift that is over.
pub struct Documents {
    state: tempfile::TempDir,
}

impl Documents {
    pub fn of(state: tempfile::TempDir) -> Documents {
        Documents { state }
    }

    fn text(&self, incident: IncidentId, format: Format) -> String {
        let dir = StateDir::at(self.state.path().join("state"));
        let part = Part {
            incident: Some(incident.to_string()),
            ..Part::default()
        };
        let printout = command::export(&dir, &part, format, Utc::now()).unwrap();
        assert_eq!(printout.warnings, Vec::<String>::new());
        printout.text
    }

    pub fn read(&self, incident: IncidentId) -> Document {
        let json: Value = serde_json::from_str(&self.text(incident, Format::Json)).unwrap();
        let entries = json["entries"].as_array().unwrap().clone();
        Document {
            incident: incident.to_string(),
            entries: entries.into_iter().map(Told).collect(),
            markdown: self.text(incident, Format::Markdown),
        }
    }
}

pub struct Document {
    incident: String,
    pub entries: Vec<Told>,
    pub markdown: String,
}

/// An entry as another program reads it.
pub struct Told(pub Value);

impl Told {
    pub fn word(&self, name: &str) -> &str {
        self.0[name].as_str().unwrap_or_default()
    }

    pub fn at(&self) -> DateTime<Utc> {
        self.word("occurred_at").parse().unwrap()
    }

    /// Of a change its beginning: how a rollout ended refers to that.
    fn is_change(&self) -> bool {
        self.word("kind").starts_with("change.") && self.0["refers_to"].is_null()
    }
}

impl Document {
    fn changes(&self) -> Vec<&Told> {
        let entries = self.entries.iter();
        entries.filter(|entry| entry.is_change()).collect()
    }

    pub fn milestone(&self, phase: &str) -> DateTime<Utc> {
        let mut entries = self.entries.iter();
        let of_phase =
            |entry: &&Told| entry.word("kind") == "phase.change" && entry.word("phase") == phase;
        entries.find(of_phase).unwrap().at()
    }

    /// Entries in order of time, each under this incident or none, changes that were made before the opening under none.
    pub fn assert_own(&self) {
        let opened = self.milestone("opened");
        assert!(self.entries.is_sorted_by_key(Told::at), "{self}");
        for entry in &self.entries {
            let incident = entry.word("incident");
            assert!(
                incident == self.incident || incident.is_empty(),
                "of another incident: {}\n{self}",
                entry.word("title")
            );
            let is_change = entry.word("kind").starts_with("change.");
            assert!(
                entry.at() >= opened - SECOND || incident.is_empty() || !is_change,
                "before it was opened: {}\n{self}",
                entry.word("title")
            );
        }
    }

    /// Each of these requests is told once, at its time, with what it changed; nothing else is told as a change.
    pub fn assert_tells(&self, requests: &[Asked]) {
        let changes = self.changes();
        assert_eq!(changes.len(), requests.len(), "{requests:#?}\n{self}");
        for (told, asked) in changes.into_iter().zip(requests) {
            let title = told.word("title");
            assert!((told.at() - asked.at).abs() <= BLUR, "{asked:?}\n{self}");
            let change = &told.0["change"];
            let change = [&change["before"], &change["after"]].map(Value::as_str);
            let asked = [asked.before.as_deref(), Some(&asked.after[..])];
            assert_eq!(change, asked, "{title}");
            assert!(self.markdown.contains(title), "{title}\n{}", self.markdown);
        }
    }
}

impl std::fmt::Display for Document {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        for entry in &self.entries {
            let [at, kind, title] = ["occurred_at", "kind", "title"].map(|name| entry.word(name));
            writeln!(out, "{at} {kind}: {title} [{}]", entry.word("incident"))?;
        }
        Ok(())
    }
}

/// What a request of the audit log changed.
#[derive(Debug)]
pub struct Asked {
    pub at: DateTime<Utc>,
    before: Option<String>,
    after: String,
}

impl Asked {
    pub fn words(&self) -> [&str; 2] {
        [self.before.as_deref().unwrap_or_default(), &self.after]
    }
}

/// Follows the requests of kubectl to one workload: each says what it sets, those before it what was.
pub fn asked(requests: &[Audited]) -> Vec<Asked> {
    let (mut replicas, mut image) = (None, None);
    let mut follow = |request: &Audited| {
        let body = &request.body;
        if request.verb == "create" {
            replicas = Some(body["spec"]["replicas"].to_string());
        }
        let path = request.uri.split('?').next().unwrap_or_default();
        let (known, after) = if path.ends_with("/scale") {
            (&mut replicas, body["spec"]["replicas"].to_string())
        } else {
            (&mut image, image_set_by(body))
        };
        let before = known.replace(after.clone());
        Asked {
            at: request.received,
            before,
            after,
        }
    };
    requests.iter().map(&mut follow).collect()
}

/// The image of the template in a patch: `set image` merges, `rollout undo` replaces the whole of it.
fn image_set_by(body: &Value) -> String {
    let merged = &body["spec"]["template"];
    let operations = body.as_array().into_iter().flatten();
    let mut replaced = operations
        .filter(|operation| operation["path"] == "/spec/template")
        .map(|operation| &operation["value"]);
    let template = replaced.next_back().unwrap_or(merged);
    let image = &template["spec"]["containers"][0]["image"];
    image
        .as_str()
        .unwrap_or_else(|| panic!("no image: {body}"))
        .to_owned()
}
