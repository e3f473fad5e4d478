//! Contexts of a kubeconfig in a real terminal, on the emulated cluster: users are shown what they may see, entries and
//! credential plugins work as kubectl has them, and one that cannot be used is left again.

mod bed;
mod entries;
mod plugins;
mod switching;

use components::pty::{Launch, Pty};
use emulator::{self, Options};

fn open(kubeconfig: &str, context: &str) -> Pty {
    Launch::console(&["--kubeconfig", kubeconfig, "--context", context])
        .size(80, 24)
        .start()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn each_user_is_told_what_he_may_not() {
    let server = emulator::serve(&Options::default()).await.unwrap();
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("config");
    emulator::kubeconfig::write(&path, &server.kubeconfig()).unwrap();
    let path = path.to_str().unwrap();

    let mut viewer = open(path, "viewer");
    viewer.wait_for_text("CrashLoopBackOff");
    viewer.press("2 g x r");
    viewer.wait_for_text("you may not patch deployments here");
    viewer.press("esc");

    let shop_only = open(path, "shop-only");
    shop_only.wait_for_text("CrashLoopBackOff");
    shop_only.wait_for_text("nodes is forbidden");

    let nobody = open(path, "nobody");
    nobody.wait_for_text("not known: the list could not be read");
    nobody.wait_for_text("cannot list resource \"pods\"");
}
