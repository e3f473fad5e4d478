//! Watches how long a write to disk takes, on a thread of its own: the one that writes cannot say that it hangs.

use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::thread;
use std::time::Duration;

/// From here a person is asked whether to go on without a record.
pub const SLOW: Duration = Duration::from_secs(2);

enum Mark<T> {
    Begun(T),
    Ended,
}

/// The watch over one writer.
#[derive(Debug)]
pub struct Watch<T> {
    marks: Sender<Mark<T>>,
    is_said: Arc<AtomicBool>,
}

impl<T: Send + 'static> Watch<T> {
    /// Starts it; `say` is called once for each write that takes longer than `limit`.
    pub fn start(limit: Duration, say: impl Fn(T) + Send + 'static) -> io::Result<Watch<T>> {
        let (marks, received) = channel();
        let is_said = Arc::new(AtomicBool::new(false));
        let flag = is_said.clone();
        thread::Builder::new()
            .name("store-watch".into())
            .spawn(move || watch(&received, limit, &flag, &say))?;
        Ok(Watch { marks, is_said })
    }

    /// Does `write`, which is said to be slow with `subject` when it takes too long. Its result, and whether that was said.
    pub fn over<R>(&self, subject: T, write: impl FnOnce() -> R) -> (R, bool) {
        self.marks.send(Mark::Begun(subject)).ok(); // without the watch the write still counts
        let result = write();
        self.marks.send(Mark::Ended).ok();
        (result, self.is_said.swap(false, Ordering::SeqCst))
    }
}

fn watch<T>(marks: &Receiver<Mark<T>>, limit: Duration, is_said: &AtomicBool, say: &impl Fn(T)) {
    while let Ok(mark) = marks.recv() {
        let Mark::Begun(subject) = mark else { continue };
        if let Err(RecvTimeoutError::Timeout) = marks.recv_timeout(limit) {
            is_said.store(true, Ordering::SeqCst);
            say(subject);
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used)]
    use super::*;

    #[test]
    fn a_write_that_hangs_is_said_while_it_hangs_and_a_quick_one_is_not() {
        let (said, heard) = channel();
        let watch = Watch::start(Duration::from_millis(20), move |what| {
            said.send(what).unwrap();
        })
        .unwrap();
        assert_eq!(watch.over("quick", || 1), (1, false));
        let ((), was_said) = watch.over("hangs", || {
            assert_eq!(heard.recv_timeout(Duration::from_secs(30)), Ok("hangs"));
        });
        assert!(was_said);
    }
}
