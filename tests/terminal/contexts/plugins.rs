//! Credential plugins: one that asks, one that fails, one that says too much, and none of them on our screen.

use serde_json::{Value, json};

use super::bed::{Bed, assert_says, console};

const NEVER: &str = "2100-01-01T00:00:00Z";
const ASKS: &str = r#"printf 'Code: ' >&2; read -r code; [ "$code" = 123456 ] || { echo "wrong or no code [$code]" >&2; exit 1; }"#;
const ROWS: &str = "CrashLoopBackOff";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_plugin_that_asks_and_keeps_nothing_is_asked_once_and_again_by_the_login_key() {
    let bed = Bed::new().await;
    let user = bed.plugin(&format!("{ASKS}\n{}", bed.answer(NEVER)));
    let kubeconfig = bed.changed("asks", |_, known| *known = user);
    let mut pty = console(&kubeconfig);
    pty.wait_for_text("waiting for the credential plugin `corp-login`");
    pty.wait_for_text("Code: ");
    pty.send("123456\r");
    pty.wait_for_text(ROWS);
    assert_eq!(bed.runs(), 1);
    pty.press("L");
    pty.wait_for("the question on the real terminal", |seen| {
        !seen.terminal.screen().alternate_screen() && seen.text().trim_end().ends_with("Code:")
    });
    pty.send("1\r");
    // On the real terminal first, then on the screen that comes back.
    pty.wait_for("its last words on the screen", |seen| {
        seen.text().contains(ROWS) && seen.text().contains("wrong or no code [1]")
    });
    pty.press("L");
    pty.wait_for("the question again", |seen| {
        !seen.terminal.screen().alternate_screen() && seen.text().trim_end().ends_with("Code:")
    });
    pty.send("123456\r");
    pty.wait_for_text(ROWS);
    assert_eq!(bed.runs(), 3);
    pty.press("q");
    assert!(pty.wait_for_end().success());
    pty.assert_given_back();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn while_the_screen_is_ours_a_plugin_has_no_terminal_and_the_header_names_the_login_key() {
    let bed = Bed::new().await;
    let asks = r#"
if [ -e second ]; then
    { echo "Enter code: " >/dev/tty; } 2>/dev/null && touch reached
    read -r code && touch typed
    echo "nobody answers" >&2
    exit 1
fi
touch second"#;
    // Over at once: the first request after the floor asks again.
    let user = bed.plugin(&format!("{asks}\n{}", bed.answer("2001-01-01T00:00:00Z")));
    let kubeconfig = bed.changed("asks-later", |_, known| *known = user);
    let mut pty = console(&kubeconfig);
    pty.wait_for_text(ROWS);
    pty.press_until("enter esc", "login key in the header", |seen| {
        let text = seen.text();
        text.lines()
            .next()
            .is_some_and(|header| header.contains("L signs in"))
    });
    assert!(!bed.path("reached").exists(), "it reached the terminal");
    assert!(!bed.path("typed").exists(), "it read the keyboard");
    assert!(pty.text().contains(ROWS), "rows stay:\n{}", pty.text());
    std::fs::remove_file(bed.path("second")).unwrap();
    pty.press("L");
    pty.wait_for("renewed", |seen| {
        let text = seen.text();
        text.contains(ROWS) && !text.contains("signs in")
    });
    assert_eq!(bed.runs(), 3);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_plugin_that_fails_is_named_with_its_last_words_and_its_hint() {
    let bed = Bed::new().await;
    let hint = "its install hint: ask the platform team";
    let cases = [
        (
            "echo trying >&2; echo 'session expired, run: corp login' >&2; exit 3",
            "failed (exit status: 3): session expired, run: corp login",
        ),
        ("exit 0", "printed no credentials"),
        (
            "echo no idea",
            "printed something that is no ExecCredential",
        ),
        (
            "echo '{\"status\":{}}'",
            "printed neither a token nor a certificate",
        ),
        (
            "echo '{\"status\":{\"clientKeyData\":\"x\"}}'",
            "printed a key without its certificate",
        ),
        ("kill -9 $$", "failed (signal: 9 (SIGKILL))"),
    ];
    for (script, words) in cases {
        let user = bed.plugin(script);
        let kubeconfig = bed.changed("fails", |_, known| *known = user);
        assert_says(
            &bed.doctor(&kubeconfig),
            &["BAD   credentials", "corp-login` ", words, hint],
        );
    }
    let mut user = bed.plugin("");
    user["exec"]["command"] = "no-such-plugin".into();
    let kubeconfig = bed.changed("missing", |_, known| *known = user);
    assert_says(
        &bed.doctor(&kubeconfig),
        &["`no-such-plugin` is not installed", hint, "-> install it"],
    );
    let mut user = bed.plugin("");
    user["exec"]["interactiveMode"] = "Always".into();
    let kubeconfig = bed.changed("always", |_, known| *known = user);
    assert_says(
        &bed.doctor(&kubeconfig),
        &["must ask you, and has no terminal"],
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_plugin_gets_what_the_kubeconfig_says_and_may_be_noisy() {
    let bed = Bed::new().await;
    let noisy = "for i in 1 2 3 4 5; do echo warning $i >&2; done\necho \"$KUBERNETES_EXEC_INFO\" >info\necho \"$1 $WHO\" >given";
    let mut user = bed.plugin(&format!("{noisy}\n{}", bed.answer(NEVER)));
    let exec = &mut user["exec"];
    exec["provideClusterInfo"] = true.into();
    exec["args"] = json!(["get-token"]);
    exec["env"] = json!([{"name": "WHO", "value": "kate"}]);
    let kubeconfig = bed.changed("noisy", |_, known| *known = user);
    assert_says(&bed.doctor(&kubeconfig), &["ok    user", "warning 5"]);
    let read = |name| std::fs::read_to_string(bed.path(name)).unwrap();
    assert_eq!(read("given"), "get-token kate\n");
    let info: Value = serde_json::from_str(&read("info")).unwrap();
    assert_eq!(info["kind"], "ExecCredential");
    assert_eq!(info["spec"]["interactive"], false);
    assert_eq!(
        info["spec"]["cluster"]["server"],
        bed.good()["clusters"][0]["cluster"]["server"]
    );
    assert_eq!(bed.runs(), 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_login_key_reads_a_kubeconfig_that_was_renewed_meanwhile() {
    let bed = Bed::new().await;
    let kubeconfig = bed.changed("renewed", |_, user| *user = json!({"token": "stale"}));
    let mut pty = console(&kubeconfig);
    pty.wait_for_text("L signs in");
    std::fs::write(&kubeconfig, "contexts: [").unwrap();
    pty.press("L");
    pty.wait_for("what is wrong with the file", |seen| {
        seen.text().contains("kubeconfig") || seen.text().contains("renewed")
    });
    std::fs::write(&kubeconfig, bed.good().to_string()).unwrap();
    pty.press("L");
    pty.wait_for_text(ROWS);
    pty.press("q");
    assert!(pty.wait_for_end().success());
}
