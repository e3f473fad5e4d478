//! What the log streams say, and which of them should run: the pods of the target, as they come and go.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::timeline;
use crate::message::{ClusterMsg, Effect, LogsEffect, LogsMsg, Msg, Want, WatchChange};
use crate::model::Model;
use crate::model::cluster::ProblemClass;
use crate::model::entry::{self, Draft, Evidence};
use crate::model::filter::Filter;
use crate::model::kind::Kind;
use crate::model::link::{Subject, Target, WorkloadName};
use crate::model::logs::{Follow, Logs, Place, REST_MS, STREAMS_MAX, StreamId, StreamState};
use crate::model::pods::{ContainerRole, ContainerRow, ContainerState, PodRow, Uid};
use crate::model::screen::Pane;
use crate::model::sick;
use crate::model::time::{At, Seconds};
use crate::text::Outside;
use crate::view::layout;

/// So much is filtered at once, within one message; more is a search of its own.
const FILTER_BYTES: usize = 1 << 20;
/// Of a pinned line so much stands in the title of its entry.
const TITLE_BYTES: usize = 120;
/// A container that restarted so long ago may have been brought down by what is looked for.
const RESTARTED_S: u64 = 600;

pub(super) fn update(model: &mut Model, msg: LogsMsg) -> Vec<Effect> {
    let (logs, filter) = (&mut model.logs, &model.screen.logs.filter);
    match msg {
        LogsMsg::Lines { session, segment } if session == logs.session => {
            logs.take(&segment, filter)
        }
        LogsMsg::Stream {
            session,
            stream,
            state,
        } if session == logs.session => {
            if let StreamState::Stopped { problem } = &state
                && problem.class == ProblemClass::Forbidden
            {
                logs.refused
                    .entry(stream.namespace.clone())
                    .or_insert_with(|| problem.clone());
                logs.is_outdated = true;
            }
            logs.states.insert(stream, state);
        }
        LogsMsg::Found {
            generation,
            found,
            is_done,
        } if generation == logs.generation => {
            for (number, lines) in found {
                logs.found(number, &lines);
            }
            logs.is_searching = !is_done;
        }
        LogsMsg::Lines { .. } | LogsMsg::Stream { .. } | LogsMsg::Found { .. } => {}
    }
    Vec::new()
}

/// Which pods of the target a message is about, before the tables take it.
pub(super) fn hear(model: &mut Model, msg: &Msg) {
    let Msg::Cluster(ClusterMsg::Pods { epoch, change }) = msg else {
        return;
    };
    let logs = &mut model.logs;
    let Some(target) = logs.target.as_ref().filter(|_| *epoch == logs.epoch) else {
        return;
    };
    match change {
        WatchChange::Batch { rows, gone, .. } => {
            let pods = rows.iter().filter(|row| target.includes_pod(row));
            let known = logs.members.len();
            let mut is_touched = false;
            for pod in pods {
                logs.members.insert(pod.uid.clone());
                is_touched = true;
            }
            for uid in gone {
                logs.members.remove(uid);
            }
            logs.is_outdated |= is_touched || logs.members.len() != known;
        }
        // What a relist swept away is missing from the table.
        WatchChange::Synced { .. } => logs.is_outdated = true,
        WatchChange::Begin { .. } | WatchChange::Health(_) => {}
    }
}

/// The streams that should run.
pub(super) fn wants<'a>(
    model: &'a Model,
    context: &'a Arc<str>,
) -> impl Iterator<Item = Want> + 'a {
    model.logs.followed.iter().map(|follow| Want::Logs {
        context: Arc::clone(context),
        session: model.logs.session,
        follow: follow.clone(),
    })
}

/// Follows what was selected and rests, and the pods of the target as they are now.
pub(super) fn settle(model: &mut Model) {
    if model.logs.epoch != model.cluster.epoch {
        model.logs.is_held = false;
        model.logs.begin(None, model.cluster.epoch);
    }
    rest(model);
    if std::mem::take(&mut model.logs.is_outdated) {
        choose(model);
    }
    if model.logs.cursor.is_some() && model.logs.ring.order().is_empty() {
        model.logs.cursor = None;
    }
}

/// When the selection has rested long enough.
pub(super) fn next_due(model: &Model) -> Option<At> {
    model
        .logs
        .resting
        .as_ref()
        .map(|(_, since)| since.plus_ms(REST_MS))
}

fn rest(model: &mut Model) {
    let is_seen = !layout::of(model).pane(Pane::Logs).is_empty();
    let logs = &model.logs;
    // A pane that is read, or was told what to follow, keeps it.
    if logs.is_held || logs.cursor.is_some() || !is_seen {
        model.logs.resting = None;
        return;
    }
    let selected = model
        .screen
        .pods
        .cursor
        .as_ref()
        .and_then(|cursor| model.cluster.pods.table.get(&cursor.uid));
    let Some(selected) = selected.map(subject_of) else {
        model.logs.resting = None;
        return;
    };
    if is_followed(model, &selected) {
        model.logs.resting = None;
        return;
    }
    match &model.logs.resting {
        Some((subject, since)) if subject.targets == selected.targets => {
            if model.now.since_ms(*since) >= REST_MS {
                follow(model, Some(selected));
            }
        }
        _ => model.logs.resting = Some((selected, model.now)),
    }
}

/// Whether the logs of just these objects are followed.
pub(super) fn is_followed(model: &Model, subject: &Subject) -> bool {
    let target = model.logs.target.as_ref();
    target.is_some_and(|target| target.targets == subject.targets)
}

/// A pod as something to follow.
pub(super) fn subject_of(pod: &PodRow) -> Subject {
    Subject {
        from: Pane::Pods,
        title: pod.name.clone(),
        targets: vec![Target::Pod {
            namespace: pod.namespace.clone(),
            name: pod.name.clone(),
            workload: WorkloadName::of_pod(pod),
        }],
        services: Vec::new(),
        apps: Vec::new(),
    }
}

/// Follows something else.
pub(super) fn follow(model: &mut Model, target: Option<Subject>) {
    model.logs.begin(target, model.cluster.epoch);
    let Some(target) = &model.logs.target else {
        return;
    };
    let pods = model.cluster.pods.table.rows();
    model.logs.members = pods
        .filter(|pod| target.includes_pod(pod))
        .map(|pod| pod.uid.clone())
        .collect();
}

/// Chooses the streams: all of them, or those that run already and the sick ones first.
fn choose(model: &mut Model) {
    let (table, now) = (&model.cluster.pods.table, model.now);
    let logs = &mut model.logs;
    logs.members.retain(|uid| table.get(uid).is_some());
    let before: BTreeSet<&Uid> = logs
        .followed
        .iter()
        .map(|follow| &follow.stream.uid)
        .collect();
    let is_crowded = logs.members.len() > STREAMS_MAX;
    let mut pods: Vec<((bool, bool), &PodRow)> = logs
        .members
        .iter()
        .filter_map(|uid| table.get(uid))
        .filter(|pod| !logs.refused.contains_key(&pod.namespace))
        .map(|pod| {
            let is_sick = is_crowded
                && sick::diagnose(pod, Seconds::from(now.wall))
                    .sickness
                    .is_some();
            ((!before.contains(&pod.uid), !is_sick), pod)
        })
        .collect();
    pods.sort_by(|(rank, pod), (other, second)| {
        rank.cmp(other).then_with(|| pod.name.cmp(&second.name))
    });
    let mut followed: Vec<Follow> = pods
        .iter()
        .flat_map(|(_, pod)| streams(logs, pod, now))
        .take(STREAMS_MAX)
        .collect();
    followed.sort_by(|one, other| one.stream.cmp(&other.stream));
    let running: BTreeSet<&Arc<StreamId>> = followed.iter().map(|follow| &follow.stream).collect();
    logs.states.retain(|stream, _| running.contains(stream));
    logs.followed = followed;
}

/// The containers of a pod that are followed.
fn streams(logs: &Logs, pod: &PodRow, now: At) -> Vec<Follow> {
    let is_wanted = |container: &&ContainerRow| match &logs.container {
        Some(only) => container.name == *only,
        None => container.role != ContainerRole::Init || speaks(&container.state),
    };
    let has_run = |container: &&ContainerRow| !logs.is_previous || container.last.is_some();
    let containers = pod.containers.iter().filter(is_wanted).filter(has_run);
    let stream = |container: &ContainerRow| {
        let is_running = matches!(container.state, ContainerState::Running { .. });
        let since = match &container.state {
            ContainerState::Running { since } => *since,
            _ => None,
        };
        Follow {
            stream: Arc::new(StreamId {
                namespace: pod.namespace.clone(),
                pod: pod.name.clone(),
                uid: pod.uid.clone(),
                container: container.name.clone(),
                is_previous: logs.is_previous,
            }),
            restarts: container.restarts,
            is_running,
            since: None,
            begins_before: container.last.is_some()
                && since.is_some_and(|since| since.age_s(now.wall) < RESTARTED_S),
        }
    };
    containers.map(stream).collect()
}

/// An init container has something to say while it runs or after it failed.
fn speaks(state: &ContainerState) -> bool {
    match state {
        ContainerState::Running { .. } => true,
        ContainerState::Terminated(ended) => ended.exit_code != 0,
        ContainerState::Waiting { reason, .. } => reason.raw() == "CrashLoopBackOff",
        ContainerState::Unknown => false,
    }
}

/// Narrows the lines by typed words: what is there at once where it is little, else by a search of its own.
pub(super) fn set_filter(model: &mut Model, filter: Filter) {
    model.logs.forget_matches();
    model.screen.logs.filter = filter;
    let filter = &model.screen.logs.filter;
    if filter.is_empty() {
        return;
    }
    let logs = &mut model.logs;
    if logs.ring.bytes() > FILTER_BYTES {
        logs.is_searching = true;
        logs.wants_search = true;
        return;
    }
    let found: Vec<(u32, Vec<u32>)> = logs
        .ring
        .newest_first()
        .map(|(number, segment)| (number, segment.matching(filter)))
        .collect();
    for (number, lines) in found {
        logs.found(number, &lines);
    }
}

/// The search that the last key asked for.
pub(super) fn search(model: &mut Model) -> Vec<Effect> {
    let logs = &mut model.logs;
    if !std::mem::take(&mut logs.wants_search) {
        return Vec::new();
    }
    let segments = logs
        .ring
        .newest_first()
        .map(|(number, segment)| (number, Arc::clone(segment)));
    vec![Effect::Logs(LogsEffect::Search {
        generation: logs.generation,
        filter: model.screen.logs.filter.text().into(),
        segments: segments.collect(),
    })]
}

/// Puts a line on the timeline as evidence.
pub(super) fn pin(model: &mut Model, place: Option<Place>) -> Vec<Effect> {
    let Some((segment, line)) = place.and_then(|place| model.logs.line(place)) else {
        model.say("there is no line to pin");
        return Vec::new();
    };
    let (stream, at) = (Arc::clone(&segment.stream), line.at.utc());
    let (text, sha256) = (segment.text(line).to_owned(), segment.sha256(line));
    let query = format!(
        "kubectl logs -n {} {} -c {}{} --timestamps --since-time={}",
        stream.namespace.raw(),
        stream.pod.raw(),
        stream.container.raw(),
        if stream.is_previous {
            " --previous"
        } else {
            ""
        },
        at.format("%Y-%m-%dT%H:%M:%SZ")
    );
    let evidence = Evidence {
        sort: "log".into(),
        query: query.into(),
        from: Some(at),
        until: Some(at),
        sha256: Some(sha256.into()),
        count: Some(1),
    };
    let target = entry::Target {
        context: Some(model.cluster.context.clone()),
        namespace: Some(stream.namespace.clone()),
        kind: Some("Pod".into()),
        name: Some(stream.pod.clone()),
        uid: Some(Outside::from(stream.uid.to_string())),
        container: Some(stream.container.clone()),
        image: None,
    };
    let title = format!("log {}: {}", stream.pod.raw(), cut(&text, TITLE_BYTES));
    let person = timeline::person(model);
    let draft = timeline::draft(model, person, Kind::LogPin, title);
    let draft = Draft {
        occurred_at: at,
        body: Some(text.into()),
        target: Some(target),
        evidence: vec![evidence],
        pinned: true,
        ..draft
    };
    model.say("pinned to the timeline");
    vec![timeline::save(model, draft).1]
}

fn cut(text: &str, bytes: usize) -> &str {
    let mut end = bytes.min(text.len());
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    &text[..end]
}
