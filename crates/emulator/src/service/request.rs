//! What a request is about: resource, namespace, name, subresource, verb and parameters.

use std::collections::BTreeMap;

use bytes::Bytes;
use http::header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE, USER_AGENT};
use http::{HeaderName, Method, Request};

use super::resources::{self, Resource};
use super::status::Status;

/// A request for a resource.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Target {
    pub resource: &'static Resource,
    /// Namespace; none for all, and for cluster-wide resources.
    pub namespace: Option<String>,
    /// Name; none for the collection.
    pub name: Option<String>,
    pub subresource: Option<String>,
}

impl Target {
    /// Reads `/api/v1/...` and `/apis/group/version/...`; none for other paths.
    ///
    /// # Errors
    /// 404: a resource that is not served.
    pub fn parse(path: &str) -> Result<Option<Self>, Status> {
        let parts: Vec<String> = path
            .split('/')
            .filter(|p| !p.is_empty())
            .map(unescape)
            .collect();
        let parts: Vec<&str> = parts.iter().map(String::as_str).collect();
        let (group, version, rest) = match parts.as_slice() {
            ["api", version, rest @ ..] => ("", *version, rest),
            ["apis", group, version, rest @ ..] => (*group, *version, rest),
            _ => return Ok(None),
        };
        let (namespace, rest) = match rest {
            [] => return Ok(None),
            ["namespaces", namespace, rest @ ..]
                if !rest.is_empty() && rest[0] != "status" && rest[0] != "finalize" =>
            {
                (Some((*namespace).to_owned()), rest)
            }
            rest => (None, rest),
        };
        let resource =
            resources::find(group, version, rest[0]).ok_or_else(Status::no_such_resource)?;
        if namespace.is_some() && !resource.namespaced {
            return Err(Status::no_such_resource());
        }
        let part = |i: usize| rest.get(i).map(|p| (*p).to_owned());
        Ok(Some(Self {
            resource,
            namespace,
            name: part(1),
            subresource: part(2),
        }))
    }

    /// The verb as access reviews name it.
    pub fn verb(&self, method: &Method, query: &Query) -> &'static str {
        match (method.as_str(), self.name.is_some()) {
            ("GET" | "HEAD", _) if query.is_set("watch") => "watch",
            ("GET" | "HEAD", true) => "get",
            ("GET" | "HEAD", false) => "list",
            ("POST", _) => "create",
            ("PUT", _) => "update",
            ("PATCH", _) => "patch",
            ("DELETE", true) => "delete",
            ("DELETE", false) => "deletecollection",
            _ => "unknown",
        }
    }
}

/// The parameters of a request.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Query(BTreeMap<String, Vec<String>>);

impl Query {
    /// Reads a query string.
    pub fn parse(text: &str) -> Self {
        let pairs = text
            .split('&')
            .filter(|pair| !pair.is_empty())
            .map(|pair| pair.split_once('=').unwrap_or((pair, "")));
        let mut query = Self::default();
        for (name, value) in pairs {
            let value = unescape(&value.replace('+', " "));
            query.0.entry(unescape(name)).or_default().push(value);
        }
        query
    }

    /// A parameter; empty when absent. Of several with one name the last counts.
    pub fn text(&self, name: &str) -> &str {
        self.all(name).last().unwrap_or("")
    }

    /// All values of a parameter, in order.
    pub fn all<'a>(&'a self, name: &str) -> impl Iterator<Item = &'a str> + use<'a> {
        self.0.get(name).into_iter().flatten().map(String::as_str)
    }

    /// Whether a parameter is true as Kubernetes reads booleans.
    pub fn is_set(&self, name: &str) -> bool {
        let value = self.all(name).last();
        value.is_some_and(|value| !matches!(value, "false" | "0"))
    }

    /// A number, if it is there.
    pub fn number<T: std::str::FromStr>(&self, name: &str) -> Option<T> {
        self.text(name).parse().ok()
    }
}

/// Resolves percent escapes; what is not one stays.
fn unescape(text: &str) -> String {
    let bytes = text.as_bytes();
    let mut plain = Vec::with_capacity(bytes.len());
    let mut i = 0;
    while i < bytes.len() {
        let escaped = (bytes[i] == b'%').then(|| text.get(i + 1..i + 3)).flatten();
        let byte = escaped.and_then(|hex| u8::from_str_radix(hex, 16).ok());
        plain.push(byte.unwrap_or(bytes[i]));
        i += if byte.is_some() { 3 } else { 1 };
    }
    String::from_utf8_lossy(&plain).into_owned()
}

/// A request with what the answer depends on taken out of its head.
#[derive(Clone, Debug)]
pub struct Asked {
    pub method: Method,
    pub path: String,
    /// Path and query as sent.
    pub path_and_query: String,
    pub query: Query,
    pub accept: String,
    /// `Content-Type`, without parameters.
    pub content_type: String,
    /// `User-Agent`.
    pub agent: String,
    /// The bearer token.
    pub token: Option<String>,
    pub body: Bytes,
}

impl Asked {
    /// Reads a request.
    pub fn new(request: Request<Bytes>) -> Self {
        let (parts, body) = request.into_parts();
        let header = |name: HeaderName| {
            let values = parts
                .headers
                .get_all(name)
                .iter()
                .filter_map(|value| value.to_str().ok());
            values.collect::<Vec<_>>().join(",")
        };
        Self {
            path: parts.uri.path().to_owned(),
            path_and_query: parts
                .uri
                .path_and_query()
                .map_or(String::new(), ToString::to_string),
            query: Query::parse(parts.uri.query().unwrap_or("")),
            accept: header(ACCEPT),
            content_type: header(CONTENT_TYPE)
                .split(';')
                .next()
                .unwrap_or_default()
                .trim()
                .to_owned(),
            agent: header(USER_AGENT),
            token: header(AUTHORIZATION)
                .strip_prefix("Bearer ")
                .map(str::to_owned),
            method: parts.method,
            body,
        }
    }

    /// Whether nothing is to be changed for real.
    pub fn is_dry_run(&self) -> bool {
        self.query.text("dryRun") == "All"
    }
}
