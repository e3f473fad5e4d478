//! Where the console looks for runbooks: in the configured folders, and in the demo among its samples as well.

use runtime::RunbookFolders;

use super::Start;

/// Path and text of each.
const SAMPLES: &[(&str, &str)] = &[
    (
        "complete-outage.md",
        include_str!("../../assets/runbooks/complete-outage.md"),
    ),
    (
        "connection-pool.md",
        include_str!("../../assets/runbooks/connection-pool.md"),
    ),
    (
        "crash-loop.md",
        include_str!("../../assets/runbooks/crash-loop.md"),
    ),
    (
        "failed-deployment.md",
        include_str!("../../assets/runbooks/failed-deployment.md"),
    ),
    (
        "out-of-memory.md",
        include_str!("../../assets/runbooks/out-of-memory.md"),
    ),
    (
        "slow-responses.md",
        include_str!("../../assets/runbooks/slow-responses.md"),
    ),
];

pub(super) fn folders(start: &Start) -> RunbookFolders {
    let configured = &start.loaded.config.runbooks;
    RunbookFolders {
        folders: configured.folders.clone(),
        urls: configured.urls.clone(),
        samples: if start.is_demo { SAMPLES } else { &[] },
    }
}
