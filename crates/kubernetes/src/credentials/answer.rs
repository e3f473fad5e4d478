//! What a credential plugin prints: an `ExecCredential` of `client.authentication.k8s.io`.

use chrono::{DateTime, Utc};
use serde::Deserialize;

use crate::kubeconfig::fields::header_text;

/// Credentials of a plugin. Not shown by `Debug`: they are secrets.
#[derive(Default)]
pub(super) struct Answer {
    pub(super) token: Option<String>,
    /// Certificate and key, PEM.
    pub(super) certificate: Option<(String, String)>,
    pub(super) until: Option<DateTime<Utc>>,
}

impl std::fmt::Debug for Answer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Answer")
            .field("until", &self.until)
            .finish_non_exhaustive()
    }
}

#[derive(Deserialize)]
struct ExecCredential {
    status: Option<Status>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Status {
    expiration_timestamp: Option<String>,
    token: Option<String>,
    client_certificate_data: Option<String>,
    client_key_data: Option<String>,
}

impl Answer {
    /// Reads what was printed; the error says what is wrong with it and quotes nothing: there may be a secret in it.
    pub(super) fn read(printed: &[u8]) -> Result<Answer, String> {
        if printed.iter().all(u8::is_ascii_whitespace) {
            return Err("printed no credentials".to_owned());
        }
        // client-go reads JSON and YAML alike.
        let credential: ExecCredential = serde_saphyr::from_slice(printed)
            .map_err(|_| "printed something that is no ExecCredential".to_owned())?;
        let status = credential
            .status
            .ok_or("printed an ExecCredential without a status")?;
        let filled = |text: Option<String>| text.filter(|text| !text.trim().is_empty());
        let token = filled(status.token)
            .map(|token| header_text(&token))
            .transpose()
            .map_err(|why| format!("printed a token that {why}"))?;
        let certificate = match (
            filled(status.client_certificate_data),
            filled(status.client_key_data),
        ) {
            (Some(certificate), Some(key)) => Some((certificate, key)),
            (None, None) => None,
            (Some(_), None) => return Err("printed a certificate without its key".to_owned()),
            (None, Some(_)) => return Err("printed a key without its certificate".to_owned()),
        };
        if token.is_none() && certificate.is_none() {
            return Err("printed neither a token nor a certificate".to_owned());
        }
        let until = filled(status.expiration_timestamp)
            .map(|text| DateTime::parse_from_rfc3339(text.trim()))
            .transpose()
            .map_err(|_| "printed an expirationTimestamp that is no time".to_owned())?;
        Ok(Answer {
            token,
            certificate,
            until: until.map(|until| until.to_utc()),
        })
    }
}
