//! How much harm a command may do, as far as its words tell. What is not known is never taken for a read.

mod command;
mod programs;

use crate::argument::Argument;

pub(crate) use command::of_command;
pub(crate) use programs::is_program;

/// In rising order: the gravest command of a step counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Risk {
    Read,
    /// Changes this machine alone: a variable, a folder, a forwarded port.
    Local,
    /// Opens a shell or another program that a person types into.
    Session,
    /// Nothing is known of the program.
    Unknown,
    Change,
    Scale,
    Restart,
    Rollback,
    Destructive,
}

impl Risk {
    pub fn word(self) -> &'static str {
        match self {
            Risk::Read => "read",
            Risk::Local => "local",
            Risk::Session => "session",
            Risk::Unknown => "unknown",
            Risk::Change => "change",
            Risk::Scale => "scale",
            Risk::Restart => "restart",
            Risk::Rollback => "rollback",
            Risk::Destructive => "destructive",
        }
    }
}

/// Words in the name of a script, of a target or of a sub-command, and what they promise. The gravest one counts.
const WORDS: &[(&[&str], Risk)] = &[
    (
        &[
            "clean",
            "cleanup",
            "clear",
            "delete",
            "deploy",
            "destroy",
            "down",
            "drop",
            "failover",
            "flush",
            "flushall",
            "flushdb",
            "kill",
            "migrate",
            "promote",
            "prune",
            "purge",
            "push",
            "remove",
            "reset",
            "restore",
            "rm",
            "teardown",
            "terminate",
            "truncate",
            "uninstall",
            "wipe",
            "apply",
            "decommission",
            "del",
            "reinit",
            "overwrite",
            "erase",
            "defrag",
            "compact",
            "rebuild",
        ],
        Risk::Destructive,
    ),
    (&["rollback", "undo", "revert"], Risk::Rollback),
    (
        &["restart", "reboot", "bounce", "reload", "recycle"],
        Risk::Restart,
    ),
    (&["scale", "resize"], Risk::Scale),
    (
        &[
            "add", "backup", "build", "commit", "create", "disable", "dump", "edit", "enable",
            "import", "install", "merge", "mask", "modify", "move", "patch", "pause", "publish",
            "release", "resume", "seed", "set", "setup", "silence", "start", "stop", "switch",
            "sync", "unset", "up", "update", "upgrade", "write", "checkout", "join", "leave",
            "rotate", "renew", "repair", "put", "copy", "snapshot", "suspend", "evict", "unmask",
            "expire",
        ],
        Risk::Change,
    ),
    (
        &[
            "audit",
            "cat",
            "check",
            "describe",
            "diagnose",
            "diff",
            "dry-run",
            "du",
            "endpoint",
            "get",
            "health",
            "healthcheck",
            "history",
            "info",
            "inspect",
            "lint",
            "list",
            "log",
            "logs",
            "ls",
            "monitor",
            "ping",
            "plan",
            "ps",
            "query",
            "report",
            "scan",
            "search",
            "show",
            "stats",
            "status",
            "test",
            "top",
            "validate",
            "verify",
            "version",
            "versions",
            "view",
            "watch",
            "who",
            "alarm",
            "members",
            "slowlog",
            "tree",
            "fetch",
            "tail",
            "lhci",
            "lighthouse",
        ],
        Risk::Read,
    ),
];

/// By the parts of words: `./rollback-deployment.sh`, `db-reset`, `--rollback`.
fn of_words<'a>(words: impl Iterator<Item = &'a str>) -> Risk {
    let mut gravest: Option<Risk> = None;
    let mut rolls_back = false;
    let mut words = words.peekable();
    while let Some(word) = words.next() {
        let lower = word.to_ascii_lowercase();
        let asks = matches!(
            lower.as_str(),
            "--list" | "--status" | "--help" | "--version"
        );
        // With a value behind it, `--version` says which one is installed.
        if is_dry_run(&lower) || lower == "--noop" || asks && words.peek().is_none() {
            return Risk::Read;
        }
        if matches!(lower.as_str(), "--no-verify" | "--force") {
            gravest = Some(Risk::Destructive);
        }
        // A path, an address or a value says what a program works on, not what it does.
        if lower.contains(['/', '$', '<', '=']) {
            continue;
        }
        for part in lower.split(|one: char| !one.is_ascii_alphanumeric()) {
            let found = WORDS.iter().find(|(words, _)| words.contains(&part));
            // `--plan` and `--top` say how something is done: only what makes it graver counts.
            let found = found.filter(|(_, risk)| !lower.starts_with('-') || *risk > Risk::Read);
            rolls_back |= found.is_some_and(|(_, risk)| *risk == Risk::Rollback);
            gravest = gravest.max(found.map(|(_, risk)| *risk));
        }
    }
    if rolls_back {
        return Risk::Rollback;
    }
    gravest.unwrap_or(Risk::Unknown)
}

fn texts(arguments: &[Argument]) -> Vec<String> {
    arguments.iter().map(Argument::written).collect()
}

/// `--dry-run=no` asks for the run itself.
fn is_dry_run(flag: &str) -> bool {
    let Some(value) = flag.strip_prefix("--dry-run") else {
        return false;
    };
    !matches!(value, "=no" | "=false" | "=none" | "=0" | "=off" | "=n")
}
