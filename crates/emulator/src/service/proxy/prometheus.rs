//! Prometheus' API v1 (prometheus.io/docs/prometheus/latest/querying/api), for single selectors of the few series that the world knows.

use chrono::{DateTime, SecondsFormat};
use http::StatusCode;
use serde_json::{Value, json};

use super::super::super::usage;
use super::super::super::world::World;
use super::super::super::world::alarms::{Alarm, EVALUATE_MS};
use super::super::super::world::object::{Kind, Labels, Millis, Object};
use super::super::super::world::rules::RULES;
use super::super::request::Asked;
use super::reply::Reply;

/// Points of one range at most (the limit of the real one).
const POINTS_MAX: i64 = 11_000;

pub(super) fn reply(world: &World, path: &str, asked: &Asked) -> Reply {
    match (asked.method.as_str(), path) {
        ("GET", "-/healthy" | "-/ready") => {
            Reply::text(StatusCode::OK, "Prometheus Server is Ready.\n")
        }
        ("GET", "api/v1/rules") => success(&rules(world)),
        ("GET", "api/v1/alerts") => {
            let alerts: Vec<Value> = world.alarms.all().map(alert).collect();
            success(&json!({"alerts": alerts}))
        }
        ("GET", "api/v1/query") => match series(world, asked.query.text("query")) {
            Ok(found) => {
                let at = seconds(world.now());
                let result: Vec<Value> = found
                    .into_iter()
                    .map(|one| json!({"metric": one.labels, "value": [at, one.value.to_string()]}))
                    .collect();
                success(&json!({"resultType": "vector", "result": result}))
            }
            Err(why) => error(&why),
        },
        ("GET", "api/v1/query_range") => range(world, asked).unwrap_or_else(|why| error(&why)),
        _ => Reply::text(StatusCode::NOT_FOUND, "404 page not found\n"),
    }
}

fn success(data: &Value) -> Reply {
    Reply::json(&json!({"status": "success", "data": data}))
}

fn error(why: &str) -> Reply {
    Reply {
        code: StatusCode::BAD_REQUEST,
        content_type: "application/json",
        body: json!({"status": "error", "errorType": "bad_data", "error": why}).to_string(),
    }
}

fn seconds(at: Millis) -> f64 {
    at as f64 / 1_000.0
}

fn time(at: Millis) -> String {
    let at = DateTime::from_timestamp_millis(at).unwrap_or_default();
    at.to_rfc3339_opts(SecondsFormat::Millis, true)
}

fn state(alarm: &Alarm) -> &'static str {
    if alarm.fired.is_some() {
        "firing"
    } else {
        "pending"
    }
}

fn alert(alarm: &Alarm) -> Value {
    json!({"labels": alarm.finding.labels, "annotations": alarm.finding.annotations, "state": state(alarm), "activeAt": time(alarm.active), "value": "1e+00"})
}

fn rules(world: &World) -> Value {
    let evaluated = world.alarms.evaluated.map_or(String::new(), time);
    let rules: Vec<Value> = RULES
        .iter()
        .map(|rule| {
            let of_rule: Vec<&Alarm> = world.alarms.all().filter(|alarm| alarm.rule == *rule).collect();
            let state = match of_rule.iter().map(|alarm| alarm.fired.is_some()).max() {
                None => "inactive",
                Some(false) => "pending",
                Some(true) => "firing",
            };
            let alerts: Vec<Value> = of_rule.into_iter().map(alert).collect();
            json!({"state": state, "name": rule.name, "query": rule.expr, "duration": rule.wait_ms / 1_000, "keepFiringFor": 0, "labels": {"severity": rule.severity},
                "annotations": {"summary": rule.summary}, "alerts": alerts, "health": "ok", "evaluationTime": 0.001, "lastEvaluation": evaluated, "type": "alerting"})
        })
        .collect();
    json!({"groups": [{"name": "shop", "file": "/etc/prometheus/shop.yaml", "interval": EVALUATE_MS / 1_000, "limit": 0, "rules": rules, "evaluationTime": 0.001, "lastEvaluation": evaluated}]})
}

struct Series {
    labels: Labels,
    value: f64,
    /// Since when it has this value.
    since: Millis,
}

/// The series that a selector takes.
fn series(world: &World, query: &str) -> Result<Vec<Series>, String> {
    let (name, wanted) = selector(query)?;
    let mut found = match name {
        "ALERTS" => world.alarms.all().map(of_alarm).collect(),
        "up" => vec![
            one("up", &[("job", "kube-state-metrics")], 1.0, 0),
            one("up", &[("job", "postgres-exporter")], 1.0, 0),
        ],
        "pg_stat_activity_count" => connections(world, name),
        "pg_settings_max_connections" => {
            let most = f64::from(world.database.connections_max);
            world
                .database
                .set
                .iter()
                .map(|set| {
                    one(
                        name,
                        &[("namespace", &set.namespace), ("service", &set.name)],
                        most,
                        0,
                    )
                })
                .collect()
        }
        "service:http_errors:ratio_rate1m" => errors(world, name),
        "container_memory_working_set_bytes" | "kube_pod_container_status_restarts_total" => {
            pods(world, name)
        }
        other => {
            return Err(format!(
                "the emulated Prometheus does not know {other}: it has ALERTS, up, pg_stat_activity_count, pg_settings_max_connections, service:http_errors:ratio_rate1m, container_memory_working_set_bytes and kube_pod_container_status_restarts_total"
            ));
        }
    };
    found.retain(|series: &Series| {
        wanted
            .iter()
            .all(|(name, value)| series.labels.get(name) == Some(value))
    });
    Ok(found)
}

/// `name{label="value",...}`.
fn selector(query: &str) -> Result<(&str, Labels), String> {
    let unknown = || {
        format!(
            "invalid parameter \"query\": the emulated Prometheus reads a single selector with = only, not {query:?}"
        )
    };
    let query = query.trim();
    let Some((name, rest)) = query.split_once('{') else {
        let plain = |c: char| c.is_ascii_alphanumeric() || "_:".contains(c);
        return if !query.is_empty() && query.chars().all(plain) {
            Ok((query, Labels::new()))
        } else {
            Err(unknown())
        };
    };
    let inner = rest.strip_suffix('}').ok_or_else(unknown)?;
    let pairs = inner.split(',').filter(|pair| !pair.trim().is_empty());
    let read = |pair: &str| {
        let (name, value) = pair.split_once('=')?;
        let value = value.trim().strip_prefix('"')?.strip_suffix('"')?;
        Some((name.trim().to_owned(), value.to_owned()))
    };
    let pairs: Option<Labels> = pairs.map(read).collect();
    Ok((name.trim(), pairs.ok_or_else(unknown)?))
}

fn one(name: &str, labels: &[(&str, &str)], value: f64, since: Millis) -> Series {
    let mut all: Labels = labels
        .iter()
        .map(|(k, v)| ((*k).to_owned(), (*v).to_owned()))
        .collect();
    all.insert("__name__".to_owned(), name.to_owned());
    Series {
        labels: all,
        value,
        since,
    }
}

fn of_alarm(alarm: &Alarm) -> Series {
    let mut labels = alarm.finding.labels.clone();
    labels.insert("__name__".to_owned(), "ALERTS".to_owned());
    labels.insert("alertstate".to_owned(), state(alarm).to_owned());
    Series {
        labels,
        value: 1.0,
        since: alarm.fired.unwrap_or(alarm.active),
    }
}

fn connections(world: &World, name: &str) -> Vec<Series> {
    let Some(set) = &world.database.set else {
        return vec![];
    };
    let clients = world.database.clients.iter();
    clients
        .map(|client| {
            let labels = [
                ("namespace", &*set.namespace),
                ("service", &*set.name),
                ("application_name", client.app),
            ];
            one(name, &labels, f64::from(world.connections_of(client)), 0)
        })
        .collect()
}

fn errors(world: &World, name: &str) -> Vec<Series> {
    let services = world.list(Kind::Service, None, None);
    services
        .map(|object| {
            let key = &object.meta().key;
            let percent = world.error_percent(key);
            one(
                name,
                &[("namespace", &key.namespace), ("service", &key.name)],
                percent as f64 / 100.0,
                0,
            )
        })
        .collect()
}

fn pods(world: &World, name: &str) -> Vec<Series> {
    let mut found = vec![];
    for object in world.list(Kind::Pod, None, None) {
        let Object::Pod(pod) = object else { continue };
        for (number, container) in pod.template.containers.iter().enumerate() {
            let key = &pod.meta.key;
            let labels = [
                ("namespace", &*key.namespace),
                ("pod", &*key.name),
                ("container", &*container.name),
            ];
            let value = if name.starts_with("container") {
                usage::of_container(pod, number, world.now()).memory_kib as f64 * 1_024.0
            } else if number == usize::from(pod.culprit) {
                f64::from(pod.restarts)
            } else {
                0.0
            };
            found.push(one(name, &labels, value, pod.started));
        }
    }
    found
}

/// A range: the present value as far back as it has held. What was before is not kept.
fn range(world: &World, asked: &Asked) -> Result<Reply, String> {
    let number = |name: &str| {
        let text = asked.query.text(name);
        let bad = || {
            format!(
                "invalid parameter \"{name}\": cannot parse \"{text}\" to a valid timestamp or duration"
            )
        };
        text.parse::<f64>()
            .ok()
            .filter(|n| n.is_finite())
            .ok_or_else(bad)
    };
    let (start, end, step) = (number("start")?, number("end")?, number("step")?);
    if step <= 0.0 || end < start {
        return Err("invalid parameter \"step\": zero or negative query resolution step widths are not accepted. Try a positive integer".to_owned());
    }
    let points = ((end - start) / step) as i64;
    if points >= POINTS_MAX {
        return Err("exceeded maximum resolution of 11,000 points per timeseries. Try decreasing the query resolution (?step=XX)".to_owned());
    }
    let result: Vec<Value> = series(world, asked.query.text("query"))?
        .into_iter()
        .map(|one| {
            let from = seconds(one.since);
            let times = (0..=points).map(|point| start + point as f64 * step);
            let values: Vec<Value> = times
                .filter(|at| *at >= from && *at <= seconds(world.now()))
                .map(|at| json!([at, one.value.to_string()]))
                .collect();
            json!({"metric": one.labels, "values": values})
        })
        .filter(|one| {
            one["values"]
                .as_array()
                .is_some_and(|values| !values.is_empty())
        })
        .collect();
    Ok(success(&json!({"resultType": "matrix", "result": result})))
}
