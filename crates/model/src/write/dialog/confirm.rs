//! When a key is a yes: only alone, only after the question was on the screen for a while, never typed ahead or held down.

use serde::{Deserialize, Serialize};

use crate::time::At;
use crate::write::WriteId;
use keys::key::Key;

/// A yes counts only this long after the terminal said that it shows the question.
pub const READ_MS: u64 = 300;
/// The same for a question that opened by itself: whoever is typing must notice it first.
pub const SURPRISE_MS: u64 = 1_500;
/// A key that comes this soon after another one was typed ahead.
pub const QUIET_MS: u64 = 300;
/// The same key again within this time may be a key held down: terminals begin to repeat after at most 0.7 s.
pub const REPEAT_MS: u64 = 1_000;

/// A question as it stands on the screen. A dialog asks another one with each step, and after whatever hid it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Question {
    /// Whose dialog asks.
    pub write: WriteId,
    /// Which of its questions.
    pub number: u32,
}

/// What is known of the keys and of the frames since a dialog opened.
#[derive(Clone, Debug)]
pub(super) struct Guard {
    pub(super) opened_by: Option<Key>,
    pub(super) patience_ms: u64,
    pub(super) number: u32,
    /// The terminal gives no answers: a frame that was written counts as shown, and the name is typed.
    is_unanswered: bool,
    written: Option<At>,
    shown: Option<At>,
    last_key: At,
    last_yes: Option<At>,
}

impl Guard {
    pub(super) fn new(now: At, opened_by: Option<Key>) -> Self {
        Guard {
            opened_by,
            patience_ms: READ_MS,
            number: 0,
            is_unanswered: false,
            written: None,
            shown: None,
            last_key: now,
            last_yes: None,
        }
    }

    /// Another question, which no frame has shown yet.
    pub(super) fn unseen(&mut self) {
        (self.written, self.shown) = (None, None);
        self.number += 1;
    }

    /// A frame with the question was handed to the kernel whole.
    pub(super) fn frame_written(&mut self, now: At) {
        self.written.get_or_insert(now);
        if self.is_unanswered {
            self.shown.get_or_insert(now);
        }
    }

    /// The terminal answered from behind a frame with the question.
    pub(super) fn frame_shown(&mut self, now: At) {
        self.shown.get_or_insert(now);
    }

    pub(super) fn is_shown(&self) -> bool {
        self.shown.is_some()
    }

    /// No answer comes: from here on it is enough that a frame was written.
    pub(super) fn unanswered(&mut self, now: At) {
        self.is_unanswered = true;
        if self.written.is_some() {
            self.shown.get_or_insert(now);
        }
    }

    pub(super) fn touched(&mut self, now: At) {
        self.last_key = now;
    }

    pub(super) fn confirm_pressed(&mut self, now: At) {
        self.last_yes = Some(now);
    }

    /// Does this key count as an answer? Else why not.
    pub(super) fn counts(&self, now: At, key: Key, alone: bool) -> Result<(), &'static str> {
        let within = |since: Option<At>, ms: u64| since.is_some_and(|at| now.since_ms(at) < ms);
        if !alone {
            return Err("that key came together with others: press it alone");
        }
        if self.opened_by == Some(key) {
            return Err("that key opened the question: it is no answer");
        }
        if self.shown.is_none() {
            return Err("too early: your terminal has not shown it yet");
        }
        if within(self.shown, self.patience_ms) {
            return Err("too early: read it first, then press again");
        }
        if within(Some(self.last_key), QUIET_MS) || within(self.last_yes, REPEAT_MS) {
            return Err("too fast, or held down: let go, then press again");
        }
        Ok(())
    }
}
