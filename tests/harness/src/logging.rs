//! Logs for a console under test: what its streams say, as the source would tell it.

use std::sync::Arc;

use chrono::{DateTime, TimeDelta, Utc};
use model::cluster::{Problem, ProblemClass};
use model::logs::{LogFollow, Marker, Nanos, OpenSegment, StreamId, StreamState};
use model::message::{LogsMsg, Msg, Want, Watch};

use super::console::{Console, START};

/// So many milliseconds after the tests' start, as a line has it.
pub fn nanos(ms: i64) -> Nanos {
    let start: DateTime<Utc> = START.parse().unwrap();
    (start + TimeDelta::milliseconds(ms)).into()
}

/// Container `app` of a pod in `shop`, whose uid is its name.
pub fn stream(pod: &str) -> StreamId {
    StreamId {
        namespace: "shop".into(),
        pod: pod.into(),
        uid: pod.into(),
        container: "app".into(),
        is_previous: false,
    }
}

/// May not read logs in `shop`.
pub fn forbidden() -> Problem {
    Problem {
        class: ProblemClass::Forbidden,
        what: "read the log of checkout-7d9f-q8w/app in shop: forbidden (403): pods \"checkout-7d9f-q8w\" is forbidden: \
               User \"kate\" cannot get resource \"pods/log\" in API group \"\" in the namespace \"shop\""
            .into(),
        next: "ask for the right, then r tries again".into(),
    }
}

/// Not reached.
pub fn unreachable() -> Problem {
    Problem {
        class: ProblemClass::Unreachable,
        what: "10.0.0.1:6443 closed the connection".into(),
        next: "rows stay as they were; tried again by itself".into(),
    }
}

impl Console {
    /// The streams that should be read.
    pub fn followed(&self) -> Vec<LogFollow> {
        let mut streams = self.streams();
        streams.retain(|follow| !follow.is_set_aside);
        streams
    }

    /// The streams that wait for a place.
    pub fn set_aside(&self) -> Vec<LogFollow> {
        let mut streams = self.streams();
        streams.retain(|follow| follow.is_set_aside);
        streams
    }

    fn streams(&self) -> Vec<LogFollow> {
        let follow = |want: Want| match want.what {
            Watch::Logs(follow) => Some(follow),
            _ => None,
        };
        self.wants().into_iter().filter_map(follow).collect()
    }

    /// Pods whose logs should run.
    pub fn followed_pods(&self) -> Vec<String> {
        let name = |follow: &LogFollow| follow.stream.pod.raw().to_owned();
        self.followed().iter().map(name).collect()
    }

    /// One segment of a stream.
    pub fn say(&mut self, stream: StreamId, fill: impl FnOnce(&mut OpenSegment)) {
        let mut filling = OpenSegment::default();
        fill(&mut filling);
        let segment = Arc::new(filling.seal(&Arc::new(stream)));
        let session = self.model.logs.session;
        self.send(Msg::Logs(LogsMsg::Lines { session, segment }));
    }

    /// Lines of a pod, milliseconds after the start and text.
    pub fn log(&mut self, pod: &str, lines: &[(i64, &str)]) {
        self.say(stream(pod), |filling| {
            for (ms, text) in lines {
                filling.line(nanos(*ms), text.as_bytes(), 0);
            }
        });
    }

    /// A marker of a pod.
    pub fn mark(&mut self, pod: &str, ms: i64, marker: Marker) {
        self.say(stream(pod), |filling| filling.marker(nanos(ms), marker));
    }

    /// How a pod's stream stands.
    pub fn stands(&mut self, pod: &str, state: StreamState) {
        let (session, stream) = (self.model.logs.session, Arc::new(stream(pod)));
        self.send(Msg::Logs(LogsMsg::Stream {
            session,
            stream,
            state,
        }));
    }
}
