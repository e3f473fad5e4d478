//! Folders of runbooks on a real disk: found, read, and what is said of what cannot be.

use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use components::rig::Rig;
use model::runbook::RunbookPage;
use model::screen::{OverlayKind, OverlayState};
use model::settings::Settings;

use crate::bed::Bed;

async fn looking(bed: &Bed, folder: &Path) -> Rig {
    let mut rig = Rig::new(&bed.kubeconfig(), "shop", Settings::default()).await;
    rig.runbooks_in(folder);
    rig.until("it is live", Rig::is_live).await;
    rig.type_keys("2 g");
    rig
}

fn top(rig: &Rig) -> Option<OverlayKind> {
    rig.model.screen.overlays.last().map(OverlayKind::from)
}

fn is_open(rig: &Rig) -> bool {
    let top = rig.model.screen.overlays.last();
    let page = top.and_then(RunbookPage::of);
    page.is_some_and(|page| page.open().is_some())
}

fn says(rig: &Rig, words: &str) -> bool {
    let status = rig.model.screen.status.as_ref();
    status.is_some_and(|status| status.text.contains(words))
}

#[tokio::test(flavor = "multi_thread")]
async fn the_document_that_fits_is_read_and_read_again_after_it_has_changed() {
    let bed = Bed::new().await;
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("team/pods.md");
    std::fs::create_dir(folder.path().join("team")).unwrap();
    let text = "---\ntitle: Pods\nmatch:\n  namespace: shop\n  pod: '*'\n---\nLook at it.\n";
    std::fs::write(&path, text).unwrap();
    std::fs::write(folder.path().join("other.md"), "# Other\n").unwrap();
    let mut rig = looking(&bed, folder.path()).await;
    rig.type_keys("R");
    rig.until("it is open", is_open).await;
    assert!(rig.screen().contains("Look at it."));
    std::fs::write(&path, format!("{text}\nNow more of it.\n")).unwrap();
    rig.type_keys("r");
    rig.until("it was read again", |rig| rig.screen().contains("Now more"))
        .await;
    // What fits is found anew as well.
    rig.type_keys("esc");
    std::fs::write(&path, "# Pods\n").unwrap();
    rig.type_keys("R");
    rig.until("all are listed", |rig| {
        top(rig) == Some(OverlayKind::RunbookChoice)
    })
    .await;
    assert!(says(&rig, "no runbook fits: looked in"));
    assert!(rig.screen().contains("Other"));
    rig.close();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_folder_that_is_not_there_is_named() {
    let bed = Bed::new().await;
    let folder = tempfile::tempdir().unwrap();
    let gone = folder.path().join("gone");
    let mut rig = looking(&bed, &gone).await;
    rig.type_keys("R");
    rig.until("it is named", |rig| says(rig, "gone: No such file"))
        .await;
    assert_eq!(top(&rig), None);
    rig.close();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_folder_that_may_not_be_read_is_named_and_the_others_are_read() {
    let bed = Bed::new().await;
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("a.md"), "# A\n").unwrap();
    let closed = folder.path().join("closed");
    std::fs::create_dir(&closed).unwrap();
    std::fs::set_permissions(&closed, std::fs::Permissions::from_mode(0o000)).unwrap();
    let is_root = std::fs::read_dir(&closed).is_ok();
    let mut rig = looking(&bed, folder.path()).await;
    rig.type_keys("R");
    rig.until("the rest is listed", |rig| {
        top(rig) == Some(OverlayKind::RunbookChoice)
    })
    .await;
    // Nothing is closed to root.
    assert!(is_root || says(&rig, "closed: Permission denied"));
    std::fs::set_permissions(&closed, std::fs::Permissions::from_mode(0o700)).unwrap();
    rig.close();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_document_of_10_mb_is_refused_in_words() {
    let bed = Bed::new().await;
    let folder = tempfile::tempdir().unwrap();
    let text = format!(
        "---\nmatch:\n  namespace: shop\n---\n{}",
        "All is well.\n".repeat(800_000)
    );
    std::fs::write(folder.path().join("big.md"), text).unwrap();
    let mut rig = looking(&bed, folder.path()).await;
    rig.type_keys("R");
    rig.until("it is refused", |rig| {
        says(
            rig,
            "big.md is too large to be read as a runbook: it has 9 MiB, at most 2 are read",
        )
    })
    .await;
    assert_eq!(top(&rig), None);
    rig.close();
}
