//! The console on a real control plane, Prometheus and Alertmanager: what kubectl does, the tables show; what the server does to
//! us, they survive. What reached the server is read from its audit log.
//!
//! Two control planes: most tests share one, each in namespaces of its own; those that stop parts of it have the other, one at a time.
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod alerts;
mod api;
mod cases;
mod changes;
mod credentials;
mod doctor;
mod faults;
mod logs;
mod plane;
mod record;
mod rights;
mod rollback;
mod tables;
mod write;
mod yaml;
