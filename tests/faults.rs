//! Bad input through the front door: files of the person, and answers of a server met by our source over TLS on loopback. Each gets
//! one clear message, the rows that are fine stay, and a server that fails is asked at most once a second.
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod harness;

#[path = "faults/bed.rs"]
mod bed;
#[path = "faults/bodies.rs"]
mod bodies;
#[path = "faults/calm.rs"]
mod calm;
#[path = "faults/files.rs"]
mod files;
#[path = "faults/refusals.rs"]
mod refusals;
#[path = "faults/silence.rs"]
mod silence;
#[path = "faults/yaml.rs"]
mod yaml;
