//! What may leave this machine: while read-only, an allow-list of (verb, path) and nothing else. The outermost layer of
//! the client: nothing that is built on the client can go around it.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use http::{HeaderMap, Method, header};

/// The only bodies that a read-only console sends: questions about ourselves.
const REVIEWS: [&str; 3] = [
    "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews",
    "/apis/authorization.k8s.io/v1/selfsubjectrulesreviews",
    "/apis/authentication.k8s.io/v1/selfsubjectreviews",
];

/// Subresources that act although they are asked for by GET: kube upgrades the connection.
const ACTING: [&str; 4] = ["exec", "attach", "portforward", "proxy"];

/// Below `/api/v2` of Alertmanager: what changes nothing there.
const ALERT_QUESTIONS: [&[&str]; 4] = [
    &["alerts"],
    &["alerts", "groups"],
    &["silences"],
    &["status"],
];

/// Counts what passes and what is refused.
#[derive(Debug)]
pub(crate) struct Guard {
    /// By flag: nothing can lift it.
    is_always_read_only: bool,
    is_read_only: AtomicBool,
    sent: AtomicU64,
    refused: AtomicU64,
}

/// The request was refused on this machine.
#[derive(Debug, thiserror::Error)]
#[error("read-only: {method} {path} was not sent")]
pub(crate) struct ReadOnly {
    method: Method,
    path: String,
}

impl Guard {
    pub(crate) fn new(is_always_read_only: bool) -> Guard {
        Guard {
            is_always_read_only,
            is_read_only: AtomicBool::new(is_always_read_only),
            sent: AtomicU64::new(0),
            refused: AtomicU64::new(0),
        }
    }

    /// Refuses, or no longer refuses, what is not a read. A console started read-only stays so.
    pub(crate) fn set_read_only(&self, is_read_only: bool) {
        self.is_read_only
            .store(is_read_only || self.is_always_read_only, Ordering::SeqCst);
    }

    /// Lets the request through, or not.
    pub(crate) fn check<B>(&self, request: http::Request<B>) -> Result<http::Request<B>, ReadOnly> {
        let path = request.uri().path();
        if self.is_read_only.load(Ordering::SeqCst)
            && !is_read(request.method(), path, request.headers())
        {
            self.refused.fetch_add(1, Ordering::Relaxed);
            return Err(ReadOnly {
                method: request.method().clone(),
                path: path.to_owned(),
            });
        }
        self.sent.fetch_add(1, Ordering::Relaxed);
        Ok(request)
    }

    /// Requests that went out.
    pub(crate) fn sent(&self) -> u64 {
        self.sent.load(Ordering::Relaxed)
    }

    /// Requests that were refused here.
    pub(crate) fn refused(&self) -> u64 {
        self.refused.load(Ordering::Relaxed)
    }
}

/// Nothing but a read: changes nothing on the server, in a container or on a node.
pub(crate) fn is_read(method: &Method, path: &str, headers: &HeaderMap) -> bool {
    let is_plain = path.starts_with('/')
        && !path.contains("//")
        && !path.contains("..")
        && !path.contains('%');
    if *method == Method::POST {
        return REVIEWS.contains(&path);
    }
    let is_get = *method == Method::GET || *method == Method::HEAD;
    is_get
        && is_plain
        && !headers.contains_key(header::UPGRADE)
        && (!path.split('/').skip(1).any(|part| ACTING.contains(&part)) || is_alerts(path))
}

/// What Alertmanager knows, through the service proxy: its read calls and no other path of any service.
fn is_alerts(path: &str) -> bool {
    let parts: Vec<&str> = path.split('/').collect();
    let [
        "",
        "api",
        "v1",
        "namespaces",
        _,
        "services",
        _,
        "proxy",
        behind @ ..,
    ] = &parts[..]
    else {
        return false;
    };
    let Some(at) = behind.windows(2).position(|pair| pair == ["api", "v2"]) else {
        return false;
    };
    let is_prefix_plain = behind[..at].iter().all(|part| !ACTING.contains(part));
    let question = &behind[at + 2..];
    is_prefix_plain && ALERT_QUESTIONS.contains(&question)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(method: &str, path: &str) -> bool {
        is_read(&method.parse().unwrap_or_default(), path, &HeaderMap::new())
    }

    #[test]
    fn reads_and_reviews_of_ourselves_pass() {
        for path in [
            "/api/v1/pods",
            "/apis/apps/v1/namespaces/shop/deployments",
            "/api/v1/namespaces/shop/pods/x/log",
            "/version",
        ] {
            assert!(read("GET", path), "{path}");
        }
        for path in REVIEWS {
            assert!(read("POST", path), "{path}");
        }
    }

    #[test]
    fn writes_upgrades_and_other_reviews_do_not_pass() {
        for method in ["POST", "PUT", "PATCH", "DELETE", "CONNECT", "OPTIONS"] {
            assert!(!read(method, "/api/v1/namespaces/shop/pods/x"), "{method}");
        }
        for part in ["exec", "attach", "portforward", "proxy", "proxy/shutdown"] {
            assert!(
                !read("GET", &format!("/api/v1/namespaces/shop/pods/x/{part}")),
                "{part}"
            );
        }
        assert!(!read(
            "POST",
            "/apis/authorization.k8s.io/v1/subjectaccessreviews"
        ));
        assert!(!read("GET", "/api/v1/namespaces/shop/pods/x/%65xec"));
        assert!(!read("GET", "/api/v1/namespaces/shop/pods/x/log/../exec"));
        let upgrade =
            HeaderMap::from_iter([(header::UPGRADE, http::HeaderValue::from_static("websocket"))]);
        assert!(!is_read(
            &Method::GET,
            "/api/v1/namespaces/shop/pods/x",
            &upgrade
        ));
    }

    #[test]
    fn alerts_pass_through_the_service_proxy_and_nothing_else_does() {
        let base = "/api/v1/namespaces/monitoring/services/alertmanager:9093/proxy";
        for question in [
            "/api/v2/alerts/groups",
            "/api/v2/silences",
            "/api/v2/status",
            "/alertmanager/api/v2/status",
        ] {
            assert!(read("GET", &format!("{base}{question}")), "{question}");
            for method in ["POST", "PUT", "PATCH", "DELETE", "CONNECT", "OPTIONS"] {
                let path = format!("{base}{question}");
                assert!(!read(method, &path), "{method} {question}");
            }
        }
        for other in [
            "",
            "/",
            "/-/reload",
            "/api/v2/silence/1",
            "/api/v2/status/exec",
            "/exec/api/v2/status",
        ] {
            assert!(!read("GET", &format!("{base}{other}")), "{other}");
        }
        let pod = "/api/v1/namespaces/monitoring/pods/alertmanager:9093/proxy/api/v2/status";
        assert!(!read("GET", pod));
    }

    #[test]
    fn a_console_started_read_only_cannot_be_armed() {
        let guard = Guard::new(true);
        guard.set_read_only(false);
        let delete = http::Request::delete("/api/v1/namespaces/shop/pods/x")
            .body(())
            .unwrap_or_default();
        assert!(guard.check(delete).is_err());
        assert_eq!((guard.sent(), guard.refused()), (0, 1));
    }
}
