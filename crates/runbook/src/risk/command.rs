//! What a command does to what it works on, by its program and its words.

use super::programs::{is_program, is_told_by_words, of_name};
use super::{Risk, of_words, texts};
use crate::argument::Argument;
use crate::is_listed;
use crate::shell;

/// What a command of another program may do.
pub(crate) fn of_command(arguments: &[Argument]) -> Risk {
    let Some(program) = arguments.first() else {
        return Risk::Session;
    };
    let Some(program) = program.text() else {
        return Risk::Unknown;
    };
    let name = program.rsplit('/').next().unwrap_or(program);
    let words = texts(&arguments[1..]);
    let is_flagged = |flags: &[&str]| words.iter().any(|word| flags.contains(&word.as_str()));
    if program.contains('/')
        && !program.starts_with("/bin/")
        && !program.starts_with("/usr/")
        && !program.starts_with("/sbin/")
    {
        return of_words(std::iter::once(name).chain(words.iter().map(String::as_str)));
    }
    if crate::kubectl::is_kubectl(name) {
        return crate::kubectl::read(&arguments[1..]).map_or_else(
            |_| of_words(words.iter().map(String::as_str)),
            |call| call.risk(),
        );
    }
    match name {
        "sh" | "bash" | "ash" | "zsh" | "dash" => return of_shell(arguments, &words),
        "sed"
            if !is_flagged(&["-i", "--in-place"])
                && !words.iter().any(|word| word.starts_with("-i")) =>
        {
            return Risk::Read;
        }
        "git" if is_flagged(&["-D", "--delete"]) => return Risk::Destructive,
        "find" if is_flagged(&["-delete", "-exec", "-execdir", "-ok"]) => return Risk::Destructive,
        "find" | "tail" | "less" | "more" | "top" => return Risk::Read,
        "crontab" if is_flagged(&["-l"]) => return Risk::Read,
        "mount" | "crictl" | "date" if words.is_empty() => return Risk::Read,
        "ip" | "nginx" | "sysctl" | "nc" | "ncat" | "iptables" | "git"
            if is_reading(name, &words) =>
        {
            return Risk::Read;
        }
        "kill" if is_flagged(&["-0", "-l", "-3", "-QUIT"]) => return Risk::Read,
        "redis-cli" => return of_redis(&words),
        "ssh" => return of_ssh(arguments),
        "curl" | "wget" => {
            return crate::http::read(name, &arguments[1..])
                .map_or(Risk::Unknown, |check| check.risk());
        }
        "psql" | "mysql" | "mariadb" | "sqlite3" | "clickhouse-client" | "gitlab-psql" => {
            return crate::sql::risk_of_client(&arguments[1..]);
        }
        "xargs" | "sudo" | "env" | "time" | "nohup" | "timeout" | "watch" | "chroot"
        | "nsenter" | "exec" | "eval" | "command" | "nice" => return of_wrapped(&arguments[1..]),
        _ => {}
    }
    of_name(name).unwrap_or_else(|| {
        let own = std::iter::once(name).filter(|name| !is_told_by_words(name));
        of_words(words.iter().map(String::as_str).chain(own))
    })
}

fn is_reading(name: &str, words: &[String]) -> bool {
    let has = |word: &str| words.iter().any(|one| one == word);
    match name {
        "ip" => !["add", "del", "delete", "set", "flush", "replace"]
            .iter()
            .any(|word| has(word)),
        "nginx" => has("-t") || has("-T") || has("-v"),
        "sysctl" => !has("-w") && !words.iter().any(|word| word.contains('=')),
        "iptables" => {
            ["-L", "-S", "-nvL", "-nL", "-vnL"]
                .iter()
                .any(|word| has(word))
                || words.iter().any(|word| word.starts_with("-L"))
        }
        "git" => match words.first().map_or("", String::as_str) {
            "log" | "status" | "diff" | "show" | "blame" | "fetch" | "rev-parse" | "ls-files" => {
                true
            }
            "branch" => !words
                .iter()
                .any(|word| is_listed("-d -D -m -M --delete --move", word)),
            "remote" => words.len() == 1 || has("-v") || has("show"),
            _ => false,
        },
        _ => true,
    }
}

/// `sh -c '..'`: the gravest command of its text.
fn of_shell(arguments: &[Argument], words: &[String]) -> Risk {
    let script = words
        .iter()
        .position(|word| word.starts_with('-') && word.ends_with('c'));
    let Some(script) = script.and_then(|at| words.get(at + 1)) else {
        let is_script = arguments.len() > 1 && !words[0].starts_with('-');
        return if is_script {
            of_words(words.iter().map(String::as_str))
        } else {
            Risk::Session
        };
    };
    of_text(script)
}

fn of_text(script: &str) -> Risk {
    let Ok(statement) = shell::statement(script, 0) else {
        return Risk::Unknown;
    };
    let commands = shell::read(&statement).all_commands();
    let mut collector = crate::placeholder::Collector::default();
    let risks = commands
        .iter()
        .map(|command| of_command(&collector.command(&command.words)));
    let rest = if statement.end < script.len() {
        of_text(&script[statement.end..])
    } else {
        Risk::Read
    };
    risks.max().unwrap_or(Risk::Read).max(rest)
}

fn of_wrapped(arguments: &[Argument]) -> Risk {
    let is_own = |argument: &&Argument| {
        let text = argument.written();
        text.starts_with('-')
            || text.contains('=')
            || text.starts_with(|one: char| one.is_ascii_digit())
            || text == "{}"
    };
    let skipped = arguments.iter().take_while(is_own).count();
    let is_program_at = |at: usize| {
        arguments
            .get(at)
            .and_then(Argument::text)
            .is_some_and(|text| is_program(text) || text.contains('/'))
    };
    // A flag of the wrapper may have a value of its own before the program.
    let at = (skipped..(skipped + 4).min(arguments.len()))
        .find(|at| is_program_at(*at))
        .unwrap_or(skipped);
    of_command(arguments.get(at..).unwrap_or_default())
}

fn of_ssh(arguments: &[Argument]) -> Risk {
    const FLAGS: &str = "i/i= p/p= l/l= o/o= F/F= J/J= L/L= R/R= D/D= t/t T/T v/v q/q A/A N/N f/f C/C x/x X/X n/n W/W= c/c= E/E= 4/4 6/6";
    let flags = crate::flags::parse(&arguments[1..], &[FLAGS], Some(1));
    let command = flags.rest.unwrap_or_default();
    match command.as_slice() {
        [] => Risk::Session,
        [one] if one.written().contains(' ') => of_text(&one.written()),
        more => of_command(more),
    }
}

fn of_redis(words: &[String]) -> Risk {
    const READS: &str = "dbsize exists get hget hgetall hlen info keys llen lrange memory mget monitor ping role scan scard slowlog \
        smembers strlen time ttl type xlen zcard zrange";
    const CHANGES: &str = "bgsave client cluster config expire persist save sentinel set";
    let lower: Vec<String> = words.iter().map(|word| word.to_ascii_lowercase()).collect();
    let verb = lower.iter().position(|word| {
        is_listed(READS, word.as_str())
            || is_listed(CHANGES, word.as_str())
            || word.starts_with("flush")
            || matches!(
                word.as_str(),
                "del" | "unlink" | "shutdown" | "debug" | "failover"
            )
    });
    let Some(at) = verb else {
        let is_reading = lower.iter().any(|word| {
            matches!(
                word.as_str(),
                "--bigkeys" | "--stat" | "--latency" | "--scan" | "--memkeys" | "--hotkeys"
            )
        });
        return if is_reading {
            Risk::Read
        } else {
            Risk::Session
        };
    };
    let second = lower.get(at + 1).map_or("", String::as_str);
    match lower[at].as_str() {
        "config" | "client" | "cluster" | "sentinel"
            if matches!(
                second,
                "get"
                    | "list"
                    | "info"
                    | "nodes"
                    | "masters"
                    | "slaves"
                    | "replicas"
                    | "slots"
                    | "get-master-addr-by-name"
                    | "master"
            ) =>
        {
            Risk::Read
        }
        verb if is_listed(READS, verb) => Risk::Read,
        verb if is_listed(CHANGES, verb) => Risk::Change,
        _ => Risk::Destructive,
    }
}
