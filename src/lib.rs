//! watchfloor: a full-screen terminal incident console for Kubernetes.
//!
//! Start reading at [`message`] (the whole vocabulary), then [`update`] (the only place where state changes).
//! `ARCHITECTURE.md` walks a key press and a pod event through the house.

pub mod action;
pub mod app;
pub mod cli;
pub mod command;
pub mod config;
pub mod demo;
pub mod doctor;
pub mod editor;
pub mod export;
pub mod key;
pub mod keymap;
pub mod message;
pub mod model;
pub mod shell;
pub mod source;
pub mod start;
pub mod store;
pub mod terminal;
pub mod text;
pub mod theme;
pub mod update;
pub mod view;
