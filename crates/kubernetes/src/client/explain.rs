//! Why there was no answer, in words.

use std::error::Error;
use std::io;

use kube::Config;

use crate::guard::ReadOnly;
use crate::kubeconfig::host_and_port;
use crate::problem::{causes, problem, unreachable};
use model::cluster::{Problem, ProblemClass};

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
/// What a connector says that got no further than the proxy.
const PROXY_NOISE: [&str; 3] = [
    "tunnel error: failed to create underlying connection: ",
    "tunnel error: ",
    "SOCKS error: ",
];

/// How a server is reached, for the words of a failure.
#[derive(Clone, Debug)]
pub(super) struct Route {
    /// Host and port.
    server: String,
    /// Scheme, host and port of the proxy before it.
    proxy: Option<String>,
}

impl Route {
    pub(super) fn of(config: &Config) -> Route {
        Route {
            server: host_and_port(&config.cluster_url),
            proxy: config.proxy_url.as_ref().map(|proxy| {
                format!(
                    "{}://{}",
                    proxy.scheme_str().unwrap_or("http"),
                    host_and_port(proxy)
                )
            }),
        }
    }

    pub(super) fn whole(&self) -> String {
        match &self.proxy {
            Some(proxy) => format!("{} (through the proxy {proxy})", self.server),
            None => self.server.clone(),
        }
    }
}

/// The client can never answer again: a task of it has ended.
pub(super) fn is_broken(error: &kube::Error) -> bool {
    error_of::<tower::buffer::error::Closed>(error).is_some()
        || error_of::<tower::buffer::error::ServiceError>(error).is_some()
}

pub(super) fn explain(error: &kube::Error, route: &Route) -> Problem {
    let mut words = causes(error);
    for noise in NOISE {
        words = without(&words, noise);
    }
    // The server is not reached before there is a connection: what fails then is the proxy.
    let is_by_proxy = error_of::<hyper_util::client::legacy::Error>(error)
        .is_some_and(hyper_util::client::legacy::Error::is_connect);
    let proxy = route.proxy.as_deref().filter(|_| is_by_proxy);
    let place = proxy.map_or(route.server.clone(), |proxy| format!("the proxy {proxy}"));
    if let Some(refused) = error_of::<ReadOnly>(error) {
        return problem(
            ProblemClass::Refused,
            refused.to_string(),
            "this console is read-only",
        );
    }
    let mut cause: Option<&dyn Error> = Some(error);
    while let Some(at) = cause {
        if let Some(words) = at
            .downcast_ref::<io::Error>()
            .and_then(|error| connection_words(error, &place))
        {
            tracing::debug!(%error, "no connection");
            return lost(words, proxy);
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
    for noise in PROXY_NOISE {
        words = without(&words, noise);
    }
    lost(format!("{place}: {words}"), proxy)
}

fn lost(words: String, proxy: Option<&str>) -> Problem {
    match proxy {
        None => unreachable(words),
        Some(_) => problem(
            ProblemClass::Unreachable,
            words,
            "is the proxy up? It is proxy-url of the cluster in the kubeconfig, else HTTPS_PROXY; tried again by itself",
        ),
    }
}

fn without(words: &str, noise: &str) -> String {
    words.strip_prefix(noise).unwrap_or(words).to_owned()
}

fn error_of<E: Error + 'static>(error: &kube::Error) -> Option<&E> {
    let mut cause: Option<&(dyn Error + 'static)> = Some(error);
    while let Some(at) = cause {
        if let Some(found) = at.downcast_ref() {
            return Some(found);
        }
        cause = at.source();
    }
    None
}
