//! The fields of one cluster and one user as kubectl understands them: what it tolerates is put right, what no client can
//! use is said with the name of the entry and of the field.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use http::Uri;
use kube::config::{AuthInfo, Cluster, Context, Kubeconfig};
use serde_json::Value;

use super::broken;
use model::cluster::Problem;
use model::redact::MARK;

/// The schemes of `proxy-url` that client-go knows.
const PROXY_SCHEMES: [&str; 4] = ["http", "https", "socks5", "socks5h"];
/// Paths, which the kubeconfig has from its own folder.
const USER_PATHS: [&str; 3] = ["client-certificate", "client-key", "tokenFile"];
/// Base64 in the kubeconfig: tools wrap it at 64 or 76 columns.
const USER_DATA: [&str; 2] = ["client-certificate-data", "client-key-data"];

/// The kubeconfig with the cluster and the user of this context put right.
pub(super) fn put_right(merged: &Kubeconfig, context: &Context) -> Result<Kubeconfig, Problem> {
    let mut merged = merged.clone();
    let mut has_certificate = false;
    let user = context.user.as_deref().unwrap_or_default();
    let named = merged
        .auth_infos
        .iter_mut()
        .find(|named| named.name == user);
    if let Some(auth_info) = named.and_then(|named| named.auth_info.as_mut()) {
        *auth_info = user_entry(user, auth_info).map_err(broken)?;
        has_certificate =
            auth_info.client_certificate.is_some() || auth_info.client_certificate_data.is_some();
    }
    let named = merged
        .clusters
        .iter_mut()
        .find(|named| named.name == context.cluster);
    if let Some(cluster) = named.and_then(|named| named.cluster.as_mut()) {
        cluster_entry(&context.cluster, cluster, has_certificate).map_err(broken)?;
    }
    Ok(merged)
}

/// An empty field is one that is not set.
fn drop_empty(field: &mut Option<String>) {
    *field = field
        .take()
        .map(|text| text.trim().to_owned())
        .filter(|text| is_set(text));
}

/// An empty path has become the kubeconfig's folder.
fn is_set(text: &str) -> bool {
    let is_folder = text.starts_with('/') && text.ends_with('/');
    !text.is_empty() && !is_folder
}

fn cluster_entry(name: &str, cluster: &mut Cluster, has_certificate: bool) -> Result<(), String> {
    for field in [
        &mut cluster.server,
        &mut cluster.certificate_authority,
        &mut cluster.certificate_authority_data,
        &mut cluster.proxy_url,
        &mut cluster.tls_server_name,
    ] {
        drop_empty(field);
    }
    if let Some(data) = &mut cluster.certificate_authority_data {
        *data = unwrapped(data);
        let pem = BASE64
            .decode(&*data)
            .map_err(|_| format!("cluster `{name}`: certificate-authority-data is not base64"))?;
        if !String::from_utf8_lossy(&pem).contains("-----BEGIN CERTIFICATE") {
            return Err(format!(
                "cluster `{name}`: certificate-authority-data holds no PEM certificate"
            ));
        }
    }
    let is_tls = has_certificate
        || cluster.certificate_authority.is_some()
        || cluster.certificate_authority_data.is_some()
        || cluster.insecure_skip_tls_verify == Some(true);
    let server = cluster
        .server
        .take()
        .ok_or_else(|| format!("cluster `{name}`: server is not set"))?;
    cluster.server = Some(address(&server, is_tls).map_err(|why| {
        format!(
            "cluster `{name}`: server `{}` is no address such as https://HOST:6443: {why}",
            without_password(&server)
        )
    })?);
    if let Some(url) = &cluster.proxy_url {
        proxy(url).map_err(|why| {
            let url = without_password(url);
            format!("cluster `{name}`: proxy-url `{url}`: {why}")
        })?;
    }
    Ok(())
}

/// An address as it may be shown: what stands before its host may be a password.
fn without_password(url: &str) -> String {
    let Some((before, host)) = url.rsplit_once('@') else {
        return url.to_owned();
    };
    let scheme = before.find("://").map_or(0, |at| at + 3);
    format!("{}{MARK}@{host}", &before[..scheme])
}

/// As client-go reads it: without a scheme it is https where there is something to check or to show, else http.
fn address(server: &str, is_tls: bool) -> Result<String, String> {
    let whole = match (server.contains("://"), is_tls) {
        (true, _) => server.to_owned(),
        (false, true) => format!("https://{server}"),
        (false, false) => format!("http://{server}"),
    };
    let uri: Uri = whole.parse().map_err(|error| format!("{error}"))?;
    match uri.scheme_str() {
        Some("http" | "https") => {}
        other => {
            return Err(format!(
                "the scheme is {}, not http or https",
                other.unwrap_or("missing")
            ));
        }
    }
    has_host_and_port(&uri)?;
    Ok(whole)
}

fn proxy(url: &str) -> Result<(), String> {
    let uri: Uri = url.parse().map_err(|error| format!("{error}"))?;
    if !uri
        .scheme_str()
        .is_some_and(|scheme| PROXY_SCHEMES.contains(&scheme))
    {
        return Err("its scheme must be http, https or socks5".to_owned());
    }
    has_host_and_port(&uri)
}

fn has_host_and_port(uri: &Uri) -> Result<(), String> {
    let authority = uri.authority().ok_or("there is no host")?;
    if authority.host().is_empty() {
        return Err("there is no host".to_owned());
    }
    let behind = authority.as_str().rsplit('@').next().unwrap_or_default();
    let port = behind[authority.host().len().min(behind.len())..].trim_start_matches(':');
    if !port.is_empty() && authority.port_u16().is_none() {
        return Err(format!("`{port}` is no port"));
    }
    Ok(())
}

/// The secrets of this type can be written and read by serde alone.
fn user_entry(name: &str, auth_info: &AuthInfo) -> Result<AuthInfo, String> {
    let unreadable = |error| format!("user `{name}`: {error}");
    let mut fields = serde_json::to_value(auth_info).map_err(unreadable)?;
    if let Value::Object(fields) = &mut fields {
        fields.retain(|field, value| match value.as_str() {
            Some(path) if USER_PATHS.contains(&field.as_str()) => is_set(path),
            text => text != Some(""),
        });
        for field in USER_DATA {
            let Some(data) = fields.get(field).and_then(Value::as_str).map(unwrapped) else {
                continue;
            };
            if BASE64.decode(&data).is_err() {
                return Err(format!("user `{name}`: {field} is not base64"));
            }
            fields.insert(field.to_owned(), data.into());
        }
        if let Some(token) = fields.get("token").and_then(Value::as_str) {
            let token = header_text(token).map_err(|why| format!("user `{name}`: token {why}"))?;
            fields.insert("token".to_owned(), token.into());
        }
    }
    serde_json::from_value(fields).map_err(unreadable)
}

fn unwrapped(data: &str) -> String {
    data.chars().filter(|c| !c.is_whitespace()).collect()
}

/// A secret that goes into a header: white space around it is an editor's, and not part of it.
pub(crate) fn header_text(secret: &str) -> Result<String, &'static str> {
    let secret = secret.trim();
    if secret.is_empty() {
        return Err("is empty");
    }
    if !secret.chars().all(|c| c == ' ' || c.is_ascii_graphic()) {
        return Err(
            "has a line end or another character within it that cannot be sent in a header",
        );
    }
    Ok(secret.to_owned())
}
