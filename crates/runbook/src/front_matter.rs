//! What stands before a document between `---`: its title, the alerts that it is for, what it needs.

use std::collections::BTreeMap;

use serde::Deserialize;
use text::Outside;

use crate::problem::{RunbookFault, RunbookProblem, SourceLines};
use crate::source::Source;

/// Longest front matter that is read as YAML.
const FRONT_MATTER_BYTES_MAX: usize = 16 * 1024;

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FrontMatter {
    pub title: Option<Outside>,
    /// Labels of alerts, or of workloads, and the values that fit.
    pub matches: Vec<(Outside, Vec<Outside>)>,
    pub when_to_use: Option<Outside>,
    pub prerequisites: Vec<Outside>,
    pub blast_radius: Option<Outside>,
    pub escalation: Option<Outside>,
    pub last_verified: Option<Outside>,
    pub inputs: Vec<RunbookInput>,
}

/// A value that the document asks for before it begins.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RunbookInput {
    pub name: Outside,
    pub prompt: Option<Outside>,
    pub default: Option<Outside>,
    pub is_secret: bool,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Values {
    None,
    Bool(bool),
    Number(f64),
    One(String),
    Many(Vec<Values>),
    Named(BTreeMap<String, Values>),
}

/// Reads it, and gives where the document itself begins.
pub(crate) fn read(source: &Source, problems: &mut Vec<RunbookProblem>) -> (FrontMatter, usize) {
    let text = source.text.as_str();
    let fence = ["---", "+++"].into_iter().find(|fence| {
        text.lines()
            .next()
            .is_some_and(|line| line.trim_end() == *fence)
    });
    let Some(fence) = fence else {
        return (FrontMatter::default(), 0);
    };
    let mut at = text.find('\n').map_or(text.len(), |end| end + 1);
    let start = at;
    let first = text[start..].lines().next().unwrap_or("");
    if !first.contains([':', '=']) && first.trim_end() != fence {
        return (FrontMatter::default(), 0);
    }
    for line in text[start..].split_inclusive('\n') {
        if at - start > FRONT_MATTER_BYTES_MAX {
            break;
        }
        if line.trim_end() == fence || fence == "---" && line.trim_end() == "..." {
            let lines = source.lines(0..at);
            let matter = if fence == "---" {
                parse(&text[start..at], lines, problems)
            } else {
                FrontMatter::default()
            };
            return (matter, at + line.len());
        }
        at += line.len();
    }
    problems.push(RunbookProblem {
        lines: SourceLines { first: 1, last: 1 },
        fault: RunbookFault::FrontMatterOpen,
    });
    (FrontMatter::default(), 0)
}

fn parse(yaml: &str, lines: SourceLines, problems: &mut Vec<RunbookProblem>) -> FrontMatter {
    if yaml.trim().is_empty() {
        return FrontMatter::default();
    }
    match serde_saphyr::from_str::<BTreeMap<String, Values>>(yaml) {
        Ok(values) => FrontMatter::of(values),
        Err(error) => {
            let said = error.to_string();
            let first = said.lines().next().unwrap_or_default();
            let first = first.strip_prefix("error: ").unwrap_or(first);
            // What follows tells programmers how to allow it.
            let why = first.split(", set ").next().unwrap_or(first).to_owned();
            problems.push(RunbookProblem {
                lines,
                fault: RunbookFault::FrontMatter(why),
            });
            FrontMatter::default()
        }
    }
}

impl FrontMatter {
    fn of(mut values: BTreeMap<String, Values>) -> FrontMatter {
        let mut one = |name: &str| values.remove(name);
        let matches = match one("match") {
            Some(Values::Named(labels)) => labels
                .into_iter()
                .map(|(label, value)| (Outside::new(label), value.texts()))
                .collect(),
            _ => Vec::new(),
        };
        FrontMatter {
            title: one("title").and_then(Values::text),
            matches,
            when_to_use: one("when_to_use").and_then(Values::text),
            prerequisites: one("prerequisites").map(Values::texts).unwrap_or_default(),
            blast_radius: one("blast_radius").and_then(Values::text),
            escalation: one("escalation").and_then(Values::text),
            last_verified: one("last_verified").and_then(Values::text),
            inputs: one("inputs").map(inputs).unwrap_or_default(),
        }
    }
}

fn inputs(values: Values) -> Vec<RunbookInput> {
    match values {
        Values::Named(named) => named
            .into_iter()
            .map(|(name, value)| input(name, value))
            .collect(),
        Values::Many(many) => many.into_iter().filter_map(listed).collect(),
        _ => Vec::new(),
    }
}

fn listed(value: Values) -> Option<RunbookInput> {
    match value {
        Values::One(name) => Some(input(name, Values::None)),
        Values::Named(mut named) => {
            let name = named.remove("name").and_then(Values::text)?;
            Some(input(name.raw().to_owned(), Values::Named(named)))
        }
        _ => None,
    }
}

fn input(name: String, value: Values) -> RunbookInput {
    let mut input = RunbookInput {
        name: Outside::new(name),
        prompt: None,
        default: None,
        is_secret: false,
    };
    match value {
        Values::Named(mut named) => {
            input.prompt = named.remove("prompt").and_then(Values::text);
            input.default = named.remove("default").and_then(Values::text);
            input.is_secret = matches!(named.remove("secret"), Some(Values::Bool(true)));
        }
        other => input.default = other.text(),
    }
    input
}

impl Values {
    fn text(self) -> Option<Outside> {
        let texts = self.texts();
        let joined: Vec<&str> = texts.iter().map(Outside::raw).collect();
        (!joined.is_empty()).then(|| Outside::new(joined.join(", ")))
    }

    fn texts(self) -> Vec<Outside> {
        match self {
            Values::None => Vec::new(),
            Values::Bool(value) => vec![Outside::new(value.to_string())],
            Values::Number(value) => vec![Outside::new(value.to_string())],
            Values::One(text) => vec![Outside::new(text)],
            Values::Many(many) => many.into_iter().flat_map(Values::texts).collect(),
            Values::Named(named) => named.into_keys().map(Outside::new).collect(),
        }
    }
}
