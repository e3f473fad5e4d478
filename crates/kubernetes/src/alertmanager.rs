//! Where Alertmanager is asked and with what credentials: of every context, or of one. Secrets stand in files that are
//! named here, never in the configuration, a variable or a flag.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::time::Duration;

/// Between two questions, unless it is configured.
pub const INTERVAL: Duration = Duration::from_secs(10);
/// Longest time for one answer, unless it is configured.
pub const TIMEOUT: Duration = Duration::from_secs(10);
/// Nobody is asked more often: a console never makes an outage worse.
pub const INTERVAL_MIN: Duration = Duration::from_secs(2);
/// Longest interval and timeout: alerts that are older are no alerts.
pub const TIME_MAX: Duration = Duration::from_secs(300);

/// The Alertmanagers of all contexts.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Alertmanagers {
    /// By flag: asked whatever the context.
    pub flag: Option<Alertmanager>,
    /// Of every context that has none of its own.
    pub every: Option<Alertmanager>,
    /// Of single contexts.
    pub contexts: BTreeMap<String, Alertmanager>,
    /// What is wrong with the configuration, where nothing may be asked because of it.
    pub fault: Option<String>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Alertmanager {
    /// Where it is.
    pub place: Place,
    /// Who we are to it.
    pub credentials: Credentials,
    /// The only certificate authorities to trust (PEM); `None` for the system's.
    pub ca_file: Option<PathBuf>,
    /// Between two questions.
    pub interval: Duration,
    /// Longest time for one answer.
    pub timeout: Duration,
}

/// Where an Alertmanager is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Place {
    /// At this URL, without a slash at its end.
    Url(String),
    /// Behind the API server's service proxy.
    Service {
        /// Namespace of the Service.
        namespace: String,
        /// `name:port`, or `https:name:port`.
        name_and_port: String,
        /// `--web.route-prefix`, with the slash before it alone; empty without one.
        prefix: String,
    },
}

/// Who we are to an Alertmanager. Each file is read anew for each question: tokens are renewed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Credentials {
    /// A file with `user:password`.
    pub basic_file: Option<PathBuf>,
    /// A file with a bearer token.
    pub bearer_file: Option<PathBuf>,
    /// A file with lines `Name: value`.
    pub headers_file: Option<PathBuf>,
}

impl Alertmanagers {
    /// The one of this context.
    pub fn of(&self, context: &str) -> Option<&Alertmanager> {
        let own = || self.contexts.get(context);
        self.flag.as_ref().or_else(own).or(self.every.as_ref())
    }
}

impl Alertmanager {
    /// Without credentials, asked as often as usual.
    pub fn at(place: Place) -> Alertmanager {
        Alertmanager {
            place,
            credentials: Credentials::default(),
            ca_file: None,
            interval: INTERVAL,
            timeout: TIMEOUT,
        }
    }
}

impl Credentials {
    pub fn is_none(&self) -> bool {
        self.basic_file.is_none() && self.bearer_file.is_none() && self.headers_file.is_none()
    }
}

impl Place {
    /// A URL when there is a scheme in it, else a Service.
    pub fn parse(text: &str) -> Result<Place, String> {
        if text.contains("://") {
            Place::url(text)
        } else {
            Place::service(text)
        }
    }

    /// `http://host:port`, with a path where Alertmanager has a route prefix.
    pub fn url(text: &str) -> Result<Place, String> {
        let rest = text
            .strip_prefix("https://")
            .or_else(|| text.strip_prefix("http://"))
            .ok_or("must begin with http:// or https://")?;
        let authority = rest.split('/').next().unwrap_or_default();
        if authority.contains('@') {
            // Not quoted: it holds a password.
            return Err("must not hold a user or password: write user:password into a file, and name that in basic-file".to_owned());
        }
        let is_plain = text.bytes().all(|byte| byte.is_ascii_graphic());
        if authority.is_empty() || !is_plain || text.contains(['?', '#']) {
            return Err(
                "must be an address such as \"https://alertmanager.example:9093\"".to_owned(),
            );
        }
        let base = text.trim_end_matches('/');
        // What the browser shows, and what the API's own documentation names.
        let base = base.strip_suffix("/api/v2").unwrap_or(base);
        Ok(Place::Url(base.to_owned()))
    }

    /// `namespace/name:port`, with `https:` before the name when it speaks TLS, and `/prefix` behind it for a route prefix.
    pub fn service(text: &str) -> Result<Place, String> {
        let example =
            || "must be \"namespace/name:port\", such as \"monitoring/alertmanager:9093\"";
        let (namespace, rest) = text.split_once('/').ok_or_else(example)?;
        let (name_and_port, prefix) = rest.split_once('/').unwrap_or((rest, ""));
        let prefix = prefix.trim_end_matches('/');
        let bare = name_and_port
            .strip_prefix("https:")
            .unwrap_or(name_and_port);
        let (name, port) = bare.split_once(':').ok_or_else(example)?;
        let is_word = |text: &str| {
            let fits = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-';
            !text.is_empty() && text.bytes().all(fits)
        };
        let is_segment = |text: &str| {
            let fits = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte);
            !text.is_empty() && text.bytes().all(fits) && !text.contains("..")
        };
        let has_plain_prefix = prefix.is_empty() || prefix.split('/').all(is_segment);
        let slash = if prefix.is_empty() { "" } else { "/" };
        let prefix = format!("{slash}{prefix}");
        if [namespace, name, port].into_iter().all(is_word) && has_plain_prefix {
            Ok(Place::Service {
                namespace: namespace.to_owned(),
                name_and_port: name_and_port.to_owned(),
                prefix,
            })
        } else {
            Err(example().to_owned())
        }
    }

    /// The path of this question: Alertmanager's own, or the API server's to it.
    pub fn path(&self, question: &str) -> String {
        match self {
            Place::Url(_) => question.to_owned(),
            Place::Service {
                namespace,
                name_and_port,
                prefix,
            } => format!(
                "/api/v1/namespaces/{namespace}/services/{name_and_port}/proxy{prefix}{question}"
            ),
        }
    }

    /// In words, for the screen.
    pub fn words(&self) -> String {
        match self {
            Place::Url(url) => url.clone(),
            Place::Service {
                namespace,
                name_and_port,
                prefix,
            } => format!("{namespace}/{name_and_port}{prefix} through the API server"),
        }
    }
}
