//! The credentials of one user: where they come from, and until when they hold. A credential plugin and a token file are
//! asked here and nowhere else; what they answer goes into the [`Config`] as a token or a certificate, so that kube itself
//! never starts a program and never reads a token.

mod answer;
mod plugin;
#[cfg(test)]
mod tests;

use std::path::{Path, PathBuf};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use chrono::{DateTime, TimeDelta, Utc};
use kube::Config;

use super::kubeconfig::{Entry, fields::header_text};
use super::problem::problem;
use answer::Answer;
use model::cluster::{Problem, ProblemClass};
use plugin::Plugin;

/// A token file is read again after this long: client-go's, and what projected tokens are made for.
const TOKEN_FILE_S: i64 = 60;

/// Whether a plugin may ask the person who sits here.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Talk {
    /// The terminal is the plugin's: it may ask.
    Terminal,
    /// The screen is ours: the plugin has no terminal and nothing to read.
    Nobody,
}

/// Where the credentials of a user come from.
#[derive(Clone, Debug)]
pub(crate) enum Credentials {
    /// From the kubeconfig itself, or there are none.
    Fixed,
    /// From a file that somebody else renews.
    TokenFile {
        /// Where it is.
        path: PathBuf,
        /// Whose it is, for words.
        user: String,
    },
    /// From a program.
    Plugin(Box<Plugin>),
}

/// A configuration with credentials in it.
pub(crate) struct Signed {
    pub(crate) config: Config,
    /// The token that was asked for; the same one needs no new client.
    pub(crate) token: Option<String>,
    /// When to ask for new ones; without a time they hold until the server refuses them.
    pub(crate) until: Option<DateTime<Utc>>,
}

impl Credentials {
    /// Takes from the entry what kube would run or read by itself.
    pub(crate) fn take(entry: &mut Entry) -> Credentials {
        let user = entry.user.clone().unwrap_or_default();
        let auth_info = &mut entry.config.auth_info;
        let (exec, token_file) = (auth_info.exec.take(), auth_info.token_file.take());
        let is_basic = auth_info.username.is_some() && auth_info.password.is_some();
        if auth_info.auth_provider.is_some() || is_basic {
            return Credentials::Fixed;
        }
        // As client-go has it: a token file comes before a token, and a token before a plugin.
        match (token_file, exec) {
            (Some(path), _) => Credentials::TokenFile {
                path: path.into(),
                user,
            },
            (None, Some(exec)) if auth_info.token.is_none() => {
                Credentials::Plugin(Box::new(Plugin::new(exec, &entry.context)))
            }
            (None, _) => Credentials::Fixed,
        }
    }

    /// What one waits for while they are asked for; nothing when that takes no time.
    pub(crate) fn wait(&self) -> Option<String> {
        match self {
            Credentials::Plugin(plugin) => Some(plugin.wait()),
            Credentials::Fixed | Credentials::TokenFile { .. } => None,
        }
    }

    /// Asks for credentials, once.
    pub(crate) async fn ask(
        &self,
        config: &Config,
        talk: Talk,
        now: DateTime<Utc>,
    ) -> Result<Signed, Problem> {
        let answer = match self {
            Credentials::Fixed => Answer::default(),
            Credentials::TokenFile { path, user } => Answer {
                token: match token_of(path, user) {
                    Ok(token) => Some(token),
                    // The token that stands beside it holds until there is a file.
                    Err(_) if config.auth_info.token.is_some() => None,
                    Err(problem) => return Err(problem),
                },
                until: Some(now + TimeDelta::seconds(TOKEN_FILE_S)),
                ..Answer::default()
            },
            Credentials::Plugin(plugin) => Box::pin(plugin.run(talk)).await?,
        };
        Ok(signed(config.clone(), answer))
    }

    /// Without an answer the credentials of before go on: a token file may be gone for a moment, or for good
    /// (<https://github.com/kubernetes/kubernetes/issues/68164>).
    pub(crate) fn outlive_a_failure(&self) -> bool {
        matches!(self, Credentials::TokenFile { .. })
    }
}

fn signed(mut config: Config, answer: Answer) -> Signed {
    let auth_info = &mut config.auth_info;
    if let Some(token) = answer.token.clone() {
        auth_info.token = Some(token.into());
    }
    if let Some((certificate, key)) = answer.certificate {
        (auth_info.client_certificate, auth_info.client_key) = (None, None);
        auth_info.client_certificate_data = Some(BASE64.encode(certificate));
        auth_info.client_key_data = Some(BASE64.encode(key).into());
    }
    Signed {
        config,
        token: answer.token,
        until: answer.until,
    }
}

fn token_of(path: &Path, user: &str) -> Result<String, Problem> {
    let refused = |why: String| {
        problem(
            ProblemClass::Unauthorized,
            format!("user `{user}`: the tokenFile {} {why}", path.display()),
            "renew the file, then log in again (action login)",
        )
    };
    let text = std::fs::read_to_string(path)
        .map_err(|error| refused(format!("cannot be read: {error}")))?;
    header_text(&text).map_err(|why| refused(why.to_owned()))
}
