//! Our client stack, from kube's public parts: keepalive that notices a dead peer, no retries of anything, no HTTP/2,
//! the read-only guard outermost. Knows nothing of pods.

mod answer;
mod explain;
mod session;

use std::sync::Arc;
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use http::header::{ACCEPT, ACCEPT_ENCODING, CONTENT_TYPE, USER_AGENT};
use http::{HeaderValue, Request, Response, Uri};
use hyper_util::client::legacy::connect::proxy::{SocksV5, Tunnel};
use hyper_util::client::legacy::connect::{Connection, HttpConnector};
use hyper_util::rt::TokioExecutor;
use kube::Config;
use kube::client::{Body, ConfigExt};
use tower::filter::FilterLayer;
use tower::{BoxError, Service, ServiceBuilder};
use tower_http::decompression::DecompressionLayer;

use super::credentials::Talk;
use super::guard::{Guard, ReadOnly};
use super::kubeconfig::Entry;
use super::problem::{bad_answer, unreachable};
use super::surroundings::Surroundings;
pub(crate) use answer::{Answer, date_s, verdict};
pub(crate) use explain::connection_words;
use explain::{explain, is_broken};
use model::cluster::Problem;
use session::Session;

/// A peer that says nothing for this long is asked by TCP itself ...
const KEEPALIVE: Duration = Duration::from_secs(15);
/// ... so many times, that far apart, before the connection is given up.
const KEEPALIVE_INTERVAL: Duration = Duration::from_secs(5);
const KEEPALIVE_TRIES: u32 = 3;
/// Bytes that nobody acknowledges for this long: the connection is dead.
const UNACKNOWLEDGED: Duration = Duration::from_secs(15);
/// Longest time to open a connection.
const CONNECT: Duration = Duration::from_secs(10);
/// Binary where the server has it, JSON otherwise: the answer says which.
pub(crate) const ACCEPT_OBJECTS: &str = "application/vnd.kubernetes.protobuf, application/json";
/// The same for watches; without the second, custom resources answer 406.
pub(crate) const ACCEPT_EVENTS: &str =
    "application/vnd.kubernetes.protobuf;stream=watch, application/json";
/// The metadata of one object and nothing else of it: a server that cannot leave out the rest has to refuse.
/// <https://kubernetes.io/docs/reference/using-api/api-concepts/#metadata-only-fetches>
pub(crate) const ACCEPT_METADATA: &str =
    "application/json;as=PartialObjectMetadata;g=meta.k8s.io;v=v1";
/// The same of many.
pub(crate) const ACCEPT_METADATA_LIST: &str = "application/vnd.kubernetes.protobuf;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1, \
     application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1";
/// The same of a watch.
pub(crate) const ACCEPT_METADATA_EVENTS: &str = "application/vnd.kubernetes.protobuf;as=PartialObjectMetadata;g=meta.k8s.io;v=v1;stream=watch, \
     application/json;as=PartialObjectMetadata;g=meta.k8s.io;v=v1";

/// A client of one cluster; cheap to clone. Its credentials are renewed when they are over, and for all clones at once.
#[derive(Clone)]
pub(crate) struct Client {
    session: Arc<Session>,
}

impl Client {
    /// Asks for the entry's credentials, and builds the stack with them.
    pub(crate) async fn build(
        entry: Entry,
        around: &Surroundings,
        talk: Talk,
    ) -> Result<Client, Problem> {
        let session = Session::open(entry, around, talk).await?;
        Ok(Client { session })
    }

    /// The credentials were refused: asks for new ones, unless somebody has just done so.
    pub(crate) async fn renew(&self) -> Result<(), Problem> {
        self.session.refused().await
    }

    /// A person asks for a try now: a plugin that has failed is run again.
    pub(crate) fn retry_now(&self) {
        self.session.retry_now();
    }

    /// One GET, up to the head of the answer. `accept` also decides about compression: a list may be gzipped, a watch
    /// must not (servers from 1.37 gzip each event as a member of its own).
    pub(crate) async fn get(&self, path: &str, accept: &'static str) -> Result<Answer, Problem> {
        let mut request = Request::get(path).header(ACCEPT, accept);
        if accept.contains("stream=watch") {
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
        let client = self.session.client().await?;
        match client.send(request).await {
            Ok(response) => Ok(self.answered(response)),
            Err(error) => Err(self.explain(&error)),
        }
    }

    /// One review of ourselves: a question in the body of a POST, which creates nothing.
    pub(crate) async fn review(
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

    /// Any request, up to the head of the answer. What changes a cluster comes from `operate::change` alone.
    pub(crate) async fn send(
        &self,
        path: &str,
        request: http::Result<Request<Body>>,
    ) -> Result<Answer, Problem> {
        let request =
            request.map_err(|error| bad_answer(format!("{path}: not a request: {error}")))?;
        let client = self.session.client().await?;
        let patience = self.session.patience;
        match tokio::time::timeout(patience, client.send(request)).await {
            Ok(Ok(response)) => Ok(self.answered(response)),
            Ok(Err(error)) => Err(self.explain(&error)),
            Err(_) => Err(unreachable(format!(
                "{} gives no answer within {} s",
                self.session.route.whole(),
                patience.as_secs()
            ))),
        }
    }

    /// Why the last request had no answer, if it had none.
    pub(crate) fn last_failure(&self) -> Option<Problem> {
        self.session.last_failure()
    }

    fn answered(&self, response: Response<Body>) -> Answer {
        self.session.set_last_failure(None);
        Answer::of(response)
    }

    fn explain(&self, error: &kube::Error) -> Problem {
        if is_broken(error) {
            self.session.rebuild();
        }
        let problem = explain(error, &self.session.route);
        self.session.set_last_failure(Some(problem.clone()));
        problem
    }
}

/// The stack for this configuration, through its proxy if it has one.
pub(super) fn build(config: &Config, guard: &Arc<Guard>) -> Result<kube::Client, kube::Error> {
    let mut http = HttpConnector::new();
    http.enforce_http(false);
    http.set_nodelay(true);
    http.set_connect_timeout(Some(CONNECT));
    http.set_keepalive(Some(KEEPALIVE));
    http.set_keepalive_interval(Some(KEEPALIVE_INTERVAL));
    http.set_keepalive_retries(Some(KEEPALIVE_TRIES));
    #[cfg(any(target_os = "linux", target_os = "android"))]
    http.set_tcp_user_timeout(Some(UNACKNOWLEDGED));
    match &config.proxy_url {
        None => stack(config, http, guard),
        Some(proxy)
            if proxy
                .scheme_str()
                .is_some_and(|scheme| scheme.starts_with("socks5")) =>
        {
            stack(config, SocksV5::new(proxy.clone(), http), guard)
        }
        Some(proxy) if proxy.scheme_str() == Some("https") => {
            let https = config.rustls_https_connector_with_connector(http)?;
            stack(config, proxied(proxy, https), guard)
        }
        Some(proxy) => stack(config, proxied(proxy, http), guard),
    }
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
