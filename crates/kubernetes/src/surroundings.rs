//! What every cluster of a console is made with.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::mpsc;

use super::clock::Clock;
use super::guard::Guard;
use super::kubeconfig::Contexts;
use model::message::Msg;

/// What a cluster is made of beside its context.
#[derive(Clone)]
pub(crate) struct Surroundings {
    pub(crate) contexts: Arc<Contexts>,
    pub(crate) clock: Clock,
    pub(crate) guard: Arc<Guard>,
    pub(crate) patience: Duration,
    pub(crate) messages: mpsc::Sender<Msg>,
}
