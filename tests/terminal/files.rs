//! Files of the person that are missing or wrong, as the program itself answers them.

use std::path::Path;
use std::process::Command;

use components::pty::Launch;

const GOOD: &str = "
apiVersion: v1
kind: Config
current-context: staging
contexts: [{name: staging, context: {cluster: nowhere, user: kate}}]
clusters: [{name: nowhere, cluster: {server: 'http://127.0.0.1:9'}}]
users: [{name: kate, user: {token: secret}}]
";

/// What the program says when it is started with this kubeconfig; it must end with one line.
fn said(folder: &Path, kubeconfig: Option<&str>, arguments: &[&str]) -> String {
    let path = folder.join("kubeconfig");
    match kubeconfig {
        Some(text) => std::fs::write(&path, text).unwrap(),
        None => drop(std::fs::remove_file(&path)),
    }
    let run = Command::new(env!("CARGO_BIN_EXE_watchfloor"))
        .args(["--kubeconfig", path.to_str().unwrap()])
        .args(arguments)
        .env("HOME", folder)
        .env("XDG_STATE_HOME", folder)
        .output()
        .unwrap();
    let said = String::from_utf8(run.stderr).unwrap();
    assert_eq!(run.status.code(), Some(1), "{said}");
    assert_eq!(said.trim_end().lines().count(), 1, "{said}");
    assert!(run.stdout.is_empty() && !said.contains("secret"), "{said}");
    said
}

#[test]
fn a_kubeconfig_that_cannot_be_used_is_one_line_with_the_file_and_what_to_do() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("kubeconfig").display().to_string();
    let cases: [(Option<&str>, &[&str], &[&str]); 4] = [
        (None, &[], &[&path, "--kubeconfig"]),
        (Some(""), &[], &[&path, "is empty"]),
        (
            Some("users:\n- {name: kate, user: {token: secret}}\n- name: ["),
            &[],
            &[&path, "malformed", "line 3"],
        ),
        (
            Some(GOOD),
            &["--context", "stagin"],
            &["no context `stagin`", "did you mean staging"],
        ),
    ];
    for (kubeconfig, arguments, words) in cases {
        let said = said(folder.path(), kubeconfig, arguments);
        for word in words {
            assert!(said.contains(word), "{word:?} is not in: {said}");
        }
    }
}

#[test]
fn a_broken_keymap_is_said_with_its_line_and_the_built_in_keys_hold() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("k.toml");
    let cases = [
        ("an unknown action", "[global]\n\"Q\" = \"qiut\"\n", "quit"),
        (
            "an unknown key",
            "[global]\n\"hyper-q\" = \"quit\"\n",
            "hyper-q",
        ),
        (
            "a conflict",
            "[global]\n\"x\" = \"quit\"\n",
            "cannot be both quit and",
        ),
    ];
    for (name, text, word) in cases {
        std::fs::write(&path, text).unwrap();
        let mut pty = Launch::console(&["demo", "--pods", "0", "--keymap", path.to_str().unwrap()])
            .size(240, 40)
            .start();
        pty.wait_for(name, |seen| {
            let text = seen.text();
            text.contains("k.toml:2") && text.contains(word) && text.contains("built-in keys hold")
        });
        pty.press("q");
        assert!(pty.wait_for_end().success(), "{name}");
    }
}
