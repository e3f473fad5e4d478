//! One context of a kubeconfig, resolved.

use std::sync::Arc;

use http::Uri;
use http::uri::Authority;
use kube::Config;

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
        host_and_port(&self.config.cluster_url)
    }

    /// Nobody checks who answers.
    pub(crate) fn is_insecure(&self) -> bool {
        self.config.accept_invalid_certs || self.config.cluster_url.scheme_str() == Some("http")
    }
}

/// Without user and password, which may stand before it.
pub(crate) fn host_and_port(uri: &Uri) -> String {
    let authority = uri.authority().map_or("the server", Authority::as_str);
    let behind = authority.rsplit('@').next();
    behind.unwrap_or(authority).to_owned()
}
