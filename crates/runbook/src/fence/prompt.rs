//! Prompts before a command: `$ `, `# `, `user@host:~$ `, `[root@node ~]# `, `sh-5.1# `, `mydb=> `.

use super::line::{Look, look};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Prompt {
    Shell,
    Sql,
}

/// What is typed behind a prompt.
pub(super) fn typed(line: &str) -> Option<(Prompt, &str)> {
    let line = line.trim_start();
    for sign in ["$ ", "% ", "❯ ", "➜ ", "λ "] {
        if let Some(text) = line.strip_prefix(sign) {
            return Some((Prompt::Shell, text.trim_start()));
        }
    }
    // `$kubectl get pods`
    if let Some(text) = line
        .strip_prefix('$')
        .filter(|text| look(text, false) == Look::Program && text.contains(' '))
    {
        return Some((Prompt::Shell, text));
    }
    if let Some(text) = line
        .strip_prefix("> ")
        .filter(|text| look(text, false) == Look::Program && text.contains(' '))
    {
        return Some((Prompt::Shell, text));
    }
    for (at, sign) in line
        .char_indices()
        .filter(|(_, one)| matches!(one, '$' | '#' | '%' | '>'))
        .take(3)
    {
        let (before, after) = (&line[..at], &line[at + 1..]);
        let Some(text) = after.strip_prefix(' ') else {
            continue;
        };
        let text = text.trim_start();
        if sign == '>' || before.ends_with('=') {
            let is_sql = matches!(before, "mysql" | "sqlite" | "clickhouse" | "cqlsh")
                || before.ends_with('=') && before.len() > 1 && !before.contains(' ');
            if is_sql && !text.is_empty() {
                return Some((Prompt::Sql, text));
            }
            continue;
        }
        // `mac$ ls`
        let is_word = sign == '$'
            && (2..=12).contains(&before.len())
            && before.bytes().all(|one| one.is_ascii_lowercase());
        if (is_word || is_host(before)) && !text.is_empty() {
            return Some((Prompt::Shell, text));
        }
    }
    None
}

/// `user@host:~`, `[root@node ~]`, `sh-5.1`, `/ `, `root`.
fn is_host(before: &str) -> bool {
    let before = before.trim();
    let is_bracketed = before.starts_with('[') && before.ends_with(']') && before.contains('@');
    let is_user = before.contains('@')
        && !before.contains(' ')
        && !before.contains("://")
        && !before.contains(['=', '"', '\'', '/'])
        || before.contains('@')
            && before.split(' ').count() <= 2
            && before.contains([':', '~'])
            && !before.contains(['=', '"']);
    let is_shell = ["sh-", "bash-"].iter().any(|shell| {
        before.strip_prefix(shell).is_some_and(|version| {
            version
                .bytes()
                .all(|one| one.is_ascii_digit() || one == b'.')
        })
    });
    is_bracketed || is_user || is_shell || matches!(before, "/" | "~")
}

/// The prompt itself, when it names a host or a shell in a container.
pub(super) fn host(line: &str) -> Option<String> {
    let line = line.trim();
    let (_, text) = typed(line)?;
    let prompt = line.strip_suffix(text)?.trim();
    (prompt.len() > 1).then(|| prompt.to_owned())
}

/// `# kubectl get pods`: the prompt of root, where a comment would stand too.
pub(super) fn typed_by_root(line: &str) -> Option<&str> {
    let text = line.trim_start().strip_prefix("# ")?.trim_start();
    let first = text.split(' ').next()?;
    let is_sentence = text.ends_with(['.', ':', ','])
        || text.contains(", ")
        || text.split(' ').any(|word| {
            matches!(
                word,
                "the" | "is" | "are" | "to" | "a" | "an" | "your" | "will"
            )
        });
    let is_command = look(text, false) == Look::Program
        && text.contains(' ')
        && first.chars().all(|one| !one.is_ascii_uppercase());
    (is_command && !is_sentence).then_some(text)
}
