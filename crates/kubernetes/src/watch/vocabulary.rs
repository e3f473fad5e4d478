//! What goes into a watch and what comes out of it.

use std::sync::Arc;

use crate::decode::Item;
use crate::refusal::Refusal;
use model::cluster::Problem;
use model::message::WatchChange;
use model::time::At;

/// What is watched, and how.
#[derive(Clone, Debug)]
pub(crate) struct Plan {
    /// Such as `pods in shop`: for the words of problems.
    pub(crate) what: Arc<str>,
    /// Ask for a streamed list first.
    pub(crate) streams: bool,
    /// Streams are known to be held back on the way: poll.
    pub(crate) is_buffered: bool,
}

/// What to ask the server.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Request {
    /// A plain list. Version "" is the newest state, "0" whatever the server has at hand, any other at least that.
    List { version: String },
    /// A list as the beginning of a watch (`sendInitialEvents`).
    Stream {
        /// `resourceVersion`, `NotOlderThan`.
        version: String,
        timeout_s: u64,
    },
    /// A watch from a known state.
    Watch { version: String, timeout_s: u64 },
    /// A list of one: does the server still answer?
    Probe,
}

#[derive(Debug)]
pub(crate) enum Input<R> {
    /// The task began.
    Start,
    /// The time that [`Watch::wake`] asked for has come.
    Wake,
    /// A person asks, or another watch found the server alive: do not wait any longer.
    Retry,
    /// Another table has found that something on the way holds streams back.
    Buffered,
    /// The request was really sent: the gate let it through.
    Sent,
    /// The request waits, since the server fails: the next try of the whole console starts then.
    Held(At, Option<Problem>),
    /// 2xx: the body begins.
    Opened,
    Refused(Refusal),
    /// No answer at all.
    Failed(Problem),
    /// Watch events, or items of a list.
    Items(Vec<Item<R>>),
    /// The metadata of a list.
    Version(String),
    /// The body ended as it should.
    Ended,
    /// The body broke off, or was not what it should be.
    Broken(Problem),
    /// The answer to the probe.
    Probed(Result<(), ProbeFailure>),
}

/// Why a probe failed.
#[derive(Debug)]
pub(crate) enum ProbeFailure {
    Refused(Refusal),
    Failed(Problem),
}

/// What to do.
#[derive(Debug, PartialEq)]
pub(crate) enum Output<R> {
    /// Ask this, once the gate lets it through.
    Send(Request),
    /// Drop the open request.
    Close,
    /// Tell the model.
    Report(WatchChange<R>),
    /// How the server stands: all watches of the console share it.
    Server(Server),
    /// Build the client anew: the credentials were refused.
    Login,
    /// This server does not know streamed lists: remember it for other watches.
    NoStreams,
}

/// How the server stands, as far as the last answer says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Server {
    /// It answers, and goes on answering.
    Alive,
    /// It begins to answer a list or watch; whether that comes to something is not known yet.
    Heard,
    /// A watch ended early and cleanly, as when a server shuts down: one watch asks first.
    Suspect,
    /// No answer, or 5xx.
    Failing,
    /// It answers, but something on the way holds streams back.
    Buffered,
    /// 429: nothing for this long.
    Throttled(u64),
}
