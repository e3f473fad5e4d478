//! Our client stack, from kube's public parts: keepalive that notices a dead peer, no retries of anything, no HTTP/2,
//! the read-only guard outermost. Knows nothing of pods.

use std::io;
use std::sync::Arc;
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use bytes::Bytes;
use http::header::{
    ACCEPT, ACCEPT_ENCODING, CONTENT_TYPE, DATE, LOCATION, RETRY_AFTER, USER_AGENT,
};
use http::{HeaderValue, Request, Response, StatusCode, Uri};
use http_body_util::BodyExt;
use hyper_util::client::legacy::connect::proxy::{SocksV5, Tunnel};
use hyper_util::client::legacy::connect::{Connection, HttpConnector};
use hyper_util::rt::TokioExecutor;
use kube::Config;
use kube::client::{Body, ConfigExt};
use tower::filter::FilterLayer;
use tower::{BoxError, Service, ServiceBuilder};
use tower_http::decompression::DecompressionLayer;

use super::guard::{Guard, ReadOnly};
use super::problem::{bad_answer, problem, unreachable};
use model::cluster::{Problem, ProblemClass};

/// A peer that says nothing for this long is asked by TCP itself ...
const KEEPALIVE: Duration = Duration::from_secs(15);
/// ... so many times, that far apart, before the connection is given up.
const KEEPALIVE_INTERVAL: Duration = Duration::from_secs(5);
const KEEPALIVE_TRIES: u32 = 3;
/// Bytes that nobody acknowledges for this long: the connection is dead.
const UNACKNOWLEDGED: Duration = Duration::from_secs(15);
/// Longest time to open a connection.
const CONNECT: Duration = Duration::from_secs(10);
/// Longest body of a refusal that is read.
const REFUSAL_BYTES: usize = 64 << 10;
/// Longest body of a one-shot answer: etcd's objects are at most 1.5 MB.
const ANSWER_BYTES: usize = 8 << 20;

/// Binary where the server has it, JSON otherwise: the answer says which.
pub(crate) const ACCEPT_OBJECTS: &str = "application/vnd.kubernetes.protobuf, application/json";
/// The same for watches; without the second, custom resources answer 406.
pub(crate) const ACCEPT_EVENTS: &str =
    "application/vnd.kubernetes.protobuf;stream=watch, application/json";

/// A client of one cluster; cheap to clone.
#[derive(Clone)]
pub(crate) struct Client {
    inner: kube::Client,
    /// Host and port, for the words of a failure.
    server: Arc<str>,
    patience: Duration,
}

/// The head of an answer, with its body still to come.
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) content_type: String,
    pub(crate) retry_after_s: Option<u64>,
    /// Where a redirection leads.
    pub(crate) location: Option<String>,
    /// The server's clock, Unix seconds.
    pub(crate) date_s: Option<i64>,
    pub(crate) body: Body,
}

impl Client {
    /// Builds the stack. Runs the credential plugin, if there is one: it may block.
    pub(crate) fn build(
        config: &Config,
        guard: &Arc<Guard>,
        patience: Duration,
    ) -> Result<Client, kube::Error> {
        let mut http = HttpConnector::new();
        http.enforce_http(false);
        http.set_nodelay(true);
        http.set_connect_timeout(Some(CONNECT));
        http.set_keepalive(Some(KEEPALIVE));
        http.set_keepalive_interval(Some(KEEPALIVE_INTERVAL));
        http.set_keepalive_retries(Some(KEEPALIVE_TRIES));
        #[cfg(any(target_os = "linux", target_os = "android"))]
        http.set_tcp_user_timeout(Some(UNACKNOWLEDGED));
        let inner = match &config.proxy_url {
            None => stack(config, http, guard)?,
            Some(proxy)
                if proxy
                    .scheme_str()
                    .is_some_and(|scheme| scheme.starts_with("socks5")) =>
            {
                stack(config, SocksV5::new(proxy.clone(), http), guard)?
            }
            Some(proxy) if proxy.scheme_str() == Some("https") => {
                let https = config.rustls_https_connector_with_connector(http)?;
                stack(config, proxied(proxy, https), guard)?
            }
            Some(proxy) => stack(config, proxied(proxy, http), guard)?,
        };
        let server = config
            .cluster_url
            .authority()
            .map_or("the server", http::uri::Authority::as_str);
        Ok(Client {
            inner,
            server: server.into(),
            patience,
        })
    }

    /// One GET, up to the head of the answer. `accept` also decides about compression: a list may be gzipped, a watch
    /// must not (servers from 1.37 gzip each event as a member of its own).
    pub(crate) async fn get(&self, path: &str, accept: &'static str) -> Result<Answer, Problem> {
        let mut request = Request::get(path).header(ACCEPT, accept);
        if accept == ACCEPT_EVENTS {
            request = request.header(ACCEPT_ENCODING, "identity");
        }
        self.send(path, request.body(Body::empty())).await
    }

    /// One GET of what is followed as it is printed: the head of its answer may come as late as the first line.
    pub(crate) async fn stream(&self, path: &str) -> Result<Answer, Problem> {
        let request = Request::get(path)
            .header(ACCEPT, "*/*")
            .header(ACCEPT_ENCODING, "identity")
            .body(Body::empty())
            .map_err(|error| bad_answer(format!("{path}: not a request: {error}")))?;
        match self.inner.send(request).await {
            Ok(response) => Ok(Answer::of(response)),
            Err(error) => Err(explain(&error, &self.server)),
        }
    }

    /// One POST of JSON, answered in JSON.
    pub(crate) async fn post(
        &self,
        path: &str,
        body: &serde_json::Value,
    ) -> Result<Answer, Problem> {
        let request = Request::post(path)
            .header(ACCEPT, "application/json")
            .header(CONTENT_TYPE, "application/json");
        self.send(
            path,
            request.body(Body::from(body.to_string().into_bytes())),
        )
        .await
    }

    /// Any request, up to the head of the answer.
    pub(crate) async fn send(
        &self,
        path: &str,
        request: http::Result<Request<Body>>,
    ) -> Result<Answer, Problem> {
        let request =
            request.map_err(|error| bad_answer(format!("{path}: not a request: {error}")))?;
        match tokio::time::timeout(self.patience, self.inner.send(request)).await {
            Ok(Ok(response)) => Ok(Answer::of(response)),
            Ok(Err(error)) => Err(explain(&error, &self.server)),
            Err(_) => Err(unreachable(format!(
                "{} gives no answer within {} s",
                self.server,
                self.patience.as_secs()
            ))),
        }
    }
}

impl Answer {
    fn of(response: Response<Body>) -> Answer {
        let (head, body) = response.into_parts();
        let text = |name| {
            head.headers
                .get(name)
                .and_then(|value: &HeaderValue| value.to_str().ok())
        };
        Answer {
            status: head.status,
            content_type: text(CONTENT_TYPE).unwrap_or_default().to_owned(),
            location: text(LOCATION).map(str::to_owned),
            retry_after_s: text(RETRY_AFTER).and_then(|text| text.trim().parse().ok()),
            date_s: text(DATE).and_then(date_s),
            body,
        }
    }

    /// The whole body of a one-shot answer, bounded.
    pub(crate) async fn bytes(self) -> Result<Bytes, Problem> {
        let bound = if self.status.is_success() {
            ANSWER_BYTES
        } else {
            REFUSAL_BYTES
        };
        let body = http_body_util::Limited::new(self.body, bound)
            .collect()
            .await;
        body.map(http_body_util::Collected::to_bytes)
            .map_err(|error| unreachable(format!("the answer broke off: {error}")))
    }
}

/// A `Date` in Unix seconds.
pub(crate) fn date_s(text: &str) -> Option<i64> {
    let date = chrono::DateTime::parse_from_rfc2822(text).ok()?;
    Some(date.timestamp())
}

/// Everything above a connector: address, decompression, credentials, impersonation; then, outermost, `guard`.
fn stack<H>(config: &Config, connector: H, guard: &Arc<Guard>) -> Result<kube::Client, kube::Error>
where
    H: Service<http::Uri> + Clone + Send + Sync + 'static,
    H::Response: Connection + hyper::rt::Read + hyper::rt::Write + Send + Unpin + 'static,
    H::Future: Send + 'static,
    H::Error: Into<BoxError>,
{
    let https = config.rustls_https_connector_with_connector(connector)?;
    let http: hyper_util::client::legacy::Client<_, Body> =
        hyper_util::client::legacy::Client::builder(TokioExecutor::new()).build(https);
    let guard = Arc::clone(guard);
    let agent = user_agent();
    let outermost = FilterLayer::new(move |request: Request<Body>| {
        let mut request = guard.check(request)?;
        request.headers_mut().insert(USER_AGENT, agent.clone());
        Ok::<_, ReadOnly>(request)
    });
    let service = ServiceBuilder::new()
        .layer(outermost)
        .layer(config.base_uri_layer())
        .layer(DecompressionLayer::new())
        .option_layer(config.auth_layer()?)
        .layer(config.extra_headers_layer()?)
        .map_err(BoxError::from)
        .service(http);
    Ok(kube::Client::new(service, &config.default_namespace))
}

fn proxied<C>(proxy: &Uri, connector: C) -> Tunnel<C> {
    let tunnel = Tunnel::new(proxy.clone(), connector);
    match basic_auth(proxy) {
        Some(value) => tunnel.with_auth(value),
        None => tunnel,
    }
}

fn basic_auth(proxy: &Uri) -> Option<HeaderValue> {
    let (user, _) = proxy.authority()?.as_str().rsplit_once('@')?;
    HeaderValue::from_str(&format!("Basic {}", BASE64.encode(user))).ok()
}

/// `watchfloor/<version> (user@host)`: whose console it is, in the server's audit log.
pub(crate) fn user_agent() -> HeaderValue {
    let user = std::env::var("USER").unwrap_or_else(|_| "?".into());
    let system = rustix::system::uname();
    let host = system.nodename().to_string_lossy().into_owned();
    let text = format!("watchfloor/{} ({user}@{host})", env!("CARGO_PKG_VERSION"));
    let plain: String = text
        .chars()
        .filter(|c| c.is_ascii_graphic() || *c == ' ')
        .collect();
    HeaderValue::from_str(&plain).unwrap_or(HeaderValue::from_static("watchfloor"))
}

/// The whole chain of causes: kube's own words stop at "client error (Connect)".
pub(crate) fn causes(error: &dyn std::error::Error) -> String {
    let mut words = error.to_string();
    let mut cause = error.source();
    while let Some(next) = cause {
        let text = next.to_string();
        if !words.contains(&text) {
            words = format!("{words}: {text}");
        }
        cause = next.source();
    }
    words
}

/// What a failed connection means, in fewer words than its chain of causes has.
pub(crate) fn connection_words(error: &io::Error, server: &str) -> Option<String> {
    match error.kind() {
        io::ErrorKind::ConnectionRefused => Some(format!("{server} refuses the connection")),
        io::ErrorKind::ConnectionReset
        | io::ErrorKind::BrokenPipe
        | io::ErrorKind::UnexpectedEof => Some(format!("{server} closed the connection")),
        io::ErrorKind::TimedOut => Some(format!("{server} does not answer")),
        io::ErrorKind::HostUnreachable | io::ErrorKind::NetworkUnreachable => {
            Some(format!("there is no way to {server}"))
        }
        _ => None,
    }
}

/// What kube and its HTTP client put before every cause.
const NOISE: [&str; 2] = ["ServiceError: ", "client error (Connect): "];

fn explain(error: &kube::Error, server: &str) -> Problem {
    let mut words = causes(error);
    for noise in NOISE {
        words = words
            .strip_prefix(noise)
            .map_or(words.clone(), str::to_owned);
    }
    let mut cause: Option<&dyn std::error::Error> = Some(error);
    while let Some(at) = cause {
        if at.is::<ReadOnly>() {
            return problem(
                ProblemClass::Refused,
                at.to_string(),
                "this console is read-only",
            );
        }
        if let Some(words) = at
            .downcast_ref::<io::Error>()
            .and_then(|error| connection_words(error, server))
        {
            tracing::debug!(%error, "no connection");
            return unreachable(words);
        }
        cause = at.source();
    }
    if matches!(error, kube::Error::Auth(_)) {
        return problem(
            ProblemClass::Unauthorized,
            format!("credentials: {words}"),
            "log in again (action login)",
        );
    }
    if words.contains("certificate") {
        let next = "check certificate-authority and tls-server-name in the kubeconfig, and this machine's clock";
        return problem(ProblemClass::Unreachable, format!("TLS: {words}"), next);
    }
    unreachable(format!("{server}: {words}"))
}
