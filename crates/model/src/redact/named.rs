//! Is what is called this a secret? By the name and, where a name is also a common word, by how the value reads. Names of
//! objects (`token-issuer: CrashLoopBackOff`) are none.

use std::sync::LazyLock;

use regex::Regex;

use super::words::{SENTENCE, is_state};

/// Words in the name of a variable, field or flag. `strong`: whatever follows is a secret. `weak`: words that people and objects
/// use as well. `doubtful`: only with a value that reads like one.
const WORDS: &str = concat!(
    r"(?:(?P<strong>pass(?:word|wd|phrase|code)|pwd|secret[_. -]?(?:access[_. -]?)?key|api[_. -]?key|(?:private|access|auth|account",
    r"|encryption|signing|master|ssh|admin)[_. -]?key|key[_. -]?data|client[_. -]?secret|connection[_. -]?string|webhook[_. -]?url",
    r"|(?:access|refresh|auth|bearer|session|security|bot)[_. -]?token)",
    r"|(?P<weak>token|secret|credentials?|(?:\b|_|(?:ssh|pg))(?:dsn|jwt|auth|pass|pw)(?:\b|_|[0-9])|(?-i:[a-z](?:Pass|Pw|Auth|Jwt|Dsn)\b))",
    r"|(?P<doubtful>(?:routing|integration|service|license|deploy)[_. -]?key|signature|\bsig\b|\bsas\b|session[_. -]?id))",
);

/// The same without its groups and boundaries, to stand inside of a pattern.
pub(super) const IN_PATTERNS: &str = concat!(
    r"(?:pass(?:word|wd|phrase|code)?|pwd|pw|secret|token|credentials?|(?:api|private|access|auth|account|encryption|signing|master",
    r"|ssh|admin|routing|integration|service|license|deploy)[_. -]?key|key[_. -]?data|connection[_. -]?string|webhook[_. -]?url|dsn|jwt",
    r"|auth|signature|sig|sas|session[_. -]?id)",
);

/// What may stand behind the word in the name of a secret.
const BEHIND: &str = r"(?i)^[_.-]?(?:[0-9]*|value|base64|b64|hash|data|string|key|key_base|prod|production|staging|dev|test|old|new|current|previous|primary|secondary)$";

/// What a variable is not a secret with: `TOKEN_TTL`, `PASSWORD_FILE`.
const NO_SECRET: &str = r"(?:FILE|PATH|DIR|NAME|URL|URI|TTL|COUNT|SECONDS|MINUTES|HOURS|DAYS|MS|EXPIRY|EXPIRES|ENABLED|DISABLED|REQUIRED|LENGTH|SIZE|POLICY|ISSUER|TYPE|LIMIT|BUCKET|HOST|PORT|AUDIENCE|ALGORITHM|VERSION|REF|ID|PREFIX|HEADER|ENDPOINT|MODE|PROVIDER|STORE|ROTATION|CACHE|USED|TOTAL)$";

static NAMES: LazyLock<[Option<Regex>; 3]> = LazyLock::new(|| {
    [
        Regex::new(&format!("(?i){WORDS}")).ok(),
        Regex::new(BEHIND).ok(),
        Regex::new(NO_SECRET).ok(),
    ]
});

#[derive(Clone, Copy, PartialEq, Eq)]
enum Strength {
    Strong,
    Weak,
    Doubtful,
}

/// Is what is called this a secret, whatever its value is?
pub fn is_secret_name(name: &str) -> bool {
    strength(name).is_some_and(|strength| strength != Strength::Doubtful)
}

fn strength(name: &str) -> Option<Strength> {
    let [Some(words), Some(behind), Some(no_secret)] = &*NAMES else {
        return None;
    };
    let found = words.captures_iter(name).last()?;
    let rest = &name[found.get(0)?.end()..];
    let is_variable = !name.contains(|character: char| character.is_ascii_lowercase());
    let is_secret =
        behind.is_match(rest) || is_variable && rest.starts_with('_') && !no_secret.is_match(rest);
    let strength = if found.name("strong").is_some() {
        Strength::Strong
    } else if found.name("weak").is_some() {
        Strength::Weak
    } else {
        Strength::Doubtful
    };
    is_secret.then_some(strength)
}

/// Is `value` the secret that `name` says? `behind` is what follows it.
pub(super) fn is_secret(name: &str, separator: &str, value: &str, behind: &str) -> bool {
    let Some(strength) = strength(name) else {
        return false;
    };
    let is_quoted = value.starts_with(['"', '\'', '\\']);
    let bare = value.trim_matches(['"', '\'', '\\']);
    if reads_like_none(bare) {
        return false;
    }
    if strength == Strength::Doubtful {
        return is_random(bare);
    }
    if separator.starts_with(char::is_alphabetic) {
        // A sentence: "the password is hunter2", not "the secret is mounted".
        return is_quoted || bare.contains(|character: char| character.is_ascii_digit());
    }
    if is_quoted || separator != ":" {
        return true;
    }
    let is_object = name.contains('-')
        && !name.starts_with("x-")
        && !name.contains(|character: char| character.is_ascii_uppercase());
    let goes_on = behind.strip_prefix([' ', '\t']).is_some_and(|next| {
        next.starts_with(|first: char| first.is_alphanumeric() || first == '"')
    });
    let is_weak = strength == Strength::Weak;
    let is_count = bare.len() <= 5
        && bare
            .chars()
            .all(|character| character.is_ascii_digit() || "/%".contains(character));
    let is_word = bare
        .chars()
        .all(|character| character.is_ascii_alphabetic());
    let is_harmless = is_count && (goes_on || is_weak || is_object)
        || is_state(bare) && (is_weak || is_object)
        || is_word && is_weak && is_object
        || goes_on && (is_weak || is_object) && (!is_random(bare) || is_object_name(bare))
        || name.eq_ignore_ascii_case("secret") && is_object_name(bare) && !is_random(bare)
        || name.eq_ignore_ascii_case("auth") && (!is_random(bare) || is_object_name(bare));
    !is_harmless
}

/// A reference, a placeholder, a word of a sentence.
fn reads_like_none(value: &str) -> bool {
    let word = value.split_whitespace().next().unwrap_or_default();
    let word = word.trim_end_matches(['.', '!', '?', ':']);
    value.is_empty()
        || value.starts_with("${")
        || value.starts_with("$(")
        || value.starts_with("{{")
        || value.starts_with('<') && value.ends_with('>')
        || value
            .chars()
            .all(|character| matches!(character, '*' | '.' | '•' | '-' | '?'))
        || value.strip_prefix('$').is_some_and(|name| {
            !name.is_empty()
                && name
                    .chars()
                    .all(|one| one.is_ascii_uppercase() || one == '_')
        })
        || SENTENCE
            .binary_search(&word.to_ascii_lowercase().as_str())
            .is_ok()
}

/// Letters and digits together, as no word has them.
pub(super) fn is_random(value: &str) -> bool {
    value.len() >= 8
        && value.contains(|character: char| character.is_ascii_digit())
        && value.contains(|character: char| character.is_ascii_alphabetic())
}

/// As Kubernetes allows for the name of an object, of more than one part.
fn is_object_name(value: &str) -> bool {
    value.contains('-')
        && value.len() <= 63
        && value.chars().all(|character| {
            character.is_ascii_lowercase()
                || character.is_ascii_digit()
                || "-./".contains(character)
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_in_the_order_in_which_they_are_searched() {
        assert!(SENTENCE.is_sorted());
        assert!(NAMES.iter().all(Option::is_some));
    }
}
