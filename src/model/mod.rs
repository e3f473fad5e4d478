//! All state of the console: typed, ours, trimmed. No I/O, no clock, no dice.

pub mod cluster;
pub mod deployments;
pub mod detail;
pub mod events;
pub mod pods;
pub mod table;
pub mod time;
