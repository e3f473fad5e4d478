//! All state of the console: typed, ours, trimmed. No I/O, no clock, no randomness.
//!
//! Cargo holds who may use whom. The model may use `text` and `keys`:
//!
//! ```
//! use keys::action::Action;
//! use text::Outside;
//! ```
//!
//! and nothing that draws, asks or stores:
//!
//! ```compile_fail
//! use view::layout;
//! ```
//!
//! ```compile_fail
//! use kubernetes::Source;
//! ```

pub mod alert;
pub mod alerts;
pub mod amounts;
pub mod asked;
pub mod ban;
pub mod changes;
pub mod clocks;
pub mod cluster;
mod coded;
pub mod configs;
pub mod detail;
pub mod endpoints;
pub mod entry;
pub mod events;
mod eviction;
pub mod filter;
pub mod finding;
pub mod incident;
pub mod incident_form;
pub mod journal;
pub mod kind;
pub mod link;
pub mod logs;
pub mod message;
pub mod meta;
pub mod nodes;
pub mod note;
pub mod observed;
pub mod owner;
pub mod palette;
pub mod pod_events;
pub mod pod_list;
pub mod pods;
pub mod redact;
pub mod revision_list;
pub mod rollout_list;
pub mod rollouts;
pub mod runbook;
pub mod screen;
pub mod services;
pub mod serving;
pub mod settings;
pub mod severity;
pub mod sick;
pub mod sideways;
pub mod table;
pub mod templates;
pub mod time;
pub mod timeline;
pub mod unfinished;
pub mod usage;
pub mod watched;
pub mod what_changed;
pub mod workload;
pub mod write;
pub mod yaml;

use alerts::Alerts;
use changes::Changes;
use cluster::Scope;
use logs::Logs;
use observed::Observed;
use rollout_list::RolloutList;
use screen::{Screen, StatusLine};
use settings::Settings;
use time::At;
use timeline::Timeline;
use watched::Cluster;
use write::Writes;

use keys::keymap::Keymap;
use text::Outside;

/// Everything the console knows.
#[derive(Debug)]
pub struct Model {
    /// The stamp of the last message.
    pub now: At,
    /// What the user configured.
    pub settings: Settings,
    /// Keys to actions.
    pub keymap: Keymap,
    /// Focus, overlays, status line.
    pub screen: Screen,
    /// What is watched.
    pub cluster: Cluster,
    /// What Alertmanager says about it.
    pub alerts: Alerts,
    /// The rollouts pane.
    pub rollout_list: RolloutList,
    /// What is being written, and what became of it.
    pub writes: Writes,
    /// What is recorded.
    pub timeline: Timeline,
    /// What is followed as it is printed.
    pub logs: Logs,
    /// What the console noticed by itself.
    pub observed: Observed,
    /// What others change.
    pub changes: Changes,
    /// How often documents were asked for.
    pub runbook_requests: u32,
}

impl Model {
    /// The state before the first message.
    pub fn new(
        now: At,
        settings: Settings,
        keymap: Keymap,
        context: Outside,
        scope: Scope,
    ) -> Model {
        Model {
            now,
            settings,
            keymap,
            screen: Screen::new(80, 24),
            alerts: Alerts::of(context.clone()),
            cluster: Cluster::new(context, scope),
            rollout_list: RolloutList::default(),
            writes: Writes::default(),
            timeline: Timeline::default(),
            logs: Logs::default(),
            observed: Observed::default(),
            changes: Changes::default(),
            runbook_requests: 0,
        }
    }

    /// Puts words into the status line.
    pub fn say(&mut self, text: impl Into<Outside>) {
        self.screen.status = Some(StatusLine {
            text: text.into(),
            is_error: false,
            is_answer: false,
            at: self.now,
        });
    }

    /// Puts an error into the status line, where it stays until the next key.
    pub fn complain(&mut self, text: impl Into<Outside>) {
        self.screen.status = Some(StatusLine {
            text: text.into(),
            is_error: true,
            is_answer: false,
            at: self.now,
        });
    }
}
