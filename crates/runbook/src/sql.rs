//! Statements of SQL: in a fence of their own, in a fence of a shell, or behind `psql -c`.

use crate::argument::Argument;
use crate::flags::{Flags, parse};
use crate::is_listed;
use crate::risk::Risk;

/// A statement, and the client that the line gives it to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SqlStatement {
    /// The client's words without the statement; empty when the statement stands alone.
    pub client: Vec<Argument>,
    pub statement: Argument,
}

const CLIENT: &str = "c/command= e/execute= U/username= u/user= h/host= d/dbname= p/port? P/password? W/password-prompt w/no-password t/tuples-only A/no-align x/expanded X/no-psqlrc q/quiet v/set= f/file= o/output= l/list D/database= N/skip-column-names B/batch s/silent F/field-separator= E/vertical host= user= password? port= database= query= a/echo-all 1/single-transaction b/b L/L= H/html protocol= S/socket= defaults-file=";

fn client(arguments: &[Argument]) -> Flags {
    parse(arguments, &[CLIENT], None)
}

/// The statement of `psql -c '..'` and of `mysql -e '..'`.
pub(crate) fn read(arguments: &[Argument]) -> Option<SqlStatement> {
    let flags = client(arguments.get(1..).unwrap_or_default());
    let given = flags
        .value("command")
        .or(flags.value("execute"))
        .or(flags.value("query"));
    let statement = given.or_else(|| {
        flags
            .words
            .iter()
            .find(|word| is_statement(&word.written()))
    })?;
    Some(SqlStatement {
        client: arguments
            .iter()
            .filter(|one| *one != statement)
            .cloned()
            .collect(),
        statement: statement.clone(),
    })
}

pub(crate) fn risk_of_client(arguments: &[Argument]) -> Risk {
    let flags = client(arguments);
    let given = flags
        .value("command")
        .or(flags.value("execute"))
        .or(flags.value("query"));
    match given.or_else(|| {
        flags
            .words
            .iter()
            .find(|word| is_statement(&word.written()))
    }) {
        Some(statement) => risk(&statement.written()),
        None if flags.value("file").is_some() => Risk::Destructive,
        None if flags.has("list") => Risk::Read,
        None => Risk::Session,
    }
}

const READS: &str = "desc describe explain help select show table use values with";
const CHANGES: &str = "analyze begin checkpoint cluster comment commit flush listen lock optimize refresh reindex reset rollback \
    savepoint set start vacuum";
const DESTROYS: &str = "alter call copy create delete do drop execute grant insert kill merge rename replace revoke system truncate \
    update";

/// What DROP, CREATE and ALTER work on.
const OBJECTS: &str = "database extension function index keyspace materialized or publication role schema sequence \
    subscription system table temp temporary type unique user view";

fn first_word(text: &str) -> String {
    let text = text.trim_start_matches(|one: char| one.is_whitespace() || one == '(');
    let word: String = text.chars().take_while(char::is_ascii_alphabetic).collect();
    word.to_ascii_lowercase()
}

/// Does the text begin as a statement does? A word of the shell that is also one of SQL needs more words of SQL behind it.
pub(crate) fn is_statement(text: &str) -> bool {
    let text = text.trim();
    if text.starts_with("\\d")
        || text.starts_with("\\l")
        || text.starts_with("\\x")
        || text.starts_with("\\c")
    {
        return !text.contains('/');
    }
    let word = first_word(text);
    let is_known = [READS, CHANGES, DESTROYS]
        .iter()
        .any(|list| is_listed(list, &word));
    if !is_known {
        return false;
    }
    let is_capital = text.starts_with(&word.to_ascii_uppercase());
    let lower = text.to_ascii_lowercase();
    let has = |sign: &str| lower.contains(sign);
    let rest = || lower.split_whitespace().nth(1).unwrap_or("");
    match word.as_str() {
        "select" => has(" from ") || lower.ends_with(';') || has("(") || is_capital || has("\n"),
        "with" => has(" as (") || has(" as("),
        "explain" => has("select") || is_capital,
        "delete" => rest() == "from",
        "insert" | "replace" | "merge" => rest() == "into",
        "update" => has(" set "),
        "drop" | "create" | "alter" => is_listed(OBJECTS, rest()),
        "truncate" => rest() == "table" || is_capital,
        "set" | "use" | "lock" | "start" | "call" | "do" | "copy" | "rename" | "system"
        | "execute" | "help" | "table" | "values" | "comment" | "listen" | "flush" | "reset"
        | "cluster" | "kill" | "rollback" | "desc" | "describe" | "refresh" => {
            lower.ends_with(';') && is_capital
        }
        _ => lower.ends_with(';') || is_capital,
    }
}

/// The gravest of the statements in `text`.
pub(crate) fn risk(text: &str) -> Risk {
    let one = |statement: &str| {
        let statement = statement.trim();
        if let Some(command) = statement.strip_prefix('\\') {
            return of_client_command(command);
        }
        if statement.is_empty() {
            return Risk::Read;
        }
        let lower = statement.to_ascii_lowercase();
        let acts = [
            "pg_terminate_backend",
            "pg_cancel_backend",
            "pg_switch_wal",
            "pg_promote",
            "setval(",
            "pg_reload_conf",
            "lo_unlink",
            "pg_drop",
        ];
        let changes_inside = [
            "delete from",
            "update ",
            "insert into",
            "drop ",
            "truncate ",
        ];
        let word = first_word(statement);
        let changes = matches!(word.as_str(), "with" | "explain")
            && changes_inside.iter().any(|change| lower.contains(change));
        let acts = acts.iter().any(|act| lower.contains(act));
        if acts || changes || is_listed(DESTROYS, word.as_str()) {
            Risk::Destructive
        } else if is_listed(READS, word.as_str()) {
            Risk::Read
        } else if is_listed(CHANGES, word.as_str()) {
            Risk::Change
        } else {
            Risk::Unknown
        }
    };
    text.split(';').map(one).max().unwrap_or(Risk::Read)
}

/// A command of the client itself, as `\dt` and `\!`.
fn of_client_command(command: &str) -> Risk {
    let name = command.split_whitespace().next().unwrap_or("");
    let is_reading = name.starts_with(['d', 'l', 'x', 'c', 't', 'z', '?', 'h', 's'])
        && !name.starts_with("copy")
        && !name.starts_with("setenv");
    if is_reading {
        Risk::Read
    } else {
        Risk::Destructive
    }
}

impl SqlStatement {
    pub fn risk(&self) -> Risk {
        risk(&self.statement.written())
    }

    pub fn words(&self) -> String {
        let statement: Vec<String> = self
            .statement
            .written()
            .split_whitespace()
            .map(str::to_owned)
            .collect();
        match self.client.first() {
            Some(client) => format!("by {}: {}", client.written(), statement.join(" ")),
            None => statement.join(" "),
        }
    }
}
