//! Alertmanager's API v2 (prometheus/alertmanager, `api/v2/openapi.yaml`, as of 0.28).

use std::collections::BTreeMap;

use chrono::{DateTime, SecondsFormat};
use http::StatusCode;
use serde_json::{Value, json};

use super::super::super::world::World;
use super::super::super::world::alarms::{Alarm, EVALUATE_MS, Matcher, Silence};
use super::super::super::world::object::{Labels, Millis};
use super::super::request::Asked;
use super::reply::Reply;

/// Labels by which alerts are grouped.
const GROUP_BY: [&str; 2] = ["alertname", "namespace"];
/// The only receiver.
const RECEIVER: &str = "on-call";
/// Prometheus promises an alert for so many evaluations.
const PROMISED: Millis = 4 * EVALUATE_MS;
/// The configuration that the answers follow.
const CONFIG: &str = "route:\n  receiver: on-call\n  group_by: [alertname, namespace]\nreceivers:\n- name: on-call\n";

pub(super) fn reply(world: &mut World, path: &str, asked: &Asked) -> Reply {
    let parts: Vec<&str> = path.split('/').collect();
    match (asked.method.as_str(), parts.as_slice()) {
        ("GET", ["-", "healthy" | "ready"]) => Reply::text(StatusCode::OK, "OK"),
        ("GET", ["api", "v2", "status"]) => Reply::json(&status(world)),
        ("GET", ["api", "v2", "receivers"]) => Reply::json(&json!([{"name": RECEIVER}])),
        ("GET", ["api", "v2", "alerts"]) => match selected(world, asked) {
            Ok(alerts) => Reply::json(&Value::Array(
                alerts.into_iter().map(|(_, alert)| alert).collect(),
            )),
            Err(why) => bad(&why),
        },
        ("GET", ["api", "v2", "alerts", "groups"]) => match selected(world, asked) {
            Ok(alerts) => Reply::json(&groups(alerts)),
            Err(why) => bad(&why),
        },
        ("GET", ["api", "v2", "silences"]) => {
            let now = world.now();
            let silences = world.alarms.silences().map(|one| silence(one, now));
            Reply::json(&silences.collect())
        }
        ("POST", ["api", "v2", "silences"]) => post(world, asked),
        ("GET", ["api", "v2", "silence", id]) => match world.alarms.silence(id) {
            Some(found) => Reply::json(&silence(found, world.now())),
            None => Reply::text(StatusCode::NOT_FOUND, ""),
        },
        ("DELETE", ["api", "v2", "silence", id]) => {
            if world.expire_silence(id) {
                Reply::text(StatusCode::OK, "")
            } else {
                Reply::text(StatusCode::NOT_FOUND, "")
            }
        }
        _ => Reply::text(StatusCode::NOT_FOUND, "404 page not found\n"),
    }
}

fn bad(why: &str) -> Reply {
    Reply {
        code: StatusCode::BAD_REQUEST,
        content_type: "application/json",
        body: json!(why).to_string(),
    }
}

fn time(at: Millis) -> String {
    let at = DateTime::from_timestamp_millis(at).unwrap_or_default();
    at.to_rfc3339_opts(SecondsFormat::Millis, true)
}

fn status(world: &World) -> Value {
    let up = world.alarms.started.unwrap_or(world.now());
    json!({"cluster": {"name": "01DEMO", "status": "ready", "peers": []}, "config": {"original": CONFIG}, "uptime": time(up),
        "versionInfo": {"version": "0.28.1", "branch": "HEAD", "revision": "demo", "goVersion": "", "buildUser": "", "buildDate": ""}})
}

/// The fingerprint of labels: FNV-1a over names and values (prometheus/common `LabelSet.Fingerprint`).
fn fingerprint(labels: &Labels) -> String {
    let mut hash = 0xcbf2_9ce4_8422_2325_u64;
    let mut add = |bytes: &[u8]| {
        for byte in bytes.iter().chain(&[0xff]) {
            hash = (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3);
        }
    };
    for (name, value) in labels {
        add(name.as_bytes());
        add(value.as_bytes());
    }
    format!("{hash:016x}")
}

fn alert(world: &World, alarm: &Alarm, fired: Millis) -> Value {
    let labels = &alarm.finding.labels;
    let silenced = world.alarms.silenced_by(labels, world.now());
    let state = if silenced.is_empty() {
        "active"
    } else {
        "suppressed"
    };
    let evaluated = world.alarms.evaluated.unwrap_or(fired);
    json!({"labels": labels, "annotations": alarm.finding.annotations, "startsAt": time(fired), "endsAt": time(evaluated + PROMISED), "updatedAt": time(evaluated),
        "fingerprint": fingerprint(labels), "receivers": [{"name": RECEIVER}],
        "generatorURL": format!("http://prometheus.monitoring.svc:9090/graph?g0.expr={}&g0.tab=1", escaped(alarm.rule.expr)),
        "status": {"state": state, "silencedBy": silenced, "inhibitedBy": [], "mutedBy": []}})
}

fn escaped(text: &str) -> String {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte);
    text.bytes()
        .map(|byte| {
            if plain(byte) {
                char::from(byte).to_string()
            } else {
                format!("%{byte:02X}")
            }
        })
        .collect()
}

/// The alerts that a request asks for, with their labels.
fn selected(world: &World, asked: &Asked) -> Result<Vec<(Labels, Value)>, String> {
    let wants = |name: &str| asked.query.text(name) != "false";
    let matchers = asked
        .query
        .all("filter")
        .map(matcher)
        .collect::<Result<Vec<_>, _>>()?;
    let firing = world
        .alarms
        .all()
        .filter_map(|alarm| Some((alarm, alarm.fired?)));
    let found = firing.filter(|(alarm, _)| matchers.iter().all(|m| m.takes(&alarm.finding.labels)));
    Ok(found
        .map(|(alarm, fired)| (alarm.finding.labels.clone(), alert(world, alarm, fired)))
        .filter(|(_, alert)| {
            let state = alert.pointer("/status/state").and_then(Value::as_str);
            wants(if state == Some("active") {
                "active"
            } else {
                "silenced"
            })
        })
        .collect())
}

/// `name="value"`, `!=`, `=~`, `!~`; quotes may be left out.
fn matcher(text: &str) -> Result<Matcher, String> {
    let forms = [
        ("=~", true, true),
        ("!~", true, false),
        ("!=", false, false),
        ("=", false, true),
    ];
    let found = forms.iter().find_map(|(sign, is_regex, is_equal)| {
        let (name, value) = text.split_once(sign)?;
        let matcher = Matcher {
            name: name.trim().to_owned(),
            value: value.trim().trim_matches('"').to_owned(),
            is_regex: *is_regex,
            is_equal: *is_equal,
        };
        matcher.is_sound().then_some(matcher)
    });
    found.ok_or_else(|| format!("bad matcher format: {text}"))
}

fn groups(alerts: Vec<(Labels, Value)>) -> Value {
    let mut groups: BTreeMap<Labels, Vec<Value>> = BTreeMap::new();
    for (labels, alert) in alerts {
        let of_group = |name: &&str| Some(((*name).to_owned(), labels.get(*name)?.clone()));
        let key = GROUP_BY.iter().filter_map(of_group).collect();
        groups.entry(key).or_default().push(alert);
    }
    groups
        .into_iter()
        .map(|(labels, alerts)| json!({"labels": labels, "receiver": {"name": RECEIVER}, "alerts": alerts}))
        .collect()
}

fn silence(silence: &Silence, now: Millis) -> Value {
    let matchers: Vec<Value> = silence
        .matchers
        .iter()
        .map(|m| json!({"name": m.name, "value": m.value, "isRegex": m.is_regex, "isEqual": m.is_equal}))
        .collect();
    json!({"id": silence.id, "matchers": matchers, "startsAt": time(silence.starts), "endsAt": time(silence.ends), "updatedAt": time(silence.updated),
        "createdBy": silence.author, "comment": silence.comment, "status": {"state": silence.state(now)}})
}

fn post(world: &mut World, asked: &Asked) -> Reply {
    let read = serde_json::from_slice(&asked.body)
        .map_err(|error| format!("parsing silence body failed: {error}"));
    let now = world.now();
    let stored = read
        .and_then(|sent| posted(&sent, now))
        .and_then(|silence| world.put_silence(silence));
    match stored {
        Ok(id) => Reply::json(&json!({"silenceID": id})),
        Err(why) if why.ends_with("not found") => Reply {
            code: StatusCode::NOT_FOUND,
            ..bad(&why)
        },
        Err(why) => bad(&why),
    }
}

fn posted(sent: &Value, now: Millis) -> Result<Silence, String> {
    let text = |field: &str| sent[field].as_str().unwrap_or_default().to_owned();
    let at = |field: &str| {
        DateTime::parse_from_rfc3339(&text(field))
            .map(|at| at.timestamp_millis())
            .map_err(|_| {
                format!(
                    "{field} in body must be of type date-time: {:?}",
                    text(field)
                )
            })
    };
    let list = sent["matchers"].as_array().filter(|list| !list.is_empty());
    let matchers: Vec<Matcher> = list
        .ok_or("silence invalid: at least one matcher required")?
        .iter()
        .map(|m| Matcher {
            name: m["name"].as_str().unwrap_or_default().to_owned(),
            value: m["value"].as_str().unwrap_or_default().to_owned(),
            is_regex: m["isRegex"] == true,
            is_equal: m["isEqual"] != false,
        })
        .collect();
    if !matchers.iter().all(Matcher::is_sound) {
        return Err("silence invalid: invalid label matcher".to_owned());
    }
    if matchers.iter().all(|matcher| matcher.takes(&Labels::new())) {
        return Err(
            "silence invalid: at least one matcher must not match the empty string".to_owned(),
        );
    }
    let (starts, ends) = (at("startsAt")?, at("endsAt")?);
    if ends <= starts {
        return Err("start time must be before end time".to_owned());
    }
    if ends <= now {
        return Err("end time can't be in the past".to_owned());
    }
    Ok(Silence {
        id: text("id"),
        matchers,
        starts,
        ends,
        updated: now,
        author: text("createdBy"),
        comment: text("comment"),
    })
}
