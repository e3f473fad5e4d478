//! Kinds of trouble as the API server words them: objects in JSON in, rows on the screen out.

mod ended;
mod image;
mod left_over;
mod namespace;
mod placement;
mod ready;
mod start;
mod usage;

use chrono::{DateTime, TimeDelta, Utc};
use harness::console::{Console, START};
use kubernetes::bodies::{self, Body};
use model::pods::PodRow;
use serde_json::{Value, json};

/// So many seconds before the tests' start, as the API has it.
fn ago(seconds: i64) -> String {
    let start: DateTime<Utc> = START.parse().unwrap();
    (start - TimeDelta::seconds(seconds)).to_rfc3339_opts(chrono::SecondsFormat::Secs, true)
}

/// A pod of one container `app` on `node-1`, an hour old. What is given is laid over it.
fn pod(name: &str, over: &Value) -> Value {
    let mut pod = json!({
        "metadata": {
            "name": name, "namespace": "shop", "uid": name, "resourceVersion": "1", "creationTimestamp": ago(3_600),
        },
        "spec": {
            "containers": [{"name": "app", "image": "registry.example/shop/app:1"}],
            "nodeName": "node-1",
        },
        "status": {"phase": "Running"},
    });
    lay(&mut pod, over);
    pod
}

/// Objects are laid over each other by field, all else replaces.
fn lay(under: &mut Value, over: &Value) {
    match (under, over) {
        (Value::Object(under), Value::Object(over)) => {
            for (key, value) in over {
                lay(under.entry(key).or_insert(Value::Null), value);
            }
        }
        (under, over) => *under = over.clone(),
    }
}

/// The status of one container.
fn container(name: &str, state: &Value, last: &Value, restarts: u32) -> Value {
    let is_running = state.get("running").is_some();
    json!({"name": name, "state": state, "lastState": last, "ready": is_running, "restartCount": restarts})
}

fn running(seconds: i64) -> Value {
    json!({"running": {"startedAt": ago(seconds)}})
}

/// Ended with this code so long ago, after a minute.
fn ended(exit_code: i32, reason: &str, seconds: i64) -> Value {
    json!({"terminated": {
        "exitCode": exit_code, "reason": reason, "startedAt": ago(seconds + 60), "finishedAt": ago(seconds),
    }})
}

fn waiting(reason: &str, message: &str) -> Value {
    json!({"waiting": {"reason": reason, "message": message}})
}

/// A condition that has been so for that long.
fn condition(kind: &str, status: &str, seconds: i64, reason: &str, message: &str) -> Value {
    json!({
        "type": kind, "status": status, "lastTransitionTime": ago(seconds), "reason": reason, "message": message,
    })
}

/// A warning about an object whose uid is its name, seen last so long ago.
fn event(about: (&str, &str), reason: &str, message: &str, (count, seconds): (u32, i64)) -> Value {
    let (kind, name) = about;
    let uid = format!("{name}.{reason}.{seconds}");
    json!({
        "metadata": {"name": uid, "namespace": "shop", "uid": uid, "resourceVersion": "1"},
        "involvedObject": {"kind": kind, "namespace": "shop", "name": name, "uid": name},
        "reason": reason, "message": message, "type": "Warning", "count": count,
        "firstTimestamp": ago(3_000), "lastTimestamp": ago(seconds),
    })
}

fn read<R>(list: fn(&str, &[u8]) -> Option<Body<R>>, items: &[Value]) -> Vec<R> {
    let body = json!({"kind": "List", "apiVersion": "v1", "metadata": {"resourceVersion": "1"}, "items": items});
    let body = list("application/json", body.to_string().as_bytes()).unwrap();
    assert!(body.unreadable.is_empty(), "{:?}", body.unreadable);
    body.rows
}

fn rows(pods: &[Value]) -> Vec<PodRow> {
    read(bodies::listed_pods, pods)
}

/// The pods alone on a wide screen, so that no word is cut.
fn seen(pods: &[Value], events: &[Value]) -> Console {
    let mut console = Console::live(220, 40, rows(pods));
    console.warnings(read(bodies::listed_events, events));
    console.type_keys("2 z");
    console
}

/// The line of the screen with this pod.
fn row(console: &Console, pod: &str) -> String {
    let screen = console.screen();
    let line = screen.lines().find(|line| line.contains(pod));
    line.unwrap_or_else(|| panic!("{pod} is not on the screen:\n{screen}"))
        .to_owned()
}

/// Sick pods, and all.
fn counts(console: &Console) -> (usize, usize) {
    let counts = console.model.cluster.pods.table.counts();
    (counts.sick, counts.total)
}

/// The row of a pod says all of this.
#[track_caller]
fn says(console: &Console, pod: &str, words: &[&str]) {
    let row = row(console, pod);
    for words in words {
        assert!(row.contains(words), "{words:?} is not in {row}");
    }
}
