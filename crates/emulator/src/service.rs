//! The Kubernetes API over the emulated cluster: `http::Request<Bytes>` in, a streaming response out. It knows nothing of sockets.

mod answer;
mod decode;
mod discovery;
mod encode;
mod list;
mod listing;
mod logs;
mod metrics;
mod objects;
mod patch;
mod proxy;
mod request;
mod resources;
mod review;
mod selector;
mod status;
pub mod users;
mod watch;

use std::collections::BTreeMap;
use std::sync::Arc;
use std::task::{Context, Poll};

use bytes::Bytes;
use futures::future::BoxFuture;
use http::{Method, Request, Response, StatusCode};
use http_body_util::BodyExt;

pub use answer::Body;
use answer::Break;
use encode::Damage;
use request::{Asked, Target};
use resources::METRICS;
use status::Status;
use users::{ResourceAttributes, User};

use super::cluster::{Cluster, Gone};
use super::faults::{Fault, Seen};

/// How HTTP writes a date (RFC 9110, 5.6.7).
const DATE: &str = "%a, %d %b %Y %H:%M:%S GMT";

/// Who is known by which token.
#[derive(Clone, Debug, Default)]
pub struct Tokens {
    /// Users by token.
    pub users: BTreeMap<String, User>,
    /// Whoever shows no token; none answers 401.
    pub anonymous: Option<User>,
}

/// The API. Cheap to clone; a `tower::Service`, so that any client stack can be put over it without a socket.
#[derive(Clone)]
pub struct Service {
    cluster: Cluster,
    tokens: Arc<Tokens>,
    log_per_s: u32,
}

/// The cluster's task has ended.
impl From<Gone> for Status {
    fn from(_: Gone) -> Self {
        Self::of_code(503)
    }
}

impl Service {
    /// The API over a cluster; each container prints `log_per_s` lines a second.
    pub fn new(cluster: Cluster, tokens: Tokens, log_per_s: u32) -> Self {
        Self {
            cluster,
            tokens: Arc::new(tokens),
            log_per_s,
        }
    }

    /// The cluster behind it.
    pub fn cluster(&self) -> &Cluster {
        &self.cluster
    }

    /// Answers a request.
    pub async fn handle(&self, request: Request<Bytes>) -> Response<Body> {
        let asked = Asked::new(request);
        let user = self.user(&asked);
        let seen = Seen {
            method: asked.method.clone(),
            path: asked.path_and_query.clone(),
            user: user.map_or("", User::name).to_owned(),
            agent: asked.agent.clone(),
            accept: asked.accept.clone(),
            body: String::from_utf8_lossy(&asked.body).into_owned(),
        };
        let fault = match self.cluster.ask(move |state| state.faults.meet(seen)).await {
            Ok(fault) => fault,
            Err(gone) => return answer::status(&gone.into(), &asked.accept),
        };
        let mut answer = self.with_fault(&asked, user, fault).await;
        let date = self.cluster.date().map(|date| date.format(DATE));
        if let Some(Ok(date)) = date.map(|date| date.to_string().parse()) {
            answer.headers_mut().insert(http::header::DATE, date);
        }
        answer
    }

    fn user(&self, asked: &Asked) -> Option<User> {
        match &asked.token {
            Some(token) => self.tokens.users.get(token).copied(),
            None => self.tokens.anonymous,
        }
    }

    async fn with_fault(
        &self,
        asked: &Asked,
        user: Option<User>,
        fault: Option<Fault>,
    ) -> Response<Body> {
        match &fault {
            Some(Fault::Status { code, retry_after }) => {
                let mut answer = answer::status(&Status::of_code(*code), &asked.accept);
                if let Some(value) = retry_after.as_deref().and_then(|text| text.parse().ok()) {
                    answer
                        .headers_mut()
                        .insert(http::header::RETRY_AFTER, value);
                }
                answer
            }
            Some(Fault::Html) => answer::whole(
                StatusCode::OK,
                "text/html; charset=utf-8",
                "<!DOCTYPE html><html><title>Sign in</title><body>Please sign in.</body></html>",
            ),
            Some(Fault::Raw { content_type, body }) => {
                answer::whole(StatusCode::OK, content_type, body.clone())
            }
            Some(Fault::Half) => {
                let whole = self.ordinary(asked, user, Damage::default()).await;
                let (parts, body) = whole.into_parts();
                let bytes = body
                    .collect()
                    .await
                    .map(http_body_util::Collected::to_bytes)
                    .unwrap_or_default();
                let content_type = parts
                    .headers
                    .get(http::header::CONTENT_TYPE)
                    .and_then(|v| v.to_str().ok())
                    .unwrap_or_default()
                    .to_owned();
                let half = bytes.len() / 2;
                answer::broken(
                    answer::whole(parts.status, &content_type, bytes),
                    half,
                    Break::Cut,
                )
            }
            Some(Fault::CutAt(limit)) => answer::broken(
                self.ordinary(asked, user, Damage::default()).await,
                *limit,
                Break::Cut,
            ),
            Some(Fault::HangAt(limit)) => answer::broken(
                self.ordinary(asked, user, Damage::default()).await,
                *limit,
                Break::Hang,
            ),
            Some(Fault::Blocks(bytes)) => {
                answer::in_blocks(self.ordinary(asked, user, Damage::default()).await, *bytes).await
            }
            Some(Fault::Delay(wait)) => {
                tokio::time::sleep(*wait).await;
                self.ordinary(asked, user, Damage::default()).await
            }
            Some(
                Fault::EndAfter(_)
                | Fault::Undecodable(_)
                | Fault::BigObject(_)
                | Fault::LongLine(_)
                | Fault::BrokenFrame,
            )
            | None => self.ordinary(asked, user, Damage::of(fault.as_ref())).await,
        }
    }

    async fn ordinary(&self, asked: &Asked, user: Option<User>, damage: Damage) -> Response<Body> {
        self.route(asked, user, damage)
            .await
            .unwrap_or_else(|status| answer::status(&status, &asked.accept))
    }

    async fn route(
        &self,
        asked: &Asked,
        user: Option<User>,
        damage: Damage,
    ) -> Result<Response<Body>, Status> {
        let user = user.ok_or_else(Status::unauthorized)?;
        let Some(target) = Target::parse(&asked.path)? else {
            return discovery::answer(asked);
        };
        let verb = target.verb(&asked.method, &asked.query);
        let subresource = target.subresource.as_deref().unwrap_or_default();
        let attributes = ResourceAttributes::new(
            verb,
            target.resource,
            subresource,
            target.namespace.as_deref().unwrap_or_default(),
        );
        if !user.may(&attributes) {
            return Err(Status::forbidden(
                target.resource,
                target.name.as_deref().unwrap_or_default(),
                &user.refusal(&attributes),
            ));
        }
        match (verb, subresource) {
            _ if target.resource.is_review() => review::answer(target.resource, asked, user),
            _ if target.resource.group == METRICS => {
                metrics::answer(&self.cluster, &target, asked).await
            }
            (_, "proxy") if target.resource.plural == "services" => {
                proxy::answer(&self.cluster, &target, asked).await
            }
            ("watch", "") => watch::watch(&self.cluster, &target, asked, damage).await,
            ("list", "") => list::list(&self.cluster, &target, asked, damage).await,
            ("get", "log") if asked.method == Method::GET => {
                logs::answer(&self.cluster, &target, asked, self.log_per_s).await
            }
            _ => objects::answer(&self.cluster, &target, asked).await,
        }
    }
}

impl<B> tower::Service<Request<B>> for Service
where
    B: hyper::body::Body + Send + 'static,
    B::Data: Send,
    B::Error: Into<Box<dyn std::error::Error + Send + Sync>> + Send,
{
    type Response = Response<Body>;
    type Error = Box<dyn std::error::Error + Send + Sync>;
    type Future = BoxFuture<'static, Result<Self::Response, Self::Error>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Self::Error>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: Request<B>) -> Self::Future {
        let service = self.clone();
        Box::pin(async move {
            let (parts, body) = request.into_parts();
            let bytes = body.collect().await.map_err(Into::into)?.to_bytes();
            Ok(service.handle(Request::from_parts(parts, bytes)).await)
        })
    }
}
