//! Which proxy a cluster is reached through.

use hyper_util::client::proxy::matcher::Matcher;

use super::broken;
use model::cluster::Problem;

/// `proxy-url` of the cluster, which nothing overrides; else `HTTPS_PROXY` and its kin unless `NO_PROXY` or loopback
/// (kube compares `NO_PROXY` with the proxy's own address).
pub(super) fn of(
    proxy_url: Option<&str>,
    cluster: &str,
    server: &http::Uri,
) -> Result<Option<http::Uri>, Problem> {
    if let Some(url) = proxy_url {
        return url.parse().map(Some).map_err(|error| {
            broken(format!(
                "proxy-url `{url}` of the cluster `{cluster}`: {error}"
            ))
        });
    }
    let host = server.host().unwrap_or_default().trim_matches(['[', ']']);
    let is_loopback = host == "localhost"
        || host
            .parse()
            .is_ok_and(|address: std::net::IpAddr| address.is_loopback());
    if is_loopback {
        return Ok(None);
    }
    Ok(Matcher::from_env()
        .intercept(server)
        .map(|intercept| intercept.uri().clone()))
}
