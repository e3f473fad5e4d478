//! Scripted faults: what the next requests are answered instead, and the log of all requests that a test can read.

use std::collections::VecDeque;

use http::Method;

/// Requests remembered: more than any test makes, little enough for a demo that runs for days.
const LOG_MAX: usize = 100_000;

/// Something that goes wrong with one answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fault {
    /// This status with the Status object that belongs to it, and a `Retry-After` of any text.
    Status {
        /// HTTP status: 401, 403, 410, 429, 500, 503, 504.
        code: u16,
        /// The header, if any.
        retry_after: Option<String>,
    },
    /// 200 with an HTML page: a login proxy.
    Html,
    /// A whole answer of the test's own.
    Raw {
        content_type: String,
        body: bytes::Bytes,
    },
    /// The right answer, cut in half, and the connection broken.
    Half,
    /// The right answer until this many bytes, then the connection breaks.
    CutAt(usize),
    /// The right answer until this many bytes, then silence: a half-open connection.
    HangAt(usize),
    /// The right answer in blocks of so many bytes, its head with the first one, as a proxy that buffers passes it on.
    Blocks(usize),
    /// A watch that ends cleanly after so many events.
    EndAfter(usize),
    /// The object at this place in a list or watch cannot be decoded.
    Undecodable(usize),
    /// The first object carries an annotation of so many bytes.
    BigObject(usize),
    /// A watch sends one line (or frame) of so many bytes first.
    LongLine(usize),
    /// A watch sends a frame header that promises 4 GB (protobuf), or half a line (JSON), and ends.
    BrokenFrame,
    /// The answer is given so much later.
    Delay(std::time::Duration),
}

/// Which requests a fault meets.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rule {
    /// Only this method, if any.
    pub method: Option<Method>,
    /// A part of the path and query, as sent.
    pub path: String,
    /// Requests that match but are let pass first.
    pub skip: u32,
    /// How many requests it meets; `u32::MAX` for all.
    pub times: u32,
    pub fault: Fault,
}

impl Rule {
    /// A fault for the next request whose path and query contain `path`.
    pub fn next(path: &str, fault: Fault) -> Self {
        Self {
            method: None,
            path: path.to_owned(),
            skip: 0,
            times: 1,
            fault,
        }
    }

    /// A fault for all requests whose path and query contain `path`.
    pub fn always(path: &str, fault: Fault) -> Self {
        Self {
            times: u32::MAX,
            ..Self::next(path, fault)
        }
    }
}

/// One request as it arrived.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Seen {
    pub method: Method,
    /// Path and query.
    pub path: String,
    /// The user it was made as, empty for an unknown token.
    pub user: String,
    /// `User-Agent`.
    pub agent: String,
    pub accept: String,
    /// Body, as text.
    pub body: String,
}

/// The script and the log.
#[derive(Debug, Default)]
pub struct Faults {
    rules: Vec<Rule>,
    log: VecDeque<Seen>,
}

impl Faults {
    /// Adds a rule; earlier rules come first.
    pub fn add(&mut self, rule: Rule) {
        self.rules.push(rule);
    }

    /// Forgets all rules.
    pub fn clear(&mut self) {
        self.rules.clear();
    }

    /// All requests so far, oldest first.
    pub fn seen(&self) -> Vec<Seen> {
        self.log.iter().cloned().collect()
    }

    /// How many requests of a method had `path` in their path and query.
    pub fn count(&self, method: &Method, path: &str) -> usize {
        self.log
            .iter()
            .filter(|seen| seen.method == *method && seen.path.contains(path))
            .count()
    }

    /// Forgets the requests so far.
    pub fn forget(&mut self) {
        self.log.clear();
    }

    /// Logs a request and says what goes wrong with it.
    pub fn meet(&mut self, seen: Seen) -> Option<Fault> {
        let rule = self.rules.iter_mut().find(|rule| {
            rule.times > 0
                && seen.path.contains(&rule.path)
                && rule.method.as_ref().is_none_or(|m| *m == seen.method)
        });
        if self.log.len() == LOG_MAX {
            self.log.pop_front();
        }
        self.log.push_back(seen);
        let rule = rule?;
        if rule.skip > 0 {
            rule.skip -= 1;
            return None;
        }
        if rule.times != u32::MAX {
            rule.times -= 1;
        }
        Some(rule.fault.clone())
    }
}
