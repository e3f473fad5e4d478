//! How a container ended, in the words of every place that says it: the row, the page, the timeline.

use crate::amounts::exact_memory;
use crate::pods::{ContainerRow, Termination};
use text::Outside;

/// `OOMKilled at 256Mi limit`, `exit 137 (SIGKILL)`. `Error` and `Completed` say no more than the code does.
pub fn words(container: &ContainerRow, end: &Termination) -> Outside {
    let how = if end.signal == 0 {
        format!("exit {}", end.exit_code)
    } else {
        format!("signal {}", end.signal)
    };
    match end.reason.as_ref().map_or("", Outside::raw) {
        "" | "Error" | "Completed" => {
            let signal = signal(end.exit_code).map_or(String::new(), |name| format!(" ({name})"));
            format!("{how}{signal}")
        }
        OOM_KILLED => match memory_limit(container) {
            Some(bytes) => format!("{OOM_KILLED} at {} limit", exact_memory(bytes)),
            None => format!("{how} OOM"),
        },
        reason => format!("{how} {reason}"),
    }
    .into()
}

/// The same with the exit code where that says more: `exit 137, OOMKilled at 256Mi limit`.
pub fn whole_words(container: &ContainerRow, end: &Termination) -> Outside {
    let words = words(container, end);
    let has_code = words.raw().starts_with("exit ") || words.raw().starts_with("signal ");
    match end.reason.as_ref().map_or("", Outside::raw) {
        OOM_KILLED if has_code => format!("exit {}, {OOM_KILLED}", end.exit_code).into(),
        _ if has_code => words,
        _ => format!("exit {}, {}", end.exit_code, words.raw()).into(),
    }
}

/// The kubelet's reason for a container that the kernel killed because of its memory limit.
const OOM_KILLED: &str = "OOMKilled";

/// The same where there is no room for a sentence: `OOM at 256Mi`.
pub fn short_words(container: &ContainerRow, end: &Termination) -> Outside {
    let is_oom = end
        .reason
        .as_ref()
        .is_some_and(|reason| reason.raw() == OOM_KILLED);
    match memory_limit(container).filter(|_| is_oom) {
        Some(bytes) => format!("OOM at {}", exact_memory(bytes)).into(),
        None => words(container, end),
    }
}

fn memory_limit(container: &ContainerRow) -> Option<u64> {
    container.resources.as_ref()?.limits.memory_bytes
}

/// The signal behind an exit code above 128, as shells and runtimes code it. Who sent it the code does not say.
fn signal(exit_code: i32) -> Option<&'static str> {
    Some(match exit_code - 128 {
        1 => "SIGHUP",
        2 => "SIGINT",
        3 => "SIGQUIT",
        4 => "SIGILL",
        6 => "SIGABRT",
        7 => "SIGBUS",
        8 => "SIGFPE",
        9 => "SIGKILL",
        11 => "SIGSEGV",
        13 => "SIGPIPE",
        15 => "SIGTERM",
        _ => return None,
    })
}
