//! Words that stand for a value although no sign marks them, and the texts in brackets and braces that do.

use std::ops::Range;

use super::PlaceholderStyle;
use super::kind::is_version;
use crate::is_listed;

/// Nouns in capitals that a reader replaces: `HOST`, `BACKUP_ID`.
const CAPITALS: &str = "ACCOUNT ADDRESS BACKUP BRANCH BUCKET CHART CLUSTER COMMIT CONTAINER CONTEXT COUNT DATABASE DATABASENAME DATE DB \
    DBNAME DEPLOYMENT DEVICE DISK DOMAIN EMAIL FILE FILENAME GROUP HOST HOSTNAME ID IMAGE INDEX INSTANCE IP JOB KEY \
    NAME NAMESPACE NODE NODENAME NS NUMBER PASSWORD PATH PID POD PODNAME PORT PROJECT PV PVC QUEUE REGION RELEASE \
    REPLICAS RESOURCE REVISION ROLE SECRET SERVER SERVICE SERVICENAME SHA SHARD SOURCE STATEFULSET TABLE TAG TARGET \
    TIMESTAMP TOKEN TOPIC URL USER USERNAME UUID VERSION VM VOLUME ZONE";

/// What comes last in a stand-in: `service-name`, `database-host`, `sma-backend-pod`.
const LAST_PARTS: &str = "here host hostname id ip name pod";

/// What a stand-in that begins with `my` or `example` ends with.
const OWN_PARTS: &str = "app cluster configmap container context cronjob database db deployment host ingress job namespace node ns pod \
    project pvc release secret service statefulset svc";

/// Whole words, as far as no hyphen tells.
const WORDS: &str = "changeme container_name containername database_name db_name dbname deployment_name filename namespace_name \
    node_name nodename pod_name podname replaceme service_name servicename";

/// Is this word, between separators, a stand-in?
pub(super) fn is_stand_in(word: &str) -> bool {
    if word.len() < 2 || word.len() > 60 {
        return false;
    }
    let lower = word.to_ascii_lowercase();
    if is_version(word) || matches!(lower.as_str(), "x.x.x.x" | "10.0.0.x" | "a.b.c.d") {
        return true;
    }
    let is_filler =
        lower.contains("xxx") && !lower.contains("xxx_") || is_listed(WORDS, lower.as_str());
    if is_filler || is_named_file(&lower) {
        return true;
    }
    let characters = |one: char| one.is_ascii_alphanumeric() || one == '-' || one == '_';
    if !word.chars().all(characters) || word.starts_with(|one: char| one.is_ascii_digit()) {
        return false;
    }
    if word.chars().all(|one| !one.is_ascii_lowercase()) {
        return is_capital(word);
    }
    if word.chars().any(|one| one.is_ascii_uppercase()) {
        return lower.starts_with("your-") || lower.starts_with("your_");
    }
    let parts: Vec<&str> = word.split(['-', '_']).collect();
    let (Some(first), Some(last)) = (parts.first(), parts.last()) else {
        return false;
    };
    if parts.len() < 2 {
        return false;
    }
    match *first {
        "your" => true,
        "my" | "example" | "some" | "sample" => {
            is_listed(OWN_PARTS, last) || is_listed(LAST_PARTS, last)
        }
        _ => is_listed(LAST_PARTS, last) && word.contains('-'),
    }
}

fn is_capital(word: &str) -> bool {
    let parts: Vec<&str> = word.split(['_', '-']).collect();
    let is_own = matches!(parts.first(), Some(&"YOUR" | &"MY")) || parts.last() == Some(&"HERE");
    let has_letters = word.chars().any(|one| one.is_ascii_uppercase());
    let named = |part: &&str| is_listed(CAPITALS, part);
    has_letters && (is_own && parts.len() > 1 || parts.iter().any(named))
}

/// `filename.sql.gz`
fn is_named_file(lower: &str) -> bool {
    let (stem, extension) = lower.split_once('.').unwrap_or((lower, ""));
    !extension.is_empty()
        && matches!(
            stem,
            "filename" | "file-name" | "your-file" | "backup-file" | "backup-filename"
        )
}

/// Words of template languages and of awk that stand in braces and are no names.
const LANGUAGE: &str = "block define else end exit getline if index json len next print printf println range template with";

/// What may be in front of or behind a bracketed name in the same word.
fn is_border(one: Option<char>) -> bool {
    one.is_none_or(|one| !one.is_alphanumeric() && !"_])}'\"".contains(one))
}

/// The first name in brackets or braces: its bytes with the signs, the name, the style.
pub(super) fn marked(
    text: &str,
    from: usize,
    is_quoted: bool,
) -> Option<(Range<usize>, &str, PlaceholderStyle)> {
    let mut at = from;
    while let Some(found) = text[at..].find(['[', '{']) {
        let start = at + found;
        let before = text[..start].chars().next_back();
        let candidate = if text[start..].starts_with("{{") {
            enclosed(text, start, "{{", "}}")
                .map(|(range, inner)| (range, inner, PlaceholderStyle::Mustache))
        } else if text[start..].starts_with('{') {
            enclosed(text, start, "{", "}")
                .map(|(range, inner)| (range, inner, PlaceholderStyle::Brace))
        } else {
            enclosed(text, start, "[", "]")
                .map(|(range, inner)| (range, inner, PlaceholderStyle::Bracket))
        };
        if let Some((range, inner, style)) = candidate {
            let after = text[range.end..].chars().next();
            let name = inner.trim();
            let is_placed = match style {
                PlaceholderStyle::Bracket => {
                    is_border(before) && is_border(after) && (!is_quoted || is_telling(name))
                }
                PlaceholderStyle::Brace => {
                    before != Some('$') && (!is_quoted || is_telling(name) || before == Some('/'))
                }
                _ => true,
            };
            if is_placed && is_marked_name(name, inner, style) {
                return Some((range, name, style));
            }
        }
        at = start
            + if text[start..].starts_with("{{") {
                2
            } else {
                1
            };
    }
    None
}

fn enclosed<'t>(
    text: &'t str,
    start: usize,
    open: &str,
    close: &str,
) -> Option<(Range<usize>, &'t str)> {
    let inner = &text[start + open.len()..];
    let end = inner.find(close)?;
    let range = start..start + open.len() + end + close.len();
    Some((range, &inner[..end]))
}

/// Two words or capitals: more than a class of characters or a field would be.
fn is_telling(name: &str) -> bool {
    name.contains(['-', '_', ' ']) || name.chars().all(|one| one.is_ascii_uppercase())
}

fn is_marked_name(name: &str, inner: &str, style: PlaceholderStyle) -> bool {
    let name = match style {
        PlaceholderStyle::Mustache => name.trim_start_matches(['$', '-']).trim(),
        _ => name,
    };
    let first_word = name.split(' ').next().unwrap_or("");
    let starts = name.starts_with(|one: char| one.is_ascii_alphabetic());
    let is_dotted = style == PlaceholderStyle::Mustache;
    let holds =
        |one: char| one.is_ascii_alphanumeric() || "-_ ".contains(one) || is_dotted && one == '.';
    let is_spaced = style != PlaceholderStyle::Mustache && inner != name;
    let is_range = name.len() == 3 && name.as_bytes()[1] == b'-';
    name.len() >= 2
        && name.len() <= 60
        && starts
        && !is_spaced
        && !is_range
        && name.chars().all(holds)
        && !name.ends_with(['-', '_'])
        && !is_listed(LANGUAGE, first_word)
}
