//! Text as Markdown that says exactly this text: no link, no HTML, no list, no fence comes out of it.
//! <https://spec.commonmark.org/0.31.2/#backslash-escapes>

use text::Outside;

/// Punctuation that means nothing inside a line, whatever stands beside it. `>` means something only after a `<`, which is
/// always escaped.
const HARMLESS: &str = "-,;'\"=%?/()>+#{}";

/// Text inside a line or a table cell. Never put it at the beginning of a line. Controls and invisible characters are shown, line feeds too.
pub fn inline(text: &Outside) -> String {
    let shown = text.shown();
    let shown = shown.as_str();
    let mut escaped = String::with_capacity(shown.len() + 8);
    for (at, character) in shown.char_indices() {
        if character.is_ascii_punctuation()
            && !is_harmless(character, &shown[..at], &shown[at + 1..])
        {
            escaped.push('\\');
        }
        escaped.push(character);
    }
    escaped
}

/// GitHub makes links of bare `https://...` and `www....` (<https://github.github.com/gfm/#autolinks-extension->): there, and
/// only there, a colon or a dot matters.
fn is_harmless(character: char, before: &str, after: &str) -> bool {
    match character {
        ':' => !after.starts_with("//"),
        '.' => !before.to_ascii_lowercase().ends_with("www"),
        other => HARMLESS.contains(other),
    }
}

/// Text of several lines, in a fence longer than any run of backticks in it.
pub fn fenced(text: &Outside, language: &str) -> String {
    let lines: Vec<String> = text.lines().map(|line| line.as_str().to_owned()).collect();
    let longest = lines
        .iter()
        .map(|line| longest_run(line))
        .max()
        .unwrap_or(0);
    let fence = "`".repeat(usize::max(3, longest + 1));
    format!("{fence}{language}\n{}\n{fence}", lines.join("\n"))
}

/// Text of one line as code, in backticks that do not occur in it.
pub fn code(text: &Outside) -> String {
    let shown = text.shown();
    let ticks = "`".repeat(longest_run(shown.as_str()) + 1);
    // A space on both sides is stripped by the reader; it parts the text from the ticks. Not for tables: a bar ends a cell.
    format!("{ticks} {} {ticks}", shown.as_str())
}

fn longest_run(text: &str) -> usize {
    text.split(|character| character != '`')
        .map(str::len)
        .max()
        .unwrap_or(0)
}
