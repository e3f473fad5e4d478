//! Searches the kept history of the logs, the newest segment first, off the loop. A newer search ends an older one.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use tokio::sync::mpsc;

use model::filter::Filter;
use model::logs::Segment;
use model::message::{LogsMsg, Msg};

/// Lines found in one message: applied in well under the 4 ms that the loop gives to the world.
const FOUND_MAX: usize = 4_096;

/// Runs on a thread that may block.
pub(super) fn run(
    generation: u32,
    filter: &Filter,
    segments: Vec<(u32, Arc<Segment>)>,
    latest: &AtomicU32,
    messages: &mpsc::Sender<Msg>,
) {
    let (mut found, mut count) = (Vec::new(), 0);
    let mut left = segments.len();
    for (number, segment) in segments {
        if latest.load(Ordering::Relaxed) != generation {
            return;
        }
        left -= 1;
        let lines = segment.matching(filter);
        count += lines.len();
        if !lines.is_empty() {
            found.push((number, lines));
        }
        if count >= FOUND_MAX || left == 0 {
            let found = std::mem::take(&mut found);
            count = 0;
            let msg = LogsMsg::Found {
                generation,
                found,
                is_done: left == 0,
            };
            if messages.blocking_send(Msg::Logs(msg)).is_err() {
                return;
            }
        }
    }
}
