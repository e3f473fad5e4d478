//! The commands of the shell, run as a person runs them: what they print, where, and how they end.

use std::io::Write;
use std::os::unix::fs::PermissionsExt;
use std::process::{Command, Output, Stdio};

use tempfile::TempDir;

/// A home without a configuration.
pub struct Home(TempDir);

impl Home {
    pub fn new() -> Self {
        Home(TempDir::new().unwrap())
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_watchfloor"));
        command
            .args(arguments)
            .env_clear()
            .env("HOME", self.0.path())
            .env("XDG_STATE_HOME", self.0.path().join("state"))
            .env("PATH", "/usr/bin:/bin")
            .env("TZ", "UTC")
            .env("USER", "kate")
            .stdin(Stdio::null());
        command
    }

    pub fn run(&self, arguments: &[&str]) -> Output {
        self.command(arguments).output().unwrap()
    }

    /// Standard output of a command that must work and say nothing else.
    fn says(&self, arguments: &[&str]) -> String {
        let output = self.run(arguments);
        assert!(output.status.success(), "{arguments:?}: {output:?}");
        assert!(output.stderr.is_empty(), "{arguments:?}: {output:?}");
        String::from_utf8(output.stdout).unwrap()
    }

    /// Standard error of a command that must end with this code and print nothing.
    fn refuses(&self, arguments: &[&str], code: i32) -> String {
        let output = self.run(arguments);
        assert_eq!(
            output.status.code(),
            Some(code),
            "{arguments:?}: {output:?}"
        );
        assert!(output.stdout.is_empty(), "{arguments:?}: {output:?}");
        String::from_utf8(output.stderr).unwrap()
    }
}

#[test]
fn who_wrote_is_named_by_what_the_login_knows_and_never_called_human() {
    let names: [(&[(&str, &str)], &str); 5] = [
        (&[("SUDO_USER", "ann"), ("USER", "root")], "(ann)"),
        (&[("USER", "kate"), ("LOGNAME", "other")], "(kate)"),
        (&[("USER", ""), ("LOGNAME", "joe")], "(joe)"),
        (&[("LOGNAME", "joe")], "(joe)"),
        (&[], "(not known)"),
    ];
    for (variables, name) in names {
        let home = Home::new();
        let mut command = home.command(&["note", "paged"]);
        command.env_remove("USER").envs(variables.iter().copied());
        assert!(command.output().unwrap().status.success());
        let text = home.says(&["timeline"]);
        assert!(
            text.contains(name) && !text.contains("human"),
            "{name}: {text}"
        );
    }
}

#[test]
fn a_note_of_the_shell_stands_on_the_timeline_and_in_every_export() {
    let home = Home::new();
    home.says(&["note", "--severity", "P1", "paged", "the database team"]);
    let mut piped = home
        .command(&["note", "-"])
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .spawn()
        .unwrap();
    piped
        .stdin
        .take()
        .unwrap()
        .write_all(b"haproxy: \x1b[31mDOWN\x1b[0m\nsecond line\n")
        .unwrap();
    assert!(piped.wait().unwrap().success());

    let lines = home.says(&["timeline"]);
    let lines: Vec<&str> = lines.lines().collect();
    assert_eq!(lines.len(), 2, "{lines:?}");
    assert!(lines[0].contains("P1") && lines[0].contains("paged the database team"));
    assert!(lines[1].contains("haproxy") && !lines[1].contains('\u{1b}'));
    let markdown = home.says(&["export"]);
    assert!(markdown.contains("paged the database team"), "{markdown}");
    let json: serde_json::Value =
        serde_json::from_str(&home.says(&["export", "--format", "json"])).unwrap();
    assert_eq!(json["entries"].as_array().unwrap().len(), 2);
    let csv = home.says(&["export", "--format", "csv", "--since", "1h"]);
    assert!(
        csv.starts_with("id,incident,occurred_at,") && csv.contains(",P1,note,"),
        "{csv}"
    );
    let verified = home.says(&["verify"]);
    assert!(verified.contains('2'), "{verified}");
}

#[test]
fn the_timeline_is_readable_by_its_owner_alone() {
    let home = Home::new();
    home.says(&["note", "first"]);
    let state = home.0.path().join("state/watchfloor");
    let mode = |path: &std::path::Path| path.metadata().unwrap().permissions().mode() & 0o777;
    assert_eq!(mode(&state), 0o700);
    for file in state.read_dir().unwrap() {
        let path = file.unwrap().path();
        let wanted = if path.is_dir() { 0o700 } else { 0o600 };
        assert_eq!(mode(&path), wanted, "{}", path.display());
    }
}

#[test]
fn what_cannot_be_done_is_said_on_standard_error_with_the_right_word() {
    let home = Home::new();
    for (arguments, code, words) in [
        (&["note", "--severity", "P9", "x"][..], 2, "P9"),
        (
            &["export", "--incident", "nonsense"],
            2,
            "is not the id of an incident",
        ),
        (
            &["export", "--incident", "01ARZ3NDEKTSV4RRFFQ69G5FAV"],
            2,
            "no incident has this id",
        ),
        (&["man", "exprot"], 2, "export"),
        (&["exprot"], 2, "export"),
        (&["--kubeconfig", "/nowhere", "export"], 2, "--kubeconfig"),
        (
            &["--kubeconfig", "/nowhere/config"],
            1,
            "cannot read the kubeconfig /nowhere/config",
        ),
        (&["demo", "--scenario", "bad-depoly"], 1, "bad-deploy"),
    ] {
        let said = home.refuses(arguments, code);
        assert!(said.contains(words), "{arguments:?}: {said}");
    }
}

#[test]
fn a_reader_that_went_away_is_no_failure() {
    let home = Home::new();
    let mut keys = home
        .command(&["man"])
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    drop(keys.stdout.take());
    assert!(keys.wait().unwrap().success());
}

#[test]
fn completions_and_manual_pages_know_every_command() {
    let home = Home::new();
    let page = home.says(&["man"]);
    assert!(
        page.starts_with(".ie") && page.contains(".TH watchfloor 1"),
        "{page}"
    );
    for command in [
        "demo", "export", "note", "timeline", "replay", "verify", "doctor", "keys", "runbook",
    ] {
        assert!(page.contains(command), "{command}");
        let own = home.says(&["man", command]);
        assert!(
            own.contains(&format!(".TH watchfloor-{command} 1")),
            "{own}"
        );
    }
    for shell in ["bash", "zsh", "fish"] {
        let completions = home.says(&["completions", shell]);
        for word in ["doctor", "read-only", "export"] {
            assert!(completions.contains(word), "{shell}: {word}");
        }
    }
    let bash = home.says(&["completions", "bash"]);
    let mut reader = Command::new("bash")
        .arg("-n")
        .stdin(Stdio::piped())
        .spawn()
        .unwrap();
    reader
        .stdin
        .take()
        .unwrap()
        .write_all(bash.as_bytes())
        .unwrap();
    assert!(
        reader.wait().unwrap().success(),
        "bash cannot read its completions"
    );
}
