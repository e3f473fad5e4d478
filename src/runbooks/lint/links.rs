//! Links of a document to files that are not there.

use std::path::{Path, PathBuf};

use runbook::{LintFinding, LintKind, Runbook, local_links, percent_decoded};

/// What a web site leaves out of the address of a document.
const LEFT_OUT: [&str; 4] = ["", ".md", "/README.md", "/index.md"];

pub(super) fn dead(runbook: &Runbook, document: &Path) -> Vec<LintFinding> {
    let beside = document.parent().unwrap_or(Path::new(""));
    let is_dead = |path: &str| !is_there(beside, path);
    let links = local_links(runbook).into_iter();
    links
        .filter(|link| is_dead(link.path.raw()))
        .map(|link| LintFinding {
            lines: link.lines,
            kind: LintKind::DeadLink(link.path),
        })
        .collect()
}

fn is_there(beside: &Path, link: &str) -> bool {
    // A path from the top is one of the site or of the repository.
    let folder = if link.starts_with('/') {
        top(beside)
    } else {
        beside.to_owned()
    };
    let exists = |path: &str| {
        let path = path.trim_start_matches('/');
        let bare = path.trim_end_matches('/');
        let page = bare.strip_suffix(".html").unwrap_or(bare);
        folder.join(path).exists()
            || LEFT_OUT
                .iter()
                .any(|end| folder.join(format!("{page}{end}")).exists())
    };
    exists(link) || exists(&percent_decoded(link))
}

/// The checkout that a folder is part of, else the folder itself.
fn top(folder: &Path) -> PathBuf {
    let whole = std::path::absolute(folder).unwrap_or_else(|_| folder.to_owned());
    let checkout = whole.ancestors().find(|above| above.join(".git").exists());
    checkout.unwrap_or(&whole).to_owned()
}
