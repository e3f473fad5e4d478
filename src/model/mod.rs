//! All state of the console: typed, ours, trimmed. No I/O, no clock, no dice.

pub mod cluster;
mod coded;
pub mod deployments;
pub mod detail;
pub mod entry;
pub mod events;
pub mod journal;
pub mod kind;
pub mod pods;
pub mod redact;
pub mod severity;
pub mod table;
pub mod time;
