//! A message without its secrets, by the rules of [`model::redact`], in every text of it. What is typed: [`super::typed`].

use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

use model::message::{Input, LogsMsg, Msg};
use model::redact;

/// The message as it may be written down.
///
/// # Errors
/// It has no form in JSON.
pub fn message(msg: Msg) -> serde_json::Result<Msg> {
    match msg {
        Msg::Tick
        | Msg::Input(
            Input::Key { .. }
            | Input::Resize { .. }
            | Input::FrameWritten(_)
            | Input::FrameShown(_)
            | Input::FrameUnanswered(_)
            | Input::Mouse(_)
            | Input::Resumed,
        ) => Ok(msg),
        // Its lines are places in one text.
        Msg::Logs(LogsMsg::Lines { session, segment }) => Ok(Msg::Logs(LogsMsg::Lines {
            session,
            segment: segment.redacted().into(),
        })),
        Msg::Input(_)
        | Msg::Cluster(_)
        | Msg::Store(_)
        | Msg::Write(_)
        | Msg::Alerts(_)
        | Msg::Logs(_)
        | Msg::Runbook(_) => value(&msg),
    }
}

/// The same with every text in it redacted.
///
/// # Errors
/// It has no form in JSON.
pub fn value<T: Serialize + DeserializeOwned>(of: &T) -> serde_json::Result<T> {
    let mut value = serde_json::to_value(of)?;
    clean(&mut value);
    serde_json::from_value(value)
}

fn clean(value: &mut Value) {
    match value {
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
        Value::String(text) => clean_text(text),
        Value::Array(values) => {
            values.iter_mut().for_each(clean);
            // A label or an annotation.
            if let [Value::String(name), Value::String(text)] = values.as_mut_slice() {
                clean_named(name, text);
            }
        }
        Value::Object(fields) => clean_fields(fields),
    }
}

fn clean_fields(fields: &mut Map<String, Value>) {
    for (name, value) in fields.iter_mut() {
        clean(value);
        if let Value::String(text) = value {
            clean_named(name, text);
        }
    }
    // A variable of a container.
    if let Some(Value::String(name)) = fields.get("name") {
        let name = name.clone();
        if let Some(Value::String(text)) = fields.get_mut("value") {
            clean_named(&name, text);
        }
    }
}

/// A template is JSON inside of a text: what is around a secret there has to stay JSON.
fn clean_text(text: &mut String) {
    if text.starts_with(['{', '['])
        && let Ok(mut inner) = serde_json::from_str::<Value>(text)
    {
        let before = inner.clone();
        clean(&mut inner);
        if inner != before {
            *text = inner.to_string();
        }
        return;
    }
    let clean = redact::text(text, &mut Vec::new()).into_owned();
    if clean != *text {
        *text = clean;
    }
}

/// A value whose name makes it a secret.
fn clean_named(name: &str, text: &mut String) {
    if !text.is_empty() && !text.starts_with(redact::MARK) && redact::is_secret_name(name) {
        redact::MARK.clone_into(text);
    }
}
