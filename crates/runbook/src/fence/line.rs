//! Is a line of a fence a command, or output, prose, configuration?

use crate::is_listed;
use crate::risk::is_program;
use crate::shell::angle_name;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Look {
    /// It begins with a program that is known, or a path to one.
    Program,
    /// `NAME=value`
    Assignment,
    /// It has the form of a command, of a program that nobody knows.
    Perhaps,
    Nothing,
}

/// Words of the shell itself.
const RESERVED: &str = "! [ [[ case for function if select until while";

/// Words that begin a line of prose or of output.
const PROSE: &str = "a after all an and any as at before by each error example fatal from in info is it metadata name namespace no \
    not note now of on once or output please result see so spec status the then there these this to total usage use \
    warning we when where with you your";

/// What the API server answers with.
const ANSWERS: &str = "annotate annotated condition configured cordoned created deleted drained edited evicted labeled patched paused \
    restarted resumed rolled scaled successfully unchanged uncordoned updated";

pub(super) fn look(line: &str, is_typed: bool) -> Look {
    let first = line.split([' ', '\t']).next().unwrap_or("");
    if first.is_empty() {
        return Look::Nothing;
    }
    let rest = line[first.len()..].trim();
    let word = first.trim_end_matches(';');
    if let Some(look) = by_sign(line, first, rest, is_typed) {
        return look;
    }
    if is_listed(RESERVED, word) {
        return program_if(is_compound(word, rest));
    }
    let is_said = rest.starts_with("= ") || rest == "=" || rest.starts_with(": ");
    if is_said || rest.starts_with("| ") && !is_program(word) {
        return Look::Nothing;
    }
    if is_path(first) {
        // A path alone may as well be a line of a listing.
        return match (rest.is_empty() && !is_script(first), is_typed) {
            (false, _) => Look::Program,
            (true, true) => Look::Perhaps,
            (true, false) => Look::Nothing,
        };
    }
    if is_program(word) {
        let is_answer = is_table(line) && !rest.contains(['-', '\\', '|']);
        return program_if(!is_answer && !is_english(word, rest, is_typed));
    }
    if is_typed && has_form(line, word, rest) {
        Look::Perhaps
    } else {
        Look::Nothing
    }
}

fn program_if(is_program: bool) -> Look {
    if is_program {
        Look::Program
    } else {
        Look::Nothing
    }
}

/// By an assignment, a bracket, a quote or a dollar at its beginning.
fn by_sign(line: &str, first: &str, rest: &str, is_typed: bool) -> Option<Look> {
    if is_assignment(first) {
        let fields = ["level=", "time=", "ts=", "msg=", "caller="];
        let is_log = fields.iter().any(|name| first.starts_with(name));
        let is_answer = is_log && rest.contains('=');
        return Some(if is_answer {
            Look::Nothing
        } else {
            Look::Assignment
        });
    }
    if first == "{" {
        return Some(program_if(is_typed && look(rest, false) == Look::Program));
    }
    if !is_typed {
        return None;
    }
    let is_name_byte = |one: u8| one.is_ascii_alphanumeric() || matches!(one, b'_' | b'-');
    let function = first.strip_suffix("()").filter(|name| !name.is_empty());
    let is_function = function.is_some_and(|name| name.bytes().all(is_name_byte));
    let is_quoted_path = first.starts_with('"') && first.trim_matches('"').contains('/');
    let is_variable = first.starts_with('$') && first.len() > 1 && !rest.is_empty();
    if is_function || is_quoted_path || is_variable {
        return Some(Look::Perhaps);
    }
    let is_group = first.starts_with('(') && !rest.is_empty();
    is_group.then(|| look(line.trim_start_matches(['(', ' ']), is_typed))
}

fn is_script(word: &str) -> bool {
    let ends = [".sh", ".py", ".rb", ".js", ".pl"];
    ends.iter().any(|end| word.ends_with(end))
}

/// Has it the form of a command, and neither that of prose nor that of an answer?
fn has_form(line: &str, word: &str, rest: &str) -> bool {
    let holds = |one: char| {
        one.is_ascii_alphanumeric() || "_.+-".contains(one) || one == '/' && is_script(word)
    };
    let starts = word.starts_with(|one: char| one.is_ascii_lowercase() || one == '_');
    let is_name = starts && word.chars().all(holds) && !word.ends_with(['.', '-']);
    let second = rest
        .split(' ')
        .next()
        .unwrap_or("")
        .trim_end_matches([',', '.']);
    let is_answer = is_listed(ANSWERS, second) || is_listed(ANSWERS, word) || is_table(line);
    let is_sentence = line.ends_with(['.', ':']) && rest.contains(' ') && !rest.contains('-');
    is_name && !is_answer && !is_sentence && !is_listed(PROSE, word)
}

fn is_compound(word: &str, rest: &str) -> bool {
    match word {
        "for" | "select" => {
            rest.contains(" in ")
                || rest.contains(" in\n")
                || rest.ends_with(" in")
                || rest.starts_with("((")
        }
        "case" => rest.ends_with(" in") || rest.contains(" in "),
        "function" => rest.contains(['(', '{']),
        "if" | "while" | "until" => {
            rest.contains(['[', ';', '$'])
                || rest.starts_with("true")
                || rest.starts_with("read")
                || is_program(rest.split(' ').next().unwrap_or(""))
        }
        _ => !rest.is_empty(),
    }
}

fn is_assignment(first: &str) -> bool {
    let Some((name, _)) = first.split_once('=') else {
        return false;
    };
    let starts = name.starts_with(|one: char| one.is_ascii_alphabetic() || one == '_');
    starts
        && name
            .chars()
            .all(|one| one == '_' || one == '+' || one.is_ascii_alphanumeric())
}

/// A path to a program, as `./scripts/x.sh` and `/usr/bin/x`.
fn is_path(first: &str) -> bool {
    let is_rooted = first.starts_with("./")
        || first.starts_with("../")
        || first.starts_with("~/")
        || first.starts_with('/');
    let is_script =
        first.contains('/') && [".sh", ".py", ".rb"].iter().any(|end| first.ends_with(end));
    let is_tool = first.starts_with("bin/") || first.starts_with("scripts/");
    let ends = !first.ends_with([':', ',', '/']) && first.len() > 2;
    (is_rooted || is_script || is_tool)
        && ends
        && !first.contains("://")
        && !["/dev/", "/proc/", "/sys/"]
            .iter()
            .any(|root| first.starts_with(root))
        && first.matches('<').count() <= 3
}

/// Programs whose names are words of English as well, followed by what no program is given.
fn is_english(word: &str, rest: &str, is_typed: bool) -> bool {
    const ENGLISH: &str = "actions age build cat cf check cilium clear command consul crm cut date declare diff exec exit false file find \
        flux free go halt head helm hey history host hubble id init install jobs join just kill kind last less let local \
        make man more mount multus nats node open parallel patch perf puma read return screen script sensu sentinel \
        service set sleep snap sort split stat storcli strings sync tail task test time top touch tree true turbo type \
        unset vault wait watch which who yes";
    if !is_listed(ENGLISH, word) {
        return false;
    }
    if rest
        .split(' ')
        .next()
        .is_some_and(|second| second.ends_with(':'))
    {
        return true;
    }
    let words: Vec<&str> = rest.split_whitespace().collect();
    let is_signed = |word: &&&str| {
        word.starts_with(['-', '/', '$', '.', '~', '<', '"', '\'', '{', '['])
            || word.contains(['=', '/', '.', '|', '_'])
            || word.bytes().any(|one| one.is_ascii_digit())
    };
    if !is_typed && !words.iter().any(|word| is_signed(&word)) && words.len() > 1 {
        return true;
    }
    let is_common = |word: &&&str| {
        is_listed(PROSE, &word.to_ascii_lowercase())
            || matches!(**word, "for" | "if" | "that" | "are" | "be" | "up" | "out")
    };
    words.len() >= 3
        && words.iter().any(|word| is_common(&word))
        && words.iter().filter(is_signed).count() * 3 < words.len()
}

/// Columns of a table: two gaps of two blanks.
fn is_table(line: &str) -> bool {
    let trimmed = line.trim();
    if angle_name(trimmed).is_some() || trimmed.contains(['"', '\'', '\\', '|', '#']) {
        return false;
    }
    let gaps = trimmed
        .as_bytes()
        .windows(3)
        .filter(|three| three[0] != b' ' && three[1] == b' ' && three[2] == b' ')
        .count();
    gaps >= 2
}

/// Is it a command without a doubt, even where only what stands behind a prompt is one?
pub(super) fn is_certain(line: &str) -> bool {
    const PROGRAMS: &[&str] = &[
        "kubectl",
        "oc",
        "helm",
        "docker",
        "docker-compose",
        "git",
        "cd",
        "curl",
        "export",
        "sudo",
    ];
    let mut words = line.split(' ');
    let is_named = words.next().is_some_and(|first| PROGRAMS.contains(&first));
    let is_given = words.next().is_some_and(|second| {
        second.starts_with(|one: char| one.is_ascii_lowercase() || one == '-')
    });
    is_named && is_given && look(line, false) == Look::Program
}
