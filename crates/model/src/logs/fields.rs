//! A log line that is JSON, name by name: in the order in which it was printed, names that come twice as well, numbers as
//! they were written.

use std::fmt;

use serde::Deserialize;
use serde::de::{Deserializer, MapAccess, Visitor};
use serde_json::value::RawValue;

use text::Outside;

/// What lies deeper is one value, as it was printed: nobody reads further in.
const DEPTH_MAX: usize = 12;

/// One name of an object, or one value of a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LogField {
    /// How far in it stands, from 0.
    pub depth: usize,
    /// `-` for a value of a list.
    pub name: Outside,
    /// A string without its quotes, else as it was printed; `None` where the parts follow, one deeper.
    pub value: Option<Outside>,
}

/// The fields of a line, and what stands before them; `None` when the line does not end with an object or a list.
pub fn fields(line: &str) -> Option<(&str, Vec<LogField>)> {
    let start = line.find(['{', '['])?;
    let whole: &RawValue = serde_json::from_str(&line[start..]).ok()?;
    let mut fields = Vec::new();
    parts(whole.get(), 0, &mut fields)?;
    (!fields.is_empty()).then(|| (line[..start].trim_end(), fields))
}

/// Adds the parts of an object or a list; `None` when it is neither.
fn parts(json: &str, depth: usize, fields: &mut Vec<LogField>) -> Option<()> {
    if depth > DEPTH_MAX {
        return None;
    }
    if json.starts_with('{') {
        let object: Object<'_> = serde_json::from_str(json).ok()?;
        for (name, value) in object.0 {
            add(name.into(), value.get(), depth, fields);
        }
    } else if json.starts_with('[') {
        let list: Vec<&RawValue> = serde_json::from_str(json).ok()?;
        for value in list {
            add("-".into(), value.get(), depth, fields);
        }
    } else {
        return None;
    }
    Some(())
}

fn add(name: Outside, json: &str, depth: usize, fields: &mut Vec<LogField>) {
    let at = fields.len();
    fields.push(LogField {
        depth,
        name,
        value: None,
    });
    let has_parts = parts(json, depth + 1, fields).is_some() && fields.len() > at + 1;
    if !has_parts {
        fields.truncate(at + 1);
        // Half of a surrogate pair is no string here, and stays as it was printed.
        let text = serde_json::from_str::<String>(json);
        fields[at].value = Some(text.map_or_else(|_| json.into(), Outside::from));
    }
}

/// The names of an object with their values, in order.
struct Object<'a>(Vec<(String, &'a RawValue)>);

impl<'de> Deserialize<'de> for Object<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(ObjectVisitor)
    }
}

struct ObjectVisitor;

impl<'de> Visitor<'de> for ObjectVisitor {
    type Value = Object<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut pairs = Vec::new();
        while let Some(pair) = map.next_entry()? {
            pairs.push(pair);
        }
        Ok(Object(pairs))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(line: &str) -> Option<String> {
        let (before, fields) = fields(line)?;
        let lines = fields.iter().map(|field| {
            let value = field.value.as_ref().map_or("", Outside::raw);
            format!("{}{}={value}", ">".repeat(field.depth), field.name.raw())
        });
        let lines: Vec<String> = lines.collect();
        Some(format!("{before}|{}", lines.join(" ")))
    }

    #[test]
    fn a_line_is_read_as_it_was_printed() {
        for (line, wanted) in [
            (r#"{"b":"x","a":1}"#, Some("|b=x a=1")),
            (r#"{"a":1,"a":2}"#, Some("|a=1 a=2")),
            (
                r#"{"n":12345678901234567890.10,"e":1E5}"#,
                Some("|n=12345678901234567890.10 e=1E5"),
            ),
            (
                r#"{"f":{"n":0,"l":[1,{"x":null}]}}"#,
                Some("|f= >n=0 >l= >>-=1 >>-= >>>x=null"),
            ),
            (r#"{"o":{},"l":[]}"#, Some("|o={} l=[]")),
            (r#"12:00 INFO {"a":true} "#, Some("12:00 INFO|a=true")),
            (r#"{"half":"\ud83d"}"#, Some(r#"|half="\ud83d""#)),
            ("[1,2]", Some("|-=1 -=2")),
            ("{broken json", None),
            (r#"{"a":1} and more"#, None),
            ("{}", None),
            ("plain", None),
            (r#""text""#, None),
        ] {
            assert_eq!(shown(line).as_deref(), wanted, "{line}");
        }
    }

    #[test]
    fn what_lies_deep_is_one_value() {
        let line = format!("{}1{}", r#"{"a":"#.repeat(90), "}".repeat(90));
        let (_, fields) = fields(&line).unwrap_or_default();
        assert_eq!(fields.len(), DEPTH_MAX + 1);
        assert!(fields.last().is_some_and(|last| last.value.is_some()));
    }
}
