//! Which values may be filled in. No value can leave its word, look like a flag, or mean something to a shell, to SQL or to JSON.

use std::fmt;

use super::PlaceholderKind;

/// Longest name of an object: <https://kubernetes.io/docs/concepts/overview/working-with-objects/names/>.
const SUBDOMAIN_BYTES_MAX: usize = 253;

/// Longest label of a name: RFC 1123.
const LABEL_BYTES_MAX: usize = 63;

/// Longest other value: longer than any URL of a runbook.
const VALUE_BYTES_MAX: usize = 2048;

/// Why a value is not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ValueFault {
    Empty,
    TooLong,
    LeadingHyphen,
    /// It holds a character that this kind of value cannot have.
    Character(char),
    NotALabel,
    NotAName,
    NotANumber,
    NotAUrl,
    /// A secret may hold any character; here another program would read it as its own language.
    SecretInScript,
}

impl fmt::Display for ValueFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            ValueFault::Empty => f.write_str("is empty"),
            ValueFault::TooLong => f.write_str("is too long"),
            ValueFault::LeadingHyphen => f.write_str("begins with a hyphen, as a flag does"),
            ValueFault::Character(one) => write!(f, "holds {one:?}"),
            ValueFault::NotALabel => {
                f.write_str("is no name of a namespace or a container: a-z, 0-9 and -, at most 63")
            }
            ValueFault::NotAName => {
                f.write_str("is no name of an object: a-z, 0-9, - and ., at most 253")
            }
            ValueFault::NotANumber => f.write_str("is no number"),
            ValueFault::NotAUrl => {
                f.write_str("is no address that begins with http:// or https://")
            }
            ValueFault::SecretInScript => {
                f.write_str("holds characters that would be read as part of a script")
            }
        }
    }
}

impl PlaceholderKind {
    /// Is `value` one of this kind? `is_read_again` when the word is read by another interpreter, as in `sh -c`.
    pub fn check(self, value: &str, is_read_again: bool) -> Result<(), ValueFault> {
        if value.is_empty() {
            return Err(ValueFault::Empty);
        }
        if value.starts_with('-') {
            return Err(ValueFault::LeadingHyphen);
        }
        if value.len() > VALUE_BYTES_MAX {
            return Err(ValueFault::TooLong);
        }
        match self {
            PlaceholderKind::Namespace | PlaceholderKind::Container => label(value),
            PlaceholderKind::Pod
            | PlaceholderKind::Deployment
            | PlaceholderKind::StatefulSet
            | PlaceholderKind::DaemonSet
            | PlaceholderKind::Service
            | PlaceholderKind::Node => name(value),
            PlaceholderKind::Number => number(value),
            PlaceholderKind::Url => url(value),
            PlaceholderKind::Secret if !is_read_again => printable(value),
            PlaceholderKind::Secret => plain(value).map_err(|_| ValueFault::SecretInScript),
            PlaceholderKind::Object
            | PlaceholderKind::Context
            | PlaceholderKind::Version
            | PlaceholderKind::Free => plain(value).and_then(|()| {
                // Before a command `NAME=value` would set a variable of it.
                let assigns = is_read_again && value.contains('=');
                if assigns {
                    Err(ValueFault::Character('='))
                } else {
                    Ok(())
                }
            }),
            PlaceholderKind::Host => host(value),
        }
    }
}

fn is_label_byte(one: u8) -> bool {
    one.is_ascii_lowercase() || one.is_ascii_digit() || one == b'-'
}

fn label(value: &str) -> Result<(), ValueFault> {
    let holds = value.bytes().all(is_label_byte);
    let is_right = holds && !value.ends_with('-') && value.len() <= LABEL_BYTES_MAX;
    is_right.then_some(()).ok_or(ValueFault::NotALabel)
}

fn name(value: &str) -> Result<(), ValueFault> {
    let is_part = |part: &str| {
        !part.is_empty()
            && !part.starts_with('-')
            && !part.ends_with('-')
            && part.bytes().all(is_label_byte)
    };
    let is_right = value.len() <= SUBDOMAIN_BYTES_MAX && value.split('.').all(is_part);
    is_right.then_some(()).ok_or(ValueFault::NotAName)
}

fn number(value: &str) -> Result<(), ValueFault> {
    let is_right = value.bytes().all(|one| one.is_ascii_digit()) && value.len() <= 19;
    is_right.then_some(()).ok_or(ValueFault::NotANumber)
}

fn url(value: &str) -> Result<(), ValueFault> {
    let has_scheme = value.starts_with("http://") || value.starts_with("https://");
    if !has_scheme {
        // An endpoint without its scheme is written as often.
        return plain(value).map_err(|_| ValueFault::NotAUrl);
    }
    let wrong = |one: &char| !(one.is_ascii_alphanumeric() || "-._~:/@%+=,[]".contains(*one));
    match value.chars().find(wrong) {
        Some(one) => Err(ValueFault::Character(one)),
        None => Ok(()),
    }
}

/// A name or an address, perhaps with a port: nothing that would make another host of an address around it.
fn host(value: &str) -> Result<(), ValueFault> {
    let wrong = |one: &char| !(one.is_ascii_alphanumeric() || "-._:".contains(*one));
    match value.chars().find(wrong) {
        Some(one) => Err(ValueFault::Character(one)),
        None => Ok(()),
    }
}

/// Characters that mean nothing to a shell, to SQL, to JSON and to a regular expression beyond themselves.
fn plain(value: &str) -> Result<(), ValueFault> {
    let wrong = |one: &char| !(one.is_ascii_alphanumeric() || "-._:/@%+=,".contains(*one));
    match value.chars().find(wrong) {
        Some(one) => Err(ValueFault::Character(one)),
        None => Ok(()),
    }
}

fn printable(value: &str) -> Result<(), ValueFault> {
    match value.chars().find(|one| !one.is_ascii_graphic()) {
        Some(one) => Err(ValueFault::Character(one)),
        None => Ok(()),
    }
}
