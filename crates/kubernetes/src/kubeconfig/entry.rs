//! One context of a kubeconfig, resolved.

use std::sync::Arc;

use kube::Config;
use kube::config::ExecInteractiveMode;

/// One context, resolved.
#[derive(Clone, Debug)]
pub(crate) struct Entry {
    pub(crate) context: Arc<str>,
    pub(crate) cluster: String,
    /// The namespace that the context names.
    pub(crate) namespace: Option<String>,
    /// The user entry's name.
    pub(crate) user: Option<String>,
    pub(crate) config: Config,
}

impl Entry {
    /// `host:port` of the API server.
    pub(crate) fn server(&self) -> String {
        self.config
            .cluster_url
            .authority()
            .map(|authority| authority.as_str().to_owned())
            .unwrap_or_default()
    }

    /// Nobody checks who answers.
    pub(crate) fn is_insecure(&self) -> bool {
        self.config.accept_invalid_certs || self.config.cluster_url.scheme_str() == Some("http")
    }

    /// The credential plugin may talk to the person: only before the screen is ours.
    pub(crate) fn has_talking_plugin(&self) -> bool {
        let exec = self.config.auth_info.exec.as_ref();
        exec.is_some_and(|exec| exec.interactive_mode != Some(ExecInteractiveMode::Never))
    }

    /// From now on the plugin must be silent: the screen is ours.
    pub(crate) fn silence_plugin(&mut self) {
        if let Some(exec) = &mut self.config.auth_info.exec {
            exec.interactive_mode = Some(ExecInteractiveMode::Never);
        }
    }
}
