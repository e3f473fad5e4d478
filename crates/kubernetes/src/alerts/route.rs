//! The way to Alertmanager: its own address, or through the API server's service proxy. One GET at a time, bounded in
//! bytes and time; redirections are not followed and nothing is tried twice.

use std::io::Read;
use std::path::Path;
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use bytes::Bytes;
use http::header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE, DATE, LOCATION};
use http::{HeaderMap, HeaderName, HeaderValue};
use http_body_util::{BodyExt, LengthLimitError, Limited};

use super::refused::{self, Head};
use crate::alertmanager::{Alertmanager, Credentials, Place};
use crate::client::{connection_words, date_s, user_agent};
use crate::cluster::Cluster;
use crate::intern::cut;
use crate::problem::causes;
use crate::problem::problem;
use crate::request;
use model::cluster::{Problem, ProblemClass};

/// Longest answer that is read: 5,000 alerts in 200 groups are 10 MB.
const BODY_BYTES: usize = 32 << 20;
/// Of the body of a refusal this much is looked at.
const REFUSAL_BYTES: usize = 64 << 10;
/// Of its first line this much is said.
const SAID_BYTES: usize = 200;
/// Longest file of credentials.
const SECRET_BYTES: u64 = 64 << 10;
/// Longest time to open a connection.
const CONNECT: Duration = Duration::from_secs(5);

/// The way to one Alertmanager.
pub(super) struct Route<'a> {
    alertmanager: &'a Alertmanager,
    cluster: &'a Cluster,
    /// Built before the first question; `None` for the service proxy.
    client: Option<reqwest::Client>,
}

impl<'a> Route<'a> {
    pub(super) fn new(alertmanager: &'a Alertmanager, cluster: &'a Cluster) -> Self {
        Route {
            alertmanager,
            cluster,
            client: None,
        }
    }

    /// Whom it leads to.
    pub(super) fn words(&self) -> String {
        self.alertmanager.place.words()
    }

    /// Makes ready what questions go out by.
    pub(super) fn prepare(&mut self) -> Result<(), Problem> {
        if self.client.is_none() && matches!(self.alertmanager.place, Place::Url(_)) {
            self.client = Some(client(self.alertmanager)?);
        }
        Ok(())
    }

    /// The body of a good answer.
    pub(super) async fn get(&self, path: &str) -> Result<Bytes, Problem> {
        self.get_dated(path).await.map(|(body, _)| body)
    }

    /// The body of a good answer, and the other side's clock less ours, in seconds.
    pub(super) async fn get_dated(&self, path: &str) -> Result<(Bytes, Option<i64>), Problem> {
        let timeout = self.alertmanager.timeout;
        let place = &self.alertmanager.place;
        let answered = match place {
            Place::Url(base) => {
                let url = format!("{base}{path}");
                tokio::time::timeout(timeout, self.direct(&url, path)).await
            }
            Place::Service { .. } => {
                tokio::time::timeout(timeout, self.proxied(&place.path(path))).await
            }
        };
        answered.unwrap_or_else(|_| Err(refused::too_late(timeout.as_secs())))
    }

    async fn direct(&self, url: &str, path: &str) -> Result<(Bytes, Option<i64>), Problem> {
        let place = self.words();
        // The API's own path: what stands before it is the user's, and no verb but GET is ever sent from here.
        let question = http::Request::get(path).body(());
        let question = question.map_err(|error| refused::unreachable(&error.to_string()))?;
        if let Err(error) = self.cluster.guard().check(question) {
            return Err(refused::unreachable(&error.to_string()));
        }
        let headers = headers(&self.alertmanager.credentials)?;
        let client = self.client.as_ref();
        let client = client.ok_or_else(|| refused::unreachable("nothing was made ready"))?;
        let sent = client.get(url).headers(headers).send().await;
        let mut response = sent.map_err(|error| unreachable(&place, error))?;
        let text = |name| {
            let value = response.headers().get(name)?;
            value.to_str().ok().map(str::to_owned)
        };
        let head = Head {
            status: response.status().as_u16(),
            content_type: text(CONTENT_TYPE).unwrap_or_default(),
            location: text(LOCATION),
            length: response.content_length(),
        };
        let skew_s = self.skew_s(text(DATE).as_deref().and_then(date_s));
        let limit = limit(&head)?;
        let announced = head.length.and_then(|length| usize::try_from(length).ok());
        let mut body = Vec::with_capacity(announced.unwrap_or(0).min(limit));
        while let Some(chunk) = response
            .chunk()
            .await
            .map_err(|error| unreachable(&place, error))?
        {
            if body.len() + chunk.len() > limit {
                if head.is_success() {
                    return Err(refused::too_long(limit));
                }
                break;
            }
            body.extend_from_slice(&chunk);
        }
        Ok((judged(&head, body.into(), false)?, skew_s))
    }

    async fn proxied(&self, path: &str) -> Result<(Bytes, Option<i64>), Problem> {
        // The API server's own trouble is told once; nobody adds to it.
        if self.cluster.gate.subscribe().borrow().is_failing {
            return Err(refused::unreachable("the API server does not answer"));
        }
        let answer = self.cluster.client().get(path, "application/json").await?;
        // The API server hands on the date that Alertmanager gave.
        let skew_s = self.skew_s(answer.date_s);
        let head = Head {
            status: answer.status.as_u16(),
            content_type: answer.content_type.clone(),
            location: answer.location.clone(),
            length: None,
        };
        if !head.is_success() {
            let said = request::refusal(answer).await.message;
            return Err(refused::refused(&head, &said, true));
        }
        let collected = Limited::new(answer.body, BODY_BYTES).collect().await;
        let body = collected.map_err(|error| {
            if error.is::<LengthLimitError>() {
                refused::too_long(BODY_BYTES)
            } else {
                refused::unreachable(&format!("the answer broke off: {error}"))
            }
        })?;
        Ok((judged(&head, body.to_bytes(), true)?, skew_s))
    }

    fn skew_s(&self, date_s: Option<i64>) -> Option<i64> {
        Some(date_s? - self.cluster.clock.now().wall.timestamp())
    }
}

fn client(alertmanager: &Alertmanager) -> Result<reqwest::Client, Problem> {
    let is_tls = matches!(&alertmanager.place, Place::Url(url) if url.starts_with("https"));
    let builder = reqwest::Client::builder()
        .redirect(reqwest::redirect::Policy::none())
        .retry(reqwest::retry::never())
        .connect_timeout(CONNECT)
        .user_agent(user_agent());
    let builder = match &alertmanager.ca_file {
        Some(path) => builder.tls_certs_only(authorities(path)?),
        // Without TLS nothing is to be trusted; a machine without certificates is no hindrance.
        None if !is_tls => builder.tls_certs_only([]),
        None => builder,
    };
    let built = builder.build();
    built.map_err(|error| refused::unreachable(&causes(&error)))
}

fn limit(head: &Head) -> Result<usize, Problem> {
    if !head.is_success() {
        return Ok(REFUSAL_BYTES);
    }
    match head.length {
        Some(length) if length > BODY_BYTES as u64 => Err(refused::too_long(BODY_BYTES)),
        Some(_) | None => Ok(BODY_BYTES),
    }
}

/// The body when it can be an answer.
fn judged(head: &Head, body: Bytes, is_proxied: bool) -> Result<Bytes, Problem> {
    if !head.is_success() {
        let text = String::from_utf8_lossy(&body);
        let line = text.trim().lines().next().unwrap_or_default();
        let is_page = head.content_type.starts_with("text/html") || line.starts_with('<');
        let said = if is_page { "a web page" } else { line };
        return Err(refused::refused(head, cut(said, SAID_BYTES), is_proxied));
    }
    let first = body.iter().find(|byte| !byte.is_ascii_whitespace());
    match first {
        Some(b'[' | b'{') => Ok(body),
        None => Err(refused::not_json("an empty answer")),
        Some(_) => {
            let kind = cut(&head.content_type, SAID_BYTES);
            let what = if head.content_type.starts_with("text/html") || first == Some(&b'<') {
                "answered with a web page, perhaps a login page".to_owned()
            } else {
                format!("answered with something that is not JSON ({kind})")
            };
            Err(refused::not_json(&what))
        }
    }
}

/// The certificate authorities of a file.
fn authorities(path: &Path) -> Result<Vec<reqwest::Certificate>, Problem> {
    let pem = secret(path, "ca-file")?;
    let parsed = reqwest::Certificate::from_pem_bundle(pem.as_bytes()).unwrap_or_default();
    if parsed.is_empty() {
        return Err(unusable(
            "ca-file",
            path,
            "holds no certificate in PEM form",
        ));
    }
    Ok(parsed)
}

/// What is sent with each question. Values are marked as secret: nothing that logs a request shows them.
fn headers(credentials: &Credentials) -> Result<HeaderMap, Problem> {
    let mut headers = HeaderMap::new();
    headers.insert(ACCEPT, HeaderValue::from_static("application/json"));
    if let Some(path) = &credentials.headers_file {
        for line in secret(path, "headers-file")?.lines().map(str::trim) {
            if line.is_empty() || line.starts_with('#') {
                continue;
            }
            let pair = line.split_once(':');
            let parsed = pair.and_then(|(name, value)| {
                Some((name.trim().parse::<HeaderName>().ok()?, value.trim()))
            });
            let (name, value) =
                parsed.ok_or_else(|| unusable("headers-file", path, "needs lines Name: value"))?;
            headers.insert(name, sensitive(value, "headers-file", path)?);
        }
    }
    if let Some(path) = &credentials.basic_file {
        let text = secret(path, "basic-file")?;
        let pair = text.trim_end_matches(['\r', '\n']);
        if !pair.contains(':') || pair.contains('\n') {
            return Err(unusable("basic-file", path, "needs one line user:password"));
        }
        let value = format!("Basic {}", BASE64.encode(pair));
        headers.insert(AUTHORIZATION, sensitive(&value, "basic-file", path)?);
    }
    if let Some(path) = &credentials.bearer_file {
        let text = secret(path, "bearer-file")?;
        let value = format!("Bearer {}", text.trim());
        headers.insert(AUTHORIZATION, sensitive(&value, "bearer-file", path)?);
    }
    Ok(headers)
}

fn sensitive(value: &str, name: &str, path: &Path) -> Result<HeaderValue, Problem> {
    let value = HeaderValue::from_str(value);
    let mut value = value.map_err(|_| unusable(name, path, "holds what no header may hold"))?;
    value.set_sensitive(true);
    Ok(value)
}

/// A small file. Its text is never part of a problem's words.
fn secret(path: &Path, name: &str) -> Result<String, Problem> {
    let mut text = String::new();
    let read = std::fs::File::open(path)
        .and_then(|file| file.take(SECRET_BYTES + 1).read_to_string(&mut text));
    match read {
        Ok(_) if text.len() as u64 > SECRET_BYTES => Err(unusable(name, path, "is too long")),
        Ok(_) if text.trim().is_empty() => Err(unusable(name, path, "is empty")),
        Ok(_) => Ok(text),
        Err(error) => Err(unusable(
            name,
            path,
            &format!("cannot be read: {}", error.kind()),
        )),
    }
}

fn unusable(name: &str, path: &Path, why: &str) -> Problem {
    problem(
        ProblemClass::Unauthorized,
        format!("Alertmanager: {name} {} {why}", path.display()),
        "put the file right: it is read again with each question",
    )
}

fn unreachable(place: &str, error: reqwest::Error) -> Problem {
    let error = error.without_url();
    let server = place.split_once("://").map_or(place, |(_, rest)| rest);
    let server = server.split('/').next().unwrap_or(server);
    let mut cause: Option<&dyn std::error::Error> = Some(&error);
    while let Some(at) = cause {
        let words = at
            .downcast_ref::<std::io::Error>()
            .and_then(|error| connection_words(error, server));
        if let Some(words) = words {
            return refused::unreachable(&words);
        }
        cause = at.source();
    }
    let words = if error.is_timeout() {
        format!("{server} does not answer")
    } else {
        causes(&error)
    };
    if words.contains("InvalidContentType") {
        refused::no_tls(server)
    } else if words.contains("certificate") {
        refused::distrusted(&words)
    } else {
        refused::unreachable(&words)
    }
}
