//! The end of a console: what waits is written, and what could not be is said.

use std::time::Duration;

use model::message::{Msg, StoreMsg};
use model::redact;
use runtime::Left;
use text::Outside;

/// What waits to be saved gets this long at the end.
const STORE_CLOSE: Duration = Duration::from_secs(2);
/// What waits to be recorded gets this long.
const RECORDER_CLOSE: Duration = Duration::from_secs(5);

/// What could not be saved is at least said, on the terminal that is the user's again.
pub fn close(left: Left) {
    let Left {
        store,
        recorder,
        mut answers,
        mut pending,
    } = left;
    if recorder.is_some_and(|recorder| !recorder.close(RECORDER_CLOSE)) {
        eprintln!("watchfloor: the end of the recording could not be written in time");
    }
    let is_all_saved = store.is_none_or(|store| {
        let closed = store.close(STORE_CLOSE);
        closed.is_some_and(|health| health.waiting == 0)
    });
    while let Ok(msg) = answers.try_recv() {
        if let Msg::Store(StoreMsg::Saved { token, .. }) = msg {
            pending.remove(&token);
        }
    }
    if is_all_saved && pending.is_empty() {
        return;
    }
    eprintln!("watchfloor: some timeline entries could not be saved:");
    for pending in pending.into_values() {
        let draft = redact::draft(pending.draft);
        let at = draft.occurred_at.format("%Y-%m-%d %H:%M:%SZ");
        eprintln!("  {at}  {}  {}", draft.kind.word(), draft.title.shown());
        for line in draft.body.iter().flat_map(Outside::lines) {
            eprintln!("    {line}");
        }
    }
}
