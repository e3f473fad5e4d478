//! Alerts through the front door: what Alertmanager answers, well or badly, and what the pane and the timeline make of it.

mod bad;
mod doctor;
mod emulated;
mod good;
mod hostile;
mod record;

use std::path::{Path, PathBuf};

use components::alertmanager::{Scripted, every};
use components::rig::Rig;
use kubernetes::alertmanager::Alertmanagers;
use model::settings::Settings;

/// A console whose API server is nowhere: alerts do not need it.
async fn rig(folder: &Path, alertmanagers: Alertmanagers) -> Rig {
    let settings = Settings {
        is_read_only: true,
        ..Settings::default()
    };
    let kubeconfig = nowhere(folder);
    Rig::recording(&kubeconfig, "shop", settings, alertmanagers, folder).await
}

async fn watching(folder: &Path, server: &Scripted) -> Rig {
    rig(folder, every(server.configured())).await
}

fn nowhere(folder: &Path) -> PathBuf {
    let path = folder.join("kubeconfig");
    let text = "apiVersion: v1\nkind: Config\ncurrent-context: staging\n\
        clusters: [{name: c, cluster: {server: 'http://127.0.0.1:1'}}]\n\
        users: [{name: u, user: {}}]\n\
        contexts: [{name: staging, context: {cluster: c, user: u, namespace: shop}}]\n";
    std::fs::write(&path, text).unwrap();
    path
}
