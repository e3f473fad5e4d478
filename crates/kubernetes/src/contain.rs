//! The border of a cluster's task: a panic within costs this cluster, and is said in words. The hook of the terminal leaves
//! such a panic alone.

use std::any::Any;
use std::panic::AssertUnwindSafe;
use std::sync::Arc;

use futures::FutureExt;
use tokio::sync::mpsc;
use tokio::task::JoinError;

use super::intern::cut;
use super::problem::problem;
use model::cluster::{Problem, ProblemClass};
use model::message::{ClusterMsg, Msg};

/// Of a panic's own words so much is told; the crash report has them all.
const WORDS_BYTES: usize = 200;

/// Does the work. When it panics, the context is told to be unusable.
pub(super) async fn contain(
    context: Arc<str>,
    messages: mpsc::Sender<Msg>,
    work: impl Future<Output = ()>,
) {
    if let Err(panic) = AssertUnwindSafe(work).catch_unwind().await {
        let problem = words(&context, &*panic);
        tracing::error!(problem = problem.what.raw(), "a task ended by a panic");
        let msg = ClusterMsg::NotConnected { context, problem };
        // Nobody listens when the console is leaving.
        let _ = messages.send(Msg::Cluster(msg)).await;
    }
}

/// The end of a task that was to answer, in words.
pub(super) fn fault(context: &str, error: JoinError) -> Problem {
    match error.try_into_panic() {
        Ok(panic) => words(context, &*panic),
        Err(error) => problem(
            ProblemClass::Refused,
            format!("context `{context}`: {error}"),
            "log in again (action login) to start anew",
        ),
    }
}

fn words(context: &str, panic: &(dyn Any + Send)) -> Problem {
    let said = panic
        .downcast_ref::<&str>()
        .copied()
        .or(panic.downcast_ref::<String>().map(String::as_str))
        .and_then(|said| said.lines().next())
        .unwrap_or("no message");
    let said = cut(said, WORDS_BYTES);
    problem(
        ProblemClass::Refused,
        format!(
            "context `{context}`: a fault of this program stopped the work on this cluster: {said}"
        ),
        "the crash report is in the state directory; log in again (action login) to start anew",
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_panic_is_told_as_the_problem_of_its_context() {
        let (sender, mut messages) = mpsc::channel(1);
        contain("eu".into(), sender, async { panic!("no scheme\nand more") }).await;
        let Some(Msg::Cluster(ClusterMsg::NotConnected { context, problem })) =
            messages.recv().await
        else {
            panic!("nothing was told");
        };
        assert_eq!(&*context, "eu");
        assert!(
            problem
                .what
                .raw()
                .contains("stopped the work on this cluster: no scheme"),
            "{problem:?}"
        );
    }
}
