//! Wants and effects become tasks, requests and `Msg`s. Kubernetes and HTTP types never leave this folder.

#![allow(dead_code)] // until the watch that uses them stands

mod decode;
mod deployments;
mod detail;
mod events;
mod frames;
mod intern;
mod namespaces;
mod pods;
mod wire;
