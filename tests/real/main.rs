//! The console on a real control plane, Prometheus and Alertmanager: what kubectl does, the tables show; what the server does to
//! us, they survive. What reached the server is read from its audit log.
//!
//! One control plane for all: most tests share it, each in namespaces of its own.
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod alerts;
mod api;
mod cases;
mod credentials;
mod doctor;
mod faults;
mod logs;
mod plane;
mod rights;
mod rollback;
mod tables;
mod write;
mod yaml;
