//! The address of a document on a web site as paths below the folders of documents.

/// An address that begins with `from` is the path `to` with what is left of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UrlRewrite {
    pub from: String,
    /// Below a folder; empty for the folder itself.
    pub to: String,
}

/// What an address may stand for.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct ReadAddress<'a> {
    /// By the rules, the longest prefix first, or the address itself when it is a path.
    pub paths: Vec<String>,
    /// The name that the address of a web site ends with.
    pub end: Option<String>,
    pub anchor: Option<&'a str>,
}

/// Endings of documents, on the disk and on a web site.
const ENDINGS: [&str; 4] = [".md", ".markdown", ".html", ".htm"];

/// The document of a folder itself.
const OF_FOLDER: [&str; 3] = ["readme", "index", "_index"];

pub(super) fn read<'a>(address: &'a str, rewrites: &[UrlRewrite]) -> ReadAddress<'a> {
    let (whole, anchor) = match address.trim().split_once('#') {
        Some((whole, anchor)) => (whole, Some(anchor).filter(|anchor| !anchor.is_empty())),
        None => (address.trim(), None),
    };
    let whole = whole.split('?').next().unwrap_or(whole);
    let Some((_, behind_scheme)) = whole.split_once("://") else {
        return ReadAddress {
            paths: vec![whole.to_owned()],
            end: None,
            anchor,
        };
    };
    let mut fitting: Vec<(&UrlRewrite, &str)> = rewrites
        .iter()
        .filter_map(|rewrite| Some((rewrite, rest_of(whole, &rewrite.from)?)))
        .collect();
    fitting.sort_by_key(|(rewrite, _)| std::cmp::Reverse(rewrite.from.len()));
    let paths = fitting.iter().map(|(rewrite, rest)| {
        let parts = [rewrite.to.trim_matches('/'), rest.trim_matches('/')];
        let parts: Vec<&str> = parts.into_iter().filter(|part| !part.is_empty()).collect();
        parts.join("/")
    });
    ReadAddress {
        paths: paths.collect(),
        end: behind_scheme
            .split_once('/')
            .and_then(|(_, path)| document_name(path)),
        anchor,
    }
}

/// What follows a prefix that ends between two parts of a path.
fn rest_of<'a>(address: &'a str, prefix: &str) -> Option<&'a str> {
    let rest = address.strip_prefix(prefix)?;
    let is_between = prefix.ends_with('/') || rest.is_empty() || rest.starts_with('/');
    (is_between && !prefix.is_empty()).then_some(rest)
}

/// The parts of a path below a folder. None leads out of it.
fn parts(path: &str) -> Option<Vec<String>> {
    let mut parts: Vec<String> = Vec::new();
    for part in path.split('/') {
        let part = percent_decoded(part);
        match part.as_str() {
            "" | "." => {}
            ".." => {
                parts.pop()?;
            }
            _ => parts.push(part),
        }
    }
    Some(parts)
}

/// Equal for every way of writing the path of one document: `Db/README.md`, `db/` and `db.html`.
pub(super) fn document_key(path: &str) -> Option<Vec<String>> {
    let mut parts: Vec<String> = parts(path)?
        .iter()
        .map(|part| part.to_lowercase())
        .collect();
    let last = parts.pop()?;
    let stem = without_ending(&last);
    if parts.is_empty() || !OF_FOLDER.contains(&stem) {
        parts.push(stem.to_owned());
    }
    Some(parts)
}

/// The name of a document: of its file without the ending, or of its folder when the file is that of the folder.
pub(super) fn document_name(path: &str) -> Option<String> {
    let mut parts = parts(path)?;
    let last = parts.pop()?;
    let stem = without_ending(&last);
    if OF_FOLDER.contains(&stem.to_lowercase().as_str()) && !parts.is_empty() {
        return parts.pop();
    }
    Some(stem.to_owned())
}

fn without_ending(name: &str) -> &str {
    let stem = ENDINGS.iter().find_map(|ending| {
        let at = name.len().checked_sub(ending.len()).filter(|at| *at > 0)?;
        let end = name.get(at..)?;
        end.eq_ignore_ascii_case(ending).then(|| &name[..at])
    });
    stem.unwrap_or(name)
}

/// `%20` and its kind as what they stand for (RFC 3986, section 2.1).
pub fn percent_decoded(part: &str) -> String {
    if !part.contains('%') {
        return part.to_owned();
    }
    let bytes = part.as_bytes();
    let digit = |at: usize| {
        bytes
            .get(at)
            .and_then(|byte| char::from(*byte).to_digit(16))
    };
    let mut decoded = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while let Some(&byte) = bytes.get(at) {
        match (digit(at + 1), digit(at + 2)) {
            (Some(high), Some(low)) if byte == b'%' => {
                decoded.extend(u8::try_from(high * 16 + low));
                at += 3;
            }
            _ => {
                decoded.push(byte);
                at += 1;
            }
        }
    }
    String::from_utf8_lossy(&decoded).into_owned()
}
